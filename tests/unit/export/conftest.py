"""One small stored study, and each of its exports, made once for all tests."""

import json
import os
import shutil
import subprocess
import zipfile
from pathlib import Path

import pytest
import yaml

from skyshield.report.export.formats import FORMATS
from skyshield.report.export.job import export
from skyshield.scenario import load
from skyshield.scenario.load import dump
from skyshield.study.view import StudyView
from support.command_line import FIXED, made_once
from support.forks import skyshield


@pytest.fixture(scope="session")
def place(tmp_path_factory) -> Path:
    """Hold ``study`` of a zone and its money as aid, and for each format a folder of its name with ``it.ENDING``."""
    asked = load("month").chosen(("aid_region",)).model_copy(update={"assumptions": FIXED})

    def make(place: Path) -> None:
        (place / "asked.yaml").write_text(yaml.safe_dump(dump(asked), sort_keys=False), "utf-8")
        done = skyshield("run", place / "asked.yaml", "--vectors", 3, "--replications", 2, "--days", 2,
                         "--out", place / "study", "--json")
        assert (done.returncode, done.stderr) == (0, ""), done.stderr
        for kind in FORMATS:
            (place / kind).mkdir()
            export(place / "study", place / kind / f"it.{kind}")

    return made_once(tmp_path_factory, "exported", make)


@pytest.fixture(scope="session")
def folder(place) -> Path:
    return place / "study"


@pytest.fixture(scope="session")
def summary(folder) -> dict:
    return json.loads((folder / "summary.json").read_text("utf-8"))


@pytest.fixture(scope="session")
def view(folder) -> StudyView:
    return StudyView.open(folder)


@pytest.fixture(scope="session")
def unpacked(place, tmp_path_factory) -> Path:
    """The data package, unpacked."""
    into = tmp_path_factory.mktemp("unpacked")
    with zipfile.ZipFile(place / "zip" / "it.zip") as packed:
        packed.extractall(into)
    return into


@pytest.fixture(scope="session")
def office(tmp_path_factory):
    """Return a function that converts a file with LibreOffice; SKYSHIELD_OFFICE set but no LibreOffice fails."""
    program = shutil.which("soffice")
    if program is None:
        assert not os.environ.get("SKYSHIELD_OFFICE"), "SKYSHIELD_OFFICE is set, but there is no soffice"
        pytest.skip("LibreOffice is not here, so exports cannot be opened in it; install it or see .ci/run")
    profile = tmp_path_factory.mktemp("office")

    def convert(file: Path, how: str, into: Path) -> list[Path]:
        before = set(into.iterdir())
        done = subprocess.run([program, "--headless", f"-env:UserInstallation={profile.as_uri()}", "--convert-to", how,
                               "--outdir", str(into), str(file)], capture_output=True, encoding="utf-8", timeout=240,
                              check=False)
        assert done.returncode == 0, done.stderr
        return sorted(set(into.iterdir()) - before)

    return convert
