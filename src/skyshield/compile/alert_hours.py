"""Hours under alert by oblast, as the model plays them without any option and as the record tells them."""

import datetime as dt
from collections.abc import Mapping, Sequence

import numpy as np

from skyshield.compile.context import CompileContext
from skyshield.compile.world import ArmCompiler
from skyshield.core.arrays import Floats
from skyshield.engine.day import alert_hours
from skyshield.record import Alerts, night_alert_hours
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
    """Return the hours of alert from 18:00 to 09:00 of a year's nights, by oblast as the theatre names it."""
    hours = night_alert_hours(alerts, [oblast_of(name) or name for name in oblasts])
    within = (hours.date >= np.datetime64(dt.date(year, 1, 1))) & (hours.date <= np.datetime64(dt.date(year, 12, 31)))
    return dict(zip(oblasts, hours.night_h[within].sum(axis=0).tolist(), strict=True))
