"""Measure joining on reports of another model, against the best fixed window: the table of docs/explanation/joining.md.

Usage: python tools/joining_measured.py [FIRST_SEED [SEEDS]]
"""

import sys
from dataclasses import replace
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))

from support.joined import measured
from support.reports import TELLERS, Teller, World

ALIKE = (Teller("first", "heard", 0.5, 1000.0, 300.0), Teller("second", "heard", 0.5, 1000.0, 300.0),
         Teller("third", "camera", 0.5, 1000.0, 300.0, by_night=0.2),
         Teller("public", "reported", 0.4, 1000.0, 300.0, false=0.05, copies=0.15))
WORLDS = (("as above", World()),
          ("no clock off", World(tellers=tuple(replace(teller, clock_s=0.0) for teller in TELLERS))),
          ("four sources all alike", World(tellers=ALIKE)),
          ("no showers, hardly any tails", World(branching=0.0, degrees=30.0)),
          ("tight showers", World(branching=0.6, spread_m=800.0, delay_s=600.0)),
          ("five times the area", World(length_m=250_000.0, depth_m=80_000.0)))
LOADS = ((60.0, 10.0), (300.0, 4.0))
COLUMNS = ("precision", "recall", "f", "window_f", "calibration", "calibration_all", "detected", "detected_by_two",
           "false_alarms")


def main(arguments):
    """Print a row for each world and load: means over seeds, and the least gain of any seed."""
    first, seeds = (int(arguments[place]) if len(arguments) > place else usual for place, usual in ((0, 301), (1, 6)))
    print("| reports | events a day |", " | ".join(COLUMNS), "| gain | least gain | latency, min |")
    print("|---|---|" + "---|" * (len(COLUMNS) + 3))
    for name, world in WORLDS:
        for load, days in LOADS:
            rows = [measured(replace(world, load=load, days=days), seed) for seed in range(first, first + seeds)]
            gain = [row["f"] - row["window_f"] for row in rows]
            figures = [f"{np.mean([row[column] for row in rows]):.3f}" for column in COLUMNS]
            print(f"| {name} | {load:.0f} |", " | ".join(figures), f"| {np.mean(gain):+.3f} | {min(gain):+.3f} |",
                  f"{np.mean([row['latency_s'] for row in rows]) / 60:.0f} |", flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
