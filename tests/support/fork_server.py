"""The process behind `support.forks`: it has done everything a command does before its own work, and forks for each.

It reads one command a line, answers with the number of the process it forked, then with its exit code.
"""

import io
import json
import os
import sys
import tempfile
import traceback
from pathlib import Path
from typing import Any

SMALL = ("--vectors", "1", "--replications", "1", "--days", "1", "--jobs", "1", "--adaptation", "--json")
OUTPUTS = ((1, "out"), (2, "err"))
STATISTICAL = ("sensitivity", "explore")


def prepare() -> None:
    """Import what the commands do."""
    import pint  # noqa: F401
    import yaml  # noqa: F401

    import skyshield.catalogue
    import skyshield.cli.fit
    import skyshield.cli.main
    import skyshield.cli.output
    import skyshield.cli.record
    import skyshield.cli.run
    import skyshield.cli.scenario
    import skyshield.cli.verify
    import skyshield.core.units
    import skyshield.record
    import skyshield.scenario
    import skyshield.theatre  # noqa: F401


def prepare_statistics() -> None:
    """Import what commands on many worlds do besides, seconds of it."""
    import ema_workbench.analysis.prim  # noqa: F401
    import SALib.sample.morris
    import SALib.sample.sobol  # noqa: F401
    import scipy.stats  # noqa: F401


def play_once(scenario: str) -> None:
    """Play a small study of a scenario here, so that those who are forked find kernels and tables in memory."""
    from skyshield.cli.main import main

    ours = sys.stdout
    sys.stdout = io.StringIO()
    try:
        with tempfile.TemporaryDirectory() as folder:
            main(["run", scenario, *SMALL, "--out", str(Path(folder) / "study")])
    except SystemExit as left:
        if left.code:
            raise RuntimeError(f"the small study of {scenario} failed: {left.code}") from None
    finally:
        sys.stdout = ours


def command(asked: dict[str, Any]) -> Any:
    """Run one command, or a script, in a process that was forked for it; return its exit code."""
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    for number, name in OUTPUTS:
        os.dup2(os.open(asked[name], os.O_WRONLY | os.O_CREAT | os.O_TRUNC), number)
    os.chdir(asked["cwd"])
    sys.stdin = os.fdopen(0, encoding="utf-8", closefd=False)
    sys.stdout = os.fdopen(1, "w", encoding="utf-8", closefd=False)
    sys.stderr = os.fdopen(2, "w", encoding="utf-8", errors="backslashreplace", closefd=False)
    from skyshield.cli.main import main

    try:
        if asked["code"] is None:
            main(asked["words"])
        else:
            exec(compile(asked["code"], "<script>", "exec"), {"__name__": "__main__"})  # noqa: S102 a page's own blocks
    except SystemExit as left:
        return left.code
    except Exception:  # noqa: BLE001 told as Python tells it
        traceback.print_exc()
        return 1
    else:
        return 0
    finally:
        sys.stdout.flush()
        sys.stderr.flush()


def serve() -> None:
    """Fork for every line until there are no more."""
    from support.compiling import compile_once

    prepare()
    compile_once()
    has_played = False
    for line in sys.stdin:
        asked = json.loads(line)
        if asked["play_first"] and not has_played:
            play_once(asked["play_first"])
            has_played = True
        if asked["play_first"] and asked["words"][0] in STATISTICAL:
            prepare_statistics()
        pid = os.fork()
        if pid == 0:
            code = 99
            try:
                code = command(asked)
            finally:
                os._exit(code)
        print(pid, flush=True)
        print(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), flush=True)


if __name__ == "__main__":
    sys.path[0] = str(Path(__file__).parents[1])  # the tests, in place of this folder
    serve()
