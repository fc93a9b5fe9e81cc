"""Step 10: hours, sorties and money of the day.

A patrol kept up for a day takes `sorties_per_station_day` sorties, each of the time on station plus the
way there and back. Cost is flight hours and weapons at the vector's prices; the planned cost is fixed
when the scenario is resolved and does not vary.
"""

from skyshield.core.jit import kernel
from skyshield.engine import tally as t
from skyshield.engine.world import Floats, Forces, Integers


@kernel
def cost_day(forces: Forces, vector: int, day: int, option: int, n_patrols: int, counts: Integers,
             amounts: Floats) -> None:
    """Fill the day's amounts [measure]."""
    sorties = n_patrols * forces.sorties_per_station_day[vector]
    flight_hours = sorties * forces.flight_time_per_sortie_h[vector, option]
    amounts[t.SORTIES] = sorties
    amounts[t.FLIGHT_HOURS] = flight_hours
    amounts[t.COST] = (flight_hours * forces.cost_per_flight_hour_eur[vector]
                       + counts[t.SHOTS] * forces.cost_per_shot_eur[vector])
    if forces.active[option, day]:
        amounts[t.PLANNED_COST] = forces.planned_cost_per_day_eur[option]
