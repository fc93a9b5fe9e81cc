"""How wrong a parameter must be before its fact says so."""

import math

import numpy as np
import pytest

from skyshield.evidence.fit_checks.bands import simultaneous_band
from skyshield.evidence.fit_checks.detect import detect, moved
from skyshield.evidence.fit_checks.ensemble import Ensemble, facts_of
from skyshield.evidence.fit_checks.facts import load_facts
from skyshield.evidence.fit_checks.generate import full_reporting

WANTED = ("routine_q50", "leak_to_100", "rho_cruise", "combined_per_year")


@pytest.fixture(scope="module")
def result(still):
    facts = tuple(fact for fact in load_facts() if fact.name in WANTED)
    ensemble = Ensemble(still, full_reporting(np.datetime64("2025-09-01"), 120), 5, 64)
    values = facts_of(ensemble, facts)
    band = simultaneous_band(values, facts)
    observed = dict(zip([fact.name for fact in facts], np.nanmedian(values, axis=0), strict=True))
    observed |= {"combined_per_year": 1e4, "rho_cruise": math.nan}
    return {detected.fact.name: detected for detected in detect(band, np.array(list(observed.values())), ensemble)}


def test_a_shift_is_detected_either_way(result):
    for name in ("routine_q50", "leak_to_100"):
        detected = result[name]
        assert not detected.already
        assert detected.lowest <= detected.low < detected.value < detected.high <= detected.highest
    # the routine median is about the front mean: a band of some 20% either way is left in 120 days
    assert result["routine_q50"].high < 2 * result["routine_q50"].value


def test_what_is_outside_already_is_not_searched(result):
    assert result["combined_per_year"].already
    assert result["combined_per_year"].low is None


def test_what_the_record_does_not_tell_detects_nothing(result):
    detected = result["rho_cruise"]
    assert (detected.already, detected.low, detected.high) == (False, None, None)


@pytest.mark.parametrize(("scale", "shift", "start", "end"), [
    ("factor", math.log(2), 3.0, 6.0), ("logit", -math.log(3), 0.5, 0.25), ("absolute", -2.0, 0.5, -1.5)])
def test_scales(scale, shift, start, end):
    assert moved([start], scale, shift) == pytest.approx([end])
    assert moved(moved([start], scale, shift), scale, -shift) == pytest.approx([start])
