"""``skyshield backtest``: one object, one line for every error, exit codes, nothing half written.

Shown to fail once: the check of the place left out (a folder is told only after the work), --score taken with --freeze,
days left out without a word.
"""

import json
from pathlib import Path

import pytest

from skyshield.cli.main import main
from support.records import record

WINDOW = ("--from", "2025-12-28", "--to", "2025-12-31")


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "record.csv").write_text(record(), "utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def reported(capfd: pytest.CaptureFixture[str], *words: str) -> tuple[int, str, str]:
    with pytest.raises(SystemExit) as left:
        main(["backtest", *words])
    return (int(left.value.code or 0), *capfd.readouterr())


def test_json_is_one_object(here: Path, capfd: pytest.CaptureFixture[str]) -> None:
    code, out, err = reported(capfd, "record.csv", *WINDOW, "--json")
    assert (code, err) == (0, "")
    content = json.loads(out)
    assert content["targets"]["uav_launched"]["n"] == 4
    assert content["targets"]["hit_locations"]["crps"] is None


def test_a_table_says_whose_forecasts_it_judges_and_which_days_not(
        here: Path, capfd: pytest.CaptureFixture[str]) -> None:
    _, out, _ = reported(capfd, "record.csv", *WINDOW)
    words = " ".join(out.split())
    assert "not judged: hit_locations: no bulletin tells of places hit (days: 4): 2025-12-28 to 2025-12-31" in words
    assert "the simulator has no forecast here" in words  # 27 nights are too few for it


def test_freeze_then_score(here: Path, capfd: pytest.CaptureFixture[str]) -> None:
    code, out, _ = reported(capfd, "record.csv", *WINDOW, "--freeze", "f.json", "--json")
    assert (code, json.loads(out)["hindsight"]) == (0, True)
    code, out, _ = reported(capfd, "record.csv", "--score", "f.json", "--json")
    assert (code, json.loads(out)["targets"]["uav_leakers"]["n"]) == (0, 4)
    code, out, _ = reported(capfd, "record.csv", "--score", "f.json", "--from", "2025-12-31", "--json")
    assert (code, json.loads(out)["targets"]["uav_leakers"]["n"]) == (0, 1)
    code, out, _ = reported(capfd, "record.csv", "--score", "f.json")
    assert "a rehearsal, no forecast" in out


@pytest.mark.parametrize(("words", "line"), [
    (("record.csv", "--to", "2025-12-31"), "error: --from: is missing"),
    (("record.csv", "--from", "soon", "--to", "2025-12-31"), "error: --from: is 'soon', not a date"),
    (("record.csv", "--from", "2025-12-31", "--to", "2025-12-30"), "error: --to: is 2025-12-30, before --from"),
    (("record.csv", "--from", "2025-12-31", "--to", "2026-01-02"), "error: --to: is 2026-01-02, after the record"),
    (("record.csv", "--from", "2025-12-03", "--to", "2025-12-30"), "error: --from: is 2025-12-03, which leaves fewer"),
    (("none.csv", *WINDOW), "error: none.csv: no such file"),
    (("record.csv", *WINDOW, "--freeze", "no/f.json"), "error: no/f.json: there is no such folder"),
    (("record.csv", *WINDOW, "--freeze", "record.csv"), "error: record.csv: exists"),
    (("record.csv", *WINDOW, "--freeze", "f.json", "--score", "f.json"), "error: --score: cannot go with --freeze"),
    (("record.csv", "--score", "record.csv"), "error: record.csv: is not JSON"),
    (("record.csv", "--from", "2028-01-01", "--to", "2028-01-02", "--freeze", "f.json"), "error: --to: is 2028-01-02")])
def test_wrong_input_is_one_line(here: Path, capfd: pytest.CaptureFixture[str], words: tuple[str, ...],
                                 line: str) -> None:
    code, out, err = reported(capfd, *words, "--json")
    assert (code, out) == (2, "")
    assert err.startswith(line)
    assert err.count("\n") == 1
    assert sorted(path.name for path in here.iterdir()) == ["record.csv"]
