"""Read the theatre that ships with the package; `data/PROVENANCE.md` says where each file is from."""

import functools
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from skyshield.core.files import read_json, read_yaml
from skyshield.theatre.model import Theatre

FOLDER = Path(__file__).parent / "data"
METRES_PER_KM = 1000.0


@functools.cache
def load_theatre() -> Theatre:
    """Return the shipped theatre.

    Raises
    ------
    SkyShieldError
        If a shipped file is damaged.

    Examples
    --------
    >>> theatre = load_theatre()
    >>> theatre.oblast("Crimea").iso, len(theatre.control_line) <= 40
    ('UA-43', True)
    """
    places, interests = read_yaml(FOLDER / "places.yaml"), read_yaml(FOLDER / "interests.yaml")
    shapes = dict(_features("oblasts"))
    lines = {name: f["coordinates"] for stem in ("borders", "control_line") for name, f in _features(stem)}
    return Theatre.from_dict({
        "oblasts": [{**row, "iso": shapes[row["name"]]["iso"], "polygons": shapes[row["name"]]["coordinates"]}
                    for row in places["oblasts"]],
        "border_russia": lines["russia"],
        "border_belarus": lines["belarus"],
        "control_line": lines["control_line"],
        "closing": lines["closing"],
        "footholds": [line for name, line in sorted(lines.items()) if name.startswith("foothold")],
        "neighbours": [{"name": name, "polygons": f["coordinates"]} for name, f in _features("neighbours")],
        "cities": places["cities"],
        "bases": places["bases"],
        "launch_areas": places["launch_areas"],
        "sea_areas": places["sea_areas"],
        "interests": [{**i, "sites": [{"occupied": False, "via": [], **s} for s in i["sites"]]} for i in interests],
        "standoff_sets": [_in_metres(row) for row in read_yaml(FOLDER / "standoffs.yaml")],
        "geometry_error_m": _in_metres(read_yaml(FOLDER / "geometry_error.yaml"), suffix=""),
    })


def _features(stem: str) -> Iterator[tuple[str, dict[str, Any]]]:
    for feature in read_json(FOLDER / f"{stem}.geojson")["features"]:
        properties = feature["properties"]
        yield properties["name"], {"iso": properties.get("iso"),
                                   "coordinates": feature["geometry"]["coordinates"]}


def _in_metres(row: dict[str, Any], suffix: str = "_m") -> dict[str, Any]:
    return {key.removesuffix("_km") + suffix if key.endswith("_km") else key:
            value * METRES_PER_KM if key.endswith("_km") else value for key, value in row.items()}
