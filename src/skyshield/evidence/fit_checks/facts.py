"""The facts a raid model must reproduce, as a table of functions of a record.

`data/facts.yaml` holds the table: what each fact is, from which days it is taken, which parameter of the fit guards
it, whether the likelihood sees it almost directly, and what was published. This file holds the functions. All of
them read days that a bulletin speaks of, and return NaN where the record cannot tell.
"""

import functools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from skyshield.calibrate.observations import Observations
from skyshield.core.arrays import Booleans, Floats
from skyshield.core.files import read_yaml
from skyshield.evidence.fit_checks.dispersion import intra_raid_correlation

Definitions = Mapping[str, Any]

NAN = float("nan")


@dataclass(frozen=True)
class Fact:
    """One fact.

    Attributes
    ----------
    name, group, label
        For tables, and for people.
    function, arguments
        What computes it.
    since
        ``window``, ``merged`` or ``apart``: the days it is taken from.
    guard
        The parameter it guards.
    fitted
        Whether the likelihood sees it almost directly.
    unit
        ``share``, ``count``, ``rate``, ``correlation`` or ``number``.
    published, interval
        As published, None if it was not.
    note
        How the published figure counts differently, empty if it does not.
    """

    name: str
    group: str
    label: str
    function: str
    arguments: Mapping[str, Any]
    since: str
    guard: str
    fitted: bool
    unit: str
    published: float | None
    interval: tuple[float, float] | None
    note: str


@dataclass(frozen=True)
class Shift:
    """How far a parameter is moved and on what scale: ``factor``, ``logit`` or ``absolute``."""

    scale: str
    farthest: float


@functools.cache
def _table() -> Mapping[str, Any]:
    content: dict[str, Any] = read_yaml(Path(__file__).with_name("data") / "facts.yaml")
    return content


def definitions() -> Definitions:
    """Return the sizes and dates that the facts are defined by."""
    result: Definitions = _table()["definitions"]
    return result


def load_facts() -> tuple[Fact, ...]:
    """Return the table of facts, in its order.

    Examples
    --------
    >>> load_facts()[0].name
    'uav_mean'
    """
    result = []
    for name, row in _table()["facts"].items():
        (function, arguments), = row["of"].items()
        interval = row.get("interval")
        means = row.get("means", "")
        result.append(Fact(name, row["group"], row["label"], function, arguments, row["since"], row["guard"],
                           row["fitted"], row["unit"], None if row["published"] is None else float(row["published"]),
                           None if interval is None else (float(interval[0]), float(interval[1])),
                           _table()["notes"].get(means, means).strip()))
    return tuple(result)


def shift_of(parameter: str) -> Shift:
    """Return how a parameter is moved to see whether a fact notices."""
    shifts = _table()["shifts"]
    scale = next(scale for scale, far in shifts["farthest"].items() if parameter in shifts[scale])
    return Shift(scale, float(shifts["farthest"][scale]))


def compute(observations: Observations, facts: Sequence[Fact] | None = None) -> Floats:
    """Return the facts of a record.

    Parameters
    ----------
    observations
        Of any days; days without a bulletin are left out.
    facts
        All of the table if not given.

    Returns
    -------
    numpy.ndarray
        f8[fact], NaN where the record does not tell.
    """
    reported = _days(observations, observations.reported > 0)
    merged = reported.date >= np.datetime64(definitions()["merged_from"], "D")
    windows = {"window": reported, "merged": _days(reported, merged), "apart": _days(reported, ~merged)}
    values = []
    for fact in load_facts() if facts is None else facts:
        days = windows[fact.since]
        values.append(FUNCTIONS[fact.function](days, **fact.arguments) if len(days.uav) else NAN)
    return np.array(values, float)


def _days(observations: Observations, mask: Booleans) -> Observations:
    columns: list[Any] = [column[mask] for column in observations]
    return Observations(*columns)


def _column(o: Observations, what: str) -> Floats:
    """Return launches or kills by day; `missiles` are cruise and ballistic together, unknown kills count as 0."""
    if what == "missiles":
        return np.asarray(o.cruise + o.ballistic, float)
    return np.asarray(np.nan_to_num(np.asarray(getattr(o, what), float)), float)


def _raids(o: Observations, raids: str) -> Booleans:
    big: Booleans = o.uav >= definitions()["big_raid_uav"]
    masks: Mapping[str, Booleans] = {"all": np.ones(len(big), bool), "big": big, "small": ~big}
    return masks[raids]


def _combined(o: Observations) -> Booleans:
    combined: Booleans = _column(o, "missiles") >= definitions()["combined_raid_missiles"]
    return combined


def _share_of(part: float, whole: float) -> float:
    return float(part / whole) if whole > 0.0 else NAN


def _correlation(a: Floats, b: Floats) -> float:
    if len(a) < 3 or a.std() == 0.0 or b.std() == 0.0:  # two points always lie on a line
        return NAN
    return float(np.corrcoef(a, b)[0, 1])


def _in_size_class(values: Floats, above: int, up_to: int | None) -> Booleans:
    inside: Booleans = (values > above) & (values <= (np.inf if up_to is None else up_to))
    return inside


def _launched_stopped(o: Observations, what: str) -> tuple[Floats, Floats]:
    launched = _column(o, what)
    stopped = launched - o.leakers if what == "uav" else _column(o, f"{what}_stopped")
    return launched, stopped


def _mean(o: Observations, what: str) -> float:
    return float(_column(o, what).mean())


def _sd(o: Observations, what: str) -> float:
    return float(_column(o, what).std(ddof=1)) if len(o.uav) > 1 else NAN


def _quantile(o: Observations, what: str, level: float, raids: str = "all") -> float:
    values = _column(o, what)[_raids(o, raids)]
    return float(np.quantile(values, level)) if len(values) else NAN


def _autocorrelation(o: Observations, what: str) -> float:
    """Pearson, over pairs of days that follow each other."""
    values = _column(o, what)
    next_day = np.diff(o.date) == np.timedelta64(1, "D")
    return _correlation(values[:-1][next_day], values[1:][next_day])


def _any_share(o: Observations, what: str) -> float:
    return float((_column(o, what) > 0).mean())


def _big_share_of_days(o: Observations) -> float:
    return float(_raids(o, "big").mean())


def _big_share_of_uav(o: Observations) -> float:
    return _share_of(o.uav[_raids(o, "big")].sum(), o.uav.sum())


def _big_gap(o: Observations) -> float:
    gaps = np.diff(o.date[_raids(o, "big")]).astype(np.int64)
    return float(np.median(gaps)) if len(gaps) else NAN


def _combined_per_year(o: Observations) -> float:
    return float(_combined(o).mean() * definitions()["days_per_year"])


def _combined_median(o: Observations, what: str) -> float:
    values = _column(o, what)[_combined(o)]
    return float(np.median(values)) if len(values) else NAN


def _combined_given_big(o: Observations) -> float:
    big = _raids(o, "big")
    return _share_of(float((_combined(o) & big).sum()), float(big.sum()))


def _missile_correlation(o: Observations, raids: str) -> float:
    mask = _raids(o, raids)
    return _correlation(_column(o, "uav")[mask], _column(o, "missiles")[mask])


def _leak_rate(o: Observations, above: int, up_to: int | None = None) -> float:
    inside = _in_size_class(_column(o, "uav"), above, up_to)
    return _share_of(o.leakers[inside].sum(), o.uav[inside].sum())


def _leak_slope(o: Observations, side: str) -> float:
    """Least squares of leakers on a line in the number launched that bends at the knot."""
    knot = float(definitions()["size_knot"])
    uav = _column(o, "uav")
    if min((uav < knot).sum(), (uav > knot).sum()) < 2:
        return NAN
    terms = np.stack([np.ones(len(uav)), np.minimum(uav, knot), np.maximum(uav - knot, 0.0)], axis=1)
    slopes = np.linalg.lstsq(terms, o.leakers.astype(float), rcond=None)[0]
    return float(slopes[1 if side == "below" else 2])


def _intra_raid(o: Observations, what: str, given: str = "") -> float:
    launched, stopped = _launched_stopped(o, what)
    return intra_raid_correlation(launched, stopped, _size_and_month(o) if given else None)


def _size_and_month(o: Observations) -> Floats:
    """Return indicator columns of the size class and, but for the first, of the calendar month."""
    classes = np.asarray(definitions()["size_classes"], float)
    month = o.date.astype("datetime64[M]").astype(np.int64)
    by_size = np.eye(len(classes) + 1)[np.searchsorted(classes, _column(o, "uav"))]
    by_month = np.eye(int(month.max() - month.min()) + 1)[month - month.min()]
    return np.concatenate([by_size, by_month[:, 1:]], axis=1)


def _stopped(o: Observations, what: str) -> float:
    launched, stopped = _launched_stopped(o, what)
    return _share_of(stopped.sum(), launched.sum())


def _soft_share(o: Observations) -> float:
    return _share_of(o.soft_lost.sum(), o.soft_stopped.sum())


def _salvos(o: Observations, stopped: str) -> float:
    mask = o.ballistic > 0
    hit = o.ballistic_stopped[mask] == (0 if stopped == "none" else o.ballistic[mask])
    return float(hit.mean()) if mask.any() else NAN


def _salvo_rate(o: Observations, above: int, up_to: int | None = None) -> float:
    inside = _in_size_class(_column(o, "ballistic"), above, up_to)
    return _share_of(o.ballistic_stopped[inside].sum(), o.ballistic[inside].sum())


def _west_named(o: Observations, raids: str) -> float:
    mask = _raids(o, raids)
    return float((o.west_named[mask] > 0).mean()) if mask.any() else NAN


def _area_share(o: Observations, area: str, raids: str) -> float:
    """Kills of an area over claimed kills. In the west, kills without a number count as 0, as published."""
    kills = np.asarray(o.south_kills if area == "south" else np.nan_to_num(o.west_kills))
    mask = _raids(o, raids) & ~np.isnan(kills)
    return _share_of(kills[mask].sum(), (o.uav - o.leakers)[mask].sum())


def _area_none(o: Observations, area: str) -> float:
    kills = np.asarray(o.south_kills if area == "south" else o.west_kills)
    known = ~np.isnan(kills)
    return float((kills[known] == 0.0).mean()) if known.any() else NAN


FUNCTIONS: Mapping[str, Callable[..., float]] = {
    "mean": _mean, "sd": _sd, "quantile": _quantile, "autocorrelation": _autocorrelation, "any_share": _any_share,
    "big_share_of_days": _big_share_of_days, "big_share_of_uav": _big_share_of_uav, "big_gap": _big_gap,
    "combined_per_year": _combined_per_year, "combined_median": _combined_median,
    "combined_given_big": _combined_given_big, "missile_correlation": _missile_correlation, "leak_rate": _leak_rate,
    "leak_slope": _leak_slope, "correlation": _intra_raid, "stopped": _stopped, "soft_share": _soft_share,
    "salvos": _salvos, "salvo_rate": _salvo_rate, "west_named": _west_named, "area_share": _area_share,
    "area_none": _area_none}
