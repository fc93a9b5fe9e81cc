"""Step 17: engage in time order among live threats.

The next engagement is always the one that can begin first: of all live threats the rules and a track allow, the one
that some manned shooter can begin earliest, and of those that could begin at the same moment the one that came within
reach first. A shooter works on as many threats at a time as it has channels and is idle only when it has nothing it may
begin. An engagement takes a fixed time, ends with one shot or one salvo of the cheapest weapon that is left, is for the
class and reaches as far as the threat is away, and is repeated (shoot, look, shoot) while the threat lives, the window
lasts and the doctrine's engagements are not used up. Nobody foresees the own defence: if it stops the threat first (S_i
or the aim comes before the shot) the shooter's time is lost, not its weapon. Weapons are renewed at each relief or
reload, while the store that fills them lasts; without any that fits, a shooter waits for the next one, and with an
empty store for ever. Guns and drones hit a UAV that is a jet less often. Nothing is begun that would end after the
shooter's time on duty, or that comes in by another's part of the ring round a city. Pairs on ground alert fly to their
threats (`steps.scramble`).
"""

import numpy as np

from skyshield.core.arrays import Floats, Integers
from skyshield.core.jit import kernel
from skyshield.core.streams import moment, shot, uniforms, vector_of
from skyshield.core.vocabulary import N_MISSILES
from skyshield.engine.arrays import copy_to
from skyshield.engine.scratch import BY_FIGHTERS, CLUSTERED, Raid, Scratch
from skyshield.engine.steps.detect import release_time_s
from skyshield.engine.steps.queue import put_back, queue_up
from skyshield.engine.steps.reach import earliest_in, guards
from skyshield.engine.steps.scramble import away_m, earliest_of_pair, fly_to, point_on_route
from skyshield.engine.world import SHOT, Forces, Routes

LIVE, STOPPED_BY_COALITION = 0, 1


@kernel
def rounds_left(magazine: int, rounds: Integers, store: Integers, stock: Floats) -> int:
    """Return the rounds of a magazine, as far as its store [store] goes; `rounds` and `store` are by magazine."""
    return int(min(float(rounds[magazine]), np.floor(stock[store[magazine]])))


@kernel
def reaches(forces: Forces, routes: Routes, vector: int, option: int, slot: int, i: int, at_s: float, weapon: int,
            raid: Raid) -> bool:
    """Return whether a shooter's weapon reaches threat i, which is inside the shooter's reach, at a moment."""
    kind, route = forces.shooter_kind[option, slot], raid.route[i]
    reach_m = forces.weapon_reach_m[vector, kind, weapon]
    return bool(reach_m >= forces.reach_m[vector, option, slot, raid.threat_class[i]] or reach_m * (1.0 + 1e-9)
                >= distance_m(routes.x_m[route], routes.y_m[route], (at_s - raid.departure_s[i]) / raid.pace_s_m[i],
                              forces.x_m[option, slot], forces.y_m[option, slot]))


@kernel
def distance_m(px: Floats, py: Floats, at_m: float, x: float, y: float) -> float:
    """Return how far a point of a route of three points is from a place."""
    there_x, there_y = point_on_route(px, py, at_m)
    return away_m(there_x, there_y, x, y)


@kernel
def weapon_at(routes: Routes, forces: Forces, vector: int, option: int, slot: int, i: int, at_s: float, renewed: bool,
              scratch: Scratch, raid: Raid) -> int:
    """Return the weapon a shooter would use on threat i at a moment, with renewed magazines or with what is left.

    That is the cheapest one with a round left, for the threat's class, that reaches so far; -1 if none does.
    """
    kind = forces.shooter_kind[option, slot]
    rounds = forces.rounds[vector, kind] if renewed else scratch.left[slot]
    for weapon in range(forces.magazine.shape[1]):
        if (forces.p_kill[vector, kind, weapon, raid.threat_class[i]] > 0.0
                and rounds_left(forces.magazine[kind, weapon], rounds, forces.store[option, slot],
                                scratch.campaign.stock[option]) > 0
                and reaches(forces, routes, vector, option, slot, i, at_s, weapon, raid)):
            return weapon
    return -1


@kernel
def renewal_number(at_s: float, renewal_time_s: float) -> int:
    """Return which relief or reload a shooter is on at a moment, counted from 18:00: the last that is not after it.

    The quotient of a renewal's own moment may be rounded down to the one before.
    """
    number = int(np.floor(at_s / renewal_time_s))
    return number + 1 if (number + 1) * renewal_time_s <= at_s else number


@kernel
def first_of_pair(routes: Routes, forces: Forces, option: int, vector: int, near: int, i: int, release_s: float,
                  from_s: float, before_s: float, scratch: Scratch, raid: Raid) -> tuple[float, int]:
    """Return when a pair on ground alert can begin threat i, in the air still or after a take-off, and its weapon."""
    slot = forces.near_slot[near]
    for new in (False, True):
        if new or scratch.sortie_end_s[slot] > -np.inf:
            begin_s = earliest_of_pair(routes, forces, option, vector, near, i, raid, release_s, from_s, new, scratch)
            if begin_s < before_s:
                weapon = weapon_at(routes, forces, vector, option, slot, i, begin_s, new, scratch, raid)
                if weapon >= 0:
                    return begin_s, weapon
    return np.inf, -1


@kernel
def free_channel(forces: Forces, vector: int, slot: int, kind: int, scratch: Scratch) -> int:
    """Return the channel of a shooter that is free first."""
    channel = 0
    for c in range(1, forces.n_channels[vector, kind]):
        if scratch.free_s[slot, c] < scratch.free_s[slot, channel]:
            channel = c
    return channel


@kernel
def first_shooter(routes: Routes, forces: Forces, option: int, vector: int, i: int, from_s: float, scratch: Scratch,
                  raid: Raid) -> tuple[int, int, int, float]:
    """Return the manned shooter, channel and weapon that can begin threat i first, and when; infinity if none can.

    It is remembered, but not if a pair may fly there, which may come to be nearer.
    """
    best_slot, best_channel, best_weapon, best_s, raid.first_s[i] = -1, -1, -1, np.inf, np.inf
    pairs = False
    route, threat_class = raid.route[i], raid.threat_class[i]
    departure_s, pace_s_m = raid.departure_s[i], raid.pace_s_m[i]
    for near in range(forces.near_first[option, route], forces.near_first[option, route + 1]):
        slot = forces.near_slot[near]
        kind = forces.shooter_kind[option, slot]
        if (not scratch.manned[slot] or raid.track_u[i] >= scratch.p_seen[slot, threat_class]
                or not guards(forces, vector, option, slot, raid.ring_u[i])):
            continue
        work_s = forces.engagement_time_s[vector, kind]
        release_s = release_time_s(forces.release_time_s[vector, option], forces.handover_time_s[vector],
                                   raid.track_u[i], scratch.p_track[kind])
        channel, weapon = 0, -1
        if forces.alert_time_s[vector, kind] > 0.0:
            pairs = True
            begin_s, weapon = first_of_pair(routes, forces, option, vector, near, i, release_s, from_s, best_s, scratch,
                                            raid)
        else:
            channel = free_channel(forces, vector, slot, kind, scratch)
            begin_s = earliest_in(scratch.reach, near, threat_class, departure_s, pace_s_m, release_s,
                                  max(from_s, scratch.free_s[slot, channel]), work_s)
            renewal_s = forces.renewal_time_s[vector, option, slot]
            if begin_s < best_s:
                number = renewal_number(begin_s, renewal_s)
                weapon = weapon_at(routes, forces, vector, option, slot, i, begin_s, number != scratch.renewal[slot],
                                   scratch, raid)
                if weapon < 0:
                    begin_s = earliest_in(scratch.reach, near, threat_class, departure_s, pace_s_m, release_s,
                                          (number + 1) * renewal_s, work_s)
                    if begin_s < best_s:
                        weapon = weapon_at(routes, forces, vector, option, slot, i, begin_s, True, scratch, raid)
        if begin_s < best_s and weapon >= 0 and begin_s + work_s <= forces.on_duty_until_s[option, slot]:
            best_slot, best_channel, best_weapon, best_s = int(slot), channel, weapon, begin_s
            raid.first_near[i] = near
    if not pairs:
        raid.first_s[i] = best_s
    return best_slot, best_channel, best_weapon, best_s


@kernel
def shooter_in_line(routes: Routes, forces: Forces, option: int, vector: int, i: int, turn_s: float,
                    scratch: Scratch, raid: Raid) -> tuple[int, int, int, float]:
    """Return what `first_shooter` would, if who could begin threat i first when last asked still can; else no weapon.

    Then there is no need to ask again: others have only become busier and shorter of rounds since. First asked are the
    permits, where everybody is free.
    """
    slot = int(forces.near_slot[raid.first_near[i]])
    kind = forces.shooter_kind[option, slot]
    if turn_s != raid.first_s[i] or forces.alert_time_s[vector, kind] > 0.0:
        return slot, 0, -1, np.inf
    channel = free_channel(forces, vector, slot, kind, scratch)
    begin_s = turn_s
    renewed = renewal_number(begin_s, forces.renewal_time_s[vector, option, slot]) != scratch.renewal[slot]
    if scratch.free_s[slot, channel] > begin_s:
        return slot, channel, -1, np.inf
    return slot, channel, weapon_at(routes, forces, vector, option, slot, i, begin_s, renewed, scratch, raid), begin_s


@kernel
def shoot(forces: Forces, seed: np.uint64, word: int, day: int, option: int, slot: int,
          weapon: int, i: int, begin_s: float, scratch: Scratch, raid: Raid) -> bool:
    """Fire one shot or one salvo of a weapon at threat i; return whether it was stopped."""
    vector = vector_of(word)
    kind, threat_class = forces.shooter_kind[option, slot], raid.threat_class[i]
    if forces.alert_time_s[vector, kind] <= 0.0:  # a pair has its weapons since it took off
        number = renewal_number(begin_s, forces.renewal_time_s[vector, option, slot])
        if number != scratch.renewal[slot]:
            scratch.renewal[slot] = number
            copy_to(scratch.left[slot], forces.rounds[vector, kind])
    magazine, stock = forces.magazine[kind, weapon], scratch.campaign.stock[option]
    n_shots = min(forces.salvo[vector, threat_class],
                  rounds_left(magazine, scratch.left[slot], forces.store[option, slot], stock))
    scratch.left[slot, magazine] -= n_shots
    stock[forces.store[option, slot, magazine]] -= n_shots
    scratch.fired[kind, weapon] += n_shots
    stopped = False
    for _ in range(n_shots):
        u = uniforms(seed, word, moment(day, SHOT), raid.threat[i],
                     shot(forces.shooter_id[option, slot], raid.shots[i]))[0]
        raid.shots[i] += 1
        p_kill = forces.p_kill[vector, kind, weapon, threat_class]
        if raid.jet[i] and forces.munition[kind, weapon] >= N_MISSILES:
            p_kill *= forces.jet_kill_ratio[vector]
        hit = u < p_kill
        stopped = stopped or hit
        if not hit and forces.munition[kind, weapon] < N_MISSILES:
            raid.missed[i] += 1
    return stopped


@kernel
def in_work(forces: Forces, vector: int, option: int, slot: int, at_s: float, scratch: Scratch) -> bool:
    """Return whether another shooter of the option has a threat in work at a moment."""
    for other in range(scratch.manned.shape[0]):
        if other != slot and scratch.manned[other]:
            for channel in range(forces.n_channels[vector, forces.shooter_kind[option, other]]):
                if scratch.free_s[other, channel] > at_s:
                    return True
    return False


@kernel
def take_turn(routes: Routes, forces: Forces, seed: np.uint64, word: int, day: int, option: int, i: int,
              turn_s: float, scratch: Scratch, raid: Raid) -> float:
    """Engage threat i if its turn is when a shooter can begin; return its next turn, infinity if it has none."""
    vector = vector_of(word)
    slot, channel, weapon, begin_s = shooter_in_line(routes, forces, option, vector, i, turn_s, scratch, raid)
    if weapon < 0:
        slot, channel, weapon, begin_s = first_shooter(routes, forces, option, vector, i, turn_s, scratch, raid)
    end_m = min(raid.own_stop_m[i], raid.aid_stop_m[i], raid.length_m[i])
    end_s = raid.departure_s[i] + end_m * raid.pace_s_m[i]
    flies = slot >= 0 and forces.alert_time_s[vector, forces.shooter_kind[option, slot]] > 0.0
    if begin_s == np.inf or (begin_s >= end_s and not flies):
        return np.inf
    if begin_s > turn_s:  # a pair waits its turn whether the threat will live or not: it cannot know
        return begin_s
    if begin_s >= end_s:
        fly_to(routes, forces, option, vector, slot, i, raid, begin_s, end_s, scratch)
        return np.inf
    shot_s = begin_s + forces.engagement_time_s[vector, forces.shooter_kind[option, slot]]
    if flies:
        fly_to(routes, forces, option, vector, slot, i, raid, begin_s, min(shot_s, end_s), scratch)
    beside = in_work(forces, vector, option, slot, begin_s, scratch)
    scratch.free_s[slot, channel] = min(shot_s, end_s)
    if shot_s >= end_s:
        return np.inf
    scratch.engaged[CLUSTERED] += beside
    scratch.engaged[BY_FIGHTERS] += flies or forces.ready_aircraft[vector, option, slot] > 0.0
    raid.engagements[i] += 1
    raid.shot_m[i] = (shot_s - raid.departure_s[i]) / raid.pace_s_m[i]
    if shoot(forces, seed, word, day, option, slot, weapon, i, begin_s, scratch, raid):
        raid.fate[i] = STOPPED_BY_COALITION
    elif raid.engagements[i] < forces.max_engagements[0]:
        return float(shot_s)
    return np.inf


@kernel
def engage(routes: Routes, forces: Forces, seed: np.uint64, word: int, day: int, option: int, n: int, scratch: Scratch,
           raid: Raid) -> None:
    """Play the option's engagements of one day; fill fate and shots of every threat, and what was fired."""
    for i in range(n):
        raid.fate[i] = LIVE
    for k in range(raid.n_crossing[0]):
        i = raid.crossing[k]
        raid.engagements[i] = 0
        raid.shots[i] = 0
        raid.missed[i] = 0
    scratch.fired[:] = 0
    scratch.scrambles[:] = 0
    scratch.engaged[:] = 0
    if raid.n_crossing[0] == 0:
        return
    scratch.free_s[:] = -np.inf
    scratch.renewal[:] = -(1 << 40)  # before any
    scratch.sortie_end_s[:] = -np.inf
    n_waiting = queue_up(raid)
    while n_waiting > 0:
        next_s = take_turn(routes, forces, seed, word, day, option, raid.waiting[0], raid.turn_s[0], scratch, raid)
        n_waiting = put_back(next_s, n_waiting, raid)
