"""What a user waits for and what the machine must hold: whole processes of `skyshield`."""

import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

PROGRAM = Path(sys.executable).with_name("skyshield")
SMALL = ("run", "--vectors", "2", "--replications", "1", "--days", "2", "--json")
ROUNDS = 7
VECTORS = 200
REPLICATIONS = (5, 50)


def timed(*arguments, cache=None):
    """Run the program; return the seconds it took and the most memory it held, in bytes."""
    env = dict(os.environ) if cache is None else {**os.environ, "XDG_CACHE_HOME": cache}
    start_s = time.perf_counter()
    process = subprocess.Popen([PROGRAM, *arguments], env=env, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    standard_error = process.stderr.read()
    _, status, usage = os.wait4(process.pid, 0)
    wall_s = time.perf_counter() - start_s
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        sys.exit(f"error: skyshield {' '.join(arguments)}: {standard_error.decode().strip()}")
    return wall_s, usage.ru_maxrss * (1 if sys.platform == "darwin" else 1024)


def help_startup():
    """Yield the seconds of `skyshield --help`, then those of `skyshield run --help`: the median of some rounds."""
    for size, arguments in (("skyshield", ("--help",)), ("skyshield run", ("run", "--help"))):
        timed(*arguments)
        yield size, 1, statistics.median(timed(*arguments)[0] for _ in range(ROUNDS)), "s"


def run_first():
    """Yield the seconds of a small study with an empty cache: the engine is compiled."""
    with tempfile.TemporaryDirectory(prefix="skyshield-bench-") as cache:
        yield "2 x 1 x 2 days", 2, timed(*SMALL, cache=cache)[0], "s"


def run_warm():
    """Yield the seconds of the same small study once the engine is compiled: the median of some rounds."""
    timed(*SMALL)
    yield "2 x 1 x 2 days", 2, statistics.median(timed(*SMALL)[0] for _ in range(3)), "s"


def peak_memory():
    """Yield the most memory a study of 200 vectors holds, kept in a folder, with few replications and with many.

    It is the whole default study, its report included.
    """
    for replications in REPLICATIONS:
        with tempfile.TemporaryDirectory(prefix="skyshield-bench-") as folder:
            wall_s, memory = timed("run", "--vectors", str(VECTORS), "--replications", str(replications), "--out",
                                   f"{folder}/study")
        yield f"{VECTORS} x {replications}", 2, memory / 2**20, "MiB"
        yield f"{VECTORS} x {replications}, wall", 2, wall_s, "s"
