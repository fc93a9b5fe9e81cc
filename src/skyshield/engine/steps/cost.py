"""Step 10: hours, sorties, munitions and money of the day.

A patrol kept up for a day takes `sorties_per_patrol_day` sorties, each of the time on station plus the
way there and back. What is spent is added up by line on two boundaries: what is spent whatever the raid (people, bases,
sensors, aid), and what has a price and was used: flight hours, shooters kept ready, shots, and the aircraft expected to
be lost, which nobody draws. Amounts of a line and a day are whole euros, so that lines add up to the cost exactly over
any period. What is planned is added up by the same lines, and is fixed when the scenario is resolved.
"""

import math

from skyshield.core.jit import kernel
from skyshield.engine import tally as t
from skyshield.engine.world import (
    AIRCRAFT_LOST,
    FLIGHT_HOUR,
    FRIENDLY_LOST,
    N_BOUNDARIES,
    READY,
    Costs,
    Floats,
    Forces,
    Integers,
    Raid,
    Scratch,
)


@kernel
def add_up(costs: Costs, vector: int, option: int, used: Floats, lines: Floats) -> None:
    """Fill the lines [boundary, line] of a funded day on which `used` [item] is used, in EUR."""
    for boundary in range(N_BOUNDARIES):
        lines[boundary] = costs.standing_eur[vector, option, boundary]
        for item in range(used.shape[0]):
            if used[item] > 0.0:
                lines[boundary, costs.line[item]] += used[item] * costs.price_eur[vector, boundary, item]


@kernel
def use_of_day(costs: Costs, forces: Forces, vector: int, option: int, n_manned: Integers, fired: Integers,
               n: int, raid: Raid, used: Floats) -> float:
    """Fill what was used today and has a price; return the sorties flown."""
    used[:] = 0.0
    sorties, engagements = 0.0, 0
    n_kinds = n_manned.shape[0]
    for kind in range(n_kinds):
        sorties += n_manned[kind] * forces.sorties_per_patrol_day[vector, kind]
        used[READY + kind] = n_manned[kind]
        for weapon in range(fired.shape[1]):
            used[READY + n_kinds + kind * fired.shape[1] + weapon] = fired[kind, weapon]
    for i in range(n):
        engagements += raid.engagements[i]
    used[FLIGHT_HOUR] = sorties * forces.flight_time_per_sortie_h[vector, option]
    used[AIRCRAFT_LOST] = used[FLIGHT_HOUR] * costs.accident_rate[vector]
    used[FRIENDLY_LOST] = engagements * costs.fratricide[vector]
    return sorties


@kernel
def cost_day(costs: Costs, forces: Forces, vector: int, day: int, option: int, n_manned: Integers, n: int, raid: Raid,
             scratch: Scratch, counts: Integers, amounts: Floats) -> None:
    """Fill the day's amounts [measure] and count the munitions; an option that is not there today has none."""
    if not costs.funded[option, day]:
        return
    for kind in range(n_manned.shape[0]):
        for weapon in range(scratch.fired.shape[1]):
            counts[t.MUNITIONS + forces.munition[kind, weapon]] += scratch.fired[kind, weapon]
    amounts[t.SORTIES] = use_of_day(costs, forces, vector, option, n_manned, scratch.fired, n, raid, scratch.used)
    amounts[t.FLIGHT_HOURS] = scratch.used[FLIGHT_HOUR]
    add_up(costs, vector, option, scratch.used, scratch.lines)
    for line in range(scratch.lines.shape[1]):
        amounts[t.COST_BY_LINE + line] = math.floor(scratch.lines[0, line] + 1.0 / 2.0)
        amounts[t.COST] += amounts[t.COST_BY_LINE + line]
        amounts[t.INCREMENTAL_COST] += math.floor(scratch.lines[1, line] + 1.0 / 2.0)
    amounts[t.PLANNED_COST] = costs.planned_eur[option, 0]
    amounts[t.PLANNED_INCREMENTAL] = costs.planned_eur[option, 1]
    amounts[t.UNSPENT] = costs.unspent_eur[vector, option]
