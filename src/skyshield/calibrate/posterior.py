"""Draws from a posterior: the mode, a normal around it, and importance weights.

The log density is maximised by a quasi-Newton method with derivatives by central differences. Its curvature at
the mode is taken over half a standard deviation; draws from the normal of `INFLATION` times that spread are
weighted by the ratio of densities, the largest weights truncated (truncated importance sampling), and resampled
systematically. Where the effective sample is too small, the normal is moved towards the weighted proposals, at most
twice.
Every draw is addressed by name: the same data give the same rows.

Sources: Ionides, "Truncated importance sampling", JCGS 17 (2008); Kong, "A note on importance sampling using
standardized weights" (1992) for the effective sample size.
"""

import math
import os
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from skyshield.core.addresses import PARAMETERS
from skyshield.core.arrays import Floats, Integers
from skyshield.core.files import read_yaml
from skyshield.core.normal import normal_quantile
from skyshield.core.streams import name_key, uniforms, word_of

LogDensity = Callable[[Floats], float]

INFLATION = 1.1
_STEP = 1e-4
_SPREAD_STEP = 0.5
_MAX_ITERATIONS = 200
_MIN_CURVATURE = 1e-3
_TOLERANCE = 1e-9
_IMPOSSIBLE = -1e12
_ATTEMPTS = 3
_MIN_EFFECTIVE = 0.05
_TARGET_EFFECTIVE = 0.15
_HALVINGS = 20
_SEED = 0


@dataclass(frozen=True)
class Prior:
    """A normal prior of one parameter on its transformed scale."""

    transform: str
    centre: float
    spread: float

    def free(self, value: float) -> float:
        """Return the unconstrained value of a natural one."""
        if self.transform == "log":
            return math.log(value)
        if self.transform == "above_one":
            return math.log(value - 1.0)
        if self.transform == "logit":
            return math.log(value / (1.0 - value))
        return value

    def natural(self, value: float) -> float:
        """Return the natural value of an unconstrained one."""
        if self.transform == "log":
            return math.exp(value)
        if self.transform == "above_one":
            return 1.0 + math.exp(value)
        if self.transform == "logit":
            return 1.0 / (1.0 + math.exp(-value))
        return value


class Block:
    """Parameters that are fitted together: names in order, with their priors."""

    def __init__(self, priors: Mapping[str, Prior]) -> None:
        self.names = tuple(priors)
        self._priors = tuple(priors.values())
        self.centre = np.array([prior.free(prior.centre) for prior in self._priors])
        self._spread = np.array([prior.spread for prior in self._priors])

    def natural(self, free: Floats) -> list[float]:
        """Return the natural values."""
        return [prior.natural(float(value)) for prior, value in zip(self._priors, free, strict=True)]

    def free(self, natural: Mapping[str, float]) -> Floats:
        """Return unconstrained values, the prior's centre where nothing is given."""
        return np.array([prior.free(natural.get(name, prior.centre))
                         for name, prior in zip(self.names, self._priors, strict=True)])

    def log_prior(self, free: Floats) -> float:
        """Return the log prior, up to a constant."""
        return float(-0.5 * np.sum(((free - self.centre) / self._spread) ** 2))


def load_blocks() -> dict[str, Block]:
    """Return the blocks of the fit by name."""
    content: dict[str, Any] = read_yaml(Path(__file__).with_name("data") / "priors.yaml")
    return {name: Block({key: Prior(str(row["transform"]), float(row["centre"]), float(row["spread"]))
                         for key, row in rows.items()}) for name, rows in content.items()}


@dataclass(frozen=True)
class Posterior:
    """Draws of a block.

    Attributes
    ----------
    names
        Parameters.
    mode
        f8[parameter], natural scale.
    draws
        f8[draw, parameter], natural scale.
    free
        f8[draw, parameter], unconstrained.
    log_density
        At the mode.
    effective
        Effective sample size of the weights, as a share of the proposals.
    """

    names: tuple[str, ...]
    mode: Floats
    draws: Floats
    free: Floats
    log_density: float
    effective: float


def sample(block: Block, log_likelihood: LogDensity, start: Mapping[str, float], n: int, name: str,
           proposals: int) -> Posterior:
    """Return draws of a block's posterior.

    Parameters
    ----------
    block
        Names and priors.
    log_likelihood
        Of unconstrained values; may be called from several threads at once.
    start
        Starting values, natural scale.
    n, proposals
        Number of draws returned, and of proposals drawn from the normal.
    name
        Addresses the draws.
    """
    density = _density(block, log_likelihood)
    with ThreadPoolExecutor(_threads()) as pool:
        def log_densities(points: list[Floats]) -> Floats:
            return np.array(list(pool.map(density, points)))

        mode = maximise(log_densities, block.free(start))
        centre, root = mode, INFLATION * _spread(log_densities, mode)
        for attempt in range(_ATTEMPTS):
            normals = _normals(f"{name} {attempt}", proposals, len(mode))
            points = centre + normals @ root.T
            log_weight = log_densities(list(points)) + 0.5 * np.sum(normals**2, axis=1)
            weight = _weights(log_weight)
            effective = _effective(weight)
            if effective >= _MIN_EFFECTIVE or attempt == _ATTEMPTS - 1:
                break
            centre, root = _adapted(points, log_weight, centre, root)
    free = points[_systematic(weight, n, name)]
    return Posterior(block.names, np.array(block.natural(mode)), np.array([block.natural(row) for row in free]), free,
                     float(density(mode)), effective)


def find_mode(block: Block, log_likelihood: LogDensity, start: Mapping[str, float],
              fitted: Sequence[str] | None = None) -> tuple[list[float], float]:
    """Return the natural values of a posterior's mode and its log density.

    Parameters
    ----------
    block, log_likelihood, start
        As for `sample`.
    fitted
        The parameters to fit, the others staying at `start`; all if not given.
    """
    density, full_start = _density(block, log_likelihood), block.free(start)
    index = np.array([k for k, name in enumerate(block.names) if fitted is None or name in fitted])

    def of_fitted(values: Floats) -> Floats:
        full_point = full_start.copy()
        full_point[index] = values
        return full_point

    with ThreadPoolExecutor(_threads()) as pool:
        mode = of_fitted(maximise(lambda points: np.array(list(pool.map(density, map(of_fitted, points)))),
                                  full_start[index]))
    return block.natural(mode), float(density(mode))


@dataclass(frozen=True)
class ProfilePoint:
    """A point of a profile: one parameter fixed at `value`, the others at their conditional mode.

    `log_density` is without the fixed parameter's own prior; `parameters` are on the natural scale.
    """

    value: float
    log_density: float
    parameters: Mapping[str, float]


def profile(block: Block, log_likelihood: LogDensity, start: Mapping[str, float], name: str,
            values: Sequence[float]) -> tuple[ProfilePoint, ...]:
    """Return the profile of a posterior over one parameter: the others fitted again at each of its values.

    Parameters
    ----------
    block, log_likelihood, start
        As for `sample`.
    name
        The parameter that is fixed.
    values
        Natural values to fix it at.
    """
    index = block.names.index(name)
    points_profiled = []
    with ThreadPoolExecutor(_threads()) as pool:
        for value in values:
            free = block.free({**start, name: value})

            def density(rest: Floats, fixed: float = float(free[index])) -> float:
                full_point = np.insert(rest, index, fixed)
                total = log_likelihood(full_point) + block.log_prior(np.insert(rest, index, block.centre[index]))
                return total if math.isfinite(total) else _IMPOSSIBLE

            def log_densities(points: list[Floats], density: LogDensity = density) -> Floats:
                return np.array(list(pool.map(density, points)))

            best = maximise(log_densities, np.delete(free, index))
            natural = block.natural(np.insert(best, index, free[index]))
            points_profiled.append(ProfilePoint(value, density(best), dict(zip(block.names, natural, strict=True))))
    return tuple(points_profiled)


def _weights(log_weight: Floats) -> Floats:
    """Return truncated importance weights."""
    weight = np.exp(log_weight - log_weight.max())
    return np.asarray(np.minimum(weight, weight.mean() * math.sqrt(len(weight))))


def _effective(weight: Floats) -> float:
    """Return the effective sample size as a share."""
    return float(weight.sum() ** 2 / np.sum(weight**2) / len(weight))


def _adapted(points: Floats, log_weight: Floats, centre: Floats, root: Floats) -> tuple[Floats, Floats]:
    """Return a better normal: mean and covariance of the proposals under tempered weights.

    Weights are raised to the largest power that leaves `_TARGET_EFFECTIVE` of the proposals effective. Half of the old
    covariance is retained, since few effective proposals determine many dimensions poorly.
    """
    power = 1.0
    while _effective(np.exp(power * (log_weight - log_weight.max()))) < _TARGET_EFFECTIVE and power > 2.0**-_HALVINGS:
        power /= 2.0
    weight = np.exp(power * (log_weight - log_weight.max()))
    weight /= weight.sum()
    mean = weight @ points
    deviations = points - mean
    covariance = (deviations * weight[:, None]).T @ deviations / 2.0 + root @ root.T / 2.0
    values, vectors = np.linalg.eigh(covariance)
    return (mean + centre) / 2.0, vectors * np.sqrt(np.maximum(values, 0.0))


def _density(block: Block, log_likelihood: LogDensity) -> LogDensity:
    def density(free: Floats) -> float:
        value = log_likelihood(free) + block.log_prior(free)
        return value if math.isfinite(value) else _IMPOSSIBLE

    return density


def maximise(log_densities: Callable[[list[Floats]], Floats], start: Floats) -> Floats:
    """Return where a log density is largest; `log_densities` takes points and returns their densities."""
    from scipy.optimize import minimize

    steps = _STEP * np.eye(len(start))

    def objective(free: Floats) -> tuple[float, Floats]:
        values = log_densities([free, *(free + step for step in steps), *(free - step for step in steps)])
        k = len(free)
        return -float(values[0]), -(values[1:k + 1] - values[k + 1:]) / (2.0 * _STEP)

    result = minimize(objective, start, jac=True, method="L-BFGS-B",
                      options={"maxiter": _MAX_ITERATIONS, "ftol": _TOLERANCE})
    return np.asarray(result.x, float)


def _spread(log_densities: Callable[[list[Floats]], Floats], mode: Floats) -> Floats:
    """Return a square root of the inverse curvature at the mode."""
    k = len(mode)
    unit = np.eye(k)
    centre = float(log_densities([mode])[0])
    step = np.full(k, 0.1)
    for _ in range(2):  # the second round uses the spread of the first
        forward, backward = log_densities([mode + s * e for s, e in zip(step, unit, strict=True)]), log_densities(
            [mode - s * e for s, e in zip(step, unit, strict=True)])
        curvature = np.maximum((2.0 * centre - forward - backward) / step**2, _MIN_CURVATURE)
        last, step = step, np.minimum(_SPREAD_STEP / np.sqrt(curvature), 1.0)
    step = last
    hessian = np.diag(curvature)
    pairs = [(i, j) for i in range(k) for j in range(i)]
    plus = log_densities([mode + step[i] * unit[i] + step[j] * unit[j] for i, j in pairs])
    minus = log_densities([mode - step[i] * unit[i] - step[j] * unit[j] for i, j in pairs])
    for (i, j), up, down in zip(pairs, plus, minus, strict=True):
        mixed = up + down - forward[i] - forward[j] - backward[i] - backward[j] + 2.0 * centre
        hessian[i, j] = hessian[j, i] = -mixed / (2.0 * step[i] * step[j])
    scale = np.sqrt(np.diag(hessian))
    values, vectors = np.linalg.eigh(hessian / np.outer(scale, scale))
    values = np.maximum(values, _MIN_CURVATURE)
    root: Floats = (vectors / np.sqrt(values)) / scale[:, None]
    return root


def _normals(name: str, n: int, k: int) -> Floats:
    key, seed = name_key(f"fit {name}"), np.uint64(_SEED)
    values = np.empty((n, -(-k // 4) * 4))
    for row in range(n):
        for block in range(values.shape[1] // 4):
            values[row, 4 * block:4 * block + 4] = [normal_quantile(u) for u in uniforms(
                seed, word_of(row, PARAMETERS), block, key, 0)]
    return values[:, :k]


def _systematic(weight: Floats, n: int, name: str) -> Integers:
    """Return n indices in proportion to weights, in an order independent of them."""
    key, seed = name_key(f"fit order {name}"), np.uint64(_SEED)
    u = uniforms(seed, PARAMETERS, 0, key, 0)[0]
    cumulative = np.cumsum(weight) / weight.sum()
    index = np.searchsorted(cumulative, (np.arange(n) + u) / n)
    order = np.argsort([uniforms(seed, word_of(row, PARAMETERS), 1, key, 0)[0] for row in range(n)], kind="stable")
    chosen: Integers = np.minimum(index, len(weight) - 1)[order]
    return chosen


def _threads() -> int:
    return max(1, len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1)
