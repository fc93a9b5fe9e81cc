"""Scenarios: what is asked, checked and made self-contained."""

from skyshield.scenario.check import Finding, check
from skyshield.scenario.load import library, load
from skyshield.scenario.model import Option, Package, Phase, Scenario
from skyshield.scenario.resolve import Resolved, resolve

__all__ = ["Finding", "Option", "Package", "Phase", "Resolved", "Scenario", "check", "library", "load", "resolve"]
