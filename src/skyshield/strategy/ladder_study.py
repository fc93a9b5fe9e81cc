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
from skyshield.strategy.assumptions import Assumption, Assumptions, Elicited, as_elicited
from skyshield.strategy.events import Events, load_events
from skyshield.strategy.figures import StudyFigures
from skyshield.strategy.ladder import Interval, expected_for, jeffreys_over, overlap, p_of, reach_bounds
from skyshield.strategy.ladder_rates import (
    STRIKE,
    Ends,
    Occasions,
    Rungs,
    answers,
    at_weight,
    fixed,
    occasions_of,
    rungs,
    rungs_so_far,
)

EQUATION = ("P(at least one rung up in T) = 1 - exp(-sum_k N_k q_k), with N_k incidents of kind k in T from the study "
            "and q_k Jeffreys' interval of like events answered by force; what goes on already is held against the "
            "years of raids in which none of it was")
SELECTION = ("None of the events is coalition fire over Ukraine. They were selected because they were reported and the "
             "sides are somewhat alike; with weight 0 nothing is left but the prior, 0 to 1.")
WEIGHTS = (0.0, 0.25, 0.5, 0.75, 1.0)
LESS, NO_MORE, MORE, NOT_TESTABLE = "less", "no more", "more", "not testable here"
FIRE = "fire"
_MONTHS_A_YEAR = 12
_GRID = 9
_EVEN = 1.0 / 2.0
_CHAIN = ("further", "back")  # of the second rung alone


class Played(NamedTuple):
    """A study's occasions, the events, and the ends of the assumptions."""

    occasions: Occasions
    events: Events
    ends: Ends

    def rungs(self, ends: Ends | None = None) -> Rungs:
        """Return the rungs with these assumptions or others."""
        return rungs(self.occasions, self.events, self.ends if ends is None else ends)


def ladder(figures: StudyFigures, known: Assumptions, people: Sequence[tuple[Elicited, str]] = ()) -> dict[str, Any]:
    """Return what a study says of the ladder, as plain data.

    Parameters
    ----------
    figures
        The study.
    known
        The assumptions.
    people
        What others hold, and where each is from; they stand side by side.

    Raises
    ------
    SkyShieldError
        If the study did not tell incidents by arm, or a person holds what cannot be.

    Examples
    --------
    >>> from skyshield.catalogue import load_catalogue
    >>> from skyshield.strategy.assumptions import assumptions
    >>> from skyshield.strategy.figures import open_figures
    >>> found = ladder(open_figures(), assumptions(load_catalogue(), "ladder"))
    >>> found["options"]["own"]["p_low"], found["comparisons"]["less_risk"]
    (0.0, 'not testable here')
    """
    events = load_events()
    played = Played(occasions_of(figures, events), events, _ends(known))
    options = options_json(played)
    for name, option in figures.options.items():
        options[name] = {"label": option.label, **options[name]}
    content = {
        "study_key": figures.study_key, "days": figures.days, "baseline": figures.baseline, "marks": figures.marks,
        "equation": EQUATION, "selection": SELECTION, "options": options, "comparisons": comparisons_json(options),
        "thresholds": thresholds_json(played), "classes": classes_json(events, played.ends),
        "kinds": {name: {"label": kind.label, "class": kind.klass, "who_answers": kind.who,
                         "columns": list(kind.columns)} for name, kind in events.kinds.items()},
        "left_out": dict(events.left_out), "basis": _basis(played, known, figures), "events": events_json(events),
        "statements": statements_json(events), "surfaces": surfaces_json(played)}
    return content | (people_json(played, known, people, options) if people else {})


def options_json(played: Played) -> dict[str, dict[str, Any]]:
    """Return option -> its intervals, by kind, by weight, its difference to the baseline, and what decides it."""
    found, years = played.rungs(), played.occasions.years
    by_weight = {weight: played.rungs(at_weight(played.ends, weight)) for weight in WEIGHTS}
    moved = _moved(played)
    result = {}
    for k, option in enumerate(played.occasions.options):
        p, expected = found.within(k), found.expected(k)
        result[option] = {
            "p_low": p[0], "p_high": p[1], "rungs_a_year_low": expected[0] / years,
            "rungs_a_year_high": expected[1] / years,
            "kinds": {kind: _kind_json(played, found, j, k) for j, kind in enumerate(played.occasions.kinds)},
            "by_weight": [{"weight": weight, "p_low": one.within(k)[0], "p_high": one.within(k)[1]}
                          for weight, one in by_weight.items()],
            "second_rung": second_rung(expected, played), "decides": _decides(moved, k, expected)}
        if option != played.occasions.baseline:
            low, high = found.difference(k)
            result[option]["difference"] = {
                "rungs_a_year_low": low / years, "rungs_a_year_high": high / years, "answer": less_risk((low, high)),
                "decides": _sign_decides(moved, k, (low, high))}
    return result


def less_risk(difference: Interval) -> str:
    """Return what an interval of a difference to the baseline says of "less risk": ``no more`` may be the same.

    Examples
    --------
    >>> less_risk((-2.0, -1.0)), less_risk((-1.0, 0.0)), less_risk((-1.0, 1.0)), less_risk((0.5, 1.0))
    ('less', 'no more', 'not testable here', 'more')
    """
    low, high = difference
    return LESS if high < 0.0 else MORE if low > 0.0 else NO_MORE if high == 0.0 else NOT_TESTABLE


def comparisons_json(options: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """Return of which pairs of options the intervals lie apart, and whether "less risk" can be told of any.

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


def second_rung(expected: Interval, played: Played) -> dict[str, float]:
    """Return the interval of the probability of a second rung within the period, from rungs expected over it."""
    months = max(1, round(played.occasions.years * _MONTHS_A_YEAR))
    up = [p_of(each / months) for each in expected]
    further, back = played.ends["further"], played.ends["back"]
    stay = (max(0.0, 1.0 - back[1] - further[1]), max(0.0, 1.0 - back[0] - further[0]))
    lower = [[1.0 - up[1], up[0], 0.0], [back[0], stay[0], further[0]], [0.0, 0.0, 1.0]]
    upper = [[1.0 - up[0], up[1], 0.0], [back[1], stay[1], further[1]], [0.0, 0.0, 1.0]]
    low, high = reach_bounds(lower, upper, 0, 2, months)
    return {"p_low": low, "p_high": high}


def _moved(played: Played) -> dict[tuple[str, int], Rungs]:
    """Return (symbol, end) -> the rungs with that assumption alone at that end, of each that may move them."""
    return {(symbol, end): played.rungs(fixed(played.ends, symbol, end))
            for symbol, (low, high) in played.ends.items() if low < high and symbol not in _CHAIN for end in (0, 1)}


def _decides(moved: Mapping[tuple[str, int], Rungs], option: int, expected: Interval) -> dict[str, Any] | None:
    """Return the assumption that narrows the expected rungs most if it were known to stand at one of its ends."""
    best = _narrowest({key: of.expected(option) for key, of in moved.items()}, expected)
    if best is None:
        return None
    (symbol, end), (low, high) = best
    return {"symbol": symbol, "end": ("low", "high")[end], "p_low": p_of(low), "p_high": p_of(high)}


def _sign_decides(moved: Mapping[tuple[str, int], Rungs], option: int, difference: Interval) -> dict[str, Any] | None:
    """Return the assumption that narrows the difference to the baseline most, and what the answer would then be."""
    best = _narrowest({key: of.difference(option) for key, of in moved.items()}, difference)
    if best is None:
        return None
    (symbol, end), found = best
    return {"symbol": symbol, "end": ("low", "high")[end], "answer": less_risk(found)}


def _narrowest(found: Mapping[tuple[str, int], Interval], than: Interval) -> tuple[tuple[str, int], Interval] | None:
    best = min(found.items(), key=lambda item: item[1][1] - item[1][0], default=None)
    return best if best is not None and best[1][1] - best[1][0] < than[1] - than[0] else None


def classes_json(events: Events, ends: Ends) -> dict[str, dict[str, Any]]:
    """Return class -> how many events, how many answered, and what they leave open, at the weights and at full weight.

    Examples
    --------
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
                        "q_low_at_full_weight": full[0], "q_high_at_full_weight": full[1],
                        "goes_on_already": klass.goes_on, "unlike": klass.unlike}
    return result


def thresholds_json(played: Played) -> list[dict[str, Any]]:
    """Return where answers turn.

    Of every option and kind of incident, the q at which that kind alone makes a rung up as likely as not, with the most
    incidents of any arm. Of options that shoot for a month or more, between which q of a month of fire they bring as
    many rungs as the baseline, over all other assumptions: below the low end they carry less risk whatever the others
    are, above the high end more; an end of 0 or less says that no q is low enough.
    """
    rows: list[dict[str, Any]] = []
    for k, option in enumerate(played.occasions.options):
        for j, kind in enumerate(played.occasions.kinds):
            most = float(played.occasions.counts[:, j, k].max())
            if most > 0.0 and (even := expected_for(_EVEN) / most) < 1.0:
                rows.append({"option": option, "kind": kind, "what": "a rung up as likely as not by this kind alone",
                             "q": even})
        if option != played.occasions.baseline and (found := fire_balance(played, k)) is not None:
            rows.append({"option": option, "kind": FIRE, "what": "as many rungs up as the baseline",
                         "q_low": found[0], "q_high": found[1]})
    return rows


def fire_balance(played: Played, option: int) -> Interval | None:
    """Return between which q of a month of fire an option equals the baseline in rungs; None below one month."""
    months = played.occasions.counts[1, played.occasions.kinds.index(FIRE), option]
    if not (months >= 1.0).all():
        return None
    found = played.rungs({**played.ends, f"q_{FIRE}": (0.0, 0.0)})
    return (float((-found.minus_high[option] / months).min()), float((-found.minus_low[option] / months).max()))


def surfaces_json(played: Played) -> dict[str, Any]:
    """Return how much likelier at least one rung up is than with the baseline, over two assumptions, with a third.

    Over q of a month of fire and the rungs a year that the baseline has by crossings of member states, for q of a
    strike at its low end, middle and high end; other kinds that only an option brings in the middle. In the headline
    arm, at its middle.

    Returns
    -------
    dict
        ``x``, ``y``, ``parameter`` {symbol, label, values}; ``others`` symbol -> value; ``options`` option ->
        values[parameter][y][x].
    """
    q, years = answers(played.events, at_weight(played.ends, 1.0)), played.occasions.years
    most = rungs_so_far(at_weight(played.ends, 1.0))
    axes = {"x": ("q_fire", "answered months of fire", np.linspace(*q[FIRE], _GRID)),
            "y": ("rungs_so_far", "the baseline's rungs a year by crossings", np.linspace(0.0, most, _GRID)),
            "parameter": ("q_strike", "answered strikes on people", np.linspace(*q[STRIKE], 3))}
    others = {name: float(np.mean(q[name])) for name in q
              if name not in (FIRE, STRIKE) and not played.events.classes[name].goes_on}
    own = played.occasions.own
    p = [_p_over(played, k, [axis[2] for axis in axes.values()], others, years)
         for k in range(len(played.occasions.options))]
    return {"what": "P(at least one rung up) minus the baseline's, over the period",
            **{axis: {"symbol": symbol, "label": label, "values": values.tolist()}
               for axis, (symbol, label, values) in axes.items()},
            "others": {f"q_{name}": value for name, value in others.items()},
            "options": {option: (p[k] - p[own]).tolist() for k, option in enumerate(played.occasions.options)
                        if k != own}}


def _p_over(played: Played, option: int, axes: Sequence[Floats], others: Mapping[str, float], years: float) -> Floats:
    """Return f8[parameter, y, x]: the probability of at least one rung up."""
    x, y, parameter = axes
    counts = played.occasions.counts[1, :, :, 0]
    crossing = played.occasions.kinds.index("crossing")
    own = counts[crossing, played.occasions.own]
    ratio = counts[crossing, option] / own if own > 0.0 else 1.0
    total = np.zeros((len(parameter), len(y), len(x))) + ratio * years * y[None, :, None]
    grids: dict[str, Any] = {FIRE: x[None, None, :], STRIKE: parameter[:, None, None], **others}
    for k, name in enumerate(played.occasions.kinds):
        klass = played.events.kinds[name].klass
        if klass in grids:
            total = total + counts[k, option] * grids[klass]
    return np.asarray(-np.expm1(-total))


def people_json(played: Played, known: Assumptions, people: Sequence[tuple[Elicited, str]],
                options: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """Return what each person's intervals say, where people differ, and whether it matters to an answer."""
    rows: list[dict[str, Any]] = []
    held: dict[str, dict[str, Interval]] = {}
    for person, where in people:
        theirs = as_elicited(known, "ladder", person, where)
        found = played._replace(ends=_ends(theirs)).rungs()
        told = {option: {"p_low": found.within(k)[0], "p_high": found.within(k)[1],
                         "answer": less_risk(found.difference(k)) if option != played.occasions.baseline else ""}
                for k, option in enumerate(options)}
        rows.append({"person": person.person, "options": told, "comparisons": comparisons_json(told)})
        for symbol in person.intervals.get("ladder", {}):
            held.setdefault(symbol, {})[person.person] = (theirs[symbol].low, theirs[symbol].high)
    differ = [{"symbol": symbol, "intervals": {who: list(ends) for who, ends in of.items()},
               "apart": any(not overlap(a, b) for a in of.values() for b in of.values())}
              for symbol, of in held.items() if len(set(of.values())) > 1 or len(of) < len(people)]
    changed = sorted({option for option in options
                      if len({row["options"][option]["answer"] for row in rows}) > 1})
    pairs = len({repr(row["comparisons"]["apart"]) for row in rows}) > 1
    return {"people": rows, "differ": differ, "matters": {"options": changed, "comparisons": pairs}}


def _ends(known: Assumptions) -> dict[str, Interval]:
    return {symbol: (one.low, one.high) for symbol, one in known.items()}


def _basis(played: Played, known: Assumptions, figures: StudyFigures) -> list[dict[str, Any]]:
    """Return what the answer rests on: incidents of the study, events, and the assumptions."""
    counts, years = played.occasions.counts, played.occasions.years
    rows = [Assumption(f"N_{name}", f"A year's {kind.label}, over options and arms", "1/year",
                       float(counts[:, k].min()) / years, float(counts[:, k].max()) / years, "data",
                       (f"study {figures.study_key[:12]}",), "")
            for k, (name, kind) in enumerate(played.events.kinds.items())]
    for name, row in classes_json(played.events, played.ends).items():
        sources = sorted({key for event in played.events.events if event.klass == name for key in event.source})
        rows.append(Assumption(f"events_{name}", f"{row['label']}: answered by force, {row['answered']} of "
                               f"{row['events']}, at full weight", "1", row["q_low_at_full_weight"],
                               row["q_high_at_full_weight"], "data", tuple(sources), row["unlike"]))
    return [one.plain() for one in (*rows, *known.values())]


def statements_json(events: Events) -> list[dict[str, Any]]:
    """Return what was said and what it speaks against."""
    return [asdict(one) | {"source": [events.sources[key] for key in one.source]} for one in events.statements]


def events_json(events: Events) -> list[dict[str, Any]]:
    """Return the events by date, with their sources in full."""
    rows = []
    for one in sorted(events.events, key=lambda event: event.date):
        fields = asdict(one)
        rows.append({"class": fields.pop("klass"), **fields, "source": [events.sources[key] for key in one.source]})
    return rows
