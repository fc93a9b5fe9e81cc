"""The figures that ship with the program, so that the lab shows an answer before anything was played.

A digest is what a preview's last stage says, of a stored study of full size, with the envelope besides, which a preview
does not play.
"""

import functools
import json
from pathlib import Path
from typing import Any

from skyshield.catalogue.measures import load_measures
from skyshield.study.document import run_json
from skyshield.study.view import StudyView

DATA = Path(__file__).parent / "data"
SHIPPED = ("month",)
# What the lab shows of an option, in this order; a measure by kind stands for all its kinds.
SHOWN = ("prevented_armed_zone", "prevented_armed", "prevented_zone", "cost_eur", "planned_cost_eur", "incidents",
         "people_exposed_h", "casualties")
_PAIRED = ("delta", "lo", "hi", "mcse", "spread_lo", "spread_hi", "env_lo", "env_hi", "joint_lo", "joint_hi", "reason")
_LEVEL = ("mean", "lo", "hi", "mcse", "reason")


def shown_columns() -> tuple[str, ...]:
    """Return the columns of results that the lab shows.

    Examples
    --------
    >>> shown_columns()[:3]
    ('prevented_armed_zone', 'prevented_armed', 'prevented_zone')
    """
    by_name = {measure.name: measure for measure in load_measures()}
    return tuple(column for name in SHOWN for column in by_name[name].columns)


def figures_of(view: StudyView) -> dict[str, Any]:
    """Return the digest of a study."""
    content = run_json(view)
    options = [name for name in content["options"] if name not in view.dropped]

    def rows(of: dict[str, Any], keys: tuple[str, ...]) -> dict[str, Any]:
        return {option: {column: {key: of[option][column][key] for key in keys if key in of[option][column]}
                         for column in shown_columns()} for option in options if option in of}

    paired = rows(content["paired"], _PAIRED)
    return {"study_key": content["study_key"], "scenario": content["scenario"], "stage": 0, "final": True,
            "vectors": content["vectors"], "replications": content["replications"], "seed": content["seed"],
            "days": content["days"], "baseline": content["baseline"], "options": options, "marks": content["marks"],
            "paired": paired, "error": {option: {column: row["mcse"] for column, row in of.items()}
                                        for option, of in paired.items()},
            "move": {}, "levels": rows(content["options"], _LEVEL),
            "planned": {option: sum(money["fully_loaded"].values())
                        for option, money in content["money"]["planned"].items() if option in options}}


@functools.cache
def shipped_figures(name: str) -> dict[str, Any] | None:
    """Return the figures of a shipped scenario; None where none ship."""
    if name not in SHIPPED:
        return None
    content: dict[str, Any] = json.loads((DATA / f"{name}.json").read_text("utf-8"))
    return content
