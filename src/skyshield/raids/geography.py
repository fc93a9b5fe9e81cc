"""Where raids come from and where they go: launch areas, aims, routes.

Aims are one place an oblast (its largest city in held territory); what happens there stands for the
whole oblast. The front stream goes to front oblasts, evenly within a region. The deep stream goes to every oblast of
six regions, each night in other proportions. On average centre and west together get `zone_share`; the west's and the
south's shares are those at which the own defence makes of them the kills that the record tells (`forces.solve`); Kyiv,
the north and the east share the rest by the weights `deep_share_*`. Within a region oblasts share by
`destination_weight_*`: solved for alert hours where alerts tell of UAVs, elsewhere intervals.

From night to night the shares are Dirichlet, of the concentration that gives the west's share on nights of a regime
the spread of its kills; on massed nights the west gets nothing at all, or a share of its own spread, as often as it
has kills or none. Cruise missiles go where the deep stream of massed nights goes on average, if threats are stopped
near aims; ballistic ones are a mixture of front and deep, without the west.

A route has two legs with the waypoint beside the straight line by ``bend`` times its length, to the left,
on it or to the right.
"""

from dataclasses import dataclass

import numpy as np

from skyshield.core.arrays import Booleans, Floats, Parameters
from skyshield.core.geodesy import to_plane
from skyshield.core.vocabulary import DEEP_REGIONS, REGIMES, STREAM_CLASSES
from skyshield.raids.fit import launch_key
from skyshield.theatre import Theatre, own_plane

N_VARIANTS = 3
WEIGHT_PREFIX = "destination_weight_"
_MIN_RHO, _MAX_RHO = 1e-3, 0.95
_MAX_WEST = 0.95  # of the deep stream on one night, on average over nights that go west
_NEGLIGIBLE = 1e-12  # of a share that is left


@dataclass(frozen=True)
class Aims:
    """One aim an oblast: names, region, whether a front oblast, plane position in metres."""

    oblasts: tuple[str, ...]
    regions: tuple[str, ...]
    front: Booleans
    x_m: Floats
    y_m: Floats


@dataclass(frozen=True)
class Launches:
    """Launch areas: names, plane position in metres, and the classes launched from each."""

    names: tuple[str, ...]
    x_m: Floats
    y_m: Floats
    kinds: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Destinations:
    """Where each stream goes.

    Attributes
    ----------
    aims
        f8[vector, regime, stream, aim]: mean shares over nights of the regime.
    region_aims
        f8[vector, region, aim]: how the part of one of `DEEP_REGIONS` spreads over its aims.
    stick_any
        f8[vector, regime, stick]: how often a region gets anything of what the regions before it leave.
    stick_mean, stick_rho
        f8[vector, regime, stick]: mean and correlation of that share over the nights on which it gets some.
    """

    aims: Floats
    region_aims: Floats
    stick_any: Floats
    stick_mean: Floats
    stick_rho: Floats


@dataclass(frozen=True)
class RouteTable:
    """Two-leg routes, ``(launch * n_aims + aim) * N_VARIANTS + variant``."""

    x_m: Floats  # [route, 3]
    y_m: Floats
    length_m: Floats


def oblast_aims(theatre: Theatre) -> Aims:
    """Return the aims: for each oblast its largest city that lies in held territory."""
    import shapely

    own_territory = own_plane(theatre)
    chosen: dict[str, tuple[float, float, float]] = {}
    for city in theatre.cities:
        x, y = to_plane(city.lon, city.lat)
        current = chosen.get(city.oblast)
        size = city.population_thousand or 0.0
        if shapely.contains_xy(own_territory, x, y) and (current is None or size > current[0]):
            chosen[city.oblast] = (size, float(x), float(y))
    oblasts = [o for o in theatre.oblasts if o.name in chosen]
    return Aims(tuple(o.name for o in oblasts), tuple(o.macro_region for o in oblasts),
                np.array([o.front for o in oblasts]), np.array([chosen[o.name][1] for o in oblasts]),
                np.array([chosen[o.name][2] for o in oblasts]))


def launches(theatre: Theatre) -> Launches:
    """Return the launch areas."""
    areas = theatre.launch_areas
    x, y = to_plane([a.lon for a in areas], [a.lat for a in areas])
    return Launches(tuple(a.name for a in areas), x, y, tuple(a.kinds for a in areas))


def launch_shares(starts: Launches, parameters: Parameters) -> Floats:
    """Return f8[vector, stream, launch]: how each stream spreads over the launch areas.

    UAVs spread by the fit's ``launch_share_*``, whatever their stream. The record has no launch areas of missiles:
    those that can launch a class share it evenly.
    """
    columns = []
    for stream_class in STREAM_CLASSES:
        can_launch = [stream_class in kinds for kinds in starts.kinds]
        columns.append([parameters[launch_key(name)] if able and stream_class == "uav" else np.asarray(float(able))
                        for name, able in zip(starts.names, can_launch, strict=True)])
    n = max(np.size(share) for column in columns for share in column)
    shares = np.stack([np.stack([np.broadcast_to(share, n) for share in column], axis=-1) for column in columns],
                      axis=1)
    return np.asarray(shares / shares.sum(axis=2, keepdims=True))


@dataclass(frozen=True)
class RegionShares:
    """Where streams are bound for, f8[vector, region] each, regions as in `DEEP_REGIONS`.

    `routine` and `massed` are of the deep stream by regime; `front` is of the front stream, on its own oblasts alone.
    """

    routine: Floats
    massed: Floats
    cruise: Floats
    front: Floats


def weight_key(oblast: str) -> str:
    """Return the name of an oblast's weight among the destinations of its region.

    Examples
    --------
    >>> weight_key("Ivano-Frankivsk")
    'destination_weight_ivano_frankivsk'
    """
    return WEIGHT_PREFIX + oblast.lower().replace("-", "_").replace(" ", "_")


def shares_within_regions(aims: Aims, parameters: Parameters) -> Floats:
    """Return f8[vector, region, aim]: how the part of a region in the deep stream spreads over its aims."""
    weight = np.stack(np.broadcast_arrays(*(parameters[weight_key(name)] for name in aims.oblasts)), axis=1)
    inside = np.stack([np.array(aims.regions) == name for name in DEEP_REGIONS])
    spread = weight[:, None, :] * inside
    return np.asarray(spread / spread.sum(axis=2, keepdims=True))


def front_within_regions(aims: Aims) -> Floats:
    """Return f8[region, aim]: the same for the front stream, evenly over front oblasts; 0 where there are none."""
    inside = np.stack([(np.array(aims.regions) == name) & aims.front for name in DEEP_REGIONS]).astype(float)
    return np.asarray(inside / np.maximum(inside.sum(axis=1, keepdims=True), 1.0))


def break_sticks(shares: Floats, rho: Floats) -> tuple[Floats, Floats]:
    """Return mean and correlation of the sticks of a Dirichlet distribution, f8[vector, stick] each.

    Parameters
    ----------
    shares
        f8[vector, region], its means.
    rho
        f8[vector]: one over one more than its concentration.

    Examples
    --------
    >>> mean, rho = break_sticks(np.array([[0.2, 0.4, 0.4]]), np.array([0.1]))
    >>> mean.round(3).tolist(), rho.round(3).tolist()
    ([[0.2, 0.5]], [[0.1, 0.122]])
    """
    remaining = 1.0 - np.cumsum(shares, axis=1) + shares
    nonzero = remaining > _NEGLIGIBLE
    mean = np.where(nonzero, np.clip(shares / np.where(nonzero, remaining, 1.0), 0.0, 1.0), 0.0)
    concentration = ((1.0 - rho) / rho)[:, None] * np.where(nonzero, remaining, 1.0)
    return mean[:, :-1], (1.0 / (1.0 + concentration))[:, :-1]


def destinations(aims: Aims, parameters: Parameters, shares: RegionShares) -> Destinations:
    """Return where each stream goes, from its shares of regions and the vectors' destination parameters."""
    region_aims = shares_within_regions(aims, parameters)

    def spread(share: Floats) -> Floats:
        return np.asarray((share[:, :, None] * region_aims).sum(axis=1))

    by_regime = {REGIMES[0]: shares.routine, REGIMES[1]: shares.massed}
    sticks = [_sticks(by_regime[regime], parameters, regime) for regime in REGIMES]
    front = np.asarray((shares.front[:, :, None] * front_within_regions(aims)).sum(axis=1))
    elsewhere = shares.cruise.copy()
    elsewhere[:, DEEP_REGIONS.index("west")] = 0.0
    at_front = parameters["ballistic_front_share"][:, None]
    ballistic = at_front * (aims.front / aims.front.sum()) + (1.0 - at_front) * spread(
        elsewhere / elsewhere.sum(axis=1, keepdims=True))
    cruise = spread(shares.cruise)
    of_regime = [np.stack([front, spread(by_regime[regime]), cruise, ballistic], axis=1) for regime in REGIMES]
    return Destinations(np.stack(of_regime, axis=1), region_aims,
                        *(np.stack([stick[k] for stick in sticks], axis=1) for k in range(3)))


def _sticks(share: Floats, parameters: Parameters, regime: str) -> tuple[Floats, Floats, Floats]:
    """Return how often the sticks of a regime are not zero, and their mean and correlation then."""
    west = share[:, DEEP_REGIONS.index("west")]
    p_any = np.ones(len(west))
    size = parameters[f"west_kills_size_{regime}"]
    if regime == REGIMES[1]:
        p_any = np.maximum(parameters["west_any_massed"], west / _MAX_WEST)
    squared_cv = (1.0 + 1.0 / size) / p_any - 1.0  # of the west's share over all nights
    mean, rho = break_sticks(share, _correlation(west, squared_cv))
    stick_any = np.ones_like(mean)
    stick_any[:, 0], mean[:, 0] = p_any, mean[:, 0] / p_any
    rho[:, 0] = _correlation(mean[:, 0], 1.0 / size)
    return stick_any, mean, rho


def _correlation(mean: Floats, squared_cv: Floats) -> Floats:
    """Return the correlation of a share with this mean and squared coefficient of variation."""
    return np.asarray(np.clip(mean * squared_cv / (1.0 - mean), _MIN_RHO, _MAX_RHO))


def route_table(starts: Launches, aims: Aims, bend: float) -> RouteTable:
    """Return every route from every launch area to every aim, three variants each."""
    x_0, x_2 = np.broadcast_arrays(starts.x_m[:, None, None], aims.x_m[None, :, None])
    y_0, y_2 = np.broadcast_arrays(starts.y_m[:, None, None], aims.y_m[None, :, None])
    side = np.array([-bend, 0.0, bend])
    x_1 = (x_0 + x_2) / 2 - side * (y_2 - y_0)
    y_1 = (y_0 + y_2) / 2 + side * (x_2 - x_0)
    x = np.stack(np.broadcast_arrays(x_0, x_1, x_2), axis=-1).reshape(-1, 3)
    y = np.stack(np.broadcast_arrays(y_0, y_1, y_2), axis=-1).reshape(-1, 3)
    length = np.hypot(np.diff(x, axis=1), np.diff(y, axis=1)).sum(axis=1)
    return RouteTable(np.ascontiguousarray(x), np.ascontiguousarray(y), length)
