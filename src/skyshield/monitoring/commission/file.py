"""A case as one document: clause, evidence with proofs, attribution, votes, dissent, decision, remedy."""

import dataclasses
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from skyshield.monitoring.attribution.assess import Described, describe
from skyshield.monitoring.attribution.levels import DECIDED
from skyshield.monitoring.commission.case import Case, Taken, cases_of, decisions_of, rounded
from skyshield.monitoring.commission.clauses import breach_of
from skyshield.monitoring.commission.steps import ATTRIBUTION, DISSENT, EVIDENCE, OPENED, REMEDY, VOTE
from skyshield.monitoring.commission.take import event_fields, find
from skyshield.monitoring.commission.watched import Watched
from skyshield.monitoring.ledger.database import told
from skyshield.monitoring.ledger.export import PROOF, latest
from skyshield.monitoring.ledger.note import encoded, parse_checkpoint, parse_note
from skyshield.monitoring.ledger.store import Ledger
from skyshield.monitoring.ledger.tree import inclusion_proof

PROOFS = "proofs"


@dataclasses.dataclass(frozen=True)
class CaseFile:
    """A case as it is handed over.

    Attributes
    ----------
    content
        What ``case.json`` holds.
    files
        Leaves, proofs, checkpoint, agreement and verifier key, by path in the folder.
    """

    content: dict[str, Any]
    files: dict[str, bytes]


def case_file(folder: Path, event: str, seen: Watched) -> CaseFile:
    """Return the file of a case as the ledger holds it now.

    Parameters
    ----------
    folder
        The ledger.
    event
        The event's id; its case is open.
    seen
        The ledger as it was read for the event.
    """
    found = find(seen, event)
    with Ledger.open(folder, write=False) as ledger, told(ledger.path):
        run = ledger.connection.execute
        run("BEGIN")
        cases = cases_of(ledger)
        case = cases[event]
        size, note = latest(ledger.connection)
        key, agreement = run("SELECT key, agreement FROM about").fetchone()
        evidence = case.last(EVIDENCE)
        numbers = list(found.event.records if found is not None and case.decision is None else
                       evidence.fields["records"] if evidence is not None else ())
        files: dict[str, bytes] = {"checkpoint": note.encode(), "agreement.yaml": bytes(agreement),
                                   "verifier.key": f"{key}\n".encode()}
        leaves: dict[int, Any] = {}
        for number in sorted({*numbers, *(one.number for one in case.taken)}):
            leaf = bytes(run("SELECT leaf FROM entries WHERE number = ?", (number,)).fetchone()[0])
            leaves[number] = json.loads(leaf)
            path = inclusion_proof(ledger.tile, number, size)
            proof = "\n".join([PROOF, f"index {number}", *(encoded(hashed) for hashed in path), "", note])
            files |= {f"{PROOFS}/{number}.json": leaf, f"{PROOFS}/{number}.tlog-proof": proof.encode()}
    if found is not None:
        [found] = describe([found.event], seen.leaves, seen.agreement, decisions_of(cases))
    root = encoded(parse_checkpoint(parse_note(note, "checkpoint"), "checkpoint").root)
    content = {**_content(case, found, seen, numbers, leaves),
               "ledger": {"origin": seen.origin, "size": size, "root": root, "verifier_key": str(key)}}
    return CaseFile(rounded(content), files)


def _content(case: Case, found: Described | None, seen: Watched, numbers: Sequence[int],
             leaves: dict[int, Any]) -> dict[str, Any]:
    opened, last = case.last(OPENED), case.last(ATTRIBUTION)
    of, held = opened.fields if opened is not None else {}, last.fields if last is not None else {}
    decision = case.decision
    witnesses = list(found.event.witnesses) if found is not None else of["event"]["witnesses"]
    clause = (breach_of(found, seen.agreement, [dict(seen.leaves[number]) for number in found.event.witnesses])
              if found is not None else {"breach": held.get("breach"), "why": "as recorded", "parties": {}})
    rule = seen.agreement.commission
    decided = decision is not None and case.event in decisions_of({case.event: case})
    return {
        "case": case.event, "status": "open" if decision is None else "decided",
        "level": found.level if found is not None else DECIDED if decided else of["level"],
        "severity": found.severity if found is not None else of["severity"],
        "intent": found.intent if found is not None else "unknown",
        "event": event_fields(found) if found is not None else of["event"],
        "agreement": {"name": seen.agreement.name, "title": seen.agreement.title},
        "clause": clause,
        "evidence": [{"number": number, "witness": number in witnesses, "leaf": leaves[number],
                      "proof": f"{PROOFS}/{number}.tlog-proof"} for number in numbers],
        "attribution": {name: held.get(name) for name in ("party", "shares", "items", "told")},
        "rule": None if rule is None else rule.model_dump(),
        "votes": [_row(one) for one in case.all(VOTE)], "tally": case.tally(),
        "dissent": [*(_row(one) for one in case.all(DISSENT)),
                    *({"entry": one.number, "time": one.time, "by": one.fields["member"],
                       "text": one.fields["dissent"]} for one in case.all(VOTE) if "dissent" in one.fields)],
        "decision": None if decision is None else _row(decision),
        "remedy": [_row(one) for one in case.all(REMEDY)],
        "steps": [{"entry": one.number, "step": one.step, "time": one.time,
                   "proof": f"{PROOFS}/{one.number}.tlog-proof"} for one in case.taken]}


def _row(one: Taken) -> dict[str, Any]:
    return {"entry": one.number, "time": one.time, **one.fields}
