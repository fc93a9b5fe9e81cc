"""Rolling one-day-ahead forecasts from what was known the day before, scored against the baselines."""

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from skyshield.calibrate.fit import window_days
from skyshield.catalogue import load_catalogue
from skyshield.core.arrays import Days, Floats
from skyshield.core.errors import SkyShieldError
from skyshield.core.streams import moment, name_key, uniforms
from skyshield.evidence.backtest import baselines
from skyshield.evidence.backtest.calibration import BAND_LEVEL, Calibration, calibration
from skyshield.evidence.backtest.experts import pool_weights, pooled
from skyshield.evidence.backtest.hac import Skill, skill_of
from skyshield.evidence.backtest.scores import crps_of_counts, log_score, pit
from skyshield.evidence.backtest.series import Series, as_first_known, series_of
from skyshield.evidence.backtest.targets import TARGETS, Forecasters, Target
from skyshield.record import Alerts, Record

Progress = Callable[[int, int], None]

SEED = 0
MIN_PAST_DAYS = 14  # as few as a fit takes


@dataclass(frozen=True)
class Scored:
    """A target's scores, one element per day scored."""

    target: Target
    date: Days
    crps: Floats
    log_score: Floats
    pit: Floats
    baselines: dict[str, Floats]

    @property
    def best_baseline(self) -> str | None:
        """The baseline with the smallest mean CRPS; None where no day was scored."""
        if len(self.crps) == 0:
            return None
        return min(self.baselines, key=lambda name: float(self.baselines[name].mean()))

    @property
    def skill(self) -> Skill:
        """Against the best baseline."""
        best = self.best_baseline
        return Skill(np.nan, np.nan, np.nan) if best is None else skill_of(self.crps, self.baselines[best])

    @property
    def calibration(self) -> Calibration:
        """Of the transforms."""
        return calibration(self.pit)


def index_of(series: Series, day: dt.date) -> int:
    """Return the index of a day, which may lie outside the series."""
    return int((np.datetime64(day) - series.date[0]).astype(int))


def backtest(record: Record, first: dt.date, last: dt.date, alerts: Alerts | None = None,
             progress: Progress | None = None, names: Sequence[str] = tuple(TARGETS)) -> dict[str, Scored]:
    """Forecast every day of a window one day ahead and score the forecasts.

    Parameters
    ----------
    record
        What `read_record` returned.
    first, last
        The window.
    alerts
        What `read_alerts` returned; kills by area are then forecast given the night's hours under alert.
    progress
        Called with targets done and their number.
    names
        Which targets.

    Returns
    -------
    dict of str to Scored

    Raises
    ------
    SkyShieldError
        If the window is not in the record, or begins less than `MIN_PAST_DAYS` days after the record does.
    """
    final = series_of(record, alerts)
    known = series_of(as_first_known(record), alerts)
    begin, end = index_of(final, first), index_of(final, last)
    check_window(final, first, last)
    forecasters = Forecasters(known.until(end + 1), begin, end, window_days(load_catalogue()))
    scored = {}
    for k, name in enumerate(names):
        scored[name] = score_target(name, forecasters, known, final)
        if progress is not None:
            progress(k + 1, len(names))
    return scored


def check_window(series: Series, first: dt.date, last: dt.date) -> None:
    """Refuse a window that cannot be scored with the record."""
    begin, end = series.date[0].item(), series.date[-1].item()
    if last < first:
        raise SkyShieldError("--to", f"is {last}, before --from {first}", "give a later day")
    if last > end:
        raise SkyShieldError("--to", f"is {last}, after the record's last day {end}",
                             "end the window within the record, or freeze a forecast with --freeze FILE")
    earliest = begin + dt.timedelta(days=MIN_PAST_DAYS)
    if first < earliest:
        raise SkyShieldError("--from", f"is {first}, which leaves fewer than {MIN_PAST_DAYS} days of the record "
                             "to learn from", f"begin on {earliest} or later")


def score_target(name: str, forecasters: Forecasters, known: Series, final: Series) -> Scored:
    """Forecast a target on the days of `forecasters` and score it.

    Parameters
    ----------
    name
        Of the target.
    forecasters
        Built from the series as first known.
    known
        Each day as known the morning after: the input of the baselines.
    final
        The outcomes.
    """
    target = TARGETS[name]
    outcome = target.outcome(final)
    experts = forecasters.experts(name)
    weights = pool_weights(experts.log_p, experts.start)
    y, n = target.outcome(known), known.uav
    days, rows = [], []
    for day in range(forecasters.first, forecasters.last + 1):
        if not np.isfinite(outcome[day]):
            continue
        p = pooled(experts, weights, day)
        scale = float(final.uav[day]) if target.as_share else 1.0
        baseline_scores = (baselines.score_given_launches(y, n, float(outcome[day]), day, day) if target.given_launches
                           else baselines.score_counts(y, float(outcome[day]), day))
        days.append(day)
        rows.append([crps_of_counts(p, outcome[day]) / scale, log_score(p, outcome[day]),
                     pit(p, outcome[day], tie_breaker(name, final.date[day])),
                     *(value / scale for value in baseline_scores.values())])
    columns = baselines.names_for(target.given_launches)
    table = np.array(rows).reshape(len(rows), 3 + len(columns))
    return Scored(target, final.date[days], table[:, 0], table[:, 1], table[:, 2],
                  dict(zip(columns, table[:, 3:].T, strict=True)))


def tie_breaker(name: str, date: "np.datetime64[dt.date]") -> float:
    """Return the uniform that breaks ties of a target's probability integral transform on a day."""
    return uniforms(np.uint64(SEED), 0, moment(int(date.astype(np.int64)), 0), name_key(f"backtest {name}"), 0)[0]


def as_data(scored: Scored) -> dict[str, Any]:
    """Return a target's scores as plain data; None where undefined."""
    histogram, skill = scored.calibration, scored.skill
    return {"label": scored.target.label, "unit": scored.target.unit, "n": len(scored.crps),
            "crps": _number(scored.crps.mean()) if len(scored.crps) else None, "best_baseline": scored.best_baseline,
            "baselines": {name: _number(v.mean()) if len(v) else None for name, v in scored.baselines.items()},
            "skill": _number(skill.value), "skill_lo": _number(skill.low), "skill_hi": _number(skill.high),
            "pit": list(histogram.counts), "pit_p": _number(histogram.p_value),
            "pit_band": {"level": BAND_LEVEL, "lo": histogram.low, "hi": histogram.high},
            "log_score": _number(scored.log_score.mean()) if len(scored.crps) else None}


def _number(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None
