"""What a study takes in memory, held against what the machine has, and a preview against what is free."""

import os
from pathlib import Path

import numpy as np

from skyshield.core.errors import MACHINE, SkyShieldError
from skyshield.study.totals import MEASURES

# What a process that previews takes at most, MB: at rest, over the bytes of the totals, a vector of an option. Measured
# on the shipped month with 200 to 1,000 vectors and 1 to 50 replications.
PREVIEW_MB = {"rest": 220.0, "totals": 7.0, "vector": 0.02}
PREVIEWS_MB = 500.0
_MEMORY = Path("/proc/meminfo")
_MEGA, _KIBI = 1e6, 1024.0


def check_preview(vectors: int, replications: int, options: int, most_mb: float = PREVIEWS_MB) -> None:
    """Refuse a preview for which its process would need more memory than it may take, or than is free now.

    Raises
    ------
    SkyShieldError
        Exit code 2 for more than it may take, 3 for more than is free.

    Examples
    --------
    >>> check_preview(200, 5, 10)
    """
    totals_mb = _totals_bytes(vectors, replications, options) / _MEGA
    more_mb = PREVIEW_MB["totals"] * totals_mb + PREVIEW_MB["vector"] * vectors * options
    asked = f"ask for {vectors:,} vectors x {replications:,} replications of {options} options"
    if PREVIEW_MB["rest"] + more_mb > most_mb:
        raise SkyShieldError("stages", f"{asked}, about {PREVIEW_MB['rest'] + more_mb:,.0f} MB of memory, of which a "
                             f"preview may take {most_mb:,.0f}", "ask for fewer, or run a study of that size")
    free_mb = free_bytes() / _MEGA
    if more_mb > free_mb:
        raise SkyShieldError("stages", f"{asked}, about {more_mb:,.0f} MB of memory more, of which {free_mb:,.0f} are "
                             "free", "end what else takes memory, or ask for fewer", MACHINE)


def free_bytes() -> float:
    """Return the memory that can be had now without swapping; infinite on a system that does not say."""
    try:
        lines = _MEMORY.read_text("ascii").splitlines()
        return next(float(line.split()[1]) for line in lines if line.startswith("MemAvailable:")) * _KIBI
    except (OSError, ValueError, StopIteration):
        return float("inf")


def check_memory(vectors: int, replications: int, options: int) -> None:
    """Refuse a study whose totals of one arm alone are more than the machine's memory.

    Raises
    ------
    SkyShieldError
        Exit code 3.
    """
    needed = _totals_bytes(vectors, replications, options)
    try:
        there = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    except (AttributeError, ValueError, OSError):
        return  # a system that does not say
    if needed > there:
        raise SkyShieldError(f"{vectors:,} vectors x {replications:,} replications",
                             f"need more than {needed / 2**30:,.0f} GiB of memory for their totals",
                             "ask for fewer", MACHINE)


def _totals_bytes(vectors: int, replications: int, options: int) -> int:
    return vectors * replications * options * len(MEASURES) * np.dtype(float).itemsize
