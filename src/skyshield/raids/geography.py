"""Where raids come from and where they go: launch areas, aims, routes.

Aims are one place an oblast (its largest city in held territory); what happens there stands for the
whole oblast. The front stream spreads evenly over front oblasts. The deep stream spreads over the rear of the
regions north, Kyiv, centre, south and west: `zone_share` of it goes to centre and west together, of which
the west's part follows from the west's share of claimed kills in big raids; the rest is split by the
weights `deep_share_*`. Cruise missiles spread as the deep stream; ballistic ones as a mixture of front and
deep, without the west. Within a region oblasts share evenly. None of these shares is observed.

A route has two legs with the waypoint beside the straight line by ``bend`` times its length, to the left,
on it or to the right.
"""

from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt

from skyshield.core.geodesy import to_plane
from skyshield.theatre import Theatre, own_plane

Floats = npt.NDArray[np.float64]


class Parameters(Protocol):
    """Named parameters over vectors, in SI units."""

    def __getitem__(self, name: str) -> Floats:
        """Return f8[vector]."""
        ...


STREAM_CLASSES = ("uav", "uav", "cruise", "ballistic")
DEEP_REGIONS = ("north", "kyiv", "south")
ZONE_REGIONS = ("centre", "west")
N_VARIANTS = 3


@dataclass(frozen=True)
class Aims:
    """One aim an oblast: names, region, whether a front oblast, plane position in metres."""

    oblasts: tuple[str, ...]
    regions: tuple[str, ...]
    front: npt.NDArray[np.bool_]
    x_m: Floats
    y_m: Floats


@dataclass(frozen=True)
class Launches:
    """Launch areas: names, plane position in metres, shares f8[stream, launch]."""

    names: tuple[str, ...]
    x_m: Floats
    y_m: Floats
    shares: Floats


@dataclass(frozen=True)
class RouteTable:
    """Two-leg routes, ``(launch * n_aims + aim) * N_VARIANTS + variant``."""

    x_m: Floats  # [route, 3]
    y_m: Floats
    length_m: Floats


def oblast_aims(theatre: Theatre) -> Aims:
    """Return the aims: for each oblast its largest city that lies in held territory."""
    import shapely

    held = own_plane(theatre)
    chosen: dict[str, tuple[float, float, float]] = {}
    for city in theatre.cities:
        x, y = to_plane(city.lon, city.lat)
        best = chosen.get(city.oblast)
        size = city.population_thousand or 0.0
        if shapely.contains_xy(held, x, y) and (best is None or size > best[0]):
            chosen[city.oblast] = (size, float(x), float(y))
    oblasts = [o for o in theatre.oblasts if o.name in chosen]
    return Aims(tuple(o.name for o in oblasts), tuple(o.macro_region for o in oblasts),
                np.array([o.front for o in oblasts]), np.array([chosen[o.name][1] for o in oblasts]),
                np.array([chosen[o.name][2] for o in oblasts]))


def launches(theatre: Theatre, named: dict[str, float]) -> Launches:
    """Return launch areas and how each stream spreads over them.

    Parameters
    ----------
    theatre
        The map, which says what classes are launched from each area.
    named
        For UAV areas, the share of raids that name the area; spread in proportion (an assumption: the
        record counts no launches per area). Areas of missiles share evenly.
    """
    areas = theatre.launch_areas
    shares = np.zeros((len(STREAM_CLASSES), len(areas)))
    for stream, kind in enumerate(STREAM_CLASSES):
        for k, area in enumerate(areas):
            if kind in area.kinds:
                shares[stream, k] = named[area.name] if kind == "uav" else 1.0
        shares[stream] /= shares[stream].sum()
    x, y = to_plane([a.lon for a in areas], [a.lat for a in areas])
    return Launches(tuple(a.name for a in areas), x, y, shares)


def aim_shares(aims: Aims, parameters: Parameters) -> Floats:
    """Return f8[vector, stream, aim] from the vectors' destination parameters."""
    region = {name: np.array([r == name for r in aims.regions]) & ~aims.front
              for name in (*DEEP_REGIONS, *ZONE_REGIONS)}
    even = {name: here / max(1, here.sum()) for name, here in region.items()}
    front = aims.front / aims.front.sum()
    zone = parameters["zone_share"]
    big, threshold = parameters["uav_big_raid_size_q50"], parameters["front_stream_threshold"]
    west = np.minimum(zone, parameters["west_share_of_kills_big_raid"] * big / (big - threshold))
    weights = np.stack([parameters[f"deep_share_{name}"] for name in DEEP_REGIONS])
    rest = (1.0 - zone) * weights / weights.sum(axis=0)
    deep = (west[:, None] * even["west"] + (zone - west)[:, None] * even["centre"]
            + sum(rest[k][:, None] * even[name] for k, name in enumerate(DEEP_REGIONS)))
    near = deep - west[:, None] * even["west"]
    near = near / near.sum(axis=1, keepdims=True)
    share = parameters["ballistic_front_share"][:, None]
    ballistic = share * front + (1.0 - share) * near
    return np.stack([np.broadcast_to(front, deep.shape), deep, deep, ballistic], axis=1)


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
