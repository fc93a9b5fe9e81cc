"""When did the rate change? The exact posterior of all changes of a series of counts.

**Model.** Between two changes counts are NB(r e, p) with one p ~ Beta(a, b); at the gap before each window the rate
changes with probability q, independently. A segment of windows i to j - 1 has the closed likelihood

    Π Γ(y + r e) / (Γ(r e) y!) · B(a + r Σe, b + Σy) / B(a, b).

Over all 2^(n-1) sets of changes the posterior is exact in n² by a recursion forwards and backwards (Fearnhead,
Statistics and Computing 2006; Barry and Hartigan, JASA 1993). The size r is averaged over a grid by its evidence, each
octave alike beforehand.

**What is told.** One change is a set of neighbouring gaps, within two weeks of the likeliest, with the probability of
*at least one* change in them. Sets do not overlap, so that no change is told twice.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from skyshield.core.arrays import Booleans, Floats
from skyshield.monitoring.holding.series import Series, day_text
from skyshield.monitoring.holding.settings import DAY_S, YEAR_DAYS, settings

Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Posterior:
    """What is known of the changes of n windows.

    Attributes
    ----------
    p_gap
        Probability of a change before each window but the first, shape (n - 1,).
    p_none
        Of no change at all.
    segment
        Probability that windows i to j - 1 are one whole segment, shape (n + 1, n + 1).
    rate
        Mean count per unit of exposure at each window, shape (n,).
    log_evidence
        Natural logarithm of the probability of the counts, the size averaged.
    size, size_low, size_high
        Median and 90% interval of the size per unit of exposure.
    at_edge
        Whether the size may lie above the grid: counts vary no more than Poisson's.
    """

    p_gap: Floats
    p_none: float
    segment: Floats
    rate: Floats
    log_evidence: float
    size: float
    size_low: float
    size_high: float
    at_edge: bool

    def p_any(self) -> Floats:
        """Return P(at least one change at the gaps before windows i to j), [i, j] for i ≤ j, shape (n, n)."""
        below = np.cumsum(self.segment, axis=0)
        above = np.cumsum(below[:, ::-1], axis=1)[:, ::-1]
        n = len(self.rate)
        p_any = np.zeros((n, n))
        p_any[1:, 1:] = 1 - above[: n - 1, 2:]
        return np.clip(p_any, 0.0, 1.0)


class Change(NamedTuple):
    """A change: the window that begins with it, the windows about it, its probability, the rates beside them."""

    date: str
    lo: str
    hi: str
    p: float
    before: float
    after: float


def gap_probability(series: Series, changes_per_year: float) -> Floats:
    """Return the prior probability of a change between neighbouring windows, 1 - exp(-rate · time), shape (n - 1,).

    Examples
    --------
    >>> days = np.array(["2031-05-01", "2031-05-08"], "datetime64[s]")
    >>> two = Series(days, days + np.timedelta64(7, "D"), np.zeros(2), np.ones(2))
    >>> gap_probability(two, 1.0).round(5).tolist()
    [0.01898]
    """
    between_s = np.diff(series.start).astype(np.int64)
    return np.asarray(-np.expm1(-changes_per_year * between_s / (YEAR_DAYS * DAY_S)), np.float64)


def negative_binomial_segments(count: Floats, exposure: Floats, size: float, a: float, b: float) -> Floats:
    """Return the log likelihood of windows i to j - 1 as one segment, shape (n + 1, n + 1), -inf for j ≤ i.

    Examples
    --------
    >>> negative_binomial_segments(np.array([5.0]), np.ones(1), 2.0, 1.0, 1.0)[0, 1].round(4).item()  # 6 B(3, 6)
    -3.3322
    """
    from scipy.special import betaln, gammaln

    own = gammaln(count + size * exposure) - gammaln(size * exposure) - gammaln(count + 1)
    i, j = np.triu_indices(len(count) + 1, 1)
    sums, exposures, owns = (_from_zero(of) for of in (count, exposure, own))
    return _triangle(len(count), owns[j] - owns[i] - betaln(a, b) + betaln(
        a + size * (exposures[j] - exposures[i]), b + sums[j] - sums[i]))


def poisson_segments(count: Floats, exposure: Floats, shape: float, rate: float) -> Floats:
    """Return the same for Poisson counts whose mean per exposure has a gamma distribution.

    Examples
    --------
    >>> poisson_segments(np.array([0.0]), np.ones(1), 1.0, 1.0)[0, 1].round(4).item()
    -0.6931
    """
    from scipy.special import gammaln, xlogy

    own = xlogy(count, exposure) - gammaln(count + 1)
    i, j = np.triu_indices(len(count) + 1, 1)
    sums, exposures, owns = (_from_zero(of) for of in (count, exposure, own))
    total, watched = sums[j] - sums[i], exposures[j] - exposures[i]
    return _triangle(len(count), owns[j] - owns[i] + shape * math.log(rate) - gammaln(shape)
                     + gammaln(shape + total) - (shape + total) * np.log(rate + watched))


def _from_zero(values: Floats) -> Floats:
    return np.concatenate(([0.0], np.cumsum(values)))


def _triangle(n: int, values: Floats) -> Floats:
    result = np.full((n + 1, n + 1), -np.inf)
    result[np.triu_indices(n + 1, 1)] = values
    return result


def with_prior(segments: Floats, q: Floats) -> Floats:
    """Add to each segment that it holds no change inside and, unless it is the last, ends with one."""
    n = len(segments) - 1
    stay = np.concatenate(([0.0], np.cumsum(np.log1p(-q))))
    weights = segments + (np.concatenate(([0.0], stay))[None, :] - np.concatenate((stay, [0.0]))[:, None])
    weights[:, 1:n] += np.log(q)[None, :]
    return np.where(np.isfinite(segments), weights, -np.inf)


def _sum(logs: Floats) -> float:
    top = logs.max()
    return float(top + math.log(np.exp(logs - top).sum())) if np.isfinite(top) else -math.inf


def forwards(weights: Floats) -> Floats:
    """Return the log evidence of the first j windows, a segment ending there, shape (n + 1,)."""
    columns = np.ascontiguousarray(weights.T)
    result = np.full(len(weights), -np.inf)
    result[0] = 0.0
    for j in range(1, len(weights)):
        result[j] = _sum(result[:j] + columns[j, :j])
    return result


def _backwards(weights: Floats) -> Floats:
    n = len(weights) - 1
    result = np.full(n + 1, -np.inf)
    result[n] = 0.0
    for i in range(n - 1, -1, -1):
        result[i] = _sum(weights[i, i + 1:] + result[i + 1:])
    return result


def posterior_of(count: Floats, exposure: Floats, q: Floats, size: float | None = None,
                 progress: Progress | None = None) -> Posterior:
    """Return the posterior of all changes.

    Parameters
    ----------
    count, exposure
        Shape (n,), n ≥ 2.
    q
        Prior probability of a change before each window but the first, shape (n - 1,).
    size
        Of the negative binomial per unit of exposure; averaged over a grid if not given.
    progress
        Called with steps done and all steps.

    Examples
    --------
    >>> found = posterior_of(np.array([5.0, 7.0, 1.0, 0.0]), np.ones(4), np.full(3, 0.1), 2.0)
    >>> found.p_gap.round(4).tolist(), round(found.p_none, 4)
    ([0.0578, 0.3083, 0.1869], 0.4982)
    """
    prior = settings()["prior"]
    a, b = prior["a"], prior["b"]
    grid, weight = (_weighed_grid(count, exposure, q, progress) if size is None
                    else (np.array([size]), np.ones(1)))
    n = len(count)
    segment, rate, log_evidence = np.zeros((n + 1, n + 1)), np.zeros(n), -np.inf
    kept = np.flatnonzero(weight)
    for done, g in enumerate(kept, start=1):
        weights = with_prior(negative_binomial_segments(count, exposure, grid[g], a, b), q)
        before, after = forwards(weights), _backwards(weights)
        p_segment = weight[g] * np.exp(before[:, None] + weights + after[None, :] - before[-1])
        segment += p_segment
        rate += _mean_rate(p_segment, count, exposure, grid[g], a, b)
        log_evidence = np.logaddexp(log_evidence, before[-1] - math.log(len(grid)))
        _told(progress, len(grid) + done, len(grid) + len(kept))
    share = np.cumsum(weight) - weight / 2
    low, middle, high = np.exp(np.interp((0.05, 0.5, 0.95), share, np.log(grid)))
    return Posterior(segment[:, 1:n].sum(axis=0), float(segment[0, n]), segment, rate, float(log_evidence),
                     float(middle), float(low), float(high), bool(size is None and weight[-1] > 0))


def _weighed_grid(count: Floats, exposure: Floats, q: Floats, progress: Progress | None) -> tuple[Floats, Floats]:
    """Return sizes per unit of exposure and the posterior weight of each.

    Whole octaves are tried first, the steps between them only beside octaves that are not hopeless.
    """
    of, prior = settings()["size"], settings()["prior"]
    steps = of["steps_per_octave"]
    octaves = np.arange(of["lowest_octave"] * steps, of["highest_octave"] * steps + 1) / steps
    grid = np.asarray(2.0 ** octaves / exposure.mean(), np.float64)
    evidence = np.full(len(grid), -np.inf)
    is_octave = np.arange(len(grid)) % steps == 0
    chosen = is_octave
    for _ in ("octaves", "steps between"):
        for g in np.flatnonzero(chosen):
            segments = negative_binomial_segments(count, exposure, grid[g], prior["a"], prior["b"])
            evidence[g] = forwards(with_prior(segments, q))[-1]
            _told(progress, int(np.isfinite(evidence).sum()), 2 * len(grid))
        chosen = ~is_octave & _beside(evidence >= evidence.max() - of["hopeless"], steps)
    weight = np.exp(evidence - evidence.max())
    weight[weight < of["least_weight"]] = 0.0
    return grid, weight / weight.sum()


def _beside(chosen: Booleans, steps: int) -> Booleans:
    """Return what lies within so many steps of what is chosen."""
    return np.asarray(np.convolve(chosen, np.ones(2 * steps + 1), "same") > 0, np.bool_)


def _told(progress: Progress | None, done: int, steps: int) -> None:
    if progress is not None:
        progress(done, steps)


def _mean_rate(segment: Floats, count: Floats, exposure: Floats, size: float, a: float, b: float) -> Floats:
    """Return the mean of r (1 - p) / p at each window: r (b + Σy) / (a + r Σe - 1) in a segment, weighed."""
    sums, exposures = _from_zero(count), _from_zero(exposure)
    total, watched = sums[None, :] - sums[:, None], exposures[None, :] - exposures[:, None]
    inside = np.triu(np.ones_like(segment, bool), 1)
    known = np.where(inside, a + size * watched - 1, 1.0)
    weighed = segment * np.where(inside, size * (b + total) / np.maximum(known, np.finfo(float).tiny), 0.0)
    return np.cumsum(weighed.sum(axis=1) - weighed.sum(axis=0))[:-1]


def changes_of(series: Series, posterior: Posterior) -> list[Change]:
    """Return the changes that are likelier than not, in the order of time.

    About the likeliest gap lie those within two weeks of it. Where these do not hold a change with the probability that
    counts as sure, the set with that gap, no longer than twice two weeks, that has the highest does. Gaps of a set are
    taken, then the next likeliest is looked at.
    """
    rule = settings()["changes"]
    n, p_any = len(series), posterior.p_any()
    day = series.start.astype(np.int64) / DAY_S
    free = np.ones(n, bool)
    free[0] = False
    found: list[tuple[int, Change]] = []
    while True:
        p_gap = np.where(free[1:], posterior.p_gap, 0.0)
        at = int(p_gap.argmax()) + 1
        if p_gap[at - 1] < rule["looked_at"]:
            break
        lo, hi = _about(at, day, free, p_any, rule["each_side_days"], rule["sure"])
        if p_any[lo, hi] >= rule["listed"]:
            found.append((at, Change(day_text(series.start[at]), day_text(series.start[lo]), day_text(series.start[hi]),
                                     float(p_any[lo, hi]), float(posterior.rate[lo - 1]), float(posterior.rate[hi]))))
        free[lo:hi + 1] = False
    return [change for _, change in sorted(found)]


def _about(at: int, day: Floats, free: Booleans, p_any: Floats, side_days: float, sure: float) -> tuple[int, int]:
    """Return the first and last gap of the set about the gap `at`."""
    first = last = at
    while free[first - 1] and day[at] - day[first - 1] <= side_days:
        first -= 1
    while last + 1 < len(day) and free[last + 1] and day[last + 1] - day[at] <= side_days:
        last += 1
    if p_any[first, last] >= sure:
        return first, last
    best = (first, last)
    lo = at
    while free[lo] and day[at] - day[lo] <= 2 * side_days:
        hi = at
        while hi < len(day) and (hi == at or free[hi]) and day[hi] - day[lo] <= 2 * side_days:
            if p_any[lo, hi] > p_any[best]:
                best = (lo, hi)
            hi += 1
        lo -= 1
    return best
