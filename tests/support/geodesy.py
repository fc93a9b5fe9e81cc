"""Distances on the ellipsoid, independent of the plane that the program works on."""

from pyproj import Geod


def geodesic_m(lon1_deg, lat1_deg, lon2_deg, lat2_deg):
    """Return the geodesic distance on the WGS 84 ellipsoid in metres."""
    return float(Geod(ellps="WGS84").inv(lon1_deg, lat1_deg, lon2_deg, lat2_deg)[2])
