"""The map of a day: coarse cells by how many events lie in them, never a position of an observer or a sensor."""

import re
from collections import Counter
from dataclasses import replace

from skyshield.monitoring.daily.areas import cell_m
from skyshield.monitoring.daily.day import Day
from skyshield.report.brief.place import north
from skyshield.report.daily.language import N_, Words
from skyshield.report.daily.names import PLACES
from skyshield.report.map import base
from skyshield.report.marks import Map, MapMark, MapWords, Outline
from skyshield.report.svg import INK, SKYSHIELD
from skyshield.theatre import load_theatre, plane_oblast

KEY = "daily-map"
STEPS = ((1, 1, 0.25), (2, 4, 0.5), (5, 9, 0.75), (10, 0, 1.0))
"""Events of a cell from and to (0: without end), and the strength of its colour, which greyscale keeps apart."""
_KM = 1000.0
_LEGEND_KM, _GAP_KM, _SWATCH_KM = (1130.0, 715.0), 38.0, 25.0  # from the upper left corner
_NUMBER = re.compile(r"\d+")


def day_map(day: Day, words: Words) -> Map:
    """Return the map of a day's events."""
    theatre = load_theatre()
    ground = base(theatre)
    frame, width_m = ground.frame, cell_m()
    counts = Counter(one.cell for one in day.events)
    cells = []
    for (column, row), n in sorted(counts.items()):
        left, top = (column * width_m - frame.west) / _KM, (frame.north - (row + 1) * width_m) / _KM
        cells.append(_square(left, top, width_m / _KM, _strength(n)))
    watched = [frame.outline(plane_oblast(theatre, row.area), stroke=INK, width=1.6) for row in day.totals
               if row.hours_watched and any(oblast.name == row.area for oblast in theatre.oblasts)]
    legend, said = _legend(frame.size_km, words)
    return north(Map(*frame.size_km, (*ground.land, *watched, *ground.lines, *cells, *legend),
                     (*(_translated(mark, words) for mark in ground.marks), *said)))


def _square(left: float, top: float, width: float, strength: float) -> Outline:
    corners = ((left, top), (left + width, top), (left + width, top + width), (left, top + width))
    return Outline((corners,), True, fill=SKYSHIELD, opacity=strength, stroke=SKYSHIELD, width=0.6)


def _strength(n: int) -> float:
    return next(strength for low, _, strength in reversed(STEPS) if n >= low)


def _legend(size_km: tuple[float, float], words: Words) -> tuple[list[Outline], list[MapMark]]:
    """Return a swatch for each step, below one another, with how many events it stands for."""
    x, y = _LEGEND_KM
    marks: list[MapMark] = [MapWords(100.0 * x / size_km[0], 100.0 * (y - _GAP_KM / 2.0) / size_km[1],
                                     words.say(N_("events in a cell")), kind="halo quiet")]
    drawn = []
    for k, (low, high, strength) in enumerate(STEPS):
        top = y + k * _GAP_KM
        drawn.append(_square(x, top, _SWATCH_KM, strength))
        told = f"{low}" if low == high else words.say(N_("{n} or more"), n=low) if not high else f"{low}–{high}"
        marks.append(MapWords(100.0 * (x + 1.5 * _SWATCH_KM) / size_km[0],
                              100.0 * (top + _SWATCH_KM / 2.0) / size_km[1], told, aside=(0.0, 4.0)))
    return drawn, marks


def _translated(mark: MapMark, words: Words) -> MapMark:
    """Return a mark of the map with its words in the language of the report."""
    if not isinstance(mark, MapWords):
        return mark
    numbers = _NUMBER.findall(mark.words)
    if len(numbers) == 2:
        return replace(mark, words=words.say(N_("{bar} km; coarse to {error} km"), bar=numbers[0], error=numbers[1]))
    if mark.kind == "strong":
        return replace(mark, words=words.say(N_("N")))
    return replace(mark, words=words.say(PLACES.get(mark.words, mark.words)))
