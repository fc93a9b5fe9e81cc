"""Whether the fitted model does what the record does, and whether we would notice if it did not.

Synthetic records (`generate`), the facts of the record (`facts`), a band that a perfect model passes (`bands`), how
far a parameter can be wrong unnoticed (`detect`), months held back (`heldout`), and truth recovery (`recovery`).
"""

from skyshield.evidence.fit_checks.bands import Band, simultaneous_band
from skyshield.evidence.fit_checks.detect import detect
from skyshield.evidence.fit_checks.ensemble import Ensemble, facts_of, history
from skyshield.evidence.fit_checks.facts import Fact, compute, load_facts
from skyshield.evidence.fit_checks.generate import Reporting, generate, reporting_of
from skyshield.evidence.fit_checks.heldout import held_out, month_ends
from skyshield.evidence.fit_checks.recovery import Recovery, recover

__all__ = ["Band", "Ensemble", "Fact", "Recovery", "Reporting", "compute", "detect", "facts_of", "generate",
           "held_out", "history", "load_facts", "month_ends", "recover", "reporting_of", "simultaneous_band"]
