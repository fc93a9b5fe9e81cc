"""Where the time of a raid-day goes: the engine's own `day.py`, with a clock read after every step.

The functions that call the steps are read, a reading of the processor's clock is put after each of their statements,
and the result is compiled as a module of its own; the steps themselves are the engine's. The readings are kept behind
the one number of `Scratch.weather`, where nothing else looks, and after them how many there were: what a reading costs
itself is measured and taken off.
"""

import ast
import ctypes
import importlib.util
import inspect
import sys
import tempfile
from pathlib import Path

import numpy as np

from benchmarks.nights import SEED, VECTORS, of_size, shipped_world
from skyshield.core.streams import word_of
from skyshield.core.vocabulary import N_STREAMS
from skyshield.engine import day
from skyshield.engine import tally as t
from skyshield.engine.scratch import active_days, new_raid, new_scratch

SIZE = 172
REPLICATIONS = 6
TIMED = ("meet", "play_option", "play_adapted", "meet_own", "play_day")
CLOCKS_PER_S = 1_000_000
MAX_STEPS = 40
READINGS = 200_000
READ_CLOCK = """
@kernel
def read_clock(times):
    last = 0
    for _ in range(times):
        last = clock()
    return last
"""


def _called(statement):
    """Return the name of the function a statement calls first, None if it calls none."""
    result = [node.func.id for node in ast.walk(statement)
              if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)]
    steps = [name for name in result if name not in ("int", "min", "max")]
    return steps[0] if steps and steps[0] not in TIMED else None


def instrumented():
    """Return the module with clocks, and the names of its readings."""
    tree = ast.parse(inspect.getsource(day))
    names = []
    for function in ast.walk(tree):
        if isinstance(function, ast.FunctionDef) and function.name in TIMED:
            body = []
            for statement in function.body:
                name = None if isinstance(statement, ast.Return | ast.For) else _called(statement)
                if name is None:
                    body.append(statement)
                    continue
                if name not in names:
                    names.append(name)
                place = 1 + names.index(name)
                body += [*ast.parse("clock_before = clock()").body, statement,
                         *ast.parse(f"scratch.weather[{place}] += clock() - clock_before\n"
                                    f"scratch.weather[{place} + {MAX_STEPS}] += 1.0").body]
            function.body = body
    folder = Path(tempfile.mkdtemp(prefix="skyshield-bench-"))
    path = folder / "timed_day.py"
    head = "import ctypes\nclock = ctypes.CDLL(None).clock\nclock.restype, clock.argtypes = ctypes.c_long, []\n"
    path.write_text(head + ast.unparse(tree) + READ_CLOCK)
    spec = importlib.util.spec_from_file_location("timed_day", path)
    module = importlib.util.module_from_spec(spec)
    sys.modules["timed_day"] = module
    spec.loader.exec_module(module)
    return module, names


def steps():
    """Yield each step's share of the time of a raid-day, of 172 UAVs, and what is left between them."""
    world, (module, names) = shipped_world(), instrumented()
    n_options, days = world.rules.class_allowed.shape[0], world.raids.phase.shape[0]
    readings, total = np.zeros(2 * MAX_STEPS), 0
    clock = ctypes.CDLL(None).clock
    for turn, vector in enumerate((0, *range(VECTORS))):
        period = of_size(world, word_of(vector, 0), REPLICATIONS, SIZE)
        counts = np.zeros((REPLICATIONS, 1, n_options, len(t.COUNTS)), np.int64)
        amounts = np.zeros((REPLICATIONS, 1, n_options, len(t.AMOUNTS)))
        first, last, key = word_of(vector, 0), word_of(vector, REPLICATIONS), np.uint64(SEED)
        launches, sizes = (np.zeros((n, N_STREAMS), np.int64) for n in (n_options + 1, n_options))
        room = module.largest_raid(world.response, active_days(world.forces), key, first, last, period, launches, sizes,
                                   np.zeros(N_STREAMS, np.int64))
        scratch = new_scratch(world.forces, world.costs, new_raid(room), new_raid(room), world.raids.aim_cdf.shape[2],
                              world.rules.window_start_m.shape[2], len(world.routes.piece_end_m))
        scratch.may_cross[:] = world.rules.crosses_declared.max(axis=0)
        scratch = scratch._replace(weather=np.concatenate([np.ones(1), np.zeros(2 * MAX_STEPS)]))
        start = clock()
        module.play_block(world, key, first, last, period, np.zeros(days, np.int64), scratch, counts, amounts,
                          counts[:, :0], amounts[:, :0], np.zeros(REPLICATIONS, np.int64))
        if turn > 0:  # the first one compiles
            total += clock() - start
            readings += scratch.weather[1:]
    module.read_clock(1)
    start = clock()
    module.read_clock(READINGS)
    reading = (clock() - start) / READINGS
    times = readings[MAX_STEPS:][:len(names)]
    spent = readings[:len(names)] - reading * times
    total -= 2.0 * reading * times.sum()
    for name, seconds in sorted(zip(names, spent, strict=True), key=lambda item: -item[1]):
        yield name, 1, seconds / total, "share"
    yield "between the steps", 1, 1.0 - spent.sum() / total, "share"
    yield "whole", 1, VECTORS * REPLICATIONS * days * n_options / (total / CLOCKS_PER_S), "raid-days/s"
