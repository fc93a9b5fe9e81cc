"""Small studies that cross a block boundary, made once for all tests."""

from pathlib import Path

import pytest

from support import forks
from support.command_line import few_arms, made_once, skyshield

VECTORS, REPLICATIONS, DAYS = 4, 326, 3
SIZE = ("--vectors", VECTORS, "--replications", REPLICATIONS, "--days", DAYS)


@pytest.fixture(scope="session")
def few(tmp_path_factory) -> Path:
    return few_arms(tmp_path_factory)


@pytest.fixture(scope="session")
def size(few) -> tuple[object, ...]:
    return (few, *SIZE)


@pytest.fixture(scope="session")
def reference(size, tmp_path_factory) -> Path:
    """Hold ``study`` and ``study.out``, the folder and the --json of an undisturbed run with one job."""
    def make(place: Path) -> None:
        done = skyshield("run", *size, "--jobs", 1, "--out", place / "study", "--json")
        assert (done.returncode, done.stderr) == (0, ""), done.stderr
        (place / "study.out").write_text(done.stdout, "utf-8")

    return made_once(tmp_path_factory, "reference", make)


@pytest.fixture(scope="session")
def tiny(few, tmp_path_factory) -> Path:
    """Hold a study of two vectors and three replications of one day."""
    def make(place: Path) -> None:
        done = forks.skyshield("run", few, *TINY, "--out", place / "study", "--json")
        assert (done.returncode, done.stderr) == (0, ""), done.stderr
        (place / "study.out").write_text(done.stdout, "utf-8")

    return made_once(tmp_path_factory, "tiny", make) / "study"


TINY = ("--vectors", 2, "--replications", 3, "--days", 1)
