"""Rules of engagement: clauses as data, where on the map they let an option shoot, and where incidents may fall."""

from skyshield.rules.clauses import CLAUSES, RulesOfEngagement, ZoneClause
from skyshield.rules.legal import Legal, LegalPlace, Membership, load_legal
from skyshield.rules.places import IncidentMarks, incident_marks
from skyshield.rules.windows import (
    REFUSED_BY,
    REFUSING_CLAUSES,
    RuleArrays,
    declared_area,
    effective_area,
    prepare_rules,
)

__all__ = [
    "CLAUSES", "REFUSED_BY", "REFUSING_CLAUSES", "IncidentMarks", "Legal", "LegalPlace", "Membership", "RuleArrays",
    "RulesOfEngagement", "ZoneClause", "declared_area", "effective_area", "incident_marks", "load_legal",
    "prepare_rules",
]
