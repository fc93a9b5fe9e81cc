"""The options of a study as the timing game sees them: what each deploys now and promises, and the strikes it stops.

What deters follows from an option's packages, as the engine has it (`skyshield.compile.renewal`): a ground force at
g(N), a zone, ships, and aid in units of 10 billion euros a year. Strikes stopped are armed threats that an option keeps
from their aims in a year of war, in the whole country, in every arm of the study but those that move nothing but how
long war lasts.
"""

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

import numpy as np

from skyshield.catalogue import Catalogue
from skyshield.compile.renewal import AID_UNIT_EUR
from skyshield.core.arrays import Floats
from skyshield.core.errors import SkyShieldError
from skyshield.forces.aid import AidPackage
from skyshield.forces.package import Deployment, ForcePackage
from skyshield.scenario import Scenario
from skyshield.strategy.assumptions import Assumption, Assumptions, assumptions
from skyshield.strategy.figures import Figure, StudyFigures
from skyshield.strategy.renewal import DAYS_A_YEAR
from skyshield.strategy.timing_box import Span
from skyshield.theatre import load_theatre

MEASURE = "prevented_armed"
A_THOUSAND = 1e3
FORCE, SHIELD, NAVAL, AID = "force", "shield", "naval", "aid"
PARTS: Mapping[str, str] = {"force": FORCE, "zone": SHIELD, "naval": NAVAL}  # as packages name what deters
RATIOS = {FORCE: "log_hazard_ratio_force", SHIELD: "log_hazard_ratio_zone", NAVAL: "log_hazard_ratio_naval",
          AID: "log_hazard_ratio_aid"}
UNIT = "years of Russia's spending on the war"
_LATER = ("at_ceasefire", "after_ceasefire", "in_a_few_years")
_ONLY_HOW_LONG = frozenset({"renewal_within_1_year", "renewal_within_5_years", "violations_per_year",
                            "violation_exits_per_year", "violation_raid_intensity", *RATIOS.values()})
_UNITS = {"chi": f"{UNIT}, for a thousand", "psi": f"{UNIT}, for a thousand", "R": UNIT, "L": UNIT}
_OWN_UNIT = ("rho", "q", "lambda_none")
_AT_LEAST = {"rho": math.ulp(0.0), "lambda_none": 0.0}


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
    if isinstance(package, AidPackage):
        terms = package.aid()
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
