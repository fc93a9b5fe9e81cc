"""The kernels as plain Python give the same numbers: nothing hangs on the compiler.

Mutation tried and caught: an int32 overflow in the plain form (a shift of an np.int32).
"""

import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np

TESTS = Path(__file__).parents[2]
PLAY = """
import json, sys
sys.path.insert(0, {tests!r})
from support.studies import small_study
from skyshield.engine import play
from skyshield.engine.day import play_day
world = small_study().world
found = [play(world, 3, v << 16, (v << 16) + 1) for v in range(2)]
json.dump({{"jitted": hasattr(play_day, "py_func"), "counts": [f.counts.tolist() for f in found],
           "amounts": [f.amounts.tolist() for f in found], "failed": [f.failed.tolist() for f in found]}}, sys.stdout)
"""


def test_the_kernels_as_plain_python():
    from skyshield.engine import play
    from skyshield.engine import tally as t
    from support.studies import small_study

    plain = json.loads(subprocess.run(
        [sys.executable, "-c", PLAY.format(tests=str(TESTS))], check=True, capture_output=True, text=True,
        env={**os.environ, "NUMBA_DISABLE_JIT": "1"}).stdout)
    assert not plain["jitted"]
    world = small_study().world
    for v in range(2):
        found = play(world, 3, v << 16, (v << 16) + 1)
        assert found.counts.tolist() == plain["counts"][v]
        np.testing.assert_allclose(found.amounts, plain["amounts"][v], rtol=0, atol=1e-12 * found.amounts.max())
        assert found.failed.tolist() == plain["failed"][v]
        assert found.counts[..., t.COALITION:t.COALITION + 3].sum() > 0  # the coalition stopped something
