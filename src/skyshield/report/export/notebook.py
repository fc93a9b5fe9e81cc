"""A small notebook that opens the study by a path relative to the notebook's folder; nothing in it is run yet."""

import json
import os
from pathlib import Path

from skyshield.core.errors import SkyShieldError
from skyshield.report.export.answer import answer_of
from skyshield.study.view import StudyView

# The one place that says how a study is opened and read from Python.
_OPEN = """\
%matplotlib inline
import skyshield

study = skyshield.open_study({path})
study"""
_CHART = 'study.figures["figure-answer"]'
_OPTIONS = "study.options"
_COMPARED = """\
compared = skyshield.compare(study, to={to})
paired = compared.frame
paired[paired["measure"].isin(["prevented_armed_zone", "prevented_armed"])]"""
_PAIRS = "compared.pairs"
_MONTHS = "study.months"


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
        *([("code", _CHART)] if answer.figures else []),
        ("markdown", "What each option comes to by itself, a row for each measure, in the unit of its row."),
        ("code", _OPTIONS),
        ("markdown", f"Each option minus `{view.to}`, on the same raids: the two primary measures."),
        ("code", _COMPARED.format(to=json.dumps(view.to))),
        *([("markdown", "Options held against one another, and who leads."), ("code", _PAIRS)] if view.pairs else []),
        *([("markdown", "The same by month, against the baseline."), ("code", _MONTHS)] if view.months else []),
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
