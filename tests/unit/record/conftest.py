"""A small record built in the test: rows are invented, and short to write."""

import csv
import io

import pytest

COLUMNS = ("time_start", "time_end", "model", "launch_place", "launched", "destroyed", "not_reach_goal",
           "still_attacking", "border_crossing", "is_shahed", "num_hit_location",
           "num_fall_fragment_location", "destroyed_details", "source")
NATIONAL = "kpszsu/posts/a"
REGIONAL = "PvKPivden/posts/b"


def row(start, end, model="Shahed-136/131", launched="10.0", destroyed="8.0", source=NATIONAL, **more):
    """One row as cells by column."""
    cells = dict.fromkeys(COLUMNS, "") | {
        "time_start": start, "time_end": end, "model": model, "launched": str(launched),
        "destroyed": str(destroyed), "source": source, "border_crossing": "{}"}
    unknown = set(more) - set(COLUMNS)
    assert not unknown, unknown
    return cells | {name: str(value) for name, value in more.items()}


def as_text(rows, columns=COLUMNS, **dialect):
    out = io.StringIO()
    writer = csv.DictWriter(out, columns, extrasaction="ignore", lineterminator="\n", **dialect)
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


@pytest.fixture
def write(tmp_path):
    """Write rows (or text, or bytes) to a file and return its path."""
    def write(content, name="record.csv", **options):
        path = tmp_path / name
        if isinstance(content, list):
            content = as_text(content, **options)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path
    return write


@pytest.fixture
def r():
    """The row builder."""
    return row


@pytest.fixture
def regional():
    return REGIONAL


@pytest.fixture
def columns():
    return COLUMNS


@pytest.fixture
def text_of():
    return as_text
