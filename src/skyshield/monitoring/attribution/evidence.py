r"""What the records of an event say of who did it: a list of items, each a likelihood for every party.

Four kinds of item are weighed, and nothing else; what a source says of the author is told beside them, never weighed.

- *Fire bearing.* A bearing θ with standard deviation s from the place towards where fire came from has the likelihood

      L(p) = ∫ N(φ; θ, s²) 1[azimuth φ points to p's ground] dφ,

  so that b degrees from the edge of the other's ground the ratio is Φ(b/s) / (1 - Φ(b/s)); 15 degrees and 10 make
  13.97. Bearings of several witnesses are one item: their mean, weighted by 1/s², its error widened by the Birge ratio
  where they disagree. The interval covers: ground of one's own between place and line counted as well (each piece of a
  ray by its distance), the line's error both ways, the error of a bearing that states none, a share of mistaken ones.
- *Range.* A party whose ground is farther than the weapon reaches has the likelihood `range_exceeded_share`.
- *Weapon.* A party known to have it is `weapon_sole_holder_ratio` times likelier than one that is not.
- *Direction.* Fire heard leaving is likelier that of the side where the place lies, fire that fell the other's.

Source: Birge, Physical Review 40 (1932), pp. 207-227, for the widening; the rest is the program's own rule, its ratios
are assumptions of grade K in the catalogue.
"""

import dataclasses
import functools
import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from skyshield.catalogue import load_catalogue
from skyshield.core.arrays import Floats
from skyshield.monitoring.attribution.ground import FULL_DEG, STEP_DEG, Ground, Rays, rays_of
from skyshield.monitoring.attribution.words import weapon_of

BEARING, RANGE, WEAPON, DIRECTION = "fire bearing", "range", "weapon", "direction"
OUTGOING, INCOMING = "outgoing", "incoming"
_LEAST = 1e-12  # of a likelihood, so that a ratio is finite
_MOVES = (0.0, -1.0, 1.0)  # of a line, in its error: as drawn, to its right, to its left
_KM = 1000.0


@dataclasses.dataclass(frozen=True)
class Item:
    """One item of evidence.

    Attributes
    ----------
    kind
        `BEARING`, `RANGE`, `WEAPON` or `DIRECTION`.
    words
        What it says, for a reader.
    records
        Numbers in the ledger that say it.
    likelihood
        f8[variant, party]: the first row is the reference, the others what the assumptions allow besides.
    """

    kind: str
    words: str
    records: tuple[int, ...]
    likelihood: Floats

    def ratio(self, party: int) -> tuple[float, float, float]:
        """Return the likelihood of a party over the largest of the others: reference, lowest and highest."""
        others = np.delete(self.likelihood, party, axis=1).max(axis=1)
        ratios = np.maximum(self.likelihood[:, party], _LEAST) / np.maximum(others, _LEAST)
        return float(ratios[0]), float(ratios.min()), float(ratios.max())


@dataclasses.dataclass(frozen=True)
class Record:
    """A record as evidence: its number in the ledger and its leaf."""

    number: int
    leaf: Mapping[str, Any]


@dataclasses.dataclass(frozen=True)
class Place:
    """Where an event lies: degrees, one standard deviation per axis, and how far inside each party's ground, metres."""

    lon: float
    lat: float
    error_m: float
    inside_m: Floats


@functools.cache
def ends(key: str) -> tuple[float, float, float]:
    """Return reference, low and high of an entry of the catalogue, distances in metres, the rest in its unit.

    Examples
    --------
    >>> ends("weapon_sole_holder_ratio"), ends("weapon_reach_mortar")
    ((3.0, 1.5, 6.0), (9000.0, 4000.0, 9000.0))
    """
    entry = load_catalogue()[key]
    scale = _KM if entry.unit == "km" else 1.0
    return entry.reference_value * scale, entry.low * scale, entry.high * scale


def items_of(records: Sequence[Record], place: Place, ground: Ground, parties: Sequence[str]) -> tuple[Item, ...]:
    """Return what the records of an event say of who did it.

    Parameters
    ----------
    records
        Witnesses only: a copy or a repeat says nothing of its own.
    place
        Of the event.
    ground
        Of the parties that have a line; `place.inside_m` is in its order.
    parties
        Who is weighed, in the order of the columns of each item.

    Returns
    -------
    tuple[Item, ...]
        Without the items that tell no party from another.
    """
    if len(parties) < 2:
        return ()
    found = [*_weapons(records, parties)]
    if tuple(parties) == ground.parties:
        found = [*_bearing(records, place, ground), *_range(records, place, ground), *found,
                 *_directions(records, place, ground)]
    return tuple(item for item in found if _tells(item.likelihood))


def _tells(likelihood: Floats) -> bool:
    return bool(np.ptp(likelihood, axis=1).max() > _LEAST)


def _bearing(records: Sequence[Record], place: Place, ground: Ground) -> list[Item]:
    """Return the item of the bearings from which fire came, none if no record has one."""
    told = [record for record in records if record.leaf.get("fire_bearing_deg") is not None]
    if not told:
        return []
    stated = [record.leaf.get("bearing_error_deg") for record in told]
    unstated = ends("fire_bearing_sd") if None in stated else ends("fire_bearing_sd")[:1]
    bearings = [combined([record.leaf["fire_bearing_deg"] for record in told],
                         [error or sd for error in stated]) for sd in unstated]
    reaches = _reach(records)
    blunders = ends("fire_bearing_blunder")
    rays = rays_of(ground, place.lon, place.lat, max(reaches))
    rows: list[Floats] = []
    variants = [(reach_m, moved) for reach_m in dict.fromkeys(reaches) for moved in _MOVES]
    for edges, whose in rays.sectors(variants):
        rows += [whose @ sector_shares(edges, bearing, sd) for bearing, sd in bearings]
    for reach_m in dict.fromkeys(reaches):
        rows += [_between(rays, reach_m, bearing, sd) for bearing, sd in bearings]
    exact = np.array(rows)
    even = exact.mean(axis=1, keepdims=True)
    likelihood = np.concatenate([(1.0 - share) * exact + share * even for share in dict.fromkeys(blunders)])
    bearing, sd = bearings[0]
    words = f"fire came from {bearing:.0f} degrees (one sd {sd:.0f})"
    return [Item(BEARING, words, tuple(record.number for record in told), likelihood)]


def combined(bearings_deg: Sequence[float], errors_deg: Sequence[float]) -> tuple[float, float]:
    """Return the mean of bearings weighted by 1/s² and its error, widened where they disagree.

    Examples
    --------
    >>> [round(value, 2) for value in combined([350.0, 10.0], [10.0, 10.0])]
    [0.0, 10.0]
    >>> [round(value, 2) for value in combined([90.0], [7.0])]
    [90.0, 7.0]
    """
    weights = np.array([1.0 / max(error, _LEAST) ** 2 for error in errors_deg])
    first = bearings_deg[0]
    aside = np.array([math.remainder(bearing - first, FULL_DEG) for bearing in bearings_deg])
    mean = float(weights @ aside / weights.sum())
    sd = float(weights.sum() ** -0.5)
    if len(aside) > 1:
        sd *= max(1.0, math.sqrt(float(weights @ (aside - mean) ** 2) / (len(aside) - 1)))
    return (first + mean) % FULL_DEG, sd


def sector_shares(edges_deg: Floats, bearing_deg: float, sd_deg: float) -> Floats:
    """Return f8[sector]: how likely the true azimuth lies in each sector, on the full circle.

    Examples
    --------
    >>> shares = sector_shares(np.array([0.0, 180.0, 360.0]), 15.0, 10.0)
    >>> round(float(shares[0] / shares[1]), 2)
    13.97
    """
    from scipy.special import ndtr

    turns = np.array([-FULL_DEG, 0.0, FULL_DEG])
    scaled = (edges_deg[:, None] - bearing_deg + turns) / max(sd_deg, _LEAST)
    low, high = scaled[:-1], scaled[1:]
    flipped = low > 0.0  # the small tail is exact only from its own end
    return np.asarray(np.where(flipped, ndtr(-low) - ndtr(-high), ndtr(high) - ndtr(low)).sum(axis=1))


def _between(rays: Rays, reach_m: float, bearing_deg: float, sd_deg: float) -> Floats:
    """Return the likelihood if whoever fired may stand anywhere on the ray, own ground before the line counted."""
    weight = sector_shares(np.append(rays.azimuth_deg - STEP_DEG / 2.0, FULL_DEG), bearing_deg, sd_deg)
    return np.asarray(rays.share_inside(reach_m) @ weight)


def _reach(records: Sequence[Record]) -> tuple[float, ...]:
    """Return reference, low and high of how far the weapon told reaches, or of any weapon."""
    kinds = [weapon_of(weapon).reach for record in records if (weapon := record.leaf.get("weapon"))]
    return ends(next((reach for reach in kinds if reach is not None), "fire_reach_unknown"))


def _sure(distance_m: Floats, error_m: float) -> Floats:
    """Return how likely a distance is above zero, given its error."""
    from scipy.special import ndtr

    return np.asarray(ndtr(distance_m / max(error_m, _LEAST)))


def _moved(place: Place, ground: Ground, moved: float) -> Floats:
    """Return f8[party]: how far inside each ground the place lies, the lines moved by a share of their error."""
    return np.asarray(place.inside_m - moved * np.array(ground.signs) * np.array(ground.errors_m))


def _range(records: Sequence[Record], place: Place, ground: Ground) -> list[Item]:
    """Return the item of the weapon's range against the distance to each party's ground."""
    told = [record for record in records if record.leaf.get("weapon")
            and weapon_of(record.leaf["weapon"]).reach is not None and record.leaf.get("direction") != OUTGOING]
    if not told:
        return []
    weapon = weapon_of(told[0].leaf["weapon"])
    reach, share = ends(weapon.reach or ""), ends("range_exceeded_share")
    rows = []
    for reach_m in dict.fromkeys(reach):
        for moved in _MOVES:
            within = _sure(reach_m + np.minimum(_moved(place, ground, moved), 0.0), place.error_m)
            rows += [within + (1.0 - within) * beyond for beyond in dict.fromkeys(share)]
    away_m = np.maximum(-place.inside_m, 0.0)
    words = (f"{(weapon.kind or '').replace('_', ' ')} reaches {reach[1] / _KM:g} to {reach[2] / _KM:g} km; "
             + ", ".join(f"{party} is {d / _KM:.0f} km away" for party, d in zip(ground.parties, away_m, strict=True)))
    return [Item(RANGE, words, tuple(record.number for record in told), np.array(rows))]


def _weapons(records: Sequence[Record], parties: Sequence[str]) -> list[Item]:
    """Return an item for each set of parties that are known to have a weapon told."""
    by_holders: dict[tuple[str, ...], list[Record]] = {}
    for record in records:
        if weapon := record.leaf.get("weapon"):
            holders = tuple(party for party in parties if party in weapon_of(weapon).holders)
            if holders and len(holders) < len(parties):
                by_holders.setdefault(holders, []).append(record)
    items = []
    for holders, told in by_holders.items():
        has = np.array([party in holders for party in parties])
        rows = np.array([np.where(has, ratio, 1.0) for ratio in dict.fromkeys(ends("weapon_sole_holder_ratio"))])
        words = f"{told[0].leaf['weapon']} is known of {' and '.join(holders)} only"
        items.append(Item(WEAPON, words, tuple(record.number for record in told), rows))
    return items


def _directions(records: Sequence[Record], place: Place, ground: Ground) -> list[Item]:
    """Return the items of fire heard leaving or falling; many ears make one item, they may share a mistake."""
    items = []
    for direction, key in ((OUTGOING, "direction_outgoing_ratio"), (INCOMING, "direction_incoming_ratio")):
        told = [record for record in records if record.leaf.get("direction") == direction]
        if not told:
            continue
        rows = []
        for moved in _MOVES:
            here = _sure(_moved(place, ground, moved), place.error_m)
            own = here if direction == OUTGOING else 1.0 - here
            rows += [own * ratio + (1.0 - own) for ratio in dict.fromkeys(ends(key))]
        side = int(np.argmax(place.inside_m))
        words = (f"{direction} fire {abs(float(place.inside_m[side])) / _KM:.0f} km "
                 f"{'inside' if place.inside_m[side] > 0.0 else 'from'} the ground of {ground.parties[side]}")
        items.append(Item(DIRECTION, words, tuple(record.number for record in told), np.array(rows)))
    return items
