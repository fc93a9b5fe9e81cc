"""In which oblast a place lies, and in which coarse cell of the map."""

import functools
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from skyshield.core.geodesy import to_geographic, to_plane
from skyshield.monitoring.attribution.evidence import ends

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

OUTSIDE = "elsewhere"
"""Sea, or land beyond the borders."""


@functools.cache
def _oblasts() -> tuple[tuple[str, "BaseGeometry"], ...]:
    from skyshield.theatre import load_theatre, plane_oblast

    theatre = load_theatre()
    return tuple((oblast.name, plane_oblast(theatre, oblast.name)) for oblast in theatre.oblasts)


def areas_of(lon_deg: npt.ArrayLike, lat_deg: npt.ArrayLike) -> list[str]:
    """Return the oblast of each place, `OUTSIDE` where it lies in none.

    Examples
    --------
    >>> areas_of([37.8, 30.5, 31.0], [48.0, 50.45, 45.0])
    ['Donetsk', 'Kyiv City', 'elsewhere']
    """
    from shapely import contains_xy

    x, y = to_plane(lon_deg, lat_deg)
    found = np.full(x.shape, OUTSIDE, dtype=object)
    for name, shape in _oblasts():
        left = np.flatnonzero(found == OUTSIDE)
        if not len(left):
            break
        found[left[contains_xy(shape, x[left], y[left])]] = name
    return [str(name) for name in found]


def cell_m() -> float:
    """Return the width of a cell in metres."""
    return ends("daily_report_cell")[0]


def cells_of(lon_deg: npt.ArrayLike, lat_deg: npt.ArrayLike) -> list[tuple[int, int]]:
    """Return the cell of each place: whole numbers of cells east and north of the plane's centre.

    Examples
    --------
    >>> cells_of([31.0, 30.9], [49.0, 48.9])
    [(0, 0), (-1, -1)]
    """
    x, y = to_plane(lon_deg, lat_deg)
    width = cell_m()
    return [(int(east), int(north)) for east, north in zip(np.floor(x / width), np.floor(y / width), strict=True)]


def corners_of(cell: tuple[int, int]) -> list[tuple[float, float]]:
    """Return the corners of a cell in degrees, anticlockwise, the first again at the end."""
    width = cell_m()
    east, north = cell
    x = np.array([east, east + 1, east + 1, east, east]) * width
    y = np.array([north, north, north + 1, north + 1, north]) * width
    lon, lat = to_geographic(x, y)
    return list(zip(lon.tolist(), lat.tolist(), strict=True))
