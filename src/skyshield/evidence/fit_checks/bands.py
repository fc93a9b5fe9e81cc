"""A band that a perfect model passes: all facts at once, from records made by the model itself.

With records i and facts j, m_j the median over records, a_j and b_j the distances of the median to the 2.5 and the
97.5% quantile, a record's deviation is

    T_i = max_j max((m_j - x_ij) / a_j, (x_ij - m_j) / b_j),

and the band is m_j - c a_j to m_j + c b_j with c the 99% quantile of T over records. A record drawn from the model
lies inside with probability 99%, however the facts hang together. As the records use the rows of the fit in turn, the
band holds the doubt about the parameters too.

A fact that a record cannot tell (no raid of that size, say) does not count in that record's maximum; how often this
happens is part of the result. A fact that the observed record cannot tell is listed as such and not judged.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from skyshield.core.arrays import Booleans, Floats
from skyshield.evidence.fit_checks.facts import Fact

LEVEL = 0.99
TAIL = 0.025


@dataclass(frozen=True)
class JudgedFact:
    """An observed fact against the band.

    `position` is the share of records below the observed value (ties count half); `deviation` is T's term in units
    of the scale on its side; `undefined` the share of records that cannot tell the fact. `inside` is None where the
    observed record cannot tell it.
    """

    fact: Fact
    observed: float
    low: float
    median: float
    high: float
    position: float
    deviation: float
    undefined: float
    inside: bool | None


@dataclass(frozen=True)
class Band:
    """A simultaneous band.

    Attributes
    ----------
    facts
        What it is over.
    values
        f8[record, fact], the records it was made from.
    median, below, above
        f8[fact]: centre and scales.
    critical
        How many scales wide.
    level
        The share of records inside.
    """

    facts: tuple[Fact, ...]
    values: Floats
    median: Floats
    below: Floats
    above: Floats
    critical: float
    level: float

    @property
    def low(self) -> Floats:
        """Lower ends, f8[fact]."""
        return self.median - self.critical * self.below

    @property
    def high(self) -> Floats:
        """Upper ends, f8[fact]."""
        return self.median + self.critical * self.above

    def deviations(self, values: Floats) -> Floats:
        """Return each fact's deviation in scales, f8[..., fact]; NaN where untold."""
        return deviations(values, self.median, self.below, self.above)

    def inside(self, values: Floats) -> Booleans:
        """Tell of records f8[record, fact] whether all facts they tell lie inside."""
        return np.asarray(_largest(self.deviations(values)) <= self.critical)

    def p_value(self, observed: Floats) -> float:
        """Return the share of records whose largest deviation is at least the observed one's."""
        observed_deviation = _largest(self.deviations(observed[None, :]))[0]
        return float((_largest(self.deviations(self.values)) >= observed_deviation).mean())

    def judge(self, observed: Floats) -> tuple[JudgedFact, ...]:
        """Return every observed fact against the band."""
        deviation = self.deviations(observed)
        result = []
        for j, fact in enumerate(self.facts):
            defined = self.values[~np.isnan(self.values[:, j]), j]
            position = math.nan
            if len(defined):
                position = float((defined < observed[j]).mean() + (defined == observed[j]).mean() / 2)
            known = not math.isnan(deviation[j])
            result.append(JudgedFact(fact, float(observed[j]), float(self.low[j]), float(self.median[j]),
                                    float(self.high[j]), position if known else math.nan, float(deviation[j]),
                                    1.0 - len(defined) / len(self.values),
                                    bool(deviation[j] <= self.critical) if known else None))
        return tuple(result)


def deviations(values: Floats, median: Floats, below: Floats, above: Floats) -> Floats:
    """Return distances from the median in units of the scale on that side, NaN where a value is.

    Examples
    --------
    >>> one = np.ones(3)
    >>> deviations(np.array([3.0, 0.0, np.nan]), one, one, 2 * one).tolist()
    [1.0, 1.0, nan]
    """
    scale = np.where(values < median, below, above)
    distance = np.abs(values - median)
    with np.errstate(divide="ignore", invalid="ignore"):
        deviation = np.where(distance > 0.0, distance / scale, 0.0)
    return np.where(np.isnan(values) | np.isnan(median), np.nan, deviation)


def _largest(deviation: Floats) -> Floats:
    return np.asarray(np.max(np.nan_to_num(deviation, nan=0.0, posinf=np.inf), axis=-1))


def scales(values: Floats, tail: float = TAIL) -> tuple[Floats, Floats, Floats]:
    """Return the median of each fact over records and its distances to both tails' quantiles.

    Where half of the records share one value and a tail's quantile is that value too, the largest distance seen on
    that side stands in, so that a rare value is far but not infinitely so.
    """
    median, low, high = (np.full(values.shape[1], np.nan) for _ in range(3))
    minimum, maximum = median.copy(), median.copy()
    for j, column in enumerate(values.T):
        known = column[~np.isnan(column)]
        if len(known):
            low[j], median[j], high[j] = np.quantile(known, [tail, 1 / 2, 1.0 - tail])
            minimum[j], maximum[j] = known.min(), known.max()
    below = np.where(median > low, median - low, median - minimum)
    above = np.where(high > median, high - median, maximum - median)
    return median, below, above


def simultaneous_band(values: Floats, facts: Sequence[Fact], level: float = LEVEL, tail: float = TAIL) -> Band:
    """Return the band over records f8[record, fact]."""
    median, below, above = scales(values, tail)
    largest = np.sort(_largest(deviations(values, median, below, above)))
    rank = min(len(largest), math.ceil((len(largest) + 1) * level))
    return Band(tuple(facts), values, median, below, above, float(largest[rank - 1]), level)
