"""An option with the figures that the answer and its drivers are told from."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from skyshield.report.reading import Reading
from skyshield.study.clauses import columns_of
from skyshield.study.compare import PRIMARY
from skyshield.study.told import Summary

UNSPENT = "unspent_eur"


@dataclass(frozen=True)
class OptionRow:
    """An option with the figures of its row."""

    name: str
    label: str
    short: str
    twin_of: str | None
    row: Mapping[str, Summary]
    prevented: Summary
    redundant: Summary
    unspent: Summary | None
    rivals: Mapping[str, Any]

    @property
    def delta(self) -> float | None:
        """The mean of the primary measure."""
        mean: float | None = self.row[PRIMARY]["delta"]
        return mean


def options_of(reading: Reading) -> list[OptionRow]:
    """Return the options compared with the figures of their rows, each with the same money as aid below it."""
    view, comparison = reading.view, reading.comparison
    shown = []
    for name in reading.ordered:
        prevented, redundant = view.sums[name]["prevented"], view.sums[name]["redundant"]
        unspent = comparison.rows[name][UNSPENT] if columns_of(UNSPENT) else None
        shown.append(OptionRow(name, reading.labels[name], reading.shorts[name], reading.options[name].twin,
                               comparison.rows[name], prevented, redundant, unspent, view.rivals.get(name, {})))
    return shown
