"""Months and days of a stored study add up to its totals.

Tried to fail: months of thirty days each; a month that takes the day before it too; the days of one block written for
all; a study without days that a run with --daily takes for one; days added to the group before; the rivals' months
changed over. Each fails at least one test.
"""

import datetime as dt
import json

import numpy as np
import pytest

from skyshield.core.errors import SkyShieldError
from skyshield.engine import play
from skyshield.study import StudyView, run
from skyshield.study.compare import rounded
from skyshield.study.months import MONTHLY, month_of_day, month_starts, monthly_columns
from skyshield.study.plan import HEADLINE, RIVAL
from skyshield.study.reader import read
from skyshield.study.result import MEASURES
from support.command_line import hashes, parsed, refused
from support.forks import skyshield
from support.studies import compiled, resolved, scenario

SIZE = {"seed": 5, "replications": 3, "vectors": 2}


@pytest.fixture(scope="module")
def asked():
    return resolved(scenario(days=40, start_date=dt.date(2026, 2, 20)))


@pytest.fixture(scope="module")
def stored(asked, tmp_path_factory):
    return run(asked, **SIZE, out=tmp_path_factory.mktemp("months") / "study", daily=True)


@pytest.mark.parametrize(("start", "days", "starts"), [
    ("2026-02-20", 40, [0, 28]), ("2026-03-01", 30, [0]), ("2026-03-01", 31, [0]), ("2026-03-01", 32, [0, 31]),
    ("2024-01-31", 70, [0, 29, 60]), ("2026-12-31", 60, [0, 31, 59])])
def test_months_begin_on_the_day_of_the_start_or_the_last_of_a_shorter_one(start, days, starts):
    assert month_starts(dt.date.fromisoformat(start), days).tolist() == starts


@pytest.mark.parametrize("day", range(1, 32))
def test_a_year_has_twelve_months(day):
    assert len(month_starts(dt.date(2027, 1, day), 365)) == 12


def test_every_day_belongs_to_the_month_that_it_is_in():
    month = month_of_day(dt.date(2026, 2, 20), 40)
    assert month.dtype == np.int64 and month.tolist() == [0] * 28 + [1] * 12
    year = month_of_day(dt.date(2026, 3, 1), 365)
    assert np.bincount(year).tolist() == [31, 30, 31, 30, 31, 31, 30, 31, 30, 31, 31, 28]


def test_what_is_told_by_month_is_counted_or_to_come():
    columns = monthly_columns()
    assert list(columns) == [name for name in MONTHLY if name in columns]
    assert {"prevented_zone", "leaked_armed", "leaked_zone", "cost_eur", "flight_hours", "munitions"} <= set(columns)


def test_months_and_days_add_up_to_the_totals(stored):
    starts = month_starts(dt.date(2026, 2, 20), 40)
    names = ["vector", "replication", "option"]
    for arm in range(len(stored.values)):
        daily = stored.daily(arm)
        assert set(daily["day"]) == set(range(40)) and daily["launched/uav"].gt(0).any()
        totals = daily.groupby(names, sort=False)[list(MEASURES)].sum()
        for o, option in enumerate(stored.options):
            of = totals.xs(option, level="option").sort_index().to_numpy()
            assert np.allclose(of, stored.values[arm][:, :, o].reshape(of.shape), rtol=1e-12)
        if arm not in stored.months:
            with pytest.raises(SkyShieldError, match=f"arm {arm}: is kept without its months; choose the headline"):
                stored.monthly(arm)
            continue
        monthly = stored.monthly(arm)
        assert set(monthly["month"]) == {0, 1} and not monthly["failed"].any()
        daily["month"] = np.searchsorted(starts, daily["day"], side="right") - 1
        by_month = daily.groupby([*names, "month"], sort=False)[list(MEASURES)].sum()
        again = monthly.set_index([*names, "month"])
        for name, places in monthly_columns().items():
            columns = [MEASURES[place] for place in places]
            assert np.allclose(by_month.loc[again.index][columns].sum(axis=1), again[name], rtol=1e-12)
    assert {arm for arm, one in enumerate(stored.arms) if arm in stored.months} == {
        arm for arm, one in enumerate(stored.arms) if one.kind == HEADLINE or set(one.ends) == {RIVAL}} > {0}


def test_the_engine_adds_days_up_as_numpy_does():
    world = compiled(scenario(days=9)).world
    month = np.array([0, 0, 0, 0, 1, 1, 2, 2, 2])
    by_day, by_month = play(world, 5, 0, 2), play(world, 5, 0, 2, month)
    assert by_month.counts.shape[1] == 3 and by_day.counts.shape[1] == 9
    for name in ("counts", "amounts"):
        days, months = getattr(by_day, name), getattr(by_month, name)
        for k, (first, last) in enumerate(((0, 4), (4, 6), (6, 9))):
            expected = days[:, first].copy()
            for day in range(first + 1, last):
                expected += days[:, day]
            assert months[:, k].tobytes() == expected.tobytes()
    with pytest.raises(AssertionError):
        play(world, 5, 0, 2, month[1:])


def test_a_block_takes_no_more_room_for_more_days():
    sizes = [play(compiled(scenario(days=days)).world, 5, 0, 1, np.zeros(days, np.int64)).counts.nbytes
             for days in (2, 60)]
    assert sizes[0] == sizes[1]


def test_the_document_tells_every_month_and_both_rivals(asked, stored):
    content = json.loads((stored.folder / "summary.json").read_text("utf-8"))
    assert [(month["from_day"], month["to_day"]) for month in content["months"]] == [(1, 28), (29, 40)]
    frame = stored.monthly()
    for number, month in enumerate(content["months"]):
        of = frame[frame["month"] == number]
        for name in monthly_columns():
            means = of.groupby("option")[name].mean()
            assert month["options"]["region"][name]["mean"] == pytest.approx(means["region"], rel=1e-4)
            assert month["paired"]["region"][name]["delta"] == pytest.approx(means["region"] - means["own"], rel=1e-4)
        assert set(month["options"]) == {"own", "region"} and set(month["paired"]) == {"region"}
        ends = month["ends"][RIVAL]
        assert set(ends) == {"low", "high"} and set(ends["low"]["paired"]["region"]) == set(monthly_columns())
        assert {"delta", "lo", "hi", "mcse"} <= set(ends["low"]["paired"]["region"]["leaked_zone"])
        assert ends["low"]["paired"] != ends["high"]["paired"]
    assert sum(m["options"]["own"]["leaked_zone"]["mean"] for m in content["months"]) == pytest.approx(
        content["options"]["own"]["leaked_zone"]["mean"], rel=1e-5)
    assert StudyView.open(stored.folder).months == content["months"]
    again = StudyView(read(stored.folder)[0], asked).months
    assert json.loads(json.dumps(rounded(again))) == content["months"]


def test_a_study_with_its_days_is_the_study_without(asked, stored, tmp_path):
    plain = run(asked, **SIZE, out=tmp_path / "study")
    assert [a.tobytes() for a in plain.values] == [a.tobytes() for a in stored.values]
    assert plain.manifest["study_key"] == stored.manifest["study_key"]
    assert (tmp_path / "study/summary.json").read_bytes() == (stored.folder / "summary.json").read_bytes()
    with pytest.raises(SkyShieldError, match="holds no days; run the study with --daily in a new folder"):
        plain.daily()
    alone = run(asked, **SIZE)
    with pytest.raises(SkyShieldError, match="was not stored; run it with --out and --daily"):
        alone.daily()
    assert alone.monthly().equals(stored.monthly()) and plain.monthly().equals(stored.monthly())


def test_days_are_kept_by_a_run_that_does_not_ask_for_them(asked, stored):
    before = hashes(stored.folder)
    again = run(asked, **SIZE, out=stored.folder)
    assert again.manifest["daily"] and hashes(stored.folder) == before
    assert [a.tobytes() for a in read(stored.folder)[0].values] == [a.tobytes() for a in stored.values]


def test_a_damaged_day_is_played_again(asked, stored, tmp_path):
    import shutil

    folder = tmp_path / "study"
    shutil.copytree(stored.folder, folder)
    path = next(iter(sorted((folder / "days").iterdir())))
    path.write_bytes(path.read_bytes()[:-9])
    with pytest.raises(SkyShieldError, match=f"{path.name}: is missing or damaged"):
        read(folder)
    run(asked, **SIZE, out=folder)
    assert hashes(folder) == hashes(stored.folder)


def test_from_the_command_line(few, tmp_path):
    words = ("run", few, "--vectors", 2, "--replications", 2, "--days", 3, "--json")
    plain = parsed(skyshield(*words, "--out", tmp_path / "plain"))
    assert not (tmp_path / "plain/days").exists()
    refused(skyshield(*words, "--out", tmp_path / "plain", "--daily"), 2, "holds this study without its days")
    assert parsed(skyshield(*words, "--out", tmp_path / "daily", "--daily")) == plain
    manifest = json.loads((tmp_path / "daily/study.json").read_text("utf-8"))
    assert manifest["daily"] and set(manifest["daily_shards"]) == set(manifest["shards"]) == {
        path.name for path in (tmp_path / "daily/days").iterdir()}
