"""What a study says to the first paradox: every option through the equations of timing, SkyShield like its rivals.

A study gives one quantity: Delta h, armed threats that an option keeps from their aims in a year of war, in the whole
country, under each rival model of the own defence and in every other arm. It is counted from the decision, lead times
included, over the days of war that the study plays. Arms that move nothing but how long war lasts say nothing of a year
of it and are left out. All else is assumed: intervals of the catalogue (``timing_...`` and ``log_hazard_ratio_...``),
narrowed by whoever asks.

Of each option, which is what it deploys now and what it promises for after a ceasefire, is told

- m* if all of it is there now, if all of it is promised, and as it is proposed;
- the paradox: by how much promising all of it raises the pressure that a ceasefire takes;
- the timing gain Gamma over a promised ground force, split into what strikes lose and what the ceasefire is worth;
- both sides' acceptance, the zone of agreement, and the pressure at which that vanishes.

Ranges and what would settle a sign are those of `skyshield.strategy.timing_ranges`. No share of the box is told: it
would be no probability.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from skyshield.catalogue import Catalogue
from skyshield.core.errors import SkyShieldError
from skyshield.strategy.assumptions import Assumption, Assumptions, Elicited, as_elicited
from skyshield.strategy.figures import StudyFigures
from skyshield.strategy.renewal import DAYS_A_YEAR
from skyshield.strategy.timing import UNDEFINED
from skyshield.strategy.timing_box import (
    NOTHING,
    ZERO,
    Box,
    Span,
    agreement_range,
    conceded_range,
    wanted_range,
    zero_pressure_range,
)
from skyshield.strategy.timing_options import AID, SHIELD, UNIT, Proposal, Strikes, checked_ends, proposals, strikes
from skyshield.strategy.timing_ranges import (
    WHOLE_FORCE,
    Ends,
    ceasefire_bracket,
    chi_star_range,
    deployed,
    gamma_range,
    is_enclosed,
    paradox_range,
    paradox_sign,
    plain,
    pressure_range,
    proposed_range,
    settled_by,
    swings,
    symbols_of,
)

EQUATION = {
    "fighting": "v_F = (phi0 - chi dh - m) / rho", "ceasefire": "v_C = (x - s + lambda R) / (rho + lambda)",
    "m_star": "m* = phi0 - chi dh - rho v_C; a promise: dh = 0, v_C -> q v_C(it) + (1 - q) v_C(nothing)",
    "paradox": "m*(promise) - m*(nothing) = q rho [v_C(nothing) - v_C(it)]",
    "gamma": "m*(force promised) - m*(option now) = chi dh + rho [v_C(option) - v_C(force promised)]",
    "chi_star": "-rho [v_C(option) - v_C(force promised)] / dh",
    "hazard": "d v_C / d lambda has the sign of rho R - (x - s)",
    "agreement": "Z = x_U - x_R, x_U = d - psi dh - lambda L, "
                 "x_R = s - lambda R + (1 + lambda / rho) (phi0 - chi dh - m)",
    "lambda": "lambda_none exp(sum of log ratios times amounts)", "unit": UNIT}
_STEPS, _THIRD = 7, 3
_SETS_OF_PARADOX = (1, 2, 3)  # assumptions at once
_OF_PARADOX = ("R", "x", "rho", "lambda_none", "s_force", "log_ratio_force")  # belief only scales it


def option_answer(ends: Ends, one: Proposal, held: Strikes) -> dict[str, Any]:
    """Return what the equations say of one option, as plain data."""
    ends = {**ends, "dh": held.over}
    every = {**one.now, **one.promised}
    regime, box = deployed(every, ends), Box.of(ends)
    gamma, paradox, star = gamma_range(ends, one), paradox_range(ends, every), chi_star_range(ends, one)
    in_headline = gamma_range({**ends, "dh": held.headline}, one)
    of_dh = {"now": held.over, "promised": ZERO}
    return {
        "now": list(one.now), "promised": list(one.promised),
        "dh": {**plain(held.over), "headline": plain(held.headline),
               "by_rival": {name: plain(span) for name, span in held.by_rival.items()},
               "lowest_arm": held.lowest, "highest_arm": held.highest,
               "by_arm": [{"arm": label, **plain(span)} for label, span in held.by_arm],
               "may_be_zero": held.over.low <= 0.0 <= held.over.high},
        "m_star": {"now": plain(pressure_range(ends, every, True)),
                   "promised": plain(pressure_range(ends, every, False)),
                   "proposed": plain(proposed_range(ends, one))},
        "paradox": {**plain(paradox), "sign": paradox_sign(ends, every)},
        "gamma": {**plain(gamma), "sign": gamma.sign, "enclosed": is_enclosed(ends, one),
                  "headline": {**plain(in_headline), "sign": in_headline.sign}},
        "brackets": {
            "strikes": {**plain(ends["chi"].times(held.over)), "headline": plain(ends["chi"].times(held.headline)),
                        "by_rival": {name: plain(ends["chi"].times(span)) for name, span in held.by_rival.items()}},
            "ceasefire": plain(ceasefire_bracket(ends, one))},
        "sign": gamma.sign, "settled_by": settled_by(lambda at: gamma_range(at, one), ends, symbols_of(one)),
        "moved_by": swings(lambda at: gamma_range(at, one), ends, symbols_of(one)),
        "chi_star": UNDEFINED if star is None else plain(star),
        "agreement": {when: plain(agreement_range(box, regime, dh)) for when, dh in of_dh.items()},
        "pressure_at_zero": {when: plain(zero_pressure_range(box, regime, dh)) for when, dh in of_dh.items()},
        "x_ukraine": {when: plain(conceded_range(box, regime, dh)) for when, dh in of_dh.items()},
        "x_russia": {when: plain(wanted_range(box, regime, dh)) for when, dh in of_dh.items()},
        "ukraine_concedes_less_by": plain(ends["psi"].times(held.over))}


def timing_answer(figures: StudyFigures, catalogue: Catalogue, known: Assumptions, where: str = "--set",
                  people: Sequence[Elicited] = ()) -> dict[str, Any]:
    """Return what a study and the equations say of timing, as plain data.

    Parameters
    ----------
    figures
        Of the study.
    catalogue
        Of everything else.
    known
        The assumptions, see `timing_assumptions`.
    where
        Who narrowed them, named in errors.
    people
        Whose intervals are told side by side.

    Raises
    ------
    SkyShieldError
        If an assumption cannot be, or the study does not tell what is needed.
    """
    ends = checked_ends(known, where)
    asked = proposals(figures, catalogue)
    held = {name: strikes(figures, name) for name in asked}
    options = {name: {"label": figures.options[name].label, "short": figures.options[name].short,
                      "planned_eur_a_year": figures.options[name].planned_eur * DAYS_A_YEAR / figures.days,
                      **option_answer(ends, one, held[name])} for name, one in asked.items()}
    nothing = {**ends, "dh": ZERO}
    lead, twin = (next((one for one in asked.values() if list(one.now) == [part] and not one.promised), None)
                  for part in (SHIELD, AID))
    return {
        "study_key": figures.study_key, "scenario": figures.document["scenario"], "days": figures.days,
        "marks": figures.marks, "equation": dict(EQUATION),
        "basis": [one.plain() for one in known.values()] + [_basis_of(figures, name, held[name]) for name in asked],
        "none": {"m_star": plain(pressure_range(nothing, {}, True)),
                 "agreement": plain(agreement_range(Box.of(nothing), NOTHING, ZERO)),
                 "pressure_at_zero": plain(zero_pressure_range(Box.of(nothing), NOTHING, ZERO))},
        "force": _force(nothing), "hazard": _hazard(ends), "options": options,
        "lead": None if lead is None else lead.name,
        "settled_by_two": {one.name: _settled_by_two(ends, one, held[one.name])
                           for one in (lead, twin) if one is not None},
        "surface": None if lead is None else surface(ends, lead, held[lead.name]),
        "pressure": pressure(catalogue),
        "people": [_as_person(known, one, asked, held) for one in people],
        "people_differ": people_differ(known, people, asked, held)}


def _settled_by_two(ends: Ends, one: Proposal, held: Strikes) -> list[dict[str, Any]]:
    """Return which two assumptions would settle the gain of an option together, with the headline's strikes."""
    return settled_by(lambda at: gamma_range(at, one), {**ends, "dh": held.headline}, symbols_of(one), 2)


def _force(nothing: Ends) -> dict[str, Any]:
    """Return what the equations say of a ground force at its full effect, promised."""
    believed = {**nothing, "q": Span(1.0, 1.0)}

    def of(at: Ends) -> Span:
        return paradox_range(at, WHOLE_FORCE)

    return {"m_star": plain(pressure_range(nothing, WHOLE_FORCE, False)),
            "paradox": {**plain(of(nothing)), "sign": of(believed).sign}, "moved_by": swings(of, believed, _OF_PARADOX),
            "settled_by": next((found for n in _SETS_OF_PARADOX if (found := settled_by(of, believed, _OF_PARADOX, n))),
                               [])}


def _hazard(ends: Ends) -> dict[str, Any]:
    """Return rho R - x over the box, and the R from which on deterrence raises the required pressure."""
    value = ends["rho"].times(ends["R"]).plus(-ends["x"])
    turns = ends["x"].times(Span(1.0 / ends["rho"].high, 1.0 / ends["rho"].low))
    return {**plain(value), "sign": value.sign, "turns_at_R": plain(turns)}


def _basis_of(figures: StudyFigures, option: str, held: Strikes) -> dict[str, Any]:
    one = Assumption("dh", "Armed threats kept from their aims in a year of war", "thousand a year", *held.over, "data",
                     (f"study {figures.study_key[:12]}",), "From the decision on, lead times included, over every arm.")
    return {**one.plain(), "option": option}


def _as_person(known: Assumptions, person: Elicited, asked: Mapping[str, Proposal],
               held: Mapping[str, Strikes]) -> dict[str, Any]:
    """Return the signs that follow from what one person holds."""
    theirs = as_elicited(known, "timing", person, person.person)
    ends = checked_ends(theirs, person.person)
    return {"person": person.person,
            "intervals": {name: list(span) for name, span in person.intervals.get("timing", {}).items()},
            "m_star_none": plain(pressure_range({**ends, "dh": ZERO}, {}, True)),
            "options": {name: {"gamma": {**plain(gamma), "sign": gamma.sign},
                               "paradox": {**plain(paradox), "sign": paradox_sign(ends, every)}}
                        for name, one in asked.items() for every in ({**one.now, **one.promised},)
                        for gamma in (gamma_range({**ends, "dh": held[name].over}, one),)
                        for paradox in (paradox_range(ends, every),)}}


def people_differ(known: Assumptions, people: Sequence[Elicited], asked: Mapping[str, Proposal],
                  held: Mapping[str, Strikes]) -> dict[str, Any]:
    """Return where people differ and whether a sign hangs on it; empty of fewer than two.

    Returns
    -------
    dict
        ``intervals``: symbol -> person -> ends, and whether all overlap; ``signs``: those that differ between people.
    """
    if len(people) < 2:
        return {}
    told = [_as_person(known, one, asked, held) for one in people]
    named = list(dict.fromkeys(name for one in people for name in one.intervals.get("timing", {})))
    intervals = {}
    for name in named:
        of = {one.person: Span(*one.intervals.get("timing", {}).get(name, (known[name].low, known[name].high)))
              for one in people}
        if len(set(of.values())) > 1:
            intervals[name] = {"by_person": {person: list(span) for person, span in of.items()},
                               "overlap": max(s.low for s in of.values()) <= min(s.high for s in of.values())}
    signs = [{"option": name, "of": what, "by_person": by}
             for name in asked for what in ("gamma", "paradox")
             for by in ({one["person"]: one["options"][name][what]["sign"] for one in told},)
             if len(set(by.values())) > 1]
    return {"intervals": intervals, "signs": signs, "matters": bool(signs)}


def surface(ends: Ends, one: Proposal, held: Strikes, axes: tuple[str, str, str] = ("R", "s_shield", "s_force"),
            steps: int = _STEPS) -> dict[str, Any]:
    """Return Gamma over a grid of two assumptions, with a third at its ends and middle, all others over the box.

    Strikes stopped are those of the headline: other arms would hide what the assumptions do.

    Parameters
    ----------
    ends
        The box.
    one, held
        The option, and what strikes it stops.
    axes
        Symbols: along a row, down the rows, the third.
    steps
        Values along an axis.

    Returns
    -------
    dict
        ``option``, ``of``, ``x``, ``y``, ``third`` ({symbol, values}), ``low`` and ``high``: f8[third][y][x], between
        which Gamma lies whatever the other assumptions are.
    """
    if unknown := [name for name in axes if name not in ends]:
        raise SkyShieldError(f"axis {unknown[0]}", "is no assumption of this question",
                             f"choose from {', '.join(ends)}")
    grid: list[list[float]] = [np.linspace(*ends[name], n).tolist() if ends[name].low < ends[name].high
                               else [ends[name].low] for name, n in zip(axes, (steps, steps, _THIRD), strict=True)]
    fixed = {**ends, "dh": held.headline}
    spans = [[[gamma_range({**fixed, **{name: Span(v, v) for name, v in zip(axes, (x, y, z), strict=True)}}, one)
               for x in grid[0]] for y in grid[1]] for z in grid[2]]
    axis = [{"symbol": name, "values": values} for name, values in zip(axes, grid, strict=True)]
    return {"option": one.name, "of": "gamma", "x": axis[0], "y": axis[1], "third": axis[2],
            "low": [[[cell.low for cell in row] for row in page] for page in spans],
            "high": [[[cell.high for cell in row] for row in page] for page in spans]}


_PRESSURE = (
    ("economic", "sanctions_loss_russia", "Russia", "bears it"),
    ("economic", "sanctions_trade_lost", "states with sanctions",
     "give up trade; what that costs them is less, and disputed"),
    ("military", "military_aid_given", "aid givers", "pay for it"),
    ("military", "ukraine_war_spending", "Ukraine", "pays, and fights"),
    ("unit", "russia_war_spending", "Russia", "spends it on the war: the unit of value here"))


def pressure(catalogue: Catalogue) -> list[dict[str, Any]]:
    """Return what the two parts of outside pressure come to a year, and who pays them.

    Examples
    --------
    >>> from skyshield.catalogue import load_catalogue
    >>> sorted({row["part"] for row in pressure(load_catalogue())})
    ['economic', 'military', 'unit']
    """
    return [{"part": part, "what": entry.label, "who": who, "how": how, "low_eur_a_year": entry.low,
             "high_eur_a_year": entry.high, "source": list(entry.source), "date": entry.date, "grade": entry.grade}
            for part, key, who, how in _PRESSURE for entry in (catalogue[key],)]


def chart_data(answer: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a chart of an answer needs: a row for each option with both brackets and Gamma, and the surface.

    Returns
    -------
    dict
        ``unit``, ``rows`` ({option, short, parts, strikes, ceasefire, gamma, sign, paradox}; each quantity [low, high])
        and ``surface`` as `surface` has it.
    """
    rows = [{"option": name, "short": of["short"], "parts": [*of["now"], *of["promised"]],
             "strikes": _pair(of["brackets"]["strikes"]), "ceasefire": _pair(of["brackets"]["ceasefire"]),
             "gamma": _pair(of["gamma"]), "sign": of["sign"], "paradox": _pair(of["paradox"])}
            for name, of in answer["options"].items()]
    return {"unit": f"{UNIT}, a year", "rows": rows, "surface": answer["surface"]}


def _pair(of: Mapping[str, Any]) -> list[float]:
    return [of["low"], of["high"]]
