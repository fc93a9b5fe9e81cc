"""From nights to rows of a fit: the window, empty nights, block bootstrap, split of mixed types, same bytes.

Mutations tried, each caught: the first nights kept for the last; a window one night short; days without a row left
out; blocks of one night; blocks that run past the end; all rows alike; mixed missiles all to one class; mixed
missiles rounded night by night (as the code once did: a hundred nights of one went all one way); a month's total
not restored; pools mixed within a row; draws that depend on the number of rows.
"""

import numpy as np
import pytest

from skyshield.calibrate import FIT_KEYS, first, fit_aggregates, fit_record
from skyshield.calibrate.first import largest_remainder, split_mixed
from skyshield.catalogue import load_catalogue
from skyshield.core.errors import SkyShieldError
from skyshield.raids.fit import NIGHT_PREFIX, NOT_CALIBRATED, Fit
from skyshield.record import read_record
from skyshield.record.monthly import load_monthly

CATALOGUE = load_catalogue()
WINDOW = round(CATALOGUE["resample_window"].reference_si / 86400.0)
BLOCK = round(CATALOGUE["resample_block"].reference_si / 86400.0)


@pytest.fixture(scope="module")
def fit(write_nights, nights):
    return fit_record(read_record(write_nights("2031-01-01", **nights)), CATALOGUE)


def test_the_last_nights_are_kept_empty_ones_too(fit, nights):
    assert WINDOW == 273
    expected = np.stack([nights[kind][-WINDOW:] for kind in ("uav", "cruise", "ballistic")], axis=1)
    assert (fit.nights == expected).all()
    assert (fit.nights[:, 0] == 0).sum() == (nights["uav"][-WINDOW:] == 0).sum() > 20
    assert fit.window == ("2031-05-08", "2032-02-04")
    assert fit.status == NOT_CALIBRATED


def test_each_row_is_blocks_of_consecutive_nights_in_a_circle(fit):
    index = fit.night_index
    assert index.shape == (first.N_ROWS, WINDOW)
    starts = index[:, ::BLOCK]
    for place in range(WINDOW):
        assert (index[:, place] == (starts[:, place // BLOCK] + place % BLOCK) % WINDOW).all()
    # starts spread evenly over the circle: 256 * 39 of them, mean of a discrete uniform
    assert abs(starts.mean() - (WINDOW - 1) / 2) < 4 * WINDOW / np.sqrt(12 * starts.size)
    assert len(np.unique(starts)) == WINDOW
    assert len({row.tobytes() for row in index}) == first.N_ROWS
    # every night is possible about equally often: a binomial count each, 4.5 standard errors for many looks
    often = np.bincount(index.ravel(), minlength=WINDOW)
    assert abs(often - first.N_ROWS).max() < 4.5 * np.sqrt(first.N_ROWS * 1.2)


def test_the_rows_have_the_mean_of_the_nights_and_the_doubt_of_blocks(fit):
    """Mean over rows is the nights' mean; its spread over rows is that of means of blocks."""
    uav = fit.nights[:, 0].astype(float)
    of_rows = uav[fit.night_index].mean(axis=1)
    assert of_rows.mean() == pytest.approx(uav.mean(), abs=4 * of_rows.std() / np.sqrt(len(of_rows)))
    blocks = np.array([uav[(start + np.arange(BLOCK)) % WINDOW].mean() for start in range(WINDOW)])
    expected = blocks.std() / np.sqrt(WINDOW / BLOCK)
    assert of_rows.std() == pytest.approx(expected, rel=4 / np.sqrt(2 * len(of_rows)))
    spread = uav[fit.night_index].std(axis=1)
    assert spread.mean() == pytest.approx(uav.std(), rel=0.02)


def test_blocks_carry_doubt_that_single_nights_would_hide(write_nights):
    """Nights in runs of ten of one size: resampled one by one, the doubt about the mean would be a third of it."""
    runs = np.repeat(np.where(np.arange(30) % 3 == 0, 500, 50), 10)
    found = fit_record(read_record(write_nights("2031-01-01", uav=runs)), CATALOGUE)
    uav = found.nights[:, 0].astype(float)
    alone = uav.std() / np.sqrt(WINDOW)
    assert uav[found.night_index].mean(axis=1).std() > 1.8 * alone


def test_parameters_are_catalogue_draws_by_row(fit):
    assert fit.names[:len(FIT_KEYS)] == FIT_KEYS
    assert all(name.startswith(NIGHT_PREFIX) for name in fit.names[len(FIT_KEYS):])
    for name, column in fit.parameters.items():
        low, centre, high = CATALOGUE[name].si()
        assert len(set(column)) == first.N_ROWS
        inside = (column >= low) & (column <= high)
        assert inside.mean() > (0.99 if CATALOGUE[name].distribution == "pert" else 0.8)
        assert low < np.median(column) < high
        assert abs(np.median(column) - centre) < 0.35 * (high - low)
    assert list(fit.parameters) == list(FIT_KEYS)


def test_row_k_does_not_depend_on_the_number_of_rows(fit, write_nights, nights, monkeypatch):
    monkeypatch.setattr(first, "N_ROWS", 20)
    fewer = fit_record(read_record(write_nights("2031-01-01", **nights)), CATALOGUE)
    assert (fewer.rows == fit.rows[:20]).all()


def test_the_same_record_gives_the_same_fit_and_it_survives_json(fit, write_nights, nights):
    import json

    again = fit_record(read_record(write_nights("2031-01-01", **nights)), CATALOGUE)
    assert json.dumps(again.to_dict()) == json.dumps(fit.to_dict())
    back = Fit.from_dict(json.loads(json.dumps(fit.to_dict())))
    assert (back.rows == fit.rows).all()
    assert (back.nights == fit.nights).all()


def test_a_short_record_keeps_what_it_has(write_nights):
    found = fit_record(read_record(write_nights("2031-01-01", uav=[5, 0, 7])), CATALOGUE)
    assert found.nights[:, 0].tolist() == [5, 0, 7]
    assert found.night_index.shape == (first.N_ROWS, 3)


def test_a_record_without_raids_is_refused(write_nights):
    with pytest.raises(SkyShieldError, match="no UAV or missile row"):
        fit_record(read_record(write_nights("2031-01-01", scout=[1, 2])), CATALOGUE)


def test_mixed_missiles_follow_the_windows_proportion(write_nights):
    cruise, ballistic, mixed = np.array([30, 0, 0]), np.array([0, 10, 0]), np.array([0, 8, 20])
    record = read_record(write_nights("2031-01-01", cruise=cruise, ballistic=ballistic, mixed=mixed))
    found = fit_record(record, CATALOGUE)
    assert found.nights[:, 1:].tolist() == [[30, 0], [6, 12], [15, 5]]
    assert split_mixed(np.zeros(2, int), np.zeros(2, int), np.array([4, 2]))[0].tolist() == [2, 1]


def test_small_mixed_rows_keep_the_proportion_in_total():
    cruise, ballistic = split_mixed(np.full(100, 6), np.full(100, 4), np.ones(100, int))
    assert cruise.sum() == pytest.approx(660, abs=1)
    assert ballistic.sum() == pytest.approx(440, abs=1)


def test_largest_remainders_share_out_a_total_exactly():
    g = np.random.default_rng(2)
    for _ in range(200):
        weights, total = g.uniform(0.0, 5.0, g.integers(1, 40)), int(g.integers(0, 5_000))
        parts = largest_remainder(weights, total)
        assert parts.sum() == total
        assert (np.abs(parts - weights / weights.sum() * total) < 1.0).all()


@pytest.fixture(scope="module")
def shipped():
    return fit_aggregates(CATALOGUE)


def pools_of(fit):
    return fit.nights.reshape(first.AGGREGATE_POOLS, -1, 3)


def test_generated_nights_have_each_months_totals(shipped):
    """UAVs exactly; cruise and ballistic with the month's mixed rows shared out."""
    table = load_monthly()
    for pool in pools_of(shipped):
        place = 0
        for month in range(len(table.month))[-first.AGGREGATE_MONTHS:]:
            days = int(table.days["n_days"][month])
            uav, cruise, ballistic = pool[place:place + days].sum(axis=0)
            known = {k: int(table.counts[f"{k}_launched"][month]) for k in ("uav", "cruise", "ballistic", "mixed")}
            assert uav == known["uav"]
            assert cruise + ballistic == known["cruise"] + known["ballistic"] + known["mixed"]
            assert 0 <= cruise - known["cruise"] <= known["mixed"]
            place += days
        assert place == len(pool)
    assert shipped.window == ("2025-06-01", "2026-02-28")


def test_generated_nights_look_like_the_record(shipped):
    """What the notes say of June 2025 to February 2026; a generator of our own, so bands, not equality."""
    for pool in pools_of(shipped):
        uav, missiles = pool[:, 0], pool[:, 1] + pool[:, 2]
        big = uav >= 300
        assert uav.mean() == pytest.approx(172, abs=0.5)
        assert uav.std() == pytest.approx(152, rel=0.15)
        assert big.mean() == pytest.approx(0.18, abs=0.03)
        assert uav[big].sum() / uav.sum() == pytest.approx(0.48, abs=0.05)
        assert np.median(uav[~big]) == pytest.approx(102, rel=0.12)
        assert np.median(uav[big]) == pytest.approx(454, rel=0.12)
        assert (missiles >= 20).mean() * 365.25 == pytest.approx(53, rel=0.15)
        assert (missiles[big] >= 20).mean() == pytest.approx(0.73, abs=0.12)
        assert np.corrcoef(uav, missiles)[0, 1] == pytest.approx(0.80, abs=0.2)


def test_rows_of_the_shipped_fit_stay_within_one_collection(shipped):
    pool = shipped.night_index // len(pools_of(shipped)[0])
    assert (pool == pool[:, :1]).all()
    assert np.bincount(pool[:, 0]).tolist() == [first.N_ROWS // first.AGGREGATE_POOLS] * first.AGGREGATE_POOLS
    assert len({p.tobytes() for p in pools_of(shipped)}) == first.AGGREGATE_POOLS


def test_the_real_record_gives_the_notes_figures(data_dir):
    """273 days to 28 February 2026: mean 172 a day, standard deviation 152, 5/50/95% at 47, 115 and 509."""
    found = fit_record(read_record(data_dir / "raids" / "missile_attacks_daily.csv"), CATALOGUE)
    uav, missiles = found.nights[:, 0], found.nights[:, 1] + found.nights[:, 2]
    assert found.window == ("2025-06-01", "2026-02-28")
    assert uav.mean() == pytest.approx(172, abs=0.5)
    assert uav.std() == pytest.approx(152, abs=1)
    assert np.quantile(uav, [0.05, 0.5, 0.95]) == pytest.approx([47, 115, 509], abs=1)
    assert np.corrcoef(uav, missiles)[0, 1] == pytest.approx(0.80, abs=0.005)
    big = uav >= 300
    assert (missiles[big] >= 20).mean() == pytest.approx(0.73, abs=0.005)
    assert np.corrcoef(uav[1:], uav[:-1])[0, 1] == pytest.approx(-0.13, abs=0.01)
