"""The arrays a raid-day is played on.

Axes: vector (parameter vectors), option, class (0 UAV, 1 cruise, 2 ballistic), stream (0 front-line
UAV, 1 deep UAV, 2 cruise, 3 ballistic), night (recorded or generated nights), launch, aim, route
(``(launch * n_aims + aim) * n_variants + variant``), slot (patrol slot), day, quantile (an even grid
from 0 to 1), knot and window (padded).

A position along a route is the distance flown ``s`` in metres of the drawn polyline; the time there is
``departure_s + s * detour / speed_m_s``, in seconds after 18:00 Kyiv time.
"""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]
Flags = npt.NDArray[np.uint8]

UAV, CRUISE, BALLISTIC = 0, 1, 2
N_CLASSES = 3
FRONT_STREAM, DEEP_STREAM, CRUISE_STREAM, BALLISTIC_STREAM = 0, 1, 2, 3
N_STREAMS = 4

# Decisions: the low 16 bits of an address's second word. Never renumber one, only add.
NIGHT, SALVO, OWN_NIGHT, TRACK_NIGHT, ROUTE, TIME, OWN_STOP, TRACK, PATROL, SHOT = range(10)


class Raids(NamedTuple):
    """What is launched, from where, at what and when."""

    night_counts: Integers  # [night, class]
    night_index: Integers  # [fit row, draw]: the nights a row of the fit holds possible
    fit_row: Integers  # [vector]
    front_threshold: Floats  # [vector] UAVs a night that make up the front stream before any go deep
    p_decoy: Floats  # [vector]
    p_day_part: Floats  # [vector] probability that a UAV is launched in the day part
    night_start_s: Floats  # [vector]
    night_length_s: Floats  # [vector]
    day_start_s: Floats  # [vector]
    day_length_s: Floats  # [vector]
    salvo_spread_s: Floats  # [vector] missiles of a class leave within this time of each other
    launch_cdf: Floats  # [stream, launch]
    aim_cdf: Floats  # [vector, stream, aim]
    scale: Floats  # [day] of the nights' counts: 1 in war


class Routes(NamedTuple):
    """Polylines of two legs, and the shape of Ukraine's own hazard along them."""

    x_m: Floats  # [route, 3]
    y_m: Floats  # [route, 3]
    length_m: Floats  # [route]
    knot_m: Floats  # [route, knot]
    knot_weight: Floats  # [route, knot] cumulative share of the route's own hazard, from 0 to 1
    detour: Floats  # [vector, class] flown distance over drawn distance
    speed_m_s: Floats  # [vector, class]
    n_variants: Integers  # [1]


class OwnDefence(NamedTuple):
    """Ukraine's own defence as a competing risk along the route."""

    p_leak: Floats  # [vector, stream, quantile] leak rate of one night over a whole route
    p_soft: Floats  # [vector, class] probability that a stop is a diversion, not a kill


class Forces(NamedTuple):
    """Patrols of fighters: how many, where, what they can do and what they cost."""

    station_x_m: Floats  # [option, slot]
    station_y_m: Floats  # [option, slot]
    n_stations: Floats  # [vector, option] mean number of patrols kept up
    reach_m: Floats  # [vector, class]
    engagement_time_s: Floats  # [vector]
    relief_time_s: Floats  # [vector] a patrol is relieved, with fresh weapons, after this time
    shots_per_relief: Integers  # [vector]
    max_shots: Integers  # [1] at one threat
    p_kill: Floats  # [vector, class]
    p_track: Floats  # [vector, quantile] of one night
    sorties_per_station_day: Floats  # [vector]
    flight_time_per_sortie_h: Floats  # [vector, option]
    cost_per_flight_hour_eur: Floats  # [vector]
    cost_per_shot_eur: Floats  # [vector]
    planned_cost_per_day_eur: Floats  # [option]
    active: Flags  # [option, day]


class Rules(NamedTuple):
    """Where and at what an option may shoot."""

    class_allowed: Flags  # [option, class]
    window_start_m: Floats  # [option, route, window] padded with infinity
    window_end_m: Floats  # [option, route, window]
    crosses_declared: Flags  # [option, route] the route crosses the option's zone before stand-offs
    aim_in_area: Flags  # [aim] inside the scenario's protected area


class World(NamedTuple):
    """Everything a raid-day needs."""

    raids: Raids
    routes: Routes
    own: OwnDefence
    forces: Forces
    rules: Rules


class Raid(NamedTuple):
    """Scratch of one day: the threats in order of class and ordinal."""

    threat: Integers  # id: class << 24 | ordinal
    threat_class: Integers
    stream: Integers
    aim: Integers
    route: Integers
    armed: Flags
    departure_s: Floats
    pace_s_m: Floats  # seconds per metre of the drawn route
    length_m: Floats
    own_stop_m: Floats  # latent, infinite if own defence would let it through
    own_soft: Flags
    tracked: Flags
    opening_s: Floats  # earliest moment any patrol of the option could begin
    fate: Integers
    refused: Integers
    shots: Integers


def new_raid(capacity: int) -> Raid:
    """Allocate scratch for at most `capacity` threats a day."""
    integer = [np.zeros(capacity, np.int64) for _ in range(8)]
    real = [np.zeros(capacity, np.float64) for _ in range(5)]
    flag = [np.zeros(capacity, np.uint8) for _ in range(3)]
    return Raid(integer[0], integer[1], integer[2], integer[3], integer[4], flag[0], real[0], real[1], real[2],
                real[3], flag[1], flag[2], real[4], integer[5], integer[6], integer[7])
