"""Shooters of every kind, put together as the engine wants them.

A *kind* of shooter says what it can do (`Capabilities`); a *package* of a scenario says how many stand
where (`Placement`). Each kind lives in a file of its own and is named once in `KINDS`; its place there is its number in
addresses of draws, so a new kind is added at the end. Packages say themselves where their shooters stand. A contract
test runs over every kind.
"""

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import numpy as np

from skyshield.core.arrays import Floats, Indices, Integers, Parameters
from skyshield.core.vocabulary import N_CLASSES
from skyshield.engine import Forces
from skyshield.forces import batteries, drone_teams, fighters, guns, ships
from skyshield.forces.capabilities import Capabilities, Placement, Weapon
from skyshield.forces.members import Member
from skyshield.forces.package import Deployment, ForcePackage
from skyshield.forces.sensors import handover_time_s, picture_gain, sensor_named

KINDS: tuple[tuple[str, Callable[[Parameters], Capabilities]], ...] = (
    ("fighters", fighters.capabilities), ("irist", batteries.irist), ("nasams", batteries.nasams),
    ("patriot", batteries.patriot), ("guns", guns.capabilities), ("drone_teams", drone_teams.capabilities),
    ("fighters_with_rockets", fighters.with_rockets), ("ground_alert", fighters.ground_alert),
    ("ground_alert_with_rockets", fighters.ground_alert_with_rockets), ("frigate", ships.frigate))
_KIND_BITS = 10
_SECONDS_PER_HOUR = 3600.0


class Shooters(NamedTuple):
    """Shooters of all options, and what they cost, which the engine has among the costs.

    What routes, rules and days decide of `forces` is as if nobody could ever shoot; `skyshield.compile.forces` replaces
    it.
    """

    forces: Forces
    shot_cost_eur: Floats  # [vector, kind, weapon]
    shooter_day_cost_eur: Floats  # [vector, kind]


def kind_number(name: str) -> int:
    """Return the number of a kind.

    Examples
    --------
    >>> kind_number("fighters"), kind_number("guns")
    (0, 4)
    """
    return [known for known, _ in KINDS].index(name)


def prepare_shooters(packages: Sequence[Sequence[ForcePackage]], deployment: Deployment, munitions: Sequence[str],
                     night_quantiles: Callable[[Floats, Floats], Floats],
                     members: Sequence[Sequence[Member]] | None = None) -> Shooters:
    """Turn every option's packages into arrays.

    Parameters
    ----------
    packages
        For each option its packages, sensors among them.
    deployment
        Whose they are, on which map, by which numbers.
    munitions
        Names of the engine's munitions, in its order.
    night_quantiles
        Turns a mean share and a correlation over nights, f8[vector] each, into a quantile function.
    members
        For each option those that provide it; the deployment's if not given.
    """
    theatre, parameters = deployment.theatre, deployment.parameters
    of_members = [deployment.members] * len(packages) if members is None else members
    by_package = [[package.placements(deployment._replace(members=its)) for package in of_option]
                  for of_option, its in zip(packages, of_members, strict=True)]
    standing = [[(kind_number(placement.kind), placement) for placements in of_option for placement in placements]
                for of_option in by_package]
    sensors = [[placed for package in of_option for placed in package.sensors(deployment)] for of_option in packages]
    present = {number for placements in standing for number, _ in placements}
    n_vectors = len(parameters["cap_on_station"])
    kinds = [ability(parameters) if number in present else absent(n_vectors)
             for number, (_, ability) in enumerate(KINDS)]
    n_slots = max(1, *(len(placements) for placements in standing))
    shape = len(packages), n_slots
    kind, number = np.full(shape, -1, np.int64), np.zeros(shape, np.int64)
    x_m, y_m, p_ready = np.zeros(shape), np.zeros(shape), np.zeros((n_vectors, *shape))
    renewal_time_s = np.ones((n_vectors, *shape))
    flying: dict[str, Any] = {name: np.zeros((n_vectors, *shape)) for name in (
        "ready_aircraft", "crews", "sorties_per_day", "flight_time_h", "tanker_time_h")}
    edge_x, edge_y = np.zeros((*shape, 2)), np.zeros((*shape, 2))
    until_s, ring_from, ring_share = np.full(shape, np.inf), np.zeros(p_ready.shape), np.ones(p_ready.shape)
    for option, placements in enumerate(standing):
        so_far: dict[int, int] = {}
        for slot, (of_kind, stand) in enumerate(placements):
            ordinal = so_far[of_kind] = so_far.get(of_kind, -1) + 1
            kind[option, slot], number[option, slot] = of_kind, of_kind << _KIND_BITS | ordinal
            x_m[option, slot], y_m[option, slot], p_ready[:, option, slot] = stand.x_m, stand.y_m, stand.p_ready
            edge_x[option, slot], edge_y[option, slot] = stand.edges()
            until_s[option, slot] = stand.on_duty_until_s
            ring_from[:, option, slot], ring_share[:, option, slot] = stand.ring_from, stand.ring_share
            renewal_time_s[:, option, slot] = kinds[of_kind].renewal_time_s
            if stand.effort is not None:
                takes = stand.effort
                renewal_time_s[:, option, slot] = np.where(takes.on_station_s > 0.0, takes.on_station_s, 1.0)
                for name, values in zip(flying, (takes.aircraft, takes.crews, takes.sorties_per_day,
                                                 takes.flight_time_s / _SECONDS_PER_HOUR,
                                                 stand.tanker_time_s / _SECONDS_PER_HOUR), strict=True):
                    flying[name][:, option, slot] = values
    reach_m = _reach(kinds, kind, n_vectors)
    by_sound = np.array([*(one.cued_by_sound for one in kinds), False])[kind]  # nobody, -1, is the last
    gain, ground_gain = (np.stack([
        picture_gain([one for one in sensors[o] if airborne or not sensor_named(one.sort).flies], theatre, parameters,
                     x_m[o], y_m[o], reach_m[:, o], by_sound[o]) for o in range(len(packages))], axis=1)
        for airborne in (True, False))
    flies = any(sensor_named(one.sort).flies for of_option in sensors for one in of_option)
    tables = _tables(kinds, munitions)
    shot_cost_eur = tables.pop("shot_cost_eur")
    forces = Forces(
        shooter_kind=kind, shooter_id=number, x_m=x_m, y_m=y_m, edge_x=edge_x, edge_y=edge_y, p_ready=p_ready,
        reach_m=reach_m, **tables, **_stores(kinds, standing, n_vectors),
        renewal_time_s=renewal_time_s, **flying,
        p_track=np.stack([night_quantiles(one.p_track, one.track_rho) for one in kinds], axis=1),
        picture_gain=gain, ground_gain=ground_gain,
        p_early_warning=parameters["early_warning_available"] if flies else np.ones(n_vectors),
        on_duty_until_s=until_s, ring_from=ring_from, ring_share=ring_share,
        jet_kill_ratio=1.0 - parameters["jet_uav_kill_loss"],
        track_correlation=np.zeros(n_vectors),
        handover_time_s=handover_time_s([one for of_option in sensors for one in of_option], parameters, n_vectors),
        package=_package_of(by_package, shape), **_nothing_permitted(n_vectors, packages))
    return Shooters(forces, shot_cost_eur, np.stack([one.day_cost_eur for one in kinds], axis=1))


def _package_of(by_package: Sequence[Sequence[Sequence[Placement]]], shape: tuple[int, int]) -> Integers:
    """Return i8[option, shooter]: the package that each shooter belongs to, -1 where there is none."""
    result = np.full(shape, -1, np.int64)
    for option, of_option in enumerate(by_package):
        belongs = [p for p, placements in enumerate(of_option) for _ in placements]
        result[option, :len(belongs)] = belongs
    return result


def _nothing_permitted(n_vectors: int, packages: Sequence[Sequence[ForcePackage]]) -> dict[str, Any]:
    """Return the arrays that routes, rules and days decide, as if nobody could ever shoot."""
    n_options, n_packages = len(packages), max(1, *(len(of_option) for of_option in packages))
    return {"near_first": np.zeros((n_options, 1), np.int64), "near_slot": np.zeros(1, np.uint32),
            "salvo": np.ones((n_vectors, N_CLASSES), np.int64), "max_engagements": np.ones(1, np.int64),
            "p_accepted": np.zeros((n_vectors, n_options, N_CLASSES)), "p_deconflicted": np.zeros(n_vectors),
            "release_time_s": np.zeros((n_vectors, n_options)),
            "presence": np.zeros((n_options, n_packages, 0), np.uint8),
            "fires": np.zeros((n_options, n_packages), np.uint8)}


def absent(n_vectors: int) -> Capabilities:
    """Return the capabilities of a kind that no option has: none; its numbers are not asked for."""
    one, by_class = np.ones(n_vectors), np.zeros((n_vectors, N_CLASSES))
    return Capabilities(one, one, one, (), 0.0 * one, one / 2, by_class, 0.0 * one)


def magazines(one: Capabilities) -> list[str]:
    """Return the names of a kind's magazines, in the order of its weapons."""
    return list(dict.fromkeys(weapon.shares for weapon in one.weapons))


def _reach(kinds: Sequence[Capabilities], kind: Integers, n_vectors: int) -> Floats:
    """Return f8[vector, option, slot, class]: the longest weapon for the class, within what is seen."""
    of_kind = []
    for one in kinds:
        longest = np.max([weapon.reach_m[:, None] * (weapon.p_kill > 0.0) for weapon in one.weapons]
                         or [np.zeros((n_vectors, N_CLASSES))], axis=0)
        of_kind.append(np.minimum(longest, one.sees_m))
    reach = np.stack([*of_kind, np.zeros((n_vectors, of_kind[0].shape[1]))], axis=1)
    return np.ascontiguousarray(reach[:, kind])


def _tables(kinds: Sequence[Capabilities], munitions: Sequence[str]) -> dict[str, Any]:
    """Return the kinds' numbers, weapons padded with ones that never fire."""
    n_weapons = max(1, *(len(one.weapons) for one in kinds))
    n_vectors = len(kinds[0].p_track)
    zero = np.zeros(n_vectors)
    none = Weapon(munitions[0], zero, zero, np.zeros((n_vectors, N_CLASSES)), zero, zero, zero)
    arms = [[*one.weapons, *[none] * (n_weapons - len(one.weapons))] for one in kinds]
    magazine = np.zeros((len(kinds), n_weapons), np.int64)
    rounds = np.zeros((n_vectors, len(kinds), _n_magazines(kinds)), np.int64)
    for k, one in enumerate(kinds):
        names = magazines(one)
        for w, weapon in enumerate(one.weapons):
            magazine[k, w] = names.index(weapon.shares)
            rounds[:, k, magazine[k, w]] = np.rint(weapon.rounds)

    def table(what: str) -> Floats:
        return np.stack([np.stack([getattr(weapon, what) for weapon in of_kind], axis=1) for of_kind in arms], axis=1)

    return {"n_channels": np.stack([np.rint(one.n_channels).astype(np.int64) for one in kinds], axis=1),
            "engagement_time_s": np.stack([one.engagement_time_s for one in kinds], axis=1),
            **{name: np.stack([zero + getattr(one, name) for one in kinds], axis=1)
               for name in ("alert_time_s", "dash_speed_m_s", "alert_sortie_s")},
            "rounds": rounds, "magazine": magazine, "weapon_reach_m": table("reach_m"),
            "p_kill": table("p_kill"), "shot_cost_eur": table("shot_cost_eur"),
            "munition": np.array([[munitions.index(weapon.munition) for weapon in of_kind] for of_kind in arms])}


def _n_magazines(kinds: Sequence[Capabilities]) -> int:
    return max(1, *(len(magazines(one)) for one in kinds))


def _stores(kinds: Sequence[Capabilities], standing: Sequence[Sequence[tuple[int, Placement]]],
            n_vectors: int) -> dict[str, Any]:
    """Return which store each magazine of each shooter takes from, what it holds at the start and gets a day."""
    n_slots = max(1, *(len(placements) for placements in standing))
    store = np.full((len(standing), n_slots, _n_magazines(kinds)), -1, np.int64)
    supply: list[dict[tuple[str | int, str], tuple[Floats, Floats]]] = []
    for option, placements in enumerate(standing):
        held: dict[tuple[str | int, str], tuple[Floats, Floats]] = {}
        for slot, (of_kind, stand) in enumerate(placements):
            for m, name in enumerate(magazines(kinds[of_kind])):
                weapon = next(one for one in kinds[of_kind].weapons if one.shares == name)
                key = (stand.store or slot, name)
                size = 1.0 if weapon.from_makers else stand.store_size
                held.setdefault(key, (np.rint(weapon.stock * stand.store_size), weapon.resupply_per_day * size))
                store[option, slot, m] = list(held).index(key)
        supply.append(held)
    n_stores = max(1, *(len(held) for held in supply))
    start, per_day = np.zeros((2, n_vectors, len(standing), n_stores))
    for option, held in enumerate(supply):
        for number, (rounds, daily) in enumerate(held.values()):
            start[:, option, number], per_day[:, option, number] = rounds, daily
    return {"store": store, "store_most": start, "store_first": start, "store_per_day": per_day}


def near_slots(forces: Forces, x_m: Floats, y_m: Floats) -> tuple[Integers, Indices]:
    """Return which slots can reach which routes at all, over all vectors and classes, sectors left aside.

    Parameters
    ----------
    forces
        Of all options.
    x_m, y_m
        f8[route, 3], points of the routes on the plane.

    Returns
    -------
    tuple of arrays
        i8[option, route + 1] and u4[any]: the slots of an option and a route are the second array's elements between
        two consecutive elements of the first.
    """
    reach = forces.reach_m.max(axis=(0, 3))
    first = np.zeros((len(reach), len(x_m) + 1), np.int64)
    result: list[Indices] = []
    n = 0
    for option in range(len(reach)):
        near = np.zeros((len(x_m), reach.shape[1]), bool)
        for leg in range(2):
            near |= _distance(x_m[:, leg], y_m[:, leg], x_m[:, leg + 1], y_m[:, leg + 1], forces.x_m[option],
                              forces.y_m[option]) <= reach[option]
        near &= (forces.shooter_kind[option] >= 0) & (reach[option] > 0.0)
        first[option] = n + np.concatenate([[0], np.cumsum(near.sum(axis=1))])
        result.append(np.nonzero(near)[1].astype(np.uint32))
        n = int(first[option, -1])
    return first, np.concatenate([*result, np.zeros(1, np.uint32)])


def _distance(x_0: Floats, y_0: Floats, x_1: Floats, y_1: Floats, x: Floats, y: Floats) -> Floats:
    """Return f8[route, slot]: distance of points from straight legs."""
    dx, dy = (x_1 - x_0)[:, None], (y_1 - y_0)[:, None]
    length_2 = np.maximum(dx * dx + dy * dy, np.finfo(float).tiny)
    along = np.clip(((x - x_0[:, None]) * dx + (y - y_0[:, None]) * dy) / length_2, 0.0, 1.0)
    return np.asarray(np.hypot(x_0[:, None] + along * dx - x, y_0[:, None] + along * dy - y))
