"""Does each option's headline lie inside the yardsticks of page one? If not, one sentence says why.

Three yardsticks, none of which needs a simulation (`bounds`, `interests`):

- addressable leakers: nobody prevents more in a year than the deep stream holds;
- interests and restrictions: who may shoot at nothing that the interests need cannot have prevented much there;
- cost at perfect performance: nobody pays less for each threat prevented than if every addressable leaker were stopped.

An option without a zone or without money has no second or third yardstick.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from skyshield.report.bounds import DAYS_PER_YEAR, Yardstick, check
from skyshield.report.tables import Cell, Table
from skyshield.report.words import FEW, NOTHING, SOME, full, listing, number, span
from skyshield.study.compare import Comparison
from skyshield.study.summary import Summary
from skyshield.theatre.matrix import InterestRow

INSIDE, OUTSIDE = "inside", "outside"
_STATUSES = ("inside", "undecided", "outside")
_MILLION = 1e6
_PERCENT = 100.0
_READINGS = {"addressable_leakers_linear": "Slope of leakers over raid size",
             "addressable_leakers_mixture": "Mixture of two streams"}


@dataclass(frozen=True)
class Judgement:
    """What one yardstick says of a headline.

    Attributes
    ----------
    inside
        None where there is nothing to judge.
    brief
        A few words for the table.
    sentence
        Why not, if it lies outside; else empty.
    """

    inside: bool | None
    brief: str
    sentence: str = ""

    @property
    def cell(self) -> Cell:
        """The table's cell."""
        if self.inside is None:
            return self.brief
        status = INSIDE if self.inside else OUTSIDE
        return Markup('<span class="status {0}">{0}</span><br><small>{1}</small>').format(status, self.brief)


def by_leakers(label: str, row: Summary, days: int, sticks: Sequence[Yardstick]) -> Judgement:
    """Judge a headline by the addressable leakers."""
    found = check(label, row, days, list(sticks))
    if found.per_year is None:
        return Judgement(None, "no raid was played", "")
    return Judgement(found.inside, found.brief, "" if found.inside else found.sentence)


def by_interests(label: str, row: Summary, interests: Sequence[InterestRow] | None) -> Judgement:
    """Judge a headline by what the option's own rules leave of the interests.

    Parameters
    ----------
    label
        The option, for the sentence.
    row
        ``delta, lo, hi`` of `prevented_zone`.
    interests
        Under its own zone and stand-offs; None if it has neither.
    """
    if interests is None:
        return Judgement(None, "it has no zone of its own")
    number_of = {status: sum(r.status == status for r in interests) for status in _STATUSES}
    brief = ", ".join(f"{n} {status}" for status, n in number_of.items() if n)
    most = max((r.share for r in interests), default=0.0)
    if number_of[OUTSIDE] == len(interests) and most > 0.0:
        brief += f", of one {number(_PERCENT * most)}% stays"
    prevented = row["delta"]
    if most > 0.0 or prevented is None or prevented <= 0.0:
        return Judgement(True, brief)
    return Judgement(False, brief, f"{label}: its zone and stand-offs leave NOTHING of the {len(interests)} interests "
                     f"inside, and yet it prevents {number(prevented)} threats in the protected area. What it stops is "
                     "on its way to aims there that are none of the interests, or over a part of the way that the "
                     "matrix does not look at: do not quote it as protection of the interests.")


def by_cost(label: str, row: Mapping[str, Summary], days: int, sticks: Sequence[Yardstick],
            planned_per_year_eur: float | None) -> Judgement:
    """Judge a headline by the cost at perfect performance.

    Parameters
    ----------
    label
        The option, for the sentence.
    row
        Its paired differences.
    days
        Days of war in the period.
    sticks
        From `yardsticks`; those at the headline's claim bias count.
    planned_per_year_eur
        Its planned cost of a year, None if it plans none.
    """
    prevented = row["prevented_zone"]["delta"]
    if planned_per_year_eur is None:
        return Judgement(None, "no money is planned")
    if prevented is None or days == 0:
        return Judgement(None, "no raid was played")
    most = max(s.per_year.high for s in sticks if s.bias == sticks[0].bias)
    least = planned_per_year_eur / _MILLION / most
    if prevented <= 0.0:
        return Judgement(True, f"nothing prevented; at least {number(least)}")
    each = planned_per_year_eur / _MILLION / (prevented * DAYS_PER_YEAR / days)
    brief = f"EUR {number(each)} million each; at least {number(least)}"
    if each >= least:
        return Judgement(True, brief)
    return Judgement(False, brief, f"{label}: each threat prevented costs EUR {number(each)} million, LESS than the "
                     f"{number(least)} million that it would cost if every addressable leaker were stopped. It is "
                     "credited with threats that the yardstick does not hold, missiles or front-line traffic, or its "
                     "plan leaves out what makes it work.")


@dataclass(frozen=True)
class Verdicts:
    """The judgements of every option: a table, and a sentence for each that lies outside."""

    table: Table
    outside: tuple[str, ...]


def verdicts(comparison: Comparison, labels: Mapping[str, str], days: int, sticks: Sequence[Yardstick],
             interests: Mapping[str, Sequence[InterestRow]], planned: Mapping[str, float | None]) -> Verdicts:
    """Judge every option by every yardstick.

    Parameters
    ----------
    comparison
        Paired differences.
    labels
        Of the options.
    days
        Days of war in the period.
    sticks
        From `yardsticks`.
    interests
        Option -> the interests under its own zone and stand-offs.
    planned
        Option -> planned cost of a year, EUR.
    """
    rows: list[tuple[Cell, ...]] = []
    outside = []
    for option, row in comparison.rows.items():
        main, label = row["prevented_zone"], labels[option]
        judged = (by_leakers(label, main, days, sticks), by_interests(label, main, interests.get(option)),
                  by_cost(label, row, days, sticks, planned.get(option)))
        per_year = check(label, main, days, list(sticks)).per_year
        rows.append((label, NOTHING if per_year is None else per_year.words(), *(j.cell for j in judged)))
        outside += [j.sentence for j in judged if j.inside is False]
    ends = [number(s.per_year.central or s.per_year.high, SOME) for s in sticks if s.bias == sticks[0].bias]
    return Verdicts(Table("yardsticks", "The headline of each option against the three yardsticks",
                          ("Option", "Headline, taken to a year", f"Addressable leakers ({listing(ends, 'or')} a year)",
                           "Interests that its rules leave in the zone", "Cost of each threat prevented"), tuple(rows),
                          note="Inside: the headline's interval does not pass the most leakers that either reading "
                               "allows; its zone and stand-offs leave something of at least one interest; and "
                               "each threat prevented costs no less than if every addressable leaker were stopped."),
                    tuple(outside))


def addressable(sticks: Sequence[Yardstick], days: int) -> Table:
    """Return the addressable leakers, a year and for the days of war in the period."""
    rows = [(_READINGS[s.key], full(s.bias), s.per_year.words(SOME), s.per_period.words(FEW)) for s in sticks]
    return Table("addressable", "Addressable leakers: UAVs of the deep stream that get through Ukraine's own defence, "
                 "decoys included, in the whole country", ("Reading of the record", "Claim bias b", "A year",
                                                          f"In {days} days of war"), tuple(rows), numeric=True)


def perfect_costs(costs: Sequence[tuple[str, float]], sticks: Sequence[Yardstick], comparison: Comparison,
                  labels: Mapping[str, str]) -> Table:
    """Return the planned cost per leaker if every addressable leaker were stopped, and what was simulated."""
    used = [s for s in sticks if s.bias == sticks[0].bias]
    rows: list[tuple[Cell, ...]] = []
    simulated = {labels[option]: row for option, row in comparison.rows.items()}
    for label, planned in costs:
        rows.append((label, number(planned / _MILLION, FEW),
                     *(s.per_year.under(planned / _MILLION).words(FEW) for s in used),
                     cost_each(simulated[label], simulated[label]["prevented_zone"])))
    return Table("perfect", "Cost at perfect performance: planned cost of a year over the addressable leakers of a "
                 "year, EUR million for each leaker prevented",
                 ("Option", "Planned cost of a year, EUR million",
                  *(f"Perfect, {_READINGS[s.key][0].lower()}{_READINGS[s.key][1:]}" for s in used),
                  "Simulated, for each prevented in the area"), tuple(rows), numeric=True)


def cost_each(row: Mapping[str, Summary], main: Summary) -> str:
    """Return the planned cost for each threat prevented, EUR million, with the interval turned over.

    Parameters
    ----------
    row
        Paired differences, for the planned cost.
    main
        The threats prevented.
    """
    planned = row["planned_cost_eur"]["delta"]
    if not planned or not main["delta"] or main["delta"] <= 0.0:
        return NOTHING
    head = number(planned / _MILLION / main["delta"])
    if main["lo"] is None or main["hi"] is None:
        return head
    if main["lo"] <= 0.0:
        return f"{head} (no upper end: the interval reaches zero)"
    doubt = span(planned / _MILLION / main["hi"], planned / _MILLION / main["lo"])
    return head if doubt == head else f"{head} ({doubt})"
