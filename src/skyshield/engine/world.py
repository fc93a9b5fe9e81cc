"""The arrays a raid-day is played on.

Axes: vector (parameter vectors), option, class (0 UAV, 1 cruise, 2 ballistic), stream (0 front-line UAV, 1 deep UAV, 2
cruise, 3 ballistic), regime (0 routine, 1 massed), launch, region, aim, route (``(launch * n_aims + aim) * n_variants +
variant``), slot (of one shooter), kind (of shooter), weapon (of a kind), magazine (of a kind), store (of an option),
day, phase, package (of an option), post (where people are); quantiles (even grids from 0 to 1), hazard_point (an even
grid of `OwnDefence.hazard`), knot, window and parts (padded). The same axes stand in the table of
`skyshield.engine.axes`, with what may stand in each array.

A position along a route is the distance flown ``s`` in metres of the drawn polyline; the time there is
``departure_s + s * detour / speed_m_s``, in seconds after 18:00 Kyiv time.
"""

from typing import NamedTuple

from skyshield.core.arrays import Flags, Floats, Indices, Integers

# Decisions: the low 16 bits of an address's second word. Never renumber one, only add.
NIGHT, SALVO, OWN_NIGHT, TRACK_NIGHT, ROUTE, TIME, OWN_STOP, TRACK, PATROL, SHOT = range(10)
LEVEL, MISSILES, DESTINATION, DISPLACE, VOLUME, AID_STOP, JOINT, CASUALTIES = range(10, 18)
WEATHER, EARLY_WARNING, MASSED_WARNING, RENEWAL = range(20, 24)

# What has a price and is used in a day: single things, then shooters ready by kind, then shots by kind and weapon.
FLIGHT_HOUR, TANKER_HOUR, AIRCRAFT_LOST, FRIENDLY_LOST, EARLY_WARNING_LOST, TANKER_LOST, READY = range(7)


class Season(NamedTuple):
    """The raid model: how many threats of each stream come on each night. Regime 0 is routine, 1 massed.

    Levels start where they stood at the end of the record and revert to the average of its window, ``*_average``.
    """

    nights_since_massed: Floats  # [vector] on the first night, at least 1
    massed_intercept: Floats  # [vector] logit, at the end of the record
    massed_slope: Floats  # [vector] on the logarithm of the nights since the last massed one
    massed_average: Floats  # [vector] to which that reverts
    massed_step: Floats  # [vector] of the level's innovation, a night
    massed_stay: Floats  # [vector] share of a level's distance from its average that is left the next night
    front_mean: Floats  # [vector]
    front_average: Floats  # [vector]
    front_size: Floats  # [vector] of the negative binomial
    front_step: Floats  # [vector]
    front_stay: Floats  # [vector]
    routine_deep_ratio: Floats  # [vector] mean of the deep stream on routine nights over the front stream's
    routine_deep_size: Floats  # [vector]
    massed_deep_median: Floats  # [vector]
    massed_deep_average: Floats  # [vector]
    massed_deep_sigma: Floats  # [vector] of its logarithm
    deep_step: Floats  # [vector]
    deep_stay: Floats  # [vector]
    leak_start: Floats  # [vector] logit of the front stream's leak rate at the end of the record, over its average's
    leak_step: Floats  # [vector]
    leak_stay: Floats  # [vector]
    p_missile: Floats  # [vector, regime, missile] kind 0 cruise, 1 ballistic
    missile_mean: Floats  # [vector, regime, missile] given that any come
    missile_size: Floats  # [vector, regime, missile]
    missile_slope: Floats  # [vector, missile]


class Raids(NamedTuple):
    """What is launched, from where, at what and when."""

    season: Season
    phase: Integers  # [day] which phase the calendar has
    intensity: Floats  # [vector, phase, class] of raids: 1 as the season has them, 0 none; expected numbers times it
    growth: Floats  # [vector, class, day] launches expected on a day over those of the season, whatever the phase
    p_decoy: Floats  # [vector]
    decoy_armed: Floats  # [vector, day] share of decoys with a small warhead
    p_jet: Floats  # [vector, day] share of UAVs that are jets
    p_day_raid: Floats  # [vector, day] probability that a day has a raid in its day part too
    day_raid_share: Floats  # [vector] share of such a day's UAVs that leave in the day part
    night_start_s: Floats  # [vector]
    night_length_s: Floats  # [vector]
    day_start_s: Floats  # [vector]
    day_length_s: Floats  # [vector]
    salvo_spread_s: Floats  # [vector] missiles of a class leave within this time of each other
    launch_cdf: Floats  # [vector, stream, launch]
    aim_cdf: Floats  # [vector, stream, aim] of every night; the deep stream has its own each night instead
    sticks: Floats  # [vector, regime, stick, stick_quantile] share of a region in what the regions before it leave
    region_aims: Floats  # [vector, region, aim] how a region's part of the deep stream spreads over its aims


class Renewal(NamedTuple):
    """How a ceasefire breaks down or is violated, by chance."""

    run_start: Integers  # [day] first day of the run of ceasefire that a day belongs to, -1 if the calendar has war
    hazard: Floats  # [vector, day] of war coming back, integrated over the day, without any option; 0 in war
    log_ratio: Floats  # [vector, option, package] added to the hazard's logarithm while the package is there
    p_violation: Floats  # [vector] that a ceasefire that is kept is violated from today on
    p_violation_end: Floats  # [vector] that one that is violated is kept again from today on
    collapse: Integers  # [one] the phase that war comes back as, -1 if it never does
    violation: Integers  # [one] the phase of a violated ceasefire, -1 if it never is


class Routes(NamedTuple):
    """Polylines of two legs, and what they fly over."""

    x_m: Floats  # [route, point]
    y_m: Floats  # [route, point]
    length_m: Floats  # [route]
    piece_first: Integers  # [route + 1] what a route flies over, one place after the other: the pieces ...
    piece_end_m: Floats  # [piece] ... from piece_first[route] on, up to here ...
    piece_place: Integers  # [piece] ... over this region, or the sea near its coast
    piece_along: Floats  # [piece] what it adds to W of hazard along the way, at equal strength everywhere
    piece_near_aim: Floats  # [piece] what it adds to W of hazard near aims
    over_first: Integers  # [route + 1] aims' oblasts that a route crosses: the parts ...
    over_aim: Integers  # [over] ... from over_first[route] on are over the oblast of this aim ...
    over_start_m: Floats  # [over] ... from here, ascending along a route ...
    over_end_m: Floats  # [over] ... to here
    detour: Floats  # [vector, class] flown distance over drawn distance
    speed_m_s: Floats  # [vector, class]
    jet_speed_m_s: Floats  # [vector] of a UAV that is a jet
    n_variants: Integers  # [one]


class OwnDefence(NamedTuple):
    """Ukraine's own defence as a competing risk along the route."""

    p_leak: Floats  # [vector, stream, leak_quantile] leak rate of one night; of ballistic missiles, of a covered salvo
    mean_leak: Floats  # [vector, stream] over nights
    hazard: Floats  # [vector, regime, stream, hazard_point] of a night by -log of its leak rate, see `hazard_step`
    hazard_step: Floats  # [one] step of that grid
    along_share: Floats  # [vector, stream] omega in W = omega W_along + (1 - omega) W_aim
    strength: Floats  # [vector, stream, place] of the hazard along the way there, and near the aims there
    aim_place: Integers  # [aim] the region that it lies in
    front_aim: Flags  # [aim] in a front oblast: a UAV sent there meets the front stream's hazard
    log_load_factor: Floats  # [vector, load] logarithm of a UAV's leak rate over its stream's
    log_jet_factor: Floats  # [vector] the same of a jet's over that of other UAVs
    cover_intercept: Floats  # [vector] logit of the probability that a ballistic salvo meets a defence
    cover_slope: Floats  # [vector] on the logarithm of its size
    p_soft: Floats  # [vector, class] probability that a stop is a diversion, not a kill
    store_most: Floats  # [vector, class] kills for which the stores hold rounds at most ...
    store_first: Floats  # [vector, class] ... and on the first day
    resupply_share: Floats  # [vector, class] of the rounds that a day's raid takes, had raids not grown, that come
    ration_below: Floats  # [vector, class] with rounds for fewer kills than this, fewer are fired
    kill_cost_eur: Floats  # [vector, class] of the rounds of a kill


class Forces(NamedTuple):
    """Shooters: where each stands, what its kind can do, and what they cost.

    A shooter is whatever fights as one: a patrol of two fighters, a battery, a gun, an interceptor-drone team. Kinds of
    shooter share their abilities; weapons of a kind are ordered from the cheapest. A magazine holds the rounds of one
    or more weapons and is filled from a store, which lasts over days and may be shared by an option's shooters. A
    patrol takes ready aircraft and crews; a kind with a dash speed waits on the ground and flies to its threats.
    """

    shooter_kind: Integers  # [option, slot] -1 where there is none
    shooter_id: Integers  # [option, slot] in addresses: the same shooter of two options has the same
    x_m: Floats  # [option, slot]
    y_m: Floats  # [option, slot]
    edge_x: Floats  # [option, slot, edge] inward normals of its sector's two edges, 0 if it looks all round
    edge_y: Floats  # [option, slot, edge]
    p_ready: Floats  # [vector, option, slot] that it is manned and ready tonight, for fighters if the fleet allows it
    reach_m: Floats  # [vector, option, slot, class] how far its longest weapon reaches what its sensors show
    near_first: Integers  # [option, route + 1] the slots that can reach a route at all ...
    near_slot: Indices  # [near] ... are these, from near_first[option, route] on
    n_channels: Integers  # [vector, kind] threats it can work on at a time
    engagement_time_s: Floats  # [vector, kind]
    renewal_time_s: Floats  # [vector, option, slot] after this time it is relieved, reloaded or turned round
    rounds: Integers  # [vector, kind, magazine] ready at a renewal
    magazine: Integers  # [kind, weapon] from which it is fired
    store: Integers  # [option, slot, magazine] that fills it, -1 where there is no such magazine
    store_most: Floats  # [vector, option, store] rounds that it holds at most, those in magazines included ...
    store_first: Floats  # [vector, option, store] ... and on the first day
    store_per_day: Floats  # [vector, option, store] rounds that come each day
    alert_time_s: Floats  # [vector, kind] from the order to take-off
    dash_speed_m_s: Floats  # [vector, kind] infinite for kinds that do not wait on the ground
    alert_sortie_s: Floats  # [vector, kind] from take-off to landing
    ready_aircraft: Floats  # [vector, option, slot] that keep a patrol up for a day, 0 for other shooters
    crews: Floats  # [vector, option, slot] likewise
    sorties_per_day: Floats  # [vector, option, slot] of a patrol kept up
    flight_time_h: Floats  # [vector, option, slot] of one of these
    tanker_time_h: Floats  # [vector, option, slot] that tankers fly in a day to keep it up
    weapon_reach_m: Floats  # [vector, kind, weapon]
    p_kill: Floats  # [vector, kind, weapon, class] of one shot; 0 where the weapon is not for the class
    munition: Integers  # [kind, weapon] index of the munition it is counted as
    salvo: Integers  # [vector, class] shots at a threat before the result is looked at
    max_engagements: Integers  # [one] of one threat
    p_track: Floats  # [vector, kind, track_quantile] share of threats it can hold a track on, over nights
    track_correlation: Floats  # [vector] of being tracked with being stopped by Ukraine (a Gaussian copula), from 0 on
    picture_gain: Floats  # [vector, option, slot, class] share of the tracks it lacks that the option's sensors add
    ground_gain: Floats  # [vector, option, slot, class] the same of those that do not fly
    p_early_warning: Floats  # [vector] that those which fly are up tonight
    handover_time_s: Floats  # [vector] how much later a track that only sensors give it is released
    p_accepted: Floats  # [vector, option, class] probability that a threat is taken to be one that may be shot at
    p_deconflicted: Floats  # [vector] probability that a threat is left to the coalition, not to Ukraine's own shooters
    release_time_s: Floats  # [vector, option] from a track in the window to the permission to shoot
    on_duty_until_s: Floats  # [option, slot] nothing is begun that would end later
    ring_from: Floats  # [vector, option, slot] where on the ring round what it guards its share begins, in turns ...
    ring_share: Floats  # [vector, option, slot] ... and how much of it that is: it meets whoever comes that way
    jet_kill_ratio: Floats  # [vector] what a gun's or an interceptor drone's kill probability is over, against a jet
    package: Integers  # [option, slot] which package of its option a shooter belongs to, -1 where there is none
    presence: Flags  # [option, package, day] a package is there: its shooters, people, sensors, its money at work
    fires: Flags  # [option, package] it is meant to shoot, ready or not: while it is there the attacker adapts


class Fleets(NamedTuple):
    """Fighters over a campaign: a pool of aircraft of which some are out of use, and the weather they fly in."""

    aircraft: Floats  # [vector, option] 0 where there are none
    crews: Floats  # [vector, option]
    alert_aircraft: Floats  # [vector, option] held on the ground for scrambles, if so many are ready
    alert_crews: Floats  # [vector, option]
    p_available: Floats  # [vector] share of the aircraft ready on the first day
    p_failure: Floats  # [vector] share of sorties after which an aircraft is out of use
    repair_time_days: Floats  # [vector] mean time until it is mended
    p_bad_weather: Floats  # [vector] of a day
    bad_weather_flown: Floats  # [vector] share of patrols and scrambles flown on such a day
    aircraft_per_pair: Floats  # [vector] of a patrol or a pair on ground alert
    p_warned_massed: Floats  # [vector] that a massed night is expected
    p_warned_routine: Floats  # [vector] that another night is taken for one
    surge: Floats  # [vector, option] patrols flown on a night that is taken for massed, over those of the pace
    rest: Floats  # [vector, option] the same on other nights


class Aid(NamedTuple):
    """What aid adds to Ukraine's own defence: a hazard of its own, met where the own defence meets threats."""

    hazard: Floats  # [vector, option, aim, class] of a whole route, once all of it works
    ramp: Floats  # [vector, option, class, day] the share that works


class Harm(NamedTuple):
    """What leakers do, and how it accumulates and is mended; whose oblasts hold what is told by itself."""

    warhead_kg: Floats  # [vector, cargo]
    energy_share: Floats  # [vector] of armed leakers that hit the grid
    outage_h_per_hit: Floats  # [vector] that an oblast's residents lose a day while a hit of a UAV is not mended
    grid_repair_days: Floats  # [vector]
    port_share: Floats  # [vector] of armed leakers in a port's oblast that hit the port
    port_days_per_hit: Floats  # [vector] share of the ports' work that a hit of a UAV stops until it is mended
    port_repair_days: Floats  # [vector]
    rail_share: Floats  # [vector] of armed leakers that hit the railway
    rail_h_per_hit: Floats  # [vector] of delay and repair
    grid_protected: Floats  # [vector, option, day] share by which a hit on the grid does less
    port_aim: Flags  # [aim] a port lies in its oblast
    plant_days_per_hit: Floats  # [vector] of lost off-site power, of a hit of a UAV on the grid of a plant's oblast
    plant_aim: Flags  # [aim] a nuclear power plant under Ukraine's control lies in its oblast
    kyiv_aim: Flags  # [aim] it is the capital
    corridor_aim: Flags  # [aim] a corridor of travellers crosses its oblast


class Rules(NamedTuple):
    """Where and at what an option may shoot."""

    class_allowed: Flags  # [option, class]
    window_start_m: Floats  # [option, route, window] padded with infinity
    window_end_m: Floats  # [option, route, window]
    crosses_declared: Flags  # [option, route] the route crosses the option's zone before stand-offs
    refused_by: Integers  # [option, route] clause that leaves a route that crosses the zone no window, from 1; else 0
    aim_in_area: Flags  # [aim] inside the scenario's protected area


class Response(NamedTuple):
    """How the attacker adapts to an option with shooters, on days on which any of them are there."""

    displacement: Floats  # [vector] probability that a threat bound for the declared zone is sent elsewhere
    volume: Floats  # [vector] launches over those without the option
    class_shift: Floats  # [vector] share of deep UAVs replaced by cruise missiles
    uav_per_cruise: Floats  # [vector] UAVs that one cruise missile stands for
    aim_declared: Flags  # [option, aim] inside the option's zone before stand-offs


class Relief(NamedTuple):
    """What Ukraine's own defence makes elsewhere of the stops that an option saves it; nothing in the headline."""

    share: Floats  # [vector] of the saved stops that help elsewhere
    elasticity: Floats  # [vector] of the hazard elsewhere on the own defence that is free for it
    zone: Flags  # [option, aim] inside the option's zone before stand-offs, forces' and aid's alike


class Costs(NamedTuple):
    """Prices, and what packages spend on days on which they are there. Boundary 0 is fully loaded, 1 incremental."""

    price_eur: Floats  # [vector, boundary, item] of one; items from `FLIGHT_HOUR` on
    line: Integers  # [item] the line it is counted in
    standing_eur: Floats  # [vector, option, package, boundary, line] of a day: people, bases, sensors, aid
    planned_eur: Floats  # [option, package, boundary] of a day
    unspent_eur: Floats  # [vector, option, package] of a day


class Marks(NamedTuple):
    """Where along each route an event is an incident: parts in metres along it, ascending, padded with infinity."""

    border_start_m: Floats  # [route, border_part] near Russia or Belarus
    border_end_m: Floats  # [route, border_part]
    front_start_m: Floats  # [route, front_part] near the front
    front_end_m: Floats  # [route, front_part]
    built_up_start_m: Floats  # [route, built_up_part] above a built-up area
    built_up_end_m: Floats  # [route, built_up_part]
    third_start_m: Floats  # [route, third_part] the route enters a third state here
    third_incident: Integers  # [route, third_part] the incident that is, -1 where padded
    near_aim_from_m: Floats  # [route] from here on it is above the aim's region, if threats stray from there
    strays_to: Integers  # [aim] the incident that a threat straying from there is, -1 where none does


class Risks(NamedTuple):
    """How often an occasion becomes an incident."""

    p_debris: Floats  # [vector] a kill above a built-up area does damage
    p_stray: Floats  # [vector] a missile that missed there does
    p_crossing: Floats  # [vector] a threat jammed or leaking in the west crosses into a third state
    p_fratricide: Floats  # [vector] an engagement by the coalition hits a Ukrainian aircraft
    p_fratricide_cluster: Floats  # [vector] one begun while another of its shooters has a threat in work does
    lost_per_engagement: Floats  # [vector] fighters lost in one of theirs
    lost_at_bases_per_day: Floats  # [vector, phase] fighters
    early_warning_lost_per_day: Floats  # [vector, option, phase] aircraft
    tankers_lost_per_day: Floats  # [vector, option, phase]
    p_fratricide_own: Floats  # [vector] a kill by Ukraine among the coalition's aircraft hits one of them
    p_embassy: Floats  # [vector] an armed leaker in the capital strikes an embassy
    embassy_aim: Integers  # [one] -1 if the capital is no aim
    encounters_per_h: Floats  # [vector] of a patrol on station with crewed Russian aircraft
    aircraft_lost_per_h: Floats  # [vector] of flight over Ukraine
    accidents_per_h: Floats  # [vector] of flight
    share_on_station: Floats  # [vector, option] patrol hours on station over flight hours
    share_over_ukraine: Floats  # [vector, option] flight hours over Ukraine over flight hours
    alert_distance_m: Floats  # [vector] left to fly when an oblast is alerted


class People(NamedTuple):
    """Who is where, on days on which a package is there (`Forces.presence`), whether it shoots or not."""

    population: Floats  # [aim]
    on_board: Floats  # [vector] a fighter's
    there: Floats  # [vector, option, package, post] people
    exposed: Floats  # [option, package, post, aim] what of their places lies in the aim's oblast: number or m2 ...
    p_struck: Floats  # [vector, post] ... and how much of that one armed leaker there strikes
    places: Integers  # [option, package, post]
    deliberate_per_day: Floats  # [vector, post, phase] strikes aimed at a place
    uav_share: Floats  # [vector] of these that are UAVs', which an option may stop; in Ukraine alone
    casualties_per_strike: Floats  # [vector, option, package, post] on average
    largest: Floats  # [vector, option, package, post] people of the largest place
    casualty_dispersion: Floats  # [vector] size of the negative binomial
    p_aircrew_casualty: Floats  # [vector] of one on board a fighter that is lost


class World(NamedTuple):
    """Everything a raid-day needs."""

    raids: Raids
    routes: Routes
    own: OwnDefence
    forces: Forces
    aid: Aid
    rules: Rules
    response: Response
    relief: Relief
    costs: Costs
    marks: Marks
    risks: Risks
    people: People
    fleets: Fleets
    harm: Harm
    renewal: Renewal
