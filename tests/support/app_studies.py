"""Studies that the tests of the application open: small ones, played once, and what can be wrong with one."""

import hashlib
import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import skyshield
from skyshield.scenario import Scenario
from support.command_line import FIXED, made_once

HOSTILE = "<script>alert(1)</script>"
FORMULA = "=HYPERLINK(1)"
VECTORS, REPLICATIONS, DAYS = 4, 3, 2


def asked(days: int = DAYS, **changes: object) -> Scenario:
    """Return an option with fighters and its money as aid, of the shipped month with most numbers fixed."""
    return skyshield.load("month").chosen(("region", "aid_region")).model_copy(
        update={"assumptions": FIXED, **changes}).first(days)


def nearer(scenario: Scenario) -> Scenario:
    """Return the scenario with another distance from Russia."""
    options = tuple(one if one.name != "region" else one.model_copy(update={
        "rules": one.rules.model_copy(update={"standoff_russia": "50 km"})}) for one in scenario.options)
    return scenario.model_copy(update={"options": options})


def hostile(scenario: Scenario) -> Scenario:
    """Return the scenario with markup and a formula where words are."""
    options = tuple(one.model_copy(update={"label": f"{FORMULA}{HOSTILE}", "short": '"><img src=x onerror=a>'})
                    for one in scenario.options)
    return scenario.model_copy(update={"title": HOSTILE, "question": HOSTILE, "options": options})


def studies(factory: Any) -> Path:
    """Return a folder of studies, a copy for whoever asks: an application has its folder for itself.

    ``zone`` has all clauses priced, ``near`` another distance, ``other`` another seed and hostile words, ``longer``
    another period, ``alone`` the baseline only; ``unfinished``, ``damaged``, ``lying``, ``old`` cannot be shown.
    """
    copy: Path = factory.mktemp("studies") / "folder"
    shutil.copytree(made_once(factory, "app-studies", _make), copy)
    return copy


def _make(place: Path) -> None:
    def play(name: str, scenario: Scenario, seed: int = 1) -> None:
        skyshield.run(scenario, vectors=VECTORS, replications=REPLICATIONS, seed=seed, out=place / name, jobs=1)

    play("zone", asked().with_clauses_dropped())
    play("near", nearer(asked()))
    play("other", hostile(asked()), seed=2)
    play("longer", asked(3))
    play("alone", asked().chosen(()))
    (place / "zone" / "report.html").write_text(f"<!doctype html><title>r</title>{HOSTILE}", "utf-8")
    for name, spoil in SPOILT.items():
        shutil.copytree(place / "near", place / name)
        spoil(place / name)
    for k, name in enumerate(("zone", "near", "other", "longer", "alone", *SPOILT)):
        os.utime(place / name / "study.json", (1.7e9 + k, 1.7e9 + k))


def _manifest(folder: Path, **changes: object) -> None:
    path = folder / "study.json"
    path.write_text(json.dumps(json.loads(path.read_text("utf-8")) | changes), "utf-8")


def _unfinish(folder: Path) -> None:
    _manifest(folder, complete=False)


def _damage(folder: Path) -> None:
    (folder / "summary.json").write_bytes((folder / "summary.json").read_bytes()[:-20])


def _lie(folder: Path) -> None:
    """Let a summary be what its hash says, and no summary."""
    content = json.loads((folder / "summary.json").read_text("utf-8"))
    set_summary(folder, content | {"paired": {"region": {"prevented_armed_zone": "many"}}})


def set_summary(folder: Path, content: Any) -> None:
    """Put another summary in the place of a study's, with its hash in the manifest."""
    (folder / "summary.json").write_text(json.dumps(content), "utf-8")
    tables = json.loads((folder / "study.json").read_text("utf-8"))["tables"]
    digest = hashlib.sha256((folder / "summary.json").read_bytes()).hexdigest()
    _manifest(folder, tables=tables | {"summary.json": digest})


def _age(folder: Path) -> None:
    _manifest(folder, summary_code_sha256="0" * 64)


SPOILT: dict[str, Callable[[Path], None]] = {"unfinished": _unfinish, "damaged": _damage, "lying": _lie, "old": _age}
