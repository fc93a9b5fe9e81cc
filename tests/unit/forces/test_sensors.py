"""Sensors at places: which shooters they cover, what they add, and what an option with useless ones is.

Mutations tried, each caught: sorts of sensors added up; a second place counted as a second look; a place named twice
counted twice; the network given to shooters abroad and to those not guided by sound; coverage of the radar's disc
instead of the shooter's; the horizon of another class; quality without the hand-over; the hand-over's time read where
nobody has sensors.
"""

import numpy as np
import pytest
from pydantic import TypeAdapter, ValidationError

from skyshield.compile.parameters import ParameterTable
from skyshield.core.geodesy import to_plane
from skyshield.core.vocabulary import MUNITION_KINDS
from skyshield.engine import COUNTS, play
from skyshield.forces import Deployment, prepare_shooters
from skyshield.forces.coverage import covered_share
from skyshield.forces.sensors import SensorPackage
from skyshield.scenario import Package
from skyshield.theatre import load_theatre
from support.studies import compiled, parts, scenario

VECTORS = 20
UAV, CRUISE, BALLISTIC = range(3)


def package(**fields):
    return TypeAdapter(Package).validate_python(fields)


def sensors(sensor, *serves):
    return package(kind="sensors", sensor=sensor, **({"serves": list(serves)} if serves else {}))


GUNS = package(kind="guns", places=["Lviv"])
IRIST = package(kind="batteries", system="irist", places=["Lviv", "Ternopil", "Kyiv"])
ABROAD = package(kind="batteries", system="patriot", places=["Rzeszów"], stand="base")
TEAMS_EVERYWHERE = package(kind="drone_teams", places=["Lviv", "Kyiv", "Odesa"])


def prepared(*options):
    table = ParameterTable(*parts()[::2], 3, VECTORS, {})
    result = prepare_shooters(options, Deployment(scenario().members, load_theatre(), table), MUNITION_KINDS,
                              lambda mean, rho: np.stack([mean, rho], axis=1))
    return result.forces, table


def apart_m(one, other):
    city = {c.name: c for c in load_theatre().cities}
    x, y = to_plane([city[one].lon, city[other].lon], [city[one].lat, city[other].lat])
    return float(np.hypot(*(np.diff(v)[0] for v in (x, y))))


def test_a_radar_adds_what_it_covers_times_quality_times_hand_over():
    patriot = package(kind="batteries", system="patriot", places=["Lviv"])
    result, table = prepared((IRIST, patriot, sensors("ground_radar", "Lviv")))
    given = table["ground_radar_quality"] * table["track_handover_probability"]
    for slot, city in enumerate(("Lviv", "Ternopil", "Kyiv")):
        for kind, height in ((UAV, "geran2_altitude"), (CRUISE, "cruise_altitude")):
            horizon = 4120.0 * (np.sqrt(table["radar_mast_height"]) + np.sqrt(table[height]))
            radius = np.minimum(horizon, table["ground_radar_range"])
            share = covered_share(result.reach_m[:, 0, slot, kind], radius, np.full(VECTORS, apart_m("Lviv", city)))
            np.testing.assert_allclose(result.picture_gain[:, 0, slot, kind], given * share, atol=1e-12)
    gain = result.picture_gain[:, 0].mean(axis=0)
    assert gain[0, UAV] > gain[1, UAV] > gain[2, UAV] == 0.0
    assert gain[1, UAV] > gain[1, CRUISE] + 0.05  # 120 km away, what flies low is behind the horizon
    assert gain[3, UAV] > 0.0 and result.reach_m[:, 0, 3, BALLISTIC].all()
    assert not result.picture_gain[..., BALLISTIC].any()


def test_sorts_work_one_after_another_and_places_cover_together():
    aew, aerostat = sensors("airborne_early_warning", "Ternopil"), sensors("aerostats", "Lviv")
    result, table = prepared((IRIST, aew), (IRIST, aerostat), (IRIST, aew, aerostat),
                             (IRIST, sensors("airborne_early_warning", "Vinnytsia")),
                             (IRIST, sensors("airborne_early_warning", "Ternopil", "Vinnytsia")),
                             (IRIST, sensors("airborne_early_warning", "Ternopil", "Ternopil"), aew))
    one, other, both, elsewhere, two, thrice = (result.picture_gain[:, o] for o in range(6))
    np.testing.assert_allclose(both, 1 - (1 - one) * (1 - other), rtol=1e-12)
    assert (both[:, 0, UAV] > np.maximum(one, other)[:, 0, UAV]).all()
    assert thrice.tobytes() == one.tobytes()
    given = (table["aew_quality"] * table["track_handover_probability"])[:, None, None]
    np.testing.assert_allclose(two, given * (1 - (1 - one / given) * (1 - elsewhere / given)), atol=1e-12)
    assert (two >= np.maximum(one, elsewhere)).all() and (two <= given + 1e-12).all()
    assert (two[:, 2, UAV] > one[:, 2, UAV] + 0.01).all()  # Kyiv is nearer to the second place


def test_the_network_covers_who_is_guided_by_sound_on_ukraines_territory():
    result, table = prepared((TEAMS_EVERYWHERE, IRIST, GUNS, sensors("acoustic")))
    given = table["acoustic_quality"] * table["track_handover_probability"]
    gain = result.picture_gain[:, 0, :, UAV]
    assert (np.abs(gain[:, [0, 1, 2, 6]] - given[:, None]) < 1e-12).all()
    assert not gain[:, 3:6].any()


def test_nobody_abroad_hears_the_network_but_a_sensor_may_stand_there(monkeypatch):
    from skyshield.forces import shooters

    patriot = dict(shooters.KINDS)["patriot"]
    monkeypatch.setattr(shooters, "KINDS", tuple(
        (name, (lambda p: type(patriot(p))(**{**vars(patriot(p)), "cued_by_sound": True}))
         if name == "patriot" else ability) for name, ability in shooters.KINDS))
    at_home = package(kind="batteries", system="patriot", places=["Lviv"])
    result, _ = prepared((ABROAD, at_home, sensors("acoustic")), (ABROAD, sensors("aerostats", "Rzeszów")))
    assert not result.picture_gain[:, 0, 0].any() and (result.picture_gain[:, 0, 1, UAV] > 0.0).all()
    assert (result.picture_gain[:, 1, 0, UAV] > 0.0).all()


def test_without_sensors_none_of_their_numbers_is_read():
    result, table = prepared((IRIST, GUNS))
    assert not result.picture_gain.any() and not result.handover_time_s.any()
    assert not [name for name in table.used if "quality" in name or "handover" in name]
    result, table = prepared((IRIST,), (IRIST, sensors("ground_radar", "Kyiv")))
    assert (result.handover_time_s == table["track_handover_time"]).all() and result.handover_time_s.all()
    assert "aew_quality" not in table.used


def test_units_are_what_is_paid_for():
    assert sensors("aerostats", "Kyiv", "Lviv", "Kyiv").units == 3
    assert sensors("acoustic").units == 1


@pytest.mark.parametrize(("fields", "what"), [
    ({"sensor": "acoustic", "serves": ["Kyiv"]}, "names places; leave serves out"),
    ({"sensor": "aerostats"}, "names no place"),
    ({"sensor": "aerostat", "serves": ["Kyiv"]}, "not a sort of sensor; use aerostats"),
    ({"sensor": "aerostats", "serves": ["Kyiv"], "orbits": 2}, "orbits")])
def test_packages_that_cannot_be(fields, what):
    with pytest.raises(ValidationError, match=what):
        SensorPackage(kind="sensors", **fields)


def test_sensors_that_cover_nobody_change_no_byte():
    """A radar over Donetsk and the drone teams of Lviv; the same beside an option whose sensors do cover."""
    content = scenario(2).model_dump(mode="json", exclude_none=True)
    teams = {"kind": "drone_teams", "places": ["Lviv", "Kyiv"], "per_place": 8}
    more = {"none": [], "useless": [{"kind": "sensors", "sensor": "ground_radar", "serves": ["Donetsk", "Luhansk"]}],
            "useful": [{"kind": "sensors", "sensor": "ground_radar", "serves": ["Lviv", "Kyiv"]}]}
    own, _ = content["options"]
    content["options"] = [own, *({"name": name, "label": name, "packages": [teams, *packages]}
                                 for name, packages in more.items())]
    world = compiled(type(scenario()).model_validate(content)).world
    result = [play(world, 3, v << 16, (v << 16) + 40) for v in range(2)]
    none, useless, useful = (np.stack([tally.counts[:, :, o] for tally in result]) for o in (1, 2, 3))
    assert useless.tobytes() == none.tobytes()
    engaged = COUNTS.index("engaged")
    assert useful[..., engaged].sum() > none[..., engaged].sum() > 0
