"""The map: the area that counts, the zone of an option and what its stand-offs leave of it.

Drawn on the theatre's plane. It shows borders, oblasts, the control line and a few cities; it never shows
where patrols fly, where aircraft stand or where threats start.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from skyshield.report.drawing import BLUE, GREY, INK, ORANGE, PALE_BLUE, QUIET, Figure, canvas, drawing, finish
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
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure as Canvas
    from shapely.geometry.base import BaseGeometry

_KM = 1000.0
_SQUARE_KM = 1e6
_PERCENT = 100.0
_SCALE_BAR_KM = 200
# City -> where its name stands: horizontal and vertical alignment and offset in points.
LABELLED = {"Kyiv": ("left", "bottom", 4, 3), "Lviv": ("left", "bottom", 4, 2), "Odesa": ("left", "top", 4, -3),
            "Uzhhorod": ("left", "top", 2, -4), "Vinnytsia": ("left", "top", 3, -3), "Rivne": ("left", "bottom", 4, 2),
            "Kharkiv": ("right", "bottom", -4, 3), "Dnipro": ("left", "bottom", 4, 2), "Izmail": ("left", "top", 4, -2),
            "Mykolaiv": ("left", "bottom", 4, 2)}
_NEIGHBOURS = (("RUSSIA", 36.9, 51.6), ("BELARUS", 28.3, 52.25), ("POLAND", 22.0, 50.6), ("ROMANIA", 25.4, 46.9),
               ("MOLDOVA", 28.45, 47.1),
               ("Crimea (Ukraine)", 34.3, 45.35), ("Black Sea", 31.9, 45.3))


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


def draw(layer: Layer, key: str, scenario: Scenario, theatre: Theatre) -> Figure:
    """Draw one layer over the base map."""
    area = zone_polygon(theatre, scenario.protected_area.zone())
    same = bool(area.equals(layer.declared))
    share_left = layer.effective.area / layer.declared.area if layer.declared.area else 0.0
    with drawing():
        figure, (axes, *_) = canvas(8.4, 6.2)
        axes.set_axis_off()
        axes.set_aspect("equal")
        _base_map(axes, theatre)
        _fill(axes, layer.declared.difference(layer.effective), facecolor="none", edgecolor=GREY, hatch="////",
              linewidth=0.0, zorder=3)
        _fill(axes, layer.effective, facecolor=PALE_BLUE, edgecolor=BLUE, alpha=0.75, linewidth=0.8, zorder=2)
        _fill(axes, layer.declared, facecolor="none", edgecolor=BLUE, linewidth=1.3, linestyle=(0, (5, 2)), zorder=5)
        if not same:
            _fill(axes, area, facecolor="none", edgecolor=INK, linewidth=1.1, linestyle=(0, (1, 2)), zorder=5)
        _lines(axes, theatre)
        _places(axes, theatre)
        _furniture(axes, theatre)
        _legend(figure, same)
        names = listing([f"“{option.label}”" for option in layer.options])
        rules = layer.options[0].rules
        limits = "the stand-offs" if rules.crewed_buffer is None and rules.debris is None else "the distances kept"
        text = (f"{names}: a declared zone of {number(layer.declared.area / _SQUARE_KM)} square kilometres, of which "
                f"{limits} ({standoff_text(rules)}) leave {number(_PERCENT * share_left)}%.")
        if outside := served_outside(layer, theatre):
            text += f" Its patrols serve {listing(outside)}, which {limits} put outside."
        return finish(figure, key, "Map of the zone and what the stand-offs leave of it", text, text)


def _fill(axes: "Axes", shape: "BaseGeometry", **style: Any) -> None:
    """Draw the polygons of a shape."""
    from matplotlib.patches import PathPatch
    from matplotlib.path import Path

    for polygon in getattr(shape, "geoms", [shape]):
        if polygon.geom_type != "Polygon" or polygon.is_empty:
            continue
        rings = [ring.simplify(_KM).coords[:] for ring in (polygon.exterior, *polygon.interiors)]
        path = Path.make_compound_path(*(Path(ring, closed=True) for ring in rings))
        axes.add_patch(PathPatch(path, **style))


def _base_map(axes: "Axes", theatre: Theatre) -> None:
    for oblast in theatre.oblasts:
        _fill(axes, plane_oblast(theatre, oblast.name), facecolor="none", edgecolor="#7d8b99", alpha=0.55,
              linewidth=0.5, zorder=4)
    _fill(axes, occupied_plane(theatre), facecolor="#d9d9d9", edgecolor="none", alpha=0.8, zorder=2)
    west, south, east, north = ukraine_plane(theatre).bounds
    axes.set_xlim(west - 30 * _KM, east + 30 * _KM)
    axes.set_ylim(south - 75 * _KM, north + 25 * _KM)


def _lines(axes: "Axes", theatre: Theatre) -> None:
    drawn = [(border_russia_plane(theatre), INK), (border_belarus_plane(theatre), QUIET),
             (control_line_plane(theatre), ORANGE), *((plane_line(line), ORANGE) for line in theatre.footholds)]
    for line, colour in drawn:
        x, y = zip(*line.coords, strict=True)
        axes.plot(x, y, color=colour, linewidth=2.0, zorder=6, solid_capstyle="round")


def _places(axes: "Axes", theatre: Theatre) -> None:
    import matplotlib.patheffects as effects

    halo = [effects.withStroke(linewidth=2.2, foreground="white")]
    for city in theatre.cities:
        if city.name in LABELLED:
            across, along, dx, dy = LABELLED[city.name]
            point = plane_point(city.lon, city.lat)
            axes.plot([point.x], [point.y], "o", color=INK, markersize=3.0, zorder=8)
            axes.annotate(city.name, (point.x, point.y), xytext=(dx, dy), textcoords="offset points", ha=across,
                          va=along, fontsize=9, zorder=9, path_effects=halo)
    for name, lon, lat in _NEIGHBOURS:
        point = plane_point(lon, lat)
        axes.text(point.x, point.y, name, fontsize=8.5, color=QUIET, ha="center", va="center", zorder=7,
                  path_effects=halo)


def _furniture(axes: "Axes", theatre: Theatre) -> None:
    west, south, _, north = ukraine_plane(theatre).bounds
    y = south - 50 * _KM
    axes.plot((west, west + _SCALE_BAR_KM * _KM), (y, y), color=INK, linewidth=2.5, solid_capstyle="butt")
    axes.text(west + _SCALE_BAR_KM * _KM / 2, y + 10 * _KM, f"{_SCALE_BAR_KM} km", ha="center", va="bottom",
              fontsize=8.5)
    axes.annotate("N", (west, north), xytext=(west, north - 80 * _KM), ha="center", fontsize=10, fontweight="bold",
                  arrowprops={"arrowstyle": "-|>", "color": INK, "linewidth": 1.2})


def _legend(figure: "Canvas", same: bool) -> None:
    from matplotlib.lines import Line2D
    from matplotlib.patches import Patch

    handles: list[Patch | Line2D] = [
        Patch(facecolor=PALE_BLUE, edgecolor=BLUE, label="zone after stand-offs"),
        Patch(facecolor="white", edgecolor=GREY, hatch="////", label="removed by the stand-offs"),
        Line2D([], [], color=BLUE, linewidth=1.3, linestyle=(0, (5, 2)),
               label="zone as declared and protected area" if same else "zone as declared"),
        Patch(facecolor="#d9d9d9", edgecolor="none", label="occupied territory"),
        Line2D([], [], color=ORANGE, linewidth=2.0, label="control line, footholds"),
        Line2D([], [], color=INK, linewidth=2.0, label="border with Russia"),
        Line2D([], [], color=QUIET, linewidth=2.0, label="border with Belarus")]
    if not same:
        handles.append(Line2D([], [], color=INK, linewidth=1.1, linestyle=(0, (1, 2)), label="protected area"))
    figure.legend(handles=handles, loc="outside lower center", ncols=4, frameon=False, fontsize=8.5)


def note(theatre: Theatre) -> str:
    """Say how far the map may be trusted."""
    error = theatre.geometry_error_m
    borders, front, place = (number(m / _KM) for m in (error.border_russia, error.control_line, error.place))
    return (f"The geometry is coarse: about 95 in 100 distances are right within {borders} km for the borders with "
            f"Russia and Belarus, {front} km for the control line and {place} km for places. The control line is drawn "
            "by hand. Crimea and Sevastopol are Ukraine and are counted as occupied. The map shows no launch areas, "
            "bases or patrol positions.")
