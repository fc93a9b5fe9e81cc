"""What every kind of shooter tells of itself, and where one stands."""

import math
from dataclasses import dataclass

import numpy as np

from skyshield.core.arrays import Floats, Parameters

_SECONDS_PER_DAY = 86400.0


@dataclass(frozen=True)
class Weapon:
    """A weapon of a kind of shooter.

    Attributes
    ----------
    munition
        What it is counted as.
    rounds
        f8[vector], ready after a relief or reload, while the stock lasts.
    reach_m
        f8[vector], from the shooter's place.
    p_kill
        f8[vector, class] of one shot; 0 where it is not for the class.
    shot_cost_eur
        f8[vector].
    stock, resupply_per_day
        f8[vector], rounds at the start of a campaign, ready ones included, and what comes each day; of one shooter, or
        of one unit of a store that shooters share (`Placement.store`).
    from_makers
        Whether `resupply_per_day` is a share of what is made, for the whole store whatever its size.
    magazine
        Weapons of a kind with the same magazine share their rounds; by default each munition has its own.
    """

    munition: str
    rounds: Floats
    reach_m: Floats
    p_kill: Floats
    shot_cost_eur: Floats
    stock: Floats
    resupply_per_day: Floats
    magazine: str = ""
    from_makers: bool = False

    @property
    def shares(self) -> str:
        """The name of its magazine."""
        return self.magazine or self.munition


@dataclass(frozen=True)
class Capabilities:
    """What a kind of shooter can do; f8[vector] but for `sees_m` f8[vector, class]; weapons from the cheapest.

    `sees_m` is how far its own sensors show a threat of each class: the radar horizon. `p_track` and `track_rho` are
    the mean share of threats it can hold a track on and its correlation over a night. `cued_by_sound` says that being
    told where a threat is heard is enough to begin with it, so that the acoustic network helps. A kind that waits on
    the ground and flies to its threats has an `alert_time_s` from the order to take-off, above 0, a dash speed and the
    time of a sortie.
    """

    n_channels: Floats
    engagement_time_s: Floats
    renewal_time_s: Floats
    weapons: tuple[Weapon, ...]
    p_track: Floats
    track_rho: Floats
    sees_m: Floats
    day_cost_eur: Floats
    cued_by_sound: bool = False
    alert_time_s: Floats | float = 0.0
    dash_speed_m_s: Floats | float = math.inf
    alert_sortie_s: Floats | float = 0.0


@dataclass(frozen=True)
class Effort:
    """What one patrol kept up for a day takes; f8[vector] each, 0 where it is not flown at all.

    Attributes
    ----------
    on_station_s, flight_time_s
        Of one sortie; the way there and back is the difference.
    sorties_per_day
        Of all its aircraft.
    aircraft, crews
        Ready ones that keep it up, on a day fit for flying.
    """

    on_station_s: Floats
    flight_time_s: Floats
    sorties_per_day: Floats
    aircraft: Floats
    crews: Floats


@dataclass(frozen=True)
class Placement:
    """One shooter: kind, place on the plane, readiness f8[vector], and the sector it looks into.

    `facing_rad` is the middle of the sector, anticlockwise from east; `half_width_rad` half its width, below a right
    angle, or pi for one that looks all round. A patrol has the `effort` that keeps it up, which decides with the
    fleet's state whether it is there tonight, and the time its tankers fly for it in a day; it is relieved after its
    time on station. Shooters of an option with the same `store` share one stock of rounds for each magazine,
    `store_size` times a weapon's. Nothing is begun that would end after `on_duty_until_s`, from 18:00 on. One that
    shares a ring round what it guards meets who comes in by its `ring_share` of it, from `ring_from` on, in turns.
    """

    kind: str
    x_m: float
    y_m: float
    p_ready: Floats
    facing_rad: float = 0.0
    half_width_rad: float = math.pi
    effort: Effort | None = None
    tanker_time_s: Floats | float = 0.0
    store: str = ""
    store_size: Floats | float = 1.0
    on_duty_until_s: float = math.inf
    ring_from: Floats | float = 0.0
    ring_share: Floats | float = 1.0

    def edges(self) -> tuple[tuple[float, float], tuple[float, float]]:
        """Return the inward normals of the sector's edges: x of both, y of both; zeros if it looks all round.

        Examples
        --------
        >>> x, y = Placement("irist", 0.0, 0.0, np.ones(1), 0.0, math.pi / 4).edges()
        >>> [round(v, 3) for v in (*x, *y)]
        [0.707, 0.707, 0.707, -0.707]
        """
        if self.half_width_rad >= math.pi:
            return (0.0, 0.0), (0.0, 0.0)
        one, other = (self.facing_rad + side * (self.half_width_rad - math.pi / 2) for side in (-1.0, 1.0))
        return (math.cos(one), math.cos(other)), (math.sin(one), math.sin(other))


def eur(parameters: Parameters, name: str) -> Floats:
    """Return a US dollar parameter in euros of the catalogue's exchange-rate year."""
    return np.asarray(parameters[name] / parameters["usd_per_eur"])


def day_eur(parameters: Parameters, name: str) -> Floats:
    """Return a price of a day in US dollars in euros a day.

    Examples
    --------
    >>> a_second = {"crew_day": np.array([250.0]) / 86400.0, "usd_per_eur": np.array([1.25])}
    >>> day_eur(a_second, "crew_day").round(9).tolist()
    [200.0]
    """
    return eur(parameters, name) * _SECONDS_PER_DAY


def by_class(parameters: Parameters, *names: str | None) -> Floats:
    """Return f8[vector, class] of named parameters, 0 where there is no name.

    Examples
    --------
    >>> by_class({"a": np.array([0.5])}, "a", None, None).tolist()
    [[0.5, 0.0, 0.0]]
    """
    some = next(parameters[name] for name in names if name is not None)
    return np.stack([np.zeros_like(some) if name is None else parameters[name] for name in names], axis=1)


def radar_horizon_m(height_m: Floats, target_height_m: Floats, constant: Floats) -> Floats:
    """Return the radar horizon on a 4/3 earth; `constant` is metres per square root of a metre.

    Examples
    --------
    >>> round(float(radar_horizon_m(np.array(9000.0), np.array(60.0), np.array(4120.0))) / 1000)
    423
    """
    return np.asarray(constant * (np.sqrt(height_m) + np.sqrt(target_height_m)))


def horizon_m(parameters: Parameters, height: str) -> Floats:
    """Return f8[vector, class]: how far a sensor at a height sees a threat of each class."""
    return np.stack([radar_horizon_m(parameters[height], parameters[target], parameters["radar_horizon_constant"])
                     for target in ("geran2_altitude", "cruise_altitude", "ballistic_altitude")], axis=1)


def ring_share(reach_m: Floats, radius_m: Floats) -> Floats:
    """Return f8[vector]: how much of a ring round a place one shooter on it covers, at most all: 2 r / (2 pi R).

    Examples
    --------
    >>> ring_share(np.array([4000.0]), np.array([40_000.0])).round(4).tolist()
    [0.0318]
    """
    return np.asarray(np.minimum(1.0, reach_m / (np.pi * radius_m)))
