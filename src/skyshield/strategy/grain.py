r"""Grain: port-days lost, export delayed, and what that may do to the price in the world.

Ports that cannot work for a share x of their days delay that share of what leaves by sea, less what other ports, rail
and the Danube make up for. With Q_w what the world uses in the same time and e_s, e_d the elasticities of supply and
demand,

    dp / p = (dQ / Q_w) / (e_s + |e_d|).

This is the price if the delay lasted as long as the period; a delay that is made up within weeks moves it less. The sum
of the elasticities has no centre, so the answer is an interval.
"""

import math
from typing import NamedTuple

from skyshield.catalogue import load_catalogue
from skyshield.core.errors import SkyShieldError


class PriceInterval(NamedTuple):
    """Relative change of the world price of grain, 0.02 for 2%, at the ends and at the reference of its numbers."""

    low: float
    reference: float
    high: float


def delayed_share(port_days_lost: float, port_days: float, by_sea_t: float, world_t: float,
                  made_up: float = 0.0) -> float:
    """Return dQ / Q_w: what is delayed, over what the world uses.

    Parameters
    ----------
    port_days_lost, port_days
        In the period: of all ports together, lost and altogether.
    by_sea_t, world_t
        A year: grain that leaves by sea, and that the world uses.
    made_up
        Share of it that leaves by another way.

    Examples
    --------
    >>> round(delayed_share(36.5, 100.0, 40e6, 2920e6), 6)
    0.005
    """
    values = port_days_lost, port_days, by_sea_t, world_t
    if not all(math.isfinite(value) and value >= 0.0 for value in values) or port_days == 0.0 or world_t == 0.0:
        raise SkyShieldError("delayed grain", "has a negative number, or no port-days or use",
                             "give port-days and tonnes above 0")
    if port_days_lost > port_days:
        raise SkyShieldError("delayed grain", f"{port_days_lost:g} of {port_days:g} port-days cannot be lost",
                             "give at most as many as there are")
    if not 0.0 <= made_up <= 1.0:
        raise SkyShieldError("delayed grain", f"{made_up:g} of it cannot be made up for", "give a share from 0 to 1")
    return port_days_lost / port_days * (1.0 - made_up) * by_sea_t / world_t


def price_change(delayed: float, elasticity_sum: float) -> float:
    """Return dp / p.

    Examples
    --------
    >>> round(price_change(0.005, 0.25), 12)
    0.02
    """
    if not (math.isfinite(delayed) and math.isfinite(elasticity_sum) and elasticity_sum > 0.0):
        raise SkyShieldError("price of grain", f"cannot be told with elasticities that add up to {elasticity_sum:g}",
                             "give a sum above 0")
    return delayed / elasticity_sum


def price_interval(port_days_lost: float, port_days: float, made_up: float = 0.0) -> PriceInterval:
    """Return the change of price with the catalogue's numbers at the ends that make it least and most.

    Examples
    --------
    >>> [round(100 * change, 2) for change in price_interval(10.0, 100.0)]
    [0.14, 0.47, 0.93]
    """
    entries = load_catalogue()
    by_sea, world, elasticity = (entries[key] for key in ("ukraine_grain_by_sea", "world_grain_use",
                                                          "grain_elasticity_sum"))

    def change(by_sea_t: float, world_t: float, total: float) -> float:
        return price_change(delayed_share(port_days_lost, port_days, by_sea_t, world_t, made_up), total)

    return PriceInterval(
        change(by_sea.low, world.high, elasticity.high),
        change(by_sea.reference_value, world.reference_value, elasticity.reference_value),
        change(by_sea.high, world.low, elasticity.low))
