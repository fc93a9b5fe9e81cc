"""Incidents and people as the engine's arrays: marks along routes, risks of occasions, who stands where.

What is read here and has no centre moves nothing but these measures and the cost of what is lost, so `study.plan` moves
it together (`BUNDLED`).
"""

from collections.abc import Sequence

import numpy as np
import shapely

from skyshield.catalogue import Catalogue
from skyshield.compile.context import CompileContext
from skyshield.compile.forces import fighters_of
from skyshield.compile.parameters import CentralValues, ParameterTable
from skyshield.compile.planned_flying import added_up
from skyshield.core.arrays import Booleans, Floats
from skyshield.core.vocabulary import INCIDENT_KINDS
from skyshield.engine import Fleets, Forces, Marks, People, Risks
from skyshield.engine.day import tonight
from skyshield.forces import Place, base_places, places_xy, share_of_way_inside
from skyshield.forces.people import CREWS
from skyshield.forces.shooters import KINDS
from skyshield.raids.geography import Aims, RouteTable
from skyshield.rules import incident_marks, last_part_from, load_legal, nearest_states
from skyshield.theatre import Theatre, own_plane, plane_oblast

_HOUR_S = 3600.0
_DAY_S = 86400.0
_THOUSAND = 1000.0
_STRAYS_FROM = "west"
_CAPITAL = "Kyiv City"


def prepare_marks(theatre: Theatre, aims: Aims, drawn: RouteTable, catalogue: Catalogue) -> Marks:
    """Return where along each route an event is an incident.

    Threats stray from the west into the nearest state that is a member of both the Alliance and the Union.
    """
    result = incident_marks(theatre, drawn.x_m, drawn.y_m, catalogue)
    incident = np.array([INCIDENT_KINDS.index(f"crossing_{state.name.lower()}") for state in theatre.neighbours])
    members = {state.state for state in load_legal().states if state.nato and state.eu}
    near = incident[nearest_states(theatre, aims.x_m, aims.y_m, members)]
    return Marks(
        result.border_start_m, result.border_end_m, result.front_start_m, result.front_end_m, result.built_up_start_m,
        result.built_up_end_m, result.third_start_m,
        np.where(result.third_state >= 0, incident[result.third_state], -1),
        last_part_from(theatre, drawn.x_m, drawn.y_m, _STRAYS_FROM),
        np.where(np.array(aims.regions) == _STRAYS_FROM, near, -1))


def compile_risks(context: CompileContext, table: ParameterTable | CentralValues, forces: Forces,
                  fleets: Fleets) -> Risks:
    """Return how often an occasion becomes an incident."""
    theatre, scenario = context.theatre, context.scenario
    station, over = (np.zeros((len(table.fit_row), len(scenario.options))) for _ in range(2))
    for k, option in enumerate(scenario.options):
        package = fighters_of(option.packages)
        if package is None:
            continue
        inside = share_of_way_inside(theatre, scenario.members, *places_xy(theatre, package.serves, "place"))
        sorties = forces.sorties_per_day[:, k] * _settled(forces, fleets, k)
        whole_h = added_up(sorties * forces.flight_time_h[:, k])
        on_station_h = added_up(sorties * forces.renewal_time_s[:, k]) / _HOUR_S
        over[:, k] = inside  # of pairs on ground alert alone, which fly the way and have no station
        flies = whole_h > 0.0
        station[flies, k] = (on_station_h / table["fighters_per_station"])[flies] / whole_h[flies]
        over[flies, k] = (on_station_h + inside * np.maximum(0.0, whole_h - on_station_h))[flies] / whole_h[flies]
    capital = context.aims.oblasts.index(_CAPITAL) if _CAPITAL in context.aims.oblasts else -1
    return Risks(
        p_debris=table["debris_damage_probability"], p_stray=table["stray_missile_damage_probability"],
        p_crossing=table["third_state_crossing_probability"], p_fratricide=table["fratricide_per_engagement"],
        p_fratricide_own=table["fratricide_per_own_stop"], p_embassy=table["embassy_strike_share"],
        embassy_aim=np.array([capital]), encounters_per_h=table["crewed_encounters_per_patrol_hour"] * _HOUR_S,
        aircraft_lost_per_h=table["aircraft_lost_per_hour_over_ukraine"] * _HOUR_S,
        accidents_per_h=table["accident_rate_per_flight_hour"] * _HOUR_S, share_on_station=station,
        share_over_ukraine=over, alert_distance_m=table["alert_distance"])


def compile_people(context: CompileContext, table: ParameterTable, forces: Forces) -> People:
    """Return who is where under every option, and what a strike costs.

    All packages of an option start together, and may share a place: their people stand with the first of them.
    """
    theatre, aims, options = context.theatre, context.aims, context.scenario.options
    shape = len(table.fit_row), *forces.presence.shape[:2]
    crews, at_bases, largest_site, largest_base = (np.zeros(shape) for _ in range(4))
    n_sites, (sites, n_bases) = np.zeros((*shape[1:], len(aims.oblasts)), np.int64), np.zeros((2, *shape[1:]), np.int64)
    for k, option in enumerate(options):
        places = [*_crew_places(forces, k, table),
                  *base_places(fighters_of(option.packages), context.scenario.members, theatre, table)]
        places = [place for place in places if place.people.any()]
        held = _held(own_plane(theatre), places)
        in_ukraine = [place for place, here in zip(places, held, strict=True) if here]
        outside = [place for place, here in zip(places, held, strict=True) if not here]
        crews[:, k, 0], largest_site[:, k, 0] = _people(in_ukraine, shape[0])
        at_bases[:, k, 0], largest_base[:, k, 0] = _people(_together(outside), shape[0])
        sites[k, 0], n_bases[k, 0] = len(in_ukraine), len(_together(outside))
        for aim, oblast in enumerate(aims.oblasts):
            n_sites[k, 0, aim] = _held(plane_oblast(theatre, oblast), in_ukraine).sum()
    population = np.array([(theatre.oblast(name).population_thousand or 0.0) * _THOUSAND for name in aims.oblasts])
    return People(
        population=population, on_board=table["people_on_board"], crews=crews, at_bases=at_bases, n_sites=n_sites,
        sites=sites, n_bases=n_bases, largest_site=largest_site, largest_base=largest_base,
        p_site_struck=table["site_strike_probability"],
        deliberate_per_site_day=table["deliberate_strikes_per_site_day"] * _DAY_S,
        deliberate_per_base_day=table["deliberate_strikes_per_base_day"] * _DAY_S,
        casualties_per_strike=table["casualties_per_strike"], casualty_dispersion=table["casualty_dispersion"],
        p_aircrew_casualty=table["aircrew_casualty_probability"])


def _settled(forces: Forces, fleets: Fleets, option: int) -> Floats:
    """Return f8[vector, slot]: which share of each patrol the fleet keeps up in fair weather on the first day.

    Slots that only other vectors can man have none, so that a vector does not depend on which others are compiled.
    """
    kept_up = np.zeros((len(fleets.p_available), forces.shooter_kind.shape[1]))
    down = (1.0 - fleets.p_available) * fleets.aircraft[:, option]
    for vector in range(len(kept_up)):
        tonight(fleets, forces.ready_aircraft[vector, option], forces.crews[vector, option], vector, option,
                float(down[vector]), 1.0, kept_up[vector])
    return kept_up


def _crew_places(forces: Forces, option: int, table: ParameterTable) -> list[Place]:
    """Return the shooters of an option that have a crew where they stand."""
    result = []
    for kind, x, y in zip(forces.shooter_kind[option], forces.x_m[option], forces.y_m[option], strict=True):
        if kind >= 0 and KINDS[kind][0] in CREWS:
            result.append(Place(float(x), float(y), table[CREWS[KINDS[kind][0]]], False))
    return result


def _together(places: Sequence[Place]) -> list[Place]:
    """Return places with those at one spot put together."""
    at: dict[tuple[float, float], Floats] = {}
    for place in places:
        here = place.x_m, place.y_m
        at[here] = at.get(here, 0.0 * place.people) + place.people
    return [Place(*here, people, True) for here, people in at.items()]


def _people(places: Sequence[Place], n_vectors: int) -> tuple[Floats, Floats]:
    """Return f8[vector]: all people of some places, and those of the largest."""
    people = np.stack([np.zeros(n_vectors), *(place.people for place in places)])
    return people.sum(axis=0), people.max(axis=0)


def _held(area: "shapely.geometry.base.BaseGeometry", places: Sequence[Place]) -> Booleans:
    """Return which places lie in an area."""
    return np.asarray(shapely.contains_xy(area, [place.x_m for place in places], [place.y_m for place in places]), bool)
