"""Scenarios: what is asked, checked and made self-contained."""

from skyshield.scenario.check import check
from skyshield.scenario.findings import Finding, second_look
from skyshield.scenario.load import library, load
from skyshield.scenario.model import Option, Package, Phase, Scenario
from skyshield.scenario.resolve import Resolved, resolve

__all__ = ["Finding", "Option", "Package", "Phase", "Resolved", "Scenario", "check", "library", "load", "resolve",
           "second_look"]
