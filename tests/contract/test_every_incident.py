"""Every kind of incident the engine counts has its place in law, and the other way round.

Mutations, not all tried: a kind of the engine without a row in the table of law; a row nothing counts; two kinds of
the engine exchanged with their numbers left; a crossing of a state that the theatre does not hold.
"""

from skyshield.catalogue import load_measures
from skyshield.core.vocabulary import INCIDENT_KINDS, PEOPLE_ROLES
from skyshield.engine import tally as t
from skyshield.rules import load_legal
from skyshield.study.result import MEASURES
from skyshield.theatre import load_theatre


def test_the_engine_and_the_table_of_law_know_the_same_kinds():
    assert {kind.kind for kind in load_legal().kinds} == set(INCIDENT_KINDS)
    for kind in INCIDENT_KINDS:
        assert load_legal().kind(kind).kind == kind
    assert [measure for measure in MEASURES if measure.startswith("incidents/")] == [
        f"incidents/{kind}" for kind in INCIDENT_KINDS]


def test_numbers_and_names_of_kinds_agree():
    named = {"engagement_near_border": t.NEAR_BORDER, "engagement_near_front": t.NEAR_FRONT,
             "debris_built_up": t.DEBRIS, "stray_weapon": t.STRAY,
             "encounter_crewed": t.ENCOUNTER, "aircraft_lost_over_ukraine": t.AIRCRAFT_LOST,
             "accident": t.ACCIDENT, "fratricide": t.FRATRICIDE, "wrong_class": t.WRONG_CLASS,
             "people_struck_in_ukraine": t.PEOPLE_STRUCK, "base_struck_in_member_state": t.BASE_STRUCK,
             "embassy_struck": t.EMBASSY, "aircraft_lost_engaging": t.LOST_ENGAGING,
             "aircraft_lost_at_bases": t.LOST_AT_BASES, "support_aircraft_lost": t.SUPPORT_LOST,
             "soldiers_struck_in_ukraine": t.SOLDIERS_STRUCK, "ship_struck": t.SHIP_STRUCK}
    for kind, number in named.items():
        assert t.AMOUNTS[number] == f"incidents/{kind}"
    crossings = {f"crossing_{state.name.lower()}" for state in load_theatre().neighbours}
    assert set(INCIDENT_KINDS) == {*named, *crossings}
    assert t.AMOUNTS[t.PEOPLE_EXPOSED] == "people_exposed_h" and t.AMOUNTS[t.ALERT] == "alert_person_hours"
    assert t.AMOUNTS[t.PEOPLE_BY_ROLE:t.ALERT] == tuple(f"people_by_role_h/{role}" for role in PEOPLE_ROLES)
    assert t.COUNTS[t.CASUALTIES] == "casualties"


def test_every_column_is_a_measure_and_the_other_way_round():
    assert sorted(MEASURES) == sorted(column for measure in load_measures() for column in measure.columns)
