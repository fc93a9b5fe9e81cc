"""Results in full: every measure of every option, where threats end, what is counted."""

from typing import Any

from skyshield.report import tables
from skyshield.report.alike import Family
from skyshield.report.reading import Reading
from skyshield.report.rows import Stack, stacks
from skyshield.report.sections.drivers import GATES
from skyshield.report.svg import SKYSHIELD, WARNING, Figure
from skyshield.report.tables import Table, class_heads, with_interval
from skyshield.report.text import number, total

_FATES = (("stopped_own_hard", "destroyed by Ukraine", "#a6a6a6"),
          ("stopped_own_soft", "diverted by jamming", "#d9d9d9"),
          ("redundant", "stopped by the option, redundant", "#a3cfe8"),
          ("prevented", "stopped by the option, prevented", SKYSHIELD), ("leaked", "reached their aim", WARNING))
_PERCENT = 100.0


def make(reading: Reading) -> dict[str, Any]:
    """Return the section."""
    to, comparison = reading.comparison.to, reading.comparison
    return {"fates": _fates(reading), "gates": None if reading.alone else _gates(reading),
            "overview": None if reading.alone else tables.overview(comparison, reading.labels),
            "paired": [tables.paired(comparison, family.names, reading.labels, family.label)
                       for family in reading.families],
            "members": [f"{family.label}: {family.members}." for family in reading.families if family.members],
            "absolute": tables.absolute(reading.summaries[to], to, reading.baseline), "measures": tables.measures()}


def _fates(reading: Reading) -> Figure:
    """Draw where the threats of each class end, in the whole country, as shares of those launched."""
    rows, base = [], reading.comparison.to
    families = [Family((base,), reading.baseline), *reading.families]
    for kind, words in class_heads().items():
        for k, family in enumerate(families):
            own = reading.summaries[family.first]
            launched = own[f"launched/{kind}"]["mean"] or 0.0
            rows.append(Stack(family.label, tuple(own[f"{measure}/{kind}"]["mean"] or 0.0 for measure, *_ in _FATES),
                              launched, "" if k else f"{words}: {total(launched)} launched"))
    own = reading.summaries[base]
    launched, leaked = (own[f"{what}/uav"]["mean"] or 0.0 for what in ("launched", "leaked"))
    share = number(_PERCENT * leaked / launched) if launched else "none"
    return stacks("figure-fates", rows, [(words, colour) for _, words, colour in _FATES],
                  f"Ukraine alone lets {share}% of UAVs through to their aims",
                  "Shares of the threats launched at the whole country, by class",
                  "What an option stops can be thinner than a line: the numbers are in the tables.")


def _gates(reading: Reading) -> Table | None:
    """Return what becomes of the threats in reach of each option that fires: fired at, or left alone and why."""
    firing = [family for family in reading.families if reading.options[family.first].fires]
    rows = [(family.label, *(with_interval(reading.comparison.rows[family.first][measure], measure, "delta")
                             for measure, _ in GATES)) for family in firing]
    if not rows:
        return None
    return Table("gates", f"Threats in reach of each option, {reading.measured}, with 95% of the expected outcome in "
                 "brackets", ("Option", *(words for _, words in GATES)), tuple(rows), numeric=True,
                 note="Ukraine stops most of those left alone. This explains the results; the price of a clause is the "
                      "difference with that clause removed.")
