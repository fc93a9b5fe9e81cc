r"""What the packages of an option bring at the catalogue's central values, and how many aircraft they keep up.

Of A aircraft q A are ready at first. Pairs on ground alert are set aside; the others and their crews keep up patrols in
the order of their places, times the mean share w that weather leaves and the pace of the night,

    a_0 = (q A - aside) w pace,   kept_k = min(1, a_k / takes_k, c_k / crews_k),   a_{k+1} = a_k - kept_k takes_k,

which is the engine's own rule (`engine.steps.readiness.tonight`) on the first day of a campaign; a test holds the two
against each other. Later days have more aircraft out of use where the pace is above what is kept up for long.
"""

from typing import Any

from skyshield.catalogue import Catalogue
from skyshield.forces import Deployment, FighterPackage, ForcePackage
from skyshield.forces.fighters import patrols
from skyshield.forces.patrols import weather_mean


def force(package: ForcePackage, deployment: Deployment, catalogue: Catalogue) -> dict[str, Any]:
    """Return what a package brings, as plain data: its fields, how many shooters, and of fighters who is kept up."""
    fields = package.model_dump(mode="json", exclude_none=True) | {"when": package.when()}
    if isinstance(package, FighterPackage):
        return fields | _fighters(package, deployment, catalogue)
    shooters = len(package.placements(deployment))
    aid = package.aid()
    return fields | ({"shooters": shooters} if package.fires else {}) \
        | ({"budget_eur": aid.budget_eur} if aid is not None else {})


def _fighters(package: FighterPackage, deployment: Deployment, catalogue: Catalogue) -> dict[str, Any]:
    fleet, parameters = package.fleet(deployment), deployment.parameters
    pair = float(parameters["fighters_per_station"][0])
    owned, ready = float(fleet.aircraft[0]), float(fleet.aircraft[0] * parameters["fighter_availability"][0])
    aside = min(ready, float(fleet.alert_aircraft[0]))
    ordinary, massed = (kept_up(package, deployment, float(pace[0])) for pace in (fleet.rest, fleet.surge))
    places = [package.serves[k % len(package.serves)] for k in range(len(ordinary))]
    entry = catalogue[package.aircraft] if isinstance(package.aircraft, str) else None
    return {"aircraft": owned, "drawn_from": None if entry is None else entry.key,
            "drawn_low": None if entry is None else entry.low, "drawn_high": None if entry is None else entry.high,
            "ready": ready, "on_alert": aside,
            "kept_up_ordinary_night": pair * sum(ordinary), "kept_up_massed_night": pair * sum(massed),
            "always_over": _first(places, ordinary, 1.0), "in_part_over": _part(places, ordinary)}


def kept_up(package: FighterPackage, deployment: Deployment, pace: float) -> list[float]:
    """Return which share of each patrol is kept up on the first night at a pace over that of the package.

    Examples
    --------
    >>> from skyshield.catalogue import load_catalogue
    >>> from skyshield.compile.parameters import CentralValues
    >>> from skyshield.scenario import load
    >>> from skyshield.theatre import load_theatre
    >>> asked = load("skyshield")
    >>> deployment = Deployment(asked.members, load_theatre(), CentralValues(load_catalogue()))
    >>> package = asked.option("region").packages[0].model_copy(update={"ground_alert": 0})
    >>> round(sum(kept_up(package, deployment, 1.0)), 1)
    4.4
    """
    fleet, parameters = package.fleet(deployment), deployment.parameters
    ready = float(fleet.aircraft[0] * parameters["fighter_availability"][0])
    ready -= min(ready, float(fleet.alert_aircraft[0]))
    weather = float(weather_mean(parameters)[0])
    aircraft = ready * weather * pace
    crews = max(0.0, float(fleet.crews[0] - fleet.alert_crews[0])) * weather * pace
    result = []
    for _, _, takes, _ in patrols(package, deployment):
        share = 0.0
        if takes.aircraft[0] > 0.0 and aircraft > 0.0 and crews > 0.0:
            share = min(1.0, aircraft / float(takes.aircraft[0]), crews / float(takes.crews[0]))
        aircraft, crews = aircraft - share * float(takes.aircraft[0]), crews - share * float(takes.crews[0])
        result.append(share)
    return result


def _first(places: list[str], shares: list[float], least: float) -> list[str]:
    return list(dict.fromkeys(place for place, share in zip(places, shares, strict=True) if share >= least))


def _part(places: list[str], shares: list[float]) -> list[str]:
    full = _first(places, shares, 1.0)
    return [place for place, share in zip(places, shares, strict=True) if 0.0 < share < 1.0 and place not in full]
