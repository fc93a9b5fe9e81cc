r"""Passive protection and spares for the grid: less harm per hit, not fewer hits.

A part of a budget of aid, stated by the scenario (`protection_share`), goes to shelters for transformers and to spares.
It adds no hazard and stops nothing, so the rule that divides money where it stops most has no say in it. By day d it
cuts the harm of a hit on the grid in the regions that get aid by

    cut_d = cut_max (1 - exp(-built_d / scale)),

`built_d` being the money that stands as shelters and spares by the middle of the day. Works begin with the order, the
first of them stand when the lead time is over, and the rest follow evenly until the last day at work; what stands,
stays. No more is spent than can be absorbed a month in the time that is left after the lead time.

Assumptions: protection is worth as much against every class; regions share it alike; nothing of it is destroyed.
Source: catalogue, `aid_protection_max_cut`, `aid_protection_scale`, `aid_protection_absorbed`, `aid_lead_protection`.
"""

from typing import NamedTuple

import numpy as np

from skyshield.core.arrays import Floats, Parameters
from skyshield.core.vocabulary import BOUNDARIES, Boundary

_SECONDS_PER_DAY = 86400.0


class Protection(NamedTuple):
    """What a budget for protection of the grid brings."""

    harm_cut: Floats  # [vector, day] share by which the harm of a hit on the grid falls, from 0 and below 1
    spent_eur: Floats  # [vector] on the boundary of the budget
    cost_eur: Floats  # [vector, boundary]


def works_price(parameters: Parameters, boundary: Boundary) -> Floats:
    """Return f8[vector]: what a euro of works costs, with administration and transport if fully loaded."""
    overhead = parameters["aid_overhead_support"]
    return np.asarray(1.0 / (1.0 - overhead) if boundary == "fully_loaded" else np.ones_like(overhead))


def protect(budget_eur: Floats, working: Floats, parameters: Parameters, boundary: Boundary) -> Protection:
    """Spend a budget on protection of the grid.

    Parameters
    ----------
    budget_eur
        f8[vector], for the period.
    working
        f8[vector, day]: share of each day at work that lies after the lead time.
    parameters
        Numbers by catalogue key, SI units, f8[vector].
    boundary
        On which the budget was reckoned.

    Examples
    --------
    >>> from skyshield.catalogue import load_catalogue
    >>> class References:
    ...     def __getitem__(self, name):
    ...         return np.array([load_catalogue()[name].reference_si])
    >>> year = np.concatenate([np.zeros((1, 150)), np.ones((1, 215))], axis=1)
    >>> built = protect(np.array([1e8]), year, References(), "incremental")
    >>> built.harm_cut[0, [100, 200, 364]].round(4).tolist(), float(built.spent_eur[0])
    ([0.0, 0.0046, 0.019], 100000000.0)
    """
    time = working.sum(axis=1)
    works = np.minimum(budget_eur / works_price(parameters, boundary),
                       parameters["aid_protection_absorbed"] * _SECONDS_PER_DAY * time)
    done = (np.cumsum(working, axis=1) - working / 2.0) / np.where(time > 0.0, time, 1.0)[:, None]
    built = works[:, None] * done / parameters["aid_protection_scale"][:, None]
    cost = np.stack([works * works_price(parameters, one) for one in BOUNDARIES], axis=1)
    return Protection(parameters["aid_protection_max_cut"][:, None] * -np.expm1(-built),
                      np.minimum(works * works_price(parameters, boundary), budget_eur), cost)
