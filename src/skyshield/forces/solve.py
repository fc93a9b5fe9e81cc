r"""Solve the own defence of regions together with where threats are bound for.

The record tells the leak rate of a stream and its kills in the west and in the south by place; given an assumption,
also the leak rate in the west, leakers over arrivals there. With a share omega of hazard along the way these fix the
hazard h, the strengths u of west and south and their shares of destinations but for one degree of freedom. Weak priors
settle it: u ~ N(what the vector drew, tau^2), the logits of the shares ~ N(today's, 1).

From the prior's centre, Newton steps that are the least in the prior's metric lead to where the constraints c(z) = 0
hold (in logarithms and logits),

    z' = z - C J^T (J C J^T)^-1 c(z),

C being the prior's covariance and J the derivatives of c. omega grows from 0 in steps, each from the solution before;
where no step is small enough, the largest omega reached stands in. There a few steps along the constraints lead back
towards the prior's centre. Since each vector draws its own centre, this samples strengths and shares given the record
about as randomised maximum likelihood does.

Source: Oliver, He and Reynolds, "Conditioning permeability fields to pressure data", ECMOR V (1996), for randomised
maximum likelihood.
"""

import hashlib
from dataclasses import dataclass

import numpy as np

from skyshield.core.arrays import Booleans, Floats, Integers
from skyshield.forces.region_outcomes import (
    BY_HAZARD,
    BY_SOUTH,
    BY_WEST,
    LEAKED,
    REACHED_WEST,
    STOPPED_SOUTH,
    STOPPED_WEST,
    VALUE,
)
from skyshield.forces.regional import SOUTH, WEST, Bound

TOLERANCE = 1e-10
HAZARD, U_WEST, U_SOUTH, TO_WEST, TO_SOUTH = range(5)
N_UNKNOWNS = 5
_ROUNDS = 12
_LONGEST = 1.0  # of a component of a step
_FIRST_STEP, _LEAST_STEP, _LONGER = 0.25, 1.0 / 128.0, 2.0
_RETURNS, _RETURN = 3, 0.5  # steps back towards the prior's centre, and the longest of them
_LARGE = 30.0  # of a logit or logarithm: no solution lies there


@dataclass(frozen=True)
class Split:
    """How a stream's threats are shared among regions, as its west's and south's shares are moved.

    share = fixed + west_share * west + south_share * south, each f8[vector, region]; the shares are at most the limits
    f8[vector].
    """

    fixed: Floats
    west: Floats
    south: Floats
    west_limit: Floats
    south_limit: Floats

    def of(self, rows: Integers) -> "Split":
        """Return the same for some vectors."""
        return Split(self.fixed[rows], self.west[rows], self.south[rows], self.west_limit[rows], self.south_limit[rows])

    def shares(self, z: Floats) -> tuple[Floats, Floats, Floats]:
        """Return f8[vector, region] and its derivatives by the logits of both shares."""
        to_west, to_south = 1.0 / (1.0 + np.exp(-z[:, TO_WEST])), 1.0 / (1.0 + np.exp(-z[:, TO_SOUTH]))
        west, south = self.west_limit * to_west, self.south_limit * to_south
        share = self.fixed + west[:, None] * self.west + south[:, None] * self.south
        return share, (west * (1.0 - to_west))[:, None] * self.west, (south * (1.0 - to_south))[:, None] * self.south


@dataclass(frozen=True)
class Told:
    """What the record tells of a stream, f8[vector] each; None where it tells nothing.

    Kills are by place, over launches of the stream; `leak_west` is leakers over arrivals.
    """

    leak: Floats
    south_kills: Floats
    west_kills: Floats | None = None
    leak_west: Floats | None = None

    def of(self, rows: Integers) -> "Told":
        """Return the same for some vectors."""
        return Told(self.leak[rows], self.south_kills[rows], None if self.west_kills is None else self.west_kills[rows],
                    None if self.leak_west is None else self.leak_west[rows])


@dataclass(frozen=True)
class Solved:
    """What was found: z f8[vector, unknown] at `omega` f8[vector], the largest with a solution up to that asked for.

    `at_aims` f8[vector, unknown] is what holds at omega = 0, `met` whether anything does.
    """

    z: Floats
    omega: Floats
    at_aims: Floats
    met: Booleans


_Stream = tuple[Bound, Split, Told, Floats, Floats, Floats]


def strengths(z: Floats, log_strength: Floats, sea_share: Floats) -> Floats:
    """Return f8[vector, place]: strengths of regions, west's and south's from z, the others' drawn, and the sea's.

    `log_strength` is f8[vector, region], `sea_share` f8[vector] of the south's.
    """
    u = log_strength.copy()
    u[:, WEST], u[:, SOUTH] = z[:, U_WEST], z[:, U_SOUTH]
    strength = np.exp(np.clip(u, -_LARGE, _LARGE))
    return np.concatenate([strength, (sea_share * strength[:, SOUTH])[:, None]], axis=1)


def constraints(z: Floats, omega: Floats, bound: Bound, split: Split, told: Told, log_strength: Floats,
                sea_share: Floats) -> tuple[Floats, Floats]:
    """Return c f8[vector, constraint] and its derivatives f8[vector, constraint, unknown]."""
    outcomes = bound.outcomes(np.exp(np.clip(z[:, HAZARD], -_LARGE, _LARGE)), omega,
                              strengths(z, log_strength, sea_share))
    share, by_west, by_south = split.shares(z)

    def told_of(outcome: int) -> tuple[Floats, Floats]:
        """Return an outcome of the whole stream f8[vector] and its derivatives f8[vector, unknown]."""
        part = outcomes[:, :, outcome]
        moved = np.zeros((len(z), N_UNKNOWNS))
        for unknown, column in ((HAZARD, BY_HAZARD), (U_WEST, BY_WEST), (U_SOUTH, BY_SOUTH)):
            moved[:, unknown] = (share * part[:, :, column]).sum(axis=1)
        moved[:, TO_WEST] = (by_west * part[:, :, VALUE]).sum(axis=1)
        moved[:, TO_SOUTH] = (by_south * part[:, :, VALUE]).sum(axis=1)
        return np.maximum((share * part[:, :, VALUE]).sum(axis=1), np.finfo(float).tiny), moved

    def against(value: Floats, moved: Floats, wanted: Floats) -> tuple[Floats, Floats]:
        return np.log(value / wanted), moved / value[:, None]

    rows = [against(*told_of(LEAKED), told.leak), against(*told_of(STOPPED_SOUTH), told.south_kills)]
    if told.west_kills is not None:
        rows.append(against(*told_of(STOPPED_WEST), told.west_kills))
    if told.leak_west is not None:
        arrived, moved = told_of(REACHED_WEST)
        part = outcomes[:, WEST, LEAKED]
        leaked = np.maximum(share[:, WEST] * part[:, VALUE], np.finfo(float).tiny)
        by = np.zeros_like(moved)
        by[:, :U_SOUTH + 1] = share[:, WEST, None] * part[:, BY_HAZARD:]
        by[:, TO_WEST], by[:, TO_SOUTH] = by_west[:, WEST] * part[:, VALUE], by_south[:, WEST] * part[:, VALUE]
        rows.append((np.log(leaked / arrived / told.leak_west),
                     by / leaked[:, None] - moved / arrived[:, None]))
    return np.stack([c for c, _ in rows], axis=1), np.stack([j for _, j in rows], axis=1)


def solve(bound: Bound, split: Split, told: Told, centre: Floats, spread: Floats, omega: Floats, log_strength: Floats,
          sea_share: Floats) -> Solved:
    """Return strengths and shares at which a stream does what the record tells.

    Parameters
    ----------
    bound, split, told
        Its routes, how destinations are shared, what the record tells.
    centre, spread
        f8[vector, unknown], of the prior: logarithms of the hazard and of the strengths of west and south, logits of
        their shares over the limits.
    omega
        f8[vector], the share of hazard along the way that is asked for.
    log_strength
        f8[vector, region], drawn.
    sea_share
        f8[vector].

    Returns
    -------
    Solved
        Vectors without a solution even at omega = 0 stand where the last step left them. Vectors that are alike, of
        which designs have many, are solved once.
    """
    first, group = alike(bound, split, told, centre, spread, omega, log_strength, sea_share)
    if len(first) < len(group):
        found = solve(bound.of(first), split.of(first), told.of(first), centre[first], spread[first], omega[first],
                      log_strength[first], sea_share[first])
        return Solved(found.z[group], found.omega[group], found.at_aims[group], found.met[group])
    stream = bound, split, told, spread, log_strength, sea_share
    everyone = np.arange(len(omega))
    at_aims, met = restore(*stream, np.zeros_like(omega), centre, everyone)
    z, reached, step = at_aims.copy(), np.zeros_like(omega), np.full_like(omega, _FIRST_STEP)
    while len(rows := np.flatnonzero(met & (reached < omega) & (step >= _LEAST_STEP))):
        at = np.minimum(omega[rows], reached[rows] + step[rows])
        tried, ok = restore(*stream, at, z[rows], rows)
        z[rows[ok]], reached[rows[ok]] = tried[ok], at[ok]
        step[rows] *= np.where(ok, _LONGER, 0.5)
    for _ in range(_RETURNS):
        z = _nearer(stream, reached, z, centre)
    return Solved(z, reached, at_aims, met)


def alike(bound: Bound, split: Split, told: Told, *values: Floats) -> tuple[Integers, Integers]:
    """Return the first vector of each group that has the same in everything, and the group of each vector."""
    of_told = (told.leak, told.south_kills, told.west_kills, told.leak_west)
    rows = [np.ascontiguousarray(each).reshape(len(each), -1) for each in (
        bound.weight, split.fixed, split.west, split.south, split.west_limit, split.south_limit,
        *(each for each in of_told if each is not None), *values)]
    groups: dict[bytes, int] = {}
    group = np.zeros(len(bound.weight), np.int64)
    for vector, of_vector in enumerate(zip(*rows, strict=True)):
        content = hashlib.sha256(b"".join(part.tobytes() for part in of_vector)).digest()
        group[vector] = groups.setdefault(content, len(groups))
    return np.unique(group, return_index=True)[1], group


def _nearer(stream: _Stream, omega: Floats, z: Floats, centre: Floats) -> Floats:
    """Return z after a step along the constraints towards the prior's centre, where that is one that comes nearer."""
    bound, split, told, spread, log_strength, sea_share = stream
    _, jacobian = constraints(z, omega, bound, split, told, log_strength, sea_share)
    away = centre - z
    across = _least_step(jacobian, spread, (jacobian @ away[:, :, None])[:, :, 0])
    along = away - across
    longest = np.abs(along).max(axis=1, keepdims=True)
    tried, ok = restore(*stream, omega, z + along * np.minimum(1.0, _RETURN / np.maximum(longest, _RETURN)),
                        np.arange(len(z)))
    scale = np.where(spread > 0.0, spread, np.inf)
    misfit = [(((of - centre) / scale) ** 2).sum(axis=1) for of in (tried, z)]
    return np.where((ok & (misfit[0] < misfit[1]))[:, None], tried, z)


def _least_step(jacobian: Floats, spread: Floats, wanted: Floats) -> Floats:
    """Return the step f8[vector, unknown] that changes the constraints as `wanted`, the least in the prior's metric."""
    weighted = jacobian * (spread**2)[:, None, :]
    gram = weighted @ jacobian.transpose(0, 2, 1)
    gram += 1e-14 * np.trace(gram, axis1=1, axis2=2)[:, None, None] * np.eye(gram.shape[1])
    return np.asarray((weighted.transpose(0, 2, 1) @ np.linalg.solve(gram, wanted[:, :, None]))[:, :, 0])


def restore(bound: Bound, split: Split, told: Told, spread: Floats, log_strength: Floats, sea_share: Floats,
            omega: Floats, start: Floats, rows: Integers) -> tuple[Floats, Booleans]:
    """Return z after least Newton steps from `start`, and whether the constraints hold there.

    `omega` and `start` are those of the vectors `rows`, all else is of all vectors.
    """
    z, met, still = start.copy(), np.zeros(len(rows), bool), np.arange(len(rows))  # `still`: not there yet
    for _ in range(_ROUNDS):
        of = rows[still]
        c, jacobian = constraints(z[still], omega[still], bound.of(of), split.of(of), told.of(of), log_strength[of],
                                  sea_share[of])
        met[still] = np.abs(c).max(axis=1) < TOLERANCE
        on = ~met[still]
        still = still[on]
        if not len(still):
            break
        step = -_least_step(jacobian[on], spread[rows[still]], c[on])
        longest = np.abs(step).max(axis=1, keepdims=True)
        z[still] = np.clip(z[still] + step * np.minimum(1.0, _LONGEST / np.maximum(longest, 1e-300)), -_LARGE, _LARGE)
    return z, met
