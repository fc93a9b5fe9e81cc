"""What the agreement says of an event: the check of its act for every party that it may be put down to."""

import datetime as dt
from typing import Any

from skyshield.monitoring.agreement import Act, check_act
from skyshield.monitoring.agreement.check import Breach
from skyshield.monitoring.agreement.model import Agreement
from skyshield.monitoring.attribution.assess import Described, weighed_parties
from skyshield.monitoring.attribution.words import UNDETERMINED


def breach_of(described: Described, agreement: Agreement, leaves: list[dict[str, Any]]) -> dict[str, Any]:
    """Return whether an event breaches the agreement, and by which clause, for each party it may be put down to.

    Of a party that is not determined the answer is `open`, unless it is the same whoever it was. Without an act told
    the agreement cannot be asked.

    Parameters
    ----------
    described
        The event.
    agreement
        The agreement.
    leaves
        Of the event's witnesses: a weapon that bears the agreement's name for it counts.
    """
    event = described.event
    if event.act is None:
        return {"breach": "open", "why": "no record names an act", "parties": {}}
    weapon = next((leaf["weapon"] for leaf in leaves if leaf.get("weapon") in agreement.weapons), None)
    moment = dt.datetime.fromtimestamp(event.time_s, dt.UTC)
    answers = {party: check_act(agreement, Act(event.act, party, event.lon, event.lat, moment, weapon,
                                               position_error_m=event.position_error_m)).to_dict()
               for party in weighed_parties(agreement)}
    named = described.attribution.party if described.decision is None else described.decision["party"]
    said = {answer["breach"] for answer in answers.values()}
    if named != UNDETERMINED and named in answers:
        breach: Breach = answers[named]["breach"]
        why = f"of {named}, to whom it is put down"
    elif len(said) == 1:
        breach, why = said.pop(), "whoever it was"
    else:
        breach, why = "open", "it depends on who it was"
    return {"breach": breach, "why": why, "parties": answers}
