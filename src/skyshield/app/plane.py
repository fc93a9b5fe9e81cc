"""The lab's map: shapes on the theatre's plane as SVG paths, in km from the upper left corner.

What rules leave to shoot in is worked out by `skyshield.rules` as for a run; only its drawing is made coarse. Whether
an interest is in is told as the matrix of interests tells it (`skyshield.theatre.matrix`), but from the distances of
its points to each line, which are measured once: a point is inside if it stays so when each boundary is moved against
it by the error of its line and of the place, √(line² + place²); a corridor by its length, an oblast by a grid of points
over it. It never shows where patrols fly, where aircraft or batteries stand, or where threats start.
"""

import functools
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from skyshield.core.arrays import Booleans, Floats
from skyshield.core.geodesy import to_geographic
from skyshield.forces import places_xy
from skyshield.report.map import LABELLED, MARGIN_KM
from skyshield.rules import RulesOfEngagement, declared_area, effective_area
from skyshield.scenario import Option, Scenario
from skyshield.scenario.findings import served
from skyshield.theatre import (
    Theatre,
    border_belarus_plane,
    border_russia_plane,
    control_line_plane,
    load_theatre,
    occupied_plane,
    own_plane,
    plane_oblast,
    plane_point,
    standoff_area,
    ukraine_plane,
    zone_polygon,
)
from skyshield.theatre.model import Site
from skyshield.theatre.plane import front_plane, plane_line, plane_neighbour
from skyshield.theatre.zones import Zone, zone_unclipped

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

_KM = 1000.0
COARSE_M = 3000.0  # finer shapes would promise what the geometry does not hold, and weigh more
ZONE_COARSE_M = 1000.0  # a circle of 60 km keeps its area to 2%
CRIMEA = ("Crimea", "Sevastopol")
SCALE_KM = 200.0
WORDS = (("RUSSIA", 36.9, 51.6), ("BELARUS", 27.4, 52.1), ("POLAND", 22.7, 50.9), ("ROMANIA", 24.6, 46.6),
         ("MOLDOVA", 28.6, 47.2), ("Crimea (Ukraine)", 34.3, 45.35), ("Black Sea", 31.7, 44.5))
LINES = ("russia", "front", "belarus")
_SPACING_M = 10_000.0  # of the points that stand for an oblast
_STEP_M = 2_000.0  # of those that stand for a corridor
_HALF = 1 / 2
_DECIMALS = 1  # of a coordinate, km
GRID = 9


class Frame(NamedTuple):
    """The rectangle of the plane that the map shows, m."""

    west: float
    south: float
    east: float
    north: float

    def point(self, x_m: float, y_m: float) -> tuple[float, float]:
        """Return a place in km from the upper left corner."""
        return round((x_m - self.west) / _KM, _DECIMALS), round((self.north - y_m) / _KM, _DECIMALS)

    def path(self, shape: "BaseGeometry", coarse_m: float = COARSE_M) -> str:
        """Return a shape, made coarse, as an SVG path."""
        from shapely import get_parts, simplify
        from shapely.geometry.polygon import orient

        parts = []
        for part in get_parts(simplify(shape, coarse_m)):
            if part.geom_type == "Polygon" and not part.is_empty:
                whole = orient(part)
                parts += [self._ring(ring.coords) + "Z" for ring in (whole.exterior, *whole.interiors)]
            elif part.geom_type == "LineString" and not part.is_empty:
                parts.append(self._ring(part.coords))
        return "".join(parts)

    def _ring(self, points: Any) -> str:
        xy = np.asarray(points)[:, :2]
        km = np.round(np.column_stack([xy[:, 0] - self.west, self.north - xy[:, 1]]) / _KM, _DECIMALS).tolist()
        return "M" + "L".join(f"{x:g} {y:g}" for x, y in km)


@functools.lru_cache(maxsize=4)
def frame(theatre: Theatre) -> Frame:
    """Return the frame around the country.

    Examples
    --------
    >>> [round(side, -5) for side in frame(load_theatre())][0] < 0
    True
    """
    west, south, east, north = ukraine_plane(theatre).bounds
    left, below, right, above = (km * _KM for km in MARGIN_KM)
    return Frame(west - left, south - below, east + right, north + above)


def shapes(scenario: Scenario, theatre: Theatre | None = None) -> dict[str, Any]:
    """Return the map of a scenario as plain data.

    Parameters
    ----------
    scenario
        Whose options are drawn.
    theatre
        The shipped one by default.

    Returns
    -------
    dict
        ``width`` and ``height`` of the frame, km; ``layers`` below every option; ``options``, by name, for those that
        shoot: ``zone`` and ``allowed`` (the declared and the effective zone), ``standoffs`` by line, ``share_left`` of
        the zone, ``interests`` and ``served`` places; ``area``, the protected area; ``places`` and ``note``.

    Raises
    ------
    SkyShieldError
        If a zone cannot be built.

    Examples
    --------
    >>> from skyshield.scenario import load
    >>> drawn = shapes(load("month"))
    >>> sorted(drawn["options"]), round(drawn["options"]["region"]["share_left"], 1)
    (['cities', 'region', 'region_cruise', 'sites'], 0.9)
    """
    theatre = load_theatre() if theatre is None else theatre
    return {**base(theatre), **moved(scenario, theatre)}


def moved(scenario: Scenario, theatre: Theatre) -> dict[str, Any]:
    """Return what a move may change of the map: the protected area and what is drawn of each option."""
    return {"area": frame(theatre).path(zone_polygon(theatre, scenario.protected_area.zone())),
            "options": {option.name: of_option(option, theatre) for option in scenario.options if option.fires}}


@functools.lru_cache(maxsize=4)
def base(theatre: Theatre) -> dict[str, Any]:
    """Return what every map of a theatre has: frame, land, lines, places and how far to trust it."""
    edges, error = frame(theatre), theatre.geometry_error_m
    lines = {"russia": border_russia_plane(theatre), "belarus": border_belarus_plane(theatre),
             "front": control_line_plane(theatre)}
    footholds = "".join(edges.path(plane_line(line)) for line in theatre.footholds)
    crimea = ukraine_plane(theatre).intersection(_union([plane_oblast(theatre, o.name) for o in theatre.oblasts
                                                         if o.name in CRIMEA]))
    layers = {"land": edges.path(ukraine_plane(theatre)), "occupied": edges.path(occupied_plane(theatre)),
              "neighbours": [{"name": state.name, "d": edges.path(plane_neighbour(theatre, state.name))}
                             for state in theatre.neighbours],
              "oblasts": [{"name": oblast.name, "d": edges.path(plane_oblast(theatre, oblast.name))}
                          for oblast in theatre.oblasts],
              "crimea": edges.path(crimea),
              "lines": {name: edges.path(line) for name, line in lines.items()} | {"footholds": footholds}}
    borders, front, place = (f"{m / _KM:g}" for m in (error.border_russia, error.control_line, error.place))
    west, south, _, _ = ukraine_plane(theatre).bounds
    x, y = edges.point(west, south - 45.0 * _KM)
    return {"width": round((edges.east - edges.west) / _KM, _DECIMALS),
            "height": round((edges.north - edges.south) / _KM, _DECIMALS),
            "scale": {"x": x, "y": y, "km": SCALE_KM, "label": f"{SCALE_KM:g} km; coarse to 10 km"},
            "layers": layers, "places": _places(theatre, edges), "degrees": _degrees(edges),
            "note": f"About 95 in 100 distances are right within {borders} km for the borders with Russia and Belarus, "
                    f"{front} km for the control line and {place} km for places. The control line is drawn by hand. "
                    "Crimea and Sevastopol are Ukraine and are counted as occupied."}


def _degrees(edges: Frame) -> list[list[list[float]]]:
    """Return longitude and latitude at `GRID` x `GRID` points over the frame, rows from north to south.

    Between them a page interpolates linearly, which is right to 2 km: enough to draw the corners of a zone with.
    """
    x_m, y_m = np.meshgrid(np.linspace(edges.west, edges.east, GRID), np.linspace(edges.north, edges.south, GRID))
    lon_deg, lat_deg = to_geographic(x_m, y_m)
    return [[[round(float(lon), 3), round(float(lat), 3)] for lon, lat in zip(*row, strict=True)]
            for row in zip(lon_deg, lat_deg, strict=True)]


def of_option(option: Option, theatre: Theatre) -> dict[str, Any]:
    """Return what the map shows of one option: what its rules draw, interests in or out, and places served."""
    return {**_of_rules(option.rules, theatre), "served": _served(option, theatre)}


@functools.lru_cache(maxsize=96)
def _of_rules(rules: RulesOfEngagement, theatre: Theatre) -> dict[str, Any]:
    edges = frame(theatre)
    declared, effective = declared_area(theatre, rules), effective_area(theatre, rules)
    standoffs = {line: _band(theatre, line, rules.min_distance_m(line)) for line in LINES}
    return {"zone": edges.path(declared, ZONE_COARSE_M), "allowed": edges.path(effective, ZONE_COARSE_M),
            "standoffs": standoffs, "share_left": effective.area / declared.area if declared.area else 0.0,
            "interests": _interests(rules, theatre)}


@functools.lru_cache(maxsize=192)
def _band(theatre: Theatre, line: str, distance_m: float) -> str:
    """Return the land that Ukraine holds nearer to a line than a stand-off; empty without one."""
    if distance_m <= 0.0:
        return ""
    russia_m, front_m, belarus_m = (distance_m if name == line else 0.0 for name in LINES)
    return frame(theatre).path(own_plane(theatre).difference(standoff_area(theatre, russia_m, front_m, belarus_m)))


def _union(parts: Sequence["BaseGeometry"]) -> "BaseGeometry":
    from shapely import union_all

    whole: BaseGeometry = union_all(parts)
    return whole


def _places(theatre: Theatre, edges: Frame) -> list[dict[str, Any]]:
    result = []
    for city in theatre.cities:
        if city.name in LABELLED:
            point = plane_point(city.lon, city.lat)
            x, y = edges.point(point.x, point.y)
            result.append({"name": city.name, "kind": "city", "x": x, "y": y, "label": city.name})
    for name, lon, lat in WORDS:
        point = plane_point(lon, lat)
        x, y = edges.point(point.x, point.y)
        result.append({"name": name, "kind": "word", "x": x, "y": y, "label": name})
    return result


def _served(option: Option, theatre: Theatre) -> list[dict[str, Any]]:
    """Return the places over which or at which an option protects, and whether its own distances put them outside."""
    names = list(dict.fromkeys(name for package in option.packages for name in served(package)))
    if not names:
        return []
    x_m, y_m = places_xy(theatre, names, "place")
    inside = _Points.at(theatre, np.asarray(x_m), np.asarray(y_m)).inside(option.rules, theatre, 0.0)
    edges = frame(theatre)
    return [{"name": name, "x": point[0], "y": point[1], "outside": not bool(held)}
            for name, point, held in zip(names, map(edges.point, x_m, y_m), inside, strict=True)]


@dataclass(frozen=True)
class _Points:
    """Points on the plane, and how far each is from the lines that stand-offs are measured from, m."""

    x_m: Floats
    y_m: Floats
    away_m: Mapping[str, Floats]
    behind_m: Floats  # distance to Ukraine's own territory, 0 within it

    @classmethod
    def at(cls, theatre: Theatre, x_m: Floats, y_m: Floats) -> "_Points":
        """Measure points."""
        from shapely import distance, points

        where = points(x_m, y_m)
        lines = {"russia": border_russia_plane(theatre), "front": front_plane(theatre),
                 "belarus": border_belarus_plane(theatre)}
        return cls(x_m, y_m, {name: np.asarray(distance(line, where)) for name, line in lines.items()},
                   np.asarray(distance(own_plane(theatre), where)))

    def inside(self, rules: RulesOfEngagement, theatre: Theatre, direction: float) -> Booleans:
        """Return which points the effective zone holds, each boundary moved by its error times a direction."""
        error = theatre.geometry_error_m
        of_line = {"russia": error.border_russia, "front": error.control_line, "belarus": error.border_belarus}
        held: Booleans = self.behind_m <= 0.0
        for line, line_m in of_line.items():
            least_m = rules.min_distance_m(line)
            slack_m = direction * math.hypot(line_m, error.place)
            if least_m > 0.0 or line == "front":
                held = held & (self.away_m[line] >= least_m - slack_m)
        if rules.zone is not None:
            held = held & _in_zone(theatre, rules.zone.zone(), direction * error.place, self.x_m, self.y_m)
        return held


def _in_zone(theatre: Theatre, zone: Zone, slack_m: float, x_m: Floats, y_m: Floats) -> Booleans:
    from shapely import contains_xy

    return np.asarray(contains_xy(_zone(theatre, zone, slack_m), x_m, y_m), bool)


@functools.lru_cache(maxsize=64)
def _zone(theatre: Theatre, zone: Zone, slack_m: float) -> "BaseGeometry":
    from shapely import prepare

    shape = zone_unclipped(theatre, zone, slack_m)
    prepare(shape)
    return shape


class _Sampled(NamedTuple):
    """The sites of all interests as points: which of them belong to which site."""

    points: _Points
    start: tuple[int, ...]  # [site + 1]


@functools.lru_cache(maxsize=4)
def _sampled(theatre: Theatre) -> _Sampled:
    x: list[Floats] = []
    y: list[Floats] = []
    for site in _sites(theatre):
        site_x, site_y = _site_points(theatre, site)
        x.append(site_x)
        y.append(site_y)
    start = np.cumsum([0, *map(len, x)])
    return _Sampled(_Points.at(theatre, np.concatenate(x), np.concatenate(y)), tuple(start.tolist()))


def _sites(theatre: Theatre) -> list[Site]:
    return [site for interest in theatre.interests for site in interest.sites]


def _site_points(theatre: Theatre, site: Site) -> tuple[Floats, Floats]:
    from shapely import contains_xy, line_interpolate_point

    if site.kind == "point":
        point = plane_point(site.lon, site.lat)
        return np.array([point.x]), np.array([point.y])
    if site.kind == "corridor":
        path = plane_line([(city.lon, city.lat) for city in map(theatre.city, site.via)])
        along = line_interpolate_point(path, np.arange(_STEP_M / 2, path.length, _STEP_M))
        return np.array([p.x for p in along]), np.array([p.y for p in along])
    shape = plane_oblast(theatre, site.oblast)
    west, south, east, north = shape.bounds
    fine = min(_SPACING_M, math.sqrt(shape.area) / 8)
    grid_x, grid_y = (axis.ravel() for axis in np.meshgrid(np.arange(west + fine / 2, east, fine),
                                                          np.arange(south + fine / 2, north, fine)))
    inside = contains_xy(shape, grid_x, grid_y)
    return grid_x[inside], grid_y[inside]


def _interests(rules: RulesOfEngagement, theatre: Theatre) -> list[dict[str, Any]]:
    """Return each interest: the share of it in the effective zone, whether surely in or out, and its named sites."""
    sampled = _sampled(theatre)
    central, low, high = (sampled.points.inside(rules, theatre, direction) for direction in (0.0, -1.0, 1.0))
    edges, result, k = frame(theatre), [], 0
    for interest in theatre.interests:
        shares, sites = [], []
        total = sum(site.weight for site in interest.sites)
        for site in interest.sites:
            part = slice(sampled.start[k], sampled.start[k + 1])
            k += 1
            one = [0.0 if site.occupied else float(held[part].mean()) for held in (central, low, high)]
            one = [one[0], min(one[0], one[1]), max(one[0], one[2])]
            shares.append([site.weight / total * share for share in one])
            if site.kind == "point":
                point = plane_point(site.lon, site.lat)
                x, y = edges.point(point.x, point.y)
                sites.append({"name": site.name, "x": x, "y": y, "in": one[0] > _HALF, "status": _status(*one[1:])})
        share, least, most = (sum(column) for column in zip(*shares, strict=True))
        result.append({"name": interest.name, "label": interest.label, "share": round(share, 3),
                       "in": share > _HALF, "status": _status(least, most), "sites": sites})
    return result


def _status(low: float, high: float) -> str:
    if low > _HALF:
        return "inside"
    return "outside" if high <= _HALF else "undecided"
