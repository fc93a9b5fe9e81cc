"""The attacker's adaptation to a zone: a study swept along it, break-evens, the atlas of break-evens."""

from skyshield.adaptation.summary import Adaptation, adapt, adaptation_json

__all__ = ["Adaptation", "adapt", "adaptation_json"]
