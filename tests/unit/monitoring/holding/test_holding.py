"""Series, spreading, charts, season and what a ledger says, on small cases whose answer is known.

Mutations tried, each caught: weeks from Tuesday; spread events counted whole in each window; an exercise counted; a
copy counted; a sensor's restriction not taken off; an e-detector that grows too fast; the lower chart's sign turned;
windows before the end of the baseline judged; an alarm only above its limit; sets of changes that overlap; the
season's day and height wrong; the last day of a window taken for the first after it; a limit compared without room for
rounding; states of a block left out.
"""

import datetime as dt
import itertools
import math
import time

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from skyshield.core.errors import SkyShieldError
from skyshield.monitoring.holding.changes import changes_of, gap_probability, posterior_of
from skyshield.monitoring.holding.charts import charts_of
from skyshield.monitoring.holding.judge import Asked, Counted, from_csv, from_ledger, judge
from skyshield.monitoring.holding.ledger_series import hours_watched, read_ledger
from skyshield.monitoring.holding.run_length import _length, limit_for, reference_value, run_length
from skyshield.monitoring.holding.season import season_of
from skyshield.monitoring.holding.series import Series, as_asked, read_series, whole
from skyshield.monitoring.holding.spreading import counts, local_s, silences
from skyshield.monitoring.ledger.store import Entry, Ledger, create
from skyshield.monitoring.observation import Observation, leaf_bytes

DAY = 86400.0
KYIV = 7200.0


def weekly(count, first="2031-01-06", exposure=None):
    start = np.datetime64(first, "s") + np.arange(len(count)) * np.timedelta64(7, "D")
    return Series(start, start + np.timedelta64(7, "D"), np.asarray(count, float),
                  np.ones(len(count)) if exposure is None else np.asarray(exposure, float))


def nb(generator, mean, size, n):
    return generator.negative_binomial(size, size / (size + np.broadcast_to(mean, n)), n).astype(float)


# ---- changes

def test_a_change_is_found_where_it_is_and_none_where_none_is():
    generator = np.random.default_rng(np.random.Philox(11))
    series = weekly(np.concatenate((nb(generator, 30.0, 4.0, 60), nb(generator, 6.0, 4.0, 60))))
    found = posterior_of(series.count, series.exposure, gap_probability(series, 1.0))
    sure = [one for one in changes_of(series, found) if one.p >= 0.95]
    assert len(sure) == 1
    assert abs((np.datetime64(sure[0].date) - series.start[60]).astype("timedelta64[D]").astype(int)) <= 14
    assert sure[0].lo <= sure[0].date <= sure[0].hi
    assert sure[0].before == pytest.approx(30.0, rel=0.25) and sure[0].after == pytest.approx(6.0, rel=0.25)
    assert 2.0 < found.size_low < found.size < found.size_high < 8.0


def test_calm_series_are_seldom_called_changed():
    generator = np.random.default_rng(np.random.Philox(12))
    wrong = 0
    for _ in range(20):
        series = weekly(nb(generator, 8.0, 3.0, 100))
        found = posterior_of(series.count, series.exposure, gap_probability(series, 1.0))
        wrong += any(one.p >= 0.95 for one in changes_of(series, found))
    assert wrong <= 1


def test_more_watching_is_no_rise():
    generator = np.random.default_rng(np.random.Philox(13))
    exposure = np.repeat([1.0, 6.0], 50)
    count = generator.negative_binomial(4.0 * exposure, 4.0 / (4.0 + 5.0)).astype(float)
    q = np.full(99, 0.02)
    watched = posterior_of(count, exposure, q)
    blind = posterior_of(count, np.ones(100), q)
    assert watched.p_any()[48, 52] < 0.1 < 0.9 < blind.p_any()[48, 52]


@given(st.lists(st.integers(0, 60), min_size=2, max_size=25), st.integers(1, 40))
def test_changes_never_overlap_and_probabilities_are_some(values, percent):
    series = weekly(values)
    found = posterior_of(series.count, series.exposure, np.full(len(series) - 1, percent / 100), 2.0)
    assert ((found.p_gap >= 0) & (found.p_gap <= 1 + 1e-9)).all()
    assert 0 <= found.p_none <= 1
    changes = changes_of(series, found)
    for before, after in itertools.pairwise(changes):
        assert before.hi < after.lo
    for one in changes:
        assert one.lo <= one.date <= one.hi and 0.5 <= one.p <= 1


def test_a_gap_in_time_makes_a_change_likelier():
    series = weekly(np.ones(10)).only(np.arange(10) != 5)
    q = gap_probability(series, 1.0)
    assert q[4] == pytest.approx(1 - math.exp(-14 / 365.25)) and q[3] == pytest.approx(1 - math.exp(-7 / 365.25))


# ---- charts

def test_charts_wait_for_the_baseline_and_tell_rises_from_falls():
    calm = np.tile([8.0, 12.0, 9.0, 11.0, 6.0, 14.0], 5)
    series = weekly(np.concatenate((np.full(5, 60.0), calm, np.full(10, 25.0), np.full(10, 1.0))))
    days = (series.start[5].astype("datetime64[D]"), (series.end[34] - np.timedelta64(1, "D")).astype("datetime64[D]"))
    found = charts_of(series, 5.0, days, arl=100.0)
    assert found.baseline.windows == 30 and found.baseline.mean == pytest.approx(10.0)
    assert found.arl >= 100.0
    ups, downs = ([one for one in found.alarms if one.side == side] for side in ("up", "down"))
    assert series.start[35] <= np.datetime64(ups[0].date) < series.start[45] <= np.datetime64(downs[0].date)
    assert {one.side for one in found.e_alarms} == {"up", "down"}
    assert list(found.alarms) == sorted(found.alarms, key=lambda one: one.date)


def test_the_alarm_is_at_the_limit_itself():
    series = weekly([2.0, 2.0, 3.0, 1.0, 6.0, 7.0, 2.0])
    days = (np.datetime64("2031-01-06"), np.datetime64("2031-02-02"))
    first = charts_of(series, 5.0, days, k=2.0, h=9.0).alarms
    assert [(one.date, one.side, one.since) for one in first if one.side == "up"] == [
        ("2031-02-10", "up", "2031-02-03")]
    assert not [one for one in charts_of(series, 5.0, days, k=2.0, h=9.5).alarms if one.side == "up"]


def test_false_alarms_are_as_rare_as_asked():
    generator = np.random.default_rng(np.random.Philox(14))
    alarms = detector = windows = 0
    for _ in range(12):
        count = np.concatenate((nb(generator, 5.0, 3.0, 4000), nb(generator, 5.0, 3.0, 1500)))
        series = weekly(count, "1950-01-02")
        days = (series.start[0].astype("datetime64[D]"),
                (series.end[3999] - np.timedelta64(1, "D")).astype("datetime64[D]"))
        found = charts_of(series, 3.0, days, arl=100.0)
        alarms, detector, windows = alarms + len(found.alarms), detector + len(found.e_alarms), windows + 1500
    assert windows / alarms > 85.0
    assert windows / detector > 85.0


def test_the_e_detector_grows_by_one_a_window():
    from skyshield.monitoring.holding.settings import settings

    size, mean, y = 2.0, 4.0, np.arange(3000.0)
    null = stats.nbinom.logpmf(y, size, size / (size + mean))
    for ratio in settings()["e_detector"]["ratios"]:
        for other in (mean * ratio, mean / ratio):
            log = size * np.log((size + mean) / (size + other)) + y * (
                math.log(other / mean) + math.log((size + mean) / (size + other)))
            assert np.exp(null + log).sum() == pytest.approx(1.0, abs=1e-9)


def test_a_baseline_without_events_still_gives_a_chart():
    series = weekly([0.0] * 20 + [4.0, 5.0, 6.0])
    found = charts_of(series, 1.0, (np.datetime64("2031-01-06"), np.datetime64("2031-05-25")))
    assert found.baseline.size_from == "posterior" and 0 < found.baseline.mean < 0.1
    assert found.alarms[0].side == "up"


# ---- series

def written(tmp_path, *rows, header="from,to,count,exposure"):
    path = tmp_path / "series.csv"
    path.write_text("\n".join((header, *rows)) + "\n", "utf-8")
    return path


def test_both_ways_to_write_the_end_of_a_window(tmp_path):
    last = read_series(written(tmp_path, "2031-01-06,2031-01-12,1,1", "2031-01-13,2031-01-19,2,1"))
    after = read_series(written(tmp_path, "2031-01-06,2031-01-13,1,1", "2031-01-13,2031-01-20,2,1"))
    assert (last.end == after.end).all() and (last.start == after.start).all()
    timed = read_series(written(tmp_path, "2031-01-06T00:00:00+02:00,2031-01-06T12:00:00Z,1,1",
                                "2031-01-07T00:00:00Z,2031-01-08T00:00:00Z,2,1"))
    assert str(timed.start[0]) == "2031-01-05T22:00:00"


@pytest.mark.parametrize(("rows", "words"), [
    (("2031-01-06,2031-01-12,-1,1", "2031-01-13,2031-01-19,2,1"), "line 2: count: is '-1'"),
    (("2031-01-06,2031-01-12,nan,1", "2031-01-13,2031-01-19,2,1"), "line 2: count: is 'nan'"),
    (("2031-01-06,2031-01-12,1e300,1", "2031-01-13,2031-01-19,2,1"), "line 2: count: is '1e300'"),
    (("2031-01-06,2031-01-12,,1", "2031-01-13,2031-01-19,2,1"), "line 2: count: is ''"),
    (("2031-01-06,2031-01-12,1,0", "2031-01-13,2031-01-19,2,1"), "line 2: exposure: is 0, and somebody counted"),
    (("2031-01-06,2031-01-12,1,-2", "2031-01-13,2031-01-19,2,1"), "line 2: exposure: is '-2'"),
    (("2031-01-06,2031-01-12,1,inf", "2031-01-13,2031-01-19,2,1"), "line 2: exposure: is 'inf'"),
    (("2031-01-06,2031-01-14,1,1", "2031-01-13,2031-01-19,2,1"), "line 3: from: overlaps"),
    (("2031-01-13,2031-01-19,1,1", "2031-01-06,2031-01-12,2,1"), "line 3: from: is before"),
    (("2031-01-06,2031-01-12,1,1", "2031-01-06,2031-01-12,2,1"), "line 3: from: overlaps"),
    (("2031-01-06,2031-01-12,1,1",), "has one window"),
    ((), "no rows"),
    (("2031-01-32,2031-01-12,1,1",), "line 2: from: is '2031-01-32'"),
    (("2031-01-06,2031-01-01,1,1", "2031-01-13,2031-01-19,2,1"), "line 2: to: is not after"),
    (("2031-01-06T00:00:00,2031-01-12,1,1",), "without a zone"),
])
def test_what_no_series_may_say(tmp_path, rows, words):
    with pytest.raises(SkyShieldError) as caught:
        read_series(written(tmp_path, *rows))
    assert words in str(caught.value)


def test_a_column_that_is_missing(tmp_path):
    with pytest.raises(SkyShieldError, match="'exposure'"):
        read_series(written(tmp_path, "2031-01-06,2031-01-12,1", header="from,to,count"))


def test_days_become_weeks(tmp_path):
    rows = [f"2031-01-{day:02d},2031-01-{day:02d},{day},1" for day in range(8, 22)]
    week = as_asked(read_series(written(tmp_path, *rows)), "week")
    assert week.count.tolist() == [8 + 9 + 10 + 11 + 12, 13 + 14 + 15 + 16 + 17 + 18 + 19, 20 + 21]
    assert week.exposure.tolist() == [5.0, 7.0, 2.0]
    with pytest.raises(SkyShieldError, match="longest window"):
        as_asked(week, "day")


# ---- spreading

@given(st.lists(st.tuples(st.floats(0, 40), st.floats(0, 20), st.integers(1, 9)), min_size=1, max_size=20))
def test_spreading_keeps_the_weight(rows):
    start, length, weight = (np.array(of, float) for of in zip(*rows, strict=True))
    origin = np.datetime64("2031-01-06").astype("datetime64[s]").astype(float)
    found = counts(origin + start * DAY, origin + (start + length) * DAY, weight, "day", np.datetime64("2031-01-01"),
                   np.datetime64("2031-04-01"), "test")
    assert found.count.sum() - found.rounding == pytest.approx(weight.sum(), rel=1e-9)


def test_halves_go_to_the_even_number():
    assert whole(np.array([0.5, 1.5, 2.5, 0.1 * 5])).tolist() == [0.0, 2.0, 2.0, 0.0]


def test_a_summer_and_a_winter_midnight():
    winter, summer = (dt.datetime(2031, month, 1, tzinfo=dt.UTC).timestamp() for month in (1, 7))
    assert (local_s(np.array([winter, summer])) - [winter, summer]).tolist() == [7200.0, 10800.0]


def test_silences_know_overlaps():
    found = silences(np.array([0.0, 20.0, 21.0, 90.0]), np.array([10.0, 50.0, 22.0, 95.0]), 0.0, 100.0, 5.0)
    assert [(one.start_s, one.end_s) for one in found] == [(50.0, 90.0), (10.0, 20.0)]


# ---- season

def test_a_season_is_found_and_taken_out():
    generator = np.random.default_rng(np.random.Philox(15))
    series = weekly(np.zeros(260))
    angle = 2 * math.pi * series.start.astype(np.int64) / DAY / 365.25
    series = weekly(nb(generator, 12.0 * np.exp(0.7 * np.cos(angle)), 8.0, 260))
    found = season_of(series, 1.0)
    assert found.peak_ratio == pytest.approx(math.exp(0.7), rel=0.2)
    assert min(found.peak_day, 365.25 - found.peak_day) < 25.0
    plain, without = (judge(Counted(series), Asked(season=season)) for season in (False, True))
    assert len([one for one in without.changes if one.p >= 0.95]) == 0
    assert len([one for one in plain.changes if one.p >= 0.95]) > 0


def test_a_short_series_has_no_season():
    with pytest.raises(SkyShieldError, match="needs 3 years"):
        season_of(weekly(np.ones(100)), 1.0)


# ---- ledger

MONDAY = dt.datetime(2031, 1, 6, tzinfo=dt.UTC).timestamp() - KYIV


def ledger_of(tmp_path, *observations):
    folder = tmp_path / "ledger"
    create(folder, b"id: test\n", "example.org/mission", tmp_path / "log.key")
    with Ledger.open(folder) as ledger:
        ledger.append([Entry(leaf_bytes(one, {}), one.time_s) for one in observations])
    return folder


def seen(day, hours=0.0, **more):
    end = MONDAY + (day + hours / 24) * DAY if hours else None
    return Observation("patrol", MONDAY + day * DAY, 38.0, 48.0, "seen", time_end_s=end, **more)


def test_what_counts_in_a_ledger(tmp_path):
    folder = ledger_of(
        tmp_path, seen(0.0, act="V2", record_id="a", killed=3), seen(1.0, record_id="b", derived_from="a"),
        seen(1.5, derived_from="unknown"), seen(2.0, exercise=True), seen(3.0, text="air-raid alert; Kyiv"),
        seen(13.0, 48.0, killed=4), seen(20.9))
    events = read_ledger(folder)
    assert (len(events.start_s), events.copies, events.alerts, len(events.exercises)) == (4, 1, 1, 1)
    counted = from_ledger(folder, Asked(by="week"))
    assert counted.series.count.tolist() == [2.0, 0.0, 2.0]  # a half each of the two-day event, rounded to even
    deaths = from_ledger(folder, Asked(by="week", measure="deaths"))
    assert deaths.series.count.tolist() == [3.0, 2.0, 2.0]
    assert deaths.exercises[0]["source"] == "patrol" and "count for none" in " ".join(deaths.notes)
    assert counted.lulls[0]["from"] == "2031-01-07T10:00:00Z" and counted.lulls[0]["watcher_hours"] is None


def test_what_was_corrected_or_withdrawn_no_longer_counts(tmp_path):
    folder = ledger_of(tmp_path, seen(0.0), seen(1.0), seen(8.0, corrects="#0"), seen(2.0, withdraws="#1"), seen(3.0))
    assert from_ledger(folder, Asked(by="week")).series.count.tolist() == [1.0, 1.0]


def test_hours_watched_are_the_exposure(tmp_path):
    folder = ledger_of(
        tmp_path, seen(0.5), seen(1.5), seen(15.0),
        seen(0.0, 7 * 24.0, kind="coverage", sensor="camera 1"), seen(0.0, 24.0, kind="coverage", sensor="camera 2"),
        seen(1.0, 12.0, kind="restriction", restriction="cloud", sensor="camera 1"),
        seen(0.0, 6.0, kind="restriction", restriction="night"),
        seen(3.0, 6.0, kind="restriction", restriction="mines"),
        seen(14.0, 7 * 24.0, kind="coverage", sensor="camera 1"))
    counted = from_ledger(folder, Asked(by="week", last=np.datetime64("2031-01-26")))
    assert counted.series.exposure.tolist() == [7 * 24.0 - 12.0 - 6.0 + 24.0 - 6.0, 7 * 24.0]
    assert counted.series.count.tolist() == [2.0, 1.0]
    assert [(gap["from"], gap["to"], gap["why"]) for gap in counted.gaps] == [
        ("2031-01-13", "2031-01-20", "nobody watched")]
    assert counted.lulls[0]["watcher_hours"] == pytest.approx(5.5 * 24 - 6 - 0 + 24.0 - 6.0, abs=24.0)


def test_hours_of_windows_outside_all_watching():
    spans = (((10.0 * 3600, 20.0 * 3600),),)
    assert hours_watched(spans, np.array([0.0, 15.0, 30.0]) * 3600, np.array([5.0, 40.0, 50.0]) * 3600).tolist() == [
        0.0, 5.0, 0.0]


def test_a_wide_error_is_spread_about_its_time(tmp_path):
    folder = ledger_of(tmp_path, *(seen(10.0, time_error_s=14 * DAY / math.sqrt(12)) for _ in range(14)), seen(0.0),
                       seen(20.0))
    assert from_ledger(folder, Asked(by="week")).series.count.tolist() == [5.0, 7.0, 4.0]


def test_a_ledger_without_events_is_refused(tmp_path):
    with pytest.raises(SkyShieldError, match="holds no event"):
        read_ledger(ledger_of(tmp_path))
    (tmp_path / "two").mkdir()
    with pytest.raises(SkyShieldError, match="no event of 'drone'"):
        read_ledger(ledger_of(tmp_path / "two", seen(0.0)), "drone")


@pytest.mark.parametrize("exposure", [1.0, 0.1, 1 / 7, 1 / 3, 168.0])
def test_an_alarm_at_its_limit_does_not_hang_on_the_unit_of_exposure(exposure):
    count = np.concatenate((np.tile([2.0, 3.0, 1.0, 3.0], 5), np.full(10, 2.0), [9.0, 9.0], np.full(28, 2.0)))
    series = weekly(count, exposure=np.full(len(count), exposure))
    baseline = (np.datetime64("2031-01-06"), np.datetime64("2031-05-25"))
    charts = charts_of(series, 5.0 / exposure, baseline, k=4.0, h=10.0)
    assert [one[:2] for one in charts.alarms] == [("2031-08-11", "up")]


@given(st.integers(1, 200), st.integers(0, 199), st.randoms(use_true_random=False))
def test_states_taken_out_in_blocks_give_the_plain_solution(n, start, random):
    generator = np.random.default_rng(random.randrange(1 << 32))
    moves = generator.random((n, n)) * generator.random((n, n)) ** 3
    alarm = generator.random(n) + 0.01
    total = moves.sum(axis=1) + alarm
    moves, alarm = moves / total[:, None], alarm / total
    plain = np.linalg.solve(np.eye(n) - moves, np.ones(n))[start % n]
    assert _length(moves.copy(), alarm, start % n) == pytest.approx(plain, rel=1e-9)


def test_the_longest_exact_chain_is_quick():
    begin = time.process_time()
    assert run_length(4.0, 8.0, 2000.0).arl == math.inf
    assert time.process_time() - begin < 10.0  # it took 50 state by state


@pytest.mark.parametrize(("mean", "k", "h", "side"), [(2.0, 3, 2, "up"), (6.0, 5, 2, "down"), (40.0, 52, 20, "up")])
def test_a_limit_may_lie_below_the_reference_value(mean, k, h, side):
    counted = stats.poisson(mean)
    moves = np.zeros((h, h))
    for at, y in itertools.product(range(h), range(400)):
        total = max(0, at + (y - k if side == "up" else k - y))
        if total < h:
            moves[at, total] += counted.pmf(y)
    assert run_length(mean, k, h, side=side).arl == pytest.approx(np.linalg.solve(np.eye(h) - moves, np.ones(h))[0])


@pytest.mark.parametrize("side", ["up", "down"])
@pytest.mark.parametrize(("mean", "size"), [(0.3, 1.0), (5.0, 4.0), (539.0, 19.4), (20000.0, 8.0)])
def test_a_chart_runs_as_long_as_asked_and_little_longer(mean, size, side):
    k = reference_value(mean, size, side)
    h = limit_for(1000.0, mean, k, size, side)
    assert run_length(mean, k, h, size, side=side).arl >= 1000.0
    if h > 1:
        assert run_length(mean, k, math.floor(h * 0.998 - 1e-6), size, side=side).arl < 1010.0


def test_a_window_until_a_second_before_midnight_leaves_no_gap(tmp_path):
    path = tmp_path / "days.csv"
    path.write_text("from,to,count,exposure\n" + "".join(
        f"2031-05-{day:02}T00:00:00Z,2031-05-{day:02}T23:59:59Z,{int(day > 4)},1\n" for day in range(1, 9)), "utf-8")
    found = from_csv(path, Asked())
    assert found.gaps == []
    assert [row["hours"] for row in found.lulls] == [96.0]


@pytest.mark.parametrize("by", [None, "week"])
def test_windows_that_nobody_watched_are_gaps_and_no_quiet(tmp_path, by):
    """Shown to fail: the window kept; its week counted as a lull."""
    path = tmp_path / "weeks.csv"
    rows = [("2031-05-05", "2031-05-11", 4, 1), ("2031-05-12", "2031-05-18", 0, 0), ("2031-05-19", "2031-05-25", 3, 1)]
    path.write_text("from,to,count,exposure\n" + "".join(f"{a},{b},{n},{e}\n" for a, b, n, e in rows), "utf-8")
    found = from_csv(path, Asked(by=by))
    assert found.series.count.tolist() == [4, 3] and found.lulls == []
    assert [(gap["from"], gap["to"], gap["why"]) for gap in found.gaps] == [
        ("2031-05-12", "2031-05-19", "nobody watched")]
