"""The results of a study as tables: every option by itself, paired differences, months, and all of them in one.

Every figure stands as ``run --json`` prints it: of six significant digits, in the unit of its row, never scaled.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from skyshield.catalogue import measure_of
from skyshield.report.export.table import BOOLEAN, BY_ROW, INTEGER, NUMBER, STRING, Column, DataTable, framed
from skyshield.report.tables import measure_columns, measure_label
from skyshield.study.compare import RIVAL, RIVAL_ENDS, rounded
from skyshield.study.plan import HEADLINE
from skyshield.study.told import Summary
from skyshield.study.view import StudyView

OWN, PAIRED, MONTH = "own", "paired", "month"
CHANCES = {"p_any": "the chance of one or more in the period", "p_ten": "the chance of ten or more in the period"}

_CHANCES_HAVE = ("mcse", "env_lo", "env_hi")
_MIDDLE = {"mean": ("Mean", "Mean over parameter vectors and replications"),
           "delta": ("Difference", "Mean of the difference, option minus the option in column to, on the same raids")}
_STATISTICS = (
    ("lo", "95% from", "Lower end of the 95% interval of the expected outcome over what is not known"),
    ("hi", "95% to", "Upper end of the 95% interval of the expected outcome over what is not known"),
    ("reason", "Why no interval", "Why lo and hi are missing, in words"),
    ("se", "Standard error", "Standard error of the mean: other vectors and other dice"),
    ("se_lo", "Standard error of lo", "Standard error of lo"),
    ("se_hi", "Standard error of hi", "Standard error of hi"),
    ("mcse", "Monte Carlo error", "The part of the standard error that more replications would remove"),
    ("spread_lo", "Single periods from", "Lower end of 95% of single periods"),
    ("spread_hi", "Single periods to", "Upper end of 95% of single periods"),
    ("env_lo", "Envelope from", "Lower end of lo with each number without a central value moved alone to its ends"),
    ("env_hi", "Envelope to", "Upper end of hi with each number without a central value moved alone to its ends"),
    ("joint_lo", "All at once from", "Lower end of lo with all these numbers at once where they are worst"),
    ("joint_hi", "All at once to", "Upper end of hi with all these numbers at once where they are best"))
_WITHOUT_ENVELOPE = _STATISTICS[:9]

# Columns that tables share.
OPTION_COLUMNS = (Column("option", STRING, "Option", "Name of the option"),
                  Column("option_label", STRING, "Option in words", "The option's label"))
TO_COLUMN = Column("to", STRING, "Compared with", "Name of the option that the difference is taken to")
MEASURE_COLUMNS = (Column("measure", STRING, "Measure", "Name of what is counted"),
                   Column("class", STRING, "Class or kind", "Class of threat or kind, where the measure is counted by "
                          "it; p_any and p_ten are chances of casualties"),
                   Column("measure_label", STRING, "Measure in words", "The measure and its class in words"),
                   Column("unit", STRING, "Unit", "Unit of all figures of the row"))
MONTH_COLUMNS = (Column("month", INTEGER, "Month", "Number of the month, from 1"),
                 Column("from_day", INTEGER, "First day", "First day of the month, counted from 1", "day"),
                 Column("to_day", INTEGER, "Last day", "Last day of the month", "day"))
PAIR_COLUMNS = (*OPTION_COLUMNS, TO_COLUMN, Column("to_label", STRING, "Compared with, in words", "Its label"),
                Column("why", STRING, "Why", "Why the two are held against one another"))
KIND_COLUMN = Column("kind", STRING, "Kind", f"{OWN}: an option by itself; {PAIRED}: its difference to "
                     f"another; {MONTH}: one month of either")
ARM_COLUMN = Column("arm", STRING, "Arm", f"{HEADLINE}, or the number that is moved and the end it is moved to")


def statistics(middle: str, envelope: bool = True) -> tuple[Column, ...]:
    """Return the columns of figures; `middle` names the first, ``mean`` or ``delta``."""
    title, what = _MIDDLE[middle]
    rest = _STATISTICS if envelope else _WITHOUT_ENVELOPE
    return (Column(middle, NUMBER, title, what, BY_ROW),
            *(Column(name, STRING if name == "reason" else NUMBER, words, means, "" if name == "reason" else BY_ROW)
              for name, words, means in rest))


def unit_of(column: str) -> str:
    """Return the unit of a measure's values; counts have the word for what is counted.

    Examples
    --------
    >>> unit_of("leaked/uav"), unit_of("cost_eur"), unit_of("alert_person_hours")
    ('threats', 'EUR', 'person*h')
    """
    measure = measure_of(column)
    return measure.shown if measure.unit == "1" else measure.unit


def flat(row: Summary) -> Summary:
    """Return a summary's figures with the errors of mean, lo and hi beside them, of six significant digits.

    Examples
    --------
    >>> flat({"mean": 1.23456789, "se": {"mean": 0.1, "lo": 0.2, "hi": 0.3}})
    {'mean': 1.23457, 'se': 0.1, 'se_lo': 0.2, 'se_hi': 0.3}
    """
    errors = row.get("se") or {}
    figures = {**{name: value for name, value in row.items() if name != "se"},
               **{("se" if name == "mean" else f"se_{name}"): value for name, value in errors.items()}}
    return {name: rounded(value) for name, value in figures.items()}


def _named(column: str) -> dict[str, str]:
    measure, _, key = column.partition("/")
    return {"measure": measure, "class": key, "measure_label": measure_label(column), "unit": unit_of(column)}


def _of_option(view: StudyView, option: str) -> dict[str, str]:
    return {"option": option, "option_label": view.labels[option]}


def own_rows(view: StudyView) -> Iterator[dict[str, Any]]:
    """Yield every option's own figures, measure by measure."""
    for option, rows in view.summaries.items():
        for column in measure_columns():
            row = rows[column]
            yield {**_of_option(view, option), **_named(column), **flat(row)}
            for name, words in CHANCES.items():
                if name in row:
                    part = {"mean": row[name], **{key: row.get(f"{name}_{key}") for key in _CHANCES_HAVE}}
                    yield {**_of_option(view, option), **_named(column), "class": name, "unit": "1",
                           "measure_label": f"{measure_label(column)}: {words}", **flat(part)}


def paired_rows(view: StudyView) -> Iterator[dict[str, Any]]:
    """Yield the paired differences of every other option, measure by measure."""
    for option, rows in view.comparison.rows.items():
        for column in measure_columns():
            yield {**_of_option(view, option), "to": view.to, **_named(column), **flat(rows[column])}


def month_rows(view: StudyView) -> Iterator[dict[str, Any]]:
    """Yield what each month says: of options by themselves, of their differences, and of these at both ends."""
    for number, month in enumerate(view.months, 1):
        when = {"month": number, "from_day": month["from_day"], "to_day": month["to_day"]}
        yield from _month_part(view, {**when, "arm": HEADLINE}, month["options"], "")
        yield from _month_part(view, {**when, "arm": HEADLINE}, month["paired"], view.to)
        for entry, ends in month["ends"].items():
            for end, of in ends.items():
                yield from _month_part(view, {**when, "arm": f"{entry}={end}"}, of["paired"], view.to)


def _month_part(view: StudyView, of: Mapping[str, Any], part: Mapping[str, Mapping[str, Summary]],
                to: str) -> Iterator[dict[str, Any]]:
    for option, rows in part.items():
        for measure, row in rows.items():
            figures = flat(row)
            middle = figures.pop("delta") if to else figures.pop("mean")
            yield {**of, **_of_option(view, option), "to": to, **_named(measure), "mean": middle, **figures}


def pair_rows(view: StudyView) -> Iterator[dict[str, Any]]:
    """Yield the differences of pairs: in the headline, with the verdict, and at both ends of the rival models."""
    end_of = {model: end for end, model in RIVAL_ENDS.items()}
    for pair in view.pairs:
        for measure, told in pair["measures"].items():
            of = {**_of_pair(view, pair), **_named(measure)}
            figures = {name: value for name, value in told.items() if name not in ("at_ends", "verdict", "levers")}
            yield {**of, "arm": HEADLINE, "verdict": told["verdict"], **flat(figures)}
            for model, row in told["at_ends"].items():
                yield {**of, "arm": f"{RIVAL}={end_of[model]}", **flat(row)}


def threshold_rows(view: StudyView) -> Iterator[dict[str, Any]]:
    """Yield, for each pair and number that nobody knows, where the lead changes as it is moved alone."""
    for pair in view.pairs:
        for measure, told in pair["measures"].items():
            for key, lever in told["levers"].items():
                first, second = (*lever["thresholds"], None, None)[:2]
                yield {**_of_pair(view, pair), **_named(measure), "number": key, "unit": lever["unit"],
                       **{name: rounded(lever[name]) for name in ("low", "reference", "high")},
                       "first_threshold": rounded(first), "second_threshold": rounded(second),
                       "leads_low": lever["leads_low"], "leads_high": lever["leads_high"]}


def _of_pair(view: StudyView, pair: Mapping[str, Any]) -> dict[str, str]:
    return {**_of_option(view, pair["option"]), "to": pair["to"], "to_label": view.labels[pair["to"]],
            "why": pair["why"]}


def options(view: StudyView) -> DataTable:
    """Return every option's own results."""
    columns = (*OPTION_COLUMNS, *MEASURE_COLUMNS, *statistics("mean"))
    return DataTable("options", "Results of every option", "One row for each option and measure: what the period "
                     "comes to with that option", columns, framed(own_rows(view), columns))


def paired(view: StudyView) -> DataTable:
    """Return the paired differences."""
    columns = (*OPTION_COLUMNS, TO_COLUMN, *MEASURE_COLUMNS, *statistics("delta"))
    return DataTable("paired", f"Differences to “{view.labels[view.to]}”", "One row for each option and measure: the "
                     "option minus the option in column to, on the same raids and the same parameters", columns,
                     framed(paired_rows(view), columns))


def pairs(view: StudyView) -> DataTable:
    """Return the pairs of options held against one another."""
    columns = (*PAIR_COLUMNS, *MEASURE_COLUMNS, ARM_COLUMN, *statistics("delta"),
               Column("verdict", STRING, "Verdict", "Whether the option leads, trails or that cannot be told: by its "
                      "interval in the headline and at both ends of where Ukraine stops threats"))
    return DataTable("pairs", "Options against one another", "One row for each pair, measure and arm: the first option "
                     "minus the second on the same raids; other arms than the headline are the two ends of where "
                     "Ukraine stops threats", columns, framed(pair_rows(view), columns))


def thresholds(view: StudyView) -> DataTable:
    """Return where the lead of each pair changes."""
    columns = (*PAIR_COLUMNS, *MEASURE_COLUMNS[:3],
               Column("number", STRING, "Number", "The number that is moved alone"),
               Column("unit", STRING, "Unit", "Unit of the number"),
               Column("low", NUMBER, "Low", "Low end of its range", BY_ROW),
               Column("reference", NUMBER, "Reference", "Where the headline has it", BY_ROW),
               Column("high", NUMBER, "High", "High end of its range", BY_ROW),
               Column("first_threshold", NUMBER, "First threshold", "Where the lead changes, if anywhere", BY_ROW),
               Column("second_threshold", NUMBER, "Second threshold", "Where it changes again", BY_ROW),
               Column("leads_low", BOOLEAN, "Leads at low", "Whether the option leads at the low end"),
               Column("leads_high", BOOLEAN, "Leads at high", "Whether the option leads at the high end"))
    return DataTable("thresholds", "What would turn the lead", "One row for each pair, measure and number that nobody "
                     "knows: where the lead changes as that number alone is moved; of means, on straight lines",
                     columns, framed(threshold_rows(view), columns))


def months(view: StudyView) -> DataTable:
    """Return the months."""
    columns = (*MONTH_COLUMNS, ARM_COLUMN, *OPTION_COLUMNS, TO_COLUMN, *MEASURE_COLUMNS,
               *statistics("mean", envelope=False))
    return DataTable("months", "Results by month", "One row for each month, option and measure; where column to is "
                     "filled it is the difference to that option. Other arms than the headline put Ukraine's own "
                     "defence at one end of what nobody knows of it", columns, framed(month_rows(view), columns))


def results(view: StudyView) -> DataTable:
    """Return all results in one long table: own figures, differences and months."""
    columns = (KIND_COLUMN, *OPTION_COLUMNS, TO_COLUMN, *MEASURE_COLUMNS, *MONTH_COLUMNS, ARM_COLUMN,
               *statistics("mean"))
    rows: list[dict[str, Any]] = [{"kind": OWN, "arm": HEADLINE, **row} for row in own_rows(view)]
    rows += [{"kind": PAIRED, "arm": HEADLINE, "mean": row.pop("delta"), **row} for row in paired_rows(view)]
    rows += [{"kind": MONTH, **row} for row in month_rows(view)]
    return DataTable("results", "All results", "One row for each option, measure and kind of figure, and for each "
                     "month of the measures that are kept by month", columns, framed(rows, columns))
