"""Events whose author is known, and what records say of them, drawn from another model than the one that weighs them.

A straight line runs north and south at 38 degrees east, UA west of it and RU east, its error nothing. The firer stands
anywhere in its own ground within the weapon's range of the place. What the weighing does not know: how often fire lands
on the other's side, fire is heard leaving across the line and a weapon is captured (for each event anew, anywhere
within the interval that the catalogue allows), and that some bearings are mistaken.
"""

import math
from dataclasses import dataclass

import numpy as np

from skyshield.catalogue import load_catalogue
from skyshield.monitoring.agreement.model import Agreement
from skyshield.monitoring.attribution.evidence import Record

LON, LAT = 38.0, 48.0
M_PER_DEG_LAT = 111_200.0
M_PER_DEG_LON = M_PER_DEG_LAT * math.cos(math.radians(LAT))
MISTAKEN = 0.02
WEAPONS = {"120mm mortar": 7e3, "152mm howitzer": 20e3, "Grad": 25e3}
HELD = {"RU": "Tornado-S", "UA": "HIMARS"}


def agreement(error_m=0.0, west="UA", east="RU"):
    """Return an agreement of two parties on either side of the line."""
    clause = {"id": "fire", "words": "No fire", "source": "text", "acts": ["V2"], "who": [west, east],
              "status": "agreed", "start": "2020-01-01T00:00:00Z"}
    lines = {party: {"status": "open"} for party in ("RU", "UA", "CO", "OTHER")}
    lines[west] = {"line": "line", "own_side": "left"}
    lines[east] = {"line": "line", "own_side": "right"}
    return Agreement.model_validate({
        "name": "straight", "title": "A straight line", "note": "Made up", "clauses": [clause],
        "sources": {"text": {"title": "t", "address": "a", "date": "2020"}},
        "parties": dict.fromkeys(("RU", "UA", "CO", "OTHER"), "made up"), "party_lines": lines,
        "lines": {"line": {"words": "straight", "points": [[LON, 45.0 + k / 10.0] for k in range(61)],
                           "error_m": error_m}}})


@dataclass(frozen=True)
class Known:
    """An event: who did it, where it was, and the witness's record."""

    party: str
    lon: float
    lat: float
    record: Record


def _likely(draw, key):
    """Return how often the likelier of two things happens, its odds drawn from the catalogue's interval."""
    entry = load_catalogue()[key]
    odds = math.exp(draw.uniform(math.log(entry.low), math.log(entry.high)))
    return draw.random() < odds / (1.0 + odds)


def known_events(n, seed):
    """Draw events."""
    draw = np.random.default_rng(seed)
    return [_one(draw, k) for k in range(n)]


def _one(draw, number):
    party = ("UA", "RU")[draw.integers(2)]
    own = -1.0 if party == "UA" else 1.0
    outgoing = draw.random() < 0.2
    leaf = {"source": "patrol", "method": "heard"}
    side = own if outgoing == _likely(draw, f"direction_{'outgoing' if outgoing else 'incoming'}_ratio") else -own
    x_m = side * draw.uniform(0.0, 6e3)
    weapon = list(WEAPONS)[draw.integers(3)]
    if draw.random() < 0.5:
        leaf["weapon"] = weapon
    elif draw.random() < 0.3:
        holder = party if _likely(draw, "weapon_sole_holder_ratio") else {"UA": "RU", "RU": "UA"}[party]
        leaf["weapon"] = HELD[holder]
    if draw.random() < 0.7:
        leaf["direction"] = "outgoing" if outgoing else "incoming"
    if not outgoing and draw.random() < 0.6:
        leaf["fire_bearing_deg"], leaf["bearing_error_deg"] = _bearing(draw, x_m, own, WEAPONS[weapon])
    lat = LAT + draw.uniform(-0.5, 0.5)
    lon = LON + x_m / (M_PER_DEG_LAT * math.cos(math.radians(lat)))
    return Known(party, lon, lat, Record(number, leaf))


def _bearing(draw, x_m, own, reach_m):
    sd = float(draw.choice([5.0, 10.0, 20.0]))
    if draw.random() < MISTAKEN:
        return float(draw.uniform(0.0, 360.0)), sd
    while True:
        dx, dy = draw.uniform(-reach_m, reach_m, 2)
        if math.hypot(dx, dy) < reach_m and (x_m + dx) * own > 0.0:
            break
    return float((math.degrees(math.atan2(dx, dy)) + draw.normal(0.0, sd)) % 360.0), sd
