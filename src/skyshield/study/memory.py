"""What a study takes in memory, held against what the machine has."""

import os

import numpy as np

from skyshield.core.errors import MACHINE, SkyShieldError
from skyshield.study.totals import MEASURES


def check_memory(vectors: int, replications: int, options: int) -> None:
    """Refuse a study whose totals of one arm alone are more than the machine's memory.

    Raises
    ------
    SkyShieldError
        Exit code 3.
    """
    needed = vectors * replications * options * len(MEASURES) * np.dtype(float).itemsize
    try:
        there = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    except (AttributeError, ValueError, OSError):
        return  # a system that does not say
    if needed > there:
        raise SkyShieldError(f"{vectors:,} vectors x {replications:,} replications",
                             f"need more than {needed / 2**30:,.0f} GiB of memory for their totals",
                             "ask for fewer", MACHINE)
