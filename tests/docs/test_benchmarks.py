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
    for name in ("raid_days", "simpy_day", "python_day", "help_startup", "run_first", "run_warm", "peak_memory",
                 "study_default", "ledger_ingest", "ledger_verify", "app_first_number", "app_final",
                 "app_start", "app_moves", "app_frames", "app_memory"):
        assert name in done.stderr


STUDY = """
import json, sys
from pathlib import Path
from benchmarks import process
said = []
def told(*words):
    said.append(words)
    study = Path(words[words.index("--out") + 1])
    study.mkdir(exist_ok=True)
    (study / f"{len(said)}.parquet").write_bytes(bytes(3_000_000))
    timing = {"wall_s": 8.0, "raid_days_per_s": 100.0, "play_s": 2.0}
    return 10.0 + len(said), 500_000_000, json.dumps({"timing": timing})
process.told = told
json.dump([list(process.study_figures(Path(sys.argv[1]), "run")), said], sys.stdout)
"""


def test_the_figures_of_a_study(tmp_path):
    """On a program that takes no time and leaves one file each time it runs.

    Seen to fail with the study that warms and the one that counts in the same folder.
    """
    done = subprocess.run([sys.executable, "-c", STUDY, str(tmp_path)], cwd=ROOT, capture_output=True, text=True,
                          check=False, timeout=300)
    assert (done.returncode, done.stderr) == (0, "")
    lines, said = json.loads(done.stdout)
    assert {unit: value for _, _, value, unit in lines} == {
        "s wall": 8.0, "s play": 2.0, "wall / play": 4.0, "MB memory": 500.0, "MB stored": 3.0, "files": 1,
        "s reopened": 13.0}
    assert {size for size, *_ in lines} == {200}
    assert len(said) == 3 and said[1] == said[2], "the same command again"
    assert {"--timing", "--json"} <= set(said[1])
