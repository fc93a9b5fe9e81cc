"""Places that a scenario names, on the plane: cities, sites of interests, bases."""

from collections.abc import Sequence
from typing import NamedTuple

from skyshield.core.arrays import Floats
from skyshield.core.errors import SkyShieldError
from skyshield.core.geodesy import to_plane
from skyshield.theatre import Theatre
from skyshield.theatre.model import Base, City, Site


class NamedPlaces(NamedTuple):
    """Names that a field of a package holds, and where they must be known: see `places_xy`."""

    field: str
    names: tuple[str, ...]
    sort: str


def places_xy(theatre: Theatre, names: Sequence[str], kind: str) -> tuple[Floats, Floats]:
    """Return plane coordinates of named cities and sites (`place`), of bases (`base`), or of all these (`anywhere`).

    Raises
    ------
    SkyShieldError
        If the theatre has no such place; close matches are named.

    Examples
    --------
    >>> from skyshield.theatre import load_theatre
    >>> x_m, y_m = places_xy(load_theatre(), ["Kyiv", "Lviv"], "place")
    >>> bool(x_m[0] > x_m[1]), y_m.shape
    (True, (2,))
    """
    from difflib import get_close_matches

    known: dict[str, Base | City | Site] = {}
    if kind != "place":
        known |= {base.name: base for base in theatre.bases}
    if kind != "base":
        known |= {city.name: city for city in theatre.cities}
        known |= {site.name: site for interest in theatre.interests for site in interest.sites
                  if site.kind == "point" and site.name not in known}
    for name in names:
        if name not in known:
            near = get_close_matches(name, known, n=3, cutoff=0.5) or sorted(known)[:3]
            what = "base" if kind == "base" else "place"
            raise SkyShieldError(f"{what} {name!r}", "is not in the theatre", f"did you mean {', '.join(near)}?")
    return to_plane([known[n].lon for n in names], [known[n].lat for n in names])
