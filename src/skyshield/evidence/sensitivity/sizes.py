"""What is refused before anything is played."""

import difflib

from skyshield.core.errors import SkyShieldError
from skyshield.scenario import Resolved
from skyshield.study.plan import check_seed
from skyshield.study.result import MEASURES

MOST_TRAJECTORIES, MOST_SAMPLES, MOST_REPLICATIONS = 1000, 8192, 1000


def check_sizes(measure: str, trajectories: int, samples: int, replications: int, seed: int) -> None:
    """Refuse a measure that there is not, and sizes that cannot be.

    Raises
    ------
    SkyShieldError
        Exit code 2.

    Examples
    --------
    >>> check_sizes("prevented_zone", 8, 128, 4, 1)
    """
    check_measure(measure)
    for name, value, least, most in (("--trajectories", trajectories, 2, MOST_TRAJECTORIES),
                                     ("--replications", replications, 1, MOST_REPLICATIONS)):
        if not least <= value <= most:
            raise SkyShieldError(name, f"is {value}", f"give a whole number from {least} to {most:,}")
    if not 2 <= samples <= MOST_SAMPLES or samples & (samples - 1):
        raise SkyShieldError("--samples", f"is {samples}", f"give a power of two from 2 to {MOST_SAMPLES:,}")
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
    """Refuse a measure that there is not.

    Raises
    ------
    SkyShieldError
        With those that look like it.
    """
    if measure not in MEASURES:
        near = difflib.get_close_matches(measure, MEASURES, n=3)
        raise SkyShieldError("--measure", f"is {measure!r}, which is no measure",
                             f"did you mean {', '.join(near)}?" if near else "see docs/reference/measures.md")
