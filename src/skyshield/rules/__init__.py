"""Rules of engagement: clauses as data, and where on the map they let an option shoot."""

from skyshield.rules.clauses import CLAUSES, RulesOfEngagement, ZoneClause
from skyshield.rules.windows import RuleArrays, prepare_rules

__all__ = ["CLAUSES", "RuleArrays", "RulesOfEngagement", "ZoneClause", "prepare_rules"]
