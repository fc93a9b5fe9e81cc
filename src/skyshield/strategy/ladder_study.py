r"""What a study says of the ladder: for each option an interval of the probability of at least one rung up.

Incidents are the study's, answers are what past events leave open, and how much those count is assumed; the equations
stand in `skyshield.strategy.ladder` and `skyshield.strategy.ladder_rates`. A second rung follows from a chain of months
over three states, as now, first rung, second rung, known within bounds: the first rung is reached with 1 - exp(-rungs a
month), left upwards with `further` and downwards with `back`.

That one option carries **less risk** than another is told only where their intervals lie apart; where they overlap it
is not testable here. No result is a share of an assumed volume: what is shared out by kind are rates.

Source: strategy specification, S8 and S9.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any, NamedTuple

import numpy as np

from skyshield.core.arrays import Floats
from skyshield.strategy.events import Events, load_events
from skyshield.strategy.ladder import Interval, expected_for, jeffreys_over, overlap, p_of, reach_bounds
from skyshield.strategy.ladder_rates import (
    CROSSING,
    STRIKE,
    Ends,
    Occasions,
    Rungs,
    answers,
    at_weight,
    crossing_answers,
    fixed,
    rungs,
)

EQUATION = ("P(at least one rung up in T) = 1 - exp(-sum_k N_k q_k), N_k incidents of kind k in T from the study, q_k "
            "Jeffreys' interval of events answered by force, counted with a weight")
SELECTION = ("None of the events is coalition fire over Ukraine. They were selected because they were reported and the "
             "sides are somewhat alike; with weight 0 nothing is left but the prior, 0 to 1.")
WEIGHTS = (0.0, 0.25, 0.5, 0.75, 1.0)
LESS, MORE, NOT_TESTABLE = "less", "more", "not testable here"
_FIRE = "fire"
_MONTHS_A_YEAR = 12
_GRID = 9
_EVEN = 1.0 / 2.0


class Played(NamedTuple):
    """What is needed of a study: its occasions, the assumptions' ends, and names."""

    occasions: Occasions
    events: Events
    ends: Ends

    def months(self) -> float:
        """Return the length of the period in months."""
        return self.occasions.years * _MONTHS_A_YEAR

    def others(self) -> list[str]:
        """Return every option but the baseline."""
        return [option for option in self.occasions.options if option != self.occasions.baseline]


def options_json(played: Played) -> dict[str, dict[str, Any]]:
    """Return option -> its intervals, by kind, by weight, its difference to the baseline, and what decides it."""
    found = rungs(played.occasions, played.events, played.ends)
    by_weight = {weight: rungs(played.occasions, played.events, at_weight(played.ends, weight)) for weight in WEIGHTS}
    moved = _moved(played)
    years = played.occasions.years
    result = {}
    for k, option in enumerate(played.occasions.options):
        p, expected, difference = found.within(k), found.expected(k), found.difference(k)
        result[option] = {
            "p_low": p[0], "p_high": p[1],
            "rungs_a_year_low": expected[0] / years, "rungs_a_year_high": expected[1] / years,
            "kinds": {kind: _kind_json(played, found, j, k) for j, kind in enumerate(played.occasions.kinds)},
            "by_weight": [{"weight": weight, "p_low": one.within(k)[0], "p_high": one.within(k)[1]}
                          for weight, one in by_weight.items()],
            "second_rung": _second(expected, played), "decides": _decides(moved, k, p)}
        if option != played.occasions.baseline:
            result[option]["difference"] = {
                "rungs_a_year_low": difference[0] / years, "rungs_a_year_high": difference[1] / years,
                "answer": less_risk(difference), "decides": _sign_decides(moved, k, difference)}
    return result


def less_risk(difference: Interval) -> str:
    """Return what an interval of a difference says of "less risk".

    Examples
    --------
    >>> less_risk((-2.0, -1.0)), less_risk((-1.0, 1.0)), less_risk((0.0, 1.0)), less_risk((0.5, 1.0))
    ('less', 'not testable here', 'not testable here', 'more')
    """
    return LESS if difference[1] < 0.0 else MORE if difference[0] > 0.0 else NOT_TESTABLE


def comparisons_json(options: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """Return of which pairs of options the intervals lie apart, and whether any do.

    Examples
    --------
    >>> two = {"a": {"p_low": 0.0, "p_high": 0.1}, "b": {"p_low": 0.2, "p_high": 0.3}}
    >>> comparisons_json(two)
    {'apart': [{'less': 'a', 'more': 'b'}], 'all_overlap': False, 'less_risk': 'told of 1 pair of options'}
    """
    ends = {option: (row["p_low"], row["p_high"]) for option, row in options.items()}
    apart = [{"less": one, "more": other} for one, low in ends.items() for other, high in ends.items()
             if not overlap(low, high) and low[1] < high[0]]
    said = f"told of {len(apart)} pair{'s' if len(apart) > 1 else ''} of options" if apart else NOT_TESTABLE
    return {"apart": apart, "all_overlap": not apart, "less_risk": said}


def _kind_json(played: Played, found: Rungs, kind: int, option: int) -> dict[str, Any]:
    counts, years = played.occasions.counts[:, kind, option], played.occasions.years
    low, high = found.of_kind(kind, option)
    total = found.expected(option)[1]
    return {"incidents_a_year": float(counts[1, 0]) / years, "incidents_a_year_low": float(counts.min()) / years,
            "incidents_a_year_high": float(counts.max()) / years, "rungs_a_year_low": low / years,
            "rungs_a_year_high": high / years, "share_of_high_end": min(1.0, high / total) if total > 0.0 else 0.0}


def _second(expected: Interval, played: Played) -> dict[str, float]:
    """Return the interval of the probability of a second rung within the period."""
    months = max(1, round(played.months()))
    up = tuple(p_of(each / months) for each in expected)
    further, back = played.ends["further"], played.ends["back"]
    stay = (max(0.0, 1.0 - back[1] - further[1]), max(0.0, 1.0 - back[0] - further[0]))
    lower = [[1.0 - up[1], up[0], 0.0], [back[0], stay[0], further[0]], [0.0, 0.0, 1.0]]
    upper = [[1.0 - up[0], up[1], 0.0], [back[1], stay[1], further[1]], [0.0, 0.0, 1.0]]
    low, high = reach_bounds(lower, upper, 0, 2, months)
    return {"p_low": low, "p_high": high}


def _moved(played: Played) -> dict[tuple[str, int], Rungs]:
    """Return (symbol, end) -> the rungs with that assumption alone at that end, of each that moves them."""
    chain = ("further", "back")
    return {(symbol, end): rungs(played.occasions, played.events, fixed(played.ends, symbol, end))
            for symbol, (low, high) in played.ends.items() if low < high and symbol not in chain for end in (0, 1)}


def _decides(moved: Mapping[tuple[str, int], Rungs], option: int, p: Interval) -> dict[str, Any] | None:
    """Return the assumption that narrows the interval most if it were known to stand at one of its ends."""
    rows = [{"symbol": symbol, "end": ("low", "high")[end], "p_low": of.within(option)[0],
             "p_high": of.within(option)[1]} for (symbol, end), of in moved.items()]
    width = p[1] - p[0]
    best = max(rows, key=lambda row: width - (row["p_high"] - row["p_low"]), default=None)
    return best if best is not None and best["p_high"] - best["p_low"] < width else None


def _sign_decides(moved: Mapping[tuple[str, int], Rungs], option: int, difference: Interval) -> dict[str, Any] | None:
    """Return the assumption that most narrows the difference to the baseline, and what the answer would then be."""
    rows = [(of.difference(option), symbol, end) for (symbol, end), of in moved.items()]
    width = difference[1] - difference[0]
    best = max(rows, key=lambda row: width - (row[0][1] - row[0][0]), default=None)
    if best is None or not best[0][1] - best[0][0] < width:
        return None
    return {"symbol": best[1], "end": ("low", "high")[best[2]], "answer": less_risk(best[0])}


def classes_json(events: Events, ends: Ends) -> dict[str, dict[str, Any]]:
    """Return class -> how many events, how many answered, and what they leave open, at the weights and at full weight.

    Examples
    --------
    >>> from skyshield.strategy.events import load_events
    >>> row = classes_json(load_events(), {"weight_fire": (0.0, 1.0)})["fire"]
    >>> row["answered"], row["events"], round(row["q_high_at_full_weight"], 2), row["q_high"]
    (0, 4, 0.44, 1.0)
    """
    result = {}
    for name, klass in events.classes.items():
        answered, there = events.counts(name)
        weights = ends.get(klass.weight, (0.0, 1.0))
        low, high = jeffreys_over(answered, there, weights)
        full = jeffreys_over(answered, there, (weights[1], weights[1]))
        result[name] = {"label": klass.label, "answered": answered, "events": there, "weight": klass.weight,
                        "weight_low": weights[0], "weight_high": weights[1], "q_low": low, "q_high": high,
                        "q_low_at_full_weight": full[0], "q_high_at_full_weight": full[1], "unlike": klass.unlike}
    return result


def thresholds_json(played: Played) -> list[dict[str, Any]]:
    """Return for each kind of incident of each option the q at which it alone makes a rung up as likely as not, and of
    options that shoot the q of a month of fire at which they bring as many rungs as the baseline.

    The second is an interval: from the end of all other assumptions that is worst for the option to the best. Below
    its low end the option carries less risk whatever the others are; above its high end more. An end of 0 or less says
    that no q is low enough.
    """
    rows: list[dict[str, Any]] = []
    q = answers(played.events, played.ends)
    crossing = crossing_answers(played.occasions, played.events, at_weight(played.ends, 1.0))
    for k, option in enumerate(played.occasions.options):
        for j, kind in enumerate(played.occasions.kinds):
            most = float(played.occasions.counts[:, j, k].max())
            if most > 0.0 and (even := expected_for(_EVEN) / most) < 1.0:
                rows.append({"option": option, "kind": kind, "what": "a rung up as likely as not by this kind alone",
                             "q": even})
        if option != played.occasions.baseline and (found := fire_balance(played, k, q, crossing)) is not None:
            rows.append({"option": option, "kind": _FIRE, "what": "as many rungs up as the baseline",
                         "q_low": found[0], "q_high": found[1]})
    return rows


def fire_balance(played: Played, option: int, q: Mapping[str, Interval], crossing: tuple[Floats, Floats]
                 ) -> Interval | None:
    """Return the q of a month of fire at which an option brings as many rungs as the baseline; None without fire.

    Examples
    --------
    >>> row = [[[[10.0]], [[4.0]]]] * 3  # one option, one arm: ten months of fire fewer crossings by 4
    >>> import numpy as np
    >>> minus = np.array([[[[10.0]], [[-4.0]]]] * 3)
    >>> occasions = Occasions(("fire", "crossing"), ("shield",), "shield", np.abs(minus), minus, 1.0)
    >>> fire_balance(Played(occasions, load_events(), {}), 0, {}, (np.full((3, 1), 0.1), np.full((3, 1), 0.2)))
    (0.04, 0.08)
    """
    kinds, minus = played.occasions.kinds, played.occasions.minus[1, :, option]
    months = minus[kinds.index(_FIRE)]
    if not (months > 0.0).any():
        return None
    least, most = np.zeros(len(months)), np.zeros(len(months))
    for k, name in enumerate(kinds):
        if name == _FIRE:
            continue
        klass = played.events.kinds[name].klass
        ends = [each[1] for each in crossing] if klass == CROSSING else [np.full(len(months), end) for end in q[klass]]
        both = np.stack([-minus[k] * end for end in ends])
        least, most = least + both.min(0), most + both.max(0)
    shooting = months > 0.0
    return float((least[shooting] / months[shooting]).min()), float((most[shooting] / months[shooting]).max())


def surfaces_json(played: Played) -> dict[str, Any]:
    """Return the difference in P(at least one rung up) to the baseline over q of fire and q of crossings, for q of
    strikes at its low, middle and high, all else at the middle, by option; the study's headline.

    Returns
    -------
    dict
        ``x`` and ``y`` {symbol, values}, ``parameter`` {symbol, values}, ``options`` option -> values[parameter][y][x].
    """
    q, kinds = answers(played.events, played.ends), played.occasions.kinds
    low, high = (each[1, 0] for each in crossing_answers(played.occasions, played.events, at_weight(played.ends, 1.0)))
    x = np.linspace(0.0, q["fire"][1], _GRID)
    y = np.linspace(float(low), float(high), _GRID)
    parameter = np.linspace(*q[STRIKE], 3)
    result: dict[str, Any] = {}
    own = played.occasions.options.index(played.occasions.baseline)
    for option in played.others():
        p = [_p_over(played, k, q, x, y, parameter) for k in (played.occasions.options.index(option), own)]
        result[option] = (p[0] - p[1]).tolist()
    of = {"x": ("q_fire", x), "y": ("q_crossing", y), "parameter": ("q_strike", parameter)}
    fixed_at = {name: float(np.mean(ends)) for name, ends in q.items() if name not in ("fire", CROSSING, STRIKE)}
    return {"what": "P(at least one rung up) minus the baseline's, over the period, in the headline arm",
            **{axis: {"symbol": symbol, "values": values.tolist()} for axis, (symbol, values) in of.items()},
            "others": {f"q_{name}": value for name, value in fixed_at.items()}, "options": result,
            "kinds": list(kinds)}


def _p_over(played: Played, option: int, q: Mapping[str, Interval], x: Floats, y: Floats, parameter: Floats) -> Floats:
    """Return f8[parameter, y, x]: the probability of at least one rung up."""
    total = np.zeros((len(parameter), len(y), len(x)))
    axes = {_FIRE: x[None, None, :], CROSSING: y[None, :, None], STRIKE: parameter[:, None, None]}
    for k, name in enumerate(played.occasions.kinds):
        klass = played.events.kinds[name].klass
        value = axes[klass] if klass in axes else np.full((1, 1, 1), np.mean(q[klass]))
        total = total + played.occasions.counts[1, k, option, 0] * value
    return np.asarray(-np.expm1(-total))


def statements_json(events: Events) -> list[dict[str, Any]]:
    """Return what was said and what it speaks against."""
    return [{name: value for name, value in asdict(one).items() if name != "source"}
            | {"source": [events.sources[key] for key in one.source]} for one in events.statements]


def events_json(events: Events) -> list[dict[str, Any]]:
    """Return the events by date, with their sources in full."""
    rows: Sequence[Any] = sorted(events.events, key=lambda event: event.date)
    return [{"class": one.klass} | {name: value for name, value in asdict(one).items()
                                    if name not in ("source", "klass", "why") or (name == "why" and value)}
            | {"source": [events.sources[key] for key in one.source]} for one in rows]
