"""Many records: rows in turn, the same from any number of processes."""

from dataclasses import replace

import numpy as np

from skyshield.evidence.fit_checks.ensemble import Ensemble, facts_of, history, parallel_map
from skyshield.evidence.fit_checks.facts import load_facts
from skyshield.evidence.fit_checks.generate import full_reporting, generate

DAYS = full_reporting(np.datetime64("2025-09-01"), 20)


def test_processes_change_nothing(fit):
    ensemble, facts = Ensemble(fit, DAYS, 1, 6), load_facts()[:3]
    assert np.array_equal(facts_of(ensemble, facts, 1), facts_of(ensemble, facts, 2))


def test_order_is_kept():
    assert list(parallel_map(abs, range(-9, 0), 2)) == list(range(9, 0, -1))


def test_rows_are_used_in_turn(fit):
    ensemble = Ensemble(fit, DAYS, 1, 6)
    n = len(fit.rows)
    repeated = generate(fit, 1, 20, 1, n + 1, DAYS)
    assert np.array_equal(ensemble.record(n + 1).uav, repeated.uav)


def test_a_history_is_followed(fit):
    record = generate(fit, 0, 60, 1, 0, full_reporting(np.datetime64("2025-09-01"), 60))
    paths = history(fit, record, 1, 3)
    assert paths.shape[:2] == (3, 60)
    assert not np.array_equal(paths[0], paths[1])
    of_one_row = history(replace(fit, rows=fit.rows[:1]), record, 1, 2)
    assert not np.array_equal(of_one_row[0], of_one_row[1])
    days = full_reporting(np.datetime64("2025-09-01"), 60)
    free = Ensemble(fit, days, 1, 3)
    bound = Ensemble(fit, days, 1, 3, paths)
    assert not np.array_equal(free.record(0).uav, bound.record(0).uav)
