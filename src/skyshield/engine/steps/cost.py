"""Step 10: hours, sorties, munitions and money of the day.

A patrol kept up for a day takes `sorties_per_patrol_day` sorties, each of the time on station plus the
way there and back. Cost is flight hours, shooters kept ready, weapons and aid at the vector's prices; the planned cost
is fixed when the scenario is resolved and does not vary.
"""

from skyshield.core.jit import kernel
from skyshield.engine import tally as t
from skyshield.engine.world import Aid, Floats, Forces, Integers


@kernel
def cost_day(forces: Forces, aid: Aid, vector: int, day: int, option: int, n_manned: Integers, fired: Integers,
             counts: Integers, amounts: Floats) -> None:
    """Fill the day's amounts [measure] and count the munitions."""
    sorties, ready_eur, weapons_eur = 0.0, 0.0, 0.0
    for kind in range(n_manned.shape[0]):
        sorties += n_manned[kind] * forces.sorties_per_patrol_day[vector, kind]
        ready_eur += n_manned[kind] * forces.shooter_day_cost_eur[vector, kind]
        for weapon in range(fired.shape[1]):
            if fired[kind, weapon] > 0:
                counts[t.MUNITIONS + forces.munition[kind, weapon]] += fired[kind, weapon]
                weapons_eur += fired[kind, weapon] * forces.shot_cost_eur[vector, kind, weapon]
    flight_hours = sorties * forces.flight_time_per_sortie_h[vector, option]
    amounts[t.SORTIES] = sorties
    amounts[t.FLIGHT_HOURS] = flight_hours
    amounts[t.COST] = flight_hours * forces.cost_per_flight_hour_eur[vector] + ready_eur + weapons_eur
    if aid.funded[option, day]:
        amounts[t.COST] += aid.cost_per_day_eur[vector, option]
        amounts[t.PLANNED_COST] = forces.planned_cost_per_day_eur[option, 0]
        amounts[t.PLANNED_INCREMENTAL] = forces.planned_cost_per_day_eur[option, 1]
