"""Scenario discovery (PRIM): the box of cases in which an option prevents little.

PRIM peels the space of the unknowns until the cases inside the box are mostly those of interest. Of the boxes on its
trajectory the one is chosen that has the best balance of coverage (of all cases of interest, the share inside) and
density (of the cases inside, the share of interest), their harmonic mean, among those with at most `MAX_LIMITS`
limits. A limit that could be chance (quasi-p of `MAX_QUASI_P` or more, Bryant and Lempert 2010) is dropped first.

The box is found on half of the cases and evaluated on the other half: ``held_out`` coverage and density are unbiased.

Source: Friedman, Fisher, Statistics and Computing 9, 1999; Bryant, Lempert, Technol. Forecast. Soc. Change 77, 2010.
"""

import warnings
from collections.abc import Mapping
from typing import Any

import numpy as np

from skyshield.core.arrays import Booleans, Floats
from skyshield.evidence.stats_extra import needed

MAX_LIMITS = 3
MAX_QUASI_P = 0.05
MIN_CASES = 10  # cases of interest, in each half
_MIN_MASS, _PEEL = 0.05, 0.05


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
    if min(interest[half].sum(), interest[~half].sum()) < MIN_CASES:
        return None
    box = _run_prim({name: values[half] for name, values in columns.items()}, interest[half])
    if box is None or not box["limits"]:
        return None
    for sample, in_sample in (("found", half), ("held_out", ~half)):
        in_box = inside(box["limits"], {name: values[in_sample] for name, values in columns.items()})
        of_interest = interest[in_sample]
        quality = {"coverage": float((in_box & of_interest).sum() / of_interest.sum()),
                   "density": float((in_box & of_interest).sum() / max(1, in_box.sum())), "cases": int(in_box.sum())}
        box |= {"held_out": quality} if sample == "held_out" else quality
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


def _run_prim(columns: Mapping[str, Floats], interest: Booleans) -> dict[str, Any] | None:
    """Run PRIM and choose a box on its trajectory."""
    import pandas as pd

    prim = needed("ema_workbench.analysis.prim")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # pandas of the day against the workbench's
        search = prim.Prim(pd.DataFrame({name: np.asarray(v) for name, v in columns.items()}), interest.copy(),
                           threshold=float(interest.mean()), peel_alpha=_PEEL, mass_min=_MIN_MASS)
        found_box = search.find_box()
        if found_box is None:
            return None
        best: tuple[float, list[dict[str, Any]]] | None = None
        for i in range(len(found_box.box_lims)):
            limits = _limits(found_box, search.box_init, i)
            in_box = inside(limits, columns) if limits else np.ones(len(interest), bool)
            n_hits = float((in_box & interest).sum())
            if not limits or len(limits) > MAX_LIMITS or n_hits == 0.0:
                continue
            score = 2.0 * n_hits / (float(in_box.sum()) + float(interest.sum()))
            if best is None or score > best[0]:
                best = score, limits
    return None if best is None else {"limits": best[1]}


def _limits(result: Any, start: Any, i: int) -> list[dict[str, Any]]:
    """Return the limits of the box at a step that are not likely to be chance."""
    box = result.box_lims[i]
    restricted = [name for name in box.columns if tuple(box[name]) != tuple(start[name])]
    if not restricted:
        return []
    chance = result._calculate_quasi_p(i, restricted)  # noqa: SLF001 - the workbench has no public name for it
    limits = []
    for name in restricted:
        low, high = (float(v) for v in box[name])
        p_values = [p for p in chance[name] if p >= 0.0]
        if p_values and max(p_values) < MAX_QUASI_P:
            limits.append({"name": name, "low": None if low == start[name][0] else low,
                           "high": None if high == start[name][1] else high, "quasi_p": float(max(p_values))})
    return limits
