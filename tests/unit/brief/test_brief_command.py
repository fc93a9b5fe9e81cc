"""``skyshield report``: what it writes, says and refuses."""

import json

import pytest

from support.command_line import hashes, parsed, refused


@pytest.fixture
def study(folder, tmp_path):
    """A copy of the study that may be written to."""
    import shutil

    return shutil.copytree(folder, tmp_path / "study")


@pytest.mark.parametrize("kind", ["html", "pdf", "png"])
def test_it_is_written_beside_the_report_and_changes_nothing_else(forked, study, kind):
    before = hashes(study)
    done = parsed(forked("report", study, "--format", kind, "--json"))
    assert done["written"] == [str(study / f"brief.{kind}")] and (done["format"], done["language"]) == (kind, "en")
    assert done["study_key"] == json.loads((study / "study.json").read_text("utf-8"))["study_key"]
    assert "trace" not in done and any("fewer than 200" in mark for mark in done["marks"])
    after = hashes(study)
    assert {name for name in after if after[name] != before.get(name)} == {f"brief.{kind}"}
    parsed(forked("report", study, "--format", kind, "--json"))
    assert hashes(study) == after


def test_a_study_with_a_brief_is_still_whole(forked, study):
    parsed(forked("report", study, "--json"))
    parsed(forked("compare", study, "--json"))


def test_the_trace_is_listed(forked, study, tmp_path):
    done = parsed(forked("report", study, "--format", "html", "--trace", "--out", tmp_path / "it.html", "--json"))
    kinds = {row["kind"] for row in done["trace"]}
    assert {"study", "catalogue", "equation", "scenario", "record", "scale", "claim"} >= kinds >= {"study", "catalogue"}
    assert all(any(map(str.isdigit, row["text"])) for row in done["trace"])
    plain = forked("report", study, "--format", "html", "--trace", "--out", tmp_path / "it.html")
    assert "<-  study: region · prevented_armed_zone · headline · delta · own" in plain.stdout
    assert not (study / "brief.html").exists()


def test_ukrainian(forked, study):
    plain = forked("report", study, "--format", "html", "--lang", "uk")
    assert plain.returncode == 0 and "інтервали приблизні" in plain.stdout
    assert "Відповідь у трьох реченнях" in (study / "brief.html").read_text("utf-8")


def test_what_cannot_be(forked, study, tmp_path):
    for words, what in (
            (("--format", "docx"), "--format: there is no format 'docx'; use one of html, pdf, png"),
            (("--lang", "de"), "--lang: there is no language 'de'; use en or uk"),
            (("--out", tmp_path / "it.html"), "does not end in .pdf"),
            (("--out", tmp_path / "none" / "it.pdf"), "there is no such folder"),
            (("--format", "html", "--out", study / "report.html"), "is a file of the study itself")):
        refused(forked("report", study, *words, "--json"), 2, what)
    refused(forked("report", tmp_path / "none", "--json"), 2, "none: holds no study")
    (tmp_path / "folder.pdf").mkdir()
    refused(forked("report", study, "--out", tmp_path / "folder.pdf"), 2, "is a folder, not a file")
    assert not list(study.glob("brief*")) and not list(tmp_path.glob("it*"))


def test_a_folder_that_may_not_be_written_to(forked, study, monkeypatch):
    import os

    if os.geteuid() == 0:
        from support.command_line import NOBODY, skyshield

        study.chmod(0o755)
        before = ("setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups")
        done = skyshield("report", study, "--format", "html", before=before)
    else:
        study.chmod(0o555)
        done = forked("report", study, "--format", "html")
    refused(done, 3, "permission denied")
    assert not list(study.glob("*brief*"))


def test_without_typst(forked, study):
    without = "import sys\nsys.modules['typst'] = None\nfrom skyshield.cli.main import main\nmain({!r})"
    words = ["report", str(study), "--format"]
    refused(forked.python(without.format([*words, "pdf", "--json"]), study), 2,
            "--format: needs Typst, which is not installed", "skyshield[report]")
    assert not list(study.glob("brief*"))
    assert forked.python(without.format([*words, "html"]), study).returncode == 0
