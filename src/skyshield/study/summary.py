r"""What many played periods say of measures, with kinds of doubt kept apart.

For values x[v, r] of vector v and replication r, with s_v^2 the variance within vector v, R_v its
replications, m_v its mean, B the variance of the m_v and K the number of vectors:

(i)   lo, hi: 95% of E[outcome | vector] over vectors. The m_v are shrunk toward their mean by
      sqrt(max(0, 1 - mean_v(n_v) / B)), n_v = s_v^2 / R_v, which takes the within-variance out, before quantiles.
(ii)  mcse = sqrt(sum_v n_v) / K: Monte Carlo error of the mean for these vectors.
(iii) spread_lo, spread_hi: 95% of single periods, over all vectors and replications.
(iv)  se: error of mean, lo and hi from the sample of vectors, by a bootstrap over them (`skyshield.study.resampling`);
      that of the mean, sqrt(B / K), holds (ii).

Where the noise explains all that the m_v differ by, there is no interval: `Figures.row` says `WITHIN_NOISE` instead of
one without a width. A column that never varies is known, and its ends are its value.

An arm of the envelope may be played with fewer replications than the headline. They are the headline's first ones, on
the same raids; the arm is then told by what it makes of them and by how far the headline's first lie from all of its
own (`skyshield.study.calibrated`). An arm that differs nowhere says exactly what the headline says.

All of it is worked out for many columns at once, x[..., vector, replication]: a study has some ten thousand.
"""

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np

from skyshield.core.arrays import Booleans, Counts, Floats
from skyshield.study.calibrated import calibrated
from skyshield.study.resampling import Errors, errors
from skyshield.study.told import ONE_VECTOR, WITHIN_NOISE, Summary, is_noise, none_if_nan

MASS_EVENT = 10
_TAILS = (0.025, 0.975)


class Figures(NamedTuple):
    """The figures of many columns, f8[...] each; NaN where there is none.

    Attributes
    ----------
    mean, lo, hi, mcse, spread_lo, spread_hi
        As above; lo and hi meet where the noise explains all.
    errors
        Of the sample of vectors, where they were asked for.
    floor
        Of an arm told through the headline: the mcse that its own replications set, however many the headline has.
    """

    mean: Floats
    lo: Floats
    hi: Floats
    mcse: Floats
    spread_lo: Floats
    spread_hi: Floats
    errors: Errors | None = None
    floor: Floats | None = None

    def of(self, place: int) -> "Figures":
        """Return those of one place of the first axis; errors are of a headline, which has no such axis."""
        first = {name: getattr(self, name)[place] for name in _FIGURES}
        return self._replace(**first, errors=None, floor=None if self.floor is None else self.floor[place])

    def row(self, place: tuple[int, ...] | int = ()) -> Summary:
        """Return those of one column, None where there is none; without an interval, the `reason` why."""
        row: Summary = {name: none_if_nan(getattr(self, name)[place]) for name in _FIGURES}
        if self.floor is not None:
            row["mcse_floor"] = none_if_nan(self.floor[place])
        if self.errors is not None:
            row["se"] = {name: none_if_nan(values[place])
                         for name, values in zip(Errors._fields, self.errors, strict=True)}
        if row["lo"] is None:
            reason = None if row["mean"] is None else ONE_VECTOR
        elif reason := WITHIN_NOISE if is_noise(row["lo"], row["hi"], row["mcse"]) else None:
            row["lo"] = row["hi"] = None
        if reason is not None:
            row["reason"] = reason
        if self.errors is not None and row["lo"] is None:
            row["se"] |= {"lo": None, "hi": None}
        return row


_FIGURES = Figures._fields[:6]


class _Means(NamedTuple):
    """Each vector's mean [..., vector], the noise in it, and whether any has replications enough to tell it."""

    means: Floats
    noise: Floats
    known: bool


def summarise(x: Floats, valid: Booleans) -> Summary:
    """Summarise x[vector, replication] over the sound replications.

    Returns
    -------
    dict
        mean, lo, hi, mcse, spread_lo, spread_hi; None where there is no such figure: no interval from one vector or
        where noise explains all that vectors differ by (``reason``), no Monte Carlo error from one replication.

    Examples
    --------
    >>> x = np.array([[1.0, 3.0], [5.0, 7.0]])
    >>> summary = summarise(x, np.ones((2, 2), bool))
    >>> summary["mean"], round(summary["mcse"], 4)
    (4.0, 0.7071)
    """
    return figures(x, valid).row()


def figures(x: Floats, valid: Booleans, spread: bool = True, counts: Counts | None = None) -> Figures:
    """Return the figures of x[..., vector, replication].

    Without `spread` those of single periods are left out; with `counts`, how many times each resample holds a vector
    (`skyshield.study.resampling.vector_counts`), come the errors of the sample of vectors.
    """
    used = np.asarray(valid.any(axis=1))
    means = _means(_of_vectors(x, used), valid[used]) if used.any() else None
    result = _figures(means, x, valid, spread)
    return result if counts is None else result._replace(errors=_errors(means, counts[used], result.mean.shape))


def _errors(means: _Means | None, counts: Counts, shape: tuple[int, ...]) -> Errors:
    """Return the errors of the sample of vectors, of the columns that vary; those of all others are zero."""
    if means is None or means.means.shape[-1] < 2:
        return Errors(*[np.full(shape, np.nan)] * len(Errors._fields))
    vary = np.ptp(means.means, axis=-1) > 0.0
    some = errors(means.means[vary], means.noise[vary], counts, _TAILS[0])
    result = Errors(*(np.zeros(shape) for _ in some))
    for every, values in zip(result, some, strict=True):
        every[vary] = values
    noise = np.sqrt(means.noise.sum(axis=-1)) / means.noise.shape[-1]
    return result._replace(mean=np.maximum(result.mean, noise))  # by chance B may be less than the noise in it


def figures_by_arm(x: Sequence[Floats], valid: Sequence[Booleans], moved: Sequence[bool] | None = None,
                   spread: bool = True, counts: Counts | None = None, base: Floats | None = None) -> list[Figures]:
    """Return the figures of x[arm][..., vector, replication]; an arm of fewer replications is told through the first.

    Parameters
    ----------
    x, valid
        By arm, the headline first; every arm has the first replications of the headline.
    moved
        By arm, whether anything in it differs from them; all may if not given.
    spread
        Of arms other than the headline: whether single periods are summarised too.
    counts
        As in `figures`, for the errors of the headline.
    base
        Of differences [..., vector, replication]: what they are taken to in the headline.
    """
    headline = figures(x[0], valid[0], counts=counts)
    computed = [headline._replace(errors=None)] * len(x)
    computed[0] = headline
    together: dict[tuple[int, bytes], list[int]] = {}
    for arm in range(1, len(x)):
        n = x[arm].shape[-1]
        same = moved is not None and not moved[arm] and bool((valid[arm] <= valid[0][:, :n]).all())
        if not same or (spread and not np.array_equal(valid[arm], valid[0])):
            together.setdefault((n, valid[arm].tobytes()), []).append(arm)
    for arms in together.values():
        stacked, sound = np.stack([x[arm] for arm in arms]), valid[arms[0]]
        every = (figures(stacked, sound, spread) if np.array_equal(sound, valid[0])
                 else _told_by(headline, stacked, sound, (x[0],) if base is None else (x[0], base), valid[0], spread))
        for k, arm in enumerate(arms):
            computed[arm] = every.of(k)
    return computed


def by_arm(x: Sequence[Floats], valid: Sequence[Booleans]) -> list[Summary]:
    """Summarise x[arm][vector, replication]; an arm with fewer replications is told with the help of the first.

    Examples
    --------
    >>> x = np.array([[1.0, 3.0, 8.0], [5.0, 7.0, 6.0]])
    >>> headline, moved = by_arm([x, x[:, :2]], [np.ones((2, 3), bool), np.ones((2, 2), bool)])
    >>> headline["mean"], moved["mean"], moved["hi"] == headline["hi"]
    (5.0, 5.0, True)
    """
    return [one.row() for one in figures_by_arm(x, valid)]


def _told_by(headline: Figures, x: Floats, valid: Booleans, controls: Sequence[Floats], reference_valid: Booleans,
             spread: bool) -> Figures:
    """Return the figures of arms x[arm, ..., vector, replication] of few replications; the headline controls them."""
    n = x.shape[-1]
    both = valid & reference_valid[:, :n]
    used = np.asarray(both.any(axis=1))
    if not used.any():
        return _figures(None, x, valid, spread)
    shared, mine = both[used], _of_vectors(x, used)
    reference = [_of_vectors(one, used) for one in controls]
    told = calibrated(mine, shared, reference, reference_valid[used])
    result = _figures(_Means(told.means, told.noise, told.known), x, valid, spread)
    floor = np.sqrt(told.own.sum(axis=-1)) / told.own.shape[-1] if told.known else result.mcse
    differs = (np.where(shared, mine != reference[0][..., :n], False)).any(axis=(-2, -1))
    copied = {name: np.where(differs, getattr(result, name), getattr(headline, name))
              for name in ("mean", "lo", "hi", "mcse")}
    return result._replace(**copied, floor=np.where(differs, floor, 0.0))


def _of_vectors(x: Floats, used: Any) -> Floats:
    """Return the vectors that are used, laid out so that sums over replications and vectors keep their order."""
    return np.ascontiguousarray(x if used.all() else x[..., used, :])


def _figures(result: _Means | None, x: Floats, valid: Booleans, spread: bool) -> Figures:
    """Return the figures of the vectors' means and of single periods x[..., vector, replication]."""
    none = np.full(x.shape[:-2], np.nan)
    if result is None:
        return Figures(none, none, none, none, none, none)
    mcse, (lo, hi), periods = none, (none, none), (none, none)
    n_vectors = result.noise.shape[-1]
    if result.known:
        mcse = np.sqrt(result.noise.sum(axis=-1)) / n_vectors
    if n_vectors > 1:
        lo, hi = tails(_shrunk(result))
    if spread:
        periods = tails(x.reshape(*x.shape[:-2], x.shape[-2] * x.shape[-1]) if valid.all() else x[..., valid])
    return Figures(result.means.mean(axis=-1), lo, hi, mcse, *periods)


def tails(x: Floats) -> tuple[Floats, Floats]:
    """Return the ends of the 95% in the middle of x[..., :], exactly as ``numpy.quantile`` would, but ten times faster.

    Examples
    --------
    >>> tails(np.arange(41.0))
    (np.float64(1.0), np.float64(39.0))
    """
    ordered = np.sort(x, axis=-1)
    last = ordered.shape[-1] - 1
    both = []
    for tail in _TAILS:
        place = last * tail
        below = int(place)
        a, b, share = ordered[..., below], ordered[..., min(below + 1, last)], place - below
        end = b - (b - a) * (1.0 - share) if share >= 1.0 / 2.0 else a + (b - a) * share
        both.append(np.where(np.isnan(ordered[..., last]), np.nan, end)[()])
    return both[0], both[1]


def _means(x: Floats, valid: Booleans) -> _Means:
    """Take x[..., vector, replication] apart; every vector has a sound replication."""
    number = valid.sum(axis=1)
    # from each vector's first sound value, so that a constant measure has no variance at all, not even rounding
    first = x[..., :1] if valid[:, 0].all() else x[..., np.arange(len(valid)), valid.argmax(axis=1)][..., None]
    every = bool(valid.all())
    above = x - first if every else np.where(valid, x - first, 0.0)
    mean = above.sum(axis=-1) / number
    noise = np.zeros(mean.shape)
    many = number > 1
    if many.any():
        off = above - mean[..., None]
        squares = ((off if every else np.where(valid, off, 0.0)) ** 2).sum(axis=-1)
        noise = squares / np.maximum(1, number - 1) / number
        if not many.all():  # one replication tells no noise: that of the others, on average
            noise[..., ~many] = (squares[..., many].sum(axis=-1) / (number[many] - 1).sum())[..., None]
    return _Means(first[..., 0] + mean, noise, bool(many.any()))


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


def envelope(every: Sequence[Figures]) -> tuple[Floats, Floats]:
    """Return the least and the greatest [...] of arms' means and of the ends of their intervals."""
    lows = [np.fmin(one.lo, one.mean) for one in every]
    highs = [np.fmax(one.hi, one.mean) for one in every]
    return np.asarray(np.fmin.reduce(lows)), np.asarray(np.fmax.reduce(highs))


def rows_with_reach(x: Sequence[Floats], valid: Sequence[Booleans], moved: Sequence[bool], counts: Counts,
                    inside: Sequence[int], joint: Sequence[tuple[int, int] | None],
                    base: Floats | None = None) -> list[Summary]:
    """Summarise columns x[arm][column, vector, replication], each with its reach over arms.

    Parameters
    ----------
    x, valid, moved, counts, base
        As in `figures_by_arm`.
    inside
        The arms of the envelope.
    joint
        Of each column, the two joint arms, if it has any.

    Returns
    -------
    list of dict
        The headline's figures, and ``env_lo, env_hi, joint_lo, joint_hi``.
    """
    every = figures_by_arm(x, valid, moved, spread=False, counts=counts, base=base)
    low, high = envelope([every[arm] for arm in inside])
    corners = {arms: envelope([every[arm] for arm in (0, *arms)]) for arms in joint if arms is not None}
    rows = []
    for k, arms in enumerate(joint):
        joint_low, joint_high = (None, None) if arms is None else (none_if_nan(end[k]) for end in corners[arms])
        rows.append(every[0].row(k) | {"env_lo": none_if_nan(low[k]), "env_hi": none_if_nan(high[k]),
                                       "joint_lo": joint_low, "joint_hi": joint_high})
    return rows


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
