"""What all arms of a study have in common: the resolved parts, the geometry, and what was worked out once."""

import functools
import hashlib
from collections.abc import Callable, Hashable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import NamedTuple, TypeVar, cast

import numpy as np

from skyshield.catalogue import Catalogue
from skyshield.compile.campaign import lead_days, package_lead_days
from skyshield.compile.kept import Kept
from skyshield.compile.parameters import CentralValues, ParameterTable
from skyshield.core.arrays import Flags, Floats, Integers, Parameters
from skyshield.engine import Marks, Rules
from skyshield.forces import Deployment, ForcePackage, Member, night_quantiles
from skyshield.forces.regional import RouteHazard
from skyshield.raids import Fit
from skyshield.raids.geography import Aims, Launches, RouteTable
from skyshield.scenario import Option, Scenario
from skyshield.theatre import Theatre
from skyshield.theatre.pieces import RoutePieces

N_QUANTILES = 257
Result = TypeVar("Result")


class Crossed(NamedTuple):
    """Which aims' oblasts routes cross, from where to where.

    Attributes
    ----------
    first
        i8[route + 1]: where the pieces of each route begin.
    aim, start_m, end_m
        Of each piece.
    """

    first: Integers
    aim: Integers
    start_m: Floats
    end_m: Floats


def quantiles_of_nights(mean: Floats, rho: Floats) -> Floats:
    """Return f8[vector, quantile]: what a share is on nights, by its mean and correlation, on the engine's grid."""
    return night_quantiles(mean, rho, N_QUANTILES)


@dataclass(frozen=True)
class Ground:
    """What no option changes: the period, the numbers and the map, and what was worked out of them once.

    `scenario` is over the whole campaign, of which the first `days` are played. `shared` keeps what other settings of
    the same numbers and map may take; None keeps all in `worked_out`, for this one alone.
    """

    scenario: Scenario
    days: int
    fit: Fit
    catalogue: Catalogue
    theatre: Theatre
    aims: Aims
    starts: Launches
    drawn: RouteTable
    pieces: RoutePieces
    hazard: RouteHazard
    crossed: Crossed
    worked_out: dict[object, object] = field(default_factory=dict, kw_only=True)
    shared: Kept[object] | None = field(default=None, kw_only=True)

    def once(self, function: Callable[..., Floats], *arguments: Floats) -> Floats:
        """Return ``function(*arguments)``, worked out once: the arms of an envelope have most of it in common."""
        digest = hashlib.sha256(function.__name__.encode())
        for argument in arguments:
            digest.update(f" {argument.dtype} {argument.shape} ".encode() + argument.tobytes())
        return self.for_all(digest.digest(), lambda: function(*arguments))

    def cached(self, key: object, make: Callable[[], Result]) -> Result:
        """Return what `make` makes, made once under a key that says all it depends on besides the context."""
        if key not in self.worked_out:
            self.worked_out[key] = make()
        return cast("Result", self.worked_out[key])

    def for_all(self, key: Hashable, make: Callable[[], Result]) -> Result:
        """Return the same where the key says all it depends on besides the numbers and the map."""
        return self.cached(key, make) if self.shared is None else cast("Result", self.shared.get(key, make))


@dataclass(frozen=True)
class CompileContext(Ground):
    """What all arms of a study have in common: the resolved parts and the geometry."""

    rules: Rules
    aim_declared: Flags
    marks_later: Future[Marks]  # worked out in a thread of its own, since it takes a second and nothing else reads it

    @functools.cached_property
    def ground(self) -> Ground:
        """What no option and no assumption changes; what is made of it may be taken by other settings too."""
        scenario = self.scenario.model_copy(update={
            "name": "ground", "title": "", "question": "", "options": (), "pairs": (), "assumptions": {},
            "members": (), "baseline": "", "protected_area": None})
        return Ground(scenario, self.days, self.fit, self.catalogue, self.theatre, self.aims, self.starts, self.drawn,
                      self.pieces, self.hazard, self.crossed, shared=self.shared,
                      worked_out=self.worked_out if self.shared is None else {})

    @property
    def marks(self) -> Marks:
        """Where along each route an event is an incident."""
        return self.marks_later.result()

    def deployment(self, parameters: Parameters, option: Option | None = None) -> Deployment:
        """Return what the packages of an option, or of any, need to know to say where they stand."""
        return Deployment(self.scenario.members if option is None else self.members(option), self.theatre, parameters)

    def members(self, option: Option) -> Sequence[Member]:
        """Return the members that provide an option, with what each of them has of it."""
        return self.scenario.members_of(option)

    @functools.cached_property
    def central(self) -> CentralValues:
        """The numbers that plans are made with."""
        return CentralValues(self.catalogue, self.scenario.assumptions)

    @functools.cached_property
    def planned_lead_days(self) -> int:
        """How many days of the period the zone takes to be there, as it is planned."""
        return lead_days(self.scenario, self.central)

    def presence(self, package: ForcePackage, parameters: ParameterTable | Parameters | None = None) -> Flags:
        """Return u1[day]: a package is there, or its money is spent, by these numbers or as planned."""
        return package.presence(self.scenario.phase_by_day(),
                                package_lead_days(package, self.central if parameters is None else parameters),
                                self.scenario.decided_before_days)

    def days_there(self, option: Option) -> Flags:
        """Return u1[day]: any of an option's packages is there."""
        there = np.zeros(self.scenario.days, np.uint8)
        for package in option.packages:
            there |= self.presence(package)
        return there

    def presence_by_package(self, parameters: ParameterTable | Parameters | None = None) -> Flags:
        """Return u1[option, package, day]: a package is there, by these numbers or as planned."""
        options = self.scenario.options
        result = np.zeros((len(options), max(1, *(len(one.packages) for one in options)), self.scenario.days), np.uint8)
        for k, option in enumerate(options):
            for p, package in enumerate(option.packages):
                result[k, p] = self.presence(package, parameters)
        return result

    def fires_by_package(self) -> Flags:
        """Return u1[option, package]: a package has shooters."""
        options = self.scenario.options
        result = np.zeros((len(options), max(1, *(len(one.packages) for one in options))), np.uint8)
        for k, option in enumerate(options):
            result[k, :len(option.packages)] = [package.fires for package in option.packages]
        return result

    def together(self, option: Option) -> dict[int, list[int]]:
        """Return which packages of an option are there on the same days, by the number of the first of them."""
        days = [self.presence(package).tolist() for package in option.packages]
        result: dict[int, list[int]] = {}
        for p, of_package in enumerate(days):
            result.setdefault(days.index(of_package), []).append(p)
        return result
