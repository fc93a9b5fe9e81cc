"""Small hand-made worlds and raids: those of the verification, and raids that are given, not drawn.

What is launched is given night by night to `play_nights`, or drawn by `make_season`.
"""

import numpy as np

from skyshield.core.streams import uniforms
from skyshield.core.vocabulary import N_STREAMS
from skyshield.engine import AMOUNTS, COUNTS
from skyshield.engine import tally as t
from skyshield.engine.blocks import Player, play_period
from skyshield.engine.day import play_block
from skyshield.engine.scratch import Campaign, Period, new_ends, new_raid, new_scratch
from skyshield.engine.steps.engage import engage
from skyshield.engine.steps.fates import count_day, count_ends, count_own_ends
from skyshield.engine.steps.own import draw_own_stops, fill_met
from skyshield.engine.steps.permit import permit
from skyshield.engine.steps.reach import find_reach
from skyshield.engine.steps.readiness import begin_campaign
from skyshield.evidence.verification.worlds import (
    EVERYWHERE,
    make_aid,
    make_costs,
    make_fleets,
    make_forces,
    make_harm,
    make_marks,
    make_own,
    make_people,
    make_raids,
    make_relief,
    make_response,
    make_risks,
    make_routes,
    make_rules,
    make_season,
    make_world,
    obeying,
    of_kinds,
)

__all__ = ["EVERYWHERE", "SEED", "day_by_day", "ended", "fight", "given_period", "hand_raid", "make_aid",
           "make_costs", "make_fleets", "make_forces", "make_harm", "make_marks", "make_own", "make_people",
           "make_raids", "make_relief", "make_response", "make_risks", "make_routes", "make_rules", "make_season",
           "make_world", "obeying", "of_kinds", "of_world", "over_oblasts", "over_places", "period_of", "permitted",
           "play_nights", "tallied", "u", "word"]

SEED = np.uint64(7)


def given_period(nights, replications, days, massed=0, leak_shift=0.0, options=1, phases=1):
    """Nights of (front, deep, cruise, ballistic) launches, one after another over days and replications."""
    order = np.arange(replications * days).reshape(replications, days) % len(nights)
    return period_of(np.array(nights, np.int64)[order], massed, leak_shift, options, phases)


def period_of(launches, massed=0, leak_shift=0.0, options=1, phases=1):
    """Launches i8[replication, day, stream], all in the first phase."""
    replications, days = launches.shape[:2]
    return Period(np.repeat(launches[:, None], phases, axis=1), np.full((replications, days), massed, np.uint8),
                  np.full((replications, days), float(leak_shift)),
                  np.zeros((replications, options + 1, days), np.uint8),
                  np.ones((replications, phases, days), np.uint8))


def of_world(world):
    """How many options and phases a period of the world has."""
    return {"options": len(world.forces.presence), "phases": world.raids.intensity.shape[1]}


def play_nights(world, nights, seed=7, first=0, replications=1, **more):
    """Play given nights on all days of the world."""
    period = given_period(nights, replications, len(world.raids.phase), **of_world(world), **more)
    period.path[:] = world.raids.phase
    return play_period(world, seed, first, period)


def day_by_day(world, nights, word=0, massed=0):
    """Play given nights of one replication; yield counts and amounts [option, measure] of each day, and what lasts.

    Each day is played after all before it, by the same entry as a study's: one of its own would be compiled beside it.
    """
    n_options, n_days = len(world.forces.presence), len(world.raids.phase)
    period = given_period(nights, 1, n_days, massed, **of_world(world))
    period.path[:] = world.raids.phase
    scratch = Player(world).scratch_of(SEED, word, word + 1, period)
    no_phase, failed = (1, 0, n_options), np.zeros(1, np.int64)
    for n in range(1, n_days + 1):
        counts = np.zeros((1, n, n_options, len(COUNTS)), np.int64)
        amounts = np.zeros((1, n, n_options, len(AMOUNTS)))
        play_block(world, SEED, word, word + 1, period, np.arange(n), scratch, counts, amounts,
                   np.zeros((*no_phase, len(COUNTS)), np.int64), np.zeros((*no_phase, len(AMOUNTS))), failed)
        assert failed[0] == 0
        yield counts[0, -1], amounts[0, -1], Campaign(*(part.copy() for part in scratch.campaign))


def hand_raid(routes, departures_s, route=None, own_stop_m=np.inf, kind=0, tracked=1):
    """A raid whose threats are given, not drawn: departures in seconds, latent stops in metres of route."""
    n = len(departures_s)
    raid = new_raid(n)
    raid.threat_class[:] = kind
    raid.threat[:] = (raid.threat_class << 24) + np.arange(n)
    raid.route[:] = 0 if route is None else route
    raid.aim[:] = raid.bound[:] = raid.route
    raid.departure_s[:] = departures_s
    raid.pace_s_m[:] = routes.detour[0, raid.threat_class] / routes.speed_m_s[0, raid.threat_class]
    raid.length_m[:] = routes.length_m[raid.route]
    raid.own_stop_m[:] = own_stop_m
    raid.track_u[:] = np.where(np.broadcast_to(tracked, n), 0.5, 2.0)
    raid.aid_stop_m[:] = np.inf
    raid.own_stop_due[:] = 1
    raid.crossing[:], raid.n_crossing[0], raid.opening_s[:] = np.arange(n), n, np.inf
    return n, raid


def over_places(routes, ways):
    """Routes over places: a route's way is rows of (end in metres, place, hazard along the way, near its aim)."""
    rows = np.array([row for way in ways for row in way], float)
    return routes._replace(
        piece_first=np.cumsum([0, *map(len, ways)]), piece_end_m=rows[:, 0].copy(),
        piece_place=rows[:, 1].astype(np.int64), piece_along=rows[:, 2].copy(), piece_near_aim=rows[:, 3].copy())


def met_on(own, routes, vector=0):
    """What is met by the end of each piece, as a block works it out once."""
    met = np.zeros((N_STREAMS + 1, len(routes.piece_end_m)))
    fill_met(own, routes, vector, met)
    return met


def own_stops(own, routes, day, hazards, covered, n, raid):
    """Draw the stops by Ukraine's own defence of a raid that is there."""
    draw_own_stops(own, routes, met_on(own, routes), SEED, 0, day, hazards, covered, n, raid)


def over_oblasts(routes, ways):
    """Routes over oblasts: a route's way is rows of (aim of the oblast, from, to), metres."""
    rows = np.array([row for way in ways for row in way], float).reshape(-1, 3)
    return routes._replace(
        over_first=np.cumsum([0, *map(len, ways)]), over_aim=rows[:, 0].astype(np.int64),
        over_start_m=rows[:, 1].copy(), over_end_m=rows[:, 2].copy())


def permitted(routes, forces, rules, n, raid, option=0, manned=None, vector=0, p_track=1.0, p_seen=1.0):
    """Apply the rules; openings and refusals of the raid are filled in. Return the scratch they were found with."""
    forces = obeying(forces, rules)
    scratch = new_scratch(forces, make_costs(forces), raid, raid, 1, rules.window_start_m.shape[2])
    find_reach(rules, routes, forces, vector, scratch.reach)
    slots = forces.shooter_kind.shape[1]
    scratch.manned[:] = np.ones(slots, np.uint8) if manned is None else np.array(manned, np.uint8)
    scratch.p_track[:], scratch.p_seen[:] = p_track, p_seen
    begin_campaign(forces, make_fleets(len(forces.presence), len(forces.p_kill)), vector, scratch.campaign)
    raid.opening_s[:], raid.could_shoot_s[:], raid.refused[:] = np.inf, np.inf, 0  # of those that cross no zone
    permit(rules, routes, forces, option, vector, n, scratch, raid)
    return scratch


def fight(routes, forces, rules, n, raid, option=0, manned=None, word=0, day=0, seed=SEED, p_track=1.0, p_seen=1.0):
    """Apply the rules and engage; the raid's fates and shots are filled in. Return the shooters' free times.

    `p_track` and `p_seen` are what shooters can track tonight, alone and with sensors.
    """
    forces = obeying(forces, rules)
    scratch = permitted(routes, forces, rules, n, raid, option, manned, word >> 16, p_track, p_seen)
    raid.engagements[:], raid.shots[:], raid.missed[:] = 0, 0, 0  # likewise
    engage(routes, forces, seed, word, day, option, n, scratch, raid)
    return scratch.free_s[:, 0]


def ended(world, n, raid):
    """Enter how a raid's threats end, first as Ukraine alone would meet it; return the books."""
    own_ends, ends = new_ends(len(world.people.population)), new_ends(len(world.people.population))
    count_own_ends(world, 0, n, raid, own_ends)
    count_ends(world, 0, n, True, raid, own_ends, ends)
    return ends


def tallied(rules, n, raid, launched_before=0):
    """Count how a raid's threats end; return the counts and whether all threats are accounted for."""
    counts = np.zeros(len(COUNTS), np.int64)
    counts[t.LAUNCHED] = launched_before
    n_routes, n_aims = rules.window_start_m.shape[1], len(rules.aim_in_area)
    routes = make_routes([((0.0, 0.0), (100_000.0, 0.0))] * n_routes)
    world = make_world(routes=routes, rules=rules, marks=make_marks(n_routes, n_aims),
                       people=make_people(n_aims=n_aims))
    raid.bound[:] = raid.aim
    alone = new_ends(n_aims)
    count_own_ends(world, 0, n, raid, alone)
    return counts, count_day(rules, 0, raid, alone, ended(world, n, raid), counts)


def word(decision, day=0, vector=0, replication=0):
    """The first two words of an address: world and moment."""
    return vector << 16 | replication, day << 16 | decision


def u(decision, threat, shooter=0, day=0, vector=0, replication=0, seed=SEED):
    """The four uniforms of an address."""
    return uniforms(seed, *word(decision, day, vector, replication), threat, shooter)
