"""One azimuthal plane for all geometry.

Positions are WGS 84 longitude and latitude at the edges and metres on an azimuthal equidistant
plane inside: distances from the centre are exact, others are stretched across the radius by at most
(r/R)/sin(r/R) ≈ 1 + r²/6R². Over the theatre (`THEATRE_BOUNDS_DEG`, which holds Ukraine, the launch
areas and the bases) a distance on the plane differs from the geodesic by at most `PLANE_ERROR`;
``tests/unit/core/test_geodesy.py`` measures it against an independent geodesic.

Source: Snyder, Map Projections: A Working Manual, USGS 1395, pp. 191-202; PROJ ``aeqd``.
"""

import functools

import numpy as np
import numpy.typing as npt

from skyshield.core.arrays import Floats

CENTRE_LON_DEG = 31.0
CENTRE_LAT_DEG = 49.0
THEATRE_BOUNDS_DEG = (19.0, 43.0, 43.0, 56.0)
PLANE_ERROR = 0.004


_PLANE = f"+proj=aeqd +lat_0={CENTRE_LAT_DEG} +lon_0={CENTRE_LON_DEG} +ellps=WGS84"
_DEGREES = "+proj=unitconvert +xy_in=deg +xy_out=rad"


@functools.cache
def _transformer(inverse: bool) -> object:
    from pyproj import Transformer

    steps = f"+inv {_PLANE} +step +inv {_DEGREES}" if inverse else f"{_DEGREES} +step {_PLANE}"
    return Transformer.from_pipeline(f"+proj=pipeline +step {steps}")  # steps need no database of reference systems


def to_plane(lon_deg: npt.ArrayLike, lat_deg: npt.ArrayLike) -> tuple[Floats, Floats]:
    """Project longitude and latitude (degrees) to plane coordinates (metres).

    Examples
    --------
    >>> x_m, y_m = to_plane(31.0, 49.0)
    >>> float(x_m), float(y_m)
    (0.0, 0.0)
    """
    x, y = _transformer(False).transform(np.asarray(lon_deg, float), np.asarray(lat_deg, float))  # type: ignore[attr-defined]
    return np.asarray(x, float), np.asarray(y, float)


def to_geographic(x_m: npt.ArrayLike, y_m: npt.ArrayLike) -> tuple[Floats, Floats]:
    """Return longitude and latitude (degrees) of plane coordinates (metres)."""
    lon, lat = _transformer(True).transform(np.asarray(x_m, float), np.asarray(y_m, float))  # type: ignore[attr-defined]
    return np.asarray(lon, float), np.asarray(lat, float)
