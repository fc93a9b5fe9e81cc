"""Let mutmut break `engine/` and `rules/` everywhere, and count how much of it the tests notice.

mutmut leaves decorated functions alone, and every kernel is decorated. So the tree is copied to a folder, `@kernel` is
taken off there (the kernels are then plain Python, as with the compiler switched off), and mutmut runs on the copy with
the tests that are quick without a compiler. There are thousands of mutants, so a sample of them is tried: those whose
names have the smallest hashes, so that a larger sample holds a smaller one. A run goes on where one in the same folder
stopped; one that is stopped early has not tried files in proportion, so a share over files weighs each by its size.

The score by file is written to `tests/mutmut_score.json`: mutants, tried, caught (tests fail, or never end), survived,
and those that no quick test reaches; with the names of all that survived.

Usage: python tools/mutmut_score.py [FOLDER] [--sample N] [--minutes M] [--jobs N]
"""

import argparse
import hashlib
import json
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
SCORE = ROOT / "tests" / "mutmut_score.json"
BROKEN = ["src/skyshield/engine/*.py", "src/skyshield/rules/*.py"]
SURVIVED, NO_TESTS = (0,), (5, 33)  # mutmut's exit codes; every other one is a test that failed or did not end
QUICK = {  # of these files only the named tests, or all
    "cost": (), "detect": (), "engage": (), "force": (), "own": (), "reach": (), "relieve": (), "scramble": (),
    "shooters": (), "stocks": (), "tally": (),
    "incidents": ("incidents_are_their_occasions_times_their_probabilities", "marks_end_where_they_say",
                  "alerts_are_the_union_of_the_threats_times", "bins_of_one_interval",
                  "the_draws_of_strikes_are_those_of_their_addresses"),
    "draw": ("routes_are_launch_aim_and_variant_in_the_stated_order", "regions_share_a_night_by_sticks",
             "loads_and_times_of_a_day_with_a_day_raid", "pick_skips_what_has_no_share"),
    "season": ("every_night_is_what_scipy_makes_of_its_draws",),
    "answer": ("only_options_at_work_are_answered", "missiles_take_the_place_of_deep_uavs",
               "an_aim_outside_the_zone_in_proportion", "a_displaced_threat_keeps_its_draws",
               "a_salvo_made_larger_is_covered_by_its_own_size"),
}


def quick_tests():
    """Return the tests that are quick without a compiler."""
    result = ["tests/unit/rules"]
    for name, tests in QUICK.items():
        path = f"tests/unit/engine/test_engine_{name}.py"
        result += [f"{path}::test_{test}" for test in tests] or [path]
    return result


def prepare(folder):
    """Copy the tree without `@kernel` on its kernels, and tell mutmut what to do."""
    for name in ("src", "tests", "docs", "tools"):
        shutil.copytree(ROOT / name, folder / name, dirs_exist_ok=True,
                        ignore=shutil.ignore_patterns("__pycache__", "*.egg-info"))
    shutil.copy(ROOT / "README.md", folder)
    for path in (folder / "src" / "skyshield" / "engine").rglob("*.py"):
        path.write_text(path.read_text().replace("@kernel\n", "").replace("@allocating_kernel\n", ""))
    for name in ("src", "tests"):  # Python remembers for ever that a folder on its path was not there
        (folder / "mutants" / name).mkdir(parents=True, exist_ok=True)
    settings = {"source_paths": ["src"], "only_mutate": BROKEN, "also_copy": ["docs", "tools", "README.md"],
                "pytest_add_cli_args": ["-q", "-n", "0", "-W", "ignore::RuntimeWarning"],
                "pytest_add_cli_args_test_selection": quick_tests()}
    lines = [f"{key} = {json.dumps(value)}" for key, value in settings.items()]
    lines += ["use_git_change_detection = false", "timeout_multiplier = 3"]
    (folder / "pyproject.toml").write_text("\n".join(
        [(ROOT / "pyproject.toml").read_text(), "[tool.mutmut]", *lines, ""]))


def mutmut(folder, names, jobs, seconds):
    """Run mutmut on mutants of these names; return its output's last lines."""
    paths = f"{folder / 'mutants' / 'src'}:{folder / 'mutants' / 'tests'}"
    env = {**os.environ, "NUMBA_DISABLE_JIT": "1", "PYTHONPATH": paths}
    ended = subprocess.run([sys.executable, "-m", "mutmut", "run", "--max-children", str(jobs), *names], cwd=folder,
                           env=env, timeout=seconds, check=False, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    return ended.stdout.decode(errors="replace")[-3000:]


def codes(folder):
    """Return every mutant's exit code by file and name, None where it was not tried."""
    base = folder / "mutants" / "src" / "skyshield"
    return {str(path.relative_to(base)).removesuffix(".meta"): json.loads(path.read_text())["exit_code_by_key"]
            for path in sorted(base.rglob("*.meta"))}


def sampled(result, size):
    """Return the sample: the mutants whose names have the smallest hashes."""
    names = [name for by_name in result.values() for name in by_name]
    return sorted(names, key=lambda name: hashlib.sha256(name.encode()).hexdigest())[:size]


def score(result):
    """Return the counts by file, of all mutants that were tried."""
    counts = {}
    for path, by_name in result.items():
        tried = {name: code for name, code in by_name.items() if code is not None}
        if by_name:
            survived = sorted(name for name, code in tried.items() if code in SURVIVED)
            unreached = sum(code in NO_TESTS for code in tried.values())
            counts[path] = {"mutants": len(by_name), "tried": len(tried),
                            "caught": len(tried) - len(survived) - unreached, "not_reached": unreached,
                            "survived": survived}
    return counts


def main():
    """Run mutmut for a while and write down what it has found."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", nargs="?", default="build/mutmut", help="where to work")
    parser.add_argument("--sample", type=int, default=400, help="mutants to try")
    parser.add_argument("--minutes", type=float, default=240.0, help="stop after so long")
    parser.add_argument("--jobs", type=int, default=2)
    options = parser.parse_args()
    folder, end_s = Path(options.folder).resolve(), time.monotonic() + 60 * options.minutes
    prepare(folder)
    if not codes(folder):
        output = mutmut(folder, ["none.of.these"], options.jobs, 3600)  # writes the mutants and which test runs which
        if not codes(folder):
            sys.exit(f"error: mutmut made no mutants; it said:\n{output}")
    chosen = sampled(codes(folder), options.sample)
    while True:
        known = {name: code for by_name in codes(folder).values() for name, code in by_name.items()}
        left = [name for name in chosen if known[name] is None]
        print(f"{len(chosen) - len(left)} of {len(chosen)} tried", file=sys.stderr, flush=True)
        if not left or time.monotonic() > end_s:
            break
        output = mutmut(folder, left[:40], options.jobs, 7200)
        if not any(code is not None for by_name in codes(folder).values()
                   for name, code in by_name.items() if name in left[:40]):
            sys.exit(f"error: mutmut tried nothing; it said:\n{output}")
    counts = score(codes(folder))
    SCORE.write_text(json.dumps(counts, indent=1) + "\n")
    print(f"{sum(one['caught'] for one in counts.values())} of {sum(one['tried'] for one in counts.values())} tried "
          "mutants were caught")


if __name__ == "__main__":
    main()
