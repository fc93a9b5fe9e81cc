"""Shooters put together for the engine: ids, sectors, who can reach what, and what is not asked for.

Mutations tried, each caught: ids counted over kinds; the horizon dropped; reach by the nearest class; the second leg of
a route forgotten; a kind nobody has asked for its numbers; both edges of a sector on one side; two magazines for one; a
store by slot where shooters share.
"""

import math

import numpy as np
import pytest
import shapely
from pydantic import TypeAdapter, ValidationError

from skyshield.compile.parameters import ParameterTable
from skyshield.core.geodesy import to_plane
from skyshield.core.vocabulary import MUNITION_KINDS
from skyshield.forces import Deployment, near_slots, prepare_shooters
from skyshield.forces.capabilities import horizon_m
from skyshield.forces.shooters import KINDS, kind_number
from skyshield.scenario import Option, Package
from skyshield.theatre import load_theatre
from support.studies import parts, scenario

VECTORS = 20


def package(**fields):
    return TypeAdapter(Package).validate_python(fields)


TEAMS = package(kind="drone_teams", places=["Kyiv", "Lviv"], per_place=2)
GUNS = package(kind="guns", places=["Lviv"])
PATRIOT = package(kind="batteries", system="patriot", places=["Rzeszów"], stand="base", facing="north-east")
FIGHTERS = package(kind="fighters", aircraft=60, serves=["Kyiv", "Lviv"])


class Low(ParameterTable):
    """Parameters with UAVs at a given height."""

    low_m = None

    def __getitem__(self, name):
        return np.full(VECTORS, self.low_m) if name == "geran2_altitude" and self.low_m else super().__getitem__(name)


def prepared(*options, low_m=None):
    table = Low(*parts()[::2], 3, VECTORS, {})
    table.low_m = low_m
    result = prepare_shooters(options, Deployment(scenario().members, load_theatre(), table), MUNITION_KINDS,
                              lambda mean, rho: np.stack([mean, rho], axis=1))
    return result.forces, table


def test_ids_count_within_a_kind_and_are_the_same_in_every_option():
    result, _ = prepared((), (GUNS, TEAMS), (TEAMS,))
    teams, guns = kind_number("drone_teams"), kind_number("guns")
    assert result.shooter_kind.tolist() == [[-1] * 5, [guns, *[teams] * 4], [*[teams] * 4, -1]]
    assert result.shooter_id[1].tolist() == [guns << 10, *(teams << 10 | k for k in range(4))]
    assert result.shooter_id[2, :4].tolist() == result.shooter_id[1, 1:].tolist()
    city = {c.name: c for c in load_theatre().cities}
    x, y = to_plane([city[n].lon for n in ("Kyiv", "Kyiv", "Lviv", "Lviv")],
                    [city[n].lat for n in ("Kyiv", "Kyiv", "Lviv", "Lviv")])
    assert (result.x_m[2, :4] == x).all() and (result.y_m[2, :4] == y).all()


def test_a_patriot_looks_into_its_sector_and_reaches_ballistic_missiles_less_far():
    result, table = prepared((PATRIOT,))
    facing, half = math.pi / 4, math.radians(120) / 2
    for off, inside in ((0.0, True), (half - 0.01, True), (half + 0.01, False), (-half - 0.01, False), (3.0, False)):
        x, y = math.cos(facing + off), math.sin(facing + off)
        seen = all(x * a + y * b >= 0.0 for a, b in zip(result.edge_x[0, 0], result.edge_y[0, 0], strict=True))
        assert seen == inside
    near, far = table["patriot_range_ballistic"], table["patriot_range_aircraft"]
    np.testing.assert_allclose(result.reach_m[:, 0, 0, 2], near)
    assert (result.reach_m[:, 0, 0, 0] <= far).all() and (result.reach_m[:, 0, 0, 0] > near).all()


def test_nobody_shoots_below_the_horizon():
    """UAVs at 60 m past a mast of the catalogue are seen less far than the missiles fly."""
    result, table = prepared((PATRIOT,), low_m=60.0)
    horizon = horizon_m(table, "radar_mast_height")[:, 0]
    assert (horizon < table["patriot_range_aircraft"]).all()
    np.testing.assert_allclose(result.reach_m[:, 0, 0, 0], horizon)


def test_a_patrol_takes_what_its_time_on_station_costs():
    result, table = prepared((FIGHTERS, GUNS), (GUNS,))
    flying = result.ready_aircraft[:, 0] > 0.0
    assert (result.p_ready[:, 0, :-1] == flying[:, :-1]).all() and not flying[:, -1].any()
    hours = np.where(flying, result.renewal_time_s[:, 0] / 3600, 1.0)
    np.testing.assert_allclose(result.sorties_per_day[:, 0], np.where(flying, 2 * 15 / hours, 0.0))  # a night's cover
    assert (hours <= table["cap_on_station"][:, None] / 3600 + 1e-9).all()
    assert ((result.flight_time_h[:, 0] - hours)[flying] > 0.0).all()
    assert not result.sorties_per_day[:, 1].any() and not result.ready_aircraft[:, 1].any()
    np.testing.assert_allclose(result.renewal_time_s[:, 1, 0], table["gun_reload_time"])


def test_stores_are_each_shooters_own_or_the_packages():
    asked = package(kind="fighters", aircraft=60, serves=["Kyiv", "Lviv"], ground_alert=3)
    plain = asked.model_copy(update={"guided_rockets": False})
    result, table = prepared((GUNS, PATRIOT, asked), (TEAMS,), (GUNS, PATRIOT, plain))
    names = [name for name, _ in KINDS]
    kind = result.shooter_kind[0]
    # rockets and missiles of all patrols and pairs come from two stores of the package; without rockets there is one
    for option, of, stores in ((0, ("fighters_with_rockets", "ground_alert_with_rockets"), (2, 3)),
                               (2, ("fighters", "ground_alert"), (2, -1))):
        patrols, pairs = (np.flatnonzero(result.shooter_kind[option] == names.index(name)) for name in of)
        assert len(patrols) > 1 and len(pairs) == 3
        for slots in (patrols, pairs):
            assert {tuple(row) for row in result.store[option, slots].tolist()} == {stores}
    np.testing.assert_array_equal(result.store_most[:, 2, 2], result.store_most[:, 0, 3])
    np.testing.assert_allclose(result.store_most[:, 0, 3], np.rint(60 * table["fighter_missile_stock"]))
    made_a_day = 86400 * table["apkws_annual_output"]  # whatever the force's size
    np.testing.assert_allclose(result.store_per_day[:, 0, 2], table["share_of_production"] * made_a_day)
    # the Patriot battery has one magazine for both of its reaches, and one store
    patriot = names.index("patriot")
    assert result.magazine[patriot].tolist() == [0, 0]
    assert result.store[0, kind == patriot].tolist() == [[1, -1]]
    np.testing.assert_allclose(result.store_most[:, 0, 1], np.rint(table["patriot_stock"]))
    assert result.rounds[:, patriot, 0].tolist() == np.rint(table["patriot_ready_rounds"]).tolist()
    assert result.store[1, :4].tolist() == [[0, -1], [1, -1], [2, -1], [3, -1]]


@pytest.mark.parametrize(("rockets", "kind"), [(True, "ground_alert_with_rockets"), (False, "ground_alert")])
def test_a_pair_waits_at_a_base_and_patrols_do_not(rockets, kind):
    asked = package(kind="fighters", aircraft=60, serves=["Kyiv"], ground_alert=2, guided_rockets=rockets)
    result, table = prepared((asked,))
    alert = kind_number(kind)
    pairs = result.shooter_kind[0] == alert
    np.testing.assert_allclose(result.alert_time_s[:, alert], table["alert_time"])
    np.testing.assert_allclose(result.dash_speed_m_s[:, alert], table["alert_dash_speed"])
    assert not np.delete(result.alert_time_s, alert, axis=1).any()
    assert np.isinf(np.delete(result.dash_speed_m_s, alert, axis=1)).all()
    base = {b.name: b for b in load_theatre().bases}
    x, _ = to_plane([base[m.base].lon for m in scenario().members], [base[m.base].lat for m in scenario().members])
    assert sorted(result.x_m[0, pairs]) == sorted(x)
    np.testing.assert_allclose(result.renewal_time_s[:, 0, pairs], 3 * 3600.0)
    reach = table["alert_reach"][:, None] * np.ones(2)
    np.testing.assert_allclose(result.reach_m[:, 0, pairs, 0], reach)
    assert not result.reach_m[:, 0, pairs, 2].any()


def test_what_nobody_has_is_not_asked_for():
    _, table = prepared((GUNS,))
    assert "gun_range" in table.used
    assert not {"nasams_range", "team_reach", "fighter_reach", "patriot_range_aircraft"} & set(table.used)


def test_near_slots_are_those_within_reach_of_a_leg():
    result, _ = prepared((), (GUNS, TEAMS, PATRIOT), (TEAMS, FIGHTERS))
    g = np.random.default_rng(4)
    x, y = g.uniform(-7e5, 7e5, (2, 60, 3))
    first, slots = near_slots(result, x, y)
    reach = result.reach_m.max(axis=(0, 3))
    assert first.shape == (3, 61) and (np.diff(first, axis=1) >= 0).all()
    some = 0
    for option in range(3):
        for route in range(60):
            way = shapely.LineString(np.stack([x[route], y[route]], axis=1))
            expected = [k for k in range(reach.shape[1]) if result.shooter_kind[option, k] >= 0 and
                        way.distance(shapely.Point(result.x_m[option, k], result.y_m[option, k])) <= reach[option, k]]
            assert slots[first[option, route]:first[option, route + 1]].tolist() == expected
            some += len(expected)
    assert some > 50


@pytest.mark.parametrize(("packages", "what"), [
    ([{"kind": "guns", "places": ["Kyiv"]}, {"kind": "sensors", "sensor": "acoustic", "start": "at_ceasefire"}],
     "sensors do not start with its shooters"),
    ([{"kind": "fighters", "aircraft": 4, "serves": ["Kyiv"]}] * 2, "more than one package of fighters"),
    ([{"kind": "aid", "budget": "3 million EUR"}] * 2, "more than one package of aid"),
    ([{"kind": "cannons", "places": ["Kyiv"]}], "cannons")])
def test_packages_that_do_not_go_together_are_refused(packages, what):
    with pytest.raises(ValidationError, match=what):
        Option.model_validate({"label": "x", "packages": packages})
