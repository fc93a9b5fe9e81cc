"""A tornado: each input alone from its low to its high, all others at the base, on the same raids.

Low and high are those of the catalogue: the ends of an interval or a PERT distribution, the 5 and 95% quantiles where
that is what the catalogue states. The fit and the regional strengths have no low or high: some of their rows are played
and the 5 and 95% quantiles of the outcomes replace the ends.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np

from skyshield.catalogue.unit_text import si_factor
from skyshield.core.arrays import Floats
from skyshield.evidence.sensitivity.inputs import DISTRIBUTION, INTERVAL, Input
from skyshield.evidence.sensitivity.playing import Study, paired_outcomes
from skyshield.study.points import play_points

ROWS = 24  # of an input without ends
REPLICATIONS_FACTOR = 5  # times the replications of other points: there are few points
_TAILS = (0.05, 0.95)


def tornado(study: Study, inputs: Sequence[Input]) -> dict[str, Any]:
    """Return option -> ``base`` and ``inputs``, the widest first.

    Each has ``name``, ``kind``, ``low``, ``high`` (in the entry's unit, None for rows), ``at_low``, ``at_high`` and
    ``se``, the Monte Carlo error of their difference (None for rows).
    """
    ends = [item for item in inputs if item.kind in (DISTRIBUTION, INTERVAL)]
    rows = [item for item in inputs if item not in ends]
    n = 1 + 2 * len(ends) + ROWS * len(rows)
    given = _tornado_points(study, ends, rows, n)
    outcomes = play_given(study, given, n)
    result: dict[str, Any] = {}
    for option, y in outcomes.items():
        means = y.mean(axis=1)
        bars: list[dict[str, Any]] = []
        for k, item in enumerate(ends):
            entry = study.inputs.context.catalogue[item.name]
            low, high = y[1 + 2 * k], y[2 + 2 * k]
            bars.append({"name": item.name, "kind": item.kind, "low": entry.low, "high": entry.high, "unit": entry.unit,
                         "at_low": float(low.mean()), "at_high": float(high.mean()),
                         "se": float((high - low).std(ddof=1) / np.sqrt(len(low))) if len(low) > 1 else None})
        for k, item in enumerate(rows):
            start = 1 + 2 * len(ends) + ROWS * k
            few, many = np.quantile(means[start:start + ROWS], _TAILS)
            bars.append({"name": item.name, "kind": item.kind, "low": None, "high": None, "unit": None,
                         "at_low": float(few), "at_high": float(many), "se": None})
        bars.sort(key=lambda row: (-abs(row["at_high"] - row["at_low"]), row["name"]))
        result[option] = {"base": float(means[0]), "inputs": bars}
    return result


def _tornado_points(study: Study, ends: Sequence[Input], rows: Sequence[Input], n: int) -> dict[str, Floats]:
    """Return f8[point] by parameter: the base, then each input's low and high, then rows."""
    rng = np.random.default_rng([study.seed, n])
    first_row = 1 + 2 * len(ends)
    moved = {}
    for item in rows:
        u = (np.arange(ROWS)[:, None] + rng.random((ROWS, item.n_dims))) / ROWS
        moved[item.name] = np.take_along_axis(u, rng.permuted(np.tile(np.arange(ROWS)[:, None], (1, item.n_dims)),
                                                              axis=0), axis=0)
    given = {name: np.full(n, value) for name, value in study.inputs.base.items()}
    for k, item in enumerate(rows):
        values = study.inputs.given({item.name: moved[item.name]}, ROWS)
        for column in item.columns:
            given[column][first_row + ROWS * k:first_row + ROWS * (k + 1)] = values[column]
    for k, item in enumerate(ends):
        entry = study.inputs.context.catalogue[item.name]
        factor = si_factor(entry.unit)
        if item.name not in given:
            given[item.name] = np.full(n, study.inputs.reference(item.name))
        given[item.name][1 + 2 * k], given[item.name][2 + 2 * k] = entry.low * factor, entry.high * factor
    return given


def play_given(study: Study, given: dict[str, Floats], n: int) -> dict[str, Floats]:
    """Return option -> f8[point, replication] of points that are given, all on the same raids."""
    result = play_points(study.inputs.context, given, study.seed, study.replications * REPLICATIONS_FACTOR, None,
                         (study.measure,), study.map, study.progress)
    study.raid_days += result.raid_days
    study.points["tornado"] = n
    return paired_outcomes(result, study.baseline, study.measure)
