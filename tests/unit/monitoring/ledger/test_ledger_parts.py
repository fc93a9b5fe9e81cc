"""A file read in parts by several processes is the file read row by row by one."""

import gzip
import json
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from skyshield.core.errors import SkyShieldError
from skyshield.monitoring.ingest.faults import RowError
from skyshield.monitoring.ingest.intake import ingest
from skyshield.monitoring.ingest.stream import Block, Row, read_blocks, read_rows, rows_in
from skyshield.monitoring.ledger.store import Ledger
from skyshield.monitoring.ledger.verify import verify_ledger
from skyshield.monitoring.observation.model import tables
from support.ledgers import file_of, made

NOW_S = 1_796_000_000.0
COLUMNS = ("a", "b")


@pytest.fixture
def small_parts(monkeypatch):
    monkeypatch.setitem(tables()["limits"], "block_bytes", 3000)
    monkeypatch.setitem(tables()["limits"], "batch_rows", 20)


def plain(rows: list[Row]) -> list[object]:
    return [(line, row, (cells.code, cells.reason) if isinstance(cells, RowError) else cells)
            for line, row, cells in rows]


PIECES = st.lists(st.sampled_from(["a", "b,", ",", "\n", "\r\n", '"', '""', "c,d\n", "e,f\n", '"g\nh",i\n', "\ufeff",
                                   "=1,2\n", "x" * 60, "\r", " "]), max_size=60)


@given(pieces=PIECES, n_bytes=st.integers(1, 90), most=st.sampled_from([16, 50, 1 << 20]), n_rows=st.integers(1, 5))
def test_parts_have_the_same_rows(tmp_path_factory, pieces, n_bytes, most, n_rows):
    path = tmp_path_factory.mktemp("parts") / "file.csv"
    path.write_text("a,b\n" + "".join(pieces), "utf-8", newline="")
    limits = tables()["limits"]
    kept = dict(limits)
    try:
        limits.update(line_characters=most, block_bytes=n_bytes, batch_rows=n_rows, cell_lines=4)
        parts = list(read_blocks(path, COLUMNS))
        assert plain([row for part in parts for row in rows_in(part, COLUMNS)]) == plain(list(read_rows(path, COLUMNS)))
        assert all(len(part) <= n_rows for part in parts if isinstance(part, list))
    finally:
        limits.update(kept)


def test_lines_without_quotation_marks_are_not_split_here(tmp_path, small_parts):
    path = tmp_path / "file.csv"
    path.write_text("a,b\n" + "c,d\n" * 5000 + '"e\nf",g\n' + "c,d\n" * 5000)
    parts = list(read_blocks(path, COLUMNS))
    assert sum(len(part.content) for part in parts if isinstance(part, Block)) > 40_000 - 3 * 3000
    assert [row[0] for part in parts for row in rows_in(part, COLUMNS)][-1] == 10_003


def test_a_line_without_end_is_never_held_whole(tmp_path):
    path = tmp_path / "file.csv"
    path.write_text("a,b\n" + "x" * 9_000_000 + "\nc,d\n")
    parts = [part for part in read_blocks(path, COLUMNS) if isinstance(part, Block)]
    most = tables()["limits"]["line_characters"] + 2 * tables()["limits"]["block_bytes"]
    assert all(len(part.content) <= most for part in parts)
    found = [row for part in read_blocks(path, COLUMNS) for row in rows_in(part, COLUMNS)]
    assert [line for line, *_ in found] == [2, 3]


def taken(place: Path, content: str, jobs: int) -> tuple[Path, object]:
    place.mkdir()
    (place / "file.csv").write_text(content)
    with Ledger.open(made(place)) as ledger:
        return place / "ledger", ingest(ledger, place / "file.csv", "patrol", NOW_S, jobs=jobs)


def what_is_kept(folder: Path) -> list[object]:
    """Return the rows of a ledger without what is random in them."""
    return [(number, re.sub(rb'"sha256":"\w{64}"', b"", leaf), time_s, content, source,
             re.sub(r'"salt":"\w{32}"|"value":"\w{64}"', "", private))
            for number, leaf, time_s, content, source, private, _ in rows_of(folder)]


def test_any_number_of_processes_makes_the_same_ledger(tmp_path, small_parts):
    content = file_of(1500)
    alone, report = taken(tmp_path / "1", content, 1)
    assert report.accepted > 1300 and report.quarantined > 60 and report.rows == 1500
    for jobs in (2, 3):
        folder, again = taken(tmp_path / str(jobs), content, jobs)
        assert what_is_kept(folder) == what_is_kept(alone)
        assert (again.rows, again.accepted, again.duplicates, again.reasons) == (
            report.rows, report.accepted, report.duplicates, report.reasons)
        assert Path(again.quarantine).read_bytes() == Path(report.quarantine).read_bytes()
        assert verify_ledger(folder, jobs=jobs)["valid"]
        salts = [json.loads(private)["observer"]["salt"] for *_, private, _ in rows_of(folder)]
        assert len(set(salts)) == len(salts)


def rows_of(folder: Path) -> list[tuple]:
    with Ledger.open(folder, write=False) as ledger:
        return ledger.connection.execute("SELECT * FROM entries ORDER BY number").fetchall()


def test_quarantine_is_in_the_files_order(tmp_path, small_parts):
    _, report = taken(tmp_path / "2", file_of(1500), 2)
    lines = [json.loads(line)["line"] for line in Path(report.quarantine).read_text().splitlines()]
    assert lines == sorted(lines) and len(lines) == report.quarantined


def test_a_package_is_read_in_parts_too(tmp_path, small_parts):
    content = file_of(400)
    alone, _ = taken(tmp_path / "1", content, 1)
    (tmp_path / "p").mkdir()
    (tmp_path / "p" / "file.csv.gz").write_bytes(gzip.compress(content.encode()))
    with Ledger.open(made(tmp_path / "p")) as ledger:
        ingest(ledger, tmp_path / "p" / "file.csv.gz", "patrol", NOW_S, jobs=2)
    assert what_is_kept(tmp_path / "p" / "ledger") == what_is_kept(alone)


def test_a_worker_that_ends_costs_nothing_acknowledged(tmp_path, small_parts, monkeypatch):
    """Kill the workers once some parts are in: one line, exit 3, and the rest goes in the next time."""
    import skyshield.monitoring.workers as workers
    started: list[workers._Worker] = []
    start = workers._Worker.__init__

    def starting(self: workers._Worker, *given: object) -> None:
        start(self, *given)
        started.append(self)

    monkeypatch.setattr(workers._Worker, "__init__", starting)
    content = file_of(1500)
    (tmp_path / "file.csv").write_text(content)
    with Ledger.open(made(tmp_path)) as ledger:
        append, sizes = ledger.append_ready, []

        def killing(*given: object) -> object:
            done = append(*given)
            sizes.append(done.size)
            if len(sizes) == 4:
                for worker in started:
                    worker._process.kill()
            return done

        monkeypatch.setattr(ledger, "append_ready", killing)
        with pytest.raises(SkyShieldError, match="was ended by signal 9") as told:
            ingest(ledger, tmp_path / "file.csv", "patrol", NOW_S, jobs=2)
        assert told.value.exit_code == 3 and len(started) == 2
        assert not list((tmp_path / "ledger" / "quarantine").glob("*"))
        size = ledger.checkpoint().size
        assert size == sizes[-1] > 0 and verify_ledger(tmp_path / "ledger")["valid"]
        monkeypatch.setattr(ledger, "append_ready", append)
        again = ingest(ledger, tmp_path / "file.csv", "patrol", NOW_S, jobs=2)
        assert again.duplicates >= size and again.size == again.accepted + size
    alone, _ = taken(tmp_path / "1", content, 1)
    assert [row[3:5] for row in rows_of(tmp_path / "ledger")] == [row[3:5] for row in rows_of(alone)]


@pytest.mark.parametrize("jobs", [0, -1])
def test_no_process_is_no_number_of_processes(tmp_path, jobs):
    with pytest.raises(SkyShieldError, match="--jobs"):
        taken(tmp_path / "0", file_of(1), jobs)
