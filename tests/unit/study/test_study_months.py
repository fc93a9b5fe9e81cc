"""Months and days of a stored study add up to its totals.

Tried to fail: months of thirty days each; a month that takes the day before it too; the days of one block written for
all; a study without days that a run with --daily takes for one. Each fails at least one test.
"""

import datetime as dt
import json

import numpy as np
import pytest

from skyshield.core.errors import SkyShieldError
from skyshield.study import run
from skyshield.study.months import month_starts
from skyshield.study.reader import read
from skyshield.study.result import MEASURES
from support.command_line import hashes, parsed, refused
from support.forks import skyshield
from support.studies import resolved, scenario

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


def test_months_and_days_add_up_to_the_totals(stored):
    starts = month_starts(dt.date(2026, 2, 20), 40)
    for arm in range(len(stored.values)):
        monthly, daily = stored.monthly(arm), stored.daily(arm)
        assert set(monthly["month"]) == {0, 1} and set(daily["day"]) == set(range(40))
        names = ["vector", "replication", "option"]
        daily["month"] = np.searchsorted(starts, daily["day"], side="right") - 1
        assert daily["launched/uav"].gt(0).any()
        by_month = daily.groupby([*names, "month"], sort=False)[list(MEASURES)].sum()
        again = monthly.set_index([*names, "month"])[list(MEASURES)]
        assert np.allclose(by_month.loc[again.index], again, rtol=1e-12)
        totals = monthly.groupby(names, sort=False)[list(MEASURES)].sum()
        for o, option in enumerate(stored.options):
            of = totals.xs(option, level="option").to_numpy().reshape(2, 3, len(MEASURES))
            assert np.allclose(of, stored.values[arm][:, :, o], rtol=1e-12)


def test_a_study_with_its_days_is_the_study_without(asked, stored, tmp_path):
    plain = run(asked, **SIZE, out=tmp_path / "study")
    assert [a.tobytes() for a in plain.values] == [a.tobytes() for a in stored.values]
    assert plain.manifest["study_key"] == stored.manifest["study_key"]
    assert (tmp_path / "study/summary.json").read_bytes() == (stored.folder / "summary.json").read_bytes()
    with pytest.raises(SkyShieldError, match="holds no days; run the study with --daily in a new folder"):
        plain.daily()
    with pytest.raises(SkyShieldError, match="was not stored; run it with --out"):
        run(asked, **SIZE).monthly()


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
