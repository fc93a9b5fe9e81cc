"""What a plan flies: hours of fighters and tankers a day, before any raid or day's weather is drawn.

The same steps as in a day that is played (`skyshield.engine.steps.readiness`), with the weather at its mean and no
scrambles: at the sustained pace every day is the same, at a surge the first days fly more than the last. Where posture
follows demand, a day is the mean of one that is taken for massed and one that is not.
"""

from dataclasses import dataclass

import numpy as np

from skyshield.core.arrays import Floats
from skyshield.core.vocabulary import REGIMES
from skyshield.engine import Fleets, Forces
from skyshield.engine.day import down_tomorrow, tonight


@dataclass(frozen=True)
class Flying:
    """Means over the days of a plan; `ready` is f8[regime, slot]: how likely each is ready on such a night."""

    sorties_per_day: float
    flight_hours_per_day: float
    tanker_hours_per_day: float
    ready: Floats


def added_up(of_slots: Floats) -> Floats:
    """Return f8[...]: sums over the last axis, slots, one after another.

    Slots that only another option has are zeros at the end. They must not change a bit, as they would in
    `numpy.sum`, which adds in blocks that depend on the length.

    Examples
    --------
    >>> x = np.full(7, 0.1)
    >>> bool(added_up(x) == added_up(np.append(x, np.zeros(99)))), bool(x.sum() == np.append(x, np.zeros(99)).sum())
    (True, False)
    """
    return np.asarray(np.cumsum(of_slots, axis=-1)[..., -1])


def planned_flying(fleets: Fleets, forces: Forces, option: int, days: int, massed_share: float = 0.0) -> Flying:
    """Return what an option's fighters and their tankers fly, and which of its shooters are there.

    Parameters
    ----------
    fleets, forces
        Of one vector, at central values.
    option
        Its number.
    days
        On which it is there.
    massed_share
        Of nights.
    """
    ready = np.where(forces.shooter_kind[option] >= 0, forces.p_ready[0, option], 0.0)
    if fleets.aircraft[0, option] <= 0.0 or days < 1:
        return Flying(0.0, 0.0, 0.0, np.stack([ready] * len(REGIMES)))
    patrols = forces.ready_aircraft[0, option] > 0.0
    on_alert = (ready > 0.0) & (forces.alert_time_s[0, forces.shooter_kind[option]] > 0.0)
    weather = float(1.0 - fleets.p_bad_weather[0] * (1.0 - fleets.bad_weather_flown[0]))
    down = float((1.0 - fleets.p_available[0]) * fleets.aircraft[0, option])
    p_warned = float(massed_share * fleets.p_warned_massed[0] + (1.0 - massed_share) * fleets.p_warned_routine[0])
    kept_up, flown, there = np.zeros(len(ready)), np.zeros(3), np.zeros((2, len(ready)))
    for _ in range(days):
        sorties_today = 0.0
        for k, (share, pace) in enumerate(((1.0 - p_warned, fleets.rest[0, option]),
                                           (p_warned, fleets.surge[0, option]))):
            pairs = tonight(fleets, forces.ready_aircraft[0, option], forces.crews[0, option], 0, option, down,
                            float(pace), weather, kept_up)
            sorties = kept_up * forces.sorties_per_day[0, option]
            flown += share * added_up(np.stack([sorties, sorties * forces.flight_time_h[0, option],
                                                kept_up * forces.tanker_time_h[0, option]]))
            there[k] += np.where(on_alert, np.clip(pairs - (np.cumsum(on_alert) - 1.0), 0.0, 1.0), kept_up)
            sorties_today += share * float(added_up(sorties))
        down = down_tomorrow(fleets, 0, down, sorties_today)
    sorties_a_day, hours_a_day, tanker_hours_a_day = (float(value) / days for value in flown)
    warned = np.array([fleets.p_warned_routine[0], fleets.p_warned_massed[0]])[:, None]  # [regime, 1]
    on_night = ((1.0 - warned) * there[0] + warned * there[1]) / days
    return Flying(sorties_a_day, hours_a_day, tanker_hours_a_day,
                  np.where(patrols | on_alert, ready * on_night, ready))
