"""What every sort of sensor promises: run over all that are registered.

Mutations tried, each caught: a quality in per cent; a range without a unit of length; a sort that covers nobody; a
second place that takes coverage from the first; a sort of a name the page does not hold; a misspelt
place let through; a sort without a line here.
"""

import dataclasses
import itertools
import re
from pathlib import Path
from types import MappingProxyType

import numpy as np
import pytest
from pydantic import TypeAdapter

from skyshield.catalogue import load_catalogue
from skyshield.compile.parameters import ParameterTable
from skyshield.core.errors import SkyShieldError
from skyshield.core.vocabulary import BOUNDARIES, MUNITION_KINDS
from skyshield.engine.steps.detect import share_picture
from skyshield.forces import Deployment, prepare_shooters, sensors
from skyshield.forces.sensors import HANDED_OVER, HANDOVER_TIME, SENSORS, SensorPackage, sensor_day_eur
from skyshield.scenario import Package, check
from skyshield.scenario.load import dump, parse
from skyshield.theatre import load_theatre
from support.studies import parts, scenario, with_package
from support.worlds import make_forces

VECTORS = 20
DOCS = Path(__file__).parents[2] / "docs"
# one package of every sort, as a scenario writes it; a new sort needs a line here
PACKAGES = MappingProxyType({
    "ground_radar": {"kind": "sensors", "sensor": "ground_radar", "serves": ["Kyiv", "Rivne NPP"]},
    "airborne_early_warning": {"kind": "sensors", "sensor": "airborne_early_warning", "serves": ["Vinnytsia"]},
    "aerostats": {"kind": "sensors", "sensor": "aerostats", "serves": ["Lviv", "Odesa"]},
    "acoustic": {"kind": "sensors", "sensor": "acoustic"}})
BY_NAME = {sensor.name: sensor for sensor in SENSORS}
CITIES = ["Kyiv", "Lviv", "Odesa", "Vinnytsia", "Rivne"]
SHOOTERS = [{"kind": "fighters", "aircraft": 60, "serves": CITIES},
            {"kind": "batteries", "system": "irist", "places": CITIES},
            {"kind": "batteries", "system": "nasams", "places": CITIES},
            {"kind": "batteries", "system": "patriot", "places": ["Rzeszów"], "stand": "base"},
            {"kind": "guns", "places": CITIES}, {"kind": "drone_teams", "places": CITIES}]


def packages(*fields):
    return [TypeAdapter(Package).validate_python(one) for one in fields]


def forces_under(*options):
    """The shooters above under each option's sensors, with `picture_gain` f8[vector, option, slot, class]."""
    table = ParameterTable(*parts()[::2], 3, VECTORS, {})
    deployment = Deployment(scenario().members, load_theatre(), table)
    result = prepare_shooters([packages(*SHOOTERS, *option) for option in options], deployment, MUNITION_KINDS,
                              lambda mean, rho: np.stack([mean, rho], axis=1))
    return result.forces


def refusal(*fields):
    """The one line with which a scenario that holds this package is refused, by the loader or by the check."""
    with pytest.raises(SkyShieldError) as refused:
        check(with_package(*fields))
    assert "\n" not in str(refused.value) and refused.value.what and refused.value.remedy
    assert refused.value.exit_code == 2
    return refused.value


def test_every_sort_has_a_package_here():
    assert set(PACKAGES) == {sensor.name for sensor in sensors.SENSORS}


def test_a_made_up_sort_without_a_package_here_is_found(monkeypatch):
    monkeypatch.setattr(sensors, "SENSORS", (*SENSORS, dataclasses.replace(SENSORS[0], name="dowsing_rods")))
    with pytest.raises(AssertionError):
        test_every_sort_has_a_package_here()


@pytest.mark.parametrize("name", PACKAGES)
def test_its_numbers_are_in_the_catalogue_with_units(name):
    sensor, catalogue = BY_NAME[name], load_catalogue()
    units = {sensor.quality: "1", HANDED_OVER: "1", HANDOVER_TIME: "s"}
    units |= {key: "m" for key in (sensor.height, sensor.range_) if key is not None}
    assert (sensor.height is None) == (sensor.range_ is None)
    for key, unit in units.items():
        assert catalogue[key].si_unit == unit, key
        assert catalogue[key].central is not None, "a number without a centre costs an arm of every study"
        low, central, high = catalogue[key].si()
        assert 0.0 < low <= central <= high and (unit != "1" or high <= 1.0), key


@pytest.mark.parametrize("name", PACKAGES)
def test_it_helps_somebody_and_nobody_wholly(name):
    forces = forces_under((), (PACKAGES[name],))
    (none, some), reach = forces.picture_gain.swapaxes(0, 1), forces.reach_m[:, 1]
    assert not none.any()
    on_the_ground = forces.ground_gain.swapaxes(0, 1)[1]
    assert not on_the_ground.any() if BY_NAME[name].flies else (on_the_ground == some).all()
    assert (some >= 0.0).all() and (some < 1.0).all()
    assert some.shape == (VECTORS, reach.shape[1], 3) and some.mean(axis=0).max() > 0.1
    assert not some[reach == 0.0].any(), "who has no weapon for a class needs no track of it"


@pytest.mark.parametrize("early_warning", [True, False])
@pytest.mark.parametrize("name", PACKAGES)
def test_more_of_it_never_shows_less(name, early_warning):
    """In the slack regime, where nothing else moves: what can be tracked is monotone in what looks, and is up."""
    one = PACKAGES[name]
    if BY_NAME[name].height is None:
        ladder = [[], [one], [one, one]]
    else:
        ladder = [[], *([{**one, "serves": CITIES[:k]}] for k in range(1, 6)), [{**one, "serves": CITIES}, one]]
    others = [other for key, other in PACKAGES.items() if key != name]
    ladder += [[*ladder[-1], *others[:k]] for k in range(1, len(others) + 1)]
    result = forces_under(*ladder)
    slots = result.picture_gain.shape[2]
    forces = make_forces(((((0.0, 0.0),) * slots),) * len(ladder), vectors=VECTORS)
    forces = forces._replace(picture_gain=np.ascontiguousarray(result.picture_gain),
                             ground_gain=np.ascontiguousarray(result.ground_gain))
    manned, p_seen = np.ones(slots, np.uint8), np.zeros((len(ladder), VECTORS, slots, 3))
    p_track = np.array([0.35])
    for (option, _), vector in itertools.product(enumerate(ladder), range(VECTORS)):
        share_picture(forces, vector, option, early_warning, manned, p_track, p_seen[option, vector])
    assert (p_seen[0] == p_track).all()
    assert (np.diff(p_seen, axis=0) >= 0.0).all() and (p_seen < 1.0).all()
    looks = early_warning or not BY_NAME[name].flies
    assert (p_seen[1] > p_seen[0]).any() == looks, "what flies shows something when it is up, and only then"


@pytest.mark.parametrize("name", PACKAGES)
def test_a_misspelt_name_is_one_line(name):
    one = PACKAGES[name]
    assert check(with_package(SHOOTERS[1], one)) == []
    wrong = refusal(SHOOTERS[1], {**one, "serves": ["Kiyv"]})
    if "serves" in one:
        assert wrong.where == "options.tried.packages.serves"
        assert "'Kiyv' is not in the theatre" in wrong.what and "Kyiv" in wrong.remedy
    else:
        assert wrong.where.endswith("options.tried.packages.1") and "names places" in wrong.what
    sort = refusal(SHOOTERS[1], {**one, "sensor": f"{name}z"})
    assert sort.where.endswith("options.tried.packages.1.sensor") and sort.remedy == f"use {name}"


@pytest.mark.parametrize("name", PACKAGES)
def test_a_package_comes_back_from_plain_data_and_has_units(name):
    (package,) = packages(PACKAGES[name])
    assert isinstance(package, SensorPackage) and not package.fires
    assert packages(package.model_dump(mode="json")) == [package]
    asked = with_package(SHOOTERS[1], PACKAGES[name])
    assert parse(dump(asked), "again") == asked
    assert package.units == len(PACKAGES[name].get("serves", ["the network"]))
    assert BY_NAME[name].words in package.in_words()
    assert all(place in package.in_words() for place in package.serves)


@pytest.mark.parametrize("name", PACKAGES)
def test_it_costs_money_and_fully_loaded_more(name):
    table = ParameterTable(*parts()[::2], 3, VECTORS, {})
    loaded, incremental = (sensor_day_eur(name, table, boundary) for boundary in BOUNDARIES)
    assert loaded.shape == (VECTORS,) and (loaded > 0.0).all()
    assert (incremental >= 0.0).all() and (incremental < loaded).all()


@pytest.mark.parametrize("name", PACKAGES)
def test_it_is_described(name):
    page = (DOCS / "how-to/write-a-scenario.md").read_text("utf-8")
    (row,) = re.findall(r"^\| `sensor` \|.*$", page, re.MULTILINE)
    assert f"`{name}`" in row
    day = (DOCS / "explanation/how-a-day-is-played.md").read_text("utf-8")
    sensor = BY_NAME[name]
    for key in filter(None, (sensor.quality, sensor.height, sensor.range_)):
        assert f"`{key}`" in day
