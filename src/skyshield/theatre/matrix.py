"""The interest × restriction matrix: the share of the op-ed's own interests that each stand-off leaves.

For every site of every interest and every restriction the matrix gives

* `share`: how much of the site lies in the effective zone (a point: 0 or 1; a corridor: of its
  length; an oblast: of its area), with `share_low` and `share_high` when every boundary is moved by
  the error of its line and of the site's position, √(line² + place²), against and for the site;
* `status`: ``inside`` if more than half of the site is inside even with the error against it,
  ``outside`` if at most half is even with the error for it, else ``undecided``. For a point: inside
  or outside by more than the error;
* minutes: how long a threat that flies straight from a launch area of its class to the site is over
  the effective zone before it arrives, at the low, central and high speed of its class; least,
  median and greatest over the launch areas. Real threats do not fly straight: it is a yardstick.

A site in occupied territory is outside under every restriction, whatever the geometry's error.
Oblasts of a zone are known by name: a point in a named oblast is inside it without error.
"""

import functools
import statistics
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from skyshield.core.errors import SkyShieldError
from skyshield.theatre.model import Interest, LaunchArea, Site, StandoffSet, Theatre
from skyshield.theatre.plane import plane_line, plane_oblast, plane_point
from skyshield.theatre.zones import Zone, standoff_area, zone_polygon, zone_unclipped

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

SECONDS_PER_MINUTE = 60.0
Speeds = Mapping[str, tuple[float, float | None, float]]


class Spread(NamedTuple):
    """Least, median and greatest over launch areas (or over sites and launch areas)."""

    least: float
    median: float
    greatest: float


@dataclass(frozen=True)
class Window:
    """How long threats of one class can be engaged on the way to a site.

    `path_m` is the length of the way inside the effective zone; the minutes are that way at the
    class's low, central (None without a central value) and high speed.
    """

    threat_class: str
    n_launch_areas: int
    path_m: Spread
    minutes_slow: Spread
    minutes_central: Spread | None
    minutes_fast: Spread


@dataclass(frozen=True)
class MatrixRow:
    """One site under one restriction."""

    interest: str
    site: str
    kind: str
    oblast: str
    standoff: str
    status: str
    share: float
    share_low: float
    share_high: float
    windows: tuple[Window, ...]


@dataclass(frozen=True)
class InterestRow:
    """One interest under one restriction: its sites added up by their weights."""

    interest: str
    label: str
    weight: float
    standoff: str
    status: str
    share: float
    share_low: float
    share_high: float
    n_inside: int
    n_outside: int
    n_undecided: int
    windows: tuple[Window, ...]


class Matrix(NamedTuple):
    """All rows, site by site and interest by interest."""

    rows: tuple[MatrixRow, ...]
    interests: tuple[InterestRow, ...]
    standoffs: tuple[StandoffSet, ...]


class _Areas(NamedTuple):
    central: "BaseGeometry"
    strict: "BaseGeometry"
    lenient: "BaseGeometry"


_Ways = dict[tuple[float, float], dict[str, "BaseGeometry"]]


def matrix(theatre: Theatre, zone: Zone | None, speeds_m_s: Speeds,
           standoff_sets: Sequence[StandoffSet] | None = None) -> Matrix:
    """Return the interest × restriction matrix of a zone.

    Parameters
    ----------
    theatre
        The theatre.
    zone
        The zone, or None for the whole of Ukraine's own territory.
    speeds_m_s
        Speed by class of threat (the kinds of the launch areas): low, central or None, high, m/s.
    standoff_sets
        The restrictions; by default the theatre's own.

    Raises
    ------
    SkyShieldError
        If the zone is not one, a stand-off is negative, a class has no launch area or a speed is
        not positive.

    Examples
    --------
    >>> from skyshield.theatre import load_theatre, matrix
    >>> theatre = load_theatre()
    >>> table = matrix(theatre, None, {"uav": (40.0, 50.0, 60.0)}, [theatre.standoff_set("russia_300")])
    >>> {row.interest: row.status for row in table.interests}["embassies"]
    'outside'
    """
    sets = tuple(theatre.standoff_sets if standoff_sets is None else standoff_sets)
    return _matrix(theatre, zone, tuple(speeds_m_s.items()), sets)


@functools.lru_cache(maxsize=32)  # a page asks for one twice, and so does every page of the same theatre
def _matrix(theatre: Theatre, zone: Zone | None, speeds: tuple[tuple[str, tuple[float, float | None, float]], ...],
            sets: tuple[StandoffSet, ...]) -> Matrix:
    speeds_m_s = dict(speeds)
    launch = {name: _launch_areas(theatre, name, speed) for name, speed in speeds_m_s.items()}
    ways: _Ways = {}
    rows: list[MatrixRow] = []
    interests: list[InterestRow] = []
    for standoff in sets:
        areas = _areas(theatre, zone, standoff)
        lengths: dict[tuple[float, float], dict[str, float]] = {}
        for interest in theatre.interests:
            site_rows = [_row(theatre, interest, site, standoff, areas, _site_paths(site, launch, areas, ways, lengths),
                              speeds_m_s)
                         for site in interest.sites]
            rows += [row for row, _ in site_rows]
            interests.append(_summary(interest, standoff, site_rows, speeds_m_s))
    return Matrix(tuple(rows), tuple(interests), sets)


def matrix_to_dict(table: Matrix) -> dict[str, Any]:
    """Return the matrix as JSON-able data.

    Examples
    --------
    >>> from skyshield.theatre import load_theatre, matrix, matrix_to_dict
    >>> theatre = load_theatre()
    >>> table = matrix(theatre, None, {"uav": (40.0, None, 60.0)}, [theatre.standoff_set("none")])
    >>> sorted(matrix_to_dict(table))
    ['interests', 'rows', 'standoffs']
    """
    def plain(window: Window) -> dict[str, Any]:
        spreads = {"path_m": window.path_m, "minutes_slow": window.minutes_slow,
                   "minutes_central": window.minutes_central, "minutes_fast": window.minutes_fast}
        return {"threat_class": window.threat_class, "n_launch_areas": window.n_launch_areas,
                **{name: None if s is None else s._asdict() for name, s in spreads.items()}}

    return {"standoffs": [asdict(s) for s in table.standoffs],
            "interests": [{**asdict(row), "windows": [plain(w) for w in row.windows]} for row in table.interests],
            "rows": [{**asdict(row), "windows": [plain(w) for w in row.windows]} for row in table.rows]}


def _launch_areas(theatre: Theatre, name: str, speed: tuple[float, float | None, float]) -> list[LaunchArea]:
    if not all(v is None or v > 0 for v in speed):
        raise SkyShieldError(f"matrix: speed of {name}", f"is {speed}", "give speeds above 0 in m/s")
    areas = [area for area in theatre.launch_areas if name in area.kinds]
    if not areas:
        known = sorted({kind for area in theatre.launch_areas for kind in area.kinds})
        raise SkyShieldError(f"matrix: class {name!r}", "has no launch area", f"use one of: {', '.join(known)}")
    return areas


def _areas(theatre: Theatre, zone: Zone | None, standoff: StandoffSet) -> _Areas:
    """Return the effective zone as read, with every error against it, and with every error for it."""
    error = theatre.geometry_error_m
    slack = [_combined_error(line, error.place)
             for line in (error.border_russia, error.control_line, error.border_belarus)]

    def area(direction: int) -> "BaseGeometry":
        land = standoff_area(theatre, standoff.russia_m, standoff.front_m, standoff.belarus_m,
                             slack_m=[direction * s for s in slack])
        return land if zone is None else land.intersection(zone_unclipped(theatre, zone, direction * error.place))

    if zone is not None:
        zone_polygon(theatre, zone)  # refuses a zone that is none
    return _Areas(area(0), area(-1), area(1))


def _combined_error(*errors_m: float) -> float:
    """Return the error of a distance between two places that are each uncertain, independently."""
    import math

    return math.hypot(*errors_m)


def _share(theatre: Theatre, site: Site, area: "BaseGeometry") -> float:
    """Return how much of a site an area holds."""
    if site.occupied or area.is_empty:
        return 0.0
    if site.kind == "point":
        return float(area.intersects(plane_point(site.lon, site.lat)))
    if site.kind == "corridor":
        cities = [theatre.city(name) for name in site.via]
        path = plane_line([(c.lon, c.lat) for c in cities])
        return float(area.intersection(path).length / path.length)
    shape = plane_oblast(theatre, site.oblast)
    return float(area.intersection(shape).area / shape.area)


def _status(share_low: float, share_high: float) -> str:
    half = 1 / 2
    if share_low > half:
        return "inside"
    return "outside" if share_high <= half else "undecided"


def _site_paths(site: Site, launch: Mapping[str, Sequence[LaunchArea]], areas: _Areas, ways: _Ways,
                lengths: dict[tuple[float, float], dict[str, float]]) -> dict[str, list[float]]:
    """Return, by class, the lengths (metres) over the effective zone on the ways to a site.

    `ways` holds the straight ways to a site by launch area, the same for every zone; `lengths` those over this zone.
    """
    import shapely

    if site.occupied:
        return {name: [0.0] * len(launch_areas) for name, launch_areas in launch.items()}
    place = (site.lon, site.lat)
    if place not in ways:
        distinct = {area.name: area for launch_areas in launch.values() for area in launch_areas}
        ways[place] = {name: plane_line([(a.lon, a.lat), place]) for name, a in distinct.items()}
    if place not in lengths:
        over = shapely.length(shapely.intersection(list(ways[place].values()), areas.central))
        lengths[place] = dict(zip(ways[place], map(float, over), strict=True))
    return {name: [lengths[place][area.name] for area in launch_areas] for name, launch_areas in launch.items()}


def _row(theatre: Theatre, interest: Interest, site: Site, standoff: StandoffSet, areas: _Areas,
         paths: dict[str, list[float]], speeds: Speeds) -> tuple[MatrixRow, dict[str, list[float]]]:
    central, low, high = (_share(theatre, site, area) for area in areas)
    low, high = min(low, central), max(high, central)
    row = MatrixRow(interest.name, site.name, site.kind, site.oblast, standoff.name, _status(low, high),
                    central, low, high, _windows(paths, speeds))
    return row, paths


def _summary(interest: Interest, standoff: StandoffSet, site_rows: Sequence[tuple[MatrixRow, dict[str, list[float]]]],
             speeds: Speeds) -> InterestRow:
    total = sum(site.weight for site in interest.sites)
    weights = [site.weight / total for site in interest.sites]
    shares = [(row.share, row.share_low, row.share_high) for row, _ in site_rows]
    central, low, high = (sum(w * value for w, value in zip(weights, values, strict=True))
                          for values in zip(*shares, strict=True))
    paths = {name: [v for _, p in site_rows for v in p[name]] for name in speeds}
    inside, outside, undecided = (sum(row.status == s for row, _ in site_rows)
                                  for s in ("inside", "outside", "undecided"))
    return InterestRow(interest.name, interest.label, interest.weight, standoff.name, _status(low, high),
                       central, low, high, inside, outside, undecided, _windows(paths, speeds))


def _windows(paths: Mapping[str, Sequence[float]], speeds: Speeds) -> tuple[Window, ...]:
    windows = []
    for name, (slow, middle, fast) in speeds.items():
        path_m = Spread(min(paths[name]), statistics.median(paths[name]), max(paths[name]))
        windows.append(Window(name, len(paths[name]), path_m, _minutes(path_m, slow),
                              None if middle is None else _minutes(path_m, middle), _minutes(path_m, fast)))
    return tuple(windows)


def _minutes(path_m: Spread, speed_m_s: float) -> Spread:
    return Spread(*(length_m / speed_m_s / SECONDS_PER_MINUTE for length_m in path_m))
