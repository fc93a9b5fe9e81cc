"""The calibration page says what its stored results say, and they are of the fit that ships."""

import json
import subprocess
import sys
from pathlib import Path

from skyshield.evidence.fit_checks.ensemble import fit_sha256
from skyshield.raids.fit import embedded_fit

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "docs" / "explanation" / "calibration"
PAGE = FOLDER.with_suffix(".md")


def test_page_is_what_the_stored_results_say():
    done = subprocess.run([sys.executable, ROOT / "tools" / "make_calibration.py", "--check"], check=False,
                          capture_output=True, text=True)
    assert done.returncode == 0, "docs/explanation/calibration.md is out of date: make_calibration.py --render"


def test_results_are_of_the_shipped_fit_and_record():
    reported = json.loads((FOLDER / "results.json").read_text("utf-8"))
    assert reported["fit_sha256"] == fit_sha256(embedded_fit()), "the shipped fit has changed: run make calibration"
    assert reported["same_record"]


def test_the_deep_rate_was_not_lost_in_windows_made_from_the_shipped_fit():
    deep = json.loads((FOLDER / "deep_level.json").read_text("utf-8"))
    assert deep["fit_sha256"] == fit_sha256(embedded_fit()), "the shipped fit has changed: run make recovery"
    assert (deep["n_windows"], deep["collapsed"]) == (100, 0)
    still, *moving = deep["record"]
    assert still["half_life_days"] is None and all(row["log_density"] < 2.0 for row in moving)  # none is earned


def test_every_figure_is_there_and_stands_alone():
    text = PAGE.read_text("utf-8")
    shown = {line.split("](calibration/")[1].rstrip(")") for line in text.splitlines() if line.startswith("![")}
    assert shown == {path.name for path in FOLDER.glob("*.svg")}
    for path in FOLDER.glob("*.svg"):
        svg = path.read_text("utf-8")
        assert svg.startswith('<svg xmlns="http://www.w3.org/2000/svg"')
        assert "http" not in svg.replace('xmlns="http://www.w3.org/2000/svg"', "")


def test_no_row_of_the_record_is_stored():
    """The largest table is by fact, month or row of the fit: none by day."""
    reported = json.loads((FOLDER / "results.json").read_text("utf-8"))
    lengths = {name: len(value) for name, value in reported.items() if isinstance(value, list)}
    assert reported["days"] not in lengths.values()
    assert not any("date" in row or "day" in row for row in reported["held_out"])
