"""What the program takes a scenario to say, before anything is played: each figure is the one that would be played.

Distances come from the clauses (`RulesOfEngagement`), areas from the declared and the effective zone, what is left of
the op-ed's interests from their matrix (`bounds.interests`), aircraft from the packages and the catalogue's central
values. Positions are never among it. All is plain data; `skyshield.cli.understood` has the words.
"""

import datetime as dt
from typing import Any

from skyshield.bounds.interests import OUTSIDE, interests_left, losses
from skyshield.bounds.understood_forces import force
from skyshield.catalogue import Catalogue
from skyshield.compile.campaign import package_lead_days
from skyshield.compile.parameters import CentralValues
from skyshield.forces import Deployment, ForcePackage
from skyshield.rules import RulesOfEngagement, ZoneClause, declared_area, effective_area
from skyshield.scenario import Option, Scenario
from skyshield.scenario.findings import enclosed_left_out
from skyshield.theatre import Theatre, own_plane, plane_oblast, zone_polygon

_KM = 1000.0
_KM2 = _KM * _KM
_LINES = {"russia": "Russia", "front": "occupied territory", "belarus": "Belarus"}
_SLIVER = 0.01  # shares of an oblast nearer to none or to all than this are none and all


def understood(scenario: Scenario, catalogue: Catalogue, theatre: Theatre) -> dict[str, Any]:
    """Return what a scenario that passed its check says, in numbers with their units in the names.

    Examples
    --------
    >>> from skyshield.catalogue import load_catalogue
    >>> from skyshield.scenario import load
    >>> from skyshield.theatre import load_theatre
    >>> asked = load("skyshield").chosen(("region",))
    >>> result = understood(asked, load_catalogue(), load_theatre())
    >>> result["period"]["last_date"], [option["name"] for option in result["options"]]
    ('2027-02-28', ['own', 'region'])
    """
    central = CentralValues(catalogue, scenario.assumptions)
    deployment = Deployment(scenario.members, theatre, central)
    lost = _interests(scenario, theatre)
    return {
        "title": scenario.title,
        "period": _period(scenario),
        "phases": _phases(scenario),
        "baseline": scenario.baseline, "pairs": [list(pair) for pair in scenario.pairs],
        "protected_area": _zone(scenario.protected_area, theatre)
        | {"area_km2": zone_polygon(theatre, scenario.protected_area.zone()).area / _KM2},
        "members": [member.model_dump(exclude={"active"}) | {"active": member.active} for member in scenario.members],
        "assumptions": dict(scenario.assumptions),
        "options": [_option(scenario, option, theatre, deployment._replace(members=scenario.members_of(option)),
                            catalogue)
                    | {"interests": lost.get(option.name)} for option in scenario.options]}


def _interests(scenario: Scenario, theatre: Theatre) -> dict[str, dict[str, list[str]]]:
    """Return option -> the op-ed's interests that its zone and distances delete, as the report counts them.

    What the protected area leaves out itself, no option deletes; it is named apart.
    """
    left = interests_left(scenario, theatre)
    outside = {name: [row.label for row in rows if row.status == OUTSIDE] for name, rows in left.by_option().items()}
    result = {}
    for one in losses(left):
        deleted = [row.label for row in one.outside]
        for name in one.options:
            result[name] = {"deleted": deleted, "undecided": [row.label for row in one.undecided],
                            "outside_protected_area": [label for label in outside[name] if label not in deleted],
                            "sites_outside": list(one.sites_outside)}
    return result


def _period(scenario: Scenario) -> dict[str, Any]:
    first = scenario.start_date
    return {"days": scenario.days, "first_date": first.isoformat(), "last_date": _date(scenario, scenario.days),
            "campaign_days": scenario.campaign_days, "decided_before_days": scenario.decided_before_days}


def _date(scenario: Scenario, day: int) -> str:
    """Return the date of a day of the period, which are counted from 1."""
    return (scenario.start_date + dt.timedelta(days=day - 1)).isoformat()


def _phases(scenario: Scenario) -> list[dict[str, Any]]:
    starts = [phase.first_day or 1 for phase in scenario.calendar]
    days = dict(zip(scenario.calendar, zip(starts, [*(day - 1 for day in starts[1:]), scenario.campaign_days],
                                           strict=True), strict=True))
    result = []
    for phase in scenario.phases:
        first, last = days.get(phase, (None, None))
        result.append({"name": phase.name, "first_day": first, "last_day": last,
                       "first_date": None if first is None else _date(scenario, first),
                       "last_date": None if last is None else _date(scenario, last),
                       "raid_intensity": phase.raid_intensity if phase.name == "violation" else phase.intensity,
                       "uav_intensity": phase.uav_intensity})
    return result


def _option(scenario: Scenario, option: Option, theatre: Theatre, deployment: Deployment,
            catalogue: Catalogue) -> dict[str, Any]:
    rules = option.rules
    zoned = bool(option.packages) and option.role != "aid"
    first = {package: _first_day(scenario, package, deployment) for package in option.packages}
    there = [day for package, day in first.items() if package.needs_agreement and day is not None]
    from_day = min(there) if there else None
    return {
        "name": option.name, "label": option.label, "role": option.role,
        "distances": _distances(rules) if zoned else [],
        "zone": _option_zone(scenario, rules, theatre) if zoned else None,
        "target_classes": (None if rules.target_classes is None else list(rules.target_classes)) if zoned else [],
        "identification": rules.id_confidence if zoned else 0.0,
        "forces": [force(package, deployment, catalogue) | {"from_day": first[package]} for package in option.packages],
        "there_from_day": from_day, "there_from_date": None if from_day is None else _date(scenario, from_day),
        "twin_of": option.twin,
        "budget": None if option.budget is None else {"written": option.budget, "eur": option.budget_eur}}


def _first_day(scenario: Scenario, package: ForcePackage, deployment: Deployment) -> int | None:
    """Return the first day, from 1, on which a package is there, lead times at their references; None if never."""
    there = package.presence(scenario.campaign.phase_by_day(), package_lead_days(package, deployment.parameters),
                             scenario.decided_before_days)
    return int(there.argmax()) + 1 if there.any() else None


def _distances(rules: RulesOfEngagement) -> list[dict[str, Any]]:
    """Return the distances kept: as written, what that comes to, and with the buffer for crewed aircraft."""
    result = [{"from": words, "written": getattr(rules, f"standoff_{line}"), "km": rules.standoff_m(line) / _KM,
               "with_buffer_km": rules.min_distance_m(line) / _KM} for line, words in _LINES.items()]
    result.append({"from": "cities", "written": rules.debris, "km": rules.debris_m / _KM,
                   "with_buffer_km": rules.debris_m / _KM})
    return [row for row in result if row["with_buffer_km"] > 0.0]


def _option_zone(scenario: Scenario, rules: RulesOfEngagement, theatre: Theatre) -> dict[str, Any]:
    declared, left = declared_area(theatre, rules), effective_area(theatre, rules)
    clause = {} if rules.zone is None else _zone(rules.zone, theatre)
    return clause | {"everywhere": rules.zone is None, "is_protected_area": rules.zone == scenario.protected_area,
                     "area_km2": declared.area / _KM2, "left_km2": left.area / _KM2}


def _zone(clause: ZoneClause, theatre: Theatre) -> dict[str, Any]:
    """Return what a zone is written as, and the oblasts it holds wholly and in part, by what Ukraine holds of them."""
    area, own = zone_polygon(theatre, clause.zone()), own_plane(theatre)
    wholly, partly = [], []
    for oblast in theatre.oblasts:
        held = plane_oblast(theatre, oblast.name).intersection(own)
        share = area.intersection(held).area / held.area if held.area > 0.0 else 0.0
        if share > 1 - _SLIVER:
            wholly.append(oblast.name)
        elif share > _SLIVER:
            partly.append(oblast.name)
    radius_m = clause.zone().radius_m
    return {"scope": clause.scope, "oblasts": list(clause.oblasts),
            "without": [{"oblast": outer, "city": inner} for outer, inner in enclosed_left_out(clause, theatre)],
            "places": list(clause.places), "radius": clause.radius, "sea": clause.sea,
            "radius_km": None if radius_m is None else radius_m / _KM, "corners": len(clause.polygon),
            "holds": wholly, "holds_in_part": partly}
