"""Ships: the Convention of Montreux by article, hulls, money, people at sea, members; and that a frigate plays.

Mutations tried, each caught: littoral states counted; the two thirds taken of 30,000 t; a stay of 22 days let through;
the switch of Article 19 ignored; transit counted one way; escorts that shoot; sailors taken for a base's people.
"""

import math

import numpy as np
import pytest
from pydantic import TypeAdapter

from skyshield.catalogue import load_catalogue
from skyshield.compile.parameters import CentralValues
from skyshield.core.errors import SkyShieldError
from skyshield.engine import play
from skyshield.engine import tally as t
from skyshield.forces import Deployment, Member, Ship, check_ships
from skyshield.forces.montreux import hulls_for_one_place, most_ships, passages, passages_inward_a_year
from skyshield.forces.shooters import KINDS
from skyshield.scenario import Package, check, load
from skyshield.scenario.load import dump, parse
from skyshield.theatre import load_theatre
from support.studies import compiled

FRIGATE = {"tonnage_t": 6000, "state": "France"}
SHIPS = {"kind": "ships", "ships": [FRIGATE, {**FRIGATE, "state": "Italy"}]}
OPEN = {**SHIPS, "straits": "open"}


def deployment(*members):
    return Deployment(members, load_theatre(), CentralValues(load_catalogue()))


def package(fields):
    return TypeAdapter(Package).validate_python(fields)


def ships(number, state="France", tonnage_t=6000.0, days=21):
    return number * [Ship(tonnage_t=tonnage_t, state=state, days=days)]


def scenario(*packages, **fields):
    content = {**dump(load("month")), "days": 2, **fields}
    content["options"] = {"own": content["options"]["own"], "tried": {"label": "Tried", "packages": list(packages)}}
    return parse(content, "mine.yaml")


def test_the_oracle_of_the_specification():
    assert round(hulls_for_one_place(3.0, 42.0), 3) == 3.286
    assert round(passages_inward_a_year(), 1) == 17.4
    assert (most_ships(6000.0), most_ships(6000.0, one_state=True)) == (7, 5)
    assert most_ships(10_001.0) == 0


@pytest.mark.parametrize(("there", "forbidden", "told"), [
    (ships(5), [], ["Article 14"]), (ships(6), ["Article 18 (1) (c)"], ["Article 18 (1) (b)", "Article 14"]),
    (ships(4) + ships(3, "Italy"), [], ["Article 18 (1) (b)", "Article 14"]),
    (ships(4) + ships(4, "Italy"), ["Article 18 (1) (b)"], ["Article 14"]),
    (ships(1, days=22), ["Article 18 (2)"], []), (ships(1, tonnage_t=12_000), ["Article 10"], []),
    (ships(1), [], []), (ships(10, tonnage_t=500), [], ["Article 14"]), (ships(9, tonnage_t=500), [], []),
    (ships(20, "Türkiye", 9000, 300), [], []), (ships(20, "Romania") + ships(2), [], []), ([], [], [])])
def test_each_article_is_named(there, forbidden, told):
    found = check_ships(there)
    assert [one.article for one in found if one.forbids] == forbidden
    assert [one.article for one in found if not one.forbids] == told
    assert all(one.what and one.remedy for one in found)


def test_ships_pass_in_as_many_groups_as_it_takes():
    assert [passages(ships(n)) for n in (1, 2, 3, 7)] == [1, 1, 2, 4]
    assert passages(ships(10, tonnage_t=500)) == 2 and passages([]) == 0


@pytest.mark.parametrize(("changes", "line"), [
    ({"ships": [FRIGATE] * 4 + [{**FRIGATE, "state": "Italy"}] * 4},
     "Article 18 (1) (b) of the Convention of Montreux: 48,000 t of non-littoral states are more than the 45,000 t "
     "allowed in the Black Sea; give fewer or smaller ships"),
    ({"ships": [FRIGATE] * 6}, "Article 18 (1) (c) of the Convention of Montreux: 36,000 t of France are more than the "
     "two thirds, 30,000 t, allowed to one state; share the ships among states"),
    ({"ships": [{**FRIGATE, "tonnage_t": 9e6}]}, "Article 10 of the Convention of Montreux: no ship of 9,000,000 t of "
     "France may pass; give ships of up to 10,000 t"),
    ({"ships": [{**FRIGATE, "days": 22}]}, "Article 18 (2) of the Convention of Montreux: no ship of France may stay "
     "22 days; give up to 21 days and relieve it")])
def test_what_the_convention_forbids_is_one_line(changes, line):
    with pytest.raises(SkyShieldError) as refused:
        scenario({**SHIPS, **changes})
    assert str(refused.value) == f"mine.yaml: options.tried.packages.0.ships: {line}"
    assert refused.value.exit_code == 2


@pytest.mark.parametrize(("fields", "line"), [
    ({**SHIPS, "ships": [{**FRIGATE, "tonnage_t": 50}]}, "packages.0.ships.0.tonnage_t: is 50, less than 100"),
    ({**SHIPS, "ships": [{"state": "France"}]}, "packages.0.ships.0.tonnage_t: is missing"),
    ({**SHIPS, "straits": "shut"}, "packages.0.straits: is 'shut', not closed_in_war or open"),
    ({"kind": "sea_lanes"}, "packages.0: has neither escorts nor minehunters; give at least one ship")])
def test_what_is_no_package_of_ships(fields, line):
    with pytest.raises(SkyShieldError) as refused:
        scenario(fields)
    assert line in str(refused.value) and "\n" not in str(refused.value)


def test_two_packages_of_an_option_are_taken_together():
    one = {**OPEN, "ships": [FRIGATE] * 3}
    assert "Article 14" in check(scenario(one))[0].what
    with pytest.raises(SkyShieldError, match=r"options.tried.packages.ships: Article 18 \(1\) \(c\)"):
        check(scenario(one, one))


def test_war_closes_the_straits_unless_a_scenario_opens_them():
    phases = ("war", "ceasefire", "violation", "collapse", "in_a_few_years")
    assert package(SHIPS).presence(phases).tolist() == [0, 1, 1, 0, 1]
    assert package(OPEN).presence(phases).tolist() == [1] * 5
    at_home = {**SHIPS, "ships": [{"tonnage_t": 3000, "state": "Romania", "days": 60}]}
    assert package(at_home).presence(phases).tolist() == [1] * 5
    assert [one.what for one in check(scenario(SHIPS))] == [
        "Article 19 of the Convention of Montreux: the Straits are closed in every phase, so its ships are never there"]
    peace = [{"name": "war"}, {"name": "ceasefire", "first_day": 2}]
    assert check(scenario(SHIPS, phases=peace)) == check(scenario(OPEN)) == []


def test_a_day_costs_ships_at_sea_or_every_hull():
    price, share, away, idle = (load_catalogue()[key].reference_value for key in (
        "frigate_destroyer_day", "ship_running_share", "ship_transit_time", "ship_maintenance_time"))
    eur = price / load_catalogue()["usd_per_eur"].reference_value
    a_day = [package(OPEN).standing_eur(one, deployment())["ground_units"][0] for one in (
        "incremental", "fully_loaded")]
    assert a_day[0] == pytest.approx(2 * eur * share * (21 + 2 * away) / 21)
    assert a_day[1] == pytest.approx(2 * eur * (21 + 2 * away + idle) / 21)
    assert package(OPEN).needs(deployment())["frigates"].tolist() == [pytest.approx(2 * 69 / 21)]
    lanes = package({"kind": "sea_lanes", "escorts": 2, "minehunters": 3})
    assert lanes.needs(deployment())["minehunters"].tolist() == [pytest.approx(3 * 63 / 21)]
    assert not lanes.fires and lanes.deters(deployment()) == {} and lanes.warships() == ()
    assert package({"kind": "sea_lanes", "escorts": 2}).needs(deployment()) == {}


def test_sailors_are_at_sea_and_struck_on_purpose_alone():
    places = package(OPEN).people(deployment())
    lanes = package({"kind": "sea_lanes", "escorts": 1, "minehunters": 1}).people(deployment())
    assert [place.crew for place in (*places, *lanes)] == [True, True, False, False]
    for place in (*places, *lanes):
        assert place.role == "sailors" and place.footprint_m2.tolist() == [0.0]
    assert [place.people[0] for place in lanes] == [60.0, 45.0]


def test_a_member_that_is_struck_takes_whole_ships():
    one, struck = Member(name="a", ships_share=0.7), Member(name="b", ships_share=0.3, active=False)
    assert len(package(OPEN).placements(deployment(one, struck))) == 1  # 1.4 ships
    assert package(OPEN).standing_eur("incremental", deployment(struck))["ground_units"].tolist() == [0.0]
    assert package(OPEN).placements(deployment(struck)) == [] == package(OPEN).people(deployment(struck))
    assert package(OPEN).needs(deployment(struck)) == package(OPEN).needs(deployment())


def test_a_frigate_stops_uavs_and_cruise_missiles_and_no_ballistic_ones():
    one = dict(KINDS)["frigate"](CentralValues(load_catalogue()))
    assert [(weapon.p_kill[0] > 0.0).tolist() for weapon in one.weapons] == [[True, True, False]]
    assert one.day_cost_eur.tolist() == [0.0]


def test_ships_play_as_batteries_at_sea_and_escorts_do_not():
    lanes = {"kind": "sea_lanes", "escorts": 4, "minehunters": 4}
    content = {**dump(scenario(OPEN)), "days": 8}
    content["options"] |= {"lanes": {"label": "Lanes", "packages": [lanes]},
                           "shut": {"label": "Shut", "packages": [SHIPS]}}
    world = compiled(parse(content, "mine.yaml")).world
    counts = play(world, 5, 0, 8).counts
    stopped = counts[..., t.COALITION:t.COALITION + 3].sum(axis=tuple(range(counts.ndim - 2)))
    assert stopped[1].sum() > 0 and stopped[1, 2] == 0
    assert not stopped[[0, 2, 3]].any()
    assert counts[..., 2, :].tobytes() == counts[..., 0, :].tobytes()
    assert counts[..., t.LAUNCHED:t.LAUNCHED + 3][..., 1, :].tobytes() == counts[
        ..., t.LAUNCHED:t.LAUNCHED + 3][..., 0, :].tobytes()


@pytest.mark.parametrize("wrong", [
    lambda: hulls_for_one_place(-1.0, 42.0), lambda: hulls_for_one_place(3.0, math.nan),
    lambda: hulls_for_one_place(3.0, 42.0, 0.0), lambda: passages_inward_a_year(0.0), lambda: most_ships(0.0),
    lambda: most_ships(math.inf)])
def test_what_cannot_be_is_refused(wrong):
    with pytest.raises(SkyShieldError):
        wrong()


def test_the_areas_at_sea_are_no_place_of_a_state():
    from skyshield.core.geodesy import to_plane
    from skyshield.theatre import plane_neighbour, plane_point, ukraine_plane

    theatre = load_theatre()
    assert len(theatre.sea_areas) == 2
    for area in theatre.sea_areas:
        point = plane_point(area.lon, area.lat)
        assert not ukraine_plane(theatre).contains(point)
        assert not any(plane_neighbour(theatre, one.name).contains(point) for one in theatre.neighbours)
        assert np.isfinite(to_plane(area.lon, area.lat)).all()
