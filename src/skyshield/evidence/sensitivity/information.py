r"""Value of information: what a decision gains if one number were known before it is taken.

A decision d has the value NB_d(theta), to be maximised. Without further knowledge one takes the d of the greatest mean.

    EVPI     = E[max_d NB_d] - max_d E[NB_d]
    EVPPI(x) = E_x[max_d E(NB_d | x)] - max_d E[NB_d]

E(NB_d | x) is estimated by regression of the sampled NB_d on x alone (natural choice: cubic splines, here piecewise
cubic B-splines with knots at quantiles of x), which needs no inner loop; for the fit, whose x is a row of many
numbers, on the rows' first principal components. Noise of the raids in the sampled NB_d does not bias E(NB_d | x), but
any error of the regression raises the maximum. How much is estimated by drawing the coefficients from their sampling
distribution around the estimate; it is taken out. Their spread, with that of a finite sample of x, is the standard
error. EVPI is taken over smoothed values for the same reason: with the noise left in it would be too large.

Source: Strong, Oakley, Brennan, Med. Decis. Making 34(3), 2014 (regression, standard error and bias).
"""

from collections.abc import Mapping

import numpy as np

from skyshield.core.arrays import Floats

_KNOTS, _DEGREE = 3, 3
_COMPONENTS = 4
_DRAWS = 400
_TINY = 1e-12


def basis(x: Floats, knots: int = _KNOTS) -> Floats:
    """Return f8[point, function]: additive cubic B-splines of each column of x[point, dim] and a constant.

    Columns with few values stand as indicators of them.

    Examples
    --------
    >>> basis(np.linspace(0.0, 1.0, 50)[:, None]).shape
    (50, 7)
    """
    from scipy.interpolate import BSpline

    parts = [np.ones((len(x), 1))]
    for column in x.T:
        distinct = np.unique(column)
        if len(distinct) <= _DEGREE + knots:
            parts.append((column[:, None] == distinct[None, 1:]).astype(np.float64))
            continue
        rank = np.searchsorted(np.sort(column), column, side="left") / len(column)  # even use of the knots
        inner = np.linspace(0.0, 1.0, knots + 2)
        grid = np.concatenate([[0.0] * _DEGREE, inner, [1.0] * _DEGREE])
        parts.append(BSpline.design_matrix(np.clip(rank, 0.0, 1.0 - _TINY), grid, _DEGREE).toarray()[:, 1:])
    return np.hstack(parts)


def components(rows: Floats, n: int = _COMPONENTS) -> Floats:
    """Return the first principal components of rows[point, column], each column in units of its spread."""
    spread = rows.std(axis=0)
    z = (rows - rows.mean(axis=0))[:, spread > 0.0] / spread[spread > 0.0]
    left_vectors, size, _ = np.linalg.svd(z, full_matrices=False)
    return np.asarray(left_vectors[:, :n] * size[:n])


def partial(values: Mapping[str, Floats], x: Floats, seed: int = 0) -> dict[str, float]:
    """Return the expected value of partial perfect information about x.

    Parameters
    ----------
    values
        Decision -> f8[point]: its value, noisy or not, at each sampled point.
    x
        f8[point, dim]: what would be known.
    seed
        Of the draws behind bias and standard error.

    Returns
    -------
    dict
        ``value`` (bias taken out, never below 0), ``se``, ``bias``, in the unit of the values.

    Examples
    --------
    >>> x = np.linspace(-1.0, 1.0, 401)[:, None]
    >>> round(partial({"stay": np.zeros(401), "go": x[:, 0]}, x)["value"], 2)
    0.25
    """
    y = np.stack(list(values.values()), axis=1)
    design = basis(x)
    solution, _, rank, _ = np.linalg.lstsq(design, y, rcond=None)
    fitted = design @ solution
    residuals = y - fitted
    raw_gain = _expected_gain(fitted)
    # all decisions' coefficients err together: their residuals are of the same points
    scatter = residuals.T @ residuals / max(1, len(y) - int(rank))
    root = np.linalg.cholesky(scatter + np.eye(len(scatter)) * (_TINY + np.trace(scatter) * _TINY))
    directions, sizes, _ = np.linalg.svd(design, full_matrices=False)
    directions_used = directions[:, sizes > sizes.max() * _TINY ** 0.5]
    rng = np.random.default_rng([seed, len(y)])
    shape = directions_used.shape[1], len(scatter)
    perturbed_gains = np.array([_expected_gain(fitted + directions_used @ rng.standard_normal(shape) @ root.T)
                                for _ in range(_DRAWS)])
    bias = float(perturbed_gains.mean() - raw_gain)
    sampling_error = (fitted.max(axis=1) - fitted[:, fitted.mean(axis=0).argmax()]).std(ddof=1) / np.sqrt(len(y))
    corrected = raw_gain - bias if raw_gain > _TINY ** 0.5 * max(1.0, float(np.abs(y).max())) else 0.0  # else rounding
    se = float(np.hypot(perturbed_gains.std(ddof=1), sampling_error))
    return {"value": max(0.0, corrected), "se": se, "bias": bias}


def perfect(values: Mapping[str, Floats], x: Floats, seed: int = 0) -> dict[str, float]:
    """Return the expected value of knowing every input, x[point, dim], through the same additive regression."""
    return partial(values, x, seed)


def _expected_gain(fitted: Floats) -> float:
    return float(fitted.max(axis=1).mean() - fitted.mean(axis=0).max())
