"""Levels and severity.

Tried to fail: copies taken for a second modality, P(real) left out, one source with two methods taken for two.
"""

import pytest

from skyshield.monitoring.attribution.evidence import Record
from skyshield.monitoring.attribution.levels import level_of, severity_of
from skyshield.monitoring.attribution.words import tables
from skyshield.monitoring.observation.model import tables as formats


def records(*of):
    return [Record(k, {"source": f"s{k}", **leaf}) for k, leaf in enumerate(of)]


HEARD, SEISMIC, TOLD = {"method": "heard"}, {"method": "seismic"}, {"method": "reported"}


@pytest.mark.parametrize(("witnesses", "p_real", "level"), [
    ([], 0.99, "L0"), ([TOLD], 0.99, "L0"), ([TOLD, TOLD], 0.99, "L0"), ([HEARD], 0.99, "L1"),
    ([{"method": "camera"}], 0.99, "L1"), ([HEARD, TOLD], 0.99, "L1"), ([HEARD, HEARD], 0.99, "L1"),
    ([HEARD, {"method": "acoustic"}], 0.99, "L1"), ([HEARD, SEISMIC], 0.9, "L2"), ([HEARD, SEISMIC], 0.8999, "L1"),
    ([HEARD, {"method": "seen"}], 0.95, "L2"), ([HEARD, {"method": "seen", "distance_m": 2_000.0}], 0.95, "L2"),
    ([HEARD, {"method": "seen", "distance_m": 50.0}], 0.95, "L3"), ([HEARD, {"method": "uav"}], 0.95, "L3"),
    ([HEARD, {"method": "satellite", "position_error_m": 200.0}], 0.95, "L2"),
    ([HEARD, {"method": "satellite", "position_error_m": 5.0}], 0.95, "L3"),
    ([HEARD, {**SEISMIC, "source": "s0"}], 0.95, "L1")])
def test_level(witnesses, p_real, level):
    assert level_of(records(*witnesses), p_real) == level


def test_only_a_decision_makes_level_four():
    assert level_of(records(HEARD), 0.1, decided=True) == "L4"


def test_every_method_and_act_has_its_row():
    assert set(tables()["modality"]) == set(formats()["methods"])
    assert set(tables()["severity"]["acts"]) == set(formats()["acts"])


@pytest.mark.parametrize(("act", "leaves", "severity"), [
    ("V6", [], 1), ("V2", [], 3), ("V2", [{"weapon": "Grad"}], 4), ("V3", [{"injured": 1}], 3),
    ("V3", [{"killed": 1}], 4), ("V3", [{"killed": 5}], 5), ("V1", [{"weapon": "Iskander", "killed": 40}], 5),
    (None, [], 1)])
def test_severity(act, leaves, severity):
    assert severity_of(act, records(*leaves)) == severity
