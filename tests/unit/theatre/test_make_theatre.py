"""The script that made the outlines, on a country small enough to check by eye.

A rectangle from 24° to 34° E and 48° to 52° N, cut in two at 29° E: Poland to its west, Belarus to
its north, Russia to its east, sea to its south, and a Russian polygon drawn over Crimea.
"""

import importlib.util
import itertools
import json
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest
import shapely

SCRIPT = Path(__file__).parents[3] / "tools" / "make_theatre.py"
Line = list[tuple[float, float]]


@pytest.fixture(scope="module")
def tool() -> ModuleType:
    spec = importlib.util.spec_from_file_location("make_theatre", SCRIPT)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def steps(start: tuple[float, float], end: tuple[float, float], n: int = 10) -> Line:
    return [(float(x), float(y)) for x, y in np.linspace(start, end, n + 1)]


def way(*corners: tuple[float, float]) -> Line:
    line: Line = [corners[0]]
    for start, end in itertools.pairwise(corners):
        line += steps(start, end)[1:]
    return line


def topology(name: str, lines: list[Line], geometries: list[dict[str, object]]) -> dict[str, object]:
    scale = 0.001
    arcs = []
    for line in lines:
        whole = np.rint(np.asarray(line) / scale).astype(int)
        arcs.append(np.vstack([whole[:1], np.diff(whole, axis=0)]).tolist())
    return {"type": "Topology", "transform": {"scale": [scale, scale], "translate": [0.0, 0.0]}, "arcs": arcs,
            "objects": {name: {"type": "GeometryCollection", "geometries": geometries}}}


def unit(name: str, *rings: list[int]) -> dict[str, object]:
    return {"type": "Polygon", "arcs": list(rings), "properties": {"name": name}}


@pytest.fixture
def packages(tmp_path: Path) -> Path:
    seam = way((29, 52), (29, 48))
    west = way((29, 48), (24, 48), (24, 52), (29, 52))
    east = way((29, 52), (34, 52), (34, 48), (29, 48))
    islet = way((30, 47), (30.02, 47), (30.02, 47.02), (30, 47))
    ukraine = topology("ukr", [west, east, seam, islet], [
        unit("Volyn", [0, 2]),
        {"type": "MultiPolygon", "arcs": [[[1, -3]], [[3]]], "properties": {"name": "Chernihiv"}}])
    countries = topology("countries", [
        way((20, 48), (24, 48), (24, 52), (20, 52), (20, 48)),
        way((24, 52), (34, 52), (34, 55), (24, 55), (24, 52)),
        way((34, 48), (40, 48), (40, 55), (34, 55), (34, 48)),
        way((33, 45), (35, 45), (35, 46), (33, 46), (33, 45)),
    ], [unit("Poland", [0]), unit("Belarus", [1]),
        {"type": "MultiPolygon", "arcs": [[[2]], [[3]]], "properties": {"name": "Russia"}}])
    (tmp_path / "ukr.topo.json").write_text(json.dumps(ukraine), "utf-8")
    (tmp_path / "countries-10m.json").write_text(json.dumps(countries), "utf-8")
    return tmp_path


def test_a_small_country_comes_out_whole(tool: ModuleType, packages: Path) -> None:
    oblasts, borders = tool.make(packages)
    shapes = {f["properties"]["name"]: f for f in oblasts["features"]}
    assert {n: f["properties"]["iso"] for n, f in shapes.items()} == {"Volyn": "UA-07", "Chernihiv": "UA-74"}
    polygons = {n: shapely.Polygon(f["geometry"]["coordinates"][0][0]) for n, f in shapes.items()}
    assert [len(f["geometry"]["coordinates"]) for f in shapes.values()] == [1, 1]  # the islet is dropped
    assert shapely.union_all(list(polygons.values())).symmetric_difference(shapely.box(24, 48, 34, 52)).area < 1e-9
    assert polygons["Volyn"].intersection(polygons["Chernihiv"]).area == 0  # one seam, drawn once
    lines = {f["properties"]["name"]: f["geometry"]["coordinates"] for f in borders["features"]}
    assert (lines["belarus"][0], lines["belarus"][-1]) == ([24.0, 52.0], [34.0, 52.0])
    assert (lines["russia"][0], lines["russia"][-1]) == ([34.0, 52.0], [34.0, 48.0])
    outline = shapely.union_all(list(polygons.values())).boundary
    assert all(outline.distance(shapely.Point(p)) == 0 for line in lines.values() for p in line)


def test_the_polygon_over_crimea_is_no_part_of_russia(tool: ModuleType, packages: Path) -> None:
    russia = tool.neighbours(packages)["Russia"]
    crimea = shapely.Point(tool.plane(np.array([[34.0, 45.0]]))[0])
    assert russia.distance(crimea) > 200_000.0


def test_third_states_are_cut_at_the_bounds_and_rounded(tool: ModuleType, packages: Path) -> None:
    """Poland of the small map reaches from 20° to 24° E; moved west, half of it leaves the theatre."""
    (poland,) = tool.third_states(packages)["features"]
    assert poland["properties"] == {"name": "Poland"}
    ((ring,),) = poland["geometry"]["coordinates"]
    assert shapely.Polygon(ring).symmetric_difference(shapely.box(20, 48, 24, 52)).area < 1e-9
    path = packages / "countries-10m.json"
    countries = json.loads(path.read_text("utf-8"))
    countries["transform"]["translate"] = [-3.0, 0.0]
    path.write_text(json.dumps(countries), "utf-8")
    ((ring,),) = tool.third_states(packages)["features"][0]["geometry"]["coordinates"]
    assert shapely.Polygon(ring).symmetric_difference(shapely.box(19, 48, 21, 52)).area < 1e-9
    assert all(value == round(value, tool.DECIMALS) for point in ring for value in point)


def test_simplifying_keeps_the_ends_and_the_tolerance(tool: ModuleType) -> None:
    bend = np.array([(24, 50), (25, 50.005), (26, 50.3), (27, 50.005), (28, 50)])
    simple = tool.simplify(bend, 2_500.0)
    assert simple[0].tolist() == [24, 50]
    assert simple[-1].tolist() == [28, 50]
    assert [26, 50.3] in simple.tolist()
    line = shapely.LineString(tool.plane(simple))
    assert max(line.distance(shapely.Point(p)) for p in tool.plane(bend)) <= 2_500.0
    ring = np.array([(24, 50), (25, 50), (25, 51), (24, 51), (24, 50)])
    assert tool.simplify(ring, 2_500.0).tolist() == ring.tolist()


def test_a_unit_that_would_cross_itself_is_drawn_finer(tool: ModuleType) -> None:
    # a thin inlet reaches up to a chord that a coarse line would draw straight through it
    upper = np.array([(24.0, 50.00), (24.5, 50.02), (25.0, 50.00)])
    lower = np.array([(25.0, 50.00), (24.55, 49.5), (24.5, 50.01), (24.45, 49.5), (24.0, 50.00)])
    units = {"Volyn": [[[(0, 1), (1, 1)]]]}
    straight = [tool.simplify(a, tool.TOLERANCE_M) for a in (upper, lower)]
    assert tool.crossing_place(tool.parts(straight, units["Volyn"])[0]) is not None
    mended = tool.simplify_all([upper, lower], units)
    assert tool.crossing_place(tool.parts(mended, units["Volyn"])[0]) is None


def test_a_cut_arc_is_walked_the_same_way(tool: ModuleType) -> None:
    arcs = [np.array([(0.0, 0.0), (1.0, 0.0), (2.0, 0.0)]), np.array([(2.0, 0.0), (1.0, 1.0), (0.0, 0.0)])]
    units = {"there": [[[(0, 1), (1, 1)]]], "back": [[[(1, -1), (0, -1)]]]}
    before = {name: tool.trace(arcs, rings[0][0]).tolist() for name, rings in units.items()}
    tool.cut(arcs, units, [np.array([1.0, 0.0])])
    assert len(arcs) == 3
    assert {name: tool.trace(arcs, rings[0][0]).tolist() for name, rings in units.items()} == before


def test_the_command_writes_the_files_and_their_hashes(packages: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    out.mkdir()
    (out / "PROVENANCE.md").write_text("# Where\n\n| file | sha256 |\n|---|---|\n", "utf-8")
    command = [sys.executable, str(SCRIPT), str(packages), "--out", str(out)]
    subprocess.run(command, check=True, capture_output=True)
    first = {p.name: p.read_bytes() for p in out.iterdir()}
    subprocess.run(command, check=True, capture_output=True)
    assert {p.name: p.read_bytes() for p in out.iterdir()} == first
    assert b"| borders.geojson | " in first["PROVENANCE.md"]
    empty = tmp_path / "empty"
    empty.mkdir()
    failed = subprocess.run([*command[:2], str(empty)], check=False, capture_output=True, text=True)
    assert failed.returncode != 0
    assert "holds no ukr.topo.json" in failed.stderr
