"""Freed memory goes back to the system: held against what the system says, in a process of its own."""

import platform
import subprocess
import sys

import pytest

WORDS = """
import sys
import numpy as np
from skyshield.core.memory import give_back_what_is_freed
def held():
    return int(open("/proc/self/statm").read().split()[1]) * 4096
if sys.argv[1] == "yes":
    assert give_back_what_is_freed()
np.ones(24 * 2**17), None  # an array of 24 MiB that is freed raises what glibc keeps
arrays = [np.ones(2**20) for _ in range(16)]
last = np.ones(2**20)
del arrays
print(held())
"""


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="glibc is told; others are left alone")
def test_large_arrays_go_back_when_they_are_freed():
    with_it, without = (int(subprocess.run([sys.executable, "-c", WORDS, told], capture_output=True, text=True,
                                           timeout=60, check=True).stdout) for told in ("yes", "no"))
    assert with_it < without - 64 * 2**20
