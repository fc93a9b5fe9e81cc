"""Break-even of two options along numbers that nobody knows, on arms made by hand.

Tried against mutations: the crossing measured from the far end; a lever for an arm that moves something else besides;
the reference taken from the low end; absorption turned over; parts of the lead time added up instead of side by side.
Each fails at least one test.
"""

import numpy as np
import pytest

from skyshield.catalogue import load_catalogue
from skyshield.study.breakeven import ABSORPTION, ALONG, LEAD_TIME, absorption, crossings, levers
from skyshield.study.plan import BUNDLE, HEADLINE, SINGLE, Arm

CATALOGUE = load_catalogue()
PARTS = {"zone_agreement_time", "zone_basing_time", "zone_early_warning_time", "zone_training_time"}


def arm(**ends):
    return Arm(SINGLE if len(ends) == 1 else BUNDLE, ends) if ends else Arm(HEADLINE)


def found(arms, differences, assumptions=None, along=None):
    return {lever.name: lever for lever in levers(differences, arms, CATALOGUE, assumptions or {}, along)}


def test_crossings_by_hand():
    assert crossings([(0.0, 3.0), (1.0, -1.0)]) == (0.75,)
    assert crossings([(0.0, -1.0), (0.5, 1.0), (1.0, -3.0)]) == (0.25, 0.625)
    assert crossings([(0.0, 3.0), (1.0, 1.0)]) == ()
    assert crossings([(0.0, 3.0), (1.0, 0.0)]) == ()  # it ends even: nobody takes the lead


def test_the_lead_changes_between_the_reference_and_an_end():
    one = found([arm(), arm(displacement="high")], [6.0, -2.0])["displacement"]
    assert one.points == ((0.0, 6.0), (1.0, -2.0))
    assert (one.reference, one.thresholds) == (0.0, (0.75,))
    plain = one.plain()
    assert (plain["leads_low"], plain["leads_high"], plain["evidence"]) == (True, False, "K")
    growth = found([arm(), arm(launch_growth="low"), arm(launch_growth="high")], [1.0, 2.0, -3.0])["launch_growth"]
    entry = CATALOGUE["launch_growth"]
    assert growth.points == ((entry.low, 2.0), (1.0, 1.0), (entry.high, -3.0))
    assert growth.thresholds == (pytest.approx(1.0 + (entry.high - 1.0) / 4.0),)


def test_where_one_leads_throughout_there_is_no_threshold():
    one = found([arm(), arm(displacement="high")], [6.0, 2.0])["displacement"]
    assert one.thresholds == () and one.plain()["leads_low"] and one.plain()["leads_high"]
    other = found([arm(), arm(displacement="high")], [-6.0, -2.0])["displacement"]
    assert other.thresholds == () and not other.plain()["leads_low"] and not other.plain()["leads_high"]


def test_a_number_that_was_not_moved_alone_or_failed_has_no_lever():
    assert found([arm()], [1.0]) == {}
    assert "displacement" not in found([arm(), arm(displacement="high", launch_growth="high")], [1.0, -1.0])
    assert found([arm(), arm(displacement="high")], [1.0, None]) == {}
    assert found([arm(), arm(displacement="high")], [None, 1.0]) == {}


def test_where_ukraine_stops_threats_stands_where_the_vectors_have_it_on_average():
    arms = [arm(), arm(**{ALONG: "low"}), arm(**{ALONG: "high"})]
    one = found(arms, [1.0, 3.0, -1.0], along=np.array([0.2, 0.6]))[ALONG]
    assert one.reference == pytest.approx(0.4)
    assert one.thresholds == (pytest.approx(0.4 + 0.6 / 2.0),)
    fixed = found(arms[:2], [1.0, -3.0], {ALONG: 1.0}, np.array([0.2, 0.6]))[ALONG]
    assert fixed.reference == 1.0


def test_the_lead_time_moves_its_parts_together():
    ends = {end: arm(**dict.fromkeys(PARTS, end)) for end in ("low", "high")}
    one = found([arm(), ends["low"], ends["high"]], [2.0, 8.0, -2.0])[LEAD_TIME]
    assert [value for value, _ in one.points] == [21.0, 105.0, 420.0]  # agreement, then the longest of the others
    assert (one.reference, one.unit, one.evidence) == (105.0, "day", "K")
    assert one.thresholds == (pytest.approx(105.0 + 315.0 / 2.0),)
    assert found([arm(), arm(zone_training_time="high")], [2.0, 1.0])[LEAD_TIME].points[-1] == (285.0, 1.0)


def test_whatever_else_changes_the_lead_is_told_too():
    arms = [arm(), arm(volume_response="low"), arm(volume_response="high"), arm(class_shift="high")]
    told = found(arms, [-2.0, 2.0, -3.0, -1.0])
    assert told["volume_response"].thresholds == (pytest.approx(0.9),) and "class_shift" not in told
    bundle = next(entry.bundle for entry in CATALOGUE.values() if entry.bundle and entry.bundle != LEAD_TIME)
    ends = [Arm("bundle", {name: end for name, entry in CATALOGUE.items() if entry.bundle == bundle})
            for end in ("low", "high")]
    one = found([arm(), *ends], [-2.0, 1.0, -3.0])[bundle]
    assert one.unit == "ends" and one.points == ((-1.0, 1.0), (0.0, -2.0), (1.0, -3.0))
    assert bundle not in found([arm(), *ends], [-2.0, -1.0, -3.0])


def test_aid_leads_if_it_absorbs_more_than_the_ratio_of_what_both_prevent():
    one = absorption(6.0, 12.0, CATALOGUE)
    assert (one.name, one.thresholds) == (ABSORPTION, (pytest.approx(0.5),))
    assert (one.points[0][0], one.points[-1][0]) == (one.low, one.high) == (0.25, 1.0)
    assert absorption(2.0, 12.0, CATALOGUE).thresholds == ()  # aid would lead with less than anybody thinks possible
    assert one.plain()["leads_low"] and not one.plain()["leads_high"]
    assert absorption(12.0, 3.0, CATALOGUE).thresholds == ()  # the zone leads at any share
    behind = absorption(-1.0, 3.0, CATALOGUE)
    assert behind.thresholds == () and not behind.plain()["leads_low"]
    for of_forces, of_aid in ((3.0, 0.0), (3.0, -1.0), (None, 3.0), (3.0, None)):
        assert absorption(of_forces, of_aid, CATALOGUE) is None
