"""What one raid-day leaves behind: counts and amounts by measure.

The columns are the measures of the catalogue in a fixed order; ``class`` measures take three columns.
"""

from typing import NamedTuple

from skyshield.core.arrays import Flags, Floats, Integers
from skyshield.core.vocabulary import (
    BLAMED,
    CLASSES,
    COST_LINES,
    INCIDENT_KINDS,
    MUNITION_KINDS,
    PEOPLE_ROLES,
    REFUSALS,
)

_BY_CLASS = ("launched", "stopped_own_hard", "stopped_own_soft", "stopped_aid", "stopped_coalition", "prevented",
             "redundant", "leaked")

LAUNCHED, OWN_HARD, OWN_SOFT, AID, COALITION, PREVENTED, REDUNDANT, LEAKED = (3 * k for k in range(8))
PREVENTED_ZONE, LEAKED_ZONE, LEAKED_ARMED, ENGAGED, SATURATED, REFUSED = range(24, 30)
REFUSED_BY = REFUSED + len(REFUSALS)
MUNITIONS = REFUSED_BY + len(BLAMED)
RELIEVED = MUNITIONS + len(MUNITION_KINDS)
CASUALTIES, WITHOUT_ROUNDS = RELIEVED + 1, RELIEVED + 2
(FLIGHT_HOURS, SORTIES, COST, INCREMENTAL_COST, PLANNED_COST, PLANNED_INCREMENTAL, UNSPENT, TANKER_HOURS,
 COST_BY_LINE) = range(9)
INCIDENTS = COST_BY_LINE + len(COST_LINES)
(NEAR_BORDER, NEAR_FRONT, DEBRIS, STRAY) = range(INCIDENTS, INCIDENTS + 4)  # then the crossings, by state
(ENCOUNTER, AIRCRAFT_LOST, ACCIDENT, FRATRICIDE, WRONG_CLASS, PEOPLE_STRUCK, BASE_STRUCK, EMBASSY) = range(
    INCIDENTS + 9, INCIDENTS + len(INCIDENT_KINDS))
PEOPLE_EXPOSED = INCIDENTS + len(INCIDENT_KINDS)
PEOPLE_BY_ROLE = PEOPLE_EXPOSED + 1
ALERT = PEOPLE_BY_ROLE + len(PEOPLE_ROLES)

COUNTS = (*(f"{name}/{kind}" for name in _BY_CLASS for kind in CLASSES),
          "prevented_zone", "leaked_zone", "leaked_armed", "engaged", "saturated",
          *(f"refused_{why}" for why in REFUSALS), *(f"refused_by/{clause}" for clause in BLAMED),
          *(f"munitions/{kind}" for kind in MUNITION_KINDS), "relieved", "casualties", "shooter_days_without_rounds")
AMOUNTS = ("flight_hours", "sorties", "cost_eur", "incremental_cost_eur", "planned_cost_eur",
           "planned_incremental_cost_eur", "unspent_eur", "tanker_hours",
           *(f"cost_by_line_eur/{line}" for line in COST_LINES), *(f"incidents/{kind}" for kind in INCIDENT_KINDS),
           "people_exposed_h", *(f"people_by_role_h/{role}" for role in PEOPLE_ROLES), "alert_person_hours")

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

    counts: Integers
    amounts: Floats
    failed: Flags
