r"""Steps 3, 11, 13 and 23: what the option has tonight, and what of it is left for tomorrow.

A battery, gun or team is ready with a probability of its own. Fighters come from a pool: of A aircraft, D are
out of use and the others ready. Those on ground alert are set aside; the rest, and their crews, keep up patrols in the
order of the slots, each taking its `ready_aircraft` and `crews`, the last one a fraction. Weather leaves a share of it,
one draw a day for all options. A slot kept up in part is manned with that probability. The draw belongs to the
shooter, not to the option.

A force whose posture follows demand flies more on nights that are taken for massed ones and less on others: of a massed
night it is warned with one probability, another night it takes for one with a second, the same draw for all options.

After the day, with S sorties planned and flown, a share b of which leaves an aircraft out of use for T days on average,

    D' = D exp(-1/T) + b S T (1 - exp(-1/T)).

Aircraft lost, expected numbers, are gone for good. Stores of rounds get what comes each day, up to what they hold at
most.

Shooters are there on days on which their package is (`Forces.presence`), so packages of one option may start apart. On
days on which no shooter of an option is there its stores stay as they are; on days on which nothing that flies is there
its fleet does.
"""

import math

import numpy as np

from skyshield.core.arrays import Floats
from skyshield.core.jit import kernel
from skyshield.core.streams import moment, shot, uniforms, vector_of
from skyshield.engine.arrays import copy_to
from skyshield.engine.scratch import Campaign, Scratch
from skyshield.engine.steps.detect import against, leak_night_u
from skyshield.engine.world import MASSED_WARNING, PATROL, WEATHER, Fleets, Forces, OwnDefence


@kernel
def begin_campaign(forces: Forces, fleets: Fleets, vector: int, campaign: Campaign) -> None:
    """Set every option's fleet and stores to what they are on the first day of a replication."""
    for option in range(campaign.down.shape[0]):
        campaign.lost[option] = 0.0
        campaign.down[option] = (1.0 - fleets.p_available[vector]) * fleets.aircraft[vector, option]
        copy_to(campaign.stock[option], forces.store_first[vector, option])


@kernel
def begin_harm(own: OwnDefence, vector: int, campaign: Campaign) -> None:
    """Fill Ukraine's own stores, and set what is not mended and what came so far to none, on the first day."""
    for option in range(campaign.own_stock.shape[0]):
        copy_to(campaign.own_stock[option], own.store_first[vector])
    campaign.grid[:] = 0.0
    campaign.port[:] = 0.0
    campaign.would_come[:] = 0.0
    campaign.came[:] = 0.0


@kernel
def warned(fleets: Fleets, massed: int, seed: np.uint64, word: int, day: int) -> bool:
    """Return whether tonight is taken for a massed night."""
    vector = vector_of(word)
    p = fleets.p_warned_massed[vector] if massed else fleets.p_warned_routine[vector]
    return bool(uniforms(seed, word, moment(day, MASSED_WARNING), 0, 0)[0] < p)


@kernel
def flyable(fleets: Fleets, rho: float, seed: np.uint64, word: int, day: int) -> float:
    """Return the share of patrols and scrambles that the day's weather leaves; `rho` ties it to the leak rate."""
    vector = vector_of(word)
    u = against(leak_night_u(seed, word, day), uniforms(seed, word, moment(day, WEATHER), 0, 0)[0], rho)
    return float(fleets.bad_weather_flown[vector]) if u < fleets.p_bad_weather[vector] else 1.0


@kernel
def keep_up(ready_aircraft: Floats, crews: Floats, aircraft: float, crews_there: float, kept_up: Floats) -> None:
    """Fill which share of each patrol [slot] so many ready aircraft and crews keep up, the first ones first."""
    for slot in range(kept_up.shape[0]):
        kept_up[slot] = 0.0
        if ready_aircraft[slot] > 0.0 and aircraft > 0.0 and crews_there > 0.0:
            kept_up[slot] = min(1.0, aircraft / ready_aircraft[slot], crews_there / crews[slot])
            aircraft -= kept_up[slot] * ready_aircraft[slot]
            crews_there -= kept_up[slot] * crews[slot]


@kernel
def tonight(fleets: Fleets, ready_aircraft: Floats, crews: Floats, vector: int, option: int, down: float,
            pace: float, weather: float, kept_up: Floats) -> float:
    """Fill which share of each patrol [slot] is kept up tonight; return the pairs on ground alert.

    A patrol takes `ready_aircraft` and `crews` [slot]; `down` are the aircraft out of use, `pace` the patrols flown
    over those of the package's pace.
    """
    ready = max(0.0, fleets.aircraft[vector, option] - down)
    aside = min(ready, fleets.alert_aircraft[vector, option])
    crews_there = max(0.0, fleets.crews[vector, option] - fleets.alert_crews[vector, option])
    keep_up(ready_aircraft, crews, (ready - aside) * weather * pace, crews_there * weather * pace, kept_up)
    return float(aside * weather / fleets.aircraft_per_pair[vector])


@kernel
def down_tomorrow(fleets: Fleets, vector: int, down: float, sorties: float) -> float:
    """Return how many aircraft are out of use after a day with so many sorties."""
    time_days = fleets.repair_time_days[vector]
    still = math.exp(-1.0 / time_days)
    return float(down * still + fleets.p_failure[vector] * sorties * time_days * (1.0 - still))


@kernel
def man_shooters(forces: Forces, fleets: Fleets, seed: np.uint64, word: int, day: int, option: int, massed: int,
                 scratch: Scratch) -> None:
    """Mark the shooters manned tonight, and refill the stores; `massed` says whether the option's night is one."""
    vector = vector_of(word)
    scratch.manned[:] = 0
    scratch.there[:] = 0
    if not scratch.active[option, day]:
        return
    stock = scratch.campaign.stock[option]
    for store in range(stock.shape[0]):
        start = forces.store_most[vector, option, store]
        stock[store] = min(start, stock[store] + forces.store_per_day[vector, option, store])
    for slot in range(scratch.there.shape[0]):
        if forces.shooter_kind[option, slot] >= 0 and forces.presence[option, forces.package[option, slot], day]:
            scratch.there[slot] = 1
        scratch.needs_aircraft[slot] = forces.ready_aircraft[vector, option, slot] * scratch.there[slot]
    pairs = 0.0
    scratch.kept_up[:] = 0.0
    if fleets.aircraft[vector, option] > 0.0:
        pairs = tonight(fleets, scratch.needs_aircraft, forces.crews[vector, option], vector, option,
                        scratch.campaign.down[option] + scratch.campaign.lost[option],
                        fleets.surge[vector, option] if scratch.warned[massed] else fleets.rest[vector, option],
                        scratch.weather[0], scratch.kept_up)
    for slot in range(scratch.manned.shape[0]):
        if not scratch.there[slot]:
            continue
        kind = forces.shooter_kind[option, slot]
        p_ready = forces.p_ready[vector, option, slot]
        if forces.ready_aircraft[vector, option, slot] > 0.0:
            p_ready *= scratch.kept_up[slot]
        elif forces.alert_time_s[vector, kind] > 0.0:
            p_ready *= min(1.0, max(0.0, pairs))
            pairs -= 1.0
        if p_ready > 0.0:
            u = uniforms(seed, word, moment(day, PATROL), 0, shot(forces.shooter_id[option, slot], 0))[0]
            scratch.manned[slot] = u < p_ready


@kernel
def end_day(forces: Forces, fleets: Fleets, vector: int, day: int, option: int, lost: float,
            scratch: Scratch) -> None:
    """Take the day's sorties, patrols and scrambles, from the option's fleet, and what was `lost` of it for good."""
    scratch.campaign.lost[option] = min(fleets.aircraft[vector, option], scratch.campaign.lost[option] + lost)
    if not scratch.active[option, day] or fleets.aircraft[vector, option] <= 0.0:
        return
    flies, sorties = False, 0.0
    for slot in range(scratch.kept_up.shape[0]):
        if scratch.there[slot]:
            flies = (flies or forces.ready_aircraft[vector, option, slot] > 0.0
                     or forces.alert_time_s[vector, forces.shooter_kind[option, slot]] > 0.0)
        sorties += (scratch.kept_up[slot] * forces.sorties_per_day[vector, option, slot]
                    + scratch.scrambles[slot] * fleets.aircraft_per_pair[vector])
    if flies:
        scratch.campaign.down[option] = down_tomorrow(fleets, vector, scratch.campaign.down[option], sorties)
