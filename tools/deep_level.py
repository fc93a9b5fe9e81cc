"""Ask whether the deep stream's leak rate moves: on the real record, and on 100 windows made without a movement.

``python tools/deep_level.py`` reads the record where ``SKYSHIELD_DATA`` points, fits it with the rate still and with a
level of several half-lives, does the same at `DEEP_LEAK_HALF_LIFE_DAYS` with windows made from the shipped fit, and
writes ``docs/explanation/calibration/deep_level.json``, from which the calibration page takes its table; some twenty
minutes on two cores. Exit code 1 if the rate that the fit holds still is lost in a window.
"""

import argparse
import json
import math
import os
import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np

from skyshield.calibrate import observe
from skyshield.calibrate.deep_leak import DeepLeakPoint, deep_leak_profile
from skyshield.calibrate.fit import DEEP_LEAK_HALF_LIFE_DAYS
from skyshield.evidence.fit_checks.deep_level import COLLAPSE, N_WINDOWS, MadeWindow, made_windows
from skyshield.evidence.fit_checks.ensemble import fit_sha256
from skyshield.raids.fit import Fit, embedded_fit
from skyshield.record import read_record

STORED = Path(__file__).parents[1] / "docs" / "explanation" / "calibration" / "deep_level.json"
RECORD = Path("raids") / "missile_attacks_daily.csv"
HALF_LIVES_DAYS = (240.0, 120.0, DEEP_LEAK_HALF_LIFE_DAYS, 30.0, 15.0, 8.0)
QUANTILES = (0.0, 0.025, 0.5, 0.975, 1.0)
SEED = 11
DIGITS = 4


def of_record(data: Path, fit: Fit) -> tuple[DeepLeakPoint, ...]:
    """Return the best fits of the real record over the shipped fit's window."""
    observations = observe(read_record(data / RECORD))
    first, last = (np.datetime64(day, "D") for day in fit.window)
    if observations.date[-1] != last:
        sys.exit(f"error: record: ends on {observations.date[-1]}, the shipped fit on {last}; make the fit again first")
    return deep_leak_profile(observations.last(int((last - first).astype(int)) + 1), HALF_LIVES_DAYS)


def content(fit: Fit, record: Sequence[DeepLeakPoint], windows: Sequence[MadeWindow]) -> dict[str, Any]:
    """Return the outcome as plain data: aggregates of the record and of made windows."""
    still, *moving = record
    gain = next(point.log_density for point in moving if point.half_life_days == DEEP_LEAK_HALF_LIFE_DAYS)
    gain -= still.log_density
    gains = np.array([window.gain for window in windows])
    end = fit.parameters["leak_deep_end"]

    def quantiles(values: Sequence[float]) -> list[float]:
        return [short(v) for v in np.quantile(values, QUANTILES)]

    return {
        "fit_sha256": fit_sha256(fit), "half_life_days": DEEP_LEAK_HALF_LIFE_DAYS, "seed": SEED,
        "record": [{**{name: short(value) for name, value in asdict(point).items()},
                    "half_life_days": None if math.isinf(point.half_life_days) else point.half_life_days,
                    "log_density": round(point.log_density - still.log_density, 2)} for point in record],
        "end": [short(v) for v in np.quantile(end, (0.025, 0.5, 0.975))],
        "average": [short(v) for v in np.quantile(fit.parameters["leak_deep"], (0.025, 0.5, 0.975))],
        "correlation": short(float(np.corrcoef(np.log(fit.parameters["leak_deep"]), np.log(end))[0, 1])),
        "n_windows": len(windows), "collapse": COLLAPSE, "quantiles": list(QUANTILES),
        "still_over_truth": quantiles([window.still / window.truth for window in windows]),
        "end_over_truth": quantiles([window.end / window.truth for window in windows]),
        "collapsed": sum(window.has_collapsed for window in windows),
        "end_collapsed": sum(window.end_has_collapsed for window in windows),
        "gain": quantiles(gains), "record_gain": round(gain, 2),
        "as_much_by_luck": short(float((gains >= gain).mean()))}


def short(value: float) -> float:
    """Return a number at four significant digits."""
    return float(f"{value:.{DIGITS}g}") if math.isfinite(value) else value


def main() -> int:
    """Run, print, store."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--windows", type=int, default=N_WINDOWS)
    parser.add_argument("--jobs", type=int, default=len(os.sched_getaffinity(0))
                        if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1)
    parser.add_argument("--out", type=Path, default=STORED)
    options = parser.parse_args()
    if "SKYSHIELD_DATA" not in os.environ:
        sys.exit("error: SKYSHIELD_DATA: is not set; let it name the folder of the real files")
    fit, windows = embedded_fit(), []
    record = of_record(Path(os.environ["SKYSHIELD_DATA"]), fit)
    for window in made_windows(fit, DEEP_LEAK_HALF_LIFE_DAYS, options.windows, SEED, options.jobs):
        windows.append(window)
        print(f"{len(windows)} of {options.windows} windows fitted", file=sys.stderr, flush=True)
    outcome = content(fit, record, windows)
    print(json.dumps(outcome, indent=1))
    options.out.write_text(json.dumps(outcome, indent=1) + "\n", "utf-8")
    if outcome["collapsed"]:
        print(f"error: deep level: the rate was lost in {outcome['collapsed']} of {len(windows)} windows; look at the "
              "likelihood of leak_deep", file=sys.stderr)
    return int(outcome["collapsed"] > 0)


if __name__ == "__main__":
    sys.exit(main())
