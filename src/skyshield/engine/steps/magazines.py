"""Steps 7, 8, 12 and 25: Ukraine's own rounds, how they run short, and what an option saves of them.

A kill takes rounds; a diversion by jamming takes none. For each class the stores hold rounds for M kills at most. With
rounds for s kills left at 18:00, fewer than the ration R, fewer are fired: tonight's hazard is

    g = p + (1 - p) min(1, s / R)

times what it is with full stores, p being the share of stops that are diversions. What comes is told against what was
used in the record's window: with K the kills that Ukraine alone would make tonight with full stores, x the growth of
the class's launches by today and k the kills that it makes,

    s' = min(M, max(0, s - k) + r K / x).

At r = 1 and without growth Ukraine alone replaces what it fires and stays as the record has it; with growth, or r below
1, stores run down. Ukraine alone has stores of its own beside those under every option, and what comes is the same for
all: what an option stops in place of Ukraine's own defence is saved, and helps on a later night. So relief has a
mechanism, and redundant stops a worth.
"""

import numpy as np

from skyshield.core.arrays import Floats, Integers
from skyshield.core.jit import kernel
from skyshield.core.vocabulary import BALLISTIC, CRUISE, N_CLASSES, N_STREAMS, UAV
from skyshield.engine import tally as t
from skyshield.engine.scratch import Raid
from skyshield.engine.steps.own import position_at
from skyshield.engine.world import OwnDefence, Routes


@kernel
def fill_supply(own: OwnDefence, vector: int, stock: Floats, supply: Floats) -> None:
    """Fill by class what tonight's hazard is over that of full stores."""
    for kind in range(N_CLASSES):
        supply[kind] = 1.0
        if stock[kind] < own.ration_below[vector, kind]:
            soft = own.p_soft[vector, kind]
            supply[kind] = soft + (1.0 - soft) * stock[kind] / own.ration_below[vector, kind]


@kernel
def ration_one(own: OwnDefence, routes: Routes, met: Floats, vector: int, supply: float, i: int, raid: Raid) -> None:
    """Work a threat's own stop out anew with a supply of rounds for its class, from its old draw."""
    raid.own_soft[i] = raid.soft_u[i] * supply < own.p_soft[vector, raid.threat_class[i]]
    share = raid.own_margin[i] / supply if supply > 0.0 else np.inf
    raid.own_stop_m[i] = position_at(own, routes, met, vector, raid.met_stream[i], raid.route[i], raid.aim[i], share)


@kernel
def ration(own: OwnDefence, routes: Routes, met: Floats, vector: int, supply: Floats, n: int, raid: Raid) -> None:
    """Work the own stop of every threat out anew whose class has not the full supply of rounds [class]."""
    if min(supply[UAV], supply[CRUISE], supply[BALLISTIC]) >= 1.0:
        return
    for i in range(n):
        if supply[raid.threat_class[i]] < 1.0:
            ration_one(own, routes, met, vector, supply[raid.threat_class[i]], i, raid)


@kernel
def fill_supplies(own: OwnDefence, growth: Floats, vector: int, launches: Integers, most: Integers, raid: Raid,
                  comes: Floats) -> None:
    """Fill the kills [class] for which rounds come today; the raid's own stops are those with full stores.

    `growth` [class] is that of today's launches; of the `most` of each stream the first `launches` come.
    """
    comes[:] = 0.0
    first = 0
    for stream in range(N_STREAMS):
        for i in range(first, first + launches[stream]):
            comes[raid.threat_class[i]] += raid.own_stop_m[i] <= raid.length_m[i] and not raid.own_soft[i]
        first += most[stream]
    for kind in range(N_CLASSES):
        if growth[kind] > 0.0:
            comes[kind] *= own.resupply_share[vector, kind] / growth[kind]
        else:
            comes[kind] = 0.0


@kernel
def end_of_stock(own: OwnDefence, vector: int, counts: Integers, comes: Floats, stock: Floats) -> None:
    """Take a day's kills [measure] from the stores [class], and add what comes."""
    for kind in range(N_CLASSES):
        left = max(0.0, stock[kind] - counts[t.OWN_HARD + kind]) + comes[kind]
        stock[kind] = min(own.store_most[vector, kind], left)


@kernel
def saved_eur(own: OwnDefence, vector: int, alone: Integers, counts: Integers) -> float:
    """Return the price of the rounds that Ukraine fires less under an option than alone, by both days' counts."""
    value = 0.0
    for kind in range(N_CLASSES):
        value += (alone[t.OWN_HARD + kind] - counts[t.OWN_HARD + kind]) * own.kill_cost_eur[vector, kind]
    return value
