"""Layers of defence, shots at a threat, and magazines: the engine against binomial laws.

Half of Ukraine's own hazard lies before the window in which the coalition may shoot, half after it, none inside. With
the own defence alone a share L of threats leaks, so sqrt(L) live to see the window and sqrt(L) of those engaged without
success leak. An engagement takes a thousandth of a second: nobody is ever busy.
"""

from typing import Any

import numpy as np
from scipy import stats

from skyshield.core.vocabulary import MUNITION_KINDS, N_CLASSES
from skyshield.engine import Forces, World
from skyshield.evidence.verification.case import Case, CaseResult
from skyshield.evidence.verification.nights import mean_of, nightly, ratio_of
from skyshield.evidence.verification.worlds import (
    make_certain_season,
    make_forces,
    make_own,
    make_raids,
    make_routes,
    make_rules,
    make_world,
    of_kinds,
)

LENGTH_M, BEFORE_M, AFTER_M = 100_000.0, 30_000.0, 60_000.0
LEAK, P_KILL = 0.25, 0.7
NIGHT, DAYS = 50, 100
REPLICATIONS = 80  # 8,000 nights, 400,000 threats
FEW = 10  # a night's threats where nights are counted
MAGAZINE, MANY_NIGHTS = 6, 250
FIRST_SHOOTERS, SECOND_SHOOTERS = (2, 3, 0.6, "aam"), (4, 2, 0.25, "gun")  # how many, rounds each, p, munition
_INSTANT_S = 1e-3


def world_of(leak: float = LEAK, night: int = NIGHT, days: int = DAYS, **capabilities: Any) -> World:
    """Return the world described above; `capabilities` are what `make_forces` takes."""
    return with_forces(make_forces(days=days, **{"work_s": _INSTANT_S, "p_kill": P_KILL, **capabilities}), leak, night)


def with_forces(forces: Forces, leak: float = LEAK, night: int = NIGHT) -> World:
    """Return the same with forces that are made already."""
    routes = make_routes(knots=[((0.0, BEFORE_M, AFTER_M, LENGTH_M), (0.0, 0.5, 0.5, 1.0))])
    return make_world(
        raids=make_raids(forces.presence.shape[2], season=make_certain_season(night)), routes=routes,
        own=make_own(leak=leak), rules=make_rules([[[(BEFORE_M, AFTER_M)]]], routes.length_m), forces=forces)


def _share(exact: float, world: World, seed: int, measure: str) -> CaseResult:
    result = nightly(world, seed, REPLICATIONS)
    return ratio_of(exact, result[measure], result["launched/uav"])


def _own_alone(seed: int, factor: float) -> CaseResult:
    return _share(LEAK, world_of(LEAK * factor, n_stations=[0.0]), seed, "leaked/uav")


def _leaks(looks: int) -> Case:
    def play(seed: int, factor: float) -> CaseResult:
        world = world_of(p_kill=P_KILL * factor, max_shots=looks)
        return _share(LEAK * (1.0 - P_KILL) ** looks, world, seed, "leaked/uav")

    name = ("one", "two", "three")[looks - 1]
    return Case(f"layers_{name}", "binomial layers",
                f"threats that leak through the own defence and {name} shot{'s' if looks > 1 else ''} of kill "
                f"probability p: L (1 - p){f'^{looks}' if looks > 1 else ''}", play, "the kill probability p of a shot")


def _law_of_a_night(seed: int, factor: float) -> CaseResult:
    exact = float(stats.binom(FEW, LEAK * (1.0 - P_KILL)).pmf(0))
    result = nightly(world_of(night=FEW, days=250, p_kill=P_KILL * factor, max_shots=1), seed, 400)
    return mean_of(exact, (result["leaked/uav"] == 0.0).astype(float), len(result["leaked/uav"]))


def _tracked(seed: int, factor: float) -> CaseResult:
    p_tracked = 0.6
    exact = LEAK * (1.0 - p_tracked * P_KILL)
    return _share(exact, world_of(p_track=p_tracked * factor, max_shots=1), seed, "leaked/uav")


def _shots(seed: int, factor: float) -> CaseResult:
    miss = 1.0 - P_KILL
    result = nightly(world_of(p_kill=P_KILL * factor, max_shots=3), seed, REPLICATIONS)
    return ratio_of(1.0 + miss + miss**2, result["munitions/aam"], result["engaged"])


def _salvo_shots(seed: int, factor: float) -> CaseResult:
    p = 0.5
    world = world_of(p_kill=p * factor, max_shots=2, salvo=np.full((1, N_CLASSES), 2, np.int64))
    result = nightly(world, seed, REPLICATIONS)
    return ratio_of(2.0 * (1.0 + (1.0 - p) ** 2), result["munitions/aam"], result["engaged"])


def _salvo_kills(seed: int, factor: float) -> CaseResult:
    p = 0.5
    world = world_of(p_kill=p * factor, max_shots=1, salvo=np.full((1, N_CLASSES), 2, np.int64))
    result = nightly(world, seed, REPLICATIONS)
    return ratio_of(1.0 - (1.0 - p) ** 2, result["stopped_coalition/uav"], result["engaged"])


def _redundant(seed: int, factor: float) -> CaseResult:
    result = nightly(world_of(LEAK * factor, max_shots=1), seed, REPLICATIONS)
    return ratio_of(1.0 - LEAK**0.5, result["redundant/uav"], result["stopped_coalition/uav"])


def _own_stops_left(seed: int, factor: float) -> CaseResult:
    exact = 1.0 - LEAK - LEAK**0.5 * P_KILL * (1.0 - LEAK**0.5)
    return _share(exact, world_of(LEAK * factor, max_shots=1), seed, "stopped_own_hard/uav")


def _magazine(seed: int, factor: float) -> CaseResult:
    result = nightly(world_of(days=MANY_NIGHTS, p_kill=P_KILL * factor, shots=MAGAZINE, max_shots=2), seed, 80)
    return mean_of(MAGAZINE * P_KILL * LEAK**0.5, result["prevented/uav"], int(result["munitions/aam"].sum()))


def _two_kinds(p_factor: float) -> World:
    """Return a world of two patrols and four guns, all in reach of the window, whose magazines are always emptied."""
    kinds = (FIRST_SHOOTERS, SECOND_SHOOTERS)
    kind_of_slot = [k for k, (how_many, *_) in enumerate(kinds) for _ in range(how_many)]
    forces = make_forces(([((BEFORE_M + AFTER_M) / 2.0, 0.0)] * len(kind_of_slot),), days=MANY_NIGHTS, max_shots=1,
                         work_s=_INSTANT_S)
    one = np.ones((1, len(kinds)))
    forces = of_kinds(
        forces, shooter_kind=np.array([kind_of_slot]), n_channels=one.astype(np.int64),
        engagement_time_s=_INSTANT_S * one,
        rounds=np.array([[[rounds] for _, rounds, _, _ in kinds]]), weapon_reach_m=np.full((1, len(kinds), 1), np.inf),
        p_kill=np.array([[[[p * p_factor] * N_CLASSES] for _, _, p, _ in kinds]]),
        munition=np.array([[MUNITION_KINDS.index(name)] for *_, name in kinds]), p_track=np.ones((1, len(kinds), 2)))
    return with_forces(forces)


def _mixed(seed: int, factor: float) -> CaseResult:
    exact = sum(how_many * rounds * p for how_many, rounds, p, _ in (FIRST_SHOOTERS, SECOND_SHOOTERS)) * LEAK**0.5
    result = nightly(_two_kinds(factor), seed, 80)
    fired = result["munitions/aam"] + result["munitions/gun"]
    return mean_of(exact, result["prevented/uav"], int(fired.sum()))


CASES: tuple[Case, ...] = (
    Case("layers_own_alone", "binomial layers", "threats that leak through the own defence alone: L", _own_alone,
         "the leak rate L of the own defence"),
    _leaks(1), _leaks(2), _leaks(3),
    Case("layers_law_of_a_night", "binomial layers",
         f"nights on which none of {FEW} threats leaks through the own defence and one shot: the binomial law at 0",
         _law_of_a_night, "the kill probability p of a shot"),
    Case("layers_tracked", "binomial layers", "threats that leak if a share q can be tracked: L (1 - q p)", _tracked,
         "the share q of threats that can be tracked"),
    Case("shots_shoot_look_shoot", "shoot, look, shoot",
         "shots at a threat that is engaged, three looks at most: 1 + (1 - p) + (1 - p)^2", _shots,
         "the kill probability p of a shot"),
    Case("shots_in_salvos", "shoot, look, shoot",
         "shots at a threat in salvos of two, two looks at most: 2 (1 + (1 - p)^2)", _salvo_shots,
         "the kill probability p of a shot"),
    Case("salvo_kills", "salvo mean", "kills of a salvo of two shots: 1 - (1 - p)^2", _salvo_kills,
         "the kill probability p of a shot"),
    Case("risks_magazine", "competing risks",
         f"a magazine of M = {MAGAZINE} that is always emptied prevents M p P(S > aim | alive when engaged) a night, "
         "not M p", _magazine, "the kill probability p of a shot"),
    Case("risks_mixed_weapons", "competing risks",
         "magazines of two kinds of shooter prevent the sum of M p over kinds, times P(S > aim | alive when engaged)",
         _mixed, "the kill probabilities p of both"),
    Case("risks_redundant", "competing risks",
         "the coalition's stops that the own defence would have made later: 1 - sqrt(L)", _redundant,
         "the leak rate L of the own defence"),
    Case("risks_own_stops_left", "competing risks",
         "threats that the own defence still stops beside the coalition: 1 - L - sqrt(L) p (1 - sqrt(L))",
         _own_stops_left, "the leak rate L of the own defence"))
