"""Run benchmarks and print one JSON line for each figure: ``{"bench", "size", "threads", "value", "unit"}``.

Usage: python -m benchmarks [NAME,...]
"""

import json
import sys

from benchmarks import app, app_page, app_server, engine, joining, ledger, process, steps

BENCHES = {bench.__name__: bench for bench in (
    engine.raid_days, engine.simpy_day, engine.python_day, steps.steps, process.help_startup,
    process.run_first, process.run_warm, process.peak_memory, process.study_default, ledger.ledger_ingest,
    ledger.ledger_verify, joining.ledger_assess, app.app_first_number, app.app_final,
    app_server.app_start, app_server.app_moves, app_page.app_frames, app_page.app_memory)}


def main(arguments):
    """Run the benchmarks named, or all."""
    names = [name for argument in arguments for name in argument.split(",") if name] or list(BENCHES)
    unknown = sorted(set(names) - set(BENCHES))
    if unknown:
        sys.exit(f"error: BENCH: has no benchmark {', '.join(unknown)}; choose from {', '.join(BENCHES)}")
    for name in names:
        for size, threads, value, unit in BENCHES[name]():
            line = {"bench": name, "size": size, "threads": threads, "value": float(f"{value:.4g}"), "unit": unit}
            print(json.dumps(line), flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
