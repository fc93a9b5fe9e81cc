"""Two stored studies side by side: what differs in their scenarios, and what that changes."""

import difflib
import shlex
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from skyshield.app.charts import key_of
from skyshield.app.results import opened, told, yaml_of
from skyshield.catalogue import measure_of
from skyshield.core.errors import SkyShieldError
from skyshield.report.colours import colour_of
from skyshield.report.rows import Row, intervals
from skyshield.report.sections.answer import below
from skyshield.report.svg import Figure
from skyshield.report.tables import Cell, Table, measure_label, with_interval
from skyshield.report.text import count, listing, number
from skyshield.scenario import Option
from skyshield.study.already import size_words
from skyshield.study.clauses import INCIDENTS, columns_of
from skyshield.study.compare import PRIMARIES, rounded
from skyshield.study.told import Summary, ends, is_zero
from skyshield.study.two_studies import TwoStudies, of_views, two_json
from skyshield.study.view import StudyView

Pair = tuple[str, str]
Rows = Mapping[str, Mapping[str, Summary]]
CONTEXT_LINES, MOST_LINES = 3, 400
COLUMNS = ("prevented_armed_zone", "prevented_armed", "prevented_zone", "planned_cost_eur", "cost_eur", "casualties",
           "people_exposed_h")
MOST_NAMED = 8
_Z = 1.96
_SIGNS = {"-": "gone", "+": "new", " ": "same"}
_WHERE = {PRIMARIES[0]: "bound for the protected area", PRIMARIES[1]: "in the whole country"}


def document(names: Pair, paths: tuple[Path, Path], to: str | None = None) -> dict[str, Any]:
    """Return what ``compare A B --json`` prints.

    Raises
    ------
    SkyShieldError
        If one cannot be shown, or they cannot be compared.
    """
    views = (opened(names[0], paths[0]), opened(names[1], paths[1]))
    with told(" and ".join(names)):
        plain: dict[str, Any] = rounded(two_json(_found(names, views, paths, to)))
        return plain


def comparison(names: Pair, paths: tuple[Path, Path], to: str | None = None) -> dict[str, Any]:
    """Return what the page of two studies shows: each option of the second minus that of the same name in the first.

    Raises
    ------
    SkyShieldError
        As `document`.
    """
    views = (opened(names[0], paths[0]), opened(names[1], paths[1]))
    with told(" and ".join(names)):
        return _comparison(names, views, _found(names, views, paths, to))


def _found(names: Pair, views: tuple[StudyView, StudyView], paths: tuple[Path, Path], to: str | None) -> TwoStudies:
    """Find what sets two studies apart; what is wrong names them by their ids."""
    try:
        return of_views(*views, paths, to)
    except SkyShieldError as error:
        what = error.what
        for name, path in zip(names, paths, strict=True):
            what = what.replace(str(path), name)
        where = error.where if error.where.startswith("option ") else f"studies {names[0]!r} and {names[1]!r}"
        raise SkyShieldError(where, what, error.remedy) from None


def _comparison(names: Pair, views: tuple[StudyView, StudyView], found: TwoStudies) -> dict[str, Any]:
    of = {option.name: option for option in views[1].scenario.options}
    rows = with_errors(found.rows((*COLUMNS, *columns_of(INCIDENTS))))
    lines = changes(*(yaml_of(view.scenario) for view in views))
    measured = f"in {count(int(views[1].manifest['days']), 'day')}{'' if found.to is None else f', minus {found.to}'}"
    figures = [figure(measure, rows, of, measured, found.paired) for measure in PRIMARIES]
    return {
        "a": _about(names[0], views[0]), "b": _about(names[1], views[1]), "to": found.to,
        "options": [option.name for option in of.values() if option.name in found.a.options],
        "paired": found.paired, "why_not": list(found.why_not), "pairing": pairing(found),
        "finding": finding(rows, of), "apart": apart(found, names),
        "only_in_a": found.only(found.a, found.b), "only_in_b": found.only(found.b, found.a),
        "changed": found.changed, "differences": rounded(rows), "figures": figures, "key": key_of(figures[0]),
        "table": table(rows, of, measured), "yaml": lines[:MOST_LINES], "yaml_more": max(0, len(lines) - MOST_LINES),
        "command": shlex.join(["skyshield", "compare", *names, *(() if found.to is None else ("--to", found.to))]),
    }


def with_errors(rows: Rows) -> dict[str, dict[str, Summary]]:
    """Return the rows with their Monte Carlo error as that of the mean, so that it says how many digits are told."""
    return {option: {measure: row | {"se": {"mean": row["mcse"]}} for measure, row in of.items()}
            for option, of in rows.items()}


def _about(name: str, view: StudyView) -> dict[str, Any]:
    return {"id": name, "title": view.scenario.title, "study_key": view.manifest["study_key"],
            **{key: view.manifest[key] for key in ("vectors", "replications", "days", "seed")}}


def pairing(found: TwoStudies) -> str:
    """Say how the two studies are compared."""
    if found.paired:
        return (f"Paired: both met the same raids, so differences are taken over the {size_words(*found.sizes)} that "
                "both have.")
    return (f"Not paired: {listing(found.why_not)}, not the same in both. The intervals treat the two studies as "
            "independent and are wider for it.")


def apart(found: TwoStudies, names: Pair) -> list[str]:
    """Say what sets the two studies apart, besides what keeps them from being paired."""
    changed = found.changed
    said = [f"Not the same in both: {option} ({' and '.join(fields)})"
            for option, fields in changed["options"].items()]
    said += [f"Not the same in both {what}: {listing([*few[:MOST_NAMED], *_more(few)])}" for what, few in (
        ("catalogues", changed["numbers"]), ("scenarios", changed["scenario"])) if few]
    return said + [f"Only in {name}: {listing(few)}" for name, few in (
        (names[0], found.only(found.a, found.b)), (names[1], found.only(found.b, found.a))) if few]


def _more(names: Sequence[str]) -> list[str]:
    return [f"{len(names) - MOST_NAMED} more"] if len(names) > MOST_NAMED else []


def finding(rows: Rows, of: Mapping[str, Option]) -> str:
    """Say in a sentence with a number what differs most in the first primary measure."""
    known = {name: row[PRIMARIES[0]] for name, row in rows.items() if row[PRIMARIES[0]]["delta"] is not None}
    if not known:
        return "There is no result: every replication of one of them failed"
    if all(is_zero(row) for row in known.values()):
        return "Both keep as many armed threats from their aims: there is no difference at all"
    name = max(known, key=lambda name: abs(known[name]["delta"]))
    delta, error = known[name]["delta"], known[name]["mcse"]
    short = of[name].short or of[name].label
    if error is not None and abs(delta) <= _Z * error:
        return f"No difference that can be told from noise: “{short}” differs most, by {number(delta, error=error)}"
    reach = ends(known[name])
    if reach is not None and reach[0] <= 0.0 <= reach[1]:
        return (f"No difference that is sure: “{short}” differs most, by {number(delta, error=error)}, and 95% of the "
                f"expected outcome holds zero")
    return (f"“{short}” keeps {number(abs(delta), error=error)} {'more' if delta > 0.0 else 'fewer'} armed threats "
            f"{_WHERE[PRIMARIES[0]]} from their aims in the second study")


def figure(measure: str, rows: Rows, of: Mapping[str, Option], measured: str, paired: bool) -> Figure:
    """Draw the difference of every option in a primary measure."""
    known = [row[measure]["delta"] for row in rows.values() if row[measure]["delta"] is not None]
    ends = f"from {number(min(known), 1)} to {number(max(known), 1)}" if any(known) else "none"
    drawn = [Row(of[name].short or of[name].label, colour_of(of[name]), row[measure]) for name, row in rows.items()]
    how = "on the same raids" if paired else "of independent studies"
    return intervals(f"figure-two-{measure.replace('_', '-')}", drawn,
                     f"Armed threats {_WHERE[measure]}: differences {ends}",
                     f"Kept from their aims {measured}, the second study minus the first, {how}; mean (95% of the "
                     "expected outcome)", explained=False)


def table(rows: Rows, of: Mapping[str, Option], measured: str) -> Table:
    """Return the differences: an option a row, what never differs left out."""
    columns = [column for column in rows[next(iter(rows))] if not all(is_zero(row[column]) for row in rows.values())]
    silent = [measure_label(column) for column in COLUMNS if column not in columns]
    cells: list[tuple[Cell, ...]] = [
        (f"{measure_label(column)} ({measure_of(column).shown})",
         *(below(with_interval(row[column], column, "delta")) for row in rows.values())) for column in columns]
    return Table("two-studies", f"The second study minus the first, {measured}; 95% of the expected outcome below",
                 ("Measure", *(of[name].short or of[name].label for name in rows)), tuple(cells), numeric=True,
                 note=f"No difference at all: {listing(silent)}." if silent else "", dense=len(rows) > MOST_NAMED)


def changes(one: str, other: str) -> list[dict[str, str]]:
    r"""Return what differs between two files: ``kind`` is ``gone``, ``new``, ``same`` or ``place``, with the ``text``.

    Examples
    --------
    >>> [(line["kind"], line["text"]) for line in changes("days: 30\nseed: 1\n", "days: 60\nseed: 1\n")]
    [('place', 'line 1'), ('gone', 'days: 30'), ('new', 'days: 60'), ('same', 'seed: 1')]
    """
    found = []
    for line in list(difflib.unified_diff(one.splitlines(), other.splitlines(), n=CONTEXT_LINES, lineterm=""))[2:]:
        if line.startswith("@@"):
            found.append({"kind": "place", "text": f"line {line.split()[1].lstrip('-').partition(',')[0]}"})
        else:
            found.append({"kind": _SIGNS[line[0]], "text": line[1:]})
    return found
