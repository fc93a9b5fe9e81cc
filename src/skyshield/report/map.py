"""The map: the area that counts, the zone of an option and what its stand-offs leave of it.

Drawn on the theatre's plane. It shows borders, oblasts, the control line and a few cities; it never shows
where patrols fly, where aircraft stand or where threats start.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from skyshield.report.colours import colour_of
from skyshield.report.marks import Anchor, Map, MapDot, MapLine, MapMark, MapWords, Outline
from skyshield.report.svg import INK, QUIET, WARNING, Figure, Numbers, opened
from skyshield.report.text import listing, number, places_of, standoff_text
from skyshield.rules import declared_area, effective_area
from skyshield.scenario import Option, Scenario
from skyshield.theatre import (
    Theatre,
    border_belarus_plane,
    border_russia_plane,
    control_line_plane,
    occupied_plane,
    plane_oblast,
    plane_point,
    ukraine_plane,
    zone_polygon,
)
from skyshield.theatre.plane import plane_line

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

_KM = 1000.0
_SQUARE_KM = 1e6
_PERCENT = 100.0
_SCALE_BAR_KM = 200
MARGIN_KM = (30.0, 75.0, 30.0, 25.0)  # west, south, east and north of the country
_FINEST_KM = 2.0  # finer shapes would promise what the geometry does not hold
_SHORT_KM = 10.0
# City -> where its name stands: its anchor and how far aside and down, px.
LABELLED: dict[str, tuple[Anchor, float, float]] = {
    "Kyiv": ("start", 6, -4), "Lviv": ("start", 6, -3), "Odesa": ("start", 6, 12), "Uzhhorod": ("start", 4, 16),
    "Vinnytsia": ("start", 5, 15), "Rivne": ("start", 6, -3), "Kharkiv": ("end", -6, -4), "Dnipro": ("start", 6, -3),
    "Izmail": ("start", 6, 13), "Mykolaiv": ("start", 6, -3)}
_NEIGHBOURS = (("RUSSIA", 36.9, 51.6), ("BELARUS", 28.3, 52.25), ("POLAND", 22.7, 50.9), ("ROMANIA", 25.4, 46.9),
               ("MOLDOVA", 28.45, 47.1), ("Crimea (Ukraine)", 34.3, 45.35), ("Black Sea", 31.7, 45.2))
_NEAR = ("RUSSIA", "BELARUS", "Crimea (Ukraine)")


@dataclass(frozen=True)
class Layer:
    """What one map shows: the options whose rules draw the same zone."""

    options: tuple[Option, ...]
    declared: "BaseGeometry"
    effective: "BaseGeometry"


def layers(scenario: Scenario, theatre: Theatre) -> list[Layer]:
    """Return one layer for every different zone and stand-offs."""
    computed: dict[str, list[Option]] = {}
    for option in scenario.options:
        if option.fires:
            rules = option.rules
            distances = [rules.min_distance_m(line) for line in ("russia", "front", "belarus")]
            key = f"{rules.zone!r} {[*distances, rules.debris_m]}"
            computed.setdefault(key, []).append(option)
    result = []
    for same in computed.values():
        rules = same[0].rules
        result.append(Layer(tuple(same), declared_area(theatre, rules), effective_area(theatre, rules)))
    return result


def served_outside(layer: Layer, theatre: Theatre) -> list[str]:
    """Return the cities that an option's patrols serve although its own stand-offs put them outside."""
    served = dict.fromkeys(name for option in layer.options for package in option.packages
                           for name in places_of(package))
    points = {city.name: plane_point(city.lon, city.lat) for city in theatre.cities if city.name in served}
    return [name for name in served if name in points and layer.declared.intersects(points[name])
            and not layer.effective.intersects(points[name])]


@dataclass(frozen=True)
class _Frame:
    """The rectangle of the plane that a map shows, m."""

    west: float
    south: float
    east: float
    north: float

    @property
    def size_km(self) -> tuple[float, float]:
        """Width and height."""
        return (self.east - self.west) / _KM, (self.north - self.south) / _KM

    def share(self, x_m: float, y_m: float) -> tuple[float, float]:
        """Return a place in % from the left and from the top."""
        return (_PERCENT * (x_m - self.west) / (self.east - self.west),
                _PERCENT * (self.north - y_m) / (self.north - self.south))

    def outline(self, shape: "BaseGeometry", **style: Any) -> Outline:
        """Return a shape in km from the upper left corner."""
        from shapely.geometry.polygon import orient

        rough = shape.simplify(_FINEST_KM * _KM)
        lines: list[Any] = []
        closed = True
        for part in getattr(rough, "geoms", [rough]):
            if part.geom_type == "Polygon":
                whole = orient(part)  # rings of holes run the other way, whichever rule fills them
                lines += [whole.exterior.coords, *(ring.coords for ring in whole.interiors)]
            elif part.geom_type == "LineString":
                lines.append(part.coords)
                closed = False
        rings = tuple(tuple(((x - self.west) / _KM, (self.north - y) / _KM) for x, y, *_ in line) for line in lines)
        return Outline(rings, closed, **style)


def _frame(theatre: Theatre) -> _Frame:
    west, south, east, north = ukraine_plane(theatre).bounds
    left, below, right, above = (km * _KM for km in MARGIN_KM)
    return _Frame(west - left, south - below, east + right, north + above)


def draw(layer: Layer, key: str, scenario: Scenario, theatre: Theatre) -> Figure:
    """Draw one layer over the base map."""
    area = zone_polygon(theatre, scenario.protected_area.zone())
    share_left = layer.effective.area / layer.declared.area if layer.declared.area else 0.0
    frame = _frame(theatre)
    width, height = frame.size_km
    names = listing([f"“{option.short or option.label}”" for option in layer.options])
    rules = layer.options[0].rules
    limits = "stand-offs" if rules.crewed_buffer is None and rules.debris is None else "distances kept"
    title = f"The {limits} leave {number(_PERCENT * share_left)}% of the zone of {names}"
    text = (f"Declared: {number(layer.declared.area / _SQUARE_KM)} square kilometres. The {limits} are "
            f"{standoff_text(rules)}.")
    if outside := served_outside(layer, theatre):
        text += f" Patrols serve {listing(outside)}, which they put outside."
    outlines = (*_land(frame, theatre), *_zone(frame, key, layer, area), *_lines(frame, theatre))
    marks = (*_places(frame, theatre), *_furniture(frame, theatre))
    drawn = Map(width, height, outlines, marks)
    svg = map_svg(key, drawn, f"Ukraine with the zone of {names}")
    return Figure(key, title, text, svg, "", drawn, _numbers(layer))


@dataclass(frozen=True)
class Base:
    """The map without a zone: its frame, the land below whatever is drawn, lines above it, places and furniture."""

    frame: _Frame
    land: tuple[Outline, ...]
    lines: tuple[Outline, ...]
    marks: tuple[MapMark, ...]


def base(theatre: Theatre) -> Base:
    """Return the map without a zone."""
    frame = _frame(theatre)
    return Base(frame, tuple(_land(frame, theatre)), tuple(_lines(frame, theatre)),
                (*_places(frame, theatre), *_furniture(frame, theatre)))


def map_svg(key: str, drawn: Map, shown: str) -> Markup:
    """Return a map as inline SVG, as wide as its column; `shown` says what it shows."""
    width, height = drawn.width_km, drawn.height_km
    body = [_hatching(key), f'<symbol id="{key}-land" viewBox="0 0 {width:.0f} {height:.0f}" '
            'preserveAspectRatio="none">', *(one.svg() for one in drawn.outlines), "</symbol>",
            f'<use href="#{key}-land" width="100%" height="100%"/>', *(mark.svg() for mark in drawn.marks)]
    size = f'class="map" style="aspect-ratio:{width:.0f}/{height:.0f}"'
    return opened(key, size, shown) + Markup("\n".join([*body, "</svg>"]))  # noqa: S704 - words are escaped in each mark


def _numbers(layer: Layer) -> Numbers:
    areas = [shape.area / _SQUARE_KM for shape in (layer.declared, layer.effective)]
    return Numbers(("option", "zone declared, square km", "left by the stand-offs, square km"),
                   tuple((option.label, *areas) for option in layer.options))


def _hatching(key: str) -> str:
    return (f'<defs><pattern id="{_hatch(key)}" width="14" height="14" patternUnits="userSpaceOnUse" '
            f'patternTransform="rotate(45)"><path d="M0 0V14" stroke="{QUIET}" stroke-width="4"/></pattern></defs>')


def _hatch(key: str) -> str:
    return f"{key}-hatch"


def _land(frame: _Frame, theatre: Theatre) -> list[Outline]:
    """Draw the whole country, its oblasts and what is occupied of it."""
    oblasts = [frame.outline(plane_oblast(theatre, oblast.name)).rings for oblast in theatre.oblasts]
    return [frame.outline(ukraine_plane(theatre), fill="#f7f7f7", stroke="#8c8c8c"),
            frame.outline(occupied_plane(theatre), fill="#cfcfcf"),
            Outline(tuple(ring for rings in oblasts for ring in rings), True, stroke="#b5b5b5", width=0.6)]


def _zone(frame: _Frame, key: str, layer: Layer, area: "BaseGeometry") -> list[Outline]:
    """Draw the zone at 30% of its colour, what the stand-offs remove hatched, and the area that counts if another."""
    colour = colour_of(layer.options[0])
    shapes = [frame.outline(layer.effective, fill=colour, opacity=0.3),
              frame.outline(layer.declared.difference(layer.effective), hatch=_hatch(key), opacity=0.6),
              frame.outline(layer.declared, stroke=colour, width=1.5, dash="6 3")]
    if not area.equals(layer.declared):
        shapes.append(frame.outline(area, stroke=INK, dash="1 3"))
    return shapes


def _lines(frame: _Frame, theatre: Theatre) -> list[Outline]:
    drawn = [(border_russia_plane(theatre), INK), (border_belarus_plane(theatre), QUIET),
             (control_line_plane(theatre), WARNING), *((plane_line(line), WARNING) for line in theatre.footholds)]
    return [frame.outline(line, stroke=colour, width=2.0) for line, colour in drawn]


def _places(frame: _Frame, theatre: Theatre) -> list[MapMark]:
    drawn: list[MapMark] = []
    for city in theatre.cities:
        if city.name in LABELLED:
            anchor, aside, down = LABELLED[city.name]
            point = plane_point(city.lon, city.lat)
            x, y = frame.share(point.x, point.y)
            drawn += [MapDot(x, y, INK), MapWords(x, y, city.name, anchor, aside=(aside, down))]
    for name, lon, lat in _NEIGHBOURS:
        point = plane_point(lon, lat)
        kind = "halo quiet" if name in _NEAR else "halo quiet far"  # the others make way on a telephone
        drawn.append(MapWords(*frame.share(point.x, point.y), name, "middle", kind))
    return drawn


def _furniture(frame: _Frame, theatre: Theatre) -> list[MapMark]:
    """Draw the scale bar and north."""
    west, south, _, north = ukraine_plane(theatre).bounds
    x, y = frame.share(west, south - 45.0 * _KM)
    end, _ = frame.share(west + _SCALE_BAR_KM * _KM, south)
    top = frame.share(west, north)[1]
    return [MapLine((x, end), y, INK),
            MapWords(x, y, f"{_SCALE_BAR_KM} km; coarse to {_SHORT_KM:g} km", kind="quiet", aside=(0.0, -6.0)),
            MapWords(x, top, "↑ N", kind="strong", aside=(0.0, 4.0))]


def note(theatre: Theatre) -> str:
    """Say how far the map may be trusted."""
    error = theatre.geometry_error_m
    borders, front, place = (number(m / _KM) for m in (error.border_russia, error.control_line, error.place))
    return (f"About 95 in 100 distances are right within {borders} km for the borders with "
            f"Russia and Belarus, {front} km for the control line and {place} km for places. The control line is drawn "
            "by hand. Crimea and Sevastopol are Ukraine and are counted as occupied.")
