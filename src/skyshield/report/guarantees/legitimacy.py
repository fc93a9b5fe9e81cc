"""How kinds of option could be justified, the contrary statement beside each, and the op-ed's wording of law."""

from typing import Any

from markupsafe import Markup

from skyshield.report.guarantees.folding import joined, section
from skyshield.report.reading import Reading
from skyshield.report.tables import Cell, Table
from skyshield.strategy.legitimacy import AUDIENCES, Kind, Said, load_legitimacy

_SHOWN = "moscow"  # the audience whose statements stand on the page; all stand in the annex


def make(reading: Reading) -> dict[str, Any]:
    """Return the section: what is said of each kind to one audience, and what the law says."""
    table = load_legitimacy()
    rows = tuple((kind.label, _said(cell.statement), _said(cell.contrary))
                 for kind in _kinds(reading) for cell in kind.cells if cell.audience == _SHOWN)
    corrections: list[Cell] = [Markup("{} <strong>{}</strong>").format(one.wording, one.correct)
                               for one in table.corrections]
    return section(
        before=["Towards Moscow; nothing here judges who is right."],
        tables=[Table("legitimacy-table", "How each kind of option could be justified towards Moscow, and what is said "
                      "against it", ("Kind of option", "Statement", "Contrary statement"), rows)]
        if rows else [], listed=corrections, after=["The list corrects the op-ed's wording of law."],
        in_full="legitimacy-in-full")


def make_in_full(reading: Reading) -> dict[str, Any] | None:
    """Return every audience, and the sources, for the annex; None where there is no page of guarantees."""
    if not reading.has_guarantees:
        return None
    table = load_legitimacy()
    bases = {basis.name: basis.label for basis in table.bases}
    tables = []
    for kind in _kinds(reading):
        rows = tuple((AUDIENCES[cell.audience].capitalize(), bases[cell.basis], _said(cell.statement),
                      _said(cell.contrary)) for cell in kind.cells)
        tables.append(Table(f"legitimacy-{kind.name}", f"{kind.label}: {_options(reading, kind)}",
                            ("Towards", "Legal basis", "Statement", "Contrary statement"), rows))
    return section(before=["Statements are facts about what was said, in our words. There is no verdict and no score."],
                   tables=tables, listed=[f"{key}: {words}" for key, words in table.sources])


def _kinds(reading: Reading) -> list[Kind]:
    """Return the kinds that options of the study are of."""
    table = load_legitimacy()
    found = {name for option in reading.options.values() for name in table.kinds_of(option.packages)}
    return [kind for kind in table.kinds if kind.name in found]


def _options(reading: Reading, kind: Kind) -> str:
    table = load_legitimacy()
    return joined([reading.shorts[name] for name, option in reading.options.items()
                   if kind.name in table.kinds_of(option.packages)])


def _said(said: Said) -> Cell:
    return Markup("{} <small>{}, {} ({})</small>").format(said.says, said.who, said.date, ", ".join(said.source))
