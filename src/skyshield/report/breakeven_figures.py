"""What would have to be true for the zone, or its money as aid, to lead: in one picture for a slide."""

import functools
import itertools
from collections.abc import Mapping
from typing import Any

from skyshield.report.reading import Reading
from skyshield.report.rows import head
from skyshield.report.svg import AID, INK, SKYSHIELD, Figure, Numbers, Picture, Scale
from skyshield.report.text import listing, number
from skyshield.study.breakeven import ABSORPTION, ALONG, BUNDLE_ENDS, LEAD_TIME
from skyshield.study.compare import PRIMARIES

_BESIDE = dict(zip(PRIMARIES, ("area", "country"), strict=True))
LEVERS = {"displacement": "Share of threats sent elsewhere",
           ALONG: "Share stopped along the way, not near aims",
           "launch_growth": "Launches after a year over those of today",
           LEAD_TIME: "Days until the zone is there", ABSORPTION: "Share of this spending that aid can absorb"}
_BAR, _ROW = 10.0, 20.0  # heights, px
_FIRST, _LAST = 16.0, 70.0  # % of the width between which a bar stands; before it where, behind it who or from what on


def _pair(reading: Reading) -> tuple[str, str, Mapping[str, Any]] | None:
    """Return the option shown first, its money as aid and what is known of the two; None where there is no pair."""
    name = reading.lead
    found = reading.view.breakeven.get(name or "")
    if name is None or not found or not any(found["measures"].values()):
        return None
    return name, found["aid"], found["measures"]


def breakeven_figure(reading: Reading) -> Figure | None:
    """Draw along each number that nobody knows who leads, and where the lead changes."""
    pair = _pair(reading)
    if pair is None:
        return None
    name, aid, every = pair
    measures = {measure: {key: lever for key, lever in levers.items() if lever["unit"] != BUNDLE_ENDS}
                for measure, levers in every.items()}
    picture, minus = Picture("figure-breakeven"), f"{reading.shorts[name]} minus {reading.shorts[aid]}"
    for key in dict.fromkeys(key for levers in measures.values() for key in levers):
        _rows(picture, key, {measure: levers[key] for measure, levers in measures.items() if key in levers})
    _key(picture, reading.shorts[name], reading.shorts[aid])
    grades = sorted({lever["evidence"] for levers in measures.values() for lever in levers.values()})
    return picture.finished("What would have to be true for the zone to lead, and for its money as aid",
                            f"Who keeps more armed threats from their aims in {reading.days} days as one number goes "
                            "from its low to its high end, all others at their references",
                            f"Bar: the range of the number; dot: its reference. Evidence: {_evidence(grades)}. "
                            "Straight lines between the ends and the reference; means alone.",
                            numbers=Numbers(("", "where", "value", minus), tuple(
                                (lever_words(key, lever), _BESIDE[measure], x, y)
                                for measure, levers in measures.items() for key, lever in levers.items()
                                for x, y in lever["points"])))


def lever_words(key: str, lever: Mapping[str, Any]) -> str:
    """Return what a number is called: in a few words where there are some."""
    return LEVERS.get(key, str(lever["label"]))


def _evidence(grades: list[str]) -> str:
    words = {"A": "data", "B": "several sources", "C": "one claim", "K": "judgement or general knowledge"}
    return listing([words[grade] for grade in grades], "and")


def _rows(picture: Picture, key: str, levers: Mapping[str, Mapping[str, Any]]) -> None:
    """Draw a number that nobody knows: a bar for the area and one for the country, its ends below."""
    head(picture, lever_words(key, next(iter(levers.values()))), "")
    for measure, lever in levers.items():
        _bar(picture, _BESIDE[measure], lever)
    low, high = (next(iter(levers.values()))["points"][k][0] for k in (0, -1))
    picture.text(_FIRST, picture.height + 14.0, number(low), "start", "quiet")
    picture.text(_LAST, picture.height + 14.0, number(high), "end", "quiet")
    picture.height += _ROW + 10.0


def _bar(picture: Picture, where: str, lever: Mapping[str, Any]) -> None:
    low, high = (lever["points"][k][0] for k in (0, -1))
    scale, y, zone = Scale(low, high, _FIRST, _LAST), picture.height + _ROW / 2, bool(lever["leads_low"])
    picture.text(0.0, y + 5.0, where, kind="quiet")
    found = " and ".join(number(value) for value in lever["thresholds"])
    picture.text(100.0, y + 5.0, found or f"{'zone' if zone else 'aid'} throughout", "end", "strong" if found else "")
    for start, end in itertools.pairwise([low, *lever["thresholds"], high]):
        picture.bar((scale.at(start), scale.at(end)), y, _BAR, SKYSHIELD if zone else AID, 0.55)
        zone = not zone
    for value in lever["thresholds"]:
        picture.line((scale.at(value), scale.at(value)), (y - 9.0, y + 9.0), INK, 2.0)
    picture.dot(scale.at(lever["reference"]), y, INK, 4.0)
    picture.height += _ROW


def _key(picture: Picture, zone: str, aid: str) -> None:
    for label, colour in ((zone, SKYSHIELD), (aid, AID)):
        picture.explain(f"{label} leads", functools.partial(Picture.bar, x=(2.5, 7.5), y=0.0, height=_BAR,
                                                            colour=colour, opacity=0.55))
    picture.explain("the lead changes here", lambda key: key.line((5.0, 5.0), (-7.0, 7.0), INK, 2.0))
