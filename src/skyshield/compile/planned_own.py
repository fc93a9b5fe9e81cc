"""Raids and own defence as a plan has them: means over the fit's rows, without any draw of regional strengths."""

from typing import NamedTuple

import numpy as np

from skyshield.compile.context import Ground
from skyshield.compile.own import STRENGTHS, leaks_told, own_places
from skyshield.compile.parameters import RowValues
from skyshield.core.arrays import Floats
from skyshield.core.vocabulary import DEEP_STREAM, FRONT_STREAM, N_STREAMS, REGIMES
from skyshield.forces.own import HAZARD_STEP, hazard_table
from skyshield.forces.regional import RouteHazard
from skyshield.raids import destinations, expected_launches, launch_shares
from skyshield.raids.expected import massed_share
from skyshield.raids.geography import N_VARIANTS


class Night(NamedTuple):
    """The expected raid of one regime: how many such nights there are in one, and threats f8[stream, route] of each."""

    share: float
    threats: Floats


class PlannedOwn(NamedTuple):
    """Ukraine's own defence on a mean night.

    `hazard` f8[stream, route, knot] is met by `knot_m` f8[route, knot]; `leak` f8[stream], of a covered salvo for
    ballistic missiles; `destroyed` f8[stream] is the share of stops that are no jamming.
    """

    knot_m: Floats
    hazard: Floats
    leak: Floats
    destroyed: Floats

    def met(self, stream: int, at_m: Floats) -> Floats:
        """Return f8[any, route]: the hazard met by positions f8[any, route] on the routes."""
        return between(at_m, self.knot_m, self.hazard[stream])


def between(x: Floats, knots: Floats, values: Floats) -> Floats:
    """Return f8[any, route]: `numpy.interp` of x[any, route] on every route by itself, to the bit, all at once.

    `knots` [route, knot] ascend, the last ones may be the same; `values` has their shape. Beyond the last knot its
    value holds, as before the first.

    Examples
    --------
    >>> between(np.array([[0.5, 9.0]]), np.array([[0.0, 1.0], [0.0, 2.0]]), np.array([[3.0, 5.0], [0.0, 7.0]])).tolist()
    [[4.0, 7.0]]
    """
    last = knots.shape[1] - 1
    k = (knots <= x[..., None]).sum(axis=-1) - 1
    at, after = np.clip(k, 0, last), np.clip(k + 1, 0, last)
    route = np.arange(len(knots))
    left, right, low, high = knots[route, at], knots[route, after], values[route, at], values[route, after]
    inside = (k >= 0) & (k < last) & (left != x)
    slope = np.divide(high - low, right - left, out=np.zeros_like(low), where=inside)
    return np.asarray(np.where(inside, slope * np.where(inside, x - left, 0.0) + low, low))


def planned_raids(context: Ground) -> tuple[list[Night], PlannedOwn]:
    """Return the expected raid of a routine and of a massed night, and the own defence that it meets."""
    return context.for_all(("planned raids", *sorted(context.scenario.assumptions.items())),
                           lambda: _planned_raids(context))


def _planned_raids(context: Ground) -> tuple[list[Night], PlannedOwn]:
    rows = RowValues(context.catalogue, context.fit, context.scenario.assumptions)
    n, massed, number = len(context.fit.rows), massed_share(rows), expected_launches(rows)
    starts = np.broadcast_to(launch_shares(context.starts, rows), (n, N_STREAMS, len(context.starts.names)))
    leaks = leaks_told(rows)
    places = own_places(context, rows, starts, np.zeros((n, len(STRENGTHS))), leaks)
    aims = destinations(context.aims, rows, places.shares).aims
    nights = []
    for regime, share in enumerate((1.0 - massed, massed)):
        bound = np.einsum("vs,vsl,vsa->sla", number[:, regime], starts, aims[:, regime]) / n
        of_route = np.repeat(bound.reshape(N_STREAMS, -1), N_VARIANTS, axis=1) / N_VARIANTS
        nights.append(Night(float(share.mean()), of_route / share.mean()))
    leak = np.array([rate.mean() for rate in leaks.by_stream])
    destroyed = np.ones(N_STREAMS)
    destroyed[[FRONT_STREAM, DEEP_STREAM]] -= rows["soft_share_of_stops"].mean()
    omega, strength = np.median(places.omega, axis=0), np.median(places.strength, axis=0)
    hazard = np.stack([_hazard_met(context.hazard, omega[stream], strength[stream], leak[stream],
                                   nights[REGIMES.index("massed")].threats[stream]) for stream in range(N_STREAMS)])
    return nights, PlannedOwn(context.hazard.knot_m, hazard, leak, destroyed)


def _hazard_met(routes: RouteHazard, omega: float, strength: Floats, leak: float, threats: Floats) -> Floats:
    """Return f8[route, knot]: the hazard met at which a stream leaks so much."""
    rate = (omega * routes.along * strength[routes.place]
            + (1.0 - omega) * routes.near_aim * strength[routes.region][:, None])
    met = np.concatenate([np.zeros((len(rate), 1)), np.cumsum(rate, axis=1)], axis=1)
    used = threats > 0.0
    table = hazard_table((threats[used] / threats[used].sum())[None], met[None, used, -1])[0]
    return np.asarray(met * np.interp(-np.log(leak), HAZARD_STEP * np.arange(len(table)), table))
