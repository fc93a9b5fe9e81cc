"""The coarse theatre against real outlines, which are read from SKYSHIELD_DATA and never shipped.

`PLACES` are the shipped cities at 0.01° (public positions), so that the error of the lines and the
error of the rounding can be told apart. The measured figures are printed (``pytest -rP``) and stand
in ``data/PROVENANCE.md``.
"""

import json
import math
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
import shapely
from shapely.geometry import shape

from skyshield.core.geodesy import to_plane
from skyshield.theatre import (
    border_belarus_plane,
    border_russia_plane,
    control_line_plane,
    front_plane,
    load_theatre,
    occupied_plane,
    plane_oblast,
    plane_point,
    third_states,
    ukraine_plane,
)

THEATRE = load_theatre()
ERROR = THEATRE.geometry_error_m
PLACES = {
    "Kyiv": (30.52, 50.45), "Lviv": (24.03, 49.84), "Uzhhorod": (22.29, 48.62), "Vinnytsia": (28.47, 49.23),
    "Lutsk": (25.33, 50.75), "Dnipro": (35.05, 48.46), "Kryvyi Rih": (33.39, 47.91), "Donetsk": (37.80, 48.02),
    "Kramatorsk": (37.56, 48.74), "Mariupol": (37.54, 47.10), "Zhytomyr": (28.66, 50.25),
    "Zaporizhzhia": (35.14, 47.84), "Ivano-Frankivsk": (24.71, 48.92), "Bila Tserkva": (30.12, 49.80),
    "Kropyvnytskyi": (32.26, 48.51), "Luhansk": (39.31, 48.57), "Mykolaiv": (31.99, 46.97), "Odesa": (30.72, 46.48),
    "Izmail": (28.84, 45.35), "Poltava": (34.55, 49.59), "Kremenchuk": (33.42, 49.07), "Rivne": (26.25, 50.62),
    "Sumy": (34.80, 50.91), "Ternopil": (25.59, 49.55), "Kharkiv": (36.23, 49.99), "Kherson": (32.62, 46.64),
    "Khmelnytskyi": (26.99, 49.42), "Cherkasy": (32.06, 49.44), "Chernivtsi": (25.94, 48.29),
    "Chernihiv": (31.29, 51.50), "Simferopol": (34.10, 44.95), "Sevastopol": (33.52, 44.61),
    "Mukachevo": (22.72, 48.44), "Mostyska": (23.15, 49.79), "Kovel": (24.71, 51.22), "Uman": (30.22, 48.75)}
INLAND = [o.name for o in THEATRE.oblasts if o.name not in (
    "Crimea", "Sevastopol", "Donetsk", "Kherson", "Mykolaiv", "Odesa", "Zaporizhzhia", "Kyiv", "Kyiv City")]
STEP_M = 500.0
BESIDE_M = 15_000.0
PATCH_KM2 = 5.0
FOOTHOLD_KM2 = 250.0  # separate patches below this are the cross-border footholds, drawn as lines without area


@dataclass
class Real:
    oblasts: dict[str, shapely.Geometry]
    lines: dict[str, shapely.Geometry]
    occupied: shapely.Geometry  # without the footholds


def on_plane(geometry: object) -> shapely.Geometry:
    def move(degrees: np.ndarray) -> np.ndarray:
        return np.column_stack(to_plane(degrees[:, 0], degrees[:, 1]))

    return shapely.make_valid(shapely.transform(shape(geometry), move))


@pytest.fixture(scope="module")
def real(data_dir: Path) -> Real:
    units = json.loads((data_dir / "boundaries" / "ua_oblasts_adm1.geojson").read_text("utf-8"))["features"]
    control = json.loads((data_dir / "control" / "control_20260228.geojson").read_text("utf-8"))["features"]
    oblasts = {f["properties"]["shapeISO"]: on_plane(f["geometry"]) for f in units}
    outline = shapely.points(shapely.get_coordinates(
        shapely.segmentize(shapely.union_all(list(oblasts.values())).boundary, STEP_M)))
    coarse = {"border_russia": border_russia_plane(THEATRE), "border_belarus": border_belarus_plane(THEATRE)}
    distance = {name: shapely.distance(line, outline) for name, line in coarse.items()}
    nearest = np.minimum(*distance.values())
    lines = {}
    for name, line in coarse.items():
        along = shapely.line_locate_point(line, outline)
        part = (distance[name] == nearest) & (nearest < BESIDE_M) & (along > 0) & (along < line.length)
        lines[name] = shapely.MultiPoint(outline[part])
    whole = on_plane(control[0]["geometry"])
    kinburn = plane_point(31.7, 46.4)
    parts = [p for p in whole.geoms if p.area > FOOTHOLD_KM2 * 1e6 or p.distance(kinburn) < 50_000.0]
    lines["control_line"] = whole
    return Real(oblasts, lines, shapely.MultiPolygon(parts))


COARSE = {"border_russia": border_russia_plane, "border_belarus": border_belarus_plane,
          "control_line": front_plane}


def errors_m(real: Real, line: str, rounded: bool) -> np.ndarray:
    """Coarse minus real distance of every city from a line, with the shipped or the real position."""
    result = []
    for city in THEATRE.cities:
        exact = plane_point(*PLACES[city.name])
        coarse = plane_point(city.lon, city.lat) if rounded else exact
        result.append(coarse.distance(COARSE[line](THEATRE)) - exact.distance(real.lines[line]))
    return np.asarray(result)


def report(what: str, values_m: np.ndarray) -> None:
    half, most, worst = np.quantile(np.abs(values_m), [0.5, 0.95, 1.0]) / 1_000.0
    print(f"{what}: median {half:.1f} km, 95% {most:.1f} km, worst {worst:.1f} km")


@pytest.mark.parametrize("line", COARSE)
def test_distances_from_cities_keep_the_stated_error_of_the_line(real: Real, line: str) -> None:
    error = errors_m(real, line, rounded=False)
    report(f"{line}, from cities at their true place", error)
    assert np.mean(np.abs(error) <= getattr(ERROR, line)) >= 0.95


@pytest.mark.parametrize("line", COARSE)
def test_distances_from_shipped_cities_keep_the_joint_error(real: Real, line: str) -> None:
    error = errors_m(real, line, rounded=True)
    report(f"{line}, from cities at 0.1°", error)
    assert np.mean(np.abs(error) <= math.hypot(getattr(ERROR, line), ERROR.place)) >= 0.90


def test_all_distances_from_shipped_cities_together_keep_95_in_100(real: Real) -> None:
    together = np.concatenate([errors_m(real, line, rounded=True) / math.hypot(getattr(ERROR, line), ERROR.place)
                               for line in COARSE])
    print(f"within the joint error: {np.mean(np.abs(together) <= 1.0):.3f} of {together.size}")
    assert np.mean(np.abs(together) <= 1.0) >= 0.95


@pytest.mark.parametrize("line", ["border_russia", "border_belarus"])
def test_the_borders_run_within_the_stated_error_of_the_real_ones(real: Real, line: str) -> None:
    points = shapely.points(shapely.get_coordinates(shapely.segmentize(COARSE[line](THEATRE), STEP_M)))
    away = shapely.distance(real.lines[line], points)
    report(f"{line}, along the line", away)
    assert np.mean(away <= getattr(ERROR, line)) >= 0.95
    back = shapely.distance(COARSE[line](THEATRE), shapely.points(shapely.get_coordinates(real.lines[line])))
    assert np.quantile(back, 0.95) < 5_000.0  # no bend of the real border is missed


def test_the_control_line_runs_within_the_stated_error_of_the_real_one(real: Real) -> None:
    inside = control_line_plane(THEATRE).intersection(ukraine_plane(THEATRE).buffer(-3_000.0))
    points = shapely.points(shapely.get_coordinates(shapely.segmentize(inside, STEP_M)))
    away = shapely.distance(real.occupied.boundary, points)
    report("control_line, along the line", away)
    assert np.mean(away <= ERROR.control_line) >= 0.95
    assert away.max() < 2 * ERROR.control_line


def test_occupied_territory_is_the_real_one_but_for_the_footholds(real: Real) -> None:
    land, coarse = real.occupied.intersection(ukraine_plane(THEATRE)), occupied_plane(THEATRE)
    print(f"occupied: {coarse.area / 1e6:,.0f} km2 drawn, {land.area / 1e6:,.0f} km2 real")
    assert coarse.area == pytest.approx(land.area, rel=0.05)
    assert coarse.intersection(land).area / coarse.union(land).area > 0.94
    missed = real.lines["control_line"].difference(real.occupied)
    print(f"footholds drawn without area: {missed.area / 1e6:,.0f} km2")
    assert missed.area < 1e9
    for part in missed.geoms:
        if part.area > PATCH_KM2 * 1e6:
            assert part.distance(front_plane(THEATRE)) < 2 * ERROR.control_line


def test_third_states_begin_within_the_stated_error_of_the_real_border(real: Real) -> None:
    """Every stretch of the real outline that faces one third state and no other."""
    shapes = third_states(THEATRE)
    outline = shapely.points(shapely.get_coordinates(
        shapely.segmentize(shapely.union_all(list(real.oblasts.values())).boundary, STEP_M)))
    distance = np.stack([shapely.distance(shape.boundary, outline) for shape in shapes.values()])
    faced = np.sort(distance, axis=0)
    away = faced[0, (faced[0] < BESIDE_M) & (faced[1] > BESIDE_M)]
    report("third states, along their borders with Ukraine", away)
    assert away.size > 5_000
    assert np.mean(away <= ERROR.neighbour) >= 0.95


@pytest.mark.parametrize("name", INLAND)
def test_inland_oblasts_are_the_real_ones(real: Real, name: str) -> None:
    coarse, true = plane_oblast(THEATRE, name), real.oblasts[THEATRE.oblast(name).iso]
    assert coarse.area == pytest.approx(true.area, rel=0.025)
    points = shapely.points(shapely.get_coordinates(shapely.segmentize(coarse.boundary, STEP_M)))
    away = shapely.distance(true.boundary, points)
    assert np.median(away) < 2_000.0
    assert np.mean(away <= ERROR.oblast) >= 0.90


def test_inland_oblast_edges_keep_the_stated_error_together(real: Real) -> None:
    away = np.concatenate([shapely.distance(
        real.oblasts[THEATRE.oblast(name).iso].boundary,
        shapely.points(shapely.get_coordinates(shapely.segmentize(plane_oblast(THEATRE, name).boundary, STEP_M))))
        for name in INLAND])
    report("inland oblasts, along the edges", away)
    assert np.mean(away <= ERROR.oblast) >= 0.95


def test_coastal_oblasts_are_the_real_ones_on_land(real: Real) -> None:
    land = ukraine_plane(THEATRE)
    for name in ("Crimea", "Donetsk", "Kherson", "Mykolaiv", "Odesa", "Zaporizhzhia"):
        coarse, true = plane_oblast(THEATRE, name), real.oblasts[THEATRE.oblast(name).iso].intersection(land)
        assert coarse.area == pytest.approx(true.area, rel=0.02), name
        assert coarse.intersection(true).area / coarse.union(true).area > 0.95, name


def test_every_shipped_city_is_its_true_place_rounded(real: Real) -> None:
    assert set(PLACES) == {c.name for c in THEATRE.cities}
    for city in THEATRE.cities:
        lon, lat = PLACES[city.name]
        half = 0.0501 if city.name != "Kherson" else 0.0601  # rounded up, to stay on its bank of the Dnipro
        assert abs(city.lon - lon) <= half, city.name
        assert abs(city.lat - lat) <= half, city.name
        assert real.oblasts[THEATRE.oblast(city.oblast).iso].contains(plane_point(lon, lat)), city.name
