"""Phases as the engine's arrays: how many raids each brings, and how many strikes at the coalition's people."""

import numpy as np

from skyshield.compile.parameters import CentralValues, ParameterTable
from skyshield.core.arrays import Floats
from skyshield.core.vocabulary import N_CLASSES, UAV
from skyshield.scenario import Scenario

COLLAPSE, VIOLATION = "collapse", "violation"
AT_WAR = ("war", COLLAPSE)


def intensity_by_phase(scenario: Scenario, table: ParameterTable | CentralValues) -> Floats:
    """Return f8[vector, phase, class]: launches over those of war; of a violation as the catalogue has them."""
    result = np.zeros((len(table.fit_row), len(scenario.phases), N_CLASSES))
    for k, phase in enumerate(scenario.phases):
        told = phase.name == VIOLATION and phase.raid_intensity is None
        result[:, k] = table["violation_raid_intensity"][:, None] if told else phase.intensity
        result[:, k, UAV] *= phase.uav_intensity
    return result


def at_strength(scenario: Scenario, table: ParameterTable | CentralValues) -> Floats:
    """Return f8[vector, phase]: strikes aimed at coalition people over those of war; they keep step with raids."""
    calm = table["deliberate_strikes_ceasefire_share"] if any(
        phase.name not in AT_WAR for phase in scenario.phases) else np.ones(len(table.fit_row))
    raids = intensity_by_phase(scenario, table).max(axis=2)
    war = np.array([phase.name in AT_WAR for phase in scenario.phases])
    return np.where(war, 1.0, np.maximum(raids, calm[:, None]))
