"""Armed threats kept from their aims: net of all that comes instead, and counted where they were launched at.

Mutations tried, each caught: a threat counted where it goes, not where it was launched at; decoys among the armed; the
whole raid for what comes without an option; stops that prevent in place of the difference.
"""

import numpy as np
import pytest

from skyshield.engine import play
from skyshield.engine import tally as t
from support.worlds import (
    make_forces,
    make_own,
    make_raids,
    make_response,
    make_routes,
    make_rules,
    make_season,
    make_world,
    play_nights,
)

OWN, ZONE = 0, 1
ROUTES = make_routes([((0.0, 0.0), (100_000.0, 0.0)), ((0.0, 0.0), (0.0, 100_000.0))])
DECLARED = [[0, 0], [1, 0]]


def answered(own=None, p_kill=0.0, p_decoy=0.0, days=1, season=None, decoy_armed=0.0, area=(1, 0), **response):
    """A world of two aims: Ukraine alone, and an option whose zone, the first aim, the attacker answers to."""
    forces = make_forces(((), ((0.0, 0.0),)), n_stations=[0.0, 1.0], days=days, p_kill=p_kill, channels=20)
    raids = make_raids(days, 2, season=season, p_decoy=p_decoy)
    raids.decoy_armed[:] = decoy_armed
    rules = make_rules([[[], []], [[(0.0, 100_000.0)], []]], ROUTES.length_m, aim_in_area=area)
    return make_world(raids, ROUTES, make_own(n_aims=2) if own is None else own, forces, rules,
                      make_response(2, 2, declared=DECLARED, **response))


def night(world, launched=(60, 200, 8, 5)):
    return play_nights(world, [launched]).counts[0, 0]


def armed_leakers(counts):
    """Return armed leakers of all classes, i8[option]."""
    return counts[:, t.LEAKED_ARMED] + counts[:, t.LEAKED + 1] + counts[:, t.LEAKED + 2]


def test_who_is_sent_elsewhere_and_gets_through_is_not_kept_from_its_aim():
    counts = night(answered(displacement=1.0))
    assert counts[OWN, t.LEAKED_ZONE] > 100 and counts[ZONE, t.LEAKED_ZONE] == 0
    assert counts[:, [t.PREVENTED_ARMED_ZONE, t.PREVENTED_ARMED]].tolist() == [[0, 0], [0, 0]]


def test_who_is_sent_elsewhere_and_is_stopped_there_counts_where_it_was_launched_at():
    """The second aim's own defence lets nobody through, the first's everybody."""
    counts = night(answered(make_own(leak=0.5, n_aims=2, aim_factor=[0.0, 1e3]), displacement=1.0))
    bound = counts[OWN, t.LEAKED_ZONE]
    assert bound == counts[OWN, t.LEAKED:t.LEAKED + 3].sum() > 100
    assert counts[ZONE, [t.PREVENTED_ARMED_ZONE, t.PREVENTED_ARMED]].tolist() == [bound, bound]
    assert not counts[ZONE, t.PREVENTED:t.PREVENTED + 3].any()  # neither the coalition nor aid stopped them
    outside = night(answered(make_own(leak=0.5, n_aims=2, aim_factor=[0.0, 1e3]), displacement=1.0, area=(0, 1)))
    assert outside[ZONE, [t.PREVENTED_ARMED_ZONE, t.PREVENTED_ARMED]].tolist() == [0, bound]


@pytest.mark.parametrize(("volume", "more"), [(1.5, 0.5), (0.5, -0.5), (1.0, 0.0)])
def test_what_comes_in_addition_is_taken_off(volume, more):
    """With nobody stopped, what is kept from its aims is minus what comes more: negative where more come."""
    launched = np.array([60, 200, 8, 4])
    counts = night(answered(volume=volume), launched)
    assert counts[ZONE, t.PREVENTED_ARMED] == -more * launched.sum()
    in_area = counts[OWN, t.LEAKED_ZONE] - counts[ZONE, t.LEAKED_ZONE]
    assert counts[ZONE, t.PREVENTED_ARMED_ZONE] == in_area and np.sign(in_area) == -np.sign(more)


def test_a_shift_to_missiles_costs_what_the_missiles_bring():
    counts = night(answered(class_shift=1.0, uav_per_cruise=40.0), (0, 200, 0, 0))
    assert counts[ZONE, [t.LAUNCHED, t.LAUNCHED + 1]].tolist() == [0, 5]
    assert counts[ZONE, t.PREVENTED_ARMED] == 195


def test_decoys_are_none_and_armed_decoys_are():
    for p_decoy, decoy_armed, armed in ((1.0, 0.0, 0), (1.0, 1.0, 200), (0.0, 0.0, 200)):
        counts = night(answered(p_kill=1.0, p_decoy=p_decoy, decoy_armed=decoy_armed, area=(1, 1)), (0, 200, 0, 0))
        prevented = counts[ZONE, t.PREVENTED]
        assert prevented > 50 and counts[OWN, t.LEAKED_ARMED] == armed
        assert counts[ZONE, t.PREVENTED_ARMED] == (prevented if armed else 0)


def test_it_is_the_difference_of_leakers_whatever_the_answer():
    """Over replications of drawn nights, decoys, redundant stops and all; Ukraine alone keeps nobody more from it."""
    season = make_season(front_mean=40.0, p_missile=np.full((2, 2), 0.6))
    own = make_own(quantiles=np.tile(np.linspace(0.1, 0.9, 6), (4, 1)), n_aims=2)
    world = answered(own, 0.7, 0.4, 6, season, 0.3, displacement=0.4, volume=1.3, class_shift=0.2)
    counts = play(world, 7, 0, 20).counts.reshape(-1, *play(world, 7, 0, 1).counts.shape[2:])
    net = np.array([armed_leakers(day)[OWN] - armed_leakers(day) for day in counts])
    assert (counts[:, :, t.PREVENTED_ARMED] == net).all()
    assert (net[:, ZONE] < 0).any() and (net[:, ZONE] > 0).any() and not net[:, OWN].any()
    assert (counts[:, ZONE, t.PREVENTED_ARMED] != counts[:, ZONE, t.PREVENTED:t.PREVENTED + 3].sum(axis=1)).any()
