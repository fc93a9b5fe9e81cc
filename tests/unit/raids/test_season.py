"""A year of the shipped fit: levels that revert, and launches that grow.

Mutations tried, each caught: a level that stays where it is; a spread of one standard deviation for 95%.
"""

import functools

import numpy as np
import pytest

from skyshield.catalogue import load_catalogue
from skyshield.compile.parameters import ParameterTable
from skyshield.core.vocabulary import N_CLASSES, N_STREAMS
from skyshield.engine.day import draw_war
from skyshield.raids import expected_launches
from skyshield.raids.fit import embedded_fit
from skyshield.raids.season import season_of, stay_of

DAYS, MONTH_12 = 365, 335


@functools.cache
def table():
    fit = embedded_fit()
    return ParameterTable(load_catalogue(), fit, 1, len(fit.rows), {})


def played(season, growth=None, days=DAYS):
    """Return the launches of one replication of every vector, i8[vector, day, stream]."""
    n = len(season.front_mean)
    counts = np.zeros((n, days, N_STREAMS), np.int64)
    growth = np.ones((N_CLASSES, days)) if growth is None else growth
    for vector in range(n):
        draw_war(season, growth, np.uint64(5), vector << 16, counts[vector], np.zeros(days, np.uint8), np.zeros(days))
    return counts


@functools.cache
def year():
    return played(season_of(table(), table()["launch_level_factor"]))


def uavs_a_day(counts):
    return counts[:, MONTH_12:, :2].sum(axis=(1, 2)) / (DAYS - MONTH_12)


def within(uavs):
    """Return how many of the vectors have their UAVs a day within the level factor of the window's average."""
    average, factor = (load_catalogue()[name] for name in ("uav_launch_mean_per_day", "launch_level_factor"))
    a_day = average.reference_value
    assert a_day == 172.0
    return ((uavs > a_day / factor.high) & (uavs < a_day * factor.high)).mean()


def test_in_the_twelfth_month_launches_stay_near_the_windows_average():
    """95% of all vectors within the factor that the catalogue names; it reaches 1.4 to 1.5 where 1.9 is allowed."""
    uavs = uavs_a_day(year())
    assert within(uavs) >= 0.95
    assert np.median(uavs) == pytest.approx(172.0, rel=0.05)
    assert 1.3 < np.exp(1.96 * np.log(uavs).std()) < load_catalogue()["launch_level_factor"].high


def test_levels_that_walk_would_leave_it():
    walking = uavs_a_day(played(season_of(table())))
    assert within(walking) < 0.8


@pytest.mark.parametrize(("step", "factor", "stay"), [
    (0.0, 1.5, 1.0), (np.log(1.6) / 1.959964, 1.6, 0.0), (1.0, 1.2, 0.0),
    (0.03, 1.6, np.sqrt(1.0 - (0.03 * 1.959964 / np.log(1.6)) ** 2))])
def test_what_stays_of_a_level_keeps_it_within_its_factor(step, factor, stay):
    assert stay_of(np.array([step]), np.array([factor]))[0] == pytest.approx(stay, abs=1e-3)


def test_a_level_stays_within_its_factor_on_95_days_of_100():
    season = season_of(table(), np.full(len(table().fit_row), 1.5))
    n, level, noise = 50_000, np.zeros(20), np.random.default_rng(1)
    inside = 0
    for _ in range(n):
        level = season.front_stay[:20] * level + season.front_step[:20] * noise.standard_normal(20)
        inside += (np.abs(level) < np.log(1.5)).sum()
    assert inside / (20 * n) == pytest.approx(0.95, abs=0.01)


@pytest.mark.parametrize("factors", [(1.8, 1.0, 1.0), (1.0, 2.5, 1.0), (1.0, 1.0, 3.0), (1.0, 0.5, 1.5)])
def test_launches_of_a_class_grow_by_its_factor_and_no_others(factors):
    """Last day against the same draws without growth; missiles come as often, and more of them."""
    growth = np.linspace(np.ones(N_CLASSES), factors, DAYS).T.copy()
    season, plain = season_of(table(), table()["launch_level_factor"]), year()
    counts = played(season, growth)
    late = slice(DAYS - 120, DAYS)
    expected = growth[[0, 0, 1, 2], late].mean(axis=1)
    ratio = counts[:, late].sum(axis=(0, 1)) / plain[:, late].sum(axis=(0, 1))
    for stream, factor in enumerate(expected):
        if factor == 1.0:
            assert counts[..., stream].tobytes() == plain[..., stream].tobytes()
        else:
            assert ratio[stream] == pytest.approx(factor, rel=0.05)
    assert (counts[:, 0] == plain[:, 0]).all()
    some = counts[..., 2:] > 0
    assert (some == (plain[..., 2:] > 0)).all() or min(factors) < 1.0


def test_a_year_brings_what_the_window_expects():
    mean = expected_launches(embedded_fit().parameters)[:, :, :2].sum(axis=(1, 2))
    assert year()[:, 60:, :2].sum(axis=(1, 2)).mean() / (DAYS - 60) == pytest.approx(mean.mean(), rel=0.04)
