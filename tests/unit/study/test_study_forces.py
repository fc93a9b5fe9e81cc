"""Plans, twins and aid as the engine gets them.

Mutations tried, each caught: the twin's cost on another boundary; an amount for the period taken for a day's; demand of
one regime only; aid that is never paid; the twin dropped when options are chosen; acceptance of the
option before; the time to identify added where no clause asks for it; a clause's blame taken from the option before.
"""

import numpy as np
import pytest

from skyshield.core.errors import SkyShieldError
from skyshield.engine import COUNTS, play
from skyshield.engine import tally as t
from skyshield.engine.tally import REFUSING_CLAUSES
from skyshield.forces import AidPackage
from skyshield.raids import destinations, expected_launches
from skyshield.rules import REFUSED_BY
from skyshield.scenario import load
from skyshield.study.compile import compile_world, prepare_ground
from skyshield.study.compile_forces import demand, planned_per_day_eur
from skyshield.study.parameters import ParameterTable
from support.studies import resolved, scenario

DAYS = 30
NINE = ("own", "region", "cities", "sites", "region_cruise", "aid_region", "aid_cities", "aid_sites",
        "aid_region_cruise")


@pytest.fixture(scope="module")
def ground():
    return prepare_ground(resolved(load("skyshield")))


@pytest.fixture(scope="module")
def world(ground):
    return compile_world(ground, 0, 3).world


def test_the_shipped_scenario_has_the_nine_options(ground):
    assert tuple(option.name for option in ground.scenario.options) == NINE
    assert [option.twin for option in ground.scenario.options] == [None] * 5 + list(NINE[1:5])
    assert [option.shoots for option in ground.scenario.options] == [False] + [True] * 4 + [False] * 4


def test_a_twin_plans_to_spend_what_its_twin_does(ground, world):
    planned = world.forces.planned_cost_per_day_eur
    for name in NINE[1:5]:
        mine, twins = planned[NINE.index(name)], planned[NINE.index(f"aid_{name}")]
        assert mine[0] > mine[1] > 0.0
        assert twins.tolist() == mine.tolist()
    assert (planned[0] == 0.0).all()


def test_a_plan_is_the_same_every_day_and_an_amount_is_for_the_period(ground):
    option = ground.scenario.option("aid_cities")
    given = option.model_copy(update={"packages": (AidPackage(kind="aid", budget="60 million EUR"),)})
    assert planned_per_day_eur(ground, given, "fully_loaded") == pytest.approx(60e6 / DAYS)
    assert planned_per_day_eur(ground, option, "fully_loaded") == planned_per_day_eur(
        ground, ground.scenario.option("cities"), "fully_loaded")


def test_aid_spends_no_more_than_its_budget_and_only_with_aid(world):
    spent, planned = world.aid.cost_per_day_eur, world.forces.planned_cost_per_day_eur[:, 0]
    assert (spent[:, :5] == 0.0).all() and (spent[:, 5:] > 0.0).all()
    assert (spent <= planned * (1 + 1e-9)).all()
    assert (world.aid.hazard[:, :5] == 0.0).all() and (world.aid.hazard[:, 5:, :, 0] > 0.0).any()
    assert (world.aid.ramp >= 0.0).all() and (world.aid.ramp <= 1.0).all()
    assert world.forces.active.sum(axis=1).tolist() == [0] + [DAYS] * 4 + [0] * 4
    assert world.aid.funded.sum(axis=1).tolist() == [0] + [DAYS] * 8


def test_demand_is_what_comes(ground):
    table = ParameterTable(ground.catalogue, ground.fit, 0, 5, {})
    found = demand(table, destinations(ground.aims, table), DAYS)
    whole = expected_launches(table).sum(axis=1) * DAYS
    np.testing.assert_allclose(found.sum(axis=1), np.stack([whole[:, 0] + whole[:, 1], whole[:, 2], whole[:, 3]],
                                                           axis=1))


def test_a_chosen_twin_brings_its_twin():
    chosen = load("skyshield").chosen(("aid_cities",))
    assert [option.name for option in chosen.options] == ["own", "cities", "aid_cities"]


def test_a_twin_of_nobody_is_refused(ground):
    scenario = load("skyshield")
    alone = scenario.model_copy(update={"options": (scenario.option("own"), scenario.option("aid_sites"))})
    with pytest.raises(SkyShieldError, match="sites"):
        compile_world(prepare_ground(resolved(alone)), 0, 2)


CLAUSES = {"plain": {"drop": ("target_classes",)}, "uav": {}, "sure": {"rules": {"identification": 0.95}},
           "both": {"rules": {"target_classes": ["uav", "cruise"]}},
           "apart": {"rules": {"standoff_russia": "300 km", "standoff_front": "150 km", "crewed_buffer": "80 km"}}}


@pytest.fixture(scope="module")
def clauses():
    asked = scenario(3, CLAUSES)
    return compile_world(resolved(asked), 3, 4)


def test_a_clause_on_classes_and_one_on_identification_reach_the_engine(clauses):
    forces, parameters = clauses.world.forces, clauses.parameters
    accepted, c = forces.p_accepted, parameters["class_confusion_night"]
    np.testing.assert_array_equal(accepted[:, 0], 1.0)  # the baseline, which asks nobody
    np.testing.assert_array_equal(accepted[:, 1], 1.0)
    np.testing.assert_allclose(accepted[:, 2], np.stack([1.0 - c, c, 0.0 * c], axis=1))
    np.testing.assert_array_equal(accepted[:, 4], np.tile([1.0, 1.0, 0.0], (4, 1)))
    assert (accepted[:, 3, :2] < accepted[:, 2, :2]).all() and (accepted[:, 3, :2] > 0.0).all()
    assert len(set(accepted[:, 3, 0].tolist())) == 4  # the prior is drawn
    waits = forces.release_time_s - parameters["release_time"][:, None]
    np.testing.assert_allclose(waits[:, 3], parameters["identification_time"])
    assert (waits[:, [0, 1, 2, 4, 5]] == 0.0).all()


def test_blame_by_clause_adds_up_to_the_refusals_of_stand_offs(clauses):
    found = play(clauses.world, 5, 0, 12)
    by = dict(zip(COUNTS, np.moveaxis(found.counts, -1, 0), strict=True))
    each = np.stack([by[f"refused_by/{clause}"] for clause in REFUSING_CLAUSES])
    np.testing.assert_array_equal(each.sum(axis=0), by["refused_standoff"])
    told = each.sum(axis=(1, 2))  # [clause, option]
    assert (told[:, 0] == 0).all()
    held = {"standoff_russia", "standoff_front", "several"}
    assert {REFUSING_CLAUSES[k] for k in np.flatnonzero(told[:, 2])} <= held
    assert (told[[0, 3, 5], 5] > 0).all()  # Russia, the buffer, several together
    assert told[:, 5].sum() > told[:, 2].sum() > 0


def test_the_engines_clauses_are_those_of_the_rules():
    assert ("none", *REFUSING_CLAUSES) == REFUSED_BY


def test_surer_rules_stop_less(clauses):
    """Threats taken for one of an allowed class: fewer with every step of confidence, on the same draws."""
    asked = [scenario(3, {"region": {"rules": {"identification": q}}}) for q in (0.5, 0.95, 0.999)]
    found = [play(compile_world(resolved(one), 3, 2).world, 5, 0, 8) for one in asked]
    refused = [f.counts[:, :, 1, COUNTS.index("refused_identification")].sum() for f in found]
    stopped = [f.counts[:, :, 1, t.COALITION:t.COALITION + 3].sum() for f in found]
    assert refused[0] < refused[1] < refused[2]
    assert stopped[0] > stopped[1] > stopped[2]
