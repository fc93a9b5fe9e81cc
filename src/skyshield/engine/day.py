"""The day, in order, on which the engine's steps are called: no other module imports them.

Once for every vector and replication:

1. Find the phase that holds on each day under every option: a ceasefire breaks down by one common quantile, and is
    violated by one common draw a day (`steps.phases`).
2. Draw the regime, the launches by stream in every phase that somebody is in, and the level of the leak rates, night by
    night (`steps.season`).
3. Work out where along each route each shooter may engage and which options have the same aid, once a block; set
    fleets, stores and Ukraine's own rounds to those of the first day (`steps.reach`, `steps.aid`, `steps.readiness`).

For every day, once for all options:

4. Work out how many threats of each stream come under each option, in the phase that it is in (`steps.adapt`).
5. Draw the night's raid, as large as any option meets it: where the deep stream goes, launch areas, aims, loads, times
    (`steps.draw`).
6. Route each threat (`steps.route`).
7. Draw each threat's latent stop by Ukraine's own defence, a competing risk, with the rounds that Ukraine alone has
    left; work out what comes of them today (`steps.own`, `steps.magazines`).
8. Add up how each threat ends as Ukraine alone meets the raid, and what is left of its rounds (`steps.fates`,
    `steps.magazines`).
9. Draw each threat's uniform against aid, one for all options (`steps.aid`).
10. Detect: one factor shared by the night, one draw a threat; identification and clearance are drawn too
    (`steps.detect`).
11. Draw whether airborne early warning is up, whether the night is taken for a massed one, and the weather in which
    fighters fly (`steps.detect`, `steps.readiness`).

For every option, on the same raid:

12. Let the attacker adapt to the option: how many of each stream come, and who is sent elsewhere; these, and all where
    other rounds are left than Ukraine alone has, meet the own defence again, with their old draws, and their ends are
    added up (`steps.own`, `steps.magazines`, `steps.adapt`, `steps.fates`).
13. Refill the stores and man the shooters that the option has ready tonight, fighters as far as fleet and weather go
    (`steps.readiness`).
14. Add what the option's sensors show each shooter (`steps.detect`).
15. Work out what aid to Ukraine would stop, a competing risk of its own (`steps.aid`).
16. Identify, and apply the rules: when each shooter may engage, and what holds one back (`steps.permit`).
17. Engage in time order among live threats, redundant stops included; pairs on ground alert fly to theirs
    (`steps.engage`).
18. In the arm that supposes it, let the own defence stop others elsewhere with what it is saved (`steps.relieve`).
19. Add up how each threat ends under the option: those that it touches are taken out of the totals and added anew
    (`steps.fates`).
20. Tally the day and its phase; threats are conserved (`steps.fates`, `steps.phases`).
21. Add up hours, sorties, munitions and shooters without rounds (`steps.cost`).
22. Add up incidents, people, casualties and alerts: of the fates, and of the hours flown (`steps.incidents`).
23. Work out what the day left of the fleet (`steps.cost`, `steps.readiness`).
24. Add up warheads delivered, hours without power, days of the ports and hours of the railway (`steps.harm`).
25. Add up what Ukraine is saved of its rounds, and work out what is left of them (`steps.magazines`).
26. Add up the day's money, aircraft lost in incidents included (`steps.cost`).

With nobody manned, the same aid and the raid as drawn, an option makes of it what the option before has made of it:
then steps 15 to 19 are not gone through again. Detection (10) knows no option, so it is drawn once. Incidents (22)
change nothing for the steps before. The order stands in one table, `skyshield.engine.order.STEPS`.
"""

import numpy as np

from skyshield.core.arrays import Flags, Floats, Integers
from skyshield.core.jit import kernel
from skyshield.core.streams import vector_of
from skyshield.core.vocabulary import BALLISTIC_STREAM, N_CLASSES, N_STREAMS
from skyshield.engine import tally as t
from skyshield.engine.arrays import copy_to, equal
from skyshield.engine.scratch import Ends, Period, Raid, Scratch
from skyshield.engine.steps.adapt import adapt, adapted_sizes, unchanged
from skyshield.engine.steps.aid import draw_aid_uniforms, find_aid_stops, find_same_aid
from skyshield.engine.steps.alerts import ALERT_BIN_H
from skyshield.engine.steps.cost import add_up, cost_day, fighters_lost, use_day
from skyshield.engine.steps.detect import detect, early_warning_up, share_picture
from skyshield.engine.steps.draw import MAX_THREATS, draw_raid, spread_deep_stream
from skyshield.engine.steps.engage import engage
from skyshield.engine.steps.fates import count_alone, count_day, count_ends, count_own_ends
from skyshield.engine.steps.harm import count_harm
from skyshield.engine.steps.incidents import count_incidents
from skyshield.engine.steps.magazines import end_of_stock, fill_supplies, fill_supply, ration, saved_eur
from skyshield.engine.steps.own import Hazards, are_valid, draw_own_stops, fill_met, night_hazards, salvo_covered
from skyshield.engine.steps.permit import permit
from skyshield.engine.steps.phases import count_phase, draw_phases, mark_played
from skyshield.engine.steps.reach import find_reach
from skyshield.engine.steps.readiness import (
    begin_campaign,
    begin_harm,
    down_tomorrow,
    end_day,
    flyable,
    man_shooters,
    tonight,
    warned,
)
from skyshield.engine.steps.relieve import own_stops_without, relieve
from skyshield.engine.steps.route import route_raid
from skyshield.engine.steps.season import draw_season
from skyshield.engine.world import Response, Season, World

# What a room above plays or plans with: the whole day, and the steps that it works something out with.
__all__ = ["ALERT_BIN_H", "MAX_THREATS", "add_up", "down_tomorrow", "draw_period", "draw_season", "draw_war",
           "find_reach", "largest_raid", "new_period", "permit", "play_block", "play_day", "tonight"]


@kernel
def meet(world: World, seed: np.uint64, word: int, day: int, option: int, n: int, raid: Raid, own_ends: Ends,
         scratch: Scratch) -> None:
    """Let aid and the option's shooters meet the raid; fill how it ends."""
    vector = vector_of(word)
    aided = find_aid_stops(world.aid, world.own, world.routes, scratch.met, vector, day, option, n, raid)
    permit(world.rules, world.routes, world.forces, option, vector, n, scratch, raid)
    relieved = 0
    engage(world.routes, world.forces, seed, word, day, option, n, scratch, raid)
    if world.relief.share[vector] > 0.0 and scratch.present[option, day]:
        zone = world.relief.zone[option]
        inside, outside = own_stops_without(zone, scratch.launches[option], scratch.most, scratch.raid)
        relieved = relieve(zone, world.relief.share[vector], world.relief.elasticity[vector], inside, outside,
                           scratch.supply, n, raid)
    count_ends(world, vector, n, aided + relieved > 0, raid, own_ends, scratch.ends)


@kernel
def play_option(world: World, seed: np.uint64, word: int, day: int, option: int, path: Flags, regime: int, n: int,
                drawn: bool, raid: Raid, own_ends: Ends, scratch: Scratch, counts: Integers, amounts: Floats) -> bool:
    """Play one option on the raid it meets; return whether its threats are conserved.

    `drawn` says whether that is the day's raid as drawn; `own_ends` are the ends of its threats as Ukraine alone meets
    it. With nobody manned an option makes of the drawn raid what the one before with the same aid has made of it.
    """
    vector = vector_of(word)
    phase = int(path[option, day])
    massed = regime if world.raids.intensity[vector, phase].sum() > 0.0 else 0
    man_shooters(world.forces, world.fleets, seed, word, day, option, massed, scratch)
    share_picture(world.forces, vector, option, scratch.early_warning[0] != 0, scratch.manned, scratch.p_track,
                  scratch.p_seen)
    unmanned = drawn and scratch.manned.sum() == 0 and world.relief.share[vector] <= 0.0
    if not (unmanned and scratch.same_aid[option] and scratch.unmanned[0] == option - 1):
        meet(world, seed, word, day, option, n, raid, own_ends, scratch)
    scratch.unmanned[0] = option if unmanned else -1
    conserved = count_day(world.rules, option, raid, scratch.alone, scratch.ends, counts)
    count_phase(world.renewal, day, phase, counts)
    use_day(world.forces, world.fleets, vector, day, option, scratch, counts, amounts)
    hit_by_own = count_incidents(world, seed, word, day, option, phase, scratch.engaged, raid, own_ends, scratch.ends,
                                 scratch.campaign, scratch.struck, counts, amounts)
    end_day(world.forces, world.fleets, vector, day, option, fighters_lost(amounts, hit_by_own), scratch)
    count_harm(world.harm, world.people.population, world.rules.aim_in_area, vector, day, option, scratch.ends,
               scratch.campaign, amounts)
    amounts[t.ROUNDS_SAVED] += saved_eur(world.own, vector, scratch.alone.counts, counts)
    end_of_stock(world.own, vector, counts, scratch.comes[option], scratch.campaign.own_stock[option])
    cost_day(world.costs, world.forces, world.risks, vector, day, phase, option, hit_by_own, scratch, amounts)
    return conserved


@kernel
def play_adapted(world: World, seed: np.uint64, word: int, day: int, option: int, path: Flags, regime: int,
                 hazards: Hazards, drawn_covered: bool, n: int, scratch: Scratch, counts: Integers,
                 amounts: Floats) -> bool:
    """Play one option on the day's raid, or on what its phase and the attacker make of it under the option."""
    sizes, raid, own_ends = scratch.sizes[option], scratch.raid, scratch.raid_ends
    covered = salvo_covered(world.own, seed, word, day, sizes[BALLISTIC_STREAM])
    fill_supply(world.own, vector_of(word), scratch.campaign.own_stock[option], scratch.supply)
    drawn = unchanged(world.response, vector_of(word), scratch.active[option, day], sizes, scratch.most,
                      covered, drawn_covered, scratch.supply, scratch.supply_alone)
    if not drawn:
        n = adapt(world, seed, word, day, option, scratch.active[option, day], sizes, scratch.most, hazards, covered,
                  drawn_covered, scratch, scratch.raid, scratch.own_raid)
        raid, own_ends = scratch.own_raid, scratch.own_raid_ends
        count_own_ends(world, vector_of(word), n, raid, own_ends)
    return play_option(world, seed, word, day, option, path, regime, n, drawn, raid, own_ends, scratch, counts, amounts)


@kernel
def fill_launches(counts: Integers, path: Flags, day: int, launches: Integers) -> None:
    """Fill what comes [option + 1, stream] in the phase of each, of `counts` [phase, day, stream]."""
    for option in range(path.shape[0]):
        copy_to(launches[option], counts[path[option, day], day])


@kernel
def fill_all_supplies(world: World, vector: int, day: int, alone: Integers, raid: Raid, scratch: Scratch) -> None:
    """Fill the rounds that come under every option and, last, without one; `alone` [stream] comes without one."""
    growth, last = world.raids.growth[vector, :, day], scratch.comes.shape[0] - 1
    for who in range(last, -1, -1):
        if who < last and equal(scratch.launches[who], alone):
            copy_to(scratch.comes[who], scratch.comes[last])
        else:
            fill_supplies(world.own, growth, vector, scratch.launches[who], scratch.most, raid, scratch.comes[who])


@kernel
def meet_own(world: World, seed: np.uint64, word: int, day: int, counts: Integers, path: Flags, regime: int,
             leak_shift: float, scratch: Scratch) -> tuple[int, int, Hazards, bool]:
    """Draw the day's raid and let Ukraine's own defence meet it (steps 4 to 8).

    `counts` is [phase, day, stream].

    Returns 0 or the stage that failed, the number of threats, the night's hazards, and whether a ballistic salvo meets
    a defence.
    """
    raid, vector, none = scratch.raid, vector_of(word), (0.0, 0.0, 0.0, 0.0)
    fill_launches(counts, path, day, scratch.launches)
    launches = scratch.launches[-1]
    if adapted_sizes(world.response, scratch.active, seed, word, day, scratch.launches, scratch.sizes,
                     scratch.most) > raid.threat.shape[0]:
        return t.FAILED_DRAW, 0, none, False
    spread_deep_stream(world.raids, seed, word, day, regime, scratch.deep_cdf)
    n = draw_raid(world.raids, int(world.routes.n_variants[0]), seed, word, day, scratch.most, scratch.deep_cdf, raid)
    if not route_raid(world.routes, vector, n, raid):
        return t.FAILED_ROUTE, n, none, False
    if scratch.met_vector[0] != vector:
        fill_met(world.own, world.routes, vector, scratch.met)
        scratch.met_vector[0] = vector
    hazards = night_hazards(world.own, seed, word, day, regime, leak_shift)
    if not are_valid(hazards):
        return t.FAILED_OWN, n, hazards, False
    covered = salvo_covered(world.own, seed, word, day, launches[BALLISTIC_STREAM])
    draw_own_stops(world.own, world.routes, scratch.met, seed, word, day, hazards, covered, n, raid)
    fill_supply(world.own, vector, scratch.campaign.own_stock[-1], scratch.supply_alone)
    fill_all_supplies(world, vector, day, launches, raid, scratch)
    ration(world.own, world.routes, scratch.met, vector, scratch.supply_alone, n, raid)
    count_own_ends(world, vector, n, raid, scratch.raid_ends)
    count_alone(world, launches, scratch.most, raid, scratch.raid_ends, scratch.alone)
    end_of_stock(world.own, vector, scratch.alone.counts, scratch.comes[-1], scratch.campaign.own_stock[-1])
    for aim in range(scratch.alert_bins.shape[0]):
        scratch.alert_bins[aim] += scratch.raid_ends.alert_bins[aim]
    return 0, n, hazards, covered


@kernel
def play_day(world: World, seed: np.uint64, word: int, day: int, launches: Integers, path: Flags, regime: int,
             leak_shift: float, scratch: Scratch, counts: Integers, amounts: Floats) -> int:
    """Play one day of one replication for every option; return 0 or the stage that failed.

    `launches` is [phase, day, stream], `path` [option + 1, day].
    """
    raid, vector = scratch.raid, vector_of(word)
    failed, n, hazards, covered = meet_own(world, seed, word, day, launches, path, regime, leak_shift, scratch)
    if failed != 0:
        return failed
    draw_aid_uniforms(seed, word, day, n, raid)
    detect(world.forces, seed, word, day, n, scratch.may_cross, raid, scratch.p_track)
    scratch.early_warning[0] = early_warning_up(world.forces, seed, word, day)
    for massed in range(scratch.warned.shape[0]):
        scratch.warned[massed] = warned(world.fleets, massed, seed, word, day)
    scratch.weather[0] = flyable(world.fleets, world.forces.track_correlation[vector], seed, word, day)
    scratch.unmanned[0] = -1
    for option in range(world.rules.class_allowed.shape[0]):
        if not play_adapted(world, seed, word, day, option, path, regime, hazards, covered, n, scratch, counts[option],
                            amounts[option]):
            return t.FAILED_TALLY
    return 0


def new_period(world: World, replications: int) -> Period:
    """Return room for the periods of so many replications."""
    days, phases = world.raids.phase.shape[0], world.raids.intensity.shape[1]
    return Period(np.zeros((replications, phases, days, N_STREAMS), np.int64), np.zeros((replications, days), np.uint8),
                  np.zeros((replications, days)),
                  np.zeros((replications, len(world.rules.class_allowed) + 1, days), np.uint8),
                  np.zeros((replications, phases, days), np.uint8))


@kernel
def draw_period(world: World, seed: np.uint64, first: int, last: int, period: Period) -> None:
    """Fill the periods of the replications ``first <= word < last``."""
    raids = world.raids
    for word in range(first, last):
        r, vector = word - first, vector_of(word)
        draw_phases(world.renewal, raids.phase, world.forces.presence, seed, word, period.path[r])
        mark_played(period.path[r], period.played[r])
        draw_season(raids.season, period.played[r], raids.intensity[vector], raids.growth[vector], seed, word,
                    period.counts[r], period.massed[r], period.leak_shift[r])


def draw_war(season: Season, growth: Floats, seed: np.uint64, word: int, counts: Integers, massed: Flags,
             leak_shift: Floats) -> None:
    """Fill launches [day, stream], regimes and shifts [day] of a period that is all war; `growth` is [class, day]."""
    draw_season(season, np.ones((1, len(counts)), np.uint8), np.ones((1, N_CLASSES)), growth, seed, word, counts[None],
                massed, leak_shift)


@kernel
def largest_raid(response: Response, active: Flags, seed: np.uint64, first: int, last: int, period: Period,
                 launches: Integers, sizes: Integers, most: Integers) -> int:
    """Return the most threats any day of the block needs room for; `active` is as `active_days` has it."""
    largest = 0
    for word in range(first, last):
        r = word - first
        for day in range(period.path.shape[2]):
            fill_launches(period.counts[r], period.path[r], day, launches)
            largest = max(largest, adapted_sizes(response, active, seed, word, day, launches, sizes, most))
    return largest


@kernel
def add_day(scratch: Scratch, counts: Integers, amounts: Floats) -> None:
    """Add what the day came to [option, measure] to its group, measure by measure."""
    for option in range(counts.shape[0]):
        for k in range(counts.shape[1]):
            counts[option, k] += scratch.day_counts[option, k]
        for k in range(amounts.shape[1]):
            amounts[option, k] += scratch.day_amounts[option, k]


@kernel
def add_day_by_phase(scratch: Scratch, path: Flags, day: int, counts: Integers, amounts: Floats) -> None:
    """Add what the day came to to the phase [phase, option, measure] that each option was in."""
    for option in range(counts.shape[1]):
        phase = path[option, day]
        for k in range(counts.shape[2]):
            counts[phase, option, k] += scratch.day_counts[option, k]
        for k in range(amounts.shape[2]):
            amounts[phase, option, k] += scratch.day_amounts[option, k]


@kernel
def play_block(world: World, seed: np.uint64, first: int, last: int, period: Period, group: Integers, scratch: Scratch,
               counts: Integers, amounts: Floats, phase_counts: Integers, phase_amounts: Floats,
               failed: Integers) -> None:
    """Play the replications ``first <= word < last`` of one vector into the arrays of a tally.

    `group` [day] says where each day is added, after those before it; by phase nothing is added if there are none.
    """
    find_reach(world.rules, world.routes, world.forces, vector_of(first), scratch.reach)
    find_same_aid(world.aid, vector_of(first), scratch.same_aid)
    for word in range(first, last):
        r = word - first
        begin_campaign(world.forces, world.fleets, vector_of(word), scratch.campaign)
        begin_harm(world.own, vector_of(word), scratch.campaign)
        for day in range(group.shape[0]):
            scratch.day_counts[:] = 0
            scratch.day_amounts[:] = 0.0
            failed[r] = play_day(world, seed, word, day, period.counts[r], period.path[r], period.massed[r, day],
                                 period.leak_shift[r, day], scratch, scratch.day_counts, scratch.day_amounts)
            if failed[r] != 0:
                counts[r] = 0
                amounts[r] = 0.0
                phase_counts[r] = 0
                phase_amounts[r] = 0.0
                break
            add_day(scratch, counts[r, group[day]], amounts[r, group[day]])
            if phase_counts.shape[1] > 0:
                add_day_by_phase(scratch, period.path[r], day, phase_counts[r], phase_amounts[r])
