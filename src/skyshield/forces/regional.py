r"""Where on its way a threat meets Ukraine's own defence, and what follows for each region.

Two rival models of where threats are stopped are the ends of a mixture of hazards along a route,

    W = omega W_along + (1 - omega) W_aim:

- along the way: the same hazard for every kilometre over held territory of a region, exp(u_r) of the middle one; over
  the sea near the coast a share of the south's;
- near aims: all hazard over the last kilometres before the aim, exp(u_r) of the region of the aim.

The whole hazard of a route in a night of hazard h is h W. `RouteHazard` holds the pieces of routes with what they add
to both; `regional_outcomes` works out who leaks, is stopped in and reaches each region.
"""

import copy
from dataclasses import dataclass

import numpy as np

from skyshield.core.arrays import Floats, Integers
from skyshield.core.vocabulary import DEEP_REGIONS, N_REGIONS, SEA_PLACE
from skyshield.forces.region_outcomes import N_OUTCOMES, walk_vectors
from skyshield.theatre.pieces import NOWHERE, OWN, SEA, RoutePieces

WEST, SOUTH = DEEP_REGIONS.index("west"), DEEP_REGIONS.index("south")


@dataclass(frozen=True)
class RouteHazard:
    """Pieces of routes in one region each, with what they add to both models' hazard.

    Attributes
    ----------
    knot_m
        f8[route, piece + 1]; a route with fewer pieces repeats its length.
    place
        i8[route, piece], a region or `SEA_PLACE`; of a piece abroad or over the open sea that of the aim.
    along, near_aim
        f8[route, piece]: what a piece adds to W_along and W_aim at equal strength everywhere. `near_aim` adds up to 1;
        `along` to 1 on average over the routes it was scaled by.
    region
        i8[route]: of the aim.
    """

    knot_m: Floats
    place: Integers
    along: Floats
    near_aim: Floats
    region: Integers


def route_hazard(pieces: RoutePieces, region_of_oblast: Integers, aim_region: Integers, near_aim_m: float,
                 scaled_by: slice | Integers) -> RouteHazard:
    """Return the hazard of routes, pieces of the same region joined.

    Parameters
    ----------
    pieces
        With a knot `near_aim_m` before each route's end.
    region_of_oblast
        i8[oblast], of all that `pieces` counts.
    aim_region
        i8[route].
    near_aim_m
        Over how many metres before the aim W_aim is met.
    scaled_by
        The routes over which W_along is 1 on average.
    """
    length_m = np.diff(pieces.knot_m, axis=1)
    place = np.where(pieces.oblast == NOWHERE, aim_region[:, None], region_of_oblast[pieces.oblast])
    place = np.where(pieces.ground == SEA, SEA_PLACE, place)
    met_m = np.where(pieces.ground == OWN, length_m, 0.0) + np.where(pieces.ground == SEA, length_m, 0.0)
    along = met_m / met_m[scaled_by].sum(axis=1).mean()
    whole_m = pieces.knot_m[:, -1:]
    near = np.diff(np.maximum(pieces.knot_m - np.maximum(whole_m - near_aim_m, 0.0), 0.0), axis=1)
    near = near / near.sum(axis=1, keepdims=True)
    return _joined(pieces.knot_m, place, along, near, aim_region)


def _joined(knot_m: Floats, place: Integers, along: Floats, near_aim: Floats, region: Integers) -> RouteHazard:
    """Join neighbouring pieces of one place that add at one rate to both hazards, and leave out empty ones."""
    length = np.diff(knot_m, axis=1)
    rows = []
    for route in range(len(knot_m)):
        row: list[list[float]] = []
        for k in np.flatnonzero(length[route] > 0.0):
            piece = [knot_m[route, k + 1], place[route, k], along[route, k], near_aim[route, k]]
            same = row and row[-1][1] == piece[1] and all((row[-1][j] > 0.0) == (piece[j] > 0.0) for j in (2, 3))
            if same:
                row[-1] = [piece[0], piece[1], row[-1][2] + piece[2], row[-1][3] + piece[3]]
            else:
                row.append(piece)
        rows.append(row)
    width = max(len(row) for row in rows)
    whole = np.zeros((len(rows), width, 4))
    for route, row in enumerate(rows):
        whole[route, :len(row)] = row
        whole[route, len(row):, 0], whole[route, len(row):, 1] = row[-1][0], row[-1][1]
    knots = np.concatenate([np.zeros((len(rows), 1)), whole[:, :, 0]], axis=1)
    return RouteHazard(knots, whole[:, :, 1].astype(np.int64), np.ascontiguousarray(whole[:, :, 2]),
                       np.ascontiguousarray(whole[:, :, 3]), region)


class Bound:
    """A stream's routes, ready to say what becomes of threats bound for each region.

    Parameters
    ----------
    hazard
        Of all routes.
    routes
        i8[k], the stream's routes.
    weight
        f8[vector, k], how the threats bound for a region spread over its routes; adds up to 1 for each region.
    """

    def __init__(self, hazard: RouteHazard, routes: Integers, weight: Floats) -> None:
        real = np.diff(hazard.knot_m[routes], axis=1) > 0.0
        n_pieces = real.sum(axis=1)
        self.weight, self.region = np.ascontiguousarray(weight), hazard.region[routes]
        self._first = np.concatenate([[0], np.cumsum(n_pieces)])
        self._route = np.repeat(np.arange(len(routes)), n_pieces)
        self._place = hazard.place[routes][real]
        self._along, self._near = hazard.along[routes][real], hazard.near_aim[routes][real]

    def of(self, rows: Integers) -> "Bound":
        """Return the same for some vectors."""
        other = copy.copy(self)
        other.weight = self.weight[rows]
        return other

    def weights(self, omega: Floats, strength: Floats) -> Floats:
        """Return f8[vector, k], W of each whole route at `omega` f8[vector] and `strength` f8[vector, place]."""
        return np.asarray(np.add.reduceat(self._rates(omega, strength), self._first[:-1], axis=1))

    def _rates(self, omega: Floats, strength: Floats) -> Floats:
        """Return f8[vector, piece], what each piece adds to W."""
        return np.asarray(omega[:, None] * self._along * strength[:, self._place]
                          + (1.0 - omega)[:, None] * self._near * strength[:, self.region[self._route]])

    def by_region(self, hazard: Floats, omega: Floats, strength: Floats) -> tuple[Floats, Floats, Floats]:
        """Return what becomes of threats bound for each region, in every region, at a `hazard` f8[vector].

        Returns
        -------
        tuple of arrays
            How likely one leaks f8[vector, region bound for], and how likely one is stopped in a region and reaches
            one, f8[vector, region bound for, region]; the sea counts for the south.
        """
        rates = self._rates(omega, strength)
        shape = len(hazard), N_REGIONS, N_REGIONS
        leak, stopped, reached = np.zeros(shape[:2]), np.zeros(shape), np.zeros(shape)
        for route, bound_for in enumerate(self.region):
            pieces = slice(self._first[route], self._first[route + 1])
            alive = np.exp(-hazard[:, None] * np.cumsum(rates[:, pieces], axis=1)) * self.weight[:, route, None]
            entering = np.concatenate([self.weight[:, route, None], alive[:, :-1]], axis=1)
            seen: set[int] = set()
            for piece, place in enumerate(np.where(self._place[pieces] == SEA_PLACE, SOUTH, self._place[pieces])):
                stopped[:, bound_for, place] += entering[:, piece] - alive[:, piece]
                if place not in seen:
                    reached[:, bound_for, place] += entering[:, piece]
                    seen.add(int(place))
            leak[:, bound_for] += alive[:, -1]
        return leak, stopped, reached

    def outcomes(self, hazard: Floats, omega: Floats, strength: Floats) -> Floats:
        """Return f8[vector, region bound for, outcome, 4]: see `region_outcomes`, at a `hazard` f8[vector]."""
        result = np.zeros((len(hazard), N_REGIONS, N_OUTCOMES, 4))
        walk_vectors(self._first, self._place, self._along, self._near, self.region, self.weight, hazard, omega,
                     strength, WEST, SOUTH, result)
        return result
