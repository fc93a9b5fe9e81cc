r"""Who answers when a guarantee is called in, and what an unanswered attack costs the other guarantees.

Member i answers the trigger with probability p_i. One common factor Z, standard normal, moves all:

    P(i answers | Z) = Phi((Phi^-1(p_i) - sqrt(rho) Z) / sqrt(1 - rho)),

so that each still answers with p_i, and rho is the correlation of what lies behind the answers. Given Z they are
independent, and the number of answers is Poisson-binomial, worked out by adding one member at a time; over Z it is
integrated by the trapezoidal rule, whose error is below rounding for such an integrand. The US backstop, where it is
switched on, adds to Phi^-1(p_i). Members that drop out are left out.

The credibility C of the mission, of the Alliance's promise and of the Union's are three stocks, each tagged by its law.
An unanswered attack of severity v from 0 to 1 leaves

    mission: C (1 - gamma v),    Alliance: C (1 - sigma_N gamma v),    Union: C (1 - sigma_E gamma v).

Nothing measures p_i, rho, gamma or sigma. All are assumptions with two ends, p_i by what the state has said: of sending
soldiers for an answer in kind, of its air force for wider rules, of money for more aid. Every result is a pair of ends:
p_i and the backstop at the same end for all, rho wherever the result is lowest or highest. What a study's attacks leave
of each stock is in `skyshield.strategy.commitments_study`.

Source: strategy specification, S5; the table of triggers has the texts.
"""

import functools
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Literal, get_args

import numpy as np

from skyshield.core.arrays import Floats
from skyshield.core.errors import SkyShieldError
from skyshield.core.files import read_yaml
from skyshield.forces.coalition import ANSWERS, Coalition, State, coalition

TABLE = Path(__file__).parent / "data" / "responses.yaml"
Backstop = Literal["none", "intelligence_and_logistics", "fires"]
BACKSTOPS: tuple[Backstop, ...] = get_args(Backstop)
STOCKS: Mapping[str, str | None] = {"mission": None, "nato": "sigma_nato", "eu": "sigma_eu"}  # and what spills over
AT_LEAST = (1, 2, 3, 5, 10, 15, 20, 26)  # 26 is what President Macron counted in September 2025
_DROPOUTS_AT_LEAST = 3
_REACH, _STEP = 8.5, 0.1  # of the common factor, in standard deviations; the step where rho is a half or less
_CORRELATIONS = 15
IN_KIND = "in_kind"
_EVEN = 1.0 / 2.0
_ITERATIONS = 60
_TURNS_AT_LEAST = (3, 5, 10)
_TURN_RHOS = np.linspace(0.0, 1.0, 40, endpoint=False)
Ends = Mapping[str, tuple[float, float]]  # symbol of an assumption -> its low and high
EQUATION = ("P(i answers | Z) = Phi((Phi^-1(p_i) - sqrt(rho) Z) / sqrt(1 - rho)), Z standard normal and common to all; "
            "P(at least k) is its Poisson-binomial tail, averaged over Z")


@functools.cache
def responses() -> Mapping[str, Any]:
    """Return the table of triggers, graded responses, laws and backstops.

    Examples
    --------
    >>> responses()["triggers"]["renewed_invasion"]["bound"], responses()["laws"]["mission"]["begins"]
    ('members', 'once a ceasefire enters into force')
    """
    content: Mapping[str, Any] = read_yaml(TABLE)
    return content


def answers_given(p: Floats, rho: float, z: Floats) -> Floats:
    """Return f8[z, member]: the probability that each member answers, given the common factor.

    Parameters
    ----------
    p
        f8[member], of each alone.
    rho
        Correlation, from 0 and below 1.
    z
        f8[z], the common factor.

    Examples
    --------
    >>> answers_given(np.array([0.5, 0.9]), 0.25, np.array([0.0])).round(3).tolist()
    [[0.5, 0.931]]
    """
    from scipy.special import ndtr, ndtri

    lean = ndtri(np.asarray(p, float))
    return np.asarray(ndtr((lean - np.sqrt(rho) * np.asarray(z)[:, None]) / np.sqrt(1.0 - rho)))


def number_of_answers(p: Floats) -> Floats:
    """Return f8[..., count]: the probability of each number of answers, members being independent.

    Parameters
    ----------
    p
        f8[..., member].

    Examples
    --------
    >>> number_of_answers(np.array([0.5, 0.5])).tolist()
    [0.25, 0.5, 0.25]
    """
    result = np.ones((*p.shape[:-1], 1))
    for member in range(p.shape[-1]):
        one = p[..., member, None]
        longer = np.zeros((*result.shape[:-1], result.shape[-1] + 1))
        longer[..., :-1] = result * (1.0 - one)
        longer[..., 1:] += result * one
        result = longer
    return result


def p_at_least(p: Sequence[float] | Floats, k: int, rho: float = 0.0) -> float:
    """Return the probability that at least k members answer.

    Raises
    ------
    SkyShieldError
        If a probability is not from 0 to 1, k is negative, or rho is not from 0 and below 1.

    Examples
    --------
    >>> round(p_at_least([0.9, 0.8, 0.6, 0.5, 0.3], 3), 3)
    0.738
    >>> round(p_at_least([0.9, 0.8, 0.6, 0.5, 0.3], 3, 0.5), 3)
    0.667
    """
    chances = np.asarray(p, float)
    if not ((chances >= 0.0) & (chances <= 1.0)).all():
        raise SkyShieldError("probability of an answer", "is not from 0 to 1", "give probabilities")
    if not 0.0 <= rho < 1.0:
        raise SkyShieldError("correlation of answers", f"is {rho:g}", "give a number from 0 and below 1")
    if k < 0:
        raise SkyShieldError("number of answers", f"is {k}", "give a number from 0")
    return float(min(1.0, distribution(chances, rho)[k:].sum()))


def distribution(p: Sequence[float] | Floats, rho: float) -> Floats:
    """Return f8[count]: the probability of each number of answers, from none to all.

    Examples
    --------
    >>> distribution([0.5, 0.5], 0.0).tolist()
    [0.25, 0.5, 0.25]
    """
    chances = np.asarray(p, float)
    if rho == 0.0:
        return number_of_answers(chances)
    z, density = _common_factor(rho)
    return np.asarray(density @ number_of_answers(answers_given(chances, rho, z)))


def _common_factor(rho: float) -> tuple[Floats, Floats]:
    """Return values of the common factor and their weights, closer together the sharper it divides the states."""
    step = _STEP * min(1.0, float(np.sqrt((1.0 - rho) / rho)))
    z = np.arange(-_REACH, _REACH + step / 2.0, step)
    density = np.exp(-z * z / 2.0)
    return z, density / density.sum()


def credibility_after(before: float, loss: float, severity: float, spill: float = 1.0, attacks: int = 1) -> float:
    """Return what is left of a stock of credibility after unanswered attacks.

    Parameters
    ----------
    before
        The stock.
    loss
        gamma, share that an attack of full severity costs the mission's.
    severity
        v, from 0 to 1.
    spill
        1 for the mission, sigma for another stock.
    attacks
        How many, one after another.

    Raises
    ------
    SkyShieldError
        If loss, severity or spill is not from 0 to 1.

    Examples
    --------
    >>> credibility_after(1.0, 0.4, 0.5), credibility_after(1.0, 0.4, 0.5, spill=0.5)
    (0.8, 0.9)
    """
    for name, value in (("loss", loss), ("severity", severity), ("spill", spill)):
        if not 0.0 <= value <= 1.0:
            raise SkyShieldError(f"credibility {name}", f"is {value:g}", "give a number from 0 to 1")
    return float(before * (1.0 - spill * loss * severity) ** attacks)


def probabilities(states: Sequence[State], ends: Ends, end: int, backstop: Backstop = "none", ceasefire: bool = True,
                  response: str = IN_KIND) -> Floats:
    """Return f8[state]: the probability that each answers so, all and the backstop at the low (0) or the high end (1).

    Examples
    --------
    >>> one = [coalition().named("France")]
    >>> [float(probabilities(one, {"p_yes": (0.5, 0.95)}, end)[0]) for end in (0, 1)]
    [0.5, 0.95]
    """
    from scipy.special import ndtr, ndtri

    graded = responses()["graded"][response]
    alone = np.array([ends[graded["assumption"] or f"p_{state.says[graded['domain']].at(ceasefire)}"][end]
                      for state in states])
    gain_of = responses()["backstops"][backstop]["gain"]
    gain = ends[gain_of][end] if gain_of else 0.0
    return np.asarray(ndtr(ndtri(alone) + gain)) if gain else alone


def bounds(states: Sequence[State], at_least: Sequence[int], ends: Ends, backstop: Backstop = "none",
           ceasefire: bool = True, response: str = IN_KIND) -> list[tuple[float, float]]:
    """Return the lowest and the highest probability that at least so many of the states answer, for each number.

    Examples
    --------
    >>> ends = {"p_yes": (0.5, 0.95), "rho": (0.0, 0.7)}
    >>> (low, high), = bounds([coalition().named(name) for name in ("France", "Estonia")], [1], ends)
    >>> 0.5 < low < 0.75 < high <= 1.0
    True
    """
    rhos = np.unique(np.linspace(*ends["rho"], _CORRELATIONS))
    low, high = ([distribution(probabilities(states, ends, end, backstop, ceasefire, response), float(rho))
                  for rho in rhos] for end in range(2))
    return [(float(min(of[k:].sum() for of in low)), float(min(1.0, max(of[k:].sum() for of in high))))
            for k in at_least]


def even_p(n: int, at_least: int, rho: float) -> float:
    """Return the probability of an answer, the same for all of n states, at which so many are as likely as not.

    Examples
    --------
    >>> round(even_p(1, 1, 0.0), 6), round(even_p(3, 2, 0.3), 6)
    (0.5, 0.5)
    """
    from scipy.special import bdtrc

    z, weights = _common_factor(rho) if rho > 0.0 else (np.zeros(1), np.ones(1))
    low, high = 0.0, 1.0
    for _ in range(_ITERATIONS):
        middle = (low + high) / 2.0
        so_many = weights @ bdtrc(at_least - 1, n, answers_given(np.array([middle]), rho, z)[:, 0])
        low, high = (middle, high) if so_many < _EVEN else (low, middle)
    return (low + high) / 2.0


def turns_in_rho(p: Floats, at_least: int) -> dict[str, Any]:
    """Return for which correlations so many answers are less likely than not: ``never``, ``always``, or from and to.

    Examples
    --------
    >>> turns_in_rho(np.array([0.9, 0.9, 0.9]), 2), turns_in_rho(np.array([0.2, 0.2, 0.2]), 2)
    ({'less_likely_than_not': 'never'}, {'less_likely_than_not': 'always'})
    >>> found = turns_in_rho(np.array([0.3] * 20), 3)
    >>> found["less_likely_than_not"], 0.4 < found["rho"][0] < 1.0
    ('from rho', True)
    """
    below = np.array([_tail(tuple(p), float(rho), at_least) < _EVEN for rho in _TURN_RHOS])
    if below.all() or not below.any():
        return {"less_likely_than_not": "always" if below.all() else "never"}
    turns = [_turn(p, at_least, float(_TURN_RHOS[k]), float(_TURN_RHOS[k + 1])) for k in np.flatnonzero(np.diff(below))]
    return {"less_likely_than_not": "up to rho" if below[0] else "from rho", "rho": turns}


def _turn(p: Floats, at_least: int, low: float, high: float) -> float:
    first = _tail(tuple(p), low, at_least) < _EVEN
    for _ in range(_ITERATIONS // 2):
        middle = (low + high) / 2.0
        low, high = (middle, high) if (_tail(tuple(p), middle, at_least) < _EVEN) == first else (low, middle)
    return (low + high) / 2.0


def _tail(p: tuple[float, ...], rho: float, at_least: int) -> float:
    return float(_counts(p, rho)[at_least:].sum())


@functools.lru_cache(maxsize=1024)
def _counts(p: tuple[float, ...], rho: float) -> Floats:
    return distribution(p, rho)


def commitments(ends: Ends, without: Sequence[str] = (), backstop: str = "none", ceasefire: bool = True,
                table: Coalition | None = None) -> dict[str, Any]:
    """Return who would answer with what, by what they are bound, where answers turn, and what is left of each promise.

    Parameters
    ----------
    ends
        The assumptions.
    without
        States that drop out, by name or code.
    backstop
        One of `BACKSTOPS`.
    ceasefire
        Whether the trigger comes after a ceasefire has entered into force.
    table
        Of the states; the shipped one if not given.

    Raises
    ------
    SkyShieldError
        If a state is unknown or named twice, or there is no such backstop.

    Examples
    --------
    >>> from skyshield.catalogue import load_catalogue
    >>> from skyshield.strategy.assumptions import assumptions
    >>> known = assumptions(load_catalogue(), "commitments")
    >>> found = commitments({name: (one.low, one.high) for name, one in known.items()}, without=["FRA", "GBR"])
    >>> found["without"], len(found["states"]), [row["stock"] for row in found["credibility"]]
    (['France', 'United Kingdom'], 33, ['mission', 'nato', 'eu'])
    """
    if backstop not in BACKSTOPS:
        raise SkyShieldError(f"--backstop {backstop!r}", "is no backstop", f"use {', '.join(BACKSTOPS)}")
    chosen: Backstop = BACKSTOPS[BACKSTOPS.index(backstop)]
    if not ends["rho"][1] < 1.0:
        raise SkyShieldError("rho", f"is {ends['rho'][1]:g}", "give a correlation below 1")
    all_states = coalition() if table is None else table
    states = all_states.without(without, "--without")
    low, high = (probabilities(states, ends, end, chosen, ceasefire) for end in range(2))
    at_least = [k for k in AT_LEAST if k <= len(states)]
    content = responses()
    graded = [_graded(name, states, at_least, ends, chosen, ceasefire) for name in content["graded"]]
    return {
        "equation": EQUATION,
        "backstop": chosen, "backstop_means": content["backstops"][chosen]["what"], "ceasefire": ceasefire,
        "without": [all_states.named(name).name for name in without],
        "states": [{"state": state.name, "iso": state.iso, "said": state.says["ground"].at(ceasefire),
                    "p_low": float(low[k]), "p_high": float(high[k]), "bound_by": _bound_by(state, ceasefire)}
                   for k, state in enumerate(states)],
        "at_least": next(row["at_least"] for row in graded if row["response"] == IN_KIND), "graded": graded,
        "dropouts": [{"without": state.name} | _row(_DROPOUTS_AT_LEAST, bounds(
            [one for one in states if one != state], [_DROPOUTS_AT_LEAST], ends, chosen, ceasefire)[0])
            for state in states if state.says["ground"].at(ceasefire) == "yes"],
        "thresholds": [_turns(k, low, high, ends) for k in _TURNS_AT_LEAST if k <= len(states)],
        "credibility": _credibility(ends),
        "responses": dict(content["responses"]),
        "triggers": [{"trigger": name} | {key: trigger[key] for key in ("what", "responses", "bound", "law", "note")}
                     | {"begins": content["laws"][trigger["law"]]["begins"],
                        "n_bound": sum(_is_bound(state, trigger["bound"]) for state in states)}
                     for name, trigger in content["triggers"].items()],
        "laws": {name: dict(law) for name, law in content["laws"].items()}}


def _row(k: int, pair: tuple[float, float]) -> dict[str, Any]:
    return {"at_least": k, "p_low": pair[0], "p_high": pair[1]}


def _graded(response: str, states: Sequence[State], at_least: Sequence[int], ends: Ends, backstop: Backstop,
            ceasefire: bool) -> dict[str, Any]:
    """Return of one response what states have said that bears on it, and how likely it is that so many give it."""
    graded = responses()["graded"][response]
    domain = graded["domain"]
    said = [state.says[domain].at(ceasefire) for state in states] if domain else []
    return {"response": response, "what": responses()["responses"][response],
            "by": f"what was said of {domain}" if domain else graded["assumption"],
            "said": {answer: said.count(answer) for answer in ANSWERS} if domain else {},
            "at_least": [_row(k, pair) for k, pair in zip(
                at_least, bounds(states, at_least, ends, backstop, ceasefire, response), strict=True)]}


def _turns(k: int, low: Floats, high: Floats, ends: Ends) -> dict[str, Any]:
    """Return at which p, the same for all, and at which rho k answers are as likely as not."""
    return {"at_least": k,
            "even_p": [{"rho": rho, "p": even_p(len(low), k, rho)} for rho in sorted({0.0, *ends["rho"]})],
            "rho_at_low_ends": turns_in_rho(low, k), "rho_at_high_ends": turns_in_rho(high, k)}


def _is_bound(state: State, group: str) -> bool:
    return {"members": True, "nato": state.nato, "eu": state.eu, "nobody": False}[group]


def _bound_by(state: State, ceasefire: bool) -> list[str]:
    """Return the laws by which a state is bound to anything: the coalition's only once there is a ceasefire."""
    return (["mission"] if ceasefire else []) + (["nato"] if state.nato else []) + (["eu"] if state.eu else [])


def _credibility(ends: Ends) -> list[dict[str, Any]]:
    """Return what one unanswered attack of full severity leaves of each stock, in shares of what it was."""
    rows = []
    for stock, spill in STOCKS.items():
        left = [credibility_after(1.0, ends["gamma"][end], 1.0, 1.0 if spill is None else ends[spill][end])
                for end in (1, 0)]
        rows.append({"stock": stock, "law": responses()["laws"][stock]["what"],
                     "left_low": left[0], "left_high": left[1]})
    return rows
