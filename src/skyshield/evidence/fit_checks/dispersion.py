r"""How far outcomes within a raid hang together: beta-binomial regression by maximum likelihood.

k of n are stopped, k ~ BB(n, p, rho), logit p = X b; variance n p (1 - p) (1 + (n - 1) rho). The terms of b are
free, so what X explains is not counted as correlation. With X a column of ones, rho is the raw correlation.
"""

from typing import Any

import numpy as np
import numpy.typing as npt

from skyshield.core.arrays import Floats

_START_LOGIT_RHO = -3.0
_MAX_LOGIT = 30.0
_GRADIENT_TOLERANCE = 1e-6


def intra_raid_correlation(launched: npt.ArrayLike, stopped: npt.ArrayLike, terms: Floats | None = None) -> float:
    """Return the maximum-likelihood rho of a beta-binomial regression.

    Parameters
    ----------
    launched, stopped
        By raid; raids of none are left out.
    terms
        f8[raid, term], the columns X that the mean may depend on; a constant if not given.

    Returns
    -------
    float
        In (0, 1); NaN if fewer raids than two more than there are terms, or if all or none are stopped.

    Examples
    --------
    >>> round(intra_raid_correlation([2] * 8, [0, 0, 0, 2, 2, 2, 1, 1]), 3)
    0.5
    """
    from scipy.optimize import minimize
    from scipy.special import expit

    n, k = np.asarray(launched, float), np.asarray(stopped, float)
    columns = np.ones((len(n), 1)) if terms is None else terms
    launched_any = n > 0
    n, k, x = n[launched_any], k[launched_any], columns[launched_any]
    x = x[:, np.any(x != 0.0, axis=0)]
    if len(n) < x.shape[1] + 2 or k.sum() in (0.0, n.sum()):
        return float("nan")
    start = np.zeros(x.shape[1] + 1)
    start[:-1] = np.linalg.lstsq(x, np.full(len(n), _logit(k.sum() / n.sum())), rcond=None)[0]
    start[-1] = _START_LOGIT_RHO
    result = minimize(_minus_log_likelihood, start, args=(n, k, x), jac=True, method="BFGS",
                      options={"gtol": _GRADIENT_TOLERANCE * len(n)})
    return float(expit(result.x[-1]))


def _logit(share: float) -> float:
    return float(np.log(share / (1.0 - share)))


def _minus_log_likelihood(free: Floats, n: Floats, k: Floats, x: Floats) -> tuple[float, Any]:
    from scipy.special import digamma, expit, gammaln

    p = expit(np.clip(x @ free[:-1], -_MAX_LOGIT, _MAX_LOGIT))
    strength = np.exp(-np.clip(free[-1], -_MAX_LOGIT, _MAX_LOGIT))  # (1 - rho) / rho
    a, b = p * strength, (1.0 - p) * strength
    value = (gammaln(k + a) - gammaln(a) + gammaln(n - k + b) - gammaln(b) - gammaln(n + strength)
             + gammaln(strength))
    by_a, by_b = digamma(k + a) - digamma(a), digamma(n - k + b) - digamma(b)
    by_strength = p * by_a + (1.0 - p) * by_b - digamma(n + strength) + digamma(strength)
    gradient = np.append(x.T @ (strength * p * (1.0 - p) * (by_a - by_b)), -strength * by_strength.sum())
    return -float(value.sum()), -gradient
