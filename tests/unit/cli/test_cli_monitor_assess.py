"""``monitor assess`` as users run it.

Shown to fail: the labels' line counted from zero; the ledger opened for writing; an event without its fields.
"""

import csv
import hashlib
from pathlib import Path

import pytest

from support.command_line import parsed, refused
from support.reports import World, reports_of, write

FIELDS = ["id", "time", "time_error_s", "lon", "lat", "position_error_m", "act", "p_act", "p_real", "records",
          "witnesses", "sources", "methods"]
SOURCE = ["name", "records", "copies", "p", "position_factor", "time_factor", "clock_offset_s", "repeats",
          "false_share", "act_error", "rests_on"]


@pytest.fixture(scope="module")
def mission(tmp_path_factory, forked):
    place = tmp_path_factory.mktemp("assess")
    paths, truth = write(reports_of(World(days=2), 3), place)
    parsed(forked("monitor", "init", place / "mission", "--agreement", "minsk-2015", "--json"))
    for source, path in paths.items():
        parsed(forked("monitor", "ingest", place / "mission", path, "--source", source, "--json"))
    return place / "mission", paths, truth


def digest(folder: Path) -> str:
    return hashlib.sha256((folder / "ledger.sqlite").read_bytes()).hexdigest()


def test_the_object_and_the_labels(mission, tmp_path, forked):
    folder, paths, truth = mission
    before = digest(folder)
    labels = tmp_path / "labels.csv"
    found = parsed(forked("monitor", "assess", folder, "--json", "--labels", labels))
    assert list(found) == ["counts", "area_km2", "days", "events_per_100km2_day", "sources", "events"]
    assert all(list(event) == FIELDS for event in found["events"])
    assert [source["name"] for source in found["sources"]] == sorted(paths)
    assert all(list(source) == SOURCE for source in found["sources"])
    with labels.open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert list(rows[0]) == ["source", "line", "event", "p_same"]
    assert {(row["source"], int(row["line"])) for row in rows} == set(truth)  # physical lines, the header is 1
    assert {row["event"] for row in rows} == {event["id"] for event in found["events"]}
    assert all(0 <= float(row["p_same"]) <= 1 for row in rows)
    assert found["counts"]["records"] == len(rows) == sum(len(event["records"]) for event in found["events"])
    assert digest(folder) == before
    again = tmp_path / "again.csv"
    assert parsed(forked("monitor", "assess", folder, "--json", "--labels", again)) == found
    assert again.read_bytes() == labels.read_bytes()


def test_the_tables(mission, forked):
    done = forked("monitor", "assess", mission[0])
    assert done.returncode == 0 and "Sources, as learnt or declared" in done.stdout and "patrol south" in done.stdout


def test_declared(mission, tmp_path, forked):
    path = tmp_path / "sources.yaml"
    path.write_text("patrol south: {clock_offset_s: 3600, p: 0.5}\n", "utf-8")
    found = parsed(forked("monitor", "assess", mission[0], "--sources", path, "--json"))
    south = next(source for source in found["sources"] if source["name"] == "patrol south")
    assert (south["clock_offset_s"], south["p"], south["rests_on"]["p"]) == (3600, 0.5, "declared")


def test_what_is_refused(mission, tmp_path, forked):
    path, labels = tmp_path / "sources.yaml", tmp_path / "labels.csv"
    for text, what in (("nobody: {p: 0.5}", "nobody: is no source of this ledger"), ("cameras: {p: 2}", "p: is 2"),
                       ("cameras: {speed: 2}", "speed: cannot be declared")):
        path.write_text(text, "utf-8")
        refused(forked("monitor", "assess", mission[0], "--sources", path, "--labels", labels, "--json"), 2, what)
        assert not labels.exists()
    refused(forked("monitor", "assess", tmp_path / "none"), 2, "holds no ledger")
    refused(forked("monitor", "assess", mission[0], "--labels", tmp_path / "no" / "l.csv", "--json"), 2, "l.csv")


def test_an_empty_ledger_is_an_answer(tmp_path, forked):
    parsed(forked("monitor", "init", tmp_path / "m", "--agreement", "minsk-2015", "--json"))
    found = parsed(forked("monitor", "assess", tmp_path / "m", "--json", "--labels", tmp_path / "l.csv"))
    assert (found["events"], found["sources"], found["counts"]["records"]) == ([], [], 0)
    assert (tmp_path / "l.csv").read_text("utf-8") == "source,line,event,p_same\n"
    assert forked("monitor", "assess", tmp_path / "m").returncode == 0
