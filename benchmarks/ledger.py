"""The ledger of the ceasefire's monitoring: intake and check at scale.

The size is ``LEDGER_RECORDS`` in the environment, 200,000 without it; 10 million take half an hour and 16 GB on the disk.
"""

import datetime as dt
import os
import random
import resource
import shutil
import sys
import tempfile
import time
from pathlib import Path

from skyshield.monitoring.ingest.intake import ingest
from skyshield.monitoring.ledger import keys
from skyshield.monitoring.ledger.store import Ledger, Ready, create
from skyshield.monitoring.ledger.verify import verify_ledger
from skyshield.monitoring.observation.leaf import SALT_BYTES, restricted_of, sealed
from skyshield.monitoring.observation.model import Observation
from skyshield.monitoring.workers import processors

SIZE = int(os.environ.get("LEDGER_RECORDS", "200000"))
FIRST = dt.datetime(2016, 1, 1, tzinfo=dt.UTC)
NOW_S = 1_796_000_000.0
POSTS = 40
BATCH = 4096
STEPS = 5
BYTES = 1 if sys.platform == "darwin" else 1024
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


def new_ledger(place):
    """Make an empty ledger whose key lies beside it."""
    keys.key_folder = lambda: place / "keys"
    shutil.rmtree(place / "ledger", ignore_errors=True)
    create(place / "ledger", b"id: bench\n")
    return place / "ledger"


def used():
    """Return the processor seconds that this process and those it has ended have used."""
    return sum(part.ru_utime + part.ru_stime
               for part in map(resource.getrusage, (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)))


def memory_mb(jobs):
    """Return the most memory that this process and its largest worker, as many times as there are, have held."""
    own, worker = (resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return (own + (worker * jobs if jobs > 1 else 0)) * BYTES / 2**20


def ledger_ingest():
    """Yield observations per second from a file into a ledger, by wall clock and by processor, and the memory held."""
    with tempfile.TemporaryDirectory(prefix="skyshield-bench-") as name:
        place = Path(name)
        write_observations(place / "observations.csv", SIZE)
        for jobs in sorted({1, processors()}):
            with Ledger.open(new_ledger(place)) as ledger:
                start_s, start_used_s = time.perf_counter(), used()
                report = ingest(ledger, place / "observations.csv", "posts", NOW_S, jobs=jobs)
                wall_s, used_s = time.perf_counter() - start_s, used() - start_used_s
            assert report.accepted == SIZE, report  # noqa: S101 - or the figures mean nothing
            yield SIZE, jobs, SIZE / wall_s, "observations/s"
            yield SIZE, jobs, SIZE / used_s, "observations/s of processor time"
            yield SIZE, jobs, memory_mb(jobs), "MiB"


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
        folder = new_ledger(Path(name))
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
            start_s, start_used_s = time.perf_counter(), used()
            assert verify_ledger(folder, jobs=jobs)["valid"]  # noqa: S101 - or the figures mean nothing
            wall_s, used_s = time.perf_counter() - start_s, used() - start_used_s
            yield size, jobs, wall_s, "s"
            yield size, jobs, size / wall_s, "records/s"
            yield size, jobs, size / used_s, "records/s of processor time"
            yield size, jobs, memory_mb(jobs), "MiB"
