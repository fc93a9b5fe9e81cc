"""``skyshield record`` as its user meets it."""

import json

import pytest
from typer.testing import CliRunner

from skyshield.cli.record import CANNOT_SAY, HELP, app
from skyshield.core.errors import SkyShieldError
from skyshield.record import read_record, summarise

RUNNER = CliRunner()


@pytest.fixture
def path(write, r, regional):
    return write([r("2031-05-01 19:00", "2031-05-02 08:00", launched=2345, destroyed=1234, not_reach_goal=11),
                  r("2031-05-01 19:00", "2031-05-02 08:00", "X-22", 5, 1, source=regional),
                  r("2031-06-03 19:00", "2031-06-04 08:00", "X-22", 5, 1, source=regional),
                  r("2031-06-03 19:00", "2031-06-04 08:00", "[red]Vulcan\x1b[31m", 5, 1)])


def test_json_is_one_object_and_nothing_else(path):
    invoked = RUNNER.invoke(app, [str(path), "--json"])
    assert invoked.exit_code == 0
    assert json.loads(invoked.stdout) == summarise(read_record(path))
    assert invoked.stderr == ""
    assert invoked.stdout.isascii()


def test_the_page_for_a_reader(path):
    invoked = RUNNER.invoke(app, [str(path)])
    assert invoked.exit_code == 0
    lines = [" ".join(line.split()) for line in invoked.stdout.splitlines()]
    assert lines[0] == "4 rows from 2031-05-01 to 2031-06-04; 2 count. Every figure is a claim of the defender."
    assert "2031-05 2,345 1,234 11 53.1% 0 0 0 0 0 0" in lines
    assert "2031-06* 0 0 0 - 5 1 0 0 0 0" in lines
    assert "* The file holds part of this month only: it runs from 2031-05-01 to 2031-06-04." in lines
    assert "4 2031-06-03 19:00 2031-06-04 08:00 X-22 5 1 PvKPivden" in lines
    assert sum(line.startswith(f"{trap} (") for trap in range(1, 12) for line in lines) == 11
    assert "[red]Vulcan" in invoked.stdout
    assert "\x1b" not in invoked.stdout
    for sentence in CANNOT_SAY:
        assert sentence in invoked.stdout


def test_a_narrow_terminal_cuts_no_figure(path, monkeypatch):
    monkeypatch.setenv("COLUMNS", "30")
    invoked = RUNNER.invoke(app, [str(path)])
    assert "2,345" in invoked.stdout
    assert "…" not in invoked.stdout


def test_alerts_are_asked(path, write):
    alerts = write("region,started_at,finished_at\nLvivska oblast,2031-05-01T20:00:00Z,2031-05-03T22:00:00Z\n"
                   "Lvivska oblast,2031-05-02T20:00:00Z,2031-05-02T22:00:00Z\n", "a.csv")
    invoked = RUNNER.invoke(app, [str(path), "--alerts", str(alerts), "--json"])
    assert "1 alerts over 24 h dropped" in json.loads(invoked.stdout)["warnings"][10]["what"]


def test_bad_input_leaves_stdout_empty(tmp_path):
    invoked = RUNNER.invoke(app, [str(tmp_path / "none.csv"), "--json"])
    assert isinstance(invoked.exception, SkyShieldError)
    assert invoked.exception.exit_code == 2
    assert invoked.stdout == ""


def test_help_has_an_example():
    invoked = RUNNER.invoke(app, ["--help"])
    assert HELP.split(":", maxsplit=1)[0] in invoked.stdout
    assert "\n    skyshield record missile_attacks_daily.csv\n" in invoked.stdout
    for option in ("--json", "--alerts"):
        assert option in invoked.stdout


def test_the_real_file(data_dir):
    path = data_dir / "raids" / "missile_attacks_daily.csv"
    invoked = RUNNER.invoke(app, [str(path), "--json"])
    actual = json.loads(invoked.stdout)
    (october,) = [row for row in actual["months"] if row["month"] == "2025-10"]
    assert october["uav_launched"] == 5298
    page = [line.split() for line in RUNNER.invoke(app, [str(path)]).stdout.splitlines()]
    assert ["2025-10", "5,298", "4,221", "17", "80.0%", "162", "111", "108", "17", "0", "0"] in page
