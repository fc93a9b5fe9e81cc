"""Every table of a study by name: the one place from which all formats are made."""

from collections.abc import Callable, Sequence

from skyshield.report.export import inputs, played, results
from skyshield.report.export.table import DataTable
from skyshield.study.view import StudyView

TABLES: dict[str, Callable[[StudyView], DataTable]] = {
    "results": results.results, "options": results.options, "paired": results.paired, "pairs": results.pairs,
    "thresholds": results.thresholds, "months": results.months,
    "option_list": inputs.option_list, "parameters": inputs.parameters, "catalogue": inputs.catalogue,
    "provenance": inputs.provenance, "arms": played.arms, "vectors": played.vectors, "failures": played.failures,
    "totals": played.totals}
SHEETS = ("options", "paired", "pairs", "thresholds", "months", "option_list", "parameters", "catalogue", "provenance")
PACKAGED = (*SHEETS, "arms", "vectors", "failures")


def make(view: StudyView, names: Sequence[str]) -> list[DataTable]:
    """Return tables of a study by their names, without those that it has nothing for."""
    empty = {"months": not view.months, "pairs": not view.pairs, "thresholds": not view.pairs}
    return [TABLES[name](view) for name in names if not empty.get(name)]
