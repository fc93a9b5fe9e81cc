"""Rolling one-day-ahead forecasts from what was known the day before, scored against simple rules."""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from skyshield.calibrate.fit import window_days
from skyshield.catalogue import load_catalogue
from skyshield.core.arrays import Days, Floats
from skyshield.core.errors import SkyShieldError
from skyshield.core.streams import moment, name_key, uniforms
from skyshield.evidence.backtest import baselines
from skyshield.evidence.backtest.alert_rules import rules_given_alerts
from skyshield.evidence.backtest.calibration import BAND_LEVEL, Calibration, calibration
from skyshield.evidence.backtest.experts import pool_weights, pooled
from skyshield.evidence.backtest.forecasts import INTERVAL_LEVEL, Forecast, of_counts, score, transform
from skyshield.evidence.backtest.hac import Skill, skill_of
from skyshield.evidence.backtest.raid_model import MIN_NIGHTS, nights_before, origins
from skyshield.evidence.backtest.series import Series, as_first_known, series_of
from skyshield.evidence.backtest.simulated import Effort, PlayedNights
from skyshield.evidence.backtest.simulator import Simulator
from skyshield.evidence.backtest.targets import TARGETS, Forecasters, Target
from skyshield.evidence.backtest.unjudged import Unjudged, unjudged_days
from skyshield.record import Alerts, Record

Progress = Callable[[int, int], None]

SEED = 0
MIN_PAST_DAYS = 14  # as few as a fit takes
SIMULATOR, EXPERTS = "simulator", "experts"
BETTER, NO_SKILL, WORSE, NOT_JUDGED = "better", "no skill", "worse", "not judged"


class Scores(NamedTuple):
    """One forecaster's scores, f8[day scored] each."""

    crps: Floats
    ignorance: Floats
    interval: Floats


@dataclass(frozen=True)
class Scored:
    """A target's scores.

    Attributes
    ----------
    target
        What was forecast.
    date
        Of the days scored.
    forecasters
        Scores of the simulator, where the record is long enough for it, and of the experts.
    pit
        Their transforms.
    baselines
        Scores of the simple rules.
    unjudged
        Days of the window that could not be scored, and why.
    """

    target: Target
    date: Days
    forecasters: Mapping[str, Scores]
    pit: Mapping[str, Floats]
    baselines: Mapping[str, Scores]
    unjudged: tuple[Unjudged, ...] = ()

    @property
    def forecaster(self) -> str:
        """Whose skill is the target's: the simulator's, or the experts' where it has no forecast."""
        return SIMULATOR if SIMULATOR in self.forecasters else EXPERTS

    @property
    def crps(self) -> Floats:
        """Of that forecaster."""
        return self.forecasters[self.forecaster].crps

    @property
    def best_baseline(self) -> str | None:
        """The rule with the smallest mean CRPS; None where no day was scored."""
        if len(self.date) == 0:
            return None
        return min(self.baselines, key=lambda name: float(self.baselines[name].crps.mean()))

    def skill(self, forecaster: str | None = None) -> Skill:
        """Against the best rule, which is chosen afterwards."""
        best = self.best_baseline
        return Skill(np.nan, np.nan, np.nan) if best is None else skill_of(
            self.forecasters[forecaster or self.forecaster].crps, self.baselines[best].crps)

    def calibration(self, forecaster: str | None = None) -> Calibration:
        """Of the transforms."""
        return calibration(self.pit[forecaster or self.forecaster])


def verdict(skill: Skill) -> str:
    """Say what the interval of a skill allows to be said.

    Examples
    --------
    >>> verdict(Skill(0.1, 0.02, 0.2)), verdict(Skill(0.1, -0.02, 0.2)), verdict(Skill(-0.1, -0.3, -0.01))
    ('better', 'no skill', 'worse')
    """
    if not np.isfinite([skill.low, skill.high]).all():
        return NOT_JUDGED
    return BETTER if skill.low > 0.0 else WORSE if skill.high < 0.0 else NO_SKILL


def index_of(series: Series, day: dt.date) -> int:
    """Return the index of a day, which may lie outside the series."""
    return int((np.datetime64(day) - series.date[0]).astype(int))


def backtest(record: Record, first: dt.date, last: dt.date, alerts: Alerts | None = None,
             progress: Progress | None = None, names: Sequence[str] = tuple(TARGETS),
             effort: Effort | None = None) -> dict[str, Scored]:
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
        Called with steps done and their number: months simulated, then targets.
    names
        Which targets.
    effort
        How much the simulator draws a night; with no rows it does not forecast.

    Returns
    -------
    dict of str to Scored

    Raises
    ------
    SkyShieldError
        If the window is not in the record, or begins less than `MIN_PAST_DAYS` days after the record does.
    """
    first_known = as_first_known(record)
    final, known = series_of(record, alerts), series_of(first_known, alerts)
    begin, end = index_of(final, first), index_of(final, last)
    check_window(final, first, last)
    known = known.until(end + 1)
    forecasters = Forecasters(known, begin, end, window_days(load_catalogue()))
    fit_days = origins(known.date, begin, end)
    total = len(fit_days) + len(names)

    def report(done: int) -> None:
        if progress is not None:
            progress(done, total)

    simulator = simulator_of(first_known, known, alerts, fit_days, end, effort or Effort())
    for k, day in enumerate(fit_days):
        if simulator is not None:
            simulator.play(range(day, min([one for one in fit_days if one > day] + [end + 1])))
        report(k + 1)
    scored = {}
    for k, name in enumerate(names):
        scored[name] = score_target(name, forecasters, known, final, simulator)
        report(len(fit_days) + k + 1)
    return scored


def simulator_of(record: Record, known: Series, alerts: Alerts | None, fit_days: tuple[int, ...], end: int,
                 effort: Effort) -> Simulator | None:
    """Return the simulator for days from the first of `fit_days` to `end`; None if the record is too short for it."""
    before = nights_before(known, fit_days[0], window_days(load_catalogue())).uav
    if effort.rows == 0 or np.isfinite(before).sum() < MIN_NIGHTS:
        return None
    return Simulator(PlayedNights(record, alerts, known, fit_days, end, effort), known)


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


def score_target(name: str, forecasters: Forecasters, known: Series, final: Series,
                 simulator: Simulator | None) -> Scored:
    """Forecast a target on the days of `forecasters` and score it.

    Parameters
    ----------
    name
        Of the target.
    forecasters
        Built from the series as first known.
    known
        Each day as known the morning after: the input of the rules.
    final
        The outcomes.
    simulator
        Has played the days; None if it does not forecast.
    """
    target = TARGETS[name]
    outcome = target.outcome(final)
    experts = forecasters.experts(name)
    weights = pool_weights(experts.log_p, experts.start)
    days = [day for day in range(forecasters.first, forecasters.last + 1) if np.isfinite(outcome[day])]
    by_day = []
    for day in days:
        forecasts = {EXPERTS: of_counts(pooled(experts, weights, day))}
        if simulator is not None:
            forecasts[SIMULATOR] = simulator.forecast(name, day)
        by_day.append((forecasts, rules_of(name, known, day, day)))
    scales = [float(final.uav[day]) if target.as_share else 1.0 for day in days]
    return scored_days(name, final, days, by_day, scales, unjudged_days(name, final, forecasters.first,
                                                                        forecasters.last))


def rules_of(name: str, series: Series, day: int, n_past_days: int) -> dict[str, Forecast]:
    """Return the forecasts of the simple rules, which are given what the target is given.

    Parameters
    ----------
    name
        Of the target.
    series
        What the rules learn from.
    day
        Index of the day forecast.
    n_past_days
        Number of days known.
    """
    target = TARGETS[name]
    y = target.outcome(series)
    if target.given_launches:
        return baselines.rules_given_launches(y, series.uav, day, n_past_days)
    rules = baselines.rules_of_counts(y, n_past_days)
    if target.given_alerts and np.isfinite(series.centre_alert_h).any():
        local = series.west_alert_h if name == "west_kills" else series.south_alert_h
        rules |= rules_given_alerts(y, np.stack([local, series.centre_alert_h], axis=1), day, n_past_days)
    return rules


def scored_days(name: str, final: Series, days: Sequence[int],
                by_day: Sequence[tuple[dict[str, Forecast], dict[str, Forecast]]], scales: Sequence[float],
                unjudged: tuple[Unjudged, ...]) -> Scored:
    """Score the forecasts of a target.

    Parameters
    ----------
    name
        Of the target.
    final
        The outcomes.
    days
        Indices of the days scored.
    by_day
        The forecasts of each of them: those of forecasters, those of rules.
    scales
        What CRPS and interval score of each are divided by.
    unjudged
        Days left out.
    """
    outcome = TARGETS[name].outcome(final)

    def scores(part: int, who: str) -> Scores:
        rows = [score(forecasts[part][who], float(outcome[day]), scale)
                for day, forecasts, scale in zip(days, by_day, scales, strict=True)]
        return Scores(*np.array(rows, np.float64).reshape(len(rows), len(Scores._fields)).T)

    def transforms(who: str) -> Floats:
        return np.array([transform(forecasts[0][who], float(outcome[day]), tie_breaker(name, final.date[day]))
                         for day, forecasts in zip(days, by_day, strict=True)], np.float64)

    forecasters = by_day[0][0] if by_day else {EXPERTS: None}
    rules = list(by_day[0][1]) if by_day else baselines.names_for(TARGETS[name].given_launches)
    return Scored(TARGETS[name], final.date[list(days)], {who: scores(0, who) for who in forecasters},
                  {who: transforms(who) for who in forecasters}, {who: scores(1, who) for who in rules}, unjudged)


def tie_breaker(name: str, date: "np.datetime64[dt.date]") -> float:
    """Return the uniform that breaks ties of a target's probability integral transform on a day."""
    return uniforms(np.uint64(SEED), 0, moment(int(date.astype(np.int64)), 0), name_key(f"backtest {name}"), 0)[0]


def as_data(scored: Scored) -> dict[str, Any]:
    """Return a target's scores as plain data; None where undefined."""
    skill = scored.skill()
    histogram = scored.calibration()
    return {"label": scored.target.label, "unit": scored.target.unit, "n": len(scored.date),
            "forecaster": scored.forecaster, **_means(scored.forecasters[scored.forecaster]),
            "best_baseline": scored.best_baseline,
            "baselines": {name: _mean(one.crps) for name, one in scored.baselines.items()},
            "baselines_ignorance": {name: _mean(one.ignorance) for name, one in scored.baselines.items()},
            "baselines_interval_score": {name: _mean(one.interval) for name, one in scored.baselines.items()},
            "interval_level": INTERVAL_LEVEL, **_skill(skill), "verdict": verdict(skill),
            "pit": list(histogram.counts), "pit_p": _number(histogram.p_value),
            "pit_band": {"level": BAND_LEVEL, "lo": histogram.low, "hi": histogram.high},
            "experts": {**_means(scored.forecasters[EXPERTS]), **_skill(scored.skill(EXPERTS)),
                        "verdict": verdict(scored.skill(EXPERTS)),
                        "pit_p": _number(scored.calibration(EXPERTS).p_value)},
            "unjudged_days": [one._asdict() for one in scored.unjudged]}


def _means(scores: Scores) -> dict[str, float | None]:
    return {"crps": _mean(scores.crps), "ignorance": _mean(scores.ignorance),
            "interval_score": _mean(scores.interval)}


def _skill(skill: Skill) -> dict[str, float | None]:
    return {"skill": _number(skill.value), "skill_lo": _number(skill.low), "skill_hi": _number(skill.high)}


def _mean(values: Floats) -> float | None:
    return float(values.mean()) if len(values) else None


def _number(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None
