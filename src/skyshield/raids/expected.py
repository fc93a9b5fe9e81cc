"""Expected number of threats a night, by stream and regime.

The probability that a night is massed is the stationary one of the semi-Markov chain: with h_k the probability of a
massed night k nights after the last, a massed night comes every sum_k prod_(j<k) (1 - h_j) nights. Levels are the
averages of the fit's window, to which they revert. Counts of missiles on massed nights are means over the deep stream's
normal score z: E exp(s z) = exp(s^2 / 2).
"""

import numpy as np

from skyshield.core.arrays import Floats, Parameters
from skyshield.core.vocabulary import MAX_GAP, MISSILE_CLASSES, REGIMES


def massed_share(parameters: Parameters) -> Floats:
    """Return f8[vector]: the share of nights that are massed, in the long run.

    Examples
    --------
    >>> even = {"massed_average": np.zeros(1), "massed_slope": np.zeros(1)}
    >>> massed_share(even).tolist()
    [0.5]
    """
    gap = np.arange(1, MAX_GAP + 1)
    logit = parameters["massed_average"][:, None] + parameters["massed_slope"][:, None] * np.log(gap)
    hazard = 1.0 / (1.0 + np.exp(-logit))
    survival = np.cumprod(np.concatenate([np.ones((len(hazard), 1)), 1.0 - hazard[:, :-1]], axis=1), axis=1)
    survival[:, -1] /= hazard[:, -1]
    return np.asarray(1.0 / survival.sum(axis=1))


def expected_launches(parameters: Parameters) -> Floats:
    """Return f8[vector, regime, stream]: the mean number of a stream's threats on a night times the regime's share."""
    massed = massed_share(parameters)
    front = parameters["front_average"]
    deep = (parameters["routine_deep_ratio"] * front,
            parameters["massed_deep_average"] * np.exp(parameters["massed_deep_sigma"] ** 2 / 2.0))
    by_regime = []
    for regime, share in enumerate((1.0 - massed, massed)):
        missiles = [parameters[f"{kind}_p_{REGIMES[regime]}"] * parameters[f"{kind}_mean_{REGIMES[regime]}"]
                    * (np.exp(parameters[f"{kind}_slope"] ** 2 / 2.0) if regime else 1.0) for kind in MISSILE_CLASSES]
        by_regime.append(share[:, None] * np.stack([front, deep[regime], *missiles], axis=1))
    return np.stack(by_regime, axis=1)
