"""What the server asks of the worker, as data that both can read: plain scenarios, sizes, seeds."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from skyshield.catalogue import load_catalogue
from skyshield.core.errors import SkyShieldError
from skyshield.raids.fit import embedded_fit
from skyshield.scenario import Resolved, Scenario, resolve
from skyshield.scenario.load import parse
from skyshield.study import store
from skyshield.study.reader import read_resolved
from skyshield.theatre import load_theatre

COMPILING, AT_PLAY, WRITING = "compiling", "playing", "writing"  # what a run is at


@dataclass(frozen=True)
class AskedPreview:
    """A setting to be played in growing stages, and the one before it."""

    scenario: Scenario
    before: Scenario | None
    stages: tuple[tuple[int, int], ...]
    seed: int
    options: tuple[str, ...] | None
    measures: tuple[str, ...] | None


@dataclass(frozen=True)
class AskedRun:
    """A study to be played into a folder, or to be foreseen.

    Attributes
    ----------
    resolved
        The scenario with all that belongs to it; of a study that is stored, as it is stored.
    folder
        To play into; None where the study is only foreseen.
    """

    resolved: Resolved
    folder: Path | None
    vectors: int
    replications: int
    seed: int


def preview_request(scenario: Mapping[str, Any], before: Mapping[str, Any] | None, stages: Sequence[Sequence[int]],
                    seed: int, options: Sequence[str] | None,
                    measures: Sequence[str] | None = None) -> dict[str, Any]:
    """Return the line that asks for a preview, of some columns of results or of all; scenarios are plain data."""
    return {"do": "preview", "scenario": dict(scenario), "before": None if before is None else dict(before),
            "stages": [list(stage) for stage in stages], "seed": seed,
            "options": None if options is None else list(options),
            "measures": None if measures is None else list(measures)}


def read_preview(request: Mapping[str, Any]) -> AskedPreview:
    """Read that line."""
    before, options, measures = request["before"], request["options"], request["measures"]
    return AskedPreview(parse(request["scenario"], "scenario"), None if before is None else parse(before, "from"),
                        tuple((stage[0], stage[1]) for stage in request["stages"]), request["seed"],
                        None if options is None else tuple(options), None if measures is None else tuple(measures))


def envelope_request(scenario: Mapping[str, Any], size: Sequence[int], seed: int,
                     options: Sequence[str] | None) -> dict[str, Any]:
    """Return the line that asks for a setting's envelope."""
    return {**preview_request(scenario, None, [size], seed, options), "do": "envelope"}


def run_request(do: str, scenario: Mapping[str, Any] | None, folder: str | None, size: tuple[int, int],
                seed: int) -> dict[str, Any]:
    """Return the line that asks for a run, or with ``foresee`` for what lies ahead of one.

    Parameters
    ----------
    do
        ``run`` or ``foresee``.
    scenario
        Plain data; None for that of the study that `folder` holds.
    folder
        Of the study; None for one that is only foreseen.
    size
        Vectors, and replications of each.
    """
    return {"do": do, "scenario": None if scenario is None else dict(scenario), "folder": folder, "vectors": size[0],
            "replications": size[1], "seed": seed}


def read_run(request: Mapping[str, Any]) -> AskedRun:
    """Read that line."""
    folder = None if request["folder"] is None else Path(request["folder"])
    return AskedRun(_resolved(request["scenario"], folder), folder, request["vectors"], request["replications"],
                    request["seed"])


def _resolved(scenario: Mapping[str, Any] | None, folder: Path | None) -> Resolved:
    if scenario is not None:
        return resolve(parse(scenario, "scenario"), load_catalogue(), load_theatre(), embedded_fit())
    if folder is None:
        raise SkyShieldError("run", "names neither a scenario nor a study", "name one of them")
    return read_resolved(folder, store.read_manifest(folder))
