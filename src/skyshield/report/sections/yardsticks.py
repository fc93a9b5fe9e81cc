"""The yardsticks in full: the addressable leakers, what each says of every option, and the cost if all went well."""

from dataclasses import dataclass
from typing import Any

from skyshield.bounds import verdicts as judge
from skyshield.bounds import yardsticks
from skyshield.bounds.yardsticks import Range, Yardstick
from skyshield.report import tables, verdicts
from skyshield.report.basis import price_text
from skyshield.report.reading import Reading
from skyshield.report.tables import Table
from skyshield.report.text import range_text, total


@dataclass(frozen=True)
class Worked:
    """The yardsticks of a study, worked out.

    Attributes
    ----------
    sticks
        The addressable leakers in every reading.
    days
        Of war in the period.
    own
        The model's own deep stream, leakers a year.
    own_sentence
        Whether it agrees with the yardsticks.
    all_leakers
        What the claims leave unaccounted for, a year.
    arriving
        Threats that arrive in the protected area in the baseline.
    verdicts
        What every yardstick says of every option; None where there is nothing to compare.
    costs
        The cost if every addressable leaker were stopped; None where nothing is planned.
    """

    sticks: list[Yardstick]
    days: float
    own: Range
    own_sentence: str
    all_leakers: Range
    arriving: str
    verdicts: verdicts.Verdicts | None
    costs: Table | None


def worked_out(reading: Reading) -> Worked:
    """Hold every option's headline against the yardsticks."""
    view, comparison, catalogue = reading.view, reading.comparison, reading.catalogue
    days = yardsticks.war_days(reading.scenario)
    sticks = yardsticks.yardsticks(catalogue, days, reading.scenario.assumptions)
    own = yardsticks.deep_leakers_per_year(view.fit, sticks[0].bias)
    planned = {o: yardsticks.planned_per_year(reading.days, view.summaries, o) for o in comparison.rows}
    costs = [(reading.labels[o], cost) for o, cost in planned.items() if cost is not None]
    judged = judge.verdicts(comparison, days, sticks, reading.interests.by_option(), planned) if comparison.rows else {}
    leakers = catalogue["leakers_per_year"]
    return Worked(
        list(sticks), days, own, verdicts.model_sentence(own, sticks),
        Range(leakers.low, leakers.central, leakers.high),
        tables.with_interval(view.summaries[comparison.to]["leaked_zone"], "leaked_zone", "mean", total),
        verdicts.verdicts(comparison, reading.labels, sticks, judged) if comparison.rows else None,
        verdicts.perfect_costs(costs, sticks, comparison, reading.labels) if costs else None)


def make(reading: Reading) -> dict[str, Any]:
    """Return the section."""
    worked = worked_out(reading)
    return {"addressable": verdicts.addressable(worked.sticks, worked.days), "own": range_text(worked.own),
            "own_sentence": worked.own_sentence, "arriving": worked.arriving, "verdicts": worked.verdicts,
            "costs": worked.costs,
            "prices": price_text(reading.catalogue, list(reading.view.parameters)),
            "others": [reading.labels[o.name] for o in reading.scenario.options if o.fires
                       and (o.rules.target_classes is None or set(o.rules.target_classes) != {"uav"})]}
