"""Plays the points of a sensitivity analysis: a measure minus the baseline's at each point of a design."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import numpy as np

from skyshield.core.arrays import Floats, Integers
from skyshield.evidence.sensitivity.inputs import Inputs
from skyshield.study.maps import Map
from skyshield.study.points import Points, play_points

Progress = Callable[[int, int], None]


@dataclass
class Study:
    """A scenario under analysis: its inputs, and how its points are played."""

    inputs: Inputs
    seed: int
    replications: int
    measure: str
    baseline: str
    map: Map
    progress: Progress | None
    raid_days: int = 0
    points: dict[str, int] = field(default_factory=dict)

    def play(self, what: str, moved: Mapping[str, Floats], row: Integers | None, n: int,
             replications: int | None = None) -> dict[str, Floats]:
        """Return option -> f8[point, replication]: the measure minus the baseline's; points of a `row` share raids."""
        n_replications = self.replications if replications is None else replications
        first = np.zeros(n, np.int64) if row is None else row * n_replications
        result = play_points(self.inputs.context, self.inputs.given(moved, n), self.seed, n_replications, first,
                             (self.measure,), self.map, self.progress)
        self.raid_days += result.raid_days
        self.points[what] = self.points.get(what, 0) + n
        return paired_outcomes(result, self.baseline, self.measure)


def paired_outcomes(result: Points, baseline: str, measure: str) -> dict[str, Floats]:
    """Return `Points.minus`; a failed replication is replaced by its point's mean, so that designs stay complete."""
    outcomes = {}
    for name, values in result.minus(baseline, measure).items():
        means = np.nanmean(values, axis=1, keepdims=True) if np.isnan(values).any() else None
        outcomes[name] = values if means is None else np.where(np.isnan(values), means, values)
    return outcomes
