"""What would have to be true for the zone, or its money as aid, to lead: in words and in one picture for a slide."""

import itertools
from collections.abc import Mapping
from typing import Any

from skyshield.report.reading import Reading
from skyshield.report.rows import head
from skyshield.report.svg import AID, INK, SKYSHIELD, Figure, Picture, Scale
from skyshield.report.text import listing, number
from skyshield.study.breakeven import ABSORPTION, ALONG, LEAD_TIME
from skyshield.study.compare import PRIMARIES

WHERE = dict(zip(PRIMARIES, ("In the protected area", "In the whole country"), strict=True))
_BESIDE = dict(zip(PRIMARIES, ("area", "country"), strict=True))
_LEVERS = {"displacement": "Share of threats sent elsewhere",
           ALONG: "Share stopped along the way, not near aims",
           "launch_growth": "Launches after a year over those of today",
           LEAD_TIME: "Days until the zone is there", ABSORPTION: "Share of this spending that aid can absorb"}
_SHORT = {"displacement": "the share of threats sent elsewhere", ALONG: "the share that Ukraine stops along the way",
          "launch_growth": "the growth of launches in a year", LEAD_TIME: "the time until the zone is there",
          ABSORPTION: "the share of this spending that aid can absorb"}
_DAY = "day"
_BAR, _ROW = 10.0, 20.0  # heights, px
_FIRST, _LAST = 16.0, 70.0  # % of the width between which a bar stands; before it where, behind it who or from what on


def _pair(reading: Reading) -> tuple[str, str, Mapping[str, Any]] | None:
    """Return the option shown first, its money as aid and what is known of the two; None where there is no pair."""
    name = reading.lead
    found = reading.view.breakeven.get(name or "")
    if name is None or not found or not any(found["measures"].values()):
        return None
    return name, found["aid"], found["measures"]


def breakeven_words(reading: Reading) -> str:
    """Say who leads by the headline, and which number would have to be what for the other to lead."""
    pair = _pair(reading)
    if pair is None:
        return ""
    name, aid, measures = pair
    sentences = []
    for measure, levers in measures.items():
        rows = reading.comparison.rows
        ahead = (rows[name][measure]["delta"] or 0.0) > (rows[aid][measure]["delta"] or 0.0)
        leader, other = ("the zone", "aid") if ahead else ("aid", "the zone")
        turning = [f"{_SHORT[key]} were {_beyond(lever, ahead)}" for key, lever in levers.items()
                   if lever["thresholds"]]
        never = "" if len(turning) == len(levers) else "; nothing else here changes that alone"
        sentences.append(f"{WHERE[measure]} {leader} leads; {other} would if {listing(turning, 'or if')}{never}."
                         if turning else f"{WHERE[measure]} {leader} leads, and nothing here changes that alone.")
    return " ".join(sentences)


def _beyond(lever: Mapping[str, Any], ahead: bool) -> str:
    """Say on which side of its threshold the lead changes, or between which two."""
    first, *more = (number(value) for value in lever["thresholds"])
    unit = " days" if lever["unit"] == _DAY else ""
    if more and lever["leads_low"] == ahead:
        return f"between {first} and {more[0]}{unit}"
    return f"{'above' if lever['leads_low'] == ahead else 'below'} {first}{unit}"


def breakeven_figure(reading: Reading) -> Figure | None:
    """Draw along each number that nobody knows who leads, and where the lead changes."""
    pair = _pair(reading)
    if pair is None:
        return None
    name, aid, measures = pair
    picture = Picture("figure-breakeven")
    for key in dict.fromkeys(key for levers in measures.values() for key in levers):
        _rows(picture, key, {measure: levers[key] for measure, levers in measures.items() if key in levers})
    _key(picture, reading.labels[name], reading.labels[aid])
    grades = sorted({lever["evidence"] for levers in measures.values() for lever in levers.values()})
    return picture.finished("What would have to be true for the zone to lead, and for its money as aid",
                            f"Who keeps more armed threats from their aims in {reading.days} days as one number goes "
                            "from its low to its high end, all others at their references",
                            f"Bar: the range of the number; dot: its reference. Evidence: {_evidence(grades)}. "
                            "Straight lines between the ends and the reference; means alone.")


def _evidence(grades: list[str]) -> str:
    words = {"A": "data", "B": "several sources", "C": "one claim", "K": "judgement or general knowledge"}
    return listing([words[grade] for grade in grades], "and")


def _rows(picture: Picture, key: str, levers: Mapping[str, Mapping[str, Any]]) -> None:
    """Draw a number that nobody knows: a bar for the area and one for the country, its ends below."""
    head(picture, _LEVERS[key], "")
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
        picture.bar((0.0, 3.0), picture.height + 10.0, _BAR, colour, 0.55)
        picture.text(4.5, picture.height + 14.0, f"{label} leads", kind="quiet")
        picture.height += 20.0
    picture.line((1.5, 1.5), (picture.height + 3.0, picture.height + 17.0), INK, 2.0)
    picture.text(4.5, picture.height + 14.0, "the lead changes here", kind="quiet")
    picture.height += 22.0
