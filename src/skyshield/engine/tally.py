"""What raid-days leave behind: counts and amounts by measure.

The columns and their order are those of `skyshield.core.vocabulary`. Here are their places: a measure with keys starts
at its name's place and takes a column for each of its keys in their order.
"""

from typing import NamedTuple

from skyshield.core.arrays import Flags, Floats, Integers
from skyshield.core.vocabulary import AMOUNTS as AMOUNTS
from skyshield.core.vocabulary import COUNTS as COUNTS


def place(columns: tuple[str, ...], measure: str) -> int:
    """Return the place of a measure's first column.

    Examples
    --------
    >>> place(("launched/uav", "launched/cruise", "leaked/uav"), "leaked")
    2
    """
    return next(k for k, column in enumerate(columns) if column.partition("/")[0] == measure)


LAUNCHED, OWN_HARD, OWN_SOFT, AID = (
    place(COUNTS, name) for name in ("launched", "stopped_own_hard", "stopped_own_soft", "stopped_aid"))
COALITION, PREVENTED, REDUNDANT, LEAKED = (
    place(COUNTS, name) for name in ("stopped_coalition", "prevented", "redundant", "leaked"))
PREVENTED_ZONE, LEAKED_ZONE, LEAKED_ARMED, ENGAGED, SATURATED = (
    place(COUNTS, name) for name in ("prevented_zone", "leaked_zone", "leaked_armed", "engaged", "saturated"))
REFUSED, REFUSED_BY, MUNITIONS = (place(COUNTS, name) for name in ("refused_class", "refused_by", "munitions"))
RELIEVED, CASUALTIES, WITHOUT_ROUNDS = (
    place(COUNTS, name) for name in ("relieved", "casualties", "shooter_days_without_rounds"))
PREVENTED_ARMED_ZONE, PREVENTED_ARMED = (place(COUNTS, name) for name in ("prevented_armed_zone", "prevented_armed"))
WAR_DAYS, CEASEFIRE_DAYS, VIOLATION_DAYS, CASUALTIES_BY_ROLE = (
    place(COUNTS, name) for name in ("war_days", "ceasefire_days", "violation_days", "casualties_by_role"))

FLIGHT_HOURS, SORTIES, COST, INCREMENTAL_COST = (
    place(AMOUNTS, name) for name in ("flight_hours", "sorties", "cost_eur", "incremental_cost_eur"))
PLANNED_COST, PLANNED_INCREMENTAL, UNSPENT, TANKER_HOURS = (
    place(AMOUNTS, name) for name in ("planned_cost_eur", "planned_incremental_cost_eur", "unspent_eur",
                                      "tanker_hours"))
COST_BY_LINE, INCIDENTS, PEOPLE_EXPOSED, PEOPLE_BY_ROLE, ALERT = (
    place(AMOUNTS, name) for name in ("cost_by_line_eur", "incidents", "people_exposed_h", "people_by_role_h",
                                      "alert_person_hours"))
NEAR_BORDER, NEAR_FRONT, DEBRIS, STRAY = (
    AMOUNTS.index(f"incidents/{kind}")
    for kind in ("engagement_near_border", "engagement_near_front", "debris_built_up", "stray_weapon"))
ENCOUNTER, AIRCRAFT_LOST, ACCIDENT, FRATRICIDE = (
    AMOUNTS.index(f"incidents/{kind}")
    for kind in ("encounter_crewed", "aircraft_lost_over_ukraine", "accident", "fratricide"))
WRONG_CLASS, EMBASSY = (AMOUNTS.index(f"incidents/{kind}") for kind in ("wrong_class", "embassy_struck"))
PEOPLE_STRUCK, BASE_STRUCK, SOLDIERS_STRUCK, SHIP_STRUCK = (
    AMOUNTS.index(f"incidents/{kind}")
    for kind in ("people_struck_in_ukraine", "base_struck_in_member_state", "soldiers_struck_in_ukraine",
                 "ship_struck"))
LOST_ENGAGING, LOST_AT_BASES, SUPPORT_LOST = (
    AMOUNTS.index(f"incidents/{kind}")
    for kind in ("aircraft_lost_engaging", "aircraft_lost_at_bases", "support_aircraft_lost"))
ROUNDS_SAVED, WARHEAD, WARHEAD_ZONE = (
    place(AMOUNTS, name) for name in ("own_rounds_saved_eur", "warhead_kg", "warhead_zone_kg"))
OUTAGE, OUTAGE_ZONE, PORT_DAYS, RAIL, RAIL_ZONE = (
    place(AMOUNTS, name) for name in ("outage_h", "outage_zone_h", "port_days", "rail_h", "rail_zone_h"))
PLANT_DAYS, ALERT_KYIV, ALERT_CORRIDORS = (
    place(AMOUNTS, name) for name in ("npp_offsite_power_days", "alert_h_kyiv", "alert_h_corridors"))

# Why a replication failed: the day's step and what it met. Index 0 is success.
STAGES = (("", ""),
          ("draw", "a night of more than 1,000,000 threats, the most the engine will hold"),
          ("route", "a departure time or a speed that is not a positive finite number"),
          ("own_defence", "a leak rate that is not a share"),
          ("tally", "threats that are not conserved"))
FAILED_DRAW, FAILED_ROUTE, FAILED_OWN, FAILED_TALLY = 1, 2, 3, 4


class Tally(NamedTuple):
    """Results of the replications of one block, by group of days and by the phase that held.

    Attributes
    ----------
    counts
        i8[replication, group, option, len(COUNTS)]; groups are days, or what days were added up to, such as months.
    amounts
        f8[replication, group, option, len(AMOUNTS)], days added in their order; units are in the names.
    failed
        u1[replication]: index into `STAGES`, 0 if all went well.
    phase_counts, phase_amounts
        The same by phase instead of by group, each option's days in the phase that it was in; None if the world
        has only one.
    """

    counts: Integers
    amounts: Floats
    failed: Flags
    phase_counts: Integers | None = None
    phase_amounts: Floats | None = None
