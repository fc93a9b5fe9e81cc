"""The report's tables as plain data: a caption with units, a head, rows of text.

A cell is text, which the template escapes, or markup made here from escaped parts. The first cell of a
row names it.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from skyshield.catalogue import Catalogue, Measure, load_measures
from skyshield.compile.parameters import end_value
from skyshield.report.words import (
    CLASS_SHORT,
    NOTHING,
    SOME,
    force_words,
    full,
    interval,
    number,
    span,
    standoff_words,
    target_words,
    total,
    zone_words,
)
from skyshield.scenario import Scenario
from skyshield.study.compare import Comparison, over_arms, single_moves
from skyshield.study.result import StudyResult
from skyshield.study.summary import Summary

Cell = str | Markup
Summaries = Mapping[str, Mapping[str, Summary]]

_MILLION = 1e6
_BILLION = 1e9

_LABELS = {
    "tanker_hours": "Flight hours of tankers", "shooter_days_without_rounds": "Days of shooters without rounds",
    "prevented_zone": "Prevented, aim in the protected area", "leaked_zone": "Leaked, aim in the protected area",
    "leaked_armed": "Leaked, armed UAVs only", "launched": "Launched", "stopped_own_hard": "Destroyed by Ukraine",
    "stopped_own_soft": "Diverted by Ukraine's jamming", "stopped_aid": "Stopped by Ukraine with aid",
    "stopped_coalition": "Destroyed by the coalition",
    "prevented": "Prevented", "redundant": "Redundant", "leaked": "Leaked", "engaged": "Fired at by the coalition",
    "saturated": "No patrol free in time", "refused_class": "Left alone: class not allowed",
    "refused_standoff": "Left alone: stand-off", "refused_identification": "Left alone: not taken for an allowed class",
    "refused_deconfliction": "Left alone: left to Ukraine",
    "refused_by": "Left alone: stand-off, by clause to blame", "munitions": "Munitions fired", "sorties": "Sorties",
    "flight_hours": "Flight hours", "cost_eur": "Cost, fully loaded", "incremental_cost_eur": "Cost, incremental",
    "planned_cost_eur": "Planned cost, fully loaded", "planned_incremental_cost_eur": "Planned cost, incremental",
    "unspent_eur": "Aid left unspent", "cost_by_line_eur": "Cost, fully loaded",
    "relieved": "Stopped elsewhere by relief", "casualties": "Casualties of the coalition",
    "incidents": "Incidents", "people_exposed_h": "Coalition people over and on Ukraine",
    "people_by_role_h": "Coalition people", "alert_person_hours": "Inhabitants under alert by night"}
_IN_MILLIONS = ("EUR million", "million person-hours")
_KEYS = {**CLASS_SHORT, "aam": "air-to-air", "guided_rocket": "guided rockets", "sam": "from the ground",
         "gun": "engagements by guns", "interceptor_drone": "interceptor drones", "flight_hours": "flight hours",
         "people_and_basing": "people and basing", "ground_units": "ground-based units", "losses": "expected losses",
         "standoff_russia": "distance from Russia", "standoff_front": "distance from the front",
         "standoff_belarus": "distance from Belarus", "crewed_buffer": "buffer for crewed aircraft",
         "debris": "distance from cities", "several": "several together",
         "engagement_near_border": "engagement near Russia or Belarus",
         "engagement_near_front": "engagement near the front", "debris_built_up": "debris on a built-up area",
         "stray_weapon": "stray missile on a built-up area", "crossing_poland": "threat crosses into Poland",
         "crossing_slovakia": "threat crosses into Slovakia", "crossing_hungary": "threat crosses into Hungary",
         "crossing_romania": "threat crosses into Romania", "crossing_moldova": "threat crosses into Moldova",
         "encounter_crewed": "meeting with a crewed Russian aircraft",
         "aircraft_lost_over_ukraine": "coalition aircraft shot down over Ukraine",
         "accident": "coalition aircraft lost by accident", "fratricide": "friendly fire between aircraft",
         "wrong_class": "a forbidden class shot at", "people_struck_in_ukraine": "coalition people in Ukraine struck",
         "base_struck_in_member_state": "base in a member state struck", "embassy_struck": "embassy in Kyiv struck",
         "aircrew_over_ukraine": "aircrew over Ukraine", "crews_in_ukraine": "crews in Ukraine",
         "bases_in_member_states": "bases outside Ukraine"}
_UNITS = {"shooter_days_without_rounds": "days",
          "munitions": "munitions", "sorties": "sorties", "incidents": "incidents", "casualties": "people",
          "people_exposed_h": "person-hours", "people_by_role_h": "person-hours",
          "alert_person_hours": "million person-hours"}
_ORDER = ("prevented_zone", "leaked_zone", "prevented", "redundant", "leaked", "leaked_armed", "stopped_coalition",
          "stopped_aid", "stopped_own_hard", "stopped_own_soft", "launched", "engaged", "saturated", "refused_class",
          "refused_standoff", "refused_by", "refused_identification", "refused_deconfliction", "munitions", "sorties",
          "flight_hours", "cost_eur", "cost_by_line_eur", "unspent_eur", "incremental_cost_eur", "planned_cost_eur",
          "planned_incremental_cost_eur", "relieved", "tanker_hours", "shooter_days_without_rounds", "incidents",
          "people_exposed_h", "people_by_role_h", "casualties", "alert_person_hours")


@dataclass(frozen=True)
class Table:
    """One table.

    Attributes
    ----------
    key
        Its anchor.
    caption
        What it shows, with units.
    head
        Column heads.
    rows
        Cells; the first of a row is its head.
    numeric
        Whether the columns after the first are numbers.
    note
        Below the table.
    dense
        Whether it has so many columns that it is set small.
    """

    key: str
    caption: str
    head: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    numeric: bool = False
    note: str = ""
    dense: bool = False


def _base(column: str) -> str:
    return column.partition("/")[0]


def measure_columns() -> list[str]:
    """Return every result column in the order of the tables; one unknown to the order comes last."""
    every = list(load_measures())
    every.sort(key=lambda m: _ORDER.index(m.name) if m.name in _ORDER else len(_ORDER))
    return [column for measure in every for column in measure.columns]


def _measure(column: str) -> Measure:
    return next(m for m in load_measures() if m.name == _base(column))


def measure_unit(column: str) -> str:
    """Return the unit a column is shown in.

    Examples
    --------
    >>> measure_unit("leaked/uav"), measure_unit("cost_eur")
    ('threats', 'EUR million')
    """
    unit = _measure(column).unit
    return _UNITS.get(_base(column), {"EUR": "EUR million", "1": "threats"}.get(unit, unit))


def measure_scale(column: str) -> float:
    """Return what a column is divided by before it is shown."""
    return _MILLION if measure_unit(column) in _IN_MILLIONS else 1.0


def measure_label(column: str) -> str:
    """Return a column's name in words.

    Examples
    --------
    >>> measure_label("prevented/uav")
    'Prevented, UAVs'
    """
    name, _, key = column.partition("/")
    label = _LABELS.get(name, name)
    return f"{label}, {_KEYS.get(key, key)}" if key else label


def scaled(value: float | None, column: str) -> float | None:
    """Return a value in the unit it is shown in."""
    return None if value is None else value / measure_scale(column)


def with_interval(row: Mapping[str, float | None], column: str, middle: str,
                  show: Callable[[float | None], str] = number) -> str:
    """Return ``middle (lo to hi)`` of a summary in the shown unit, the middle alone if nothing varies."""
    shown = {key: scaled(row[key], column) for key in (middle, "lo", "hi", "mcse")}
    doubt = interval(shown, show)
    head = show(shown[middle])
    return head if doubt in (head, NOTHING) else f"{head} ({doubt})"


def options(scenario: Scenario, catalogue: Catalogue) -> Table:
    """Say what each option is, clause by clause."""
    rows = []
    for option in scenario.options:
        tag = Markup(" <small>(baseline)</small>") if option.name == scenario.baseline else ""
        name = Markup("{}{}<br><code>{}</code>").format(option.label, tag, option.name)
        budget = NOTHING if option.budget_eur is None else f"EUR {number(option.budget_eur / _MILLION, SOME)} million"
        if not option.fires:
            rows.append((name, force_words(option, catalogue), NOTHING, NOTHING, NOTHING, budget))
            continue
        rows.append((name, force_words(option, catalogue), target_words(option.rules), zone_words(option.rules.zone),
                     standoff_words(option.rules), budget))
    return Table("options", "The options and their rules", ("Option", "Forces", "May shoot at", "Zone",
                                                            "Keeps away", "Budget"), tuple(rows))


def doubts(comparison: Comparison, labels: Mapping[str, str]) -> Table:
    """Return the headline of every option with the kinds of doubt side by side."""
    column = "prevented_zone"
    rows = [(labels[option], number(row[column]["delta"]), interval(row[column]),
             number(row[column]["mcse"]), span(row[column]["spread_lo"], row[column]["spread_hi"]),
             span(row[column]["env_lo"], row[column]["env_hi"])) for option, row in comparison.rows.items()]
    return Table("headline", f"Threats prevented in the protected area, difference to “{labels[comparison.to]}” on the "
                 "same raids, threats a period",
                 ("Option", "Difference", "95% interval of the expected outcome", "Monte Carlo standard error",
                  "95% of single periods", "Envelope"), tuple(rows), numeric=True)


def _is_zero(row: Mapping[str, float | None]) -> bool:
    return all(value in (None, 0.0) for value in row.values())


def arms(result: StudyResult, comparison: Comparison, catalogue: Catalogue, labels: Mapping[str, str]) -> Table:
    """Return the headline with each entry without a centre moved alone to its ends."""
    every = over_arms(result, comparison.to)
    names: list[tuple[int, Cell, str]] = [(0, "Headline: nothing moved", NOTHING)]
    names += [(arm, Markup("{}<br><code>{}</code>").format(catalogue[key].label, key),
               f"{full(end_value(catalogue[key], end))} ({end})") for arm, key, end in single_moves(result)]
    rows = [(*name, *(with_interval(every[o][arm], "prevented_zone", "delta") for o in comparison.rows))
            for arm, *name in names]
    return Table("arms", "Threats prevented in the protected area a period, one entry moved at a time, with the 95% "
                 "interval of the expected outcome in brackets", ("What is moved", "To",
                                                                 *(labels[o] for o in comparison.rows)),
                 tuple(rows), numeric=True)


def paired(comparison: Comparison, option: str, labels: Mapping[str, str]) -> Table:
    """Return every measure of one option as a paired difference; rows that are zero throughout go to the note."""
    rows: list[tuple[Cell, ...]] = []
    silent = []
    for column in measure_columns():
        row = comparison.rows[option][column]
        if _is_zero(row):
            silent.append(column)
            continue
        shown = {key: scaled(value, column) for key, value in row.items()}
        head = Markup("{} <small>({})</small><br><code>{}</code>").format(
            measure_label(column), measure_unit(column), column)
        rows.append((head, number(shown["delta"]), interval(shown), number(shown["mcse"]),
                     span(shown["spread_lo"], shown["spread_hi"]), span(shown["env_lo"], shown["env_hi"])))
    note = f"No difference in any replication: {_together(silent)}." if silent else ""
    return Table(f"paired-{option}", f"{labels[option]} minus {labels[comparison.to]}, a period; units in brackets",
                 ("Measure", "Difference", "95% interval of the expected outcome", "Monte Carlo standard error",
                  "95% of single periods", "Envelope"), tuple(rows), numeric=True, note=note)


def _together(columns: Sequence[str]) -> str:
    """Name columns, the classes of one measure together."""
    by_measure: dict[str, list[str]] = {}
    for column in columns:
        name, _, key = column.partition("/")
        keys = by_measure.setdefault(name, [])
        if key:
            keys.append(_KEYS.get(key, key))
    return "; ".join(measure_label(name) + (f" ({', '.join(keys)})" if keys else "")
                     for name, keys in by_measure.items())


def overview(comparison: Comparison, labels: Mapping[str, str]) -> Table:
    """Return options × main measures, differences with their 95% intervals."""
    columns = ("prevented_zone", "redundant/uav", "leaked_zone", "munitions/aam", "flight_hours", "cost_eur",
               "planned_cost_eur")
    heads = tuple(f"{measure_label(c)} ({measure_unit(c)})" for c in columns)
    rows = [(labels[option], *(with_interval(row[c], c, "delta") for c in columns), per_billion(row))
            for option, row in comparison.rows.items()]
    return Table("overview", f"Differences to “{labels[comparison.to]}” a period, with the 95% interval of the "
                 "expected outcome in brackets", ("Option", *heads, "Prevented in the area per planned EUR billion"),
                 tuple(rows), numeric=True)


def per_billion(row: Mapping[str, Summary]) -> str:
    """Return the headline per planned billion euros, a dash where no money is planned."""
    planned = row["planned_cost_eur"]["delta"]
    if planned is None or planned <= 0.0:
        return NOTHING
    per = {key: None if value is None else value / planned * _BILLION for key, value in row["prevented_zone"].items()}
    return with_interval(per, "prevented_zone", "delta")


def absolute(summary: Mapping[str, Summary], option: str, label: str) -> Table:
    """Return an option's own figures by class, in threats a period."""
    rows: list[tuple[Cell, ...]] = [
        (measure_label(measure.name), *(_absolute(summary[c], c) for c in measure.columns), NOTHING)
        for measure in load_measures()
        if measure.per == "class" and any(summary[c]["mean"] for c in measure.columns)]
    rows += [(measure_label(c), *[NOTHING] * len(CLASS_SHORT), _absolute(summary[c], c))
             for c in ("leaked_armed", "leaked_zone")]
    return Table(f"absolute-{option}", f"{label}: threats a period, the mean with the 95% interval of the expected "
                 "outcome in brackets and, below it, 95% of single periods",
                 ("", *CLASS_SHORT.values(), "Not by class"), tuple(rows), numeric=True)


def _absolute(row: Summary, column: str) -> Markup:
    head = with_interval(row, column, "mean", total)
    if row["spread_lo"] == row["spread_hi"]:
        return Markup("{}").format(head)
    return Markup("{}<br><small>{} to {}</small>").format(head, total(row["spread_lo"]), total(row["spread_hi"]))


def measures() -> Table:
    """Say what each measure counts."""
    rows = []
    for column in dict.fromkeys(_base(c) for c in measure_columns()):
        measure = _measure(column)
        unit = measure_unit(column) if measure.unit != "EUR" else "EUR"
        rows.append((Markup("{}<br><code>{}</code>").format(measure_label(column), column), unit, measure.what,
                     measure.status))
    return Table("measures", "What is counted", ("Measure", "Unit", "Definition", "Role"), tuple(rows),
                 note="Role “explains”: says why a threat was not stopped; it is no outcome to rank options by. "
                      "The price of a clause is the paired difference with that clause alone removed.")
