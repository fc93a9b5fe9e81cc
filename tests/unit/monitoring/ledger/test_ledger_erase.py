"""A name erased: gone from every byte of the folder, and the ledger whole as before."""

import hashlib
import json
import sqlite3
from pathlib import Path

import pytest

from skyshield.core.errors import SkyShieldError
from skyshield.monitoring.ingest.intake import ingest
from skyshield.monitoring.ledger.erase import erase
from skyshield.monitoring.ledger.export import export_ledger, prove
from skyshield.monitoring.ledger.store import Ledger, create
from skyshield.monitoring.ledger.verify import verify_ledger
from skyshield.monitoring.ledger.verify_export import verify_export
from skyshield.monitoring.observation import tables

NOW_S = 1_796_000_000.0
NAME = "Olena Vymyshlena"
ROWS = 40


def rows(n_rows: int = ROWS, name: str = NAME) -> str:
    lines = [f"2026-01-{1 + k // 24:02d}T{k % 24:02d}:00:00Z,38.{k:02d},48.3,heard,"
             f"{name if k == 7 else f'Observer {k}'},{k},37.9,48.1" for k in range(n_rows)]
    return "time,lon,lat,method,observer,record_id,sensor_lon,sensor_lat\n" + "\n".join(lines) + "\n"


@pytest.fixture
def mission(tmp_path: Path) -> Path:
    """A ledger of some records, taken in by batches so that several checkpoints cover them."""
    folder = tmp_path / "mission"
    create(folder, b"name: test\n")
    text = rows().splitlines(keepends=True)
    with Ledger.open(folder) as ledger:
        for first in range(1, len(text), 10):
            file = tmp_path / "part.csv"
            file.write_text(text[0] + "".join(text[first:first + 10]))
            ingest(ledger, file, "patrols", NOW_S)
    return folder


def bytes_of(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file())


def private_of(folder: Path, record: int) -> dict[str, dict[str, str]]:
    with sqlite3.connect(folder / "ledger.sqlite") as connection:
        return json.loads(connection.execute("SELECT private FROM entries WHERE number = ?", (record,)).fetchone()[0])


def content_of(folder: Path, record: int) -> bytes:
    with sqlite3.connect(folder / "ledger.sqlite") as connection:
        return connection.execute("SELECT content_sha256 FROM entries WHERE number = ?", (record,)).fetchone()[0]


def test_no_byte_of_the_name_or_its_salt_is_left(mission: Path) -> None:
    salt, content = private_of(mission, 7)["observer"]["salt"], content_of(mission, 7)
    everything = bytes_of(mission)
    assert NAME.encode() in everything and salt.encode() in everything and content in everything
    done = erase(mission, 7, "observer", "asked to be forgotten", NOW_S, "the observer")
    left = bytes_of(mission)
    assert NAME.encode() not in left and salt.encode() not in left and content not in left
    assert (done.record, done.field, done.entry, done.size, done.already, done.others) == (
        7, "observer", ROWS, ROWS + 1, False, 0)
    assert set(private_of(mission, 7)) == {"sensor_lon", "sensor_lat"}
    assert private_of(mission, 8)["observer"]["value"] == "Observer 8"


def test_no_hash_that_is_kept_lets_the_name_be_guessed(mission: Path) -> None:
    with sqlite3.connect(mission / "ledger.sqlite") as connection:
        before = connection.execute("SELECT row_sha256 FROM entries WHERE number = 7").fetchone()[0]
        states = [text for (text,) in connection.execute("SELECT state FROM checkpoints WHERE size > 7")]
    erase(mission, 7, "observer", "asked", NOW_S)
    left = bytes_of(mission)
    assert before not in left
    assert not any(text.split("\n")[3].encode() in left for text in states)


def test_the_hash_of_the_file_goes_too(mission: Path, tmp_path: Path) -> None:
    """Whoever knows the rest of the file could try names against it; other files' hashes stay."""
    text = rows().splitlines(keepends=True)
    digests = [hashlib.sha256((text[0] + "".join(text[first:first + 10])).encode()).hexdigest().encode()
               for first in range(1, len(text), 10)]
    assert [digest in bytes_of(mission) for digest in digests] == [True] * 4
    erase(mission, 7, "observer", "asked", NOW_S)
    assert [digest in bytes_of(mission) for digest in digests] == [False, True, True, True]
    erase(mission, 39, "observer", "asked", NOW_S)
    assert [digest in bytes_of(mission) for digest in digests] == [False, True, True, False]
    erase(mission, 10, "observer", "asked", NOW_S)  # the first of its file, beside which the hash lies
    assert [digest in bytes_of(mission) for digest in digests] == [False, False, True, False]
    assert verify_ledger(mission)["valid"]


def test_a_file_taken_in_by_parts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each part has the hash of the file beside its first record, so rows before the record change as well."""
    monkeypatch.setitem(tables()["limits"], "batch_rows", 5)
    feature = {"type": "Feature", "geometry": {"type": "Point", "coordinates": [38.4, 48.3]}}
    file = tmp_path / "file.geojson"
    file.write_text(json.dumps({"type": "FeatureCollection", "features": [
        feature | {"properties": {"time": f"2026-01-01T00:00:{k:02d}Z", "method": "seen", "observer": f"{NAME} {k}"}}
        for k in range(20)]}))
    create(tmp_path / "mission", b"name: test\n")
    with Ledger.open(tmp_path / "mission") as ledger:
        ingest(ledger, file, "patrols", NOW_S)
    digest = hashlib.sha256(file.read_bytes()).hexdigest().encode()
    assert bytes_of(tmp_path / "mission").count(digest) >= 4
    erase(tmp_path / "mission", 17, "observer", "asked", NOW_S)
    left = bytes_of(tmp_path / "mission")
    assert digest not in left and f"{NAME} 17".encode() not in left and f"{NAME} 16".encode() in left
    assert verify_ledger(tmp_path / "mission")["valid"]


def test_what_earlier_writing_left_in_the_file_goes_too(mission: Path) -> None:
    """A row removed without overwriting stays in the free part of its page."""
    with sqlite3.connect(mission / "ledger.sqlite", isolation_level=None) as connection:
        connection.execute("PRAGMA secure_delete=OFF")
        connection.execute("INSERT INTO entries SELECT 999, leaf, time_s, x'00', source_id, private, row_sha256 "
                           "FROM entries WHERE number = 7")
        connection.execute("DELETE FROM entries WHERE number = 999")
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    erase(mission, 7, "observer", "asked", NOW_S)
    assert NAME.encode() not in bytes_of(mission)


def test_an_erasure_cut_short_before_the_file_is_written_anew(mission: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        patch.setattr("skyshield.monitoring.ledger.erase._clean", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            erase(mission, 7, "observer", "asked", NOW_S)
    assert verify_ledger(mission)["valid"] and "observer" not in private_of(mission, 7)
    with sqlite3.connect(mission / "ledger.sqlite") as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()
    assert NAME.encode() not in (mission / "ledger.sqlite").read_bytes()  # the value is overwritten, not only let go
    assert erase(mission, 7, "observer", "asked", NOW_S).already


def test_an_erasure_is_no_record(mission: Path) -> None:
    erase(mission, 7, "observer", "asked", NOW_S)
    with Ledger.open(mission, write=False) as ledger:
        assert [record.number for record in ledger.records()] == list(range(ROWS))


def test_the_ledger_stays_whole(mission: Path, tmp_path: Path) -> None:
    with Ledger.open(mission, write=False) as ledger:
        key, before = ledger.verifier, ledger.checkpoint()
    published = tmp_path / "checkpoint"
    export_ledger(mission, tmp_path / "early", "mission")
    published.write_bytes((tmp_path / "early" / "checkpoint").read_bytes())
    proof = prove(mission, 7)
    erase(mission, 7, "observer", "asked", NOW_S)
    found = verify_ledger(mission, published, key)
    assert found["valid"] and found["size"] == before.size + 1
    assert prove(mission, 7).leaf == proof.leaf
    assert verify_export(tmp_path / "early", None, key)["valid"]
    export_ledger(mission, tmp_path / "late", "mission")
    assert verify_export(tmp_path / "late", published, key)["valid"]
    disclosed = [json.loads(line) for line in (tmp_path / "late/disclosed.jsonl").read_text().splitlines()]
    assert [line["number"] for line in disclosed if "observer" not in line["fields"]] == [7]
    with Ledger.open(mission) as ledger:  # and more can be added
        file = tmp_path / "more.csv"
        file.write_text("time,lon,lat,method\n2026-03-01T00:00:00Z,38.4,48.3,seen\n")
        assert ingest(ledger, file, "patrols", NOW_S).accepted == 1
    assert verify_ledger(mission, published, key)["valid"]


def test_the_entry_says_that_and_never_what(mission: Path) -> None:
    erase(mission, 7, "observer", "asked to be forgotten", NOW_S, "the observer")
    with sqlite3.connect(mission / "ledger.sqlite") as connection:
        leaf = json.loads(connection.execute("SELECT leaf FROM entries WHERE number = ?", (ROWS,)).fetchone()[0])
    assert leaf == {"kind": "erasure", "record": 7, "field": "observer", "reason": "asked to be forgotten",
                    "asked_by": "the observer", "time": "2026-11-30T00:53:20Z"}
    for reason, asked_by in ((f"{NAME} asked", None), ("asked", NAME.upper())):
        with pytest.raises(SkyShieldError, match="would say what is erased"):
            erase(mission, 7, "sensor_lon", reason.replace(NAME, "37.9"), NOW_S, asked_by and "37.9")


def test_a_reason_that_names_the_name_is_refused_and_nothing_done(mission: Path) -> None:
    with pytest.raises(SkyShieldError, match="would say what is erased"):
        erase(mission, 7, "observer", f"because {NAME.upper()} asked", NOW_S)
    assert private_of(mission, 7)["observer"]["value"] == NAME
    assert verify_ledger(mission)["size"] == ROWS


def test_a_second_time_only_cleans(mission: Path) -> None:
    first = erase(mission, 7, "observer", "asked", NOW_S)
    second = erase(mission, 7, "observer", "asked again", NOW_S)
    assert second.already and (second.entry, second.size, second.root) == (first.entry, first.size, first.root)


def test_an_erased_record_is_still_known(mission: Path, tmp_path: Path) -> None:
    erase(mission, 7, "observer", "asked", NOW_S)
    file = tmp_path / "again.csv"
    file.write_text(rows())
    with Ledger.open(mission) as ledger:
        report = ingest(ledger, file, "patrols", NOW_S)
    assert (report.accepted, report.duplicates) == (0, ROWS)
    assert NAME.encode() not in bytes_of(mission)


def test_the_quarantine_is_told(mission: Path, tmp_path: Path) -> None:
    """Bad rows stand there as they were written, and the file's name tells which it is."""
    good, bad = "2026-03-01T00:00:00Z,38.4,48.3,seen,B. Example", f"2026-03-01T00:00:00Z,438.4,48.3,seen,{NAME}"
    with Ledger.open(mission) as ledger:
        for name, rows_of_it in (("a", [good, bad]), ("b", [bad]), ("c", [bad.replace(NAME, "C")])):
            file = tmp_path / f"{name}.csv"
            file.write_text("time,lon,lat,method,observer\n" + "\n".join(rows_of_it) + "\n")
            ingest(ledger, file, "patrols", NOW_S)
    told = [Path(path).name[0] for path in erase(mission, 7, "observer", "asked", NOW_S).quarantine]
    assert told == ["a", "b"]
    assert [Path(path).name[0] for path in erase(mission, ROWS, "observer", "asked", NOW_S).quarantine] == ["a"]


def test_the_same_name_elsewhere_is_told(mission: Path, tmp_path: Path) -> None:
    file = tmp_path / "more.csv"
    file.write_text(f"time,lon,lat,method,observer\n2026-03-01T00:00:00Z,38.4,48.3,seen,{NAME}\n")
    with Ledger.open(mission) as ledger:
        ingest(ledger, file, "patrols", NOW_S)
    assert erase(mission, 7, "observer", "asked", NOW_S).others == 1


@pytest.mark.parametrize(("record", "field", "reason", "what"), [
    (99, "observer", "asked", "is not in the ledger"), (-1, "observer", "asked", "is not in the ledger"),
    (7, "text", "asked", "is no restricted field"), (7, "observer", " ", "is no text"),
    (7, "observer", "a\nb", "is no text"), (7, "observer", "a" * 2001, "is no text"),
])
def test_what_is_refused(mission: Path, record: int, field: str, reason: str, what: str) -> None:
    before = hashlib.sha256((mission / "ledger.sqlite").read_bytes()).digest()
    with pytest.raises(SkyShieldError, match=what) as refused:
        erase(mission, record, field, reason, NOW_S)
    assert refused.value.exit_code == 2
    assert hashlib.sha256((mission / "ledger.sqlite").read_bytes()).digest() == before


def test_a_value_removed_by_hand_is_not_taken_for_erased(mission: Path) -> None:
    with sqlite3.connect(mission / "ledger.sqlite") as connection:
        connection.execute("UPDATE entries SET private = '{}' WHERE number = 7")
    with pytest.raises(SkyShieldError, match="is not kept in this ledger"):
        erase(mission, 7, "observer", "asked", NOW_S)
    assert not verify_ledger(mission)["valid"]


def test_while_another_reads_the_value_is_erased_and_the_bytes_are_told(mission: Path,
                                                                        monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("skyshield.monitoring.ledger.database._BUSY_S", 0.1)
    reader = sqlite3.connect(mission / "ledger.sqlite", isolation_level=None)
    reader.execute("BEGIN")
    reader.execute("SELECT count(*) FROM entries").fetchone()
    with pytest.raises(SkyShieldError, match="being read by another command") as refused:
        erase(mission, 7, "observer", "asked", NOW_S)
    assert refused.value.exit_code == 3 and "observer" not in private_of(mission, 7)
    reader.close()
    assert erase(mission, 7, "observer", "asked", NOW_S).already
    assert NAME.encode() not in bytes_of(mission)


def test_the_command(mission: Path, monitor) -> None:
    done = monitor("erase", mission, 7, "--field", "observer", "--reason", "asked", "--json")
    assert done.returncode == 0 and json.loads(done.stdout)["entry"] == ROWS
    said = monitor("erase", mission, 7, "--field", "observer", "--reason", "asked")
    assert "cleaned again" in said.stdout
    bad = monitor("erase", mission, 7, "--field", "text", "--reason", "asked", "--json")
    assert bad.returncode == 2 and bad.stdout == "" and bad.stderr.count("\n") == 1
