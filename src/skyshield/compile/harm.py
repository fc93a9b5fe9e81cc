"""What leakers do, as the engine's arrays."""

import numpy as np

from skyshield.compile.context import CompileContext
from skyshield.compile.parameters import ParameterTable
from skyshield.core.arrays import Floats
from skyshield.core.vocabulary import CARGOES
from skyshield.engine import Harm

_DAY_S, _HOUR_S = 86400.0, 3600.0
_PORTS = "ports"
_WARHEADS = {"uav": "geran2_warhead", "decoy_armed": "gerbera_warhead", "cruise": "kalibr_warhead",
             "ballistic": "iskanderM_warhead"}


def compile_harm(context: CompileContext, table: ParameterTable, grid_protected: Floats) -> Harm:
    """Return what leakers do; `grid_protected` f8[vector, option, day] is what aid takes off a hit on the grid."""
    nothing = np.zeros(len(table.fit_row))
    warhead = [table[_WARHEADS[cargo]] if cargo in _WARHEADS else nothing for cargo in CARGOES]
    ports = {site.oblast for interest in context.theatre.interests if interest.name == _PORTS
             for site in interest.sites}
    return Harm(
        warhead_kg=np.stack(warhead, axis=1), energy_share=table["energy_share_of_armed_leakers"],
        outage_h_per_hit=table["outage_hours_per_energy_hit"] * _DAY_S / _HOUR_S,
        grid_repair_days=table["grid_repair_time"] / _DAY_S, port_share=table["port_share_of_armed_leakers"],
        port_days_per_hit=table["port_days_per_hit"] / table["port_repair_time"],
        port_repair_days=table["port_repair_time"] / _DAY_S, rail_share=table["rail_share_of_armed_leakers"],
        rail_h_per_hit=table["rail_hours_per_hit"] / _HOUR_S, grid_protected=grid_protected,
        port_aim=np.array([name in ports for name in context.aims.oblasts], np.uint8))
