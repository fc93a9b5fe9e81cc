"""What all arms of a study have in common: the resolved parts, the geometry, and what was worked out once."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeVar, cast

import numpy as np

from skyshield.catalogue import Catalogue
from skyshield.core.arrays import Flags, Floats
from skyshield.engine import Marks, Rules
from skyshield.forces import night_quantiles
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

    def days_there(self, option: Option) -> Flags:
        """Return u1[day]: the option's forces are there, or its money is spent."""
        days = range(1, self.scenario.days + 1)
        if not option.packages:
            return np.zeros(self.scenario.days, np.uint8)
        wanted = "war" if option.packages[0].start == "before_ceasefire" else "ceasefire"
        return np.array([wanted == "war" or self.scenario.phase_of_day(day) == wanted for day in days], np.uint8)

    def presence_by_package(self) -> Flags:
        """Return u1[option, package, day]: a package is there. Packages of an option start together."""
        options = self.scenario.options
        result = np.zeros((len(options), max(1, *(len(one.packages) for one in options)), self.scenario.days), np.uint8)
        for k, option in enumerate(options):
            result[k, :len(option.packages)] = self.days_there(option)
        return result

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
