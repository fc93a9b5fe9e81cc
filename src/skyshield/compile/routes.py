"""Routes as the engine's arrays: drawn lines, what they fly over, and what own defence they meet there."""

from collections.abc import Sequence

import numpy as np

from skyshield.compile.context import Crossed, Ground
from skyshield.core.arrays import Floats, Integers
from skyshield.engine import Routes
from skyshield.raids.geography import N_VARIANTS
from skyshield.theatre.pieces import RoutePieces


def compile_routes(context: Ground, detour: Floats, speed_m_s: Floats, jet_speed_m_s: Floats) -> Routes:
    """Return the routes; `detour` and `speed_m_s` are f8[vector, class], `jet_speed_m_s` f8[vector]."""
    drawn, hazard = context.drawn, context.hazard
    real = np.diff(hazard.knot_m, axis=1) > 0.0
    return Routes(drawn.x_m, drawn.y_m, drawn.length_m, _first(real.sum(axis=1)), hazard.knot_m[:, 1:][real],
                  hazard.place[real], hazard.along[real], hazard.near_aim[real], *context.crossed, detour,
                  speed_m_s, jet_speed_m_s, np.array([N_VARIANTS]))


def _first(counts: Integers) -> Integers:
    return np.concatenate([[0], np.cumsum(counts)])


def oblasts_crossed(pieces: RoutePieces, oblasts: Sequence[str], aims: Sequence[str]) -> Crossed:
    """Return for each route which aims' oblasts it crosses, from where to where: pieces of one oblast joined.

    `oblasts` are the names of the theatre's, `aims` those that have an aim.
    """
    aim_of = np.array([aims.index(name) if name in aims else -1 for name in oblasts])
    aim = np.where(pieces.oblast >= 0, aim_of[pieces.oblast], -1)
    rows: list[tuple[int, float, float]] = []
    counts = np.zeros(len(aim), np.int64)
    for route in range(len(aim)):
        start, end = pieces.knot_m[route, :-1], pieces.knot_m[route, 1:]
        for k in np.flatnonzero((aim[route] >= 0) & (end > start)):
            if counts[route] and rows[-1][0] == aim[route, k] and rows[-1][2] == start[k]:
                rows[-1] = (rows[-1][0], rows[-1][1], float(end[k]))
            else:
                rows.append((int(aim[route, k]), float(start[k]), float(end[k])))
                counts[route] += 1
    return Crossed(_first(counts), *(np.array([row[k] for row in rows]) for k in range(3)))
