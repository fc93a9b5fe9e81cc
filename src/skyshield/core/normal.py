"""Quantiles that kernels need: the normal and the negative binomial distribution, by inversion.

Every draw is one uniform put through a quantile function, so draws stay addressed and move smoothly with
their parameters.
"""

import math

from skyshield.core.jit import kernel

_SPLIT = 0.425
_SPLIT_SQUARED = 0.180625
_TAIL = 1.6
_FAR = 5.0
_SQRT_HALF = math.sqrt(0.5)
_LEAST_LOG = -700.0
_LONGEST_WALK = 1_000_000


@kernel
def normal_quantile(u: float) -> float:
    """Return the standard normal quantile of a uniform in (0, 1), to about 1e-15 relative.

    Source: Wichura, "Algorithm AS 241: the percentage points of the normal distribution", Applied
    Statistics 37 (1988).

    Examples
    --------
    >>> round(normal_quantile(0.975), 12), normal_quantile(0.5)
    (1.95996398454, 0.0)
    """
    q = u - 0.5
    if abs(q) <= _SPLIT:
        r = _SPLIT_SQUARED - q * q
        top = (((((((2509.0809287301226727 * r + 33430.575583588128105) * r + 67265.770927008700853) * r
                  + 45921.953931549871457) * r + 13731.693765509461125) * r + 1971.5909503065514427) * r
                + 133.14166789178437745) * r + 3.387132872796366608)
        bottom = (((((((5226.495278852545925 * r + 28729.085735721942674) * r + 39307.89580009271061) * r
                     + 21213.794301586595867) * r + 5394.1960214247511077) * r + 687.1870074920579083) * r
                   + 42.313330701600911252) * r + 1.0)
        return q * top / bottom
    r = math.sqrt(-math.log(u if q < 0.0 else 1.0 - u))
    if r <= _FAR:
        r -= _TAIL
        top = (((((((7.7454501427834140764e-4 * r + 0.0227238449892691845833) * r + 0.24178072517745061177) * r
                  + 1.27045825245236838258) * r + 3.64784832476320460504) * r + 5.7694972214606914055) * r
                + 4.6303378461565452959) * r + 1.42343711074968357734)
        bottom = (((((((1.05075007164441684324e-9 * r + 5.475938084995344946e-4) * r + 0.0151986665636164571966) * r
                     + 0.14810397642748007459) * r + 0.68976733498510000455) * r + 1.6763848301838038494) * r
                   + 2.05319162663775882187) * r + 1.0)
    else:
        r -= _FAR
        top = (((((((2.01033439929228813265e-7 * r + 2.71155556874348757815e-5) * r + 0.0012426609473880784386) * r
                  + 0.026532189526576123093) * r + 0.29656057182850489123) * r + 1.7848265399172913358) * r
                + 5.4637849111641143699) * r + 6.6579046435011037772)
        bottom = (((((((2.04426310338993978564e-15 * r + 1.4215117583164458887e-7) * r
                      + 1.8463183175100546818e-5) * r + 7.868691311456132591e-4) * r + 0.0148753612908506148525) * r
                    + 0.13692988092273580531) * r + 0.59983220655588793769) * r + 1.0)
    return -top / bottom if q < 0.0 else top / bottom


@kernel
def normal_cdf(x: float) -> float:
    """Return the standard normal distribution function.

    Examples
    --------
    >>> normal_cdf(0.0), round(normal_cdf(1.959963984540054), 12)
    (0.5, 0.975)
    """
    return 0.5 * math.erfc(-x * _SQRT_HALF)


@kernel
def negative_binomial_quantile(u: float, mean: float, size: float) -> int:
    """Return the least n whose cumulative probability exceeds `u`.

    Mean `mean`, variance ``mean + mean**2 / size``. Where the walk would start below the smallest
    number a double holds, the normal approximation of a gamma mixture stands in.

    Examples
    --------
    >>> [negative_binomial_quantile(u, 1.0, 1.0) for u in (0.4, 0.6, 0.8)]
    [0, 1, 2]
    """
    if mean <= 0.0:
        return 0
    ratio = mean / (mean + size)
    log_first = size * math.log1p(-ratio)
    if log_first < _LEAST_LOG:
        spread = math.sqrt(mean + mean * mean / size)
        return max(0, math.floor(mean + spread * normal_quantile(u) + 0.5))
    p = math.exp(log_first)
    cumulative = p
    n = 0
    while u >= cumulative and n < _LONGEST_WALK:
        n += 1
        p *= ratio * (n - 1.0 + size) / n
        cumulative += p
        if p < 1e-300:
            break
    return n


@kernel
def poisson_quantile(u: float, mean: float) -> int:
    """Return the least n whose cumulative probability exceeds `u`, of a Poisson distribution.

    Where its probability of 0 is below the smallest number a double holds, the normal approximation stands in.

    Examples
    --------
    >>> [poisson_quantile(u, 1.0) for u in (0.36, 0.38, 0.74, 0.93)]
    [0, 1, 2, 3]
    """
    if mean <= 0.0:
        return 0
    if -mean < _LEAST_LOG:
        return max(0, math.floor(mean + math.sqrt(mean) * normal_quantile(u) + 0.5))
    p = math.exp(-mean)
    cumulative = p
    n = 0
    while u >= cumulative and n < _LONGEST_WALK:
        n += 1
        p *= mean / n
        cumulative += p
        if p < 1e-300:
            break
    return n
