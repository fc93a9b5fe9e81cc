r"""Aid to Ukraine's own defence: what the budget of an air zone would buy instead.

The equation. For region r, threat class c and the lines l of spending (`aid_lines`), units x_lrc add to the own hazard

    dh_lrc = h_max_c (1 - exp(-e_lc x_lrc / demand_lrc)),    e_lc = y_lc / h_max_c,

y being the stops of a unit before returns decrease. With this e the first unit stops y threats whatever the ceiling
h_max is, n units never stop more than n y, and all money in the world adds no more than h_max. demand_lrc is the part
of the class's threats bound for r in the period that comes where and when the line works: demand_rc times the line's
reach (shares over lines that add up to 1), times the share of the period left after its lead time. A threat comes
within reach of one line, so what the lines add together to the hazard of a class is

    dh_rc = -ln(1 - sum_l reach_lc (1 - exp(-dh_lrc))) <= h_max_c,

and with a single line it is the equation above. Expected stops, sum_lrc demand_lrc (1 - exp(-dh_lrc)), are concave
in the units and in the money.

The rule that divides the budget, in a sentence: regions get units in proportion to the threats bound for them, and
each euro goes to the line and class where it stops most threats at the margin, until the budget or all limits bind.
It knows nothing finer than demand by region. As every region has the same units per threat, dh_rc is the same in all
of them, and the rule is solved exactly by water-filling: a level of stops per euro, lambda, at which every line stands
that is bought and not at its limit; a line at its limit divides its units so that its classes stand at a common level
above it. Stops count alike (``threats``, as the primary measure has it), or by the warhead kept from its aim
(``warhead``), in UAVs.

In the engine aid is a **competing risk**, like the coalition's shooters. A threat has a latent position

    A_i = W^-1(-ln U_i / dh),

U_i drawn at an address of its own and W the share of its route's own hazard met by then, beside the latent stop S_i of
the own defence. It is stopped by aid if A_i < min(S_i, l_i), l_i being its aim. The stop is **prevented** if the own
defence would have let the threat through (S_i > l_i), **redundant** otherwise. So the stops counted here are latent
ones: of them only the share that the own defence leaves is prevented.

Assumptions: demand is spread evenly over the period; units are used as they arrive; if more threats come than demand
says, dh stays. Unspent money is reported, not turned into stops. Source: model specification, section 7.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Annotated, ClassVar, Literal

import numpy as np
from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from skyshield.core.arrays import Flags, Floats, Parameters
from skyshield.core.errors import SkyShieldError
from skyshield.core.units import parse_quantity
from skyshield.core.vocabulary import BOUNDARIES, CLASSES, Boundary
from skyshield.forces.aid_lines import LINES, AidLines, Counts, Where, aid_lines, unit_prices_eur
from skyshield.forces.money import Money
from skyshield.forces.package import AidTerms, Amount, ForcePackage, Role, by_key
from skyshield.forces.places import NamedPlaces

MAX_ORDERED_BEFORE_DAYS = 3660

_SECONDS_PER_DAY = 86400.0
_MILLION = 1e6
_LOWEST_LEVEL = 2.0**-40  # of the first euro's stops: what stops less than that is not bought
_HALVINGS = 52


class AidPackage(ForcePackage):
    """Money for Ukraine's own defence: as much as a named option is planned to cost, or an amount.

    `where` says whose regions get it: all, or those of the option's declared zone. `boundary` is what its prices and
    its twin's cost count, see `skyshield.forces.money`; `counts` is what its euros are meant to stop.
    `ordered_before_days` is how long before its first day it was ordered: aircraft that stand ready on the first day
    were prepared too.
    """

    role: ClassVar[Role] = "aid"
    needs_agreement: ClassVar[bool] = False
    kind: Literal["aid"]
    twin_of: Annotated[str, Field(min_length=1, max_length=90)] | None = None
    budget: Money | None = None
    where: Where = "anywhere"
    boundary: Boundary = "fully_loaded"
    counts: Counts = "threats"
    ordered_before_days: Annotated[int, Field(ge=0, le=MAX_ORDERED_BEFORE_DAYS, strict=True)] = 0

    @model_validator(mode="after")
    def _one_budget(self) -> "AidPackage":
        if (self.twin_of is None) == (self.budget is None):
            what = "has neither twin_of nor budget" if self.budget is None else "has both twin_of and budget"
            raise PydanticCustomError("aid", "{what}; {mend}", {
                "what": what, "mend": "name the option whose planned cost it spends, or give an amount in EUR"})
        return self

    def named_places(self) -> tuple[NamedPlaces, ...]:
        """Return none: aid goes to regions."""
        return ()

    def aid(self) -> AidTerms:
        """Return its terms."""
        budget_eur = None if self.budget is None else parse_quantity(self.budget, "EUR", "budget")
        return AidTerms(self.twin_of, budget_eur, self.where, self.boundary, self.counts, self.ordered_before_days)

    def in_words(self, amount: Amount = by_key) -> str:
        """Say what it brings."""
        del amount
        money = "as much money as its twin is planned to cost" if self.twin_of else f"{self.budget}"
        place = "anywhere" if self.where == "anywhere" else "in the zone"
        return f"{money}, spent on Ukraine's own defence {place}"


@dataclass(frozen=True)
class BoughtAid:
    """What the money buys in a period.

    Attributes
    ----------
    hazard
        f8[vector, region, class], added to the own hazard when all lines that are bought work.
    ramp
        f8[vector, class, day]: hazard on a day over `hazard`, from 0 to 1: lines start when their lead time is over.
    units
        f8[vector, line], over the period.
    spent_eur, unspent_eur
        f8[vector]; together the budget, on the boundary on which it was reckoned.
    cost_eur
        f8[vector, boundary]: what the units cost on each of `skyshield.core.vocabulary.BOUNDARIES`.
    latent_stops
        f8[vector, class]: threats of the period that aid would stop if the own defence did not.
    marginal_stops_per_million_eur
        f8[vector]: latent stops that one million euros more would buy at this point, counted as the rule counts them; 0
        if all limits bind.
    """

    hazard: Floats
    ramp: Floats
    units: Floats
    spent_eur: Floats
    unspent_eur: Floats
    cost_eur: Floats
    latent_stops: Floats
    marginal_stops_per_million_eur: Floats


def twin_budget_eur(terms: AidTerms, planned_eur: Mapping[str, float], where: str = "aid") -> float:
    """Return the budget of a package of aid: its own, or the planned cost of its twin on the package's boundary.

    Raises
    ------
    SkyShieldError
        If the twin is not an option with a planned cost; `where` is named.

    Examples
    --------
    >>> twin_budget_eur(AidPackage(kind="aid", twin_of="region").aid(), {"region": 3e8})
    300000000.0
    """
    if terms.budget_eur is not None:
        return terms.budget_eur
    if terms.twin_of is None or terms.twin_of not in planned_eur:
        raise SkyShieldError(f"{where}.twin_of", f"is {terms.twin_of!r}, which is no option with a planned cost",
                             f"use {', '.join(sorted(planned_eur)) or 'a budget in EUR'}")
    return float(planned_eur[terms.twin_of])


def prepare_aid(budget_eur: float | Floats, days: int, demand: Floats, in_zone: Flags,
                parameters: Parameters, where: Where = "anywhere", *, boundary: Boundary = "fully_loaded",
                counts: Counts = "threats", ordered_before_days: int = 0,
                at_work: Flags | None = None) -> BoughtAid:
    """Divide a budget over lines and regions, and return the hazard it adds.

    Parameters
    ----------
    budget_eur
        For the period, EUR of the price year; one number or f8[vector].
    days
        Length of the period.
    demand
        f8[vector, region, class]: threats bound for each region on the days on which the money is at work, before any
        option, `CLASSES` in order.
    in_zone
        u1[region]: 1 for regions of the declared zone; read if `where` is ``zone``.
    parameters
        Numbers by catalogue key, SI units, f8[vector].
    where
        ``anywhere``: all regions; ``zone``: those of the zone.
    boundary
        Of the prices: that on which the budget was reckoned.
    counts
        What the rule maximises: ``threats`` or ``warhead``, see `aid_lines`.
    ordered_before_days
        How long before the first day at work the order was placed; lead times count from there.
    at_work
        u1[day]: days of the period on which the money is at work; all of them if not given. Limits of a month hold for
        these days together.

    Returns
    -------
    BoughtAid
        Each vector's results depend on that vector alone.

    Raises
    ------
    SkyShieldError
        If budget, demand or zone have the wrong shape, or demand, budget or days are negative or not finite.

    Examples
    --------
    >>> from skyshield.catalogue import load_catalogue
    >>> class References:
    ...     def __getitem__(self, name):
    ...         return np.array([load_catalogue()[name].reference_si])
    >>> month = np.array([[[3000.0, 60.0, 40.0], [2000.0, 60.0, 40.0]]])
    >>> bought = prepare_aid(5e7, 30, month, np.array([1, 0], np.uint8), References(), ordered_before_days=365)
    >>> bool(bought.spent_eur[0] + bought.unspent_eur[0] == 5e7), bool(0 < bought.latent_stops[0, 0] < 5000)
    (True, True)
    """
    _check(days, demand, in_zone, where, ordered_before_days)
    budget = _by_vector(budget_eur, len(demand))
    lines = aid_lines(parameters, boundary, counts)
    chosen = np.ones(len(in_zone), bool) if where == "anywhere" else in_zone.astype(bool)
    lead_days = np.maximum(lines.lead_time_s / _SECONDS_PER_DAY - ordered_before_days, 0.0)
    there = np.ones(days, bool) if at_work is None else at_work.astype(bool)
    if not there.any():
        return _nothing(budget, demand, days)
    # share of each day after the lead time: f8[vector, line, day]; its mean is the share of the days at work
    working = np.clip(np.arange(1, days + 1) - there.argmax() - lead_days[:, :, None], 0.0, 1.0) * there
    share_of_period = working.sum(axis=2) / there.sum()
    met = (lines.reach * share_of_period[:, :, None] * demand[:, chosen].sum(axis=1)[:, None])
    limit = lines.units_per_s * _SECONDS_PER_DAY * there.sum() * share_of_period
    units, level = spread_over_lines(budget, met, limit, lines)
    spent = (units.sum(axis=2) * lines.price_eur).sum(axis=1)
    cost = np.stack([(units.sum(axis=2) * unit_prices_eur(parameters, one)).sum(axis=1) for one in BOUNDARIES], axis=1)
    added = _added(units, met, lines)
    stopped_share = lines.reach * -np.expm1(-added)
    hazard = -np.log1p(-stopped_share.sum(axis=1))
    daily = -np.log1p(-np.einsum("vlc,vld->vcd", stopped_share, working))
    ramp = np.divide(daily, hazard[:, :, None], out=np.zeros_like(daily), where=hazard[:, :, None] > 0.0)
    return BoughtAid(
        hazard=np.where(chosen[:, None] & (demand > 0.0), hazard[:, None], 0.0), ramp=np.minimum(ramp, 1.0),
        units=units.sum(axis=2), spent_eur=np.minimum(spent, budget), unspent_eur=np.maximum(budget - spent, 0.0),
        cost_eur=cost, latent_stops=(met * -np.expm1(-added)).sum(axis=1),
        marginal_stops_per_million_eur=level * _MILLION)


def _by_vector(budget_eur: float | Floats, n_vectors: int) -> Floats:
    """Return f8[vector]: the budget, checked."""
    if np.shape(budget_eur) not in ((), (n_vectors,)):
        raise SkyShieldError("aid budget", f"has the shape {np.shape(budget_eur)}, demand {n_vectors} vectors",
                             "give one amount, or one a vector")
    budget = np.array(np.broadcast_to(np.asarray(budget_eur, float), n_vectors))
    if not (np.isfinite(budget).all() and (budget >= 0.0).all()):
        raise SkyShieldError("aid budget", "is negative or not finite", "give an amount from 0 EUR")
    return budget


def _nothing(budget: Floats, demand: Floats, days: int) -> BoughtAid:
    """Return what money buys that is never at work."""
    zero = np.zeros_like(budget)
    return BoughtAid(np.zeros_like(demand), np.zeros((len(budget), len(CLASSES), days)),
                     np.zeros((len(budget), len(LINES))), zero, budget, np.zeros((len(budget), len(BOUNDARIES))),
                     np.zeros((len(budget), len(CLASSES))), zero)


def spread_over_lines(budget_eur: Floats, met: Floats, limit: Floats, lines: AidLines) -> tuple[Floats, Floats]:
    """Water-fill a budget over lines and classes.

    Parameters
    ----------
    budget_eur
        f8[vector].
    met
        f8[vector, line, class]: threats that come where and when each line works.
    limit
        f8[vector, line]: the most units of each line.
    lines
        Prices, yields and ceilings.

    Returns
    -------
    tuple of arrays
        Units, f8[vector, line, class], and the level: latent stops (as they count) per euro at which every line stands
        that is bought and is not at its limit, f8[vector]; 0 where the budget is not the constraint.
    """
    ceiling = lines.h_max[:, None, :]
    useful = (met > 0.0) & (ceiling > 0.0) & (limit[:, :, None] > 0.0)
    yields = np.where(useful, lines.stops_per_unit, 0.0)
    worth = lines.worth[:, None, :]
    first = (worth * yields).max(axis=2)

    def units_of(level: Floats) -> Floats:
        return _units(level[:, :, None] / worth, yields, met, ceiling)

    at_limit = _lowest(first, lambda level: units_of(level).sum(axis=2), limit)

    def units_at(level: Floats) -> Floats:
        return units_of(np.maximum(level[:, None] * lines.price_eur, at_limit))

    def cost(level: Floats) -> Floats:
        return np.asarray((units_at(level).sum(axis=2) * lines.price_eur).sum(axis=1))

    best = (first / lines.price_eur).max(axis=1)
    level = _lowest(best, cost, budget_eur)
    binds = cost(best * _LOWEST_LEVEL) > budget_eur
    return units_at(level) * (budget_eur > 0.0)[:, None, None], np.where(binds, level, 0.0)


def _lowest(highest: Floats, amount_at: Callable[[Floats], Floats], most: Floats) -> Floats:
    """Return the lowest level, from `_LOWEST_LEVEL` of the highest to it, at which an amount is at most `most`."""
    enough, too_low = np.zeros_like(highest), np.full_like(highest, -np.log2(_LOWEST_LEVEL))  # -log2(level / highest)
    enough = np.where(amount_at(highest * 2.0**-too_low) <= most, too_low, enough)
    for _ in range(_HALVINGS):
        middle = (enough + too_low) / 2
        fits = amount_at(highest * 2.0**-middle) <= most
        enough, too_low = np.where(fits, middle, enough), np.where(fits, too_low, middle)
    return np.asarray(highest * 2.0**-enough)


def _units(level: Floats, yields: Floats, met: Floats, ceiling: Floats) -> Floats:
    """Return f8[vector, line, class]: the units at which one more unit stops `level` threats.

    With u = exp(-y x / (h met)) one more unit stops y u exp(-h (1 - u)), so h u is Lambert's W of h exp(h) level / y.
    """
    from scipy.special import wrightomega

    bought = (yields > 0.0) & (level < yields)
    units = np.zeros(bought.shape)
    y, h, m, left = yields[bought], np.broadcast_to(ceiling, bought.shape)[bought], met[bought], level[bought]
    u = np.minimum(np.asarray(wrightomega(np.log(h * left / y) + h), np.float64) / h, 1.0)
    units[bought] = -np.log(u) * h * m / y
    return units


def _added(units: Floats, met: Floats, lines: AidLines) -> Floats:
    """Return f8[vector, line, class]: the hazard of each line for the threats that it meets."""
    ceiling = lines.h_max[:, None, :]
    whole = np.where(ceiling * met > 0.0, ceiling * met, 1.0)
    return np.asarray(ceiling * -np.expm1(-lines.stops_per_unit * units / whole))


def _check(days: int, demand: Floats, in_zone: Flags, where: str, ordered_before_days: int) -> None:
    if demand.ndim != len(("vector", "region", "class")) or demand.shape[2] != len(CLASSES):
        raise SkyShieldError("aid demand", f"has the shape {demand.shape}",
                             f"give vector, region and class, the classes being {', '.join(CLASSES)}")
    if in_zone.shape != demand.shape[1:2]:
        raise SkyShieldError("aid zone", f"has the shape {in_zone.shape}, demand {demand.shape[1]} regions",
                             "give one number a region")
    if not (np.isfinite(demand).all() and (demand >= 0.0).all()):
        raise SkyShieldError("aid demand", "is negative or not finite", "give numbers of threats from 0")
    if days < 1 or ordered_before_days < 0:
        raise SkyShieldError("aid days", f"are {days}, ordered {ordered_before_days} days before",
                             "give a period of a day or more, and no order after its start")
    if where not in ("anywhere", "zone"):
        raise SkyShieldError("aid where", f"is {where!r}", "use anywhere or zone")
