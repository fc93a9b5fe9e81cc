"""The folder: names stand for what lies in it, never for a path."""

import errno
import fcntl
import os
import shutil
import subprocess
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from skyshield.app import folder as room
from skyshield.app.folder import Folder, UnknownError
from skyshield.core.errors import SkyShieldError
from support.command_line import MONTH

MANIFEST = '{"kind": "skyshield study"}'


def study(place: Path, name: str) -> Path:
    path = place / name
    path.mkdir(parents=True)
    (path / "study.json").write_text(MANIFEST, "utf-8")
    (path / "summary.json").write_text("{}", "utf-8")
    return path


@pytest.fixture
def place(tmp_path):
    study(tmp_path / "own", "one")
    (tmp_path / "own" / "mine.yaml").write_bytes(MONTH.read_bytes())
    study(tmp_path, "own-sibling")
    study(tmp_path, "secret")
    (tmp_path / "secret.yaml").write_bytes(MONTH.read_bytes())
    return tmp_path / "own"


BEYOND = ["..", "../secret", "../own-sibling", "./one", "one/", "one/../one", "/", "", ".", "one\0", "%2e%2e",
          "%2e%2e/secret", "..%2fsecret", "..\\secret", "ONE", "one.json", "one/summary.json", "~", "\ud800"]


@pytest.mark.parametrize("name", BEYOND)
def test_a_name_is_never_a_path(place, name):
    with Folder(place) as folder:
        assert set(folder.studies()) == {"one"}
        for ask in (folder.study, folder.scenario, folder.scenario_text):
            for word in (name, str(place.parent / "secret"), str(place / "one"), str(place / "mine.yaml")):
                with pytest.raises(UnknownError):
                    ask(word)


@given(st.text(max_size=20))
def test_no_other_name_opens_anything(ask, name):
    with pytest.raises(UnknownError):
        ask.app._app.state.services.folder.study(name)


def test_links_lead_nowhere(place):
    secret = place.parent / "secret"
    (place / "linked").symlink_to(secret, target_is_directory=True)
    (place / "linked.yaml").symlink_to(place.parent / "secret.yaml")
    study(place, "holds-a-link")
    (place / "holds-a-link" / "report.html").symlink_to("/etc/passwd")
    study(place, "manifest")
    (place / "manifest" / "study.json").unlink()
    (place / "manifest" / "study.json").symlink_to(secret / "study.json")
    with Folder(place) as folder:
        assert set(folder.studies()) == {"one"}
        assert set(folder.scenarios()) == {"mine"}
        with pytest.raises(SkyShieldError, match="is taken by something that is no scenario"):
            folder.keep_scenario("linked", b"days: 3")
    assert (place.parent / "secret.yaml").read_bytes() == MONTH.read_bytes()


@pytest.mark.parametrize("name", [".hidden", "a\nb", "a.json", "x" * 201, "\x1b[31m",
                                  b"\xff".decode("utf-8", "surrogateescape")])
def test_a_folder_whose_name_no_page_can_show_is_no_study(place, name):
    study(place, name)
    with Folder(place) as folder:
        assert set(folder.studies()) == {"one"}


@pytest.mark.parametrize("name", ["<script>alert(1)</script>".replace("/", "-"), "a b", "a?b#c%2e", "війна"])
def test_other_names_are_studies(place, name):
    study(place, name)
    with Folder(place) as folder:
        assert folder.study(name) == place / name


def test_a_file_a_fifo_and_a_folder_are_no_scenarios(place):
    (place / "folder.yaml").mkdir()
    os.mkfifo(place / "fifo.yaml")
    (place / "UPPER.yaml").write_text("x", "utf-8")
    with Folder(place) as folder:
        assert set(folder.scenarios()) == {"mine"}


@pytest.mark.parametrize("name", ["..", "../x", "a/b", "a.b", "A", "", "x" * 65, "-a", "a\n", "é", "month"])
def test_a_scenario_is_kept_under_a_name_alone(place, name):
    before = sorted(place.parent.rglob("*"))
    with Folder(place) as folder, pytest.raises(SkyShieldError):
        folder.keep_scenario(name, b"days: 3")
    assert sorted(place.parent.rglob("*")) == before


def test_a_scenario_is_new_once(place):
    with Folder(place) as folder:
        assert folder.keep_scenario("a-b_1", MONTH.read_bytes())
        assert not folder.keep_scenario("a-b_1", MONTH.read_bytes().replace(b"days: 30", b"days: 10"))
        assert folder.scenario("a-b_1").days == 10
        assert folder.free_study("one") == "one-2"
        assert folder.free_study("two") == "two"


def test_it_is_one_servers_and_free_again(place):
    with Folder(place):
        with pytest.raises(SkyShieldError, match="is in use by another server") as caught:
            Folder(place)
        assert caught.value.exit_code == 2
    Folder(place).close()


def test_a_program_that_is_started_meanwhile_does_not_keep_it(place):
    with Folder(place):
        child = subprocess.Popen(["/bin/sleep", "30"])
    try:
        Folder(place).close()
    finally:
        child.kill()
        child.wait()


@pytest.mark.parametrize(("make", "code", "words"), [
    (lambda p: p.write_text("x", "utf-8"), 2, "is a file"),
    (lambda p: p.symlink_to("/dev/null"), 2, "is a file"),
    (lambda p: study(p.parent, p.name), 2, "is itself a study")])
def test_what_is_no_folder_is_refused(tmp_path, make, code, words):
    make(tmp_path / "x")
    with pytest.raises(SkyShieldError, match=words) as caught:
        Folder(tmp_path / "x")
    assert caught.value.exit_code == code


def test_a_place_under_a_file_or_of_an_impossible_name_is_refused(tmp_path):
    (tmp_path / "file").write_text("x", "utf-8")
    for path, words in ((tmp_path / "file" / "below", "lies under one"), (tmp_path / "a\0b", "not a usable"),
                        (tmp_path / ("x" * 300), "not a usable")):
        with pytest.raises(SkyShieldError, match=words):
            Folder(path)


def test_a_folder_that_may_not_be_written_to(tmp_path, monkeypatch):
    monkeypatch.setattr(os, "access", lambda path, mode: not mode & os.W_OK)
    with pytest.raises(SkyShieldError, match="may not be written to") as caught:
        Folder(tmp_path)
    assert caught.value.exit_code == 3


def test_a_disk_that_cannot_lock(tmp_path, monkeypatch):
    def cannot(*_):
        raise OSError(errno.ENOLCK, "No locks available")

    monkeypatch.setattr(fcntl, "flock", cannot)
    with pytest.raises(SkyShieldError, match="lock") as caught:
        Folder(tmp_path)
    assert caught.value.exit_code == 3


def test_a_full_disk_leaves_nothing_half_written(place, monkeypatch):
    def full(*_):
        raise OSError(errno.ENOSPC, "No space left on device")

    with Folder(place) as folder:
        monkeypatch.setattr(os, "fsync", full)
        with pytest.raises(SkyShieldError, match="the disk is full") as caught:
            folder.keep_scenario("new", b"days: 3")
        assert caught.value.exit_code == 3
    assert {path.name for path in place.iterdir()} == {"one", "mine.yaml"}


def test_a_study_that_goes_while_it_is_listed_is_none(place, monkeypatch):
    scan = os.scandir

    def gone(path):
        if str(path).endswith("one"):
            shutil.rmtree(place / "one", ignore_errors=True)
        return scan(path)

    with Folder(place) as folder:
        monkeypatch.setattr(room.os, "scandir", gone)
        assert folder.studies() == {}


def test_the_users_own_folder_is_the_default(monkeypatch, tmp_path):
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    assert room.default_folder() == tmp_path / "skyshield"
