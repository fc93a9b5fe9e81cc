"""Steps 21, 23 and 26: hours, sorties, munitions and money of the day.

A patrol kept up for a day takes `sorties_per_day` sorties, each of the time on station plus the way there and back, and
the tankers that support it fly `tanker_time_h`; a scramble takes one sortie of each aircraft of the pair.

What is spent is added up by line on two boundaries: what a package spends whatever the raid on each day on which it is
there (people, bases, sensors, aid), and
what has a price and was used: flight hours, shooters kept ready, shots, and the aircraft that the day's incidents lose
on average (`steps.incidents`), which nobody draws. Amounts of a line and a day are whole euros, so that lines add up to
the cost exactly over any period. What is planned is added up by the same lines, and is fixed when the scenario is
resolved.
"""

import math

from skyshield.core.arrays import Flags, Floats, Integers
from skyshield.core.jit import kernel
from skyshield.core.vocabulary import N_BOUNDARIES
from skyshield.engine import tally as t
from skyshield.engine.scratch import Scratch
from skyshield.engine.world import (
    AIRCRAFT_LOST,
    EARLY_WARNING_LOST,
    FLIGHT_HOUR,
    FRIENDLY_LOST,
    READY,
    TANKER_HOUR,
    TANKER_LOST,
    Costs,
    Fleets,
    Forces,
    Risks,
)

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
def add_up(costs: Costs, presence: Flags, vector: int, option: int, used: Floats, lines: Floats) -> None:
    """Fill the lines [boundary, line], EUR, of a day with some packages `presence` [package] and `used` [item]."""
    lines[:] = 0.0
    for boundary in range(N_BOUNDARIES):
        for package in range(presence.shape[0]):
            if presence[package]:
                for line in range(lines.shape[1]):
                    lines[boundary, line] += costs.standing_eur[vector, option, package, boundary, line]
        for item in range(used.shape[0]):
            if used[item] > 0.0:
                lines[boundary, costs.line[item]] += used[item] * costs.price_eur[vector, boundary, item]


@kernel
def use_of_day(forces: Forces, fleets: Fleets, vector: int, option: int, scratch: Scratch) -> float:
    """Fill what was used today and has a price, losses apart; return the sorties flown."""
    used, fired = scratch.used, scratch.fired
    used[:] = 0.0
    sorties = 0.0
    n_kinds = fired.shape[0]
    for slot in range(scratch.manned.shape[0]):
        if not scratch.manned[slot]:
            continue
        kind = forces.shooter_kind[option, slot]
        flown = forces.sorties_per_day[vector, option, slot]
        scrambled = scratch.scrambles[slot] * fleets.aircraft_per_pair[vector]
        sorties += flown + scrambled
        used[FLIGHT_HOUR] += (flown * forces.flight_time_h[vector, option, slot]
                              + scrambled * forces.alert_sortie_s[vector, kind] / _SECONDS_PER_HOUR)
        used[TANKER_HOUR] += forces.tanker_time_h[vector, option, slot]
        used[READY + kind] += 1.0
    for kind in range(n_kinds):
        for weapon in range(fired.shape[1]):
            used[READY + n_kinds + kind * fired.shape[1] + weapon] = fired[kind, weapon]
    return sorties


@kernel
def use_day(forces: Forces, fleets: Fleets, vector: int, day: int, option: int, scratch: Scratch,
            counts: Integers, amounts: Floats) -> None:
    """Fill the day's sorties and hours [measure], count the munitions and the shooters that have none left.

    An option of which nothing is there today has none.
    """
    if not scratch.present[option, day]:
        return
    for kind in range(scratch.fired.shape[0]):
        for weapon in range(scratch.fired.shape[1]):
            counts[t.MUNITIONS + forces.munition[kind, weapon]] += scratch.fired[kind, weapon]
    for slot in range(scratch.manned.shape[0]):
        if scratch.manned[slot]:
            counts[t.WITHOUT_ROUNDS] += without_rounds(forces, option, slot, scratch.campaign.stock[option])
    amounts[t.SORTIES] = use_of_day(forces, fleets, vector, option, scratch)
    amounts[t.FLIGHT_HOURS] = scratch.used[FLIGHT_HOUR]
    amounts[t.TANKER_HOURS] = scratch.used[TANKER_HOUR]


@kernel
def fighters_lost(amounts: Floats, hit_by_own: float) -> float:
    """Return the fighters that a day's incidents cost, an expected number; `hit_by_own` are those that Ukraine hit."""
    return float(amounts[t.ACCIDENT] + amounts[t.AIRCRAFT_LOST] + amounts[t.LOST_ENGAGING] + amounts[t.LOST_AT_BASES]
                 + hit_by_own)


@kernel
def cost_day(costs: Costs, forces: Forces, risks: Risks, vector: int, day: int, phase: int, option: int,
             hit_by_own: float, scratch: Scratch, amounts: Floats) -> None:
    """Fill the day's money [measure], once its use and its incidents are known.

    Of the fratricide among the incidents `hit_by_own` are the coalition's aircraft, hit by Ukraine.
    """
    if not scratch.present[option, day]:
        return
    presence = forces.presence[option, :, day]
    scratch.used[AIRCRAFT_LOST] = fighters_lost(amounts, hit_by_own)
    if amounts[t.SUPPORT_LOST] > 0.0:
        scratch.used[EARLY_WARNING_LOST] = risks.early_warning_lost_per_day[vector, option, phase]
        scratch.used[TANKER_LOST] = risks.tankers_lost_per_day[vector, option, phase]
    scratch.used[FRIENDLY_LOST] = amounts[t.FRATRICIDE] - hit_by_own
    add_up(costs, presence, vector, option, scratch.used, scratch.lines)
    for line in range(scratch.lines.shape[1]):
        amounts[t.COST_BY_LINE + line] = math.floor(scratch.lines[0, line] + 1.0 / 2.0)
        amounts[t.COST] += amounts[t.COST_BY_LINE + line]
        amounts[t.INCREMENTAL_COST] += math.floor(scratch.lines[1, line] + 1.0 / 2.0)
    for package in range(presence.shape[0]):
        if presence[package]:
            amounts[t.PLANNED_COST] += costs.planned_eur[option, package, 0]
            amounts[t.PLANNED_INCREMENTAL] += costs.planned_eur[option, package, 1]
            amounts[t.UNSPENT] += costs.unspent_eur[vector, option, package]
