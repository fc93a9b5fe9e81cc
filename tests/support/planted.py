"""Planted studies: what a study of `guarantees` would say if the world were as a test wants it.

The truth is a table of differences to `own`, measure -> option -> value; every arm says the same but for a factor, and
every interval is a tenth of the value either way. A planted study is a change of that table.
"""

from collections.abc import Callable, Mapping

from skyshield.claims import load_claims
from skyshield.scenario import load
from skyshield.strategy.figures import StudyFigures
from skyshield.study.plan import RIVAL

Truth = Mapping[str, Mapping[str, float]]
OPTIONS = tuple(option.name for option in load("guarantees").options)
SHOOTING = tuple(name for name in OPTIONS if not name.startswith(("own", "aid_")))  # with shooters of the coalition
KINDS = {option.name: sorted({package.kind for package in option.packages}) for option in load("guarantees").options}
# Arm -> kind, label, ends, and by what it multiplies what the headline says.
ARMS = (("headline", "headline", {}, 1.0), ("single", "rival near", {RIVAL: "low"}, 0.9),
        ("single", "rival along", {RIVAL: "high"}, 1.1),
        ("bundle", "consequences low", {"port_repair_time": "low"}, 0.8),
        ("joint", "all together", {"displacement": "high"}, 0.7),
        ("joint", "all together", {"displacement": "low"}, 1.5))
WIDTH = 0.1
# Of a shield whose claims all hold: what SkyShield changes, a zone over cities or sites a half of it, a ground force,
# ships and batteries next door a quarter, aid a tenth.
EFFECT = {"prevented_armed": 300.0, "prevented_armed_zone": 300.0, "alert_h_kyiv": -90.0, "alert_h_corridors": -90.0,
          "rail_h": -400.0, "port_days": -30.0, "outage_h": -100.0, "npp_offsite_power_days": -20.0,
          "leaked/uav": -400.0, "leaked/cruise": -40.0, "leaked/ballistic": -20.0, "incidents/embassy_struck": -1.0,
          "incidents/crossing_poland": -12.0, "incidents/crossing_romania": -12.0, "incidents/crossing_moldova": -12.0}
GEOGRAPHY = {"incidents/engagement_near_front": 0.1, "incidents/engagement_near_border": 0.1,
             "incidents/encounter_crewed": 0.01}
OTHER = {"incidents/wrong_class": 0.1, "casualties": 2.0, "people_exposed_h": 1e4, "war_days": 0.0}
SHARES = {"region": 1.0, "region_cruise": 1.0, "region_ballistic": 1.0, "ground_25k_region": 1.0, "cities": 0.5,
          "sites": 0.5}


def truth() -> dict[str, dict[str, float]]:
    """Return differences to `own` in a world in which the op-ed's claims of effect and geography hold."""
    share = {name: SHARES.get(name, 0.1 if name.startswith("aid_") else 0.25) for name in OPTIONS} | {"own": 0.0}
    table = {measure: {name: value * share[name] for name in OPTIONS} for measure, value in EFFECT.items()}
    table |= {measure: {name: value * (name in SHARES) for name in OPTIONS} for measure, value in GEOGRAPHY.items()}
    table |= {measure: {name: 0.0 if name == "own" else value for name in OPTIONS} for measure, value in OTHER.items()}
    for name in OPTIONS:
        if name.startswith(("ground", "aid_then")):
            table["casualties"][name], table["people_exposed_h"][name] = 60.0, 1e8
    table["casualties"]["naval"] = 20.0
    return table


def study(table: Truth, days: int = 365, rename: Callable[[str], str] = str) -> StudyFigures:
    """Return a study that says what the table says, its options perhaps under other names."""
    names = {name: rename(name) for name in OPTIONS}
    return StudyFigures({
        "study_key": "planted" * 8, "scenario": "guarantees", "days": days, "vectors": 200, "replications": 5,
        "seed": 1, "baseline": names["own"], "marks": [],
        "options": {names[name]: {"label": name, "short": name, "kinds": KINDS[name],
                                  "planned_eur": 0.0 if name == "own" else 1e9} for name in OPTIONS},
        "arms": [{"kind": kind, "label": label, "ends": ends} for kind, label, ends, _ in ARMS],
        "own": {measure: {names[name]: _row(value) for name, value in of.items()} for measure, of in table.items()},
        "paired": {measure: {names[name]: _row(of[name]) for name in OPTIONS if name != "own"}
                   for measure, of in table.items()},
        "by_arm": {measure: {names[name]: {k: _row(of[name] * factor) for k, (*_, factor) in enumerate(ARMS)}
                             for name in OPTIONS if name != "own"} for measure, of in table.items()},
        "pairs_by_arm": {measure: {f"{names[one]} - {names[other]}": _pair(of[one], of[other])
                                   for one, other in _compared(measure)} for measure, of in table.items()},
        "phases": {"war": {measure: {names[name]: _row(value) for name, value in of.items()}
                           for measure, of in table.items()}}})


def _compared(measure: str) -> list[tuple[str, str]]:
    figures = [part.figure for claim in load_claims() for part in claim.parts]
    return [(figure.option, figure.to[0]) for figure in figures if figure.measure == measure and figure.to]


def _row(value: float) -> list[float]:
    return [value, value - WIDTH * abs(value), value + WIDTH * abs(value), 0.0]


def _pair(one: float, other: float) -> dict[int, list[float]]:
    half = WIDTH * (abs(one) + abs(other))
    return {k: [(one - other) * factor, (one - other) * factor - half, (one - other) * factor + half, 0.0]
            for k, (kind, *_, factor) in enumerate(ARMS) if kind != "joint"}


def no_kills(table: Truth) -> dict[str, dict[str, float]]:
    """Return the table if no shot of the coalition ever hit."""
    return {measure: {name: 0.0 if name in SHOOTING and (measure in EFFECT or measure in GEOGRAPHY) else value
                      for name, value in of.items()} for measure, of in table.items()}


def doubled(table: Truth) -> dict[str, dict[str, float]]:
    """Return the table if the coalition's shooters did twice as much."""
    return {measure: {name: value * (2.0 if name in SHOOTING and measure in EFFECT else 1.0)
                      for name, value in of.items()} for measure, of in table.items()}


def lifted(table: Truth) -> dict[str, dict[str, float]]:
    """Return the table if the zones had no stand-offs: more is stopped, near the front and the border too."""
    return {measure: {name: value * (100.0 if measure in GEOGRAPHY else 1.3 if name in SHARES and measure in EFFECT
                                     else 1.0) for name, value in of.items()} for measure, of in table.items()}


def exchanged(table: Truth, one: str, other: str) -> dict[str, dict[str, float]]:
    """Return the table with two options' rows exchanged."""
    return {measure: {name: of[{one: other, other: one}.get(name, name)] for name in of}
            for measure, of in table.items()}
