"""Whether each option's headline lies inside the yardsticks.

Three yardsticks, none of which needs a simulation (`yardsticks`, `interests`):

- addressable leakers: nobody prevents more in a year than the deep stream holds;
- interests and restrictions: who may shoot at nothing that the interests need cannot have prevented much there;
- cost at perfect performance: nobody pays less for each threat prevented than if every addressable leaker were stopped.

An option without a zone or without money has no second or third yardstick. A verdict is `inside` or not, None where
there is nothing to judge, and holds the figures it was made from.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from skyshield.bounds.yardsticks import DAYS_PER_YEAR, Limits, Range, Yardstick, limits
from skyshield.study.compare import Comparison
from skyshield.study.summary import Summary
from skyshield.theatre.matrix import InterestRow

STATUSES = ("inside", "undecided", "outside")
NO_RAID, NO_ZONE, NO_MONEY = "no_raid", "no_zone", "no_money"
ABOVE_MOST, MORE_ARRIVE, ABOVE_CENTRE, ABOVE_LEAST, BELOW_LEAST = (
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
        One of `NO_RAID`, `ABOVE_MOST`, `MORE_ARRIVE`, `ABOVE_CENTRE`, `ABOVE_LEAST`, `BELOW_LEAST`.
    per_year
        The headline taken to a year; None where no raid was played.
    limits
        What the yardsticks allow.
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
    """A headline against what the option's own rules leave of the interests.

    Attributes
    ----------
    inside
        None where the option has no zone of its own.
    reason
        One of `NO_ZONE`, `NOTHING_LEFT` (of the interests, though threats are prevented), `NOTHING_PREVENTED`,
        `SOMETHING_LEFT`.
    counts
        Status -> how many interests have it.
    most_share
        The most that is left of any one interest.
    """

    inside: bool | None
    reason: str
    counts: Mapping[str, int]
    most_share: float


@dataclass(frozen=True)
class ByCost:
    """A headline against the cost at perfect performance.

    Attributes
    ----------
    inside
        None where no money is planned or no raid was played.
    reason
        One of `NO_MONEY`, `NO_RAID`, `NOTHING_PREVENTED`, `DEARER`, `CHEAPER` (than if all leakers were stopped).
    each_eur_m, least_eur_m
        What each threat prevented costs, and what it would cost if every addressable leaker were stopped, EUR million;
        None where there is no such figure.
    """

    inside: bool | None
    reason: str
    each_eur_m: float | None = None
    least_eur_m: float | None = None


@dataclass(frozen=True)
class Verdicts:
    """What the three yardsticks say of an option."""

    leakers: ByLeakers
    interests: ByInterests
    cost: ByCost


def by_leakers(row: Mapping[str, float | None], days: int, sticks: Sequence[Yardstick]) -> ByLeakers:
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
    result = Range((delta if lo is None else lo) * year, delta * year, (delta if hi is None else hi) * year)
    reason = _place(result, allowed)
    return ByLeakers(reason not in (ABOVE_MOST, MORE_ARRIVE), reason, result, allowed,
                     tuple(_PERCENT * delta * year / centre for centre in allowed.centres))


def _place(result: Range, allowed: Limits) -> str:
    """Return where a yearly headline lies among the limits."""
    if result.high > allowed.most:
        return ABOVE_MOST
    if result.central is not None and result.central < 0.0:
        return MORE_ARRIVE
    if result.high > min(allowed.centres, default=allowed.most):
        return ABOVE_CENTRE
    return ABOVE_LEAST if result.high > allowed.least else BELOW_LEAST


def by_interests(row: Summary, interests: Sequence[InterestRow] | None) -> ByInterests:
    """Judge a headline by what the option's own rules leave of the interests.

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
    most = max((r.share for r in interests), default=0.0)
    if most > 0.0:
        return ByInterests(True, SOMETHING_LEFT, counts, most)
    if row["delta"] is None or row["delta"] <= 0.0:
        return ByInterests(True, NOTHING_PREVENTED, counts, most)
    return ByInterests(False, NOTHING_LEFT, counts, most)


def by_cost(row: Mapping[str, Summary], days: int, sticks: Sequence[Yardstick],
            planned_per_year_eur: float | None) -> ByCost:
    """Judge a headline by the cost at perfect performance.

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
    least = planned_per_year_eur / _MILLION / limits(sticks).most
    if prevented <= 0.0:
        return ByCost(True, NOTHING_PREVENTED, None, least)
    each = planned_per_year_eur / _MILLION / (prevented * DAYS_PER_YEAR / days)
    return ByCost(each >= least, DEARER if each >= least else CHEAPER, each, least)


def verdicts(comparison: Comparison, days: int, sticks: Sequence[Yardstick],
             interests: Mapping[str, Sequence[InterestRow]],
             planned: Mapping[str, float | None]) -> dict[str, Verdicts]:
    """Judge every option by every yardstick.

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
