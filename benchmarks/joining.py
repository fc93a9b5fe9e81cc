"""How many observations a second `skyshield monitor assess` joins: the whole command on a ledger that is there."""

import os
import random
import tempfile
import time
from pathlib import Path

from benchmarks.process import told

SIZES = (20_000, 200_000)
EVENTS_A_DAY = 60.0
SOURCES = (("patrol", "heard", 0.5, 1000.0, 300.0), ("cameras", "camera", 0.4, 500.0, 60.0),
           ("arrays", "acoustic", 0.6, 1500.0, 60.0), ("public", "reported", 0.4, 1500.0, 900.0))
START_S = 950_000_000  # early, so that a million are in the past


def ledger_assess():
    """Yield the observations a second, by the wall and by the processor, and the memory.

    Reports of four sources, 60 events a day on 100 by 40 km. Set LEDGER_ASSESS_SIZES=1000000,... for other sizes.
    """
    sizes = [int(size) for size in os.environ.get("LEDGER_ASSESS_SIZES", "").split(",") if size] or SIZES
    jobs = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    for size in sizes:
        with tempfile.TemporaryDirectory(prefix="skyshield-bench-") as folder:
            place = Path(folder)
            told("monitor", "init", str(place / "ledger"), "--agreement", "minsk-2015", "--key", str(place / "key"))
            written = {name: place / f"{name}.csv" for name, *_ in SOURCES}
            write(size, written)
            for name, path in written.items():
                told("monitor", "ingest", str(place / "ledger"), str(path), "--source", name)
            words = ("monitor", "assess", str(place / "ledger"), "--labels", str(place / "labels.csv"))
            before_s = _children_s()
            wall_s, memory, _ = told(*words)
            yield size, jobs, size / wall_s, "observations/s"
            yield size, 1, size / (_children_s() - before_s), "observations/CPU s"
            yield size, jobs, memory / 1e6, "MB memory"


def _children_s():
    used = os.times()
    return used.children_user + used.children_system


def write(size, paths):
    """Write so many observations of events, each with Gaussian errors, as native CSV by source."""
    rng = random.Random(1)  # noqa: S311 - made-up reports
    files = {name: path.open("w", encoding="utf-8") for name, path in paths.items()}
    for file in files.values():
        file.write("time,time_error_s,lon,lat,position_error_m,act,method,record_id\n")
    written, time_s = 0, START_S
    while written < size:
        time_s += rng.expovariate(EVENTS_A_DAY / 86_400)
        lon, lat = 37.2 + rng.uniform(0, 1.35), 47.9 + rng.uniform(0, 0.36)
        for name, method, p, error_m, error_s in SOURCES:
            if written < size and rng.random() < p:
                moment = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time_s + rng.gauss(0, error_s)))
                files[name].write(f"{moment},{error_s:.0f},{lon + rng.gauss(0, error_m) / 74_000:.5f},"
                                  f"{lat + rng.gauss(0, error_m) / 111_000:.5f},{error_m:.0f},V2,{method},{written}\n")
                written += 1
    for file in files.values():
        file.close()
