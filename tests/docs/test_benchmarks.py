"""The benchmarks that the design names can be asked for by name, and print what scripts read."""

import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def bench(*names):
    return subprocess.run([sys.executable, "-m", "benchmarks", *names], cwd=ROOT, capture_output=True, text=True,
                          check=False, timeout=300)


def test_a_benchmark_prints_json_lines():
    done = bench("help_startup")
    assert (done.returncode, done.stderr) == (0, "")
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    assert [line["size"] for line in lines] == ["skyshield", "skyshield run"]
    for line in lines:
        assert list(line) == ["bench", "size", "threads", "value", "unit"]
        assert line["bench"] == "help_startup" and line["unit"] == "s" and 0.0 < line["value"] < 60.0


def test_another_name_is_refused_with_those_there_are():
    done = bench("raid_dayz")
    assert done.returncode != 0 and done.stdout == ""
    for name in ("raid_days", "simpy_day", "python_day", "help_startup", "run_first", "run_warm", "peak_memory"):
        assert name in done.stderr
