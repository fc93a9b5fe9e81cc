"""How well an event is verified, and how grave it is.

- L0: reported by somebody without a sensor, or not at all by a witness of its own.
- L1: one sensor: eyes, ears, a camera, a satellite.
- L2: two sources with modalities that do not share their errors, and P(real) of at least `verification_p_real`. Copies
  and repeats are no second source.
- L3: L2, one of the witnesses imagery of the place or an observer on site.
- L4: a decision of the commission in the ledger, and nothing else.

Severity is a table: of the act, more for heavy weapons, at least so much for people hurt.
"""

import itertools
from collections.abc import Sequence
from typing import Any

from skyshield.monitoring.attribution.evidence import Record, ends
from skyshield.monitoring.attribution.words import tables, weapon_of

REPORTED, ONE_SENSOR, TWO_MODALITIES, CONFIRMED, DECIDED = "L0", "L1", "L2", "L3", "L4"
LEVELS = (REPORTED, ONE_SENSOR, TWO_MODALITIES, CONFIRMED, DECIDED)


def modality(method: str) -> str:
    """Return by what a method learns of an event.

    Examples
    --------
    >>> modality("heard") == modality("acoustic"), modality("seismic")
    (True, 'ground')
    """
    return str(tables()["modality"][method])


def level_of(witnesses: Sequence[Record], p_real: float, decided: bool = False) -> str:
    """Return the level of an event.

    Parameters
    ----------
    witnesses
        Its records that are neither copies nor repeats.
    p_real
        Probability that it happened.
    decided
        Whether the commission's decision on it is in the ledger.

    Examples
    --------
    >>> heard = Record(0, {"source": "patrol", "method": "heard"})
    >>> shaken = Record(1, {"source": "array", "method": "seismic"})
    >>> level_of([heard], 0.99), level_of([heard, shaken], 0.99), level_of([heard, shaken], 0.5)
    ('L1', 'L2', 'L1')
    """
    if decided:
        return DECIDED
    sensors = [record for record in witnesses if modality(record.leaf["method"]) != tables()["no_sensor"]]
    if not sensors:
        return REPORTED
    apart = any(one.leaf["source"] != other.leaf["source"]
                and modality(one.leaf["method"]) != modality(other.leaf["method"])
                for one, other in itertools.combinations(sensors, 2))
    if not apart or p_real < ends("verification_p_real")[0]:
        return ONE_SENSOR
    return CONFIRMED if any(_confirms(record.leaf) for record in sensors) else TWO_MODALITIES


def _confirms(leaf: Any) -> bool:
    """Tell whether a record is imagery of the place or an observer on site."""
    rows, near_m = tables(), ends("on_site_distance")[0]
    method = leaf["method"]
    if method in rows["imagery"]:
        return True
    told = leaf.get("distance_m") if method in rows["on_site"] else (
        leaf.get("position_error_m") if method in rows["image_of_place"] else None)
    return told is not None and told <= near_m


def severity_of(act: str | None, witnesses: Sequence[Record]) -> int:
    """Return how grave an event is, 1 to 5: of its act, its weapon and the largest numbers of people hurt told.

    Examples
    --------
    >>> severity_of("V2", []), severity_of("V3", [Record(0, {"killed": 2})]), severity_of(None, [])
    (3, 4, 1)
    """
    rows = tables()["severity"]
    grave = rows["acts"].get(act, rows["unknown_act"])
    grave += max((weapon_of(weapon).weight for record in witnesses if (weapon := record.leaf.get("weapon"))), default=0)
    killed, injured = (max((record.leaf.get(name) or 0 for record in witnesses), default=0)
                       for name in ("killed", "injured"))
    if injured:
        grave = max(grave, rows["injured"])
    if killed:
        grave = max(grave, rows["killed"])
    if killed >= rows["many_killed"]["from"]:
        grave = max(grave, rows["many_killed"]["at_least"])
    return int(min(grave, rows["most"]))
