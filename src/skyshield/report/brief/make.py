"""A brief from a study: four pages, each a table of parts, and the slide."""

from skyshield.report.brief import answer, claims, closing, conditions, options, paradoxes, place
from skyshield.report.brief.document import Block, Brief, Slide, Text
from skyshield.report.brief.language import N_, Language
from skyshield.report.brief.told import Told
from skyshield.report.brief.traced import Source
from skyshield.report.reading import Reading
from skyshield.strategy.figures import StudyFigures, digest
from skyshield.study.view import StudyView

_SLIDE_ROWS = 13


def brief(view: StudyView, language: str = "en") -> Brief:
    """Return the brief of a study.

    Parameters
    ----------
    view
        The study, compared with its baseline.
    language
        ``en`` or ``uk``.

    Returns
    -------
    Brief
        Four pages, whatever the study: what it lacks is said in its place.

    Raises
    ------
    SkyShieldError
        If there is no such language.
    """
    told = Told(Reading(view), Language(language))
    figures = StudyFigures(digest(view), view)
    marks = tuple(closing.marks(told))
    second: list[Block] = [block for block in (options.table(told), place.block(told)) if block is not None]
    pages = ((*[Text(mark, "mark") for mark in marks], *answer.blocks(told), *options.bounds(told)), tuple(second),
             (*conditions.blocks(told), *claims.blocks(told, figures)),
             (*paradoxes.blocks(told, figures), *closing.unknown(told), *closing.sources(told)))
    title = answer.finding(told)
    foot = told.say(N_("SkyShield, study {key}"),
                    key=told.language.name(view.manifest["study_key"][:12], Source("scenario", "study key")))
    slide = Slide(title, answer.chart(told, _SLIDE_ROWS), answer.lines(told))
    return Brief(language, told.say(N_("SkyShield: brief for decision-makers")), title, told.scenario_words("question"),
                 pages, slide, foot, marks)
