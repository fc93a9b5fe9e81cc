"""``monitor init``, ``verify``, ``export``, ``proof`` and ``cosign`` as users run them."""

import shutil
import sqlite3

import pytest

from skyshield.monitoring.agreement.load import LIBRARY
from skyshield.monitoring.ledger.store import Ledger
from support.command_line import SHAPE, parsed, skyshield
from support.ledgers import entry


@pytest.fixture
def mission(tmp_path, monitor):
    shutil.copy(LIBRARY / "minsk-2015.yaml", tmp_path / "agreement.yaml")
    (tmp_path / "id.yaml").write_text("id: test\n", "utf-8")
    told = parsed(monitor("init", tmp_path / "mission", "--agreement", tmp_path / "agreement.yaml",
                         "--origin", "example.org/m", "--key", tmp_path / "log.key", "--json"))
    with Ledger.open(tmp_path / "mission") as ledger:
        ledger.append([entry(number) for number in range(300)])
    return told


def test_a_key_without_a_place_goes_to_the_users_data(tmp_path):
    told = parsed(skyshield("monitor", "init", tmp_path / "m", "--agreement", "minsk-2015", "--json",
                            env={"XDG_DATA_HOME": str(tmp_path / "data")}))
    assert told["key"] == str(tmp_path / "data/skyshield/keys" / f"{told['verifier_key'].split('+')[1]}.key")
    assert oct((tmp_path / "data/skyshield/keys").stat().st_mode)[-3:] == "700"
    assert told["origin"] == "skyshield.local/ledger"


def test_the_commands_agree(mission, tmp_path, monitor):
    folder, out = tmp_path / "mission", tmp_path / "out"
    assert set(mission) == {"folder", "origin", "verifier_key", "key"}
    exported = parsed(monitor("export", folder, out, "--level", "mission", "--json"))
    assert (exported["size"], exported["disclosed"], exported["level"]) == (300, 300, "mission")
    for source in (folder, out):
        found = parsed(monitor("verify", source, "--key", mission["verifier_key"], "--checkpoint",
                              out / "checkpoint", "--json"))
        assert (found["valid"], found["size"], found["root"], found["key"]) == (True, 300, exported["root"], "given")
    proof = parsed(monitor("proof", folder, 7, "--out", tmp_path / "7.tlog-proof", "--json"))
    assert proof["leaf"].encode() == entry(7).leaf
    assert (tmp_path / "7.tlog-proof").read_text("utf-8") == proof["proof"] == monitor(
        "proof", folder, 7).stdout
    told = parsed(monitor("cosign", out, "--key", tmp_path / "w.key", "--name", "w.example", "--json"))
    done = monitor("verify", out, "--witness", told["witness"])
    assert (done.returncode, done.stdout) == (0, f"example.org/m: all 300 records are as they were signed; root "
                                              f"{exported['root']}\n")
    assert done.stderr.startswith("note: checked with the ledger's own key")


@pytest.mark.parametrize("kind", ["here", "empty", "link", "broken link"])
def test_a_ledger_and_an_export_in_a_folder_that_is_there(tmp_path, monitor, kind):
    """In the current folder, an empty one, behind a link: the folder itself stays."""
    ledger, out = tmp_path / "Тека з пробілом", tmp_path / "копія"
    for place in (ledger, out):
        if "link" in kind:
            place.symlink_to(tmp_path / f"real {place.name}")
        if kind != "broken link":
            place.resolve().mkdir()
        before = place.stat().st_ino if place.exists() else None
        given, cwd = (".", place) if kind == "here" else (place, tmp_path)
        words = ("export", ledger, given) if place == out else (
            "init", given, "--agreement", "minsk-2015", "--key", tmp_path / "ключ")
        done = monitor(*words, cwd=cwd)
        assert (done.returncode, done.stderr) == (0, "")
        assert before in (None, place.stat().st_ino)
    assert [path.name for path in ledger.iterdir()] == ["ledger.sqlite"]
    assert (ledger / "ledger.sqlite").stat().st_mode & 0o077 == 0
    key = (out / "verifier.key").read_text().strip()
    assert parsed(monitor("verify", out, "--key", key, "--json"))["size"] == 0
    assert not list(tmp_path.rglob("*.tmp-*"))


def test_a_ledger_that_cannot_be_made_leaves_no_key(tmp_path, monitor, key_folder):
    (tmp_path / "loop").symlink_to(tmp_path / "loop")
    for folder in (tmp_path / "loop", tmp_path / "agreement.yaml", tmp_path / "agreement.yaml" / "below"):
        shutil.copy(LIBRARY / "minsk-2015.yaml", tmp_path / "agreement.yaml")
        done = monitor("init", folder, "--agreement", "minsk-2015")
        assert done.returncode in (2, 3) and SHAPE.fullmatch(done.stderr), done.stderr
        assert not key_folder.exists() or not list(key_folder.iterdir())


def test_a_changed_ledger_leaves_with_one_and_its_place(mission, tmp_path, monitor):
    with sqlite3.connect(tmp_path / "mission" / "ledger.sqlite") as connection:
        connection.execute("UPDATE entries SET time_s = 0 WHERE number = 12")
    connection.close()
    found = parsed(monitor("verify", tmp_path / "mission", "--json"), 1)
    assert (found["valid"], found["faults"][0]["table"], found["faults"][0]["place"]) == (False, "entries", "12")
    done = monitor("verify", tmp_path / "mission")
    assert done.returncode == 1
    assert done.stdout.startswith("entries 12: a column beside the leaf was changed\n")


@pytest.mark.parametrize(("words", "line"), [
    (("verify", "nothing"), "nothing: holds no ledger"),
    (("export", "nothing", "out"), "nothing: holds no ledger"),
    (("verify", "mission", "--key", "x"), "--key: is no verifier key of a log"),
    (("verify", "mission", "--checkpoint", "agreement.yaml"), "agreement.yaml: is no signed note"),
    (("proof", "mission", 300), "record 300: is not in the ledger"),
    (("export", "mission", "out", "--level", "all"), "--level 'all': is no level"),
    (("cosign", "mission", "--key", "w.key"), "--key w.key: there is no such file"),
    (("verify", "mission", "--witness", "x"),
     "--witness: is no verifier key of a witness; give it as 'monitor cosign'"),
    (("cosign", "mission", "--key", "mission/w.key", "--name", "w"), "--key mission/w.key: lies in mission"),
    (("cosign", "mission", "--key", "mission/../mission/w.key", "--name", "w"), "--key "),
    (("init", "mission", "--agreement", "agreement.yaml"), "mission: is not an empty folder"),
    (("init", "new", "--agreement", "none.yaml"), "none.yaml: "),
    (("init", "new", "--agreement", "id.yaml"), "id.yaml"),
    (("init", "new", "--agreement", "agreement.yaml", "--origin", "a b"), "name 'a b': is empty or holds a space")])
def test_bad_input_is_one_line_and_leaves_nothing(mission, tmp_path, words, line, monitor):
    before = sorted(path.relative_to(tmp_path) for path in tmp_path.rglob("*"))
    done = monitor(*words, "--json", cwd=tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert SHAPE.fullmatch(done.stderr), done.stderr
    assert done.stderr.startswith(f"error: {line}")
    assert sorted(path.relative_to(tmp_path) for path in tmp_path.rglob("*")) == before
