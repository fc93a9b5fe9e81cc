r"""Page one: yardsticks that need no simulation, and whether the simulated headline respects them.

(a) Addressable leakers. The catalogue holds two readings of how many UAVs of the deep stream get through
in a year. They are counted at the claimed rates; with a claim bias b, the share of true leakers that is
claimed as stopped, the true number is A / (1 - b). No zone in the rear can prevent more than is there.

(b) What the model itself holds: for vector v, with threshold T_v and leak share l_v, and n the UAVs of
the nights the vector takes for possible,

    deep leakers a year = l_v * mean over nights of max(0, n - T_v) * days in a year.

(c) Cost at perfect performance: the planned cost of a year over the addressable leakers of a year, as if
every one of them were stopped and none would have been stopped without it.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from skyshield.catalogue import Catalogue
from skyshield.core.errors import SkyShieldError
from skyshield.core.units import scale_to
from skyshield.raids import Fit
from skyshield.report.words import FEW, SOME, number, span
from skyshield.scenario import Scenario
from skyshield.study.compare import Summary
from skyshield.study.result import StudyResult

READINGS = ("addressable_leakers_linear", "addressable_leakers_mixture")
BIAS = "claim_bias"
BOUND_KEYS = (*READINGS, BIAS)
DAYS_PER_YEAR = 365.25
_TAILS = (0.025, 0.975)
_PERCENT = 100.0


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

    def words(self, digits: int = FEW) -> str:
        """Return the range as text."""
        if self.central is None:
            return span(self.low, self.high, digits)
        return f"{number(self.central, digits)} ({span(self.low, self.high, digits)})"


@dataclass(frozen=True)
class Yardstick:
    """Addressable leakers of one reading at one claim bias, for a year and for the study's days of war."""

    key: str
    bias: float
    per_year: Range
    per_period: Range


def war_days(scenario: Scenario) -> int:
    """Return on how many days of the period raids fly."""
    return sum(scenario.phase_of_day(day) == "war" for day in range(1, scenario.days + 1))


def yardsticks(catalogue: Catalogue, days: int) -> list[Yardstick]:
    """Return the addressable leakers, both readings at both ends of the claim bias.

    The end on which the headline stands comes first.

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
    low, _, high = bias.si()
    ends = (low, high) if bias.reference != "high" else (high, low)
    if max(ends) >= 1.0:
        raise SkyShieldError(BIAS, f"reaches {max(ends):g}", "keep it below 1")
    found = []
    for b in ends:
        for key in READINGS:
            entry = catalogue[key]
            scale = scale_to(entry.unit, "1/year", key) / (1.0 - b)
            per_year = Range(entry.low, entry.central, entry.high).times(scale)
            found.append(Yardstick(key, b, per_year, per_year.times(days / DAYS_PER_YEAR)))
    return found


def deep_leakers_per_year(fit: Fit, parameters: Mapping[str, npt.NDArray[np.float64]]) -> Range:
    """Return how many leakers a year the model's own deep stream holds: 95% over vectors, and the mean.

    Parameters
    ----------
    fit
        The nights and which of them each row takes for possible.
    parameters
        f8[vector] by name; needs ``front_stream_threshold`` and ``leak_deep``.
    """
    threshold, leak = parameters["front_stream_threshold"], parameters["leak_deep"]
    index = fit.night_index[np.arange(len(threshold)) % len(fit.rows)]
    uav = fit.nights[index, 0]
    deep = np.maximum(0.0, uav - np.ceil(threshold)[:, None]).mean(axis=1)
    yearly = deep * leak * DAYS_PER_YEAR
    low, high = np.quantile(yearly, _TAILS)
    return Range(float(low), float(yearly.mean()), float(high))


@dataclass(frozen=True)
class Verdict:
    """Whether a headline lies within the yardsticks, and the sentence that says so."""

    inside: bool
    per_year: Range | None
    sentence: str


def check(label: str, row: Mapping[str, float | None], days: int, sticks: list[Yardstick]) -> Verdict:
    """Compare an option's headline, taken to a year, with the yardsticks at the headline's claim bias.

    Parameters
    ----------
    label
        The option, for the sentence.
    row
        ``delta, lo, hi`` of `prevented_zone` over the period.
    days
        Days of war in the period.
    sticks
        From `yardsticks`.
    """
    delta, lo, hi = row["delta"], row["lo"], row["hi"]
    if delta is None or days == 0:
        return Verdict(True, None, f"{label}: no headline to compare, because no raid was played.")
    year = DAYS_PER_YEAR / days
    found = Range((delta if lo is None else lo) * year, delta * year, (delta if hi is None else hi) * year)
    used = [s for s in sticks if s.bias == sticks[0].bias]
    least = min(s.per_year.low for s in used)
    ceiling = max(s.per_year.high for s in used)
    centres = [s.per_year.central for s in used if s.per_year.central is not None]
    share = " and ".join(f"{number(_PERCENT * delta * year / c)}% of the {number(c, SOME)}" for c in centres)
    head = f"{label}: the headline comes to {found.words()} a year; its mean is {share} in the table."
    inside, sentence = _judge(found, least, min(centres, default=ceiling), ceiling)
    return Verdict(inside, found, f"{head} {sentence}")


def _judge(found: Range, least: float, centre: float, ceiling: float) -> tuple[bool, str]:
    """Return whether a yearly headline respects the yardsticks, and why or why not."""
    if found.high > ceiling:
        return False, (f"It is OUTSIDE the yardsticks: its upper end is above {number(ceiling, SOME)}, the most "
                       "leakers either reading allows the deep stream at this claim bias. Either the model lets "
                       "through, or sends to the protected area, more than the record holds, or the area takes in "
                       "front-line traffic that the yardstick leaves out. Take the headline for an error until one of "
                       "these is shown.")
    if found.central is not None and found.central < 0.0:
        return False, ("It is OUTSIDE the yardsticks: the option makes more threats arrive, which no yardstick "
                       "foresees. Look for the cause before using it.")
    if found.high > centre:
        return True, ("Its upper end passes the centre of the narrower yardstick but not the top of the wider one: "
                      "inside, but it leans on the more generous reading.")
    if found.high > least:
        return True, (f"It lies inside the yardsticks; its upper end passes only the lowest figure they allow "
                      f"({number(least, SOME)}).")
    return True, (f"It lies well inside: even its upper end is below the lowest figure the yardsticks allow "
                  f"({number(least, SOME)}). What is there to be stopped does not bind; the option's rules, reach and "
                  "tracking do.")


def model_sentence(own: Range, sticks: list[Yardstick]) -> str:
    """Say whether the model's own deep stream agrees with the yardsticks."""
    used = [s for s in sticks if s.bias == sticks[0].bias]
    low, high = min(s.per_year.low for s in used), max(s.per_year.high for s in used)
    if own.central is not None and low <= own.central <= high:
        return "The model's own deep stream agrees with the yardsticks."
    return ("The model's own deep stream does NOT agree with the yardsticks: its centre lies outside "
            f"{span(low, high, SOME)}. Take the headline for an error until this is explained.")


def planned_per_year(result: StudyResult, summary: Mapping[str, Mapping[str, Summary]], option: str) -> float | None:
    """Return an option's planned cost of a year, EUR; None if it plans none."""
    mean = summary[option]["planned_cost_eur"]["mean"]
    if not mean:
        return None
    return mean * DAYS_PER_YEAR / int(result.manifest["days"])
