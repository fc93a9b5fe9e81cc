"""A fit that cannot be: one line with its file, exit code 2, nothing played. Each is the shipped fit with a fault."""

import copy
from pathlib import Path

import pytest
import yaml

import skyshield.raids.fit as room
from support.command_line import refused, skyshield

SHIPPED = yaml.load((Path(room.__file__).with_name("data") / "fit.yaml").read_text("utf-8"), yaml.CSafeLoader)
AGAIN = "make it again with 'skyshield fit'"


def changed(**fields):
    """Return the shipped fit, two rows of it, with fields changed; None takes a field away."""
    content = copy.deepcopy(SHIPPED) | {"rows": [list(row) for row in SHIPPED["rows"][:2]]}
    for name, value in fields.items():
        content[name] = value(content[name]) if callable(value) else value
        if value is None:
            del content[name]
    return yaml.safe_dump(content, sort_keys=False, allow_unicode=True)


FAULTS = {
    "empty": ("", "is empty"),
    "a scenario": ("name: skyshield\ndays: 30\n", f"is not a fit of form 5; {AGAIN}"),
    "a list": ("- 1\n", "is not a fit of form 5"),
    "no YAML": ("form: [2\n", "line "),
    "another form": (changed(form=4), f"is a fit of form 4, made by another version (this one reads form 5); {AGAIN}"),
    "without rows": (changed(rows=None), "cannot be read ('rows')"),
    "no row": (changed(rows=[]), "rows that do not match its names"),
    "a short row": (changed(rows=lambda rows: [rows[0], rows[1][:-1]]), "cannot be read"),
    "rows too short": (changed(rows=lambda rows: [row[:-1] for row in rows]), "rows that do not match its names"),
    "words for numbers": (changed(rows=lambda rows: [["many", *rows[0][1:]], rows[1]]), "cannot be read"),
    "no number": (changed(rows=lambda rows: [[float("nan"), *rows[0][1:]], rows[1]]), "no finite number"),
    "no end": (changed(rows=lambda rows: [rows[0], [float("inf"), *rows[1][1:]]]), "no finite number"),
    "a column missing": (changed(names=lambda names: ["another" if n == "leak_deep" else n for n in names]),
                         "lacks leak_deep"),
    "without a window": (changed(window=[]), "cannot be read"),
    "identified by nobody": (changed(identified=[{"quantity": "x"}]), "cannot be read"),
    "a tag": (changed(source=None) + "source: !!python/name:os.system\n", "only plain values"),
}


@pytest.mark.parametrize("case", FAULTS)
def test_a_fit_that_cannot_be(forked, tmp_path, case):
    text, words = FAULTS[case]
    path, out = tmp_path / "fit.yaml", tmp_path / "study"
    path.write_text(text, "utf-8")
    result = refused(forked("run", "--fit", path, "--vectors", 1, "--replications", 1, "--out", out, "--json"),
                     2, words)
    assert result["where"].startswith(str(path))
    assert not out.exists()


def test_the_fit_without_a_fault_is_taken(forked, tmp_path):
    path = tmp_path / "fit.yaml"
    path.write_text(changed(), "utf-8")
    done = forked("run", "--fit", path, "--dry-run", "--json")
    assert (done.returncode, done.stderr) == (0, "")


def test_the_installed_command_says_the_same(forked, tmp_path):
    path = tmp_path / "fit.yaml"
    path.write_text(changed(form=1), "utf-8")
    done = skyshield("run", "--fit", path)
    refused(done, 2, "is a fit of form 1")
    assert done.stderr == forked("run", "--fit", path).stderr


def test_a_record_too_short_to_fit(forked, tmp_path):
    from support.records import record

    path = tmp_path / "record.csv"
    path.write_text(record(nights=10), "utf-8")
    for words in (("fit", path), ("run", "--record", path)):
        refused(forked(*words, "--json"), 2, "tells of 10 nights in the window, too few to fit")
