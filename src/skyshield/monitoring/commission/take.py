"""Take the next steps of a case: what is new goes into the ledger in one transaction, once it is in order."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from skyshield.core.errors import SkyShieldError
from skyshield.monitoring.agreement.model import Agreement
from skyshield.monitoring.attribution.assess import Described
from skyshield.monitoring.commission.case import Case, cases_of, entry, followed, rounded
from skyshield.monitoring.commission.clauses import breach_of
from skyshield.monitoring.commission.steps import ATTRIBUTION, EVIDENCE, OPENED, Step
from skyshield.monitoring.commission.watched import Watched
from skyshield.monitoring.ledger.store import Entry, Ledger
from skyshield.monitoring.ledger.tree import leaf_hash
from skyshield.monitoring.observation.leaf import utc_text

_LEAVES = "SELECT number, leaf FROM entries WHERE number = ?"


def event_fields(of: Described) -> dict[str, Any]:
    """Return what a case says of its event."""
    event = of.event
    return {"time": utc_text(round(event.time_s)), "time_error_s": event.time_error_s, "lon": event.lon,
            "lat": event.lat, "position_error_m": event.position_error_m, "act": event.act, "p_real": event.p_real,
            "records": list(event.records), "witnesses": list(event.witnesses), "sources": list(event.sources),
            "methods": list(event.methods)}


def find(ledger: Watched, event: str) -> Described | None:
    """Return an event of a ledger; None if only a case of it is there.

    Raises
    ------
    SkyShieldError
        Exit code 2 if the ledger has neither.
    """
    found = next((one for one in ledger.events if one.event.id == event), None)
    if found is None and event not in ledger.cases:
        raise SkyShieldError(f"event {event[:60]!r}", "is not in this ledger",
                             "take an id from 'skyshield monitor assess'" if ledger.events else "add records first")
    return found


def take(folder: Path, event: str, seen: Watched, steps: Sequence[Step], now_s: float) -> int:
    """Open the case of an event, or add to it what has changed and the steps given; return how many entries are new.

    Parameters
    ----------
    folder
        The ledger.
    event
        The event's id.
    seen
        The ledger as it was read.
    steps
        To take, in order. A case is opened first, by a call without steps.
    now_s
        Seconds since 1970 UTC, the time of what is opened or changed.

    Raises
    ------
    SkyShieldError
        Exit code 2 if there is no such event or a step is out of order, 3 if the ledger may not be written to; then
        nothing is in the ledger.
    """
    found = find(seen, event)
    case = seen.cases.get(event, Case(event))
    if not list(_planned(case, found, seen, steps, now_s, {})):
        return 0
    with Ledger.open(folder) as ledger:
        def entries() -> Iterator[Entry]:
            # Inside the transaction: whoever wrote since then has done.
            hashes = {number: leaf_hash(bytes(leaf)).hex() for number in (found.event.records if found else ())
                      for number, leaf in ledger.connection.execute(_LEAVES, (number,))}
            latest = cases_of(ledger).get(event, Case(event))
            for kind, fields, time_s in _planned(latest, found, seen, steps, now_s, hashes):
                yield entry(event, kind, fields, time_s)

        return ledger.append(entries()).added


def _planned(case: Case, found: Described | None, seen: Watched, steps: Sequence[Step], now_s: float,
             hashes: Mapping[int, str]) -> Iterator[tuple[str, dict[str, Any], float]]:
    if not case.opened and steps:
        raise SkyShieldError(f"case {case.event}", "is not open", "open it first, by the same command without --step")
    if found is not None and case.decision is None:
        for kind, fields in _findings(found, seen.agreement, seen.leaves, hashes).items():
            last = case.last(kind)
            if last is None or (kind != OPENED and _differs(last.fields, rounded(fields))):
                yield kind, fields, now_s
    yield from followed(case, steps, seen.agreement)


def _findings(found: Described, agreement: Agreement, leaves: Mapping[int, Mapping[str, Any]],
              hashes: Mapping[int, str]) -> dict[str, dict[str, Any]]:
    """Return what the first three steps record."""
    told = found.to_dict()
    clause = breach_of(found, agreement, [dict(leaves[number]) for number in found.event.witnesses])
    brief = {party: {"breach": answer["breach"], "clauses": {row["id"]: row["breach"] for row in answer["clauses"]}}
             for party, answer in clause["parties"].items()}
    return {
        OPENED: {"event": event_fields(found), "level": told["level"], "severity": told["severity"]},
        EVIDENCE: {"records": list(found.event.records),
                   "leaf_hashes": [hashes.get(number, "") for number in found.event.records]},
        ATTRIBUTION: {"party": told["party"], "shares": told["attribution"], "items": told["evidence"],
                      "told": told["dissent"], "breach": clause["breach"], "clauses": brief}}


def _differs(old: Mapping[str, Any], new: Mapping[str, Any]) -> bool:
    return any(old.get(name) != value for name, value in new.items() if name != "leaf_hashes")
