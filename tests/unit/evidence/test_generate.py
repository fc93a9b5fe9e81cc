"""Synthetic records: the model's means, its bookkeeping, the same draws again."""

from dataclasses import replace

import numpy as np
import pytest

from skyshield.catalogue import load_catalogue
from skyshield.compile.world import compile_world
from skyshield.evidence.fit_checks.dispersion import intra_raid_correlation
from skyshield.evidence.fit_checks.draws import beta_share
from skyshield.evidence.fit_checks.generate import full_reporting, generate, reporting_of
from skyshield.evidence.fit_checks.season import draw_launches, level_steps
from skyshield.raids.fit import embedded_fit
from skyshield.raids.season import season_of
from skyshield.scenario import load, resolve
from skyshield.theatre import load_theatre

DAYS = 20_000


@pytest.fixture(scope="module")
def long(still):
    return generate(still, 3, DAYS, 11, 0)


@pytest.fixture(scope="module")
def launches(still):
    seeds = np.random.SeedSequence([11, 3, 0])
    return draw_launches(still, 3, DAYS, int(seeds.generate_state(1, np.uint64)[0]), True)


@pytest.fixture(scope="module")
def truth(still):
    return dict(zip(still.names, still.rows[3], strict=True))


def close(values, mean):
    values = np.asarray(values, float)
    assert values.mean() == pytest.approx(mean, abs=4 * values.std(ddof=1) / np.sqrt(len(values)))


def test_the_same_address_is_the_same_record(fit):
    a, b, c, d = (generate(fit, row, 60, 5, k) for row, k in ((1, 2), (1, 2), (1, 3), (2, 2)))
    assert all(np.array_equal(x, y, equal_nan=x.dtype.kind == "f") for x, y in zip(a, b, strict=True))
    assert not np.array_equal(a.uav, c.uav)
    assert not np.array_equal(a.uav, d.uav)


def test_parts_never_exceed_the_whole(fit):
    o = generate(fit, 0, 500, 1, 0)
    assert (o.leakers <= o.uav).all()
    assert (o.cruise_stopped <= o.cruise).all()
    assert (o.ballistic_stopped <= o.ballistic).all()
    assert (o.south_kills + o.west_kills <= o.uav - o.leakers).all()
    assert (o.soft_lost <= o.soft_stopped).all()
    assert (o.uav_day_part <= o.uav).all()
    assert ((o.west_named > 0) == (o.west_kills > 0)).all()


def test_launches_are_the_engines(long, launches):
    assert np.array_equal(long.uav, launches.counts[:, :2].sum(axis=1))
    assert np.array_equal(long.cruise, launches.counts[:, 2])


def test_leakers_have_their_mean(long, launches, truth):
    front, deep = launches.counts[:, 0], launches.counts[:, 1]
    close(long.leakers - truth["leak_front"] * front - truth["leak_deep"] * deep, 0.0)


def test_the_nights_shift_moves_the_front_stream_alone(still, truth):
    days = full_reporting(np.datetime64("2025-05-01"), 3000)
    path = np.zeros((3000, 4))
    path[:, 3] = -0.8
    o = generate(still, 3, 3000, 11, 0, days, levels=path)
    seeds = np.random.SeedSequence([11, 3, 0])
    launches = draw_launches(still, 3, 3000, int(seeds.generate_state(1, np.uint64)[0]), True, path)
    front, deep = launches.counts[:, 0], launches.counts[:, 1]
    odds = truth["leak_front"] / (1 - truth["leak_front"]) * np.exp(-0.8)
    close(o.leakers - odds / (1 + odds) * front - truth["leak_deep"] * deep, 0.0)
    assert deep.sum() > front.sum() / 2


def test_leak_rates_of_both_streams_move_together(long, launches, truth):
    """The spread of leakers is that of two beta quantiles of one uniform, and nearly the likelihood's."""
    front, deep = launches.counts[:, 0].astype(float), launches.counts[:, 1].astype(float)
    p, q, rho = truth["leak_front"], truth["leak_deep"], truth["rho_uav"]
    u = (np.arange(100_000) + 0.5) / 100_000
    together = np.cov(beta_share(u, p, rho), beta_share(u, q, rho))
    within = (1 - rho) * (front * p * (1 - p) + deep * q * (1 - q))
    between = front**2 * together[0, 0] + deep**2 * together[1, 1] + 2 * front * deep * together[0, 1]
    residual = long.leakers - p * front - q * deep
    close(residual**2 / (between + within), 1.0)
    spread = front * np.sqrt(p * (1 - p)) + deep * np.sqrt(q * (1 - q))
    assert np.median((between + within) / (rho * spread**2 + within)) == pytest.approx(1.0, abs=0.1)


def test_missiles_stopped(long, truth):
    some = long.cruise > 0
    close((long.cruise_stopped - truth["cruise_intercept"] * long.cruise)[some], 0.0)
    assert intra_raid_correlation(long.cruise, long.cruise_stopped) == pytest.approx(truth["rho_cruise"], rel=0.1)
    n = long.ballistic[long.ballistic > 0]
    stopped = long.ballistic_stopped[long.ballistic > 0]
    covered = 1 / (1 + np.exp(-truth["ballistic_cover_intercept"] - truth["ballistic_cover_slope"] * np.log(n)))
    close(stopped - covered * truth["ballistic_stop_covered"] * n, 0.0)
    close((stopped[n == 1] == 0) * 1.0, 1 - (covered * truth["ballistic_stop_covered"])[n == 1][0])


def test_kills_by_area(long, launches, truth):
    front, deep = launches.counts[:, 0], launches.counts[:, 1]
    for massed, regime in enumerate(("routine", "massed")):
        those = launches.massed == massed
        close((long.west_kills - truth[f"west_kills_share_{regime}"] * deep)[those], 0.0)
    kept_front, kept_deep = front * (1 - truth["leak_front"]), deep * (1 - truth["leak_deep"])
    mean = (kept_front * truth["south_share_front"] + kept_deep * truth["south_share_deep"]) / (kept_front + kept_deep)
    close(long.south_kills - mean * (long.uav - long.leakers), 0.0)


def test_simple_shares(long, truth):
    close(long.soft_lost - truth["soft_share_of_stops"] * long.soft_stopped, 0.0)
    close(long.armed - (1 - truth["decoy_share"]) * long.armed_of, 0.0)
    close((long.uav_day_part > 0) * 1.0, truth["p_day_raid"])


def test_levels_end_at_the_row_or_start_there(fit):
    seed, days = 77, 120
    step = fit.parameters["leak_step"][4]
    walked = level_steps(np.uint64(seed), days)[3] * step
    ends = draw_launches(fit, 4, days, seed, True).leak_shift
    starts = draw_launches(fit, 4, days, seed, False).leak_shift
    assert ends[-1] == pytest.approx(0.0, abs=1e-12)
    assert starts[-1] == pytest.approx(walked)
    assert np.diff(ends) == pytest.approx(np.diff(starts))


@pytest.mark.parametrize(("level", "column"), [("front", 0), ("deep", 1)])
def test_sizes_end_at_the_row_too(still, level, column):
    """After 60 steps of 0.2 a size is spread over a factor of 20; made to end at the row, it is not."""
    rows = still.rows[:1].copy()
    rows[0, still.names.index(f"{level}_step")] = 0.2
    rows[0, still.names.index("massed_intercept")] = 50.0  # every night is massed
    fit = replace(still, rows=rows)
    drawn = np.array([draw_launches(fit, 0, 60, seed, True).counts[-1, column] for seed in range(400)], float)
    name = {"front": "front_mean", "deep": "massed_deep_median"}[level]
    middle = np.log(drawn + 1 / 2).mean()
    assert middle == pytest.approx(np.log(fit.parameters[name][0]), abs=0.15)
    assert np.log(drawn + 1 / 2).std() < 0.8


def test_how_often_nights_are_massed_ends_at_the_row(still):
    rows = still.rows[:1].copy()
    rows[0, still.names.index("massed_step")] = 1.0
    fit = replace(still, rows=rows)
    last = np.mean([draw_launches(fit, 0, 100, seed, True).massed[-4:].mean() for seed in range(300)])
    usual = draw_launches(still, 0, 4000, 1, True).massed.mean()
    assert last == pytest.approx(usual, abs=0.09)  # free walks end near one half: 10 steps on the logit


def test_a_given_path_is_followed(still):
    path = np.zeros((4000, 4))
    path[:2000, 1] = 0.5
    path[:2000, 0] = -50.0
    o = draw_launches(still, 0, 4000, 3, True, path)
    assert o.massed[:2000].sum() == 0
    assert 0 < o.massed[2000:].mean() < 1
    front = still.parameters["front_mean"][0]
    close(o.counts[:2000, 0], front * np.exp(0.5))
    close(o.counts[2000:, 0], front)


def test_without_steps_a_path_of_zeros_is_the_free_season(still):
    """Massed nights as often, whether drawn night by night along a path or all at once."""
    along = draw_launches(still, 0, 6000, 3, True, np.zeros((6000, 4))).massed.mean()
    free = draw_launches(still, 0, 6000, 4, True).massed.mean()
    assert along == pytest.approx(free, abs=4 * np.sqrt(2 * 0.2 * 0.8 / 6000))


def test_reporting_is_obeyed(fit):
    days = full_reporting(np.datetime64("2025-07-01"), 4)
    reported = np.array([True, False, True, True])
    days = days._replace(reported=reported, south=np.array([False, True, True, True]),
                         west=np.array([True, True, False, True]),
                         apart=np.array([True, True, False, False]), armed=np.array([1.0, 1.0, 0.0, 0.5]))
    o = generate(fit, 0, 4, 1, 0, days)
    assert o.uav[1] == o.cruise[1] == o.ballistic[1] == o.leakers[1] == 0
    assert np.isnan(o.south_kills).tolist() == [True, True, False, False]
    assert np.isnan(o.west_kills).tolist() == [False, True, True, False]
    assert (o.soft_stopped > 0).tolist() == [True, False, False, False]
    assert o.armed_of.tolist() == [o.uav[0], 0, 0, round(o.uav[3] / 2)]
    again = reporting_of(o)
    assert np.array_equal(again.reported, reported)
    assert np.array_equal(again.south, [False, False, True, True])
    assert np.array_equal(again.apart, [True, False, False, False])


def test_default_dates_end_with_the_window_or_follow_it(fit):
    last = np.datetime64(fit.window[1])
    assert generate(fit, 0, 9, 1, 0).date[-1] == last
    assert generate(fit, 0, 9, 1, 0, ends_at_fit=False).date[0] == last + 1


def test_nearly_the_same_parameters_make_nearly_the_same_record(still):
    from skyshield.evidence.fit_checks.detect import moved_fit

    at, by = (moved_fit(still, "leak_front", "logit", shift) for shift in (0.0, 0.02))
    near = generate(by, 0, 400, 9, 1)
    here, other = generate(at, 0, 400, 9, 1), generate(at, 0, 400, 9, 2)
    assert np.array_equal(near.uav, here.uav)
    assert 0 < (near.leakers - here.leakers).sum() < np.abs(here.leakers - other.leakers).sum() / 5
    assert ((near.leakers - here.leakers) >= 0).all()


def test_the_season_is_the_one_a_study_compiles():
    fit = embedded_fit()
    compiled = compile_world(resolve(load("skyshield"), load_catalogue(), load_theatre(), fit), vectors=3)
    raids = compiled.world.raids
    for vector, intercept in enumerate(raids.season.massed_intercept):
        row = int(np.flatnonzero(fit.parameters["massed_intercept"] == intercept)[0])
        of_row = {name: values[row:row + 1] for name, values in fit.parameters.items()}
        factor = compiled.parameters["launch_level_factor"][vector:vector + 1]
        mine = season_of(of_row, factor)
        for name, value in zip(mine._fields, mine, strict=True):
            assert getattr(raids.season, name)[vector] == pytest.approx(value[0]), name
        record = season_of(of_row)  # what made records are drawn from: levels walk, as in the window
        other = {name for name, value in zip(mine._fields, mine, strict=True)
                 if not np.array_equal(value, getattr(record, name))}
        assert other == {"massed_stay", "front_stay", "deep_stay", "leak_stay", "leak_start"}
        assert all(getattr(record, name)[0] == 1.0 for name in other - {"leak_start"}) and record.leak_start[0] == 0.0
