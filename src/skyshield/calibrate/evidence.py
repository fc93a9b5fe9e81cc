r"""How many nights of the record each column of a fit rests on, and what stands in where they are too few.

A night counts for a quantity if the record tells it there: for shares, nights count by their weight w,

    (sum w)^2 / sum w^2,

so that one large night among small ones is not many. A column rests on the fewest of what it needs
(``data/identification.yaml``). If these are fewer than `nights_to_estimate` (massed ones than
`massed_nights_to_estimate`), or the column's spread (the width of
its 95% interval over 3.92, on the logit scale for a share and the log scale for another positive quantity) is over
`spread_estimated`, the record does not tell it: the column is replaced by draws of the catalogue's range.

Source: Kish, "Survey Sampling" (1965), for the effective number.
"""

import functools
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from skyshield.calibrate.observations import Observations
from skyshield.catalogue import Catalogue
from skyshield.core.arrays import Floats
from skyshield.core.files import read_yaml
from skyshield.core.normal import normal_quantile
from skyshield.core.streams import PARAMETERS, name_key, uniforms, word_of

_LOW, _HIGH = 0.025, 0.975


@functools.cache
def identification() -> dict[str, Any]:
    """Return the table of what the record can tell (``data/identification.yaml``)."""
    content: dict[str, Any] = read_yaml(Path(__file__).with_name("data") / "identification.yaml")
    return content


def effective_nights(weight: npt.ArrayLike) -> float:
    """Return how many equal nights the weights are worth.

    Examples
    --------
    >>> effective_nights([1.0, 1.0, 0.0]), effective_nights([]), round(effective_nights([9.0, 1.0]), 2)
    (2.0, 0.0, 1.22)
    """
    w = np.asarray(weight, float)
    total = float(w.sum())
    return total**2 / float(np.sum(w**2)) if total > 0.0 else 0.0


def nights_of_evidence(seen: Observations, p_massed: Floats) -> dict[str, float]:
    """Return how many nights tell each thing that columns rest on.

    Parameters
    ----------
    seen
        The nights fitted.
    p_massed
        f8[night]: the probability that a night was massed.
    """
    reported = seen.reported == 1
    massed = np.where(reported, p_massed, 0.0)
    numbered = reported & np.isfinite(seen.west_kills)
    flown = {"cruise": seen.cruise > 0, "ballistic": seen.ballistic > 0}
    stops = {"cruise": seen.cruise_stopped, "ballistic": seen.ballistic_stopped}
    result = {"told_nights": float(reported.sum()), "massed_nights": float(massed.sum()),
              "uav_stops": float((reported & np.isfinite(seen.leakers) & (seen.uav > 0)).sum()),
              "south_kills": float((reported & np.isfinite(seen.south_kills)).sum()),
              "west_kills": float(numbered.sum()), "west_kills_massed": float(massed[numbered].sum()),
              "jamming": effective_nights(seen.soft_stopped), "armed": effective_nights(seen.armed_of),
              "day_raids": effective_nights(np.where(reported & (seen.uav_day_part > 0), seen.uav, 0)),
              "night_starts": float(np.isfinite(seen.start_h).sum()),
              "places": float((seen.by_place.sum(axis=1) > 0.0).sum())}
    salvo = seen.ballistic[np.isfinite(seen.ballistic_stopped)]
    small, large = identification()["salvos"]
    result |= {"ballistic_small_salvos": float(((salvo > 0) & (salvo <= small)).sum()),
               "ballistic_large_salvos": float((salvo >= large).sum())}
    for kind, any_flown in flown.items():
        result[f"{kind}_launches"] = float((reported & any_flown).sum())
        result[f"{kind}_stops"] = float((any_flown & np.isfinite(stops[kind])).sum())
    return result


def too_few(column: str, nights: Mapping[str, float], catalogue: Catalogue) -> list[str]:
    """Return what a column needs and too few nights tell."""
    table = identification()
    return [name for name in table["evidence"].get(column, ())
            if round(nights[name]) < catalogue[table["least"].get(name, "nights_to_estimate")].reference_value]


def nights_behind(column: str, nights: Mapping[str, float]) -> float:
    """Return the fewest nights of what a column needs; infinity for one that any fit can tell."""
    needs = identification()["evidence"].get(column, ())
    return min((nights[name] for name in needs), default=float("inf"))


def spread(values: Floats, scale: str | None = None) -> float:
    """Return the width of the 95% interval over 3.92 on the scale that fits the values.

    The logit scale for shares, the log scale for other positive quantities, and as they are for what may be negative;
    or the `scale` named: ``log``, or ``plain`` for slopes and intercepts of logarithms and logits.

    Examples
    --------
    >>> spread(np.array([0.5, 0.5])), round(spread(np.array([-1.0, 2.0])), 3)
    (0.0, 0.727)
    """
    low, high = (float(v) for v in np.quantile(values, (_LOW, _HIGH)))
    if low > 0.0 and scale != "plain":
        if high < 1.0 and scale != "log":
            low, high = low / (1.0 - low), high / (1.0 - high)
        low, high = float(np.log(low)), float(np.log(high))
    return (high - low) / (normal_quantile(_HIGH) - normal_quantile(_LOW))


def not_told(columns: Mapping[str, Floats], nights: Mapping[str, float], catalogue: Catalogue) -> tuple[str, ...]:
    """Return the columns that the record does not tell, in the order of the table.

    Parameters
    ----------
    columns
        f8[draw] by name.
    nights
        Of `nights_of_evidence`.
    catalogue
        Holds the least nights and `spread_estimated`.
    """
    table = identification()

    def too_wide(name: str) -> bool:
        widest = catalogue[table["widest"].get(name, "spread_estimated")].reference_value
        return spread(columns[name], "plain" if name in table["plain"] else None) > widest

    return tuple(name for name in table["evidence"] if too_few(name, nights, catalogue) or too_wide(name))


def silent_on(columns: Iterable[str], nights: Mapping[str, float], catalogue: Catalogue) -> list[str]:
    """Return in words what the record does not tell of these columns, each once.

    By what too few nights tell; a column whose spread is too wide, by its label in the catalogue.
    """
    table = identification()
    result: dict[str, None] = {}
    for column in columns:
        few = too_few(column, nights, catalogue)
        label = catalogue[table["stand_in"].get(column, column)].label
        result |= dict.fromkeys([str(table["counted"][name]) for name in few] or [label[0].lower() + label[1:]])
    return list(result)


def stand_ins(names: Iterable[str], catalogue: Catalogue, n: int) -> dict[str, Floats]:
    """Return n draws of the catalogue's range for each column, SI units, in an order addressed by its name."""
    other = identification()["stand_in"]
    result = {}
    for name in names:
        key = name_key(f"fit stand-in {name}")
        u = np.array([uniforms(np.uint64(0), word_of(row, PARAMETERS), 1, key, 0)[0] for row in range(n)])
        even = (np.argsort(np.argsort(u, kind="stable"), kind="stable") + 1 / 2) / n
        result[name] = np.asarray(catalogue[other.get(name, name)].ppf(even), float)
    return result
