"""What every shipped scenario promises: it checks without a finding, is played, and options differ by their forces."""

import numpy as np
import pytest

from skyshield.engine import AMOUNTS, COUNTS, play
from skyshield.scenario import check, load
from skyshield.scenario.load import dump, library
from support.command_line import FIXED
from support.studies import compiled

DECIDED = 335  # days before, so that both sides are there


def test_the_shipped_ones():
    assert library() == ("aid", "guarantees", "month", "skyshield", "thousand", "variants")
    year, month, variants = load("skyshield"), load("month"), load("variants")
    for field in ("baseline", "protected_area", "members", "phases", "options"):
        assert getattr(year, field) == getattr(month, field), field
    assert (year.days, year.decided_before_days) == (365, 0)
    assert (month.days, month.decided_before_days + month.days) == (30, year.days)
    for field in ("start_date", "days", "decided_before_days", "baseline", "protected_area", "members", "phases"):
        assert getattr(month, field) == getattr(variants, field), field
    # the variants are the default's region, each with one thing changed; a surge is flown round the clock
    region = month.option("region")
    for option in variants.options[1:-1]:
        assert option.rules == region.rules
        changed = {name: value for name, value in option.packages[0].model_dump().items()
                   if value != getattr(region.packages[0], name)}
        assert option.packages[1:] == region.packages[1:]
        assert list(changed) == {"region": [], "region_alert": ["ground_alert"], "region_tankers": ["tankers"],
                                 "region_round_the_clock": ["posture"], "region_surge": ["pace", "posture"],
                                 "region_missiles": ["guided_rockets"]}[option.name]
    assert {(p.system, p.stand, p.places) for p in variants.option("neighbouring_soil").packages} == {
        ("patriot", "base", ("Rzeszów",)), ("irist", "base", ("Rzeszów",))}


@pytest.fixture(scope="module", params=library())
def played(request):
    shipped, change = load(request.param), {"days": 6, "assumptions": FIXED, "decided_before_days": DECIDED}
    if len(shipped.phases) > 1:  # its ceasefire comes on the fourth of the six days
        change["phases"] = tuple(phase.model_copy(update={"first_day": 4}) if phase.name == "ceasefire" else phase
                                 for phase in shipped.phases)
    asked = shipped.model_copy(update=change)
    tallies = [play(compiled(asked).world, 3, v << 16, (v << 16) + 2) for v in range(2)]
    assert not any(tally.failed.any() for tally in tallies)
    return asked, {option.name: (np.stack([t.counts[:, :, o] for t in tallies]),
                                 np.stack([t.amounts[:, :, o] for t in tallies]))
                   for o, option in enumerate(asked.options)}


def test_it_checks_without_a_finding_and_comes_back_from_plain_data(played):
    asked, _ = played
    assert check(load(asked.name)) == []
    assert dump(load(asked.name))["name"] == asked.name


def test_every_option_meets_the_same_raids_and_ends_them(played):
    asked, result = played
    launched = [COUNTS.index(f"launched/{kind}") for kind in ("uav", "cruise", "ballistic")]
    own = result[asked.baseline][0]
    assert own[..., launched].sum() > 0
    leaked = [COUNTS.index(f"leaked/{kind}") for kind in ("uav", "cruise", "ballistic")]
    prevented = [COUNTS.index(f"prevented/{kind}") for kind in ("uav", "cruise", "ballistic")]
    for counts, _ in result.values():
        assert (counts[..., launched] == own[..., launched]).all()
        saved = own[..., leaked] - counts[..., leaked] - counts[..., prevented]  # stopped with rounds that were spared
        assert (saved == 0).all() or (asked.name == "thousand" and (saved >= 0).all())


def at_once(asked, option):
    """Whether any of it is there before a ceasefire; aid as its twin is, since it has the twin's money."""
    return any(package.start == "before_ceasefire" and (
        getattr(package, "twin_of", None) is None or at_once(asked, asked.option(package.twin_of)))
        for package in option.packages)


def test_an_option_with_fighters_flies_and_one_without_does_not(played):
    asked, result = played
    for option in asked.options:
        flies = any(package.kind == "fighters" for package in option.packages)
        hours = result[option.name][1][..., AMOUNTS.index("flight_hours")]
        assert (hours.sum() > 0.0) == flies
        tankers = any(getattr(package, "tankers", 0) for package in option.packages)
        assert (result[option.name][1][..., AMOUNTS.index("tanker_hours")].sum() > 0.0) == tankers
        planned = result[option.name][1][..., AMOUNTS.index("planned_cost_eur")]
        assert (planned > 0.0).all() == (planned > 0.0).any() == at_once(asked, option)


def test_batteries_at_the_airfield_of_a_neighbour_reach_next_to_nothing():
    """Lviv, the nearest aim, is 147 km from Rzeszów; the longest reach of a Patriot battery here is 120 km.

    Of all routes one, which bends round to Uzhhorod, passes within it, and that only in vectors of the longest reach.
    """
    asked = load("variants").chosen(("neighbouring_soil",)).model_copy(update={"days": 2, "assumptions": FIXED})
    forces = compiled(asked, vectors=20).world.forces
    assert (forces.shooter_kind[1] >= 0).all() and forces.reach_m[:, 1].max() < 121e3
    assert (np.diff(forces.near_first[1]) > 0).sum() <= 1 < len(forces.near_first[1]) / 1_000
