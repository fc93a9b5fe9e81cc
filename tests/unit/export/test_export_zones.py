"""The zones open in GDAL, which is what QGIS reads with, and are coarse, valid and Ukraine's."""

import json

import pyogrio
import pytest
import shapely

from skyshield.core.geodesy import to_plane
from skyshield.rules import declared_area


@pytest.fixture(scope="module")
def shapes(place):
    path = place / "geojson" / "it.geojson"
    info, _, geometry, values = pyogrio.raw.read(path)
    return info, [dict(zip(info["fields"], row, strict=True)) for row in zip(*values, strict=True)], (
        shapely.from_wkb(geometry))


def test_gdal_reads_them_by_name(shapes, view):
    info, rows, geometry = shapes
    assert info["crs"] == "EPSG:4326"
    assert [(row["kind"], row["option"]) for row in rows] == [
        ("country", ""), ("protected area", ""), ("declared zone", "region"), ("effective zone", "region")]
    assert rows[2]["name"] == view.labels["region"]
    assert all(shape.is_valid and not shape.is_empty for shape in geometry)


def test_areas_are_those_of_the_rules(shapes, view):
    _, rows, geometry = shapes
    area_km2 = declared_area(view.theatre, view.scenario.option("region").rules).area / 1e6
    assert rows[2]["area_km2"] == pytest.approx(area_km2, abs=1)

    def plane(points):
        import numpy as np

        return np.column_stack(to_plane(points[:, 0], points[:, 1]))

    assert shapely.transform(geometry[2], plane).area / 1e6 == pytest.approx(area_km2, rel=0.01)
    assert geometry[3].difference(geometry[2]).area < 0.01 * geometry[3].area
    assert rows[3]["area_km2"] < rows[2]["area_km2"]


def test_crimea_is_ukraine(shapes):
    _, _, geometry = shapes
    for lon, lat in ((34.1, 44.95), (33.5, 44.6), (37.8, 48.0)):
        assert geometry[0].covers(shapely.Point(lon, lat))


def test_coordinates_are_coarse(place):
    content = json.loads((place / "geojson" / "it.geojson").read_text("utf-8"))
    points = [number for feature in content["features"] for number in flat(feature["geometry"]["coordinates"])]
    assert len(points) > 100
    assert all(round(number, 2) == number for number in points)


def flat(parts):
    return [parts] if isinstance(parts, float | int) else [number for part in parts for number in flat(part)]
