r"""Morris screening: elementary effects along trajectories, with a separate estimate of the noise of the raids.

Points lie on a grid of `LEVELS` levels of each u in [0, 1]. A trajectory moves one input after the other by
delta = LEVELS / (2 (LEVELS - 1)); the effect of input i is

    EE_i = (y(after) - y(before)) / delta_signed,

and over r trajectories mu* = mean |EE|, mu = mean EE, sigma = sd EE. A large sigma beside mu* says that the effect
depends on where the others stand or is bent. For an input of several numbers, or of rows without an order, the sign has
no meaning: mu and sigma are None.

Both points of a step meet the same raids, R of them. The effect's standard error s_i / (delta sqrt(R)), with s_i^2 the
variance of the difference between replications, gives the mu* of an input without any effect: for Gaussian noise
mu* = sqrt(2 / pi) times it. That level is reported as ``noise``. mu* is not shrunk by it; an input whose mu* is not
well above its noise is not shown to matter.

Sources: Morris, Technometrics 33(2), 1991; Campolongo, Cariboni, Saltelli, Environ. Model. Softw. 22(10), 2007 (mu*).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from skyshield.core.arrays import Floats
from skyshield.core.errors import SkyShieldError
from skyshield.evidence.stats_extra import needed

LEVELS = 4
_BOOTSTRAPS = 500
_TAILS = (0.025, 0.975)
_MEAN_OF_ABSOLUTE_NORMAL = float(np.sqrt(2.0 / np.pi))
MAX_SEED = 2**32


@dataclass(frozen=True)
class Group:
    """An input of a design: so many numbers between 0 and 1 that move together."""

    name: str
    n_dims: int = 1
    ordered: bool = True


@dataclass(frozen=True)
class Trajectories:
    """A Morris design: f8[point, dim], trajectories one after another, each of len(groups) + 1 points."""

    groups: tuple[Group, ...]
    points: Floats

    @property
    def n(self) -> int:
        """How many trajectories."""
        return len(self.points) // (len(self.groups) + 1)

    def of(self, group: int, rows: Floats | None = None) -> Floats:
        """Return f8[point, dim] of one group."""
        return columns_of(self.groups, self.points if rows is None else rows, group)


def columns_of(groups: Sequence[Group], points: Floats, group: int) -> Floats:
    """Return the columns of a design that are one group's."""
    start = sum(other_group.n_dims for other_group in groups[:group])
    return points[:, start:start + groups[group].n_dims]


def problem_of(groups: Sequence[Group]) -> dict[str, Any]:
    """Return the groups as SALib describes them, every number between 0 and 1."""
    owners = [f"{k:04d}" for k, group in enumerate(groups) for _ in range(group.n_dims)]
    return {"num_vars": len(owners), "names": [f"x{k}" for k in range(len(owners))],
            "bounds": [[0.0, 1.0]] * len(owners), "groups": owners}


def trajectories(groups: Sequence[Group], n: int, seed: int) -> Trajectories:
    """Return a Morris design.

    Parameters
    ----------
    groups
        Its inputs.
    n
        Trajectories.
    seed
        Of the design.

    Raises
    ------
    SkyShieldError
        If the extra is not installed, or there are fewer than two trajectories.

    Examples
    --------
    >>> trajectories([Group("a"), Group("b")], 3, 1).points.shape
    (9, 2)
    """
    if n < 2:
        raise SkyShieldError("--trajectories", f"is {n}", "give two or more: one has no spread")
    morris = needed("SALib.sample.morris")
    points = morris.sample(problem_of(groups), n, num_levels=LEVELS, seed=seed % MAX_SEED)
    return Trajectories(tuple(groups), np.asarray(points, np.float64))


def effects(design: Trajectories, y: Floats, seed: int = 0) -> list[dict[str, Any]]:
    """Return what each input does to y[point, replication], in the order of the groups.

    Returns
    -------
    list of dict
        ``name``, ``mu_star`` with ``lo`` and ``hi`` (95%, bootstrap over trajectories), ``mu``, ``sigma``, ``noise``.

    Examples
    --------
    >>> design = trajectories([Group("a"), Group("b")], 4, 1)
    >>> rows = effects(design, 3.0 * design.points[:, :1])
    >>> [(row["name"], round(row["mu_star"], 9), round(row["sigma"], 9)) for row in rows]
    [('a', 3.0, 0.0), ('b', 0.0, 0.0)]
    """
    step = len(design.groups) + 1
    x, values = design.points.reshape(design.n, step, -1), y.reshape(design.n, step, -1)
    moved = np.diff(x, axis=1)  # [trajectory, step, dim]
    changed = np.diff(values, axis=1)  # [trajectory, step, replication]
    n_replications = changed.shape[-1]
    draws = np.random.default_rng([seed, design.n]).integers(0, design.n, (_BOOTSTRAPS, design.n))
    rows = []
    for k, group in enumerate(design.groups):
        step_index = np.abs(columns_of(design.groups, moved.reshape(-1, moved.shape[-1]), k)).max(axis=1)
        step_index = step_index.reshape(design.n, step - 1).argmax(axis=1)
        row = np.arange(design.n)
        signed_delta = columns_of(design.groups, moved[row, step_index], k)
        delta = np.abs(signed_delta).max(axis=1)
        change = changed[row, step_index]
        effect = change.mean(axis=1) / delta * (np.sign(signed_delta[:, 0]) if group.n_dims == 1 else 1.0)
        noise = np.sqrt(change.var(axis=1, ddof=1) / n_replications) / delta if n_replications > 1 else None
        means = np.abs(effect)[draws].mean(axis=1)
        signed = group.n_dims == 1 and group.ordered
        rows.append({
            "name": group.name, "mu_star": float(np.abs(effect).mean()),
            "lo": float(np.quantile(means, _TAILS[0])), "hi": float(np.quantile(means, _TAILS[1])),
            "mu": float(effect.mean()) if signed else None, "sigma": float(effect.std(ddof=1)) if signed else None,
            "noise": None if noise is None else float(_MEAN_OF_ABSOLUTE_NORMAL * noise.mean())})
    return rows
