"""A ceasefire agreement as data, and whether an act at a place and time breaches it."""

from skyshield.monitoring.agreement.check import Act, Answer, check_act, read_place, read_time
from skyshield.monitoring.agreement.load import library, load_agreement
from skyshield.monitoring.agreement.model import ACTS, PARTIES, Agreement

__all__ = [
    "ACTS", "PARTIES", "Act", "Agreement", "Answer", "check_act", "library", "load_agreement", "read_place",
    "read_time",
]
