"""The vocabulary is what the tables of the catalogue, the engine's columns and codes, and the rules say.

Shown to fail with two classes exchanged, a clause left out, a line of cost renamed and the kernels' sources without the
vocabulary.
"""

from pathlib import Path

from skyshield.catalogue import load_measures, load_threat_classes
from skyshield.core import vocabulary as v
from skyshield.core.jit import kernel_sources
from skyshield.engine import tally
from skyshield.engine.steps import draw, permit
from skyshield.rules import CLAUSES, REFUSED_BY
from skyshield.theatre import load_theatre


def test_the_classes_are_those_of_the_table():
    assert tuple(row.name for row in load_threat_classes()) == v.CLASSES
    assert (v.CLASSES[v.UAV], v.CLASSES[v.CRUISE], v.CLASSES[v.BALLISTIC]) == ("uav", "cruise", "ballistic")
    assert v.MISSILE_CLASSES == ("cruise", "ballistic")


def test_the_keys_of_measures_are_those_of_the_table():
    keys = {measure.name: tuple(measure.keys) for measure in load_measures()}
    assert keys == dict((*v.COUNT_MEASURES, *v.AMOUNT_MEASURES))
    assert len(keys) == len(v.COUNT_MEASURES) + len(v.AMOUNT_MEASURES)
    assert {column for measure in load_measures() for column in measure.columns} == {*v.COUNTS, *v.AMOUNTS}
    assert len({*v.COUNTS, *v.AMOUNTS}) == len(v.COUNTS) + len(v.AMOUNTS)
    assert keys["refused_by"] == v.BLAMED == (*v.REFUSING_CLAUSES, "several")
    assert keys["munitions"] == v.MUNITION_KINDS
    assert keys["cost_by_line_eur"] == v.COST_LINES
    assert keys["incidents"] == v.INCIDENT_KINDS
    assert keys["people_by_role_h"] == v.PEOPLE_ROLES
    assert {name for name in keys if name.startswith("refused_")} == {*(f"refused_{why}" for why in v.REFUSALS),
                                                                      "refused_by"}
    assert all(result == v.CLASSES for name, result in keys.items() if name in ("launched", "leaked"))


def test_the_places_of_columns_are_those_of_their_names():
    for place, column in ((tally.LEAKED, "leaked/uav"), (tally.REFUSED_BY, "refused_by/standoff_russia"),
                          (tally.MUNITIONS, "munitions/aam"), (tally.WITHOUT_ROUNDS, "shooter_days_without_rounds")):
        assert v.COUNTS[place] == column
    for place, column in ((tally.UNSPENT, "unspent_eur"), (tally.STRAY, "incidents/stray_weapon"),
                          (tally.ENCOUNTER, "incidents/encounter_crewed"), (tally.EMBASSY, "incidents/embassy_struck"),
                          (tally.PEOPLE_BY_ROLE, "people_by_role_h/aircrew_over_ukraine")):
        assert v.AMOUNTS[place] == column
    refused = v.COUNTS[tally.REFUSED:tally.REFUSED + len(v.REFUSALS)]
    assert refused == tuple(f"refused_{why}" for why in v.REFUSALS)


def test_streams_are_of_the_classes_that_the_engine_draws():
    assert [v.CLASSES[draw.stream_class(k)] for k in range(v.N_STREAMS)] == list(v.STREAM_CLASSES)
    places = (v.FRONT_STREAM, v.DEEP_STREAM, v.CRUISE_STREAM, v.BALLISTIC_STREAM)
    assert [v.STREAMS[k] for k in places] == ["front", "deep", "cruise", "ballistic"]


def test_codes_of_refusals_follow_their_words():
    codes = (permit.REFUSED_BY_CLASS, permit.REFUSED_BY_STANDOFF, permit.REFUSED_BY_IDENTIFICATION,
             permit.REFUSED_BY_DECONFLICTION)
    assert permit.NOT_REFUSED == 0
    for code, why in zip(codes, v.REFUSALS, strict=True):
        assert tally.COUNTS[tally.REFUSED + code - 1] == f"refused_{why}"
        assert v.REFUSALS[code - 1] == why


def test_what_can_be_to_blame_is_a_clause():
    assert set(v.REFUSING_CLAUSES) <= set(CLAUSES)
    assert REFUSED_BY[1:] == v.BLAMED


def test_the_deep_regions_are_the_theatres():
    regions = {oblast.macro_region for oblast in load_theatre().oblasts}
    assert set(v.DEEP_REGIONS) == regions
    assert len(v.DEEP_REGIONS) - 1 == v.N_STICKS
    assert v.N_PLACES == v.SEA_PLACE + 1 == len(v.DEEP_REGIONS) + 1


def test_the_two_boundaries_in_order():
    assert [v.BOUNDARIES.index(name) for name in ("fully_loaded", "incremental")] == [0, 1]
    assert v.MUNITION_KINDS[:v.N_MISSILES] == ("aam", "guided_rocket", "sam")


def test_kernels_are_compiled_anew_when_it_changes():
    assert Path(v.__file__) in kernel_sources()
