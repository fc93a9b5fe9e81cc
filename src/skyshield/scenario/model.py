"""A scenario as frozen data, exactly as its YAML file states it."""

import datetime as dt
import functools
import operator
import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from skyshield.core.errors import SkyShieldError
from skyshield.core.units import parse_quantity
from skyshield.forces import CONTRIBUTIONS, PACKAGES, ROLES, ForcePackage, Member, Role, contributed
from skyshield.forces.members import among_themselves
from skyshield.forces.money import Money
from skyshield.rules import CLAUSES, RulesOfEngagement, ZoneClause

MAX_DAYS = 1827
MAX_DECIDED_BEFORE_DAYS = 3660
MOST_UAV_INTENSITY = 10.0
MAX_OPTIONS = 64
MAX_PACKAGES = 16
FIRST_DATE, LAST_DATE = dt.date(2000, 1, 1), dt.date(2099, 12, 31)
LONGEST_NAME, LONGEST_SHORT = 90, 24
MAX_PAIRS = 16
_NAME = re.compile(r"[a-z][a-z0-9_]*")


def _name(value: str) -> str:
    if not _NAME.fullmatch(value) or len(value) > LONGEST_NAME:
        raise PydanticCustomError("name", "{what}; {mend}", {
            "what": f"is {value!r}, not a name",
            "mend": f"use up to {LONGEST_NAME} lower-case letters, digits and underscores"})
    return value


Name = Annotated[str, AfterValidator(_name)]
Text = Annotated[str, Field(min_length=1, max_length=500)]
if TYPE_CHECKING:
    Package = ForcePackage
else:
    Package = Annotated[functools.reduce(operator.or_, PACKAGES), Field(discriminator="kind")]
_POWER_OF_TEN = re.compile(r"[-+]?[0-9]+(\.[0-9]+)?[eE][-+]?[0-9]+")


def _number(value: object) -> object:
    """Return 1e-5 as the number that it is meant to be: YAML 1.1 reads it as text for want of a point."""
    return float(value) if isinstance(value, str) and _POWER_OF_TEN.fullmatch(value) else value


Number = Annotated[float, Field(strict=True, allow_inf_nan=False), BeforeValidator(_number)]


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


PhaseName = Literal["war", "ceasefire", "violation", "collapse", "in_a_few_years"]
CEASEFIRES: tuple[PhaseName, ...] = ("ceasefire", "in_a_few_years")  # on the calendar; until they break down
BY_CHANCE: tuple[PhaseName, ...] = ("violation", "collapse")  # what a ceasefire may turn into on any day
Day = Annotated[int, Field(ge=1, le=MAX_DAYS, strict=True)]


class Phase(_Frozen):
    """A part of the period, or what a ceasefire may turn into.

    War, ceasefire and in_a_few_years stand on the calendar: each holds from its first day to its last, if it has one,
    or to the day before the next. In a ceasefire no raids fly unless it says so. Violation and collapse have no days:
    with them a ceasefire may be violated for a time, or break down for good, on a day that is drawn. `raid_intensity`
    is the expected number of launches over that of war, `uav_intensity` that of UAVs over the rest's.
    """

    name: PhaseName
    first_day: Day | None = None
    last_day: Day | None = None
    raid_intensity: Annotated[Number, Field(ge=0.0, le=1.0)] | None = None
    uav_intensity: Annotated[Number, Field(ge=0.0, le=MOST_UAV_INTENSITY)] = 1.0

    @property
    def intensity(self) -> float:
        """The intensity of raids from 0 to 1; by default that of its name, of a violation nothing is known here.

        Examples
        --------
        >>> Phase(name="war").intensity, Phase(name="ceasefire").intensity
        (1.0, 0.0)
        """
        if self.raid_intensity is not None:
            return self.raid_intensity
        return 1.0 if self.name in ("war", "collapse") else 0.0

    @property
    def by_chance(self) -> bool:
        """Whether it is what a ceasefire may turn into, without days of its own."""
        return self.name in BY_CHANCE

    @model_validator(mode="after")
    def _days(self) -> "Phase":
        if self.by_chance and (self.first_day is not None or self.last_day is not None):
            raise PydanticCustomError("phase", "{what}; {mend}", {
                "what": f"{self.name} comes by chance, but has days", "mend": "leave first_day and last_day out"})
        if self.last_day is not None and self.last_day < (self.first_day or 1):
            raise PydanticCustomError("phase", "{what}; {mend}", {
                "what": f"{self.name} ends on day {self.last_day}, before it starts on day {self.first_day or 1}",
                "mend": "give a last_day from its first_day on"})
        return self


class Option(_Frozen):
    """One of the guarantees compared: packages of forces under rules of engagement.

    An option without packages is Ukraine's own defence alone. `short` is a label of few letters for pictures and
    narrow columns. `members` are those of the scenario that provide it, all if not given.
    """

    name: Name = "unnamed"
    label: Text
    short: Annotated[str, Field(min_length=1, max_length=LONGEST_SHORT)] | None = None
    packages: Annotated[tuple[Package, ...], Field(max_length=MAX_PACKAGES)] = ()
    rules: RulesOfEngagement = RulesOfEngagement()
    budget: Money | None = None
    members: Annotated[tuple[str, ...], Field(max_length=64)] | None = None

    @model_validator(mode="after")
    def _together(self) -> "Option":
        seeing = {package.start for package in self.packages if package.role == "sensors"}
        starts = seeing | {package.start for package in self.packages if package.fires}
        if seeing and len(starts) > 1 and seeing != {"before_ceasefire"}:  # else they are there before any shooter
            raise PydanticCustomError("packages", "{what}; {mend}", {
                "what": "its sensors do not start with its shooters", "mend": "give these packages the same start"})
        if sum(package.aid() is not None for package in self.packages) > 1:
            raise PydanticCustomError("packages", "{what}; {mend}", {
                "what": "it has more than one package of aid", "mend": "put their money into one"})
        if sum(package.flies for package in self.packages) > 1:
            raise PydanticCustomError("packages", "{what}; {mend}", {
                "what": "it has more than one package of fighters", "mend": "put their aircraft and places into one"})
        return self

    @property
    def fires(self) -> bool:
        """Whether the option has a shooter of its own."""
        return any(package.fires for package in self.packages)

    @property
    def role(self) -> Role | None:
        """What the option is: the first of `ROLES` that one of its packages has; None if it has no package."""
        return next((role for role in ROLES if any(package.role == role for package in self.packages)), None)

    @property
    def twin(self) -> str | None:
        """The option whose planned cost is the budget of this one's aid, None if there is none."""
        return next((terms.twin_of for package in self.packages if (terms := package.aid()) is not None), None)

    @property
    def budget_eur(self) -> float | None:
        """The budget in euros, None if none is set."""
        return None if self.budget is None else parse_quantity(self.budget, "EUR", "budget")

    def without(self, clause: str) -> "Option":
        """Return the option with one clause of its rules dropped."""
        return self.model_copy(update={"name": f"{self.name}_without_{clause}",
                                       "label": f"{self.label}, without the clause {clause}", "short": None,
                                       "rules": self.rules.without(clause)})


class Scenario(_Frozen):
    """What is asked: a period, a fit, a protected area, members, phases and the options to compare.

    With `of_days` the period is the first `days` of a campaign of so many, for which forces and budgets are planned.
    `protected_area` is the area in which `prevented_zone` counts, the same for every option. `assumptions`
    fixes entries of the catalogue that have no centre, each in its entry's unit; the envelope leaves them there.
    Everything is decided on the first day, unless `decided_before_days` says how long before: lead times, growth and
    stores count from the decision. `pairs` are options that the report holds against one another, the first of each
    minus the second, besides every option with forces against the same money as aid.
    """

    name: Name
    title: Text
    question: Text
    start_date: Annotated[dt.date, Field(ge=FIRST_DATE, le=LAST_DATE)]
    days: Annotated[int, Field(ge=1, le=MAX_DAYS, strict=True)]
    decided_before_days: Annotated[int, Field(ge=0, le=MAX_DECIDED_BEFORE_DAYS, strict=True)] = 0
    of_days: Annotated[int | None, Field(ge=1, le=MAX_DAYS, strict=True)] = None
    fit: Literal["embedded"] = "embedded"
    baseline: Name
    protected_area: ZoneClause
    members: Annotated[tuple[Member, ...], Field(max_length=64)] = ()
    phases: Annotated[tuple[Phase, ...], Field(min_length=1, max_length=8)] = (Phase(name="war"),)
    assumptions: Annotated[dict[str, Number], Field(max_length=64)] = {}
    pairs: Annotated[tuple[tuple[Name, Name], ...], Field(max_length=MAX_PAIRS)] = ()
    options: Annotated[tuple[Option, ...], Field(min_length=1, max_length=MAX_OPTIONS)]

    @model_validator(mode="after")
    def _agree(self) -> "Scenario":
        names = [option.name for option in self.options]
        if self.baseline not in names:
            raise PydanticCustomError("baseline", "{what}; {mend}", {
                "what": f"the baseline {self.baseline!r} is not among the options", "mend": "name one of the options"})
        if len(set(names)) != len(names):
            raise PydanticCustomError("options", "{what}; {mend}", {
                "what": "two options have the same name", "mend": "give each its own"})
        for one, other in self.pairs:
            missing = next((name for name in (one, other) if name not in names), None)
            if missing is not None:
                raise PydanticCustomError("pairs", "{what}; {mend}", {
                    "what": f"{missing!r} is not among the options", "mend": f"choose from {', '.join(names)}"})
            if one == other:
                raise PydanticCustomError("pairs", "{what}; {mend}", {
                    "what": f"{one!r} is paired with itself", "mend": "pair two different options"})
        if self.campaign_days < self.days:
            raise PydanticCustomError("of_days", "{what}; {mend}", {
                "what": f"{self.days} days are more than the campaign's {self.of_days}",
                "mend": "give as many or fewer days, or leave of_days out"})
        self._check_phases()
        self._check_members(names)
        together = contributed(self.members, idle=True)
        for name in CONTRIBUTIONS:
            if together[name] > 1.0 + 1e-9:
                raise PydanticCustomError("members", "{what}; {mend}", {
                    "what": f"the members' {name} shares add up to {together[name]:g}",
                    "mend": "let them add up to at most 1"})
        return self

    def _check_phases(self) -> None:
        """Refuse phases that leave a day without one, or a start that never comes."""
        calendar = self.calendar
        days = [phase.first_day or 1 for phase in calendar]
        if not days or days[0] != 1 or days != sorted(set(days)):
            raise PydanticCustomError("phases", "{what}; {mend}", {
                "what": "the phases do not start on day 1 in ascending order", "mend": "order them by first_day"})
        for phase, later in zip(calendar, [*calendar[1:], None], strict=True):
            last = phase.last_day
            if last is not None and (last < self.campaign_days if later is None else last + 1 != later.first_day):
                raise PydanticCustomError("phases", "{what}; {mend}", {
                    "what": f"{phase.name} ends on day {last}, and the next one "
                            + ("is missing" if later is None else f"starts on day {later.first_day}"),
                    "mend": "let the next one start on the day after, or leave last_day out"})
        chance = [phase.name for phase in self.phases if phase.by_chance]
        if len(set(chance)) != len(chance):
            raise PydanticCustomError("phases", "{what}; {mend}", {
                "what": f"{chance[0]} stands twice", "mend": "leave one of them"})
        if chance and all(phase.name not in CEASEFIRES for phase in calendar):
            raise PydanticCustomError("phases", "{what}; {mend}", {
                "what": f"{chance[0]} can never come: there is no ceasefire that could turn into it",
                "mend": "add a ceasefire, or leave it out"})
        there = {phase.name for phase in calendar if (phase.first_day or 1) <= self.campaign_days}
        for option in self.options:
            for package in option.packages:
                missing = package.start_missing(there, self.campaign_days)
                if missing:
                    raise PydanticCustomError("start", "{what}; {mend}", {
                        "what": f"options.{option.name} has a package that starts {missing}, which never comes",
                        "mend": "add the phase, let it start within the days, or let the package start earlier"})

    def _check_members(self, names: Sequence[str]) -> None:
        """Refuse a member that stands twice, and one that an option names and nobody is."""
        del names
        for of, values in (("name", [member.name for member in self.members]),
                           ("state", [member.state for member in self.members if member.state is not None])):
            twice = next((value for value in values if values.count(value) > 1), None)
            if twice is not None:
                raise PydanticCustomError("members", "{what}; {mend}", {
                    "what": f"two members have the {of} {twice!r}", "mend": "put their shares into one"})
        known = [member.name for member in self.members]
        for option in self.options:
            for name in option.members or ():
                if name not in known or (option.members or ()).count(name) > 1:
                    raise PydanticCustomError("members", "{what}; {mend}", {
                        "what": f"options.{option.name} names the member {name!r} "
                                + ("twice" if name in known else "that the scenario does not have"),
                        "mend": f"choose from {', '.join(known)}" if known else "add the member to the scenario"})

    def members_of(self, option: Option) -> tuple[Member, ...]:
        """Return the members that provide an option, if it names them with shares that add up to 1 among them."""
        if option.members is None:
            return self.members
        return tuple(among_themselves([member for member in self.members if member.name in option.members]))

    @property
    def calendar(self) -> tuple[Phase, ...]:
        """The phases that stand on the calendar."""
        return tuple(phase for phase in self.phases if not phase.by_chance)

    @property
    def campaign_days(self) -> int:
        """Days of the whole campaign, of which the period is the first part or all."""
        return self.days if self.of_days is None else self.of_days

    @property
    def campaign(self) -> "Scenario":
        """The scenario over the whole campaign."""
        return self if self.of_days is None else self.model_copy(update={"days": self.of_days, "of_days": None})

    def first(self, days: int) -> "Scenario":
        """Return the scenario over its first days alone, planned for as many as before; over more if it has fewer.

        Examples
        --------
        >>> from skyshield.scenario import load
        >>> first = load("skyshield").model_copy(update={"days": 365}).first(30)
        >>> first.days, first.campaign_days, first.first(365).of_days
        (30, 365, None)
        """
        of_days = self.campaign_days if days < self.campaign_days else None
        return self.model_copy(update={"days": days, "of_days": of_days})

    def option(self, name: str) -> Option:
        """Return the option of that name."""
        for option in self.options:
            if option.name == name:
                return option
        raise SkyShieldError(f"option {name!r}", "is not in the scenario",
                             f"choose from {', '.join(o.name for o in self.options)}")

    def phase_of_day(self, day: int) -> str:
        """Return the phase that holds on a day, counted from 1."""
        return [phase.name for phase in self.calendar if (phase.first_day or 1) <= day][-1]

    def phase_index_by_day(self) -> tuple[int, ...]:
        """Return the place among `phases` of the phase that holds on each day of the period."""
        begun = [(phase.first_day or 1, k) for k, phase in enumerate(self.phases) if not phase.by_chance]
        until = [*(first for first, _ in begun[1:]), self.days + 1]
        return tuple(place for (first, place), last in zip(begun, until, strict=True)
                     for _ in range(first, min(last, self.days + 1)))

    def phase_by_day(self) -> tuple[str, ...]:
        """Return the phase that holds on each day of the period.

        Examples
        --------
        >>> from skyshield.scenario import load
        >>> set(load("skyshield").phase_by_day())
        {'war'}
        """
        return tuple(self.phases[place].name for place in self.phase_index_by_day())

    def chosen(self, names: tuple[str, ...]) -> "Scenario":
        """Return the scenario with the named options, their twins and the baseline only, in the scenario's order."""
        wanted = {*names, self.baseline} | {self.option(name).twin for name in names}
        kept = tuple(o for o in self.options if o.name in wanted)
        pairs = tuple(pair for pair in self.pairs if {*pair} <= wanted)
        return self.model_copy(update={"options": kept, "pairs": pairs})

    def with_clauses_dropped(self) -> "Scenario":
        """Return the scenario with, for each option, one more option for each clause it holds, without it.

        Raises
        ------
        SkyShieldError
            If that makes too many options, a name too long or one that is taken.
        """
        more = [option.without(clause) for option in self.options if option.fires
                for clause in CLAUSES if getattr(option.rules, clause) is not None]
        if len(self.options) + len(more) > MAX_OPTIONS:
            raise SkyShieldError("--rules", f"makes {len(self.options) + len(more)} options, more than {MAX_OPTIONS}",
                                 "choose fewer options with --options")
        taken = {option.name for option in self.options}
        for option in more:
            if option.name in taken or len(option.name) > LONGEST_NAME:
                raise SkyShieldError("--rules", f"makes an option of the name {option.name!r}, taken or too long",
                                     "rename the option in the scenario")
        return self.model_copy(update={"options": (*self.options, *more)})

    def dropped_clauses(self) -> dict[str, tuple[str, str]]:
        """Return, for each option that is another one with a clause dropped, that other and the clause.

        Told by what the options are, not by their names alone: an option of such a name with forces of its own is
        an option like any other.

        Examples
        --------
        >>> from skyshield.scenario import load
        >>> list(load("skyshield").chosen(("region",)).with_clauses_dropped().dropped_clauses().items())[:1]
        [('region_without_target_classes', ('region', 'target_classes'))]
        """
        options = {option.name: option for option in self.options}
        result = {}
        for option in self.options:
            for clause in CLAUSES:
                alone = option.without(clause)
                there = options.get(alone.name)
                if getattr(option.rules, clause) is not None and there is not None \
                        and (there.packages, there.rules) == (alone.packages, alone.rules):
                    result[there.name] = (option.name, clause)
        return result

    def without_dropped(self) -> "Scenario":
        """Return the scenario without the options that only price a clause."""
        dropped = self.dropped_clauses()
        return self.model_copy(update={"options": tuple(o for o in self.options if o.name not in dropped)})
