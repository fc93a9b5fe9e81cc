r"""How many nights of the record each column of a fit rests on, and which catalogue range replaces it if too few.

A night counts for a quantity if the record reports it there: for shares, nights count by their weight w,

    (sum w)^2 / sum w^2,

so that one large night among small ones is not many. A column rests on the fewest of what it needs
(``data/identification.yaml``). If these are fewer than `nights_to_estimate` (massed ones than
`massed_nights_to_estimate`), or the column's spread (the width of
its 95% interval over 3.92, on the logit scale for a share and the log scale for another positive quantity) is over
`spread_estimated`, the record does not identify it: the column is replaced by draws of the catalogue's range.

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
from skyshield.core.addresses import PARAMETERS
from skyshield.core.arrays import Floats
from skyshield.core.files import read_yaml
from skyshield.core.normal import normal_quantile
from skyshield.core.streams import name_key, uniforms, word_of

_LOW, _HIGH = 0.025, 0.975


@functools.cache
def identification() -> dict[str, Any]:
    """Return the table of what the record can identify (``data/identification.yaml``)."""
    content: dict[str, Any] = read_yaml(Path(__file__).with_name("data") / "identification.yaml")
    return content


def effective_nights(weight: npt.ArrayLike) -> float:
    """Return Kish's effective sample size of weighted nights.

    Examples
    --------
    >>> effective_nights([1.0, 1.0, 0.0]), effective_nights([]), round(effective_nights([9.0, 1.0]), 2)
    (2.0, 0.0, 1.22)
    """
    w = np.asarray(weight, float)
    total = float(w.sum())
    return total**2 / float(np.sum(w**2)) if total > 0.0 else 0.0


def nights_of_evidence(observations: Observations, p_massed: Floats) -> dict[str, float]:
    """Return the number of nights that inform each quantity the columns rest on.

    Parameters
    ----------
    observations
        The nights fitted.
    p_massed
        f8[night]: the probability that a night was massed.
    """
    reported = observations.reported == 1
    massed = np.where(reported, p_massed, 0.0)
    west_numbered = reported & np.isfinite(observations.west_kills)
    launched = {"cruise": observations.cruise > 0, "ballistic": observations.ballistic > 0}
    stops = {"cruise": observations.cruise_stopped, "ballistic": observations.ballistic_stopped}
    counts = {"reported_nights": float(reported.sum()), "massed_nights": float(massed.sum()),
              "uav_stops": float((reported & np.isfinite(observations.leakers) & (observations.uav > 0)).sum()),
              "south_kills": float((reported & np.isfinite(observations.south_kills)).sum()),
              "west_kills": float(west_numbered.sum()), "west_kills_massed": float(massed[west_numbered].sum()),
              "jamming": effective_nights(observations.soft_stopped), "armed": effective_nights(observations.armed_of),
              "day_raids": effective_nights(np.where(reported & (observations.uav_day_part > 0), observations.uav, 0)),
              "night_starts": float(np.isfinite(observations.start_h).sum()),
              "places": float((observations.by_place.sum(axis=1) > 0.0).sum())}
    salvo = observations.ballistic[np.isfinite(observations.ballistic_stopped)]
    small, large = identification()["salvos"]
    counts |= {"ballistic_small_salvos": float(((salvo > 0) & (salvo <= small)).sum()),
               "ballistic_large_salvos": float((salvo >= large).sum())}
    for kind, any_launched in launched.items():
        counts[f"{kind}_launches"] = float((reported & any_launched).sum())
        counts[f"{kind}_stops"] = float((any_launched & np.isfinite(stops[kind])).sum())
    return counts


def insufficient_evidence(column: str, nights: Mapping[str, float], catalogue: Catalogue) -> list[str]:
    """Return the kinds of evidence that a column needs and that too few nights provide."""
    table = identification()
    return [name for name in table["evidence"].get(column, ())
            if round(nights[name]) < catalogue[table["min_nights"].get(name, "nights_to_estimate")].reference_value]


def nights_behind(column: str, nights: Mapping[str, float]) -> float:
    """Return the smallest number of nights among the evidence a column needs; infinity for one that needs none."""
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


def unidentified_columns(columns: Mapping[str, Floats], nights: Mapping[str, float],
                         catalogue: Catalogue) -> tuple[str, ...]:
    """Return the columns that the record does not identify, in the order of the table.

    Parameters
    ----------
    columns
        f8[draw] by name.
    nights
        Of `nights_of_evidence`.
    catalogue
        Holds the minimum numbers of nights and `spread_estimated`.
    """
    table = identification()

    def too_wide(name: str) -> bool:
        widest = catalogue[table["max_spread"].get(name, "spread_estimated")].reference_value
        return spread(columns[name], "plain" if name in table["plain"] else None) > widest

    return tuple(name for name in table["evidence"] if insufficient_evidence(name, nights, catalogue) or too_wide(name))


def unidentified_labels(columns: Iterable[str], nights: Mapping[str, float], catalogue: Catalogue) -> list[str]:
    """Return labels of what the record does not identify of these columns, each one time.

    By the evidence that is missing; a column whose spread is too wide, by its label in the catalogue.
    """
    table = identification()
    labels: dict[str, None] = {}
    for column in columns:
        few = insufficient_evidence(column, nights, catalogue)
        label = catalogue[table["stand_in"].get(column, column)].label
        labels |= dict.fromkeys([str(table["counted"][name]) for name in few] or [label[0].lower() + label[1:]])
    return list(labels)


def stand_ins(names: Iterable[str], catalogue: Catalogue, n: int) -> dict[str, Floats]:
    """Return n draws from the catalogue's range for each column, SI units, in an order addressed by its entry's name.

    Columns with one entry hold the same draws.
    """
    catalogue_keys = identification()["stand_in"]
    draws = {}
    for name in names:
        entry = catalogue_keys.get(name, name)
        key = name_key(f"fit stand-in {entry}")
        u = np.array([uniforms(np.uint64(0), word_of(row, PARAMETERS), 1, key, 0)[0] for row in range(n)])
        even = (np.argsort(np.argsort(u, kind="stable"), kind="stable") + 1 / 2) / n
        draws[name] = np.asarray(catalogue[entry].ppf(even), float)
    return draws
