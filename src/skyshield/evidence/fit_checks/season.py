"""The launches of a period as the engine draws them, from the rows of a fit.

The engine's own kernel (`skyshield.engine.day.draw_war`) is called, not copied, so evidence for or
against the generated launches is evidence for or against the engine. Levels that wander (how often nights are
massed, the sizes of the streams, the front stream's leak rate) can do so in three ways: start at the fit's values, as
in a forecast; end there, as in the window the fit was made from (a walk of independent steps looks the same in both
directions, and each step is an addressed draw, so their sum is known before the first night); or follow a given path.
"""

from typing import NamedTuple

import numpy as np

from skyshield.core.arrays import Flags, Floats, Integers
from skyshield.core.jit import kernel
from skyshield.core.normal import normal_quantile
from skyshield.core.streams import moment, uniforms
from skyshield.core.vocabulary import MAX_GAP, N_CLASSES, N_STREAMS
from skyshield.engine.day import draw_war
from skyshield.engine.world import LEVEL, Season
from skyshield.raids.fit import Fit
from skyshield.raids.season import season_of


class Launches(NamedTuple):
    """What comes, night by night.

    `counts` is i8[night, stream] in the engine's order (front UAVs, deep UAVs, cruise, ballistic), `massed` the
    regime, `leak_shift` how far the front stream's leak rate stands from the row's, on the logit scale.
    """

    counts: Integers
    massed: Flags
    leak_shift: Floats


def draw_launches(fit: Fit, row: int, n_days: int, seed: int, ends_at_fit: bool,
                  levels: Floats | None = None) -> Launches:
    """Draw the launches of consecutive nights.

    Parameters
    ----------
    fit, row
        Parameters.
    n_days
        How many nights, all of them of war.
    seed
        64 bits.
    ends_at_fit
        Whether the wandering levels reach the row's values on the last night, or start from them.
    levels
        f8[night, level], the path to follow instead, as `skyshield.evidence.fit_checks.levels` returns it.
    """
    season = season_of({name: values[row:row + 1] for name, values in fit.parameters.items()})
    key = np.uint64(seed)
    shift = 0.0
    if levels is not None:
        return _along(season, key, levels)
    if ends_at_fit:
        massed, front, deep, leak = level_steps(key, n_days)
        shift = -leak * season.leak_step[0]
        season = season._replace(
            massed_intercept=season.massed_intercept - massed * season.massed_step,
            front_mean=season.front_mean * np.exp(-front * season.front_step),
            massed_deep_median=season.massed_deep_median * np.exp(-deep * season.deep_step))
    counts = np.zeros((n_days, N_STREAMS), np.int64)
    regime = np.zeros(n_days, np.uint8)
    leak_shift = np.zeros(n_days)
    draw_war(season, np.ones((N_CLASSES, n_days)), key, 0, counts, regime, leak_shift)
    return Launches(counts, regime, leak_shift + shift)


def _along(season: Season, seed: np.uint64, levels: Floats) -> Launches:
    """Draw night after night, each a period of one night with the levels of that night and no steps."""
    n_days = len(levels)
    counts = np.zeros((n_days, N_STREAMS), np.int64)
    regime = np.zeros(n_days, np.uint8)
    none, still = np.zeros(1), np.ones((N_CLASSES, 1))
    gap = season.nights_since_massed.copy()
    keys = np.random.SeedSequence(int(seed)).generate_state(n_days, np.uint64)
    for day, (massed, front, deep, _) in enumerate(levels):
        tonight = season._replace(
            nights_since_massed=gap, massed_intercept=season.massed_intercept + massed, massed_step=none,
            front_mean=season.front_mean * np.exp(front), front_step=none,
            massed_deep_median=season.massed_deep_median * np.exp(deep), deep_step=none, leak_step=none)
        draw_war(tonight, still, keys[day], 0, counts[day:day + 1], regime[day:day + 1], none.copy())
        gap = np.ones(1) if regime[day] else np.minimum(gap + 1.0, MAX_GAP)
    return Launches(counts, regime, levels[:, -1].copy())


@kernel
def level_steps(seed: np.uint64, n_days: int) -> tuple[float, float, float, float]:
    """Return how many steps each level has gone by the last night: regime, front, deep, leak.

    Examples
    --------
    >>> level_steps(np.uint64(1), 0)
    (0.0, 0.0, 0.0, 0.0)
    """
    massed, front, deep, leak = 0.0, 0.0, 0.0, 0.0
    for day in range(n_days):
        u_0, u_1, u_2, u_3 = uniforms(seed, 0, moment(day, LEVEL), 0, 0)
        massed += normal_quantile(u_0)
        front += normal_quantile(u_1)
        deep += normal_quantile(u_2)
        leak += normal_quantile(u_3)
    return massed, front, deep, leak
