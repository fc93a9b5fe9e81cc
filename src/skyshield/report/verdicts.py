"""What the yardsticks of page one say of each option's headline, in words and tables.

The figures and the verdicts are those of `skyshield.bounds`. Where a headline lies outside, a sentence says why.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from skyshield.bounds import verdicts as judge
from skyshield.bounds.verdicts import ByCost, ByInterests, ByLeakers
from skyshield.bounds.yardsticks import Range, Yardstick, agrees, at_headline, limits
from skyshield.report.tables import Cell, Table
from skyshield.report.text import FEW, NOTHING, SOME, full, listing, number, range_text, span
from skyshield.study.compare import Comparison
from skyshield.study.told import WITHIN_NOISE, Summary

INSIDE, OUTSIDE = "inside", "outside"
_MILLION = 1e6
_PERCENT = 100.0
NO_ZONE = "it has no zone of its own"
_NO_RAID = "no raid was played"
_BRIEFS = {judge.ABOVE_MAX: "its upper end passes the most either allows",
           judge.MORE_ARRIVE: "more threats arrive",
           judge.ABOVE_CENTRE: "its upper end leans on the more generous reading",
           judge.ABOVE_MIN: "its upper end passes only the lowest figure",
           judge.BELOW_MIN: "even its upper end is below the lowest figure"}
READINGS = {"addressable_leakers_linear": "Slope of leakers over raid size",
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


def by_leakers(label: str, result: ByLeakers) -> Judgement:
    """Say what the addressable leakers make of an option's headline."""
    if result.per_year is None:
        return Judgement(None, _NO_RAID)
    parts = " and ".join(f"{number(percent)}%" for percent in result.percent_of_centres)
    return Judgement(result.inside, f"its mean is {parts} of the centres; {_BRIEFS[result.reason]}",
                     "" if result.inside else _outside_sentence(label, result, result.per_year))


def _outside_sentence(label: str, result: ByLeakers, per_year: Range) -> str:
    """Say why a headline does not respect the addressable leakers."""
    share = " and ".join(f"{number(percent)}% of the {number(centre, SOME)}" for percent, centre in
                         zip(result.percent_of_centres, result.limits.centres, strict=True))
    why = ("the option makes more threats arrive, which no yardstick foresees. Look for the cause before using it."
           if result.reason == judge.MORE_ARRIVE else
           f"its upper end is above {number(result.limits.high, SOME)}, the most leakers either reading allows the "
           "deep stream at this claim bias. Either the model lets through, or sends to the protected area, more than "
           "the record holds, or the area takes in front-line traffic that the yardstick leaves out. Take the headline "
           "for an error until one of these is shown.")
    return (f"{label}: the headline comes to {range_text(per_year)} a year; its mean is {share} in the table. "
            f"It is OUTSIDE the yardsticks: {why}")


def by_interests(label: str, result: ByInterests, prevented: float | None) -> Judgement:
    """Say what the interests that an option's rules leave make of its headline, the threats prevented."""
    if result.inside is None:
        return Judgement(None, NO_ZONE)
    n = sum(result.counts.values())
    brief = ", ".join(f"{number_of} {status}" for status, number_of in result.counts.items() if number_of)
    if result.counts[OUTSIDE] == n and result.max_share > 0.0:
        brief += f", of one {number(_PERCENT * result.max_share)}% stays"
    if result.inside:
        return Judgement(True, brief)
    return Judgement(False, brief, f"{label}: its zone and stand-offs leave NOTHING of the {n} interests "
                     f"inside, and yet it prevents {number(prevented)} threats in the protected area. What it stops is "
                     "on its way to aims there that are none of the interests, or over a part of the way that the "
                     "matrix does not look at: do not quote it as protection of the interests.")


def by_cost(label: str, result: ByCost) -> Judgement:
    """Say what the cost at perfect performance makes of an option's headline."""
    if result.inside is None:
        return Judgement(None, "no money is planned" if result.reason == judge.NO_MONEY else _NO_RAID)
    each, least = number(result.eur_m_per_threat), number(result.min_eur_m_per_threat)
    if result.eur_m_per_threat is None:
        return Judgement(True, f"nothing prevented; at least {least}")
    brief = f"EUR {each} million each; at least {least}"
    if result.inside:
        return Judgement(True, brief)
    return Judgement(False, brief, f"{label}: each threat prevented costs EUR {each} million, LESS than the "
                     f"{least} million that it would cost if every addressable leaker were stopped. It is "
                     "credited with threats that the yardstick does not hold, missiles or front-line traffic, or its "
                     "plan leaves out what makes it work.")


def model_sentence(own: Range, sticks: Sequence[Yardstick]) -> str:
    """Say whether the model's own deep stream agrees with the yardsticks."""
    if agrees(own, sticks):
        return "The model's own deep stream agrees with the yardsticks."
    allowed = limits(sticks)
    return ("The model's own deep stream does NOT agree with the yardsticks: its centre lies outside "
            f"{span(allowed.low, allowed.high, SOME)}. Take the headline for an error until this is explained.")


@dataclass(frozen=True)
class Verdicts:
    """The judgements of every option: a table, and a sentence for each that lies outside."""

    table: Table
    outside: tuple[str, ...]


def verdicts(comparison: Comparison, labels: Mapping[str, str], sticks: Sequence[Yardstick],
             judged: Mapping[str, judge.Verdicts]) -> Verdicts:
    """Say what every yardstick makes of every option.

    Parameters
    ----------
    comparison
        Paired differences.
    labels
        Of the options.
    sticks
        From `yardsticks`.
    judged
        From `skyshield.bounds.verdicts.verdicts`.
    """
    rows: list[tuple[Cell, ...]] = []
    outside = []
    for option, row in comparison.rows.items():
        result, label = judged[option], labels[option]
        judgements = (by_leakers(label, result.leakers),
                      by_interests(label, result.interests, row["prevented_zone"]["delta"]),
                      by_cost(label, result.cost))
        per_year = result.leakers.per_year
        rows.append((label, NOTHING if per_year is None else range_text(per_year), *(j.cell for j in judgements)))
        outside += [j.sentence for j in judgements if j.inside is False]
    ends = [number(s.per_year.central or s.per_year.high, SOME) for s in at_headline(sticks)]
    return Verdicts(Table("yardsticks", "The headline of each option against the three yardsticks",
                          ("Option", "Headline, taken to a year", f"Addressable leakers ({listing(ends, 'or')} a year)",
                           "Interests that its rules leave in the zone", "Cost of each threat prevented"), tuple(rows),
                          note="Inside: the headline's interval does not pass the most leakers that either reading "
                               "allows; its zone and stand-offs leave something of at least one interest; and "
                               "each threat prevented costs no less than if every addressable leaker were stopped."),
                    tuple(outside))


def addressable(sticks: Sequence[Yardstick], days: float) -> Table:
    """Return the addressable leakers, a year and for the days of war in the period."""
    rows = [(READINGS[s.key], full(s.bias), range_text(s.per_year, SOME), range_text(s.per_period, FEW))
            for s in sticks]
    return Table("addressable", "Addressable leakers: UAVs of the deep stream that get through Ukraine's own defence, "
                 "decoys included, in the whole country", ("Reading of the record", "Claim bias b", "A year",
                                                          f"In {days:g} days of war"), tuple(rows), numeric=True)


def perfect_costs(costs: Sequence[tuple[str, float]], sticks: Sequence[Yardstick], comparison: Comparison,
                  labels: Mapping[str, str]) -> Table:
    """Return the planned cost per leaker if every addressable leaker were stopped, and what was simulated."""
    used = at_headline(sticks)
    rows: list[tuple[Cell, ...]] = []
    simulated = {labels[option]: row for option, row in comparison.rows.items()}
    for label, planned in costs:
        rows.append((label, number(planned / _MILLION, FEW),
                     *(range_text(s.per_year.under(planned / _MILLION), FEW) for s in used),
                     _planned_and_spent(simulated[label])))
    return Table("perfect", "Cost at perfect performance: planned cost of a year over the addressable leakers of a "
                 "year, EUR million for each leaker prevented",
                 ("Option", "Planned cost of a year, EUR million",
                  *(f"Perfect, {READINGS[s.key][0].lower()}{READINGS[s.key][1:]}" for s in used),
                  "Simulated, for each prevented in the area, planned; spent"), tuple(rows), numeric=True)


def _planned_and_spent(row: Mapping[str, Summary]) -> str:
    planned, spent = (cost_each(row, row["prevented_zone"], money) for money in ("planned_cost_eur", "cost_eur"))
    return planned if spent == NOTHING else f"{planned}; {spent.partition(' ')[0]}"


def cost_each(row: Mapping[str, Summary], main: Summary, money: str = "planned_cost_eur") -> str:
    """Return the cost for each threat prevented, EUR million, with the interval turned over.

    Parameters
    ----------
    row
        Paired differences, for the cost.
    main
        The threats prevented.
    money
        The cost that is meant: what is planned, or what is spent.
    """
    planned = row[money]["delta"]
    if not planned or not main["delta"] or main["delta"] <= 0.0:
        return NOTHING
    head = number(planned / _MILLION / main["delta"])
    if main["lo"] is None or main["hi"] is None:
        return f"{head} ({main['reason']})" if main.get("reason") == WITHIN_NOISE else head
    if main["lo"] <= 0.0:
        return f"{head} (no upper end: the interval reaches zero)"
    doubt = span(planned / _MILLION / main["hi"], planned / _MILLION / main["lo"])
    return head if doubt == head else f"{head} ({doubt})"
