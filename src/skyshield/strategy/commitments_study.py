r"""What a study's attacks leave of three promises: the mission's, the Alliance's and the Union's.

With N attacks expected over the period, each unanswered with probability u and of severity v, the number of unanswered
ones is Poisson, and what is to be expected of a stock that each shrinks by the factor 1 - s gamma v is

    E[C] / C_0 = exp(-N u s gamma v),    v = 1 - exp(-c / c0),

c casualties of an attack on average, in the study. Attacks in and off Ukraine strike the mission's stock with s = 1 and
the others with what spills over; attacks on a base in a member state strike all three with s = 1, because it stands
under their laws. Unanswered means that fewer than three states answer in kind: u is 1 - P(at least three), so the
correlation of answers and who drops out count here too.

Source: strategy specification, S5.
"""

import math
from collections.abc import Mapping, Sequence
from typing import Any

from skyshield.strategy.assumptions import Assumption, Assumptions, Elicited, as_elicited
from skyshield.strategy.commitments import STOCKS, Ends, commitments, responses
from skyshield.strategy.figures import StudyFigures
from skyshield.strategy.ladder import overlap

Interval = tuple[float, float]
ANSWERED_BY = 3  # states, as where one drops out
IN_UKRAINE = ("incidents/people_struck_in_ukraine", "incidents/soldiers_struck_in_ukraine", "incidents/ship_struck")
AT_BASES = ("incidents/base_struck_in_member_state",)
_HURT = {"in_ukraine": ("crews_in_ukraine", "soldiers_in_ukraine", "sailors_at_sea"),
         "at_bases": ("bases_in_member_states",)}
EQUATION = ("credibility left = exp(-N u s gamma v): N attacks from the study, u = 1 - P(at least three answer in "
            "kind), s = 1 or what spills over, v = 1 - exp(-c / c0), c casualties of an attack in the study")
LIKELY, UNLIKELY, UNDECIDED = "likelier than not", "less likely than not", "undecided"
_EVEN = 1.0 / 2.0
_Z = 1.96


def left(attacks: float, unanswered: float, gamma: float, severity: float, spill: float = 1.0) -> float:
    """Return the share of a stock to be expected after a Poisson number of attacks.

    Examples
    --------
    >>> round(left(2.0, 0.5, 0.4, 0.5), 4), left(2.0, 0.5, 0.4, 0.5, spill=0.0)
    (0.8187, 1.0)
    """
    return math.exp(-attacks * unanswered * spill * gamma * severity)


def severity(casualties: float, c0: float) -> float:
    """Return the severity of an attack with so many casualties.

    Examples
    --------
    >>> round(severity(5.0, 5.0), 3), severity(0.0, 5.0)
    (0.632, 0.0)
    """
    return -math.expm1(-casualties / c0) if c0 > 0.0 else float(casualties > 0.0)


def of_study(figures: StudyFigures, known: Assumptions, people: Sequence[tuple[Elicited, str]] = (),
             without: Sequence[str] = (), backstop: str = "none", ceasefire: bool = True) -> dict[str, Any]:
    """Return what `commitments` says, and what a study's attacks leave of each promise by option, as plain data.

    Parameters
    ----------
    figures
        The study.
    known
        The assumptions.
    people
        What others hold, and where each is from; they stand side by side.
    without, backstop, ceasefire
        As in `skyshield.strategy.commitments.commitments`.

    Raises
    ------
    SkyShieldError
        If a state, the backstop, the study or what a person holds cannot be.

    Examples
    --------
    >>> from skyshield.catalogue import load_catalogue
    >>> from skyshield.strategy.assumptions import assumptions
    >>> from skyshield.strategy.figures import open_figures
    >>> found = of_study(open_figures(), assumptions(load_catalogue(), "commitments"))
    >>> found["options"]["own"]["stocks"]["nato"]["left_low"], found["at_least_three"]
    (1.0, 'undecided')
    """
    ends = _ends(known)
    found = commitments(ends, without, backstop, ceasefire)
    unanswered = unanswered_share(found)
    content = {**found, "equation": f"{found['equation']}; {EQUATION}", "study_key": figures.study_key,
               "days": figures.days, "marks": figures.marks, "at_least_three": answer_of(found),
               "unanswered_low": unanswered[0], "unanswered_high": unanswered[1],
               "options": options_json(figures, ends, unanswered), "halved_by": halved_by(ends),
               "basis": _basis(figures, known)}
    if not people:
        return content
    rows = []
    for person, where in people:
        theirs = _ends(as_elicited(known, "commitments", person, where))
        one = commitments(theirs, without, backstop, ceasefire)
        rows.append({"person": person.person, "at_least": one["at_least"], "at_least_three": answer_of(one),
                     "options": options_json(figures, theirs, unanswered_share(one))})
    return content | {"people": rows, "differ": _differ(people),
                      "matters": len({row["at_least_three"] for row in rows}) > 1}


def unanswered_share(found: Mapping[str, Any]) -> Interval:
    """Return the least and the greatest probability that fewer than three states answer in kind."""
    row = next((row for row in found["at_least"] if row["at_least"] == ANSWERED_BY), {"p_low": 0.0, "p_high": 0.0})
    return 1.0 - row["p_high"], 1.0 - row["p_low"]


def answer_of(found: Mapping[str, Any]) -> str:
    """Return whether at least three answers in kind are likelier than not, whatever the assumptions."""
    low, high = unanswered_share(found)
    return LIKELY if high < _EVEN else UNLIKELY if low > _EVEN else UNDECIDED


def options_json(figures: StudyFigures, ends: Ends, unanswered: Interval) -> dict[str, dict[str, Any]]:
    """Return option -> attacks and their severity by place, and what they leave of each stock, with its law."""
    laws, result = responses()["laws"], {}
    for option in figures.options:
        places = {place: _place(figures, option, columns, _HURT[place], ends)
                  for place, columns in (("in_ukraine", IN_UKRAINE), ("at_bases", AT_BASES))}
        stocks = {}
        for stock, spill in STOCKS.items():
            told = []
            for end in (1, 0):  # the most attacks leave the least
                spills = {"in_ukraine": 1.0 if spill is None else ends[spill][end], "at_bases": 1.0}
                told.append(math.prod(left(place["attacks"][end], unanswered[end], ends["gamma"][end],
                                           place["severity"][end], spills[name]) for name, place in places.items()))
            stocks[stock] = {"law": laws[stock]["what"], "left_low": told[0], "left_high": told[1]}
        result[option] = {"label": figures.options[option].label, "stocks": stocks,
                          **{name: {f"{what}_{end}": place[what][k] for what in place for k, end in
                                    enumerate(("low", "high"))} for name, place in places.items()}}
    return result


def _place(figures: StudyFigures, option: str, columns: Sequence[str], roles: Sequence[str], ends: Ends
           ) -> dict[str, Interval]:
    """Return attacks over the period and arms, and the severity of one, 0 to 1 where the study saw no casualty."""
    low = high = 0.0
    for column in columns:
        rows = [row for row in figures.by_arm(column, option) if row is not None]
        low += max(0.0, min(row.mean if row.lo is None else min(row.lo, row.mean) for row in rows))
        high += max(row.mean if row.hi is None else max(row.hi, row.mean) for row in rows)
    strikes = sum(figures.mean(option, column).mean for column in columns)
    hurt = [figures.mean(option, f"casualties_by_role/{role}") for role in roles]
    total, error = sum(one.mean for one in hurt), _Z * sum(one.mcse or 0.0 for one in hurt)
    if not (strikes > 0.0 and total > 0.0):
        return {"attacks": (low, high), "severity": (0.0, 1.0) if high > 0.0 else (0.0, 0.0)}
    each = (max(0.0, total - error) / strikes, (total + error) / strikes)
    return {"attacks": (low, high), "severity": (severity(each[0], ends["c0"][1]), severity(each[1], ends["c0"][0]))}


def halved_by(ends: Ends) -> dict[str, Any]:
    """Return how many unanswered attacks of full severity, one after another, halve the mission's credibility.

    Examples
    --------
    >>> halved_by({"gamma": (0.5, 0.5)})["attacks_low"], halved_by({"gamma": (0.0, 1.0)})
    (1.0, {'stock': 'mission', 'attacks_low': 0.0, 'attacks_high': None})
    """
    low, high = (None if gamma <= 0.0 else 0.0 if gamma >= 1.0 else math.log(_EVEN) / math.log1p(-gamma)
                 for gamma in reversed(ends["gamma"]))
    return {"stock": "mission", "attacks_low": low, "attacks_high": high}


def _ends(known: Assumptions) -> dict[str, Interval]:
    return {symbol: (one.low, one.high) for symbol, one in known.items()}


def _differ(people: Sequence[tuple[Elicited, str]]) -> list[dict[str, Any]]:
    """Return the assumptions that people hold otherwise, and whether any two of them have nothing in common."""
    held: dict[str, dict[str, Interval]] = {}
    for person, _ in people:
        for symbol, interval in person.intervals.get("commitments", {}).items():
            held.setdefault(symbol, {})[person.person] = interval
    return [{"symbol": symbol, "intervals": {who: list(interval) for who, interval in of.items()},
             "apart": any(not overlap(a, b) for a in of.values() for b in of.values())}
            for symbol, of in held.items() if len(set(of.values())) > 1 or len(of) < len(people)]


def _basis(figures: StudyFigures, known: Assumptions) -> list[dict[str, Any]]:
    rows = []
    for place, columns in (("in and off Ukraine", IN_UKRAINE), ("on bases in member states", AT_BASES)):
        told = [row.hi if row.hi is not None else row.mean for option in figures.options for column in columns
                for row in figures.by_arm(column, option) if row is not None]
        rows.append(Assumption(f"N_{'ukraine' if columns is IN_UKRAINE else 'bases'}",
                               f"Attacks {place} over the period, by any option and column of incidents", "1", 0.0,
                               max(told), "data", (f"study {figures.study_key[:12]}",), ""))
    return [one.plain() for one in (*rows, *known.values())]
