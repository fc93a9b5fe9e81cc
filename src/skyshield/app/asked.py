"""What the server asks of the worker, as data that both can read: plain scenarios, sizes, seeds."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from skyshield.catalogue import load_catalogue
from skyshield.raids.fit import embedded_fit
from skyshield.scenario import Resolved, Scenario, resolve
from skyshield.scenario.load import parse
from skyshield.theatre import load_theatre


@dataclass(frozen=True)
class AskedPreview:
    """A setting to be played in growing stages, and the one before it."""

    scenario: Scenario
    before: Scenario | None
    stages: tuple[tuple[int, int], ...]
    seed: int
    options: tuple[str, ...] | None


@dataclass(frozen=True)
class AskedRun:
    """A study to be played into a folder, or only foreseen."""

    scenario: Scenario
    resolved: Resolved
    folder: str
    vectors: int
    replications: int
    seed: int
    foresee: bool


def preview_request(scenario: Mapping[str, Any], before: Mapping[str, Any] | None, stages: Sequence[Sequence[int]],
                    seed: int, options: Sequence[str] | None) -> dict[str, Any]:
    """Return the line that asks for a preview; scenarios are plain data."""
    return {"do": "preview", "scenario": dict(scenario), "before": None if before is None else dict(before),
            "stages": [list(stage) for stage in stages], "seed": seed,
            "options": None if options is None else list(options)}


def read_preview(request: Mapping[str, Any]) -> AskedPreview:
    """Read that line."""
    before, options = request["before"], request["options"]
    return AskedPreview(parse(request["scenario"], "scenario"), None if before is None else parse(before, "from"),
                        tuple((stage[0], stage[1]) for stage in request["stages"]), request["seed"],
                        None if options is None else tuple(options))


def run_request(scenario: Mapping[str, Any], folder: str, vectors: int, replications: int, seed: int, rules: bool,
                foresee: bool = False) -> dict[str, Any]:
    """Return the line that asks for a run."""
    return {"do": "run", "scenario": dict(scenario), "folder": folder, "vectors": vectors,
            "replications": replications, "seed": seed, "rules": rules, "foresee": foresee}


def read_run(request: Mapping[str, Any]) -> AskedRun:
    """Read that line."""
    scenario = parse(request["scenario"], "scenario")
    if request["rules"]:
        scenario = scenario.with_clauses_dropped()
    resolved = resolve(scenario, load_catalogue(), load_theatre(), embedded_fit())
    return AskedRun(scenario, resolved, request["folder"], request["vectors"], request["replications"],
                    request["seed"], request["foresee"])
