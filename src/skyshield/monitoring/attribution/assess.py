"""Events with their level, their attribution and their severity: what `monitor assess` adds to joining."""

import dataclasses
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from skyshield.core.geodesy import to_plane
from skyshield.monitoring.agreement.model import Agreement
from skyshield.monitoring.attribution.evidence import Place, Record, items_of
from skyshield.monitoring.attribution.ground import ground_of
from skyshield.monitoring.attribution.levels import level_of, severity_of
from skyshield.monitoring.attribution.posterior import Attribution, attribute
from skyshield.monitoring.attribution.words import UNDETERMINED
from skyshield.monitoring.joining.model import Event

UNKNOWN_INTENT = "unknown"


@dataclasses.dataclass(frozen=True)
class Described:
    """An event with what is held of it.

    Attributes
    ----------
    event
        As joining gives it.
    level
        L0 to L4.
    attribution
        Who it is put down to, and from what.
    severity
        1 to 5.
    intent
        What the commission decided; `unknown` before.
    told
        What sources say of who did it, copies among them: source, party, numbers of records. Never weighed.
    decision
        The commission's, with the party it names; None before.
    """

    event: Event
    level: str
    attribution: Attribution
    severity: int
    intent: str
    told: tuple[Mapping[str, Any], ...]
    decision: Mapping[str, Any] | None

    @property
    def dissent(self) -> tuple[Mapping[str, Any], ...]:
        """What is told of who did it and differs from the party named, or from others if none is."""
        named = self.attribution.party
        if named == UNDETERMINED and len({row["party"] for row in self.told}) < 2:
            return ()
        return tuple(row for row in self.told if row["party"] != named)

    def to_dict(self) -> dict[str, Any]:
        """Return what `monitor assess --json` adds to an event."""
        return {
            "level": self.level, "party": self.attribution.party,
            "attribution": {party: dataclasses.asdict(share) for party, share in self.attribution.shares.items()},
            "severity": self.severity, "intent": self.intent, "evidence": evidence_rows(self.attribution),
            "dissent": [dict(row) for row in self.dissent]}


def evidence_rows(attribution: Attribution) -> list[dict[str, Any]]:
    """Return each item of evidence: its kind, what it says, its records, whom it favours, the ratio and its ends."""
    rows = []
    parties = list(attribution.shares)
    for item in attribution.items:
        favoured = int(np.argmax(item.likelihood[0]))
        ratio, lo, hi = item.ratio(favoured)
        rows.append({"kind": item.kind, "says": item.words, "records": list(item.records),
                     "favours": parties[favoured], "ratio": ratio, "lo": lo, "hi": hi})
    return rows


def weighed_parties(agreement: Agreement) -> tuple[str, ...]:
    """Return who an event may be put down to: parties with an agreed line, or, without two, all whom a clause binds.

    Examples
    --------
    >>> from skyshield.monitoring.agreement import load_agreement
    >>> weighed_parties(load_agreement("minsk-2015")), weighed_parties(load_agreement("paris-2026"))
    (('UA', 'OTHER'), ('RU', 'UA', 'CO', 'OTHER'))
    """
    drawn = ground_of(agreement).parties
    if len(drawn) > 1:
        return drawn
    bound = {party for clause in agreement.clauses for party in clause.who}
    return tuple(party for party in agreement.parties if party in bound)


def describe(events: Sequence[Event], leaves: Mapping[int, Mapping[str, Any]], agreement: Agreement,
             decisions: Mapping[str, Mapping[str, Any]]) -> tuple[Described, ...]:
    """Return each event with its level, attribution and severity.

    Parameters
    ----------
    events
        As joining gives them.
    leaves
        The leaf of each record that an event names, by its number in the ledger.
    agreement
        Whose lines draw the ground of each party.
    decisions
        The commission's, by event.

    Returns
    -------
    tuple[Described, ...]
        In the order of `events`.
    """
    ground, parties = ground_of(agreement), weighed_parties(agreement)
    x, y = to_plane([event.lon for event in events], [event.lat for event in events])
    inside = ground.inside_m(x, y)
    result = []
    for k, event in enumerate(events):
        witnesses = [Record(number, leaves[number]) for number in event.witnesses]
        place = Place(event.lon, event.lat, event.position_error_m, inside[:, k])
        every = [Record(number, leaves[number]) for number in event.records]
        decision = decisions.get(event.id)
        result.append(Described(
            event, level_of(witnesses, event.p_real, decision is not None),
            attribute(items_of(witnesses, place, ground, parties), parties),
            severity_of(event.act, every),
            UNKNOWN_INTENT if decision is None else decision.get("intent", UNKNOWN_INTENT), _told(every), decision))
    return tuple(result)


def _told(records: Sequence[Record]) -> tuple[dict[str, Any], ...]:
    """Return what sources say of who did it, one row a source and party."""
    by: dict[tuple[str, str], list[int]] = {}
    for record in records:
        if party := record.leaf.get("party"):
            by.setdefault((record.leaf["source"], party), []).append(record.number)
    return tuple({"source": source, "party": party, "records": numbers} for (source, party), numbers in by.items())
