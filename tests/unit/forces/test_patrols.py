"""The arithmetic of patrols against the published table, its conversions, and closed forms of fuel and mending.

The table is that of the proposal's arithmetic: two aircraft always on station, at 880 km/h, 70% available, RAND's surge
rate. Mutations tried, each caught: one way instead of two; the pair counted as one; maintenance without its share of
the flight; turnaround left out; the sustained rate not bounded by the surge; weather multiplied instead of divided;
tanker fuel counted for one aircraft; a station out of reach served; the crew's hours limit taken as a sorties limit;
mending that forgets the availability.
"""

import numpy as np
import pytest

from skyshield.catalogue import load_catalogue
from skyshield.compile.parameters import CentralValues
from skyshield.forces.patrols import (
    effort,
    on_station,
    repair_time_days,
    sorties_per_aircraft_day,
    surge_sorties_per_day,
    tanker_fuel_per_day_kg,
    tanker_time_s,
    weather_mean,
)

HOUR, DAY = 3600.0, 86400.0
CATALOGUE = load_catalogue()


def numbers(**changes):
    """Central values of the catalogue, f8[1] in SI units, some of them changed."""
    central = CentralValues(CATALOGUE)

    class Numbers:
        def __getitem__(self, name):
            return np.atleast_1d(np.asarray(changes[name], float)) if name in changes else central[name]

    return Numbers()


def one(value):
    return np.array([float(value)])


def of_table(distance_km, hours, pace="surge", **changes):
    values = numbers(patrol_bad_weather_days=0.0, **changes)
    return effort(one(hours * HOUR), 2.0 * one(distance_km * 1e3) / values["fighter_cruise"], pace, values)


@pytest.mark.parametrize("distance_km", [150, 300, 500, 700])
@pytest.mark.parametrize("minutes", [90, 120, 240])
def test_every_cell_of_the_published_table(distance_km, minutes):
    takes = of_table(distance_km, minutes / 60)
    printed = f"{distance_km}km_{minutes}min"
    # printed to whole aircraft and hours, from parameters rounded likewise
    assert takes.aircraft[0] / 0.70 == pytest.approx(CATALOGUE[f"patrol_aircraft_{printed}"].central, abs=0.55)
    hours = takes.sorties_per_day[0] * takes.flight_time_s[0] / HOUR
    assert hours == pytest.approx(CATALOGUE[f"patrol_flight_hours_{printed}"].central, abs=0.55)


@pytest.mark.parametrize(("key", "end", "minutes", "availability", "pace", "tolerance"), [
    ("patrols_of_120_surge", "low", 90, 0.70, "surge", 0.5), ("patrols_of_120_surge", "high", 240, 0.70, "surge", 0.5),
    ("patrols_of_120_half_available", "low", 90, 0.50, "surge", 0.5),
    ("patrols_of_120_half_available", "high", 240, 0.50, "surge", 0.5),
    ("patrols_of_120_sustained", "low", 90, 0.70, "sustained", 0.05),
    ("patrols_of_120_sustained", "high", 240, 0.70, "sustained", 0.05)])
def test_what_120_fighters_keep_up_at_500_km(key, end, minutes, availability, pace, tolerance):
    patrols = 120 * availability / of_table(500, minutes / 60, pace).aircraft[0]
    assert patrols == pytest.approx(getattr(CATALOGUE[key], end), abs=tolerance)


def test_the_sustained_rate_by_hand_and_its_bound():
    assert of_table(500, 1.5, "sustained").aircraft[0] == pytest.approx(32.0)
    hurried = of_table(500, 4.0, "sustained", fighter_sorties_per_MC_day=2.2 / DAY)
    assert hurried.aircraft[0] == pytest.approx(of_table(500, 4.0).aircraft[0])  # never beyond a surge
    assert of_table(500, 4.0, "sustained", fighter_sorties_per_MC_day=1.0 / DAY).aircraft[0] == pytest.approx(12.0)


def test_the_rate_of_long_run_practice_is_met_over_all_weathers():
    values = numbers(patrol_bad_weather_days=0.2, patrol_bad_weather_flown=0.5)
    assert weather_mean(values)[0] == pytest.approx(0.9)
    fair = sorties_per_aircraft_day("sustained", one(2 * HOUR), values)
    assert fair[0] * (0.8 * 1.0 + 0.2 * 0.5) == pytest.approx(1.0)
    assert sorties_per_aircraft_day("surge", one(2 * HOUR), values)[0] == pytest.approx(24 / 9.76)
    assert surge_sorties_per_day(one(2 * HOUR), values)[0] == pytest.approx(24 / 9.76)


@pytest.mark.parametrize(("sorties", "hours", "crews"), [
    (1.0, 24.0, 32.0), (9.0, 2.6363636, 32.0), (2.0, 1.0, 84.3636)])
def test_crews_are_bound_by_sorties_or_by_hours(sorties, hours, crews):
    """Thirty-two sorties a day of 1.5 h and 1,000 km at 880 km/h, 2.636 h each."""
    takes = of_table(500, 1.5, crew_sorties_per_day=sorties / DAY, crew_flight_hours_per_day=hours / 24)
    assert takes.crews[0] == pytest.approx(crews, rel=1e-6)


FUEL = {"cap_on_station": 2 * HOUR, "fighter_endurance": 3 * HOUR, "cap_on_station_refuelled": 4 * HOUR,
        "cap_on_station_least": 0.5 * HOUR, "fighter_fuel_per_hour": 3000.0 / HOUR}
BURNT = 2 * 24 * 3000.0  # kg a day of a pair


@pytest.mark.parametrize(("transit_h", "fuel_kg", "hours", "taken_kg"), [
    (0.5, 0.0, 2.0, 0.0),  # practice is the limit
    (1.5, 0.0, 1.5, 0.0),  # fuel is
    (2.6, 0.0, 0.0, 0.0), (3.5, 0.0, 0.0, 0.0),  # nobody is sent
    (1.5, BURNT / 2, 3.0, BURNT / 2),  # t = 1.5 / (1 - 1/2)
    (1.5, BURNT * 5 / 8, 4.0, BURNT * 5 / 8), (1.5, 1e9, 4.0, BURNT * 5 / 8),  # 1 - 1.5/4
    (0.5, 1e9, 4.0, BURNT / 2),
    (3.5, BURNT * 9 / 8, 4.0, BURNT * 9 / 8), (3.5, BURNT, 0.0, 0.0)])  # all of it or none
def test_time_on_station_by_fuel(transit_h, fuel_kg, hours, taken_kg):
    stays, taken = on_station(one(transit_h * HOUR), one(fuel_kg), numbers(**FUEL))
    assert stays[0] / HOUR == pytest.approx(hours)
    assert taken[0] == pytest.approx(taken_kg)


def test_more_fuel_never_shortens_a_patrol_and_none_is_made():
    values = numbers(**FUEL)
    for transit_h in (0.2, 1.0, 2.0, 2.9, 4.0):
        fuel = np.linspace(0.0, 2.0 * BURNT, 200)
        stays, taken = on_station(np.full(200, transit_h * HOUR), fuel, values)
        assert (np.diff(stays) >= -1e-9).all()
        assert (taken <= fuel + 1e-9).all()


def test_a_patrol_that_fuel_alone_binds_takes_what_it_burns_beyond_its_own():
    """Sorties a day times what each burns beyond its endurance: computed the other way round."""
    values = numbers(**FUEL)
    transit_h = 2.0
    stays, taken = on_station(one(transit_h * HOUR), one(1e9), values)
    sorties = 48.0 / (stays[0] / HOUR)
    assert taken[0] == pytest.approx(sorties * (stays[0] / HOUR + transit_h - 3.0) * 3000.0)
    assert tanker_time_s(taken, values)[0] == pytest.approx(taken[0] / 40_000.0 * 5.5 * HOUR)
    spared = values["tankers_available"][0]
    assert tanker_fuel_per_day_kg(10, values)[0] == pytest.approx(10 * 0.7 * 40_000.0 * spared) and 0.0 < spared < 1.0
    stays_by_night, by_night = on_station(one(transit_h * HOUR), one(1e9), values, 15 * HOUR)
    assert stays_by_night == stays and by_night == pytest.approx(taken * 15 / 24)


def test_mending_takes_as_long_as_the_availability_says():
    values = numbers(fighter_availability=0.65, fighter_failure_probability=0.1, fighter_sorties_per_MC_day=1.0 / DAY)
    assert repair_time_days(values)[0] == pytest.approx(0.35 / 0.065)
