"""What everything costs, as the engine's arrays: prices of what is used, and what is spent whatever the raid.

The same arrays are made at every vector's values, for what is spent, and at central values, for what is planned
(`skyshield.compile.planned`). The lines are those of `skyshield.forces.money`.
"""

from collections.abc import Sequence

import numpy as np

from skyshield.compile.context import CompileContext
from skyshield.compile.parameters import CentralValues, ParameterTable
from skyshield.core.arrays import Floats
from skyshield.core.vocabulary import BOUNDARIES, COST_LINES
from skyshield.engine import Costs
from skyshield.engine.world import AIRCRAFT_LOST, FLIGHT_HOUR, FRIENDLY_LOST, READY, TANKER_HOUR
from skyshield.forces import FighterPackage, SensorPackage, Shooters, aircraft_of, price_list, sensor_day_eur
from skyshield.scenario import Package


def compile_costs(context: CompileContext, table: ParameterTable | CentralValues, shooters: Shooters) -> Costs:
    """Return prices and what every option spends whatever the raid, aid and plans apart, which are zero yet."""
    n, options = len(table.fit_row), context.scenario.options
    n_kinds, n_weapons = shooters.forces.munition.shape
    line = np.zeros(READY + n_kinds + n_kinds * n_weapons, np.int64)
    for items, name in ((FLIGHT_HOUR, "flight_hours"), (TANKER_HOUR, "tankers"), (AIRCRAFT_LOST, "losses"),
                        (FRIENDLY_LOST, "losses"), (slice(READY, READY + n_kinds), "ground_units"),
                        (slice(READY + n_kinds, None), "weapons")):
        line[items] = COST_LINES.index(name)
    price = np.zeros((n, len(BOUNDARIES), len(line)))
    n_packages = shooters.forces.presence.shape[1]
    standing = np.zeros((n, len(options), n_packages, len(BOUNDARIES), len(COST_LINES)))
    for b, boundary in enumerate(BOUNDARIES):
        prices = price_list(table, boundary)
        price[:, b, FLIGHT_HOUR], price[:, b, TANKER_HOUR] = prices.flight_hour_eur, prices.tanker_hour_eur
        price[:, b, AIRCRAFT_LOST], price[:, b, FRIENDLY_LOST] = prices.fighter_lost_eur, prices.friendly_lost_eur
        price[:, b, READY:READY + n_kinds] = shooters.shooter_day_cost_eur * prices.ground_share[:, None]
        price[:, b, READY + n_kinds:] = shooters.shot_cost_eur.reshape(n, -1)
        for k, option in enumerate(options):
            for p, package in enumerate(option.packages):
                standing[:, k, p, b, COST_LINES.index("people_and_basing")] = prices.fighter_day_eur * _fighters(
                    context, [package], table)
                if isinstance(package, SensorPackage):
                    day_eur = sensor_day_eur(package.sensor, table, boundary)
                    standing[:, k, p, b, COST_LINES.index("sensors")] = package.units * day_eur
    return Costs(price, line, standing, np.zeros((len(options), n_packages, len(BOUNDARIES))),
                 np.zeros((n, len(options), n_packages)))


def _fighters(context: CompileContext, packages: Sequence[Package],
              table: ParameterTable | CentralValues) -> Floats | float:
    """Return f8[vector]: fighters deployed."""
    return sum((aircraft_of(package, context.scenario.members, table) for package in packages
                if isinstance(package, FighterPackage)), start=0.0)
