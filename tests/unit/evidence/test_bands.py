"""The simultaneous band: a perfect model passes, a wrong one does not, and the untold is not judged."""

import math

import numpy as np
import pytest

from skyshield.evidence.fit_checks.bands import scales, simultaneous_band
from skyshield.evidence.fit_checks.ensemble import Ensemble, facts_of
from skyshield.evidence.fit_checks.facts import load_facts
from skyshield.evidence.fit_checks.generate import full_reporting

FACTS = load_facts()[:12]


def records(n, seed):
    """Facts that hang together, one of them skewed, one of them rare counts, one often untold."""
    g = np.random.default_rng(seed)
    common = g.standard_normal((n, 1))
    values = common + g.standard_normal((n, len(FACTS)))
    values[:, 0] = np.exp(values[:, 0])
    values[:, 1] = g.poisson(0.4, n)
    values[g.random(n) < 0.3, 2] = np.nan
    return values


def test_a_perfect_model_passes_about_99_percent_of_the_time():
    shares = [simultaneous_band(records(1000, seed), FACTS).inside(records(2000, 1000 + seed)).mean()
              for seed in range(8)]
    assert np.mean(shares) == pytest.approx(0.99, abs=0.004)
    assert min(shares) > 0.975


def test_facts_of_generated_records_pass_as_often(fit):
    ensemble = Ensemble(fit, full_reporting(np.datetime64("2025-07-01"), 60), 3, 600)
    values = facts_of(ensemble)
    band = simultaneous_band(values[:400], load_facts())
    assert band.inside(values[400:]).mean() > 0.94  # 99% less the doubt of a band from 400 records


def test_a_shifted_fact_is_seen():
    band = simultaneous_band(records(1000, 1), FACTS)
    wrong = records(500, 2)
    wrong[:, 5] += 12.0
    assert band.inside(wrong).mean() < 0.01


def test_both_sides_have_their_own_scale():
    skewed = np.exp(np.random.default_rng(1).standard_normal((4000, 1)) * 0.8)
    median, below, above = scales(skewed)
    assert above[0] > 2 * below[0]
    assert median[0] == pytest.approx(1.0, abs=0.1)


def test_judging():
    values = np.tile(np.linspace(-1.0, 1.0, 401)[:, None], (1, 2))
    band = simultaneous_band(values, FACTS[:2])
    inside, outside = band.judge(np.array([0.5, 9.0]))
    assert (inside.inside, outside.inside) == (True, False)
    assert inside.position == pytest.approx(0.75, abs=0.01)
    assert inside.low == pytest.approx(-inside.high)
    assert inside.low < -0.98
    assert outside.deviation > band.critical
    assert band.p_value(np.array([0.5, 9.0])) == 0.0
    assert band.p_value(np.array([0.0, 0.5])) == pytest.approx(0.5, abs=0.01)


def test_the_untold_is_open():
    values = records(1000, 3)
    band = simultaneous_band(values, FACTS)
    observed = np.median(np.nan_to_num(values), axis=0)
    observed[4] = math.nan
    judged = band.judge(observed)
    assert judged[4].inside is None
    assert math.isnan(judged[4].position)
    assert judged[2].undefined == pytest.approx(0.3, abs=0.06)
    assert band.p_value(observed) > 0.5


def test_a_fact_no_record_tells_is_not_judged():
    values = records(200, 3)
    values[:, 7] = np.nan
    band = simultaneous_band(values, FACTS)
    assert math.isfinite(band.critical)
    assert band.judge(np.zeros(len(FACTS)))[7].inside is None


@pytest.mark.parametrize("side", [1.0, -1.0])
def test_a_fact_that_hardly_varies_does_not_make_the_band_infinite(side):
    values = records(1000, 3)
    values[:, 7] = 0.0
    values[:20, 7] = side
    band = simultaneous_band(values, FACTS)
    assert math.isfinite(band.critical)
    observed = np.median(np.nan_to_num(values), axis=0)
    observed[7] = 9.0 * side
    assert band.judge(observed)[7].inside is False
    observed[7] = side
    assert band.judge(observed)[7].inside is True


def test_the_band_of_a_skewed_fact_is_skewed():
    values = np.exp(np.random.default_rng(1).standard_normal((4000, 1)))
    band = simultaneous_band(values, FACTS[:1])
    assert band.low[0] > -0.5
    assert band.high[0] > 5.0
    assert band.deviations(np.array([band.low[0]]))[0] == pytest.approx(band.critical)
