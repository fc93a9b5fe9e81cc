"""The ledger of the ceasefire's monitoring: intake and check at scale.

The size is ``LEDGER_RECORDS`` in the environment, 200,000 without it; 10 million take half an hour and 16 GB of disk.
"""

import datetime as dt
import json
import os
import random
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.process import PROGRAM
from skyshield.monitoring.ledger import keys
from skyshield.monitoring.ledger.store import Ledger, Ready, create
from skyshield.monitoring.observation.leaf import SALT_BYTES, restricted_of, sealed
from skyshield.monitoring.observation.model import Observation
from skyshield.monitoring.workers import processors

SIZE = int(os.environ.get("LEDGER_RECORDS", "200000"))
FIRST = dt.datetime(2016, 1, 1, tzinfo=dt.UTC)
POSTS = 40
BATCH = 4096
STEPS = 5
EVERY_S = 0.05
HEADER = ("time,time_error_s,lon,lat,position_error_m,act,method,sensor,sensor_lon,sensor_lat,bearing_deg,"
          "bearing_error_deg,distance_m,distance_error_m,direction,count,weapon,record_id,observer,text\n")


def write_observations(path, n_rows):
    """Write a file as posts of a mission would send it: 20 columns, in the order of time."""
    chance = random.Random(1)  # noqa: S311 - made-up rows
    moment = FIRST
    with path.open("w", encoding="utf-8") as stream:
        stream.write(HEADER)
        for number in range(n_rows):
            moment += dt.timedelta(seconds=chance.randrange(30))
            post = chance.randrange(POSTS)
            stream.write(
                f"{moment:%Y-%m-%dT%H:%M:%SZ},60,{37.5 + chance.random():.5f},{47.5 + chance.random():.5f},"
                f"{chance.randrange(100, 900)},V2,{chance.choice(('heard', 'seen', 'camera', 'acoustic'))},post {post},"
                f"{37.9 + post / 100:.4f},{48.1 + post / 200:.4f},{chance.randrange(360)},8,"
                f"{chance.randrange(500, 9000)},800,{chance.choice(('outgoing', 'incoming', 'undetermined'))},"
                f"{chance.randrange(1, 20)},artillery,r-{number:08d},observer {post % 7},explosion\n")


def watched(place, *words):
    """Run `skyshield monitor`; return wall seconds, processor seconds, the most memory (MiB) and what it printed.

    The memory is the sum of what the command and its workers have held at most, as the system tells it of each.
    """
    held = {}
    start_s, before = time.perf_counter(), resource.getrusage(resource.RUSAGE_CHILDREN)
    with subprocess.Popen([PROGRAM, "monitor", *map(str, words), "--json"], stdout=subprocess.PIPE, text=True,
                          env={**os.environ, "XDG_DATA_HOME": str(place / "data")}) as process:
        while process.poll() is None:
            for pid in (process.pid, *children(process.pid)):
                held[pid] = max(held.get(pid, 0.0), memory_mib(pid))
            time.sleep(EVERY_S)
        printed = process.stdout.read()
    wall_s, after = time.perf_counter() - start_s, resource.getrusage(resource.RUSAGE_CHILDREN)
    if process.returncode != 0:
        sys.exit(f"error: skyshield monitor {words[0]}: left with {process.returncode}: {printed}")
    used_s = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return wall_s, used_s, sum(held.values()), json.loads(printed)


def children(pid):
    """Return the processes that a process has started; none where the system does not tell."""
    try:
        return [int(one) for one in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except OSError:
        return []


def memory_mib(pid):
    """Return the most memory that a process has held; 0 where the system does not tell."""
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    except OSError:
        return 0.0
    return sum(float(line.split()[1]) / 1024 for line in lines if line.startswith("VmHWM:"))


def figures(size, jobs, wall_s, used_s, held_mib, what):
    """Yield the lines of a command."""
    yield size, jobs, wall_s, "s"
    yield size, jobs, size / wall_s, f"{what}/s"
    yield size, jobs, size / used_s, f"{what}/s of processor time"
    yield size, jobs, held_mib, "MiB"


def ledger_ingest():
    """Yield seconds, observations per second by wall clock and by processor, and memory of `monitor ingest`."""
    with tempfile.TemporaryDirectory(prefix="skyshield-bench-") as name:
        place = Path(name)
        write_observations(place / "observations.csv", SIZE)
        for jobs in sorted({1, processors()}):
            shutil.rmtree(place / "ledger", ignore_errors=True)
            watched(place, "init", place / "ledger", "--agreement", "minsk-2015")
            *taken, report = watched(place, "ingest", place / "ledger", place / "observations.csv", "--source", "posts",
                                     "--jobs", jobs)
            assert report["accepted"] == SIZE, report  # noqa: S101 - or the figures mean nothing
            yield from figures(SIZE, jobs, *taken, "observations")


def records(chance, number, time_s):
    """Return the next records for a ledger, ready to be stored."""
    rows = []
    for at in range(number, number + BATCH):
        time_s += chance.randrange(30)
        one = Observation("posts", time_s, 37.5 + chance.random(), 47.5 + chance.random(), "heard", act="V2", count=3,
                          sensor="post 7", sensor_lon=37.9, sensor_lat=48.1, bearing_deg=253.0, distance_m=7864.0,
                          record_id=f"r-{at:08d}", observer="observer 3", text="explosion")
        leaf, private = sealed(one, {name: os.urandom(SALT_BYTES) for name in restricted_of(one)}, {"line": str(at)})
        rows.append(Ready(leaf, time_s, os.urandom(64), f"posts\nr-{at:08d}", private))
    return rows, time_s


def ledger_verify():
    """Yield what a record costs the ledger as it grows, and the seconds, rate and memory of a check of all of it."""
    with tempfile.TemporaryDirectory(prefix="skyshield-bench-") as name:
        folder = Path(name) / "ledger"
        keys.key_folder = lambda: Path(name) / "keys"
        verifier, _ = create(folder, b"id: bench\n")
        chance, size, time_s, shown = random.Random(1), 0, FIRST.timestamp(), 0  # noqa: S311 - made-up rows
        used_s = 0.0
        with Ledger.open(folder) as ledger:
            while size < SIZE:
                rows, time_s = records(chance, size, time_s)
                start_s = time.process_time()
                ledger.append_ready(rows)
                used_s += time.process_time() - start_s
                size += BATCH
                if size - shown >= SIZE // STEPS:
                    yield size, 1, used_s / (size - shown) * 1e6, "us of processor time to append one more"
                    shown, used_s = size, 0.0
        for jobs in sorted({1, processors()}):
            *taken, report = watched(Path(name), "verify", folder, "--key", verifier, "--jobs", jobs)
            assert report["size"] == size, report  # noqa: S101 - or the figures mean nothing
            yield from figures(size, jobs, *taken, "records")
