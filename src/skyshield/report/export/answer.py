"""What a document, slides and a workbook's first sheet say of a study: the answer of the report as plain text."""

import functools
import re
from dataclasses import dataclass
from typing import Any

from skyshield.report.limits import TABLE, Limit, holding, load_limits
from skyshield.report.reading import Reading
from skyshield.report.sections.answer import headline, period_words
from skyshield.report.svg import Figure
from skyshield.report.tables import Cell, Table
from skyshield.report.text import NOTHING, interval, number
from skyshield.study.compare import PRIMARIES
from skyshield.study.told import error_of
from skyshield.study.view import StudyView

# The limits that a page of a few lines names, the weightiest first.
_FIRST = ("claims", "adaptation_moved", "adaptation_untried", "adaptation_supposed", "people", "growth", "operations")
_AT_MOST = 5


@dataclass(frozen=True)
class TextTable:
    """A table of a page as text; lines of a cell are apart by a line feed."""

    caption: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    note: str

    @classmethod
    def of(cls, table: Table) -> "TextTable":
        """Return a table of a page."""
        return cls(table.caption, tuple(map(plain, table.head)), tuple(tuple(map(plain, row)) for row in table.rows),
                   plain(table.note))


@dataclass(frozen=True)
class Answer:
    """The answer in words.

    Attributes
    ----------
    title, question
        The scenario's.
    sentence
        The answer in a sentence or two.
    played
        What was played.
    tables
        The options against the baseline, and pairs of them against one another.
    figures
        The charts of the same.
    conditions
        What would have to be true for another option to lead, with warnings that only one model bears.
    marks
        What every output must say.
    limits
        What the study cannot say, the weightiest; `every_limit` holds all.
    source
        The line that names the study.
    """

    title: str
    question: str
    sentence: str
    played: str
    tables: tuple[TextTable, ...]
    figures: tuple[Figure, ...]
    conditions: tuple[str, ...]
    marks: tuple[str, ...]
    limits: tuple[str, ...]
    every_limit: tuple[str, ...]
    source: str


def answer_of(view: StudyView) -> Answer:
    """Return what is said of a study, compared with the option that the view names."""
    reading = Reading(view)
    every = tuple(holding(reading))
    said: dict[str, Any] = {
        "title": view.scenario.title, "question": view.scenario.question, "marks": tuple(view.marks),
        "limits": tuple(holding(reading, _weightiest()))[:_AT_MOST], "every_limit": every,
        "source": f"{reading.source} Study key {view.manifest['study_key']}."}
    if reading.alone:
        return Answer(sentence="The study has one option, so there is nothing to compare.", played="", tables=(),
                      figures=(), conditions=(), **said)
    found = headline(reading)
    tables = tuple(TextTable.of(table) for table in (found.table, found.pair_table) if table is not None)
    own = view.to == view.resolved.baseline
    return Answer(sentence=found.sentence if own else sentence_to(reading), played=found.played,
                  tables=tables, figures=tuple(filter(None, (found.figure, found.pairs))),
                  conditions=tuple(filter(None, (found.ahead, *found.thresholds, *found.flags))), **said)


def sentence_to(reading: Reading) -> str:
    """Return the differences to another option than the baseline, in a sentence for each option that is not aid."""
    area, country = PRIMARIES
    told = []
    for name in reading.ordered:
        row = reading.comparison.rows[name]
        if row[area]["delta"] is None:
            continue
        doubt = interval(row[area])
        known = "" if doubt == NOTHING else f" (95% of the expected outcome: {doubt})"
        told.append(f"“{reading.labels[name]}” {number(row[area]['delta'], error=error_of(row[area]))}{known} and "
                    f"{number(row[country]['delta'], error=error_of(row[country]))}")
    if not told:
        return "There is no result: every replication failed."
    return (f"Armed threats kept from their aims in {period_words(reading)}, bound for the protected area and in the "
            f"whole country, more (or, with a minus, fewer) than with “{reading.baseline}”: {'; '.join(told)}.")


def plain(cell: Cell) -> str:
    r"""Return a cell of a page's table as plain text.

    Examples
    --------
    >>> from markupsafe import Markup
    >>> plain(Markup("15<br><small>10 to 25</small>")), plain("a & b")
    ('15\n10 to 25', 'a & b')
    """
    if not hasattr(cell, "striptags"):
        return str(cell)
    return "\n".join(_unmarked(part) for part in re.split(r"<br\s*/?>", str(cell)))


def _unmarked(part: str) -> str:
    from markupsafe import Markup

    return str(Markup(part).striptags())  # noqa: S704 - tags are taken out


@functools.cache
def _weightiest() -> tuple[Limit, ...]:
    limits = {limit.key: limit for limit in load_limits(TABLE)}
    return tuple(limits[key] for key in _FIRST if key in limits)
