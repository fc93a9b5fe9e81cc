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
_LEVERS = {"displacement": "Share of threats bound for the zone that are sent elsewhere",
           ALONG: "Where Ukraine stops threats: near aims (0) to along the way (1)",
           "launch_growth": "Launches after a year over those of today",
           LEAD_TIME: "Days until the zone is there", ABSORPTION: "Share of its budget that aid absorbs"}
_SHORT = {"displacement": "the share of threats sent elsewhere", ALONG: "where Ukraine stops threats",
          "launch_growth": "the growth of launches", LEAD_TIME: "the days until the zone is there",
          ABSORPTION: "the share of its budget that aid absorbs"}
_BAR, _ROW = 10.0, 26.0  # heights, px


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
        turning = [f"{_SHORT[key]} is {_beyond(lever, ahead)}" for key, lever in levers.items()
                   if lever["thresholds"]]
        never = [_SHORT[key] for key, lever in levers.items() if not lever["thresholds"]]
        text = f"{WHERE[measure]} {leader} leads; {other} would if {listing(turning, 'or if')}" if turning else (
            f"{WHERE[measure]} {leader} leads, and nothing here alone changes that")
        if never and turning:
            text += f"; {listing(never, 'and')} alone {'does' if len(never) == 1 else 'do'} not"
        sentences.append(f"{text}.")
    return " ".join(sentences)


def _beyond(lever: Mapping[str, Any], ahead: bool) -> str:
    """Say on which side of its threshold the lead changes."""
    first = lever["thresholds"][0]
    return f"{'above' if lever['leads_low'] == ahead else 'below'} {number(first)}"


def breakeven_figure(reading: Reading) -> Figure | None:
    """Draw along each number that nobody knows who leads, and where the lead changes."""
    pair = _pair(reading)
    if pair is None:
        return None
    name, aid, measures = pair
    picture = Picture("figure-breakeven")
    for measure, levers in measures.items():
        picture.text(0.0, picture.height + 14.0, WHERE[measure], kind="strong")
        picture.height += 24.0
        for key, lever in levers.items():
            _row(picture, _LEVERS[key], lever)
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


def _row(picture: Picture, label: str, lever: Mapping[str, Any]) -> None:
    low, high = (lever["points"][k][0] for k in (0, -1))
    scale = Scale(low, high)
    held = [low, *lever["thresholds"], high]
    found = " and ".join(number(value) for value in lever["thresholds"])
    leader = "the zone" if lever["leads_low"] else "aid"
    head(picture, label, found or f"{leader} leads", "" if found else "throughout")
    y = picture.height + _BAR / 2 + 2.0
    zone = bool(lever["leads_low"])
    for start, end in itertools.pairwise(held):
        picture.bar((scale.at(start), scale.at(end)), y, _BAR, SKYSHIELD if zone else AID, 0.55)
        zone = not zone
    for value in lever["thresholds"]:
        picture.line((scale.at(value), scale.at(value)), (y - 9.0, y + 9.0), INK, 2.0)
    picture.dot(scale.at(lever["reference"]), y, INK, 4.0)
    picture.text(scale.first, y + 20.0, number(low), "start", "quiet")
    picture.text(scale.last, y + 20.0, number(high), "end", "quiet")
    picture.height += _ROW + 14.0


def _key(picture: Picture, zone: str, aid: str) -> None:
    for label, colour in ((zone, SKYSHIELD), (aid, AID)):
        picture.bar((0.0, 3.0), picture.height + 10.0, _BAR, colour, 0.55)
        picture.text(4.5, picture.height + 14.0, f"{label} leads", kind="quiet")
        picture.height += 20.0
    picture.line((1.5, 1.5), (picture.height + 3.0, picture.height + 17.0), INK, 2.0)
    picture.text(4.5, picture.height + 14.0, "the lead changes here", kind="quiet")
    picture.height += 22.0
