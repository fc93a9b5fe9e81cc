r"""What many played periods say of one measure, with three kinds of doubt kept apart.

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
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from skyshield.core.arrays import Booleans, Floats

Summary = dict[str, float | None]

MASS_EVENT = 10
_TAILS = (0.025, 0.975)


class _Means(NamedTuple):
    """Each vector's mean, the noise in it, and whether there were replications enough to tell the noise."""

    means: Floats
    noise: Floats
    known: bool


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
    used = valid.any(axis=1)
    return _summary(_means(x[used], valid[used]) if used.any() else None, x[valid])


def by_arm(x: Sequence[Floats], valid: Sequence[Booleans]) -> list[Summary]:
    """Summarise x[arm][vector, replication]; an arm with fewer replications is told by what it changes in the first.

    Examples
    --------
    >>> x = np.array([[1.0, 3.0, 8.0], [5.0, 7.0, 6.0]])
    >>> headline, moved = by_arm([x, x[:, :2] + 1.0], [np.ones((2, 3), bool), np.ones((2, 2), bool)])
    >>> headline["mean"], moved["mean"], moved["hi"] == headline["hi"] + 1.0
    (5.0, 6.0, True)
    """
    return [summarise(one, whole) if one.shape == x[0].shape else _moved(one, whole, x[0], valid[0])
            for one, whole in zip(x, valid, strict=True)]


def _moved(x: Floats, valid: Booleans, reference: Floats, reference_valid: Booleans) -> Summary:
    """Summarise an arm that was played with the first replications of the reference only."""
    both = valid & reference_valid[:, :x.shape[1]]
    used = both.any(axis=1)
    if not used.any():
        return _summary(None, x[valid])
    of, whole, shared = reference[used], reference_valid[used], both[used]
    change = x[used] - of[:, :x.shape[1]]
    first, moved = _means(of, whole), _means(change, shared)
    noise = np.zeros(len(of))
    if known := first.known and moved.known:
        number = shared.sum(axis=1)
        start = np.where(shared, of[:, :x.shape[1]] - first.means[:, None], 0.0)
        start = np.where(shared, start - (start.sum(axis=1) / number)[:, None], 0.0)
        product = (start * np.where(shared, change - moved.means[:, None], 0.0)).sum(axis=1) / (number - 1)
        noise = np.maximum(first.noise + moved.noise + 2.0 * product / whole.sum(axis=1), 0.0)
    return _summary(_Means(first.means + moved.means, noise, known), x[valid])


def _summary(result: _Means | None, single: Floats) -> Summary:
    """Return the figures of the vectors' means and of single periods."""
    if result is None:
        return dict.fromkeys(("mean", "lo", "hi", "mcse", "spread_lo", "spread_hi"))
    spread = tails(single)
    mcse = lo = hi = None
    if result.known:
        mcse = float(np.sqrt(result.noise.sum()) / len(result.noise))
    if len(result.noise) > 1:
        lo, hi = tails(_shrunk(result))
    return {"mean": float(result.means.mean()), "lo": lo, "hi": hi, "mcse": mcse, "spread_lo": spread[0],
            "spread_hi": spread[1]}


def tails(x: Floats) -> tuple[float, float]:
    """Return the ends of the 95% in the middle, exactly as ``numpy.quantile`` would, which takes ten times as long.

    A study asks for some hundred thousand of them.

    Examples
    --------
    >>> tails(np.arange(41.0))
    (1.0, 39.0)
    """
    ordered = np.sort(x, axis=None)
    last = len(ordered) - 1
    if np.isnan(ordered[last]):
        return np.nan, np.nan
    ends = []
    for tail in _TAILS:
        place = last * tail
        below = int(place)
        a, b, share = float(ordered[below]), float(ordered[min(below + 1, last)]), place - below
        ends.append(b - (b - a) * (1.0 - share) if share >= 1.0 / 2.0 else a + (b - a) * share)
    return ends[0], ends[1]


def _means(x: Floats, valid: Booleans) -> _Means:
    """Take x[vector, replication] apart; every vector has a sound replication."""
    number = valid.sum(axis=1)
    # from each vector's first sound value, so that a constant measure has no variance at all, not even rounding
    first = np.take_along_axis(x, valid.argmax(axis=1)[:, None], axis=1)
    above = np.where(valid, x - first, 0.0)
    means = first[:, 0] + above.sum(axis=1) / number
    noise = np.zeros(len(number))
    known = bool((number > 1).all())
    if known:
        within = (np.where(valid, above - (above.sum(axis=1) / number)[:, None], 0.0) ** 2).sum(axis=1) / (number - 1)
        noise = within / number
    return _Means(means, noise, known)


def _shrunk(result: _Means) -> Floats:
    """Return the vectors' means with the noise taken out of their spread."""
    mean = float(result.means.mean())
    between = float(result.means.var(ddof=1)) if len(result.means) > 1 else 0.0
    shrink = np.sqrt(max(0.0, 1.0 - float(result.noise.mean()) / between)) if between > 0.0 else 0.0
    return np.asarray(mean + shrink * (result.means - mean))


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


def with_envelope(x: Sequence[Floats], valid: Sequence[Booleans]) -> Summary:
    """Summarise x[arm][vector, replication]: the headline, which comes first, with the envelope over arms."""
    every = by_arm(x, valid)
    lows = [s["lo"] if s["lo"] is not None else s["mean"] for s in every]
    highs = [s["hi"] if s["hi"] is not None else s["mean"] for s in every]
    known = [v for v in lows if v is not None], [v for v in highs if v is not None]
    return every[0] | {"env_lo": min(known[0], default=None), "env_hi": max(known[1], default=None)}


def mass_events(x: Sequence[Floats], valid: Sequence[Booleans]) -> Summary:
    """Return the chances that a period costs anybody, and that it costs ten people or more.

    Parameters
    ----------
    x, sound
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
