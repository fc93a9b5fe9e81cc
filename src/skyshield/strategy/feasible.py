r"""Whether the coalition's states could provide an option: yes, no or undecided, and the capability that binds.

An option is possible if for each capability c that its packages need

    sum_i inventory_ic readiness_c release_ic - committed_c >= need_c,

i over the states behind it. Nothing on the left is published, so each is an interval, and committed is a share of what
is released. A state that has said no releases nothing, one that has said yes what the catalogue's interval says, and
one that has made conditions or said nothing between nothing and the interval's high end. So at the low ends only a yes
counts, at the high ends whatever is not refused. The answer is

- **yes** if the low ends suffice for the high end of the need,
- **no** if the high ends do not suffice for its low end,
- **undecided** otherwise, and always where no state's numbers are published (`Coalition.unpublished`).

What puts people on Ukrainian soil needs a state's consent to that too (`ground`). A yes that holds from a ceasefire on
is conditional for a package that starts before. The capability that binds is, of those with the worst answer, the one
of which the states have least over the need, at the high ends. The option is **sized again**: the largest share of it
that is possible at low and at high ends, never more than the members that are left bring.

Money is what the option is planned to cost in a year, on the cheaper and the dearer boundary, against a share of the
states' gross domestic products. Where members of the scenario name no state, all states of the table stand behind it.

Assumptions: units of a capability are alike whatever state they are of; readiness and release are the same for all
states, which are at the same end together. Source: strategy specification, S5; the numbers are judgements.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np
import shapely

from skyshield.catalogue import Catalogue
from skyshield.compile.campaign import package_lead_days
from skyshield.compile.context import CompileContext
from skyshield.compile.planned import planned_by_package
from skyshield.core.arrays import Floats
from skyshield.core.errors import SkyShieldError
from skyshield.core.vocabulary import N_BOUNDARIES
from skyshield.forces import Deployment, ForcePackage, Member, contributed
from skyshield.forces.coalition import CAPABILITIES, MONEY, Coalition, Domain, State, coalition, least, once, release
from skyshield.scenario import Option, Scenario
from skyshield.theatre import Theatre, own_plane

YES, UNDECIDED, NO = "yes", "undecided", "no"
MEMBERS = "members"  # binds where members that are struck took their shares along
DAYS_A_YEAR = 365
_DAY_S = 86400.0
_ENDS = ("low", "reference", "high")
_STARTS = ("before_ceasefire", "at_ceasefire", "after_ceasefire", "in_a_few_years")  # in the order in which they come
_BATTERIES = ("irist_batteries", "nasams_batteries", "patriot_batteries")
_SHARE_OF: Mapping[str, str] = {"fighters": "aircraft", "tankers": "aircraft", "early_warning_aircraft": "aircraft",
                                "frigates": "ships", "minehunters": "ships", MONEY: "money"}  # of a member; else people
_ENOUGH = 1e-9
# What a capability is called in tables.
WORDS: Mapping[str, str] = {
    "fighters": "fighters", "tankers": "tankers", "early_warning_aircraft": "early-warning aircraft",
    "soldiers": "soldiers, with those who relieve them", "irist_batteries": "IRIS-T SLM batteries",
    "nasams_batteries": "NASAMS batteries", "patriot_batteries": "Patriot batteries", "guns": "guns",
    "drone_teams": "interceptor-drone teams", "frigates": "frigates and destroyers",
    "minehunters": "mine-countermeasure ships", "money_eur_a_year": "money a year",
    "members": "members that are struck"}


class Ends(NamedTuple):
    """A number by its low and its high end; the high one is infinite where nobody knows it."""

    low: float
    high: float

    def __add__(self, other: "Ends") -> "Ends":  # type: ignore[override]
        """Return the sum, end by end."""
        return Ends(self.low + other.low, self.high + other.high)


class AtEnd:
    """The catalogue's numbers at one end, f8[1] each in SI units; what the scenario fixes stands at every end."""

    def __init__(self, catalogue: Catalogue, end: str, assumptions: Mapping[str, float] | None = None) -> None:
        self._catalogue, self._end, self._assumptions = catalogue, end, dict(assumptions or {})

    def __getitem__(self, name: str) -> Floats:
        """Return f8[1]."""
        entry = self._catalogue[name]
        if name in self._assumptions:
            return np.array([entry.si_of(self._assumptions[name])])
        return np.array([{"low": entry.si()[0], "high": entry.si()[2]}.get(self._end, entry.reference_si)])


@dataclass(frozen=True)
class Need:
    """What packages need of a capability together, whether in Ukraine, and whether a ceasefire holds by then."""

    units: Ends
    in_ukraine: bool
    ceasefire: bool

    def domains(self, capability: str) -> tuple[Domain, ...]:
        """Return where states must agree: a ship off the coast is no matter of the ground."""
        own = CAPABILITIES[capability]
        return (own, "ground") if self.in_ukraine and own == "air" else (own,)


@dataclass(frozen=True)
class Answer:
    """Whether one capability suffices: the need, what the states have for it, and what follows."""

    need: Ends
    have: Ends
    in_ukraine: bool

    @property
    def word(self) -> str:
        """Yes, no or undecided."""
        if self.have.low >= self.need.high * (1.0 - _ENOUGH):
            return YES
        return NO if self.have.high < self.need.low * (1.0 - _ENOUGH) else UNDECIDED

    @property
    def part(self) -> Ends:
        """The part of the need that is met at low and at high ends, at most 1."""
        return Ends(_part(self.have.low, self.need.high), _part(self.have.high, self.need.low))

    @property
    def reach(self) -> float:
        """What the states have at the high ends over the low end of the need: what binds has the least."""
        return self.have.high / self.need.low if self.need.low > 0.0 else float("inf")

    @property
    def short_by(self) -> Ends:
        """Units that are missing: with everything unknown released, and at the low ends."""
        return Ends(max(0.0, self.need.low - self.have.high), max(0.0, self.need.high - self.have.low))

    def to_dict(self) -> dict[str, Any]:
        """Return it as plain data; what nobody knows is None."""
        return {"need_low": self.need.low, "need_high": self.need.high, "have_low": self.have.low,
                "have_high": self.have.high if np.isfinite(self.have.high) else None, "answer": self.word,
                "in_ukraine": self.in_ukraine}


def _part(have: float, need: float) -> float:
    return 1.0 if need <= 0.0 else min(1.0, have / need)


def available(capability: str, need: Need, states: Iterable[State], table: Coalition, catalogue: Catalogue) -> Ends:
    """Return how many units of a capability the states could give, from what all have to what some have said.

    Parameters
    ----------
    capability
        One of `skyshield.forces.coalition.CAPABILITIES`.
    need
        For its place and time.
    states, table
        Those behind the option; the table they are of.
    catalogue
        Readiness, release and what is committed.

    Examples
    --------
    >>> from skyshield.catalogue import load_catalogue
    >>> one = [coalition().named("Belgium")]  # has 35 to 55 fighters and said yes, after a ceasefire
    >>> later, now = (Need(Ends(1.0, 1.0), False, ceasefire) for ceasefire in (True, False))
    >>> found = available("fighters", later, one, coalition(), load_catalogue())
    >>> [round(end, 2) for end in found], available("fighters", now, one, coalition(), load_catalogue()).low
    ([0.35, 11.14], 0.0)
    """
    total = Ends(0.0, 0.0)
    for state in states:
        said = least(state.says[domain].at(need.ceasefire) for domain in need.domains(capability))
        total += _of_state(capability, state, said, table, catalogue)
    return total


def _of_state(capability: str, state: State, said: Any, table: Coalition, catalogue: Catalogue) -> Ends:
    if capability in table.unpublished:
        return Ends(0.0, 0.0 if said == NO else float("inf"))
    if capability == MONEY:
        return Ends(*(state.gdp_eur * share for share in release(said, _range(catalogue, "release_money"))))
    kind = "batteries" if capability in _BATTERIES else capability
    ready, left = _range(catalogue, f"readiness_{kind}"), _range(catalogue, "committed_share")
    low_share, high_share = release(said, _range(catalogue, f"release_{kind}"))
    has = state.has.get(capability, (0.0, 0.0))
    low = has[0] * ready[0] * low_share * (1.0 - left[1])
    high = has[1] * ready[1] * high_share * (1.0 - left[0])
    if capability in state.offers and said != NO:  # an offer is what is left over, of soldiers deployed at a time
        high = state.offers[capability] * _range(catalogue, "offer_rotation")[1]
    return Ends(min(low, high), high)


def _range(catalogue: Catalogue, key: str) -> tuple[float, float]:
    low, _, high = catalogue[key].si()
    return low, high


@dataclass(frozen=True)
class Found:
    """What was found of an option, or of those of its packages that have started."""

    answers: Mapping[str, Answer]
    size_left: float = 1.0

    @property
    def word(self) -> str:
        """Yes, no or undecided."""
        words = [answer.word for answer in self.answers.values()]
        if self.size_left < 1.0 - _ENOUGH or NO in words:
            return NO
        return UNDECIDED if UNDECIDED in words else YES

    @property
    def binds(self) -> str | None:
        """The capability that binds, `MEMBERS` if members that are struck lack, None if nothing does."""
        reach = {name: answer.reach for name, answer in self.answers.items() if answer.word == self.word}
        if self.size_left < 1.0 - _ENOUGH and self.size_left <= min(reach.values(), default=1.0):
            return MEMBERS
        return None if self.word == YES else min(reach, key=lambda name: reach[name])

    @property
    def fits(self) -> Ends:
        """The largest share of it that is possible, at low and at high ends."""
        parts = [answer.part for answer in self.answers.values()]
        return Ends(min([self.size_left, *(part.low for part in parts)]),
                    min([self.size_left, *(part.high for part in parts)]))


@dataclass(frozen=True)
class Asked:
    """A scenario's parts, the states that are struck from it, and what its packages are planned to cost.

    `cost_eur_a_year` is f8[option, package, boundary], with the first of the packages that are there on the same days.
    """

    scenario: Scenario
    theatre: Theatre
    catalogue: Catalogue
    cost_eur_a_year: Floats
    without: tuple[str, ...] = ()
    table: Coalition = field(default_factory=coalition)

    def at(self, end: str) -> AtEnd:
        """Return the catalogue's numbers at an end, with what the scenario fixes."""
        return AtEnd(self.catalogue, end, self.scenario.assumptions)


def asked_of(context: CompileContext, without: Sequence[str] = ()) -> Asked:
    """Return what is asked of a compiled scenario; states by name or code in `without` are struck.

    Raises
    ------
    SkyShieldError
        If a state is unknown or named twice.
    """
    table = coalition()
    table.without(without, "--without")
    once([member.name for member in context.scenario.members], "member")
    struck = tuple(table.named(name).name for name in without)
    cost = planned_by_package(context).sum(axis=3) * DAYS_A_YEAR
    return Asked(context.scenario, context.theatre, context.catalogue, cost, struck, table)


def asked_of_study(scenario: Scenario, theatre: Theatre, catalogue: Catalogue,
                   planned_a_day_eur: Mapping[str, Sequence[Sequence[float]]]) -> Asked:
    """Return what is asked of a study: its parts, and option -> what it plans a day by package and boundary, EUR."""
    cost = np.zeros((len(scenario.options), max((len(one.packages) for one in scenario.options), default=0),
                     N_BOUNDARIES))
    for k, option in enumerate(scenario.options):
        for place, of_package in enumerate(planned_a_day_eur[option.name]):
            cost[k, place] = np.array(of_package) * DAYS_A_YEAR
    return Asked(scenario.campaign, theatre, catalogue, cost)


def feasible(asked: Asked) -> dict[str, Any]:
    """Return for each option whether it is possible, as plain data: see the table at the top of the page of commands.

    Returns
    -------
    dict
        ``options``, name -> {answer, binds, short_by, capabilities, now, starts, fits_low, fits_high, size_left,
        states, people, money_eur_a_year}; ``without``, the states struck; ``states``, how many are left.
    """
    options = {option.name: _of_option(asked, k, option) for k, option in enumerate(asked.scenario.options)}
    return {"scenario": asked.scenario.name, "without": list(asked.without),
            "states": len(asked.table.without(asked.without)), "options": options}


def _of_option(asked: Asked, index: int, option: Option) -> dict[str, Any]:
    behind, everyone = members_of(option, asked.scenario.members), asked.table.without(asked.without)
    left = [member for member in behind if member.active and member.state not in asked.without]
    named = [member.state for member in left]
    states = [state for state in everyone if state.name in named] if left and None not in named else list(everyone)
    everywhere = [member.model_copy(update={"active": True}) for member in behind]

    def found(packages: Sequence[tuple[int, ForcePackage]], ceasefire: bool | None = None) -> Found:
        needs = _needs(asked, index, packages, everywhere, ceasefire)
        answers = {name: Answer(need.units, available(name, need, states, asked.table, asked.catalogue),
                                need.in_ukraine) for name, need in needs.items()}
        return Found(answers, _size_left(needs, behind, left))

    packages = list(enumerate(option.packages))
    whole, now = found(packages), found(packages, ceasefire=False)
    starts = []
    for start in _in_order({package.start for package in option.packages}, asked.scenario):
        begun = [one for one in packages if _order(one[1].start, asked.scenario) <= _order(start, asked.scenario)]
        there = found(begun)
        starts.append(_when(asked, start, [package for _, package in begun if package.start == start])
                      | {"answer": there.word, "binds": there.binds})
    money = whole.answers[MONEY].need if MONEY in whole.answers else Ends(0.0, 0.0)
    bound = whole.answers.get(whole.binds or "")
    short = Ends(0.0, 0.0) if bound is None else bound.short_by
    return {"answer": whole.word, "binds": whole.binds, "short_by": {"low": short.low, "high": short.high},
            "capabilities": {name: answer.to_dict() for name, answer in whole.answers.items()},
            "now": {"answer": now.word, "binds": now.binds}, "starts": starts, "fits_low": whole.fits.low,
            "fits_high": whole.fits.high, "size_left": whole.size_left, "states": len(states),
            "people": _people(asked, option, everywhere),
            "money_eur_a_year": {"low": money.low, "high": money.high}}


def members_of(option: Option, members: Sequence[Member]) -> tuple[Member, ...]:
    """Return the members of a scenario that provide an option: those it names, or all.

    Raises
    ------
    SkyShieldError
        If it names one that there is not, or one twice.
    """
    names: Sequence[str] = getattr(option, "members", None) or ()
    once(names, f"option {option.name}: member")
    known = {member.name: member for member in members}
    unknown = next((name for name in names if name not in known), None)
    if unknown is not None:
        raise SkyShieldError(f"option {option.name}: member {unknown!r}", "is not a member of the scenario",
                             f"choose from {', '.join(known) or 'none'}")
    return tuple(known[name] for name in names) if names else tuple(members)


def _needs(asked: Asked, index: int, packages: Sequence[tuple[int, ForcePackage]], members: Sequence[Member],
           ceasefire: bool | None) -> dict[str, Need]:
    """Return what packages need by capability; all before or after a ceasefire if one of the two is given."""
    result: dict[str, Need] = {}
    for place, package in packages:
        after = _after_ceasefire(package.start, asked.scenario) if ceasefire is None else ceasefire
        deployments = [Deployment(members, asked.theatre, asked.at(end)) for end in _ENDS]
        found = [package.needs(deployment) for deployment in deployments]
        for name in dict.fromkeys(name for needs in found for name in needs):
            ends = [float(needs[name].max()) if name in needs else 0.0 for needs in found]
            _add(result, name, Need(Ends(min(ends), max(ends)), _stands_in_ukraine(package, deployments[1]), after))
        cost = asked.cost_eur_a_year[index, place]
        _add(result, MONEY, Need(Ends(float(cost.min()), float(cost.max())), False, after))
    return {name: need for name, need in result.items() if need.units.high > 0.0}


def _add(needs: dict[str, Need], name: str, more: Need) -> None:
    if name not in CAPABILITIES:
        raise SkyShieldError(f"need {name!r}", "is no capability of states", f"use {', '.join(CAPABILITIES)}")
    there = needs.get(name)
    needs[name] = more if there is None else Need(there.units + more.units, there.in_ukraine or more.in_ukraine,
                                                  there.ceasefire and more.ceasefire)


def _stands_in_ukraine(package: ForcePackage, deployment: Deployment) -> bool:
    """Return whether a package has people on the ground in Ukraine."""
    places = [(place.x_m, place.y_m) for place in package.people(deployment) if place.people.max() > 0.0]
    return bool(places) and bool(shapely.contains_xy(own_plane(deployment.theatre), *np.array(places).T).any())


def _size_left(needs: Mapping[str, Need], members: Sequence[Member], left: Sequence[Member]) -> float:
    """Return the smallest share of what is needed that the members left have of what all had."""
    before, after = contributed(members, idle=True), contributed(left)
    shares = {_SHARE_OF.get(name, "people") for name in needs}
    return min([1.0, *(after[share] / before[share] for share in shares if before[share] > 0.0)])


def _people(asked: Asked, option: Option, members: Sequence[Member]) -> float:
    deployment = Deployment(members, asked.theatre, asked.at("reference"))
    return float(sum(place.people.max() for package in option.packages for place in package.people(deployment)))


def _after_ceasefire(start: str | int, scenario: Scenario) -> bool:
    """Return whether a ceasefire holds, or has held, when a package starts."""
    if isinstance(start, int):
        return scenario.phase_of_day(max(1, min(start, scenario.days))) != "war"
    return start != _STARTS[0]


def _first_day(phase: str, scenario: Scenario) -> int | None:
    return next((one.first_day for one in scenario.phases if one.name == phase), None)


def _order(start: str | int, scenario: Scenario) -> float:
    """Return when a start comes, for putting starts in order."""
    if isinstance(start, int):
        return float(start)
    ceasefire = _first_day("ceasefire", scenario) or scenario.days + 1
    return {"before_ceasefire": 0.0, "at_ceasefire": float(ceasefire), "after_ceasefire": ceasefire + 0.5,
            "in_a_few_years": float(_first_day("in_a_few_years", scenario) or scenario.days + 2)}[start]


def _in_order(starts: Iterable[str | int], scenario: Scenario) -> list[str | int]:
    return sorted(starts, key=lambda start: _order(start, scenario))


def _when(asked: Asked, start: str | int, packages: Sequence[ForcePackage]) -> dict[str, Any]:
    """Return when packages of one start are there: days that it takes, and the first day, None if its phase is not."""
    scenario = asked.scenario
    lead = Ends(*(max((package_lead_days(package, asked.at(end)) for package in packages), default=0)
                  for end in ("low", "high")))
    phase = "in_a_few_years" if start == "in_a_few_years" else "ceasefire"
    begins = start if isinstance(start, int) else 1 if start == "before_ceasefire" else _first_day(phase, scenario)
    before = scenario.decided_before_days if start == "before_ceasefire" else 0
    waits = Ends(0.0, 0.0) if isinstance(start, int) or start in ("at_ceasefire", "in_a_few_years") else Ends(
        max(0.0, lead.low - before), max(0.0, lead.high - before))
    first = None if begins is None else [int(begins + wait) for wait in waits]
    return {"start": start, "packages": [package.kind for package in packages],
            "lead_days_low": int(lead.low), "lead_days_high": int(lead.high),
            "first_day_low": None if first is None else first[0], "first_day_high": None if first is None else first[1]}
