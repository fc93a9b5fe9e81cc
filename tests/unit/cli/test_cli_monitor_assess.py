"""``monitor assess`` as users run it.

Shown to fail: the labels' line counted from zero; fields that an event does not have; a name from the whole leaf; an
observer's distance read from the leaf.
"""

import csv
import hashlib
from pathlib import Path

import pytest

from support.command_line import parsed, refused
from support.reports import World, reports_of, write

FIELDS = ["id", "time", "time_error_s", "lon", "lat", "position_error_m", "act", "p_act", "p_real", "records",
          "witnesses", "sources", "methods", "level", "party", "attribution", "severity", "intent", "evidence",
          "dissent"]
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


NEAR = "time,lon,lat,method,act,observer,sensor,sensor_lon,sensor_lat,bearing_deg,distance_m\n" + "".join(
    f"2016-02-{day:02d}T10:00:00Z,38.0,48.2,seen,V2,A. Example,post 1,38.0,48.2005,180,50\n" for day in range(1, 21))
SHAKEN = "time,lon,lat,method,act,position_error_m\n" + "".join(
    f"2016-02-{day:02d}T10:00:03Z,38.0,48.2,seismic,V2,300\n" for day in range(1, 21))


def test_the_distance_of_an_observer_counts_and_stays_in_the_folder(tmp_path, forked):
    """On site is told by a distance that no export holds; events are named alike in two ledgers of the same files."""
    (tmp_path / "near.csv").write_text(NEAR, "utf-8")
    (tmp_path / "array.csv").write_text(SHAKEN, "utf-8")
    found = []
    for name in ("one", "other"):
        parsed(forked("monitor", "init", tmp_path / name, "--agreement", "minsk-2015", "--json"))
        for source in ("near", "array"):
            parsed(forked("monitor", "ingest", tmp_path / name, tmp_path / f"{source}.csv", "--source", source,
                          "--json"))
        found.append(parsed(forked("monitor", "assess", tmp_path / name, "--json")))
    assert found[0]["events"] == found[1]["events"]
    assert [(event["level"], len(event["witnesses"])) for event in found[0]["events"]] == [("L3", 2)] * 20
    assert forked("monitor", "export", tmp_path / "one", tmp_path / "out").returncode == 0
    public = b"".join(path.read_bytes() for path in (tmp_path / "out").rglob("*") if path.is_file())
    assert b'"distance_m":{"level":"mission"' in public and b'"bearing_deg":{"level":"mission"' in public
    assert b'"distance_m":50' not in public
