"""Where patrols stand, whose aircraft fly them, whom tankers support, and where pairs wait.

Mutations tried, each caught: all slots at the first place; inactive members still flying; shares not weighting the way;
aircraft on alert flying patrols too; tanker fuel never used up; all pairs at the first base; the stock of one aircraft
for the whole force.
"""

from types import SimpleNamespace

import numpy as np
import pytest
from geographiclib.geodesic import Geodesic

from skyshield.core.errors import SkyShieldError
from skyshield.core.geodesy import CENTRE_LAT_DEG, CENTRE_LON_DEG
from skyshield.forces import Deployment, FighterPackage, Member, places_xy, prepare_fleets
from skyshield.forces.capabilities import eur
from skyshield.forces.fighters import mean_transit_m, patrols

HOUR, DAY = 3600.0, 86400.0


def place(name, distance_km, bearing_deg=250.0):
    """A place at a geodesic distance from the plane's centre, from where distances on the plane are exact."""
    result = Geodesic.WGS84.Direct(CENTRE_LAT_DEG, CENTRE_LON_DEG, bearing_deg, distance_km * 1e3)
    return SimpleNamespace(name=name, lon=result["lon2"], lat=result["lat2"])


def theatre(*distances_km):
    return SimpleNamespace(interests=[], cities=[place("Centre", 0.0), place("Other", 100.0, 10.0)],
                           bases=[place(f"base {d}", d) for d in distances_km])


def numbers(hours_on_station=1.5, availability=0.7, sorties=1.0, n=1, **more):
    values = {
        "cap_on_station": hours_on_station * HOUR, "fighters_per_station": 2.0, "fighter_availability": availability,
        "fighter_sorties_per_MC_day": sorties / DAY, "fighter_cruise": 880.0 / 3.6, "fighter_endurance": 100 * HOUR,
        "cap_on_station_refuelled": 4 * HOUR, "cap_on_station_least": HOUR / 2, "fighter_fuel_per_hour": 3000.0 / HOUR,
        "tanker_offload_per_sortie": 40_000.0, "tanker_sorties_per_day": 1.0 / DAY, "tanker_sortie_time": 5 * HOUR,
        "sortie_turnaround": 3 * HOUR, "sortie_maintenance_fixed": 3.4 * HOUR,
        "sortie_maintenance_per_flight_hour": 0.68, "patrol_bad_weather_days": 0.0, "patrol_bad_weather_flown": 0.5,
        "crew_sorties_per_day": 100.0 / DAY, "crew_flight_hours_per_day": 1.0, "aircrew_per_aircraft": 1.5,
        "alert_crews_per_aircraft": 2.5, "fighter_failure_probability": 0.1, "posture_routine_share": 0.4,
        "tankers_available": 1.0, "massed_warning_probability": 0.8, "massed_false_alarm": 0.1, **more}
    return {name: np.full(n, value) if np.ndim(value) == 0 else np.array(value, float)
            for name, value in values.items()}


def package(aircraft=120, serves=("Centre",), **more):
    return FighterPackage(**{"kind": "fighters", "aircraft": aircraft, "serves": serves, "posture": "round_the_clock",
                             **more})


def whole(base):
    return [Member(name="a", base=base, aircraft_share=1.0)]


def efforts(asked, members, where, values):
    return [takes for _, _, takes, _ in patrols(asked, Deployment(members, where, values))]


def test_a_force_has_a_slot_for_every_patrol_of_its_best_day():
    """All aircraft ready at one sortie a day: 120 / 32 patrols of 1.5 h, so four slots."""
    result = efforts(package(), whole("base 500"), theatre(500), numbers())
    assert len(result) == 4
    assert all(takes.aircraft[0] == pytest.approx(32.0) for takes in result)
    assert len(efforts(package(1000), whole("base 500"), theatre(500), numbers())) == int(np.ceil(1000 / 32))
    few = efforts(package(), whole("base 500"), theatre(500), numbers(crew_sorties_per_day=0.4 / DAY))
    assert len(few) == int(np.ceil(180 / (32 / 0.4)))  # crews are fewer than aircraft


def test_slots_serve_the_places_in_order_and_double_up():
    where = theatre(500)
    result = patrols(package(150, serves=("Other", "Centre")), Deployment(whole("base 500"), where, numbers()))
    x, y = places_xy(where, ["Other", "Centre"], "place")
    assert len(result) == 5
    np.testing.assert_allclose([(px, py) for px, py, _, _ in result], np.stack([x, y], axis=1)[[0, 1, 0, 1, 0]])


def test_every_place_has_its_own_way_and_time_on_station():
    """Endurance 3 h: 2 h on station over the near place, and at 880 km/h one less for each 440 km further."""
    where = SimpleNamespace(interests=[], bases=[place("base 0", 0.0)],
                            cities=[place("Near", 220.0), place("Far", 880.0), place("Beyond", 1300.0)])
    values = numbers(hours_on_station=2.0, fighter_endurance=3 * HOUR)
    result = efforts(package(60, serves=("Beyond", "Near", "Far")), whole("base 0"), where, values)
    hours = [takes.on_station_s[0] / HOUR for takes in result]
    assert hours[:3] == pytest.approx([0.0, 2.0, 1.0], abs=0.02)
    assert [takes.sorties_per_day[0] for takes in result[:3]] == pytest.approx([0.0, 24.0, 48.0], abs=0.5)
    assert result[0].aircraft[0] == result[0].crews[0] == 0.0
    shooters = package(60, serves=("Beyond", "Near", "Far")).placements(Deployment(whole("base 0"), where, values))
    assert [stand.p_ready[0] for stand in shooters[:3]] == [0.0, 1.0, 1.0]
    assert package(60, serves=("Beyond",)).placements(Deployment(whole("base 0"), where, values)) == []


def test_members_share_the_force_and_the_way():
    where = theatre(300, 600)
    both = [Member(name="a", base="base 300", aircraft_share=0.6),
            Member(name="b", base="base 600", aircraft_share=0.2)]
    assert prepare_fleets([[package(100)]], Deployment(both, where, numbers())).aircraft.tolist() == [[80.0]]
    x, y = places_xy(where, ["Centre"], "place")
    assert mean_transit_m(Deployment(both, where, {}), x, y)[0] == pytest.approx(375_000.0, abs=1.0)
    takes = efforts(package(100), both, where, numbers())[0]
    assert takes.flight_time_s[0] / HOUR == pytest.approx(1.5 + 750 / 880, abs=1e-5)
    off = [both[0], both[1].model_copy(update={"active": False})]
    assert prepare_fleets([[package(100)]], Deployment(off, where, numbers())).aircraft.tolist() == [[60.0]]
    assert efforts(package(100), off, where, numbers())[0].flight_time_s[0] / HOUR == pytest.approx(1.5 + 600 / 880,
                                                                                                   abs=1e-5)


def test_no_members_and_no_aircraft_are_no_patrols():
    where = theatre(300)
    for asked, members in ((package(0), whole("base 300")), (package(100, ground_alert=2), []), (package(0), [])):
        assert all(not stand.p_ready.any() for stand in asked.placements(Deployment(members, where, numbers())))
    result = prepare_fleets([[], [package(0)], [package(100)]], Deployment([], where, numbers(n=2)))
    assert not result.aircraft.any() and result.aircraft.shape == (2, 3)


def test_a_named_number_of_aircraft_varies_by_vector():
    values = numbers(n=2, skyshield_aircraft=[60.0, 120.0])
    result = prepare_fleets([[package("skyshield_aircraft")]], Deployment(whole("base 300"), theatre(300), values))
    assert result.aircraft[:, 0].tolist() == [60.0, 120.0]
    assert len(efforts(package("skyshield_aircraft"), whole("base 300"), theatre(300), values)) == 4


def test_tankers_support_the_first_patrols_as_far_as_their_fuel_goes():
    """Fuel alone binds at 1.5 h; a patrol kept at 4 h takes 144 t (1 - 1.5/4) = 90 t a day, a tanker gives 40 t."""
    values = numbers(hours_on_station=1.5)
    result = patrols(package(100, tankers=5), Deployment(whole("base 300"), theatre(300), values))
    assert [takes.on_station_s[0] / HOUR for _, _, takes, _ in result[:2]] == pytest.approx([4.0, 4.0])
    assert [tanker_s[0] / HOUR for *_, tanker_s in result[:2]] == pytest.approx([90 / 40 * 5] * 2)
    # twenty tonnes are left for the third: 1.5 / (1 - 20/144)
    assert result[2][2].on_station_s[0] / HOUR == pytest.approx(1.5 / (1 - 20 / 144))
    assert [takes.on_station_s[0] / HOUR for _, _, takes, _ in result[3:]] == pytest.approx([1.5] * len(result[3:]))
    assert sum(tanker_s[0] for *_, tanker_s in result) / HOUR == pytest.approx(5 * 5)


def test_a_force_that_follows_demand_covers_the_night_and_surges_and_rests():
    """Fifteen hours of twenty-four: as much less of sorties, aircraft and tankers' fuel; slots for a night of surge."""
    where, values = theatre(300), numbers(hours_on_station=1.5, sorties=0.8)
    clock, demand = (package(100, tankers=3, posture=posture) for posture in ("round_the_clock", "demand_led"))
    day, night = (patrols(asked, Deployment(whole("base 300"), where, values)) for asked in (clock, demand))
    assert night[0][2].sorties_per_day == pytest.approx(day[0][2].sorties_per_day * 15 / 24)
    assert night[0][2].aircraft == pytest.approx(day[0][2].aircraft * 15 / 24)
    assert night[0][3] == pytest.approx(day[0][3] * 15 / 24)  # both stay 4 h: tankers give 90 t, or 15/24 of them
    assert sum(tanker_s[0] for *_, tanker_s in night) / HOUR == pytest.approx(3 * 5)  # and all that there is
    fleet = prepare_fleets([[clock], [demand]], Deployment(whole("base 300"), where, values))
    flight_h = 1.5 + 600 / 880
    surge = 24 / (flight_h + 3.0 + 3.4 + 0.68 * flight_h) / 0.8
    assert fleet.surge[0] == pytest.approx([1.0, surge], rel=1e-5) and fleet.rest[0].tolist() == [1.0, 0.4]
    assert len(night) == np.searchsorted(np.cumsum([takes.aircraft[0] for _, _, takes, _ in night]), 100 * surge) + 1
    assert (fleet.p_warned_massed[0], fleet.p_warned_routine[0]) == (0.8, 0.1)
    until = {stand.on_duty_until_s for asked in (clock, demand)
             for stand in asked.placements(Deployment(whole("base 300"), where, values))}
    assert until == {15 * HOUR, np.inf}
    slow = prepare_fleets([[demand]], Deployment(whole("base 300"), where, numbers(sorties=50.0)))
    assert slow.surge[0, 0] == 1.0  # the sustained pace is the surge already


def test_pairs_wait_at_the_bases_by_their_shares_and_fly_no_patrol():
    where = theatre(300, 600, 900)
    members = [Member(name="a", base="base 300", aircraft_share=0.5),
               Member(name="b", base="base 600", aircraft_share=0.25),
               Member(name="c", base="base 900", aircraft_share=0.25, active=False)]
    result = package(100, ground_alert=6).placements(Deployment(members, where, numbers()))
    pairs = [stand for stand in result if stand.kind == "ground_alert_with_rockets"]
    x, _ = places_xy(where, ["base 300", "base 600"], "base")
    assert [stand.x_m for stand in pairs] == pytest.approx([x[0], x[1], x[0], x[0], x[1], x[0]])
    # 75 aircraft, 12 of them set aside: 63 / 32 patrols
    assert len(result) - len(pairs) == 2
    of_fleet = prepare_fleets([[package(100, ground_alert=6)]], Deployment(members, where, numbers()))
    assert (of_fleet.alert_aircraft[0, 0], of_fleet.alert_crews[0, 0], of_fleet.crews[0, 0]) == (12.0, 30.0, 112.5)
    assert {(stand.store, float(stand.store_size[0])) for stand in result} == {("fighters", 75.0)}
    with_missiles = package(100, ground_alert=6, guided_rockets=False).placements(Deployment(members, where, numbers()))
    assert [stand.kind for stand in with_missiles] == ["fighters"] * 2 + ["ground_alert"] * 6
    assert {stand.kind for stand in result} == {"fighters_with_rockets", "ground_alert_with_rockets"}


def test_a_dollar_price_in_euros():
    assert eur({"price": np.array([113.0]), "usd_per_eur": np.array([1.13])}, "price")[0] == pytest.approx(100.0)


def test_an_unknown_place_names_close_ones():
    with pytest.raises(SkyShieldError, match="did you mean Centre"):
        places_xy(theatre(1), ["Center"], "place")
    with pytest.raises(SkyShieldError, match="base 'Centre'"):
        places_xy(theatre(1), ["Centre"], "base")
