"""The map of the brief: the zone of the first option and what its distances leave of it, names in its language."""

import re
from collections.abc import Mapping
from dataclasses import replace

from skyshield.report import map as maps
from skyshield.report.brief.document import Beside, Chart, Text
from skyshield.report.brief.language import N_
from skyshield.report.brief.sketch import LETTER_PX
from skyshield.report.brief.told import PERCENT, Told
from skyshield.report.brief.traced import EMPTY, Said, Source, Traced, joined, said
from skyshield.report.marks import Map, MapMark, MapWords, Outline
from skyshield.report.svg import INK

SHARE = 0.58
_KM, _SQUARE_KM = 1e3, 1e6
_NUMBER = re.compile(r"\d+")
# What stands on the map, in English as the theatre has it.
NAMES: Mapping[str, str] = {name: name for name in (
    N_("Kyiv"), N_("Lviv"), N_("Odesa"), N_("Uzhhorod"), N_("Vinnytsia"), N_("Rivne"), N_("Kharkiv"), N_("Dnipro"),
    N_("Izmail"), N_("Mykolaiv"), N_("RUSSIA"), N_("BELARUS"), N_("POLAND"), N_("ROMANIA"), N_("MOLDOVA"),
    N_("Crimea (Ukraine)"), N_("Black Sea"))}
_NORTH, _ARROW_KM = N_("N"), (14.0, 42.0)  # the letter, and width and height of the arrow beside it
_SCALE_BAR = N_("{bar} km; coarse to {error} km")
BORDERS: Mapping[str, str] = {"russia": N_("{distance} km from Russia"), "front": N_("{distance} km from the front"),
                              "belarus": N_("{distance} km from Belarus")}


def block(told: Told, key: str = "brief-map") -> Beside | None:
    """Return the map of the first option that has a zone of its own and its words; None where none has."""
    reading = told.reading
    layers = maps.layers(reading.scenario, reading.theatre)
    if not layers:
        return None
    layer = next((one for one in layers if any(option.name == reading.lead for option in one.options)), layers[0])
    option = layer.options[0]
    rules, figure = option.rules, maps.draw(layer, key, reading.scenario, reading.theatre)
    if not isinstance(figure.drawn, Map):
        return None
    words: list[Said] = []
    drawn = north(replace(figure.drawn, marks=tuple(_translated(told, key, mark, words)
                                                     for mark in figure.drawn.marks)))
    left = layer.effective.area / layer.declared.area if layer.declared.area else 0.0
    shape = Source("equation", "area of the zone inside the distances kept over the area declared")
    title = told.say(N_("The distances that the rules keep leave {share} percent of the zone of {option}"),
                     share=told.language.number(PERCENT * left, shape), option=told.short(option.name))
    kept = [told.say(BORDERS[line], distance=told.language.number(rules.min_distance_m(line) / _KM, Source(
        "scenario", f"options.{option.name}.rules.standoff_{line}"), digits=3)) for line in BORDERS
        if rules.min_distance_m(line) > 0.0]
    area = told.language.number(layer.declared.area / _SQUARE_KM, Source("equation", "area of the zone declared"))
    measure = joined([told.say(N_("Declared: {area} square kilometres."), area=area),
                      *([told.say(N_("Kept: {distances}."), distances=told.language.listing(kept))] if kept else [])])
    note = told.say(N_("Hatched: what these distances take away. Grey: occupied by Russia. The control line is drawn "
                       "by hand; Crimea and Sevastopol are Ukraine."))
    made = Chart(key, title, EMPTY, drawn, drawn, tuple(words), title, share=SHARE)
    return Beside((made,), (Text(measure), Text(note, "quiet")), SHARE)


def _translated(told: Told, key: str, mark: MapMark, words: list[Said]) -> MapMark:
    """Return a mark with its words in the language of the brief."""
    if not isinstance(mark, MapWords):
        return mark
    numbers = _NUMBER.findall(mark.words)
    if len(numbers) == 2:
        bar, error = (Traced(float(text), text, Source("scale", key)) for text in numbers)
        spoken = told.say(_SCALE_BAR, bar=bar, error=error)
    elif mark.kind == "strong":
        spoken = told.say(_NORTH)
    else:
        spoken = said(told.language.name(NAMES.get(mark.words, mark.words), Source("scenario", "theatre")))
    words.append(spoken)
    return replace(mark, words=spoken.text)


def north(drawn: Map) -> Map:
    """Draw the arrow of north, which the letters lack, left of its letter."""
    letter = next((mark for mark in drawn.marks if isinstance(mark, MapWords) and mark.kind == "strong"), None)
    if letter is None:
        return drawn
    width, height = _ARROW_KM
    x, y = letter.x * drawn.width_km / PERCENT + width, letter.y * drawn.height_km / PERCENT
    arrow = Outline((((x, y - height / 2.0), (x + width, y + height / 2.0), (x, y + height / 4.0),
                      (x - width, y + height / 2.0)),), True, fill=INK)
    aside = (2.5 * width * LETTER_PX / height, LETTER_PX / 3.0)
    marks = tuple(replace(mark, aside=aside) if mark is letter else mark for mark in drawn.marks)
    return replace(drawn, outlines=(*drawn.outlines, arrow), marks=marks)
