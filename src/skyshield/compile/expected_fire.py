"""What every option is expected to fire on a night of war: for plans, without any draw.

The expected raid of a routine and of a massed night meets the option's shooters at central values. On each route each
shooter has the opening that the rules, its reach and its sector leave it, worked out by the engine's own step 15;
whoever can begin first has the first try. A shot is fired at the end of an engagement, which takes a fighter minutes
in which a cruise missile flies far. Of the threats on a route there are left, when a shooter shoots,

    launched x (not stopped by Ukraine till then and tracked) x permitted x what earlier shooters did not take,

the two in brackets correlated as in the engine (`steps.detect`),
and it takes the share of nights on which it is ready, times a share f <= 1 that keeps it within the engagements that
its channels have time for and the rounds that it can be given in a night. A threat that is taken takes
`expected_engagements`. Over all nights no more is fired than the stores of the period hold and get.

Numbers are means of a kind of night, so a plan knows nothing of nights far from their mean, and of days on which
aircraft stay on the ground only the mean: the threats of a night are spread over it, and nobody is busy with a wave,
so a plan has more for fighters, which come first, and less for the batteries behind them. An own stop between two
engagements of a threat saves no shot. A test says how near a plan comes.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from skyshield.compile.context import CompileContext
from skyshield.compile.planned_own import Night, PlannedOwn, planned_raids
from skyshield.core.arrays import Floats, Integers
from skyshield.core.vocabulary import CLASSES, N_CLASSES, N_STREAMS, STREAM_CLASSES
from skyshield.engine import Forces, Routes, Rules
from skyshield.engine.day import find_reach, permit
from skyshield.engine.scratch import Raid, Scratch, new_raid, new_scratch
from skyshield.engine.world import Costs
from skyshield.forces.money import expected_engagements

_CLASS_OF_STREAM = tuple(CLASSES.index(name) for name in STREAM_CLASSES)
_ROUNDS = 24  # of the search for the shares f
_NODES = 12  # of an integral over correlations
_FAR = 8.0  # normal scores beyond which nothing is left


class Fire(NamedTuple):
    """On a night of war: shots f8[option, kind, weapon], engagements f8[option], Ukraine's kills among the jets."""

    shots: Floats
    engagements: Floats
    own_kills: Floats  # [option] where the option's rules let it shoot, whoever is there
    by_fighters: Floats  # [option] of the engagements


class Active(NamedTuple):
    """An option's days: how many, launches f8[class] on them over those of the window, readiness f8[regime, slot]."""

    days: int
    growth: Floats
    ready: Floats


def expected_fire(context: CompileContext, forces: Forces, costs: Costs, routes: Routes, night_length_s: float,
                  active: Sequence[Active]) -> Fire:
    """Return what the options fire on a night of war on average.

    Parameters
    ----------
    context
        The scenario; its fit and central values say what comes.
    forces, costs, routes
        Of one vector, at central values.
    night_length_s
        Time over which a night's threats come.
    active
        Of each option: on how many days it is there, for which its stores must last, and what it is like then.
    """
    nights, own = planned_raids(context)
    n_options, (n_kinds, n_weapons) = len(forces.shooter_kind), forces.munition.shape
    fire = Fire(np.zeros((n_options, n_kinds, n_weapons)), np.zeros(n_options),
                np.array([_own_kills(context, option, nights, own) for option in range(n_options)]),
                np.zeros(n_options))
    raid = _one_of_each(routes)
    scratch = new_scratch(forces, costs, raid, new_raid(0), 1, context.rules.window_start_m.shape[2])
    find_reach(context.rules, routes, forces, 0, scratch.reach)
    for option in range(n_options):
        slots = [k for k, kind in enumerate(forces.shooter_kind[option]) if kind >= 0]
        if not slots:
            continue
        opening = np.stack([_opening_m(context.rules, routes, forces, option, k, raid, scratch) for k in slots])
        kinds = forces.shooter_kind[option, slots]
        pace_s_m = raid.pace_s_m.reshape(N_CLASSES, -1)
        at_shot = opening + forces.engagement_time_s[0, kinds][:, None, None] / pace_s_m
        flies = (forces.ready_aircraft[0, option, slots] > 0.0) | (forces.alert_time_s[0, kinds] > 0.0)
        grown = active[option].growth[list(_CLASS_OF_STREAM)]
        to_meet = both_below(_alive(own, at_shot), _tracked(forces, option, slots)[:, _CLASS_OF_STREAM, None],
                             -float(forces.track_correlation[0]))
        rounds = np.stack([_rounds(forces, option, slot, night_length_s) for slot in slots])
        permitted = forces.p_deconflicted[0] * forces.p_accepted[0, option, _CLASS_OF_STREAM]
        wanted = np.zeros((len(slots), n_weapons))
        engagements = np.zeros(len(slots))
        for night, ready_tonight in zip(nights, active[option].ready, strict=True):
            ready = ready_tonight[slots] * forces.ring_share[0, option, slots]
            met = night.threats * (grown * permitted)[:, None] * to_meet
            taken = _taken(met, _in_order(opening), ready, forces, kinds, rounds, night_length_s)
            for k, kind in enumerate(kinds):
                tries = taken[k] * _engagements(forces, kind)
                engagements[k] += night.share * tries.sum()
                wanted[k] += night.share * _by_weapon(forces, kind, ready[k] * rounds[k], tries * forces.salvo[0])
        shots = wanted * _lasting(forces, option, slots, wanted, max(1, active[option].days))
        engagements = engagements * _over(shots.sum(axis=1), wanted.sum(axis=1), 0.0)
        fire.engagements[option], fire.by_fighters[option] = engagements.sum(), engagements[flies].sum()
        np.add.at(fire.shots[option], kinds, shots)
    return fire


def _own_kills(context: CompileContext, option: int, nights: list[Night], own: PlannedOwn) -> float:
    """Return what Ukraine destroys on a night where the option may shoot, as if the option shot at nothing."""
    start_m, end_m = (edge[option].T for edge in (context.rules.window_start_m, context.rules.window_end_m))
    open_ = np.isfinite(start_m)
    if not open_.any():
        return 0.0
    alive = [np.exp(-np.stack([own.met(stream, np.where(open_, edge, 0.0)) for stream in range(N_STREAMS)]))
             for edge in (start_m, end_m)]
    stopped = np.where(open_, alive[0] - alive[1], 0.0).sum(axis=1)  # [stream, route]
    return float(sum(night.share * (night.threats * stopped * own.destroyed[:, None]).sum() for night in nights))


def _one_of_each(routes: Routes) -> Raid:
    """Return a raid of one threat of each class on each route, all launched at once and all seen."""
    n_routes = len(routes.length_m)
    raid = new_raid(N_CLASSES * n_routes)
    raid.threat_class[:] = np.repeat(np.arange(N_CLASSES), n_routes)
    raid.route[:] = np.tile(np.arange(n_routes), N_CLASSES)
    raid.pace_s_m[:] = (routes.detour[0] / routes.speed_m_s[0])[raid.threat_class]
    raid.length_m[:] = routes.length_m[raid.route]
    return raid


def _opening_m(rules: Rules, routes: Routes, forces: Forces, option: int, slot: int, raid: Raid,
               scratch: Scratch) -> Floats:
    """Return f8[class, route]: where a shooter alone could first begin, infinity where it never can."""
    scratch.manned[:], raid.opening_s[:] = 0, np.inf
    scratch.manned[slot], scratch.p_track[:], scratch.p_seen[:] = 1, 1.0, 1.0
    permit(rules, routes, forces, option, 0, len(raid.route), scratch, raid)
    return (raid.opening_s / raid.pace_s_m).reshape(N_CLASSES, -1)


def _alive(own: PlannedOwn, shot_m: Floats) -> Floats:
    """Return f8[slot, stream, route]: share that Ukraine has not stopped when a shooter shoots; 0 if it never can."""
    met = np.stack([own.met(stream, shot_m[:, kind]) for stream, kind in enumerate(_CLASS_OF_STREAM)], axis=1)
    return np.where(np.isfinite(shot_m[:, _CLASS_OF_STREAM]), np.exp(-met), 0.0)


def _tracked(forces: Forces, option: int, slots: list[int]) -> Floats:
    """Return f8[slot, class]: mean share of threats in reach that a shooter can track, the option's sensors counted."""
    p_track = np.trapezoid(forces.p_track[0], np.linspace(0.0, 1.0, forces.p_track.shape[2]), axis=1)
    own = p_track[forces.shooter_kind[option, slots]][:, None]
    up = float(forces.p_early_warning[0])
    gain = up * forces.picture_gain[0, option, slots] + (1.0 - up) * forces.ground_gain[0, option, slots]
    return np.asarray(1.0 - (1.0 - own) * (1.0 - gain))


def both_below(p: Floats, q: Floats, correlation: float) -> Floats:
    """Return the probability that two uniforms lie below p and q, which their normal scores' correlation ties.

    Source: Plackett, "A reduction formula for normal multivariate integrals", Biometrika 41 (1954).

    Examples
    --------
    >>> both_below(np.array([0.5, 1.0]), np.array([0.5, 0.3]), 0.5).round(6).tolist()
    [0.333333, 0.3]
    """
    from scipy.special import ndtri

    x, y = (np.clip(ndtri(share), -_FAR, _FAR) for share in (p, q))
    half = np.arcsin(correlation) / 2.0
    nodes, weights = np.polynomial.legendre.leggauss(_NODES)
    more = sum(weight * np.exp(-(x**2 + y**2 - 2.0 * x * y * np.sin(angle)) / (2.0 * np.cos(angle) ** 2))
               for weight, angle in zip(weights, half * (nodes + 1.0), strict=True))
    return np.asarray(p * q + half * more / (2.0 * np.pi))


def _in_order(opening_m: Floats) -> Integers:
    """Return i8[turn, class, route]: which shooter's turn it is."""
    return np.argsort(opening_m, axis=0, kind="stable")


def _taken(met: Floats, order: Integers, ready: Floats, forces: Forces, kinds: Integers,
           in_a_night: Floats, night_length_s: float) -> Floats:
    """Return f8[slot, class]: threats that each shooter takes on a night, within its time and its rounds."""
    per_threat = np.stack([_engagements(forces, kind) for kind in kinds])
    time = ready * forces.n_channels[0, kinds] * night_length_s / forces.engagement_time_s[0, kinds]
    rounds = ready * in_a_night.sum(axis=1)
    share = np.ones(len(kinds))
    turn = order[:, _CLASS_OF_STREAM]
    taken = np.zeros((len(kinds), N_CLASSES))
    for _ in range(_ROUNDS):
        left, taken[:] = np.ones(met.shape[1:]), 0.0
        for k in turn:
            takes = left * (ready * share)[k]
            there = takes * np.take_along_axis(met, k[None], axis=0)[0]
            left = left - np.where(there > 0.0, takes, 0.0)
            for stream, kind in enumerate(_CLASS_OF_STREAM):
                np.add.at(taken[:, kind], k[stream], there[stream])
        engagements = (taken * per_threat).sum(axis=1)
        shots = (taken * per_threat * forces.salvo[0]).sum(axis=1)
        most = np.minimum(_over(time, engagements), _over(rounds, shots))
        before, share = share, np.minimum(1.0, share * most)
        if np.array_equal(share, before):
            break
    return taken * np.minimum(1.0, most)[:, None]


def _over(there: Floats, wanted: Floats, otherwise: float = np.inf) -> Floats:
    return np.divide(there, wanted, out=np.full_like(there, otherwise), where=wanted > 0.0)


def _engagements(forces: Forces, kind: int) -> Floats:
    """Return f8[class]: engagements of a threat that a kind takes; 0 for a class that it has no weapon for."""
    p_kill = np.array([next((p for p in forces.p_kill[0, kind, :, c] if p > 0.0), 0.0) for c in range(N_CLASSES)])
    able = p_kill > 0.0
    most = np.full(N_CLASSES, float(forces.max_engagements[0]))
    return np.where(able, expected_engagements(np.where(able, p_kill, 1.0), forces.salvo[0].astype(float), most), 0.0)


def _rounds(forces: Forces, option: int, slot: int, night_length_s: float) -> Floats:
    """Return f8[magazine]: rounds that a shooter can be given in a night, if its store has them."""
    kind, stores = forces.shooter_kind[option, slot], forces.store[option, slot]
    given = forces.rounds[0, kind] * max(1.0, night_length_s / forces.renewal_time_s[0, option, slot])
    return np.where(stores >= 0, given, 0.0)


def _lasting(forces: Forces, option: int, slots: list[int], wanted: Floats, nights: int) -> Floats:
    """Return f8[slot, weapon]: the share of the shots wanted on a mean night for which the period's stores last."""
    a_night = forces.store_most[0, option] / nights + forces.store_per_day[0, option]
    magazines = forces.magazine[forces.shooter_kind[option, slots]]
    stores = np.take_along_axis(forces.store[option, slots], magazines, axis=1)
    taken = np.zeros(len(a_night))
    np.add.at(taken, np.maximum(stores, 0), np.where(stores >= 0, wanted, 0.0))
    share = np.minimum(1.0, _over(a_night, taken))
    return np.where(stores >= 0, share[np.maximum(stores, 0)], 0.0)


def _by_weapon(forces: Forces, kind: int, rounds: Floats, shots: Floats) -> Floats:
    """Return f8[weapon]: shots at the classes, each from the cheapest weapon for it as long as there are rounds.

    `rounds` is f8[magazine].
    """
    left, fired = rounds.copy(), np.zeros(forces.munition.shape[1])
    for c in range(N_CLASSES):
        wanted = shots[c]
        for weapon in range(len(fired)):
            if forces.p_kill[0, kind, weapon, c] > 0.0:
                magazine = forces.magazine[kind, weapon]
                now = min(wanted, left[magazine])
                fired[weapon] += now
                left[magazine] -= now
                wanted -= now
    return fired
