"""The other guarantees on the same raids: who shoots at nothing changes nothing, and who lowers the hazard delays war.

Mutations tried, each caught: a ground force that fires; soldiers counted among crews; a presence by the phase that is
drawn; a renewal quantile that knows the option; launches of the option's own draw; a zone that counts once a package;
a force whose effect works before it is there.
"""

import functools

import numpy as np
import pytest

from skyshield.compile.world import compile_world, prepare_context
from skyshield.core.vocabulary import AMOUNTS, CLASSES, COUNTS
from skyshield.engine import play
from skyshield.scenario import load
from skyshield.scenario.load import dump, parse
from support.studies import resolved

DAYS, CEASEFIRE, VECTORS, REPLICATIONS = 240, 61, 3, 8
HUBS = [{"oblast": "Lviv", "hectares": 100}, {"oblast": "Vinnytsia", "hectares": 50}]
GROUND = {"kind": "ground", "soldiers": 25_000, "hubs": HUBS, "start": "after_ceasefire"}
SHELTERS = {"kind": "shelters", "people_sheltered": 10_000, "start": "after_ceasefire"}
OF_SOLDIERS = {"casualties", "casualties_by_role/soldiers_in_ukraine", "people_exposed_h",
               "people_by_role_h/soldiers_in_ukraine", "incidents/soldiers_struck_in_ukraine", "cost_eur",
               "incremental_cost_eur", "planned_cost_eur", "planned_incremental_cost_eur",
               "cost_by_line_eur/people_and_basing", "cost_by_line_eur/ground_units"}
AT_ONCE = {"zone_agreement_time": 7, "zone_basing_time": 5, "zone_early_warning_time": 3, "zone_training_time": 14,
           "renewal_within_1_year": 0.7, "renewal_within_5_years": 0.9}


def content(**assumptions):
    """War for two months, then a ceasefire that may break down; everybody is there soon."""
    written = dump(load("guarantees"))
    region = written["options"]["region"]
    return {**written, "days": DAYS, "assumptions": AT_ONCE | {"ground_deployment_time": 30} | assumptions,
            "phases": [{"name": "war"}, {"name": "ceasefire", "first_day": CEASEFIRE}, {"name": "violation"},
                       {"name": "collapse"}],
            "options": {"own": written["options"]["own"], "region": region,
                        "ground": {"label": "soldiers", "packages": [GROUND, SHELTERS]},
                        "both": {**region, "packages": [*region["packages"], GROUND]},
                        "aid": {"label": "aid", "packages": [{"kind": "aid", "budget": "5 billion EUR"}]}}}


@functools.cache
def played(*assumptions):
    """Return counts and amounts [option, replication, day, measure] by option's name."""
    asked = parse(content(**dict(assumptions)), "x")
    world = compile_world(prepare_context(resolved(asked)), 3, VECTORS).world
    tallies = [play(world, 7, v << 16, (v << 16) + REPLICATIONS) for v in range(VECTORS)]
    assert not any(tally.failed.any() for tally in tallies)
    counts, amounts = (np.concatenate([getattr(tally, what) for tally in tallies]) for what in ("counts", "amounts"))
    return {option.name: (counts[:, :, k], amounts[:, :, k]) for k, option in enumerate(asked.options)}


def changed(one, other):
    """Names of the measures that differ anywhere."""
    return {name for values, names in ((0, COUNTS), (1, AMOUNTS))
            for k, name in enumerate(names) if (one[values][..., k] != other[values][..., k]).any()}


def days_of(option, name):
    return option[0][..., COUNTS.index(name)]


def test_a_ground_force_without_its_guns_changes_no_raid_and_no_shot():
    result = played()
    assert changed(result["ground"], result["own"]) == OF_SOLDIERS
    assert changed(result["both"], result["region"]) == OF_SOLDIERS - {"cost_by_line_eur/ground_units"}
    soldiers = result["ground"][1][..., AMOUNTS.index("people_by_role_h/soldiers_in_ukraine")]
    assert (soldiers[:, :CEASEFIRE - 1 + 30] == 0.0).all() and (soldiers[:, CEASEFIRE - 1 + 30:] == 24.0 * 25_000).all()


def test_an_option_that_never_comes_is_the_baseline_to_the_byte():
    result = played(("ground_deployment_time", 365))
    assert changed(result["ground"], result["own"]) == set()
    assert result["ground"][0].tobytes() == result["own"][0].tobytes()


def test_without_an_effect_on_the_hazard_all_options_are_at_war_on_the_same_days():
    result = played()
    for name in ("region", "ground", "both", "aid"):
        for days in ("war_days", "ceasefire_days", "violation_days"):
            assert (days_of(result[name], days) == days_of(result["own"], days)).all(), name
    assert 0 < days_of(result["own"], "war_days")[:, CEASEFIRE:].mean() < 1  # some break down, and some do not
    assert days_of(result["own"], "violation_days").any()
    every = sum(days_of(result["own"], f"{what}_days") for what in ("war", "ceasefire", "violation"))
    assert (every == 1).all()


@pytest.mark.parametrize(("entry", "names"), [("log_hazard_ratio_force", ("ground", "both")),
                                              ("log_hazard_ratio_zone", ("region", "both")),
                                              ("log_hazard_ratio_aid", ("aid",))])
def test_who_lowers_the_hazard_puts_war_off_and_nobody_else_is_touched(entry, names):
    low = {"log_hazard_ratio_force": -1.0, "log_hazard_ratio_zone": -0.5, "log_hazard_ratio_aid": -0.5}[entry]
    result, without = played((entry, low)), played()
    assert (days_of(result["own"], "war_days") == days_of(without["own"], "war_days")).all()
    for name in result:
        more = days_of(result[name], "war_days").astype(int) - days_of(without[name], "war_days")
        assert (more <= 0).all() and (more < 0).any() == (name in names), name
    for name in names:  # on days of war whoever is at war meets the same raid
        war = (days_of(result[name], "war_days") == 1) & (days_of(result["own"], "war_days") == 1)
        for kind in CLASSES:
            launched = f"launched/{kind}"
            assert (days_of(result[name], launched)[war] == days_of(result["own"], launched)[war]).all()
        assert days_of(result[name], "launched/uav").sum() < days_of(result["own"], "launched/uav").sum()
        armed = [days_of(option, "prevented_armed").sum() for option in (result[name], without[name])]
        assert armed[0] > armed[1]  # raids that do not come are kept from their aims too


def test_a_force_deters_only_once_it_is_there():
    """Until its first day nobody's ceasefire differs."""
    result, first = played(("log_hazard_ratio_force", -1.0)), CEASEFIRE - 1 + 30
    differs = (days_of(result["ground"], "war_days") != days_of(result["own"], "war_days")).any(axis=0)
    assert not differs[:first].any() and differs[first:].any()


def test_closed_straits_keep_ships_out_in_war():
    written = content()
    written["options"] = {name: body for name, body in {**written["options"],
                          **dump(load("guarantees"))["options"]}.items() if name in ("own", "naval")}
    asked = parse(written, "x")
    world = compile_world(prepare_context(resolved(asked)), 3, 1).world
    there = world.forces.presence[1].max(axis=0)
    assert not there[:CEASEFIRE - 1].any() and there[-1]
