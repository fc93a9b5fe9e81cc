"""Play hand-made nights through the engine's door, and sum them up with a standard error.

Replications are independent, and so are the nights of these worlds unless they say otherwise: what one night shares is
inside its own sum. A mean and a ratio are therefore taken over nights as clusters.
"""

import numpy as np

from skyshield.core.arrays import Floats
from skyshield.core.errors import FAILED, SkyShieldError
from skyshield.engine import AMOUNTS, COUNTS, STAGES, World, play
from skyshield.evidence.verification.case import CaseResult

_VECTOR_BITS = 16
_BLOCK = 64


def nightly(world: World, seed: int, replications: int, vector: int = 0, option: int = 0) -> dict[str, Floats]:
    """Play replications of one vector of a world; return measure -> f8[night], counts and amounts of one option.

    Raises
    ------
    SkyShieldError
        If a replication fails; exit code 1.

    Examples
    --------
    >>> from skyshield.evidence.verification.worlds import make_certain_season, make_raids, make_world
    >>> world = make_world(raids=make_raids(days=3, season=make_certain_season(5)))
    >>> nightly(world, 1, replications=2)["launched/uav"].tolist()
    [5.0, 5.0, 5.0, 5.0, 5.0, 5.0]
    """
    start, rows = vector << _VECTOR_BITS, []
    for first in range(0, replications, _BLOCK):
        result = play(world, seed, start + first, start + min(first + _BLOCK, replications))
        if result.failed.any():
            stage, what = STAGES[int(result.failed.max())]
            raise SkyShieldError("a hand-made world", f"failed at {stage}: {what}", "report it with the seed", FAILED)
        measures = np.concatenate([result.counts[:, :, option], result.amounts[:, :, option]], axis=2)
        rows.append(measures.reshape(-1, measures.shape[2]))
    table = np.concatenate(rows)
    return {name: table[:, k].copy() for k, name in enumerate((*COUNTS, *AMOUNTS))}


def mean_of(exact: float, nights: Floats, n: int) -> CaseResult:
    """Compare the mean of independent nights with its exact value; `n` threats or shots were met in all.

    Examples
    --------
    >>> mean_of(2.0, np.array([1.0, 3.0]), 4)
    CaseResult(exact=2.0, simulated=2.0, se=1.0, n=4)
    """
    return CaseResult(exact, float(nights.mean()), float(nights.std(ddof=1) / np.sqrt(len(nights))), n)


def ratio_of(exact: float, numerator: Floats, denominator: Floats) -> CaseResult:
    """Compare a ratio of sums over independent nights with its exact value; its error is that of the residuals.

    Examples
    --------
    >>> ratio_of(0.5, np.array([1.0, 3.0]), np.array([4.0, 4.0]))
    CaseResult(exact=0.5, simulated=0.5, se=0.25, n=8)
    """
    ratio = float(numerator.sum() / denominator.sum())
    residual = numerator - ratio * denominator
    error = np.sqrt((residual**2).sum() * len(numerator) / (len(numerator) - 1)) / denominator.sum()
    return CaseResult(exact, ratio, float(error), int(denominator.sum()))
