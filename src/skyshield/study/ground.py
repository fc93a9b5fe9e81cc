"""What all arms of a study have in common: the resolved parts, the geometry, and what was worked out once."""

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from skyshield.catalogue import Catalogue
from skyshield.engine import Marks, Rules
from skyshield.forces import night_quantiles
from skyshield.raids import Fit
from skyshield.raids.geography import Aims, Launches, RouteTable
from skyshield.scenario import Scenario
from skyshield.theatre import Theatre

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.uint8]

N_QUANTILES = 257


def quantiles_of_nights(mean: Floats, rho: Floats) -> Floats:
    """Return f8[vector, quantile]: what a share is on nights, by its mean and correlation, on the engine's grid."""
    return night_quantiles(mean, rho, N_QUANTILES)


@dataclass(frozen=True)
class Ground:
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
    worked_out: dict[tuple[object, ...], Floats] = field(default_factory=dict)

    def once(self, function: Callable[..., Floats], *arguments: Floats) -> Floats:
        """Return ``function(*arguments)``, worked out once: the arms of an envelope have most of it in common."""
        key = (function.__name__, *(argument.tobytes() for argument in arguments))
        if key not in self.worked_out:
            self.worked_out[key] = function(*arguments)
        return self.worked_out[key]
