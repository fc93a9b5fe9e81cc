"""The axes of every array of a `World`: one row an array, with its type, its axes and what may stand in it.

`skyshield.engine.check.check_world` holds a world against this table before it is played, since kernels are compiled
without checks of bounds; whoever cuts a world by vector reads here which arrays have that axis. The comments of
`skyshield.engine.world` name the same axes; a test compares them.

An axis has one length in a world. Those of `LENGTHS` are fixed by the vocabulary. ``one`` is an axis of a single entry;
``route + 1`` is one longer than ``route``; ``near`` runs over all shooters near a route, of all options and routes.
"""

from typing import NamedTuple

from skyshield.core.vocabulary import (
    BLAMED,
    COST_LINES,
    INCIDENT_KINDS,
    LOADS,
    MISSILE_CLASSES,
    MUNITION_KINDS,
    N_BOUNDARIES,
    N_CARGOES,
    N_CLASSES,
    N_PLACES,
    N_POSTS,
    N_STICKS,
    N_STREAMS,
    REGIMES,
)

INFINITE = float("inf")
N_LEG_POINTS = 3  # of a route of two legs

# Axes whose length no world decides.
LENGTHS = {"one": 1, "class": N_CLASSES, "stream": N_STREAMS, "regime": len(REGIMES), "missile": len(MISSILE_CLASSES),
           "stick": N_STICKS, "region": N_STICKS + 1, "load": len(LOADS), "boundary": N_BOUNDARIES,
           "line": len(COST_LINES), "point": N_LEG_POINTS, "post": N_POSTS, "edge": 2, "place": N_PLACES,
           "cargo": N_CARGOES}
# What an index may point to besides an axis.
CODES = {"munition_kind": len(MUNITION_KINDS), "incident": len(INCIDENT_KINDS), "clause": len(BLAMED) + 1}


class Array(NamedTuple):
    """One array: its type, its axes, and what may stand in it.

    Attributes
    ----------
    dtype
        ``f8``, ``i8``, ``u4`` or ``u1``, as numpy names it.
    axes
        Names of its axes, in order.
    low, high
        The least and the greatest value.
    infinite
        Whether infinity may stand in it, as padding or as "without a limit".
    of
        The axis, or the code of `CODES`, that its values are indices of; empty if they are none. `low` is -1 where an
        index may be missing.
    """

    dtype: str
    axes: tuple[str, ...]
    low: float = -INFINITE
    high: float = INFINITE
    infinite: bool = False
    of: str = ""


def _real(axes: str, low: float = -INFINITE, infinite: bool = False) -> Array:
    return Array("f8", _names(axes), low, INFINITE, infinite)


def _share(axes: str) -> Array:
    return Array("f8", _names(axes), 0.0, 1.0)


def _flag(axes: str) -> Array:
    return Array("u1", _names(axes), 0.0, 1.0)


def _count(axes: str, low: float = 0.0) -> Array:
    return Array("i8", _names(axes), low)


def _index(axes: str, of: str, missing: bool = False, dtype: str = "i8") -> Array:
    return Array(dtype, _names(axes), -1.0 if missing else 0.0, of=of)


def _names(axes: str) -> tuple[str, ...]:
    return tuple(name.strip() for name in axes.split(","))


def _group(name: str, arrays: dict[str, Array]) -> dict[str, Array]:
    return {f"{name}.{field}": array for field, array in arrays.items()}


_SEASON = _group("raids.season", {
    "nights_since_massed": _real("vector", 1.0), "massed_intercept": _real("vector"), "massed_slope": _real("vector"),
    "massed_average": _real("vector"), "massed_step": _real("vector", 0.0), "massed_stay": _share("vector"),
    "front_mean": _real("vector", 0.0), "front_average": _real("vector", 0.0), "front_size": _real("vector", 0.0),
    "front_step": _real("vector", 0.0), "front_stay": _share("vector"), "routine_deep_ratio": _real("vector", 0.0),
    "routine_deep_size": _real("vector", 0.0), "massed_deep_median": _real("vector", 0.0),
    "massed_deep_average": _real("vector", 0.0), "massed_deep_sigma": _real("vector", 0.0),
    "deep_step": _real("vector", 0.0), "deep_stay": _share("vector"), "leak_start": _real("vector"),
    "leak_step": _real("vector", 0.0), "leak_stay": _share("vector"),
    "p_missile": _share("vector, regime, missile"), "missile_mean": _real("vector, regime, missile", 0.0),
    "missile_size": _real("vector, regime, missile", 0.0), "missile_slope": _real("vector, missile")})

_RAIDS = _group("raids", {
    "phase": _index("day", "phase"), "intensity": _real("vector, phase, class", 0.0),
    "growth": _real("vector, class, day", 0.0), "p_decoy": _share("vector"), "decoy_armed": _share("vector, day"),
    "p_jet": _share("vector, day"), "p_day_raid": _share("vector, day"),
    "day_raid_share": _share("vector"), "night_start_s": _real("vector"), "night_length_s": _real("vector", 0.0),
    "day_start_s": _real("vector"), "day_length_s": _real("vector", 0.0), "salvo_spread_s": _real("vector", 0.0),
    "launch_cdf": _real("vector, stream, launch", 0.0), "aim_cdf": _real("vector, stream, aim", 0.0),
    "sticks": _share("vector, regime, stick, stick_quantile"), "region_aims": _share("vector, region, aim")})

_ROUTES = _group("routes", {
    "x_m": _real("route, point"), "y_m": _real("route, point"), "length_m": _real("route", 0.0),
    "piece_first": _index("route + 1", "piece + 1"), "piece_end_m": _real("piece", 0.0),
    "piece_place": _index("piece", "place"), "piece_along": _real("piece", 0.0), "piece_near_aim": _real("piece", 0.0),
    "over_first": _index("route + 1", "over + 1"), "over_aim": _index("over", "aim"),
    "over_start_m": _real("over", 0.0), "over_end_m": _real("over", 0.0),
    "detour": _real("vector, class", 0.0), "speed_m_s": _real("vector, class", 0.0),
    "jet_speed_m_s": _real("vector", 0.0),
    "n_variants": _count("one", 1.0)})

_OWN = _group("own", {
    "p_leak": _share("vector, stream, leak_quantile"), "mean_leak": _share("vector, stream"),
    "hazard": _real("vector, regime, stream, hazard_point", 0.0), "hazard_step": _real("one", 0.0),
    "along_share": _share("vector, stream"), "strength": _real("vector, stream, place", 0.0),
    "aim_place": _index("aim", "place"), "front_aim": _flag("aim"), "log_load_factor": _real("vector, load"),
    "log_jet_factor": _real("vector"),
    "cover_intercept": _real("vector"), "cover_slope": _real("vector"), "p_soft": _share("vector, class"),
    "store_most": _real("vector, class", 0.0), "store_first": _real("vector, class", 0.0),
    "resupply_share": _real("vector, class", 0.0),
    "ration_below": _real("vector, class", 0.0), "kill_cost_eur": _real("vector, class", 0.0)})

_FORCES = _group("forces", {
    "shooter_kind": _index("option, slot", "kind", missing=True), "shooter_id": _count("option, slot"),
    "x_m": _real("option, slot"), "y_m": _real("option, slot"), "edge_x": _real("option, slot, edge"),
    "edge_y": _real("option, slot, edge"), "p_ready": _share("vector, option, slot"),
    "reach_m": _real("vector, option, slot, class", 0.0, infinite=True),
    "near_first": _index("option, route + 1", "near + 1"), "near_slot": _index("near", "slot", dtype="u4"),
    "n_channels": _count("vector, kind"), "engagement_time_s": _real("vector, kind", 0.0),
    "renewal_time_s": _real("vector, option, slot", 0.0), "rounds": _count("vector, kind, magazine"),
    "magazine": _index("kind, weapon", "magazine"), "store": _index("option, slot, magazine", "store", missing=True),
    "store_most": _real("vector, option, store", 0.0, infinite=True),
    "store_first": _real("vector, option, store", 0.0, infinite=True),
    "store_per_day": _real("vector, option, store", 0.0, infinite=True), "alert_time_s": _real("vector, kind", 0.0),
    "dash_speed_m_s": _real("vector, kind", 0.0, infinite=True), "alert_sortie_s": _real("vector, kind", 0.0),
    "ready_aircraft": _real("vector, option, slot", 0.0), "crews": _real("vector, option, slot", 0.0),
    "sorties_per_day": _real("vector, option, slot", 0.0), "flight_time_h": _real("vector, option, slot", 0.0),
    "tanker_time_h": _real("vector, option, slot", 0.0),
    "weapon_reach_m": _real("vector, kind, weapon", 0.0, infinite=True),
    "p_kill": _share("vector, kind, weapon, class"), "munition": _index("kind, weapon", "munition_kind"),
    "salvo": _count("vector, class", 1.0), "max_engagements": _count("one", 1.0),
    "p_track": _share("vector, kind, track_quantile"), "track_correlation": _share("vector"),
    "picture_gain": _share("vector, option, slot, class"), "ground_gain": _share("vector, option, slot, class"),
    "p_early_warning": _share("vector"),
    "handover_time_s": _real("vector", 0.0), "p_accepted": _share("vector, option, class"),
    "p_deconflicted": _share("vector"), "release_time_s": _real("vector, option", 0.0),
    "on_duty_until_s": _real("option, slot", infinite=True), "ring_from": _share("vector, option, slot"),
    "ring_share": _share("vector, option, slot"), "jet_kill_ratio": _share("vector"),
    "package": _index("option, slot", "package", missing=True), "presence": _flag("option, package, day"),
    "fires": _flag("option, package")})

_FLEETS = _group("fleets", {
    "aircraft": _real("vector, option", 0.0), "crews": _real("vector, option", 0.0, infinite=True),
    "alert_aircraft": _real("vector, option", 0.0), "alert_crews": _real("vector, option", 0.0),
    "p_available": _share("vector"), "p_failure": _share("vector"), "repair_time_days": _real("vector", 0.0),
    "p_bad_weather": _share("vector"), "bad_weather_flown": _share("vector"),
    "aircraft_per_pair": _real("vector", 0.0), "p_warned_massed": _share("vector"),
    "p_warned_routine": _share("vector"), "surge": _real("vector, option", 0.0), "rest": _share("vector, option")})

_AID = _group("aid", {"hazard": _real("vector, option, aim, class", 0.0), "ramp": _share("vector, option, class, day")})

_HARM = _group("harm", {
    "warhead_kg": _real("vector, cargo", 0.0), "energy_share": _share("vector"),
    "outage_h_per_hit": _real("vector", 0.0), "grid_repair_days": _real("vector", 0.0), "port_share": _share("vector"),
    "port_days_per_hit": _real("vector", 0.0), "port_repair_days": _real("vector", 0.0),
    "rail_share": _share("vector"), "rail_h_per_hit": _real("vector", 0.0),
    "grid_protected": _share("vector, option, day"), "port_aim": _flag("aim"),
    "plant_days_per_hit": _real("vector", 0.0), "plant_aim": _flag("aim"), "kyiv_aim": _flag("aim"),
    "corridor_aim": _flag("aim")})

_RULES = _group("rules", {
    "class_allowed": _flag("option, class"), "window_start_m": _real("option, route, window", 0.0, infinite=True),
    "window_end_m": _real("option, route, window", 0.0, infinite=True), "crosses_declared": _flag("option, route"),
    "refused_by": _index("option, route", "clause"), "aim_in_area": _flag("aim")})

_RESPONSE = _group("response", {
    "displacement": _share("vector"), "volume": _real("vector", 0.0), "class_shift": _share("vector"),
    "uav_per_cruise": _real("vector", 0.0), "aim_declared": _flag("option, aim")})

_RELIEF = _group("relief", {
    "share": _real("vector", 0.0), "elasticity": _real("vector", 0.0), "zone": _flag("option, aim")})

_COSTS = _group("costs", {
    "price_eur": _real("vector, boundary, item", 0.0), "line": _index("item", "line"),
    "standing_eur": _real("vector, option, package, boundary, line", 0.0),
    "planned_eur": _real("option, package, boundary", 0.0), "unspent_eur": _real("vector, option, package", 0.0)})

_MARKS = _group("marks", {
    "border_start_m": _real("route, border_part", 0.0, infinite=True),
    "border_end_m": _real("route, border_part", 0.0, infinite=True),
    "front_start_m": _real("route, front_part", 0.0, infinite=True),
    "front_end_m": _real("route, front_part", 0.0, infinite=True),
    "built_up_start_m": _real("route, built_up_part", 0.0, infinite=True),
    "built_up_end_m": _real("route, built_up_part", 0.0, infinite=True),
    "third_start_m": _real("route, third_part", 0.0, infinite=True),
    "third_incident": _index("route, third_part", "incident", missing=True),
    "near_aim_from_m": _real("route", 0.0, infinite=True), "strays_to": _index("aim", "incident", missing=True)})

_RISKS = _group("risks", {
    "p_debris": _share("vector"), "p_stray": _share("vector"), "p_crossing": _share("vector"),
    "p_fratricide": _share("vector"),
    "p_fratricide_cluster": _share("vector"), "lost_per_engagement": _share("vector"),
    "lost_at_bases_per_day": _real("vector, phase", 0.0),
    "early_warning_lost_per_day": _real("vector, option, phase", 0.0),
    "tankers_lost_per_day": _real("vector, option, phase", 0.0),
    "p_fratricide_own": _share("vector"), "p_embassy": _share("vector"),
    "embassy_aim": _index("one", "aim", missing=True), "encounters_per_h": _real("vector", 0.0),
    "aircraft_lost_per_h": _real("vector", 0.0), "accidents_per_h": _real("vector", 0.0),
    "share_on_station": _real("vector, option", 0.0), "share_over_ukraine": _share("vector, option"),
    "alert_distance_m": _real("vector", 0.0)})

_PEOPLE = _group("people", {
    "population": _real("aim", 0.0), "on_board": _real("vector", 0.0),
    "there": _real("vector, option, package, post", 0.0), "exposed": _real("option, package, post, aim", 0.0),
    "p_struck": _real("vector, post", 0.0), "places": _count("option, package, post"),
    "deliberate_per_day": _real("vector, post, phase", 0.0), "uav_share": _share("vector"),
    "casualties_per_strike": _real("vector, option, package, post", 0.0),
    "largest": _real("vector, option, package, post", 0.0), "casualty_dispersion": _real("vector", 0.0),
    "p_aircrew_casualty": _share("vector")})

_RENEWAL = _group("renewal", {
    "run_start": _index("day", "day", missing=True), "hazard": _real("vector, day", 0.0),
    "log_ratio": _real("vector, option, package"), "p_violation": _share("vector"),
    "p_violation_end": _share("vector"), "collapse": _index("one", "phase", missing=True),
    "violation": _index("one", "phase", missing=True)})

ARRAYS: dict[str, Array] = {**_SEASON, **_RAIDS, **_ROUTES, **_OWN, **_FORCES, **_AID, **_RULES, **_RESPONSE, **_RELIEF,
                            **_COSTS, **_MARKS, **_RISKS, **_PEOPLE, **_FLEETS, **_HARM, **_RENEWAL}
