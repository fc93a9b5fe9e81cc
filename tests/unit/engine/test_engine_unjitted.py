"""The kernels as plain Python give the same numbers: nothing hangs on the compiler.

Two days of the shipped scenario, and small worlds of every sort under an attacker who answers, with relief. Mutation
tried and caught: an int32 overflow in the plain form (a shift of an np.int32).
"""

import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np

from skyshield.engine import play
from skyshield.engine import tally as t
from support.random_worlds import OPTIONS, random_world
from support.studies import small_study
from support.worlds import make_relief, make_response, make_risks, play_nights

TESTS = Path(__file__).parents[2]
SEEDS = (1, 2, 3)
PLAIN = """
import json, sys
sys.path[:0] = [{tests!r}, {here!r}]
from test_engine_unjitted import tallies
from skyshield.engine.day import play_day
found = tallies()
json.dump({{"jitted": hasattr(play_day, "py_func"), "counts": [f.counts.tolist() for f in found],
           "amounts": [f.amounts.tolist() for f in found], "failed": [f.failed.tolist() for f in found]}}, sys.stdout)
"""


def world_of_every_sort(seed):
    """A random world under an attacker who answers, with relief and with incidents; and its nights."""
    world, nights = random_world(seed)
    n_aims = len(world.rules.aim_in_area)
    zone = np.zeros((len(OPTIONS), n_aims), np.uint8)
    zone[1:, 0] = 1
    response = make_response(len(OPTIONS), n_aims, declared=zone, displacement=0.3, volume=1.2, class_shift=0.2)
    return world._replace(response=response, relief=make_relief(len(OPTIONS), n_aims, 1, 0.8, 0.9, zone),
                          risks=make_risks(1, len(OPTIONS), p_fratricide=0.1)), nights


def tallies():
    """Return what both forms play."""
    world = small_study().world
    sorts = [world_of_every_sort(seed) for seed in SEEDS]
    return [*(play(world, 3, v << 16, (v << 16) + 1) for v in range(2)),
            *(play_nights(one, nights, seed=seed) for seed, (one, nights) in zip(SEEDS, sorts, strict=True))]


def test_the_kernels_as_plain_python():
    plain = json.loads(subprocess.run(
        [sys.executable, "-W", "ignore::RuntimeWarning", "-c",
         PLAIN.format(tests=str(TESTS), here=str(Path(__file__).parent))], check=True, capture_output=True, text=True,
        env={**os.environ, "NUMBA_DISABLE_JIT": "1"}).stdout)
    assert not plain["jitted"]
    result = tallies()
    for k, one in enumerate(result):
        assert one.counts.tolist() == plain["counts"][k]
        np.testing.assert_allclose(one.amounts, plain["amounts"][k], rtol=1e-12, atol=1e-12)
        assert one.failed.tolist() == plain["failed"][k]
        assert one.counts[..., t.COALITION:t.COALITION + 3].sum() > 0  # the coalition stopped something
    assert sum(one.counts[..., t.RELIEVED].sum() for one in result[2:]) > 0
    assert sum(one.amounts[..., t.FRATRICIDE].sum() for one in result[2:]) > 0
