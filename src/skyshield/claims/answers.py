"""What the equations of strategy answer to a claim about politics: an interval in every arm, ends of what is assumed.

Each answer is worked out by the room `skyshield.strategy`; here it is only turned into a figure that the rule can
judge. Where a study enters, it enters by its intervals in every arm. The ends are those of a box of assumptions, so the
rule does not widen them: a threshold inside the box means that assumptions decide, and the claim is not testable here.
"""

import functools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from skyshield.catalogue import Catalogue
from skyshield.claims.arms import by_arm
from skyshield.claims.judge import InArm, Tried
from skyshield.claims.table import Figure
from skyshield.compile.renewal import AID_UNIT_EUR
from skyshield.forces.ground import GroundPackage, effect_of
from skyshield.strategy.assumptions import GAMES, Assumptions, Elicited, Game, as_elicited, assumptions
from skyshield.strategy.commitments import commitments
from skyshield.strategy.commitments_study import ANSWERED_BY
from skyshield.strategy.feasible import NO, UNDECIDED, YES, asked_of_study, feasible
from skyshield.strategy.figures import StudyFigures
from skyshield.strategy.grain import price_interval
from skyshield.strategy.ladder_study import ladder
from skyshield.strategy.response import NONE as SILENCE
from skyshield.strategy.response_box import EVERYWHERE, NOWHERE
from skyshield.strategy.response_study import SEVERE, response_json
from skyshield.strategy.timing_box import Span
from skyshield.strategy.timing_options import (
    Proposal,
    checked_ends,
    proposals,
    scenario_of,
    strikes,
    timing_assumptions,
)
from skyshield.strategy.timing_ranges import gamma_range, paradox_range, settled_by, symbols_of
from skyshield.theatre import load_theatre

_DAYS_A_YEAR = 365.0
_OTHER_GAMES: tuple[Game, ...] = tuple(game for game in GAMES if game != "timing")
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

    Raises
    ------
    SkyShieldError
        If the person holds what cannot be.
    """

    def __init__(self, study: StudyFigures, catalogue: Catalogue, person: Elicited | None = None) -> None:
        self.study, self.catalogue, self.person = study, catalogue, person
        if person is not None:  # what cannot be is refused at once, what a study lacks is said claim by claim
            self.timing  # noqa: B018
            for game in _OTHER_GAMES:
                self.assumed(game)

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

    def ends(self, game: Game) -> dict[str, tuple[float, float]]:
        """Return the ends of what a game assumes, by symbol."""
        return {symbol: (one.low, one.high) for symbol, one in self.assumed(game).items()}

    @functools.cached_property
    def timing(self) -> dict[str, Span]:
        """The ends of what the first paradox assumes."""
        known = timing_assumptions(self.catalogue)
        if self.person is not None:
            known = as_elicited(known, "timing", self.person, self.person.person)
        return checked_ends(known, "timing")

    @functools.cached_property
    def proposals(self) -> Mapping[str, Proposal]:
        """Option -> what of it is there now and what is promised."""
        return proposals(self.study, self.catalogue)

    @functools.cached_property
    def responses(self) -> Mapping[str, Any]:
        """Option -> what is said of an attack on it."""
        packages = {option.name: option.packages for option in scenario_of(self.study).options}
        found = response_json(self.study, packages, self.catalogue, self.assumed("response"))
        return dict(found["options"])

    @functools.cached_property
    def ladder(self) -> Mapping[str, Any]:
        """Option -> between what the probability of at least one rung up lies."""
        return dict(ladder(self.study, self.assumed("ladder"))["options"])

    @functools.cached_property
    def commitments(self) -> Mapping[str, Any]:
        """Who answers, and what is left of each promise after an attack that is not answered."""
        return commitments(self.ends("commitments"))

    @functools.cached_property
    def feasible(self) -> Mapping[str, str]:
        """Option -> yes, no or undecided."""
        view = self.study.view
        if view is None:
            scenario, theatre = scenario_of(self.study), load_theatre()
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
        row = next(row for row in answers.commitments["credibility"] if row["stock"] == stock)
        what = "what silence costs the mission" if stock == "mission" else \
            "what silence costs the mission, and how much of it passes on"
        return _assumed(1.0 - row["left_high"], 1.0 - row["left_low"], what)

    return found


def _at_least_three(answers: Answers, figure: Figure) -> Tried:
    del figure
    row = next(row for row in answers.commitments["at_least"] if row["at_least"] == ANSWERED_BY)
    return _assumed(row["p_low"], row["p_high"], "how likely each state is to answer, and how far they answer together")


def _paradox(answers: Answers, figure: Figure) -> Tried:
    """Return by how much promising an option, if it is believed, raises the pressure that a ceasefire takes."""
    one = answers.proposals[figure.option]
    every = {**one.now, **one.promised}
    ends = {**answers.timing, "q": Span(1.0, 1.0)}
    found = paradox_range(ends, every)
    settled = settled_by(lambda at: paradox_range(at, every), ends, [name for name in symbols_of(one) if name in ends])
    return _assumed(found.low, found.high, _settled(settled))


def _gain(answers: Answers, figure: Figure) -> Tried:
    """Return the pressure that an option now saves over a promised ground force, by arm."""
    one, held = answers.proposals[figure.option], strikes(answers.study, figure.option)
    told = (("headline", held.headline), *held.by_arm)
    labels = [label for label, _ in told]
    worst = min((dh.low for label, dh in told if labels.count(label) > 1), default=0.0)
    arms = [InArm(f"over all assumptions, {label}{_joint(dh.low == worst) if labels.count(label) > 1 else ''}", None,
                  *gamma_range({**answers.timing, "dh": dh}, one), assumed=True) for label, dh in told]
    ends = {**answers.timing, "dh": held.headline}
    settled = settled_by(lambda at: gamma_range(at, one), ends, [name for name in symbols_of(one) if name in ends])
    return Tried(tuple(arms), turns=_settled(settled))


def _joint(worst: bool) -> str:
    return f", at their {'worst' if worst else 'best'} for the option"


def _settled(rows: Sequence[Mapping[str, Any]]) -> str:
    """Say which assumption alone would settle a sign, and from which value on."""
    if not rows:
        return "no assumption alone settles it"
    said = [f"{one['symbol']} {one['side'].replace('_', ' ')} {one['value']:.3g} ({row['sign']})"
            for row in rows for one in row["if"]]
    return f"it would be settled by {' or '.join(said)}"


def _of_severe(answers: Answers, option: str) -> Mapping[str, Any] | None:
    """Return what is said of a strike on an option that costs as many as one in twenty does; None if none can be."""
    found: Mapping[str, Any] | None = answers.responses[option].get("strikes", {}).get(SEVERE)
    return found


def _trap(answers: Answers, figure: Figure) -> Tried:
    """Return 1 where every answer costs too much and attacking pays, -1 where not, both if assumptions decide."""
    told = _of_severe(answers, figure.option)
    if told is None:
        return _assumed(-1.0, -1.0, "nobody of the coalition is in reach")
    low, high = {EVERYWHERE: (1.0, 1.0), NOWHERE: (-1.0, -1.0)}.get(told["trap"], (-1.0, 1.0))
    bounds = told["no_trap_if"]
    return _assumed(low, high, f"there is none for certain if {bounds['tolerance_at_least']:.3g} can be borne, or an "
                               f"attack is worth {bounds['b_at_most']:.3g} at most to Russia")


def _silence_cost(answers: Answers, figure: Figure) -> Tried:
    """Return 1 where silence costs more than the best answer, -1 where it is the best, both if assumptions decide."""
    told = _of_severe(answers, figure.option)
    if told is None:
        return _assumed(-1.0, -1.0, "nobody of the coalition is in reach")
    best = told["answers"]
    return _assumed(-1.0 if SILENCE in best else 1.0, -1.0 if best == [SILENCE] else 1.0,
                    "what lost credibility, a further attack and a wider war cost")


def _war_after_in_kind(answers: Answers, figure: Figure) -> Tried:
    del figure
    return _assumed(*answers.ends("response")["p_r_in_kind"], "how likely a wider war is after an answer in kind")


def _step_up(answers: Answers, figure: Figure) -> Tried:
    """Return the probability of at least one rung up, less those of other options from end to end if any are named."""
    ends = {name: (row["p_low"], row["p_high"]) for name, row in answers.ladder.items()}
    low, high = ends[figure.option]
    if figure.to:
        low, high = low - max(ends[name][1] for name in figure.to), high - min(ends[name][0] for name in figure.to)
    decides = answers.ladder[figure.option]["decides"]
    beside = tuple((name, *of) for name, of in ends.items()) if figure.to else ()
    told = _assumed(low, high, f"what decides most: {decides['symbol']}" if decides else "")
    return replace(told, beside=beside)


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
    soldiers = sum(package.soldiers for package in scenario_of(answers.study).option(option).packages
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
    "timing": {"paradox": _paradox, "gain": _gain},
    "response": {"trap": _trap, "silence_cost": _silence_cost, "war_after_in_kind": _war_after_in_kind},
    "ladder": {"step_up": _step_up},
    "grain": {"price_change": _price_change},
    "renewal": {"aid_over_force": _aid_over_force},
}
# Those that are probabilities.
PROBABILITIES = {("ladder", "step_up"), ("response", "war_after_in_kind"), ("commitments", "at_least_3"),
                 ("commitments", "lost_mission"), ("commitments", "lost_nato"), ("commitments", "lost_eu")}
