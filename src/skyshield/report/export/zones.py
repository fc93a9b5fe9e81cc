"""The zones as GeoJSON: public areas alone, on WGS 84, to 0.01 degree; no place of a shooter, patrol or base."""

import json
from typing import TYPE_CHECKING, Any

from skyshield.core.geodesy import to_geographic
from skyshield.rules import declared_area, effective_area
from skyshield.study.view import StudyView
from skyshield.theatre import ukraine_plane, zone_polygon

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

GRID_DEG = 0.01
DIGITS = 2
_SQUARE_KM = 1e6
COUNTRY, AREA, DECLARED, EFFECTIVE = "country", "protected area", "declared zone", "effective zone"
WORDS = {COUNTRY: "Ukraine within its recognised borders, Crimea included",
         AREA: "Area in which threats count as bound for the protected area",
         DECLARED: "Where the option's rules name a zone, on territory under Ukraine's control",
         EFFECTIVE: "What distances kept leave of the declared zone: where the option may shoot"}


def zones(view: StudyView) -> bytes:
    """Return the country, the protected area and each option's declared and effective zone as GeoJSON."""
    theatre, scenario = view.theatre, view.scenario
    features = [_feature(COUNTRY, "", "Ukraine", ukraine_plane(theatre)),
                _feature(AREA, "", "Protected area", zone_polygon(theatre, scenario.protected_area.zone()))]
    for option in scenario.options:
        if option.fires and option.name not in view.dropped:
            label = view.labels[option.name]
            features += [_feature(DECLARED, option.name, label, declared_area(theatre, option.rules)),
                         _feature(EFFECTIVE, option.name, label, effective_area(theatre, option.rules))]
    content = {"type": "FeatureCollection", "name": "zones", "study_key": view.manifest["study_key"],
               "note": "Coarse to about 10 km. Crimea is Ukraine.", "features": features}
    return (json.dumps(content, ensure_ascii=False, separators=(",", ":"), allow_nan=False) + "\n").encode()


def _feature(kind: str, option: str, label: str, area: "BaseGeometry") -> dict[str, Any]:
    return {"type": "Feature", "properties": {"kind": kind, "option": option, "name": label, "what": WORDS[kind],
                                              "area_km2": round(area.area / _SQUARE_KM)},
            "geometry": None if area.is_empty else _shape(area)}


def _shape(area: "BaseGeometry") -> dict[str, Any] | None:
    """Return an area of the plane in degrees on the grid, valid, outer rings against the clock."""
    import shapely

    coarse = shapely.set_precision(_in_degrees(area), GRID_DEG)
    parts = [shapely.orient_polygons(part) for part in shapely.get_parts(coarse) if part.geom_type == "Polygon"]
    if not parts:
        return None
    rings = [[_ring(ring.coords) for ring in (part.exterior, *part.interiors)] for part in parts]
    return {"type": "Polygon", "coordinates": rings[0]} if len(rings) == 1 else {
        "type": "MultiPolygon", "coordinates": rings}


def _in_degrees(area: "BaseGeometry") -> "BaseGeometry":
    import numpy as np
    import shapely

    return shapely.transform(area, lambda points: np.column_stack(to_geographic(points[:, 0], points[:, 1])))


def _ring(points: Any) -> list[list[float]]:
    return [[round(lon, DIGITS), round(lat, DIGITS)] for lon, lat in points]
