"""A tornado: each input alone from its low to its high, all others at the base, on the same raids.

Low and high are those of the catalogue: the ends of an interval or a PERT distribution, the 5 and 95% quantiles where
that is what the catalogue states. The fit and the regional strengths have no low or high: some of their rows are played
and the 5 and 95% quantiles of what they come to stand for the ends.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np

from skyshield.catalogue.unit_text import si_factor
from skyshield.core.arrays import Floats
from skyshield.evidence.sensitivity.inputs import DISTRIBUTION, INTERVAL, Input
from skyshield.evidence.sensitivity.playing import Study, minus_whole
from skyshield.study.points import play_points

ROWS = 24  # of an input without ends
MORE = 5  # times the replications of a point elsewhere: there are few points
_TAILS = (0.05, 0.95)


def tornado(study: Study, inputs: Sequence[Input]) -> dict[str, Any]:
    """Return option -> ``base`` and ``inputs``, the widest first.

    Each has ``name``, ``kind``, ``low``, ``high`` (in the entry's unit, None for rows), ``at_low``, ``at_high`` and
    ``se``, the Monte Carlo error of their difference (None for rows).
    """
    ends = [one for one in inputs if one.kind in (DISTRIBUTION, INTERVAL)]
    rows = [one for one in inputs if one not in ends]
    n = 1 + 2 * len(ends) + ROWS * len(rows)
    given = _given(study, ends, rows, n)
    outcomes = play_given(study, given, n)
    result: dict[str, Any] = {}
    for option, y in outcomes.items():
        means = y.mean(axis=1)
        bars: list[dict[str, Any]] = []
        for k, one in enumerate(ends):
            entry = study.inputs.context.catalogue[one.name]
            low, high = y[1 + 2 * k], y[2 + 2 * k]
            bars.append({"name": one.name, "kind": one.kind, "low": entry.low, "high": entry.high, "unit": entry.unit,
                         "at_low": float(low.mean()), "at_high": float(high.mean()),
                         "se": float((high - low).std(ddof=1) / np.sqrt(len(low))) if len(low) > 1 else None})
        for k, one in enumerate(rows):
            start = 1 + 2 * len(ends) + ROWS * k
            few, many = np.quantile(means[start:start + ROWS], _TAILS)
            bars.append({"name": one.name, "kind": one.kind, "low": None, "high": None, "unit": None,
                         "at_low": float(few), "at_high": float(many), "se": None})
        bars.sort(key=lambda row: (-abs(row["at_high"] - row["at_low"]), row["name"]))
        result[option] = {"base": float(means[0]), "inputs": bars}
    return result


def _given(study: Study, ends: Sequence[Input], rows: Sequence[Input], n: int) -> dict[str, Floats]:
    """Return f8[point] by parameter: the base, then each input's low and high, then rows."""
    drawn = np.random.default_rng([study.seed, n])
    at = 1 + 2 * len(ends)
    moved = {}
    for one in rows:
        u = (np.arange(ROWS)[:, None] + drawn.random((ROWS, one.n_dims))) / ROWS
        moved[one.name] = np.take_along_axis(u, drawn.permuted(np.tile(np.arange(ROWS)[:, None], (1, one.n_dims)),
                                                               axis=0), axis=0)
    given = {name: np.full(n, value) for name, value in study.inputs.base.items()}
    for k, one in enumerate(rows):
        of = study.inputs.given({one.name: moved[one.name]}, ROWS)
        for column in one.columns:
            given[column][at + ROWS * k:at + ROWS * (k + 1)] = of[column]
    for k, one in enumerate(ends):
        entry = study.inputs.context.catalogue[one.name]
        factor = si_factor(entry.unit)
        if one.name not in given:
            given[one.name] = np.full(n, study.inputs.reference(one.name))
        given[one.name][1 + 2 * k], given[one.name][2 + 2 * k] = entry.low * factor, entry.high * factor
    return given


def play_given(study: Study, given: dict[str, Floats], n: int) -> dict[str, Floats]:
    """Return option -> f8[point, replication] of points that are given, all on the same raids."""
    result = play_points(study.inputs.context, given, study.seed, study.replications * MORE, None, (study.measure,),
                         study.map, study.progress)
    study.raid_days += result.raid_days
    study.points["tornado"] = n
    return minus_whole(result, study.baseline, study.measure)
