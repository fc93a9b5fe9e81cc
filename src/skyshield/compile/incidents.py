"""Incidents and people as the engine's arrays: marks along routes, risks of occasions, who stands where.

What is read here and has no centre moves nothing but these measures and the cost of what is lost, so `study.plan` moves
it together (entries marked ``bundled`` in the catalogue).
"""

from collections.abc import Mapping, Sequence

import numpy as np
import shapely

from skyshield.catalogue import Entry
from skyshield.compile.context import CompileContext
from skyshield.compile.parameters import CentralValues, ParameterTable
from skyshield.compile.phases import AT_WAR, at_strength
from skyshield.compile.planned_flying import added_up
from skyshield.core.arrays import Booleans, Floats
from skyshield.core.vocabulary import BASES, CREWS, N_POSTS, POSTS_IN_UKRAINE, SAILORS, SOLDIERS
from skyshield.engine import Fleets, Forces, Marks, People, Risks
from skyshield.engine.day import tonight
from skyshield.forces import Place, people_table
from skyshield.forces.sensors import sensor_named
from skyshield.forces.shelters import sheltered
from skyshield.raids.geography import Aims, RouteTable
from skyshield.rules import (
    crossing_kinds,
    incident_marks,
    incident_places,
    last_part_from,
    load_legal,
    nearest_states,
)
from skyshield.scenario import Option, Package
from skyshield.theatre import Theatre, own_plane, plane_oblast

_HOUR_S = 3600.0
_DAY_S = 86400.0
_THOUSAND = 1000.0
_DELIBERATE = {CREWS: "deliberate_strikes_per_site_day", BASES: "deliberate_strikes_per_base_day",
               SOLDIERS: "deliberate_strikes_per_hub_day", SAILORS: "deliberate_strikes_per_ship_day"}
_OF_EVERY_STUDY = (_DELIBERATE[CREWS], _DELIBERATE[BASES])


def prepare_marks(theatre: Theatre, aims: Aims, drawn: RouteTable, catalogue: Mapping[str, Entry]) -> Marks:
    """Return where along each route an event is an incident.

    Threats stray into the nearest state that is a member of both the Alliance and the Union.
    """
    result = incident_marks(theatre, drawn.x_m, drawn.y_m, catalogue)
    places = incident_places()
    incident = crossing_kinds(theatre, places.entering).astype(np.int64)
    members = {state.state for state in load_legal().states if state.nato and state.eu}
    near = incident[nearest_states(theatre, aims.x_m, aims.y_m, members)]
    return Marks(
        result.border_start_m, result.border_end_m, result.front_start_m, result.front_end_m, result.built_up_start_m,
        result.built_up_end_m, result.third_start_m,
        np.where(result.third_state >= 0, incident[result.third_state], -1),
        last_part_from(theatre, drawn.x_m, drawn.y_m, places.strays_from),
        np.where(np.isin(aims.regions, places.strays_from), near, -1))


def compile_risks(context: CompileContext, table: ParameterTable | CentralValues, forces: Forces,
                  fleets: Fleets) -> Risks:
    """Return how often an occasion becomes an incident."""
    scenario = context.scenario
    station, over = (np.zeros((len(table.fit_row), len(scenario.options))) for _ in range(2))
    for k, option in enumerate(scenario.options):
        flying = [package for package in option.packages if package.flies]
        if not flying:
            continue
        inside = flying[0].share_of_way_inside(context.deployment(table, option))
        sorties = forces.sorties_per_day[:, k] * _settled(forces, fleets, k)
        whole_h = added_up(sorties * forces.flight_time_h[:, k])
        on_station_h = added_up(sorties * forces.renewal_time_s[:, k]) / _HOUR_S
        over[:, k] = inside  # of pairs on ground alert alone, which fly the way and have no station
        flies = whole_h > 0.0
        station[flies, k] = (on_station_h / table["fighters_per_station"])[flies] / whole_h[flies]
        over[flies, k] = (on_station_h + inside * np.maximum(0.0, whole_h - on_station_h))[flies] / whole_h[flies]
    oblasts, embassies_in = context.aims.oblasts, incident_places().embassies_in
    embassy_aim = oblasts.index(embassies_in) if embassies_in in oblasts else -1
    return Risks(
        p_debris=table["debris_damage_probability"], p_stray=table["stray_missile_damage_probability"],
        p_crossing=table["third_state_crossing_probability"], p_fratricide=table["fratricide_per_engagement"],
        p_fratricide_cluster=np.maximum(table["fratricide_with_clusters"], table["fratricide_per_engagement"]),
        lost_per_engagement=table["aircraft_lost_per_engagement"], **_attacks(context, table),
        p_fratricide_own=table["fratricide_per_own_stop"], p_embassy=table["embassy_strike_share"],
        embassy_aim=np.array([embassy_aim]), encounters_per_h=table["crewed_encounters_per_patrol_hour"] * _HOUR_S,
        aircraft_lost_per_h=table["aircraft_lost_per_hour_over_ukraine"] * _HOUR_S,
        accidents_per_h=table["accident_rate_per_flight_hour"] * _HOUR_S, share_on_station=station,
        share_over_ukraine=over, alert_distance_m=table["alert_distance"])


def _attacks(context: CompileContext, table: ParameterTable | CentralValues) -> dict[str, Floats]:
    """Return aircraft lost a day by phase: fighters at bases, and of each option early warning and tankers."""
    def by_phase(what: str) -> Floats:
        return np.stack([table[f"{what}_loss_{'war' if phase.name in AT_WAR else 'ceasefire'}"] * _DAY_S
                         for phase in context.scenario.phases], axis=1)

    early_warning, tankers = by_phase("early_warning"), by_phase("tanker")
    has = np.zeros((2, len(context.scenario.options)))
    for k, option in enumerate(context.scenario.options):
        placed = [one for package in option.packages for one in package.sensors(context.deployment(table, option))]
        has[:, k] = (any(sensor_named(one.sort).flies for one in placed),
                     any(getattr(package, "tankers", 0) for package in option.packages))
    return {"lost_at_bases_per_day": by_phase("base_attack"),
            "early_warning_lost_per_day": has[0][:, None] * early_warning[:, None],
            "tankers_lost_per_day": has[1][:, None] * tankers[:, None]}


def compile_people(context: CompileContext, table: ParameterTable) -> People:
    """Return who is where under every option, and what a strike costs.

    Packages that are there on the same days may share a place: their people stand with the first of them. Others do
    not, since a place of both would be there with the people of one.
    """
    options, n = context.scenario.options, len(table.fit_row)
    shape = n, len(options), max(1, *(len(option.packages) for option in options)), N_POSTS
    there, mean, largest = (np.zeros(shape) for _ in range(3))
    places, exposed = np.zeros(shape[1:], np.int64), np.zeros((*shape[1:], len(context.aims.oblasts)))
    for k, option in enumerate(options):
        for first, together in context.together(option).items():
            by_post = _places(context, table, option, [option.packages[p] for p in together])
            for post, of_post in by_post.items():
                there[:, k, first, post], largest[:, k, first, post] = _people(of_post, n)
                mean[:, k, first, post] = _struck_on_average(of_post, table, n)
                places[k, first, post] = len(of_post)
            for post in POSTS_IN_UKRAINE:
                exposed[k, first, post] = _by_oblast(context, by_post[post])
    population = np.array([(context.theatre.oblast(name).population_thousand or 0.0) * _THOUSAND
                           for name in context.aims.oblasts])
    has = places.sum(axis=(0, 1)) > 0
    p_struck, deliberate = np.zeros((n, N_POSTS)), np.zeros((n, N_POSTS, len(context.scenario.phases)))
    p_struck[:, CREWS] = table["site_strike_probability"]
    if has[SOLDIERS]:
        p_struck[:, SOLDIERS] = table["oblast_hit_density"]
    kept_step = at_strength(context.scenario, table)
    for post, name in _DELIBERATE.items():
        if name in _OF_EVERY_STUDY or has[post]:
            deliberate[:, post] = (table[name] * _DAY_S)[:, None] * kept_step
    return People(
        population=population, on_board=table[people_table().on_board], there=there, exposed=exposed, p_struck=p_struck,
        places=places, deliberate_per_day=deliberate,
        uav_share=table["deliberate_uav_share"] if has[SOLDIERS] else np.zeros(n), casualties_per_strike=mean,
        largest=largest, casualty_dispersion=table["casualty_dispersion"],
        p_aircrew_casualty=table["aircrew_casualty_probability"])


def _settled(forces: Forces, fleets: Fleets, option: int) -> Floats:
    """Return f8[vector, slot]: which share of each patrol the fleet keeps up in fair weather on the first day.

    Slots that only other vectors can man have none, so that a vector does not depend on which others are compiled.
    """
    kept_up = np.zeros((len(fleets.p_available), forces.shooter_kind.shape[1]))
    down = (1.0 - fleets.p_available) * fleets.aircraft[:, option]
    for vector in range(len(kept_up)):
        tonight(fleets, forces.ready_aircraft[vector, option], forces.crews[vector, option], vector, option,
                float(down[vector]), 1.0, 1.0, kept_up[vector])
    return kept_up


def _places(context: CompileContext, table: ParameterTable, option: Option,
            packages: Sequence[Package]) -> dict[int, list[Place]]:
    """Return by post the places with people of packages that are there together."""
    deployment = context.deployment(table, option)
    places = sheltered([place for package in packages for place in package.people(deployment) if place.people.any()],
                       [package.shelter(deployment) for package in packages])
    places.sort(key=lambda place: not place.crew)  # sums do not depend on the order of the packages
    held = _held(own_plane(context.theatre), places)
    of_crews = [(place, here) for place, here in zip(places, held, strict=True) if place.role == "crews"]
    return {CREWS: [place for place, here in of_crews if here],
            BASES: _together([place for place, here in of_crews if not here]),
            SOLDIERS: [place for place in places if place.role == "soldiers"],
            SAILORS: [place for place in places if place.role == "sailors"]}


def _struck_on_average(places: Sequence[Place], table: ParameterTable, n_vectors: int) -> Floats:
    """Return f8[vector]: the people that a strike on one of some places costs on average, before any cap."""
    shares = [place.people * place.casualty_share for place in places if place.casualty_share is not None]
    if not shares:
        return table["casualties_per_strike"]
    return added_up(np.stack([np.broadcast_to(one, n_vectors) for one in shares], axis=-1)) / len(shares)


def _by_oblast(context: CompileContext, places: Sequence[Place]) -> Floats:
    """Return f8[aim]: what of some places lies in each aim's oblast: their area in m2 if they have one, or number."""
    if not places:
        return np.zeros(len(context.aims.oblasts))
    weight = np.array([1.0 if place.footprint_m2 is None else float(np.mean(place.footprint_m2)) for place in places])
    return np.array([(_held(plane_oblast(context.theatre, oblast), places) * weight).sum()
                     for oblast in context.aims.oblasts])


def _together(places: Sequence[Place]) -> list[Place]:
    """Return places with those at one spot put together."""
    at: dict[tuple[float, float], Floats] = {}
    for place in places:
        here = place.x_m, place.y_m
        at[here] = at.get(here, 0.0 * place.people) + place.people
    return [Place(*here, people) for here, people in at.items()]


def _people(places: Sequence[Place], n_vectors: int) -> tuple[Floats, Floats]:
    """Return f8[vector]: all people of some places, and those of the largest."""
    people = np.stack([np.zeros(n_vectors), *(place.people for place in places)], axis=-1)
    return added_up(people), people.max(axis=-1)


def _held(area: "shapely.geometry.base.BaseGeometry", places: Sequence[Place]) -> Booleans:
    """Return which places lie in an area."""
    return np.asarray(shapely.contains_xy(area, [place.x_m for place in places], [place.y_m for place in places]), bool)
