r"""Whose ground a place is, and to whose ground a bearing points: from the agreement's lines and their errors.

A party's ground is what lies on its side of its line. With s the signed distance of a place from the line, positive on
the party's side, the ground is {s > -e}: e = 0 for the line as drawn, and plus or minus its error for a line that lies
farther out or farther in. An azimuth *points to* a party's ground if the ray from the place meets it within reach; the
ground where the place itself lies is what an azimuth points to that meets no other's.

Azimuths are geodesic (WGS 84), rays are sampled along their length, and the edges of a sector are found by bisection.
"""

import dataclasses
import functools
import itertools
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from skyshield.core.arrays import Floats
from skyshield.core.geodesy import to_plane
from skyshield.monitoring.agreement.model import Agreement

if TYPE_CHECKING:
    from pyproj import Geod

Bools = npt.NDArray[np.bool_]
FULL_DEG = 360.0
_STEPS, _AZIMUTHS, _HALVINGS = 64, 360, 14  # numerical resolution: along a ray, around, of a sector's edge
_FIRST = 1e-3  # of the reach: the nearest sample, so that a place on a line lies beside it
_TINY_M = 1e-3


@dataclasses.dataclass(frozen=True)
class Ground:
    """The lines of an agreement on the plane.

    Attributes
    ----------
    parties
        Those whose line is agreed.
    lines
        For each, f8[point, 2] in metres on the theatre's plane.
    signs
        For each, 1 if its side is left of its line, walked from its first point, else -1.
    errors_m
        For each, the bound of the line's error.
    """

    parties: tuple[str, ...]
    lines: tuple[Floats, ...]
    signs: tuple[int, ...]
    errors_m: tuple[float, ...]

    def inside_m(self, x_m: npt.ArrayLike, y_m: npt.ArrayLike) -> Floats:
        """Return f8[party, place]: how far inside a party's ground places lie, negative outside, in metres."""
        places = np.column_stack([np.ravel(np.asarray(x_m, float)), np.ravel(np.asarray(y_m, float))])
        if not self.parties:
            return np.empty((0, len(places)))
        known: dict[bytes, Floats] = {}
        rows = []
        for line, sign in zip(self.lines, self.signs, strict=True):
            key = line.tobytes()
            if key not in known:
                known[key] = _signed_m(places, line)
            rows.append(sign * known[key])
        return np.array(rows)


def ground_of(agreement: Agreement) -> Ground:
    """Return the ground that an agreement's lines draw.

    Examples
    --------
    >>> from skyshield.monitoring.agreement import load_agreement
    >>> ground = ground_of(load_agreement("measures-2020"))
    >>> ground.parties, [round(float(d)) // 1000 for d in ground.inside_m(*to_plane(37.0, 48.1))[:, 0]]
    (('UA', 'OTHER'), [49, -50])
    """
    parties = tuple(party for party, of in agreement.party_lines.items() if of.line is not None)
    lines, signs, errors = [], [], []
    for party in parties:
        of = agreement.party_lines[party]
        line = agreement.lines[of.line or ""]
        degrees = np.asarray(line.points, float)
        lines.append(np.column_stack(to_plane(degrees[:, 0], degrees[:, 1])))
        signs.append(1 if of.own_side == "left" else -1)
        errors.append(line.error_m)
    return Ground(parties, tuple(lines), tuple(signs), tuple(errors))


def _signed_m(places: Floats, line: Floats) -> Floats:
    """Return f8[place]: distance to a line, positive left of its nearest piece.

    At a corner two pieces are equally near: the one that the place lies more beside has the right side.
    """
    best = np.full(len(places), np.inf)
    beside = np.zeros(len(places))
    for start, end in itertools.pairwise(line):
        piece = end - start
        length = max(float(np.hypot(*piece)), _TINY_M)
        to_place = places - start
        share = np.clip(to_place @ piece / length**2, 0.0, 1.0)
        apart = np.hypot(*(places - start - share[:, None] * piece).T)
        across = (piece[0] * to_place[:, 1] - piece[1] * to_place[:, 0]) / length
        tied = np.abs(apart - best) <= _TINY_M
        nearer = (apart < best - _TINY_M) | (tied & (np.abs(across) > np.abs(beside)))
        beside = np.where(nearer, across, beside)
        best = np.minimum(best, apart)
    return np.where(beside > 0.0, best, -best)


@functools.cache
def _geod() -> "Geod":
    from pyproj import Geod

    return Geod(ellps="WGS84")


def rays_m(lon_deg: float, lat_deg: float, azimuth_deg: Floats, reach_m: float) -> tuple[Floats, Floats]:
    """Return f8[azimuth, step] twice: places on the plane along rays, evenly to the reach, the first beside the place.

    Examples
    --------
    >>> x, y = rays_m(31.0, 49.0, np.array([90.0]), 1000.0)
    >>> round(float(x[0, -1])), round(float(y[0, -1]))
    (1000, 0)
    """
    along = np.linspace(0.0, reach_m, _STEPS + 1)
    along[0] = _FIRST * reach_m
    azimuths, distances = np.broadcast_arrays(azimuth_deg[:, None], along[None, :])
    lon, lat, _ = _geod().fwd(np.full(azimuths.size, lon_deg), np.full(azimuths.size, lat_deg), azimuths.ravel(),
                              distances.ravel())
    x, y = to_plane(lon, lat)
    return x.reshape(azimuths.shape), y.reshape(azimuths.shape)


def points_to(ground: Ground, lon_deg: float, lat_deg: float, azimuth_deg: Floats, reach_m: float,
              moved: float) -> Bools:
    """Return b1[party, azimuth]: to whose ground rays point; `moved`, from -1 to 1, is the share of the error moved.

    A move to the left of the lines gives ground to who stands right of them and takes it from who stands left.
    """
    x, y = rays_m(lon_deg, lat_deg, azimuth_deg, reach_m)
    sign, error_m = np.array(ground.signs, float), np.array(ground.errors_m)
    inside = ground.inside_m(x, y).reshape(len(ground.parties), *x.shape) > (moved * sign * error_m)[:, None, None]
    home, met = inside[:, :, 0], inside.any(axis=2)
    abroad = met & ~home
    return np.asarray(np.where(abroad.any(axis=0)[None, :], abroad, home), np.bool_)


def sectors(ground: Ground, lon_deg: float, lat_deg: float, reach_m: float,
            moved: float = 0.0) -> tuple[Floats, Bools]:
    """Return the sectors around a place in which azimuths point to the same ground.

    Returns
    -------
    f8[sector + 1], b1[party, sector]
        Edges in degrees, from the first to the same a full circle on; whose ground each sector points to.

    Examples
    --------
    >>> straight = Ground(("A", "B"), (np.array([[0.0, -1e6], [0.0, 1e6]]),) * 2, (1, -1), (0.0, 0.0))
    >>> edges, whose = sectors(straight, 31.0, 49.0, 20e3)
    >>> [round(float(edge)) % 360 for edge in edges], whose.astype(int).tolist()
    ([180, 0, 180], [[1, 0], [0, 1]])
    """
    start = np.asarray((np.arange(_AZIMUTHS) + 0.5) * (FULL_DEG / _AZIMUTHS), float)
    whose = points_to(ground, lon_deg, lat_deg, start, reach_m, moved)
    after = np.roll(whose, -1, axis=1)
    turns = np.flatnonzero((whose != after).any(axis=0))
    if not len(turns):
        return np.array([0.0, FULL_DEG]), whose[:, :1]
    low, high = start[turns], start[turns] + FULL_DEG / _AZIMUTHS
    for _ in range(_HALVINGS):
        middle: Floats = np.asarray((low + high) / 2.0, float)
        same = (points_to(ground, lon_deg, lat_deg, middle, reach_m, moved) == whose[:, turns]).all(axis=0)
        low, high = np.where(same, middle, low), np.where(same, high, middle)
    edges = (low + high) / 2.0
    return np.append(edges, edges[0] + FULL_DEG), after[:, turns]


def share_inside(ground: Ground, lon_deg: float, lat_deg: float, azimuth_deg: Floats, reach_m: float) -> Floats:
    """Return f8[party, azimuth]: the share of rays that lies in each party's ground, weighted by distance.

    A firer may stand anywhere within reach with equal probability per area, so a piece of a ray counts by its distance.
    """
    x, y = rays_m(lon_deg, lat_deg, azimuth_deg, reach_m)
    inside = ground.inside_m(x, y).reshape(len(ground.parties), *x.shape) > 0.0
    weight = np.arange(_STEPS + 1, dtype=float)
    weight /= weight.sum()
    return np.asarray(inside @ weight, float)
