"""What one raid-day leaves behind: counts and amounts by measure.

The columns are the measures of the catalogue in a fixed order; ``class`` measures take three columns.
"""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

CLASSES = ("uav", "cruise", "ballistic")
_BY_CLASS = ("launched", "stopped_own_hard", "stopped_own_soft", "stopped_aid", "stopped_coalition", "prevented",
             "redundant", "leaked")
MUNITION_KINDS = ("aam", "guided_rocket", "sam", "gun", "interceptor_drone")
_REFUSED = ("class", "standoff", "identification", "deconfliction")

LAUNCHED, OWN_HARD, OWN_SOFT, AID, COALITION, PREVENTED, REDUNDANT, LEAKED = (3 * k for k in range(8))
PREVENTED_ZONE, LEAKED_ZONE, LEAKED_ARMED, ENGAGED, SATURATED, REFUSED = range(24, 30)
MUNITIONS = REFUSED + len(_REFUSED)
RELIEVED = MUNITIONS + len(MUNITION_KINDS)
COST_LINES = ("flight_hours", "weapons", "people_and_basing", "tankers", "sensors", "ground_units", "losses", "aid")
FLIGHT_HOURS, SORTIES, COST, INCREMENTAL_COST, PLANNED_COST, PLANNED_INCREMENTAL, UNSPENT, COST_BY_LINE = range(8)

COUNTS = (*(f"{name}/{kind}" for name in _BY_CLASS for kind in CLASSES),
          "prevented_zone", "leaked_zone", "leaked_armed", "engaged", "saturated",
          *(f"refused_{why}" for why in _REFUSED), *(f"munitions/{kind}" for kind in MUNITION_KINDS), "relieved")
AMOUNTS = ("flight_hours", "sorties", "cost_eur", "incremental_cost_eur", "planned_cost_eur",
           "planned_incremental_cost_eur", "unspent_eur", *(f"cost_by_line_eur/{line}" for line in COST_LINES))

# Why a replication failed: the day's step and what it met. Index 0 is success.
STAGES = (("", ""),
          ("draw", "a night of more than 1,000,000 threats, the most the engine will hold"),
          ("route", "a departure time or a speed that is not a positive finite number"),
          ("own_defence", "a leak rate that is not a share"),
          ("tally", "threats that are not conserved"))
FAILED_DRAW, FAILED_ROUTE, FAILED_OWN, FAILED_TALLY = 1, 2, 3, 4


class Tally(NamedTuple):
    """Results of the replications of one block.

    Attributes
    ----------
    counts
        i8[replication, day, option, len(COUNTS)].
    amounts
        f8[replication, day, option, len(AMOUNTS)]; units are in the names.
    failed
        u1[replication]: index into `STAGES`, 0 if all went well.
    """

    counts: npt.NDArray[np.int64]
    amounts: npt.NDArray[np.float64]
    failed: npt.NDArray[np.uint8]
