"""What every package says of itself, whatever it brings: run over all that are registered.
"""

from types import MappingProxyType

import numpy as np
import pytest
from pydantic import TypeAdapter

from skyshield import forces
from skyshield.catalogue import load_catalogue
from skyshield.compile.parameters import ParameterTable
from skyshield.core.vocabulary import BOUNDARIES, COST_LINES
from skyshield.forces import Deployment, people_table
from skyshield.forces.package import CAPABILITIES, ROLES
from skyshield.forces.sensors import SENSORS
from skyshield.forces.shooters import KINDS
from skyshield.scenario import Package
from skyshield.theatre import load_theatre
from support.packages import Contingent, Plain
from support.studies import parts, scenario

VECTORS = 5
# one package of every class at least, as a scenario writes it; a new class needs a line here
PACKAGES = MappingProxyType({
    "fighters": {"kind": "fighters", "aircraft": "skyshield_aircraft", "serves": ["Kyiv", "Lviv"], "ground_alert": 2},
    "batteries": {"kind": "batteries", "system": "irist", "places": ["Lviv", "Rivne NPP"], "per_place": 2},
    "batteries abroad": {"kind": "batteries", "system": "patriot", "places": ["Rzeszów"], "stand": "base"},
    "guns": {"kind": "guns", "places": ["Kyiv"], "per_place": 3},
    "drone_teams": {"kind": "drone_teams", "places": ["Odesa"]},
    "sensors": {"kind": "sensors", "sensor": "airborne_early_warning", "serves": ["Vinnytsia", "Lviv"]},
    "network": {"kind": "sensors", "sensor": "acoustic"},
    "aid": {"kind": "aid", "budget": "200 million EUR", "where": "zone"},
    "ground": {"kind": "ground", "soldiers": 15_000, "hubs": [{"oblast": "Lviv", "hectares": 120, "share": 0.6},
                                                              {"oblast": "Kyiv", "share": 0.4}]},
    "ships": {"kind": "ships", "ships": [{"tonnage_t": 6000, "state": "France"}, {"tonnage_t": 3000, "days": 60,
                                                                                  "state": "Romania"}]},
    "sea_lanes": {"kind": "sea_lanes", "escorts": 2, "minehunters": 3},
    "shelters": {"kind": "shelters", "people_sheltered": 5000},
    "twin": {"kind": "aid", "twin_of": "region", "boundary": "incremental", "counts": "warhead"}})
PHASES = ("war", "ceasefire", "ceasefire", "war")
HAVE_PEOPLE_OF_THEIR_OWN = MappingProxyType({"fighters": "crews", "ground": "soldiers", "sea_lanes": "sailors"})
STANDING = ("fighters", "sensors", "network", *("ground", "ships", "sea_lanes", "shelters"))


def package(name):
    return TypeAdapter(Package).validate_python(PACKAGES[name])


@pytest.fixture(scope="module")
def deployment():
    return Deployment(scenario().members, load_theatre(), ParameterTable(*parts()[::2], 3, VECTORS, {}))


def test_every_class_is_here():
    assert {type(package(name)) for name in PACKAGES} == set(forces.PACKAGES)


def test_a_made_up_class_without_a_line_is_found(monkeypatch):
    monkeypatch.setattr(forces, "PACKAGES", (*forces.PACKAGES, Contingent))
    with pytest.raises(AssertionError):
        test_every_class_is_here()


@pytest.mark.parametrize("name", PACKAGES)
def test_it_fires_flies_and_helps_as_it_says(name, deployment):
    one = package(name)
    assert one.role in ROLES
    assert bool(one.placements(deployment)) == one.fires
    assert {placed.kind for placed in one.placements(deployment)} <= {kind for kind, _ in KINDS}
    assert (one.fleet(deployment) is not None) == one.flies
    assert bool(one.sensors(deployment)) == (one.role == "sensors")
    assert {placed.sort for placed in one.sensors(deployment)} <= {sensor.name for sensor in SENSORS}
    assert (one.aid() is not None) == (one.role == "aid")


@pytest.mark.parametrize("name", PACKAGES)
def test_its_people_are_those_of_its_crews_and_bases(name, deployment):
    one = package(name)
    places, crews = one.people(deployment), people_table().crews
    assert all(place.people.shape == (VECTORS,) and (place.people >= 0.0).all() for place in places)
    manned = [(placed.x_m, placed.y_m) for placed in one.placements(deployment) if placed.kind in crews]
    assert [(place.x_m, place.y_m) for place in places if place.crew] == manned
    bases = [place for place in places if not place.crew]
    assert bool(bases) == (name in HAVE_PEOPLE_OF_THEIR_OWN)
    assert {place.role for place in bases} <= {HAVE_PEOPLE_OF_THEIR_OWN.get(name)}
    if one.flies:
        numbers = deployment.parameters
        each = numbers[people_table().at_base]
        np.testing.assert_allclose(sum(base.people for base in bases), each * one.fleet(deployment).aircraft)


@pytest.mark.parametrize("name", PACKAGES)
def test_a_day_of_it_costs_by_known_lines_and_fully_loaded_no_less(name, deployment):
    one = package(name)
    loaded, incremental = (one.standing_eur(boundary, deployment) for boundary in BOUNDARIES)
    assert set(loaded) == set(incremental) <= set(COST_LINES) - {"aid"}
    for line, day_eur in loaded.items():
        assert day_eur.shape == (VECTORS,) and (day_eur > 0.0).all()
        assert ((incremental[line] >= 0.0) & (incremental[line] <= day_eur)).all()
    assert bool(loaded) == (name in STANDING), "ground units cost what they are ready"


@pytest.mark.parametrize("name", PACKAGES)
def test_it_is_there_as_its_start_says(name):
    one = package(name)
    always = [0, 1, 1, 0] if name == "ships" else [1, 1, 1, 1]  # the Straits are closed in war
    assert one.presence(PHASES).tolist() == always and one.presence(PHASES).dtype == np.uint8
    later = one.model_copy(update={"start": "after_ceasefire"})
    assert later.presence(PHASES).tolist() == [0, 1, 1, 0] and later.presence(("war",) * 3).tolist() == [0, 0, 0]


@pytest.mark.parametrize("name", PACKAGES)
def test_the_entries_it_names_are_in_the_catalogue(name):
    named = package(name).named_entries()
    assert [entry.key for entry in named] == ([PACKAGES[name]["aircraft"]] if name == "fighters" else [])
    assert all(load_catalogue()[entry.key].si_unit == entry.unit for entry in named)


@pytest.mark.parametrize("name", PACKAGES)
def test_it_needs_known_capabilities_and_says_what_it_may_deter(name, deployment):
    one = package(name)
    needs, deters = one.needs(deployment), one.deters(deployment)
    assert set(needs) <= set(CAPABILITIES) and set(deters) <= {"zone", "force", "naval"}
    assert all(units.shape == (VECTORS,) and (units > 0.0).all() for units in needs.values())
    assert all(effect.shape == (VECTORS,) and ((effect > 0.0) & (effect <= 1.0)).all() for effect in deters.values())
    assert bool(deters) == ((one.fires or name == "ground") and name != "guns")
    assert bool(needs) == (name not in ("network", "aid", "twin", "shelters"))
    assert not one.lead_time_key or load_catalogue()[one.lead_time_key].si_unit == "s"


@pytest.mark.parametrize("name", PACKAGES)
def test_what_is_said_of_a_place_is_said_for_every_vector(name, deployment):
    for place in package(name).people(deployment):
        said = [place.footprint_m2, place.casualty_share, place.deliberate_per_day]
        assert all((one is None) == (place.role == "crews") for one in said)
        assert all(one.shape == (VECTORS,) and (one >= 0.0).all() for one in said if one is not None)
        assert place.casualty_share is None or (place.casualty_share <= 1.0).all()


def test_a_package_that_overrides_nothing_brings_nothing(deployment):
    plain = Plain()
    assert plain.needs(deployment) == plain.deters(deployment) == {} and plain.warships() == ()
    assert plain.shelter(deployment) is None and plain.absent_in() == frozenset() and not plain.lead_time_key
    assert (plain.fires, plain.flies, plain.role) == (False, False, "forces")
    assert plain.placements(deployment) == plain.people(deployment) == [] and plain.sensors(deployment) == ()
    assert plain.standing_eur("incremental", deployment) == {} and plain.fleet(deployment) is None
    assert plain.share_of_way_inside(deployment) == 0.0 and plain.aid() is None and plain.named_entries() == ()
