"""What the fit reads of a record."""

import datetime as dt

import numpy as np
import pytest

from skyshield.calibrate.observations import observe, split_mixed
from skyshield.core.errors import SkyShieldError
from skyshield.record import read_alerts, read_record

ROWS = [
    {"night": 0, "kind": "uav", "launched": 100, "destroyed": 50, "not_reach_goal": 30, "still_attacking": 5,
     "is_shahed": 60, "destroyed_details": "{'south': 12, 'west': nan, 'north': 3}",
     "launch_place": "Kursk oblast and Chauda, Crimea and Nowhere"},
    {"night": 0, "kind": "cruise", "launched": 6, "destroyed": 4},
    {"night": 0, "kind": "mixed", "launched": 4, "destroyed": 3},
    {"night": 1, "kind": "ballistic", "launched": 2, "destroyed": 1},
    {"night": 3, "kind": "uav", "launched": 40, "destroyed": 40,
     "destroyed_details": "{'Odesa oblast and Mykolaiv oblast': 7, 'Lviv oblast': 2, 'Vinnytsia oblast': nan}",
     "time_start": "2031-05-03 22:30"},
    {"night": 4, "kind": "uav", "launched": 10, "destroyed": 12, "destroyed_details": "{'north': 5}",
     "time_start": "2031-05-05 10:00", "time_end": "2031-05-05 15:00"},
    {"night": 5, "kind": "uav", "launched": 10, "destroyed": 2},
]


@pytest.fixture(scope="module")
def record(write_record):
    return read_record(write_record("2031-05-01", ROWS))


@pytest.fixture(scope="module")
def observations(record):
    return observe(record, areas=("Kursk", "Chauda", "Oryol"))


def test_a_night_without_a_bulletin_is_unknown_and_not_quiet(observations):
    assert observations.date[0] == np.datetime64("2031-05-01") and len(observations.date) == 6
    assert observations.reported.tolist() == [1, 0, 0, 1, 1, 1]
    assert np.isnan(observations.south_kills).tolist() == [False, True, True, False, False, True]


def test_leakers_leave_out_what_was_lost_or_still_flew_and_are_never_negative(observations):
    assert observations.leakers[:3].tolist() == [15, 0, 0]
    assert np.isnan(observations.leakers[3:]).all()  # another row of the month gives its losses


def test_in_a_month_that_tells_no_losses_apart_none_are_unknown(write_record):
    observations = observe(read_record(write_record("2031-05-01", [row | {"not_reach_goal": ""} for row in ROWS])))
    assert observations.leakers.tolist() == [45, 0, 0, 0, 0, 8]


def test_kills_by_side(observations):
    assert observations.south_kills[[0, 3, 4]].tolist() == [12.0, 7.0, 0.0]
    assert np.isnan(observations.west_kills[0]) and observations.west_kills[[3, 4]].tolist() == [2.0, 0.0]
    assert observations.west_named.tolist() == [1, 0, 0, 1, 0, 0]


def test_mixed_missiles_are_shared_out(observations):
    assert (observations.cruise + observations.ballistic).tolist() == [10, 2, 0, 0, 0, 0]
    assert (observations.cruise_stopped + observations.ballistic_stopped).tolist() == [7, 1, 0, 0, 0, 0]
    assert (observations.cruise_stopped <= observations.cruise).all()
    assert (observations.ballistic_stopped <= observations.ballistic).all()
    assert [part.tolist() for part in split_mixed(np.array([1]), np.array([0]), np.array([3]))] == [[4], [0]]


def test_what_only_some_bulletins_keep_apart(observations):
    assert observations.soft_lost.tolist() == [30, 0, 0, 0, 0, 0]
    assert observations.soft_stopped.tolist() == [80, 0, 0, 0, 0, 0]
    assert (observations.armed[0], observations.armed_of[0], observations.armed_of[1:].sum()) == (60, 100, 0)


def test_launch_places_are_split_evenly_over_those_known(observations):
    assert observations.by_place[0].tolist() == [50.0, 50.0, 0.0]
    assert observations.by_place[1:].sum() == 0.0


def test_day_raids_and_the_first_hour_of_the_night(observations):
    assert observations.uav_day_part.tolist() == [0, 0, 0, 0, 10, 0]
    assert observations.start_h[[0, 3]].tolist() == [20.0, 22.5] and np.isnan(observations.start_h[[1, 2, 4]]).all()


def test_nothing_after_until_is_read(record):
    early = observe(record, until=dt.date(2031, 5, 2))
    assert len(early.date) == 2 and early.uav.sum() == 100
    with pytest.raises(SkyShieldError, match="holds no"):
        observe(record, until=dt.date(2031, 4, 1))


def test_the_last_days(observations):
    assert observations.last(2).uav.tolist() == [10, 10]
    assert observations.last(2).by_place.shape == (2, 3)


def test_alert_hours_are_means_over_the_sides_oblasts(record, tmp_path):
    sides = {"Lvivska oblast": 8, "Vinnytska oblast": 4}
    from skyshield.record.names import reading
    names = [name for side in reading()["alert_oblasts"].values() for name in side]
    lines = ["region,started_at,finished_at"]
    for name in names:
        if name in sides:
            lines.append(f"{name},2031-04-30T20:00:00Z,2031-04-30T{20 + sides[name] // 4}:00:00Z")
        lines.append(f"{name},2031-05-03T20:00:00Z,2031-05-03T20:00:00Z")
    path = tmp_path / "alerts.csv"
    path.write_text("\n".join(lines) + "\n")
    observations = observe(record, read_alerts(path))
    assert observations.west_alert_h[0] == pytest.approx(2 / 8)
    assert observations.centre_alert_h[0] == pytest.approx(1 / 4)
    others = reading()["alert_oblasts"]["west"][1:]
    countrywide = [f"{name},2031-04-30T21:30:00Z,2031-04-30T22:10:00Z" for name in others]
    path.write_text("\n".join([*lines, *countrywide]) + "\n")
    assert observe(record, read_alerts(path)).west_alert_h[0] == pytest.approx(2 / 8)
    path.write_text("\n".join([*lines, *countrywide[:5]]) + "\n")  # of five oblasts it is none
    assert observe(record, read_alerts(path)).west_alert_h[0] == pytest.approx((2 + 5 * 2 / 3) / 8)
    assert observations.west_alert_h[3] == 0.0 and np.isnan(observations.west_alert_h[5])
