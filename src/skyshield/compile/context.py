"""What all arms of a study have in common: the resolved parts, the geometry, and what was worked out once."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeVar, cast

import numpy as np

from skyshield.catalogue import Catalogue
from skyshield.core.arrays import Flags, Floats, Parameters
from skyshield.engine import Marks, Rules
from skyshield.forces import Deployment, ForcePackage, Role, night_quantiles
from skyshield.raids import Fit
from skyshield.raids.geography import Aims, Launches, RouteTable
from skyshield.scenario import Option, Scenario
from skyshield.theatre import Theatre

N_QUANTILES = 257
Result = TypeVar("Result")


def quantiles_of_nights(mean: Floats, rho: Floats) -> Floats:
    """Return f8[vector, quantile]: what a share is on nights, by its mean and correlation, on the engine's grid."""
    return night_quantiles(mean, rho, N_QUANTILES)


@dataclass(frozen=True)
class CompileContext:
    """What all arms of a study have in common: the resolved parts and the geometry."""

    scenario: Scenario
    fit: Fit
    catalogue: Catalogue
    theatre: Theatre
    aims: Aims
    starts: Launches
    drawn: RouteTable
    rules: Rules
    aim_declared: Flags
    marks: Marks
    worked_out: dict[object, object] = field(default_factory=dict)

    def deployment(self, parameters: Parameters) -> Deployment:
        """Return what the scenario's packages need to know to say where they stand."""
        return Deployment(self.scenario.members, self.theatre, parameters)

    def presence(self, package: ForcePackage) -> Flags:
        """Return u1[day]: a package is there, or its money is spent."""
        return package.presence(self.scenario.phase_by_day())

    def days_there(self, option: Option, role: Role | None = None) -> Flags:
        """Return u1[day]: any of an option's packages is there, or any of a role."""
        there = np.zeros(self.scenario.days, np.uint8)
        for package in option.packages:
            if role is None or package.role == role:
                there |= self.presence(package)
        return there

    def once(self, function: Callable[..., Floats], *arguments: Floats) -> Floats:
        """Return ``function(*arguments)``, worked out once: the arms of an envelope have most of it in common."""
        digest = hashlib.sha256(function.__name__.encode())
        for argument in arguments:
            digest.update(f" {argument.dtype} {argument.shape} ".encode() + argument.tobytes())
        return self.cached(digest.digest(), lambda: function(*arguments))

    def cached(self, key: object, make: Callable[[], Result]) -> Result:
        """Return what `make` makes, made once under a key that says all it depends on besides the context."""
        if key not in self.worked_out:
            self.worked_out[key] = make()
        return cast("Result", self.worked_out[key])
