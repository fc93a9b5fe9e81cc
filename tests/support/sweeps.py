"""Sweeps of the attacker's adaptation made by hand."""

import numpy as np

from skyshield.adaptation.sweep import Point, Sweep
from skyshield.study import StudyResult
from skyshield.study.result import MEASURES


def made(avoided, **other):
    """Build a sweep of one option by hand: avoided[point, vector] leaking UAVs fewer, two equal replications."""
    avoided = np.asarray(avoided, float)
    values = np.zeros((*avoided.shape, 2, 2, len(MEASURES)))
    values[..., MEASURES.index("leaked/uav")] = 100.0
    values[..., 1, MEASURES.index("leaked/uav")] -= avoided[..., None]
    for name, value in other.items():
        values[..., 1, MEASURES.index(name.replace("__", "/"))] = value
    x = np.linspace(0.0, 1.0, len(avoided))
    points = tuple(Point(float(v), 1.0, 0.0) for v in x)
    result = StudyResult(values, np.zeros(values.shape[:3], np.uint8), {}, {"options": ["own", "zone"]}, None)
    return Sweep(points, {"displacement": tuple(range(len(x)))}, result, "own")
