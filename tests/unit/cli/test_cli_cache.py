"""A process whose compiled kernels cannot be kept says so in one line; what it prints and its exit code stay.

The command is run after one small kernel, which is all that is compiled. Each check was seen to fail with the note
left out, and the second one with numba's own cache, which lets the error through.
"""

import json
import os
import re
import resource
import subprocess
import sys

import pytest

AFTER_A_KERNEL = """
from skyshield.core.streams import vector_of
assert vector_of(3 << 16) == 3
from skyshield.cli.main import main
main(["catalogue", "--json"])
"""
NOTE = re.compile(r"note: (?P<where>\S+): cannot be written \(.*\), so the engine is compiled anew in every run; "
                  r"make room there or set XDG_CACHE_HOME to a folder that can be written\n")


def after_a_kernel(cache, most_bytes=resource.RLIM_INFINITY):
    """Run a command in a process that compiled something, with its cache there and files of at most that size."""
    return subprocess.run([sys.executable, "-c", AFTER_A_KERNEL], env={**os.environ, "XDG_CACHE_HOME": str(cache)},
                          capture_output=True, encoding="utf-8", check=False,
                          preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (most_bytes, most_bytes)))


@pytest.fixture(scope="module")
def kept(tmp_path_factory):
    """Return what the process prints where its kernels are kept, and where they are."""
    cache = tmp_path_factory.mktemp("cache")
    done = after_a_kernel(cache)
    assert (done.returncode, done.stderr) == (0, "")
    assert list(cache.rglob("*.nbc"))
    return done.stdout


def test_a_file_in_the_place_of_the_cache_folder(kept, tmp_path):
    (tmp_path / "file").write_text("")
    done = after_a_kernel(tmp_path / "file")
    assert (done.returncode, done.stdout) == (0, kept)
    assert NOTE.fullmatch(done.stderr)["where"].startswith(str(tmp_path))
    assert json.loads(done.stdout)


def test_a_disk_that_fills_up_while_kernels_are_saved(kept, tmp_path):
    done = after_a_kernel(tmp_path, most_bytes=512)
    assert (done.returncode, done.stdout) == (0, kept)
    assert NOTE.fullmatch(done.stderr)["where"].startswith(str(tmp_path))
    assert not list(tmp_path.rglob("*.nbc"))


def test_a_process_that_compiles_nothing_says_nothing(tmp_path):
    (tmp_path / "file").write_text("")
    done = subprocess.run([sys.executable, "-m", "skyshield", "catalogue", "--json"], capture_output=True,
                          env={**os.environ, "XDG_CACHE_HOME": str(tmp_path / "file")}, check=False)
    assert (done.returncode, done.stderr) == (0, b"")
