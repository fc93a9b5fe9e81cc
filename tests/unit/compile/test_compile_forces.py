"""Plans, twins and aid as the engine gets them.

Mutations tried, each caught: the twin's cost on another boundary; an amount for the period taken for a day's; demand of
one regime only; aid that is never paid; the twin dropped when options are chosen.
"""

import numpy as np
import pytest

from skyshield.compile.aid import demand
from skyshield.compile.parameters import ParameterTable
from skyshield.compile.planned import planned_lines
from skyshield.compile.world import compile_world, prepare_context
from skyshield.core.errors import SkyShieldError
from skyshield.core.vocabulary import COST_LINES, DEEP_REGIONS
from skyshield.engine.scratch import active_days
from skyshield.forces import AidPackage
from skyshield.raids import destinations, expected_launches
from skyshield.raids.geography import RegionShares
from skyshield.scenario import load
from support.studies import resolved

DAYS = 30
FORCES = ("region", "cities", "sites", "region_cruise")
NAMES = ("own", *FORCES, "aid_region", "aid_region_zone", "aid_cities", "aid_sites", "aid_region_cruise")


@pytest.fixture(scope="module")
def context():
    return prepare_context(resolved(load("month")))


@pytest.fixture(scope="module")
def world(context):
    return compile_world(context, 0, 3).world


def test_the_shipped_scenarios_have_the_options_of_the_proposal(context):
    assert tuple(option.name for option in context.scenario.options) == NAMES
    assert [option.twin for option in context.scenario.options] == [None] * 5 + ["region", *FORCES]
    assert [option.fires for option in context.scenario.options] == [False] + [True] * 4 + [False] * 5


def test_a_twin_plans_to_spend_what_its_twin_does(context, world):
    planned = world.costs.planned_eur.sum(axis=1)
    for name in FORCES:
        mine, twins = planned[NAMES.index(name)], planned[NAMES.index(f"aid_{name}")]
        assert mine[0] > mine[1] > 0.0
        assert twins.tolist() == mine.tolist()
    assert planned[NAMES.index("aid_region_zone")].tolist() == planned[NAMES.index("region")].tolist()
    assert (planned[0] == 0.0).all()


def test_an_amount_is_for_the_period(context):
    scenario = context.scenario
    given = scenario.option("aid_cities").model_copy(update={"packages": (AidPackage(kind="aid",
                                                                                     budget="60 million EUR"),)})
    options = tuple(given if option.name == "aid_cities" else option for option in scenario.options)
    changed = prepare_context(resolved(scenario.model_copy(update={"options": options})))
    lines = planned_lines(changed)
    assert lines[NAMES.index("aid_cities")].sum(axis=1) == pytest.approx([60e6 / DAYS] * 2)
    assert lines[NAMES.index("aid_region")].sum(axis=1) == pytest.approx(lines[NAMES.index("region")].sum(axis=1))


def test_aid_spends_no_more_than_its_budget_and_only_with_aid(world):
    spent, planned = world.costs.standing_eur[:, :, 0, 0, COST_LINES.index("aid")], world.costs.planned_eur[:, 0, 0]
    assert (spent[:, :5] == 0.0).all() and (spent[:, 5:] > 0.0).all()
    assert (spent <= planned * (1 + 1e-9)).all()
    assert (world.aid.hazard[:, :5] == 0.0).all() and (world.aid.hazard[:, 5:, :, 0] > 0.0).any()
    assert (world.aid.ramp >= 0.0).all() and (world.aid.ramp <= 1.0).all()
    assert active_days(world.forces).sum(axis=1).tolist() == [0] + [DAYS] * 4 + [0] * 5
    assert world.forces.presence.max(axis=1).sum(axis=1).tolist() == [0] + [DAYS] * 9


def test_demand_is_what_comes(context):
    table = ParameterTable(context.catalogue, context.fit, 0, 5, {})
    shares = RegionShares(*(np.full((5, len(DEEP_REGIONS)), 1.0 / len(DEEP_REGIONS)) for _ in range(4)))
    bound = destinations(context.aims, table, shares)
    bound.aims[:, :, 0] /= bound.aims[:, :, 0].sum(axis=2, keepdims=True)  # a third region or so has no front
    result = demand(table, bound, DAYS)
    whole = expected_launches(table).sum(axis=1) * DAYS
    np.testing.assert_allclose(result.sum(axis=1), np.stack([whole[:, 0] + whole[:, 1], whole[:, 2], whole[:, 3]],
                                                            axis=1))


def test_a_chosen_twin_brings_its_twin():
    chosen = load("month").chosen(("aid_cities",))
    assert [option.name for option in chosen.options] == ["own", "cities", "aid_cities"]


def test_a_twin_of_nobody_is_refused(context):
    scenario = load("month")
    alone = scenario.model_copy(update={"options": (scenario.option("own"), scenario.option("aid_sites"))})
    with pytest.raises(SkyShieldError, match="sites"):
        compile_world(prepare_context(resolved(alone)), 0, 2)
