"""Check a scenario against the theatre and the catalogue before anything is played.

Errors raise; what is allowed but worth a second look is returned as findings.
"""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from skyshield.catalogue import Catalogue, load_catalogue
from skyshield.catalogue.unit_text import PLAIN
from skyshield.core.errors import SkyShieldError
from skyshield.forces import ForcePackage, check_ships, places_xy
from skyshield.raids import oblast_aims
from skyshield.rules import ZoneClause, effective_area
from skyshield.scenario.findings import Finding, doubtful
from skyshield.scenario.model import Option, Scenario
from skyshield.theatre import Theatre, load_theatre, zone_polygon

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry


_RELIEF = ("relief_share", "relief_elasticity")
_RENAMED = {"own_defence_rival": "own_defence_along_share, which is 0 near aims and 1 along the way",
            "leak_west": "leak_west_over_leak_deep, a ratio"}


def check(scenario: Scenario, catalogue: Catalogue | None = None, theatre: Theatre | None = None) -> list[Finding]:
    """Check a scenario; return findings.

    Raises
    ------
    SkyShieldError
        If a place, base, oblast or catalogue key does not exist, a zone cannot be built, or an assumption is
        not one the catalogue leaves open.

    Examples
    --------
    >>> from skyshield.scenario import load
    >>> [finding.where for finding in check(load("skyshield"))]
    []
    """
    catalogue = load_catalogue() if catalogue is None else catalogue
    theatre = load_theatre() if theatre is None else theatre
    findings: list[Finding] = []
    _check_assumptions(scenario.assumptions, catalogue)
    findings += _check_protected_area(theatre, scenario.protected_area)
    if scenario.members:
        _check_places(theatre, [m.base for m in scenario.members if m.base is not None], "base", "members")
        if not any(m.active for m in scenario.members):
            findings.append(Finding("members", "no member is active, so no option has aircraft", "switch one on"))
    findings += [Finding("phases", f"{phase.name} starts on day {phase.first_day}, after the last day",
                         "play more days or leave the phase out")
                 for phase in scenario.calendar if (phase.first_day or 1) > scenario.campaign_days]
    for option in scenario.options:
        findings += _check_option(scenario, option, catalogue, theatre)
    return findings + doubtful(scenario, theatre)


def _check_option(scenario: Scenario, option: Option, catalogue: Catalogue, theatre: Theatre) -> list[Finding]:
    where = f"options.{option.name}"
    findings: list[Finding] = []
    rules = option.rules
    others = [one.name for one in scenario.options if one.role == "forces"]
    if option.twin is not None and option.twin not in others:
        raise SkyShieldError(f"{where}.packages.twin_of", f"{option.twin!r} is no option with forces of its own",
                             f"name one: {', '.join(others)}" if others else "give a budget instead")
    if option.twin is not None and scenario.option(option.twin).twin is not None:
        raise SkyShieldError(f"{where}.packages.twin_of", f"{option.twin!r} has aid that is a twin itself",
                             "name an option whose aid, if it has any, has a budget of its own")
    area = None if rules.zone is None else _check_zone(theatre, rules.zone, f"{where}.rules.zone")
    for package in option.packages:
        for named in package.named_places():
            _check_places(theatre, named.names, named.sort, f"{where}.packages.{named.field}")
        _check_entries(package, catalogue, f"{where}.packages")
        if package.flies and not scenario.members:
            findings.append(Finding(where, "has aircraft, but the scenario has no members to fly them", "add members"))
    findings += _check_ships(option, scenario, where)
    if option.packages and area is not None:
        if effective_area(theatre, rules.without("crewed_buffer").without("debris")).area == 0.0:
            findings.append(Finding(where, "the stand-offs leave nothing of the zone", "widen the zone or lower them"))
        elif effective_area(theatre, rules).area == 0.0:
            findings.append(Finding(where, "the stand-offs with the crewed buffer and the debris clause leave nothing "
                                    "of the zone", "widen the zone or lower them"))
    return findings


def _check_ships(option: Option, scenario: Scenario, where: str) -> list[Finding]:
    """Refuse ships that the Convention of Montreux does not let into the Black Sea together, and say what it asks."""
    findings = []
    for found in check_ships([ship for package in option.packages for ship in package.warships()]):
        what = f"{found.article} of the Convention of Montreux: {found.what}"
        if found.forbids:
            raise SkyShieldError(f"{where}.packages.ships", what, found.remedy)
        findings.append(Finding(where, what, found.remedy))
    phases = {phase.name for phase in scenario.phases}
    return findings + [
        Finding(where, "Article 19 of the Convention of Montreux: the Straits are closed in every phase, so its ships "
                "are never there", "add a ceasefire, or write straits: open")
        for package in option.packages if package.absent_in() and phases <= package.absent_in()]


def _check_entries(package: ForcePackage, catalogue: Catalogue, where: str) -> None:
    for named in package.named_entries():
        if named.key not in catalogue:
            raise SkyShieldError(f"{where}.{named.field}", f"{named.key!r} is not in the catalogue",
                                 "give a whole number or a key that 'skyshield catalogue' lists")
        if catalogue[named.key].si_unit != named.unit:
            raise SkyShieldError(f"{where}.{named.field}", f"{named.key!r} is not a number of {named.unit}",
                                 f"name an entry whose unit is {named.unit}")


def _check_assumptions(assumptions: Mapping[str, float], catalogue: Catalogue) -> None:
    for name, value in assumptions.items():
        where = f"assumptions.{name}"
        if name in _RENAMED:
            raise SkyShieldError(where, "has gone", f"use {_RENAMED[name]}")
        try:
            entry = catalogue.find(name)
        except SkyShieldError as error:
            raise SkyShieldError(where, error.what, error.remedy) from None
        if name in _RELIEF:
            raise SkyShieldError(where, "belongs to the arm of relief, and no headline supposes relief",
                                 "leave it out and use 'skyshield run --relief'")
        if entry.central is not None:
            raise SkyShieldError(where, "has a centre in the catalogue, so a scenario cannot fix it",
                                 "leave it out; its range is drawn from")
        if not entry.low <= value <= entry.high:
            unit = "" if entry.unit == PLAIN else f" {entry.unit}"
            raise SkyShieldError(where, f"is {value:g}, outside the catalogue's {entry.low:g} to {entry.high:g}{unit}",
                                 "give a number inside")


def _check_protected_area(theatre: Theatre, clause: ZoneClause) -> list[Finding]:
    import shapely

    area, aims = _check_zone(theatre, clause, "protected_area"), oblast_aims(theatre)
    if shapely.contains_xy(area, aims.x_m, aims.y_m).any():
        return []
    return [Finding("protected_area", "holds no aim, so prevented_zone will be 0: there is one aim an oblast, its "
                    "largest city", "let it hold an oblast's largest city")]


def _check_places(theatre: Theatre, names: Sequence[str], kind: str, where: str) -> None:
    try:
        places_xy(theatre, names, kind)
    except SkyShieldError as error:
        raise SkyShieldError(where, f"{error.where} {error.what}", error.remedy, error.exit_code) from None


def _check_zone(theatre: Theatre, clause: ZoneClause, where: str) -> "BaseGeometry":
    try:
        return zone_polygon(theatre, clause.zone())
    except SkyShieldError as error:
        raise SkyShieldError(where, f"{error.where}: {error.what}", error.remedy, error.exit_code) from None
