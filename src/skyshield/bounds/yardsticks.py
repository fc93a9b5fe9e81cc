r"""Yardsticks that need no simulation.

(a) Addressable leakers. The catalogue holds two readings of how many UAVs of the deep stream get through
in a year. They are counted at the claimed rates; with a claim bias b, the share of true leakers that is
claimed as stopped, the true number is A / (1 - b). No zone in the rear can prevent more than is there.

(b) What the model itself holds, for a row of the fit with leak share l of the deep stream at claim bias b:

    deep leakers a year = l / (1 - b) * n * days in a year,

with n the mean number of the deep stream's threats on a night (`skyshield.raids.expected`), at the averages of the
record's window, to which levels revert, and without growth.

(c) Cost at perfect performance: the planned cost of a year over the addressable leakers of a year, as if
every one of them were stopped and none would have been stopped without it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from skyshield.catalogue import Catalogue
from skyshield.compile.parameters import headline_value
from skyshield.core.errors import SkyShieldError
from skyshield.core.units import scale_to
from skyshield.core.vocabulary import DEEP_STREAM
from skyshield.raids import Fit, expected_launches
from skyshield.scenario import Scenario
from skyshield.study.told import Summary

READINGS = ("addressable_leakers_linear", "addressable_leakers_mixture")
BIAS = "claim_bias"
BOUND_KEYS = (*READINGS, BIAS)
DAYS_PER_YEAR = 365.25
_TAILS = (0.025, 0.975)


@dataclass(frozen=True)
class Range:
    """A low, a central and a high value; `central` is None without one."""

    low: float
    central: float | None
    high: float

    def times(self, factor: float) -> "Range":
        """Return the range scaled by a positive factor."""
        return Range(self.low * factor, None if self.central is None else self.central * factor, self.high * factor)

    def under(self, amount: float) -> "Range":
        """Return amount / range: the ends change places.

        Examples
        --------
        >>> Range(160.0, 530.0, 930.0).under(1_060.0)
        Range(low=1.1397849462365592, central=2.0, high=6.625)
        """
        return Range(amount / self.high, None if self.central is None else amount / self.central, amount / self.low)


@dataclass(frozen=True)
class Yardstick:
    """Addressable leakers of one reading at one claim bias, for a year and for the study's days of war."""

    key: str
    bias: float
    per_year: Range
    per_period: Range


@dataclass(frozen=True)
class Limits:
    """The addressable leakers of a year by the yardsticks at the headline's claim bias.

    Attributes
    ----------
    low, high
        The lowest low and the highest high.
    centres
        Of the readings that have one.
    """

    low: float
    centres: tuple[float, ...]
    high: float


def war_days(scenario: Scenario) -> float:
    """Return how many days of war the raids of the period come to: a day counts with its intensity of raids.

    Examples
    --------
    >>> from skyshield.scenario import load
    >>> from skyshield.scenario.model import Phase
    >>> truce = Phase(name="ceasefire", first_day=21, raid_intensity=0.25)
    >>> war_days(load("skyshield").model_copy(update={"days": 30, "phases": (Phase(name="war"), truce)}))
    22.5
    """
    return sum(scenario.phases[phase].intensity for phase in scenario.phase_index_by_day())


def yardsticks(catalogue: Catalogue, days: float, assumptions: Mapping[str, float] | None = None) -> list[Yardstick]:
    """Return the addressable leakers, both readings at the headline's claim bias and at both ends of its range.

    The bias on which the headline stands comes first.

    Raises
    ------
    SkyShieldError
        If the claim bias reaches 1, at which any number of leakers would do.

    Examples
    --------
    >>> from skyshield.catalogue import load_catalogue
    >>> first = yardsticks(load_catalogue(), 30)[0]
    >>> first.bias, first.per_year.central, round(first.per_period.central, 1)
    (0.0, 530.0, 43.5)
    """
    bias = catalogue[BIAS]
    headline = headline_value(bias, assumptions or {})
    ends = [headline, *(end for end in (bias.low, bias.high) if end != headline)]
    if max(ends) >= 1.0:
        raise SkyShieldError(BIAS, f"reaches {max(ends):g}", "keep it below 1")
    sticks = []
    for b in ends:
        for key in READINGS:
            entry = catalogue[key]
            scale = scale_to(entry.unit, "1/year", key) / (1.0 - b)
            per_year = Range(entry.low, entry.central, entry.high).times(scale)
            sticks.append(Yardstick(key, b, per_year, per_year.times(days / DAYS_PER_YEAR)))
    return sticks


def at_headline(sticks: Sequence[Yardstick]) -> list[Yardstick]:
    """Return the yardsticks at the headline's claim bias, that of the first of them."""
    return [stick for stick in sticks if stick.bias == sticks[0].bias]


def limits(sticks: Sequence[Yardstick]) -> Limits:
    """Return the limits of a year by the yardsticks at the headline's claim bias."""
    ranges = [stick.per_year for stick in at_headline(sticks)]
    return Limits(min(r.low for r in ranges), tuple(r.central for r in ranges if r.central is not None),
                  max(r.high for r in ranges))


def deep_leakers_per_year(fit: Fit, bias: float) -> Range:
    """Return how many leakers a year the model's own deep stream holds: 95% over the fit's rows, and the mean."""
    columns = fit.parameters
    deep = expected_launches(columns)[:, :, DEEP_STREAM].sum(axis=1)
    yearly = columns["leak_deep"] / (1.0 - bias) * deep * DAYS_PER_YEAR
    low, high = np.quantile(yearly, _TAILS)
    return Range(float(low), float(yearly.mean()), float(high))


def agrees(own: Range, sticks: Sequence[Yardstick]) -> bool:
    """Return whether the mean of the model's own deep stream lies within the yardsticks' limits."""
    allowed = limits(sticks)
    return own.central is not None and allowed.low <= own.central <= allowed.high


def planned_per_year(days: int, summary: Mapping[str, Mapping[str, Summary]], option: str) -> float | None:
    """Return an option's planned cost of a year, EUR; None if it plans none."""
    mean = summary[option]["planned_cost_eur"]["mean"]
    if not mean:
        return None
    return float(mean) * DAYS_PER_YEAR / days
