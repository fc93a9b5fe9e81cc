"""The ledger: what is acknowledged is there, what is no entry changes nothing, and every tampering is found."""

import base64
import os
import shutil
import sqlite3
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from skyshield.core.errors import SkyShieldError
from skyshield.monitoring.ledger.database import SCHEMA
from skyshield.monitoring.ledger.note import encoded, new_signer, parse_signer, parse_verifier
from skyshield.monitoring.ledger.store import Entry, Ledger, create, row_digest
from skyshield.monitoring.ledger.tree import Edge, leaf_hash, root_of
from skyshield.monitoring.ledger.verify import verify_ledger
from support.ledgers import ORIGIN, entry, grow, made

BATCHES = (300, 1, 299)  # a full tile, a partial one at two levels, three checkpoints after the empty one


@pytest.fixture
def ledger(tmp_path) -> Path:
    return made(tmp_path, *BATCHES)


def test_a_ledger_says_what_it_holds(ledger):
    with Ledger.open(ledger, write=False) as opened:
        checkpoint = opened.checkpoint()
    leaves = [leaf_hash(entry(i).leaf) for i in range(600)]
    assert (checkpoint.origin, checkpoint.size, checkpoint.root) == (ORIGIN, 600, root_of(leaves))
    found = verify_ledger(ledger)
    assert (found["valid"], found["size"], found["root"], found["faults"]) == (True, 600, encoded(root_of(leaves)), [])


def test_the_key_is_its_owners_and_outside(ledger, tmp_path):
    assert stat.S_IMODE((tmp_path / "log.key").stat().st_mode) == 0o600
    signer = parse_signer((tmp_path / "log.key").read_text(), "key")
    assert base64.b64encode(signer.seed) not in (ledger / "ledger.sqlite").read_bytes()
    assert signer.seed not in (ledger / "ledger.sqlite").read_bytes()
    with pytest.raises(SkyShieldError, match="lies in the ledger's folder"):
        create(tmp_path / "other", b"id: test\n", key=tmp_path / "other" / "key")
    with pytest.raises(SkyShieldError, match="exists already"):
        create(tmp_path / "other", b"id: test\n", key=tmp_path / "log.key")
    assert not (tmp_path / "other").exists()
    (tmp_path / "log.key").unlink()
    with pytest.raises(SkyShieldError, match=f"private key of {ORIGIN} is not there"):
        grow(ledger, 1)
    assert verify_ledger(ledger)["valid"]


def test_duplicates_are_left_out_and_change_nothing(ledger):
    with Ledger.open(ledger) as opened:
        before = opened.checkpoint()
        again = opened.append([entry(i) for i in range(600)])
        assert (again.size, again.root, again.added, again.duplicates) == (600, before.root, 0, 600)
        one = entry(5)
        assert opened.known(one.time_s, one.content_sha256, "5")
        assert not opened.known(one.time_s, one.content_sha256, "6")
        other_name = Entry(one.leaf, one.time_s, {}, one.content_sha256, "another")
        assert opened.append([other_name, other_name]).added == 1


@pytest.mark.parametrize(("bad", "what"), [
    (Entry(b"x" * 65_536, 0.0), "65,536 bytes"), (Entry(b"x", float("nan")), "time"),
    (Entry(b"x", 0.0, {}, b"hash"), "only one"), (Entry(b"x", 0.0, {"f": {"value": 1}}), "lacks level")])
def test_what_is_no_entry_leaves_nothing_of_its_batch(ledger, bad, what):
    with Ledger.open(ledger) as opened, pytest.raises(SkyShieldError, match=what):
        opened.append([entry(600), bad])
    assert verify_ledger(ledger)["size"] == 600
    with Ledger.open(ledger) as opened:
        assert opened.append([Entry(b"x" * 65_535, 0.0)]).size == 601


def change(folder: Path, *statements: str) -> None:
    """Do to the database what somebody with the file could."""
    with sqlite3.connect(folder / "ledger.sqlite") as connection:
        for statement in statements:
            connection.execute(statement)
    connection.close()


# (what is done, table and place at which it must be found)
TAMPERING = {
    "a leaf": ("UPDATE entries SET leaf = CAST(replace(leaf, 'explosion', 'silence') AS BLOB) WHERE number = 410",
               "entries", "410"),
    "a time": ("UPDATE entries SET time_s = time_s + 1 WHERE number = 7", "entries", "7"),
    "a content hash": ("UPDATE entries SET content_sha256 = x'00' WHERE number = 7", "entries", "7"),
    "no content hash": ("UPDATE entries SET content_sha256 = NULL WHERE number = 7", "entries", "7"),
    "a source's name": ("UPDATE entries SET source_id = 'x' WHERE number = 599", "entries", "599"),
    "a private part": ("UPDATE entries SET private = replace(private, 'observer 0', 'nobody') WHERE number = 0",
                       "entries", "0"),
    "a row's hash": ("UPDATE entries SET row_sha256 = zeroblob(32) WHERE number = 301", "entries", "301"),
    "a removed entry": ("DELETE FROM entries WHERE number = 44", "entries", "44"),
    "the first entry": ("DELETE FROM entries WHERE number = 0", "entries", "0"),
    "the last entry": ("DELETE FROM entries WHERE number = 599", "entries", "599"),
    "all entries": ("DELETE FROM entries", "entries", "0 to 299"),
    "an added entry": ("INSERT INTO entries SELECT 600, leaf, 1, NULL, NULL, private, row_sha256 FROM entries "
                       "WHERE number = 1", "entries", "600"),
    "a tile": ("UPDATE tiles SET hashes = zeroblob(8192) WHERE level = 0 AND number = 1", "entries", "256"),
    "an upper tile": ("UPDATE tiles SET hashes = zeroblob(64) WHERE level = 1", "tiles", "1/0, hash 0"),
    "a short tile": ("UPDATE tiles SET hashes = substr(hashes, 1, 32) WHERE level = 1", "tiles", "1/0, hash 1"),
    "a longer tile": ("UPDATE tiles SET hashes = CAST(hashes || zeroblob(32) AS BLOB) WHERE level = 1",
                      "tiles", "1/0, hash 2"),
    "a removed tile": ("DELETE FROM tiles WHERE level = 0 AND number = 2", "tiles", "0/2"),
    "an added tile": ("INSERT INTO tiles VALUES (3, 0, zeroblob(32))", "tiles", "3/0"),
    "a renumbered tile": ("UPDATE tiles SET number = 9 WHERE level = 0 AND number = 0", "tiles", "0/0"),
    "a checkpoint's note": ("UPDATE checkpoints SET note = replace(note, '301', '302') WHERE size = 301",
                            "checkpoints", "301, column note"),
    "a line more": ("UPDATE checkpoints SET note = note || '— x AAAAAAA=' || char(10) WHERE size = 301",
                    "checkpoints", "301, column note"),
    "a checkpoint's state": ("UPDATE checkpoints SET state = replace(state, 'state', 'State') WHERE size = 301",
                             "checkpoints", "301, column state"),
    "another's state": ("UPDATE checkpoints SET state = (SELECT state FROM checkpoints WHERE size = 600) "
                        "WHERE size = 301", "checkpoints", "301, column state"),
    "a checkpoint in the middle": ("DELETE FROM checkpoints WHERE size = 301", "checkpoints", "before 600"),
    "the first checkpoint": ("DELETE FROM checkpoints WHERE size = 0", "checkpoints", "0"),
    "the last checkpoint": ("DELETE FROM checkpoints WHERE size = 600", "entries", "301 to 599"),
    "a checkpoint's size": ("UPDATE checkpoints SET size = 302 WHERE size = 301", "checkpoints", "302, column note"),
    "the agreement": ("UPDATE about SET agreement = CAST('id: other' AS BLOB)", "about", "1, column agreement"),
    "the note of the ledger": ("UPDATE about SET note = replace(note, 'tables', 'Tables')", "about",
                               "1, column note"),
    "the key": ("UPDATE about SET key = key || '='", "about", "1, column key"),
    "no description": ("DELETE FROM about", "about", "1"),
    "a table more": ("CREATE TABLE more(x)", "schema", "more"),
    "a trigger": ("CREATE TRIGGER t AFTER INSERT ON tiles BEGIN DELETE FROM tiles; END", "schema", "t"),
    "a view": ("CREATE VIEW v AS SELECT 1", "schema", "v"),
    "no index": ("DROP INDEX by_time", "schema", "by_time"),
    "a column more": ("ALTER TABLE entries ADD COLUMN more TEXT", "schema", "entries"),
    "a renamed column": ("ALTER TABLE tiles RENAME COLUMN hashes TO hash", "schema", "tiles"),
    "a version": ("PRAGMA user_version = 3", "schema", "user_version"),
    "an application": ("PRAGMA application_id = 3", "schema", "application_id"),
}


@pytest.mark.parametrize("what", TAMPERING)
def test_a_tampering_is_found_at_its_place(ledger, what):
    statement, table, place = TAMPERING[what]
    change(ledger, statement)
    found = verify_ledger(ledger)
    assert not found["valid"]
    assert (table, place) == (found["faults"][0]["table"], found["faults"][0]["place"]), found["faults"]


@pytest.mark.parametrize("what", TAMPERING)
def test_a_check_in_stretches_finds_the_same(ledger, what, monkeypatch):
    change(ledger, TAMPERING[what][0])
    whole = verify_ledger(ledger)
    for stretch in (1, 64, 300, 600):
        monkeypatch.setattr("skyshield.monitoring.ledger.verify._STRETCH", stretch)
        assert verify_ledger(ledger) == whole


@pytest.mark.parametrize("what", ["a leaf", "a private part", "a removed entry", "a source's name"])
def test_a_check_by_several_processes_finds_the_same(ledger, what, monkeypatch):
    monkeypatch.setattr("skyshield.monitoring.ledger.verify._STRETCH", 64)
    assert verify_ledger(ledger, jobs=2)["valid"]
    change(ledger, TAMPERING[what][0])
    assert verify_ledger(ledger, jobs=2) == verify_ledger(ledger)


def test_a_page_that_cannot_be_read_is_found(ledger):
    with sqlite3.connect(ledger / "ledger.sqlite") as connection:
        page_bytes = connection.execute("PRAGMA page_size").fetchone()[0]
        root = connection.execute("SELECT rootpage FROM sqlite_master WHERE name = 'entries'").fetchone()[0]
    connection.close()
    with (ledger / "ledger.sqlite").open("r+b") as stream:
        stream.seek((root - 1) * page_bytes)
        stream.write(b"\xff" * page_bytes)
    for jobs in (1, 2):
        found = verify_ledger(ledger, jobs=jobs)
        assert not found["valid"] and {fault["table"] for fault in found["faults"]} >= {"database"}


def test_every_column_is_tampered_with():
    for sql in SCHEMA:
        if "TABLE" in sql:
            table = sql.split("TABLE ")[1].split("(")[0]
            columns = [part.split()[0] for part in sql.split("(", 1)[1].split("PRIMARY KEY (")[0].split(", ")
                       if part and part.split()[0] not in ("one", "STRICT", "WITHOUT")]
            for column in columns:
                done = [s for s, *_ in TAMPERING.values() if f" {table} SET {column}" in s]
                done += [s for s, *_ in TAMPERING.values() if column in ("number", "level") and table in s]
                assert done, f"{table}.{column}"


def test_two_entries_change_places(ledger):
    change(ledger, "UPDATE entries SET number = -1 WHERE number = 20", "UPDATE entries SET number = 20 WHERE "
           "number = 30", "UPDATE entries SET number = 30 WHERE number = -1")
    places = {fault["place"] for fault in verify_ledger(ledger)["faults"]}
    assert {"20", "30"} <= places


def rewritten(folder: Path) -> None:
    """Change leaf 300 and make all tiles anew, as somebody without the key could."""
    change(folder, "UPDATE entries SET leaf = CAST(replace(leaf, 'explosion', 'silence') AS BLOB) WHERE number = 300",
           "DELETE FROM tiles")
    with sqlite3.connect(folder / "ledger.sqlite") as connection:
        edge = Edge()
        for (leaf,) in connection.execute("SELECT leaf FROM entries ORDER BY number").fetchall():
            connection.executemany("INSERT INTO tiles VALUES (?, ?, ?)", edge.append(leaf_hash(leaf)))
        connection.executemany("INSERT INTO tiles VALUES (?, ?, ?)", edge.tiles())
    connection.close()


def test_a_leaf_with_all_tiles_made_anew_is_found_between_its_checkpoints(ledger):
    rewritten(ledger)
    first = verify_ledger(ledger)["faults"][0]
    assert (first["table"], first["place"]) == ("entries", "300 to 300")


def test_a_private_part_with_its_row_hash_is_found_between_its_checkpoints(ledger):
    from skyshield.monitoring.ledger.database import row_hash
    with sqlite3.connect(ledger / "ledger.sqlite") as connection:
        row = connection.execute("SELECT number, time_s, content_sha256, source_id FROM entries WHERE number = 300")
        connection.execute("UPDATE entries SET private = '{}', row_sha256 = ? WHERE number = 300",
                           (row_hash(*row.fetchone(), "{}"),))
    connection.close()
    first = verify_ledger(ledger)["faults"][0]
    assert (first["place"], "beside the leaves" in first["what"]) == ("300 to 300", True)


def test_a_byte_of_the_file_anywhere_is_found_or_is_not_in_use(ledger):
    path = ledger / "ledger.sqlite"
    whole = path.read_bytes()
    for at in range(0, len(whole), len(whole) // 40):
        path.write_bytes(whole[:at] + bytes([whole[at] ^ 0xFF]) + whole[at + 1:])
        if verify_ledger(ledger)["valid"]:  # only a byte that holds nothing: then every row is read as it was written
            with sqlite3.connect(path) as connection:
                rows = [row[0] for row in connection.execute("SELECT leaf FROM entries ORDER BY number")]
            connection.close()
            assert rows == [entry(i).leaf for i in range(600)]
    path.write_bytes(whole[:len(whole) // 2])
    assert verify_ledger(ledger)["faults"][0]["table"] == "database"
    path.write_bytes(b"")
    assert verify_ledger(ledger)["faults"]


def test_a_published_checkpoint_shows_a_rollback(ledger, tmp_path):
    published = tmp_path / "published"
    old = {name.name: name.read_bytes() for name in ledger.iterdir()}
    grow(ledger, 40)
    with sqlite3.connect(ledger / "ledger.sqlite") as connection:
        published.write_text(connection.execute("SELECT note FROM checkpoints WHERE size = 640").fetchone()[0], "utf-8")
    connection.close()
    assert verify_ledger(ledger, published)["valid"]
    grow(ledger, 3)
    assert verify_ledger(ledger, published)["valid"]
    for file in ledger.iterdir():
        file.unlink()
    for name, content in old.items():
        (ledger / name).write_bytes(content)
    assert verify_ledger(ledger)["valid"]
    first = verify_ledger(ledger, published)["faults"][0]
    assert (first["table"], first["place"]) == ("entries", "600 to 639")


def test_a_published_checkpoint_shows_a_history_signed_anew(ledger, tmp_path):
    published, key = tmp_path / "published", (tmp_path / "log.key").read_text()
    with sqlite3.connect(ledger / "ledger.sqlite") as connection:
        published.write_text(connection.execute("SELECT note FROM checkpoints WHERE size = 301").fetchone()[0], "utf-8")
        verifier = parse_verifier(connection.execute("SELECT key FROM about").fetchone()[0], "")
    connection.close()
    (tmp_path / "again").mkdir()
    anew = made(tmp_path / "again", *BATCHES, text="silence")
    assert verify_ledger(anew)["valid"]
    found = verify_ledger(anew, published, verifier)
    assert found["faults"][0]["place"] == "1, column key"
    assert any("published checkpoint" in fault["place"] or "published" in fault["what"] for fault in found["faults"])
    signer = parse_signer(key, "")  # with the log's own key: the same history, other records
    with Ledger.open(anew) as opened:
        resigned(opened, signer, tmp_path)
    assert verify_ledger(anew, None, verifier)["valid"]
    first = verify_ledger(anew, published, verifier)["faults"][0]
    assert (first["table"], first["place"]) == ("entries", "0 to 300")


def resigned(opened: Ledger, signer, place: Path) -> None:
    """Sign everything in a ledger with another key, as that key's owner could."""
    from skyshield.monitoring.ledger.note import parse_note, signed
    from skyshield.monitoring.ledger.store import about_text
    run = opened.connection.execute
    agreement = run("SELECT agreement FROM about").fetchone()[0]
    run("UPDATE about SET key = ?, note = ?", (str(signer.verifier), signed(about_text(signer.verifier, agreement),
                                                                           signer)))
    before = Edge().root()
    for size, note, state in run("SELECT size, note, state FROM checkpoints ORDER BY size").fetchall():
        lines = parse_note(state, "").text.split("\n")
        lines[4] = before.hex()
        new_note, new_state = signed(parse_note(note, "").text, signer), signed("\n".join(lines), signer)
        run("UPDATE checkpoints SET note = ?, state = ? WHERE size = ?", (new_note, new_state, size))
        before = row_digest(new_note, new_state)


def test_a_checkpoint_of_another_log_is_refused(ledger, tmp_path):
    from skyshield.monitoring.ledger.note import Checkpoint, signed
    other = tmp_path / "other"
    other.write_text(signed(str(Checkpoint("other.example", 1, bytes(32))), new_signer("other.example")), "utf-8")
    with pytest.raises(SkyShieldError, match="is a checkpoint of other"):
        verify_ledger(ledger, other)
    with pytest.raises(SkyShieldError, match="holds no ledger"):
        verify_ledger(tmp_path / "nothing")


WRITER = """
import sys
from pathlib import Path
import skyshield.monitoring.ledger.keys as keys
keys.key_folder = lambda: Path(sys.argv[2])
from skyshield.monitoring.ledger.store import Ledger
from support.ledgers import entry
with Ledger.open(sys.argv[1]) as ledger:
    for at in range(int(sys.argv[3]), int(sys.argv[4]), 50):
        done = ledger.append([entry(number) for number in range(at, at + 50)])
        print(at, done.size, done.root.hex(), flush=True)
"""


def writer(folder: Path, keys: Path, first: int, last: int) -> subprocess.Popen:
    tests = Path(__file__).parents[3]
    return subprocess.Popen([sys.executable, "-c", WRITER, str(folder), str(keys), str(first), str(last)],
                            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                            env={"PYTHONPATH": str(tests), "PATH": "/usr/bin:/bin"})


def acknowledged(lines: list[str]) -> list[tuple[int, int, str]]:
    return [(int(at), int(size), root) for at, size, root in (line.split() for line in lines if line.endswith("\n"))]


def test_two_writers_at_once_lose_nothing(tmp_path):
    folder = made(tmp_path, 10)
    keys = tmp_path / "data" / "skyshield" / "keys"
    both = [writer(folder, keys, 1000, 3000), writer(folder, keys, 5000, 7000)]
    told = [process.communicate(timeout=60) for process in both]
    assert [error for _, error in told] == ["", ""]
    sizes = sorted(size for out, _ in told for _, size, _ in acknowledged(out.splitlines(keepends=True)))
    assert sizes == list(range(60, 4011, 50))
    assert verify_ledger(folder)["valid"]
    with Ledger.open(folder, write=False) as opened:
        rows = opened.connection.execute("SELECT source_id FROM entries").fetchall()
    assert sorted(int(row[0]) for row in rows) == [*range(10), *range(1000, 3000), *range(5000, 7000)]


def test_a_writer_killed_at_twenty_moments_loses_nothing_acknowledged(tmp_path):
    folder = made(tmp_path, 10)
    keys = tmp_path / "data" / "skyshield" / "keys"
    for kill in range(20):
        process = writer(folder, keys, 1000 * (kill + 1), 1_000_000)
        lines = [process.stdout.readline() for _ in range(1 + kill % 3)]
        if kill % 2:
            process.stdout.flush()
        process.kill()
        rest, _ = process.communicate(timeout=60)
        told = acknowledged([*lines, *rest.splitlines(keepends=True)])
        assert told
        found = verify_ledger(folder)
        assert found["valid"], found["faults"]
        with Ledger.open(folder, write=False) as opened:
            names = {int(row[0]) for row in opened.connection.execute("SELECT source_id FROM entries")}
            notes = opened.connection.execute("SELECT size, note FROM checkpoints").fetchall()
        roots = {size: note.split("\n")[2] for size, note in notes}
        for at, size, root in told:
            assert names >= set(range(at, at + 50))
            assert base64.b64decode(roots[size]).hex() == root
        assert (found["size"] - 10) % 50 == 0, "a batch is half there"
        with sqlite3.connect(folder / "ledger.sqlite") as connection:  # the next writer's numbers are free again
            assert connection.execute("SELECT max(number) FROM entries").fetchone()[0] == found["size"] - 1
        connection.close()


def test_a_full_disk_loses_nothing(ledger):
    with Ledger.open(ledger) as opened:
        pages = opened.connection.execute("PRAGMA page_count").fetchone()[0]
        opened.connection.execute(f"PRAGMA max_page_count = {pages + 2}")
        with pytest.raises(SkyShieldError, match="the disk is full") as told:
            opened.append([entry(number) for number in range(600, 2000)])
        assert told.value.exit_code == 3
    found = verify_ledger(ledger)
    assert (found["valid"], found["size"]) == (True, 600)
    grow(ledger, 5)
    assert verify_ledger(ledger)["size"] == 605


def test_a_reader_neither_writes_nor_leaves_files(ledger):
    before = {path.name: path.read_bytes() for path in ledger.iterdir()}
    with Ledger.open(ledger, write=False) as opened:
        with pytest.raises(SkyShieldError, match="permission denied"):
            opened.append([entry(600)])
        assert opened.checkpoint().size == 600
    assert verify_ledger(ledger)["valid"]
    assert {path.name: path.read_bytes() for path in ledger.iterdir()} == before


@pytest.mark.skipif(os.geteuid() != 0 or shutil.which("setpriv") is None,
                    reason="needs root and setpriv, to give up the right to write anywhere")
def test_a_read_only_folder_is_read_and_not_written(ledger, tmp_path):
    for path in (ledger, *ledger.iterdir()):
        path.chmod(0o555 if path.is_dir() else 0o444)
    script = WRITER.split("with Ledger")[0] + (
        "from skyshield.core.errors import SkyShieldError\n"
        "from skyshield.monitoring.ledger.verify import verify_ledger\n"
        "print(verify_ledger(Path(sys.argv[1]))['valid'])\n"
        "try:\n    Ledger.open(sys.argv[1]).append([entry(600)])\n"
        "except SkyShieldError as error:\n    print(error.exit_code, 'permission denied' in str(error))\n")
    keys = tmp_path / "data" / "skyshield" / "keys"
    without = ("setpriv", "--inh-caps=-all", "--bounding-set=-dac_override,-dac_read_search")
    done = subprocess.run([*without, sys.executable, "-c", script, str(ledger), str(keys)], capture_output=True,
                          text=True, check=False,
                          env={"PYTHONPATH": str(Path(__file__).parents[3]), "PATH": "/usr/bin:/bin"})
    assert (done.stdout, done.returncode) == ("True\n3 True\n", 0), done.stderr
    assert verify_ledger(ledger)["size"] == 600


def test_an_index_that_says_other_than_its_table_is_found(ledger):
    with sqlite3.connect(ledger / "ledger.sqlite", isolation_level=None) as connection:
        row = connection.execute("SELECT * FROM sqlite_master WHERE name = 'by_time'").fetchone()
        connection.execute("PRAGMA writable_schema = 1")
        connection.execute("DELETE FROM sqlite_master WHERE name = 'by_time'")
    connection.close()
    change(ledger, "UPDATE entries SET source_id = 'x' WHERE number = 7")
    with sqlite3.connect(ledger / "ledger.sqlite", isolation_level=None) as connection:
        connection.execute("PRAGMA writable_schema = 1")
        connection.execute("INSERT INTO sqlite_master VALUES (?, ?, ?, ?, ?)", row)
    connection.close()
    assert {fault["table"] for fault in verify_ledger(ledger)["faults"]} == {"entries", "database"}
