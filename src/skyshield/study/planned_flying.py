"""What a plan flies: hours of fighters and tankers a day, before any raid or day's weather is drawn.

The same steps as in a day that is played (`skyshield.engine.steps.force`), with the weather at its mean and no
scrambles: at the sustained pace every day is the same, at a surge the first days fly more than the last.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from skyshield.engine import Fleets
from skyshield.engine.steps.force import down_tomorrow, tonight
from skyshield.forces import FighterPackage, Member, ShooterArrays, prepare_fleets
from skyshield.forces.abilities import Parameters


@dataclass(frozen=True)
class Flying:
    """Means over the days of a plan."""

    sorties_per_day: float
    flight_hours_per_day: float
    tanker_hours_per_day: float


def planned_flying(package: FighterPackage | None, members: Sequence[Member], shooters: ShooterArrays,
                   parameters: Parameters, days: int) -> Flying:
    """Return what one option's fighters and their tankers fly.

    Parameters
    ----------
    package
        The option's fighters, None if it has none.
    members
        Contingents.
    shooters
        Of that option alone, of one vector.
    parameters
        Numbers by catalogue key, SI units, f8[1].
    days
        On which they fly.
    """
    if package is None or days < 1:
        return Flying(0.0, 0.0, 0.0)
    fleets = Fleets(**vars(prepare_fleets([package], members, parameters)))
    weather = float(1.0 - fleets.p_bad_weather[0] * (1.0 - fleets.bad_weather_flown[0]))
    down = float((1.0 - fleets.p_available[0]) * fleets.aircraft[0, 0])
    kept_up = np.zeros(shooters.shooter_kind.shape[1])
    flown = np.zeros(3)
    for _ in range(days):
        tonight(fleets, shooters.ready_aircraft[0, 0], shooters.crews[0, 0], 0, 0, down, weather, kept_up)
        sorties = kept_up * shooters.sorties_per_day[0, 0]
        flown += (sorties.sum(), (sorties * shooters.flight_time_h[0, 0]).sum(),
                  (kept_up * shooters.tanker_time_h[0, 0]).sum())
        down = down_tomorrow(fleets, 0, down, float(sorties.sum()))
    return Flying(*(float(value) / days for value in flown))
