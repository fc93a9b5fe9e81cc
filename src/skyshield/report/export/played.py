"""What was played, in full: arms by name, parameters by vector, totals of every replication, failures.

Vectors are named ``v00012``, arms by what they move: ``headline``, ``displacement=high``, ``zone_lead_time=low`` for a
bundle of entries that move together, ``worst for region`` for one with all of them at their worst ends, ``relief``.
"""

from collections.abc import Iterator
from typing import Any

import numpy as np

from skyshield.core.arrays import Booleans
from skyshield.engine import COUNTS
from skyshield.report.export.inputs import unit_in_si
from skyshield.report.export.results import unit_of
from skyshield.report.export.table import BOOLEAN, BY_ROW, INTEGER, NUMBER, STRING, Column, DataTable, framed
from skyshield.report.tables import measure_columns, measure_label
from skyshield.study.joint import unwanted_options
from skyshield.study.plan import JOINT, POINT
from skyshield.study.result import MEASURES
from skyshield.study.view import StudyView

_ARM = Column("arm", STRING, "Arm", "What the arm moves; headline moves nothing")
_VECTOR = Column("vector", STRING, "Vector", "Name of the parameter vector")
_REPLICATION = Column("replication", INTEGER, "Replication", "Number of the replication of that vector, from 0")


def vector_name(number: int) -> str:
    """Return the name of a parameter vector.

    Examples
    --------
    >>> vector_name(12)
    'v00012'
    """
    return f"v{number:05d}"


def arm_names(view: StudyView) -> list[str]:
    """Return the name of every arm, in the study's order; no two are alike."""
    moved = {one.arm: f"{one.name}={one.end}" for one in view.moves}
    return [moved.get(number) or _name(view, number, arm.kind, dict(arm.ends))
            for number, arm in enumerate(view.played_arms)]


def _name(view: StudyView, number: int, kind: str, ends: dict[str, Any]) -> str:
    if kind == POINT:
        return ", ".join(f"{entry}={value:g}" for entry, value in ends.items())
    if kind != JOINT:
        return kind
    sides = {side: [option for option, of in view.joint.items() if of[place] == number and option not in view.dropped]
             for place, side in enumerate(("worst", "best"))}
    words = [f"{side} for {', '.join(options)}" for side, options in sides.items() if options]
    return "; ".join(words) or f"{kind} {number}"


def arms(view: StudyView) -> DataTable:
    """Say what each arm moves, entry by entry."""
    columns = (
        _ARM, Column("kind", STRING, "Kind", "headline; single: one number moved; bundle: several that belong "
                     "together; joint: all at once; relief"),
        Column("in_envelope", BOOLEAN, "In the envelope", "Whether the envelope spans it"),
        Column("replications", INTEGER, "Replications", "Replications of a vector, at most"),
        Column("entry", STRING, "Entry", "What is moved; missing where nothing is"),
        Column("end", STRING, "End", "low or high end of its range"),
        Column("value", NUMBER, "Value", "Its value there", BY_ROW),
        Column("unit", STRING, "Unit", "Unit of the value"))
    return DataTable("arms", "The arms of the study", "Each arm plays the study again with some numbers moved to an "
                     "end of their range; one row for each number that is moved", columns,
                     framed(_arm_rows(view), columns))


def _arm_rows(view: StudyView) -> Iterator[dict[str, Any]]:
    for name, arm, most in zip(arm_names(view), view.played_arms, view.replications, strict=True):
        of = {"arm": name, "kind": arm.kind, "in_envelope": arm.in_envelope, "replications": most}
        if not arm.ends:
            yield of
        for key, end in arm.ends.items():
            entry = view.catalogue[key]
            value = end if not isinstance(end, str) else entry.low if end == "low" else entry.high
            yield {**of, "entry": key, "end": end if isinstance(end, str) else None, "value": value, "unit": entry.unit}


def vectors(view: StudyView) -> DataTable:
    """Return the parameters of the headline, one row a vector."""
    import pandas as pd

    names = sorted(view.parameters)
    labels = {name: view.catalogue[name].label if name in view.catalogue else "Parameter of the fit" for name in names}
    columns = (_VECTOR, *(Column(name, NUMBER, name, labels[name], unit_in_si(view, name)) for name in names))
    n_vectors = int(view.manifest["vectors"])
    frame = pd.DataFrame({"vector": [vector_name(k) for k in range(n_vectors)],
                          **{name: np.asarray(view.parameters[name], np.float64) for name in names}})
    return DataTable("vectors", "Parameters by vector", "The parameters of every vector of the headline, in SI units; "
                     "every option meets the same vectors", columns, frame)


def totals(view: StudyView) -> DataTable:
    """Return the totals of every arm, vector, replication and option; a joint arm has its own options alone."""
    import pandas as pd

    result, names = view.result, arm_names(view)
    unwanted = unwanted_options(result)
    columns = (_ARM, Column("option", STRING, "Option", "Name of the option"), _VECTOR, _REPLICATION,
               *(Column(name, INTEGER if name in COUNTS else NUMBER, measure_label(name), f"{measure_label(name)}, "
                        "over the period", unit_of(name)) for name in measure_columns()))
    parts: dict[str, list[Any]] = {column.name: [] for column in columns}
    options = np.array(result.options, object)
    of_vector = np.array([vector_name(k) for k in range(result.sizes[0])], object)
    for number, name in enumerate(names):
        chosen = [k for k in range(len(options)) if k not in unwanted.get(number, ())]
        vector, replication, option = _places(result.valid[number], chosen)
        values = result.values[number]
        parts["arm"].append(np.full(len(vector), name, object))
        parts["option"].append(options[option])
        parts["vector"].append(of_vector[vector])
        parts["replication"].append(replication.astype(np.int64))
        for place, measure in enumerate(MEASURES):
            column = values[vector, replication, option, place]
            parts[measure].append(column.astype(np.int64) if measure in COUNTS else column)
    frame = pd.DataFrame({column.name: np.concatenate(parts[column.name]) for column in columns})
    return DataTable("totals", "Totals of every replication", "One row for each arm, option, vector and replication "
                     "that was played and did not fail: what the period comes to. Differences between options of the "
                     "same arm, vector and replication are paired: they met the same raids", columns, frame)


def _places(valid: Booleans, chosen: list[int]) -> tuple[Any, Any, Any]:
    """Return the vector, replication and option of each row, options within replications."""
    vector, replication = np.nonzero(valid)
    return np.repeat(vector, len(chosen)), np.repeat(replication, len(chosen)), np.tile(chosen, len(vector))


def failures(view: StudyView) -> DataTable:
    """Return the replications that failed, which are left out of every option."""
    columns = (_ARM, _VECTOR, _REPLICATION, Column("stage", STRING, "Stage", "Where it failed"),
               Column("error", STRING, "Error", "What went wrong"))
    names = arm_names(view)
    rows = [{**row, "arm": names[row["arm"]], "vector": vector_name(row["vector"])} for row in view.failures]
    return DataTable("failures", "Replications that failed", "They are left out of every option; usually there are "
                     "none", columns, framed(rows, columns))
