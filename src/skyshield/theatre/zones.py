"""Zones at three scopes and the stand-offs that cut them.

A zone is what is to be protected: the union of named oblasts or a drawn polygon (`region`), or
circles around named cities (`city`) or interest sites (`site`). Stand-offs are independent of each
other: the land at least `russia_m` from the recognised border with Russia, at least `front_m` from
occupied territory and the footholds beside it, and at least `belarus_m` from the border with
Belarus; zero or None requires nothing. Zone and stand-off area never leave Ukraine's own territory.
The zone less the land excluded by the stand-offs is the effective zone, the only place where a
coalition may engage.

A distance read from a coarse line is uncertain; `slack_m` moves every boundary by that much, so
that callers can ask for the surely and the possibly eligible land (`matrix` does).
"""

import functools
import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from skyshield.core.errors import SkyShieldError
from skyshield.core.geodesy import THEATRE_BOUNDS_DEG, to_geographic
from skyshield.theatre.model import Theatre, unknown
from skyshield.theatre.plane import (
    CACHE_SIZE,
    behind_control_line,
    border_belarus_plane,
    border_russia_plane,
    front_plane,
    own_plane,
    plane_line,
    plane_oblast,
    plane_point,
    sea_near_coast,
    ukraine_plane,
)

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

SCOPES = ("region", "city", "site")
QUADRANT_SEGMENTS = 64  # a circle's chords stay within 1 - cos(pi/256) < 0.01% of its radius


@dataclass(frozen=True)
class Zone:
    """The area to be protected.

    Parameters
    ----------
    scope
        ``region``, ``city`` or ``site``.
    oblasts
        Names of oblasts, for ``region``. Kyiv (the oblast) and Kyiv City are two units.
    places
        Names of cities (``city``, ``site``) or of interest sites (``site``).
    radius_m
        Radius of the circles around the places.
    polygon
        (longitude, latitude) vertices in degrees, for a drawn ``region``; edges are straight on
        the plane; the last vertex need not repeat the first.
    sea_m
        As far from Ukraine's own coast circles hold the sea too; 0 none of it.
    """

    scope: str
    oblasts: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    radius_m: float | None = None
    polygon: tuple[tuple[float, float], ...] | None = None
    sea_m: float = 0.0


@functools.lru_cache(maxsize=CACHE_SIZE * 4)
def zone_polygon(theatre: Theatre, zone: Zone) -> "BaseGeometry":
    """Return the zone on the plane, clipped to Ukraine's own territory and the sea near it that the zone has.

    Raises
    ------
    SkyShieldError
        If the scope, an oblast or a place is unknown, the radius is missing or not positive, the
        polygon crosses itself or leaves the theatre, or nothing of the zone is Ukraine's own.

    Examples
    --------
    >>> from skyshield.theatre import Zone, load_theatre, zone_polygon
    >>> theatre = load_theatre()
    >>> west = zone_polygon(theatre, Zone("region", oblasts=("Lviv", "Volyn")))
    >>> round(west.area / 1e6, -3)
    42000.0
    """
    held = own_plane(theatre).union(sea_near_coast(theatre, zone.sea_m)) if zone.sea_m > 0.0 else own_plane(theatre)
    clipped = zone_unclipped(theatre, zone).intersection(held)
    if clipped.area <= 0:
        raise SkyShieldError("zone", "holds no territory under Ukraine's own control",
                             "name oblasts or places this side of the control line")
    return clipped


def zone_unclipped(theatre: Theatre, zone: Zone, slack_m: float = 0.0) -> "BaseGeometry":
    """Return the zone before clipping, its uncertain boundary moved outward by `slack_m`.

    Named oblasts are known by name, not by measurement: their union has no slack.
    """
    from shapely import union_all

    if zone.scope not in SCOPES:
        raise unknown("scope", zone.scope, list(SCOPES), where="zone: scope")
    if zone.scope == "region":
        if zone.sea_m > 0.0:
            raise SkyShieldError("zone", "is a region with a part of the sea", "leave sea out, or draw circles")
        if zone.places or zone.radius_m is not None:
            raise SkyShieldError("zone", "is a region with places or a radius",
                                 "name oblasts or draw a polygon, or make the scope 'city' or 'site'")
        if bool(zone.oblasts) == (zone.polygon is not None):
            raise SkyShieldError("zone", "is a region with neither or both of oblasts and a polygon",
                                 "give one of them")
        if zone.polygon is None:
            return union_all([plane_oblast(theatre, name) for name in zone.oblasts])
        return _drawn_polygon(zone.polygon).buffer(slack_m, quad_segs=QUADRANT_SEGMENTS)
    if zone.oblasts or zone.polygon is not None:
        raise SkyShieldError("zone", f"has the scope {zone.scope!r} with oblasts or a polygon",
                             "name places and a radius, or make the scope 'region'")
    if not zone.places:
        raise SkyShieldError("zone: places", "names no place", "name at least one")
    radius_m = zone.radius_m
    if radius_m is None or not math.isfinite(radius_m) or radius_m <= 0:
        raise SkyShieldError("zone: radius_m", f"is {radius_m}, not a positive distance", "give the circles a radius")
    reach_m = radius_m + slack_m
    if reach_m <= 0:
        return union_all([])
    return union_all([_place(theatre, zone.scope, name).buffer(reach_m, quad_segs=QUADRANT_SEGMENTS)
                      for name in zone.places])


def standoff_area(theatre: Theatre, russia_m: float | None = None, front_m: float | None = None,
                  belarus_m: float | None = None, slack_m: Sequence[float] = (0.0, 0.0, 0.0),
                  sea_m: float = 0.0) -> "BaseGeometry":
    """Return the part of Ukraine's own territory outside the stand-offs, on the plane.

    Parameters
    ----------
    theatre
        The theatre.
    russia_m, front_m, belarus_m
        Minimum distance from the border with Russia, from occupied territory and from the border with
        Belarus, metres; 0 or None requires nothing.
    slack_m
        By how much each of the three boundaries is moved toward its line (negative: away from it).
    sea_m
        As far from Ukraine's own coast the sea is among it.

    Raises
    ------
    SkyShieldError
        If a distance is negative or not finite.

    Examples
    --------
    >>> from skyshield.theatre import load_theatre, standoff_area
    >>> theatre = load_theatre()
    >>> whole, cut = standoff_area(theatre), standoff_area(theatre, russia_m=200_000.0)
    >>> round(cut.area / whole.area, 1)
    0.7
    """
    from shapely import union_all

    distances = {"russia_m": russia_m or 0.0, "front_m": front_m or 0.0, "belarus_m": belarus_m or 0.0}
    for name, distance_m in distances.items():
        if not math.isfinite(distance_m) or distance_m < 0:
            raise SkyShieldError(f"stand-off: {name}", f"is {distance_m}, not a distance", "give metres, 0 for none")
    forbidden = [_near_border(border_russia_plane(theatre), distances["russia_m"], slack_m[0]),
                 _near_front(theatre, distances["front_m"] - slack_m[1]),
                 _near_border(border_belarus_plane(theatre), distances["belarus_m"], slack_m[2])]
    whole = ukraine_plane(theatre)
    if sea_m > 0.0:
        whole = whole.union(sea_near_coast(theatre, sea_m))
    return whole.difference(union_all([area for area in forbidden if area is not None]))


@functools.lru_cache(maxsize=CACHE_SIZE * 8)
def _near_border(line: "BaseGeometry", standoff_m: float, slack_m: float) -> "BaseGeometry | None":
    """Return the land too near a border; no stand-off, or slack that eats it up, forbids nothing."""
    reach_m = standoff_m - slack_m
    if standoff_m == 0 or reach_m <= 0:
        return None
    return line.buffer(reach_m, quad_segs=QUADRANT_SEGMENTS)


@functools.lru_cache(maxsize=CACHE_SIZE * 8)
def _near_front(theatre: Theatre, reach_m: float) -> "BaseGeometry":
    """Return the land too near occupied territory, or that territory itself when `reach_m` is 0.

    A negative reach shrinks what lies behind the line, not its coast: the sea beside it is eroded.
    """
    if reach_m <= 0:
        return behind_control_line(theatre).buffer(reach_m, quad_segs=QUADRANT_SEGMENTS)
    return behind_control_line(theatre).union(
        front_plane(theatre).buffer(reach_m, quad_segs=QUADRANT_SEGMENTS))


def _drawn_polygon(polygon: Sequence[tuple[float, float]]) -> "BaseGeometry":
    """Return a drawn polygon on the plane, refusing what is not one."""
    from shapely import Polygon
    from shapely.validation import explain_validity

    west, south, east, north = THEATRE_BOUNDS_DEG
    for lon, lat in polygon:
        if not (math.isfinite(lon) and math.isfinite(lat) and west <= lon <= east and south <= lat <= north):
            raise SkyShieldError("zone: polygon", f"has a vertex at {lon}, {lat}, outside the theatre",
                                 f"give longitude {west:g} to {east:g} and latitude {south:g} to {north:g}")
    if len(set(polygon)) <= 2:
        raise SkyShieldError("zone: polygon", f"has {len(set(polygon))} different vertices", "give at least three")
    shape = Polygon(plane_line(polygon).coords)
    reason = explain_validity(shape)
    if reason != "Valid Geometry":
        x_m, y_m = (float(v) for v in reason.partition("[")[2].rstrip("]").split())
        near_lon, near_lat = to_geographic(x_m, y_m)
        raise SkyShieldError("zone: polygon", f"crosses itself near {near_lon:.1f}° E {near_lat:.1f}° N",
                             "list the vertices in order around the zone")
    return shape


def _place(theatre: Theatre, scope: str, name: str) -> "BaseGeometry":
    """Return a named city or site as a point (a corridor as a line) on the plane."""
    cities = {c.name: c for c in theatre.cities}
    if name in cities:
        return plane_point(cities[name].lon, cities[name].lat)
    sites = {s.name: s for i in theatre.interests for s in i.sites if s.kind != "oblast"} if scope == "site" else {}
    if name not in sites:
        raise unknown("city" if scope == "city" else "city or site", name, [*cities, *sites], where="zone: places")
    site = sites[name]
    if site.kind == "corridor":
        return plane_line([(cities[v].lon, cities[v].lat) for v in site.via])
    return plane_point(site.lon, site.lat)
