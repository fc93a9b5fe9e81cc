"""The maps: one for every different zone, the first of them on the report."""

from typing import Any

from skyshield.report import map as maps
from skyshield.report.reading import Reading

ON_REPORT = 1


def make(reading: Reading) -> dict[str, Any]:
    """Return the maps of the report."""
    layers = maps.layers(reading.scenario, reading.theatre)
    return {"figures": _drawn(reading, layers[:ON_REPORT], 1), "more": len(layers) > ON_REPORT,
            "note": maps.note(reading.theatre)}


def make_more(reading: Reading) -> dict[str, Any] | None:
    """Return the maps that the report has no room for; None if there are none."""
    layers = maps.layers(reading.scenario, reading.theatre)[ON_REPORT:]
    return {"figures": _drawn(reading, layers, ON_REPORT + 1)} if layers else None


def _drawn(reading: Reading, layers: list[maps.Layer], first: int) -> list[Any]:
    return [maps.draw(layer, f"map-{n}", reading.scenario, reading.theatre)
            for n, layer in enumerate(layers, start=first)]
