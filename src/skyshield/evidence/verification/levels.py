"""A year's raids: levels that revert to the window's average, and launches that grow, against their stationary laws.

A level x' = a + r (x - a) + s z has in the long run the variance s^2 / (1 - r^2) about its average a;
`skyshield.raids.season.stay_of` chooses r so that exp(x) lies within a factor F of exp(a) on 95% of days, so the
deviation is log(F) / 1.96. What grows by a factor g a year is g^t times as large after t years.
"""

import math
from typing import Any

import numpy as np
from scipy import stats

from skyshield.compile.campaign import growth_by_day
from skyshield.core.arrays import Floats
from skyshield.core.vocabulary import CLASSES
from skyshield.engine.day import draw_period, new_period
from skyshield.engine.scratch import Period
from skyshield.engine.world import Raids
from skyshield.evidence.verification.case import Case, CaseResult
from skyshield.evidence.verification.nights import mean_of, ratio_of
from skyshield.evidence.verification.worlds import NOBODY, make_certain_season, make_raids, make_season, make_world
from skyshield.raids.season import stay_of
from skyshield.scenario import load

FACTOR, STEP, SHARE_WITHIN = 1.5, 0.12, 0.95  # F, s
GROWTH, AFTER_DAYS = 1.6, 300
_START, _LARGE = 0.5, 100_000.0  # of a level above its average on the first day; of a raid whose rounding is nothing
_WARM_UP_DAYS, _DAYS, _REPLICATIONS = 60, 160, 4_000


def periods(raids: Raids, seed: int, replications: int) -> Period:
    """Draw the launches and levels of replications of the first vector, by the engine."""
    world = make_world(raids)
    period = new_period(world, replications)
    draw_period(world, np.uint64(seed), 0, replications, period)
    return period


def reverting(factor: float) -> Raids:
    """Return raids whose sizes and leak rates start off their averages and revert to them within the factor F."""
    stay = float(stay_of(np.array([STEP]), np.array([FACTOR * factor]))[0])
    levels: dict[str, Any] = {f"{name}_{what}": value for name in ("deep", "leak")
                              for what, value in (("step", STEP), ("stay", stay))}
    season = make_certain_season(1, massed_deep_median=_LARGE * math.exp(_START), massed_deep_average=_LARGE,
                                 leak_start=_START, **levels)
    return make_raids(_DAYS, season=season)


def _deviation(seed: int, factor: float) -> CaseResult:
    square = periods(reverting(factor), seed, _REPLICATIONS).leak_shift[:, _WARM_UP_DAYS:] ** 2
    exact = (math.log(FACTOR) / float(stats.norm.ppf((1.0 + SHARE_WITHIN) / 2.0))) ** 2
    return mean_of(exact, square.mean(axis=1), square.size)


def _within(seed: int, factor: float) -> CaseResult:
    launches = periods(reverting(factor), seed, _REPLICATIONS).counts[:, 0, _WARM_UP_DAYS:, 1]
    beyond = np.abs(np.log(launches / _LARGE)) > math.log(FACTOR)
    return mean_of(1.0 - SHARE_WITHIN, beyond.mean(axis=1), beyond.size)


def grown_by_day(factor: float, days: int) -> Floats:
    """Return f8[day]: by how much UAV launches have grown since the decision, as a study compiles it."""
    parameters = {"launch_growth": np.array([GROWTH * factor]), "ballistic_growth": np.ones(1)}
    return growth_by_day(load("skyshield"), parameters)[0, CLASSES.index("uav"), :days]


def _growth(seed: int, factor: float) -> CaseResult:
    season = make_season(front_mean=40.0, front_size=10.0, routine_deep_ratio=NOBODY)
    raids = make_raids(2, season=season)
    raids.growth[:, CLASSES.index("uav"), :] = grown_by_day(factor, AFTER_DAYS + 1)[[0, AFTER_DAYS]]
    launches = periods(raids, seed, 30_000).counts[:, 0, :, 0].astype(float)
    return ratio_of(GROWTH ** (AFTER_DAYS / 365.0), launches[:, 1], launches[:, 0])


CASES: tuple[Case, ...] = (
    Case("levels_deviation", "a year's raids",
         "variance of a level that reverts so as to stay within a factor F on 95% of days, long after it began "
         "elsewhere: (log F / 1.96)^2", _deviation, "the factor F"),
    Case("levels_within", "a year's raids",
         "days on which launches are not within the factor F of the average: 5%", _within, "the factor F"),
    Case("launches_grown", "a year's raids",
         f"launches {AFTER_DAYS} days after the decision over those of its day: g^({AFTER_DAYS} / 365)", _growth,
         "the growth g of a year"))
