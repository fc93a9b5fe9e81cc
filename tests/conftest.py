"""Fixtures shared by all rooms."""

import atexit
import os
import shutil
import signal
import tempfile
from pathlib import Path

# Read once, when numpy is imported, here and in every process that a test starts: there is a worker for each core, and
# threads of the linear algebra that wait for each other beside them would use most of the time.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
# Keys of ledgers that commands make go to a folder of the tests, never to the user's.
# It is one for all workers, who share the ledgers that are made once.
os.environ.setdefault("SKYSHIELD_TESTS_DATA", str(Path(tempfile.gettempdir()) / f"skyshield-data-{os.getpid()}"))
os.environ["XDG_DATA_HOME"] = os.environ["SKYSHIELD_TESTS_DATA"]

import pytest
from hypothesis import settings

from support.compiling import compile_once, plays
from support.forks import Forks, forks

# Random examples are the same in every run of `make test`; `make test-long` draws new ones.
settings.register_profile("same", derandomize=True)
if os.environ.get("SKYSHIELD_EXAMPLES") != "new":
    settings.load_profile("same")

if os.environ["SKYSHIELD_TESTS_DATA"].endswith(f"-{os.getpid()}"):
    atexit.register(shutil.rmtree, os.environ["SKYSHIELD_TESTS_DATA"], ignore_errors=True)


def pytest_configure(config: pytest.Config) -> None:
    """Compile each kernel once, though there are several workers; let tests interrupt what they start.

    A shell starts what runs in its background with SIGINT ignored, and so would every command of a test be.
    """
    signal.signal(signal.SIGINT, signal.default_int_handler)
    if hasattr(config, "workerinput"):
        compile_once()


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Let the first worker begin with the kernels, the others with tests that need none, while the first compiles.

    Each worker is given an equal part of the list, in order, and takes from others when it is through.
    """
    workers = getattr(config, "workerinput", {}).get("workercount", 1)
    if workers > 1:
        playing = [item for item in items if plays(item.path)]
        others = [item for item in items if not plays(item.path)]
        share, ordered = len(items) // workers, []
        for left in range(workers, 0, -1):
            idle = [] if left == workers else others[:min(share, len(others) // left)]
            ordered += [*idle, *playing[:share - len(idle)]]
            others, playing = others[len(idle):], playing[share - len(idle):]
        items[:] = [*ordered, *playing, *others]


@pytest.fixture(scope="session")
def data_dir() -> Path:
    """The folder of real files, from SKYSHIELD_DATA: set but absent fails, unset says why not."""
    place = os.environ.get("SKYSHIELD_DATA")
    if place is None:
        pytest.skip("SKYSHIELD_DATA is not set, so the real files are not here to test against")
    folder = Path(place)
    assert folder.is_dir(), f"SKYSHIELD_DATA names {place}, which is not a folder"
    return folder


@pytest.fixture(scope="session")
def forked() -> Forks:
    """Run commands by fork; each kind is also run once as the installed command."""
    return forks()
