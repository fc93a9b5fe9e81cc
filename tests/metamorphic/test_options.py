"""What an option, a vector, a replication, a day or a missile more may change, and what it may not.

Mutations tried, each caught: the option in the address of a shot and of a patrol; fates kept from the option before;
refusals counted with nobody on patrol (as the code once did); the class clause ignored; ordinals counted over all
streams; days of ceasefire not told from war; parameters drawn with the number of vectors in the seed; an attacker who
answers the baseline; class shift in the wrong direction; nobody spared in the zone.
"""

import itertools

import numpy as np
import pytest

from skyshield.core.vocabulary import CLASSES
from skyshield.engine import AMOUNTS, COUNTS, play
from skyshield.engine import tally as t
from skyshield.engine.blocks import play_period
from skyshield.engine.day import draw_period
from support.command_line import FIXED
from support.studies import compiled, scenario
from support.worlds import given_period, of_world

DAYS = 3
CHANGES = {
    "region": {}, "empty": {"packages": {"aircraft": 0}}, "unarmed": {"packages": None},
    "anything": {"drop": ("target_classes",)}, "missiles": {"rules": {"target_classes": ["cruise", "ballistic"]}},
    "open": {"drop": ("zone", "standoff_russia", "standoff_front")}, "many": {"packages": {"aircraft": 1000}}}


def played(world, vectors=2, replications=6, seed=3):
    """counts[vector, replication, day, option, measure] and amounts alike."""
    tallies = [play(world, seed, v << 16, (v << 16) + replications) for v in range(vectors)]
    assert not any(tally.failed.any() for tally in tallies)
    return np.stack([tally.counts for tally in tallies]), np.stack([tally.amounts for tally in tallies])


@pytest.fixture(scope="module")
def study():
    return compiled(scenario(DAYS, CHANGES)).world


@pytest.fixture(scope="module")
def result(study):
    names = ("own", *CHANGES)
    counts, amounts = played(study)
    return {name: (counts[:, :, :, o], amounts[:, :, :, o]) for o, name in enumerate(names)}


def by(name, counts):
    return counts[..., COUNTS.index(name)]


@pytest.mark.parametrize("option", ["empty", "unarmed"])
def test_an_option_without_aircraft_is_the_baseline_byte_for_byte(result, option):
    assert result[option][0].tobytes() == result["own"][0].tobytes()
    assert result[option][1].tobytes() == result["own"][1].tobytes()
    nobody = dict(zip(AMOUNTS, np.moveaxis(result["own"][1], -1, 0), strict=True))
    assert {name.partition("_")[0] for name, amounts in nobody.items() if amounts.any()} <= {
        "incidents/debris", "incidents/crossing", "incidents/embassy", "alert", "warhead", "outage", "port", "rail",
        "npp"}


def test_the_options_differ_where_they_should(result):
    stopped = {name: by("stopped_coalition/uav", counts).sum() for name, (counts, _) in result.items()}
    assert stopped["region"] > 0
    assert stopped["many"] > stopped["region"]
    assert stopped["open"] > stopped["region"]
    assert stopped["own"] == 0
    assert 0 < stopped["missiles"] < 0.2 * stopped["region"]  # UAVs that are taken for cruise missiles


def test_more_options_and_another_order_change_no_option(result):
    order = ("many", "region", "missiles")
    other, amounts = played(compiled(scenario(DAYS, {name: CHANGES[name] for name in order})).world)
    for o, name in enumerate(("own", *order)):
        assert other[:, :, :, o].tobytes() == result[name][0].tobytes(), name
        assert amounts[:, :, :, o].tobytes() == result[name][1].tobytes(), name


def test_more_vectors_replications_and_days_change_no_earlier_one(result):
    world = compiled(scenario(DAYS + 2, {"region": {}}), vectors=4).world
    counts, amounts = played(world, vectors=4, replications=8)
    for o, name in enumerate(("own", "region")):
        assert counts[:2, :6, :DAYS, o].tobytes() == result[name][0].tobytes()
        # but for plans, which are made for the whole period: a fleet that surges flies less in the long run
        kept = [k for k in range(amounts.shape[-1]) if k not in (t.PLANNED_COST, t.PLANNED_INCREMENTAL)]
        assert amounts[:2, :6, :DAYS, o, kept].tobytes() == result[name][1][..., kept].tobytes()


def test_every_threat_of_every_option_ends_once(result):
    for name, (counts, _) in result.items():
        for kind in CLASSES:
            launched = by(f"launched/{kind}", counts)
            ends = [by(f"{fate}/{kind}", counts) for fate in ("stopped_own_hard", "stopped_own_soft",
                                                             "stopped_coalition", "leaked")]
            assert (sum(ends) == launched).all(), (name, kind)
            assert (launched == by(f"launched/{kind}", result["own"][0])).all(), (name, kind)
            # the coalition takes leaks away one for one, whatever the option
            assert (by(f"leaked/{kind}", counts) + by(f"prevented/{kind}", counts)
                    == by(f"leaked/{kind}", result["own"][0])).all(), (name, kind)
        assert (by("leaked_zone", counts) + by("prevented_zone", counts) == by("leaked_zone", result["own"][0])).all()


def test_the_class_clause(result):
    """UAVs only: missiles are shot at by mistake alone; without the clause nothing is refused for its class."""
    assert not by("stopped_coalition/ballistic", result["region"][0]).any()
    wrong = {name: amounts[..., t.WRONG_CLASS] for name, (_, amounts) in result.items()}
    assert (by("stopped_coalition/cruise", result["region"][0]) <= wrong["region"]).all()
    assert (by("stopped_coalition/uav", result["missiles"][0]) <= wrong["missiles"]).all()
    assert wrong["missiles"].sum() > wrong["region"].sum() and not wrong["anything"].any()
    assert by("refused_class", result["region"][0]).sum() > 0
    assert by("refused_class", result["anything"][0]).sum() == 0
    assert by("refused_standoff", result["open"][0]).sum() == 0
    assert by("refused_standoff", result["region"][0]).sum() > 0
    assert by("refused_class", result["missiles"][0]).sum() > by("refused_class", result["region"][0]).sum()


@pytest.mark.parametrize("stream", [0, 1, 2, 3])
def test_one_more_of_a_stream_moves_no_other(study, stream):
    """One more a night: the other classes keep every count of the own defence's; this class has one more end.

    Ballistic salvos but one: whether they are covered depends on how many they are.
    """
    covered = study._replace(own=study.own._replace(cover_slope=np.zeros_like(study.own.cover_slope)))
    kind = max(0, stream - 1)
    for vector in range(2):
        period = given_period([(0, 0, 0, 0)], 6, DAYS, **of_world(covered))
        draw_period(covered, np.uint64(3), vector << 16, (vector << 16) + 6, period)
        before = play_period(covered, 3, vector << 16, period).counts[:, :, 0]
        assert (before == played(covered)[0][vector, :, :, 0]).all()
        period.counts[..., stream] += 1
        after = play_period(covered, 3, vector << 16, period).counts[:, :, 0]
        for k, name in enumerate(CLASSES):
            for fate in ("launched", "stopped_own_hard", "stopped_own_soft", "leaked"):
                step = by(f"{fate}/{name}", after) - by(f"{fate}/{name}", before)
                assert set(np.unique(step)) <= ({0, 1} if k == kind else {0})
            assert (by(f"launched/{name}", after) - by(f"launched/{name}", before) == (k == kind)).all()


def never_worn(world):
    """Fleets whose aircraft all fly every day, so that what flew before does not matter."""
    fleets = world.fleets
    return world._replace(fleets=fleets._replace(p_available=np.ones_like(fleets.p_available),
                                                 p_failure=np.zeros_like(fleets.p_failure)))


def test_a_ceasefire_has_no_raids_and_options_start_when_they_say():
    phases = [{"name": "war", "first_day": 1}, {"name": "ceasefire", "first_day": 3}]
    changes = {"before": {}, "after": {"packages": {"start": "at_ceasefire"}}}
    world = compiled(scenario(4, changes, phases=phases)).world
    counts, amounts = played(never_worn(world))
    launched = by("launched/uav", counts)
    assert (launched[:, :, :2] > 0).all()
    assert not launched[:, :, 2:].any()
    war = played(never_worn(compiled(scenario(4, {"before": {}})).world))[0]
    assert counts[:, :, :2, :2].tobytes() == war[:, :, :2, :2].tobytes()
    assert counts[:, :, :2, 2].tobytes() == counts[:, :, :2, 0].tobytes()
    hours = amounts[..., AMOUNTS.index("flight_hours")]
    assert not hours[:, :, :2, 2].any()
    assert (hours[:, :, 2:, 2] == hours[:, :, 2:, 1]).all()
    assert (hours[..., 1] > 0).all()
    planned = amounts[..., AMOUNTS.index("planned_cost_eur")]
    assert ((planned > 0) == (hours > 0)).all()


def test_a_clause_dropped_alone_is_an_option_beside_the_others(result):
    asked = scenario(DAYS, {"region": {}}).with_clauses_dropped()
    names = [option.name for option in asked.options]
    assert names == ["own", "region", *(f"region_without_{clause}" for clause in
                                        ("target_classes", "zone", "standoff_russia", "standoff_front"))]
    counts, _ = played(compiled(asked).world)
    assert counts[:, :, :, 1].tobytes() == result["region"][0].tobytes()
    assert counts[:, :, :, 2].tobytes() == result["anything"][0].tobytes()


# --- the attacker's answer on the shipped map -----------------------------------------------------------------------

ANSWERED = {"region": {}, "watched": {"packages": {"aircraft": 0}}, "kyiv": {"rules": {"zone": {
    "scope": "region", "oblasts": ["Kyiv", "Kyiv City"]}}}}


def answered(**assumed):
    names = ("own", *ANSWERED)
    counts, _ = played(compiled(scenario(DAYS, ANSWERED, assumptions={**FIXED, **assumed})).world)
    return {name: counts[:, :, :, o] for o, name in enumerate(names)}


@pytest.fixture(scope="module")
def unanswered():
    return answered()


@pytest.mark.parametrize("assumed", [{"displacement": 1.0}, {"volume_response": 1.3}, {"class_shift": 0.3}])
def test_an_attackers_answer_leaves_the_baseline_as_it_was(unanswered, assumed):
    result = answered(**assumed)
    assert result["own"].tobytes() == unanswered["own"].tobytes()
    for name in ANSWERED:
        assert (result[name] != unanswered[name]).any()


def test_the_more_are_displaced_the_fewer_reach_the_zone(unanswered):
    """Who is displaced at a lower share is displaced at a higher one; with all displaced nobody comes."""
    result = {0.0: unanswered, **{share: answered(displacement=share) for share in (0.5, 0.9, 1.0)}}
    leaked = [by("leaked_zone", result[share]["watched"]) for share in sorted(result)]
    assert all((fewer <= more).all() for more, fewer in itertools.pairwise(leaked))
    assert leaked[0].sum() > leaked[1].sum() > leaked[2].sum() > leaked[3].sum() == 0
    # the declared zone is the protected area; under a smaller one the rest of the area is still reached
    assert not by("leaked_zone", result[1.0]["region"]).any()
    assert by("leaked_zone", result[1.0]["kyiv"]).any()
    for share in result:
        for kind in CLASSES:
            assert (by(f"launched/{kind}", result[share]["region"]) == by(f"launched/{kind}", unanswered["own"])).all()


def test_volume_and_shift_change_the_numbers_they_name(unanswered):
    more, shifted = answered(volume_response=1.3), answered(class_shift=0.3)
    for kind in CLASSES:
        base = by(f"launched/{kind}", unanswered["own"])
        # two streams of UAVs, each rounded at random
        assert (np.abs(by(f"launched/{kind}", more["region"]) - 1.3 * base) < 2.0).all()
        assert (by(f"launched/{kind}", more["region"]) == by(f"launched/{kind}", more["kyiv"])).all()
    gone = by("launched/uav", unanswered["own"]) - by("launched/uav", shifted["region"])
    come = by("launched/cruise", shifted["region"]) - by("launched/cruise", unanswered["own"])
    assert (gone >= 0).all()
    assert gone.sum() > 20 * come.sum() > 0
    assert (by("launched/ballistic", shifted["region"]) == by("launched/ballistic", unanswered["own"])).all()
