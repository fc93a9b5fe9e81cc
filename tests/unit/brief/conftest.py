"""One small stored study of a zone and its money as aid, and its briefs."""

from pathlib import Path

import pytest
import yaml

from skyshield.report.brief.make import brief
from skyshield.scenario import load
from skyshield.scenario.load import dump
from skyshield.study.view import StudyView
from support.command_line import FIXED, made_once
from support.forks import skyshield

MOVED = ("displacement", "launch_growth", "zone_agreement_time")


@pytest.fixture(scope="session")
def folder(tmp_path_factory) -> Path:
    fixed = {name: value for name, value in FIXED.items() if name not in MOVED}
    asked = load("month").chosen(("aid_region",)).model_copy(update={"assumptions": fixed})

    def make(place: Path) -> None:
        (place / "asked.yaml").write_text(yaml.safe_dump(dump(asked), sort_keys=False), "utf-8")
        done = skyshield("run", place / "asked.yaml", "--vectors", 4, "--replications", 2, "--days", 6,
                         "--out", place / "study", "--json")
        assert (done.returncode, done.stderr) == (0, ""), done.stderr

    return made_once(tmp_path_factory, "brief", make) / "study"


@pytest.fixture(scope="session")
def view(folder) -> StudyView:
    return StudyView.open(folder)


@pytest.fixture(scope="session", params=["en", "uk"])
def made(request, view):
    return brief(view, request.param)


@pytest.fixture(scope="session")
def english(view):
    return brief(view, "en")
