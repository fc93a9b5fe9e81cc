"""Does the deep stream's leak rate move? The likelihood with a level of its own against the rate that stands still.

The shipped fit holds the rate at the window's average. Here it gets a level of a given half-life, all other parameters
are fitted again, and the log density of the posterior's mode is compared. On records made with a rate that stands
still the same comparison says what gain luck gives, and how often the level loses the rate: with a short half-life it
follows single nights and ends near nothing or far above.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from skyshield.calibrate.densities import shifted
from skyshield.calibrate.fit import as_nights, run_filter, starting_values
from skyshield.calibrate.likelihood import DEEP_LEAK_LEVEL, LEAK_LEVEL
from skyshield.calibrate.observations import Observations
from skyshield.calibrate.posterior import find_mode, load_blocks
from skyshield.core.arrays import Floats


@dataclass(frozen=True)
class DeepLeakPoint:
    """The best fit with one half-life of the deep stream's leak rate, infinite where the rate stands still.

    Attributes
    ----------
    half_life_days
        Of the level.
    log_density
        At the mode, up to a constant that is the same for all half-lives.
    leak_deep, leak_deep_end
        The rate on the first night and after the last.
    leak_front_end
        The front stream's after the last.
    """

    half_life_days: float
    log_density: float
    leak_deep: float
    leak_deep_end: float
    leak_front_end: float


def deep_leak_profile(observations: Observations, half_lives_days: Sequence[float],
                      start: Mapping[str, float] | None = None,
                      fitted: Sequence[str] | None = None) -> tuple[DeepLeakPoint, ...]:
    """Return the best fit for the rate that stands still, then for each half-life of its level.

    Parameters
    ----------
    observations
        The nights.
    half_lives_days
        Of the level.
    start
        Where the search begins, natural scale; rough values of the nights if not given.
    fitted
        The parameters fitted again; all if not given, the others staying at `start`.
    """
    nights, block = as_nights(observations), load_blocks()["raids"]
    start, points = starting_values(nights) if start is None else start, []
    for half_life in (math.inf, *half_lives_days):
        def log_likelihood(free: Floats, half_life: float = half_life) -> float:
            return run_filter(block.natural(free), nights, half_life).log_likelihood

        mode, log_density = find_mode(block, log_likelihood, start, fitted)
        start = dict(zip(block.names, mode, strict=True))
        level = run_filter(mode, nights, half_life).level
        points.append(DeepLeakPoint(half_life, log_density, start["leak_deep"],
                                    shifted(start["leak_deep"], level[DEEP_LEAK_LEVEL]),
                                    shifted(start["leak_front"], level[LEAK_LEVEL])))
    return tuple(points)
