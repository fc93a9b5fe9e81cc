r"""How much of what a shooter reaches a sensor sees: two discs and what they have in common.

A shooter reaches a disc of radius r, a sensor sees one of radius R, their centres are d apart. The share of the
shooter's disc that lies in the sensor's is the area of the lens over pi r^2. The lens of two circles that cross,
|R - r| < d < R + r, is

    r^2 acos((d^2 + r^2 - R^2) / (2 d r)) + R^2 acos((d^2 + R^2 - r^2) / (2 d R))
        - sqrt((r + R - d)(d + r - R)(d - r + R)(d + r + R)) / 2;

circles further apart share nothing, and of one inside the other all of it is shared. R is the sensor's radar horizon
on a 4/3 earth at the height of the threat (`capabilities.radar_horizon_m`), or the range of the instrument if that is
less. Assumptions: the earth is flat but for the horizon, no terrain stands in the way, and threats are spread evenly
over the shooter's disc.
"""

import numpy as np

from skyshield.core.arrays import Floats


def lens_area_m2(one_m: Floats, other_m: Floats, apart_m: Floats) -> Floats:
    """Return the area that two discs have in common.

    Parameters
    ----------
    one_m, other_m
        Their radii, f8 of shapes that broadcast, at least 0.
    apart_m
        Distance of their centres.

    Examples
    --------
    Apart, one in the other, and two of radius 1 m through each other's centre:

    >>> result = lens_area_m2(np.array([1.0, 1.0, 1.0]), np.array([1.0, 3.0, 1.0]), np.array([2.0, 1.0, 1.0]))
    >>> result.round(4).tolist()
    [0.0, 3.1416, 1.2284]
    """
    one, other, apart = np.broadcast_arrays(one_m, other_m, apart_m)
    cross = (apart < one + other) & (apart > np.abs(one - other))
    r, big, d = np.where(cross, one, 1.0), np.where(cross, other, 1.0), np.where(cross, apart, 1.0)
    kite = np.sqrt(np.maximum((r + big - d) * (d + r - big) * (d - r + big) * (d + r + big), 0.0))
    corner = np.arctan2(kite, d * d + r * r - big * big)  # the arc cosine, without its loss near 1
    other_corner = np.arctan2(kite, d * d + big * big - r * r)
    whole = np.where(apart < one + other, np.pi * np.minimum(one, other) ** 2, 0.0)
    return np.asarray(np.where(cross, r * r * corner + big * big * other_corner - kite / 2.0, whole))


def covered_share(reach_m: Floats, radius_m: Floats, apart_m: Floats) -> Floats:
    """Return the share of discs of radius `reach_m` within `radius_m` of points `apart_m` away; 0 of no disc.

    Examples
    --------
    A battery of 40 km, a radar that sees 54 km, at distances of 0, 50 and 94 km:

    >>> covered_share(np.array(40e3), np.array(54e3), np.array([0.0, 50e3, 94e3])).round(2).tolist()
    [1.0, 0.48, 0.0]
    """
    disc = np.pi * np.asarray(reach_m) ** 2
    shared = lens_area_m2(reach_m, radius_m, apart_m)
    return np.asarray(np.clip(np.divide(shared, disc, out=np.zeros_like(shared), where=disc > 0.0), 0.0, 1.0))
