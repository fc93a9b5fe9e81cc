"""Many commands at the price of one start: a process that has the imports behind it forks for each.

Every command is still a process of its own, with its own standard streams, working directory and exit code.
"""

import json
import subprocess
import sys
import tempfile
from pathlib import Path

_SERVER = """
import json, os, sys
import skyshield.cli.main, skyshield.cli.output, skyshield.cli.record, skyshield.cli.scenario, skyshield.cli.run
import skyshield.cli.fit, skyshield.cli.verify
import skyshield.catalogue, skyshield.record, skyshield.scenario, skyshield.theatre, skyshield.core.units, pint, yaml

def child(asked):
    for number, name in ((1, "out"), (2, "err")):
        os.dup2(os.open(asked[name], os.O_WRONLY | os.O_CREAT | os.O_TRUNC), number)
    os.chdir(asked["cwd"])
    sys.stdout = open(1, "w", encoding="utf-8", closefd=False)
    sys.stderr = open(2, "w", encoding="utf-8", errors="backslashreplace", closefd=False)
    try:
        skyshield.cli.main.main(asked["words"])
    except SystemExit as left:
        return left.code
    finally:
        sys.stdout.flush()
        sys.stderr.flush()

for line in sys.stdin:
    pid = os.fork()
    if pid == 0:
        code = 99
        try:
            code = child(json.loads(line))
        finally:
            os._exit(code)
    print(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), flush=True)
"""


class Forks:
    """Run commands by fork; call it with the command's words."""

    def __init__(self) -> None:
        self._folder = tempfile.TemporaryDirectory()
        self._server = subprocess.Popen([sys.executable, "-c", _SERVER], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                        encoding="ascii")

    def __call__(self, *words: object, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
        place = Path(self._folder.name)
        given = [str(word) for word in words]
        asked = {"words": given, "cwd": str(cwd or place), "out": str(place / "out"), "err": str(place / "err")}
        assert self._server.stdin is not None and self._server.stdout is not None
        self._server.stdin.write(json.dumps(asked) + "\n")
        self._server.stdin.flush()
        code = int(self._server.stdout.readline())
        return subprocess.CompletedProcess(["skyshield", *given], code, (place / "out").read_text("utf-8"),
                                           (place / "err").read_text("utf-8"))

    def close(self) -> None:
        """End the server."""
        self._server.communicate()
        self._folder.cleanup()
