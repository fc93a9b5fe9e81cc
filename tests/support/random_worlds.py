"""Small worlds whose every number is drawn: kinds of shooter, weapons, stores, sensors, rules, aid, own defence."""

import numpy as np

from skyshield.core.vocabulary import N_CLASSES, N_STREAMS
from support.worlds import make_aid, make_forces, make_own, make_raids, make_routes, make_rules, make_world, of_kinds

OPTIONS = ("own", "shooters", "aid", "both", "strict")
DAYS = 3


def random_world(seed):
    """A world whose every number is drawn, and nights of launches for it."""
    g = np.random.default_rng(seed)
    n_aims, n_kinds, n_weapons = g.integers(1, 3), g.integers(1, 4), g.integers(1, 3)
    routes = make_routes([((0.0, 3e4 * k), (6e4, 3e4 * k + g.uniform(-1e4, 1e4)), (1e5, 3e4 * k))
                          for k in range(n_aims)], speed_m_s=g.uniform(30.0, 300.0, N_CLASSES))
    length = routes.length_m
    slots = int(g.integers(n_kinds, 7))
    stations = [[(g.uniform(0.0, 1e5), g.uniform(-3e4, 6e4)) for _ in range(slots)] for _ in OPTIONS]
    ready = [0.0 if name in ("own", "aid") else slots * g.uniform(0.5, 1.0) for name in OPTIONS]
    forces = make_forces(stations, n_stations=ready, days=DAYS, max_shots=int(g.integers(1, 4)),
                         release_s=g.uniform(0.0, 60.0), handover_s=g.uniform(0.0, 60.0))

    def of_kind(low, high):
        return g.uniform(low, high, (1, n_kinds))

    forces = of_kinds(
        forces, shooter_kind=g.integers(0, n_kinds, (len(OPTIONS), slots)),
        reach_m=g.uniform(1e4, 6e4, forces.reach_m.shape), picture_gain=g.uniform(0.0, 1.0, forces.picture_gain.shape),
        n_channels=g.integers(1, 4, (1, n_kinds)), engagement_time_s=of_kind(5.0, 200.0),
        renewal_time_s=g.uniform(600.0, 20_000.0, (1, len(OPTIONS), slots)),
        rounds=g.integers(1, 6, (1, n_kinds, n_weapons)),
        weapon_reach_m=g.uniform(5e3, 8e4, (1, n_kinds, n_weapons)),
        p_kill=g.uniform(0.0, 1.0, (1, n_kinds, n_weapons, N_CLASSES)) * (g.random((1, n_kinds, n_weapons, 3)) < 0.8),
        munition=g.integers(0, 5, (n_kinds, n_weapons)),
        salvo=g.integers(1, 4, (1, N_CLASSES)), p_track=np.sort(g.uniform(0.0, 1.0, (1, n_kinds, 5)), axis=2),
        p_deconflicted=g.uniform(0.3, 1.0, 1), sorties_per_day=g.uniform(0.0, 9.0, (1, len(OPTIONS), slots)))
    forces = forces._replace(store_most=np.floor(g.uniform(0.0, 60.0, forces.store_most.shape)),
                             store_per_day=g.uniform(0.0, 3.0, forces.store_most.shape))
    windows = [[[sorted(g.uniform(0.0, whole, 2)) for _ in range(g.integers(0, 3))] for whole in length]
               for _ in OPTIONS]
    rules = make_rules(windows, length, classes=g.random((len(OPTIONS), N_CLASSES)) < 0.8,
                       aim_in_area=g.integers(0, 2, n_aims))
    accepted = rules.class_allowed[None].astype(float)
    strict = OPTIONS.index("strict")
    accepted[:, strict] = np.where(accepted[:, strict] > 0.0, g.uniform(0.3, 0.99), g.uniform(0.0, 0.3))
    forces = forces._replace(p_accepted=accepted)
    aided = np.array([name in ("aid", "both") for name in OPTIONS])[None, :, None, None]
    own = make_own(quantiles=np.sort(g.uniform(0.02, 1.0, (N_STREAMS, 6)), axis=1), p_soft=g.uniform(0.0, 1.0),
                   n_aims=n_aims, load_factors=g.uniform(0.7, 1.4, 2), cover=g.uniform((-2.0, 0.0), (2.0, 1.0)))
    world = make_world(
        raids=make_raids(DAYS, n_aims, p_decoy=g.uniform(0.0, 1.0), aim_shares=g.dirichlet(np.ones(n_aims))),
        routes=routes, own=own, forces=forces, rules=rules,
        aid=make_aid(len(OPTIONS), n_aims, days=DAYS, ramp=g.uniform(0.0, 1.0),
                     hazard=g.uniform(0.0, 3.0, (1, len(OPTIONS), n_aims, N_CLASSES)) * aided))
    return world, [tuple(int(n) for n in g.integers(0, 25, N_STREAMS)) for _ in range(4)]
