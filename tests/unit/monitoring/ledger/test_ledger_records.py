"""Where a record came from, and which records hold after corrections and withdrawals."""

import gzip
import hashlib
import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from skyshield.core.errors import SkyShieldError
from skyshield.monitoring.ingest.intake import ingest
from skyshield.monitoring.ledger.records import changes
from skyshield.monitoring.ledger.store import Entry, Ledger
from support.ledgers import made

NOW_S = 1_796_000_000.0
HEADER = "time,lon,lat,method,record_id,corrects,withdraws,text\n"


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    with Ledger.open(made(tmp_path)) as opened:
        yield opened


@pytest.fixture
def take(ledger: Ledger, tmp_path: Path) -> Callable[..., bytes]:
    def taken(text: str, source: str = "patrol 4", name: str = "file.csv") -> bytes:
        content = text.encode() if name.endswith("csv") else gzip.compress(text.encode(), mtime=0)
        (tmp_path / name).write_bytes(content)
        report = ingest(ledger, tmp_path / name, source, NOW_S)
        assert report.quarantined == 0
        return content
    return taken


def row(name: str, corrects: str = "", withdraws: str = "", text: str = "", minute: int = 0) -> str:
    return f"2015-02-14T22:{minute:02}:00Z,38.4,48.3,heard,{name},{corrects},{withdraws},{text}\n"


def texts(ledger: Ledger) -> list[str]:
    return [record.content()["text"] for record in ledger.records()]


@pytest.mark.parametrize("name", ["file.csv", "file.csv.gz"])
def test_a_record_says_from_which_line_of_which_file(ledger, take, name):
    given = take(HEADER + row("a") + "\n" + row("b", text='"two\nlines"') + row("c"), name=name)
    found = [record.content() for record in ledger.records()]
    assert [content["line"] for content in found] == [2, 4, 6]
    assert len({json.dumps(content["file"]) for content in found}) == 1
    kept = [json.loads(row[0]) for row in ledger.connection.execute("SELECT private FROM entries ORDER BY number")]
    assert [sorted(part) for part in kept] == [["file"], [], []]
    opening = kept[0]["file"]
    sha256 = hashlib.sha256(given).hexdigest()
    assert opening["value"] == sha256
    digest = hashlib.sha256(bytes.fromhex(opening["salt"]) + json.dumps(sha256).encode()).hexdigest()
    assert found[0]["file"] == {"level": "mission", "sha256": digest}


def test_the_line_makes_no_other_record_of_a_duplicate(ledger, take):
    take(HEADER + row("a"))
    take(HEADER + row("b", minute=1) + row("a"))
    assert [record.content()["line"] for record in ledger.records()] == [2, 2]


def test_a_correction_stands_in_its_records_place(ledger, take):
    take(HEADER + row("a", text="one") + row("b", text="two", minute=1) + row("a", "a", text="one again"))
    take(HEADER + row("a", text="another's"), source="patrol 5")
    assert texts(ledger) == ["two", "one again", "another's"]
    take(HEADER + row("c", "#1", text="two again"))
    assert texts(ledger) == ["one again", "another's", "two again"]
    assert [record.number for record in ledger.records(first=3)] == [3, 4]


def test_what_is_withdrawn_is_gone_and_so_is_the_withdrawal(ledger, take):
    take(HEADER + row("a", text="one") + row("b", text="two") + row("c", withdraws="a", text="was wrong"))
    assert texts(ledger) == ["two"]
    take(HEADER + row("d", withdraws="#2", text="was right"))
    assert texts(ledger) == ["two"]  # what was withdrawn stays so


def test_a_reference_to_nothing_changes_nothing(ledger, take):
    take(HEADER + row("b", "c", text="too early") + row("c", text="one") + row("d", "#2", text="itself")
         + row("e", "#4", text="a later") + row("f", "#99", text="none") + row("g", withdraws="x"))
    assert texts(ledger) == ["too early", "one", "itself", "a later", "none"]
    assert changes(ledger, 6).dangling == {0, 2, 3, 4, 5}


def test_a_record_both_ways_is_refused(ledger, tmp_path):
    (tmp_path / "file.csv").write_text(HEADER + row("a") + row("b", "a", "a"))
    assert ingest(ledger, tmp_path / "file.csv", "patrol 4", NOW_S).reasons == {"code_unknown": 1}


def test_words_like_a_correction_are_no_correction(ledger, take):
    take(HEADER + row("a", text="one") + row("b", text='"""withdraws"":""a"""'))
    assert texts(ledger) == ["one", '"withdraws":"a"']


def test_an_entry_that_is_no_record_is_one_line(ledger):
    ledger.append([Entry(b'"corrects":', 0.0)])
    with pytest.raises(SkyShieldError, match="entry 0: is no record"):
        list(ledger.records())
