"""Hours under alert by oblast, as the model plays them without any option and as the record tells them."""

from collections.abc import Mapping, Sequence

import numpy as np

from skyshield.compile.context import CompileContext
from skyshield.compile.world import ArmCompiler
from skyshield.core.arrays import Floats
from skyshield.engine.blocks import alert_hours
from skyshield.record import Alerts, alert_hours_of_year
from skyshield.record.names import oblast_of

DAYS_PER_YEAR = 365.25
_REPLICATIONS = 16
_SEED = 0


def hours_by_oblast(context: CompileContext, vectors: int, ends: Mapping[str, str],
                    given: Mapping[str, Floats] | None = None) -> dict[str, float]:
    """Return the mean hours a year, 18:00 to 09:00, that each aim's oblast is under alert.

    Parameters
    ----------
    context
        Of a scenario; its days are played as if no option were there.
    vectors
        How many parameter vectors the mean is over, of 16 replications each.
    ends, given
        As in `skyshield.compile.world.compile_world`.
    """
    world = ArmCompiler(context, _SEED, vectors, given).compile(ends).world
    hours = np.mean([alert_hours(world, _SEED, vector << 16, (vector << 16) + _REPLICATIONS)
                     for vector in range(vectors)], axis=0)
    return {name: float(value) * DAYS_PER_YEAR for name, value in zip(context.aims.oblasts, hours, strict=True)}


def hours_told(alerts: Alerts, oblasts: Sequence[str], year: int) -> dict[str, float]:
    """Return the hours of alert from 18:00 to 09:00 in a year by oblast, countrywide alerts left out."""
    names = [oblast_of(f"{name} oblast") or oblast_of(name) or name for name in oblasts]
    hours = alert_hours_of_year(alerts, year, names)
    return dict(zip(oblasts, np.asarray(hours.night_h, float).tolist(), strict=True))
