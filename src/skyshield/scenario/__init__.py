"""Scenarios: what is asked, checked and made self-contained."""

from skyshield.scenario.check import Finding, check
from skyshield.scenario.load import library, load
from skyshield.scenario.model import Option, Phase, Scenario
from skyshield.scenario.resolve import Resolved, resolve

__all__ = ["Finding", "Option", "Phase", "Resolved", "Scenario", "check", "library", "load", "resolve"]
