"""What the page of a stored study shows: from its ``summary.json`` alone, as the report tells it, nothing played.

A study lies in the folder of the application under its id. Whatever is wrong with it is said in one line, with what
mends it: it may be unfinished, damaged, or summed up by another version of the program.
"""

import csv
import datetime as dt
import functools
import io
import json
import shlex
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import yaml
from markupsafe import Markup

from skyshield.app.charts import answer, cost_figure, doubts, key_of, whiskers
from skyshield.app.folder import UnknownError
from skyshield.app.orders import OWN_FIT
from skyshield.catalogue import measure_of
from skyshield.core.errors import SkyShieldError
from skyshield.core.files import read_bytes
from skyshield.raids.fit import embedded_fit
from skyshield.report.colours import colour_of
from skyshield.report.option_rows import options_of
from skyshield.report.pairs import pair_figure, pair_table
from skyshield.report.reading import Reading
from skyshield.report.sections.answer import answer_sentence, short_table
from skyshield.report.sections.clauses import section as clauses_of
from skyshield.report.sections.drivers import drivers, tornado
from skyshield.report.sections.incidents import make as incidents_short
from skyshield.report.sections.incidents_in_full import section as incidents_of
from skyshield.report.svg import Figure
from skyshield.report.tables import Table
from skyshield.scenario import Scenario
from skyshield.scenario.load import dump, library, load
from skyshield.study import store
from skyshield.study.compare import PRIMARIES, rounded
from skyshield.study.reader import read_resolved, told_of
from skyshield.study.view import StudyView

STORED = {"report": store.REPORT, "annex": store.ANNEX, "guarantees": store.GUARANTEES}
CSV_HEAD = ("option", "measure", "delta", "lo", "hi", "mcse", "spread_lo", "spread_hi", "env_lo", "env_hi", "joint_lo",
            "joint_hi", "unit")
MOST_DRIVERS = 6
_PAGE_BYTES, _MOST_TITLES = 64 * 2**20, 512
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
# What a file that is not what it says to be can raise while it is read.
_DAMAGE = (KeyError, IndexError, TypeError, ValueError, AttributeError, ArithmeticError, RecursionError, StopIteration)


class NotReadyError(SkyShieldError):
    """A study that is there and cannot be shown as it is."""


@contextmanager
def told(name: str) -> Iterator[None]:
    """Say of a study that cannot be read that it is damaged, by its id, and nothing else of it."""
    try:
        yield
    except _DAMAGE as error:
        raise NotReadyError(f"study {name!r}", "is damaged: its summary does not hold what it should",
                            "resume it: its summary is made anew") from error


def rows(studies: Mapping[str, Path]) -> list[dict[str, Any]]:
    """Return a row for each study, the newest first; one that cannot be read says why."""
    return sorted((_row(name, path) for name, path in studies.items()), key=lambda row: row["date"], reverse=True)


def _row(name: str, path: Path) -> dict[str, Any]:
    row: dict[str, Any] = {"id": name, "scenario": "", "label": "", "vectors": None, "replications": None, "days": None,
                           "seed": None, "complete": False, "study_key": "", "date": "", "fault": None}
    try:
        row["date"] = _date(path / store.MANIFEST)
        with told(name):
            manifest = store.read_manifest(path)
            row |= {key: manifest[key] for key in ("vectors", "replications", "days", "seed", "complete", "study_key")}
            row |= dict(zip(("scenario", "label"), _words(path, manifest["resolved_sha256"]), strict=True))
            if not manifest["complete"]:
                row["fault"] = _fault(unfinished(name, path, manifest))
    except SkyShieldError as error:
        row["fault"] = _fault(error)
    except OSError as error:
        row["fault"] = {"where": name, "what": error.strerror or "cannot be read", "remedy": "look at its folder"}
    return row


def _date(path: Path) -> str:
    """Return when a file was last written, in UTC."""
    return dt.datetime.fromtimestamp(path.stat().st_mtime, dt.UTC).strftime("%Y-%m-%dT%H:%MZ")


@functools.lru_cache(_MOST_TITLES)
def _words(path: Path, digest: str) -> tuple[str, str]:  # noqa: ARG001 - of the file, so that it is read but once
    """Return name and title of the scenario that a study was run with."""
    scenario = json.loads(read_bytes(path / store.RESOLVED))["scenario"]
    return str(scenario["name"]), str(scenario["title"])


def _fault(error: SkyShieldError) -> dict[str, str]:
    return {"where": error.where, "what": error.what, "remedy": error.remedy}


def unfinished(name: str, path: Path, manifest: Mapping[str, Any]) -> NotReadyError:
    """Say how much of a study is there, and how it goes on."""
    return NotReadyError(f"study {name!r}", f"is not finished: {told_of(path, dict(manifest))}",
                         "resume it, what is stored is not played again")


def opened(name: str, path: Path) -> StudyView:
    """Open a study by its summary.

    Raises
    ------
    SkyShieldError
        If it is not finished, damaged, or summed up by another version of the program.
    """
    with told(name):
        manifest = store.read_manifest(path)
        if not manifest["complete"]:
            raise unfinished(name, path, manifest)
        try:
            view = StudyView.open(path)
        except SkyShieldError as error:
            raise NotReadyError(f"study {name!r}", f"is damaged: {Path(error.where).name} {error.what}",
                                "resume it: what is damaged is played again") from None
        if not view.summary:
            raise NotReadyError(f"study {name!r}", "was summed up by another version of the program",
                                "resume it: nothing is played again, its summary is made anew")
        return view


def result(name: str, path: Path, of: str = "") -> dict[str, Any]:
    """Return what the page of a study shows.

    Parameters
    ----------
    name
        The study's id.
    path
        Its folder.
    of
        The option whose drivers are shown; the first that is not aid if not given.

    Returns
    -------
    dict
        Plain data, and figures and tables for the template; `plain` makes all of it plain.

    Raises
    ------
    SkyShieldError
        As `opened`, or if it has no such option.
    """
    view = opened(name, path)
    with told(name):
        return _result(name, path, view, of)


def _result(name: str, path: Path, view: StudyView, of: str) -> dict[str, Any]:
    reading, manifest = Reading(view), view.manifest
    if of and of not in reading.ordered:
        raise SkyShieldError(f"option {of!r}", "is not in the study", f"choose from {', '.join(reading.ordered)}")
    alone = reading.alone
    figures = {} if alone else {measure: whiskers(reading, measure) for measure in PRIMARIES}
    clauses = clauses_of(view.prices, reading.labels, reading.days)
    incidents = None if alone else incidents_of(reading.comparison, reading.summaries, reading.labels, reading.days)
    lead = of or reading.lead
    return {
        "id": name, "title": reading.scenario.title, "question": reading.scenario.question,
        "scenario": reading.scenario.name, "study_key": manifest["study_key"], "date": _date(path / store.MANIFEST),
        "baseline": {"name": view.to, "label": reading.labels[view.to]},
        **{key: manifest[key] for key in ("vectors", "replications", "days", "of_days", "seed")},
        "finding": "The study holds the baseline alone" if alone else answer(reading),
        "sentence": "" if alone else answer_sentence(reading), "marks": list(view.marks),
        "options": _options(reading), "primary": list(PRIMARIES),
        "paired": {option: {measure: rounded(row[measure]) for measure in PRIMARIES}
                   for option, row in reading.comparison.rows.items()},
        "whiskers": [{"figure": figure, "table": doubts(reading, measure),
                      "key": key_of(figure) if measure == PRIMARIES[0] else []} for measure, figure in figures.items()],
        "answer": None if alone else _short(reading),
        "pairs": None if alone else pair_figure(reading), "pair_table": None if alone else pair_table(reading),
        "cost": None if alone else cost_figure(reading),
        "drivers": None if lead is None else tornado(reading, lead, "figure-drivers", MOST_DRIVERS),
        "drivers_of": lead, "driver_words": [] if of else drivers(reading), "clauses": clauses,
        "risk": None if alone else incidents_short(reading), "incidents": incidents,
        "dominated": {option: list(better) for option, better in view.dominated.items()}, "source": reading.source,
        "command": command(view.scenario, view),
        "stored": [key for key, file in STORED.items() if _is_file(path / file)],
    }


def _options(reading: Reading) -> list[dict[str, Any]]:
    return [{"name": option.name, "label": option.label, "short": option.short or option.label,
             "colour": colour_of(option), "baseline": option.name == reading.comparison.to, "twin": option.twin}
            for option in reading.scenario.options]


def _short(reading: Reading) -> Table:
    by_name = {option.name: option for option in options_of(reading)}
    return short_table(reading, [[by_name[name] for name in family.names] for family in reading.families])


def parts(shown: Mapping[str, Any]) -> list[tuple[str, str, bool]]:
    """Return the parts of a study's page: anchor, words, and whether the study has it."""
    return [("the-answer", "The answer", True), ("money", "Money", shown["answer"] is not None),
            ("against", "Options against one another", shown["pairs"] is not None),
            ("drivers", "What moves the answer", shown["drivers"] is not None or bool(shown["driver_words"])),
            ("clauses", "What each clause costs", shown["clauses"] is not None),
            ("incidents", "Incidents and people", shown["incidents"] is not None)]


def plain(shown: Any) -> Any:
    """Return what a page shows as plain data: figures as their numbers, tables as their cells."""
    if isinstance(shown, Figure):
        numbers = shown.numbers
        return {"key": shown.key, "title": shown.title, "measure": shown.measure, "note": shown.note,
                "head": [] if numbers is None else list(numbers.head),
                "rows": [] if numbers is None else rounded([list(row) for row in numbers.rows])}
    if isinstance(shown, Table):
        return {"key": shown.key, "caption": shown.caption, "head": list(shown.head), "note": shown.note,
                "rows": [[_text(cell) for cell in row] for row in shown.rows]}
    if isinstance(shown, Mapping):
        return {key: plain(value) for key, value in shown.items() if not isinstance(value, Markup)}
    if isinstance(shown, list | tuple):
        return [plain(value) for value in shown]
    if hasattr(shown, "__dataclass_fields__"):
        return {key: plain(getattr(shown, key)) for key in shown.__dataclass_fields__}
    return shown


def _text(cell: Any) -> str:
    """Return a cell as words."""
    return str(cell.replace("<br>", " ").striptags()) if isinstance(cell, Markup) else str(cell)


def command(scenario: Scenario, view: StudyView) -> str:
    """Return the command that makes the numbers of a study: of a shipped scenario, or of the file `scenario_yaml`."""
    asked = asked_of(scenario)
    what = shipped_as(asked) or shlex.quote(f"{asked.name}.yaml")
    fit = "" if view.fit.to_dict() == embedded_fit().to_dict() else f" {OWN_FIT}"
    rules = " --rules" if asked != scenario else ""
    vectors, replications = view.sizes
    return (f"skyshield run {what} --vectors {vectors} --replications {replications} --seed {view.manifest['seed']}"
            f"{rules}{fit}")


def shipped_as(scenario: Scenario) -> str:
    """Return how ``run`` is asked for a scenario that is shipped, or the first days or some options of one.

    Examples
    --------
    >>> shipped_as(load("month")), shipped_as(load("month").first(5))
    ('month', 'month --days 5')
    >>> shipped_as(load("month").chosen(("region",))), shipped_as(load("month").model_copy(update={"title": "Mine"}))
    ('month --options region', '')
    """
    if scenario.name not in library():
        return ""
    whole, words = load(scenario.name), scenario.name
    if scenario.days < whole.days:
        whole, words = whole.first(scenario.days), f"{words} --days {scenario.days}"
    names = [option.name for option in scenario.options if option.name != scenario.baseline]
    if len(scenario.options) < len(whole.options) and {*names} <= {option.name for option in whole.options}:
        whole, words = whole.chosen(tuple(names)), f"{words} --options {','.join(names)}"
    return words if whole == scenario else ""


def asked_of(scenario: Scenario) -> Scenario:
    """Return a scenario without the options that ``--rules`` adds, where it would add them again."""
    asked = scenario.without_dropped()
    return asked if asked.with_clauses_dropped() == scenario else scenario


def scenario_yaml(name: str, path: Path) -> str:
    """Return the scenario of a study, whole or not, as a file."""
    with told(name):
        return yaml_of(read_resolved(path, store.read_manifest(path)).parts()[0])


def yaml_of(scenario: Scenario) -> str:
    """Return a study's scenario as ``run`` is given it."""
    return yaml.safe_dump(dump(asked_of(scenario)), sort_keys=False, allow_unicode=True, width=100)


def csv_of(name: str, path: Path) -> str:
    """Return every paired difference of a study as CSV, in the units that results hold, at 6 significant digits."""
    view = opened(name, path)
    stream = io.StringIO()
    writer = csv.writer(stream)
    writer.writerow(CSV_HEAD)
    with told(name):
        for option, measures in view.comparison.rows.items():
            for measure, row in measures.items():
                writer.writerow([safe_cell(option), safe_cell(measure), *(
                    "" if (value := row.get(key)) is None else rounded(float(value)) for key in CSV_HEAD[2:-1]),
                    safe_cell(measure_of(measure).unit)])
    return stream.getvalue()


def safe_cell(text: str) -> str:
    """Return words that no spreadsheet takes for a formula.

    Examples
    --------
    >>> safe_cell("=1+1"), safe_cell("region")
    ("'=1+1", 'region')
    """
    return f"'{text}" if text.startswith(_FORMULA) else text


def summary_of(name: str, path: Path) -> bytes:
    """Return what ``run --json`` prints of a study."""
    view = opened(name, path)
    with told(name):
        json.dumps(view.summary, allow_nan=False)
    return read_bytes(path / store.SUMMARY)


def stored_page(name: str, path: Path, kind: str) -> bytes:
    """Return a page that lies with a study.

    Raises
    ------
    SkyShieldError
        If there is none.
    """
    if not _is_file(path / STORED[kind]):
        raise UnknownError(f"study {name!r}", f"has no {STORED[kind]}", "make it with 'skyshield report'")
    return read_bytes(path / STORED[kind], _PAGE_BYTES)


def _is_file(path: Path) -> bool:
    return path.is_file() and not path.is_symlink()
