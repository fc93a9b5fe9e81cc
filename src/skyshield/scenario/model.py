"""A scenario as frozen data, exactly as its YAML file states it."""

import datetime as dt
import functools
import operator
import re
from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from skyshield.core.errors import SkyShieldError
from skyshield.core.units import parse_quantity
from skyshield.forces import CONTRIBUTIONS, PACKAGES, ROLES, ForcePackage, Member, Role, contributed
from skyshield.forces.money import Money
from skyshield.rules import CLAUSES, RulesOfEngagement, ZoneClause

MAX_DAYS = 366
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


class Phase(_Frozen):
    """A part of the period from its first day on: war, or ceasefire, in which no raids fly unless it says so.

    `raid_intensity` is the expected number of launches over that of war, `uav_intensity` that of UAVs over the rest's.
    """

    name: Literal["war", "ceasefire"]
    first_day: Annotated[int, Field(ge=1, le=MAX_DAYS, strict=True)] = 1
    raid_intensity: Annotated[Number, Field(ge=0.0, le=1.0)] | None = None
    uav_intensity: Annotated[Number, Field(ge=0.0, le=MOST_UAV_INTENSITY)] = 1.0

    @property
    def intensity(self) -> float:
        """The intensity of raids from 0 to 1; by default that of its name.

        Examples
        --------
        >>> Phase(name="war").intensity, Phase(name="ceasefire").intensity
        (1.0, 0.0)
        """
        if self.raid_intensity is not None:
            return self.raid_intensity
        return 1.0 if self.name == "war" else 0.0


class Option(_Frozen):
    """One of the guarantees compared: packages of forces under rules of engagement.

    An option without packages is Ukraine's own defence alone. `short` is a label of few letters for pictures and
    narrow columns.
    """

    name: Name = "unnamed"
    label: Text
    short: Annotated[str, Field(min_length=1, max_length=LONGEST_SHORT)] | None = None
    packages: Annotated[tuple[Package, ...], Field(max_length=MAX_PACKAGES)] = ()
    rules: RulesOfEngagement = RulesOfEngagement()
    budget: Money | None = None

    @model_validator(mode="after")
    def _together(self) -> "Option":
        seeing = {package.start for package in self.packages if package.role == "sensors"}
        if seeing and len(seeing | {package.start for package in self.packages if package.fires}) > 1:
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
        days = [phase.first_day for phase in self.phases]
        if days[0] != 1 or days != sorted(set(days)):
            raise PydanticCustomError("phases", "{what}; {mend}", {
                "what": "the phases do not start on day 1 in ascending order", "mend": "order them by first_day"})
        together = contributed(self.members, idle=True)
        for name in CONTRIBUTIONS:
            if together[name] > 1.0 + 1e-9:
                raise PydanticCustomError("members", "{what}; {mend}", {
                    "what": f"the members' {name} shares add up to {together[name]:g}",
                    "mend": "let them add up to at most 1"})
        return self

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
        return [phase.name for phase in self.phases if phase.first_day <= day][-1]

    def phase_index_by_day(self) -> tuple[int, ...]:
        """Return the place among `phases` of the phase that holds on each day of the period."""
        return tuple(sum(phase.first_day <= day for phase in self.phases) - 1 for day in range(1, self.days + 1))

    def phase_by_day(self) -> tuple[str, ...]:
        """Return the phase that holds on each day of the period.

        Examples
        --------
        >>> from skyshield.scenario import load
        >>> set(load("skyshield").phase_by_day())
        {'war'}
        """
        return tuple(self.phase_of_day(day) for day in range(1, self.days + 1))

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
