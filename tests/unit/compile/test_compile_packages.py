"""Packages of one option: aid beside forces, starts apart, and people of a package that shoots at nothing."""

import numpy as np
import pytest

from skyshield.compile.planned import planned_lines
from skyshield.compile.world import compile_world, prepare_context
from skyshield.core.errors import SkyShieldError
from skyshield.core.vocabulary import BASES, COST_LINES, CREWS
from skyshield.engine import play
from skyshield.engine import tally as t
from skyshield.scenario import check, load
from skyshield.scenario.load import dump, parse
from support.packages import Contingent, with_unregistered
from support.studies import resolved

VECTORS, DAYS = 2, 4
FORCES = [{"kind": "fighters", "aircraft": 60, "serves": ["Kyiv", "Lviv"]},
          {"kind": "batteries", "system": "nasams", "places": ["Lviv"]},
          {"kind": "sensors", "sensor": "ground_radar", "serves": ["Lviv"]}]
AID = {"kind": "aid", "budget": "200 million EUR", "ordered_before_days": 400}
ZONED = {**AID, "where": "zone"}


def asked(options, **fields):
    """Options by name as lists of packages, all under the rules of `region`, beside `own`."""
    content = {**dump(load("month")), "days": DAYS, **fields}
    rules = content["options"]["region"]["rules"]
    content["options"] = {"own": content["options"]["own"]} | {
        name: {"label": name, "packages": packages, "rules": rules} for name, packages in options.items()}
    return parse(content, "test")


def played(world):
    """Return counts and amounts f8[option, measure] of a few replications."""
    tallies = [play(world, 5, v << 16, (v << 16) + 4) for v in range(VECTORS)]
    assert not any(tally.failed.any() for tally in tallies)
    return [np.sum([getattr(tally, what).sum(axis=(0, 1)) for tally in tallies], axis=0)
            for what in ("counts", "amounts")]


def test_aid_stands_beside_forces():
    scenario = asked({"forces": FORCES, "aid": [AID], "both": [*FORCES, AID], "zoned": [*FORCES, ZONED]})
    assert check(scenario) == []
    assert [option.role for option in scenario.options] == [None, "forces", "aid", "forces", "forces"]
    assert [option.fires for option in scenario.options] == [False, True, False, True, True]
    context = prepare_context(resolved(scenario))
    lines = planned_lines(context)
    np.testing.assert_allclose(lines[3], lines[1] + lines[2], rtol=1e-12)
    assert lines[2, 0, COST_LINES.index("aid")] == 200e6 / DAYS
    world = compile_world(context, 3, VECTORS).world
    at_bases = world.people.there[..., BASES]
    assert (at_bases[:, 3] == at_bases[:, 1]).all() and at_bases[:, 1, 0].all()
    assert world.forces.presence.sum(axis=(1, 2)).tolist() == [0, 3 * DAYS, DAYS, 4 * DAYS, 4 * DAYS]
    assert (world.aid.hazard[:, 3] == world.aid.hazard[:, 2]).all()
    zoned, zone = world.aid.hazard[:, 4], context.aim_declared[4].astype(bool)  # that of the forces beside it
    assert zoned[:, zone].any() and not zoned[:, ~zone].any() and world.aid.hazard[:, 3][:, ~zone].any()
    counts, amounts = played(world)
    aided, coalition = counts[:, t.AID:t.AID + 3].sum(axis=1), counts[:, t.COALITION:t.COALITION + 3].sum(axis=1)
    assert (aided > 0).tolist() == [False, False, True, True, True]
    assert (coalition > 0).tolist() == [False, True, False, True, True]
    assert counts[3, t.LEAKED] < min(counts[1, t.LEAKED], counts[2, t.LEAKED])
    spent = amounts[:, t.COST_BY_LINE:t.COST_BY_LINE + len(COST_LINES)]
    aid, people = COST_LINES.index("aid"), COST_LINES.index("people_and_basing")
    assert (spent[:, aid] > 0.0).tolist() == [False, False, True, True, True]
    assert (spent[:, people] > 0.0).tolist() == [False, True, False, True, True]
    assert amounts[3, t.PEOPLE_EXPOSED] == amounts[1, t.PEOPLE_EXPOSED] > 0.0


def test_a_twin_may_spend_what_forces_and_their_aid_cost_but_not_what_a_twin_does():
    twin = [{"kind": "aid", "twin_of": "both", "ordered_before_days": 400}]
    lines = planned_lines(prepare_context(resolved(asked({"twin": twin, "both": [*FORCES, AID]}))))
    np.testing.assert_allclose(lines[1, 0].sum(), lines[2, 0].sum())
    assert lines[2, 0, COST_LINES.index("aid")] > 0.0
    chained = {"both": [*FORCES, {"kind": "aid", "twin_of": "forces"}], "forces": FORCES, "twin": twin}
    for options in (chained, {"both": [*FORCES, *twin]}):
        with pytest.raises(SkyShieldError, match="'both' has aid that is a twin itself"):
            check(asked(options))


def test_people_who_shoot_at_nothing_are_at_risk_and_cost_money():
    """Soldiers in Lviv, as an option of their own and beside forces; a report finds no aid in either."""
    context = with_unregistered(asked({"forces": FORCES, "ground": [], "both": FORCES}),
                                ground=[Contingent()], both=[Contingent()])
    options = context.scenario.options
    assert [option.role for option in options] == [None, "forces", "forces", "forces"]
    assert [option.fires for option in options] == [False, True, False, True]
    world = compile_world(context, 3, VECTORS).world
    crews, soldiers = world.people.there[..., CREWS], Contingent.soldiers
    assert crews[:, 2, 0].tolist() == [soldiers] * VECTORS and not world.people.there[:, 2, :, BASES].any()
    np.testing.assert_allclose(crews[:, 3, 0], crews[:, 1, 0] + soldiers)
    assert world.people.places[:, 0, CREWS].tolist() == [0, 1, 1, 2] and world.forces.presence[2, 0].all()
    counts, amounts = played(world)
    a_replication = VECTORS * 4 * DAYS
    assert amounts[2, t.PEOPLE_EXPOSED] == pytest.approx(24.0 * soldiers * a_replication)
    assert amounts[2, t.PEOPLE_STRUCK] > 0.0 and amounts[3, t.PEOPLE_STRUCK] > amounts[1, t.PEOPLE_STRUCK]
    assert amounts[2, t.COST] == pytest.approx(Contingent.day_eur * a_replication)
    assert amounts[2, t.PLANNED_COST] == pytest.approx(Contingent.day_eur * a_replication)
    assert counts[2, :t.CASUALTIES].tolist() == counts[0, :t.CASUALTIES].tolist()  # it stops nothing


PHASES = [{"name": "war"}, {"name": "ceasefire", "first_day": 3, "raid_intensity": 0.5}]
LATER = "at_ceasefire"


def test_packages_of_one_option_may_start_apart():
    """Fighters throughout; a battery and aid once a ceasefire holds, in which half the raids still fly."""
    fighters, battery = FORCES[0], {**FORCES[1], "start": LATER}
    scenario = asked({"fighters": [fighters], "battery": [battery],
                      "apart": [battery, fighters, {**AID, "start": LATER}]}, phases=PHASES)
    assert check(scenario) == []
    context = prepare_context(resolved(scenario))
    world = compile_world(context, 3, VECTORS).world
    assert world.forces.presence[3].tolist() == [[0, 0, 1, 1], [1] * DAYS, [0, 0, 1, 1]]
    assert (world.raids.phase.tolist(), world.raids.intensity[0].tolist()) == ([0, 0, 1, 1], [[1.0] * 3, [0.5] * 3])
    crews, at_bases = (world.people.there[:, 3, :, post] for post in (CREWS, BASES))
    assert crews[:, 0].all() and not crews[:, 1:].any() and at_bases[:, 1].all() and not at_bases[:, [0, 2]].any()
    ramp = world.aid.ramp[:, 3].max(axis=(0, 1))
    assert not ramp[:2].any() and ramp[2:].all()
    # each package's plan is its own, paid on its own days; aid is planned with the battery, there on the same
    planned = world.costs.planned_eur[:, :, 0]
    np.testing.assert_allclose(planned[3], [planned[2, 0] + 200e6 / 2, planned[1, 0], 0.0])
    total = [(planned[k] * world.forces.presence[k].sum(axis=1)).sum() for k in range(4)]
    np.testing.assert_allclose(total[3], total[1] + total[2] + 200e6)
    np.testing.assert_allclose(planned_lines(context)[3, 0].sum() * DAYS, total[3])
    tallies = [play(world, 5, v << 16, (v << 16) + 4) for v in range(VECTORS)]
    exposed = np.sum([tally.amounts[..., t.PEOPLE_BY_ROLE + 1].sum(axis=0) for tally in tallies], axis=0)  # crews
    aided = np.sum([tally.counts[..., t.AID:t.AID + 3].sum(axis=(0, 3)) for tally in tallies], axis=0)
    assert (exposed[:, 3] > 0.0).tolist() == (exposed[:, 2] > 0.0).tolist() == [False, False, True, True]
    assert (aided[:, 3] > 0).tolist() == [False, False, True, True] and not aided[:, :3].any()
    cost = np.sum([tally.amounts[..., t.PLANNED_COST].sum(axis=0) for tally in tallies], axis=0)
    assert (cost[2:, 3] > cost[:2, 3].max()).all() and (cost[:2, 3] > 0.0).all()


def test_half_the_raids_of_a_phase_are_launched_in_it():
    base = compile_world(prepare_context(resolved(asked({}, days=30))), 3, VECTORS).world
    half = base._replace(raids=base.raids._replace(intensity=0.5 * base.raids.intensity))
    (whole, _), (fewer, _) = played(base), played(half)
    assert 0.4 * whole[0, t.LAUNCHED] < fewer[0, t.LAUNCHED] < 0.6 * whole[0, t.LAUNCHED]


def test_sensors_start_with_the_shooters_they_help():
    with pytest.raises(SkyShieldError, match="its sensors do not start with its shooters"):
        asked({"apart": [FORCES[1], {**FORCES[2], "start": LATER}]}, phases=PHASES)
    asked({"apart": [{**FORCES[1], "start": LATER}, FORCES[2]]}, phases=PHASES)  # there before any shooter is
    asked({"aid_apart": [FORCES[1], FORCES[2], {**AID, "start": LATER}]}, phases=PHASES)
