"""Scenario discovery: in which cases does an option prevent little, told as a box (PRIM).

PRIM peels a box off the space of the unknowns until the cases inside are mostly those of interest. Of the boxes along
its way the one is told that has the best balance of coverage (of all cases of interest, the share inside) and density
(of the cases inside, the share of interest), their harmonic mean, among those with at most `MOST_LIMITS` limits. One
that could be chance (quasi-p of `LEAST_SURE` or more, Bryant and Lempert 2010) is dropped first.

The box is found on half of the cases and told on the other half: ``held_out`` coverage and density are what it is
worth.

Source: Friedman, Fisher, Statistics and Computing 9, 1999; Bryant, Lempert, Technol. Forecast. Soc. Change 77, 2010.
"""

import warnings
from collections.abc import Mapping
from typing import Any

import numpy as np

from skyshield.core.arrays import Booleans, Floats
from skyshield.evidence.stats_extra import needed

MOST_LIMITS = 3
LEAST_SURE = 0.05
FEWEST = 10  # cases of interest, in each half
_LEAST_MASS, _PEEL = 0.05, 0.05


def find_box(columns: Mapping[str, Floats], interest: Booleans) -> dict[str, Any] | None:
    """Return the box that holds the cases of interest best, None where there are too few or no limit holds.

    Parameters
    ----------
    columns
        f8[case] by unknown.
    interest
        Which cases are of interest.

    Returns
    -------
    dict
        ``limits``: a list of ``name``, ``low`` and ``high`` (None where the box is open), ``quasi_p``; ``coverage``,
        ``density`` on the half it was found on, ``held_out`` with both on the other half, and ``base``, the share of
        interest among all cases.
    """
    half = np.arange(len(interest)) % 2 == 0
    if min(interest[half].sum(), interest[~half].sum()) < FEWEST:
        return None
    box = _peeled({name: values[half] for name, values in columns.items()}, interest[half])
    if box is None or not box["limits"]:
        return None
    for place, half_of in (("found", half), ("held_out", ~half)):
        within = inside(box["limits"], {name: values[half_of] for name, values in columns.items()})
        wanted = interest[half_of]
        quality = {"coverage": float((within & wanted).sum() / wanted.sum()),
                   "density": float((within & wanted).sum() / max(1, within.sum())), "cases": int(within.sum())}
        box |= {"held_out": quality} if place == "held_out" else quality
    return {**box, "base": float(interest.mean())}


def inside(limits: list[dict[str, Any]], columns: Mapping[str, Floats]) -> Booleans:
    """Return which cases lie in a box.

    Examples
    --------
    >>> inside([{"name": "a", "low": 0.5, "high": None}], {"a": np.array([0.4, 0.5, 0.9])}).tolist()
    [False, True, True]
    """
    result = np.ones(len(next(iter(columns.values()))), bool)
    for limit in limits:
        values = columns[limit["name"]]
        if limit["low"] is not None:
            result &= values >= limit["low"]
        if limit["high"] is not None:
            result &= values <= limit["high"]
    return result


def _peeled(columns: Mapping[str, Floats], interest: Booleans) -> dict[str, Any] | None:
    """Run PRIM and choose along its way."""
    import pandas as pd

    prim = needed("ema_workbench.analysis.prim")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # pandas of the day against the workbench's
        search = prim.Prim(pd.DataFrame({name: np.asarray(v) for name, v in columns.items()}), interest.copy(),
                           threshold=float(interest.mean()), peel_alpha=_PEEL, mass_min=_LEAST_MASS)
        result = search.find_box()
        if result is None:
            return None
        best: tuple[float, list[dict[str, Any]]] | None = None
        for i in range(len(result.box_lims)):
            limits = _limits(result, search.box_init, i)
            within = inside(limits, columns) if limits else np.ones(len(interest), bool)
            hit = float((within & interest).sum())
            if not limits or len(limits) > MOST_LIMITS or hit == 0.0:
                continue
            score = 2.0 * hit / (float(within.sum()) + float(interest.sum()))
            if best is None or score > best[0]:
                best = score, limits
    return None if best is None else {"limits": best[1]}


def _limits(result: Any, start: Any, i: int) -> list[dict[str, Any]]:
    """Return the limits of the box at a step that are not likely to be chance."""
    box = result.box_lims[i]
    moved = [name for name in box.columns if tuple(box[name]) != tuple(start[name])]
    if not moved:
        return []
    chance = result._calculate_quasi_p(i, moved)  # noqa: SLF001 - the workbench has no public name for it
    limits = []
    for name in moved:
        low, high = (float(v) for v in box[name])
        said = [p for p in chance[name] if p >= 0.0]
        if said and max(said) < LEAST_SURE:
            limits.append({"name": name, "low": None if low == start[name][0] else low,
                           "high": None if high == start[name][1] else high, "quasi_p": float(max(said))})
    return limits
