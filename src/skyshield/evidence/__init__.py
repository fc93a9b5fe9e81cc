"""Whether the fitted model does what the record does, and whether we would notice if it did not.

Synthetic records (`generate`), the facts of the record (`facts`), a band that a perfect model passes (`bands`), how
far a parameter can be wrong unnoticed (`detect`), months held back (`heldout`), and truth recovery (`recovery`).
"""

from skyshield.evidence.bands import Band, simultaneous_band
from skyshield.evidence.detect import detect
from skyshield.evidence.ensemble import Ensemble, facts_of, history
from skyshield.evidence.facts import Fact, compute, load_facts
from skyshield.evidence.generate import Reporting, generate, reporting_of
from skyshield.evidence.heldout import held_out, month_ends
from skyshield.evidence.recovery import Recovery, recover

__all__ = ["Band", "Ensemble", "Fact", "Recovery", "Reporting", "compute", "detect", "facts_of", "generate",
           "held_out", "history", "load_facts", "month_ends", "recover", "reporting_of", "simultaneous_band"]
