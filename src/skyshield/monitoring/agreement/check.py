"""Whether an act breaches an agreement: yes, no or open.

A clause that speaks of the act and binds the party is asked three things: is it in force at the time,
does it hold at the place, is what the party claims an exemption. Each answer is yes, no or open, and
so is the clause's:

    breach of a clause = in force AND holds here AND agreed AND not exempt
    breach             = OR over the clauses

where `no` beats `open` beats `yes` in AND, and `yes` beats `open` beats `no` in OR. What no clause
speaks of is no breach of this agreement, whatever else it is.

An act's own place may be known with an error, one standard deviation on each axis. Across a line or an edge that
is the deviation of its distance, so an answer that depends on the place is given where it holds two deviations
farther than the bound of the drawing (95% if the error is normal), else it is open.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from skyshield.core.errors import SkyShieldError
from skyshield.monitoring.agreement.geometry import Offset, inside_oblasts, inside_polygon, offset_from_line
from skyshield.monitoring.agreement.model import ACTS, MAX_WIDTH_M, PARTIES, Agreement, Clause, place_fault

Breach = Literal["yes", "no", "open"]
_SIDES = {"left": 1, "right": -1}


@dataclass(frozen=True)
class Act:
    """What is said to have happened: code of the act, party, place in degrees, time, weapon, exemption claimed.

    `position_error_m` is one standard deviation of the place on each axis.
    """

    code: str
    party: str
    lon_deg: float
    lat_deg: float
    time: dt.datetime
    weapon: str | None = None
    exemption: str | None = None
    position_error_m: float = 0.0

    @property
    def margin_m(self) -> float:
        """How far the place may be from where it is said to be: two standard deviations."""
        return 2 * self.position_error_m


@dataclass(frozen=True)
class Answer:
    """Whether an act is a breach, what each clause says, and how far it was from the party's line.

    `distance_m` is None where the agreement has no line for the party; `distance_error_m` is the line's own error and
    two standard deviations of the place.
    """

    breach: Breach
    clauses: tuple[dict[str, Any], ...]
    exemption: dict[str, Any] | None
    distance_m: float | None
    distance_error_m: float | None

    def to_dict(self) -> dict[str, Any]:
        """Return the object that ``--json`` prints."""
        return {"breach": self.breach, "clauses": [dict(row) for row in self.clauses], "exemption": self.exemption,
                "distance_m": self.distance_m, "distance_error_m": self.distance_error_m}


def both(answers: Sequence[Breach]) -> Breach:
    """Return the AND of answers: no beats open beats yes.

    Examples
    --------
    >>> both(["yes", "open"]), both(["open", "no"]), both([])
    ('open', 'no', 'yes')
    """
    return "no" if "no" in answers else "open" if "open" in answers else "yes"


def either(answers: Sequence[Breach]) -> Breach:
    """Return the OR of answers: yes beats open beats no.

    Examples
    --------
    >>> either(["no", "open"]), either(["open", "yes"]), either([])
    ('open', 'yes', 'no')
    """
    return "yes" if "yes" in answers else "open" if "open" in answers else "no"


def read_time(text: str, where: str = "--time") -> dt.datetime:
    """Return a time that names its zone.

    Raises
    ------
    SkyShieldError
        If it is no time or names no zone.

    Examples
    --------
    >>> read_time("2015-02-15T00:00:00+02:00") == read_time("2015-02-14T22:00:00Z")
    True
    """
    remedy = "write it like 2015-02-14T22:00:00Z"
    try:
        time = dt.datetime.fromisoformat(text.strip())
    except ValueError:
        raise SkyShieldError(where, f"{text!r} is not a time", remedy) from None
    if time.tzinfo is None:
        raise SkyShieldError(where, f"{text!r} has no time zone", "end it with Z or an offset such as +02:00")
    return time


def read_place(text: str, where: str = "--at") -> tuple[float, float]:
    """Return longitude and latitude in degrees.

    Raises
    ------
    SkyShieldError
        If it is not two numbers, or they are outside the theatre or swapped.

    Examples
    --------
    >>> read_place("37.8,48.1")
    (37.8, 48.1)
    """
    try:
        lon, lat = (float(part) for part in text.split(","))
    except ValueError:
        raise SkyShieldError(where, f"{text!r} is not a place", "write longitude,latitude in degrees, such as "
                             "37.8,48.1") from None
    fault = place_fault(lon, lat)
    if fault is not None:
        raise SkyShieldError(where, f"{text!r} {fault}", "write longitude first, in degrees, such as 37.8,48.1")
    return lon, lat


def check_act(agreement: Agreement, act: Act) -> Answer:
    """Say whether an act breaches an agreement.

    Raises
    ------
    SkyShieldError
        Exit code 2 if the act, the party, the weapon or the exemption is unknown, the time has no zone or the place
        is outside the theatre.

    Examples
    --------
    >>> from skyshield.monitoring.agreement import load_agreement
    >>> minsk = load_agreement("minsk-2015")
    >>> before, after = (read_time(f"2015-02-14T{clock}Z") for clock in ("21:59:59", "22:00:00"))
    >>> [check_act(minsk, Act("V2", "UA", 37.8, 48.1, time)).breach for time in (before, after)]
    ['no', 'yes']
    """
    _check_known(agreement, act)
    offset = _offset(agreement, act)
    line = agreement.party_lines[act.party].line  # type: ignore[index]
    error_m = None if line is None else agreement.lines[line].error_m + act.margin_m
    rows = [_row(agreement, clause, act, offset) for clause in agreement.clauses
            if act.code in clause.acts and act.party in clause.who]
    return Answer(
        breach=either([row["breach"] for row in rows]), clauses=tuple(rows), exemption=_claim(agreement, act, rows),
        distance_m=None if offset is None else offset.distance_m, distance_error_m=error_m)


def _check_known(agreement: Agreement, act: Act) -> None:
    for where, what, name, known in (("--act", "act", act.code, ACTS), ("--party", "party", act.party, PARTIES),
                                     ("--weapon", "weapon", act.weapon, agreement.weapons),
                                     ("--exemption", "exemption", act.exemption, agreement.exemptions)):
        if name is not None and name not in known:
            remedy = f"use one of: {', '.join(known)}" if known else f"leave it out, {agreement.name} names none"
            raise SkyShieldError(where, f"no {what} is named {name!r}", remedy)
    if not 0 <= act.position_error_m <= MAX_WIDTH_M:
        raise SkyShieldError("--position-error", f"is {act.position_error_m:g}", f"give 0 to {MAX_WIDTH_M:,.0f} metres")
    if act.time.tzinfo is None:
        raise SkyShieldError("time", "has no time zone", "give a time with its zone")
    fault = place_fault(act.lon_deg, act.lat_deg)
    if fault is not None:
        raise SkyShieldError("place", fault, "give longitude and latitude in degrees")


def _offset(agreement: Agreement, act: Act) -> Offset | None:
    """Return distance and side to the party's line, None where the agreement has none for it."""
    name = agreement.party_lines[act.party].line  # type: ignore[index]
    return None if name is None else offset_from_line(act.lon_deg, act.lat_deg, agreement.lines[name].points)


def _row(agreement: Agreement, clause: Clause, act: Act, offset: Offset | None) -> dict[str, Any]:
    """Return what a clause says of an act that it speaks of, by a party that it binds."""
    asked = [_in_force(clause, act.time), _here(agreement, clause, act, offset)]
    if clause.status == "open":
        asked.append(("open", "the term is open"))
    if act.exemption is not None and act.exemption in clause.exemptions:
        status = agreement.exemptions[act.exemption].status
        asked.append(({"accepted": "no", "refused": "yes", "open": "open"}[status],  # type: ignore[arg-type]
                      f"the exemption {act.exemption} is {status}"))
    breach = both([answer for answer, _ in asked])
    why = [said for answer, said in asked if said and answer == breach]
    return {"id": clause.id, "breach": breach, "why": why, "words": clause.words, "status": clause.status,
            "source": agreement.sources[clause.source].model_dump()}


def _in_force(clause: Clause, time: dt.datetime) -> tuple[Breach, str]:
    if clause.start is not None and time < clause.start:
        return "no", f"not in force before {_utc(clause.start)}"
    last = clause.end_latest or clause.end
    if last is not None and time >= last:
        return "no", f"ended by {_utc(last)}"
    if clause.start_latest is not None and time < clause.start_latest:
        return "open", f"in force at the latest from {_utc(clause.start_latest)}"
    if clause.end is not None and time >= clause.end:
        return "open", f"in force to {_utc(clause.end)} at least"
    return "yes", ""


def _utc(time: dt.datetime) -> str:
    return time.astimezone(dt.UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def _here(agreement: Agreement, clause: Clause, act: Act, offset: Offset | None) -> tuple[Breach, str]:
    """Return whether a clause holds at the place of an act."""
    if clause.width_m is not None:
        return _withdrawn(agreement, clause, act, offset)
    if clause.zone is None:
        return "yes", ""
    zone = agreement.zone(clause.zone)
    if zone.status == "open":
        return "open", f"the zone {clause.zone} is open"
    inside: bool | None
    if zone.oblasts is not None:
        inside = inside_oblasts(act.lon_deg, act.lat_deg, zone.oblasts, act.margin_m)
    elif zone.polygon is not None:
        inside = inside_polygon(act.lon_deg, act.lat_deg, zone.polygon, (zone.error_m or 0.0) + act.margin_m)
    else:
        line, within_m = agreement.lines[zone.along or ""], zone.within_m or 0.0
        distance_m = offset_from_line(act.lon_deg, act.lat_deg, line.points).distance_m
        inside = None if abs(distance_m - within_m) <= line.error_m + act.margin_m else distance_m < within_m
    if inside is None:
        return "open", f"the error of {_whose('the edge of ' + clause.zone, act)} decides"
    return ("yes", f"in {clause.zone}") if inside else ("no", f"not in {clause.zone}")


def _withdrawn(agreement: Agreement, clause: Clause, act: Act, offset: Offset | None) -> tuple[Breach, str]:
    """Return whether a weapon stands nearer to its party's line, or farther beyond it, than it may."""
    if offset is None:
        return "open", f"the line of {act.party} is open"
    widths = clause.width_m or {}
    if act.weapon is not None and act.weapon not in widths:
        return "no", f"says nothing of {act.weapon}"
    of_party = agreement.party_lines[act.party]  # type: ignore[index]
    line = agreement.lines[of_party.line or ""]
    own = offset.side == _SIDES[of_party.own_side or "left"]
    behind_m = offset.distance_m if own else -offset.distance_m
    asked = [widths[act.weapon]] if act.weapon is not None else list(widths.values())
    answers: set[Breach] = {"open" if abs(behind_m - width_m / 2.0) <= line.error_m + act.margin_m else
                            "yes" if behind_m < width_m / 2.0 else "no" for width_m in asked}
    if act.weapon is None and answers != {"no"}:  # a lighter weapon may stand there
        return "open", "the weapon decides, and is not given"
    answer = answers.pop()
    return answer, {"open": f"the error of {_whose('the line', act)} decides", "yes": "nearer to the line than agreed",
                    "no": "withdrawn as agreed"}[answer]


def _whose(drawing: str, act: Act) -> str:
    """Return whose error keeps an answer open: the drawing's, and the place's if it has one."""
    return f"{drawing} or of the place" if act.position_error_m else drawing


def _claim(agreement: Agreement, act: Act, rows: Sequence[dict[str, Any]]) -> dict[str, Any] | None:
    """Return what became of the exemption that was claimed, None if none was."""
    if act.exemption is None:
        return None
    exemption = agreement.exemptions[act.exemption]
    ids = {clause.id for clause in agreement.clauses if act.exemption in clause.exemptions}
    return {"id": act.exemption, "status": exemption.status, "words": exemption.words,
            "clauses": [row["id"] for row in rows if row["id"] in ids]}
