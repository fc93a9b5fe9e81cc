"""What a study says to the first paradox: every option through the equations of timing, SkyShield like its rivals.

A study gives one quantity: Delta h, armed threats that an option keeps from their aims in a year of war, in the whole
country, under each rival model of the own defence and in every other arm. It is counted from the decision, lead times
included, over the days of war that the study plays. Arms that move nothing but how long war lasts say nothing of a year
of it and are left out. All else is assumed: intervals of the catalogue (``timing_...`` and ``log_hazard_ratio_...``),
narrowed by whoever asks.

An option is what it deploys now and what it promises for after a ceasefire. A ground force and ships have a status
cost, a zone has one of its own, aid has none; each multiplies the hazard of renewed war by exp(its log ratio times how
much of it there is). Of each option is told

- m* if all of it is there now, if all of it is promised, and as it is proposed;
- the paradox: by how much promising all of it raises the pressure that a ceasefire takes;
- the timing gain Gamma over a promised ground force, split into what strikes lose and what the ceasefire is worth. An
  option with a force is held against its own force promised, a force alone is taken as if it were there now;
- both sides' acceptance, the zone of agreement, and the pressure at which that vanishes.

Ranges over the box are exact (`skyshield.strategy.timing_box`), but where an option holds something now and a force
promised, and belief q is narrowed to inside (0, 1): there Gamma is enclosed, and said to be. No share of the box is
told: it would be no probability.
"""

import functools
import itertools
import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from skyshield.catalogue import Catalogue
from skyshield.core.arrays import Floats
from skyshield.core.errors import SkyShieldError
from skyshield.forces.package import Deployment, ForcePackage
from skyshield.scenario import Scenario
from skyshield.strategy.assumptions import Assumption, Assumptions, Elicited, as_elicited, assumptions
from skyshield.strategy.figures import Figure, StudyFigures
from skyshield.strategy.renewal import AID_UNIT_EUR, DAYS_A_YEAR
from skyshield.strategy.timing import UNDEFINED
from skyshield.strategy.timing_box import (
    NOTHING,
    ZERO,
    Box,
    Deployed,
    Span,
    Term,
    agreement_range,
    ceasefire_range,
    conceded_range,
    wanted_range,
    zero_pressure_range,
)
from skyshield.theatre import load_theatre

MEASURE = "prevented_armed"
A_THOUSAND = 1e3
FORCE, SHIELD, NAVAL, AID = "force", "shield", "naval", "aid"
PARTS: Mapping[str, str] = {"force": FORCE, "zone": SHIELD, "naval": NAVAL}  # as packages name what deters
RATIOS = {FORCE: "log_hazard_ratio_force", SHIELD: "log_hazard_ratio_zone", NAVAL: "log_hazard_ratio_naval",
          AID: "log_hazard_ratio_aid"}
UNIT = "years of Russia's spending on the war"
EQUATION = {
    "fighting": "v_F = (phi0 - chi dh - m) / rho", "ceasefire": "v_C = (x - s + lambda R) / (rho + lambda)",
    "m_star": "m* = phi0 - chi dh - rho v_C; a promise: dh = 0, v_C -> q v_C(it) + (1 - q) v_C(nothing)",
    "paradox": "m*(promise) - m*(nothing) = q rho [v_C(nothing) - v_C(it)]",
    "gamma": "m*(force promised) - m*(option now) = chi dh + rho [v_C(option) - v_C(force promised)]",
    "chi_star": "-rho [v_C(option) - v_C(force promised)] / dh", "hazard": "d v_C / d lambda has the sign of rho R - (x - s)",
    "agreement": "Z = x_U - x_R, x_U = d - psi dh - lambda L, x_R = s - lambda R + (1 + lambda / rho) (phi0 - chi dh - m)",
    "lambda": "lambda_none exp(sum of log ratios times amounts)", "unit": UNIT}
_LATER = ("at_ceasefire", "after_ceasefire", "in_a_few_years")
_ONLY_HOW_LONG = frozenset({"renewal_within_1_year", "renewal_within_5_years", "violations_per_year",
                            "violation_exits_per_year", "violation_raid_intensity", *RATIOS.values()})
_UNITS = {"chi": f"{UNIT}, for a thousand", "psi": f"{UNIT}, for a thousand", "R": UNIT, "L": UNIT}
_OWN_UNIT = ("rho", "q", "lambda_none")
_AT_LEAST = {"rho": math.ulp(0.0), "lambda_none": 0.0}
_OF_GAMMA = ("chi", "dh", "R", "x", "rho", "q", "lambda_none")
_BISECTIONS, _STEPS = 30, 7
_SETS_OF_PARADOX = (1, 2, 3)  # assumptions at once
_OF_PARADOX = ("R", "x", "rho", "lambda_none", "s_force", "log_ratio_force")  # belief only scales it

Ends = Mapping[str, Span]  # by symbol; dh is the option's


@dataclass(frozen=True)
class Proposal:
    """An option as the game sees it: part -> how much of it, now and promised for after a ceasefire."""

    name: str
    now: Mapping[str, Span]
    promised: Mapping[str, Span]

    @property
    def parts(self) -> list[str]:
        """What it is made of."""
        return list(dict.fromkeys((*self.now, *self.promised)))


@dataclass(frozen=True)
class Strikes:
    """Armed threats that an option keeps from their aims in a year of war, in thousands.

    Attributes
    ----------
    headline
        In the headline arm.
    by_rival
        Under each rival model of the own defence: ``near`` aims, ``along`` the way.
    over
        From the lowest end of any arm to the highest.
    lowest, highest
        The arms that those ends are from, in words.
    by_arm
        In each arm that is not as the headline: its words and the interval.
    """

    headline: Span
    by_rival: Mapping[str, Span]
    over: Span
    lowest: str
    highest: str
    by_arm: tuple[tuple[str, Span], ...] = ()


def timing_assumptions(catalogue: Catalogue) -> Assumptions:
    """Return what the game assumes, by symbol, with units of value in words.

    Examples
    --------
    >>> from skyshield.catalogue import load_catalogue
    >>> found = timing_assumptions(load_catalogue())
    >>> found["q"].unit, found["R"].unit, found["log_ratio_aid"].low
    ('1', "years of Russia's spending on the war", -0.5)
    """
    known = {name: one if name in _OWN_UNIT else replace(one, unit=_UNITS.get(name, f"{UNIT}, a year"))
             for name, one in assumptions(catalogue, "timing").items()}
    for part, key in RATIOS.items():
        entry = catalogue[key]
        known[f"log_ratio_{part}"] = Assumption(f"log_ratio_{part}", entry.label, entry.unit, entry.low, entry.high,
                                                "assumed", entry.source, entry.note)
    return known


def checked_ends(known: Assumptions, where: str) -> dict[str, Span]:
    """Return the ends of assumptions by symbol.

    Raises
    ------
    SkyShieldError
        If a rate is not above zero, or a hazard is below.
    """
    for name, least in _AT_LEAST.items():
        if known[name].low < least:
            raise SkyShieldError(f"{where} {name}", f"is {known[name].low:g}",
                                 f"give a number {'above' if least else 'from'} 0")
    return {name: Span(one.low, one.high) for name, one in known.items()}


def scenario_of(figures: StudyFigures) -> Scenario:
    """Return the scenario of a study, the shipped one of a digest."""
    from skyshield.scenario import load

    return figures.view.scenario if figures.view is not None else load(str(figures.document["scenario"]))


class _AtEnds(dict[str, Floats]):
    """Entries of the catalogue at their two ends, f8[end], SI units, each when first asked for."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue

    def __missing__(self, key: str) -> Floats:
        low, _, high = self._catalogue[key].si()
        return self.setdefault(key, np.array([low, high]))


def proposals(figures: StudyFigures, catalogue: Catalogue) -> dict[str, Proposal]:
    """Return each option but the baseline as the game sees it.

    Examples
    --------
    >>> from skyshield.catalogue import load_catalogue
    >>> from skyshield.strategy.figures import open_figures
    >>> one = proposals(open_figures(), load_catalogue())["ground_25k_region"]
    >>> list(one.now), list(one.promised)
    (['shield'], ['force'])
    """
    scenario = scenario_of(figures)
    at_ends = _AtEnds(catalogue)
    result = {}
    for option in scenario.options:
        if option.name == figures.baseline or option.name not in figures.options:
            continue
        deployment = Deployment(scenario.members_of(option), load_theatre(), at_ends)
        now: dict[str, Span] = {}
        promised: dict[str, Span] = {}
        for package in option.packages:
            side = promised if package.start in _LATER else now
            for part, amount in _amounts(package, deployment, figures, option.name):
                side[part] = amount if part != FORCE or part not in side else side[part].plus(amount)
        result[option.name] = Proposal(option.name, now, promised)
    return result


def _amounts(package: ForcePackage, deployment: Deployment, figures: StudyFigures,
             option: str) -> Iterator[tuple[str, Span]]:
    """Yield what of a package may move the hazard, and how much of it there is."""
    terms = package.aid() if package.role == "aid" else None  # type: ignore[attr-defined]
    if terms is not None:
        planned = figures.options[terms.twin_of or option].planned_eur
        money = (planned if terms.budget_eur is None else terms.budget_eur) * DAYS_A_YEAR / figures.days
        yield AID, Span(*[money / AID_UNIT_EUR] * 2)
        return
    for name, amount in package.deters(deployment).items():
        yield PARTS[name], Span(float(min(amount)), float(max(amount)))


def strikes(figures: StudyFigures, option: str) -> Strikes:
    """Return what a study says of an option's Delta h.

    Raises
    ------
    SkyShieldError
        If the study tells no interval of it, or plays no war.

    Examples
    --------
    >>> from skyshield.strategy.figures import open_figures
    >>> found = strikes(open_figures(), "region")
    >>> found.over.low <= found.headline.low < found.headline.high <= found.over.high
    True
    """
    war_days = figures.mean(option, "war_days").mean if figures.phases() else float(figures.days)
    if war_days <= 0.0:
        raise SkyShieldError(f"study {figures.study_key[:12]}", "plays no day of war", "run a scenario that has one")
    scale = DAYS_A_YEAR / war_days / A_THOUSAND
    told = {arm.number: _ends(row, scale, figures) for arm, row in zip(
        figures.arms, figures.by_arm(MEASURE, option), strict=True)
        if row is not None and not (arm.number and set(arm.ends) <= _ONLY_HOW_LONG)}
    lowest, highest = min(told, key=lambda k: told[k].low), max(told, key=lambda k: told[k].high)
    return Strikes(told[0], {name: told[k] for name, k in figures.rivals.items() if k in told},
                   Span(told[lowest].low, told[highest].high), figures.arms[lowest].label, figures.arms[highest].label,
                   tuple((figures.arms[k].label, span) for k, span in told.items() if span != told[0]))


def _ends(row: Figure, scale: float, figures: StudyFigures) -> Span:
    if row.lo is None or row.hi is None:
        raise SkyShieldError(f"study {figures.study_key[:12]}", f"tells no interval of {MEASURE}",
                             "run it with more vectors")
    return Span(row.lo * scale, row.hi * scale)


def deployed(parts: Mapping[str, Span], ends: Ends) -> Deployed:
    """Return parts with the status costs and hazard ratios assumed of them; aid has no status cost."""
    result = NOTHING
    for part, amount in parts.items():
        status = ZERO if part == AID else ends[f"s_{part}"]
        result = result.and_(Deployed(status, ends[f"log_ratio_{part}"].times(amount)))
    return result


WHOLE_FORCE: Mapping[str, Span] = {FORCE: Span(1.0, 1.0)}


@functools.lru_cache(maxsize=2**14)
def _rho_v(box: Box, terms: tuple[Term, ...], shared: Deployed = NOTHING) -> Span:
    return ceasefire_range(box, terms, shared)


def pressure_range(ends: Ends, parts: Mapping[str, Span], now: bool) -> Span:
    """Return the range of m* with parts there now, or promised; nothing at all if there are none."""
    box, it = Box.of(ends), deployed(parts, ends)
    if now:
        return box.phi0.plus(-box.chi.times(ends["dh"])).plus(-_rho_v(box, (Term(it, 1.0),)))
    return box.phi0.plus(-_rho_v(box, (Term(it, 0.0, 1.0), Term(NOTHING, 1.0, -1.0))))


def proposed_range(ends: Ends, one: Proposal) -> Span:
    """Return the range of m* of an option as it is proposed: some of it now, some promised."""
    if not one.now or not one.promised:
        return pressure_range(ends, one.now or one.promised, bool(one.now))
    box = Box.of(ends)
    there, later = deployed(one.now, ends), deployed(one.promised, ends)
    value = _rho_v(box, (Term(later, 0.0, 1.0), Term(NOTHING, 1.0, -1.0)), there)
    return box.phi0.plus(-box.chi.times(ends["dh"])).plus(-value)


def paradox_range(ends: Ends, parts: Mapping[str, Span]) -> Span:
    """Return the range of what promising the parts adds to the pressure that a ceasefire takes."""
    return _rho_v(Box.of(ends), (Term(NOTHING, 0.0, 1.0), Term(deployed(parts, ends), 0.0, -1.0)))


def paradox_sign(ends: Ends, parts: Mapping[str, Span]) -> str:
    """Return the sign of the paradox of a promise that is believed: belief scales it and turns nothing."""
    return paradox_range({**ends, "q": Span(1.0, 1.0)}, parts).sign


def ceasefire_bracket(ends: Ends, one: Proposal) -> Span:
    """Return the range of the second bracket of Gamma, rho [v_C(option) - v_C(force promised)]."""
    box, there, later = Box.of(ends), deployed(one.now, ends), deployed(one.promised, ends)
    if one.promised and one.now:
        believed = _rho_v(box, (Term(there, 1.0), Term(NOTHING, -1.0)), later)
        not_believed = _rho_v(box, (Term(there, 1.0), Term(NOTHING, -1.0)))
        mixed = [(q * believed.low + (1.0 - q) * not_believed.low, q * believed.high + (1.0 - q) * not_believed.high)
                 for q in box.q]
        return Span(min(low for low, _ in mixed), max(high for _, high in mixed))
    if FORCE in one.promised:
        return _rho_v(box, (Term(later, 1.0, -1.0), Term(NOTHING, -1.0, 1.0)))
    force = deployed(WHOLE_FORCE, ends)
    return _rho_v(box, (Term(there.and_(later), 1.0), Term(force, 0.0, -1.0), Term(NOTHING, -1.0, 1.0)))


def gamma_range(ends: Ends, one: Proposal) -> Span:
    """Return the range of Gamma; both brackets vary apart, so theirs add up to it."""
    return ends["chi"].times(ends["dh"]).plus(ceasefire_bracket(ends, one))


def _gamma_of(one: Proposal, ends: Ends) -> Span:
    return gamma_range(ends, one)


def is_enclosed(ends: Ends, one: Proposal) -> bool:
    """Say whether the range of Gamma is an enclosure only, see the module."""
    return bool(one.now and one.promised) and any(0.0 < q < 1.0 for q in ends["q"])


def chi_star_range(ends: Ends, one: Proposal) -> Span | None:
    """Return the range of chi*; None, undefined, where Delta h may be 0."""
    held = ends["dh"]
    if held.low <= 0.0 <= held.high:
        return None
    return (-ceasefire_bracket(ends, one)).times(Span(1.0 / held.high, 1.0 / held.low))


def settled_by(of: Callable[[Ends], Span], ends: Ends, symbols: Sequence[str], together: int = 1
               ) -> list[dict[str, Any]]:
    """Return which assumptions would settle a sign, and from which values on.

    Parameters
    ----------
    of
        The range of what has the sign, over ends.
    ends
        The box.
    symbols
        Assumptions to try.
    together
        How many at once; all sets of so many are tried.

    Returns
    -------
    list of dict
        ``sign`` and ``if``: for each assumption ``symbol``, ``side`` (``at_least`` or ``at_most``) and ``value``. With
        all of these on those sides the sign holds whatever everything else is. Empty if the sign is settled already,
        or no such set does it.

    Examples
    --------
    >>> settled_by(lambda at: at["a"].plus(Span(-1.0, 1.0)), {"a": Span(0.0, 2.0)}, ["a"])
    [{'sign': 'positive', 'if': [{'symbol': 'a', 'side': 'at_least', 'value': 1.0}]}]
    """
    if of(ends).sign != "both":
        return []
    found = []
    for names in itertools.combinations([name for name in symbols if ends[name].low < ends[name].high], together):
        for sides in itertools.product((1, 0), repeat=together):
            at = {name: ends[name][side] for name, side in zip(names, sides, strict=True)}
            sign = of({**ends, **{name: Span(end, end) for name, end in at.items()}}).sign
            if sign in ("positive", "negative"):
                share = _settled_share(of, ends, at, sign)
                found.append({"sign": sign, "if": [
                    {"symbol": name, "side": "at_least" if side else "at_most",
                     "value": end + share * (ends[name][1 - side] - end)}
                    for (name, end), side in zip(at.items(), sides, strict=True)]})
    return found


def _settled_share(of: Callable[[Ends], Span], ends: Ends, at: Mapping[str, float], sign: str) -> float:
    """Return which share of their intervals assumptions may move from their ends, all alike, with the sign held."""
    settled, open_ = 0.0, 1.0
    for _ in range(_BISECTIONS):
        middle = (settled + open_) / 2.0
        within = {}
        for name, end in at.items():
            other = ends[name].high if end == ends[name].low else ends[name].low
            reached = end + middle * (other - end)
            within[name] = Span(min(end, reached), max(end, reached))
        settled, open_ = (middle, open_) if of({**ends, **within}).sign == sign else (settled, middle)
    return settled


def swings(of: Callable[[Ends], Span], ends: Ends, symbols: Sequence[str]) -> list[dict[str, Any]]:
    """Return the range with each assumption at either end, those first that move the range most.

    Returns
    -------
    list of dict
        ``symbol``, ``at_low`` and ``at_high``, each {low, high}.
    """
    rows = [(name, *(of({**ends, name: Span(end, end)}) for end in ends[name])) for name in symbols
            if ends[name].low < ends[name].high]
    rows.sort(key=lambda row: -(abs(row[1].low - row[2].low) + abs(row[1].high - row[2].high)))
    return [{"symbol": name, "at_low": _plain(low), "at_high": _plain(high)} for name, low, high in rows]


def symbols_of(one: Proposal) -> list[str]:
    """Return what Gamma of an option depends on."""
    parts = list(dict.fromkeys((*one.parts, FORCE)))
    return [*_OF_GAMMA, *(f"s_{part}" for part in parts if part != AID), *(f"log_ratio_{part}" for part in parts)]


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
        "dh": {**_plain(held.over), "headline": _plain(held.headline),
               "by_rival": {name: _plain(span) for name, span in held.by_rival.items()},
               "lowest_arm": held.lowest, "highest_arm": held.highest,
               "by_arm": [{"arm": label, **_plain(span)} for label, span in held.by_arm],
               "may_be_zero": held.over.low <= 0.0 <= held.over.high},
        "m_star": {"now": _plain(pressure_range(ends, every, True)),
                   "promised": _plain(pressure_range(ends, every, False)),
                   "proposed": _plain(proposed_range(ends, one))},
        "paradox": {**_plain(paradox), "sign": paradox_sign(ends, every)},
        "gamma": {**_plain(gamma), "sign": gamma.sign, "enclosed": is_enclosed(ends, one),
                  "headline": {**_plain(in_headline), "sign": in_headline.sign}},
        "brackets": {
            "strikes": {**_plain(ends["chi"].times(held.over)), "headline": _plain(ends["chi"].times(held.headline)),
                        "by_rival": {name: _plain(ends["chi"].times(span)) for name, span in held.by_rival.items()}},
            "ceasefire": _plain(ceasefire_bracket(ends, one))},
        "sign": gamma.sign, "settled_by": settled_by(lambda at: gamma_range(at, one), ends, symbols_of(one)),
        "moved_by": swings(lambda at: gamma_range(at, one), ends, symbols_of(one)),
        "chi_star": UNDEFINED if star is None else _plain(star),
        "agreement": {when: _plain(agreement_range(box, regime, dh)) for when, dh in of_dh.items()},
        "pressure_at_zero": {when: _plain(zero_pressure_range(box, regime, dh)) for when, dh in of_dh.items()},
        "x_ukraine": {when: _plain(conceded_range(box, regime, dh)) for when, dh in of_dh.items()},
        "x_russia": {when: _plain(wanted_range(box, regime, dh)) for when, dh in of_dh.items()},
        "ukraine_concedes_less_by": _plain(ends["psi"].times(held.over))}


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
        "none": {"m_star": _plain(pressure_range(nothing, {}, True)),
                 "agreement": _plain(agreement_range(Box.of(nothing), NOTHING, ZERO)),
                 "pressure_at_zero": _plain(zero_pressure_range(Box.of(nothing), NOTHING, ZERO))},
        "force": _force(nothing), "hazard": _hazard(ends), "options": options,
        "lead": None if lead is None else lead.name,
        "settled_by_two": {one.name: settled_by(functools.partial(_gamma_of, one), {**ends, "dh": held[one.name].headline},
                                                symbols_of(one), 2) for one in (lead, twin) if one is not None},
        "surface": None if lead is None else surface(ends, lead, held[lead.name]),
        "pressure": pressure(catalogue),
        "people": [_as_person(known, one, asked, held) for one in people],
        "people_differ": people_differ(known, people, asked, held)}


def _force(nothing: Ends) -> dict[str, Any]:
    """Return what the equations say of a ground force at its full effect, promised."""
    believed = {**nothing, "q": Span(1.0, 1.0)}

    def of(at: Ends) -> Span:
        return paradox_range(at, WHOLE_FORCE)

    return {"m_star": _plain(pressure_range(nothing, WHOLE_FORCE, False)),
            "paradox": {**_plain(of(nothing)), "sign": of(believed).sign}, "moved_by": swings(of, believed, _OF_PARADOX),
            "settled_by": next((found for n in _SETS_OF_PARADOX if (found := settled_by(of, believed, _OF_PARADOX, n))),
                               [])}


def _hazard(ends: Ends) -> dict[str, Any]:
    """Return rho R - x over the box, and the R from which on deterrence raises the required pressure."""
    value = ends["rho"].times(ends["R"]).plus(-ends["x"])
    turns = ends["x"].times(Span(1.0 / ends["rho"].high, 1.0 / ends["rho"].low))
    return {**_plain(value), "sign": value.sign, "turns_at_R": _plain(turns)}


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
            "m_star_none": _plain(pressure_range({**ends, "dh": ZERO}, {}, True)),
            "options": {name: {"gamma": {**_plain(gamma), "sign": gamma.sign},
                               "paradox": {**_plain(paradox), "sign": paradox_sign(ends, every)}}
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
        raise SkyShieldError(f"axis {unknown[0]}", "is no assumption of this question", f"choose from {', '.join(ends)}")
    grid = [[float(v) for v in np.linspace(*ends[name], n)] if ends[name].low < ends[name].high else [ends[name].low]
            for name, n in zip(axes, (steps, steps, 3), strict=True)]
    spans = [[[gamma_range({**ends, "dh": held.headline, axes[0]: Span(x, x), axes[1]: Span(y, y), axes[2]: Span(z, z)},
                           one) for x in grid[0]] for y in grid[1]] for z in grid[2]]
    axis = [{"symbol": name, "values": values} for name, values in zip(axes, grid, strict=True)]
    return {"option": one.name, "of": "gamma", "x": axis[0], "y": axis[1], "third": axis[2],
            "low": [[[cell.low for cell in row] for row in page] for page in spans],
            "high": [[[cell.high for cell in row] for row in page] for page in spans]}


_PRESSURE = (
    ("economic", "sanctions_loss_russia", "Russia", "bears it"),
    ("economic", "sanctions_trade_lost", "states with sanctions", "give up trade; what that costs them is less, and disputed"),
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


def _plain(span: Span) -> dict[str, float]:
    return {"low": span.low, "high": span.high}


def _pair(of: Mapping[str, Any]) -> list[float]:
    return [of["low"], of["high"]]
