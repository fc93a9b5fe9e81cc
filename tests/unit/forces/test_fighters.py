"""Sorties, patrols, reach and money, against the arithmetic published for them.

Mutations tried, each caught: one way instead of two; availability forgotten; the pair counted as one; hours for
seconds; slots not doubling up in order; inactive members still flying; shares not weighting the way; too few slots
for a large force.
"""

from types import SimpleNamespace

import numpy as np
import pytest
from geographiclib.geodesic import Geodesic

from skyshield.core.errors import SkyShieldError
from skyshield.core.geodesy import CENTRE_LAT_DEG, CENTRE_LON_DEG
from skyshield.forces import FighterPackage, Member, fleet, prepare_fighters
from skyshield.forces.fighters import eur, mean_transit_m, places_xy


def place(name, distance_km, bearing_deg=250.0):
    """A place at a geodesic distance from the plane's centre, from where distances on the plane are exact."""
    found = Geodesic.WGS84.Direct(CENTRE_LAT_DEG, CENTRE_LON_DEG, bearing_deg, distance_km * 1e3)
    return SimpleNamespace(name=name, lon=found["lon2"], lat=found["lat2"])


def theatre(*distances_km):
    return SimpleNamespace(interests=[], cities=[place("Centre", 0.0), place("Other", 100.0, 10.0)],
                           bases=[place(f"base {d}", d) for d in distances_km])


def numbers(hours_on_station=1.5, availability=0.7, sorties=1.0, cruise_km_h=880.0, n=1, **more):
    values = {"cap_on_station": hours_on_station * 3600.0, "fighters_per_station": 2.0,
              "fighter_availability": availability, "fighter_sorties_per_MC_day": sorties / 86400.0,
              "fighter_cruise": cruise_km_h / 3.6, **more}
    return {name: np.broadcast_to(np.asarray(value, float), n).copy() for name, value in values.items()}


def prepared(package, members, where, values):
    return prepare_fighters([package], members, where, values)


def package(aircraft=120, serves=("Centre",)):
    return FighterPackage(kind="fighters", aircraft=aircraft, serves=serves)


# hours on station, distance km -> flight hours a day of one continuous two-ship patrol, and aircraft for it at the
# surge rate of the RAND model (24 h over flight, turn-around 3 h and maintenance 3.4 h + 0.68 of the flight)
PUBLISHED = [(1.5, 150, 59, 18), (1.5, 300, 70, 19), (1.5, 500, 84, 21), (1.5, 700, 99, 22), (2, 150, 56, 15),
             (2, 300, 64, 16), (2, 500, 75, 17), (2, 700, 86, 18), (4, 150, 52, 10), (4, 300, 56, 10), (4, 500, 62, 11),
             (4, 700, 67, 11)]


@pytest.mark.parametrize(("hours", "distance_km", "flight_hours", "aircraft"), PUBLISHED)
def test_the_published_table_of_patrols(hours, distance_km, flight_hours, aircraft):
    where, member = theatre(distance_km), Member(name="a", base=f"base {distance_km}", aircraft_share=1.0)
    flight_h = hours + 2 * distance_km / 880.0
    surge = 24.0 / (flight_h + 3.0 + 3.4 + 0.68 * flight_h)
    values = numbers(hours, sorties=surge)
    found = prepared(package(aircraft), [member], where, values)
    assert found.sorties_per_station_day[0] == pytest.approx(48.0 / hours)
    assert round(found.sorties_per_station_day[0] * found.flight_time_per_sortie_h[0, 0]) == flight_hours
    # the printed number of aircraft keeps up one patrol, to its rounding
    assert aircraft / found.n_stations[0, 0] == pytest.approx(aircraft, abs=0.6)


@pytest.mark.parametrize(("hours", "availability", "patrols"), [
    (1.5, 0.7, 2.625), (4.0, 0.7, 7.0), (1.5, 0.65, 2.4375), (4.0, 0.65, 6.5)])
def test_what_120_aircraft_keep_up_at_one_sortie_a_day(hours, availability, patrols):
    """84 sorties a day at 70% against 32 or 12 a patrol: about 2.6 to 7; 78 at the catalogue's 65%."""
    values = numbers(hours, availability)
    found = prepared(package(), [Member(name="a", base="base 500", aircraft_share=1.0)], theatre(500), values)
    assert found.n_stations[0, 0] == pytest.approx(patrols, abs=1e-9)


def test_slots_serve_the_places_in_order_and_double_up():
    where = theatre(500)
    member = [Member(name="a", base="base 500", aircraft_share=1.0)]
    found = prepared(package(215, serves=("Other", "Centre")), member, where, numbers())
    assert 4 < found.n_stations[0, 0] <= 5
    x, _ = places_xy(where, ["Other", "Centre"], "place")
    np.testing.assert_allclose(found.station_x_m[0], x[[0, 1, 0, 1, 0]])


def test_members_share_the_force_and_the_way():
    where = theatre(300, 600)
    both = [Member(name="a", base="base 300", aircraft_share=0.6),
            Member(name="b", base="base 600", aircraft_share=0.2)]
    found = prepared(package(100), both, where, numbers())
    alone = prepared(package(80), [Member(name="a", base="base 300", aircraft_share=1.0)], where, numbers())
    assert found.n_stations[0, 0] == pytest.approx(alone.n_stations[0, 0])
    x, y = places_xy(where, ["Centre"], "place")
    assert mean_transit_m(where, both, x, y) == pytest.approx(375_000.0, abs=1.0)
    off = [both[0], both[1].model_copy(update={"active": False})]
    found = prepared(package(100), off, where, numbers())
    assert found.n_stations[0, 0] == pytest.approx(alone.n_stations[0, 0] * 0.75)
    assert found.flight_time_per_sortie_h[0, 0] == pytest.approx(alone.flight_time_per_sortie_h[0, 0])


def test_no_package_no_members_and_no_aircraft_are_no_patrols():
    where = theatre(300)
    found = prepare_fighters([None, package(0), package(100)], [], where, numbers(n=2))
    assert (found.n_stations == 0.0).all()
    assert fleet(package(100), [], numbers(n=2)).tolist() == [0.0, 0.0]


def test_a_named_number_of_aircraft_varies_by_vector():
    values = numbers(n=2, skyshield_aircraft=[60.0, 120.0])
    found = prepared(package("skyshield_aircraft"), [Member(name="a", base="base 300", aircraft_share=1.0)],
                     theatre(300), values)
    assert found.n_stations[1, 0] == pytest.approx(2 * found.n_stations[0, 0])
    members = [Member(name="a", base="base 300", aircraft_share=0.5), Member(name="b", base="base 300",
                                                                             aircraft_share=0.5, active=False)]
    assert fleet(package("skyshield_aircraft"), members, values).tolist() == [30.0, 60.0]


def test_the_plan_flies_its_hours():
    values = numbers(2.0)
    found = prepared(package(), [Member(name="a", base="base 440", aircraft_share=1.0)], theatre(440), values)
    # 84 sorties a day of 2 h and 1 h on the way
    hours = found.n_stations[0, 0] * found.sorties_per_station_day[0] * found.flight_time_per_sortie_h[0, 0]
    assert hours == pytest.approx(84 * 3.0)
    assert eur({"price": np.array([113.0]), "usd_per_eur": np.array([1.13])}, "price")[0] == pytest.approx(100.0)


def test_there_is_a_slot_for_every_patrol_of_the_largest_force():
    where, member = theatre(440), [Member(name="a", base="base 440", aircraft_share=1.0)]
    found = prepare_fighters([package(100), package(1000)], member, where, numbers(2.0))
    assert found.n_stations[0, 1] == pytest.approx(10 * found.n_stations[0, 0]) == pytest.approx(1000 * 0.7 / 24)
    assert found.station_x_m.shape == (2, np.ceil(1000 * 0.7 / 24))


def test_an_unknown_place_names_close_ones():
    with pytest.raises(SkyShieldError, match="did you mean Centre"):
        places_xy(theatre(1), ["Center"], "place")
    with pytest.raises(SkyShieldError, match="base 'Centre'"):
        places_xy(theatre(1), ["Centre"], "base")
