"""The stops that aid to Ukraine's own defence buys: `skyshield.forces.aid` against the formula of decreasing returns.

All threats come within reach of one line, interceptor drones, whose monthly limit is out of the way and whose crews and
radars come free; then x units of y stops each add h (1 - exp(-y x / (h demand))) to a hazard of at most h.
"""

import math

import numpy as np

from skyshield.evidence.verification.case import Case, CaseResult
from skyshield.evidence.verification.flying import Numbers
from skyshield.forces.aid import BoughtAid, prepare_aid

BUDGET_EUR, DEMAND, DAYS = 2e7, 4_000.0, 30
CEILING, STOPS, PRICE_EUR = 0.8, 0.25, 4_000.0
_NONE, _NO_LIMIT = 1e-30, 1e9
_ORDERED_BEFORE_DAYS = 3_600


def aid_bought(budget_eur: float) -> BoughtAid:
    """Return what a budget buys of interceptor drones for a month's UAVs, by the product."""
    numbers = Numbers(
        aid_support_reach=0.0, aid_reach_guns=_NONE, aid_reach_light_aircraft=_NONE, aid_reach_own_jets=_NONE,
        aid_reach_irist=_NONE, aid_reach_patriot=_NONE, aid_drone_production=_NO_LIMIT,
        aid_drone_crew_cost=0.0, aid_drone_track_cost=0.0,
        aid_h_max_uav=CEILING, intercept_drone_kill_per_sortie=STOPS, intercept_drone_price=PRICE_EUR, usd_per_eur=1.0)
    return prepare_aid(budget_eur, DAYS, np.array([[[DEMAND, 0.0, 0.0]]]), np.ones(1, np.uint8), numbers,
                       boundary="incremental", ordered_before_days=_ORDERED_BEFORE_DAYS)


def _added_hazard() -> float:
    return CEILING * -math.expm1(-STOPS * BUDGET_EUR / PRICE_EUR / (CEILING * DEMAND))


def _hazard(_seed: int, factor: float) -> CaseResult:
    return CaseResult(_added_hazard(), float(aid_bought(BUDGET_EUR * factor).hazard[0, 0, 0]))


def _stops(_seed: int, factor: float) -> CaseResult:
    return CaseResult(DEMAND * -math.expm1(-_added_hazard()), float(aid_bought(BUDGET_EUR * factor).latent_stops[0, 0]))


CASES: tuple[Case, ...] = (
    Case("aid_returns", "aid's money",
         "hazard that a budget of interceptor drones adds: h (1 - exp(-y x / (h demand)))", _hazard, "the budget"),
    Case("aid_stops", "aid's money", "threats that the same would stop alone: demand (1 - exp(-hazard))", _stops,
         "the budget"))
