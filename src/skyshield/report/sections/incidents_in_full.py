"""Incidents and people: what an option puts at risk, where that falls in law, and what no figure here can claim.

The engine counts incidents by kind, people exposed by role and place, casualties and hours under alert; the table of
law (`rules.legal`) says for each kind whether the place and what is hit are among those that the two articles name.
Casualties have mass events, so that a mean alone would mislead: the share of periods with any, and with ten and more,
stand beside it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from markupsafe import Markup

from skyshield.catalogue import measure_of
from skyshield.report.alike import alike, label_of
from skyshield.report.reading import Reading
from skyshield.report.rows import Row, intervals
from skyshield.report.svg import Figure
from skyshield.report.tables import Cell, Summaries, Table, measure_unit, scaled, with_interval
from skyshield.report.text import NOTHING, listing, number, span
from skyshield.rules.legal import Legal, LegalPlace, load_legal
from skyshield.study.clauses import columns_of
from skyshield.study.compare import Comparison
from skyshield.study.summary import MASS_EVENT
from skyshield.study.told import Summary, is_zero

Labels = Mapping[str, str]

INCIDENTS, EXPOSED, BY_ROLE = "incidents/", "people_exposed_h", "people_by_role_h/"
CASUALTIES, ALERT = "casualties", "alert_person_hours"
_PERCENT = 100.0
_CHANCE = ("p_any", "p_any_env_lo", "p_any_env_hi")


@dataclass(frozen=True)
class Incidents:
    """What the page shows of incidents and people."""

    tables: tuple[Table, ...]
    people: tuple[Table, ...]
    silent: str
    law: tuple[str, ...]


def counted() -> bool:
    """Return whether the engine counts incidents at all."""
    return bool(columns_of(INCIDENTS))


def kind_label(kind: str) -> str:
    """Return a kind of incident in words.

    Examples
    --------
    >>> kind_label("crossing_poland"), kind_label("of_no_such_kind")
    ('A threat crosses into Poland', 'of no such kind')
    """
    place = _place(kind, load_legal())
    return kind.replace("_", " ") if place is None else place.what


def _place(kind: str, law: Legal) -> LegalPlace | None:
    return next((place for place in law.kinds if place.kind == kind), None)


def make(reading: Reading) -> dict[str, Any] | None:
    """Return the section; None if the engine counts no incidents."""
    computed = section(reading.comparison, reading.summaries, reading.labels, reading.days)
    if computed is None:
        return None
    known = columns_of(CASUALTIES) and reading.lead is not None
    return {"incidents": computed, "figure": _figure(reading) if known else None}


def casualty_sentence(reading: Reading) -> str:
    """Say in how many periods the option that has most of them has casualties."""
    of = {name: reading.summaries[name][CASUALTIES] for name in reading.ordered}
    most = max(of, key=lambda name: of[name]["p_any"] or 0.0)
    upper = of[most]["p_any_env_hi"]
    share = percent(of[most]["p_any"])
    doubt = "" if upper is None or percent(upper) == share else f", up to {percent(upper)} within what nobody knows"
    return f"“{reading.labels[most]}” has casualties of the coalition in {share} of periods{doubt}"


def _figure(reading: Reading) -> Figure:
    """Draw the share of periods with any casualty of the coalition, options alike in one row."""
    of = {name: reading.summaries[name][CASUALTIES] for name in reading.ordered}
    aid = {name for name, option in reading.options.items() if option.role == "aid"}
    groups = alike(reading.ordered, lambda a, b: (a in aid) == (b in aid) and all(
        number(of[a].get(key)) == number(of[b].get(key)) for key in _CHANCE))
    rows = []
    for group in groups:
        row = of[group[0]]
        shown = {"mean": row["p_any"], "lo": None, "hi": None, "mcse": None, "env_lo": row["p_any_env_lo"],
                 "env_hi": row["p_any_env_hi"]}
        rows.append(Row(label_of(group, reading.labels, aid), reading.colours[group[0]], shown, "mean", percent=True))
    return intervals("figure-casualties", rows, casualty_sentence(reading),
                     f"Share of periods of {reading.days} days in which anybody of the coalition is hurt or killed; a "
                     f"mass event, {MASS_EVENT} or more at once, counts once")


def section(comparison: Comparison, summaries: Summaries, labels: Labels, days: int) -> Incidents | None:
    """Return the section, None if the engine counts no incidents.

    Parameters
    ----------
    comparison
        Paired differences.
    summaries
        Option -> measure -> its own summary.
    labels
        Of the options.
    days
        Of the period.
    """
    if not counted():
        return None
    law = load_legal()
    with_tables: list[str] = []
    silent: list[str] = []
    for option, rows in comparison.rows.items():
        changes = not all(is_zero(rows[c]) for c in columns_of(INCIDENTS))
        (with_tables if changes else silent).append(option)
    made = {option: incident_table(comparison, summaries, option, labels, days, law) for option in with_tables}
    groups = alike(with_tables, lambda one, other: made[one].rows == made[other].rows)
    tables = tuple(replace(made[group[0]], caption=made[group[0]].caption.replace(
        labels[group[0]], listing([labels[name] for name in group]), 1)) for group in groups)
    names = listing([f"“{labels[option]}”" for option in silent])
    words = f"{names}: the same incidents as in “{labels[comparison.to]}” in every replication." if silent else ""
    return Incidents(tables, tuple(people_tables(comparison, summaries, labels, days)), words,
                     tuple(f"{key}: {citation}" for key, citation in law.sources))


def incident_table(comparison: Comparison, summaries: Summaries, option: str, labels: Labels, days: int,
                   law: Legal, columns: Sequence[str] | None = None) -> Table:
    """Return an option's incidents by kind, with the law; kinds that never happen go to the note.

    `columns` are the kinds to show, all if not given.
    """
    rows: list[tuple[Cell, ...]] = []
    never = []
    for column in columns_of(INCIDENTS) if columns is None else columns:
        kind = column.removeprefix(INCIDENTS)
        own, base, change = (summaries[option][column], summaries[comparison.to][column],
                             comparison.rows[option][column])
        if not any(row[key] for row, key in ((own, "mean"), (base, "mean"), (change, "env_hi"), (change, "env_lo"))):
            never.append(kind_label(kind))
            continue
        place = _place(kind, law)
        rows.append((Markup("{}<br><code>{}</code>").format(kind_label(kind), kind), _side(place, "article_6"),
                     _side(place, "article_42_7"), with_interval(own, column, "mean"),
                     with_interval(base, column, "mean"), with_interval(change, column, "delta"),
                     span(change["env_lo"], change["env_hi"]), "" if place is None else place.reason))
    note = f"Never in any replication: {'; '.join(never)}." if never else ""
    return Table(f"incidents-{option}", f"{labels[option]}: expected number of incidents in {days} days, with the 95% "
                 "interval of the expected outcome in brackets, and where they fall in law",
                 ("Kind", "Article 6, North Atlantic Treaty", "Article 42(7) TEU", "Expected number",
                  f"In “{labels[comparison.to]}”", "Difference", "Envelope of the difference", "Why the law is so"),
                 tuple(rows), dense=True, note=note)


def _side(place: LegalPlace | None, article: str) -> Cell:
    if place is None:
        return NOTHING
    return "inside" if getattr(place, article) else "outside"


def people_tables(comparison: Comparison, summaries: Summaries, labels: Labels, days: int) -> list[Table]:
    """Return people exposed by role and place, casualties, and hours under alert, as far as they are counted."""
    result = []
    names = [comparison.to, *comparison.rows]
    columns = (*columns_of(BY_ROLE), *columns_of(EXPOSED))
    if columns:
        heads = [measure_of(c).keys.get(c.partition("/")[2], "over and on Ukraine together") for c in columns]
        rows: list[tuple[Cell, ...]] = [
            (labels[o], *(with_interval(summaries[o][c], c, "mean") for c in columns)) for o in names]
        result.append(Table("people", f"People exposed, person-hours in {days} days, by role and place",
                            ("Option", *heads), tuple(rows), numeric=True))
    if columns_of(CASUALTIES):
        rows = [(labels[o], with_interval(summaries[o][CASUALTIES], CASUALTIES, "mean"),
                 span(summaries[o][CASUALTIES]["env_lo"], summaries[o][CASUALTIES]["env_hi"]),
                 *(cell for name in ("p_any", "p_ten") for cell in _chance(summaries[o][CASUALTIES], name)))
                for o in names]
        result.append(Table("casualties", f"Casualties of the coalition in {days} days, and the share of periods with "
                            f"any and with at least {MASS_EVENT}",
                            ("Option", "Mean", "Envelope of the mean", "Periods with any", "Envelope",
                             f"Periods with at least {MASS_EVENT}", "Envelope"), tuple(rows), numeric=True,
                            note="Casualties come in mass events, so that the mean alone misleads. The envelope spans "
                                "the runs with numbers that nobody knows moved to their ends, attacks on purpose "
                                "among them."))
    if columns_of(ALERT):
        rows = [(labels[o], with_interval(comparison.rows[o][ALERT], ALERT, "delta"),
                 span(scaled(comparison.rows[o][ALERT]["env_lo"], ALERT),
                      scaled(comparison.rows[o][ALERT]["env_hi"], ALERT)))
                for o in comparison.rows]
        result.append(Table("alert-hours", f"Inhabitants under alert by night in {days} days, {measure_unit(ALERT)}, "
                            f"difference to “{labels[comparison.to]}”", ("Option", "Difference", "Envelope"),
                            tuple(rows), numeric=True))
    return result


def _chance(row: Summary, name: str) -> tuple[str, str]:
    """Return the share of periods in which something happens and its envelope, in %."""
    low, high = row[f"{name}_env_lo"], row[f"{name}_env_hi"]
    ends = dict.fromkeys(percent(end) for end in (low, high))
    return percent(row[name]), " to ".join(ends)


def percent(value: float | None) -> str:
    """Return a share in %."""
    return NOTHING if value is None else f"{number(_PERCENT * value)}%"
