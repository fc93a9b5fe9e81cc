"""Truth recovery: make records from rows of the shipped fit, fit them again, count how often intervals hold the truth.

``python tools/recovery.py`` (``make recovery``) makes 50 records, prints a table and writes the counts to
``docs/explanation/calibration/recovery.json``, from which the calibration page is made. It takes some fifteen minutes
on two cores and fails with exit code 1 if the counts lie outside their simultaneous 99% band.
"""

import argparse
import json
import os
import sys
from pathlib import Path
from typing import Any

from skyshield.evidence.fit_checks.ensemble import fit_sha256
from skyshield.evidence.fit_checks.recovery import BAND_LEVEL, LEVELS, N_TRUTHS, CatalogueRefit, Recovery, recover
from skyshield.raids.fit import Fit, embedded_fit

STORED = Path(__file__).parents[1] / "docs" / "explanation" / "calibration" / "recovery.json"
N_ROWS = 256
PROPOSALS = 1500
SEED = 7
DIGITS = 4


def content(fit: Fit, result: Recovery) -> dict[str, Any]:
    """Return the outcome as plain data: aggregates of made records only."""
    return {
        "fit_sha256": fit_sha256(fit), "window": list(fit.window), "n_truths": result.n_truths, "rows": N_ROWS,
        "proposals": PROPOSALS, "seed": SEED, "levels": list(LEVELS), "band_level": BAND_LEVEL,
        "low": list(result.parameters[0].low), "high": list(result.parameters[0].high),
        "parameters": {row.name: {"held": list(row.held), "mean_rank": round(row.mean_rank, DIGITS)}
                       for row in result.parameters},
        "pooled": [round(share, DIGITS) for share in result.pooled],
        "pooled_se": [round(error, DIGITS) for error in result.pooled_se], "failures": list(result.failures)}


def show(outcome: dict[str, Any]) -> None:
    """Print the outcome as a table."""
    n = outcome["n_truths"]
    print(f"of {n} truths held by the intervals of " + ", ".join(f"{level:.0%}" for level in outcome["levels"]))
    for name, row in outcome["parameters"].items():
        inside = all(a <= h <= b for a, h, b in zip(outcome["low"], row["held"], outcome["high"], strict=True))
        print(f"{name:28} " + " ".join(f"{held:4d}" for held in row["held"])
              + f"   mean rank {row['mean_rank']:.2f}" + ("" if inside else "   outside"))
    for level, low, high, share, error in zip(outcome["levels"], outcome["low"], outcome["high"], outcome["pooled"],
                                              outcome["pooled_se"], strict=True):
        print(f"{level:.0%}: a right likelihood holds {low} to {high} of {n} for all parameters together; "
              f"pooled {share:.3f}, standard error {error:.3f}")


def main() -> int:
    """Run, print, store."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--truths", type=int, default=N_TRUTHS)
    parser.add_argument("--jobs", type=int, default=len(os.sched_getaffinity(0))
                        if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1)
    parser.add_argument("--out", type=Path, default=STORED)
    options = parser.parse_args()
    fit = embedded_fit()

    def progress(done: int) -> None:
        print(f"{done} of {options.truths} records fitted", file=sys.stderr, flush=True)

    result = recover(fit, CatalogueRefit(N_ROWS, PROPOSALS), options.truths, SEED, jobs=options.jobs, progress=progress)
    outcome = content(fit, result)
    show(outcome)
    options.out.parent.mkdir(parents=True, exist_ok=True)
    options.out.write_text(json.dumps(outcome, indent=1) + "\n", "utf-8")
    for failure in result.failures:
        print(f"error: recovery: {failure}; look at the likelihood of that parameter", file=sys.stderr)
    return int(bool(result.failures))


if __name__ == "__main__":
    sys.exit(main())
