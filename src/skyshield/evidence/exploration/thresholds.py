r"""Where the ranking of two options flips: one unknown after the other along its range, on the same raids.

Each unknown runs alone through `STEPS` values from its low to its high, everything else at the base, under both models
of Ukraine's own defence where the scenario leaves them open. For two options, d(v) is the difference of their values at
v, interpolated linearly; where its sign changes is the threshold. The interval holds 95% of the thresholds from
resampling the replications (all values of v share them): the noise of raids alone. A flip is reported only if at least
`MIN_FLIP_SHARE` of the resamples flip as well, and the sign is clear of noise somewhere on either side.

No share of values is reported: how likely an unknown is to lie beyond a threshold is not known.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, pairwise
from typing import Any

import numpy as np

from skyshield.core.arrays import Floats

STEPS = 7
MIN_FLIP_SHARE = 0.95
_BOOTSTRAPS = 400
_TAILS = (0.025, 0.975)


@dataclass(frozen=True)
class Line:
    """One unknown along its range: values v, and option -> f8[value, replication] of the outcomes compared."""

    name: str
    values: tuple[float, ...]
    outcomes: Mapping[str, Floats]


def first_crossing(x: Sequence[float], d: Floats) -> float | None:
    """Return where d first changes sign, interpolated linearly; None where it never does.

    Where d is zero in between, at one value or several, the middle of these is the crossing.

    Examples
    --------
    >>> first_crossing((0.0, 1.0, 2.0), np.array([1.0, 1.0, -1.0]))
    1.5
    >>> first_crossing((0.0, 1.0, 2.0, 3.0), np.array([2.0, 0.0, 0.0, -1.0]))
    1.5
    """
    nonzero = np.flatnonzero(d)
    for k, j in pairwise(nonzero.tolist()):
        if d[k] * d[j] < 0.0:
            if j > k + 1:
                return float((x[k + 1] + x[j - 1]) / 2.0)
            return float(x[k] + (x[j] - x[k]) * d[k] / (d[k] - d[j]))
    return None


def flips(line: Line, seed: int = 0) -> list[dict[str, Any]]:
    """Return the thresholds along a line, one for each two options whose order flips.

    Returns
    -------
    list of dict
        ``name``, ``ahead`` (the option ahead at the low end), ``behind``, ``value``, ``lo``, ``hi``, ``back`` (whether
        the order flips back before the end).

    Examples
    --------
    >>> v = np.linspace(0.0, 1.0, 5)
    >>> line = Line("x", tuple(v), {"a": 1.0 - 2.0 * v[:, None] + np.zeros(8), "b": np.zeros((5, 8))})
    >>> [(row["ahead"], row["behind"], round(row["value"], 6)) for row in flips(line)]
    [('a', 'b', 0.5)]
    """
    thresholds = []
    n = next(iter(line.outcomes.values())).shape[1]
    draws = np.random.default_rng([seed, n]).integers(0, n, (_BOOTSTRAPS, n))
    for first_option, second_option in combinations(line.outcomes, 2):
        d = line.outcomes[first_option] - line.outcomes[second_option]
        crossing = first_crossing(line.values, d.mean(axis=1))
        if crossing is None:
            continue
        resampled = [first_crossing(line.values, d[:, sample].mean(axis=1)) for sample in draws]
        crossings = [value for value in resampled if value is not None]
        if len(crossings) < MIN_FLIP_SHARE * len(resampled) or not _clear_of_noise(d, crossing, line.values):
            continue
        lo, hi = np.quantile(crossings, _TAILS)
        signs = np.sign(d.mean(axis=1))
        ahead, behind = (first_option, second_option) if signs[0] > 0.0 else (second_option, first_option)
        thresholds.append({"name": line.name, "ahead": ahead, "behind": behind, "value": crossing, "lo": float(lo),
                           "hi": float(hi), "back": bool((np.diff(signs[signs != 0.0]) != 0.0).sum() > 1)})
    return thresholds


def _clear_of_noise(d: Floats, crossing: float, values: Sequence[float]) -> bool:
    """Return whether the difference is clear of noise somewhere on both sides of a crossing."""
    mean = d.mean(axis=1)
    se = d.std(axis=1, ddof=1) / np.sqrt(d.shape[1]) if d.shape[1] > 1 else np.zeros(len(d))
    significant = np.abs(mean) > 2.0 * se
    below = np.asarray(values) < crossing
    return bool((significant & below).any() and (significant & ~below).any())
