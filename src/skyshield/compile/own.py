"""Ukraine's own defence as the engine's arrays: who meets how much of it where, and where threats are bound for.

Both hang together: the record's kills by region fix the own defence only together with the shares of destinations
(`skyshield.forces.solve`).
"""

from dataclasses import dataclass

import numpy as np

from skyshield.compile.campaign import growth_before
from skyshield.compile.context import Ground, quantiles_of_nights
from skyshield.compile.parameters import STRENGTH, ParameterTable
from skyshield.core.arrays import Booleans, Floats, Integers, Parameters
from skyshield.core.content import kept_by_content
from skyshield.core.vocabulary import (
    BALLISTIC_STREAM,
    CLASSES,
    DEEP_REGIONS,
    DEEP_STREAM,
    FRONT_STREAM,
    N_REGIONS,
    N_STREAMS,
    REGIMES,
    STREAM_CLASSES,
)
from skyshield.engine import OwnDefence
from skyshield.forces import log_load_factors, true_leak
from skyshield.forces.own import HAZARD_STEP, hazard_table
from skyshield.forces.regional import SOUTH, WEST, Bound
from skyshield.forces.solve import (
    HAZARD,
    N_UNKNOWNS,
    TO_SOUTH,
    TO_WEST,
    U_SOUTH,
    U_WEST,
    Solved,
    Split,
    Told,
    alike,
    restore,
    solve,
    strengths,
)
from skyshield.raids import expected_launches
from skyshield.raids.fit import significant
from skyshield.raids.geography import (
    N_VARIANTS,
    Destinations,
    RegionShares,
    front_within_regions,
    shares_within_regions,
)
from skyshield.scenario import Scenario

FRONT_SOUTH = "front_south"
STRENGTHS = (*DEEP_REGIONS, FRONT_SOUTH)  # names of the regional strengths that a vector draws
_LEAK_WEST = (0.02, 0.30)
_MOST_WEST = 0.9  # of a stream's leakers, and of the zone's share
_SURE, _FREE = 0.0, 10.0  # spreads of the prior
_LOGIT_SPREAD = 1.0
_TYPICAL_HAZARD = 3.5
_LEAST = 1e-6
_DAY_S = 86400.0
_KEPT = 32  # solutions: a plan's are asked for by every study of a fit, those of a report's table by every report
_solve, _restore = kept_by_content(_KEPT)(solve), kept_by_content(_KEPT)(restore)


@dataclass(frozen=True)
class OwnPlaces:
    """Where own defence and destinations lie.

    Attributes
    ----------
    shares
        Of regions, by stream.
    hazard
        f8[vector], of the deep stream at its mean leak rate on massed nights.
    omega
        f8[vector, stream], the share of hazard along the way.
    strength
        f8[vector, stream, place].
    asked, met
        f8[vector], the share of hazard along the way that was asked for; bool[vector], whether the deep stream's kills
        by region have a solution there.
    """

    shares: RegionShares
    hazard: Floats
    omega: Floats
    strength: Floats
    asked: Floats
    met: Booleans


@dataclass(frozen=True)
class ToldLeaks:
    """Leak rates f8[vector] by stream, with what may be claimed wrongly added."""

    by_stream: tuple[Floats, ...]
    west: Floats


def leaks_told(parameters: Parameters) -> ToldLeaks:
    """Return the leak rates of the streams (of a covered salvo for ballistic missiles) and in the west."""
    bias = parameters["claim_bias"]
    claimed = (parameters["leak_front_average"], deep_leak(parameters), 1.0 - parameters["cruise_intercept"],
               1.0 - parameters["ballistic_stop_covered"])
    leak = tuple(true_leak(rate, bias) for rate in claimed)
    deep = leak[DEEP_STREAM]
    most = _MOST_WEST * deep / np.maximum(_west_kills(parameters, deep, "massed"), _LEAST)
    west = np.clip(parameters["leak_west_over_leak_deep"] * deep, *_LEAK_WEST)
    return ToldLeaks(leak, np.minimum(west, most / (1.0 + most)))


def deep_leak(parameters: Parameters) -> Floats:
    """Return f8[vector], the claimed leak rate of the deep stream: the window's average, its end's, or between."""
    share = parameters["leak_deep_at_end"]
    if not (share > 0.0).any():
        return parameters["leak_deep"]
    average, end = parameters["leak_deep"], parameters["leak_deep_end"]
    logit = (1.0 - share) * np.log(average / (1.0 - average)) + share * np.log(end / (1.0 - end))
    return np.asarray(1.0 / (1.0 + np.exp(-logit)))


def _west_kills(parameters: Parameters, deep: Floats, regime: str) -> Floats:
    """Return kills in the west over launches of the deep stream, without those claimed wrongly."""
    return np.asarray(parameters[f"west_kills_share_{regime}"] * (1.0 - deep) / (1.0 - deep_leak(parameters)))


def own_places(context: Ground, parameters: Parameters, starts: Floats, log_strength: Floats,
               leaks: ToldLeaks) -> OwnPlaces:
    """Return own defence and destinations that do what the record tells.

    Parameters
    ----------
    context
        With the pieces of all routes.
    parameters
        f8[vector] by name.
    starts
        f8[vector, stream, launch].
    log_strength
        f8[vector, strength], logarithms of those drawn, as in `STRENGTHS`.
    leaks
        Of `leaks_told`.
    """
    asked = parameters["own_defence_along_share"]
    sea, u = parameters["own_sea_share"], log_strength[:, :N_REGIONS]
    inside = shares_within_regions(context.aims, parameters)
    bound = Bound(context.hazard, *_routes_to(context, starts[:, DEEP_STREAM], inside))
    split, told = _deep_split(parameters), _deep_told(parameters, leaks, "massed")
    centre, spread = _prior(parameters, split, told, u)
    deep = _solve(bound, split, told, centre, spread, asked, u, sea)
    routine = _routine_shares(bound, split, parameters, leaks, deep, spread, u, sea)
    u_front = u.copy()
    u_front[:, SOUTH] = log_strength[:, N_REGIONS]
    front, front_split = _front(context, parameters, starts, leaks, u_front, asked, sea)
    shares = RegionShares(routine, split.shares(deep.z)[0], split.shares(deep.at_aims)[0],
                          front_split.shares(front.z)[0])
    drawn = np.exp(u)
    drawn = np.concatenate([drawn, (sea * drawn[:, SOUTH])[:, None]], axis=1)
    strength = np.stack([strengths(front.z, u_front, sea), strengths(deep.z, u, sea), drawn, drawn], axis=1)
    omega = np.stack([front.omega, deep.omega, asked, np.zeros_like(asked)], axis=1)
    rounded = RegionShares(*(significant(values) for values in (
        shares.routine, shares.massed, shares.cruise, shares.front)))
    return OwnPlaces(rounded, significant(np.exp(deep.z[:, HAZARD])), significant(omega), significant(strength), asked,
                     deep.met & (deep.omega >= asked))


def deep_by_region(context: Ground, parameters: Parameters, starts: Floats,
                   places: OwnPlaces) -> tuple[Floats, Floats, Floats]:
    """Return what becomes of the deep stream of massed nights at its mean leak rate, over its launches.

    Returns
    -------
    tuple of arrays
        Leakers bound for each region f8[vector, region]; stops by place and arrivals f8[vector, region].
    """
    inside = shares_within_regions(context.aims, parameters)
    bound = Bound(context.hazard, *_routes_to(context, starts[:, DEEP_STREAM], inside))
    leak, stopped, reached = bound.by_region(places.hazard, places.omega[:, DEEP_STREAM],
                                             places.strength[:, DEEP_STREAM])
    share = places.shares.massed
    return share * leak, (share[:, :, None] * stopped).sum(axis=1), (share[:, :, None] * reached).sum(axis=1)


def _routes_to(context: Ground, starts: Floats, inside: Floats) -> tuple[Integers, Floats]:
    """Return the routes from launch areas in use, and how threats bound for a region f8[vector, route] use them."""
    used = np.flatnonzero((starts > 0.0).any(axis=0))
    n_aims = len(context.aims.oblasts)
    of_region = inside.sum(axis=1)  # an aim lies in one region
    weight = starts[:, used, None, None] * of_region[:, None, :, None] / N_VARIANTS
    weight = np.broadcast_to(weight, (*weight.shape[:3], N_VARIANTS)).reshape(len(starts), -1)
    routes = (used[:, None] * n_aims * N_VARIANTS + np.arange(n_aims * N_VARIANTS)).ravel()
    met = (weight > 0.0).any(axis=0)
    return routes[met], weight[:, met]


def _unit(region: int) -> Floats:
    return np.asarray(np.eye(N_REGIONS)[region])


def _deep_split(parameters: Parameters) -> Split:
    """Return how the deep stream is shared: the centre has what the west leaves of the zone's share."""
    zone = parameters["zone_share"]
    rest = np.stack([parameters[f"deep_share_{name}"] for name in ("kyiv", "north", "east")], axis=1)
    others = np.zeros((len(zone), N_REGIONS))
    others[:, [DEEP_REGIONS.index(name) for name in ("kyiv", "north", "east")]] = rest / rest.sum(axis=1, keepdims=True)
    centre = _unit(DEEP_REGIONS.index("centre"))
    return Split(zone[:, None] * centre + (1.0 - zone)[:, None] * others,
                 np.broadcast_to(_unit(WEST) - centre, others.shape), _unit(SOUTH) - others, zone, 1.0 - zone)


def _deep_told(parameters: Parameters, leaks: ToldLeaks, regime: str) -> Told:
    deep = leaks.by_stream[DEEP_STREAM]
    return Told(deep, parameters["south_share_deep"] * (1.0 - deep), _west_kills(parameters, deep, regime), leaks.west)


def _prior(parameters: Parameters, split: Split, told: Told, u: Floats) -> tuple[Floats, Floats]:
    """Return centre and spread of the unknowns: strengths as drawn, shares as kills alone would have them."""
    n = len(u)
    centre, spread = np.zeros((n, N_UNKNOWNS)), np.zeros((n, N_UNKNOWNS))
    centre[:, HAZARD], spread[:, HAZARD] = np.log(_TYPICAL_HAZARD), _FREE
    centre[:, U_WEST], centre[:, U_SOUTH] = u[:, WEST], u[:, SOUTH]
    spread[:, U_WEST] = spread[:, U_SOUTH] = parameters["own_regional_spread"]
    south = np.minimum(told.south_kills / (1.0 - told.leak), _MOST_WEST * split.south_limit)
    centre[:, TO_SOUTH], spread[:, TO_SOUTH] = _logit(south / split.south_limit), _LOGIT_SPREAD
    if told.west_kills is not None and told.leak_west is not None:
        west = np.minimum(told.west_kills / (1.0 - told.leak_west), _MOST_WEST * split.west_limit)
        centre[:, TO_WEST], spread[:, TO_WEST] = _logit(np.maximum(west, _LEAST) / split.west_limit), _LOGIT_SPREAD
    return centre, spread


def _logit(share: Floats) -> Floats:
    return np.asarray(np.log(share / (1.0 - share)))


def _routine_shares(bound: Bound, split: Split, parameters: Parameters, leaks: ToldLeaks, deep: Solved, spread: Floats,
                    u: Floats, sea: Floats) -> Floats:
    """Return the shares on routine nights: same strengths, the west's kills of such nights; as massed where none."""
    told = _deep_told(parameters, leaks, "routine")
    told = Told(told.leak, told.south_kills, told.west_kills)
    own = u.copy()
    own[:, WEST], own[:, SOUTH] = deep.z[:, U_WEST], deep.z[:, U_SOUTH]
    fixed = spread.copy()
    fixed[:, [U_WEST, U_SOUTH]] = _SURE
    first, group = alike(bound, split, told, fixed, own, sea, deep.omega, deep.z)
    found = _restore(bound, split, told, fixed, own, sea, deep.omega[first], deep.z[first], first)
    z, met = (of_first[group] for of_first in found)
    return split.shares(np.where(met[:, None], z, deep.z))[0]


def _front(context: Ground, parameters: Parameters, starts: Floats, leaks: ToldLeaks, u: Floats, asked: Floats,
           sea: Floats) -> tuple[Solved, Split]:
    """Return the front stream's hazard and its share bound for the south."""
    n, aims = len(u), context.aims
    inside = np.broadcast_to(front_within_regions(aims), (n, N_REGIONS, len(aims.oblasts)))
    bound = Bound(context.hazard, *_routes_to(context, starts[:, FRONT_STREAM], inside))
    others = np.array([(aims.front & (np.array(aims.regions) == name)).sum() for name in DEEP_REGIONS], float)
    others[SOUTH] = 0.0
    others = np.broadcast_to(others / others.sum(), (n, N_REGIONS))
    split = Split(others, np.zeros((n, N_REGIONS)), _unit(SOUTH) - others, np.ones(n), np.ones(n))
    leak = leaks.by_stream[FRONT_STREAM]
    told = Told(leak, parameters["south_share_front"] * (1.0 - leak))
    return _solve(bound, split, told, *_prior(parameters, split, told, u), asked, u, sea), split


def compile_own_defence(context: Ground, table: ParameterTable, starts: Floats, bound: Destinations,
                        leaks: ToldLeaks, places: OwnPlaces) -> OwnDefence:
    """Return the own defence: leak rates by night, and the hazard at which a stream leaks so much."""
    n, regions = len(table.fit_row), np.array([DEEP_REGIONS.index(name) for name in context.aims.regions])
    rho = tuple(table[name] for name in ("rho_uav", "rho_uav", "rho_cruise", "rho_ballistic_covered"))
    p_leak = np.stack([context.once(quantiles_of_nights, leak, of) for leak, of in zip(leaks.by_stream, rho,
                                                                                        strict=True)], axis=1)
    soft = np.zeros((n, len(CLASSES)))
    soft[:, 0] = table["soft_share_of_stops"]
    return OwnDefence(
        p_leak=p_leak, mean_leak=np.ascontiguousarray(np.stack(leaks.by_stream, axis=1)),
        hazard=_hazards(context, starts, bound, places), hazard_step=np.array([HAZARD_STEP]),
        along_share=places.omega, strength=places.strength, aim_place=regions,
        front_aim=context.aims.front.astype(np.uint8),
        log_load_factor=log_load_factors(table["decoy_share"], table["decoy_leak_ratio"]) - jets_told(table)[:, None],
        log_jet_factor=np.log(table["jet_uav_leak_ratio"]),
        cover_intercept=table["ballistic_cover_intercept"], cover_slope=table["ballistic_cover_slope"], p_soft=soft,
        **own_stores(context.scenario, table, leaks, soft))


def jets_told(parameters: Parameters) -> Floats:
    """Return f8[vector]: log of a stream's leak rate, as the record tells it, over that of its UAVs that are no jets.

    What the record tells of a stream holds the jets of the window, so with as many of them it leaks what is told.
    """
    return np.asarray(np.log1p(parameters["geran3_share"] * (parameters["jet_uav_leak_ratio"] - 1.0)))


def own_stores(scenario: Scenario, parameters: Parameters, leaks: ToldLeaks, soft: Floats) -> dict[str, Floats]:
    """Return Ukraine's stores f8[vector, class], in kills: at most, the share that comes, the ration, a kill's price.

    Stores are told in days of average use: the kills a day that the window's average raid has. Where the decision was
    taken before the first day, they have been filled and drawn on by as much since.
    """
    start, share, price = (np.stack([parameters[f"{name}_{of}"] for of in CLASSES], axis=1)
                           for name in ("own_magazine_days", "own_resupply_share", "own_stop_cost"))
    use = kills_a_day(parameters, leaks, soft)
    held = use * start / _DAY_S
    before = growth_before(scenario, parameters)
    first = held + use * (share * before.shape[2] - before.sum(axis=2))
    return {"store_most": held, "store_first": np.clip(first, 0.0, held), "resupply_share": share,
            "ration_below": held * parameters["own_ration_share"][:, None], "kill_cost_eur": price}


def kills_a_day(parameters: Parameters, leaks: ToldLeaks, soft: Floats) -> Floats:
    """Return f8[vector, class]: what Ukraine destroys a day on average, at the levels of the window's average."""
    launched = expected_launches(parameters)
    result = np.zeros((launched.shape[0], len(CLASSES)))
    for stream, name in enumerate(STREAM_CLASSES):
        of, stopped = CLASSES.index(name), 1.0 - leaks.by_stream[stream]
        for regime, named in enumerate(REGIMES):
            covered: Floats | float = 1.0
            if stream == BALLISTIC_STREAM:
                size = np.log(np.maximum(parameters[f"ballistic_mean_{named}"], 1.0))
                covered = 1.0 / (1.0 + np.exp(-parameters["ballistic_cover_intercept"]
                                              - parameters["ballistic_cover_slope"] * size))
            result[:, of] += launched[:, regime, stream] * stopped * covered * (1.0 - soft[:, of])
    return result


def _hazards(context: Ground, starts: Floats, bound: Destinations, places: OwnPlaces) -> Floats:
    """Return f8[vector, regime, stream, point]."""
    result: list[list[Floats]] = [[] for _ in REGIMES]
    for stream in range(N_STREAMS):
        for regime in range(len(REGIMES)):
            share = starts[:, stream, :, None, None] * bound.aims[:, regime, stream, None, :, None] / N_VARIANTS
            share = np.broadcast_to(share, (*share.shape[:3], N_VARIANTS)).reshape(len(starts), -1)
            met = np.flatnonzero((share > 0.0).any(axis=0))
            share = np.ascontiguousarray(share[:, met])
            weight = Bound(context.hazard, met, share).weights(places.omega[:, stream], places.strength[:, stream])
            result[regime].append(context.once(hazard_table, share, weight))
    return np.stack([np.stack(of, axis=1) for of in result], axis=1)


def drawn_strengths(table: ParameterTable, seed: int) -> dict[str, Floats]:
    """Return f8[vector] by name: the regional strengths, drawn where they are not given."""
    from scipy.special import ndtri

    from skyshield.core.streams import parameter_uniforms

    n, result = len(table.fit_row), {}
    for name in STRENGTHS:
        given = table.given.get(STRENGTH + name)
        drawn = table["own_regional_spread"] * ndtri(parameter_uniforms(seed, STRENGTH + name, 0, n))
        result[name] = significant(np.exp(drawn)) if given is None else given
    return result
