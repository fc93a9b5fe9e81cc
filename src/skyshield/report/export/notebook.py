"""A small notebook that opens the study by a path relative to the notebook's folder; nothing in it is run yet."""

import json
import os
from pathlib import Path

from skyshield.core.errors import SkyShieldError
from skyshield.report.export.answer import answer_of
from skyshield.study.view import StudyView

# The one place that says how a study is opened and read from Python.
_OPEN = """\
from pathlib import Path

from skyshield.report.export.tables import TABLES
from skyshield.study import StudyView

study = StudyView.open(Path({path}))
study.marks"""
_OPTIONS = 'TABLES["options"](study).frame'
_PAIRED = """\
paired = TABLES["paired"](study).frame
paired[paired["measure"].isin(["prevented_armed_zone", "prevented_armed"])]"""
_MONTHS = 'TABLES["months"](study).frame'


def notebook(view: StudyView, out: Path) -> bytes:
    """Return the notebook for a place.

    Raises
    ------
    SkyShieldError
        If the study was not stored.
    """
    import nbformat
    from nbformat import v4

    if view.folder is None:
        raise SkyShieldError("study", "was not stored, so no notebook can open it", "run it with --out")
    answer = answer_of(view)
    path = Path(os.path.relpath(view.folder.resolve(), out.resolve().parent)).as_posix()
    marks = "\n".join(f"- {mark}" for mark in answer.marks)
    limits = "\n".join(f"- {limit}" for limit in answer.limits)
    cells = [
        ("markdown", f"# {answer.title}\n\n{answer.question}\n\n{answer.sentence}\n\n{marks}".rstrip()),
        ("code", _OPEN.format(path=json.dumps(path, ensure_ascii=False))),
        ("markdown", "What each option comes to by itself, a row for each measure, in the unit of its row."),
        ("code", _OPTIONS),
        ("markdown", f"Each option minus `{view.to}`, on the same raids: the two primary measures."), ("code", _PAIRED),
        *([("markdown", "The same by month."), ("code", _MONTHS)] if view.months else []),
        ("markdown", f"What this cannot say:\n\n{limits}\n\n{answer.source}")]
    made = v4.new_notebook(metadata={  # type: ignore[no-untyped-call]
        "kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"},
        "language_info": {"name": "python"}})
    for number, (kind, text) in enumerate(cells):
        new = v4.new_markdown_cell if kind == "markdown" else v4.new_code_cell
        cell = new(text)  # type: ignore[no-untyped-call]
        cell["id"] = f"cell-{number}"  # the library's own is drawn anew every time
        made["cells"].append(cell)
    return (str(nbformat.writes(made)) + "\n").encode()  # type: ignore[no-untyped-call]
