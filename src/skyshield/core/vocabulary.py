"""The words that every room shares, each defined once: classes, streams, regimes, regions, clauses, lines of cost.

The order of a tuple is the order of an axis of the engine's arrays, and the place of a word its index there, so that
words are only ever added at an end. What the catalogue says of them (labels, definitions, units) stands in its tables
``threat_classes.yaml`` and ``measures.yaml``; tests hold these against the tuples here. No file is read.
"""

from typing import Literal, get_args

# Classes of threat.
ClassName = Literal["uav", "cruise", "ballistic"]
CLASSES: tuple[ClassName, ...] = get_args(ClassName)
N_CLASSES = len(CLASSES)
UAV, CRUISE, BALLISTIC = range(N_CLASSES)
MISSILE_CLASSES = CLASSES[CRUISE:]

# What a threat carries: a decoy nothing, an armed decoy a small warhead, all others the warhead of their kind.
# `CARGOES` tells leakers apart by it: UAVs by their load, missiles by their class; the first one does no harm.
LOADS = ("decoy", "armed", "decoy_armed")
DECOY, ARMED, DECOY_ARMED = range(len(LOADS))
CARGOES = ("decoy", "uav", "decoy_armed", "cruise", "ballistic")
N_CARGOES = len(CARGOES)

# Streams: what comes in a night is drawn by stream, and each stream is of one class.
STREAMS = ("front", "deep", "cruise", "ballistic")
N_STREAMS = len(STREAMS)
FRONT_STREAM, DEEP_STREAM, CRUISE_STREAM, BALLISTIC_STREAM = range(N_STREAMS)
STREAM_CLASSES: tuple[ClassName, ...] = ("uav", "uav", "cruise", "ballistic")

# Regimes of a night.
REGIMES = ("routine", "massed")
MAX_GAP = 14  # nights since the last massed one that are told apart; more count as so many

# The deep stream's regions in the order in which a night's sticks are broken: each takes a share of what those before
# it leave, and the last what is left.
DEEP_REGIONS = ("west", "south", "centre", "kyiv", "north", "east")
N_STICKS = len(DEEP_REGIONS) - 1
N_REGIONS = len(DEEP_REGIONS)
SEA_PLACE = N_REGIONS  # a place besides the regions: the sea near the coast; who is stopped there counts for the south
N_PLACES = N_REGIONS + 1

# Why a threat that could have been engaged was not, and the clauses about places that can be to blame for "standoff".
REFUSALS = ("class", "standoff", "identification", "deconfliction")
REFUSING_CLAUSES = ("standoff_russia", "standoff_front", "standoff_belarus", "crewed_buffer", "debris")
BLAMED = (*REFUSING_CLAUSES, "several")  # if none of them alone would open the threat's way

# What shooters fire. The first ones are missiles, which fall somewhere if they miss.
MUNITION_KINDS = ("aam", "guided_rocket", "sam", "gun", "interceptor_drone")
N_MISSILES = 3

# Money: boundaries of what counts as a cost, and lines.
Boundary = Literal["fully_loaded", "incremental"]
BOUNDARIES: tuple[Boundary, ...] = get_args(Boundary)
N_BOUNDARIES = len(BOUNDARIES)
COST_LINES = ("flight_hours", "weapons", "people_and_basing", "tankers", "sensors", "ground_units", "losses", "aid")

# Incidents and people.
INCIDENT_KINDS = ("engagement_near_border", "engagement_near_front", "debris_built_up", "stray_weapon",
                  "crossing_poland", "crossing_slovakia", "crossing_hungary", "crossing_romania", "crossing_moldova",
                  "encounter_crewed", "aircraft_lost_over_ukraine", "accident", "fratricide", "wrong_class",
                  "people_struck_in_ukraine", "base_struck_in_member_state", "embassy_struck", "aircraft_lost_engaging",
                  "aircraft_lost_at_bases", "support_aircraft_lost", "soldiers_struck_in_ukraine", "ship_struck")
PEOPLE_ROLES = ("aircrew_over_ukraine", "crews_in_ukraine", "bases_in_member_states", "soldiers_in_ukraine",
                "sailors_at_sea")
POSTS = PEOPLE_ROLES[1:]  # on the ground or at sea; aircrew are where their aircraft are
N_POSTS = len(POSTS)
CREWS, BASES, SOLDIERS, SAILORS = range(N_POSTS)
POSTS_IN_UKRAINE = (CREWS, SOLDIERS)

# Measures: what a day is counted in, each with the keys that it is counted by, none for a single number. They are the
# columns of results in this order: first whole numbers, then amounts. Labels, definitions and units: ``measures.yaml``.
Measures = tuple[tuple[str, tuple[str, ...]], ...]
COUNT_MEASURES: Measures = (
    ("launched", CLASSES), ("stopped_own_hard", CLASSES), ("stopped_own_soft", CLASSES), ("stopped_aid", CLASSES),
    ("stopped_coalition", CLASSES), ("prevented", CLASSES), ("redundant", CLASSES), ("leaked", CLASSES),
    ("prevented_zone", ()), ("leaked_zone", ()), ("leaked_armed", ()), ("engaged", ()), ("saturated", ()),
    *((f"refused_{why}", ()) for why in REFUSALS), ("refused_by", BLAMED), ("munitions", MUNITION_KINDS),
    ("relieved", ()), ("casualties", ()), ("shooter_days_without_rounds", ()), ("prevented_armed_zone", ()),
    ("prevented_armed", ()), ("war_days", ()), ("ceasefire_days", ()), ("violation_days", ()),
    ("casualties_by_role", PEOPLE_ROLES))
AMOUNT_MEASURES: Measures = (
    ("flight_hours", ()), ("sorties", ()), ("cost_eur", ()), ("incremental_cost_eur", ()), ("planned_cost_eur", ()),
    ("planned_incremental_cost_eur", ()), ("unspent_eur", ()), ("tanker_hours", ()), ("cost_by_line_eur", COST_LINES),
    ("incidents", INCIDENT_KINDS), ("people_exposed_h", ()), ("people_by_role_h", PEOPLE_ROLES),
    ("alert_person_hours", ()), ("own_rounds_saved_eur", ()), ("warhead_kg", CLASSES), ("warhead_zone_kg", CLASSES),
    ("outage_h", ()), ("outage_zone_h", ()), ("port_days", ()), ("rail_h", ()), ("rail_zone_h", ()),
    ("npp_offsite_power_days", ()), ("alert_h_kyiv", ()), ("alert_h_corridors", ()))


def measure_columns(measures: Measures) -> tuple[str, ...]:
    """Return the columns of measures: ``name/key`` for each key, the name alone where there is none.

    Examples
    --------
    >>> measure_columns((("leaked", ("uav", "cruise")), ("sorties", ())))
    ('leaked/uav', 'leaked/cruise', 'sorties')
    """
    return tuple(column for name, keys in measures for column in ([f"{name}/{key}" for key in keys] or [name]))


COUNTS, AMOUNTS = measure_columns(COUNT_MEASURES), measure_columns(AMOUNT_MEASURES)
