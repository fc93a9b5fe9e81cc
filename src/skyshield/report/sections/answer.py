"""The headline: one sentence, one picture, one table with a row for options that are not alike.

A zone stands above the same money spent as aid. Every word is made from the study; where the study has no figure,
nothing is said.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from skyshield.compile.campaign import DAYS_A_YEAR
from skyshield.report.alike import Family
from skyshield.report.month_figures import month_figure
from skyshield.report.option_rows import OptionRow, options_of
from skyshield.report.pairs import pair_figure, pair_table, pair_words, threshold_words
from skyshield.report.reading import Reading
from skyshield.report.rows import Row, intervals
from skyshield.report.svg import Figure
from skyshield.report.tables import Cell, Table, with_interval
from skyshield.report.text import NOISE, NOTHING, count, interval, number, span
from skyshield.report.verdicts import cost_each
from skyshield.study.compare import FLAG, PRIMARIES, PRIMARY, RIVAL_WORDS, rival_sentence
from skyshield.study.told import error_of, is_zero
from skyshield.study.view import StudyView

_MILLION = 1e6
MANY = 12  # rows from which the table is short, and the pairs' table stands in the annex alone
_NO_BARS = "Bars side by side do not say how two options differ; pairs do."
PLANNED, SPENT = "planned_cost_eur", "cost_eur"


@dataclass(frozen=True)
class Headline:
    """What the page shows first.

    Attributes
    ----------
    sentence
        The answer.
    played
        What was played, in one sentence or two.
    table
        A row for every family of options.
    figure
        The intervals of the primary measure.
    flags
        Conclusions that only one of the rival models bears.
    members
        Which options share a row.
    pairs, pair_table
        Options held against one another; None if there is no pair.
    ahead, thresholds
        Who of the first pair is ahead, and a sentence for each number that nobody knows: what would turn it.
    months
        How the effects build up; None for a period of one month.
    """

    sentence: str
    played: str
    table: Table
    figure: Figure
    flags: tuple[str, ...]
    members: tuple[str, ...]
    pairs: Figure | None
    pair_table: Table | None
    ahead: str
    thresholds: tuple[str, ...]
    months: Figure | None


def make(reading: Reading) -> dict[str, Any]:
    """Return the section: an answer in one sentence, a picture, a table with a row for options that are not alike."""
    if reading.alone:
        return {"headline": None}
    return {"headline": headline(reading)}


def headline(reading: Reading) -> Headline:
    """Return the headline of a study."""
    view, shown = reading.view, options_of(reading)
    rows = {option.name: option for option in shown}
    families = [[rows[name] for name in family.names] for family in reading.families]
    flags = [f"{family.label}: {words}" for family in reading.families if (rivals := rows[family.first].rivals)
             and (words := rival_sentence(dict(rivals))).startswith(FLAG)]
    members = [f"{family.label}: {family.members}." for family in reading.families if family.members]
    return Headline(answer_sentence(reading), _played(view, reading.scenario.start_date.isoformat(), reading.days),
                    short_table(reading, families), _figure(reading, rows), tuple(flags), tuple(members),
                    pair_figure(reading), None if len(reading.families) > MANY else pair_table(reading),
                    *threshold_words(reading), month_figure(reading))


def answer_sentence(reading: Reading) -> str:
    """Return the answer in one sentence or two, for the scenario's first option that is not aid."""
    name = reading.lead
    if name is None:
        return "There is no result: every replication failed."
    row = reading.comparison.rows[name]
    area, country = (row[measure] for measure in PRIMARIES)
    doubt = interval(area)
    known = "" if doubt in (NOTHING, number(area["delta"])) else f" (95% of the expected outcome: {doubt})"
    if doubt == NOISE:
        known = " (too few parameter vectors to tell an interval)"
    ends = [f"{number(rival['delta'])} if all {RIVAL_WORDS[model]}"
            for model, rival in reading.view.rivals.get(name, {}).get("by_rival", {}).items()
            if rival["delta"] not in (None, area["delta"])]
    where = f" Where Ukraine stops threats nobody knows: in the area it is {' and '.join(ends)}." if ends else ""
    twin = next((one for one in reading.ordered if reading.options[one].twin == name), None)
    aid = "" if twin is None else f"; the same money as aid keeps {_both(reading.comparison.rows[twin])}"
    return (f"In {period_words(reading)}, “{reading.labels[name]}” keeps {number(area['delta'], error=error_of(area))} "
            f"armed threats bound for the protected area{known} and "
            f"{number(country['delta'], error=error_of(country))} in the whole country from their aims{aid}."
            f"{pair_words(reading)}{where}")


def period_words(reading: Reading) -> str:
    """Return the period in words: the year after the decision, or so many days."""
    scenario = reading.scenario
    if reading.days == DAYS_A_YEAR and scenario.decided_before_days == 0:
        return "the year after the decision"
    first = "the first " if scenario.of_days not in (None, reading.days) else ""
    return f"{first}{count(reading.days, 'day')}"


def _both(row: Mapping[str, Any]) -> str:
    return " and ".join(number(row[measure]["delta"]) for measure in PRIMARIES)


def _figure(reading: Reading, rows: Mapping[str, OptionRow]) -> Figure:
    """Draw the primary measure of every family with all that is known of its doubt."""
    drawn = [Row(_short(reading, family), reading.colours[family.first], rows[family.first].row[PRIMARY],
                 rivals={name: row["delta"] for name, row in rows[family.first].rivals.get("by_rival", {}).items()})
             for family in reading.families]
    return intervals("figure-answer", drawn, _finding(reading), "Armed threats bound for the protected area kept "
                     f"from their aims, {reading.measured}; mean (95% of the expected outcome)",
                     " ".join([*(f"{family.label}: {family.members}." for family in reading.families if family.members),
                               *([_NO_BARS] if reading.view.pairs else [])]))


def _finding(reading: Reading) -> str:
    """Say in a sentence with a number what the picture shows."""
    if reading.lead is None:
        return "No result"
    row = reading.comparison.rows[reading.lead][PRIMARY]
    return (f"“{reading.shorts[reading.lead]}” keeps {number(row['delta'], error=error_of(row))} armed threats bound "
            "for the area from their aims")


def _played(view: StudyView, start: str, days: int) -> str:
    """Say what was played, and how many threats there are to prevent."""
    vectors, (replications, *_) = view.manifest["vectors"], view.replications
    text = (f"{count(days, 'day')} from {start} were played with {count(vectors, 'set')} of numbers, "
            f"{count(replications, 'time')} each, on the same raids for every option.")
    if view.summaries[view.to]["leaked_zone"]["mean"] is None:
        return f"{text} Of these, every replication failed, so there is no result."
    return text


def short_table(reading: Reading, families: Sequence[Sequence[OptionRow]]) -> Table:
    """Return a row for every family of options; what differs within one is a range."""
    rows: list[tuple[Cell, ...]] = []
    area, country = PRIMARIES
    alike = any(len(family) > 1 for family in families)
    for family, known in zip(families, reading.families, strict=True):
        one = family[0]
        few = () if len(families) > MANY else (_each(family, area), _each(family, country))
        rows.append((_named(reading, known, len(families) > MANY),
                     below(with_interval(one.row[area], area, "delta")),
                     below(with_interval(one.row[country], country, "delta")),
                     _both_moneys(_money(family, PLANNED), _money(family, SPENT)), *few))
    return Table("answer-table", f"The options in {reading.days} days against “{reading.baseline}”: armed threats kept "
                 "from their aims, 95% of the expected outcome below; money planned, and below it spent",
                 ("Option", "In the area", "In the country", "Cost, EUR million", "EUR million for one in the area",
                  "EUR million for one in the country")[:len(rows[0])], tuple(rows), numeric=True,
                 note=f"{_one_model(family[0] for family in families)}In the area: launched at an aim there. Costs are "
                      "fully loaded."
                      + (" A range of costs is that of options alike in all else." if alike else ""))


def _short(reading: Reading, family: Family) -> str:
    """Return what a family is called in a picture."""
    return family.label if len(family.names) > 1 else reading.shorts[family.first]


def _named(reading: Reading, family: Family, brief: bool = False) -> Cell:
    """Return what a family is called in the table: short, and in full below it, which aid and many rows do not need."""
    short, name = _short(reading, family), family.first
    if reading.options[name].twin in reading.comparison.rows:
        return _indented(short, twin=True)
    if brief or len(family.names) > 1 or short == reading.labels[name]:
        return short
    return Markup("{}<br><small>{}</small>").format(short, reading.labels[name])


def _money(family: Sequence[OptionRow], column: str) -> str:
    return _range([cost / _MILLION for option in family if (cost := option.row[column]["delta"])])


def _each(family: Sequence[OptionRow], measure: str) -> Cell:
    """Return planned cost for each prevented, and spent below it."""
    kept = family[0].row[measure]["delta"]
    if not kept or kept <= 0.0:
        return NOTHING
    planned, spent = (_range([cost / kept / _MILLION for option in family if (cost := option.row[column]["delta"])])
                      for column in (PLANNED, SPENT))
    return _both_moneys(planned, spent)


def _both_moneys(planned: str, spent: str) -> Cell:
    """Return a figure on planned money, and that on what is spent below it."""
    return NOTHING if planned == spent == NOTHING else below(f"{planned} ({spent} spent)")


def _range(values: Sequence[float]) -> str:
    return span(min(values), max(values)) if values else NOTHING


def _indented(label: str, twin: bool) -> Cell:
    return Markup('<span class="twin">{}</span>').format(label) if twin else label


def full_table(reading: Reading) -> Table:
    """Return a row for every option with all that is known of it."""
    shown, days, labels, to = options_of(reading), reading.days, reading.labels, reading.comparison.to
    unspent = any(option.unspent is not None for option in shown)
    area, country = PRIMARIES
    head = ("Option", "Armed, in the area", "Under the two rival models", "Armed, in the country",
            "Stopped in the area, decoys too", "Redundant for each prevented", "Planned cost, EUR million",
            *(f"EUR million {money} for one armed {where}" for where in ("in the area", "in the country")
              for money in ("planned", "spent")),
            *(("Money left unspent, EUR million",) if unspent else ()), "Own rounds saved, EUR million",
            "More than zero under both models?")
    rows: list[tuple[Cell, ...]] = []
    for option in shown:
        name = _indented(option.label, option.twin_of in labels)
        planned = option.row[PLANNED]["delta"]
        rows.append((
            name, below(with_interval(option.row[area], area, "delta")), _rival_range(option),
            below(with_interval(option.row[country], country, "delta")),
            below(with_interval(option.row["prevented_zone"], "prevented_zone", "delta")), _ratio(option),
            number(planned / _MILLION) if planned else NOTHING,
            *(below(cost_each(option.row, option.row[measure], money)) for measure in PRIMARIES
              for money in (PLANNED, SPENT)),
            *((below(_unspent(option)),) if unspent else ()),
            below(with_interval(option.row["own_rounds_saved_eur"], "own_rounds_saved_eur", "delta")), _flag(option)))
    return Table("answer-full", f"The options in {days} days, differences to “{labels[to]}” on the same raids: mean, "
                 "with the 95% interval of the expected outcome below it", head, tuple(rows), numeric=True, dense=True,
                 note=f"{_one_model(shown)}A zone stands above the same money spent as aid. Armed: armed threats kept "
                      "from their aims, whoever stops them. Stopped: by the option, and Ukraine's own defence would "
                      "not have stopped it. Redundant: destroyed, but Ukraine would have stopped it anyway. Own rounds "
                      "saved stand beside the cost and are not taken off it. Rival models: Ukraine stops threats "
                      + " or ".join(RIVAL_WORDS.values()) + "; the record cannot tell which. Costs are fully loaded.")


def _one_model(shown: Iterable[OptionRow]) -> str:
    """Say that a scenario which fixes the model of the own defence has no rival."""
    if not any(len(option.rivals.get("by_rival", {})) == 1 for option in shown):
        return ""
    return "Where Ukraine stops threats is fixed by the scenario, so the rival model was not played. "


def _rival_range(option: OptionRow) -> str:
    means = [row["delta"] for row in option.rivals.get("by_rival", {}).values() if row["delta"] is not None]
    return span(min(means), max(means)) if len(means) > 1 else NOTHING


def _ratio(option: OptionRow) -> str:
    """Return the redundant stops for each prevented threat."""
    prevented, redundant = option.prevented["delta"], option.redundant["delta"]
    if not prevented or redundant is None or prevented <= 0.0:
        return NOTHING
    return number(redundant / prevented)


def below(text: str) -> Cell:
    """Return ``middle (interval)`` with the interval on a line of its own.

    Examples
    --------
    >>> str(below("15 (10 to 25)")), below("15")
    ('15<br><small>10 to 25</small>', '15')
    """
    middle, bracket, rest = text.partition(" (")
    return Markup("{}<br><small>{}</small>").format(middle, rest.removesuffix(")")) if bracket else text


def _unspent(option: OptionRow) -> str:
    left = option.unspent
    if left is None or is_zero(left):
        return NOTHING
    return with_interval(left, "planned_cost_eur", "delta")


def _flag(option: OptionRow, means: str = "") -> Cell:
    """Return whether the conclusion that it prevents more than zero holds under both rival models, and their means."""
    said, under = _conclusion(option)
    more = "; ".join(filter(None, (under, "" if means == NOTHING else means)))
    head = Markup('<strong class="assumed">{}</strong>').format(said) if under else said
    return Markup("{}<br><small>{}</small>").format(head, more) if more else head


def _conclusion(option: OptionRow) -> tuple[str, str]:
    """Return the conclusion in words, and the one model under which it holds if there is only one."""
    by_rival = option.rivals.get("by_rival", {})
    prevents = [row["prevents"] for row in by_rival.values()]
    if not prevents or None in prevents:
        return NOTHING, ""
    if len(prevents) < len(RIVAL_WORDS):
        return "one model played", ""
    if all(prevents):
        return "yes", ""
    if not any(prevents):
        return "no, under neither", ""
    holding = next(name for name, row in by_rival.items() if row["prevents"])
    return f"{FLAG}: one only", RIVAL_WORDS[holding]
