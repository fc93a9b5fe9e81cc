"""What the lab shows of a scenario with levers set, all of it without playing anything."""

from collections.abc import Iterable, Mapping
from typing import Any

import yaml

from skyshield.app import levers, plane, settings
from skyshield.app.digest import shipped_figures, shown_columns
from skyshield.app.services import Services
from skyshield.bounds.understood import understood
from skyshield.bounds.yardsticks import Yardstick, at_headline, war_days, yardsticks
from skyshield.catalogue import Catalogue, load_catalogue
from skyshield.catalogue.measures import load_measures
from skyshield.core.errors import SkyShieldError
from skyshield.report.colours import colour_of
from skyshield.scenario import Finding, Scenario, second_look
from skyshield.scenario.load import dump, library
from skyshield.study.compare import PRIMARIES
from skyshield.theatre import load_theatre

DEFAULT = "month"
SEED = 1
VECTORS, REPLICATIONS = 200, 5
ZONE_MEASURE = "prevented_zone"


def read_moves(texts: Iterable[str]) -> dict[str, Any]:
    """Return the moves of an address: each ``PATH=VALUE``."""
    return settings.read(texts)


def laboratory(services: Services, name: str, moves: Mapping[str, Any], seed: int = SEED) -> dict[str, Any]:
    """Return what the lab shows.

    Raises
    ------
    SkyShieldError
        If there is no such scenario, or it cannot be set so.
    """
    shipped = services.folder.scenario(name)
    scenario, findings = _checked(services, shipped, moves)
    return {
        "scenario": name, "scenarios": [*library(), *services.folder.scenarios()], "title": scenario.title,
        "question": scenario.question, "setting": dump(scenario), "changed": dict(moves), "seed": seed,
        "days": scenario.days, "baseline": scenario.baseline, "options": _options(scenario),
        "levers": levers.table(scenario, shipped), "map": plane.shapes(scenario), "findings": findings,
        "figures": None if moves or seed != SEED else shipped_figures(name), "measures": _measures(),
        "primary": [*PRIMARIES, ZONE_MEASURE], "shown": list(shown_columns()), "worker": services.worker.status(),
        "command": command(name, moves, seed), "port": services.keys.port}


def checked(services: Services, name: str, moves: Mapping[str, Any], seed: int = SEED) -> dict[str, Any]:
    """Return what changes with a move: map, findings, levers, YAML and the command that makes the numbers."""
    shipped = services.folder.scenario(name)
    scenario, findings = _checked(services, shipped, moves)
    return {"setting": dump(scenario), "findings": findings, "map": plane.shapes(scenario),
            "options": _options(scenario), "changed": dict(moves), "days": scenario.days,
            "levers": levers.table(scenario, shipped), "command": command(name, moves, seed),
            "yaml": yaml.safe_dump(dump(scenario), sort_keys=False, allow_unicode=True, width=100)}


def bounds(services: Services, name: str, moves: Mapping[str, Any]) -> dict[str, Any]:
    """Return the bounds that need no simulation: the leakers that there are to prevent, and what forces there are."""
    scenario, _ = _checked(services, services.folder.scenario(name), moves)
    catalogue, theatre = load_catalogue(), load_theatre()
    sticks = at_headline(yardsticks(catalogue, war_days(scenario), scenario.assumptions))
    return {"yardsticks": [_stick(stick, catalogue) for stick in sticks],
            "understood": understood(scenario, catalogue, theatre)}


def command(name: str, moves: Mapping[str, Any], seed: int) -> str:
    """Return the command that makes the numbers of a view; what is not shipped is a file of its own.

    Examples
    --------
    >>> command("month", {}, 1)
    'skyshield run month --vectors 200 --replications 5 --seed 1'
    """
    what = "my-setting.yaml" if moves else name if name in library() else f"{name}.yaml"
    return f"skyshield run {what} --vectors {VECTORS} --replications {REPLICATIONS} --seed {seed}"


def _checked(services: Services, shipped: Scenario,
             moves: Mapping[str, Any]) -> tuple[Scenario, list[dict[str, str]]]:
    scenario = settings.apply(shipped, moves)
    theatre = load_theatre()
    try:
        found = services.checks.of(scenario) + second_look(scenario, theatre)
    except SkyShieldError as error:
        raise settings.named(error, moves, shipped) from None
    return scenario, [_finding(one) for one in found]


def _finding(one: Finding) -> dict[str, str]:
    return {"where": one.where, "what": one.what, "remedy": one.remedy, "level": "doubt"}


def _options(scenario: Scenario) -> list[dict[str, Any]]:
    return [{"name": option.name, "label": option.label, "short": option.short or option.label,
             "colour": colour_of(option), "baseline": option.name == scenario.baseline, "twin": option.twin,
             "fires": option.fires} for option in scenario.options]


def _measures() -> list[dict[str, Any]]:
    return [{"name": name, "label": measure.label_of(name.partition("/")[2]), "unit": measure.shown,
             "scale": measure.scale, "group": measure.name, "direction": measure.direction, "status": measure.status,
             "what": measure.what} for measure in load_measures() for name in measure.columns]


def _stick(stick: Yardstick, catalogue: Catalogue) -> dict[str, Any]:
    entry = catalogue[stick.key]
    return {"entry": stick.key, "bias": stick.bias, "source": entry.source, "grade": entry.grade,
            "low": stick.per_period.low, "central": stick.per_period.central, "high": stick.per_period.high}
