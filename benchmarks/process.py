"""What a user waits for and what the machine must hold: whole processes of `skyshield`."""

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from skyshield.cli.playing import jobs_of

PROGRAM = Path(sys.executable).with_name("skyshield")
SMALL = ("run", "--vectors", "2", "--replications", "1", "--days", "2", "--json")
ROUNDS = 7
VECTORS = 200
REPLICATIONS = (5, 50)


def told(*arguments, cache=None):
    """Run the program; return the seconds it took, the most memory it held, in bytes, and what it printed."""
    env = dict(os.environ) if cache is None else {**os.environ, "XDG_CACHE_HOME": cache}
    with tempfile.TemporaryFile() as standard_output:
        start_s = time.perf_counter()
        process = subprocess.Popen([PROGRAM, *arguments], env=env, stdout=standard_output, stderr=subprocess.PIPE)
        standard_error = process.stderr.read()
        _, status, usage = os.wait4(process.pid, 0)
        wall_s = time.perf_counter() - start_s
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode != 0:
            sys.exit(f"error: skyshield {' '.join(arguments)}: {standard_error.decode().strip()}")
        standard_output.seek(0)
        return wall_s, usage.ru_maxrss * (1 if sys.platform == "darwin" else 1024), standard_output.read()


def timed(*arguments, cache=None):
    """Run the program; return the seconds it took and the most memory it held, in bytes."""
    return told(*arguments, cache=cache)[:2]


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


def study_default():
    """Yield what the default study takes, as `skyshield run --out` plays and reports it, and what it leaves.

    It is played twice, each time in a folder of its own; the first time warms the caches and does not count. Then the
    same command again opens what is stored.
    """
    with tempfile.TemporaryDirectory(prefix="skyshield-bench-") as folder:
        yield from study_figures(Path(folder), "run")


def study_figures(folder, *arguments):
    """Yield the figures of a study that `arguments` play; `folder` is empty."""
    told(*arguments, "--out", str(folder / "warm"))
    study = folder / "study"
    words = (*arguments, "--out", str(study), "--timing", "--json")
    _, memory, printed = told(*words)
    timing, jobs = json.loads(printed)["timing"], jobs_of(None)
    raid_days = round(timing["raid_days_per_s"] * timing["play_s"])
    files = [path for path in study.rglob("*") if path.is_file()]
    for value, unit in ((timing["wall_s"], "s wall"), (timing["play_s"], "s play"),
                        (timing["wall_s"] / timing["play_s"], "wall / play"), (memory / 1e6, "MB memory"),
                        (sum(path.stat().st_size for path in files) / 1e6, "MB stored"), (len(files), "files"),
                        (told(*words)[0], "s reopened")):
        yield raid_days, jobs, value, unit
