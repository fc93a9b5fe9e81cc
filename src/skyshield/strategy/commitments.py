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

Nothing measures p_i, rho, gamma or sigma. All are intervals of the catalogue, p_i by what the state has said of sending
soldiers, and every result is a pair of ends: p_i and the backstop at the same end for all, rho wherever the result is
lowest or highest. Source: strategy specification, S5; the table of triggers has the texts.
"""

import functools
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, Literal, get_args

import numpy as np

from skyshield.catalogue import Catalogue
from skyshield.core.arrays import Floats
from skyshield.core.errors import SkyShieldError
from skyshield.core.files import read_yaml
from skyshield.forces.coalition import Coalition, State, coalition

TABLE = Path(__file__).parent / "data" / "responses.yaml"
Backstop = Literal["none", "intelligence_and_logistics", "fires"]
BACKSTOPS: tuple[Backstop, ...] = get_args(Backstop)
AT_LEAST = (1, 2, 3, 5, 10, 15, 20, 26)  # 26 is what President Macron counted in September 2025
_DROPOUTS_AT_LEAST = 3
_REACH, _STEP = 8.5, 0.02  # of the common factor, in standard deviations
_CORRELATIONS = 15


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
    return float(min(1.0, _distribution(chances, rho)[k:].sum()))


def _distribution(p: Floats, rho: float) -> Floats:
    """Return f8[count]: the probability of each number of answers."""
    if rho == 0.0:
        return number_of_answers(p)
    z = np.arange(-_REACH, _REACH + _STEP / 2.0, _STEP)
    density = np.exp(-z * z / 2.0)
    return np.asarray(density @ number_of_answers(answers_given(p, rho, z)) / density.sum())


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


def probabilities(states: Iterable[State], catalogue: Catalogue, end: str, backstop: Backstop = "none",
                  ceasefire: bool = True) -> Floats:
    """Return f8[state]: the probability that each answers, at the low or the high end, with the backstop at the same.

    Examples
    --------
    >>> from skyshield.catalogue import load_catalogue
    >>> one = [coalition().named("France")]
    >>> [float(probabilities(one, load_catalogue(), end)[0]) for end in ("low", "high")]
    [0.5, 0.95]
    """
    from scipy.special import ndtr, ndtri

    said = [state.says["ground"].at(ceasefire) for state in states]
    alone = np.array([_end(catalogue, f"answer_probability_{answer}", end) for answer in said])
    gain_key = responses()["backstops"][backstop]["gain"]
    gain = _end(catalogue, gain_key, end) if gain_key else 0.0
    return np.asarray(ndtr(ndtri(alone) + gain)) if gain else alone


def _end(catalogue: Catalogue, key: str, end: str) -> float:
    low, _, high = catalogue[key].si()
    return {"low": low, "high": high}[end]


def bounds(states: Sequence[State], at_least: Sequence[int], catalogue: Catalogue, backstop: Backstop = "none",
           ceasefire: bool = True) -> list[tuple[float, float]]:
    """Return the lowest and the highest probability that at least so many of the states answer, for each number.

    Examples
    --------
    >>> from skyshield.catalogue import load_catalogue
    >>> (low, high), = bounds(coalition().members, [3], load_catalogue())
    >>> 0.0 < low < 0.9 < high <= 1.0
    True
    """
    least, most = (_end(catalogue, "answer_correlation", end) for end in ("low", "high"))
    rhos = np.linspace(least, most, _CORRELATIONS)
    low, high = ([_distribution(probabilities(states, catalogue, end, backstop, ceasefire), float(rho))
                  for rho in rhos] for end in ("low", "high"))
    return [(float(min(of[k:].sum() for of in low)), float(min(1.0, max(of[k:].sum() for of in high))))
            for k in at_least]


def commitments(catalogue: Catalogue, without: Sequence[str] = (), backstop: str = "none", ceasefire: bool = True,
                table: Coalition | None = None) -> dict[str, Any]:
    """Return who would answer, by what they are bound, and what is left of each promise, as plain data.

    Parameters
    ----------
    catalogue
        The intervals.
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
    >>> found = commitments(load_catalogue(), without=["FRA", "GBR"])
    >>> found["without"], len(found["states"]), [row["stock"] for row in found["credibility"]]
    (['France', 'United Kingdom'], 33, ['mission', 'nato', 'eu'])
    """
    if backstop not in BACKSTOPS:
        raise SkyShieldError(f"--backstop {backstop!r}", "is no backstop", f"use {', '.join(BACKSTOPS)}")
    chosen: Backstop = BACKSTOPS[BACKSTOPS.index(backstop)]
    all_states = coalition() if table is None else table
    states = all_states.without(without, "--without")
    low, high = (probabilities(states, catalogue, end, chosen, ceasefire) for end in ("low", "high"))
    at_least = [k for k in AT_LEAST if k <= len(states)]
    content = responses()
    return {
        "backstop": chosen, "backstop_means": content["backstops"][chosen]["what"], "ceasefire": ceasefire,
        "without": [all_states.named(name).name for name in without],
        "states": [{"state": state.name, "iso": state.iso, "said": state.says["ground"].at(ceasefire),
                    "p_low": float(low[k]), "p_high": float(high[k]), "bound_by": _bound_by(state, ceasefire)}
                   for k, state in enumerate(states)],
        "at_least": [_row(k, ends) for k, ends in zip(at_least, bounds(states, at_least, catalogue, chosen, ceasefire),
                                                      strict=True)],
        "dropouts": [{"without": state.name} | _row(_DROPOUTS_AT_LEAST, bounds(
            [one for one in states if one != state], [_DROPOUTS_AT_LEAST], catalogue, chosen, ceasefire)[0])
            for state in states if state.says["ground"].at(ceasefire) == "yes"],
        "credibility": _credibility(catalogue),
        "responses": dict(content["responses"]),
        "triggers": [{"trigger": name} | {key: trigger[key] for key in ("what", "responses", "bound", "law", "note")}
                     | {"begins": content["laws"][trigger["law"]]["begins"],
                        "n_bound": sum(_is_bound(state, trigger["bound"]) for state in states)}
                     for name, trigger in content["triggers"].items()],
        "laws": {name: dict(law) for name, law in content["laws"].items()}}


def _row(k: int, ends: tuple[float, float]) -> dict[str, Any]:
    return {"at_least": k, "p_low": ends[0], "p_high": ends[1]}


def _is_bound(state: State, group: str) -> bool:
    return {"members": True, "nato": state.nato, "eu": state.eu, "nobody": False}[group]


def _bound_by(state: State, ceasefire: bool) -> list[str]:
    """Return the laws by which a state is bound to anything: the coalition's only once there is a ceasefire."""
    return (["mission"] if ceasefire else []) + (["nato"] if state.nato else []) + (["eu"] if state.eu else [])


def _credibility(catalogue: Catalogue) -> list[dict[str, Any]]:
    """Return what one unanswered attack of full severity leaves of each stock, in shares of what it was."""
    rows = []
    for stock, spill_key in (("mission", None), ("nato", "credibility_spill_nato"), ("eu", "credibility_spill_eu")):
        left = [credibility_after(1.0, _end(catalogue, "credibility_loss", end), 1.0,
                                  1.0 if spill_key is None else _end(catalogue, spill_key, end))
                for end in ("high", "low")]
        rows.append({"stock": stock, "law": responses()["laws"][stock]["what"],
                     "left_low": left[0], "left_high": left[1]})
    return rows
