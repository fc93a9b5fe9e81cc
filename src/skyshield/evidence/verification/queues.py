"""Shooters as servers without a queue: the engine against Erlang's loss formula.

Threats leave at random over an evening, in Poisson numbers, and can be begun only on entering a window as long as the
work on one: who finds every channel busy is lost. The share lost depends on the work's law by its mean alone, so a
fixed time does; it is Erlang's once the start with idle channels is forgotten. Hence two evenings, one longer: both
start idle, so what the longer one loses more, over the threats it has more, is lost by a queue that runs already.
"""

import numpy as np

from skyshield.engine import World
from skyshield.evidence.verification.case import Case, CaseResult
from skyshield.evidence.verification.nights import nightly, ratio_of
from skyshield.evidence.verification.worlds import (
    make_forces,
    make_own,
    make_raids,
    make_routes,
    make_rules,
    make_season,
    make_world,
)

_WORK_S, _SPEED_M_S, _BEFORE_M = 20.0, 50.0, 30_000.0
_THREATS = np.array([600.0, 100.0])  # of the longer and of the shorter evening, on average
_POISSON = 1e12  # a negative binomial of this size is one
_DAYS, _REPLICATIONS = 100, 8


def erlang_b(load: float, servers: int) -> float:
    """Return the share of Poisson arrivals that find all servers busy, by Erlang's recursion.

    Examples
    --------
    >>> erlang_b(1.0, 1), round(erlang_b(2.0, 3), 6)
    (0.5, 0.210526)
    """
    blocked = 1.0
    for k in range(1, servers + 1):
        blocked = load * blocked / (k + load * blocked)
    return blocked


def evenings(load: float, shooters: int, channels: int, factor: float) -> World:
    """Return a world of two vectors, the longer and the shorter evening, with `factor` times as many threats."""
    season = make_season(2, front_size=_POISSON, routine_deep_ratio=0.0)._replace(front_mean=_THREATS * factor)
    raids = make_raids(_DAYS, vectors=2, season=season)
    raids = raids._replace(night_length_s=_THREATS * _WORK_S / load)
    routes = make_routes(vectors=2, speed_m_s=_SPEED_M_S)
    end_m = _BEFORE_M + (_WORK_S + 1e-6) * _SPEED_M_S
    return make_world(
        raids=raids, routes=routes, own=make_own(vectors=2),
        rules=make_rules([[[(_BEFORE_M, end_m)]]], routes.length_m),
        forces=make_forces((((0.0, 0.0),) * shooters,), days=_DAYS, vectors=2, work_s=_WORK_S, max_shots=1,
                           channels=channels))


def _case(name: str, busy_text: str, load: float, shooters: int, channels: int) -> Case:
    def play(seed: int, factor: float) -> CaseResult:
        world = evenings(load, shooters, channels, factor)
        longer, shorter = (nightly(world, seed, _REPLICATIONS, vector) for vector in range(2))
        return ratio_of(erlang_b(load, shooters * channels), longer["leaked/uav"] - shorter["leaked/uav"],
                        longer["launched/uav"] - shorter["launched/uav"])

    return Case(name, "Erlang B", f"threats lost because {busy_text} busy, at a load of {load:g} each working time: "
                "Erlang's loss formula", play, "how many threats come")


CASES: tuple[Case, ...] = (
    _case("erlang_one_shooter", "the only shooter is", 1.0, 1, 1),
    _case("erlang_three_shooters", "all of three shooters are", 2.0, 3, 1),
    _case("erlang_four_channels", "all four channels of a battery are", 3.0, 1, 4))
