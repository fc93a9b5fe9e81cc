"""A ground force: brigades, pool, money on two boundaries, hubs, people, members; and that it shoots at nothing.

Mutations tried, each caught: the pool priced as well; the rotation left out of the pool's share; shares of hubs
ignored; a soldier-year of another length; occupied oblasts let in; a member's share kept when it is struck; shelters
that cover more soldiers than they have places for.
"""

import numpy as np
import pytest
from pydantic import TypeAdapter

from skyshield.catalogue import load_catalogue
from skyshield.compile.parameters import CentralValues
from skyshield.core.errors import SkyShieldError
from skyshield.engine import COUNTS, play
from skyshield.engine import tally as t
from skyshield.forces import Deployment, GroundPackage, Member, Place, Shelter, ShelterPackage, places_xy, sheltered
from skyshield.forces.ground import brigades_of, incremental_eur, pool_of, share_left
from skyshield.scenario import Package, check, load
from skyshield.scenario.load import dump, parse
from skyshield.theatre import load_theatre
from support.studies import compiled

FORCE = {"kind": "ground", "soldiers": 25_000, "hubs": [{"oblast": "Lviv"}, {"oblast": "Volyn"}]}


class Numbers(CentralValues):
    """Central values, some of them set."""

    def __init__(self, **given):
        super().__init__(load_catalogue())
        self.given = given

    def __getitem__(self, name):
        return np.array([self.given[name]]) if name in self.given else super().__getitem__(name)


def deployment(*members, **given):
    return Deployment(members, load_theatre(), Numbers(**given))


def force(**changes):
    return TypeAdapter(Package).validate_python({**FORCE, **changes})


def scenario(*packages, name="tried", **fields):
    content = {**dump(load("month")), "days": 2, **fields}
    content["options"] = {"own": content["options"]["own"], name: {"label": "Tried", "packages": list(packages)}}
    return parse(content, "mine.yaml")


def test_the_oracle_of_the_specification():
    assert round(brigades_of(25_000, 4_400), 3) == 5.682
    assert float(pool_of(25_000, 4.0)) == 100_000.0
    assert round(incremental_eur(25_000, 150_000 / 1.13, 30) / 1e6, 1) == 272.8
    one = deployment()
    assert force().brigades(one).round(3).tolist() == [5.682]
    assert force(brigade_size=5000).brigades(one).tolist() == [5.0]
    assert force().needs(one)["soldiers"].tolist() == [100_000.0]


@pytest.mark.parametrize("soldiers", [10_000, 15_000, 25_000, 60_000])
def test_a_year_costs_so_much_a_soldier_and_the_pool_is_not_paid_for_twice(soldiers):
    extra, whole = (load_catalogue()[f"ground_{what}_per_soldier_year"].reference_value
                    for what in ("incremental", "fully_loaded"))
    for rotation in (None, 3.0, 5.0):
        package = force(soldiers=soldiers, **({} if rotation is None else {"rotation": rotation}))
        a_day = [package.standing_eur(one, deployment())["people_and_basing"][0] for one in (
            "incremental", "fully_loaded")]
        share = 1.0 if rotation is None else (rotation - 1.0) / 3.0
        assert 365 * a_day[0] == pytest.approx(soldiers * extra)
        assert 365 * a_day[1] == pytest.approx(soldiers * (extra + (whole - extra) * share))
    alone = force(soldiers=soldiers, rotation=1.0)
    assert alone.standing_eur("incremental", deployment()) == alone.standing_eur("fully_loaded", deployment())


def test_nobody_stands_behind_where_the_whole_cost_is_below_the_extra_one():
    low = deployment(ground_fully_loaded_per_soldier_year=0.0)
    assert force().standing_eur("incremental", low) == force().standing_eur("fully_loaded", low)


def test_hubs_hold_their_share_at_the_largest_city_with_their_area():
    hubs = [{"oblast": "Lviv", "share": 0.7, "hectares": 150}, {"oblast": "Donetsk", "share": 0.3}]
    places = force(hubs=hubs).people(deployment())
    x, y = places_xy(load_theatre(), ["Lviv", "Kramatorsk"], "place")  # Donetsk is occupied, its oblast is not all
    assert [(place.x_m, place.y_m) for place in places] == list(zip(x, y, strict=True))
    assert [place.people[0] for place in places] == [pytest.approx(17_500.0), pytest.approx(7_500.0)]
    assert [place.footprint_m2[0] for place in places] == [1.5e6, 1e6]
    assert {place.role for place in places} == {"soldiers"} and not any(place.crew for place in places)
    entries = load_catalogue()
    assert places[0].casualty_share[0] == entries["soldier_casualty_share"].reference_value
    assert places[0].deliberate_per_day[0] == pytest.approx(entries["deliberate_strikes_per_hub_day"].reference_value)
    assert [place.people[0] for place in force().people(deployment())] == [12_500.0, 12_500.0]


def test_the_effect_grows_with_the_force_and_levels_off():
    effects = [force(soldiers=n).deters(deployment())["force"][0] for n in (1, 10_000, 25_000, 60_000, 200_000)]
    assert effects == sorted(effects) and effects[0] > 0.0 and effects[-1] < 1.0
    assert effects[2] == pytest.approx(1.0 - np.exp(-1.0))


def test_a_member_that_is_struck_takes_its_soldiers_and_the_need_stays():
    one, other = Member(name="a", people_share=0.6), Member(name="b", people_share=0.2)
    struck = other.model_copy(update={"active": False})
    assert share_left([one, other], "people") == share_left([], "people") == 1.0
    assert share_left([one, struck], "people") == pytest.approx(0.75)
    there = deployment(one, struck)
    assert force().deployed(there).tolist() == [pytest.approx(18_750.0)]
    assert sum(place.people[0] for place in force().people(there)) == pytest.approx(18_750.0)
    assert force().needs(there)["soldiers"].tolist() == [100_000.0]
    whole, left = (force().standing_eur("incremental", d)["people_and_basing"][0] for d in (deployment(one), there))
    assert left == pytest.approx(0.75 * whole)


def test_a_ground_force_changes_no_raid_and_no_shot():
    """All that is counted by day is the same to the byte but for what is counted of people."""
    asked = scenario(FORCE, name="force")
    world = compiled(asked).world
    tallies = [play(world, 5, v << 16, (v << 16) + 6) for v in range(2)]
    people = [k for k, name in enumerate(COUNTS) if "casualties" in name]
    for tally in tallies:
        counts = np.delete(tally.counts, people, axis=-1)
        assert counts[..., 1, :].tobytes() == counts[..., 0, :].tobytes()
        assert counts[..., t.LAUNCHED:t.LAUNCHED + 3].any()
    guns = {"kind": "guns", "places": ["Kyiv", "Lviv"], "per_place": 32}
    content = dump(asked)
    content["options"] |= {"guns": {"label": "Guns", "packages": [guns]},
                           "both": {"label": "Both", "packages": [FORCE, guns]}}
    world = compiled(parse({**content, "days": 8}, "mine.yaml")).world
    counts = np.delete(play(world, 5, 0, 6).counts, people, axis=-1)
    assert counts[..., 3, :].tobytes() == counts[..., 2, :].tobytes() != counts[..., 0, :].tobytes()


@pytest.mark.parametrize(("changes", "line"), [
    ({"hubs": [{"oblast": "Lviv", "share": 0.5}, {"oblast": "Volyn", "share": 0.6}]},
     "options.tried.packages.0.hubs: the hubs' shares add up to 1.1; let them add up to 1"),
    ({"hubs": [{"oblast": "Lviv", "share": 0.5}, {"oblast": "Volyn"}]},
     "options.tried.packages.0.hubs: 1 of 2 hubs have a share; give a share to each or to none"),
    ({"rotation": 0.5}, "options.tried.packages.0.rotation: is 0.5, less than 1; write a number from 1 to 20, the "
                        "catalogue's by default"),
    ({"soldiers": 0}, "options.tried.packages.0.soldiers: is 0, less than 1; write a whole number from 1 to 200000"),
    ({"hubs": [{"oblast": "Lviv", "hectares": 0.5}]}, "options.tried.packages.0.hubs.0.hectares: is 0.5, less than 1; "
     "write a number from 1 to 10000, the catalogue's by default"),
    ({"hubs": [{"oblast": "Lviv", "hectars": 5}]}, "options.tried.packages.0.hubs.0.hectars: is not a known key; "
     "write hectares")])
def test_what_is_no_ground_force(changes, line):
    with pytest.raises(SkyShieldError) as refused:
        scenario({**FORCE, **changes})
    assert str(refused.value) == f"mine.yaml: {line}"


@pytest.mark.parametrize(("oblast", "what"), [
    ("Podkarpackie", "'Podkarpackie' is no oblast of Ukraine"), ("Crimea", "'Crimea' is occupied"),
    ("Luhansk", "'Luhansk' is occupied, or has no larger city in held territory"),
    ("Livv", "'Livv' is no oblast of Ukraine; did you mean Lviv")])
def test_a_hub_abroad_or_in_occupied_territory_is_one_line(oblast, what):
    asked = scenario({**FORCE, "hubs": [{"oblast": oblast}]})
    with pytest.raises(SkyShieldError) as refused:
        check(asked)
    assert refused.value.where == "options.tried.packages.hubs" and what in str(refused.value)
    assert "\n" not in str(refused.value) and refused.value.exit_code == 2
    assert check(scenario(FORCE)) == []


@pytest.mark.parametrize("wrong", [lambda: pool_of(10, 0.9), lambda: pool_of(-1, 3.0), lambda: brigades_of(1, 0),
                                   lambda: brigades_of(float("nan"), 1), lambda: incremental_eur(1, -1, 1),
                                   lambda: incremental_eur(1, 1, float("inf"))])
def test_what_cannot_be_is_refused(wrong):
    with pytest.raises(SkyShieldError):
        wrong()


def test_shelters_save_only_whom_they_have_room_for():
    two = np.array([0.5, 0.5])
    camp = Place(0.0, 0.0, np.array([200.0, 0.0]), role="soldiers", casualty_share=0.2 * two)
    crew = Place(1.0, 1.0, np.array([8.0, 8.0]), crew=True)
    half, all_of_them = (Shelter(np.full(2, n), two) for n in (100.0, 5000.0))
    assert sheltered([camp, crew], [half])[1] is crew
    assert [sheltered([camp], [one])[0].casualty_share[0] for one in (half, all_of_them)] == [
        pytest.approx(0.075), pytest.approx(0.05)]
    assert sheltered([camp], [half, half])[0].casualty_share[0] == pytest.approx(0.05)
    assert sheltered([camp, crew], [None]) == [camp, crew] and sheltered([crew], [half]) == [crew]
    package = ShelterPackage(kind="shelters", people_sheltered=5000)
    price, life = (load_catalogue()[f"shelter_{what}"].reference_si for what in ("place_price", "life"))
    a_day = package.standing_eur("incremental", deployment())["ground_units"][0]
    assert a_day == pytest.approx(5000 * price / (life / 86400.0))
    assert package.shelter(deployment()).people.tolist() == [5000.0]


def test_guns_batteries_and_teams_can_stand_where_its_hubs_are():
    guards = [{"kind": "guns", "places": ["Lviv"]}, {"kind": "drone_teams", "places": ["Lviv"]},
              {"kind": "batteries", "system": "nasams", "places": ["Lviv"]}]
    assert check(scenario(FORCE, *guards)) == []
    hub = force().people(deployment())[0]
    for one in guards:
        stand = TypeAdapter(Package).validate_python(one).placements(deployment())[0]
        assert (stand.x_m, stand.y_m) == (hub.x_m, hub.y_m)


def test_a_pool_below_one_is_refused_where_it_is_worked_out():
    with pytest.raises(SkyShieldError, match="rotation: is below 1"):
        GroundPackage.model_construct(**{**FORCE, "rotation": 0.5}).needs(deployment())
