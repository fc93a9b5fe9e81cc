"""Whether each option's headline lies inside the yardsticks.

Three yardsticks, none of which needs a simulation (`yardsticks`, `interests`):

- addressable leakers: no option prevents more in a year than the deep stream holds;
- interests and restrictions: an option whose rules leave none of the interests cannot have prevented much there;
- cost at perfect performance: no threat prevented costs less than if every addressable leaker were stopped.

An option without a zone or without money has no second or third yardstick. A verdict is `inside` or not, None where
there is nothing to compare, and holds the figures it is based on.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from skyshield.bounds.yardsticks import DAYS_PER_YEAR, Limits, Range, Yardstick, limits
from skyshield.study.compare import Comparison
from skyshield.study.told import Summary
from skyshield.theatre.matrix import InterestRow

STATUSES = ("inside", "undecided", "outside")
NO_RAID, NO_ZONE, NO_MONEY = "no_raid", "no_zone", "no_money"
ABOVE_MAX, MORE_ARRIVE, ABOVE_CENTRE, ABOVE_MIN, BELOW_MIN = (
    "above_most", "more_arrive", "above_centre", "above_least", "below_least")
NOTHING_LEFT, SOMETHING_LEFT, NOTHING_PREVENTED = "nothing_left", "something_left", "nothing_prevented"
CHEAPER, DEARER = "cheaper", "dearer"
_MILLION = 1e6
_PERCENT = 100.0


@dataclass(frozen=True)
class ByLeakers:
    """A headline against the addressable leakers.

    Attributes
    ----------
    inside
        None where no raid was played.
    reason
        One of `NO_RAID`, `ABOVE_MAX`, `MORE_ARRIVE`, `ABOVE_CENTRE`, `ABOVE_MIN`, `BELOW_MIN`.
    per_year
        The headline taken to a year; None where no raid was played.
    limits
        Of the yardsticks.
    percent_of_centres
        The headline's mean over each centre.
    """

    inside: bool | None
    reason: str
    per_year: Range | None
    limits: Limits
    percent_of_centres: tuple[float, ...] = ()


@dataclass(frozen=True)
class ByInterests:
    """A headline against the interests within the option's own rules.

    Attributes
    ----------
    inside
        None where the option has no zone of its own.
    reason
        One of `NO_ZONE`, `NOTHING_LEFT` (of the interests, though threats are prevented), `NOTHING_PREVENTED`,
        `SOMETHING_LEFT`.
    counts
        Status -> how many interests have it.
    max_share
        The largest share of any one interest within the rules.
    """

    inside: bool | None
    reason: str
    counts: Mapping[str, int]
    max_share: float


@dataclass(frozen=True)
class ByCost:
    """A headline against the cost at perfect performance.

    Attributes
    ----------
    inside
        None where no money is planned or no raid was played.
    reason
        One of `NO_MONEY`, `NO_RAID`, `NOTHING_PREVENTED`, `DEARER`, `CHEAPER` (than if all leakers were stopped).
    eur_m_per_threat, min_eur_m_per_threat
        The cost of each threat prevented, and the cost if every addressable leaker were stopped, EUR million; None
        where there is no such figure.
    """

    inside: bool | None
    reason: str
    eur_m_per_threat: float | None = None
    min_eur_m_per_threat: float | None = None


@dataclass(frozen=True)
class Verdicts:
    """The verdicts of the three yardsticks on an option."""

    leakers: ByLeakers
    interests: ByInterests
    cost: ByCost


def by_leakers(row: Summary, days: float, sticks: Sequence[Yardstick]) -> ByLeakers:
    """Compare an option's headline, taken to a year, with the yardsticks at the headline's claim bias.

    Parameters
    ----------
    row
        ``delta, lo, hi`` of `prevented_zone` over the period.
    days
        Days of war in the period.
    sticks
        From `yardsticks`.
    """
    delta, lo, hi = row["delta"], row["lo"], row["hi"]
    allowed = limits(sticks)
    if delta is None or days == 0:
        return ByLeakers(None, NO_RAID, None, allowed)
    year = DAYS_PER_YEAR / days
    headline = Range((delta if lo is None else lo) * year, delta * year, (delta if hi is None else hi) * year)
    reason = _leaker_reason(headline, allowed)
    return ByLeakers(reason not in (ABOVE_MAX, MORE_ARRIVE), reason, headline, allowed,
                     tuple(_PERCENT * delta * year / centre for centre in allowed.centres))


def _leaker_reason(headline: Range, allowed: Limits) -> str:
    """Return where a yearly headline lies among the limits."""
    if headline.high > allowed.high:
        return ABOVE_MAX
    if headline.central is not None and headline.central < 0.0:
        return MORE_ARRIVE
    if headline.high > min(allowed.centres, default=allowed.high):
        return ABOVE_CENTRE
    return ABOVE_MIN if headline.high > allowed.low else BELOW_MIN


def by_interests(row: Summary, interests: Sequence[InterestRow] | None) -> ByInterests:
    """Compare a headline with the interests within the option's own rules.

    Parameters
    ----------
    row
        ``delta, lo, hi`` of `prevented_zone`.
    interests
        Under its own zone and stand-offs; None if it has neither.
    """
    if interests is None:
        return ByInterests(None, NO_ZONE, {}, 0.0)
    counts = {status: sum(r.status == status for r in interests) for status in STATUSES}
    max_share = max((r.share for r in interests), default=0.0)
    if max_share > 0.0:
        return ByInterests(True, SOMETHING_LEFT, counts, max_share)
    if row["delta"] is None or row["delta"] <= 0.0:
        return ByInterests(True, NOTHING_PREVENTED, counts, max_share)
    return ByInterests(False, NOTHING_LEFT, counts, max_share)


def by_cost(row: Mapping[str, Summary], days: float, sticks: Sequence[Yardstick],
            planned_per_year_eur: float | None) -> ByCost:
    """Compare a headline with the cost at perfect performance.

    Parameters
    ----------
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
        return ByCost(None, NO_MONEY)
    if prevented is None or days == 0:
        return ByCost(None, NO_RAID)
    min_cost = planned_per_year_eur / _MILLION / limits(sticks).high
    if prevented <= 0.0:
        return ByCost(True, NOTHING_PREVENTED, None, min_cost)
    cost = planned_per_year_eur / _MILLION / (prevented * DAYS_PER_YEAR / days)
    return ByCost(cost >= min_cost, DEARER if cost >= min_cost else CHEAPER, cost, min_cost)


def verdicts(comparison: Comparison, days: float, sticks: Sequence[Yardstick],
             interests: Mapping[str, Sequence[InterestRow]],
             planned: Mapping[str, float | None]) -> dict[str, Verdicts]:
    """Return the verdicts of all yardsticks on every option.

    Parameters
    ----------
    comparison
        Paired differences.
    days
        Days of war in the period.
    sticks
        From `yardsticks`.
    interests
        Option -> the interests under its own zone and stand-offs.
    planned
        Option -> planned cost of a year, EUR.
    """
    return {option: Verdicts(by_leakers(row["prevented_zone"], days, sticks),
                             by_interests(row["prevented_zone"], interests.get(option)),
                             by_cost(row, days, sticks, planned.get(option)))
            for option, row in comparison.rows.items()}
