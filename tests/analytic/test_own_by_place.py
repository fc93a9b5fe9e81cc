"""Where Ukraine alone stops threats: closed forms of hazard by place, from all near aims to all along the way.

A threat meets H(s) = h W(s) on the way, W(s) = omega W_along(s) + (1 - omega) W_aim(s) by the strengths of the places
below and of the aim's; so it is still flying at s with probability exp(-h W(s)). Every case plays 120,000 threats and
allows four standard errors. Mutations tried, each caught: omega and 1 - omega exchanged; the strengths of places left
out; the place's strength for that at the aim; the sea taken for the south; hazard even over the whole route.
"""

import numpy as np
import pytest

from skyshield.core.vocabulary import DEEP_REGIONS, N_PLACES, N_STREAMS, SEA_PLACE
from skyshield.engine import COUNTS
from skyshield.engine.steps.own import night_hazards
from support.worlds import (
    SEED,
    hand_raid,
    make_forces,
    make_own,
    make_raids,
    make_routes,
    make_world,
    over_places,
    own_stops,
    play_nights,
)

N, KM = 120_000, 1_000.0
LEAK = 0.2  # the night's hazard h is -log of it, certain
WEST, SOUTH, CENTRE, NORTH, EAST = (DEEP_REGIONS.index(name) for name in ("west", "south", "centre", "north", "east"))
STRENGTH = np.array([0.3, 1.4, 0.9, 2.0, 0.7, 1.1, 0.5])
# (end, place, along the way, near the aim): over the north and the centre to the west; over the sea to the south and
# back over the sea; home ground without any hazard first.
WAYS = [[(100 * KM, EAST, 0.0, 0.0), (250 * KM, NORTH, 0.5, 0.0), (520 * KM, CENTRE, 0.9, 0.0),
         (600 * KM, WEST, 0.2, 0.0), (700 * KM, WEST, 0.3, 1.0)],
        [(80 * KM, SEA_PLACE, 0.25, 0.0), (200 * KM, SOUTH, 0.4, 0.3), (260 * KM, SEA_PLACE, 0.2, 0.4),
         (300 * KM, SOUTH, 0.15, 0.3)]]
AIM_PLACE = np.array([WEST, SOUTH])
ROUTES = over_places(make_routes([((0.0, 0.0), (700 * KM, 0.0)), ((0.0, 0.0), (300 * KM, 0.0))]), WAYS)


def own_of(omega):
    """All streams alike but for the deep one, which has the share along the way and the strengths of the test."""
    along, strength = np.full((1, N_STREAMS), 0.5), np.ones((1, N_STREAMS, N_PLACES))
    along[0, 1], strength[0, 1] = omega, STRENGTH
    return make_own(leak=LEAK, n_aims=2, along_share=along, strength=strength, aim_place=AIM_PLACE)


def flying(omega, route):
    """The chance to be flying still at the start and at the end of every piece."""
    rows = np.array(WAYS[route])
    near = STRENGTH[AIM_PLACE[route]]
    added = omega * rows[:, 2] * STRENGTH[rows[:, 1].astype(int)] + (1.0 - omega) * rows[:, 3] * near
    return np.exp(np.log(LEAK) * np.concatenate([[0.0], np.cumsum(added)]))


def close(result, exact):
    assert abs(result - exact) <= 4 * np.sqrt(exact * (1 - exact) / N) + 1e-12, (result, exact)


@pytest.mark.parametrize("route", [0, 1])
@pytest.mark.parametrize("omega", [0.0, 0.4, 1.0])
def test_stops_by_place_arrivals_and_leakers(omega, route):
    own, (n, raid) = own_of(omega), hand_raid(ROUTES, np.zeros(N), route=np.full(N, route))
    raid.stream[:] = raid.met_stream[:] = 1
    own_stops(own, ROUTES, 0, night_hazards(own, SEED, 0, 0, 0, 0.0), True, n, raid)
    chance, rows = flying(omega, route), np.array(WAYS[route])
    stop_m, place = raid.own_stop_m, rows[:, 1].astype(int)
    close(np.isinf(stop_m).mean(), chance[-1])
    piece = np.searchsorted(rows[:, 0], stop_m)  # of a stop; one past the last of who leaks
    for where in range(N_PLACES):
        exact = sum(chance[k] - chance[k + 1] for k in np.flatnonzero(place == where))
        close(np.isin(piece, np.flatnonzero(place == where)).mean(), exact)
    for k in range(len(rows)):  # who arrives over a piece
        close((stop_m > rows[k, 0]).mean(), chance[k + 1])
    # inside a piece the hazard is even
    last = len(rows) - 1
    start, end = rows[last - 1, 0], rows[last, 0]
    close((stop_m > (start + end) / 2).mean(), np.sqrt(chance[last] * chance[last + 1]))


@pytest.mark.parametrize("omega", [0.0, 0.4, 1.0])
def test_a_day_leaks_what_the_closed_form_says(omega):
    """Through the whole day: half of the deep stream is bound for either aim; the front stream has another share."""
    world = make_world(make_raids(1, 2), ROUTES, own_of(omega), make_forces(n_stations=[0.0]))
    for stream, exact in ((1, [flying(omega, route)[-1] for route in (0, 1)]), (0, None)):
        night = [0, 0, 0, 0]
        night[stream] = 1_200
        counts = play_nights(world, [tuple(night)], replications=N // 1_200).counts.sum(axis=(0, 1, 2))
        leaked = counts[COUNTS.index("leaked/uav")] / N
        if exact is None:  # strengths of one, half along the way
            exact = [np.exp(np.log(LEAK) * 0.5 * np.array(way)[:, 2:].sum()) for way in WAYS]
        close(leaked, np.mean(exact))


def test_the_sea_is_a_place_of_its_own():
    """Without hazard over the sea nobody is stopped there along the way; those kills are gone, not moved."""
    calm = own_of(1.0)
    calm.strength[0, 1, SEA_PLACE] = 0.0
    n, raid = hand_raid(ROUTES, np.zeros(N), route=np.ones(N, int))
    raid.met_stream[:] = 1
    own_stops(calm, ROUTES, 0, night_hazards(calm, SEED, 0, 0, 0, 0.0), True, n, raid)
    at_sea = (raid.own_stop_m < 80 * KM) | ((raid.own_stop_m > 200 * KM) & (raid.own_stop_m < 260 * KM))
    assert not at_sea.any()
    close(np.isinf(raid.own_stop_m).mean(), LEAK ** (0.55 * STRENGTH[SOUTH]))
