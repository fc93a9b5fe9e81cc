"""``skyshield monitor ingest``: its report, and one line for what it refuses."""

import json
from pathlib import Path

import pytest
import typer.testing

from skyshield.cli.monitor_ingest import ingest
from skyshield.core.errors import SkyShieldError
from skyshield.monitoring.ledger import keys
from skyshield.monitoring.ledger.store import create

ROWS = "method,lat,lon,time\nheard,48.3,38.4,2015-02-14T22:00:00Z\nheard,48.3,38.4,2015-02-30T22:00:00Z\n"


@pytest.fixture
def mission(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(keys, "key_folder", lambda: tmp_path / "keys")
    create(tmp_path / "mission", b"name: test\n")
    return tmp_path / "mission"


def said(*words: object) -> str:
    app = typer.Typer()
    app.command()(ingest)
    done = typer.testing.CliRunner().invoke(app, [str(word) for word in words], catch_exceptions=False)
    assert done.exit_code == 0
    return done.stdout


def test_the_report(mission: Path, tmp_path: Path) -> None:
    file = tmp_path / "patrol.csv"
    file.write_text(ROWS)
    content = json.loads(said(mission, file, "--source", "patrol 4", "--json"))
    assert {name: content[name] for name in ("rows", "accepted", "duplicates", "quarantined", "reasons", "size")} == {
        "rows": 2, "accepted": 1, "duplicates": 0, "quarantined": 1, "reasons": {"time_impossible": 1}, "size": 1}
    assert Path(content["quarantine"]).parent == mission / "quarantine"
    again = said(mission, file, "--source", "patrol 4")
    assert "2 rows (native): 0 accepted, 1 known already, 1 in quarantine" in again
    assert "time_impossible: 1" in again and content["root"] in again


@pytest.mark.parametrize(("options", "what"), [
    (("--format", "xlsx"), "--format: is 'xlsx'"), (("--zone", "Mars/Olympus"), "--zone: is 'Mars/Olympus'"),
    (("--format", "ucdp"), "lacks id, date_start"), (("--format", "cap"), "is not XML")])
def test_what_is_refused(mission: Path, tmp_path: Path, options: tuple[str, ...], what: str) -> None:
    file = tmp_path / "patrol.csv"
    file.write_text(ROWS)
    with pytest.raises(SkyShieldError, match=what) as refused:
        said(mission, file, "--source", "patrol 4", *options)
    assert refused.value.exit_code == 2 and not (mission / "quarantine").exists()


def test_no_ledger(tmp_path: Path) -> None:
    with pytest.raises(SkyShieldError, match="holds no ledger"):
        said(tmp_path / "none", tmp_path / "none.csv", "--source", "x")
