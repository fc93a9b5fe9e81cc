"""Options held against one another as a table: differences, both ends of where Ukraine stops threats, who leads."""

from collections.abc import Iterator
from typing import Any

from skyshield.report.export.results import flat, unit_of
from skyshield.report.export.table import BY_ROW, NUMBER, STRING, Column, DataTable, framed
from skyshield.report.tables import measure_label
from skyshield.study.compare import COVERAGE, RIVAL_WORDS, UNIFORM
from skyshield.study.view import StudyView

_FIGURES = (("delta", "", "Mean of the first option minus the second, on the same raids"),
            ("lo", " from", "Lower end of the 95% interval of the expected outcome"),
            ("hi", " to", "Upper end of the 95% interval of the expected outcome"))
_ENDS = {COVERAGE: "near_aims", UNIFORM: "along_the_way"}


def pairs(view: StudyView) -> DataTable:
    """Return the pairs of a study, one row a pair and primary measure."""
    columns = (
        Column("option", STRING, "First option", "Name of the option"),
        Column("to", STRING, "Second option", "Name of the option that is taken from it"),
        Column("why", STRING, "Why", "Why the two are held against one another"),
        Column("measure", STRING, "Measure", "Name of what is counted"),
        Column("measure_label", STRING, "Measure in words", "The measure in words"),
        Column("unit", STRING, "Unit", "Unit of all figures of the row"),
        *(Column(key, NUMBER, f"Difference{words}", means, BY_ROW) for key, words, means in _FIGURES),
        Column("mcse", NUMBER, "Monte Carlo error", "What more replications would remove of its error", BY_ROW),
        *(Column(f"{end}_{key}", NUMBER, f"If stopped {RIVAL_WORDS[model]}{words}",
                 f"{means}, if Ukraine stops all threats {RIVAL_WORDS[model]}", BY_ROW)
          for model, end in _ENDS.items() for key, words, means in _FIGURES),
        Column("verdict", STRING, "Verdict", "leads or trails if the interval says so at the reference and at both "
               "ends of where Ukraine stops threats; else cannot be told"),
        Column("lead_changes", STRING, "Where the lead changes", "Numbers that nobody knows, moved alone, and the "
               "values at which the other option would lead on average"))
    return DataTable("pairs", "Options against one another", "One row for each pair and primary measure: the first "
                     "option minus the second on the same raids and the same parameters", columns,
                     framed(_rows(view), columns))


def _rows(view: StudyView) -> Iterator[dict[str, Any]]:
    for row in view.pairs:
        for measure, told in row["measures"].items():
            ends = {f"{end}_{key}": flat(told["at_ends"][model]).get(key)
                    for model, end in _ENDS.items() if model in told["at_ends"] for key, *_ in _FIGURES}
            changes = "; ".join(f"{name} {' and '.join(f'{value:.3g}' for value in lever['thresholds'])}"
                                for name, lever in told["levers"].items() if lever["thresholds"])
            yield {**{key: row[key] for key in ("option", "to", "why")}, "measure": measure,
                   "measure_label": measure_label(measure), "unit": unit_of(measure), **flat(told), **ends,
                   "verdict": told["verdict"], "lead_changes": changes}
