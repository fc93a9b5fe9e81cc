"""One small study with the clauses dropped, made once for all tests."""

from pathlib import Path

import pytest

from support import forks
from support.command_line import few_arms, made_once, skyshield
from support.records import alerts, record


@pytest.fixture(scope="session")
def few(tmp_path_factory) -> Path:
    return few_arms(tmp_path_factory)


@pytest.fixture(scope="session")
def fitted(tmp_path_factory) -> Path:
    """Hold ``record.csv``, ``alerts.csv``, and ``fit.yaml`` and ``fit.out`` of ``fit --json`` on them."""
    def make(place: Path) -> None:
        (place / "record.csv").write_text(record(), "utf-8")
        (place / "alerts.csv").write_text(alerts(), "utf-8")
        done = skyshield("fit", place / "record.csv", "--alerts", place / "alerts.csv", "--out", place / "fit.yaml",
                         "--json")
        assert (done.returncode, done.stderr) == (0, ""), done.stderr
        (place / "fit.out").write_text(done.stdout, "utf-8")

    return made_once(tmp_path_factory, "fitted", make)


@pytest.fixture(scope="session")
def ruled(few, tmp_path_factory) -> Path:
    """Hold ``study`` and ``study.out`` of ``run --rules --out study --json``."""
    def make(place: Path) -> None:
        done = forks.skyshield("run", few, "--rules", "--vectors", 3, "--replications", 4, "--days", 2,
                         "--out", place / "study", "--json")
        assert (done.returncode, done.stderr) == (0, ""), done.stderr
        (place / "study.out").write_text(done.stdout, "utf-8")

    return made_once(tmp_path_factory, "ruled", make)
