"""How many replications an arm needs: its ends are those of an arm of as many as the headline, to within their error.

Why an arm plays more than one replication of its first vectors: of one alone nobody can tell the noise, which then
stays in its ends and moves them by more than the error of the sample of vectors. The second test shows that.
"""

import functools

import pytest

from skyshield.scenario import load
from skyshield.study import plan, run
from skyshield.study.compare import PRIMARY, compare
from support.studies import resolved

SEED, VECTORS, REPLICATIONS, DAYS = 5, 64, 4, 60
ENDS = ("env_lo", "env_hi", "joint_lo", "joint_hi")
MEASURES = (PRIMARY, "cost_eur", "flight_hours")


def played(monkeypatch, replications, repeated):
    monkeypatch.setattr(plan, "ARM_REPLICATIONS", replications)
    monkeypatch.setattr(plan, "REPEATED_VECTORS", repeated)
    asked = load("skyshield").model_copy(update={"days": DAYS}).chosen(("region", "cities", "aid_region"))
    result = run(resolved(asked), SEED, REPLICATIONS, vectors=VECTORS)
    assert result.failed[1].shape == (VECTORS, replications)
    return result.arms, compare(result, "own").rows


@functools.cache
def whole():
    with pytest.MonkeyPatch.context() as patch:
        return played(patch, REPLICATIONS, VECTORS)


def moves(few, measures=MEASURES):
    """Return by how many times its error each end moves that has one."""
    (arms, rows), (all_arms, reference) = few, whole()
    assert arms == all_arms
    return {(option, measure, end): abs(rows[option][measure][end] - reference[option][measure][end]) / error
            for option in rows for measure in measures for end in ENDS
            if (error := rows[option][measure]["se"]["lo" if end.endswith("lo") else "hi"])}


@pytest.mark.slow
def test_no_end_of_an_arm_moves_by_more_than_its_error(monkeypatch):
    moved = moves(played(monkeypatch, plan.ARM_REPLICATIONS, plan.REPEATED_VECTORS))
    assert len(moved) > 20
    assert max(moved.values()) <= 1.0, {key: value for key, value in moved.items() if value > 1.0}


@pytest.mark.slow
def test_of_one_replication_it_would(monkeypatch):
    moved = moves(played(monkeypatch, 2, 0), (PRIMARY,))
    assert max(moved.values()) > 1.0
