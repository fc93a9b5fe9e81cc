r"""Whose ground a place is, and to whose ground a bearing points: from the agreement's lines and their errors.

A party's ground is what lies on its side of its line. With s the signed distance of a place from the line, positive on
the party's side, the ground is {s > -e}: e = 0 for the line as drawn, and plus or minus its error for a line that lies
farther out or farther in. An azimuth *points to* a party's ground if the ray from the place meets it within reach; the
ground where the place itself lies is what an azimuth points to that meets no other's.

Rays are straight on the theatre's plane, turned by what the plane turns north at the place (WGS 84); they are sampled
along their length, closer near the place, and every `STEP_DEG` around it. The edges of a sector are found by bisection.
"""

import dataclasses
import functools
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from skyshield.core.arrays import Booleans, Floats
from skyshield.core.geodesy import to_plane
from skyshield.monitoring.agreement.model import Agreement

if TYPE_CHECKING:
    from pyproj import Geod

FULL_DEG = 360.0
STEP_DEG = 3.0
_STEPS, _HALVINGS = 32, 9  # numerical resolution: along a ray, and of a sector's edge
_TINY_M = 1e-3
_SPARE_M = 1.0  # over rounding


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
    for start, end in _pieces_near(places, line):
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


def _pieces_near(places: Floats, line: Floats) -> list[tuple[Floats, Floats]]:
    """Return the pieces of a line, in order, less those that are nearest to no place.

    From the middle of the places to any of them it is `spread_m` at most: a piece that is farther from there than
    another by twice that is farther from every place.
    """
    if not len(places):
        return []
    middle = places.mean(axis=0)
    spread_m = float(np.hypot(*(places - middle).T).max())
    piece, to_middle = np.diff(line, axis=0), middle - line[:-1]
    share = (to_middle * piece).sum(axis=1) / np.maximum((piece * piece).sum(axis=1), _TINY_M**2)
    apart = np.hypot(*(to_middle - np.clip(share, 0.0, 1.0)[:, None] * piece).T)
    near = np.flatnonzero(apart <= apart.min(initial=np.inf) + 2.0 * spread_m + _SPARE_M)
    return [(line[k], line[k + 1]) for k in near]


@functools.cache
def _geod() -> "Geod":
    from pyproj import Geod

    return Geod(ellps="WGS84")


@dataclasses.dataclass(frozen=True)
class Rays:
    """Rays around a place, and how far inside each party's ground they run.

    Attributes
    ----------
    ground
        Whose.
    x_m, y_m, turned_rad
        The place on the plane, and by how much north is turned there.
    home_m
        f8[party]: how far inside each party's ground the place itself lies.
    azimuth_deg, along_m
        f8[ray], f8[step]: from north over east, and the distance of each sample.
    inside_m
        f8[party, ray, step].
    """

    ground: Ground
    x_m: float
    y_m: float
    turned_rad: float
    home_m: Floats
    azimuth_deg: Floats
    along_m: Floats
    inside_m: Floats

    def sectors(self, variants: Sequence[tuple[float, float]]) -> list[tuple[Floats, Booleans]]:
        """Return the sectors around the place in which azimuths point to the same ground.

        Parameters
        ----------
        variants
            Each a reach in metres and the share of the lines' error, from -1 to 1, by which they are moved to their
            left: that gives ground to who stands right of them and takes it from who stands left.

        Returns
        -------
        For each variant f8[sector + 1], b1[party, sector]
            Edges in degrees, from the first to the same a full circle on; whose ground each sector points to.

        Examples
        --------
        >>> straight = Ground(("A", "B"), (np.array([[0.0, -1e6], [0.0, 1e6]]),) * 2, (1, -1), (0.0, 0.0))
        >>> [(edges, whose)] = rays_of(straight, 31.0, 49.0, 20e3).sectors([(20e3, 0.0)])
        >>> [round(float(edge)) % 360 for edge in edges], whose.astype(int).tolist()
        ([0, 180, 0], [[0, 1], [1, 0]])
        """
        error_m = np.array(self.ground.signs, float) * np.array(self.ground.errors_m)
        turns = []
        for reach_m, moved in variants:
            met = self.inside_m[:, :, :self._steps(reach_m)].max(axis=2) > (moved * error_m)[:, None]
            turns.append(np.nonzero(met != np.roll(met, -1, axis=1)))
        counts = [len(party) for party, _ in turns]
        party = np.concatenate([of[0] for of in turns])
        low = self.azimuth_deg[np.concatenate([of[1] for of in turns])]
        reach = np.repeat([reach_m for reach_m, _ in variants], counts)
        moves = np.repeat([moved for _, moved in variants], counts)
        edges = self._bisected(party, low, reach, moves * error_m[party])
        result, at = [], 0
        for (reach_m, moved), n in zip(variants, counts, strict=True):
            result.append(self._between(np.unique(edges[at:at + n]), reach_m, moved * error_m))
            at += n
        return result

    def _bisected(self, party: npt.NDArray[np.intp], low: Floats, reach_m: Floats, threshold_m: Floats) -> Floats:
        """Return f8[edge]: where rays begin or cease to meet a party's ground."""
        if not len(low):
            return low
        high = low + STEP_DEG
        first = self._deepest_m(low, reach_m)[party, np.arange(len(low))] > threshold_m
        for _ in range(_HALVINGS):
            middle = (low + high) / 2.0
            same = (self._deepest_m(middle, reach_m)[party, np.arange(len(low))] > threshold_m) == first
            low, high = np.where(same, middle, low), np.where(same, high, middle)
        return np.asarray((low + high) / 2.0 % FULL_DEG)

    def _between(self, edges: Floats, reach_m: float, threshold_m: Floats) -> tuple[Floats, Booleans]:
        """Return edges of sectors with whose ground each sector points to."""
        whole = np.append(edges, edges[0] + FULL_DEG) if len(edges) else np.array([0.0, FULL_DEG])
        met = self._deepest_m((whole[1:] + whole[:-1]) / 2.0, np.full(len(whole) - 1, reach_m)) > threshold_m[:, None]
        home = (self.home_m > threshold_m)[:, None]
        abroad = met & ~home
        return whole, np.asarray(np.where(np.any(abroad, axis=0, keepdims=True), abroad, home), np.bool_)

    def _deepest_m(self, azimuth_deg: Floats, reach_m: Floats) -> Floats:
        """Return f8[party, ray]: how far inside each party's ground the deepest point of a ray lies."""
        along = self.along_m / self.along_m[-1] * reach_m[:, None]
        angle = np.radians(azimuth_deg)[:, None] + self.turned_rad
        inside = self.ground.inside_m(self.x_m + np.sin(angle) * along, self.y_m + np.cos(angle) * along)
        return np.asarray(inside.reshape(-1, *along.shape).max(axis=2), float)

    def _steps(self, reach_m: float) -> int:
        return max(int(np.searchsorted(self.along_m, reach_m, side="right")), 1)

    def share_inside(self, reach_m: float) -> Floats:
        """Return f8[party, ray]: the share of each ray in a party's ground, every piece weighted by its distance.

        Whoever fired may stand anywhere within reach with equal probability per area.
        """
        steps = self._steps(reach_m)
        weight = self.along_m[:steps] * np.gradient(self.along_m)[:steps]
        total = weight.sum()
        weight = weight / total if total > 0.0 else np.full(steps, 1.0 / steps)
        return np.asarray((self.inside_m[:, :, :steps] > 0.0) @ weight, float)


def rays_of(ground: Ground, lon_deg: float, lat_deg: float, reach_m: float) -> Rays:
    """Return the rays around a place out to a reach.

    Examples
    --------
    >>> straight = Ground(("A", "B"), (np.array([[0.0, -1e6], [0.0, 1e6]]),) * 2, (1, -1), (0.0, 0.0))
    >>> rays = rays_of(straight, 31.0, 49.0, 20e3)
    >>> rays.inside_m.shape, [round(float(share), 2) for share in rays.share_inside(20e3)[1, [29, 30, 89]]]
    ((2, 120, 33), [1.0, 1.0, 0.0])
    """
    x, y = (float(value) for value in to_plane(lon_deg, lat_deg))
    lon, lat, _ = _geod().fwd(lon_deg, lat_deg, 0.0, 1.0)
    x_north, y_north = (float(value) for value in to_plane(lon, lat))
    turned = float(np.arctan2(x_north - x, y_north - y))
    azimuth_deg = np.asarray(np.arange(0.0, FULL_DEG, STEP_DEG) + STEP_DEG / 2.0, float)
    along_m = np.asarray(reach_m * (np.arange(_STEPS + 1) / _STEPS) ** 2, float)
    angle = np.radians(azimuth_deg)[:, None] + turned
    inside = ground.inside_m(x + np.sin(angle) * along_m, y + np.cos(angle) * along_m)
    shape = (len(ground.parties), len(azimuth_deg), len(along_m))
    return Rays(ground, x, y, turned, ground.inside_m(x, y)[:, 0], azimuth_deg, along_m, inside.reshape(shape))
