"""Worlds for both models: one study with every sort of force, and copies pushed to where rare things happen."""

import functools
from typing import NamedTuple

import numpy as np

from skyshield.core.vocabulary import CREWS
from skyshield.scenario import load
from skyshield.scenario.load import dump, parse
from support.command_line import FIXED
from support.studies import compiled

SEED, VECTORS, DAYS = 11, 4, 5
PHASES = [{"name": "war", "first_day": 1}, {"name": "ceasefire", "first_day": 4}, {"name": "war", "first_day": 5}]
CITIES = ["Kyiv", "Odesa", "Lviv", "Kharkiv"]
MIXED = {
    "label": "Something of every sort",
    "packages": [
        {"kind": "fighters", "aircraft": 60, "serves": ["Vinnytsia", "Rivne NPP", "Kyiv"], "guided_rockets": True,
         "pace": "surge", "tankers": 4, "ground_alert": 5},
        {"kind": "batteries", "system": "irist", "places": ["Kyiv", "Odesa"]},
        {"kind": "batteries", "system": "nasams", "places": ["Greater Odesa ports"], "per_place": 2},
        {"kind": "batteries", "system": "patriot", "places": ["Kyiv", "Kharkiv", "Odesa"], "facing": "east"},
        {"kind": "guns", "places": ["Kyiv", "Odesa", "Greater Odesa ports"], "per_place": 4},
        {"kind": "drone_teams", "places": ["Kyiv", "Vinnytsia", "Odesa"], "per_place": 3},
        {"kind": "sensors", "sensor": "airborne_early_warning", "serves": ["Vinnytsia", "Rzeszów"]},
        {"kind": "sensors", "sensor": "acoustic"},
        {"kind": "sensors", "sensor": "ground_radar", "serves": ["Odesa"]}],
    "rules": {"target_classes": ["uav", "cruise", "ballistic"], "standoff_russia": "20 km", "standoff_front": "40 km"}}
ALERT = {
    "label": "Pairs on ground alert and few patrols",
    "packages": [{"kind": "fighters", "aircraft": 48, "serves": ["Kyiv", "Lviv"], "ground_alert": 12},
                 {"kind": "sensors", "sensor": "airborne_early_warning", "serves": ["Vinnytsia"]}],
    "rules": {"target_classes": ["uav", "cruise"], "standoff_front": "60 km"}}
CAREFUL = {
    "label": "Every clause",
    "packages": [{"kind": "fighters", "aircraft": "skyshield_aircraft", "serves": ["Vinnytsia", "Lviv", "Odesa"]},
                 {"kind": "batteries", "system": "patriot", "places": CITIES, "facing": "north-east"}],
    "rules": {"target_classes": ["uav"], "standoff_russia": "150 km", "standoff_front": "70 km",
              "standoff_belarus": "60 km", "identification": 0.9, "debris": "20 km", "crewed_buffer": "30 km"}}
LATER = {
    "label": "Fighters in the ceasefire only, guns and teams on approaches before",
    "packages": [{"kind": "fighters", "aircraft": 60, "serves": ["Kyiv", "Lviv"], "start": "after_ceasefire"},
                 {"kind": "guns", "places": CITIES, "per_place": 4},
                 {"kind": "drone_teams", "places": CITIES, "per_place": 4}],
    "rules": {"target_classes": ["uav"]}}


TRUCE = [{"name": "war", "first_day": 1}, {"name": "ceasefire", "first_day": 2}, {"name": "violation"},
         {"name": "collapse"}]
CONTINGENTS = [{"name": "Contingent in Poland", "base": "Rzeszów", "aircraft_share": 0.5, "people_share": 0.6,
                "ships_share": 0.5},
               {"name": "Contingent in Romania", "base": "Fetești", "aircraft_share": 0.5, "people_share": 0.4,
                "ships_share": 0.5}]
FORCE = {
    "label": "Soldiers with their guns and teams, and ships",
    "packages": [
        {"kind": "ground", "soldiers": 15000, "hubs": [{"oblast": "Lviv", "hectares": 100},
                                                       {"oblast": "Vinnytsia", "hectares": 100},
                                                       {"oblast": "Odesa", "hectares": 60}]},
        {"kind": "guns", "places": ["Lviv", "Vinnytsia"], "per_place": 2},
        {"kind": "drone_teams", "places": ["Lviv", "Vinnytsia", "Odesa"], "per_place": 3},
        {"kind": "ships", "ships": [{"name": "frigate", "tonnage_t": 6000, "state": "France", "days": 21},
                                    {"name": "destroyer", "tonnage_t": 7500, "state": "United Kingdom", "days": 21}],
         "straits": "open", "start": "at_ceasefire"},
        {"kind": "sea_lanes", "escorts": 4, "minehunters": 6, "start": "at_ceasefire"}],
    "rules": {"target_classes": ["uav", "cruise"]}}
SHIPS = {"label": "Ships and what goes with them", "packages": FORCE["packages"][3:], "rules": FORCE["rules"]}


class Case(NamedTuple):
    """A world, and which of its options the check is for."""

    name: str
    world: object
    options: tuple[str, ...]
    numbers: tuple[int, ...]


@functools.cache
def study():
    """The shipped options and four more, five days, the fourth of them in a ceasefire.

    Renewals last whole seconds: of others the engine finds some late (DIFFERENCES.md).
    """
    content = {**dump(load("month")), "days": DAYS, "assumptions": FIXED, "phases": PHASES}
    content["options"] = {**content["options"], "mixed": MIXED, "alert": ALERT, "careful": CAREFUL, "later": LATER}
    content["options"]["aid_region"]["packages"][0]["ordered_before_days"] = 90  # so that aid works on these five days
    return played(content)


@functools.cache
def truce_study():
    """Some of these options, soldiers and ships; war on the first day, then a ceasefire that may break down."""
    content = {**dump(load("month")), "days": DAYS, "assumptions": FIXED, "phases": TRUCE, "members": CONTINGENTS}
    of_month = content["options"]
    of_month["aid_region"]["packages"][0]["ordered_before_days"] = 90
    content["options"] = {**{name: of_month[name] for name in ("own", "region", "aid_region")}, "force": FORCE,
                          "ships": SHIPS, "mixed": MIXED}
    return played(content)


def played(content):
    """The names of a scenario's options, and its world."""
    world = compiled(parse(content, "test"), seed=SEED, vectors=VECTORS).world
    return tuple(content["options"]), altered(world, forces={"renewal_time_s": np.ceil})


def altered(world, **changes):
    """A copy with new values: ``group={"array": value or function of the old array}``; shape and type stay."""
    for group, fields in changes.items():
        part = getattr(world, group)
        new = {}
        for name, value in fields.items():
            old = getattr(part, name)
            value = value(old.copy()) if callable(value) else value
            new[name] = np.ascontiguousarray(np.broadcast_to(value, old.shape).astype(old.dtype))
        world = world._replace(**{group: part._replace(**new)})
    return world


def plain(world):
    return world


def adapting(world):
    """The attacker adapts, the own defence is relieved, aid grows day by day and works better; tracks go with stops."""
    return altered(
        world, response={"displacement": 0.7, "volume": 1.1, "class_shift": 0.2},
        relief={"share": 0.7, "elasticity": 1.0},
        aid={"hazard": lambda h: 4.0 * h + 0.4 * (h.max(axis=(2, 3), keepdims=True) > 0.0),
             "ramp": lambda r: np.minimum(1.0, r + 0.3) * np.linspace(0.2, 1.0, DAYS)},
        own={"p_soft": lambda p: np.maximum(p, 0.2), "along_share": 0.5,
             "front_aim": lambda front: np.arange(len(front)) % 3 > 0},  # so that many are sent there
        forces={"track_correlation": 0.5},
        risks={"p_debris": 0.5, "p_crossing": 0.4, "p_embassy": 0.3})


def strained(world):
    """Few rounds, a fleet that breaks, bad weather, late permission, and risks of everything."""
    return altered(
        world,
        forces={"store_most": lambda s: np.minimum(s, 6.0), "store_per_day": lambda s: np.where(s > 0.0, 1.7, 0.0),
                "rounds": lambda n: np.minimum(n, 3), "handover_time_s": 900.0, "release_time_s": 600.0,
                "max_engagements": 3, "p_kill": lambda p: 0.6 * p, "picture_gain": lambda g: np.minimum(1.0, 2.0 * g),
                "track_correlation": 0.3},
        own={"along_share": 1.0},
        fleets={"p_failure": 0.35, "repair_time_days": 4.0, "p_bad_weather": 0.5, "bad_weather_flown": 0.4,
                "p_available": 0.7, "surge": 1.0, "rest": 1.0},
        relief={"share": 0.3, "elasticity": 0.8},
        risks={"p_debris": 0.5, "p_stray": 0.5, "p_crossing": 0.4, "p_fratricide": 0.1, "p_fratricide_own": 0.05,
               "p_embassy": 0.3, "encounters_per_h": 1e-3, "aircraft_lost_per_h": 2e-3, "accidents_per_h": 1e-3},
        people={"p_struck": lambda p: np.where(np.arange(4) == CREWS, 0.05, p), "casualties_per_strike": 4.0,
                "deliberate_per_day": np.array([0.05, 0.1, 0.0, 0.0])[:, None], "p_aircrew_casualty": 0.5})


def ample(world):
    """Many shooters want the same threats, two shots at a time; Patriots meet ballistic missiles far out."""
    patriot = world.forces.p_kill[0, :, :, 2].any(axis=1)
    return altered(
        world,
        forces={"n_channels": lambda n: n + (n > 1), "p_track": lambda p: np.minimum(1.0, 1.6 * p),
                "p_kill": lambda p: 0.5 * p, "salvo": 2, "p_ready": 1.0, "max_engagements": 5, "p_deconflicted": 0.98,
                "alert_sortie_s": lambda s: 0.8 * s, "release_time_s": 10.0,
                "engagement_time_s": lambda t: np.where(patriot, 8.0, t),
                "reach_m": lambda r: np.where(r > 0.0, r.max(axis=3, keepdims=True), 0.0),
                "weapon_reach_m": lambda r: np.where(r > 0.0, r.max(axis=2, keepdims=True), 0.0)},
        raids={"p_decoy": 0.2},
        rules={"refused_by": lambda clause: np.where(clause == 2, 2 + 3 * (np.arange(clause.shape[1]) % 2), clause)},
        risks={"p_crossing": 0.2},
        marks={"strays_to": lambda kind: np.where(kind < 0, 6, kind)})


def quiet(world):
    """Nights that differ in their raids alone, so small differences of rules show; permission and relief matter."""
    return altered(
        world,
        own={"p_leak": lambda p: p.mean(axis=2, keepdims=True)},
        forces={"p_track": 0.6, "p_ready": 1.0, "p_deconflicted": 1.0, "release_time_s": 900.0,
                "handover_time_s": 1800.0, "rounds": lambda n: np.minimum(n, 2), "p_kill": lambda p: 0.6 * p,
                "picture_gain": lambda g: np.where(g > 0.0, 0.7, 0.0), "p_early_warning": 1.0},
        fleets={"p_available": 1.0, "p_failure": 0.0, "p_bad_weather": 0.0, "surge": 1.0, "rest": 1.0},
        relief={"share": 1.0, "elasticity": 8.0})


def fickle(world):
    """Quiet, but for the factors of a whole night: tracking and leak rates from next to nothing to next to all, tied.

    Both streams of UAVs are of a size, so that it shows whether they share them.
    """
    world, even = quiet(world), np.linspace(0.0, 1.0, world.own.p_leak.shape[2])
    season = world.raids.season
    season = season._replace(routine_deep_ratio=np.ones_like(season.routine_deep_ratio),
                             massed_intercept=np.full_like(season.massed_intercept, -9.0),
                             massed_average=np.full_like(season.massed_average, -9.0))
    world = world._replace(raids=world.raids._replace(season=season))
    return altered(world, own={"p_leak": 0.01 + 0.9 * even, "mean_leak": 0.46},
                   forces={"p_track": 0.02 + 0.9 * even, "p_deconflicted": 0.5, "picture_gain": 0.0,
                           "track_correlation": 0.6, "on_duty_until_s": np.inf, "p_kill": 1.0})


def scrambled(world):
    """Quiet, with no patrol ready: all that flies are pairs on ground alert, permitted at once."""
    flies = world.forces.ready_aircraft > 0.0
    return altered(quiet(world), forces={"p_ready": np.where(flies, 0.0, 1.0), "release_time_s": 60.0, "p_track": 0.8,
                                         "handover_time_s": 300.0})


def _flat(grid):
    """A quantile function of no spread about the same mean."""
    return grid.mean(axis=-1, keepdims=True)


def short(world):
    """A year on: raids have grown, jets and armed decoys come, Ukraine's rounds run short; harm accumulates fast."""
    of_uav = np.array([1.0, 0.15, 0.1])  # by class: kills for which there are rounds, over those of UAVs
    return altered(
        world, raids={"growth": lambda g: g * np.array([1.4, 1.5, 3.0])[:, None], "p_jet": 0.35, "p_decoy": 0.4,
                      "decoy_armed": 0.5},
        own={"p_leak": _flat, "p_soft": np.array([0.3, 0.1, 0.0]), "store_most": 250.0 * of_uav,
             "store_first": 120.0 * of_uav, "ration_below": 200.0 * of_uav, "resupply_share": np.array([0.9, 0.5, 0.9]),
             "log_load_factor": np.array([0.3, -0.2, 0.5]), "log_jet_factor": 0.8},
        aid={"hazard": lambda h: 9.0 * h},
        harm={"warhead_kg": lambda kg: np.where(np.arange(5) == 2, 15.0, kg), "outage_h_per_hit": 3.0,
              "grid_repair_days": 1.5, "port_days_per_hit": 0.15, "port_repair_days": 1.0, "port_share": 0.6,
              "rail_share": 0.3, "grid_protected": lambda g: g + 0.6 * (np.arange(g.shape[1])[:, None] > 0)})


def _often_massed(world):
    """A world of which half of the nights are massed."""
    season = world.raids.season
    season = season._replace(massed_intercept=np.zeros_like(season.massed_intercept),
                             massed_average=np.zeros_like(season.massed_average))
    return world._replace(raids=world.raids._replace(season=season))


def guarded(world):
    """Posture follows warning, early warning is up on few nights, rings are shared, and much is lost.

    Half of the nights are massed, with few UAVs, of which more than half leave by day; Ukraine alone stops few.
    """
    ring = world.forces.ring_share < 1.0
    world = _often_massed(world)
    return altered(
        world, raids={"growth": 0.5, "p_day_raid": 1.0, "day_raid_share": 0.6, "p_jet": 0.5},
        own={"p_leak": _flat, "hazard": lambda h: 0.25 * h},
        forces={"p_early_warning": 0.3, "ground_gain": lambda g: np.where(g > 0.0, 0.8, 0.0), "p_track": 0.3,
                "picture_gain": lambda g: np.where(g > 0.0, 0.95, 0.0), "p_deconflicted": 1.0, "jet_kill_ratio": 0.1,
                "ring_share": np.where(ring, 0.1, 1.0), "p_ready": 1.0, "release_time_s": 60.0,
                "ring_from": lambda f: np.where(ring, 0.3 * np.arange(f.shape[2]) % 1.0, 0.0),
                "reach_m": lambda r: np.where(ring[..., None], 3.0 * r, r),
                "weapon_reach_m": lambda r: np.where(r < 2e4, 3.0 * r, r)},
        fleets={"p_warned_massed": 0.65, "p_warned_routine": 0.1, "surge": 2.0, "rest": 0.1, "p_bad_weather": 0.0,
                "p_failure": 0.02},
        risks={"p_fratricide": 0.01, "p_fratricide_cluster": 0.2, "lost_per_engagement": 0.15,
               "lost_at_bases_per_day": np.array([15.0, 1.0, 15.0]),
               "early_warning_lost_per_day": lambda s: 1000.0 * s,
               "tankers_lost_per_day": lambda s: 500.0 * s},
        people={"p_aircrew_casualty": 0.5})


def truce(world):
    """Ceasefires break down and are violated often, and options move the hazard apart; strikes on people are many.

    In a violation few UAVs and ballistic missiles come, and no cruise missile; most of what is aimed at people in
    Ukraine are UAVs, of which shooters stop many. A force lowers the hazard, and so does the zone: they keep away what
    Ukraine alone meets. Aid raises it here, so that war is back earlier.
    """
    soldiers, ships = 0, 3  # packages of the force; its soldiers come on the third day
    ratio = np.zeros((6, world.renewal.log_ratio.shape[2]))
    ratio[:, 0], ratio[3, ships] = (0.0, -1.5, 1.5, -0.6, -0.7, 0.4), -0.4
    world = _often_massed(world)
    there = world.forces.presence.copy()
    there[3, soldiers, :2] = 0
    ring = world.forces.ring_share < 1.0
    of_post, of_strike = np.array([2.0, 1.0, 3.0, 2.0])[:, None], np.array([2.0, 3.0, 9.0, 5.0])
    return altered(
        world,
        renewal={"hazard": lambda h: np.where(np.arange(DAYS) > 0, 0.35, 0.0), "log_ratio": ratio,
                 "p_violation": 0.4, "p_violation_end": 0.3},
        raids={"intensity": np.array([[1.0] * 3, [0.0] * 3, [0.25, 0.0, 0.6], [1.2, 0.8, 1.5]]), "growth": 0.5,
               "p_decoy": 0.3, "decoy_armed": 0.3},
        own={"p_leak": _flat, "hazard": lambda h: 0.4 * h, "cover_intercept": 50.0, "cover_slope": 0.0,
             "p_soft": np.array([0.3, 0.1, 0.0]), "store_most": 200.0, "store_first": 40.0, "ration_below": 120.0,
             "resupply_share": np.array([0.9, 0.8, 0.7])},
        relief={"share": 0.6, "elasticity": 1.0},
        forces={"p_track": 0.8, "p_ready": 1.0, "p_deconflicted": 1.0, "release_time_s": 30.0, "presence": there,
                "ring_share": 1.0, "reach_m": lambda r: np.where(ring[..., None], 3.0 * r, r),
                "weapon_reach_m": lambda r: np.where(r < 2e4, 3.0 * r, r),
                "p_kill": lambda p: np.minimum(1.0, 1.5 * p)},
        fleets={"p_warned_massed": 0.9, "p_warned_routine": 0.05, "surge": 2.0, "rest": 0.3, "p_bad_weather": 0.0},
        risks={"lost_at_bases_per_day": np.array([0.4, 0.1, 0.2, 0.6]), "lost_per_engagement": 0.02,
               "early_warning_lost_per_day": lambda s: 100.0 * s, "tankers_lost_per_day": lambda s: 100.0 * s},
        people={"p_struck": np.array([0.02, 0.0, 1e-7, 0.0]), "uav_share": 0.9, "p_aircrew_casualty": 0.5,
                "deliberate_per_day": of_post * np.array([0.05, 0.005, 0.02, 0.08]),
                "casualties_per_strike": lambda m: of_strike * np.arange(1, m.shape[2] + 1)[:, None]})


WORLDS = {"plain": (plain, None),
          "adapting": (adapting, ("own", "region", "cities", "aid_region", "mixed", "alert")),
          "strained": (strained, ("own", "region", "cities", "sites", "mixed", "alert", "careful")),
          "ample": (ample, ("own", "region_cruise", "sites", "mixed", "alert")),
          "quiet": (quiet, ("own", "region", "sites", "mixed", "alert", "careful")),
          "scrambled": (scrambled, ("own", "alert", "mixed")),
          "fickle": (fickle, ("own", "region", "cities")),
          "short": (short, ("own", "region", "aid_region", "mixed")),
          "guarded": (guarded, ("own", "region", "cities", "mixed", "alert", "later")),
          "truce": (truce, None)}


@functools.cache
def case(name, wanted=None):
    """A case by name, with all its options or some."""
    options, world = truce_study() if name == "truce" else study()
    change, usual = WORLDS[name]
    wanted = wanted or usual or options
    return Case(name, change(world), wanted, tuple(options.index(o) for o in wanted))
