"""Sensors that improve everybody's picture: airborne early warning, aerostats, the acoustic network.

A shooter's own sensors let it hold a track on a share p of the threats in its reach, over nights (`Abilities.p_track`).
A package of sensors adds a share g of those it lacks: p' = 1 - (1 - p)(1 - g), several packages one after another.
The night's factor stays one and the same: what the poor picture shows, the better one shows too. A threat that is not
tracked is not tracked for the whole of its flight.
"""

from collections.abc import Sequence
from typing import Annotated, Literal

import numpy as np
import numpy.typing as npt
from pydantic import BaseModel, ConfigDict, Field

from skyshield.forces.abilities import Parameters

Floats = npt.NDArray[np.float64]

_ALL = ("fighters", "fighters_with_rockets", "irist", "nasams", "patriot", "guns", "drone_teams")
# which kinds of shooter a sensor helps: all, or those on the ground that are guided by sound
_HELPS = {"airborne_early_warning": _ALL,
          "aerostats": _ALL,
          "acoustic": ("guns", "drone_teams")}
_GAIN = {"airborne_early_warning": "aew_picture_gain", "aerostats": "aerostat_picture_gain",
         "acoustic": "acoustic_picture_gain"}


class SensorPackage(BaseModel):
    """Sensors of one sort."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: Literal["sensors"]
    sensor: Literal["airborne_early_warning", "aerostats", "acoustic"]
    orbits: Annotated[int, Field(ge=1, le=8, strict=True)] = 1
    start: Literal["before_ceasefire", "after_ceasefire"] = "before_ceasefire"


def picture_gain(packages: Sequence[SensorPackage], kinds: Sequence[str], parameters: Parameters,
                 n_vectors: int) -> Floats:
    """Return f8[vector, kind]: the share of the tracks a kind of shooter lacks that the sensors add."""
    lacking = np.ones((n_vectors, len(kinds)))
    for sensor in sorted({package.sensor for package in packages}):
        helped = np.array([name in _HELPS[sensor] for name in kinds])
        lacking *= np.where(helped, 1.0 - parameters[_GAIN[sensor]][:, None], 1.0)
    return 1.0 - lacking
