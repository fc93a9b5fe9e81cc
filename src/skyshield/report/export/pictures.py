"""Every chart of the report as a picture at slide size, each with its source line."""

from collections.abc import Mapping
from pathlib import Path

from skyshield.adaptation.cached import usable
from skyshield.core.errors import SkyShieldError
from skyshield.report.pages import figures
from skyshield.report.reading import Reading
from skyshield.report.slide import Kind, picture
from skyshield.study.view import StudyView

FIRST, _PREFIX = "figure-answer", "figure-"


def pictures(view: StudyView, out: Path, kind: Kind) -> Mapping[str, bytes]:
    """Return the chart of the answer under the file's name, every other one with its own name added.

    Raises
    ------
    SkyShieldError
        If the study has no chart.
    """
    adapted = None if view.folder is None else usable(view.folder, view.manifest, view.catalogue)
    drawn = sorted(figures(view, adapted), key=lambda figure: figure.key != FIRST)
    if not drawn:
        raise SkyShieldError(str(out), "has nothing to show, for the study has no chart", "export a table instead")
    source = Reading(view).source_alone
    names = [out.name, *(f"{out.stem}-{figure.key.removeprefix(_PREFIX)}{out.suffix}" for figure in drawn[1:])]
    return {name: picture(figure, source, kind) for name, figure in zip(names, drawn, strict=True)}
