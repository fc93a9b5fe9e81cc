r"""What many played periods say of measures, with three kinds of doubt kept apart.

For values x[v, r] of vector v and replication r, with s_v^2 the variance within vector v, R_v its
replications, m_v its mean, B the variance of the m_v and K the number of vectors:

(i)   lo, hi: 95% of E[outcome | vector] over vectors. The m_v are shrunk toward their mean by
      sqrt(max(0, 1 - mean_v(n_v) / B)), n_v = s_v^2 / R_v, which takes the within-variance out, before quantiles.
(ii)  mcse = sqrt(sum_v n_v) / K: Monte Carlo error of the mean for these vectors.
(iii) spread_lo, spread_hi: 95% of single periods, over all vectors and replications.

An arm of the envelope may be played with fewer replications than the headline. They are the headline's first ones, on
the same raids, so the arm is told by what it changes (a control variate): with d the arm minus the headline over its
R'_v replications, its means are m_v + mean(d), and their noise is

    n_v = s_v^2 / R_v + var(d) / R'_v + 2 cov(x, d) / R_v.

An arm that changes nothing then says exactly what the headline says.

All of it is worked out for many columns at once, x[..., vector, replication]: a study has some ten thousand.
"""

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np

from skyshield.core.arrays import Booleans, Floats

Summary = dict[str, float | None]

MASS_EVENT = 10
_TAILS = (0.025, 0.975)


class Figures(NamedTuple):
    """The figures of many columns, f8[...] each; NaN where there is none."""

    mean: Floats
    lo: Floats
    hi: Floats
    mcse: Floats
    spread_lo: Floats
    spread_hi: Floats

    def row(self, place: tuple[int, ...] | int = ()) -> Summary:
        """Return those of one column, None where there is none."""
        return {name: none_if_nan(values[place]) for name, values in zip(self._fields, self, strict=True)}


class _Means(NamedTuple):
    """Each vector's mean [..., vector], the noise in it, and whether there were replications enough to tell it."""

    means: Floats
    noise: Floats
    known: bool


def none_if_nan(value: Any) -> float | None:
    """Return a figure as plain data."""
    return None if np.isnan(value) else float(value)


def summarise(x: Floats, valid: Booleans) -> Summary:
    """Summarise x[vector, replication] over the sound replications.

    Returns
    -------
    dict
        mean, lo, hi, mcse, spread_lo, spread_hi; None where the size does not allow the figure (no
        interval from one vector, no Monte Carlo error from one replication).

    Examples
    --------
    >>> x = np.array([[1.0, 3.0], [5.0, 7.0]])
    >>> summary = summarise(x, np.ones((2, 2), bool))
    >>> summary["mean"], round(summary["mcse"], 4)
    (4.0, 0.7071)
    """
    return figures(x, valid).row()


def figures(x: Floats, valid: Booleans, spread: bool = True) -> Figures:
    """Return the figures of x[..., vector, replication]; without `spread` those of single periods are left out."""
    used = valid.any(axis=1)
    means = _means(_of_vectors(x, used), valid[used]) if used.any() else None
    return _figures(means, x, valid, spread)


def figures_by_arm(x: Sequence[Floats], valid: Sequence[Booleans], moved: Sequence[bool] | None = None,
                   spread: bool = True) -> list[Figures]:
    """Return the figures of x[arm][..., vector, replication]; an arm of fewer replications is told by what it changes.

    Parameters
    ----------
    x, valid
        By arm, the headline first; every arm has the first replications of the headline.
    moved
        By arm, whether anything in it differs from them; all may if not given.
    spread
        Of arms other than the headline: whether single periods are summarised too.
    """
    headline = figures(x[0], valid[0])
    computed = [headline] * len(x)
    together: dict[tuple[int, bytes], list[int]] = {}
    for arm in range(1, len(x)):
        same = moved is not None and not moved[arm] and np.array_equal(valid[arm], valid[0][:, :x[arm].shape[-1]])
        if not same or (spread and x[arm].shape[-1] < x[0].shape[-1]):
            together.setdefault((x[arm].shape[-1], valid[arm].tobytes()), []).append(arm)
    for (size, _), arms in together.items():
        stacked, sound = np.stack([x[arm] for arm in arms]), valid[arms[0]]
        every = (figures(stacked, sound, spread) if size == x[0].shape[-1]
                 else _moved(stacked, sound, x[0], valid[0], spread))
        for k, arm in enumerate(arms):
            computed[arm] = Figures(*(values[k] for values in every))
    return computed


def by_arm(x: Sequence[Floats], valid: Sequence[Booleans]) -> list[Summary]:
    """Summarise x[arm][vector, replication]; an arm with fewer replications is told by what it changes in the first.

    Examples
    --------
    >>> x = np.array([[1.0, 3.0, 8.0], [5.0, 7.0, 6.0]])
    >>> headline, moved = by_arm([x, x[:, :2] + 1.0], [np.ones((2, 3), bool), np.ones((2, 2), bool)])
    >>> headline["mean"], moved["mean"], moved["hi"] == headline["hi"] + 1.0
    (5.0, 6.0, True)
    """
    return [one.row() for one in figures_by_arm(x, valid)]


def _moved(x: Floats, valid: Booleans, reference: Floats, reference_valid: Booleans, spread: bool) -> Figures:
    """Return the figures of arms x[arm, ..., vector, replication] with a reference's first replications only."""
    n = x.shape[-1]
    both = valid & reference_valid[:, :n]
    used = both.any(axis=1)
    if not used.any():
        return _figures(None, x, valid, spread)
    of, whole, shared = _of_vectors(reference, used), reference_valid[used], both[used]
    change = _of_vectors(x, used) - of[..., :n]
    first, moved = _means(of, whole), _means(change, shared)
    noise = np.zeros(moved.noise.shape)
    if known := first.known and moved.known:
        number = shared.sum(axis=1)
        start = np.where(shared, of[..., :n] - first.means[..., None], 0.0)
        start = np.where(shared, start - (start.sum(axis=-1) / number)[..., None], 0.0)
        product = (start * np.where(shared, change - moved.means[..., None], 0.0)).sum(axis=-1) / (number - 1)
        noise = np.maximum(first.noise + moved.noise + 2.0 * product / whole.sum(axis=1), 0.0)
    return _figures(_Means(first.means + moved.means, noise, known), x, valid, spread)


def _of_vectors(x: Floats, used: Any) -> Floats:
    """Return the vectors that are used, laid out so that sums over replications and vectors keep their order."""
    return np.ascontiguousarray(x if used.all() else x[..., used, :])


def _figures(result: _Means | None, x: Floats, valid: Booleans, spread: bool) -> Figures:
    """Return the figures of the vectors' means and of single periods x[..., vector, replication]."""
    none = np.full(x.shape[:-2], np.nan)
    if result is None:
        return Figures(*[none] * len(Figures._fields))
    mcse, (lo, hi), ends = none, (none, none), (none, none)
    n_vectors = result.noise.shape[-1]
    if result.known:
        mcse = np.sqrt(result.noise.sum(axis=-1)) / n_vectors
    if n_vectors > 1:
        lo, hi = tails(_shrunk(result))
    if spread:
        ends = tails(x.reshape(*x.shape[:-2], -1) if valid.all() else x[..., valid])
    return Figures(result.means.mean(axis=-1), lo, hi, mcse, *ends)


def tails(x: Floats) -> tuple[Floats, Floats]:
    """Return the ends of the 95% in the middle of x[..., :], exactly as ``numpy.quantile`` would, but ten times faster.

    Examples
    --------
    >>> tails(np.arange(41.0))
    (np.float64(1.0), np.float64(39.0))
    """
    ordered = np.sort(x, axis=-1)
    last = ordered.shape[-1] - 1
    ends = []
    for tail in _TAILS:
        place = last * tail
        below = int(place)
        a, b, share = ordered[..., below], ordered[..., min(below + 1, last)], place - below
        end = b - (b - a) * (1.0 - share) if share >= 1.0 / 2.0 else a + (b - a) * share
        ends.append(np.where(np.isnan(ordered[..., last]), np.nan, end)[()])
    return ends[0], ends[1]


def _means(x: Floats, valid: Booleans) -> _Means:
    """Take x[..., vector, replication] apart; every vector has a sound replication."""
    number = valid.sum(axis=1)
    # from each vector's first sound value, so that a constant measure has no variance at all, not even rounding
    first = x[..., :1] if valid[:, 0].all() else x[..., np.arange(len(valid)), valid.argmax(axis=1)][..., None]
    every = bool(valid.all())
    above = x - first if every else np.where(valid, x - first, 0.0)
    mean = above.sum(axis=-1) / number
    noise = np.zeros(mean.shape)
    known = bool((number > 1).all())
    if known:
        off = above - mean[..., None]
        noise = ((off if every else np.where(valid, off, 0.0)) ** 2).sum(axis=-1) / (number - 1) / number
    return _Means(first[..., 0] + mean, noise, known)


def _shrunk(result: _Means) -> Floats:
    """Return the vectors' means with the noise taken out of their spread."""
    mean = result.means.mean(axis=-1, keepdims=True)
    if result.means.shape[-1] < 2:
        return result.means
    between = result.means.var(axis=-1, ddof=1)
    some = between > 0.0
    share = np.divide(result.noise.mean(axis=-1), between, out=np.ones_like(between), where=some)
    return np.asarray(mean + np.sqrt(np.maximum(0.0, 1.0 - share))[..., None] * (result.means - mean))


def expected_outcomes(x: Floats, valid: Booleans) -> Floats:
    """Return f8[vector]: the shrunk means of x[vector, replication] that `lo` and `hi` are quantiles of.

    NaN for a vector without a sound replication. With one vector its mean.

    Examples
    --------
    >>> expected_outcomes(np.array([[1.0, 1.0], [5.0, 5.0]]), np.ones((2, 2), bool)).tolist()
    [1.0, 5.0]
    """
    used = valid.any(axis=1)
    result = np.full(len(x), np.nan)
    if used.any():
        result[used] = _shrunk(_means(x[used], valid[used]))
    return result


def envelope(every: Sequence[Figures]) -> dict[str, Floats]:
    """Return ``env_lo, env_hi`` [...] over the arms: their ends, or means where there is no interval."""
    lows = [np.where(np.isnan(one.lo), one.mean, one.lo) for one in every]
    highs = [np.where(np.isnan(one.hi), one.mean, one.hi) for one in every]
    return {"env_lo": np.asarray(np.fmin.reduce(lows)), "env_hi": np.asarray(np.fmax.reduce(highs))}


def rows_with_envelope(x: Sequence[Floats], valid: Sequence[Booleans], moved: Sequence[bool]) -> list[Summary]:
    """Summarise columns x[arm][column, vector, replication], each with the envelope over arms."""
    every = figures_by_arm(x, valid, moved, spread=False)
    ends = envelope(every)
    return [every[0].row(k) | {key: none_if_nan(values[k]) for key, values in ends.items()}
            for k in range(len(x[0]))]


def mass_events(x: Sequence[Floats], valid: Sequence[Booleans]) -> Summary:
    """Return the chances that a period costs anybody, and that it costs ten people or more.

    Parameters
    ----------
    x, valid
        [arm][vector, replication]: casualties of a period, and whether the replication did not fail.

    Returns
    -------
    dict
        ``p_any`` and ``p_ten`` over vectors and replications of the headline, with their Monte Carlo errors ``_mcse``
        and over all arms the least and the greatest, ``_env_lo`` and ``_env_hi``; None where there is no figure.

    Examples
    --------
    >>> x = np.array([[[0.0, 12.0], [0.0, 2.0]]])
    >>> result = mass_events(x, np.ones(x.shape, bool))
    >>> result["p_any"], result["p_ten"]
    (0.5, 0.25)
    """
    result: Summary = {}
    for name, least in (("p_any", 1), ("p_ten", MASS_EVENT)):
        every = by_arm([(one >= least).astype(float) for one in x], valid)
        means = [row["mean"] for row in every if row["mean"] is not None]
        result |= {name: every[0]["mean"], f"{name}_mcse": every[0]["mcse"],
                   f"{name}_env_lo": min(means, default=None), f"{name}_env_hi": max(means, default=None)}
    return result
