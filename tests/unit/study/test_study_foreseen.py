"""What a dry run foresees, against studies that are played: arms, seconds, bytes.

Tried to fail: the scenario left out of the bytes, seconds of a day without what is done once. Each fails a test.
"""

import time

import pytest

from skyshield.report.keep import keep_pages
from skyshield.study import StudyView, run
from skyshield.study.clock import process_age_s
from skyshield.study.foreseen import Measured, estimate, measured, planned
from skyshield.study.months import month_starts
from support.studies import resolved, scenario

SEED, VECTORS, REPLICATIONS, DAYS = 3, 16, 4, 10


@pytest.fixture(scope="module")
def foreseen():
    asked = resolved(scenario(days=DAYS))
    return asked, planned(asked, VECTORS, REPLICATIONS, SEED, False)


def test_arms_are_named_in_words_with_their_end_and_options(foreseen):
    rows = foreseen[1].content["arm_list"]
    assert [row["options"] for row in rows] == foreseen[1].touched and rows[0]["kind"] == "headline"
    assert [(row["entry"], row["end"]) for row in rows[1:]] == [
        ("own_defence_along_share", "low"), ("own_defence_along_share", "high"), ("zone_share", "low")]
    assert all(row["what"][0].isupper() and "_" not in row["what"] for row in rows)


def test_time_and_disk_are_foreseen(foreseen, tmp_path):
    """On a busy machine two runs of one command differ by a factor of two in their seconds, so this one is wide."""
    asked, plan = foreseen
    found = measured(plan, asked, 1)
    told = estimate(plan, found, 0.0, 1, True, len(month_starts(asked.parts()[0].start_date, DAYS)))
    begin_s, folder = time.perf_counter(), tmp_path / "study"
    result = run(asked, SEED, REPLICATIONS, vectors=VECTORS, out=folder)
    keep_pages(folder, StudyView(result, asked), None)
    took_s = time.perf_counter() - begin_s
    assert 1.0 / 4.0 < told["wall_s"] / took_s < 4.0
    there = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
    assert told["disk_bytes"] == pytest.approx(there, rel=0.2)
    assert process_age_s() >= took_s


def test_seconds_follow_the_size(foreseen):
    _, plan = foreseen
    found = Measured(0.0, 0.0, 1e-3, 1e-4, {True: 1e4, False: 1e4}, {True: 500.0, False: 100.0})
    small = estimate(plan, found, 0.0, 1, True, 1)
    plan.content["vectors"] *= 50
    large = estimate(plan, found, 0.0, 1, True, 1)
    plan.content["vectors"] //= 50
    days = DAYS * sum(size * VECTORS * (1e-3 + n * 1e-4) for size, n in zip(plan.sizes, plan.touched, strict=True))
    assert large["wall_s"] > small["wall_s"] + 20.0 * days and large["disk_bytes"] > 2.0 * small["disk_bytes"]
    assert estimate(plan, found, 0.0, 1, False, 1)["disk_bytes"] == 0.0
