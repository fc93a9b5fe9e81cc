"""The attacker's adaptation to a zone: a sweep of a study over it, break-evens, the atlas of break-evens."""

from skyshield.adaptation.summary import Adaptation, adapt, adaptation_json

__all__ = ["Adaptation", "adapt", "adaptation_json"]
