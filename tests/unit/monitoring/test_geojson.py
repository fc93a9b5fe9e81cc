"""Observations as GeoJSON: places and lines, bad features to quarantine, broken files refused whole."""

import gzip
import json
import math
import tracemalloc
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from skyshield.core.errors import SkyShieldError
from skyshield.monitoring.ingest.geojson import geojson_rows
from skyshield.monitoring.ingest.intake import Report, ingest
from skyshield.monitoring.ledger import keys
from skyshield.monitoring.ledger.store import Ledger, create

NOW_S = 1_796_000_000.0  # 29 November 2026
TIME = "2015-02-14T22:00:00Z"


@pytest.fixture
def ledger(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Ledger]:
    monkeypatch.setattr(keys, "key_folder", lambda: tmp_path / "keys")
    create(tmp_path / "mission", b"name: test\n")
    with Ledger.open(tmp_path / "mission") as opened:
        yield opened


@pytest.fixture
def take(ledger: Ledger, tmp_path: Path) -> Callable[..., Report]:
    def taken(content: str | bytes, name: str = "file.geojson", **options: str) -> Report:
        path = tmp_path / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return ingest(ledger, path, "patrol 4", NOW_S, **options)
    return taken


def feature(coordinates: Any = (38.4, 48.3), kind: str = "Point", **properties: Any) -> dict[str, Any]:
    return {"type": "Feature", "geometry": {"type": kind, "coordinates": coordinates},
            "properties": {"time": TIME, "method": "heard", **properties}}


def collection(*features: Any, **members: Any) -> str:
    return json.dumps({"type": "FeatureCollection", **members, "features": list(features)})


def leaves(ledger: Ledger) -> list[dict[str, Any]]:
    return [json.loads(row[0]) for row in ledger.connection.execute("SELECT leaf FROM entries ORDER BY number")]


def test_points_are_the_native_rows(take: Callable[..., Report], ledger: Ledger) -> None:
    report = take(collection(feature(count=3, exercise=True, text="five bangs", act=None)))
    assert (report.format, report.rows, report.accepted, report.quarantined) == ("geojson", 1, 1, 0)
    leaf = leaves(ledger)[0]
    assert (leaf["lon"], leaf["lat"], leaf["count"], leaf["exercise"], leaf["text"]) == (38.4, 48.3, 3, True,
                                                                                       "five bangs")
    row = f"time,lon,lat,method,count,exercise,text\n{TIME},38.4,48.3,heard,3,true,five bangs\n"
    assert take(row, "file.csv").duplicates == 1


def test_the_id_of_a_feature_is_the_record_s(take: Callable[..., Report], ledger: Ledger) -> None:
    take(collection({**feature(), "id": 7}, {**feature(record_id="a"), "id": 8}))
    assert [leaf["record_id"] for leaf in leaves(ledger)] == ["7", "a"]


def test_other_geometries_are_the_circle_about_them(take: Callable[..., Report], ledger: Ledger) -> None:
    ring = [[38.4, 48.3], [38.4, 48.4], [38.5, 48.4], [38.5, 48.3], [38.4, 48.3]]
    report = take(collection(
        feature(ring, "LineString"), feature([ring], "Polygon"), feature([38.4, 48.3, 120.5]),
        feature([[ring]], "MultiPolygon", position_error_m=3000)))
    assert report.accepted == 4
    line, polygon, high, wide = leaves(ledger)
    # The half diagonal of the square, 0.05 degree of latitude and of longitude at 48.35 degrees north, halved.
    radius_m = math.hypot(0.05 * 111_200, 0.05 * 111_320 * math.cos(math.radians(48.35)))
    assert line["position_error_m"] == polygon["position_error_m"] == pytest.approx(radius_m / 2, rel=0.01)
    assert (line["lon"], line["lat"]) == (pytest.approx(38.45, abs=1e-3), pytest.approx(48.35, abs=1e-3))
    assert wide["position_error_m"] == pytest.approx(math.hypot(line["position_error_m"], 3000))
    assert "position_error_m" not in high


@pytest.mark.parametrize(("bad", "code", "what"), [
    (feature([48.3, 38.4]), "coordinates_swapped", "the latitude stands first"),
    (feature([[48.3, 38.4], [48.4, 38.4]], "LineString"), "coordinates_swapped", "the latitude stands first"),
    (feature([2.3, 48.9]), "coordinates_outside", "outside the theatre"),
    (feature([38.4]), "number_invalid", "not longitude and latitude"),
    (feature([38.4, "48.3"]), "number_invalid", "not longitude and latitude"),
    (feature([38.4, True]), "number_invalid", "not longitude and latitude"),
    (feature([1, 2, 3, 4]), "number_invalid", "not longitude and latitude"),
    (feature([], "MultiPoint"), "number_invalid", "has no coordinates"),
    (feature(None), "number_invalid", "no list"),
    (feature(kind="Circle"), "code_unknown", "'Circle'"),
    (feature(method="smelled"), "code_unknown", "smelled"),
    (feature(name="A"), "code_unknown", "name 'name'"),
    (feature(lon=38.4), "code_unknown", "beside the geometry"),
    (feature(sensor=["a"]), "code_unknown", "sensor: is a list"),
    (feature(count=1.5), "number_invalid", "not a whole number"),
    (feature(time="2015-02-14T22:00:00"), "zone_missing", "no zone"),
    (feature(text="=1+1"), "formula_cell", "formula"),
    (feature(text="a" * 20_001), "cell_too_long", "20,000"),
    (feature(text="\ud800"), "not_utf8", "UTF-8"),
    ({**feature(), "geometry": None}, "number_invalid", "geometry: is missing"),
    ({**feature(), "type": "Thing"}, "code_unknown", "type"),
    ({**feature(), "properties": [1]}, "code_unknown", "properties"),
    (7, "code_unknown", "type"),
])
def test_a_bad_feature_goes_to_quarantine(take: Callable[..., Report], ledger: Ledger, bad: Any, code: str,
                                          what: str) -> None:
    report = take(collection(feature(), bad))
    assert (report.accepted, report.reasons) == (1, {code: 1})
    kept = json.loads(Path(report.quarantine).read_text())
    assert kept["code"] == code and what in kept["reason"]


@pytest.mark.parametrize(("written", "code"), [
    ('{"type": "Feature", "type": "Feature"}', "cell_count"),
    ('{"type": "Feature", "properties": {"time": "a", "time": "b"}}', "cell_count"),
    (json.dumps(feature(count=0)).replace('"count": 0', '"count": 1e400'), "number_invalid"),
    (json.dumps(feature(count=0)).replace('"count": 0', f'"count": {"9" * 5000}'), "number_invalid"),
    (json.dumps(feature([1, 2])).replace("[1, 2]", "[1e999, 48.3]"), "number_invalid"),
])
def test_what_python_would_not_write(take: Callable[..., Report], written: str, code: str) -> None:
    good = json.dumps(feature())
    report = take(f'{{"features": [{good}, {written}], "type": "FeatureCollection"}}')
    assert (report.accepted, report.reasons) == (1, {code: 1})


GOOD = json.dumps(feature())


@pytest.mark.parametrize(("content", "what"), [
    ('{"type": "FeatureCollection", "features": [' + GOOD + "]", "ends too early"),
    ('{"type": "FeatureCollection", "features": [' + GOOD, "ends too early"),
    ('{"type": "FeatureCollection", "features": [' + GOOD[:-9], "is not JSON"),
    ('{"type": "FeatureCollection", "features": [' + GOOD + ",]}", "is not JSON"),
    ('{"type": "FeatureCollection", "features": [' + GOOD + "]} x", "goes on after its end"),
    ('{"type": "FeatureCollection", "features": [' + GOOD.replace("38.4", "NaN") + "]}", "holds NaN"),
    ('{"type": "FeatureCollection", "features": [' + GOOD + '], "features": []}', "names 'features' twice"),
    ('{"type": "FeatureCollection", "features": [' + '{"a":' * 100_000 + "1", "nested too deep"),
    ('{"type": "FeatureCollection", "features": [' + "[" * 100_000 + "]}", "nested too deep"),
    ('{"type": "FeatureCollection", "features": [' + '"' + "x" * 1_200_000 + '"]}', "more than 1,048,576"),
    ('{"type": "FeatureCollection", "features": 7}', "is not JSON"),
    ('{"type": "Topology", "features": [' + GOOD + "]}", "is no FeatureCollection"),
    (GOOD, "is no FeatureCollection"),
    ("{}", "is no FeatureCollection"),
    ("{", "a name is missing"),
    ('{"type" "FeatureCollection"}', "is not JSON"),
    (collection(feature(), crs={"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::3857"}}), "EPSG::3857"),
    (collection(feature(), crs=7), "not longitude and latitude of WGS 84"),
    (collection({**feature(), "properties": {"name": "A"}}), "no known format"),
])
def test_a_broken_file_is_refused_whole(take: Callable[..., Report], ledger: Ledger, content: str, what: str) -> None:
    with pytest.raises(SkyShieldError, match=what) as refused:
        take(content)
    assert refused.value.exit_code == 2 and "\n" not in str(refused.value)
    assert ledger.checkpoint().size == 0 and not (ledger.folder / "quarantine").exists()


def test_an_empty_collection_and_the_usual_members(take: Callable[..., Report]) -> None:
    assert take(collection()).rows == 0
    crs = {"type": "name", "properties": {"name": "urn:ogc:def:crs:OGC:1.3:CRS84"}}
    assert take(collection(feature(), crs=crs, name="events", bbox=[38, 48, 39, 49])).accepted == 1
    assert take(b"\xef\xbb\xbf" + collection(feature()).encode()).duplicates == 1
    assert take(gzip.compress(collection(feature()).encode())).duplicates == 1


def test_the_format_asked_for_must_be_the_file_s(take: Callable[..., Report]) -> None:
    with pytest.raises(SkyShieldError, match="is JSON, not native"):
        take(collection(feature()), format_name="native")
    with pytest.raises(SkyShieldError, match="is not JSON"):
        take("time,lon,lat,method\n", format_name="geojson")


@pytest.mark.parametrize("ending", ["\n", "\r\n"])
def test_lines_are_those_of_the_file(tmp_path: Path, ending: str) -> None:
    text = json.dumps({"type": "FeatureCollection", "features": [feature(), feature(text="a\nb"), feature()]}, indent=1)
    path = tmp_path / "file.geojson"
    path.write_bytes(text.replace("\n", ending).encode())
    lines = text.split("\n")
    assert [line for line, _, _ in geojson_rows(path)] == [
        number for number, line in enumerate(lines, 1) if line == "  {"]


def test_memory_does_not_grow_with_the_file(tmp_path: Path) -> None:
    path = tmp_path / "file.geojson"
    text = json.dumps(feature(text="a" * 500))
    peaks = []
    for n_features in (2_000, 20_000):
        path.write_text('{"type": "FeatureCollection", "features": [' + ",\n".join([text] * n_features) + "]}")
        tracemalloc.start()
        assert sum(1 for _ in geojson_rows(path)) == n_features
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[1] < 1.2 * peaks[0]
