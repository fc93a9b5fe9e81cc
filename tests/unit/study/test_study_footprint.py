"""Memory given back: code that is not run goes, what was computed stays, and code runs again.

Tried to fail: no page let go of; private pages that were written taken for code of a file.
"""

import re
import sys
from pathlib import Path

import numpy as np
import pytest

from skyshield.study.footprint import _code_of_files, give_back
from skyshield.study.parquet import Parquet

MAPS = """55d0a0000000-55d0a0100000 r--p 00000000 fe:00 11 /usr/bin/python3.11
7f0000000000-7f0000200000 r-xp 00001000 fe:00 42 /usr/lib/a b/liblarge.so
7f0000200000-7f0000300000 rw-p 00200000 fe:00 42 /usr/lib/a b/liblarge.so
7f1000000000-7f1000001000 r-xp 00000000 00:00 0
7f2000000000-7f2000002000 r-xp 00000000 00:00 0 [vdso]
7f3000000000-7f3000002000 rwxp 00000000 fe:00 43 /usr/lib/patched.so
"""


def of_files_kb():
    return int(re.search(r"^RssFile:\s+(\d+) kB", Path("/proc/self/status").read_text("ascii"), re.MULTILINE)[1])


def test_only_code_of_files_is_let_go_of():
    assert list(_code_of_files(MAPS)) == [(0x7F0000000000, 0x7F0000200000)]
    assert list(_code_of_files("")) == []


@pytest.mark.skipif(sys.platform != "linux", reason="other systems are left alone")
def test_code_goes_and_runs_again(tmp_path):
    columns = {"a": np.arange(5.0)}
    with Parquet() as parquet:
        first = parquet.write(tmp_path / "first.parquet", columns)
        before = of_files_kb()
        give_back()
        assert of_files_kb() < before - 10_000  # the writer's alone is more
        assert parquet.write(tmp_path / "again.parquet", columns) == first
        assert parquet.read(tmp_path / "again.parquet")["a"].tolist() == columns["a"].tolist()
