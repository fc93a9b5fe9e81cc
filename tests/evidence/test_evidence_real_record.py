"""The facts of the real record: near what was published, and exactly it where the published definition is used."""

import numpy as np
import pytest

from skyshield.calibrate import observe
from skyshield.evidence.fit_checks.bands import simultaneous_band
from skyshield.evidence.fit_checks.detect import moved_fit
from skyshield.evidence.fit_checks.dispersion import intra_raid_correlation
from skyshield.evidence.fit_checks.ensemble import Ensemble, facts_of, history
from skyshield.evidence.fit_checks.facts import compute, load_facts
from skyshield.evidence.fit_checks.generate import reporting_of
from skyshield.raids.fit import embedded_fit
from skyshield.record import nightly, read_record

FACTS = load_facts()
MERGED = np.datetime64("2025-08-01")
# How far a fact that counts otherwise than the published one may lie from it; the rest must agree in rounding.
NEAR = {"leak_100_150": 0.02, "leak_150_200": 0.02, "leak_200_300": 0.01, "leak_slope_below": 0.03,
        "leak_slope_above": 0.003, "ballistic_none": 0.14, "ballistic_all": 0.05, "ballistic_1": 0.03,
        "ballistic_2": 0.06, "ballistic_3_4": 0.04, "ballistic_5_8": 0.02, "ballistic_above_8": 0.05,
        "rho_ballistic": 0.15}


@pytest.fixture(scope="module")
def record(data_dir):
    return read_record(data_dir / "raids" / "missile_attacks_daily.csv")


@pytest.fixture(scope="module")
def window(record):
    every = observe(record)
    return every.last(int((every.date[-1] - np.datetime64("2025-06-01")).astype(int)) + 1)


@pytest.fixture(scope="module")
def flying(record, window):
    """UAVs still in flight at the end of their bulletins, by day of the window."""
    nights = nightly(record)
    return np.array([nights.uav_still[nights.date == day].sum() for day in window.date])


def test_the_window_is_the_one_that_was_published(window):
    assert len(window.date) == 273
    assert window.reported.all()


@pytest.mark.parametrize("fact", [fact for fact in FACTS if fact.published is not None], ids=lambda fact: fact.name)
def test_published_facts(window, fact):
    result = compute(window, [fact])[0]
    if fact.name in NEAR:
        assert fact.note, "a fact that differs must say why"
        assert result == pytest.approx(fact.published, abs=NEAR[fact.name])
        return
    rounding = {"share": 0.006, "count": 0.9, "rate": 0.06, "correlation": 0.006, "number": 0.006}[fact.unit]
    assert result == pytest.approx(fact.published, abs=rounding)


def test_leaks_as_published_count_those_in_flight(window, flying):
    leaked = window._replace(leakers=window.leakers + flying)
    by_name = dict(zip([fact.name for fact in FACTS], compute(leaked), strict=True))
    assert by_name["leak_to_100"] == pytest.approx(0.27, abs=0.005)
    assert by_name["leak_150_200"] == pytest.approx(0.19, abs=0.005)
    assert by_name["leak_200_300"] == pytest.approx(0.14, abs=0.005)
    assert by_name["leak_above_300"] == pytest.approx(0.08, abs=0.005)
    assert by_name["leak_slope_below"] == pytest.approx(0.17, abs=0.005)
    assert by_name["leak_slope_above"] == pytest.approx(0.028, abs=0.0005)
    assert by_name["rho_uav_raw"] == pytest.approx(0.065, abs=0.0005)
    assert by_name["rho_uav_residual"] == pytest.approx(0.029, abs=0.001)


def test_ballistic_facts_as_published_are_of_single_rows(record):
    rows = [row for row in record.kept if row.threat_class == "ballistic" and row.launched]
    without = [row for row in rows if "s300" not in row.types]
    result = intra_raid_correlation([row.launched for row in without], [row.destroyed or 0 for row in without])
    assert result == pytest.approx(0.55, abs=0.01)
    recent = [row for row in rows if row.month >= "2024-10"]
    n = np.array([row.launched for row in recent])
    k = np.array([row.destroyed or 0 for row in recent])
    assert (k == 0).mean() == pytest.approx(0.75, abs=0.005)
    assert ((1 - k.sum() / n.sum()) ** n).mean() == pytest.approx(0.49, abs=0.005)
    for above, up_to, share in ((0, 1, 0.09), (1, 2, 0.15), (2, 4, 0.13), (4, 8, 0.29), (8, 999, 0.38)):
        inside = (n > above) & (n <= up_to)
        assert k[inside].sum() / n[inside].sum() == pytest.approx(share, abs=0.0075)


@pytest.fixture(scope="module")
def ensemble(window):
    fit = embedded_fit()
    return Ensemble(fit, reporting_of(window), 3, 150, history(fit, window, 3, 150))


def test_the_shipped_fit_holds_the_record(window, ensemble):
    band = simultaneous_band(facts_of(ensemble), FACTS)
    assert band.p_value(compute(window)) > 0.01


@pytest.mark.parametrize(("parameter", "shift"), [("leak_front", 1.5), ("massed_intercept", 3.0), ("rho_uav", 1.5)])
def test_a_wrong_model_does_not(window, ensemble, parameter, shift):
    from dataclasses import replace

    scale = "absolute" if "intercept" in parameter else "logit"
    wrong = replace(ensemble, fit=moved_fit(ensemble.fit, parameter, scale, shift))
    band = simultaneous_band(facts_of(wrong), FACTS)
    assert band.p_value(compute(window)) < 0.01
