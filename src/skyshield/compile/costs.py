"""What everything costs, as the engine's arrays: prices of what is used, and what is spent whatever the raid.

The same arrays are made at every vector's values, for what is spent, and at central values, for what is planned
(`skyshield.compile.planned`). The lines are those of `skyshield.forces.money`.
"""

import numpy as np

from skyshield.compile.context import CompileContext
from skyshield.compile.parameters import CentralValues, ParameterTable
from skyshield.core.vocabulary import BOUNDARIES, COST_LINES
from skyshield.engine import Costs
from skyshield.engine.world import (
    AIRCRAFT_LOST,
    EARLY_WARNING_LOST,
    FLIGHT_HOUR,
    FRIENDLY_LOST,
    READY,
    TANKER_HOUR,
    TANKER_LOST,
)
from skyshield.forces import Shooters, price_list


def compile_costs(context: CompileContext, table: ParameterTable | CentralValues, shooters: Shooters) -> Costs:
    """Return prices and what every option spends whatever the raid, aid and plans apart, which are zero yet."""
    n, options = len(table.fit_row), context.scenario.options
    n_kinds, n_weapons = shooters.forces.munition.shape
    line = np.zeros(READY + n_kinds + n_kinds * n_weapons, np.int64)
    for items, name in ((FLIGHT_HOUR, "flight_hours"), (TANKER_HOUR, "tankers"), (AIRCRAFT_LOST, "losses"),
                        (FRIENDLY_LOST, "losses"), (EARLY_WARNING_LOST, "losses"), (TANKER_LOST, "losses"),
                        (slice(READY, READY + n_kinds), "ground_units"), (slice(READY + n_kinds, None), "weapons")):
        line[items] = COST_LINES.index(name)
    price = np.zeros((n, len(BOUNDARIES), len(line)))
    n_packages = shooters.forces.presence.shape[1]
    standing = np.zeros((n, len(options), n_packages, len(BOUNDARIES), len(COST_LINES)))
    for b, boundary in enumerate(BOUNDARIES):
        prices = price_list(table, boundary)
        price[:, b, FLIGHT_HOUR], price[:, b, TANKER_HOUR] = prices.flight_hour_eur, prices.tanker_hour_eur
        price[:, b, AIRCRAFT_LOST], price[:, b, FRIENDLY_LOST] = prices.fighter_lost_eur, prices.friendly_lost_eur
        price[:, b, EARLY_WARNING_LOST] = prices.early_warning_lost_eur
        price[:, b, TANKER_LOST] = prices.tanker_lost_eur
        price[:, b, READY:READY + n_kinds] = shooters.shooter_day_cost_eur * prices.ground_share[:, None]
        price[:, b, READY + n_kinds:] = shooters.shot_cost_eur.reshape(n, -1)
        for k, option in enumerate(options):
            deployment = context.deployment(table, option)
            for p, package in enumerate(option.packages):
                for name, day_eur in package.standing_eur(boundary, deployment).items():
                    standing[:, k, p, b, COST_LINES.index(name)] = day_eur
    return Costs(price, line, standing, np.zeros((len(options), n_packages, len(BOUNDARIES))),
                 np.zeros((n, len(options), n_packages)))
