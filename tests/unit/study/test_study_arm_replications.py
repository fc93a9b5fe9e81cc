"""How many replications an arm needs: its ends are those of an arm of as many as the headline, to within their error.

Why an arm plays a second replication of its first vectors: of one alone nobody can tell the noise, which then stays in
its ends and moves most of them by more than the error of the sample of vectors. The second test shows that.
"""

import functools

import numpy as np
import pytest

from skyshield.scenario import load
from skyshield.study import plan, run
from skyshield.study.compare import PRIMARY, summed
from skyshield.study.joint import unwanted_options
from skyshield.study.plan import ARM_REPLICATIONS, LEFT_OUT, REPEATED_VECTORS
from skyshield.study.resampling import vector_counts
from skyshield.study.summary import figures, figures_by_arm
from support.studies import resolved

SEED, VECTORS, REPLICATIONS, DAYS = 5, 64, 4, 120
MEASURES = (PRIMARY, "leaked_armed", "cost_eur")


@functools.cache
def whole():
    """Play every arm with all replications."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(plan, "ARM_REPLICATIONS", REPLICATIONS)
        patch.setattr(plan, "REPEATED_VECTORS", VECTORS)
        asked = load("skyshield").model_copy(update={"days": DAYS}).chosen(("region", "aid_region"))
        result = run(resolved(asked), SEED, REPLICATIONS, vectors=VECTORS)
    assert result.failed[1].shape == (VECTORS, REPLICATIONS) and not result.failed[1].any()
    return result


def moves(measure, replications, repeated):
    """Return by how many times its own error each end of each arm moves if it plays fewer replications."""
    result = whole()
    others = [option for option in result.options if option != "own"]
    column, counts = summed(result, [(o, "own") for o in others], (measure,)), vector_counts(SEED, VECTORS)
    failed = [result.failed[0], *(one[:, :replications].copy() for one in result.failed[1:])]
    for one in failed[1:]:
        one[repeated:, 1:] = LEFT_OUT
    few = figures_by_arm([column.values[0], *(values[..., :replications] for values in column.values[1:])],
                         [one == 0 for one in failed], spread=False, base=column.base)
    unwanted, computed = unwanted_options(result), []
    for arm in range(1, len(few)):
        full = figures(column.values[arm], result.valid[arm], spread=False, counts=counts)
        for k, option in enumerate(others):
            if result.options.index(option) not in unwanted.get(arm, ()):
                computed += [abs(getattr(few[arm], end)[k] - getattr(full, end)[k]) / getattr(full.errors, end)[k]
                             for end in ("lo", "hi") if getattr(full.errors, end)[k] > 0.0]
    return np.array(computed)


@pytest.mark.slow
@pytest.mark.parametrize("measure", MEASURES)
def test_the_ends_of_arms_do_not_move_by_more_than_their_error(measure):
    moved = moves(measure, ARM_REPLICATIONS, REPEATED_VECTORS)
    assert len(moved) > 50 and np.mean(moved <= 1.0) > 0.9, np.quantile(moved, (0.5, 0.9, 0.95, 1.0))


@pytest.mark.slow
def test_of_one_replication_most_would():
    assert np.mean(moves(PRIMARY, 1, 0) <= 1.0) < 0.6 and np.mean(moves("leaked_armed", 1, 0) <= 1.0) < 0.6
