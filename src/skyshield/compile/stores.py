"""What the coalition's stores hold on the first day, if the decision was taken before it."""

import numpy as np

from skyshield.compile.campaign import zone_lead_days
from skyshield.compile.context import CompileContext
from skyshield.compile.parameters import ParameterTable
from skyshield.compile.planned import planned_shots
from skyshield.core.arrays import Floats
from skyshield.engine import Forces


def stores_by_now(context: CompileContext, table: ParameterTable, forces: Forces) -> Floats:
    """Return f8[vector, option, store]: rounds on the first day.

    Since the zone has been there, each day has brought its supply, up to what the store holds at most, and taken what
    the option plans to fire; of a kind of shooter the shooters fire alike.
    """
    shots = planned_shots(context)
    fired = np.zeros(forces.store_most.shape[1:])
    for option, kinds in enumerate(forces.shooter_kind):
        slots = np.flatnonzero(kinds >= 0)
        for slot in slots:
            kind = kinds[slot]
            for weapon, magazine in enumerate(forces.magazine[kind]):
                store = forces.store[option, slot, magazine]
                if store >= 0:
                    fired[option, store] += shots[option, kind, weapon] / (kinds == kind).sum()
    days = max(0, context.scenario.decided_before_days - zone_lead_days(table))
    change = np.where(np.isfinite(forces.store_most), (forces.store_per_day - fired) * days, 0.0)
    return np.asarray(np.clip(forces.store_most + change, 0.0, forces.store_most))
