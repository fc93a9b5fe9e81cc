"""Break the program in listed ways, one at a time, and show that its tests notice.

`tests/mutations.yaml` lists mutations: a file, the text that stands in it once and the text put in its place, and the
tests that must fail then. Every mutation is applied to a copy of the tree; the tests run on the copy. First they run
without it: tests that fail anyway prove nothing. Kernels run as plain Python unless an entry says `jit: true`, because
each mutation of the engine would have to be compiled.

The outcome is written to `tests/mutations_outcome.json`, which the verification page reads. Exit 1 if one survives.

Usage: python tools/mutate.py [NAME ...] [--jobs N]
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parents[1]
LIST = ROOT / "tests" / "mutations.yaml"
OUTCOME = ROOT / "tests" / "mutations_outcome.json"
LONGEST_S = 900
TESTS_FAILED = 1  # pytest's exit code; others mean that they did not run


def listed():
    """Return the mutations by name, each with `what`, `file`, `old`, `new`, `tests` and `jit`."""
    result = {}
    for entry in yaml.safe_load(LIST.read_text()):
        mutation = {"jit": False, **entry}
        if set(mutation) != {"name", "what", "file", "old", "new", "tests", "jit"} or mutation["name"] in result:
            sys.exit(f"error: {LIST.name}: {entry.get('name')}: is not a mutation or stands twice; mend the entry")
        if (ROOT / mutation["file"]).read_text().count(mutation["old"]) != 1:
            sys.exit(f"error: {LIST.name}: {mutation['name']}: its text is not in {mutation['file']} exactly one time; "
                     "correct `old`")
        result[mutation["name"]] = mutation
    return result


def copy_tree(folder):
    """Copy what the tests read to a folder."""
    skipped = shutil.ignore_patterns("__pycache__", "*.egg-info")
    for name in ("src", "tests", "tools", "docs"):
        shutil.copytree(ROOT / name, folder / name, ignore=skipped)
    for name in ("pyproject.toml", "README.md", "CHANGELOG.md", "CONTRIBUTING.md", "Makefile", "constraints.txt"):
        shutil.copy(ROOT / name, folder / name)


def run_tests(mutation, mutated):
    """Return pytest's exit code, its last lines and the seconds it took, with or without the mutation."""
    with tempfile.TemporaryDirectory(prefix="mutation-") as name:
        folder = Path(name)
        copy_tree(folder)
        if mutated:
            path = folder / mutation["file"]
            path.write_text(path.read_text().replace(mutation["old"], mutation["new"]))
        env = {**os.environ, "PYTHONPATH": f"{folder / 'src'}:{folder / 'tests'}",
               "XDG_CACHE_HOME": str(folder / "cache")}
        if not mutation["jit"]:
            env["NUMBA_DISABLE_JIT"] = "1"
        began = time.monotonic()
        try:
            done = subprocess.run([sys.executable, "-m", "pytest", "-x", "-q", "-n", "0", "--no-header", "-m", "", "-W",
                                   "ignore::RuntimeWarning", *mutation["tests"]], cwd=folder, env=env,
                                  capture_output=True, text=True, timeout=LONGEST_S, check=False)
        except subprocess.TimeoutExpired:
            return -1, f"took more than {LONGEST_S} s", LONGEST_S
        return done.returncode, done.stdout[-600:] + done.stderr[-300:], time.monotonic() - began


def try_out(mutation):
    """Return the outcome of one mutation: caught or not, by which test, and whether the tests pass without it."""
    before, output_before, _ = run_tests(mutation, mutated=False)
    code, output, seconds = run_tests(mutation, mutated=True)
    failed = [line.split(" - ")[0].removeprefix("FAILED ") for line in output.splitlines()
              if line.startswith("FAILED ")]
    result = {"what": mutation["what"], "file": mutation["file"], "passed_without": before == 0,
              "caught": before == 0 and code == TESTS_FAILED, "by": failed[0] if failed else ""}
    word = "caught" if result["caught"] else "SURVIVED" if before == 0 else "TESTS FAIL WITHOUT IT"
    print(f"{word:9} {mutation['name']} ({seconds:.0f} s) {result['by']}", flush=True)
    if not result["caught"]:
        print(f"  {output_before if before else output}", file=sys.stderr)
    return result


def main():
    """Try the mutations named, or all of them."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("names", nargs="*", help="mutations to try; all of them if none is named")
    parser.add_argument("--jobs", type=int, default=2, help="how many at a time")
    options = parser.parse_args()
    mutations = listed()
    unknown = [name for name in options.names if name not in mutations]
    if unknown:
        sys.exit(f"error: {unknown[0]}: is not in {LIST.name}; use one of {', '.join(mutations)}")
    names = options.names or list(mutations)
    with ThreadPoolExecutor(options.jobs) as pool:
        outcomes = dict(zip(names, pool.map(lambda name: try_out(mutations[name]), names), strict=True))
    known = json.loads(OUTCOME.read_text()) if OUTCOME.exists() else {}
    updated = {name: outcomes.get(name, known.get(name)) for name in mutations if name in outcomes or name in known}
    OUTCOME.write_text(json.dumps(updated, indent=1) + "\n")
    n_caught = sum(outcome["caught"] for outcome in outcomes.values())
    print(f"{n_caught} of {len(outcomes)} caught")
    sys.exit(0 if n_caught == len(outcomes) else 1)


if __name__ == "__main__":
    main()
