"""The report, its annex and the page of guarantees: files that ask nobody for anything and link to each other.

The report answers; the page of guarantees, where a scenario has more than zones and aid or more than one phase, has all
options side by side; all else stands in the annex. Each page is a table of sections: one file of `sections/` makes the
content and one template of the same name shows it. The same study gives the same bytes: no clock, path, host or number
of jobs enters. Style sheet, letters and pictures stand inside; there is no script, and a content policy forbids
fetching.
"""

import base64
import functools
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from skyshield.adaptation.summary import Adaptation
from skyshield.core.files import read_bytes, read_text
from skyshield.report.downloads import csv_link, number_table, svg_link
from skyshield.report.guarantees import (
    at_risk,
    exposed,
    five_interests,
    in_full,
    legitimacy,
    needed,
    prevented,
    side_by_side,
)
from skyshield.report.reading import Reading
from skyshield.report.sections import (
    adaptation,
    answer,
    asked,
    basis,
    bounds,
    clauses,
    doubt,
    drivers,
    evidence,
    glossary,
    incidents,
    incidents_in_full,
    interests,
    limits,
    maps,
    own_defence,
    pairs_in_full,
    provenance,
    results,
    sources,
    unknowns,
    yardsticks,
)
from skyshield.report.svg import Figure
from skyshield.study.store import ANNEX as ANNEX_FILE
from skyshield.study.store import GUARANTEES as GUARANTEES_FILE
from skyshield.study.store import REPORT as REPORT_FILE
from skyshield.study.view import StudyView

if TYPE_CHECKING:
    from jinja2 import Environment

_HERE = Path(__file__).parent
_TEMPLATES, _FONTS = _HERE / "templates", _HERE / "fonts"
_NAMES = {REPORT_FILE: "report", ANNEX_FILE: "annex", GUARANTEES_FILE: "guarantees side by side"}
_WEIGHTS = {400: "noto-sans-regular.woff2", 700: "noto-sans-bold.woff2"}


@dataclass(frozen=True)
class Section:
    """A section of a page.

    Attributes
    ----------
    key
        Its anchor.
    title
        Its heading.
    template
        The file of `templates/sections/` that shows it.
    make
        Returns what the template shows; None if the study has nothing of it, and the section is left out.
    """

    key: str
    title: str
    template: str
    make: Callable[[Reading], Mapping[str, Any] | None]


REPORT: tuple[Section, ...] = (
    Section("answer", "The answer", "answer.html.j2", answer.make),
    Section("bounds", "Bounds before simulation", "bounds.html.j2", bounds.make),
    Section("map", "Map", "maps.html.j2", maps.make),
    Section("drivers", "What drives it", "drivers.html.j2", drivers.make),
    Section("incidents", "Incidents and people", "incidents.html.j2", incidents.make),
    Section("limits", "What this report cannot say", "limits.html.j2", limits.make),
    Section("sources", "Sources", "sources.html.j2", sources.make),
)
ANNEX: tuple[Section, ...] = (
    Section("asked", "What is asked", "asked.html.j2", asked.make),
    Section("pairs-in-full", "Options against one another", "pairs_in_full.html.j2", pairs_in_full.make),
    Section("doubt", "Three kinds of doubt, and an envelope", "doubt.html.j2", doubt.make),
    Section("unknowns", "What the unknowns do", "unknowns.html.j2", unknowns.make),
    Section("own-defence", "Ukraine's own defence by region", "own_defence.html.j2", own_defence.make),
    Section("yardsticks-in-full", "The yardsticks in full", "yardsticks.html.j2", yardsticks.make),
    Section("interests-in-full", "What the restrictions leave of the op-ed's own interests", "interests.html.j2",
            interests.make),
    Section("more-maps", "More maps", "more_maps.html.j2", maps.make_more),
    Section("results", "Results in full", "results.html.j2", results.make),
    Section("clauses", "The price of a clause", "clauses.html.j2", clauses.make),
    Section("incidents-in-full", "Incidents and people in full", "incidents_in_full.html.j2", incidents_in_full.make),
    Section("adaptation", "If the attacker adapts", "adaptation.html.j2", adaptation.make),
    Section("basis", "What it rests on", "basis.html.j2", basis.make),
    Section("evidence", "Should you believe it?", "evidence.html.j2", evidence.make),
    Section("guarantees-in-full", "The guarantees in full", "guarantees.html.j2", in_full.make),
    Section("legitimacy-in-full", "How the guarantees could be justified, in full", "guarantees.html.j2",
            legitimacy.make_in_full),
    Section("provenance", "Sources and provenance", "provenance.html.j2", provenance.make),
    Section("glossary", "Glossary", "glossary.html.j2", glossary.make),
)
GUARANTEES: tuple[Section, ...] = (
    Section("side-by-side", "Side by side", "guarantees.html.j2", side_by_side.make),
    Section("prevented", "What they prevent, by phase", "guarantees.html.j2", prevented.make),
    Section("exposed", "Whom they expose", "guarantees.html.j2", exposed.make),
    Section("needed", "What they cost and need", "guarantees.html.j2", needed.make),
    Section("at-risk", "What they risk", "guarantees.html.j2", at_risk.make),
    Section("five-interests", "The five interests of the op-ed, by phase", "guarantees.html.j2", five_interests.make),
    Section("who-gains", "Who else gains", "guarantees.html.j2", five_interests.make_groups),
    Section("legitimacy", "How they could be justified", "guarantees.html.j2", legitimacy.make),
    Section("cannot-claim", "What this page cannot claim", "guarantees.html.j2", side_by_side.make_limits),
)
NUMBERS = Section("numbers", "The numbers behind the pictures", "numbers.html.j2", lambda _: None)  # made of the others


@dataclass(frozen=True)
class Pages:
    """A report, its annex and the page of guarantees.

    Attributes
    ----------
    report
        HTML of at most 3,000 words and 8 pictures, for `report.html`.
    annex
        HTML of all else, for `annex.html` beside it.
    guarantees
        HTML of at most 3,000 words and 8 pictures, for `guarantees.html`; None where zones and aid in one phase are all
        that there is.
    """

    report: str
    annex: str
    guarantees: str | None = None


def pages(view: StudyView, adapted: Adaptation | None = None) -> Pages:
    """Return the report, its annex and, where there is one, the page of guarantees, each as one HTML file.

    Parameters
    ----------
    view
        The study, usually compared with its baseline.
    adapted
        The sweep of the attacker's adaptation, where it was played.

    Returns
    -------
    Pages
        HTML with style and figures inside; no script and nothing to fetch.

    Examples
    --------
    >>> from skyshield.catalogue import load_catalogue
    >>> from skyshield.raids.fit import embedded_fit
    >>> from skyshield.scenario import load, resolve
    >>> from skyshield.study import StudyView, run
    >>> from skyshield.theatre import load_theatre
    >>> scenario = load("skyshield").model_copy(update={"days": 1})
    >>> resolved = resolve(scenario, load_catalogue(), load_theatre(), embedded_fit())
    >>> result = run(resolved, seed=1, replications=2, vectors=2)
    >>> made = pages(StudyView(result, resolved))
    >>> made.report.startswith("<!doctype html>"), 'href="annex.html#doubt"' in made.report
    (True, True)
    """
    reading = Reading(view, adapted)
    made = {file: _made(sections, reading) for file, sections in _tables(reading).items()}
    if drawn := _distinct(content for of in made.values() for _, content in of):
        made[ANNEX_FILE].append((NUMBERS, {"tables": [table for one in drawn if (table := number_table(one))]}))
    where = {section.key: file for file, sections in made.items() for section, _ in sections}
    return Pages(*(_page(file, made[file], where, reading) for file in made))


def _tables(reading: Reading) -> dict[str, tuple[Section, ...]]:
    """Return the sections of each file that a study has."""
    return {REPORT_FILE: REPORT, ANNEX_FILE: ANNEX, **({GUARANTEES_FILE: GUARANTEES} if reading.has_guarantees else {})}


def figures(view: StudyView, adapted: Adaptation | None = None) -> list[Figure]:
    """Return every figure of the pages, in their order.

    Parameters
    ----------
    view, adapted
        As in `pages`.
    """
    reading = Reading(view, adapted)
    return _distinct(content for sections in _tables(reading).values() for _, content in _made(sections, reading))


def _distinct(contents: Iterable[Mapping[str, Any]]) -> list[Figure]:
    return list({figure.key: figure for figure in _figures_in(list(contents))}.values())


def _figures_in(content: Any) -> Iterator[Figure]:
    """Yield the figures in what sections made."""
    if isinstance(content, Figure):
        yield content
    elif isinstance(content, Mapping):
        yield from _figures_in(list(content.values()))
    elif isinstance(content, list | tuple):
        for one in content:
            yield from _figures_in(one)
    elif is_dataclass(content) and not isinstance(content, type):
        yield from _figures_in([getattr(content, one.name) for one in fields(content)])


def _made(sections: Sequence[Section], reading: Reading) -> list[tuple[Section, Mapping[str, Any]]]:
    """Return the sections that the study has, with their content."""
    made = [(section, section.make(reading)) for section in sections]
    return [(section, content) for section, content in made if content is not None]


def _page(file: str, made: Sequence[tuple[Section, Mapping[str, Any]]], where: Mapping[str, str],
          reading: Reading) -> str:
    """Return one page; `where` says on which file each section stands."""
    def to(key: str) -> str:
        """Return the address of a section or of a whole page."""
        return f"#{key}" if where[key] == file else f"{where[key]}#{key}"

    shell, templates = "page.html.j2", environment()
    shared = {"to": to, "has": where.__contains__, "days": reading.days, "source": reading.source,
              "source_alone": reading.source_alone}
    bodies = [(section, Markup(templates.get_template(f"sections/{section.template}").render(  # noqa: S704
        shared | dict(content)))) for section, content in made]
    is_report = file == REPORT_FILE
    files = set(where.values())
    return templates.get_template(shell).render(
        css=Markup(style_sheet()), scenario=reading.scenario, marks=reading.view.marks, sections=bodies,  # noqa: S704
        is_report=is_report, page=_NAMES[file], other=ANNEX_FILE if is_report else REPORT_FILE,
        guarantees=GUARANTEES_FILE if GUARANTEES_FILE in files and file != GUARANTEES_FILE else "",
        elsewhere=[section for section in (*ANNEX, NUMBERS) if section.key in where] if is_report else [], to=to)


def style_sheet() -> str:
    """Return the style sheet with the letters inside."""
    faces = [f"@font-face {{ font-family: 'Noto Sans'; font-weight: {weight}; src: url(data:font/woff2;base64,"
             f"{base64.b64encode(read_bytes(_FONTS / name)).decode()}) format('woff2'); }}"
             for weight, name in _WEIGHTS.items()]
    return "\n".join([*faces, read_text(_TEMPLATES / "skyshield.css")])


@functools.cache
def environment() -> "Environment":
    """Return what fills in the templates of pages; words are escaped."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    made = Environment(loader=FileSystemLoader(_TEMPLATES), autoescape=True, undefined=StrictUndefined,
                       trim_blocks=True, lstrip_blocks=True)
    made.globals |= {"csv_link": csv_link, "svg_link": svg_link}
    return made
