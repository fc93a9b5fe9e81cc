"""Is the ceasefire holding? Changes, alarms, lulls and what is not known, of one series."""

import datetime as dt
import itertools
import math
from collections.abc import Callable
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np

from skyshield.catalogue import load_catalogue
from skyshield.core.arrays import Floats
from skyshield.core.errors import SkyShieldError
from skyshield.monitoring.holding.changes import (
    Change,
    Posterior,
    changes_of,
    forwards,
    gap_probability,
    poisson_segments,
    posterior_of,
    with_prior,
)
from skyshield.monitoring.holding.charts import Charts, charts_of
from skyshield.monitoring.holding.ledger_series import LedgerEvents, hours_watched, read_ledger
from skyshield.monitoring.holding.record_series import (
    EVENTS,
    local_spans,
    lulls_of,
    read_bulletins,
    told_lull,
)
from skyshield.monitoring.holding.season import Season, season_of
from skyshield.monitoring.holding.series import Series, as_asked, day_text, enough, read_series
from skyshield.monitoring.holding.settings import DAY_S, settings
from skyshield.monitoring.holding.spreading import counts, day_of, local_s, silences
from skyshield.monitoring.observation.leaf import utc_text

MEASURES = ("events", "deaths")
BY = ("day", "week")
HOUR_S = 3600.0
Progress = Callable[[int, int], None]
Days = tuple[np.datetime64, np.datetime64]


@dataclass(frozen=True)
class Asked:
    """What is asked of a series; None where the method chooses."""

    by: str | None = None
    measure: str = "events"
    first: np.datetime64 | None = None
    last: np.datetime64 | None = None
    source: str | None = None
    baseline: Days | None = None
    k: float | None = None
    h: float | None = None
    arl: float | None = None
    changes_per_year: float | None = None
    gap_probability: float | None = None
    size: float | None = None
    season: bool = False


@dataclass(frozen=True)
class Counted:
    """A series and what stands beside it: silences, windows nobody watched, exercises, remarks."""

    series: Series
    lulls: list[dict[str, Any]] = field(default_factory=list)
    gaps: list[dict[str, Any]] = field(default_factory=list)
    exercises: list[dict[str, Any]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    unit: str = "1"


@dataclass(frozen=True)
class Judgement:
    """What a series says."""

    counted: Counted
    asked: Asked
    posterior: Posterior
    changes: list[Change]
    charts: Charts
    over_poisson: dict[str, float]
    season: Season | None

    def to_dict(self) -> dict[str, Any]:
        """Return plain data for JSON; a run length too long for a number is None."""
        series, posterior, charts = self.counted.series, self.posterior, self.charts
        return {
            "changes": [change._asdict() for change in self.changes],
            "alarms": [alarm.to_dict() for alarm in charts.alarms],
            "lulls": self.counted.lulls,
            "dispersion": {"size": posterior.size, "size_lo": posterior.size_low, "size_hi": posterior.size_high,
                           "at_least": posterior.at_edge, "log_odds_over_poisson": self.over_poisson},
            "gaps": self.counted.gaps,
            "now": _now(series, posterior, self.changes, charts),
            "p_no_change": posterior.p_none,
            "p_by_window": [{"date": day_text(start), "p": float(p)}
                            for start, p in zip(series.start[1:], posterior.p_gap, strict=True)],
            "baseline": asdict(charts.baseline),
            "cusum": {"arl": _finite(charts.arl)} | {
                name: {key: _finite(value) for key, value in side._asdict().items()}
                for name, side in charts.sides.items()},
            "e_detector": {"threshold": _finite(charts.threshold),
                           "alarms": [alarm.to_dict() for alarm in charts.e_alarms]},
            "season": None if self.season is None else {
                "peak_ratio": self.season.peak_ratio, "peak_day": self.season.peak_day,
                "log_error": _finite(self.season.log_error), "log_evidence": self.season.log_evidence},
            "exercises": self.counted.exercises,
            "series": {"windows": len(series), "from": day_text(series.start[0]), "to": day_text(
                series.end[-1] - np.timedelta64(DAY_S, "s")), "count": float(series.count.sum()),
                "exposure": float(series.exposure.sum()), "exposure_unit": self.counted.unit,
                "measure": self.asked.measure},
            "notes": self.counted.notes,
        }

    def windows(self) -> list[dict[str, Any]]:
        """Return each window's days, counts per unit of exposure, and the level with its 95% interval."""
        from skyshield.monitoring.holding.levels import rate_band

        series = self.counted.series
        low, high = rate_band(series, self.posterior)
        return [{"from": day_text(series.start[i]), "to": day_text(series.end[i]),
                 "rate": float(series.count[i] / series.exposure[i]), "level": float(self.posterior.rate[i]),
                 "low": float(low[i]), "high": float(high[i])} for i in range(len(series))]


def _finite(value: float | bool) -> float | bool | None:
    return value if isinstance(value, bool) or math.isfinite(value) else None


def _now(series: Series, posterior: Posterior, changes: list[Change], charts: Charts) -> dict[str, Any]:
    """Return the rate at the end, since when it holds, over the baseline's, and P(a change at the last gaps)."""
    side_s = settings()["changes"]["each_side_days"] * DAY_S
    recent = np.flatnonzero((series.start[-1] - series.start).astype(np.int64) <= side_s)
    lo = max(1, int(recent[0]))
    sure = [one for one in changes if one.p >= settings()["changes"]["sure"]]
    rate = float(posterior.rate[-1])
    return {"rate": rate, "over_baseline": rate * float(series.exposure.mean()) / charts.baseline.mean,
            "since": sure[-1].date if sure else day_text(series.start[0]),
            "p_recent_change": float(posterior.p_any()[lo, len(series) - 1])}


def judge(counted: Counted, asked: Asked, progress: Progress | None = None) -> Judgement:
    """Return what a series says of changes and alarms.

    Raises
    ------
    SkyShieldError
        Exit code 2 if the series is too short or too long, or a figure is out of its range.

    Examples
    --------
    >>> import numpy as np
    >>> days = np.arange("2031-05-01", "2031-05-21", dtype="datetime64[D]").astype("datetime64[s]")
    >>> counts_of = np.array([2.0, 1, 3, 2, 2, 1, 2, 3, 1, 2, 2, 3, 21, 18, 25, 19, 22, 17, 24, 20])
    >>> one = Counted(Series(days, days + np.timedelta64(1, "D"), counts_of, np.ones(20)))
    >>> found = judge(one, Asked(gap_probability=0.05))
    >>> found.changes[0].date, found.charts.alarms[0].date, found.charts.alarms[0].side
    ('2031-05-13', '2031-05-13', 'up')
    """
    _check(asked)
    series = enough(counted.series)
    yearly = asked.changes_per_year
    if yearly is None:
        yearly = load_catalogue()["ceasefire_change_rate"].reference_value
    season = season_of(series, yearly) if asked.season else None
    if season is not None:
        series = replace(series, exposure=series.exposure * season.factor)
    gaps = (gap_probability(series, yearly) if asked.gap_probability is None
            else np.full(len(series) - 1, asked.gap_probability))
    posterior = posterior_of(series.count, series.exposure, gaps, asked.size, progress)
    changes = changes_of(series, posterior)
    charts = charts_of(series, posterior.size, asked.baseline, asked.k, asked.h, asked.arl)
    inside = [one.date for one in changes if one.p >= settings()["changes"]["sure"]
              and charts.baseline.first < one.date <= charts.baseline.last]
    if inside:
        counted = replace(counted, notes=[
            *counted.notes, f"the rate changed within the baseline ({', '.join(inside)}), so the charts compare with a "
            "mixture: name a calm time with --baseline"])
    return Judgement(replace(counted, series=series), asked, posterior, changes, charts,
                     _over_poisson(series, posterior, gaps, changes), season)


def _check(asked: Asked) -> None:
    if asked.measure not in MEASURES:
        raise SkyShieldError("--measure", f"is {asked.measure!r}", f"give one of {', '.join(MEASURES)}")
    if asked.by is not None and asked.by not in BY:
        raise SkyShieldError("--by", f"is {asked.by!r}", f"give one of {', '.join(BY)}")
    if asked.size is not None and not 0 < asked.size < math.inf:
        raise SkyShieldError("--size", f"is {asked.size:g}", "give a number over 0")
    most = settings()["changes"]["most_a_year"]
    if asked.changes_per_year is not None and not 0 < asked.changes_per_year <= most:
        raise SkyShieldError("--rate", f"is {asked.changes_per_year:g}", f"give a number over 0, at most {most:g}")
    if asked.gap_probability is not None and not 0 < asked.gap_probability < 1:
        raise SkyShieldError("--gap-probability", f"is {asked.gap_probability:g}", "give a number between 0 and 1")
    if asked.arl is not None and asked.h is not None:
        raise SkyShieldError("--arl, --h", "are both given, and each sets the alarm limit", "give one of them")


def _over_poisson(series: Series, posterior: Posterior, gaps: Floats, changes: list[Change]) -> dict[str, float]:
    """Return the log odds of the negative binomial against Poisson counts.

    `free`: each may change as it likes, and Poisson counts do so at every burst. `same_changes`: with the changes
    above. The rate of a Poisson segment has a gamma distribution with the weight of one window about the mean of the
    series.
    """
    prior = settings()["poisson"]
    mean = max(float(series.count.sum()), settings()["chart"]["least_events"]) / float(series.exposure.sum())
    poisson = poisson_segments(series.count, series.exposure, prior["shape"], prior["shape"] / mean)
    starts = [day_text(start) for start in series.start]
    cuts = [0, *(starts.index(change.date) for change in changes), len(series)]
    negative_binomial = _segments_at(series, posterior.size)
    return {"free": posterior.log_evidence - float(forwards(with_prior(poisson, gaps))[-1]),
            "same_changes": sum(float(negative_binomial[cut] - poisson[cut]) for cut in itertools.pairwise(cuts))}


def _segments_at(series: Series, size: float) -> Floats:
    from skyshield.monitoring.holding.changes import negative_binomial_segments

    prior = settings()["prior"]
    return negative_binomial_segments(series.count, series.exposure, size, prior["a"], prior["b"])


def from_csv(path: Path, asked: Asked) -> Counted:
    """Count by a CSV file of windows."""
    _check(asked)
    series = as_asked(read_series(path).within(asked.first, asked.last), asked.by)
    missing = [_gap(end, start, "no window")
               for end, start in zip(series.end[:-1], series.start[1:], strict=True) if start > end]
    unwatched = [_gap(series.start[i], series.end[i], "nobody watched") for i in np.flatnonzero(series.exposure == 0)]
    watched = series.only(series.exposure > 0)
    return Counted(enough(watched), _silent_windows(watched), sorted(missing + unwatched, key=lambda gap: gap["from"]),
                   notes=_rounding(watched))


def _gap(start: np.datetime64, end: np.datetime64, why: str) -> dict[str, Any]:
    return {"from": day_text(start), "to": day_text(end), "why": why,
            "hours": float((end - start).astype(np.int64)) / HOUR_S}


def _silent_windows(series: Series) -> list[dict[str, Any]]:
    """Return runs of windows without a count, the longest first."""
    rule = settings()["lulls"]
    busy = series.count > 0
    found: list[tuple[float, dict[str, Any]]] = []
    at = 0
    while at < len(series):
        until = at
        while until < len(series) and not busy[until] and (until == at or series.start[until] == series.end[until - 1]):
            until += 1
        if until > at:
            hours = float((series.end[until - 1] - series.start[at]).astype(np.int64)) / HOUR_S
            if hours >= rule["least_h"]:
                found.append((hours, {"source": EVENTS, "from": day_text(series.start[at]),
                                      "to": day_text(series.end[until - 1]), "hours": hours}))
        at = max(until, at + 1)
    return [row for _, row in sorted(found, key=lambda one: -one[0])][:rule["most"]]


def from_ledger(folder: Path, asked: Asked, progress: Progress | None = None) -> Counted:
    """Count by the records of a ledger."""
    _check(asked)
    events = read_ledger(folder, asked.source, progress)
    start, end = local_s(events.start_s), local_s(events.end_s)
    first, last = _days(asked, start, end)
    weight = events.killed if asked.measure == "deaths" else np.ones(len(start))
    series = counts(start, end, weight, asked.by or "week", first, last, str(folder))
    gaps: list[dict[str, Any]] = []
    unit, notes = "1", _ledger_notes(events, asked)
    notes += _rounding(series)
    if events.watched is not None:
        unit = "watcher-hour"
        edge = (_utc_s(series.start), _utc_s(series.end))
        hours = hours_watched(events.watched, *edge)
        gaps = [{"from": day_text(series.start[i]), "to": day_text(series.end[i]), "why": "nobody watched",
                 "hours": (edge[1][i] - edge[0][i]) / HOUR_S, "count": float(series.count[i])}
                for i in np.flatnonzero(hours == 0)]
        series = replace(series, exposure=hours).only(hours > 0)
    lulls = [told_lull(EVENTS, one) | _watch(events, one.start_s, one.end_s) for one in silences(
        events.start_s, events.end_s, _utc_s(np.array([first]))[0],
        _utc_s(np.array([last + np.timedelta64(1, "D")]))[0], settings()["lulls"]["least_h"] * HOUR_S)]
    exercises = [{"time": utc_text(time_s), "source": source, "entry": number}
                 for time_s, source, number in events.exercises]
    return Counted(enough(series), lulls[:settings()["lulls"]["most"]], gaps, exercises, notes, unit)


def _watch(events: LedgerEvents, start_s: float, end_s: float) -> dict[str, Any]:
    """Return how long somebody watched in a silence, None where the ledger does not say who watched."""
    if events.watched is None:
        return {"watcher_hours": None}
    return {"watcher_hours": float(hours_watched(events.watched, np.array([start_s]), np.array([end_s]))[0])}


def _ledger_notes(events: LedgerEvents, asked: Asked) -> list[str]:
    notes = []
    if len(events.sources) > 1:
        notes.append(f"{len(events.sources)} sources are counted together, an event that two of them saw counts twice")
    if events.copies:
        notes.append(f"{events.copies:,} records are copies of others and are not counted")
    if events.alerts:
        notes.append(f"{events.alerts:,} air-raid alerts are warnings and are not counted")
    if events.exercises:
        notes.append(f"{len(events.exercises):,} exercises are listed and not counted")
    if asked.measure == "deaths" and events.without_deaths:
        notes.append(f"{events.without_deaths:,} events give no number of deaths and count for none")
    if events.watched is None:
        notes.append("no record says who watched when: every window counts as watched alike")
    return notes


def from_record(record: Path, alerts: Path | None, asked: Asked) -> Counted:
    """Count launches by the raid record; tell its lulls apart by alerts."""
    _check(asked)
    if asked.measure != "events":
        raise SkyShieldError("--measure", f"is {asked.measure!r}, and the record tells launches",
                             "leave it out, an event is a launch")
    bulletins = read_bulletins(record)
    start, end = local_spans(bulletins)
    first, last = _days(asked, start, end)
    series = counts(start, end, bulletins.launched, asked.by or "week", first, last, str(record))
    notes = ["an event is a launch, as the defender's bulletins claim; each row is spread over its window"]
    if bulletins.without_number:
        notes.append(f"{bulletins.without_number:,} rows give no number of launches and count for none")
    return Counted(enough(series), lulls_of(bulletins, alerts, first, last), notes=notes + _rounding(series))


def _rounding(series: Series) -> list[str]:
    """Return what rounding did, where it changed the total by one or more."""
    if abs(series.rounding) < 1:
        return []
    return [f"rounding to whole counts changes the total by {series.rounding:+,.0f}"]


def _days(asked: Asked, start: Floats, end: Floats) -> Days:
    """Return the first and last day of what is counted: as asked, else those of the first and the last event."""
    second = 1.0  # an end at midnight is the end of the day before
    first = asked.first if asked.first is not None else day_of(float(start.min()))
    last = asked.last if asked.last is not None else day_of(max(float(start.max()), float(end.max()) - second))
    return first, last


def _utc_s(moments: np.ndarray[tuple[int], np.dtype[np.datetime64]]) -> Floats:
    """Return seconds since 1970 UTC of Kyiv midnights, shape (n,)."""
    from skyshield.monitoring.holding.record_series import midnight_s

    return np.array([midnight_s(moment) for moment in moments])


def read_counts(folder: Path | None, series: Path | None, record: Path | None, alerts: Path | None, asked: Asked,
                progress: Progress | None = None) -> Counted:
    """Count by whichever of ledger, series and record is given.

    Raises
    ------
    SkyShieldError
        Exit code 2 if none or several of them are given, or alerts without a record.
    """
    given = [place for place in (folder, series, record) if place is not None]
    if len(given) != 1:
        raise SkyShieldError("DIR, --series, --record", f"{len(given)} of them are given", "give one of the three")
    if alerts is not None and record is None:
        raise SkyShieldError("--alerts", "tells lulls of the record apart, and no --record is given", "give both")
    if asked.source is not None and folder is None:
        raise SkyShieldError("--source", "is one of a ledger, and no DIR is given", "leave it out")
    if folder is not None:
        return from_ledger(folder, asked, progress)
    return from_csv(series, asked) if series is not None else from_record(given[0], alerts, asked)


def read_day(name: str, text: str | None) -> np.datetime64 | None:
    """Read a day of an option.

    Raises
    ------
    SkyShieldError
        Exit code 2 if it is none.

    Examples
    --------
    >>> str(read_day("--from", "2015-02-15"))
    '2015-02-15'
    """
    if text is None:
        return None
    try:
        return np.datetime64(dt.date.fromisoformat(text.strip()), "D")
    except ValueError:
        raise SkyShieldError(name, f"is {text!r}, no date that exists", "write it as 2015-02-15") from None


def read_baseline(text: str | None) -> Days | None:
    """Read the first and the last day of a baseline, with a comma between.

    Raises
    ------
    SkyShieldError
        Exit code 2 if it is not two days.

    Examples
    --------
    >>> [str(day) for day in read_baseline("2015-09-07,2016-12-25")]
    ['2015-09-07', '2016-12-25']
    """
    if text is None:
        return None
    first, comma, last = text.partition(",")
    if not comma:
        raise SkyShieldError("--baseline", f"is {text!r}", "write first and last day as 2015-09-07,2016-12-25")
    days = read_day("--baseline", first), read_day("--baseline", last)
    assert days[0] is not None and days[1] is not None  # noqa: S101 - they were given
    return days[0], days[1]
