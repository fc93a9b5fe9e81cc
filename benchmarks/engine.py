"""The engine's speed over nights of any size, and that of its two slow twins on the same nights."""

import itertools
import os
import statistics
import subprocess
import sys
import time
from pathlib import Path

from benchmarks.nights import SEED, VECTORS, of_size, raid_days_per_s, shipped_world

ROOT = Path(__file__).resolve().parents[1]
SIZES = (50, 172, 500, 2_000, 10_000)  # UAVs a night
TYPICAL = 172
ROUNDS = 5
SLOW_NIGHTS = {"simpy_day": 60, "python_day": 30}


def raid_days():
    """Yield raid-days per second by size, on one thread and on two, both timed in turn: the median of the rounds.

    A round lasts a second or more: a pool starts and ends within hundredths of one.
    """
    raid_days_per_s(50, 2, 1)  # compiled, and in memory
    for size in SIZES:
        replications = max(1, 10_000 // size)
        rounds = [[raid_days_per_s(size, threads, replications) for threads in (1, 2)] for _ in range(ROUNDS)]
        for k, threads in enumerate((1, 2)):
            yield size, threads, statistics.median(one[k] for one in rounds), "raid-days/s"


def simpy_day():
    """Yield the raid-days per second of the second model, written with SimPy (`tests/crosscheck`)."""
    sys.path[:0] = [str(ROOT / "tests")]
    from crosscheck.agreement import model_totals
    from crosscheck.cases import Case
    from crosscheck.raids import nights_of
    from skyshield.core.streams import word_of

    world = shipped_world()
    options = tuple(range(world.rules.class_allowed.shape[0]))
    case = Case("shipped", world, tuple(map(str, options)), options)
    days = world.raids.phase.shape[0]
    words = [word_of(vector, 0) for vector in range(min(VECTORS, max(1, SLOW_NIGHTS["simpy_day"] // days)))]
    nights = {word: nights_of(world, SEED, word, of_size(world, word, 1, TYPICAL)) for word in words}
    start_s = time.perf_counter()
    model_totals(case, SEED, nights)
    yield TYPICAL, 1, len(words) * days * len(options) / (time.perf_counter() - start_s), "raid-days/s"


def python_day():
    """Yield the raid-days per second of the engine's own kernels as plain Python, in a process without a compiler."""
    program = "from benchmarks.engine import play_in_python; print(play_in_python())"
    ended = subprocess.run([sys.executable, "-W", "ignore::RuntimeWarning", "-c", program], cwd=ROOT, check=True,
                           env={**os.environ, "NUMBA_DISABLE_JIT": "1"}, stdout=subprocess.PIPE, text=True)
    yield TYPICAL, 1, float(ended.stdout), "raid-days/s"


def play_in_python():
    """Return the raid-days per second of the first nights of one replication; for a process without a compiler."""
    from skyshield.engine.blocks import play_period

    world, days = shipped_world(), SLOW_NIGHTS["python_day"]
    whole = of_size(world, 0, 1, TYPICAL)
    period = whole._replace(counts=whole.counts[:, :, :days], massed=whole.massed[:, :days],
                            leak_shift=whole.leak_shift[:, :days], path=whole.path[..., :days],
                            played=whole.played[..., :days])
    start_s = time.perf_counter()
    tally = play_period(world, SEED, 0, period)
    return len(list(itertools.product(*map(range, tally.counts.shape[:3])))) / (time.perf_counter() - start_s)
