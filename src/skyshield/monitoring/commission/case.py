"""A case: what the ledger holds of an event's way through the commission, and which step may follow.

Every step is an entry of the ledger, ``kind: case``: `opened`, `evidence` and `attribution` when the case is opened
(the last two again when the records of the event have changed since), then `vote`, `dissent`, `decision`, `remedy`.
Nothing is averaged: a differing view stands beside the decision.

A decision needs the majority of the members that the agreement names, for the party that it names; an agreement whose
rule is open lets it be recorded with the votes as they are, and the file says so. Votes end with the decision, a remedy
follows it, a dissent may come at any time.
"""

import dataclasses
import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from skyshield.core.errors import SkyShieldError
from skyshield.monitoring.agreement.check import read_time
from skyshield.monitoring.agreement.model import PARTIES, Agreement
from skyshield.monitoring.attribution.words import UNDETERMINED
from skyshield.monitoring.commission.steps import (
    ATTRIBUTION,
    DECISION,
    DISSENT,
    EVIDENCE,
    NO,
    OPENED,
    REMEDY,
    VOTE,
    YES,
    Step,
)
from skyshield.monitoring.ledger.database import told
from skyshield.monitoring.ledger.store import Entry, Ledger
from skyshield.monitoring.observation.leaf import canonical_json, utc_text

KIND = "case"
_ENTRIES = "SELECT number, leaf FROM entries WHERE instr(leaf, CAST('\"kind\":\"case\"' AS BLOB)) ORDER BY number"
_OWN = ("kind", "case", "step", "time")
_DIGITS, _THIRDS = 6, 3


@dataclasses.dataclass(frozen=True)
class Taken:
    """A step in the ledger: its number, its kind, its time as text, and its fields."""

    number: int
    step: str
    time: str
    fields: Mapping[str, Any]

    @property
    def time_s(self) -> float:
        """Its time in seconds since 1970 UTC."""
        return read_time(self.time).timestamp()


@dataclasses.dataclass(frozen=True)
class Case:
    """What the ledger holds of one event's case, in order."""

    event: str
    taken: tuple[Taken, ...] = ()

    def all(self, step: str) -> tuple[Taken, ...]:
        """Return the steps of a kind."""
        return tuple(one for one in self.taken if one.step == step)

    def last(self, step: str) -> Taken | None:
        """Return the latest step of a kind."""
        return next((one for one in reversed(self.taken) if one.step == step), None)

    @property
    def opened(self) -> bool:
        """Whether it was opened."""
        return self.last(OPENED) is not None

    @property
    def decision(self) -> Taken | None:
        """The decision."""
        return self.last(DECISION)

    def tally(self) -> dict[str, Any]:
        """Return how many voted yes for each party, no, and abstained."""
        votes = [one.fields for one in self.all(VOTE)]
        return {"yes": dict(sorted(Counter(vote["party"] for vote in votes if vote["vote"] == YES).items())),
                "no": sum(vote["vote"] == NO for vote in votes),
                "abstain": sum(vote["vote"] not in (YES, NO) for vote in votes)}


def cases_of(ledger: Ledger) -> dict[str, Case]:
    """Return the cases of a ledger by event.

    Raises
    ------
    SkyShieldError
        Exit code 3 if the ledger cannot be read.
    """
    found: dict[str, list[Taken]] = {}
    with told(ledger.path):
        for number, leaf in ledger.connection.execute(_ENTRIES):
            content = json.loads(leaf)
            if content.get("kind") == KIND and isinstance(content.get("case"), str):
                found.setdefault(content["case"], []).append(Taken(
                    number, content["step"], content["time"],
                    {name: value for name, value in content.items() if name not in _OWN}))
    return {event: Case(event, tuple(steps)) for event, steps in found.items()}


def decisions_of(cases: Mapping[str, Case]) -> dict[str, Mapping[str, Any]]:
    """Return the decision of each case that names a party: what lifts an event to level 4."""
    return {event: case.decision.fields for event, case in cases.items()
            if case.decision is not None and case.decision.fields["party"] != UNDETERMINED}


def entry(event: str, step: str, fields: Mapping[str, Any], time_s: float) -> Entry:
    """Return the entry of the ledger that records a step; it has no duplicates."""
    content = {"kind": KIND, "case": event, "step": step, "time": utc_text(int(time_s)), **rounded(dict(fields))}
    return Entry(canonical_json(content), float(int(time_s)))


def rounded(value: Any) -> Any:
    """Return plain data with every number to six significant digits.

    Examples
    --------
    >>> rounded({"p": 0.93319279873, "of": [1, (2.0000004,)]})
    {'p': 0.933193, 'of': [1, [2.0]]}
    """
    if isinstance(value, float):
        return float(f"{value:.{_DIGITS}g}")
    if isinstance(value, Mapping):
        return {str(key): rounded(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [rounded(one) for one in value]
    return value


def followed(case: Case, steps: Sequence[Step], agreement: Agreement) -> Iterator[tuple[str, dict[str, Any], float]]:
    """Yield what each step records, once it is known that it may follow what was there before.

    Raises
    ------
    SkyShieldError
        Exit code 2 if a step is out of order, a member votes twice or is none, a majority is not reached, or a remedy
        is not the agreement's.
    """
    for step in steps:
        where = f"case {case.event}: {step.kind}"
        if case.taken and int(step.time_s) < case.taken[-1].time_s:
            raise SkyShieldError(f"{where}: time", f"lies before the last step, of {case.taken[-1].time}",
                                 "write a time after it, or leave it out")
        fields = _CHECKS[step.kind](case, dict(step.fields), agreement, where)
        yield step.kind, fields, step.time_s
        case = Case(case.event, (*case.taken, Taken(-1, step.kind, utc_text(int(step.time_s)), fields)))


def _check_vote(case: Case, fields: dict[str, Any], agreement: Agreement, where: str) -> dict[str, Any]:
    member, rule = fields["member"], agreement.commission
    if case.decision is not None:
        raise SkyShieldError(where, "comes after the decision", "record a dissent instead")
    if rule is not None and rule.members and member not in rule.members:
        raise SkyShieldError(f"{where}: member", f"{member!r} is no member", f"use one of: {', '.join(rule.members)}")
    if any(one.fields["member"] == member for one in case.all(VOTE)):
        raise SkyShieldError(f"{where}: member", f"{member!r} has voted", "a vote stands, record a dissent instead")
    if fields["vote"] == YES and "party" not in fields:
        found = case.last(ATTRIBUTION)
        named = UNDETERMINED if found is None else found.fields["party"]
        if named == UNDETERMINED:
            raise SkyShieldError(f"{where}: party", "is missing, and the attribution names nobody",
                                 f"say for which party the yes is: {', '.join(PARTIES)}")
        fields["party"] = named
    return fields


def _check_dissent(_case: Case, fields: dict[str, Any], _agreement: Agreement, _where: str) -> dict[str, Any]:
    return fields


def _check_decision(case: Case, fields: dict[str, Any], agreement: Agreement, where: str) -> dict[str, Any]:
    if case.decision is not None:
        raise SkyShieldError(where, f"was taken in entry {case.decision.number}", "record a dissent instead")
    if not case.all(VOTE):
        raise SkyShieldError(where, "comes before any vote", "record the votes first")
    tally, rule = case.tally(), agreement.commission
    agree = tally["no"] if fields["party"] == UNDETERMINED else tally["yes"].get(fields["party"], 0)
    if rule is not None and rule.status == "agreed" and not reached(rule.majority or "", agree, len(rule.members)):
        raise SkyShieldError(where, f"has {agree} of {len(rule.members)} members for {fields['party']}, "
                             f"not the majority asked for ({(rule.majority or '').replace('_', ' ')})",
                             "record more votes, or another decision")
    majority = "open" if rule is None or rule.majority is None or rule.status == "open" else rule.majority
    return {**fields, "votes": tally, "majority": majority}


def reached(majority: str, agree: int, members: int) -> bool:
    """Tell whether so many of all members are the majority that is asked for.

    Examples
    --------
    >>> [reached("simple", n, 4) for n in (2, 3)], [reached("two_thirds", n, 6) for n in (3, 4)]
    ([False, True], [False, True])
    >>> [reached("unanimous", n, 3) for n in (2, 3)]
    [False, True]
    """
    if majority == "unanimous":
        return agree == members
    if majority == "two_thirds":
        return _THIRDS * agree >= 2 * members
    return 2 * agree > members


def _check_remedy(case: Case, fields: dict[str, Any], agreement: Agreement, where: str) -> dict[str, Any]:
    if case.decision is None:
        raise SkyShieldError(where, "comes before the decision", "record the decision first")
    name = fields.get("remedy")
    if name is None:
        return {**fields, "status": "open"}
    if name not in agreement.remedies:
        known = ", ".join(agreement.remedies)
        raise SkyShieldError(f"{where}: remedy", f"{name!r} is no remedy of the agreement",
                             f"use one of: {known}" if known else "the agreement names none, write a text instead")
    of = agreement.remedies[name]
    return {**fields, "words": of.words, "status": of.status}


_CHECKS = {VOTE: _check_vote, DISSENT: _check_dissent, DECISION: _check_decision, REMEDY: _check_remedy}
__all__ = ["EVIDENCE", "Case", "Taken", "cases_of", "decisions_of", "entry", "followed", "reached", "rounded"]
