"""What leakers do, as the engine's arrays."""

from collections.abc import Collection

import numpy as np

from skyshield.compile.context import CompileContext
from skyshield.compile.parameters import ParameterTable
from skyshield.core.arrays import Flags, Floats
from skyshield.core.vocabulary import CARGOES
from skyshield.engine import Harm
from skyshield.rules import incident_places
from skyshield.theatre import Theatre, plane_oblast
from skyshield.theatre.plane import plane_line

_DAY_S, _HOUR_S = 86400.0, 3600.0
_PORTS, _ENERGY, _TRAVELLERS = "ports", "energy", "travellers"
_WARHEADS = {"uav": "geran2_warhead", "decoy_armed": "gerbera_warhead", "cruise": "kalibr_warhead",
             "ballistic": "iskanderM_warhead"}


def compile_harm(context: CompileContext, table: ParameterTable, grid_protected: Floats) -> Harm:
    """Return what leakers do; `grid_protected` f8[vector, option, day] is what aid takes off a hit on the grid."""
    nothing = np.zeros(len(table.fit_row))
    warhead = [table[_WARHEADS[cargo]] if cargo in _WARHEADS else nothing for cargo in CARGOES]
    ports = {site.oblast for interest in context.theatre.interests if interest.name == _PORTS
             for site in interest.sites}

    def lies_in(oblasts: Collection[str]) -> Flags:
        return np.array([name in oblasts for name in context.aims.oblasts], np.uint8)

    return Harm(
        warhead_kg=np.stack(warhead, axis=1), energy_share=table["energy_share_of_armed_leakers"],
        outage_h_per_hit=table["outage_hours_per_energy_hit"] * _DAY_S / _HOUR_S,
        grid_repair_days=table["grid_repair_time"] / _DAY_S, port_share=table["port_share_of_armed_leakers"],
        port_days_per_hit=table["port_days_per_hit"] / table["port_repair_time"],
        port_repair_days=table["port_repair_time"] / _DAY_S, rail_share=table["rail_share_of_armed_leakers"],
        rail_h_per_hit=table["rail_hours_per_hit"] / _HOUR_S, grid_protected=grid_protected,
        port_aim=lies_in(ports), plant_days_per_hit=table["npp_offsite_power_days_per_hit"] / _DAY_S,
        plant_aim=lies_in(plant_oblasts(context.theatre)), kyiv_aim=lies_in({incident_places().embassies_in}),
        corridor_aim=lies_in(context.cached("corridor oblasts", lambda: corridor_oblasts(context.theatre))))


def plant_oblasts(theatre: Theatre) -> set[str]:
    """Return the oblasts of the op-ed's nuclear power plants that Ukraine controls.

    Examples
    --------
    >>> from skyshield.theatre import load_theatre
    >>> sorted(plant_oblasts(load_theatre()))
    ['Khmelnytskyi', 'Mykolaiv', 'Rivne']
    """
    return {site.oblast for interest in theatre.interests if interest.name == _ENERGY
            for site in interest.sites if site.kind == "point" and not site.occupied}


def corridor_oblasts(theatre: Theatre) -> set[str]:
    """Return the oblasts that a corridor of travellers crosses, straight from city to city.

    What lies within the error of a city's place of an oblast's edge is not crossed.

    Examples
    --------
    >>> from skyshield.theatre import load_theatre
    >>> found = corridor_oblasts(load_theatre())
    >>> len(found), "Kyiv City" in found, "Chernihiv" in found
    (15, True, False)
    """
    corridors = [[theatre.city(name) for name in site.via] for interest in theatre.interests
                 if interest.name == _TRAVELLERS for site in interest.sites if site.via]
    ways = [plane_line([(city.lon, city.lat) for city in cities]) for cities in corridors]
    return {oblast.name for oblast in theatre.oblasts
            if any(way.intersection(plane_oblast(theatre, oblast.name)).length > theatre.geometry_error_m.place
                   for way in ways)}
