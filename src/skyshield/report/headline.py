"""The headline: one paragraph, one table with a row an option, one figure, at most four sentences on what drives it.

A zone stands above the same money spent as aid. Every word is made from the study; where the study has no figure,
nothing is said.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from skyshield.compile.parameters import end_value
from skyshield.report.clauses import clause_text
from skyshield.report.drawing import Figure
from skyshield.report.headline_figures import Row, intervals
from skyshield.report.tables import Cell, Table, with_interval
from skyshield.report.text import NOTHING, count, full, number, span, total
from skyshield.report.verdicts import cost_each
from skyshield.rules import CLAUSES
from skyshield.scenario import Scenario
from skyshield.study.clauses import columns_of
from skyshield.study.compare import FLAG, PRIMARY, RIVAL_WORDS, rival_sentence
from skyshield.study.summary import Summary
from skyshield.study.view import StudyView

Labels = Mapping[str, str]

_MILLION = 1e6
_PERCENT = 100.0
_UNSPENT, _REFUSED_BY = "unspent_eur", "refused_by/"
_GATES = {"saturated": "could have been shot at, had a shooter been free in time",
          "refused_class": "were left alone because of their class",
          "refused_standoff": "were left alone because of the distances that the rules keep",
          "refused_identification": "were left alone because nobody could tell in time that they may be shot at",
          "refused_deconfliction": "were left to Ukraine's own shooters"}


@dataclass(frozen=True)
class Headline:
    """What the page shows first.

    Attributes
    ----------
    played
        What was played, in one sentence or two.
    table
        A row an option.
    figure
        The intervals of the primary measure.
    flags
        Conclusions that only one of the rival models bears.
    drivers
        At most four sentences on what drives the table.
    """

    played: str
    table: Table
    figure: Figure
    flags: tuple[str, ...]
    drivers: tuple[str, ...]


@dataclass(frozen=True)
class _Option:
    """An option with the figures of its row."""

    name: str
    label: str
    twin_of: str | None
    row: Mapping[str, Summary]
    prevented: Summary
    redundant: Summary
    unspent: Summary | None
    rivals: Mapping[str, Any]

    @property
    def delta(self) -> float | None:
        """The mean of the primary measure."""
        return self.row[PRIMARY]["delta"]


def in_pairs(names: Sequence[str], twins: Mapping[str, str | None]) -> list[str]:
    """Return the names with each aid twin right after its option.

    Examples
    --------
    >>> in_pairs(["a", "b", "aid_b", "aid_a", "free"], {"aid_a": "a", "aid_b": "b", "free": None})
    ['a', 'aid_a', 'b', 'aid_b', 'free']
    """
    ordered: list[str] = []
    for name in names:
        if twins.get(name) not in names:
            ordered += [name, *(other for other in names if twins.get(other) == name)]
    return ordered


def section(view: StudyView, scenario: Scenario) -> Headline:
    """Return the headline of a study.

    Parameters
    ----------
    view
        The study.
    scenario
        Its options without those that only price a clause, and the days that were played.
    """
    comparison, labels = view.compared, view.labels
    twins = {option.name: option.twin for option in scenario.options}
    shown = []
    for name in in_pairs(list(comparison.rows), twins):
        prevented, redundant = view.sums[name]["prevented"], view.sums[name]["redundant"]
        unspent = comparison.rows[name][_UNSPENT] if columns_of(_UNSPENT) else None
        shown.append(_Option(name, labels[name], twins[name], comparison.rows[name], prevented, redundant, unspent,
                             view.rivals.get(name, {})))
    aid = {option.name for option in scenario.options if option.role == "aid"}
    figure = intervals([Row(option.label, option.name in aid, option.row[PRIMARY],
                         {name: row["delta"] for name, row in option.rivals.get("by_rival", {}).items()})
                     for option in shown], scenario.days)
    flags = [f"{option.label}: {words}" for option in shown if option.rivals
             and (words := rival_sentence(dict(option.rivals))).startswith(FLAG)]
    return Headline(_played(view, scenario), _table(shown, scenario.days, labels, comparison.to), figure, tuple(flags),
                  tuple(_drivers(view, shown, aid)))


def _played(view: StudyView, scenario: Scenario) -> str:
    """Say what was played, and how many threats there are to prevent."""
    vectors, (replications, *_) = view.manifest["vectors"], view.replications
    others = [n for n, arm in zip(view.replications, view.played_arms, strict=True) if arm.in_envelope][1:]
    again = f", once more for each end of a number that nobody knows ({count(len(others), 'run')}" if others else ""
    if others:
        fewer = others[0]
        again += f" with the first {count(fewer, 'time')} of these)" if fewer < replications else ")"
    text = (f"{count(scenario.days, 'day')} from {scenario.start_date.isoformat()} were played with "
            f"{count(vectors, 'set')} of numbers, {count(replications, 'time')} each{again}. Every option met the same "
            f"raids and is compared with “{view.labels[view.to]}”.")
    arriving = view.summaries[view.to]["leaked_zone"]["mean"]
    if arriving is None:
        return f"{text} Of these, every replication failed, so there is no result."
    return f"{text} With that one, {total(arriving)} threats reach an aim in the protected area in the period."


def _table(shown: Sequence[_Option], days: int, labels: Labels, to: str) -> Table:
    unspent = any(option.unspent is not None for option in shown)
    head = ("Option", "Prevented in the area", "The same under the two rival models", "Prevented anywhere",
            "Redundant for each prevented", "Planned cost, EUR million", "EUR million for one prevented in the area",
            "EUR million for one prevented anywhere",
            *(("Money left unspent, EUR million",) if unspent else ()), "More than zero under both models?")
    rows: list[tuple[Cell, ...]] = []
    for option in shown:
        name: Cell = option.label if option.twin_of not in labels else Markup('<span class="twin">{}</span>').format(
            option.label)
        planned = option.row["planned_cost_eur"]["delta"]
        rows.append((
            name, below(with_interval(option.row[PRIMARY], PRIMARY, "delta")), _rival_range(option),
            below(with_interval(option.prevented, PRIMARY, "delta")), _ratio(option),
            number(planned / _MILLION) if planned else NOTHING,
            below(cost_each(option.row, option.row[PRIMARY])), below(cost_each(option.row, option.prevented)),
            *((below(_unspent(option)),) if unspent else ()), _flag(option)))
    return Table("answer-table", f"The options in {days} days, differences to “{labels[to]}” on the same raids: mean, "
                 "with the 95% interval of the expected outcome below it", head, tuple(rows), numeric=True,
                 note=f"{_one_model(shown)}A zone stands above the same money spent as aid. Prevented: kept from its "
                      "aim, and Ukraine's own defence would not have stopped it. Redundant: destroyed, but Ukraine "
                      "would have stopped it anyway. Rival models: Ukraine stops threats "
                      + " or ".join(RIVAL_WORDS.values()) + "; the record cannot tell which. Planned cost is fully "
                      "loaded.")


def _one_model(shown: Sequence[_Option]) -> str:
    """Say that a scenario which fixes the model of the own defence has no rival."""
    if not any(len(option.rivals.get("by_rival", {})) == 1 for option in shown):
        return ""
    return "Where Ukraine stops threats is fixed by the scenario, so the rival model was not played. "


def _rival_range(option: _Option) -> str:
    means = [row["delta"] for row in option.rivals.get("by_rival", {}).values() if row["delta"] is not None]
    return span(min(means), max(means)) if len(means) > 1 else NOTHING


def _ratio(option: _Option) -> str:
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


def _unspent(option: _Option) -> str:
    left = option.unspent
    if left is None or not any(value not in (None, 0.0) for value in left.values()):
        return NOTHING
    return with_interval(left, "planned_cost_eur", "delta")


def _flag(option: _Option) -> Cell:
    """Return whether the conclusion that it prevents more than zero holds under both rival models."""
    by_rival = option.rivals.get("by_rival", {})
    prevents = [row["prevents"] for row in by_rival.values()]
    if not prevents or None in prevents:
        return NOTHING
    if len(prevents) < len(RIVAL_WORDS):
        return "one model played"
    if all(prevents):
        return "yes"
    if not any(prevents):
        return "no, under neither"
    holding = next(name for name, row in by_rival.items() if row["prevents"])
    return Markup('<strong class="assumed">{}: one only</strong><br><small>{}</small>').format(
        FLAG, RIVAL_WORDS[holding])


def _drivers(view: StudyView, shown: Sequence[_Option], aid: set[str]) -> list[str]:
    """Say what drives the table, for the scenario's first option that is not aid."""
    known = [option for option in shown if option.delta is not None]
    lead = next((option for option in known if option.name not in aid), next(iter(known), None))
    if lead is None:
        return []
    twin = next((option for option in known if option.twin_of == lead.name), None)
    sentences = (_unknown(view, lead), _held_back(lead), _anyway(lead),
                 None if twin is None else _instead(lead, twin))
    return [sentence for sentence in sentences if sentence]


def _unknown(view: StudyView, lead: _Option) -> str | None:
    """Say which number without a centre moves the lead option most."""
    here = lead.delta or 0.0
    arms = view.arms[lead.name]
    computed = [(abs(delta - here), name, end, arms[arm]) for arm, name, end in view.moves
                if (delta := arms[arm]["delta"]) is not None]
    if not computed:
        return None
    swing, name, end, row = max(computed, key=lambda item: item[0])
    if swing == 0.0:
        return None
    return (f"What nobody knows matters most: with “{view.catalogue[name].label}” moved alone to "
            f"{full(end_value(view.catalogue[name], end))}, “{lead.label}” prevents {number(row['delta'])} in the "
            f"protected area instead of {number(here)}.")


def _held_back(lead: _Option) -> str | None:
    """Say which gate holds most threats back."""
    held = {gate: lead.row[gate]["delta"] or 0.0 for gate in _GATES}
    gate = max(held, key=lambda name: held[name])
    if held[gate] <= 0.0:
        return None
    by_clause = {c: lead.row[c]["delta"] or 0.0 for c in columns_of(_REFUSED_BY)} if gate == "refused_standoff" else {}
    worst = max(by_clause, key=lambda name: by_clause[name], default="")
    clause = worst.removeprefix(_REFUSED_BY)
    most = f", {total(by_clause[worst])} of them by {clause_text(clause)} alone" if clause in CLAUSES else ""
    return (f"What holds “{lead.label}” back: it fires at {total(lead.row['engaged']['delta'])} threats, and "
            f"{total(held[gate])} more {_GATES[gate]}{most}.")


def _anyway(lead: _Option) -> str | None:
    """Say which share of what is stopped Ukraine would have stopped."""
    prevented, redundant = lead.prevented["delta"] or 0.0, lead.redundant["delta"] or 0.0
    stopped = math.fsum((prevented, redundant))
    if stopped <= 0.0 or redundant <= 0.0:
        return None
    return (f"Of the {total(stopped)} threats that “{lead.label}” stops, Ukraine's own defence would have stopped "
            f"{number(_PERCENT * redundant / stopped)}% later on their way; a count of kills would credit it with all.")


def _instead(lead: _Option, twin: _Option) -> str:
    """Compare the lead option with the same money as aid."""
    left = twin.unspent["delta"] if twin.unspent is not None else None
    planned = twin.row["planned_cost_eur"]["delta"]
    unspent = f"; {number(_PERCENT * left / planned)}% of that money is left unspent" if left and planned else ""
    return (f"The same money as aid prevents {number(twin.delta)} in the protected area against {number(lead.delta)}, "
            f"and {number(twin.prevented['delta'])} in the whole country against {number(lead.prevented['delta'])}"
            f"{unspent}.")
