r"""Step 22: incidents, people, alerts.

**Incidents** are expected numbers, not draws. Given what happened that day, an incident of a kind has so many occasions
(a stop above a city, an hour on station, a threat whose way leads through a third state), each with a probability of
the vector; the amount is their sum, E[incidents | the day]. Averaged over days it is the same as the mean of draws
would be, and rare things carry no noise of their own (Rao and Blackwell). What each kind's occasions are:

- ``engagement_near_border``, ``engagement_near_front``: threats shot at whose last shot fell there.
- ``debris_built_up``: kills by anybody, Ukraine and aid too, above a built-up area, times `p_debris`.
- ``stray_weapon``: missiles that missed a threat above a built-up area, where it was last shot at, times `p_stray`.
- ``crossing_*``: threats alive where their route enters a third state; and, for the nearest member state, UAVs jammed
  above the west or leaking there, and cruise missiles leaking there, times `p_crossing`.
- ``encounter_crewed``, ``aircraft_lost_over_ukraine``, ``accident``: hours on station, over Ukraine, in the air.
- ``fratricide``: threats' engagements by the coalition, times `p_fratricide`, or, begun while another of its shooters
  has a threat in work, `p_fratricide_cluster`; and Ukraine's own kills inside the
  option's windows on days with coalition flights, times `p_fratricide_own`.
- ``aircraft_lost_engaging``: engagements by fighters, times `lost_per_engagement`.
- ``aircraft_lost_at_bases``, ``support_aircraft_lost`` (early warning and tankers): days on which aircraft are there,
  by phase; attacks on bases have no place.
- ``wrong_class``: threats shot at although their class is not allowed.
- ``people_struck_in_ukraine`` (crews), ``soldiers_struck_in_ukraine``, ``base_struck_in_member_state``,
  ``ship_struck``: strikes on places with coalition people. By chance: armed leakers in the oblast times what of its
  places lies there times `p_struck`. Deliberate: places times `deliberate_per_day` of the phase; of those in Ukraine a
  share are UAVs', of which as many come as the option has let through so far of what would have come to their oblasts.
  A leaker is never one of these: they are strikes besides the raids.
- ``embassy_struck``: armed leakers in Kyiv, times `p_embassy`.

**People**: hours of exposure are counted. **Casualties** alone are drawn, since a period's chance of any, or of ten, is
wanted: the number of strikes is Poisson with the expectation above, each costs a negative binomial number of people, at
most those of the largest place of its sort; aircrew of lost aircraft come on top. People of a package are at risk on
the days on which it is there, whether it shoots or not. Without people all of it is zero.

**Alerts** are counted in hours and people (`steps.alerts`).
"""

import math

import numpy as np

from skyshield.core.arrays import Floats, Integers
from skyshield.core.jit import kernel
from skyshield.core.normal import negative_binomial_quantile, poisson_quantile
from skyshield.core.streams import moment, uniforms, vector_of
from skyshield.core.vocabulary import ARMED, CREWS, N_POSTS, SOLDIERS
from skyshield.engine import tally as t
from skyshield.engine.scratch import BY_FIGHTERS, CLUSTERED, EVENTS, STRAYS, Campaign, Ends, Raid, Struck
from skyshield.engine.steps.fates import BY_OWN, end_of, inside
from skyshield.engine.world import CASUALTIES, Forces, World

_DAY_H = 24.0
_AIRCREW = 2  # the place of aircrew among the day's uniforms for casualties; those of posts stand around it
_STRUCK = (t.PEOPLE_STRUCK, t.BASE_STRUCK, t.SOLDIERS_STRUCK, t.SHIP_STRUCK)  # by post


@kernel
def armed_at(ends: Ends, aim: int) -> int:
    """Return the leakers at an aim that are no decoys."""
    return int(ends.leakers[aim, 1:].sum())


@kernel
def strikes(seed: np.uint64, word: int, day: int, where: int, n: int, mean: float, size: float, most: int) -> int:
    """Return the people that a number of strikes cost, each at most `most`."""
    total = 0
    for event in range(n):
        u = uniforms(seed, word, moment(day, CASUALTIES), where + 1, event)[0]
        total += min(negative_binomial_quantile(u, mean, size), most)
    return total


@kernel
def count_shots(world: World, vector: int, option: int, flies: bool, engaged: Integers, raid: Raid,
                amounts: Floats) -> float:
    """Add what the coalition's engagements are occasions of; return its jets that Ukraine hit, an expected number.

    `engaged` are those begun beside another, and those of fighters.
    """
    marks, risks, rules = world.marks, world.risks, world.rules
    window_start_m, window_end_m = rules.window_start_m[option], rules.window_end_m[option]
    engagements, wrong, at_border, at_front, strayed, among_jets = 0, 0, 0, 0, 0, 0
    for k in range(raid.n_crossing[0]):
        i = raid.crossing[k]
        route = raid.route[i]
        if flies and not raid.own_soft[i]:
            who, end_m = end_of(i, raid)
            among_jets += who == BY_OWN and inside(window_start_m, window_end_m, route, end_m)
        if raid.engagements[i] > 0:
            shot_m = raid.shot_m[i]
            engagements += raid.engagements[i]
            wrong += not rules.class_allowed[option, raid.threat_class[i]]
            at_border += inside(marks.border_start_m, marks.border_end_m, route, shot_m)
            at_front += inside(marks.front_start_m, marks.front_end_m, route, shot_m)
            if raid.missed[i] > 0 and inside(marks.built_up_start_m, marks.built_up_end_m, route, shot_m):
                strayed += raid.missed[i]
    hit_by_own = among_jets * risks.p_fratricide_own[vector]
    in_cluster = float(engaged[CLUSTERED])
    amounts[t.FRATRICIDE] += ((engagements - in_cluster) * risks.p_fratricide[vector]
                              + in_cluster * risks.p_fratricide_cluster[vector] + hit_by_own)
    amounts[t.LOST_ENGAGING] += engaged[BY_FIGHTERS] * risks.lost_per_engagement[vector]
    amounts[t.WRONG_CLASS] += wrong
    amounts[t.NEAR_BORDER] += at_border
    amounts[t.NEAR_FRONT] += at_front
    amounts[t.STRAY] += strayed * risks.p_stray[vector]
    return float(hit_by_own)


@kernel
def flies_today(forces: Forces, vector: int, option: int, day: int) -> bool:
    """Return whether a patrol or a pair on ground alert of the option is there."""
    for slot in range(forces.shooter_kind.shape[1]):
        kind = forces.shooter_kind[option, slot]
        if kind >= 0 and forces.presence[option, forces.package[option, slot], day] and (
                forces.ready_aircraft[vector, option, slot] > 0.0 or forces.alert_time_s[vector, kind] > 0.0):
            return True
    return False


@kernel
def count_occasions(world: World, vector: int, ends: Ends, amounts: Floats) -> None:
    """Add what the threats' ends are occasions of, and the alerts."""
    risks, occasions = world.risks, ends.occasions
    for crossing in range(t.STRAY + 1, t.ENCOUNTER):
        kind = crossing - t.INCIDENTS
        amounts[crossing] += occasions[EVENTS, kind] + occasions[STRAYS, kind] * risks.p_crossing[vector]
    amounts[t.DEBRIS] += occasions[EVENTS, t.DEBRIS - t.INCIDENTS] * risks.p_debris[vector]
    if risks.embassy_aim[0] >= 0:
        amounts[t.EMBASSY] += armed_at(ends, risks.embassy_aim[0]) * risks.p_embassy[vector]
    amounts[t.ALERT] += ends.alert_person_h[0]


@kernel
def let_through(world: World, option: int, package: int, campaign: Campaign, own_ends: Ends, ends: Ends) -> float:
    """Return what share of the armed UAVs to the oblasts of a package's places the option has let through so far.

    Of what would have come without it; one strike is counted in both from the start, so that it begins at 1.
    """
    exposed = world.people.exposed[option, package]
    for post in (CREWS, SOLDIERS):
        for aim in range(exposed.shape[1]):
            if exposed[post, aim] > 0.0:
                campaign.would_come[option, package] += own_ends.leakers[aim, ARMED]
                campaign.came[option, package] += ends.leakers[aim, ARMED]
    return float(min(1.0, (1.0 + campaign.came[option, package]) / (1.0 + campaign.would_come[option, package])))


@kernel
def count_people(world: World, vector: int, day: int, option: int, phase: int, own_ends: Ends, ends: Ends,
                 campaign: Campaign, struck: Struck, amounts: Floats) -> float:
    """Add exposure and expected strikes where people of packages are that are there today; return the strikes.

    Fills by post the expected strikes, the people that one costs on average and at most. `own_ends` are the ends of the
    same threats as Ukraine alone meets them.
    """
    people, presence = world.people, world.forces.presence[option, :, day]
    for post in range(N_POSTS):
        struck.strikes[post], struck.mean[post], struck.most[post] = 0.0, 0.0, 0.0
    for package in range(presence.shape[0]):
        if not presence[package]:
            continue
        shielded = 1.0
        if people.uav_share[vector] > 0.0:
            through = let_through(world, option, package, campaign, own_ends, ends)
            shielded -= people.uav_share[vector] * (1.0 - through)
        for post in range(N_POSTS):
            there = people.there[vector, option, package, post]
            if there <= 0.0:
                continue
            amounts[t.PEOPLE_BY_ROLE + 1 + post] += _DAY_H * there
            met = 0.0  # places, or area, times the armed leakers in their oblast
            for aim in range(ends.leakers.shape[0]):
                met += armed_at(ends, aim) * people.exposed[option, package, post, aim]
            aimed = people.deliberate_per_day[vector, post, phase] * people.places[option, package, post]
            if post in (CREWS, SOLDIERS):
                amounts[t.PEOPLE_EXPOSED] += _DAY_H * there
                aimed *= shielded
            expected = met * people.p_struck[vector, post] + aimed
            struck.strikes[post] += expected
            struck.mean[post] += expected * people.casualties_per_strike[vector, option, package, post]
            struck.most[post] = max(struck.most[post], people.largest[vector, option, package, post])
    total = 0.0
    for post in range(N_POSTS):
        amounts[_STRUCK[post]] += struck.strikes[post]
        total += struck.strikes[post]
        if struck.strikes[post] > 0.0:
            struck.mean[post] /= struck.strikes[post]
    return total


@kernel
def draw_casualties(world: World, seed: np.uint64, word: int, day: int, struck: Struck, aircrew: float,
                    counts: Integers) -> None:
    """Draw the people that the day's expected strikes, and the loss of so many aircrew, cost."""
    u_0, u_1, u_2, u_3 = uniforms(seed, word, moment(day, CASUALTIES), 0, 0)
    u_4 = uniforms(seed, word, moment(day, CASUALTIES), 0, 1)[0]
    size = world.people.casualty_dispersion[vector_of(word)]
    lost = poisson_quantile(u_2, aircrew)
    counts[t.CASUALTIES_BY_ROLE] += lost
    counts[t.CASUALTIES] += lost
    for post, u in enumerate((u_0, u_1, u_3, u_4)):
        if struck.strikes[post] > 0.0:
            lost = strikes(seed, word, day, post if post < _AIRCREW else post + 1,
                           poisson_quantile(u, struck.strikes[post]), struck.mean[post], size,
                           math.floor(struck.most[post]))
            counts[t.CASUALTIES_BY_ROLE + 1 + post] += lost
            counts[t.CASUALTIES] += lost


@kernel
def count_incidents(world: World, seed: np.uint64, word: int, day: int, option: int, phase: int, engaged: Integers,
                    raid: Raid, own_ends: Ends, ends: Ends, campaign: Campaign, struck: Struck, counts: Integers,
                    amounts: Floats) -> float:
    """Add the day's incidents, exposure, casualties and alert hours; flight hours are known already.

    `own_ends` are the ends of the same raid as Ukraine alone meets it.

    Returns the coalition's aircraft among those hit by mistake, as the incidents an expected number.
    """
    vector = vector_of(word)
    risks, people = world.risks, world.people
    hours = amounts[t.FLIGHT_HOURS]
    count_occasions(world, vector, ends, amounts)
    hit_by_own = count_shots(world, vector, option, hours > 0.0, engaged, raid, amounts)
    over_h = hours * risks.share_over_ukraine[vector, option]
    amounts[t.ENCOUNTER] += hours * risks.share_on_station[vector, option] * risks.encounters_per_h[vector]
    lost_over = over_h * risks.aircraft_lost_per_h[vector]
    accidents = hours * risks.accidents_per_h[vector]
    amounts[t.AIRCRAFT_LOST] += lost_over
    amounts[t.ACCIDENT] += accidents
    amounts[t.PEOPLE_BY_ROLE] += over_h * people.on_board[vector]
    amounts[t.PEOPLE_EXPOSED] += over_h * people.on_board[vector]
    on_places = count_people(world, vector, day, option, phase, own_ends, ends, campaign, struck, amounts)
    if world.fleets.aircraft[vector, option] > 0.0 and flies_today(world.forces, vector, option, day):
        amounts[t.LOST_AT_BASES] += risks.lost_at_bases_per_day[vector, phase]
        amounts[t.SUPPORT_LOST] += (risks.early_warning_lost_per_day[vector, option, phase]
                                    + risks.tankers_lost_per_day[vector, option, phase])
    lost = lost_over + accidents + hit_by_own + amounts[t.LOST_ENGAGING]
    aircrew = lost * people.on_board[vector] * people.p_aircrew_casualty[vector]
    if on_places + aircrew > 0.0:
        draw_casualties(world, seed, word, day, struck, aircrew, counts)
    return hit_by_own
