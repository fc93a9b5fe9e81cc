"""Reach and sight: coverage, chords and horizons against geodesics on the ellipsoid and formulas of the plane.

Geodesics are Karney's (PROJ) or Vincenty's, written out here. Points are drawn evenly over the ground: the plane of the
product stretches distances across the radius by less than 0.02% within 200 km of its centre, far below what the drawn
points can show.
"""

import math

import numpy as np
import numpy.typing as npt

from skyshield.core.arrays import Floats
from skyshield.core.geodesy import CENTRE_LAT_DEG, CENTRE_LON_DEG, to_plane
from skyshield.evidence.verification.case import Case, CaseResult
from skyshield.evidence.verification.nights import nightly
from skyshield.evidence.verification.worlds import (
    make_certain_season,
    make_forces,
    make_raids,
    make_routes,
    make_world,
)
from skyshield.forces.coverage import lens_area_m2
from skyshield.forces.sensors import Sensor, covered_m, sensor_named
from skyshield.theatre import Zone, load_theatre, zone_polygon

POINTS = 200_000
ZONE_CITY, ZONE_RADIUS_M = "Cherkasy", 60_000.0
SHOOTER_CITY, SENSOR_CITY, REACH_M = "Zhytomyr", "Vinnytsia", 100_000.0
KM_PER_ROOT_M = 4.12  # of height, on an earth of 4/3 of its radius
OFFSET_M, CHORD_REACH_M, SPEED_M_S = 30_000.0, 50_000.0, 50.0
FAR_LON_DEG, FAR_LAT_DEG = 24.03, 49.84
_MAJOR_M, _FLATTENING = 6_378_137.0, 1.0 / 298.257223563
_BOX_LON_DEG, _BOX_LAT_DEG = 0.9, 0.6  # half the sides of the box around the zone's city
_MAX_ITERATIONS, _HALVINGS = 40, 60
_MAST_M, _TARGET_M = 30.0, 1_000.0
_NO_LIMIT_M = 1e9


def vincenty_m(lon_1: float, lat_1: float, lon_2: float, lat_2: float) -> float:
    """Return the geodesic distance of two points in degrees, on the WGS 84 ellipsoid, metres.

    Source: Vincenty, "Direct and inverse solutions of geodesics on the ellipsoid", Survey Review 23 (1975).

    Examples
    --------
    >>> round(vincenty_m(31.0, 49.0, 24.03, 49.84) / 1000)
    514
    """
    minor = _MAJOR_M * (1.0 - _FLATTENING)
    u_1, u_2 = (math.atan((1.0 - _FLATTENING) * math.tan(math.radians(lat))) for lat in (lat_1, lat_2))
    difference = longitude = math.radians(lon_2 - lon_1)
    for _ in range(_MAX_ITERATIONS):
        sine = math.hypot(math.cos(u_2) * math.sin(longitude),
                          math.cos(u_1) * math.sin(u_2) - math.sin(u_1) * math.cos(u_2) * math.cos(longitude))
        cosine = math.sin(u_1) * math.sin(u_2) + math.cos(u_1) * math.cos(u_2) * math.cos(longitude)
        arc = math.atan2(sine, cosine)
        sin_a = math.cos(u_1) * math.cos(u_2) * math.sin(longitude) / sine
        cos2_a = 1.0 - sin_a**2
        middle = cosine - 2.0 * math.sin(u_1) * math.sin(u_2) / cos2_a
        c = _FLATTENING / 16.0 * cos2_a * (4.0 + _FLATTENING * (4.0 - 3.0 * cos2_a))
        longitude = difference + (1.0 - c) * _FLATTENING * sin_a * (
            arc + c * sine * (middle + c * cosine * (2.0 * middle**2 - 1.0)))
    k2 = cos2_a * (_MAJOR_M**2 - minor**2) / minor**2
    a = 1.0 + k2 / 16384.0 * (4096.0 + k2 * (-768.0 + k2 * (320.0 - 175.0 * k2)))
    b = k2 / 1024.0 * (256.0 + k2 * (-128.0 + k2 * (74.0 - 47.0 * k2)))
    short = b * sine * (middle + b / 4.0 * (cosine * (2.0 * middle**2 - 1.0) - b / 6.0 * middle * (
        4.0 * sine**2 - 3.0) * (4.0 * middle**2 - 3.0)))
    return minor * a * (arc - short)


def gauss_radius_m(lat_deg: float) -> float:
    """Return the radius of the sphere that bends as the ellipsoid does at a latitude, metres.

    Examples
    --------
    >>> round(gauss_radius_m(0.0)), round(gauss_radius_m(90.0))
    (6356752, 6399594)
    """
    e2 = _FLATTENING * (2.0 - _FLATTENING)
    return _MAJOR_M * math.sqrt(1.0 - e2) / (1.0 - e2 * math.sin(math.radians(lat_deg)) ** 2)


def _authalic(lat_deg: npt.ArrayLike) -> Floats:
    """Return what grows by as much as the area of the ellipsoid between parallels, over the square of its radius."""
    e = math.sqrt(_FLATTENING * (2.0 - _FLATTENING))
    s = np.sin(np.radians(np.asarray(lat_deg, float)))
    return np.asarray((1.0 - e * e) / 2.0 * (s / (1.0 - e * e * s * s) + np.arctanh(e * s) / e))


def _zone_area(seed: int, factor: float) -> CaseResult:
    """Draw points evenly over a box of the ellipsoid; count those that the product puts into a zone around a city."""
    import shapely

    theatre = load_theatre()
    city, g = theatre.city(ZONE_CITY), np.random.default_rng(seed)
    lats = np.linspace(city.lat - _BOX_LAT_DEG, city.lat + _BOX_LAT_DEG, 4001)
    lon = city.lon + _BOX_LON_DEG * (2.0 * g.random(POINTS) - 1.0)
    heights = _authalic(lats)
    lat = np.interp(heights[0] + (heights[-1] - heights[0]) * g.random(POINTS), heights, lats)
    zone = zone_polygon(theatre, Zone("city", places=(ZONE_CITY,), radius_m=ZONE_RADIUS_M * factor))
    inside = shapely.contains_xy(zone, *to_plane(lon, lat))
    box_m2 = _MAJOR_M**2 * math.radians(2.0 * _BOX_LON_DEG) * float(heights[-1] - heights[0])
    radius_m = gauss_radius_m(city.lat)
    cap_m2 = 4.0 * math.pi * radius_m**2 * math.sin(ZONE_RADIUS_M / radius_m / 2.0) ** 2
    share = float(inside.mean())
    return CaseResult(cap_m2 / box_m2, share, math.sqrt(share * (1.0 - share) / POINTS), POINTS)


def _sensor(name: str, height_m: float, target_m: float) -> tuple[Sensor, dict[str, Floats]]:
    """Return a sort of sensor and the numbers that say how far it sees a UAV: no limit but the horizon."""
    from skyshield.catalogue import load_catalogue

    sensor = sensor_named(name)
    constant = load_catalogue()["radar_horizon_constant"].reference_si
    numbers = {sensor.quality: 1.0, str(sensor.height): height_m, str(sensor.range_): _NO_LIMIT_M,
               "radar_horizon_constant": constant, "geran2_altitude": target_m, "cruise_altitude": target_m,
               "ballistic_altitude": target_m}
    return sensor, {key: np.array([value]) for key, value in numbers.items()}


def _covered(seed: int, factor: float) -> CaseResult:
    """Draw points evenly over the ground that a battery reaches; count those that a radar elsewhere sees."""
    from pyproj import Geod

    theatre, g = load_theatre(), np.random.default_rng(seed)
    shooter, sensor_city = theatre.city(SHOOTER_CITY), theatre.city(SENSOR_CITY)
    earth, radius_m = Geod(ellps="WGS84"), gauss_radius_m(shooter.lat)
    distance_m = 2.0 * radius_m * np.arcsin(np.sin(REACH_M / radius_m / 2.0) * np.sqrt(g.random(POINTS)))
    ones = np.ones(POINTS)
    lon, lat, _ = earth.fwd(shooter.lon * ones, shooter.lat * ones, 360.0 * g.random(POINTS), distance_m)
    horizon_m = KM_PER_ROOT_M * 1e3 * (math.sqrt(_MAST_M) + math.sqrt(_TARGET_M))
    exact = float((earth.inv(lon, lat, sensor_city.lon * ones, sensor_city.lat * ones)[2] <= horizon_m).mean())
    sensor, numbers = _sensor("ground_radar", _MAST_M * factor**2, _TARGET_M * factor**2)
    x_m, y_m = to_plane([shooter.lon], [shooter.lat])
    result = covered_m(sensor, [SENSOR_CITY], theatre, numbers, x_m, y_m, np.full((1, 1, 3), REACH_M))
    return CaseResult(exact, float(result[0, 0, 0]), math.sqrt(exact * (1.0 - exact) / POINTS), POINTS)


def _radial(_seed: int, factor: float) -> CaseResult:
    lon = CENTRE_LON_DEG + (FAR_LON_DEG - CENTRE_LON_DEG) * factor
    x_m, y_m = to_plane(lon, FAR_LAT_DEG)
    return CaseResult(vincenty_m(CENTRE_LON_DEG, CENTRE_LAT_DEG, FAR_LON_DEG, FAR_LAT_DEG), math.hypot(x_m, y_m))


def _lens(_seed: int, factor: float) -> CaseResult:
    """Compare with the sum of two segments of circles, each a sector less a triangle."""
    r, larger, d = 40e3, 54e3, 50e3
    half_angle, larger_half_angle = math.acos((d * d + r * r - larger * larger) / (2 * d * r)), math.acos(
        (d * d + larger * larger - r * r) / (2 * d * larger))
    exact = sum(radius**2 * (angle - math.sin(angle) * math.cos(angle))
                for radius, angle in ((r, half_angle), (larger, larger_half_angle)))
    return CaseResult(exact, float(lens_area_m2(np.array(r), np.array(larger * factor), np.array(d))))


def _chord(seed: int, factor: float) -> CaseResult:
    """Look for the longest work that a shooter beside a route still begins: it takes as long as the chord is flown."""
    routes = make_routes(speed_m_s=SPEED_M_S)
    raids = make_raids(season=make_certain_season(1))
    low_s, high_s = 0.0, routes.length_m[0] / SPEED_M_S
    for _ in range(_HALVINGS):
        middle_s = (low_s + high_s) / 2.0
        forces = make_forces((((routes.length_m[0] / 2.0, OFFSET_M),),), reach_m=CHORD_REACH_M * factor,
                             work_s=middle_s)
        begun = nightly(make_world(raids=raids, routes=routes, forces=forces), seed, 1)["engaged"][0] > 0.0
        low_s, high_s = (middle_s, high_s) if begun else (low_s, middle_s)
    return CaseResult(2.0 * math.sqrt(CHORD_REACH_M**2 - OFFSET_M**2) / SPEED_M_S, low_s)


def _horizon(name: str, sensor_text: str, sensor: str, height_m: float, target_m: float) -> Case:
    def play(_seed: int, factor: float) -> CaseResult:
        instrument, numbers = _sensor(sensor, height_m * factor, target_m)
        exact_m = KM_PER_ROOT_M * 1e3 * (math.sqrt(height_m) + math.sqrt(target_m))
        return CaseResult(exact_m, float(instrument.radius_m(numbers)[0, 0]))

    return Case(name, "radar horizon", f"how far {sensor_text} at {height_m:,.0f} m sees a UAV at {target_m:,.0f} m, "
                "in metres: 4.12 km for each root of a metre of both heights", play, "the height of the sensor")


CASES: tuple[Case, ...] = (
    Case("coverage_distance", "coverage",
         "metres on the plane from its centre to Lviv: the geodesic by Vincenty's formula", _radial,
         "how far west the place lies"),
    Case("coverage_zone_area", "coverage",
         f"points of the ground around {ZONE_CITY} that lie in its zone of 60 km: the area within a geodesic circle "
         "over that of the box", _zone_area, "the radius of the zone"),
    Case("coverage_sensor", "coverage",
         f"the share of the ground in reach of {SHOOTER_CITY} that a radar in {SENSOR_CITY} covers: drawn points, "
         "each at its geodesic distance", _covered, "the distance at which the radar sees"),
    Case("coverage_lens", "coverage", "area in common of two discs: the sum of two segments of circles", _lens,
         "the radius of one disc"),
    Case("coverage_chord", "coverage", "the longest engagement, in seconds, that a shooter beside a route begins in "
         "the engine: the chord 2 sqrt(R^2 - d^2) over the speed", _chord, "the shooter's reach R"),
    _horizon("horizon_mast_low", "a radar mast", "ground_radar", _MAST_M, 60.0),
    _horizon("horizon_mast_high", "a radar mast", "ground_radar", _MAST_M, 2_500.0),
    _horizon("horizon_aerostat", "an aerostat", "aerostats", 3_000.0, 60.0),
    _horizon("horizon_aircraft", "an early-warning aircraft", "airborne_early_warning", 9_000.0, 60.0))
