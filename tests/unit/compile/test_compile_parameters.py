"""Where a parameter comes from: the fit's row, an assumption or an end, or a draw of its own."""

import numpy as np
import pytest

from skyshield.catalogue import load_catalogue
from skyshield.compile.parameters import CentralValues, ParameterTable, end_value, headline_value
from skyshield.raids.fit import embedded_fit

CATALOGUE, FIT = load_catalogue(), embedded_fit()
KM = 1000.0


def table(n=3, ends=None, assumptions=None, seed=1):
    return ParameterTable(CATALOGUE, FIT, seed, n, ends or {}, assumptions)


def test_vectors_take_the_rows_of_the_fit_in_turn_and_keep_them_joint():
    n = len(FIT.rows) + 3
    result = table(n)
    for name in ("front_mean", "leak_deep"):
        assert (result[name] == FIT.parameters[name][np.arange(n) % len(FIT.rows)]).all()
    assert "leak_deep" in CATALOGUE  # the fit goes before the catalogue


def test_an_entry_without_a_centre_stands_at_reference_assumption_or_end():
    name = "leak_west_over_leak_deep"
    assert table()[name].tolist() == [1.0] * 3
    assert table(assumptions={name: 2.0})[name].tolist() == [2.0] * 3
    assert table(ends={name: "high"})[name].tolist() == [7.0] * 3
    assert table(ends={name: "low"}, assumptions={name: 2.0})[name].tolist() == [0.5] * 3


def test_a_reference_may_be_a_column_of_the_fit():
    """Of the share of hazard along the way it is each vector's share of stops that are jamming."""
    name = "own_defence_along_share"
    assert (table()[name] == FIT.parameters["soft_share_of_stops"][:3]).all()
    assert len(set(table()[name].tolist())) == 3
    assert table(assumptions={name: 0.4})[name].tolist() == [0.4] * 3
    assert table(ends={name: "high"})[name].tolist() == [1.0] * 3
    assert CATALOGUE[name].low < np.median(FIT.parameters["soft_share_of_stops"]) < CATALOGUE[name].high
    assert CATALOGUE[name].reference_value == pytest.approx(np.median(FIT.parameters["soft_share_of_stops"]), abs=0.02)


def test_assumptions_are_in_the_unit_of_the_entry():
    assert table(assumptions={"nasams_range": 30.0})["nasams_range"].tolist() == pytest.approx([30 * KM] * 3)
    assert table(ends={"nasams_range": "high"})["nasams_range"].tolist() == pytest.approx([40 * KM] * 3)
    assert CentralValues(CATALOGUE, {"nasams_range": 30.0})["nasams_range"].tolist() == pytest.approx([30 * KM])
    assert CentralValues(CATALOGUE)["nasams_range"].tolist() == pytest.approx([25 * KM])
    assert CentralValues(CATALOGUE)["cap_on_station"].tolist() == pytest.approx([1.75 * 3600])


def test_what_was_asked_for_without_a_centre_is_told_but_for_what_is_fixed():
    result = table(assumptions={"displacement": 0.5})
    for name in ("zone_share", "displacement", "aam_pk", "leak_deep", "claim_bias"):
        result[name]
    assert result.without_centre() == ("claim_bias", "zone_share")
    assert set(result.used) == {"zone_share", "displacement", "aam_pk", "leak_deep", "claim_bias"}


def test_a_draw_does_not_depend_on_other_draws_or_assumptions():
    alone, first = table(), table(5, assumptions={"zone_share": 0.3})
    first["zone_share"], first["uav_per_cruise"]
    assert (first["aam_pk"][:3] == alone["aam_pk"]).all()
    assert (table(seed=2)["aam_pk"] != alone["aam_pk"]).all()


def test_ends_and_headline_by_hand():
    entry = CATALOGUE["volume_response"]
    assert (end_value(entry, "low"), end_value(entry, "high")) == (0.8, 1.3)
    assert headline_value(entry, {}) == 1.0
    assert headline_value(entry, {"volume_response": 1.2, "displacement": 0.1}) == 1.2
    assert headline_value(CATALOGUE["zone_share"], {}) == 0.6
