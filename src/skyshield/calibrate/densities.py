"""Log densities of the likelihood, and the joint leak share of two streams."""

import math

from skyshield.core.jit import kernel

FLOOR = 1e-9


@kernel
def log_negative_binomial(n: float, mean: float, size: float) -> float:
    """Return the log probability of n.

    Examples
    --------
    >>> round(math.exp(log_negative_binomial(0.0, 1.0, 1.0)), 6)
    0.5
    """
    return negative_binomial_constant(n, size) + negative_binomial_rest(n, mean, size)


@kernel
def negative_binomial_constant(n: float, size: float) -> float:
    """Return the terms of the log probability of n that do not depend on the mean."""
    return math.lgamma(n + size) - math.lgamma(size) - math.lgamma(n + 1.0)


@kernel
def negative_binomial_rest(n: float, mean: float, size: float) -> float:
    """Return the terms of the log probability of n that depend on the mean."""
    return size * math.log(size / (size + mean)) + n * math.log(mean / (size + mean))


@kernel
def log_beta_binomial(n: float, total: float, share: float, rho: float) -> float:
    """Return the log probability of n of `total`, without the binomial coefficient.

    Examples
    --------
    >>> round(math.exp(log_beta_binomial(1.0, 1.0, 0.3, 0.2)), 6)
    0.3
    """
    strength = (1.0 - rho) / rho
    return beta_binomial_rest(n, total, share, strength) - math.lgamma(total + strength) + math.lgamma(strength)


@kernel
def beta_binomial_rest(n: float, total: float, share: float, strength: float) -> float:
    """Return the terms of the log probability that depend on the share; `strength` is (1 - rho) / rho."""
    alpha, beta = share * strength, (1.0 - share) * strength
    return (math.lgamma(n + alpha) - math.lgamma(alpha)) + (math.lgamma(total - n + beta) - math.lgamma(beta))


@kernel
def log_missiles(n: float, p_any: float, mean: float, size: float) -> float:
    """Return the log probability of n missiles: none, or 1 + NB of the given mean."""
    if n == 0.0:
        return math.log(1.0 - p_any)
    return math.log(p_any) + log_negative_binomial(n - 1.0, max(mean - 1.0, FLOOR), size)


@kernel
def leak_share(front: float, deep: float, leak_front: float,
               leak_deep: float) -> tuple[float, float, float, float]:
    """Return the mean share of leakers, its squared spread per unit of rho, and its slopes by the two rates' logits."""
    total = front + deep
    of_front, of_deep = leak_front * (1.0 - leak_front), leak_deep * (1.0 - leak_deep)
    spread = (front * math.sqrt(of_front) + deep * math.sqrt(of_deep)) / total
    return ((front * leak_front + deep * leak_deep) / total, spread * spread, front * of_front / total,
            deep * of_deep / total)


@kernel
def shifted(share: float, shift: float) -> float:
    """Return a share moved by `shift` on the logit scale.

    Examples
    --------
    >>> round(shifted(0.5, math.log(3.0)), 6)
    0.75
    """
    odds = share / (1.0 - share) * math.exp(shift)
    return odds / (1.0 + odds)
