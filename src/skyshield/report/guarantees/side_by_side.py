"""All options in one table, what the hazard ratios do, and what the page cannot claim."""

from typing import Any

from markupsafe import Markup

from skyshield.report.guarantees.folding import section
from skyshield.report.guarantees.needed import months_until
from skyshield.report.reading import Reading
from skyshield.report.sections.answer import below
from skyshield.report.tables import Cell, Table
from skyshield.report.text import NOTHING, count, number
from skyshield.strategy.feasible import NO, WORDS, YES
from skyshield.study.compare import PRIMARIES
from skyshield.study.plan import JOINT
from skyshield.study.told import error_of

_MILLION = 1e6


def make(reading: Reading) -> dict[str, Any]:
    """Return the section."""
    return section(before=_sentences(reading), tables=[_table(reading)], in_full="guarantees-in-full")


def _sentences(reading: Reading) -> list[str]:
    rows = reading.comparison.rows
    known = [name for name in reading.ordered if rows[name][PRIMARIES[1]]["delta"] is not None]
    if not known:
        return ["There is no result: every replication failed."]
    most = {measure: max((rows[name][measure]["delta"], name) for name in known)[1] for measure in PRIMARIES}
    parts = [f"“{reading.shorts[most[measure]]}” keeps most armed threats in the {where} from their aims: "
             f"{number(rows[most[measure]][measure]['delta'])}"
             for measure, where in zip(PRIMARIES, ("area", "country"), strict=True)]
    answers = {name: reading.feasible[name]["answer"] for name in reading.ordered}
    sure, refused = (sum(word == one for word in answers.values()) for one in (YES, NO))
    worse = [name for name in reading.ordered if name in reading.view.dominated]
    return [f"In {count(reading.days, 'day')} {parts[0]}; {parts[1]}.",
            f"Of {count(len(answers), 'option')} the states could surely provide {sure}, not {refused}, "
            f"and {len(answers) - sure - refused} are undecided. Dominated {'is' if len(worse) == 1 else 'are'} "
            f"{len(worse)}: another keeps more from its aim, in the area and in the country, in every arm."]


def _table(reading: Reading) -> Table:
    rows = tuple((reading.shorts[name], *_cells(reading, name)) for name in reading.ordered)
    joint = any(arm.kind == JOINT for arm in reading.view.played_arms)
    note = ("Means. People: at full strength. Months: lead time; * from the ceasefire's first day on. Possible: at its "
            "start, by inventories, readiness and release of grade K. Dominated by: the one that keeps most of those "
            "that are known to dominate it. It counts neither money nor people nor time")
    return Table("guarantees", f"The options in {reading.days} days against “{reading.baseline}”, on the same raids",
                 ("Option", "Armed threats kept from aims in the area", "In the country", "People there",
                  "EUR million planned (spent)", "Months until there", "Possible? What binds", "Dominated by"), rows,
                 numeric=True, note=f"{note}." if joint else f"{note}; a study of this size has no arms with all "
                 "unknowns together.")


def _cells(reading: Reading, name: str) -> tuple[Cell, ...]:
    row, found = reading.comparison.rows[name], reading.feasible[name]
    planned, spent = (row[column]["delta"] for column in ("planned_cost_eur", "cost_eur"))
    money: Cell = NOTHING if not planned else below(
        f"{number(planned / _MILLION)} ({number((spent or 0.0) / _MILLION)})")
    bound = WORDS.get(found["binds"] or "", "").partition(",")[0].removesuffix(" a year")
    answer: Cell = Markup("{}<br><small>{}</small>").format(found["answer"], bound) if bound else found["answer"]
    return (*(number(row[measure]["delta"], error=error_of(row[measure])) for measure in PRIMARIES),
            number(found["people"]), money, months_until(found), answer, _worse_than(reading, name))


def _worse_than(reading: Reading, name: str) -> Cell:
    """Name the one that keeps most of those that dominate an option."""
    others = [one for one in reading.view.dominated.get(name, []) if one in reading.comparison.rows]
    if not others:
        return NOTHING
    return reading.shorts[max(others, key=lambda one: reading.comparison.rows[one][PRIMARIES[0]]["delta"])]


def make_limits(_: Reading) -> dict[str, Any]:
    """Return what the page cannot claim."""
    lines: list[Cell] = [
        "What a guarantee does to the hazard of renewed war; the headline has no effect.",
        "What forces would meet: none has stood in this war, and rates of strikes on purpose are assumptions.",
        "Who would send what: it is unpublished, no government was asked, and the answers rest on general knowledge of "
        "inventories (grade K).",
        "That members would share as the scenario has it: their shares are an assumption.",
        "What a force does for Ukraine's own regeneration, for trust and for politics.",
        "Which option is best: threats, deaths, euros and escalation are never added up.",
        "Levels of crossings and of hours of alert, which are wrong by factors; read differences.",
        "What happens if several unknowns are wrong at once: the envelopes move one at a time."]
    return section(listed=lines)
