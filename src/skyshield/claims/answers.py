"""What the equations of strategy answer to a claim about politics: an interval in every arm, ends of what is assumed.

Each answer is worked out by the room `skyshield.strategy`; here it is only turned into a figure that the rule can
judge. Where a study enters, it enters by its intervals in every arm. The ends are those of a box of assumptions, so the
rule does not widen them: a threshold inside the box means that assumptions decide, and the claim is not testable here.
"""

import functools
from collections.abc import Callable, Mapping

import numpy as np

from skyshield.catalogue import Catalogue
from skyshield.claims.arms import by_arm
from skyshield.claims.judge import InArm, Tried
from skyshield.claims.table import Figure
from skyshield.compile.renewal import AID_UNIT_EUR
from skyshield.forces.coalition import coalition
from skyshield.forces.ground import GroundPackage, effect_of
from skyshield.scenario import load
from skyshield.strategy.assumptions import Assumptions, Elicited, Game, as_elicited, assumptions
from skyshield.strategy.commitments import bounds, credibility_after
from skyshield.strategy.feasible import NO, UNDECIDED, YES, asked_of_study, feasible
from skyshield.strategy.figures import StudyFigures
from skyshield.strategy.grain import price_interval
from skyshield.theatre import load_theatre

_DAYS_A_YEAR = 365.0
_AT_LEAST = 3
_BOUNDARIES = 2


class Answers:
    """Answers of strategy over one study.

    Parameters
    ----------
    study
        Whose figures enter.
    catalogue
        The intervals of what is assumed.
    person
        Whose intervals stand in their place.
    """

    def __init__(self, study: StudyFigures, catalogue: Catalogue, person: Elicited | None = None) -> None:
        self.study, self.catalogue, self.person = study, catalogue, person

    def assumed(self, game: Game) -> Assumptions:
        """Return what a game assumes."""
        known = assumptions(self.catalogue, game)
        return known if self.person is None else as_elicited(known, game, self.person, self.person.person)

    def tried(self, figure: Figure) -> Tried:
        """Return the answer that a claim asks for.

        Raises
        ------
        SkyShieldError
            If the study lacks something that it needs.
        """
        return ANSWERS[figure.answer][figure.quantity](self, figure)

    @functools.cached_property
    def feasible(self) -> Mapping[str, str]:
        """Option -> yes, no or undecided."""
        view = self.study.view
        if view is None:
            scenario, theatre = load(str(self.study.document["scenario"])), load_theatre()
            planned = {name: self._planned(name, len(scenario.option(name).packages)) for name in self.study.options}
        else:
            scenario, theatre = view.scenario, view.theatre
            planned = view.manifest["planned_by_package"]
        found = feasible(asked_of_study(scenario, theatre, self.catalogue, planned))["options"]
        return {name: row["answer"] for name, row in found.items()}

    def _planned(self, option: str, packages: int) -> list[list[float]]:
        a_day = self.study.options[option].planned_eur / self.study.days
        return [[a_day if k == 0 else 0.0] * _BOUNDARIES for k in range(packages)]


def _assumed(low: float, high: float, turns: str, label: str = "over all assumptions") -> Tried:
    return Tried((InArm(label, None, low, high, assumed=True),), turns=turns)


def _possible(answers: Answers, figure: Figure) -> Tried:
    """Return 1 for yes, 0 for no, both for undecided."""
    word = answers.feasible[figure.option]
    low, high = {YES: (1.0, 1.0), NO: (0.0, 0.0), UNDECIDED: (0.0, 1.0)}[word]
    return _assumed(low, high, "what each state would release, which is unpublished")


def _lost(stock: str) -> "Answer":
    """Return what an unanswered attack of full severity takes off a stock of credibility."""

    def found(answers: Answers, figure: Figure) -> Tried:
        del figure
        loss, spill = (_range(answers.catalogue, key) for key in ("credibility_loss", f"credibility_spill_{stock}")) \
            if stock != "mission" else (_range(answers.catalogue, "credibility_loss"), (1.0, 1.0))
        low, high = (1.0 - credibility_after(1.0, of, 1.0, passed) for of, passed in zip(loss, spill, strict=True))
        what = "what silence costs the mission" if stock == "mission" else \
            "what silence costs the mission, and how much of it passes on"
        return _assumed(low, high, what)

    return found


def _at_least_three(answers: Answers, figure: Figure) -> Tried:
    del figure
    (low, high), = bounds(coalition().members, [_AT_LEAST], answers.catalogue)
    return _assumed(low, high, "how likely each state is to answer, and how far they answer together")


def _price_change(answers: Answers, figure: Figure) -> Tried:
    """Return the change of the world price of grain by the port-days that an option saves or costs, by arm."""
    told = by_arm(answers.study, "port_days", figure.option, next(iter(figure.to), None))
    arms = []
    for arm in told.arms:
        if arm.lo is None or arm.hi is None:
            arms.append(InArm(arm.label, None, None, None, assumed=True))
            continue
        ends = [_price_of(days, float(answers.study.days)) for days in (arm.lo, arm.hi)]
        arms.append(InArm(arm.label, None, min(low for low, _ in ends), max(high for _, high in ends), assumed=True))
    return Tried(tuple(arms), turns="how much grain leaves by sea and how supply and demand answer to its price")


def _price_of(port_days: float, days: float) -> tuple[float, float]:
    """Return the ends of the change of price by port-days lost (above 0) or saved."""
    change = price_interval(min(abs(port_days), days), days)
    return (change.low, change.high) if port_days >= 0.0 else (-change.high, -change.low)


def _aid_over_force(answers: Answers, figure: Figure) -> Tried:
    """Return the logarithm of the hazard ratio of a force less that of aid: above 0 aid lowers the hazard more."""
    aid_eur = answers.study.options[figure.option].planned_eur * _DAYS_A_YEAR / answers.study.days
    aid = [end * aid_eur / AID_UNIT_EUR for end in _range(answers.catalogue, "log_hazard_ratio_aid")]
    force = [end * g for end in _range(answers.catalogue, "log_hazard_ratio_force")
             for g in _force_effect(answers, figure.to[0])]
    return _assumed(min(force) - max(aid), max(force) - min(aid),
                    "how far aid, and how far a force, lowers the chance of renewed war")


def _force_effect(answers: Answers, option: str) -> tuple[float, float]:
    """Return the ends of g(N) of an option's soldiers."""
    view = answers.study.view
    scenario = load(str(answers.study.document["scenario"])) if view is None else view.scenario
    soldiers = sum(package.soldiers for package in scenario.option(option).packages
                   if isinstance(package, GroundPackage))
    low, high = _range(answers.catalogue, "ground_force_scale")
    least, most = (float(effect_of(np.array([soldiers]), np.array([scale]))[0]) for scale in (high, low))
    return least, most


def _range(catalogue: Catalogue, key: str) -> tuple[float, float]:
    low, _, high = catalogue[key].si()
    return low, high


Answer = Callable[[Answers, Figure], Tried]
# Answer -> quantity -> how it is found.
ANSWERS: Mapping[str, Mapping[str, Answer]] = {
    "feasibility": {"possible": _possible},
    "commitments": {"at_least_3": _at_least_three, "lost_mission": _lost("mission"), "lost_nato": _lost("nato"),
                    "lost_eu": _lost("eu")},
    "grain": {"price_change": _price_change},
    "renewal": {"aid_over_force": _aid_over_force},
}
ANSWERS = {**ANSWERS, "timing": {"paradox": _at_least_three, "gain": _at_least_three},
           "response": {"trap": _at_least_three, "silence_cost": _at_least_three, "war_after_in_kind": _at_least_three},
           "ladder": {"step_up": _at_least_three}}  # DEV
# Those that are probabilities.
PROBABILITIES = {("ladder", "step_up"), ("response", "war_after_in_kind"), ("commitments", "at_least_3"),
                 ("commitments", "lost_mission"), ("commitments", "lost_nato"), ("commitments", "lost_eu")}
