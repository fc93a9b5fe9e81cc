r"""Ukraine's own defence as hazards along routes.

A threat of stream s that has flown over Ukraine's own territory for a weight W of its route is still
alive with probability exp(-h W). The night's hazard h is set so that the stream's mean leak rate over
all its routes is that night's draw p ~ Beta with mean l (the stream's leak rate) and intra-raid
correlation rho:

    sum_r w_r exp(-h W_r) = p,    p ~ Beta(l (1 - rho)/rho, (1 - l)(1 - rho)/rho)

Weights are kilometres over held territory: the hazard is the same everywhere and depends on the stream
alone. That is the *uniform* model; long routes leak less than short ones of the same stream.
"""

from typing import Any

import numpy as np
import numpy.typing as npt

from skyshield.theatre.crossing import inside_parts

Floats = npt.NDArray[np.float64]

_METRES_PER_KM = 1000.0
_HAZARD_GRID = np.concatenate(([0.0], np.geomspace(1e-7, 1e3, 4001)))


def hazard_shape(x_m: Floats, y_m: Floats, held: Any) -> tuple[Floats, Floats]:
    """Return knots and cumulative weights of the own hazard along routes.

    Parameters
    ----------
    x_m, y_m
        f8[route, 3], points of the routes on the plane, metres.
    held
        Ukraine's own territory as a plane polygon.

    Returns
    -------
    tuple of arrays
        ``knot_m`` and ``knot_weight`` (km over held territory), f8[route, knot]; the weight is constant
        outside held territory and after the last knot.
    """
    start, end = inside_parts(x_m, y_m, held)
    length = np.hypot(np.diff(x_m, axis=1), np.diff(y_m, axis=1)).sum(axis=1)
    knot = np.stack([start, end], axis=-1).reshape(len(x_m), -1)
    knot = np.concatenate([np.zeros((len(x_m), 1)), np.minimum(knot, length[:, None])], axis=1)
    gain = np.zeros_like(knot)
    inside = np.isfinite(start)
    gain[:, 2::2] = np.where(inside, np.minimum(end, length[:, None]) - np.where(inside, start, 0.0), 0.0)
    return knot, np.cumsum(gain, axis=1) / _METRES_PER_KM


def night_hazards(leak: Floats, rho: Floats, shares: Floats, weights: Floats, n_quantiles: int) -> Floats:
    """Return the quantile function over nights of a stream's hazard.

    Parameters
    ----------
    leak, rho
        f8[vector]: mean leak rate and intra-raid correlation, both in (0, 1).
    shares
        f8[vector, route]: how the stream spreads over routes; rows add up to 1.
    weights
        f8[route]: the own hazard's weight of the whole route.
    n_quantiles
        Points of the even grid from 0 to 1.

    Returns
    -------
    numpy.ndarray
        f8[vector, quantile], ascending in the quantile of the *leak* (so the hazard falls).
    """
    from scipy.special import betaincinv

    quantiles = np.linspace(0.0, 1.0, n_quantiles)
    hazards = np.empty((len(leak), n_quantiles))
    alive = np.exp(-_HAZARD_GRID[:, None] * weights[None, :])
    for vector in range(len(leak)):
        size = (1.0 - rho[vector]) / rho[vector]
        survival = alive @ shares[vector]
        target = betaincinv(leak[vector] * size, (1.0 - leak[vector]) * size, quantiles)
        # routes without any held territory leak whatever the hazard: the rest must make up for them
        target = np.clip(target, survival[-1], 1.0)
        hazards[vector] = np.interp(-target, -survival, _HAZARD_GRID)
    return hazards
