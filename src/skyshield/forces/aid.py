r"""Aid to Ukraine's own defence: what the budget of an air zone would buy instead.

The equation. The lines l of spending (`aid_lines`) that work on a class c share **one ceiling**, h_max_c. With S_lc
the effort of a line, all lines at work add to the own hazard of the class

    dh_c = h_max_c (1 - exp(-sum_l S_lc)) <= h_max_c,

and units x_lc make an effort of

    S + q_lc S^2 / 2 = e_lc x_lc / (demand_c share_l),    e_lc = y_lc / h_max_c,    q_lc = (1 - reach_lc) / reach_lc,

y being the stops of a unit before returns decrease, demand the threats of the class bound in the period for the
regions that get aid, and share the part of the period in which the line works. With this e the first unit stops y
threats whatever ceiling and reach are, and n units never stop more than n y. A line that reaches every threat (q = 0)
has dh = h_max (1 - exp(-e x / demand)), the equation of the model specification. One with less reach shares the threats
with the others: it does the same for its first units, and less and less once there are enough for the threats that come
its way, in the end as the square root of its units. All money in the world adds h_max_c to a class and no more,
through whichever lines. Expected stops, demand_c (1 - exp(-dh_c)) over the pieces of the period between lead times, are
concave in the units and in the money.

The rule that divides the budget, in a sentence: regions get units in proportion to the threats bound for them, and
each euro goes to the line and class where it stops most threats at the margin, until the budget or all limits bind
(`aid_rule`). It knows nothing finer than demand by region: every region has the same units per threat, so dh_c is the
same in all of them. Stops count alike (``threats``, as the primary measure has it), or by the warhead kept from its
aim (``warhead``), in UAVs. Before that, the share of the budget that the package states (`protection_share`) goes to
protection of the grid, which stops nothing and cuts the harm of a hit (`aid_protection`).

In the engine aid is a **competing risk**, like the coalition's shooters. A threat has a latent position

    A_i = W^-1(-ln U_i / dh),

U_i drawn at an address of its own and W the share of its route's own hazard met by then, beside the latent stop S_i of
the own defence. It is stopped by aid if A_i < min(S_i, l_i), l_i being its aim. The stop is **prevented** if the own
defence would have let the threat through (S_i > l_i), **redundant** otherwise. So the stops counted here are latent
ones: of them only the share that the own defence leaves is prevented.

Assumptions: demand is spread evenly over the period; units are used as they arrive; if more threats come than demand
says, dh stays; on the day on which a lead time ends, a line is at work for its part of the day. Unspent money is
reported, not turned into stops. Source: model specification, section 7.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, ClassVar, Literal

import numpy as np
from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from skyshield.core.arrays import Flags, Floats, Parameters
from skyshield.core.errors import SkyShieldError
from skyshield.core.units import parse_quantity
from skyshield.core.vocabulary import BOUNDARIES, CLASSES, Boundary
from skyshield.forces.aid_lines import LINES, Counts, Where, aid_lines, unit_prices_eur
from skyshield.forces.aid_protection import Protection, protect
from skyshield.forces.aid_rule import added_hazard, pieces_of, spread_over_lines, together
from skyshield.forces.money import Money
from skyshield.forces.package import AidTerms, Amount, ForcePackage, Role, by_key
from skyshield.forces.places import NamedPlaces

MAX_ORDERED_BEFORE_DAYS = 3660

_SECONDS_PER_DAY = 86400.0
_MILLION = 1e6


class AidPackage(ForcePackage):
    """Money for Ukraine's own defence: as much as a named option is planned to cost, or an amount.

    `where` says whose regions get it: all, or those of the option's declared zone. `boundary` is what its prices and
    its twin's cost count, see `skyshield.forces.money`; `counts` is what its euros are meant to stop.
    `ordered_before_days` is how long before its first day it was ordered: aircraft that stand ready on the first day
    were prepared too. `protection_share` of the budget goes to protection of the grid, not to stops.
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
    protection_share: Annotated[float, Field(ge=0.0, le=1.0, allow_inf_nan=False)] = 0.0

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
        return AidTerms(self.twin_of, budget_eur, self.where, self.boundary, self.counts, self.ordered_before_days,
                        self.protection_share)

    def in_words(self, amount: Amount = by_key) -> str:
        """Say what it brings."""
        del amount
        money = "as much money as its twin is planned to cost" if self.twin_of else f"{self.budget}"
        place = "anywhere" if self.where == "anywhere" else "in the zone"
        protection = f", {self.protection_share:.0%} of it on protection of the grid" if self.protection_share else ""
        return f"{money}, spent on Ukraine's own defence {place}{protection}"


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
        if all limits bind: then more money buys the same, and the rest is in `unspent_eur`.
    harm_cut
        f8[vector, day], from 0 and below 1: share by which protection cuts the harm of a hit on the grid in the regions
        that get aid; 0 where none is bought.
    """

    hazard: Floats
    ramp: Floats
    units: Floats
    spent_eur: Floats
    unspent_eur: Floats
    cost_eur: Floats
    latent_stops: Floats
    marginal_stops_per_million_eur: Floats
    harm_cut: Floats


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
                at_work: Flags | None = None, protection_share: float = 0.0) -> BoughtAid:
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
    protection_share
        Part of the budget that goes to protection of the grid, from 0 to 1.

    Returns
    -------
    BoughtAid
        Each vector's results depend on that vector alone.

    Raises
    ------
    SkyShieldError
        If budget, demand or zone have the wrong shape, demand, budget or days are negative or not finite, or the share
        is not one.

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
    if not 0.0 <= protection_share <= 1.0:
        raise SkyShieldError("aid protection_share", f"is {protection_share}", "give a share from 0 to 1")
    budget = _by_vector(budget_eur, len(demand))
    lines = aid_lines(parameters, boundary, counts)
    chosen = np.ones(len(in_zone), bool) if where == "anywhere" else in_zone.astype(bool)
    there = np.ones(days, bool) if at_work is None else at_work.astype(bool)
    if not there.any() or not chosen.any():
        return _nothing(budget, demand, days)
    working = _working(lines.lead_time_s, there, ordered_before_days)
    share_of_period = working.sum(axis=2) / there.sum()
    limit = lines.units_per_s * _SECONDS_PER_DAY * there.sum() * share_of_period
    total = demand[:, chosen].sum(axis=1)
    protection = _protection(budget * protection_share, there, ordered_before_days, parameters, boundary)
    for_stops = budget * (1.0 - protection_share)
    of_class, effort, level = spread_over_lines(for_stops, total, share_of_period, limit, lines)
    units, pieces = of_class.sum(axis=2), pieces_of(share_of_period)
    spent = np.minimum((units * lines.price_eur).sum(axis=1), for_stops) + protection.spent_eur
    cost = np.stack([(units * unit_prices_eur(parameters, one)).sum(axis=1) for one in BOUNDARIES], axis=1)
    # share of its threats that a class loses in each piece of the period, and on each day
    stopped = -np.expm1(-added_hazard(together(effort, pieces), lines.h_max))
    at_work_together = -np.diff(np.take_along_axis(working, pieces.order[:, :, None], 1), axis=1, append=0.0)
    hazard = added_hazard(effort.sum(axis=2), lines.h_max)
    daily = -np.log1p(-np.einsum("vcp,vpd->vcd", stopped, at_work_together))
    ramp = np.divide(daily, hazard[:, :, None], out=np.zeros_like(daily), where=hazard[:, :, None] > 0.0)
    return BoughtAid(
        hazard=np.where(chosen[:, None] & (demand > 0.0), hazard[:, None], 0.0), ramp=np.minimum(ramp, 1.0),
        units=units, spent_eur=spent, unspent_eur=np.maximum(budget - spent, 0.0), cost_eur=cost + protection.cost_eur,
        latent_stops=total * (stopped * pieces.length).sum(axis=2), marginal_stops_per_million_eur=level * _MILLION,
        harm_cut=protection.harm_cut)


def _working(lead_time_s: Floats, there: Flags, ordered_before_days: int) -> Floats:
    """Return f8[..., day]: share of each day at work that lies after a lead time, which runs from the order."""
    lead_days = np.maximum(lead_time_s / _SECONDS_PER_DAY - ordered_before_days, 0.0)
    elapsed = np.arange(1, len(there) + 1) - there.argmax()
    return np.asarray(np.clip(elapsed - lead_days[..., None], 0.0, 1.0) * there)


def _protection(budget: Floats, there: Flags, ordered_before_days: int, parameters: Parameters,
                boundary: Boundary) -> Protection:
    if not budget.any():
        return Protection(np.zeros((len(budget), len(there))), budget, np.zeros((len(budget), len(BOUNDARIES))))
    working = _working(parameters["aid_lead_protection"], there, ordered_before_days)
    return protect(budget, working, parameters, boundary)


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
                     np.zeros((len(budget), len(CLASSES))), zero, np.zeros((len(budget), days)))


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
