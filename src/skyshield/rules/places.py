"""Where along each route an incident would fall: marks that every option shares.

A stop, a crash or a piece of debris at some point of a route is an incident of one kind or another by
where it happens: near Russia or Belarus, near the front, above a built-up area, in a third state. The marks
say which parts of every route are such places; the engine looks up the position of each event in them.

They are geometry alone, taken at the reference of the catalogue's distances, and so the same for all
parameter vectors. Parts of different kinds may overlap. How exact each is: that of the drawn lines
(`Theatre.geometry_error_m`: about 3.5 km for the borders with Russia and Belarus, 10 km for the front,
4.5 km for third states), and for cities the 0.1 degree of their places, which the radius has to cover.
Routes are the model's: two straight legs, not the way anything flew.
"""

import functools
from collections.abc import Collection, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple, Protocol

import numpy as np

from skyshield.core.arrays import Codes, Flags, Floats
from skyshield.core.errors import SkyShieldError
from skyshield.core.files import read_yaml
from skyshield.core.vocabulary import INCIDENT_KINDS
from skyshield.theatre import Theatre, built_up_area, near_border_area, near_front_area, third_states
from skyshield.theatre.crossing import inside_parts

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry


TABLE = Path(__file__).parent / "data" / "places.yaml"
NO_STATE = -1
_ROUNDING_M = 1.0
DISTANCES = ("near_border_distance", "near_front_distance", "built_up_radius")  # what the marks read


class _HasReference(Protocol):
    @property
    def reference_si(self) -> float: ...


class IncidentMarks(NamedTuple):
    """Parts of routes, metres along the route, ascending within a route and padded with infinity."""

    border_start_m: Floats  # [route, part] within near_border_distance of Russia or Belarus
    border_end_m: Floats
    front_start_m: Floats  # [route, part] within near_front_distance of occupied territory, or over it
    front_end_m: Floats
    built_up_start_m: Floats  # [route, part] within built_up_radius of a city
    built_up_end_m: Floats
    third_start_m: Floats  # [route, part] in a third state
    third_end_m: Floats
    third_state: Codes  # [route, part] index into the theatre's neighbours, NO_STATE where padded
    crosses_none: Flags  # [route] 1 where the whole route has none of these parts


class IncidentPlaces(NamedTuple):
    """Places that make an event an incident of its own, as `data/places.yaml` has them."""

    entering: Mapping[str, str]  # third state: the incident that a threat entering it is
    strays_from: tuple[str, ...]  # macro-regions
    embassies_in: str  # an oblast


@functools.cache
def incident_places() -> IncidentPlaces:
    """Return the shipped table.

    Examples
    --------
    >>> places = incident_places()
    >>> places.entering["Moldova"], places.strays_from
    ('crossing_moldova', ('west',))
    """
    content = read_yaml(TABLE)
    return IncidentPlaces(MappingProxyType(content["entering"]), tuple(content["strays_from"]),
                          content["embassies_in"])


def crossing_kinds(theatre: Theatre, entering: Mapping[str, str]) -> Codes:
    """Return i8[state]: the incident, by its place in `INCIDENT_KINDS`, that entering each of the third states is.

    Raises
    ------
    SkyShieldError
        If a state of the theatre has none, or one that is no kind of incident.

    Examples
    --------
    >>> from skyshield.theatre import load_theatre
    >>> [INCIDENT_KINDS[k] for k in crossing_kinds(load_theatre(), incident_places().entering)][:2]
    ['crossing_hungary', 'crossing_moldova']
    """
    for state in theatre.neighbours:
        if entering.get(state.name) not in INCIDENT_KINDS:
            raise SkyShieldError(f"{TABLE.name}: entering: {state.name}", "has no kind of incident",
                                 f"use one of {', '.join(kind for kind in INCIDENT_KINDS if 'crossing' in kind)}")
    return np.array([INCIDENT_KINDS.index(entering[state.name]) for state in theatre.neighbours], np.int8)


def incident_marks(theatre: Theatre, x_m: Floats, y_m: Floats, catalogue: Mapping[str, _HasReference]) -> IncidentMarks:
    """Mark the parts of routes in which an event would be an incident.

    Parameters
    ----------
    theatre
        The map.
    x_m, y_m
        f8[route, 3], the routes' points on the plane.
    catalogue
        Holds `DISTANCES`.

    Examples
    --------
    A route from the Black Sea over Moldova:

    >>> from skyshield.catalogue import load_catalogue
    >>> from skyshield.core.geodesy import to_plane
    >>> from skyshield.theatre import load_theatre
    >>> theatre = load_theatre()
    >>> x_m, y_m = to_plane([[31.5, 30.0, 26.0]], [[45.5, 46.5, 48.3]])
    >>> marks = incident_marks(theatre, x_m, y_m, load_catalogue())
    >>> theatre.neighbours[marks.third_state[0, 0]].name, int(marks.crosses_none[0])
    ('Moldova', 0)
    """
    border_m, front_m, radius_m = (catalogue[key].reference_si for key in DISTANCES)
    border = inside_parts(x_m, y_m, near_border_area(theatre, border_m))
    front = inside_parts(x_m, y_m, near_front_area(theatre, front_m))
    built_up = inside_parts(x_m, y_m, built_up_area(theatre, radius_m))
    start, end, state = _by_state(x_m, y_m, list(third_states(theatre).values()))
    crosses_none = np.all([~np.isfinite(parts[:, 0]) for parts in (border[0], front[0], built_up[0], start)], axis=0)
    return IncidentMarks(*border, *front, *built_up, start, end, state, crosses_none.astype(np.uint8))


def last_part_from(theatre: Theatre, x_m: Floats, y_m: Floats, regions: Collection[str]) -> Floats:
    """Return f8[route]: from where on a route is above macro-regions until its end, infinite if it does not end there.

    Examples
    --------
    Over Vinnytsia to Lviv, and the other way round:

    >>> from skyshield.core.geodesy import to_plane
    >>> from skyshield.theatre import load_theatre
    >>> x_m, y_m = to_plane([[30.0, 27.0, 24.0], [24.0, 27.0, 30.0]], [[49.0, 49.4, 49.8], [49.8, 49.4, 49.0]])
    >>> last_part_from(load_theatre(), x_m, y_m, ("west",)).round(-4).tolist()
    [160000.0, inf]
    """
    from shapely import union_all

    from skyshield.theatre import plane_oblast

    area = union_all([plane_oblast(theatre, o.name) for o in theatre.oblasts if o.macro_region in regions])
    start, end = inside_parts(x_m, y_m, area)
    length = np.hypot(np.diff(x_m, axis=1), np.diff(y_m, axis=1)).sum(axis=1)
    last = (end >= length[:, None] - _ROUNDING_M) & np.isfinite(end)
    return np.asarray(np.where(last, start, np.inf).min(axis=1))


def nearest_states(theatre: Theatre, x_m: Floats, y_m: Floats, states: Collection[str]) -> Codes:
    """Return i8[point]: the nearest of some third states to points on the plane, by its place in the theatre.

    Examples
    --------
    >>> from skyshield.core.geodesy import to_plane
    >>> from skyshield.theatre import load_theatre
    >>> theatre = load_theatre()
    >>> result = nearest_states(theatre, *to_plane([24.0, 28.8], [49.8, 47.0]), {"Poland", "Romania"})
    >>> [theatre.neighbours[k].name for k in result]
    ['Poland', 'Romania']
    """
    import shapely

    names = [name for name in third_states(theatre) if name in states]
    shapes = [third_states(theatre)[name] for name in names]
    distance_m = np.stack([shapely.distance(shape, shapely.points(x_m, y_m)) for shape in shapes])
    index = np.array([list(third_states(theatre)).index(name) for name in names])
    return np.asarray(index[distance_m.argmin(axis=0)], np.int8)


def _by_state(x_m: Floats, y_m: Floats, states: list["BaseGeometry"]) -> tuple[Floats, Floats, Codes]:
    """Return the parts in any of the states in ascending order, and which state each is in."""
    parts_by_state = [inside_parts(x_m, y_m, area) for area in states]
    start = np.concatenate([a for a, _ in parts_by_state] or [np.full((len(x_m), 1), np.inf)], axis=1)
    end = np.concatenate([b for _, b in parts_by_state] or [start], axis=1)
    number = [np.full(a.shape[1], index, np.int8) for index, (a, _) in enumerate(parts_by_state)]
    state = np.broadcast_to(np.concatenate(number or [np.full(1, NO_STATE, np.int8)]), start.shape)
    order = np.argsort(start, axis=1, kind="stable")
    start, end, state = (np.take_along_axis(values, order, axis=1) for values in (start, end, state))
    width = max(1, int(np.isfinite(start).sum(axis=1).max(initial=0)))
    state = np.where(np.isfinite(start), state, NO_STATE).astype(np.int8)
    return (np.ascontiguousarray(start[:, :width]), np.ascontiguousarray(end[:, :width]),
            np.ascontiguousarray(state[:, :width]))
