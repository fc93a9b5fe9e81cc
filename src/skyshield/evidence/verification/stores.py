"""Ukraine's own rounds: nights with few of them, stores that run down, and what redundant stops save.

With a leak rate L = exp(-H) at full stores, and rounds for s kills left of a ration R, the hazard is g H, with
g = p + (1 - p) min(1, s / R) and p the share of stops that are diversions. Of n threats each is killed with the
probability (1 - L^g) (1 - p / g), and with full stores (1 - L) (1 - p) would be; whoever is killed with few rounds is
killed with full stores. So kills k, and k + m with full stores, are multinomial, and the law of
s' = min(M, max(0, s - k) + c (k + m)) follows night by night, c being the resupply over the growth of launches.
"""

import numpy as np
from scipy import stats

from skyshield.core.vocabulary import CLASSES
from skyshield.engine import OwnDefence, World
from skyshield.evidence.verification.case import Case, CaseResult
from skyshield.evidence.verification.layers import (
    LEAK,
    NIGHT,
    P_KILL,
    REPLICATIONS,
    world_of,
)
from skyshield.evidence.verification.nights import mean_of, nightly, ratio_of
from skyshield.evidence.verification.worlds import make_certain_season, make_forces, make_own, make_raids, make_world

SOFT, RATION, MOST, FIRST = 0.3, 60.0, 80.0, 70.0  # p, R, M, and the rounds of the first night
RESUPPLY, GROWTH, NIGHTS = 0.75, 1.5, 25  # c is half a round for each that full stores would fire
RATIONED = 24.0  # rounds on a single night
KILL_EUR = 20_000.0
_MANY = 2_500


def rationed(p_soft: float, most: float, first: float, ration: float, resupply: float) -> OwnDefence:
    """Return an own defence with stores of rounds for so many kills of UAVs."""
    own = make_own(leak=LEAK, p_soft=p_soft)
    fields = {"store_most": most, "store_first": first, "ration_below": ration, "resupply_share": resupply}
    return own._replace(**{name: np.full((1, len(CLASSES)), value) for name, value in fields.items()})


def alone(own: OwnDefence, days: int, growth: float) -> World:
    """Return a world with the own defence, nobody else, and the same number of UAVs every night."""
    raids = make_raids(days, season=make_certain_season(NIGHT, massed_deep_median=NIGHT / growth))
    return make_world(raids=raids._replace(growth=np.full((1, len(CLASSES), days), growth)), own=own,
                      forces=make_forces(days=days, n_stations=[0.0]))


def kill_probabilities(left: float) -> tuple[float, float]:
    """Return the probability that a threat is killed, and that it is not but would be with full stores.

    Examples
    --------
    >>> [round(p, 6) for p in kill_probabilities(0.0)], [round(p, 6) for p in kill_probabilities(1e9)]
    ([0.0, 0.525], [0.525, 0.0])
    """
    g = SOFT + (1.0 - SOFT) * min(1.0, left / RATION)
    killed = (1.0 - LEAK**g) * (1.0 - SOFT / g)
    return killed, (1.0 - LEAK) * (1.0 - SOFT) - killed


def kills_of_night(night: int) -> float:
    """Return the mean kills of a night, the first being 1, by the law of the stores before it."""
    comes = RESUPPLY / GROWTH
    left = np.arange(int(MOST / comes) + 1) * comes
    killed, in_all = np.triu_indices(NIGHT + 1)  # by now, and of those that full stores would kill
    more = in_all - killed
    following = np.zeros((len(left), len(left)))
    for state, rounds in enumerate(left):
        p, q = kill_probabilities(float(rounds))
        share = stats.binom(NIGHT, p).pmf(killed) * stats.binom(NIGHT - killed, q / (1.0 - p)).pmf(more)
        after = np.minimum(MOST, np.maximum(0.0, rounds - killed) + comes * in_all)
        np.add.at(following[state], np.rint(after / comes).astype(int), share)
    law = (left == FIRST) @ np.linalg.matrix_power(following, night - 1)
    return float(law @ [NIGHT * kill_probabilities(float(rounds))[0] for rounds in left])


def _rationed(seed: int, factor: float) -> CaseResult:
    world = alone(rationed(SOFT, MOST, RATIONED * factor, RATION, 0.0), 1, 1.0)
    result = nightly(world, seed, 4 * _MANY)
    return ratio_of(kill_probabilities(RATIONED)[0], result["stopped_own_hard/uav"], result["launched/uav"])


def _running_down(seed: int, factor: float) -> CaseResult:
    world = alone(rationed(SOFT, MOST, FIRST, RATION, RESUPPLY * factor), NIGHTS, GROWTH)
    result = {name: values[NIGHTS - 1::NIGHTS] for name, values in nightly(world, seed, _MANY).items()}
    return mean_of(kills_of_night(NIGHTS), result["stopped_own_hard/uav"], int(result["launched/uav"].sum()))


def _saved(seed: int, factor: float) -> CaseResult:
    world = world_of(p_kill=P_KILL * factor, max_shots=1)
    world = world._replace(own=world.own._replace(kill_cost_eur=np.full((1, len(CLASSES)), KILL_EUR)))
    result = nightly(world, seed, REPLICATIONS)
    exact = KILL_EUR * LEAK**0.5 * P_KILL * (1.0 - LEAK**0.5)
    return ratio_of(exact, result["own_rounds_saved_eur"], result["launched/uav"])


CASES: tuple[Case, ...] = (
    Case("rounds_rationed", "own rounds",
         "threats killed on a night with rounds for s kills, fewer than the ration R: (1 - L^g) (1 - p / g)",
         _rationed, "the rounds s that are left"),
    Case("rounds_running_down", "own rounds",
         f"kills of night {NIGHTS}, with half the rounds replaced that full stores would fire: the law of the stores, "
         "night by night", _running_down, "the share of rounds that come"),
    Case("rounds_saved", "own rounds",
         "price of the rounds that redundant stops save, a threat: v sqrt(L) p (1 - sqrt(L))", _saved,
         "the kill probability p of a shot"))
