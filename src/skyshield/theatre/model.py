"""The theatre as frozen data: what lies where, in degrees, with the error of each line beside it.

Nothing here knows a plane or a file. Positions are WGS 84 longitude and latitude rounded to 0.1°
(places) or 0.01° (outlines); Crimea and Sevastopol are two of the 27 units of Ukraine.
"""

import functools
import hashlib
import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any, NamedTuple, Protocol, TypeVar

from skyshield.core.errors import SkyShieldError
from skyshield.core.geodesy import THEATRE_BOUNDS_DEG

MACRO_REGIONS = ("north", "kyiv", "centre", "south", "west", "east")
SITE_KINDS = ("point", "corridor", "oblast")

LonLat = tuple[float, float]
Line = tuple[LonLat, ...]
Rings = tuple[Line, ...]


class GeometryErrors(NamedTuple):
    """How far a distance from the coarse theatre may be from the true one, metres, about 95 in 100."""

    border_russia: float
    border_belarus: float
    control_line: float
    oblast: float
    neighbour: float
    place: float


@dataclass(frozen=True)
class Oblast:
    """One of the 27 units: its polygons (each an outer ring, then its holes) and its classification."""

    name: str
    iso: str
    macro_region: str
    front: bool
    occupied: bool
    population_thousand: float | None
    polygons: tuple[Rings, ...]


@dataclass(frozen=True)
class Neighbour:
    """A third state to the west of Ukraine, as far as it lies within the theatre's bounds."""

    name: str
    polygons: tuple[Rings, ...]


@dataclass(frozen=True)
class City:
    """A city at 0.1°."""

    name: str
    lon: float
    lat: float
    oblast: str
    population_thousand: float | None


@dataclass(frozen=True)
class Base:
    """An airfield outside Ukraine at 0.1°."""

    name: str
    lon: float
    lat: float
    country: str


@dataclass(frozen=True)
class SeaArea:
    """A part of the sea, as a point at 0.1°: ships are somewhere about it."""

    name: str
    lon: float
    lat: float


@dataclass(frozen=True)
class LaunchArea:
    """An area the public record names as a place of launch, and the classes of threat it serves."""

    name: str
    lon: float
    lat: float
    kinds: tuple[str, ...]


@dataclass(frozen=True)
class Site:
    """A part of an interest: a point, a corridor through the cities `via`, or a whole oblast.

    `lon`, `lat` is the point a threat is flown to. `weight` counts inside the interest.
    """

    name: str
    kind: str
    lon: float
    lat: float
    oblast: str
    weight: float
    occupied: bool
    via: tuple[str, ...]


@dataclass(frozen=True)
class Interest:
    """One of the five interests of the op-ed, with its visible weight and why it is one."""

    name: str
    label: str
    weight: float
    why: str
    sites: tuple[Site, ...]


@dataclass(frozen=True)
class StandoffSet:
    """A named restriction: minimum distances from Russia, occupied territory and Belarus, metres.

    Zero means that no distance is required.
    """

    name: str
    label: str
    russia_m: float
    front_m: float
    belarus_m: float


@dataclass(frozen=True)
class Theatre:
    """Borders, control line, oblasts, places and interests.

    `control_line` runs from the sea off Kinburn to the Russian border; `closing` joins its ends
    through Russia and the sea, so that the two together enclose occupied territory. `footholds` are
    strips held apart from it along the Russian border, drawn as lines: they count as front when a
    distance from it is asked for, not as territory. `neighbours` are the third states in the west; `sea_areas` are
    where ships may stand.

    Examples
    --------
    >>> from skyshield.theatre import Theatre, load_theatre
    >>> theatre = load_theatre()
    >>> len(theatre.oblasts), [interest.name for interest in theatre.interests]
    (27, ['embassies', 'incursions', 'travellers', 'ports', 'energy'])
    >>> Theatre.from_dict(theatre.to_dict()) == theatre
    True
    """

    oblasts: tuple[Oblast, ...]
    border_russia: Line
    border_belarus: Line
    control_line: Line
    closing: Line
    footholds: tuple[Line, ...]
    neighbours: tuple[Neighbour, ...]
    cities: tuple[City, ...]
    bases: tuple[Base, ...]
    launch_areas: tuple[LaunchArea, ...]
    interests: tuple[Interest, ...]
    standoff_sets: tuple[StandoffSet, ...]
    geometry_error_m: GeometryErrors
    sea_areas: tuple[SeaArea, ...] = ()

    def __hash__(self) -> int:
        """Hash by content, so that geometry can be cached per theatre."""
        return hash(self.sha256)

    def __eq__(self, other: object) -> bool:
        """Compare by the hash of the content: a look into a cache is not to go through every border."""
        return self is other or (isinstance(other, Theatre) and self.sha256 == other.sha256)

    @functools.cached_property
    def sha256(self) -> str:
        """Return the sha256 of the canonical JSON of `to_dict`."""
        text = json.dumps(self.to_dict(), sort_keys=True, ensure_ascii=False, separators=(",", ":"),
                          allow_nan=False)
        return hashlib.sha256(text.encode()).hexdigest()

    def to_dict(self) -> dict[str, Any]:
        """Return plain JSON-able data: lists, numbers and text, no paths."""
        result: dict[str, Any] = json.loads(json.dumps(_fields(self), default=_fields, allow_nan=False))
        result["geometry_error_m"] = self.geometry_error_m._asdict()
        return result

    @classmethod
    def from_dict(cls, content: Mapping[str, Any]) -> "Theatre":
        """Rebuild a theatre from `to_dict`.

        Raises
        ------
        SkyShieldError
            If a field is missing, unknown or of the wrong shape, or the theatre contradicts itself.
        """
        try:
            theatre = cls(
                oblasts=tuple(Oblast(**{**o, "polygons": _polygons(o["polygons"])})
                              for o in content["oblasts"]),
                border_russia=_line(content["border_russia"]), border_belarus=_line(content["border_belarus"]),
                control_line=_line(content["control_line"]), closing=_line(content["closing"]),
                footholds=tuple(_line(f) for f in content["footholds"]),
                neighbours=tuple(Neighbour(**{**n, "polygons": _polygons(n["polygons"])})
                                 for n in content["neighbours"]),
                cities=tuple(City(**c) for c in content["cities"]),
                bases=tuple(Base(**b) for b in content["bases"]),
                launch_areas=tuple(LaunchArea(**{**a, "kinds": tuple(a["kinds"])}) for a in content["launch_areas"]),
                interests=tuple(Interest(**{**i, "sites": tuple(Site(**{**s, "via": tuple(s["via"])})
                                                                for s in i["sites"])})
                                for i in content["interests"]),
                standoff_sets=tuple(StandoffSet(**s) for s in content["standoff_sets"]),
                geometry_error_m=GeometryErrors(**content["geometry_error_m"]),
                sea_areas=tuple(SeaArea(**a) for a in content["sea_areas"]),
            )
            check_theatre(theatre)
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            raise SkyShieldError("theatre", f"cannot be read ({type(error).__name__}: {error})",
                                 "give the theatre as this version writes it") from None
        return theatre

    def oblast(self, name: str) -> Oblast:
        """Return the oblast of that name."""
        return _named(self.oblasts, name, "oblast")

    def neighbour(self, name: str) -> Neighbour:
        """Return the third state of that name."""
        return _named(self.neighbours, name, "third state")

    def city(self, name: str) -> City:
        """Return the city of that name."""
        return _named(self.cities, name, "city")

    def interest(self, name: str) -> Interest:
        """Return the interest of that name."""
        return _named(self.interests, name, "interest")

    def standoff_set(self, name: str) -> StandoffSet:
        """Return the named restriction."""
        return _named(self.standoff_sets, name, "stand-off set")


def _fields(part: Any) -> dict[str, Any]:
    return {field.name: getattr(part, field.name) for field in fields(part)}


def _polygons(polygons: Any) -> tuple[Rings, ...]:
    return tuple(tuple(_line(ring) for ring in rings) for rings in polygons)


def _line(points: Any) -> Line:
    return tuple((float(lon), float(lat)) for lon, lat in points)


class _Named(Protocol):
    @property
    def name(self) -> str: ...


Item = TypeVar("Item", bound=_Named)


def _named(items: tuple[Item, ...], name: str, what: str) -> Item:
    for item in items:
        if item.name == name:
            return item
    raise unknown(what, name, [item.name for item in items])


def unknown(what: str, name: str, known: list[str], where: str = "theatre") -> SkyShieldError:
    """Return the error for an unknown name, with the closest known names."""
    import difflib

    folded = {k.casefold(): k for k in known}
    similar = [folded[c] for c in difflib.get_close_matches(str(name).casefold(), folded)]
    remedy = (f"did you mean {' or '.join(map(repr, similar))}?" if similar else
              f"use one of: {', '.join(sorted(known))}")
    return SkyShieldError(where, f"no {what} is named {name!r}", remedy)


def check_theatre(theatre: Theatre) -> None:
    """Refuse a theatre that contradicts itself.

    Raises
    ------
    SkyShieldError
        If a name is given twice, a reference leads nowhere, a region or kind is unknown, a position
        is outside the theatre's bounds, a line is too short, or the weights do not add up to one.
    """
    sites = [site for interest in theatre.interests for site in interest.sites]
    everything: dict[str, Sequence[_Named]] = {
        "oblast": theatre.oblasts, "third state": theatre.neighbours, "city": theatre.cities, "base": theatre.bases,
        "site": sites,
        "launch area": theatre.launch_areas, "sea area": theatre.sea_areas,
        "interest": theatre.interests, "stand-off set": theatre.standoff_sets}
    for what, items in everything.items():
        names = [item.name for item in items]
        if repeated := sorted({n for n in names if names.count(n) > 1}):
            raise _invalid(f"names the {what} {repeated[0]!r} twice")
    _check_references(theatre, sites)
    _check_positions(theatre, sites)
    if any(site.weight <= 0 for site in sites) or not all(interest.sites for interest in theatre.interests):
        raise _invalid("has an interest without sites or a site without weight")
    if not math.isclose(sum(interest.weight for interest in theatre.interests), 1):
        raise _invalid("gives the interests weights that do not add up to 1")
    if any(interest.weight < 0 for interest in theatre.interests):
        raise _invalid("gives an interest a negative weight")
    if not all(error_m >= 0 for error_m in theatre.geometry_error_m):
        raise _invalid("states a negative geometry error")


def _check_references(theatre: Theatre, sites: Sequence[Site]) -> None:
    oblasts, cities = {o.name for o in theatre.oblasts}, {c.name for c in theatre.cities}
    for oblast in theatre.oblasts:
        if oblast.macro_region not in MACRO_REGIONS:
            raise _invalid(f"puts {oblast.name} in the unknown region {oblast.macro_region!r}")
    for name, oblast_name in [(c.name, c.oblast) for c in theatre.cities] + [(s.name, s.oblast) for s in sites]:
        if oblast_name not in oblasts:
            raise _invalid(f"puts {name} in the unknown oblast {oblast_name!r}")
    for site in sites:
        if site.kind not in SITE_KINDS or (site.kind == "corridor") != (len(site.via) >= 2):
            raise _invalid(f"gives {site.name} the kind {site.kind!r} with {len(site.via)} cities on the way")
        if missing := [v for v in site.via if v not in cities]:
            raise _invalid(f"leads {site.name} through the unknown city {missing[0]!r}")


def _check_positions(theatre: Theatre, sites: Sequence[Site]) -> None:
    located: list[City | Base | LaunchArea | SeaArea | Site] = [
        *theatre.cities, *theatre.bases, *theatre.launch_areas, *theatre.sea_areas, *sites]
    places = [(place.name, (place.lon, place.lat)) for place in located]
    lines = [("a border or the control line", line) for line in (
        theatre.border_russia, theatre.border_belarus, theatre.control_line, theatre.closing,
        *theatre.footholds)]
    drawn: list[Oblast | Neighbour] = [*theatre.oblasts, *theatre.neighbours]
    rings = [(o.name, ring) for o in drawn for polygon in o.polygons for ring in polygon]
    for name, line in lines:
        if len(line) <= 1:
            raise _invalid(f"draws {name} with {len(line)} points")
    for name, ring in rings:
        if len(set(ring)) <= 2 or ring[0] != ring[-1]:
            raise _invalid(f"draws {name} with a ring that is not closed")
    west, south, east, north = THEATRE_BOUNDS_DEG
    for name, (lon, lat) in places + [(name, point) for name, line in lines + rings for point in line]:
        if not (west <= lon <= east and south <= lat <= north):
            raise _invalid(f"puts {name} at {lon}, {lat}, outside the plane")


def _invalid(what: str) -> SkyShieldError:
    return SkyShieldError("theatre", what, "mend the theatre's data")
