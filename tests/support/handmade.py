"""Results made by hand: a few columns of a few options, everything else zero."""

import importlib

import numpy as np

from skyshield.study import StudyResult
from skyshield.study.plan import BUNDLE, HEADLINE, SINGLE, Arm
from skyshield.study.result import MEASURES


def plain_arms(*ends):
    """Return the arms of a manifest: no end makes the headline, one end an arm of its own, more of them a bundle."""
    return [Arm({0: HEADLINE, 1: SINGLE}.get(len(moved), BUNDLE), moved).plain() for moved in ends]


def counted(monkeypatch, *names):
    """Return the columns of results, these among them whether the engine counts them or not."""
    columns = (*MEASURES, *(name for name in names if name not in MEASURES))
    holding(monkeypatch, columns)
    return columns


def holding(monkeypatch, columns):
    """Let results hold just these columns."""
    for name in ("study.compare", "study.clauses", "study.result"):
        monkeypatch.setattr(importlib.import_module(f"skyshield.{name}"), "MEASURES", columns)


def result_of(options, filled, columns=MEASURES, arms=({},), failed=None):
    """Build a result: filled[option, column] is f8[vector, replication] or f8[arm, vector, replication]."""
    first = np.asarray(next(iter(filled.values())))
    shape = (len(arms), *first.shape[-2:])
    values = np.zeros((*shape, len(options), len(columns)))
    for (option, column), numbers in filled.items():
        values[..., options.index(option), columns.index(column)] = np.broadcast_to(numbers, shape)
    marks = np.zeros(shape, np.uint8) if failed is None else failed
    return StudyResult(values, marks, {}, {"options": list(options), "arms": plain_arms(*arms), "days": 30}, None)
