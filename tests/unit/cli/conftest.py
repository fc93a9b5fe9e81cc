"""Commands by fork, and one small study with the clauses dropped, made once for all tests."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from support.command_line import made_once, skyshield
from support.forks import Forks


@pytest.fixture(scope="session")
def forked() -> Iterator[Forks]:
    forks = Forks()
    yield forks
    forks.close()


@pytest.fixture(scope="session")
def ruled(tmp_path_factory) -> Path:
    """Hold ``study`` and ``study.out`` of ``run --rules --out study --json``."""
    def make(place: Path) -> None:
        done = skyshield("run", "--rules", "--vectors", 3, "--replications", 4, "--days", 2, "--out", place / "study",
                         "--json")
        assert (done.returncode, done.stderr) == (0, ""), done.stderr
        (place / "study.out").write_text(done.stdout, "utf-8")

    return made_once(tmp_path_factory, "ruled", make)
