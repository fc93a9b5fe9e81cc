"""Plans by line against what is spent with every number at its centre, and what aid spends on which days.

Mutations tried, each caught (`tools/mutate.py`): a budget of aid that is spent anew each day; weapons and losses
planned on days of ceasefire.
"""

import dataclasses

import numpy as np
import pytest

from skyshield.catalogue.unit_text import si_factor
from skyshield.compile.parameters import ParameterTable, headline_value
from skyshield.compile.planned import planned_json, planned_lines
from skyshield.compile.planned_own import planned_raids
from skyshield.compile.world import compile_world, prepare_context
from skyshield.core.vocabulary import BOUNDARIES, COST_LINES
from skyshield.engine import AMOUNTS, play
from skyshield.engine import tally as t
from skyshield.scenario import load
from skyshield.scenario.load import dump, parse
from support.studies import resolved

DAYS = 30
# What is planned over what is spent at the centre, at most, and what is spent over what is planned. Nights far from the
# mean take from fighters: more leave early where Ukraine stops many. They give to batteries, which meet what patrols
# leave that are busy with a wave or rest, and whose missiles cost ten times a rocket.
FACTORS = {"weapons": {"patrols alone": (1.5, 1.0), "batteries too": (1.1, 1.4)},
           "losses": {"patrols alone": (1.25, 1.0), "batteries too": (1.25, 1.0)}}
ON_THE_RAID = tuple(FACTORS)


def at_centre(table, name):
    """Draw nothing: every number at its centre, the fit's rows as they are."""
    if name in table._fitted:
        return np.ascontiguousarray(table._fitted[name][table.fit_row])
    entry = table._catalogue[name]
    return np.full(table._n, headline_value(entry, table._assumptions) * si_factor(entry.unit))


@pytest.fixture(scope="module")
def context():
    return prepare_context(resolved(load("month")))


@pytest.fixture(scope="module")
def spent(context):
    """amounts f8[option, measure]: means of a month with every number at its centre."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ParameterTable, "_draw", at_centre)
        world = compile_world(context, 0, 64).world
    amounts = [play(world, 1, v << 16, (v << 16) + 2).amounts.sum(axis=1).mean(axis=0) for v in range(64)]
    return np.mean(amounts, axis=0)


def with_options(options, days=DAYS, phases=None, assumptions=None):
    content = dump(load("month"))
    content["options"] = {name: content["options"][name] for name in ("own", "region", "cities")} | options
    content["days"], content["assumptions"] = days, assumptions or {}
    if phases is not None:
        content["phases"] = phases
    return prepare_context(resolved(parse(content, "test")))


def test_the_plan_is_what_is_spent_at_the_centre(context, spent):
    planned = planned_lines(context) * DAYS
    shooting = [k for k, option in enumerate(context.scenario.options) if option.fires]
    assert len(shooting) == 4
    for k in shooting:
        for n, line in enumerate(COST_LINES):
            result, plan = spent[k, t.COST_BY_LINE + n], planned[k, 0, n]
            if line in ON_THE_RAID:
                kinds = {package.kind for package in context.scenario.options[k].packages}
                below, above = FACTORS[line]["batteries too" if "batteries" in kinds else "patrols alone"]
                assert plan / below < result < plan * above, (context.scenario.options[k].name, line)
            else:
                # patrols and ready shooters are drawn night by night: 128 months of a dozen each, and patrols fly more
                # on nights taken for massed ones, some five a month
                rel = 0.03 if line == "flight_hours" else 0.01
                assert result == pytest.approx(plan, rel=rel, abs=DAYS), (context.scenario.options[k].name, line)
        for b, name in enumerate(("cost_eur", "incremental_cost_eur")):
            assert spent[k, AMOUNTS.index(name)] == pytest.approx(planned[k, b].sum(), rel=0.15)
    assert {line for n, line in enumerate(COST_LINES) if planned[:, 0, n].any()} == set(COST_LINES) - {"tankers"}


def test_the_incremental_plan_is_below_the_fully_loaded_one_line_by_line(context):
    planned = planned_lines(context)
    assert (planned[:, 1] <= planned[:, 0]).all()
    for line in ("flight_hours", "sensors", "ground_units"):
        n = COST_LINES.index(line)
        assert (planned[:, 1, n] < planned[:, 0, n])[planned[:, 0, n] > 0.0].all()
    for line in ("weapons", "people_and_basing", "losses"):
        n = COST_LINES.index(line)
        assert (planned[:, 1, n] == planned[:, 0, n]).all()


def test_the_plan_of_an_option_is_its_own(context):
    """Whatever other options there are: those that have no such shooters do not change it."""
    names = [option.name for option in context.scenario.options]
    fewer = planned_lines(with_options({}))
    np.testing.assert_allclose(fewer, planned_lines(context)[[names.index(n) for n in ("own", "region", "cities")]])


def test_expected_nights_hold_the_streams_the_season_has(context):
    nights, _ = planned_raids(context)
    assert sum(night.share for night in nights) == pytest.approx(1.0)
    routine, massed = nights
    assert massed.threats[1].sum() > 3 * routine.threats[1].sum()
    assert 100 < sum(night.share * night.threats[:2].sum() for night in nights) < 250  # UAVs a night


def test_plans_know_the_assumptions(context):
    """Half of the engagements given up to Ukraine's own shooters is fewer weapons, and no other line but losses."""
    changed = with_options({}, assumptions={"deconfliction_loss_probability": 0.3})
    plain, fewer = planned_lines(with_options({})), planned_lines(changed)
    weapons = COST_LINES.index("weapons")
    assert (fewer[1:, :, weapons] < plain[1:, :, weapons]).all()
    others = [n for n, line in enumerate(COST_LINES) if line not in ON_THE_RAID]
    np.testing.assert_allclose(fewer[..., others], plain[..., others])
    again = dataclasses.replace(changed, scenario=changed.scenario.model_copy(update={"assumptions": {}}))
    np.testing.assert_allclose(planned_lines(again), plain)


# --- days of aid and of its twin ------------------------------------------------------------------------------------

PHASES = [{"name": "war", "first_day": 1}, {"name": "ceasefire", "first_day": 21}]
LATE = {"late": {"label": "after", "packages": [
    {"kind": "fighters", "aircraft": 480, "serves": ["Lviv"], "start": "at_ceasefire"}]}}


def aid(twin, **more):
    return {"label": "aid", "packages": [{"kind": "aid", "twin_of": twin, "ordered_before_days": 90, **more}]}


def amounts_of(context, vectors=2):
    world = compile_world(context, 0, vectors).world
    names = [option.name for option in context.scenario.options]
    result = np.stack([play(world, 1, v << 16, (v << 16) + 1).amounts[0] for v in range(vectors)])
    return {name: {m: result[:, :, k, n] for n, m in enumerate(AMOUNTS)} for k, name in enumerate(names)}


@pytest.fixture(scope="module")
def phased():
    options = {**LATE, "both": aid("region"), "aid_late": aid("late", start="at_ceasefire"),
               "before": aid("late"), "after": aid("region", start="at_ceasefire"),
               "amount": {"label": "a", "packages": [{"kind": "aid", "budget": "30 million EUR",
                                                      "ordered_before_days": 90, "start": "at_ceasefire"}]}}
    return amounts_of(with_options(options, phases=PHASES))


@pytest.mark.parametrize(("twin", "of", "days"), [
    ("both", "region", slice(0, 30)), ("aid_late", "late", slice(20, 30)), ("before", "late", slice(0, 30)),
    ("after", "region", slice(20, 30))])
def test_a_twin_plans_the_same_money_on_its_own_days(phased, twin, of, days):
    """Twins that start together and apart: 30 days of money in 10, and 10 days of money in 30."""
    for name in ("planned_cost_eur", "planned_incremental_cost_eur"):
        mine, twins = phased[twin][name], phased[of][name]
        assert mine.sum(axis=1) == pytest.approx(twins.sum(axis=1), rel=1e-9)
        there = np.zeros(DAYS, bool)
        there[days] = True
        assert (mine[:, there] > 0.0).all() and not mine[:, ~there].any()


@pytest.mark.parametrize("name", ["both", "aid_late", "before", "after", "amount"])
def test_aid_spends_its_budget_or_says_what_is_left(phased, name):
    result = phased[name]
    budget = result["planned_cost_eur"].sum(axis=1)
    spent, left = result["cost_eur"].sum(axis=1), result["unspent_eur"].sum(axis=1)
    assert spent + left == pytest.approx(budget, rel=1e-6)
    assert (spent > 0.0).all() and (left >= 0.0).all()
    assert (result["cost_by_line_eur/aid"] == result["cost_eur"]).all()
    assert (result["incremental_cost_eur"].sum(axis=1) < spent).all()
    if name == "amount":
        assert budget == pytest.approx([30e6, 30e6])


def test_more_time_spends_more_of_the_same_money(phased):
    assert (phased["both"]["cost_eur"].sum(axis=1) > phased["after"]["cost_eur"].sum(axis=1)).all()
    long, short = (phased[name]["cost_eur"].sum(axis=1) for name in ("before", "aid_late"))
    assert (long >= short).all() and (long > short).any()


def test_on_the_incremental_boundary_the_budget_is_the_incremental_plan():
    result = amounts_of(with_options({"cheap": aid("region", boundary="incremental")}))["cheap"]
    budget, spent, left = (result[name].sum(axis=1) for name in (
        "planned_incremental_cost_eur", "incremental_cost_eur", "unspent_eur"))
    assert spent + left == pytest.approx(budget, rel=1e-6)
    assert (result["cost_eur"].sum(axis=1) > spent).all()


def test_a_plan_that_ends_with_a_ceasefire_fires_less():
    """Ten of thirty days without raids: a third of the weapons fewer a day, every other line as it was."""
    war, peace = planned_lines(with_options({})), planned_lines(with_options({}, phases=PHASES))
    weapons = COST_LINES.index("weapons")
    np.testing.assert_allclose(peace[1:, :, weapons], war[1:, :, weapons] * 2 / 3)
    others = [n for n, line in enumerate(COST_LINES) if line not in ON_THE_RAID]
    np.testing.assert_allclose(peace[..., others], war[..., others])


def test_the_plan_as_plain_data(context):
    result = planned_json(context)
    lines = planned_lines(context) * DAYS
    assert result["own"] == {boundary: {} for boundary in BOUNDARIES}
    assert result["region"]["fully_loaded"]["sensors"] == pytest.approx(lines[1, 0, COST_LINES.index("sensors")])
    assert sum(result["aid_region"]["incremental"].values()) == pytest.approx(lines[1, 1].sum())
