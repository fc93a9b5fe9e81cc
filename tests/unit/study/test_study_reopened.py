"""A stored study is opened by its summary: without totals, without the compiler, and only if it is all that is asked.

Tried to fail: the summary taken whatever code made it; a study of fewer replications taken for enough; pages left as
they are when the summary has changed. Each fails at least one test.
"""

import json
import shutil
import subprocess
import sys

import pytest

from skyshield.core.errors import SkyShieldError
from skyshield.raids.fit import embedded_fit
from skyshield.report.keep import keep_pages
from skyshield.study import StudyView, reader
from skyshield.study import view as views
from skyshield.study.compare import rounded
from skyshield.study.document import compare_json, run_json
from skyshield.study.prepare import prepare
from skyshield.study.view import reopened
from support.command_line import hashes, parsed, refused, stamps, unstored
from support.forks import skyshield

SIZE = {"seed": 1, "vectors": 2, "replications": 3}
WORDS = ("--vectors", 2, "--replications", 3, "--days", 1)


@pytest.fixture
def folder(tiny, tmp_path):
    shutil.copytree(tiny, tmp_path / "study")
    return tmp_path / "study"


@pytest.fixture(scope="module")
def asked(few):
    return prepare(str(few), embedded_fit(), days=1).resolved


def test_the_summary_is_what_json_prints(tiny):
    printed = (tiny.parent / "study.out").read_text("utf-8")
    assert (tiny / "summary.json").read_text("utf-8") == printed
    assert json.loads((tiny / "study.json").read_text("utf-8"))["tables"]["summary.json"]


def test_a_view_by_the_summary_says_what_the_totals_say(tiny):
    opened = StudyView.open(tiny)
    result, resolved = reader.read(tiny)
    worked_out = StudyView(result, resolved)
    for name in ("summaries", "sums", "arms", "rivals", "relief", "marks", "prices", "failures"):
        assert json.dumps(getattr(opened, name)) == json.dumps(rounded(getattr(worked_out, name))), name
    assert opened.comparison.rows == rounded(worked_out.comparison.rows)
    assert opened.moves == worked_out.moves and opened.replications == worked_out.replications
    assert opened.parameters.keys() == worked_out.parameters.keys() == set(opened.parameter_names)
    assert json.dumps(rounded(run_json(worked_out))) == json.dumps(run_json(opened))
    assert json.dumps(rounded(compare_json(worked_out))) == json.dumps(compare_json(opened))


def test_another_option_to_compare_with_reads_the_totals(tiny):
    opened = StudyView.open(tiny, "region")
    assert not opened.summary and set(opened.comparison.rows) == {"own"}
    with pytest.raises(SkyShieldError, match="option 'moon': is not in the study; choose from own, region"):
        StudyView.open(tiny, "moon")


def test_opening_needs_neither_totals_nor_compiler(tiny, few):
    words = ("import sys; from pathlib import Path; from skyshield.study import StudyView; "
             "from skyshield.study.document import run_json; view = StudyView.open(Path(sys.argv[1])); "
             "run_json(view, 0.05); view.labels; "
             "print([name for name in ('numba', 'duckdb', 'pandas', 'pint') if name in sys.modules])")
    done = subprocess.run([sys.executable, "-c", words, str(tiny)], capture_output=True, text=True, timeout=120,
                          check=True)
    assert done.stdout == "[]\n"


def test_only_a_study_that_is_all_that_is_asked_is_taken(folder, asked):
    assert reopened(folder, asked, **SIZE).summary
    assert reopened(folder, asked, **{**SIZE, "replications": 1}).summary
    for more in ({"seed": 2}, {"vectors": 3}, {"replications": 4}, {"relief": True}, {"daily": True}):
        assert reopened(folder, asked, **{**SIZE, **more}) is None, more
    (folder / "summary.json").write_text("{}")
    assert reopened(folder, asked, **SIZE) is None


def test_another_version_of_the_program_summarises_anew(folder, asked, monkeypatch):
    monkeypatch.setattr(views, "summary_code_sha256", lambda: "0" * 64)
    opened = StudyView.open(folder)
    assert not opened.summary and opened.comparison.rows  # from the totals
    assert reopened(folder, asked, **SIZE) is None


def test_the_same_run_again_writes_nothing(folder, few):
    before, whole = stamps(folder), hashes(folder)
    done = skyshield("run", few, *WORDS, "--out", folder, "--json")
    assert (done.returncode, unstored(done.stderr)) == (0, "")
    assert done.stdout == (folder / "summary.json").read_text("utf-8")
    assert stamps(folder) == before and hashes(folder) == whole
    timing = parsed(skyshield("run", few, *WORDS, "--out", folder, "--json", "--timing"))["timing"]
    assert timing["play_s"] == timing["raid_days_per_s"] == 0.0
    refused(skyshield("run", few, *WORDS, "--seed", 3, "--out", folder, "--json"), 2, "holds another study")


def test_pages_are_written_again_if_they_would_say_something_else(folder):
    view = StudyView.open(folder)
    before = hashes(folder)
    assert not keep_pages(folder, view, None)
    (folder / "annex.html").write_text("gone")
    assert keep_pages(folder, view, None) and hashes(folder) == before
    view.manifest["tables"]["summary.json"] = "0" * 64
    assert keep_pages(folder, view, None)
    again = hashes(folder)
    assert again.pop("study.json") != before.pop("study.json") and again == before


def test_a_study_that_is_stored_whole_grows_until_it_is_precise(few, tmp_path):
    from skyshield.study import run

    asked, folder = prepare(str(few), embedded_fit(), days=6).resolved, tmp_path / "study"
    assert not run(asked, **SIZE, out=folder).failures()
    grown = run(asked, **SIZE, out=folder, until=0.3)
    assert grown.sizes[0] > SIZE["vectors"] or grown.sizes[1] > SIZE["replications"]
    manifest = json.loads((folder / "study.json").read_text("utf-8"))
    assert manifest["complete"] and (manifest["vectors"], manifest["replications"]) == grown.sizes
    assert StudyView.open(folder).comparison.rows.keys() == {"region"}
    assert not run(asked, **SIZE, out=folder, until=0.3).failures()
