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
N_MISSILES = 3  # the first of them: what falls somewhere if it misses
_REFUSED = ("class", "standoff", "identification", "deconfliction")
REFUSING_CLAUSES = ("standoff_russia", "standoff_front", "standoff_belarus", "crewed_buffer", "debris", "several")

INCIDENT_KINDS = ("engagement_near_border", "engagement_near_front", "debris_built_up", "stray_weapon",
                  "crossing_poland", "crossing_slovakia", "crossing_hungary", "crossing_romania", "crossing_moldova",
                  "encounter_crewed", "aircraft_lost_over_ukraine", "accident", "fratricide", "wrong_class",
                  "people_struck_in_ukraine", "base_struck_in_member_state", "embassy_struck")
ROLES = ("aircrew_over_ukraine", "crews_in_ukraine", "bases_in_member_states")

LAUNCHED, OWN_HARD, OWN_SOFT, AID, COALITION, PREVENTED, REDUNDANT, LEAKED = (3 * k for k in range(8))
PREVENTED_ZONE, LEAKED_ZONE, LEAKED_ARMED, ENGAGED, SATURATED, REFUSED = range(24, 30)
REFUSED_BY = REFUSED + len(_REFUSED)
MUNITIONS = REFUSED_BY + len(REFUSING_CLAUSES)
CASUALTIES = MUNITIONS + len(MUNITION_KINDS)
FLIGHT_HOURS, SORTIES, COST, PLANNED_COST, PLANNED_INCREMENTAL, INCIDENTS = range(6)
(NEAR_BORDER, NEAR_FRONT, DEBRIS, STRAY) = range(INCIDENTS, INCIDENTS + 4)  # then the crossings, by state
(ENCOUNTER, AIRCRAFT_LOST, ACCIDENT, FRATRICIDE, WRONG_CLASS, PEOPLE_STRUCK, BASE_STRUCK, EMBASSY) = range(
    INCIDENTS + 9, INCIDENTS + len(INCIDENT_KINDS))
PEOPLE_EXPOSED = INCIDENTS + len(INCIDENT_KINDS)
PEOPLE_BY_ROLE = PEOPLE_EXPOSED + 1
ALERT = PEOPLE_BY_ROLE + len(ROLES)

COUNTS = (*(f"{name}/{kind}" for name in _BY_CLASS for kind in CLASSES),
          "prevented_zone", "leaked_zone", "leaked_armed", "engaged", "saturated",
          *(f"refused_{why}" for why in _REFUSED), *(f"refused_by/{clause}" for clause in REFUSING_CLAUSES),
          *(f"munitions/{kind}" for kind in MUNITION_KINDS), "casualties")
AMOUNTS = ("flight_hours", "sorties", "cost_eur", "planned_cost_eur", "planned_incremental_cost_eur",
           *(f"incidents/{kind}" for kind in INCIDENT_KINDS), "people_exposed_h",
           *(f"people_by_role_h/{role}" for role in ROLES), "alert_person_hours")

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
