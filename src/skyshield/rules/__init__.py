"""Rules of engagement: clauses as data, where on the map they let an option shoot, and where incidents may fall."""

from skyshield.rules.clauses import CLAUSES, RulesOfEngagement, ZoneClause
from skyshield.rules.identification import acceptance
from skyshield.rules.legal import Legal, LegalPlace, Membership, load_legal
from skyshield.rules.places import (
    IncidentMarks,
    IncidentPlaces,
    crossing_kinds,
    incident_marks,
    incident_places,
    last_part_from,
    nearest_states,
)
from skyshield.rules.windows import REFUSED_BY, declared_area, effective_area, prepare_rules

__all__ = [
    "CLAUSES", "REFUSED_BY", "IncidentMarks", "IncidentPlaces", "Legal", "LegalPlace", "Membership",
    "RulesOfEngagement", "ZoneClause", "acceptance", "crossing_kinds", "declared_area", "effective_area",
    "incident_marks", "incident_places", "last_part_from", "load_legal", "nearest_states", "prepare_rules",
]
