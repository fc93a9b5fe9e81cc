"""Own defence by region: what becomes of threats, and strengths and shares that do what the record tells.

Mutations tried, each caught: the sea's kills not counted for the south; along the way the strength of the aim's region;
a piece abroad with hazard; arrivals counted at every piece; leakers over those bound for the west; the derivative by
the west's strength without the aim's part; a step without the prior's covariance; an omega taken where it has no
solution; vectors alike in all but the leak rate taken for the same.
"""

import dataclasses

import numpy as np
import pytest

from skyshield.core.vocabulary import DEEP_REGIONS, N_REGIONS, SEA_PLACE
from skyshield.forces.region_outcomes import LEAKED, REACHED_WEST, STOPPED_SOUTH, STOPPED_WEST
from skyshield.forces.regional import SOUTH, WEST, Bound, RouteHazard, route_hazard
from skyshield.forces.solve import (
    HAZARD,
    N_UNKNOWNS,
    TO_SOUTH,
    TO_WEST,
    U_SOUTH,
    U_WEST,
    Split,
    Told,
    alike,
    constraints,
    solve,
    strengths,
)
from skyshield.theatre.pieces import NOWHERE, OTHER, OWN, SEA, RoutePieces

CENTRE, KYIV, NORTH, EAST = range(2, 6)
VECTORS = 12


def random_hazard(seed=0, routes=40):
    """Routes of up to six pieces to random regions, some over the sea or abroad."""
    g = np.random.default_rng(seed)
    knot, place = np.cumsum(np.insert(g.uniform(10e3, 90e3, (routes, 6)), 0, 0.0, axis=1), axis=1), g.integers(
        0, SEA_PLACE + 1, (routes, 6))
    knot[::3, 4:] = knot[::3, 4:5]  # shorter ones repeat their length
    real = np.diff(knot, axis=1) > 0.0
    along = g.uniform(0.0, 0.5, (routes, 6)) * (g.random((routes, 6)) < 0.8) * real
    near = np.where(np.arange(6) == real.sum(axis=1, keepdims=True) - 1, 1.0, 0.0)
    region = np.arange(routes) % N_REGIONS
    place[np.arange(routes), real.sum(axis=1) - 1] = region  # every route ends where it is bound for
    return RouteHazard(knot, place, along, near, region)


def random_bound(seed=0):
    hazard = random_hazard(seed)
    g = np.random.default_rng(seed + 1)
    weight = g.uniform(0.1, 1.0, (VECTORS, len(hazard.region)))
    for region in range(N_REGIONS):
        weight[:, hazard.region == region] /= weight[:, hazard.region == region].sum(axis=1, keepdims=True)
    return hazard, Bound(hazard, np.arange(len(hazard.region)), weight), weight


def by_hand(hazard, weight, h, omega, strength):
    """What becomes of one vector's threats, one route and piece after the other."""
    leak, stop, reach = np.zeros(N_REGIONS), *np.zeros((2, N_REGIONS, N_REGIONS))
    for route, bound_for in enumerate(hazard.region):
        alive, entered = weight[route], set()
        for piece in range(hazard.place.shape[1]):
            place = hazard.place[route, piece]
            region = SOUTH if place == SEA_PLACE else place
            if hazard.knot_m[route, piece + 1] == hazard.knot_m[route, piece]:
                continue
            if region not in entered:
                entered.add(region)
                reach[bound_for, region] += alive
            met = (omega * hazard.along[route, piece] * strength[place]
                   + (1 - omega) * hazard.near_aim[route, piece] * strength[bound_for])
            stop[bound_for, region] += alive * (1 - np.exp(-h * met))
            alive *= np.exp(-h * met)
        leak[bound_for] += alive
    return leak, stop, reach


def test_outcomes_are_those_worked_out_by_hand():
    hazard, bound, weight = random_bound()
    g = np.random.default_rng(5)
    h, omega = g.uniform(0.5, 6.0, VECTORS), g.random(VECTORS)
    strength = g.lognormal(0.0, 0.5, (VECTORS, SEA_PLACE + 1))
    outcomes, (leak, stop, reach) = bound.outcomes(h, omega, strength), bound.by_region(h, omega, strength)
    for vector in range(VECTORS):
        exact = by_hand(hazard, weight[vector], h[vector], omega[vector], strength[vector])
        for told, wanted in zip((leak, stop, reach), exact, strict=True):
            np.testing.assert_allclose(told[vector], wanted, atol=1e-12)
    for outcome, told in ((LEAKED, leak), (STOPPED_WEST, stop[:, :, WEST]), (STOPPED_SOUTH, stop[:, :, SOUTH]),
                          (REACHED_WEST, reach[:, :, WEST])):
        np.testing.assert_allclose(outcomes[:, :, outcome, 0], told, atol=1e-12)
    np.testing.assert_allclose(leak + stop.sum(axis=2), 1.0, atol=1e-12)


def split_of(zone=0.6):
    rest = np.zeros((VECTORS, N_REGIONS))
    rest[:, [KYIV, NORTH, EAST]] = (0.3, 0.3, 0.4)
    unit = np.eye(N_REGIONS)
    limit = np.full(VECTORS, zone)
    return Split(zone * unit[CENTRE] + (1 - zone) * rest, np.broadcast_to(unit[WEST] - unit[CENTRE], rest.shape),
                 unit[SOUTH] - rest, limit, 1 - limit)


def test_derivatives_are_those_of_small_steps():
    _, bound, _ = random_bound()
    g = np.random.default_rng(7)
    z, u, sea = g.normal(0.0, 0.5, (VECTORS, N_UNKNOWNS)), g.normal(0.0, 0.4, (VECTORS, N_REGIONS)), np.full(VECTORS,
                                                                                                            0.3)
    told = Told(*(np.full(VECTORS, value) for value in (0.1, 0.1, 0.05, 0.1)))
    at = (g.random(VECTORS), bound, split_of(), told, u, sea)
    _, jacobian = constraints(z, *at)
    for unknown in range(N_UNKNOWNS):
        step = 1e-6 * np.eye(N_UNKNOWNS)[unknown]
        numeric = (constraints(z + step, *at)[0] - constraints(z - step, *at)[0]) / 2e-6
        np.testing.assert_allclose(jacobian[:, :, unknown], numeric, rtol=1e-6, atol=1e-8)


def problem(seed=0):
    """Constraints that a known truth meets at an omega of 0.3, and a prior around another place."""
    _, bound, _ = random_bound(seed)
    g = np.random.default_rng(seed + 9)
    truth = np.column_stack([g.normal(0.8, 0.2, VECTORS), *g.normal(0.0, 0.3, (2, VECTORS)),
                             *g.normal(-1.5, 0.3, (2, VECTORS))])
    u, sea, omega = g.normal(0.0, 0.3, (VECTORS, N_REGIONS)), np.full(VECTORS, 0.5), np.full(VECTORS, 0.3)
    split = split_of()
    ones = np.ones(VECTORS)
    log_told, _ = constraints(truth, omega, bound, split, Told(ones, ones, ones, ones), u, sea)
    told = Told(*np.exp(log_told[:, [0, 1, 2, 3]]).T)
    centre = truth + g.normal(0.0, 0.2, truth.shape)
    spread = np.broadcast_to([10.0, 0.4, 0.4, 1.0, 1.0], truth.shape)
    return bound, split, told, centre, spread, omega, u, sea


def test_a_solution_does_what_is_told_and_lies_near_the_prior():
    given = problem()
    bound, split, told, centre, spread, omega, u, sea = given
    found = solve(*given)
    assert found.met.all()
    np.testing.assert_array_equal(found.omega, omega)
    c, jacobian = constraints(found.z, omega, bound, split, told, u, sea)
    assert np.abs(c).max() < 1e-9
    leak = bound.outcomes(np.exp(found.z[:, HAZARD]), omega, strengths(found.z, u, sea))[:, :, LEAKED, 0]
    np.testing.assert_allclose((split.shares(found.z)[0] * leak).sum(axis=1), told.leak, rtol=1e-9)
    at_aims, _ = constraints(found.at_aims, 0.0 * omega, bound, split, told, u, sea)
    assert np.abs(at_aims).max() < 1e-9
    # moved along the one direction the constraints leave free, it does not come much nearer to the prior's centre
    free = np.linalg.svd(jacobian)[2][:, -1]
    off = (found.z - centre) / spread**2
    gain = (off * free).sum(axis=1) ** 2 / ((free / spread) ** 2).sum(axis=1)
    misfit = (((found.z - centre) / spread) ** 2).sum(axis=1)
    assert (gain < 0.1 * misfit + 0.01).all()


def test_where_nothing_solves_the_largest_omega_that_does_stands_in():
    """So few stops in the south are not to be had where threats bound elsewhere are stopped on their way over it."""
    bound, split, told, centre, spread, _, u, sea = problem()
    few = dataclasses.replace(told, south_kills=told.south_kills / 40.0)
    found = solve(bound, split, few, centre, spread, np.ones(VECTORS), u, sea)
    assert found.met.all()
    assert (found.omega < 1.0).any()
    c, _ = constraints(found.z, found.omega, bound, split, few, u, sea)
    assert np.abs(c).max() < 1e-9
    again = solve(bound, split, few, centre, spread, found.omega, u, sea)
    np.testing.assert_array_equal(again.omega, found.omega)


def test_a_vector_does_not_know_of_the_others():
    given = problem()
    whole = solve(*given)
    bound, split, told, centre, spread, omega, u, sea = given
    for rows in (np.array([3]), np.array([0, 7])):
        part = solve(bound.of(rows), split.of(rows), told.of(rows), centre[rows], spread[rows], omega[rows], u[rows],
                     sea[rows])
        assert part.z.tobytes() == whole.z[rows].tobytes()


def test_vectors_that_are_alike_are_solved_once(monkeypatch):
    """But for a last digit of one number they are not alike."""
    bound, split, told, centre, spread, omega, u, sea = problem()
    walked, walk = [], Bound.outcomes
    monkeypatch.setattr(Bound, "outcomes", lambda self, hazard, *more: walked.append(len(hazard)) or walk(
        self, hazard, *more))

    def solved(rows, told=told):
        walked.clear()
        found = solve(bound.of(rows), split.of(rows), told.of(rows), centre[rows], spread[rows], omega[rows], u[rows],
                      sea[rows])
        return [getattr(found, name) for name in ("z", "omega", "at_aims", "met")], sum(walked)

    few, effort = solved(np.array([0, 3, 5]))
    many, same_effort = solved(np.array([0, 3, 3, 0, 5, 3]))
    assert same_effort == effort
    assert all(of_many.tobytes() == of_few[[0, 1, 1, 0, 2, 1]].tobytes() for of_many, of_few in zip(
        many, few, strict=True))
    moved = np.repeat(told.leak[3:4], VECTORS)
    moved[4] = np.nextafter(moved[3], 1.0)
    alone = np.full(VECTORS, 3)
    given = dataclasses.replace(told.of(alone), leak=moved)
    assert alike(bound.of(alone), split.of(alone), given)[1].tolist() == [0] * 4 + [1] + [0] * 7


def test_pieces_of_one_region_are_joined_and_what_is_abroad_has_no_hazard():
    """From abroad over the sea, two oblasts of the south and one of the centre; the aim's defence from 30 km before."""
    knot = np.array([[0.0, 20e3, 50e3, 80e3, 120e3, 150e3, 180e3]])
    pieces = RoutePieces(knot, np.array([[OTHER, SEA, OWN, OWN, OWN, OWN]]), np.array([[NOWHERE, NOWHERE, 0, 1, 2, 2]]))
    made = route_hazard(pieces, np.array([SOUTH, SOUTH, CENTRE]), np.array([CENTRE]), 30e3, np.array([0]))
    assert made.knot_m[0].tolist() == [0.0, 20e3, 50e3, 120e3, 150e3, 180e3]
    assert [DEEP_REGIONS[k] if k < SEA_PLACE else "sea" for k in made.place[0]] == [
        "centre", "sea", "south", "centre", "centre"]
    np.testing.assert_allclose(made.along[0] * 160e3, [0.0, 30e3, 70e3, 30e3, 30e3])
    assert made.near_aim[0].tolist() == [0.0, 0.0, 0.0, 0.0, 1.0]


@pytest.mark.parametrize("unknown", [U_WEST, U_SOUTH, TO_WEST, TO_SOUTH])
def test_what_is_sure_does_not_move(unknown):
    bound, split, told, centre, spread, omega, u, sea = problem()
    sure = np.array(spread)
    sure[:, unknown] = 0.0
    found = solve(bound, split, dataclasses.replace(told, leak_west=None), centre, sure, omega, u, sea)
    np.testing.assert_array_equal(found.z[:, unknown], centre[:, unknown])
