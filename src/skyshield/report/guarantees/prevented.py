"""What options keep from its aim, by phase: a picture of war, means of every phase, and for the annex all intervals."""

from collections.abc import Mapping
from typing import Any

from skyshield.report.guarantees.folding import folded, joined, phase_label, phases_of, section, together
from skyshield.report.reading import Reading
from skyshield.report.rows import Row, intervals
from skyshield.report.sections.answer import below
from skyshield.report.svg import Figure
from skyshield.report.tables import Cell, Table, with_interval
from skyshield.report.text import NOTHING, number
from skyshield.strategy.interests import days_by_phase
from skyshield.study.compare import PRIMARIES
from skyshield.study.told import Summary, error_of, is_zero

_DRAWN = "war"
_WHERE = {"prevented_armed_zone": "area", "prevented_armed": "country"}


def make(reading: Reading) -> dict[str, Any]:
    """Return the section: means by phase, and a picture of war with its intervals."""
    phases = phases_of(reading)
    figures = [_figure(reading, one) for one in phases if one["phase"] == _DRAWN and len(phases) > 1]
    return section(before=[_days(reading)], drawn=figures, tables=[_means(reading, phases)],
                   in_full="guarantees-in-full")


def tables(reading: Reading) -> list[Table]:
    """Return each primary measure by phase with its intervals, for the annex."""
    return [_table(reading, phases_of(reading), measure) for measure in PRIMARIES]


def _means(reading: Reading, phases: list[dict[str, Any]]) -> Table:
    """Return options × phases: both primary measures, means."""
    cells: dict[str, tuple[Cell, ...]] = {name: tuple(_both(one["paired"][name]) for one in phases)
                                          for name in reading.ordered}
    return Table("prevented-means", "Armed threats kept from their aims by phase, in the area/in the country, means, "
                 f"difference to “{reading.baseline}”", ("Option", *(phase_label(one["phase"]) for one in phases)),
                 folded(reading, cells), numeric=True)


def _both(rows: Mapping[str, Summary]) -> Cell:
    told = [rows[measure] for measure in PRIMARIES]
    return together([NOTHING if is_zero(row) else number(row["delta"], error=error_of(row)) for row in told])


def _days(reading: Reading) -> str:
    """Say how long the phases last."""
    of = days_by_phase(reading.view)
    parts = [f"{phase_label(name).lower()} {number(days[reading.comparison.to])}" for name, days in of.items()]
    return (f"Days in each phase, a mean: {', '.join(parts)}. Whether a ceasefire breaks down is drawn once for all "
            "options.")


def _figure(reading: Reading, phase: dict[str, Any]) -> Figure:
    """Draw what every option keeps from its aim in the area in a phase."""
    measure, words = PRIMARIES[0], phase_label(phase["phase"]).lower()
    groups: dict[tuple[Any, ...], list[str]] = {}
    for name in reading.ordered:
        row = phase["paired"][name][measure]
        groups.setdefault((reading.colours[name], *(number(row.get(key)) for key in ("delta", "lo", "hi"))),
                          []).append(name)
    rows = [Row(joined([reading.shorts[name] for name in names]), reading.colours[names[0]],
                phase["paired"][names[0]][measure]) for names in groups.values()]
    most = max(reading.ordered, key=lambda name: phase["paired"][name][measure]["delta"] or 0.0)
    told = phase["paired"][most][measure]
    return intervals(f"figure-guarantees-{phase['phase']}", rows,
                     f"In {words}, “{reading.shorts[most]}” keeps "
                     f"{number(told['delta'], error=error_of(told))} armed threats bound for the area from their aims",
                     f"Armed threats bound for the protected area kept from their aims in {words}; mean (95% of the "
                     "expected outcome)")


def _table(reading: Reading, phases: list[dict[str, Any]], measure: str) -> Table:
    """Return options × phases of a measure."""
    cells: dict[str, tuple[Cell, ...]] = {name: tuple(_cell(one["paired"][name][measure], measure) for one in phases)
                                          for name in reading.ordered}
    where = _WHERE[measure]
    return Table(f"prevented-{where}", f"Armed threats bound for the {where} kept from their aims by phase, difference "
                 f"to “{reading.baseline}”, 95% of the expected outcome below",
                 ("Option", *(phase_label(one["phase"]) for one in phases)), folded(reading, cells), numeric=True)


def _cell(row: Summary, measure: str) -> Cell:
    return NOTHING if is_zero(row) else below(with_interval(row, measure, "delta"))
