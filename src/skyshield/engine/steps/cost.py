"""Step 10: hours, sorties, munitions and money of the day.

A patrol kept up for a day takes `sorties_per_day` sorties, each of the time on station plus the way there and back, and
the tankers that support it fly `tanker_time_h`; a scramble takes one sortie of each aircraft of the pair. Cost is
flight hours, shooters kept ready, weapons and aid at the vector's prices; the planned cost is fixed when the scenario
is resolved and does not vary.
"""

from skyshield.core.jit import kernel
from skyshield.engine import tally as t
from skyshield.engine.world import Aid, Fleets, Floats, Forces, Integers, Scratch

_SECONDS_PER_HOUR = 3600.0


@kernel
def without_rounds(forces: Forces, option: int, slot: int, stock: Floats) -> bool:
    """Return whether the stores of all of a shooter's magazines are empty."""
    for magazine in range(forces.store.shape[2]):
        store = forces.store[option, slot, magazine]
        if store >= 0 and stock[store] >= 1.0:
            return False
    return True


@kernel
def cost_day(forces: Forces, fleets: Fleets, aid: Aid, vector: int, day: int, option: int, scratch: Scratch,
             counts: Integers, amounts: Floats) -> None:
    """Fill the day's amounts [measure], count the munitions and the shooters that have none left."""
    sorties, flight_hours, tanker_hours, ready_eur, weapons_eur = 0.0, 0.0, 0.0, 0.0, 0.0
    for slot in range(scratch.manned.shape[0]):
        if not scratch.manned[slot]:
            continue
        kind = forces.shooter_kind[option, slot]
        flown = forces.sorties_per_day[vector, option, slot]
        scrambled = scratch.scrambles[slot] * fleets.aircraft_per_pair[vector]
        sorties += flown + scrambled
        flight_hours += (flown * forces.flight_time_h[vector, option, slot]
                         + scrambled * forces.alert_sortie_s[vector, kind] / _SECONDS_PER_HOUR)
        tanker_hours += forces.tanker_time_h[vector, option, slot]
        ready_eur += forces.shooter_day_cost_eur[vector, kind]
        counts[t.WITHOUT_ROUNDS] += without_rounds(forces, option, slot, scratch.campaign.stock[option])
    fired = scratch.fired
    for kind in range(fired.shape[0]):
        for weapon in range(fired.shape[1]):
            if fired[kind, weapon] > 0:
                counts[t.MUNITIONS + forces.munition[kind, weapon]] += fired[kind, weapon]
                weapons_eur += fired[kind, weapon] * forces.shot_cost_eur[vector, kind, weapon]
    amounts[t.SORTIES] = sorties
    amounts[t.FLIGHT_HOURS] = flight_hours
    amounts[t.TANKER_HOURS] = tanker_hours
    amounts[t.COST] = flight_hours * forces.cost_per_flight_hour_eur[vector] + ready_eur + weapons_eur
    if aid.funded[option, day]:
        amounts[t.COST] += aid.cost_per_day_eur[vector, option]
        amounts[t.PLANNED_COST] = forces.planned_cost_per_day_eur[option, 0]
        amounts[t.PLANNED_INCREMENTAL] = forces.planned_cost_per_day_eur[option, 1]
