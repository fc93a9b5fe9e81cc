"""Whom a guarantee exposes: the oracles, simulation, strikes of both sorts, law, and what cannot be.

Mutations tried, each caught: a shape of 1; the cap at the people there dropped; a leaker counted twice; the share of a
ceasefire taken for war; a ballistic missile stopped with the UAVs; sites added up as if one strike hit all; ships put
inside Article 6; a base taken for Ukraine.
"""

import math

import numpy as np
import pytest
from pydantic import TypeAdapter

from skyshield.catalogue import load_catalogue
from skyshield.compile.parameters import CentralValues
from skyshield.core.errors import SkyShieldError
from skyshield.forces import Deployment, Member
from skyshield.scenario import Package
from skyshield.strategy.exposure import (
    Casualties,
    Site,
    chance_strikes,
    deliberate_strikes,
    laws,
    left_by_class,
    phase_shares,
    placed,
    risks,
    sites,
)
from skyshield.theatre import load_theatre

HUB = Site("Hub 1, Lviv oblast", "soldiers", "in_ukraine", 400.0, 0.1, 0.06, 0.3)
DAYS = {"war": 180.0, "ceasefire": 185.0}


def deployment():
    members = [Member(name="a", base="Rzeszów", aircraft_share=1.0)]
    return Deployment(members, load_theatre(), CentralValues(load_catalogue()))


def package(**fields):
    return TypeAdapter(Package).validate_python(fields)


@pytest.mark.parametrize(("strikes", "mean", "p_any", "p_ten"), [(0.1, 3.0, 0.050001, 0.009602),
                                                                 (0.36, 40.0, 0.242124, 0.166424)])
def test_the_oracles_of_the_specification(strikes, mean, p_any, p_ten):
    one = Casualties(strikes, mean)
    assert (round(one.p_any(), 6), round(one.p_at_least(10), 6)) == (p_any, p_ten)
    assert one.p_at_least(1) == pytest.approx(one.p_any(), rel=1e-12)
    assert one.expected() == pytest.approx(strikes * mean)


@pytest.mark.parametrize(("people", "shape"), [(25, 0.3), (60, 1.0)])
def test_a_simulation_agrees_with_the_cap_at_the_people_there(people, shape):
    one, rng, n = Casualties(2.0, 10.0, people, shape), np.random.default_rng(7), 200_000
    strikes = rng.poisson(2.0, n)
    each = np.minimum(people, rng.negative_binomial(shape, shape / (shape + 10.0), (n, strikes.max())))
    total = (each * (np.arange(strikes.max()) < strikes[:, None])).sum(axis=1)
    for number in (1, 10, 30, 70):
        exact = one.p_at_least(number)
        assert abs((total >= number).mean() - exact) < 4.5 * math.sqrt(exact * (1.0 - exact) / n)
    assert one.expected() == pytest.approx(total.mean(), abs=4.5 * total.std() / math.sqrt(n))
    assert one.expected() < 20.0 and one.p_at_least(people) > Casualties(2.0, 10.0, people - 5, shape).p_at_least(
        2 * people)


def test_a_distribution_adds_up_and_a_cap_changes_no_chance_of_none():
    one = Casualties(1.0, 5.0, 12.0)
    assert math.fsum(one.distribution(400)) == pytest.approx(1.0, abs=1e-9)
    assert one.distribution(400) @ np.arange(401) == pytest.approx(one.expected(), abs=1e-6)
    assert one.p_any() == pytest.approx(Casualties(1.0, 5.0).p_any(), rel=1e-12)
    assert Casualties(1.0, 5.0, 0.0).p_any() == Casualties(0.0, 5.0).p_any() == Casualties(3.0, 0.0).p_any() == 0.0


def test_chance_strikes_take_no_leaker_twice_and_no_more_than_all():
    assert chance_strikes(300.0, 2e6, 1e-9) == pytest.approx(0.6)
    assert chance_strikes(300.0, 2e6, 1e-9, 150.0) == pytest.approx(0.3)
    assert chance_strikes(300.0, 1e12, 1e-9) == 300.0


def test_deliberate_strikes_follow_the_phase_and_what_is_stopped_of_each_class():
    shares = phase_shares(0.1, 0.5)
    assert deliberate_strikes(0.002, DAYS, shares) == pytest.approx(0.36 + 0.037)
    assert deliberate_strikes(0.002, {"collapse": 10.0, "violation": 10.0}, shares) == pytest.approx(0.03)
    assert deliberate_strikes(0.002, DAYS, phase_shares(0.0, 0.0)) == pytest.approx(0.36)
    left = left_by_class({"uav": 0.6, "ballistic": 0.4}, {"uav": 1.0})
    assert left == pytest.approx(0.4)
    assert deliberate_strikes(0.002, {"war": 100.0}, shares, left) == pytest.approx(0.08)


def test_sites_of_one_role_and_law_are_taken_together_and_others_apart():
    base = Site("Crews 1", "crews", "base_in_member_state", 600.0, 0.05, 0.0, 0.01)
    apart = risks([HUB, base])
    assert [(risk.role, risk.article_6) for risk in apart] == [("soldiers", "outside"), ("crews", "inside")]
    two = risks([HUB, HUB])[0]
    each = HUB.casualties()
    assert two.p_any == pytest.approx(1.0 - (1.0 - each.p_any()) ** 2)
    assert two.expected == pytest.approx(2.0 * each.expected()) and (two.sites, two.people) == (2, 800.0)
    doubled = Casualties(2.0 * each.strikes, each.mean, each.people)
    assert two.p_at_least == pytest.approx(doubled.p_at_least(10), rel=1e-9)
    assert risks([]) == []


def test_where_people_stand_in_law_and_under_which_label():
    packages = [package(kind="ground", soldiers=10_000, hubs=[{"oblast": "Lviv"}, {"oblast": "Odesa"}]),
                package(kind="fighters", aircraft=12, serves=["Lviv"]), package(kind="guns", places=["Kyiv"]),
                package(kind="ships", ships=[{"tonnage_t": 6000, "state": "France"}], straits="open")]
    found = [one for each in packages for one in placed(each, deployment())]
    assert [(one.law, one.oblast) for one in found] == [
        ("in_ukraine", "Lviv"), ("in_ukraine", "Odesa"), ("base_in_member_state", None), ("in_ukraine", "Kyiv City"),
        ("at_sea", None)]
    assert [laws()[one.law].article_6 for one in found] == ["outside", "outside", "inside", "outside", "open"]
    assert found[1].label == "Hub 2, Odesa oblast" and found[3].label == "Crews 1, Kyiv City oblast"
    assert {law.article_42_7 for law in laws().values()} == {"inside", "outside"}
    assert "Black Sea" in laws()["at_sea"].reason


def test_the_places_of_a_force_are_at_risk_by_chance_where_threats_come():
    force = package(kind="ground", soldiers=10_000, hubs=[{"oblast": "Lviv", "hectares": 100}, {"oblast": "Volyn"}])
    numbers = load_catalogue()
    found = sites(force, deployment(), {"Lviv": 200.0}, DAYS, phase_shares(0.02, 0.1))
    density = numbers["oblast_hit_density"].reference_value
    assert [site.by_chance for site in found] == [pytest.approx(200.0 * density), 0.0]
    a_day = numbers["deliberate_strikes_per_hub_day"].reference_value
    assert [site.deliberate for site in found] == [pytest.approx(a_day * (180.0 + 0.02 * 185.0))] * 2
    assert {site.people for site in found} == {5000.0} and {site.role for site in found} == {"soldiers"}
    assert sites(package(kind="guns", places=["Lviv"]), deployment(), {"Lviv": 200.0}, DAYS,
                 phase_shares(0.02, 0.1)) == []  # the engine's own numbers, for all crews


@pytest.mark.parametrize("wrong", [
    lambda: Casualties(-0.1, 3.0), lambda: Casualties(0.1, math.nan), lambda: Casualties(0.1, 3.0, -1.0),
    lambda: Casualties(0.1, 3.0, 10.0, 0.0), lambda: Casualties(0.1, 3.0).p_at_least(0),
    lambda: chance_strikes(-1.0, 1.0, 1.0), lambda: chance_strikes(1.0, 1.0, 1.0, 2.0),
    lambda: deliberate_strikes(0.1, {"peace": 1.0}, phase_shares(0.0, 0.0)),
    lambda: deliberate_strikes(0.1, {"war": -1.0}, phase_shares(0.0, 0.0)),
    lambda: deliberate_strikes(0.1, {"war": 1.0}, phase_shares(0.0, 0.0), 1.1), lambda: phase_shares(1.1, 0.0),
    lambda: left_by_class({"uav": 0.5}, {}), lambda: left_by_class({"uav": 1.0}, {"uav": 1.1}),
    lambda: risks([HUB], 0)])
def test_what_cannot_be_is_one_line(wrong):
    with pytest.raises(SkyShieldError) as refused:
        wrong()
    assert refused.value.exit_code == 2 and "\n" not in str(refused.value)
