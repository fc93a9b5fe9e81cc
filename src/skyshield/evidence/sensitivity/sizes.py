"""Checks of sizes and measures before anything is played."""

import difflib

from skyshield.core.errors import SkyShieldError
from skyshield.scenario import Resolved
from skyshield.study.plan import check_seed
from skyshield.study.result import MEASURES

MAX_TRAJECTORIES, MAX_SAMPLES, MAX_REPLICATIONS = 1000, 8192, 1000


def check_sizes(measure: str, trajectories: int, samples: int, replications: int, seed: int) -> None:
    """Refuse an unknown measure and impossible sizes.

    Raises
    ------
    SkyShieldError
        Exit code 2.

    Examples
    --------
    >>> check_sizes("prevented_zone", 8, 128, 4, 1)
    """
    check_measure(measure)
    for name, value, low, high in (("--trajectories", trajectories, 2, MAX_TRAJECTORIES),
                                   ("--replications", replications, 1, MAX_REPLICATIONS)):
        if not low <= value <= high:
            raise SkyShieldError(name, f"is {value}", f"give a whole number from {low} to {high:,}")
    if not 2 <= samples <= MAX_SAMPLES or samples & (samples - 1):
        raise SkyShieldError("--samples", f"is {samples}", f"give a power of two from 2 to {MAX_SAMPLES:,}")
    check_seed(seed)


def check_options(resolved: Resolved) -> None:
    """Refuse a scenario that has nothing to compare with its baseline.

    Raises
    ------
    SkyShieldError
        If the baseline is its only option.
    """
    if len(resolved.options) < 2:
        raise SkyShieldError("--options", f"leaves only the baseline {resolved.baseline}", "add an option")


def check_measure(measure: str) -> None:
    """Refuse an unknown measure.

    Raises
    ------
    SkyShieldError
        With similar names.
    """
    if measure not in MEASURES:
        similar = difflib.get_close_matches(measure, MEASURES, n=3)
        raise SkyShieldError("--measure", f"is {measure!r}, which is no measure",
                             f"did you mean {', '.join(similar)}?" if similar else "see docs/reference/measures.md")
