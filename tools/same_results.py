"""Show that results are the same as those of another commit, byte for byte.

Usage: python tools/same_results.py BASE [--vectors K] [--replications N] [--days N] [--seed N] [--only CASE,...]

``skyshield run ... --json`` is run for every scenario that BASE ships, and for the default one with ``--rules``,
``--relief`` and ``--adaptation``, in a checkout of BASE and in this tree. From what they print `provenance` and
`study_key` are taken out, which tell versions and sources apart; all else must be the same: every key, their order,
every number, every name. Sentences (text with a space in it) may be worded anew; each that is, is listed.

The output of BASE is cached by commit in a folder under the system's temporary folder.
Exit 0 if all is the same, 1 if anything differs, 2 for bad usage.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple, NoReturn

ROOT = Path(__file__).resolve().parents[1]
CACHE = Path(tempfile.gettempdir()) / "skyshield-same-results"
LIBRARY = Path("src", "skyshield", "scenario", "library")
EXCLUDED = ("provenance", "study_key")
ARMS = ("rules", "relief", "adaptation")
BAD_USAGE = 2
MAX_SHOWN = 20
MAX_WIDTH = 160


class Difference(NamedTuple):
    """One place at which two documents differ."""

    path: str
    old: str
    new: str
    is_sentence: bool


def differences(old: Any, new: Any, path: str = "") -> Iterator[Difference]:
    """Yield every place at which two JSON documents differ.

    Examples
    --------
    >>> [result.path for result in differences({"a": {"b": 1.0, "c": "own"}}, {"a": {"b": 1, "c": "own"}})]
    ['a.b']
    >>> [result.is_sentence for result in differences(["No gain."], ["There is no gain."])]
    [True]
    """
    if isinstance(old, dict) and isinstance(new, dict):
        if list(old) != list(new):
            keys = [key for key in (*old, *new) if (key in old) != (key in new)]
            yield Difference(path or "(top)", f"{len(old)} keys", f"{len(new)} keys: "
                             + (f"{', '.join(keys)} in one alone" if keys else "in another order"), False)
        for key in (key for key in old if key in new):
            yield from differences(old[key], new[key], f"{path}{'.' if path else ''}{key}")
    elif isinstance(old, list) and isinstance(new, list) and len(old) == len(new):
        for k, (one, other) in enumerate(zip(old, new, strict=True)):
            yield from differences(one, other, f"{path}[{k}]")
    elif json.dumps(old) != json.dumps(new):
        sentences = all(isinstance(text, str) and " " in text for text in (old, new))
        yield Difference(path, json.dumps(old, ensure_ascii=False), json.dumps(new, ensure_ascii=False), sentences)


def comparable_part(text: str) -> dict[str, Any]:
    """Return the output of a run without the keys that may differ."""
    return {key: value for key, value in json.loads(text).items() if key not in EXCLUDED}


def cases(tree: Path) -> dict[str, list[str]]:
    """Return the arguments of every case by its name."""
    shipped = {path.stem: [path.stem] for path in sorted((tree / LIBRARY).glob("*.yaml"))}
    return {**shipped, **{arm: ["skyshield", f"--{arm}"] for arm in ARMS}}


def run(tree: Path, arguments: list[str]) -> str:
    """Return what ``skyshield run`` of a tree prints."""
    environment = {**os.environ, "PYTHONPATH": str(tree / "src")}
    command = [sys.executable, "-m", "skyshield", "run", *arguments, "--json"]
    done = subprocess.run(command, cwd=tree, env=environment, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        last_line = (done.stderr.strip() or "nothing on standard error").splitlines()[-1]
        stop(f"{tree}: run {' '.join(arguments)}: leaves with {done.returncode} ({last_line}); mend that first", 1)
    return done.stdout


def imported_from(tree: Path) -> Path:
    """Return where Python finds the package if it is to use a tree."""
    environment = {**os.environ, "PYTHONPATH": str(tree / "src")}
    command = [sys.executable, "-c", "import skyshield; print(skyshield.__file__)"]
    done = subprocess.run(command, cwd=tree, env=environment, capture_output=True, text=True, check=False)
    return Path(done.stdout.strip())


def stop(what: str, exit_code: int = BAD_USAGE) -> NoReturn:
    """Say what is wrong in one line and leave."""
    print(f"error: {what}", file=sys.stderr)
    sys.exit(exit_code)


def git(*arguments: str) -> str:
    """Return what git prints; stop if it fails."""
    try:
        done = subprocess.run(["git", *arguments], cwd=ROOT, capture_output=True, text=True, check=False)  # noqa: S607
    except FileNotFoundError:
        stop("git: is not installed; install it")
    if done.returncode != 0:
        last_line = (done.stderr.strip() or "failed").splitlines()[-1]
        stop(f"git {arguments[0]} {arguments[-1]}: {last_line}; give a commit, branch or tag of this repository")
    return done.stdout.strip()


class Base:
    """The output of the base commit, computed in a checkout of it where it is not cached yet."""

    def __init__(self, commit: str, folder: Path) -> None:
        self.commit, self.tree, self.cache = commit, folder / "tree", CACHE / commit

    def __enter__(self) -> "Base":
        git("worktree", "add", "--detach", str(self.tree), self.commit)
        return self

    def __exit__(self, *_: object) -> None:
        git("worktree", "remove", "--force", str(self.tree))

    def output(self, arguments: list[str]) -> str:
        """Return what it prints with these arguments."""
        path = self.cache / ("_".join(arguments).replace("-", "") + ".json")
        if not path.exists():
            text = run(self.tree, arguments)
            self.cache.mkdir(parents=True, exist_ok=True)
            temporary = path.with_suffix(f".tmp-{os.getpid()}")
            temporary.write_text(text, "utf-8")
            temporary.replace(path)
        return path.read_text("utf-8")


def compare(name: str, arguments: list[str], base: Base) -> bool:
    """Compare one case, print what differs, and return whether all of that is sentences."""
    old, new = comparable_part(base.output(arguments)), comparable_part(run(ROOT, arguments))
    everything = list(differences(old, new))
    sentences = [difference for difference in everything if difference.is_sentence]
    others = [difference for difference in everything if not difference.is_sentence]
    verdict = "DIFFERS" if others else "same"
    print(f"{verdict:7} {name}: {len(others)} differences, {len(sentences)} sentences", flush=True)
    for path, before, after, is_sentence in (*others[:MAX_SHOWN], *sentences):
        print(f"  {'sentence ' if is_sentence else ''}{path}: {before[:MAX_WIDTH]} -> {after[:MAX_WIDTH]}")
    if len(others) > MAX_SHOWN:
        print(f"  and {len(others) - MAX_SHOWN} more")
    return not others


def main() -> int:
    """Compare every case and say what differs."""
    parser = argparse.ArgumentParser(description="Show that results are the same as those of another commit.")
    parser.add_argument("base", metavar="BASE", help="the commit, branch or tag to compare with")
    parser.add_argument("--vectors", type=int, default=3, metavar="K")
    parser.add_argument("--replications", type=int, default=2, metavar="N")
    parser.add_argument("--days", type=int, default=4, metavar="N")
    parser.add_argument("--seed", type=int, default=1, metavar="N")
    parser.add_argument("--only", metavar="CASE,...", help="compare these cases alone")
    options = parser.parse_args()
    size = [f"--{name}={getattr(options, name)}" for name in ("vectors", "replications", "days", "seed")]
    commit = git("rev-parse", "--verify", "--quiet", f"{options.base}^{{commit}}")
    with tempfile.TemporaryDirectory(prefix="same-results-") as folder, Base(commit, Path(folder)) as base:
        for tree in (ROOT, base.tree):
            if not imported_from(tree).is_relative_to(tree):
                stop(f"{tree}: Python imports skyshield from elsewhere; run this with the project's own Python")
        all_cases = cases(base.tree)
        names = list(all_cases) if options.only is None else options.only.split(",")
        unknown = [name for name in names if name not in all_cases]
        if unknown:
            stop(f"--only: {unknown[0]}: is no case; use {', '.join(all_cases)}")
        print(f"this tree against {commit[:12]}, {' '.join(size)}", flush=True)
        differing = [name for name in names if not compare(name, all_cases[name] + size, base)]
    return 1 if differing else 0


if __name__ == "__main__":
    sys.exit(main())
