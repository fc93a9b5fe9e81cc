"""Who is there for a threat, and what that costs: rings round cities, time on duty, surges, displacement, losses.

Worlds are those of `skyshield.evidence.verification.layers`: sqrt(L) of the threats live to see the window, and one in
sqrt(L) of those that leave it alive leaks.
"""

import numpy as np

from skyshield.evidence.verification.case import Case, CaseResult
from skyshield.evidence.verification.layers import (
    AFTER_M,
    BEFORE_M,
    LEAK,
    LENGTH_M,
    NIGHT,
    P_KILL,
    REPLICATIONS,
    world_of,
)
from skyshield.evidence.verification.nights import mean_of, nightly, ratio_of
from skyshield.evidence.verification.queues import evenings
from skyshield.evidence.verification.worlds import (
    make_certain_season,
    make_fleets,
    make_forces,
    make_own,
    make_raids,
    make_response,
    make_risks,
    make_routes,
    make_rules,
    make_world,
)

RING_FROM, RING_SHARE = (0.1, 0.45, 0.85), 0.25  # the last part goes on past the ring's beginning
UNTIL_S, WORK_S, SPEED_M_S = 18_000.0, 1e-3, 50.0
DISPLACED, BOUND, DECOYS = 0.4, 0.6, 0.4
SURGE, REST, P_WARNED = 1.5, 0.4, 0.7
PATROL_AIRCRAFT, FLEET, PACE = 40.0, 24.0, 4.0
LOST = 0.001
_PLACE = ((BEFORE_M + AFTER_M) / 2.0, 0.0)
_MANY_AIRCRAFT = 1e6


def _ring(seed: int, factor: float) -> CaseResult:
    n = len(RING_FROM)
    world = world_of(stations=((_PLACE,) * n,), max_shots=1, ring_from=np.array([[RING_FROM]]),
                     ring_share=np.full((1, 1, n), RING_SHARE * factor))
    result = nightly(world, seed, REPLICATIONS)
    return ratio_of(n * RING_SHARE * LEAK**0.5, result["engaged"], result["launched/uav"])


def _duty(seed: int, factor: float) -> CaseResult:
    world = world_of(work_s=WORK_S, max_shots=1, on_duty_until_s=np.array([[UNTIL_S * factor]]))
    first_s, length_s = float(world.raids.night_start_s[0]), float(world.raids.night_length_s[0])
    share = (UNTIL_S - WORK_S - BEFORE_M / SPEED_M_S - first_s) / length_s
    result = nightly(world, seed, REPLICATIONS)
    return ratio_of(share * LEAK**0.5, result["engaged"], result["launched/uav"])


def _surge(seed: int, factor: float) -> CaseResult:
    days, one = 100, np.ones((1, 1, 1))
    forces = make_forces(days=days, ready_aircraft=PATROL_AIRCRAFT * one, crews=one, sorties_per_day=PACE * one)
    fleets = make_fleets(aircraft=FLEET)._replace(p_warned_massed=np.array([P_WARNED]), rest=np.array([[REST]]),
                                                  surge=np.array([[SURGE * factor]]))
    world = make_world(raids=make_raids(days, season=make_certain_season(1)), forces=forces, fleets=fleets)
    sorties = nightly(world, seed, 600)["sorties"]
    exact = PACE * FLEET / PATROL_AIRCRAFT * (P_WARNED * SURGE + (1.0 - P_WARNED) * REST)
    return mean_of(exact, sorties, int(sorties.sum()))


def _displaced(seed: int, factor: float) -> CaseResult:
    way = (0.0, BEFORE_M, AFTER_M, LENGTH_M), (0.0, 0.5, 0.5, 1.0)
    routes = make_routes((((0.0, 0.0), (LENGTH_M, 0.0)), ((0.0, 0.0), (0.0, LENGTH_M))), [way] * 2)
    rules = make_rules([[[(BEFORE_M, AFTER_M)], []]], routes.length_m, aim_in_area=[1, 0])
    raids = make_raids(100, n_aims=2, season=make_certain_season(NIGHT), p_decoy=DECOYS, aim_shares=[BOUND, 1 - BOUND])
    world = make_world(
        raids=raids, routes=routes, own=make_own(leak=LEAK, n_aims=2), rules=rules,
        forces=make_forces(days=100, work_s=WORK_S, p_kill=P_KILL, max_shots=1),
        response=make_response(n_aims=2, displacement=DISPLACED * factor, declared=[[1, 0]]))
    result = nightly(world, seed, 4 * REPLICATIONS)
    exact = BOUND * (1.0 - DECOYS) * (1.0 - DISPLACED) * LEAK * P_KILL
    return ratio_of(exact, result["prevented_armed_zone"], result["launched/uav"])


def _lost(seed: int, factor: float) -> CaseResult:
    one = np.ones((1, 1, 1))
    world = world_of(max_shots=2, ready_aircraft=one, crews=one)
    world = world._replace(fleets=make_fleets(aircraft=_MANY_AIRCRAFT),
                           risks=make_risks(lost_per_engagement=LOST * factor))
    result = nightly(world, seed, REPLICATIONS)
    exact = LOST * LEAK**0.5 * (2.0 - P_KILL)
    return ratio_of(exact, result["incidents/aircraft_lost_engaging"], result["launched/uav"])


def _clustered(seed: int, factor: float) -> CaseResult:
    """Compare with a / (1 + a): of two shooters one is busy, given that a threat finds one free, at a load of a."""
    load = 1.0
    world = evenings(load, 2, 1, factor)
    world = world._replace(risks=make_risks(vectors=2, p_fratricide_cluster=1.0))
    longer, shorter = (nightly(world, seed, 16, vector) for vector in range(2))
    return ratio_of(load / (1.0 + load), longer["incidents/fratricide"] - shorter["incidents/fratricide"],
                    longer["engaged"] - shorter["engaged"])


CASES: tuple[Case, ...] = (
    Case("guard_ring", "posture and losses",
         f"threats that {len(RING_FROM)} shooters engage, each of which guards a share s of the ring: "
         f"{len(RING_FROM)} s sqrt(L)", _ring, "the share s"),
    Case("guard_duty", "posture and losses",
         "threats engaged before the end of duty, of those that leave evenly over the night: the share that is in the "
         "window in time, times sqrt(L)", _duty, "the end of duty, from 18:00"),
    Case("guard_surge", "posture and losses",
         "sorties a day of a patrol flown at a surge on nights taken for massed, with probability w, and at rest on "
         "others: those of the pace times w surge + (1 - w) rest", _surge, "the surge"),
    Case("kept_displaced", "posture and losses",
         "armed threats kept from aims in the zone where a share d is sent elsewhere and gets through as well: "
         "armed and bound for it (1 - d) L p", _displaced, "the share d"),
    Case("lost_engaging", "posture and losses",
         "fighters lost in engagements, two of a threat at most, a threat: c sqrt(L) (2 - p)", _lost,
         "the loss c of an engagement"),
    Case("engaged_beside_another", "posture and losses",
         "engagements begun while the other of two shooters has a threat in work, at a load of a: a / (1 + a)",
         _clustered, "how many threats come"))
