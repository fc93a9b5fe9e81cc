r"""The response dilemma: what each answer to an attack on the mission costs, and when both to answer and not to is bad.

An answer a costs the West

    L(a) = (1 - r_a) L_cred + p_n(a) L_next + p_r(a) L_war + L_kin(a),     L_cred = L_0 (1 - exp(-c / c_0)),

c being the casualties of the strike. r is the share of credibility that the answer restores, p_n the probability of a
next attack after it, p_r that of a wider war, L_kin what giving it costs in people and material. The West gives the
answer that costs least. As L_cred grows the least of these lines turns from one answer to another: the *switches*.

Russia does not see how much the West minds: to Russia L_cred is uniform on [0, L]. P(a) is the share of it in which a
is the answer, and Russia attacks iff its gain b is above E[k] = sum of P(a) k(a), k what the answer costs Russia.

**The trap**: the best answer still costs more than is tolerated, min_a L(a) > tolerance, *and* b > E[k], so that Russia
attacks. All losses are on one scale, on which nothing is measured; casualties, euros and threats are not added to it.

Sources: `domain.md` E2; the catalogue's entries ``response_*``; `data/response.yaml`.
"""

import itertools
import math
from collections.abc import Mapping
from typing import NamedTuple

import numpy as np

from skyshield.core.arrays import Floats
from skyshield.core.errors import SkyShieldError
from skyshield.strategy.equilibrium import AttackGame

NONE = "none"
ANSWERS = (NONE, "sanctions", "aid", "wider_rules", "in_kind")
EQUATION = "(1 - r) L_cred + p_n L_next + p_r L_war + L_kin"


class Answer(NamedTuple):
    """An answer: r, p_n, p_r, L_kin and k of the equation."""

    restored: float
    p_next: float
    p_war: float
    kinetic: float
    imposed: float


class Losses(NamedTuple):
    """L_next and L_war of the equation."""

    next_attack: float
    wider_war: float


class Switch(NamedTuple):
    """The L_cred at which the answer that costs least turns."""

    at: float
    before: str
    after: str


class Trap(NamedTuple):
    """What the trap hangs on: the least cost, E[k], and whether both conditions hold."""

    least: float
    imposed: float
    holds: bool


def credibility_loss(casualties: float, most: float, scale: float) -> float:
    """Return L_cred after so many casualties.

    Parameters
    ----------
    casualties
        c, of a strike that goes unanswered.
    most, scale
        L_0, and c_0 in persons.

    Examples
    --------
    >>> round(credibility_loss(10.0, 1.0, 10.0), 6)
    0.632121
    """
    _check("L_cred", casualties, most, scale)
    if scale == 0.0:
        raise SkyShieldError("c0", "is 0", "give casualties above 0")
    return -most * math.expm1(-casualties / scale)


def expected_credibility_loss(probabilities: Floats, most: float, scale: float) -> float:
    """Return the mean of L_cred over f8[c], the probability of each number of casualties of a strike.

    Examples
    --------
    >>> round(expected_credibility_loss(np.array([0.5, 0.5]), 1.0, 1.0), 6)
    0.31606
    """
    _check("L_cred", most, scale)
    if scale == 0.0:
        raise SkyShieldError("c0", "is 0", "give casualties above 0")
    return float(-most * (probabilities @ np.expm1(-np.arange(len(probabilities)) / scale)))


def cost(answer: Answer, losses: Losses, credibility: float) -> float:
    """Return L(a).

    Examples
    --------
    >>> cost(Answer(0.3, 0.5, 0.01, 0.01, 0.1), Losses(0.5, 1.0), 0.4).__round__(12)
    0.55
    """
    return ((1.0 - answer.restored) * credibility + answer.p_next * losses.next_attack
            + answer.p_war * losses.wider_war + answer.kinetic)


def costs(answers: Mapping[str, Answer], losses: Losses, credibility: float) -> dict[str, float]:
    """Return L(a) by answer."""
    return {name: cost(answer, losses, credibility) for name, answer in answers.items()}


def choice(answers: Mapping[str, Answer], losses: Losses, credibility: float) -> str:
    """Return the answer that costs least; of several the one named first."""
    found = costs(answers, losses, credibility)
    return min(found, key=lambda name: found[name])


def switches(answers: Mapping[str, Answer], losses: Losses, most: float) -> list[Switch]:
    """Return where the choice turns as L_cred goes from 0 to `most`: the corners of the least of the lines.

    Examples
    --------
    >>> menu = {"none": Answer(0.0, 0.6, 0.0, 0.0, 0.0), "in_kind": Answer(1.0, 0.1, 0.3, 0.1, 2.0)}
    >>> [(round(one.at, 12), one.after) for one in switches(menu, Losses(0.5, 1.0), 1.0)]
    [(0.15, 'in_kind')]
    """
    at_zero = costs(answers, losses, 0.0)
    slope = {name: 1.0 - answer.restored for name, answer in answers.items()}
    here = min(answers, key=lambda name: (at_zero[name], slope[name]))
    result: list[Switch] = []
    while flatter := [name for name in answers if slope[name] < slope[here]]:
        meets = {name: (at_zero[name] - at_zero[here]) / (slope[here] - slope[name]) for name in flatter}
        after = min(flatter, key=lambda name: (meets[name], slope[name]))
        if meets[after] >= most:
            break
        result.append(Switch(meets[after], here, after))
        here = after
    return result


def shares(answers: Mapping[str, Answer], losses: Losses, most: float) -> dict[str, float]:
    """Return P(a): the share of [0, most] in which each answer costs least; at most 0 the choice at 0."""
    turns = switches(answers, losses, most)
    result = dict.fromkeys(answers, 0.0)
    if most == 0.0:
        return result | {choice(answers, losses, 0.0): 1.0}
    here = turns[0].before if turns else choice(answers, losses, most / 2.0)
    start = 0.0
    for turn in turns:
        result[here] += (turn.at - start) / most
        here, start = turn.after, turn.at
    result[here] += (most - start) / most
    return result


def expected_imposed(answers: Mapping[str, Answer], losses: Losses, most: float) -> float:
    """Return E[k] with L_cred uniform on [0, most].

    Examples
    --------
    >>> menu = {"none": Answer(0.0, 0.6, 0.0, 0.0, 0.0), "in_kind": Answer(1.0, 0.1, 0.3, 0.1, 2.0)}
    >>> round(expected_imposed(menu, Losses(0.5, 1.0), 1.0), 12)
    1.7
    """
    return math.fsum(share * answers[name].imposed for name, share in shares(answers, losses, most).items())


def trap(answers: Mapping[str, Answer], losses: Losses, credibility: float, gain: float, tolerance: float) -> Trap:
    """Return whether the trap holds for a strike with that L_cred, to Russia uniform on [0, L_cred].

    Examples
    --------
    >>> menu = {"none": Answer(0.0, 0.6, 0.0, 0.0, 0.0), "in_kind": Answer(1.0, 0.1, 0.3, 0.1, 2.0)}
    >>> trap(menu, Losses(0.5, 1.0), 1.0, 2.0, 0.3).holds, trap(menu, Losses(0.5, 1.0), 1.0, 1.0, 0.3).holds
    (True, False)
    """
    least = min(costs(answers, losses, credibility).values())
    imposed = expected_imposed(answers, losses, credibility)
    return Trap(least, imposed, bool(least > tolerance and gain > imposed))


def game_of(answers: Mapping[str, Answer], losses: Losses, most: float, gain: float) -> AttackGame:
    """Return the attack in extensive form, with one type for each stretch of [0, most] between switches.

    Within such a stretch all types answer alike, so these few stand for all.

    Examples
    --------
    >>> from skyshield.strategy.equilibrium import perfect
    >>> menu = {"none": Answer(0.0, 0.6, 0.0, 0.0, 0.0), "in_kind": Answer(1.0, 0.1, 0.3, 0.1, 2.0)}
    >>> perfect(game_of(menu, Losses(0.5, 1.0), 1.0, 1.0)).russia
    'does not attack'
    """
    ends = [0.0, *(turn.at for turn in switches(answers, losses, most)), most]
    kept = [(low, high) for low, high in itertools.pairwise(ends) if high > low] or [(0.0, 0.0)]
    weights = np.array([(high - low) / most if most > 0.0 else 1.0 for low, high in kept])
    table = np.array([list(costs(answers, losses, (low + high) / 2.0).values()) for low, high in kept])
    return AttackGame(weights, table, np.array([answer.imposed for answer in answers.values()]), gain)


def check_answers(answers: Mapping[str, Answer], where: str) -> None:
    """Refuse answers that cannot be: none at all, a share or probability outside 0 to 1, a loss below 0.

    Raises
    ------
    SkyShieldError
        With the answer and the symbol.
    """
    if not answers:
        raise SkyShieldError(where, "holds no answer", f"give at least one, such as {NONE}")
    for name, answer in answers.items():
        for symbol, value in zip(("r", "p_n", "p_r"), answer, strict=False):
            if not 0.0 <= value <= 1.0:
                raise SkyShieldError(f"{where}: {name}: {symbol}", f"is {value:g}", "give a number from 0 to 1")
        _check(f"{where}: {name}", answer.kinetic, answer.imposed)


def _check(where: str, *values: float) -> None:
    if bad := [value for value in values if not (math.isfinite(value) and value >= 0.0)]:
        raise SkyShieldError(where, f"holds {bad[0]:g}", "give finite numbers from 0")
