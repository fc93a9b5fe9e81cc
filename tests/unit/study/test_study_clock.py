"""Where the time of a run goes: parts that add up, play wherever a thread is in the engine.

Tried to fail: play counted for every thread; a part that goes on after its end; waiting for another machine counted as
compiling. Each fails at least one test.
"""

import copy

import pytest

from skyshield.study import clock as clocks
from skyshield.study.clock import COMPILE, PLAY, REPORT, STORE, Clock, process_age_s


@pytest.fixture
def tick(monkeypatch):
    """Return what moves the clock on."""
    now = [100.0]
    monkeypatch.setattr(clocks.time, "perf_counter", lambda: now[0])

    def move(seconds):
        now[0] += seconds

    return move


def test_parts_add_up_to_the_whole(tick):
    clock = Clock(2.0)
    tick(1.0)
    with clock.part(STORE):
        tick(10.0)
        with clock.in_engine():
            tick(100.0)
            with clock.in_engine():
                tick(1000.0)
            tick(1.0)
        tick(3.0)
    tick(0.5)
    with clock.part(REPORT):
        tick(5.0)
    clock.raid_days = 11_010
    timing = clock.timing()
    assert {name: timing[name] for name in (COMPILE, PLAY, STORE, REPORT)} == {
        COMPILE: 3.5, PLAY: 1101.0, STORE: 13.0, REPORT: 5.0}
    assert timing["wall_s"] == 1122.5 and timing["raid_days_per_s"] == 10.0


def test_waiting_for_other_machines_is_play_and_waiting_for_a_world_is_not(tick):
    clock = Clock()
    with clock.waiting():
        tick(7.0)  # nothing was played here: others play
    with clock.in_engine():
        tick(1.0)
    with clock.waiting():
        tick(2.0)
    assert clock.timing()[PLAY] == 8.0 and clock.timing()[COMPILE] == 2.0
    assert clock.timing()["raid_days_per_s"] == 0.0


def test_a_clock_that_travels_is_a_clock_of_its_own():
    clock = Clock(50.0)
    assert copy.copy(clock).timing()["wall_s"] < 50.0  # as a worker gets it


def test_this_process_is_older_than_nothing():
    assert 0.0 < process_age_s() < 1e6
