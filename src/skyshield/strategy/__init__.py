"""Strategy: the other guarantees as equations, and what a study says to them."""

from skyshield.strategy.exposure import (
    Casualties,
    Placed,
    Site,
    chance_strikes,
    deliberate_strikes,
    law_of,
    left_by_class,
    phase_shares,
    placed,
    risks,
)
from skyshield.strategy.grain import delayed_share, price_change, price_interval
from skyshield.strategy.renewal import (
    Flip,
    Weibull,
    decisive_guarantor,
    harm_at_constant_hazard,
    harm_until,
    log_hazard_ratio,
    p_renewal,
    renewal_day,
    renewal_years,
    stationary_violation_share,
    weibull_through,
)

__all__ = [
    "Casualties", "Flip", "Placed", "Site", "Weibull", "chance_strikes", "decisive_guarantor", "delayed_share",
    "deliberate_strikes", "harm_at_constant_hazard", "harm_until", "law_of", "left_by_class", "log_hazard_ratio",
    "p_renewal", "phase_shares", "placed", "price_change", "price_interval", "renewal_day", "renewal_years", "risks",
    "stationary_violation_share", "weibull_through",
]
