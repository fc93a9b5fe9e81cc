"""Manned shooters: the whole part for certain, the next one with the fraction, nobody where nothing is there.

Mutations tried, each caught: the fraction's complement; the draw addressed by option; the presence ignored.
"""

import numpy as np
import pytest

from skyshield.engine.scratch import new_raid, new_scratch
from skyshield.engine.steps.readiness import man_shooters
from skyshield.engine.world import PATROL
from support.worlds import SEED, make_costs, make_fleets, make_forces, u

FIVE = tuple((float(k), 0.0) for k in range(5))


def scratch_for(forces):
    return new_scratch(forces, make_costs(forces), new_raid(0), new_raid(0), 1, 1)


def man(forces, part, day, option, slots, scratch=None):
    """Man the shooters; return how many."""
    scratch = scratch_for(forces) if scratch is None else scratch
    man_shooters(forces, make_fleets(len(forces.presence)), SEED, part, day, option, 0, scratch)
    slots[:] = scratch.manned
    return slots.sum()


def manned_nights(mean, nights, option=0, options=1):
    forces = make_forces((FIVE,) * options, n_stations=[mean] * options, days=nights)
    result, slots, scratch = np.zeros((nights, 5), np.uint8), np.zeros(5, np.uint8), scratch_for(forces)
    for day in range(nights):
        number = man(forces, 0, day, option, slots, scratch)
        assert number == slots.sum()
        result[day] = slots
    return result


@pytest.mark.parametrize("mean", [0.0, 1.0, 3.0, 5.0])
def test_a_whole_number_is_manned_for_certain(mean):
    assert (manned_nights(mean, 300) == (np.arange(5) < mean)).all()


def test_the_fraction_is_a_probability():
    nights, draws = 15_000, []
    for part in range(2):
        forces = make_forces((FIVE,), n_stations=[2.3], days=nights)
        slots, scratch = np.zeros(5, np.uint8), scratch_for(forces)
        for day in range(nights):
            man(forces, part, day, 0, slots, scratch)
            draws.append(slots.copy())
    share = np.mean(draws, axis=0)
    assert share[:2].tolist() == [1.0, 1.0]
    assert share[3:].tolist() == [0.0, 0.0]
    assert abs(share[2] - 0.3) < 4 * np.sqrt(0.3 * 0.7 / len(draws))


def test_the_draw_belongs_to_the_slot_not_to_the_option():
    result = manned_nights(2.5, 200, option=1, options=2)
    assert (result == manned_nights(2.5, 200)).all()
    assert result[:, 2].tolist() == [int(u(PATROL, 0, 2 << 8, day=day)[0] < 0.5) for day in range(200)]
    more = manned_nights(2.9, 200)
    assert (more >= result).all()
    assert (more > result).any()


def test_nobody_flies_on_a_day_on_which_they_are_not_there():
    forces = make_forces((FIVE,), days=3)
    forces.presence[0, 0] = 1, 0, 1
    slots = np.ones(5, np.uint8)
    assert [man(forces, 0, day, 0, slots) for day in range(3)] == [5, 0, 5]
    man(forces, 0, 1, 0, slots)
    assert slots.tolist() == [0] * 5
