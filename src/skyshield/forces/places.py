"""Places that a scenario names, on the plane: cities, sites of interests, bases."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from skyshield.core.arrays import Floats
from skyshield.core.errors import SkyShieldError
from skyshield.core.geodesy import to_plane
from skyshield.theatre import Theatre, own_plane
from skyshield.theatre.model import Base, City, SeaArea, Site


class NamedPlaces(NamedTuple):
    """Names that a field of a package holds, and where they must be known: see `places_xy`."""

    field: str
    names: tuple[str, ...]
    sort: str


def places_xy(theatre: Theatre, names: Sequence[str], kind: str) -> tuple[Floats, Floats]:
    """Return plane coordinates of named cities and sites (`place`), of bases (`base`), or of all these (`anywhere`).

    An area at sea (`sea`) is a point of the coarse grid; an oblast (`oblast`) stands at its largest city in held
    territory.

    Raises
    ------
    SkyShieldError
        If the theatre has no such place; close matches are named. If an oblast is occupied.

    Examples
    --------
    >>> from skyshield.theatre import load_theatre
    >>> x_m, y_m = places_xy(load_theatre(), ["Kyiv", "Lviv"], "place")
    >>> bool(x_m[0] > x_m[1]), y_m.shape
    (True, (2,))
    """
    from difflib import get_close_matches

    if kind == "oblast":
        return _oblasts_xy(theatre, names)
    known: dict[str, Base | City | SeaArea | Site] = {}
    if kind == "sea":
        known |= {area.name: area for area in theatre.sea_areas}
    elif kind != "place":
        known |= {base.name: base for base in theatre.bases}
    if kind not in ("base", "sea"):
        known |= {city.name: city for city in theatre.cities}
        known |= {site.name: site for interest in theatre.interests for site in interest.sites
                  if site.kind == "point" and site.name not in known}
    for name in names:
        if name not in known:
            near = get_close_matches(name, known, n=3, cutoff=0.5) or sorted(known)[:3]
            what = {"base": "base", "sea": "sea area"}.get(kind, "place")
            raise SkyShieldError(f"{what} {name!r}", "is not in the theatre", f"did you mean {', '.join(near)}?")
    return to_plane([known[n].lon for n in names], [known[n].lat for n in names])


def _oblasts_xy(theatre: Theatre, names: Sequence[str]) -> tuple[Floats, Floats]:
    """Return plane coordinates of oblasts: of the largest city of each that lies in held territory."""
    from difflib import get_close_matches

    import shapely

    at: dict[str, tuple[float, float]] = {}
    for city in sorted(theatre.cities, key=lambda city: city.population_thousand or 0.0):
        x, y = to_plane(city.lon, city.lat)
        if shapely.contains_xy(own_plane(theatre), x, y):
            at[city.oblast] = float(x), float(y)
    occupied = {oblast.name: oblast.occupied for oblast in theatre.oblasts}
    held = [name for name in occupied if name in at and not occupied[name]]
    for name in names:
        if name not in occupied:
            near = get_close_matches(name, held, n=3, cutoff=0.5) or sorted(held)[:3]
            raise SkyShieldError(f"oblast {name!r}", "is no oblast of Ukraine", f"did you mean {', '.join(near)}?")
        if name not in held:
            raise SkyShieldError(f"oblast {name!r}", "is occupied, or has no larger city in held territory",
                                 "name one that Ukraine holds")
    return np.array([at[name][0] for name in names]), np.array([at[name][1] for name in names])
