"""``skyshield monitor report``: a day from 19:30 to 19:30, in two languages and four formats.

Tried to fail: the day cut at midnight; exercises counted; a position finer than a cell written.
"""

import csv
import json
from collections import Counter

import pytest

from skyshield.cli.main import main
from support.week import week

DAY = "2020-08-14"


@pytest.fixture(scope="module")
def keys(tmp_path_factory):
    place = tmp_path_factory.mktemp("keys")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("skyshield.monitoring.ledger.keys.key_folder", lambda: place)
        yield place


@pytest.fixture(scope="module")
def mission(keys, tmp_path_factory):
    return week(tmp_path_factory.mktemp("week"))


@pytest.fixture
def run(keys, capsys, tmp_path):
    def said(*words, kind="csv", out=None):
        place = out or tmp_path / f"report.{kind}"
        capsys.readouterr()
        with pytest.raises(SystemExit) as left:
            main(["monitor", "report", *map(str, words), "--format", kind, "--out", str(place)])
        told = capsys.readouterr()
        return int(left.value.code or 0), told.out + told.err, place
    return said


@pytest.fixture(scope="module")
def events(mission, keys):
    from skyshield.monitoring.commission.watched import watched

    return watched(mission).events


def rows_of(path):
    return list(csv.DictReader(path.read_text("utf-8").splitlines()))


def test_counts_are_those_of_the_day_that_ends_at_half_past_seven(mission, events, run):
    code, said, path = run(mission, "--day", DAY)
    assert code == 0, said
    rows = rows_of(path)
    start, end = (f"2020-08-{day}T16:30:00Z" for day in (13, 14))  # 19:30 in Kyiv
    from skyshield.monitoring.observation.leaf import utc_text

    inside = [one for one in events if start <= utc_text(one.event.time_s) < end]
    listed = [row for row in rows if row["part"] == "event"]
    assert sorted(row["id"] for row in listed) == sorted(one.event.id for one in inside)
    assert sum(int(row["events"]) for row in rows if row["part"] == "area") == len(listed) > 9
    by_act = Counter((row["area"], row["act"]) for row in listed)
    assert {(row["area"], row["act"]): int(row["events"]) for row in rows if row["part"] == "act"
            and row["events"] != "0"} == by_act
    for row in rows:
        if row["part"] in ("area", "act"):
            assert int(row["change"]) == int(row["events"]) - int(row["day_before"])
        if row["part"] == "area":
            assert float(row["per_hour"]) == pytest.approx(int(row["events"]) / float(row["hours_watched"]), rel=1e-5)
    assert {(row["restriction"], row["hours"]) for row in rows if row["part"] == "restriction"} == {
        ("access_denied", "3.5"), ("jamming", "2.0")}


def test_the_days_of_the_week_hold_every_event_once_and_exercises_apart(mission, events, run):
    seen, exercises = [], []
    for day in range(9, 18):
        rows = rows_of(run(mission, "--day", f"2020-08-{day:02d}")[2])
        seen += [row["id"] for row in rows if row["part"] == "event"]
        exercises += [row["id"] for row in rows if row["part"] == "exercise"]
    assert len(exercises) == 1 and sorted(seen + exercises) == sorted(one.event.id for one in events)


@pytest.mark.parametrize("language", ["en", "uk"])
def test_a_page_fetches_nothing_and_shows_nothing_restricted(mission, run, language):
    code, said, path = run(mission, "--day", DAY, "--lang", language, kind="html")
    page = path.read_text("utf-8")
    assert code == 0, said
    assert "<script" not in page and "http://" not in page.replace("http://www.w3.org", "") and "src=" not in page
    assert not any(name in page for name in ("Patrol Mira", "Patrol Elm", "camera 1", "UAV 2"))
    told = [words in page for words in ("events, ", "more than the day before", "подій, на", "більше, ніж попере")]
    assert told == [language == "en"] * 2 + [language == "uk"] * 2
    assert ("Donetsk oblast" in page) == (language == "en") and ("Донецька область" in page) == (language == "uk")
    again = run(mission, "--day", DAY, "--lang", language, kind="html", out=path.with_name("again.html"))[2]
    assert again.read_bytes() == path.read_bytes()


@pytest.mark.parametrize("kind", ["pdf", "csv", "geojson"])
def test_the_same_bytes_twice(mission, run, tmp_path, kind):
    first, second = (run(mission, "--day", DAY, kind=kind, out=tmp_path / f"{name}.{kind}")[2].read_bytes()
                     for name in ("one", "two"))
    assert first == second and len(first) > 1_000


def test_no_place_is_finer_than_a_cell(mission, run):
    features = json.loads(run(mission, "--day", DAY, kind="geojson")[2].read_text())["features"]
    events = [one for one in features if one["properties"]["part"] == "event"]
    cells = [one for one in features if one["properties"]["part"] == "cell"]
    assert 9 < len(events) == sum(one["properties"]["events"] for one in cells)
    middles = [[sum(axis) / 4 for axis in zip(*one["geometry"]["coordinates"][0][:-1], strict=True)] for one in cells]
    for one in events:
        assert min(abs(one["geometry"]["coordinates"][0] - x) + abs(one["geometry"]["coordinates"][1] - y)
                   for x, y in middles) < 0.005
    assert {"level", "p_real", "party", "severity", "id", "time", "act", "area"} <= set(events[0]["properties"])


def test_a_day_without_records_is_an_answer(mission, run):
    code, said, path = run(mission, "--day", "2019-01-05", kind="html")
    assert code == 0 and "no record of 2019-01-05" in said
    assert "the ledger holds no record of this day" in path.read_text()


@pytest.mark.parametrize(("words", "kind", "what"), [
    (("--day", "2999-01-01"), "csv", "is not over"), (("--day", "14.08.2020"), "csv", "is no day"),
    (("--day", "0001-01-01"), "csv", "is no day"), (("--day", DAY, "--lang", "ru"), "csv", "no language 'ru'"),
    (("--day", DAY), "docx", "no format 'docx'")])
def test_what_is_refused(mission, run, words, kind, what):
    code, said, path = run(mission, *words, kind=kind)
    assert code == 2 and what in said and said.count("\n") == 1 and not path.exists()


def test_no_place_for_a_report(mission, run, tmp_path):
    for out, code, what in ((tmp_path / "report.txt", 2, "does not end in .csv"),
                            (mission / "report.csv", 2, "outside the ledger"),
                            (tmp_path / "no/report.csv", 2, "no such folder")):
        done, said, _ = run(mission, "--day", DAY, out=out)
        assert done == code and what in said and said.count("\n") == 1, said
    done, said, _ = run(tmp_path / "none", "--day", DAY)
    assert done == 2 and said.count("\n") == 1
