"""What a notebook shows of a study: its answer as a table, with units and doubt, and what to say with every number."""

from markupsafe import Markup

from skyshield.report.option_rows import options_of
from skyshield.report.pairs import pair_table
from skyshield.report.reading import Reading
from skyshield.report.sections.answer import short_table
from skyshield.report.tables import Table
from skyshield.study.view import StudyView


def study_html(view: StudyView) -> str:
    """Return a study's options against the baseline."""
    reading = Reading(view)
    head = Markup("<p><strong>{}</strong><br>{}</p>").format(reading.scenario.title, reading.scenario.question)
    if reading.alone:
        return str(head + _marks(view))
    rows = {option.name: option for option in options_of(reading)}
    return str(head + _marks(view) + _table(short_table(reading, [[rows[name] for name in family.names]
                                                                  for family in reading.families])))


def comparison_html(view: StudyView) -> str:
    """Return a study's pairs, or its options where there is no pair."""
    table = pair_table(Reading(view))
    return study_html(view) if table is None else str(_marks(view) + _table(table))


def _marks(view: StudyView) -> Markup:
    if not view.marks:
        return Markup("")
    return Markup("<ul>{}</ul>").format(Markup("").join(Markup("<li>{}</li>").format(mark) for mark in view.marks))


def _table(table: Table) -> Markup:
    head = Markup("").join(Markup("<th>{}</th>").format(words) for words in table.head)
    rows = Markup("").join(Markup("<tr>{}</tr>").format(Markup("").join(
        Markup("<td>{}</td>").format(cell) for cell in row)) for row in table.rows)
    return Markup("<table><caption>{}</caption><tr>{}</tr>{}</table><p>{}</p>").format(table.caption, head, rows,
                                                                                    table.note)
