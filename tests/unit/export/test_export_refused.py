"""What cannot be exported: one line, exit code 2, or 3 where it is the machine; nothing is written."""

import json
import shutil
from pathlib import Path

import pytest

from support.command_line import hashes, leftovers, parsed, refused

ENDINGS = ".xlsx, .csv, .parquet"


def test_a_file_is_written_and_told(forked, folder, tmp_path):
    done = parsed(forked("export", folder, "--out", tmp_path / "it.csv", "--json"))
    assert done == {"written": [str(tmp_path / "it.csv"), str(tmp_path / "datapackage.json")], "format": "csv",
                    "study_key": json.loads((folder / "study.json").read_text("utf-8"))["study_key"]}
    assert sorted(path.name for path in tmp_path.iterdir()) == ["datapackage.json", "it.csv"]
    plain = forked("export", folder, "--out", tmp_path / "it.xlsx")
    assert plain.returncode == 0 and "fewer than 200" in plain.stdout and "it.xlsx" in plain.stdout


@pytest.mark.parametrize(("name", "words"), [
    ("it.pdf", "has the ending .pdf, which is no format; use one of .xlsx, .csv"), ("it", "has no ending"),
    ("it.", "has no ending"), (".xlsx", "has no ending"), ("it.xlsx.bak", "has the ending .bak")])
def test_an_ending_that_is_no_format(forked, folder, tmp_path, name, words):
    refused(forked("export", folder, "--out", tmp_path / name, "--json"), 2, words, ENDINGS)
    assert not list(tmp_path.iterdir())


def test_a_folder_that_holds_no_study(forked, tmp_path):
    (tmp_path / "empty").mkdir()
    (tmp_path / "file").write_text("x")
    refused(forked("export", tmp_path / "empty", "--out", tmp_path / "it.xlsx"), 2, "empty: holds no study")
    refused(forked("export", tmp_path / "none", "--out", tmp_path / "it.xlsx"), 2, "none: holds no study")
    refused(forked("export", tmp_path / "file", "--out", tmp_path / "it.xlsx"), 2, "is a file, not a study's folder")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["empty", "file"]


def test_a_study_that_is_not_finished_says_how_much_is_there(forked, folder, tmp_path):
    study = tmp_path / "study"
    shutil.copytree(folder, study)
    manifest = json.loads((study / "study.json").read_text("utf-8"))
    manifest["complete"] = False
    names = sorted(manifest["shards"])
    manifest["shards"] = {names[0]: manifest["shards"][names[0]]}
    (study / "study.json").write_text(json.dumps(manifest), "utf-8")
    refused(forked("export", study, "--out", tmp_path / "it.xlsx"), 2,
            "not finished: 6 of 42 replications are played, in 1 shards; run the same command again")
    assert not (tmp_path / "it.xlsx").exists()


def test_an_option_that_is_not_in_the_study(forked, folder, tmp_path):
    refused(forked("export", folder, "--to", "regoin", "--out", tmp_path / "it.xlsx"), 2,
            "option 'regoin': is not in the study; choose from own, region, aid_region")


@pytest.mark.parametrize("kind", ["xlsx", "csv", "parquet", "zip", "geojson", "ipynb"])
def test_a_template_for_a_format_that_takes_none(forked, folder, tmp_path, kind):
    refused(forked("export", folder, "--template", tmp_path / "none.docx", "--out", tmp_path / f"it.{kind}"), 2,
            f"--template: is given for .{kind}, which takes none; leave it out, or write .docx or .pptx")


def test_a_template_that_is_not_there(forked, folder, tmp_path):
    refused(forked("export", folder, "--template", tmp_path / "none.docx", "--out", tmp_path / "it.docx"), 2,
            "none.docx: no such file")


def test_places_that_cannot_be(forked, folder, tmp_path):
    (tmp_path / "folder.xlsx").mkdir()
    refused(forked("export", folder, "--out", tmp_path / "folder.xlsx", "--force"), 2, "is a folder, not a file")
    refused(forked("export", folder, "--out", tmp_path / "none" / "it.xlsx"), 2, "there is no such folder")
    (tmp_path / "file").write_text("x")
    refused(forked("export", folder, "--out", tmp_path / "file" / "it.xlsx"), 2, "there is no such folder")
    refused(forked("export", folder, "--out", tmp_path / ("x" * 300 + ".xlsx")), 2, "is not a usable file name")
    assert sorted(path.name for path in tmp_path.rglob("*")) == ["file", "folder.xlsx"]


@pytest.mark.parametrize("name", ["parameters.parquet", "failures.parquet", "shards/more.parquet"])
def test_a_file_of_the_study_itself(forked, folder, name):
    before = hashes(folder)
    refused(forked("export", folder, "--out", folder / name, "--force"), 2, "is a file of the study itself")
    refused(forked("export", folder, "--out", folder / ".." / folder.name / name), 2, "is a file of the study itself")
    assert hashes(folder) == before


def test_another_file_in_the_studys_folder_leaves_the_study_whole(forked, folder, tmp_path):
    study = tmp_path / "study"
    shutil.copytree(folder, study)
    parsed(forked("export", study, "--out", study / "it.csv", "--json"))
    parsed(forked("compare", study, "--json"))


def test_a_file_that_exists_is_replaced_by_force_alone(forked, folder, tmp_path):
    (tmp_path / "it.xlsx").write_text("mine")
    refused(forked("export", folder, "--out", tmp_path / "it.xlsx"), 2,
            "exists already; choose another name, or add --force to replace it")
    assert (tmp_path / "it.xlsx").read_text() == "mine"
    parsed(forked("export", folder, "--out", tmp_path / "it.xlsx", "--force", "--json"))
    assert (tmp_path / "it.xlsx").stat().st_size > 10_000


@pytest.mark.parametrize("lock", [".~lock.it.xlsx#", "~$it.xlsx", "~$.xlsx"])
def test_a_file_that_is_open_elsewhere(forked, folder, tmp_path, lock):
    (tmp_path / "it.xlsx").write_text("mine")
    (tmp_path / lock).write_text("")
    refused(forked("export", folder, "--out", tmp_path / "it.xlsx", "--force"), 2, "is open in another program")
    assert (tmp_path / "it.xlsx").read_text() == "mine"


def test_a_clash_of_names(forked, folder, tmp_path):
    (tmp_path / "datapackage.json").write_text("{}")
    refused(forked("export", folder, "--out", tmp_path / "it.csv", "--force"), 2, "datapackage.json: is there already",
            "export a .zip")
    assert [path.name for path in tmp_path.iterdir()] == ["datapackage.json"]


def test_of_two_files_both_are_written_or_none(monkeypatch, tmp_path):
    from skyshield.core.errors import SkyShieldError
    from skyshield.report.export import job

    (tmp_path / "b").write_bytes(b"old")
    whole = job.write_bytes

    def full(path, content):
        if ".b." in str(path):
            raise SkyShieldError(str(path), "the disk is full", "free some space", 3)
        whole(path, content)

    monkeypatch.setattr(job, "write_bytes", full)
    with pytest.raises(SkyShieldError, match=r"b: the disk is full") as error:
        job.write_together({tmp_path / "a": b"new", tmp_path / "b": b"new"})
    assert error.value.exit_code == 3 and "tmp-" not in str(error.value)
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == {"b": b"old"}


def test_nothing_temporary_is_left(place):
    assert not leftovers(Path(place))
