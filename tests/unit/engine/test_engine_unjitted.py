"""The kernels as plain Python give the same numbers: nothing hangs on the compiler.

Two days of the shipped scenario, as compiled here, and small worlds of every sort under an attacker who answers, with
relief; routes walked through the own defence of regions. Mutations tried and caught: an int32 overflow in the plain
form (a shift of an np.int32); an exponential that is off by 1e-9 in the plain form of a walk.
"""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import get_type_hints

import numpy as np

from skyshield.core.vocabulary import N_REGIONS
from skyshield.engine import World, play
from skyshield.engine import tally as t
from skyshield.engine.check import arrays_of
from skyshield.forces.region_outcomes import N_OUTCOMES, walk_vectors
from skyshield.forces.regional import SOUTH, WEST
from support.random_worlds import OPTIONS, random_world
from support.studies import small_study
from support.worlds import make_relief, make_response, make_risks, play_nights

TESTS = Path(__file__).parents[2]
SEEDS = (1, 2, 3)
PLAIN = """
import json, sys
sys.path[:0] = [{tests!r}, {here!r}]
from test_engine_unjitted import read, tallies, walked
from skyshield.engine.day import play_day
found = tallies(read({world!r}))
json.dump({{"jitted": hasattr(play_day, "py_func"), "counts": [f.counts.tolist() for f in found],
           "amounts": [f.amounts.tolist() for f in found], "failed": [f.failed.tolist() for f in found],
           "walked": walked().tolist()}}, sys.stdout)
"""


def read(path):
    """Read the arrays of a world; compiled as plain Python, it would take a minute."""
    with np.load(path) as arrays:
        def group(kind, prefix):
            return kind(*(group(of, f"{prefix}{name}.") if hasattr(of, "_fields") else arrays[f"{prefix}{name}"]
                          for name, of in get_type_hints(kind).items()))

        return group(World, "")


def walked(vectors=3, routes=40, pieces=4):
    """What becomes of threats on random routes over all regions and the sea."""
    g = np.random.default_rng(4)
    result = np.zeros((vectors, N_REGIONS, N_OUTCOMES, 4))
    walk_vectors(np.arange(0, routes * pieces + 1, pieces), g.integers(0, N_REGIONS + 1, routes * pieces),
                 g.uniform(0.0, 0.5, routes * pieces), g.uniform(0.0, 0.5, routes * pieces),
                 np.arange(routes) % N_REGIONS, g.uniform(0.0, 1.0, (vectors, routes)), g.uniform(0.5, 3.0, vectors),
                 g.random(vectors), g.uniform(0.5, 2.0, (vectors, N_REGIONS + 1)), WEST, SOUTH, result)
    return result


def world_of_every_sort(seed):
    """A random world under an attacker who answers, with relief and with incidents; and its nights."""
    world, nights = random_world(seed)
    n_aims = len(world.rules.aim_in_area)
    zone = np.zeros((len(OPTIONS), n_aims), np.uint8)
    zone[1:, 0] = 1
    response = make_response(len(OPTIONS), n_aims, declared=zone, displacement=0.3, volume=1.2, class_shift=0.2)
    return world._replace(response=response, relief=make_relief(len(OPTIONS), n_aims, 1, 0.8, 0.9, zone),
                          risks=make_risks(1, len(OPTIONS), p_fratricide=0.1)), nights


def tallies(world):
    """Return what both forms play, of a world and of small ones."""
    sorts = [world_of_every_sort(seed) for seed in SEEDS]
    return [*(play(world, 3, v << 16, (v << 16) + 1) for v in range(2)),
            *(play_nights(one, nights, seed=seed) for seed, (one, nights) in zip(SEEDS, sorts, strict=True))]


def test_the_kernels_as_plain_python(tmp_path):
    world = small_study().world
    np.savez(tmp_path / "world.npz", **dict(arrays_of(world)))
    plain = json.loads(subprocess.run(
        [sys.executable, "-W", "ignore::RuntimeWarning", "-c",
         PLAIN.format(tests=str(TESTS), here=str(Path(__file__).parent), world=str(tmp_path / "world.npz"))],
        check=True, capture_output=True, text=True, env={**os.environ, "NUMBA_DISABLE_JIT": "1"}).stdout)
    assert not plain["jitted"]
    np.testing.assert_allclose(walked(), plain["walked"], rtol=1e-12, atol=1e-12)
    assert (walked() != 0.0).any(axis=(0, 1)).all()
    result = tallies(world)
    for k, one in enumerate(result):
        assert one.counts.tolist() == plain["counts"][k]
        np.testing.assert_allclose(one.amounts, plain["amounts"][k], rtol=1e-12, atol=1e-12)
        assert one.failed.tolist() == plain["failed"][k]
        assert one.counts[..., t.COALITION:t.COALITION + 3].sum() > 0  # the coalition stopped something
    assert sum(one.counts[..., t.RELIEVED].sum() for one in result[2:]) > 0
    assert sum(one.amounts[..., t.FRATRICIDE].sum() for one in result[2:]) > 0
