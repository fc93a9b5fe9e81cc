"""A ledger as it is read: its records, the events they are joined into, what is held of each, and the cases."""

import dataclasses
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from skyshield.core.files import parse_yaml
from skyshield.monitoring.agreement.load import parse_agreement
from skyshield.monitoring.agreement.model import Agreement
from skyshield.monitoring.attribution.assess import Described, describe
from skyshield.monitoring.commission.case import Case, cases_of, decisions_of
from skyshield.monitoring.joining.model import Assessment
from skyshield.monitoring.ledger.database import told
from skyshield.monitoring.ledger.note import encoded
from skyshield.monitoring.ledger.store import Ledger
from skyshield.monitoring.observation.model import COVERAGE, EVENT, RESTRICTION

_KINDS = (EVENT, COVERAGE, RESTRICTION)


@dataclasses.dataclass(frozen=True)
class Watched:
    """What a ledger says at one moment.

    Attributes
    ----------
    agreement
        Under which it is kept.
    events
        With level, attribution and severity, earliest first.
    leaves
        Of the observations that hold, by number.
    cases
        By event.
    size, root, origin
        Of the ledger that was read; the root in base64.
    """

    agreement: Agreement
    events: tuple[Described, ...]
    leaves: Mapping[int, Mapping[str, Any]]
    cases: Mapping[str, Case]
    size: int
    root: str
    origin: str


def agreement_of(ledger: Ledger) -> Agreement:
    """Return the agreement under which a ledger is kept.

    Raises
    ------
    SkyShieldError
        Exit code 2 if it is none, 3 if the ledger cannot be read.
    """
    with told(ledger.path):
        text = ledger.connection.execute("SELECT agreement FROM about").fetchone()[0]
    where = f"{ledger.path}: agreement"
    return parse_agreement(parse_yaml(bytes(text).decode("utf-8", "replace"), where), where)


def described(ledger: Ledger, assessment: Assessment) -> tuple[Described, ...]:
    """Return the events of an assessment with their level, attribution and severity, under the ledger's agreement.

    Raises
    ------
    SkyShieldError
        Exit code 2 if the ledger's agreement is none, 3 if the ledger cannot be read.
    """
    if not assessment.events:
        return ()
    leaves = {record.number: record.content() for record in ledger.records()}
    return describe(assessment.events, leaves, agreement_of(ledger), decisions_of(cases_of(ledger)))


def watched(folder: Path, sources: Path | None = None) -> Watched:
    """Read a ledger and join its records into events.

    Parameters
    ----------
    folder
        The ledger.
    sources
        What is known of the sources, as `monitor assess --sources` takes it.

    Raises
    ------
    SkyShieldError
        Exit code 2 if there is no ledger or its agreement is none, 3 if it cannot be read.
    """
    from skyshield.monitoring.joining.assess import assess
    from skyshield.monitoring.joining.sources import read_sources

    declared = {} if sources is None else read_sources(sources)
    with Ledger.open(folder, write=False) as ledger:
        with told(ledger.path):
            ledger.connection.execute("BEGIN")  # one state, whoever writes meanwhile
        checkpoint = ledger.checkpoint()
        leaves = {record.number: content for record in ledger.records()
                  if (content := record.content()).get("kind") in _KINDS}
        assessment = assess(ledger.records(), declared, str(sources))
        cases = cases_of(ledger)
        agreement = agreement_of(ledger)
    events = describe(assessment.events, leaves, agreement, decisions_of(cases))
    return Watched(agreement, events, leaves, cases, checkpoint.size, encoded(checkpoint.root), checkpoint.origin)
