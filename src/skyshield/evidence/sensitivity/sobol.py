r"""Sobol indices by pick-freeze, with the noise of the raids taken out.

With A and B two samples of all inputs and AB_i the sample A with input i from B (Saltelli's design), f the expected
outcome of a point over raids and V its variance over the inputs:

    S_i  = E[f(B) (f(AB_i) - f(A))] / V          first order: what settling input i alone would take away
    ST_i = E[(f(A) - f(AB_i))^2] / (2 V)         total: what is left if all but input i were settled

A point is played R times, and its mean y = f + e is noisy. All points of a row j of the design meet the same raids
(rows meet different ones), so the noise is correlated within a row. The products above are of means, and
E[mean(x) mean(z)] = E[x] E[z] + cov(x, z) / R, so the sample covariance between replications over R is taken out of
each: S_i, ST_i and V are then of f and not of the noise, for any R of two or more (R = 1: nothing is taken out). Less
noise is left in them than independent raids would leave.

``noise_share`` is the share of the variance of the point means that the raids make: W / (R V_y).

Intervals: 95%, bootstrap over the rows of the design. Indices of few samples can fall outside [0, 1]; they are not
clipped. A design of fewer than `LEAST_ROWS` rows has no indices: their intervals would be as wide as their range.

Sources: Saltelli et al., Comput. Phys. Commun. 181, 2010 (S_i); Jansen, Comput. Phys. Commun. 117, 1999 (ST_i).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from skyshield.core.arrays import Floats, Integers
from skyshield.core.errors import SkyShieldError
from skyshield.evidence.sensitivity.morris import MAX_SEED, Group, columns_of, problem_of
from skyshield.evidence.stats_extra import needed

LEAST_ROWS = 64
_BOOTSTRAPS = 1000
_TAILS = (0.025, 0.975)


@dataclass(frozen=True)
class PickFreeze:
    """Saltelli's design: f8[point, dim], rows one after another, each A, AB_1 to AB_D, B."""

    groups: tuple[Group, ...]
    points: Floats

    @property
    def n(self) -> int:
        """How many rows."""
        return len(self.points) // self.step

    @property
    def step(self) -> int:
        """Points of a row."""
        return len(self.groups) + 2

    @property
    def row(self) -> Integers:
        """i8[point]: its row."""
        return np.repeat(np.arange(self.n), self.step)

    def of(self, group: int) -> Floats:
        """Return f8[point, dim] of one group."""
        return columns_of(self.groups, self.points, group)

    def independent(self) -> Integers:
        """Return the numbers of the points of A and B, a plain sample of all inputs."""
        place = np.arange(len(self.points)) % self.step
        return np.flatnonzero((place == 0) | (place == self.step - 1))


def pick_freeze(groups: Sequence[Group], n: int, seed: int) -> PickFreeze:
    """Return a design of n rows, a power of two, by a scrambled Sobol sequence.

    Raises
    ------
    SkyShieldError
        If the extra is not installed, or n is no power of two above one.

    Examples
    --------
    >>> pick_freeze([Group("a"), Group("b")], 4, 1).points.shape
    (16, 2)
    """
    if n < 2 or n & (n - 1):
        raise SkyShieldError("--samples", f"is {n}", "give a power of two, such as 128")
    sobol = needed("SALib.sample.sobol")
    points = sobol.sample(problem_of(groups), n, calc_second_order=False, seed=seed % MAX_SEED)
    return PickFreeze(tuple(groups), np.asarray(points, np.float64))


def indices(design: PickFreeze, y: Floats, seed: int = 0) -> dict[str, Any]:
    """Return the indices of y[point, replication].

    Returns
    -------
    dict
        ``mean``, ``variance`` (of the expected outcome over inputs), ``noise_share``, ``inputs``: a list of ``name``,
        ``first``, ``first_lo``, ``first_hi``, ``total``, ``total_lo``, ``total_hi``. Indices are None where nothing
        varies, and where the design is too small, which ``reason`` says.

    Examples
    --------
    >>> design = pick_freeze([Group("a"), Group("b")], 256, 1)
    >>> result = indices(design, design.points @ np.array([[2.0], [1.0]]))
    >>> [round(row["total"], 1) for row in result["inputs"]]
    [0.8, 0.2]
    """
    values = y.reshape(design.n, design.step, -1)
    first, total, variance, noise = _terms(values)
    draws = np.random.default_rng([seed, design.n]).integers(0, design.n, (_BOOTSTRAPS, design.n))
    spread = _variance(values[:, [0, -1]])
    few = design.n < LEAST_ROWS
    varies = spread > 0.0 and not few
    resampled = np.array([_variance(values[sample][:, [0, -1]]) for sample in draws])
    resampled = np.where(resampled > 0.0, resampled, np.nan)
    rows = []
    for k, group in enumerate(design.groups):
        row: dict[str, Any] = {"name": group.name}
        for name, term in (("first", first[:, k]), ("total", total[:, k])):
            row[name] = float(term.mean() / spread) if varies else None
            ends = np.nanquantile(term[draws].mean(axis=1) / resampled, _TAILS) if varies else (None, None)
            row[f"{name}_lo"], row[f"{name}_hi"] = (None if end is None else float(end) for end in ends)
        rows.append(row)
    return {"mean": float(values[:, [0, -1]].mean()), "variance": spread, "inputs": rows,
            "reason": f"{design.n} rows are fewer than {LEAST_ROWS}: ask for more with --samples" if few else None,
            "noise_share": None if noise is None or variance <= 0.0 else float(min(1.0, noise / variance))}


def _terms(values: Floats) -> tuple[Floats, Floats, float, float | None]:
    """Return by row and input the terms of S V and ST V without noise; the variance of point means, the noise in it."""
    a, between, b = values[:, :1], values[:, 1:-1], values[:, -1:]
    centre = values[:, [0, -1]].mean()
    changed = between - a
    first = (b.mean(axis=2) - centre) * changed.mean(axis=2)
    total = changed.mean(axis=2) ** 2 / 2.0
    n = values.shape[2]
    noise = None
    if n > 1:
        def cov(x: Floats, z: Floats) -> Floats:
            return np.asarray(((x - x.mean(axis=2, keepdims=True)) * (z - z.mean(axis=2, keepdims=True))).sum(axis=2)
                              / (n - 1) / n)

        first = first - cov(np.broadcast_to(b, changed.shape), changed)
        total = total - cov(changed, changed) / 2.0
        noise = float(values[:, [0, -1]].var(axis=2, ddof=1).mean() / n)
    return first, total, float(values[:, [0, -1]].mean(axis=2).var()), noise


def _variance(ends: Floats) -> float:
    """Return the variance of the expected outcome over the points of A and B, [row, 2, replication], without noise."""
    means = ends.mean(axis=2)
    result = float(means.var(ddof=1))
    if ends.shape[2] > 1:
        result -= float(ends.var(axis=2, ddof=1).mean() / ends.shape[2])
    return result
