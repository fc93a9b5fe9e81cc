"""The forces of every option, as the engine's arrays."""

from collections.abc import Sequence
from dataclasses import fields
from typing import Any

import numpy as np
import numpy.typing as npt

from skyshield.engine import Forces
from skyshield.engine.tally import CLASSES, MUNITION_KINDS
from skyshield.forces import (
    FighterPackage,
    ShooterArrays,
    near_slots,
    prepare_fighters,
    prepare_shooters,
)
from skyshield.scenario import Package
from skyshield.study.ground import Ground, quantiles_of_nights
from skyshield.study.parameters import CentralValues, ParameterTable

Floats = npt.NDArray[np.float64]

_PRICES = ("shot_cost_eur", "shooter_day_cost_eur")  # of the shooters; the engine has them among the costs


def compile_shooters(ground: Ground, table: ParameterTable | CentralValues) -> ShooterArrays:
    """Return where the shooters of every option stand, what they can do and what they cost."""
    scenario = ground.scenario
    return prepare_shooters([o.packages for o in scenario.options], scenario.members, ground.theatre, table,
                            MUNITION_KINDS, lambda mean, rho: ground.once(quantiles_of_nights, mean, rho))


def compile_forces(ground: Ground, table: ParameterTable | CentralValues, shooters: ShooterArrays) -> Forces:
    """Return the shooters of every option as the engine wants them."""
    scenario, theatre, catalogue = ground.scenario, ground.theatre, ground.catalogue
    flights = prepare_fighters([_fighters(o.packages) for o in scenario.options], scenario.members, theatre, table)
    near_first, near_slot = near_slots(shooters, ground.drawn.x_m, ground.drawn.y_m)
    arrays: dict[str, Any] = {field.name: getattr(shooters, field.name) for field in fields(shooters)
                              if field.name not in _PRICES}
    salvo = np.ones((len(table.fit_row), len(CLASSES)), np.int64)
    salvo[:, CLASSES.index("ballistic")] = np.rint(table["shots_per_ballistic"])
    return Forces(
        **arrays, near_first=near_first, near_slot=near_slot, salvo=salvo,
        max_engagements=np.array([int(catalogue["fighter_max_shots_per_threat"].reference_si)]),
        p_identified=table["identification_probability"], p_deconflicted=1.0 - table["deconfliction_loss_probability"],
        release_time_s=table["release_time"], flight_time_per_sortie_h=flights.flight_time_per_sortie_h,
        active=np.stack([ground.days_there(option) * option.shoots for option in scenario.options]))


def _fighters(packages: Sequence[Package]) -> FighterPackage | None:
    return next((package for package in packages if isinstance(package, FighterPackage)), None)
