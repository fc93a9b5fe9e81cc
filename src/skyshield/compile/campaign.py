"""What time since the decision does: how raids have grown, and when what was decided is there.

Time counts from the day of the decision, which is the first day of the period unless the scenario says that it was
taken before. A quantity that is x times as large after a year is x^t times as large after t years; a share that is to
be reached after a year is approached evenly, and kept.
"""

from typing import TYPE_CHECKING

import numpy as np

from skyshield.core.arrays import Floats, Parameters
from skyshield.core.vocabulary import BALLISTIC, CLASSES, UAV
from skyshield.forces import ForcePackage
from skyshield.scenario import Scenario

if TYPE_CHECKING:
    from skyshield.compile.parameters import ParameterTable

DAYS_A_YEAR = 365
_DAY_S = 86400.0
_AGREED, _AFTER = "zone_agreement_time", ("zone_basing_time", "zone_early_warning_time", "zone_training_time")


def years_since(scenario: Scenario) -> Floats:
    """Return f8[day]: how long ago the decision was, in years of 365 days.

    Examples
    --------
    >>> from skyshield.scenario import load
    >>> years_since(load("skyshield"))[:2].round(5).tolist()
    [0.0, 0.00274]
    """
    return (scenario.decided_before_days + np.arange(scenario.days)) / DAYS_A_YEAR


def growth_by_day(scenario: Scenario, parameters: Parameters) -> Floats:
    """Return f8[vector, class, day]: launches expected on a day over those of the window's average, in war."""
    years = years_since(scenario)
    all_classes = parameters["launch_growth"][:, None] ** years
    growth = np.repeat(all_classes[:, None], len(CLASSES), axis=1)
    growth[:, BALLISTIC] *= parameters["ballistic_growth"][:, None] ** years
    return growth


def expected_growth(scenario: Scenario, parameters: Parameters) -> Floats:
    """Return f8[vector, class, day]: the same with what the calendar's phases leave of UAVs over the other classes."""
    growth = growth_by_day(scenario, parameters)
    phases = np.array([phase.uav_intensity for phase in scenario.phases])
    growth[:, UAV] *= phases[list(scenario.phase_index_by_day())]
    return growth


def growth_before(scenario: Scenario, parameters: Parameters) -> Floats:
    """Return f8[vector, class, day]: the same of the days between the decision and the first day, all of them war."""
    years = np.arange(scenario.decided_before_days) / DAYS_A_YEAR
    growth = np.repeat((parameters["launch_growth"][:, None] ** years)[:, None], len(CLASSES), axis=1)
    growth[:, BALLISTIC] *= parameters["ballistic_growth"][:, None] ** years
    growth[:, UAV] *= scenario.calendar[0].uav_intensity
    return growth


def reached(scenario: Scenario, start: Floats, after_a_year: Floats) -> Floats:
    """Return f8[vector, day]: a share that goes evenly from `start` to what it is after a year, f8[vector] each."""
    years = np.minimum(1.0, years_since(scenario))
    return np.asarray(start[:, None] + (after_a_year - start)[:, None] * years)


def day_raids(scenario: Scenario, parameters: Parameters) -> Floats:
    """Return f8[vector, day]: the probability of a raid in the day part."""
    grown = parameters["p_day_raid"][:, None] * parameters["day_wave_growth"][:, None] ** years_since(scenario)
    return np.asarray(np.minimum(1.0, grown))


def lead_days(scenario: Scenario, parameters: "ParameterTable | Parameters") -> int:
    """Return how many days after the period's first day the zone is there, 0 if it has been decided on long enough.

    Agreement comes first; basing, early warning and training then go on side by side. The numbers are those of the
    first vector: they have no centre, so that all vectors of a world have the same.

    Examples
    --------
    >>> from skyshield.catalogue import load_catalogue
    >>> from skyshield.compile.parameters import CentralValues
    >>> from skyshield.scenario import load
    >>> lead_days(load("skyshield"), CentralValues(load_catalogue()))
    105
    """
    return max(0, zone_lead_days(parameters) - scenario.decided_before_days)


def package_lead_days(package: ForcePackage, parameters: "ParameterTable | Parameters") -> int:
    """Return how many days after the decision, or the ceasefire, a package is there."""
    if not package.needs_agreement:
        return 0
    if not package.lead_time_key:
        return zone_lead_days(parameters)
    return int(np.ceil(parameters[package.lead_time_key][0] / _DAY_S))


def zone_lead_days(parameters: "ParameterTable | Parameters") -> int:
    """Return how many days after the decision the zone is there."""
    seconds = parameters[_AGREED][0] + max(parameters[name][0] for name in _AFTER)
    return int(np.ceil(seconds / _DAY_S))
