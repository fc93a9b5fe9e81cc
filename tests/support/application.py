"""The application as tests see it: asked without a socket, or started as its users start it."""

import asyncio
import contextlib
import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from skyshield.app.door import Keys
from skyshield.app.folder import Folder
from skyshield.app.pipe import Worker
from skyshield.app.server import build
from support.command_line import SKYSHIELD

PORT = 8123
TIMEOUT_S = 60


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    headers: list[tuple[str, str]]
    body: bytes

    def header(self, name: str) -> str | None:
        """Return a header that stands there once, None if it is not there."""
        found = [value for key, value in self.headers if key == name]
        assert len(found) < 2, found
        return found[0] if found else None

    def json(self) -> Any:
        """Return the body as plain data."""
        return json.loads(self.body)


@dataclass
class Asked:
    """An ASGI application that is asked without a socket."""

    app: Any
    keys: Keys
    headers: dict[str, str] = field(default_factory=dict)

    def __call__(self, method: str, target: str, headers: Any = None, body: Sequence[bytes] | bytes = b"",
                 bearer: bool = True, host: str | None = None) -> Answer:
        """Send a request: by default with our host and token; the body in one chunk or several."""
        return asyncio.run(self.ask(method, target, headers, body, bearer, host))

    async def ask(self, method: str, target: str, headers: Any = None, body: Sequence[bytes] | bytes = b"",
                  bearer: bool = True, host: str | None = None) -> Answer:
        """Send a request."""
        path, _, query = target.partition("?")
        given = list(headers.items() if isinstance(headers, dict) else headers or ())
        if host != "":
            given.append(("host", self.keys.hosts[0] if host is None else host))
        if bearer:
            given.append(("authorization", f"Bearer {self.keys.token}"))
        scope = {"type": "http", "asgi": {"version": "3.0", "spec_version": "2.3"}, "http_version": "1.1",
                 "method": method, "path": path, "raw_path": path.encode(), "query_string": query.encode(),
                 "root_path": "", "scheme": "http", "client": ("127.0.0.1", 1), "state": {},
                 "server": ("127.0.0.1", self.keys.port),
                 "headers": [(name.lower().encode(), value.encode("latin-1")) for name, value in given]}
        chunks = [body] if isinstance(body, bytes) else list(body)
        self.chunks_read = 0
        said: list[dict[str, Any]] = []

        async def receive() -> dict[str, Any]:
            if self.chunks_read >= len(chunks):
                await asyncio.sleep(TIMEOUT_S)
                return {"type": "http.disconnect"}
            self.chunks_read += 1
            return {"type": "http.request", "body": chunks[self.chunks_read - 1],
                    "more_body": self.chunks_read < len(chunks)}

        async def send(message: dict[str, Any]) -> None:
            said.append(message)

        await asyncio.wait_for(self.app(scope, receive, send), TIMEOUT_S)
        start = said[0]
        assert start["type"] == "http.response.start"
        return Answer(start["status"], [(a.decode().lower(), b.decode()) for a, b in start["headers"]],
                      b"".join(one.get("body", b"") for one in said[1:]))


@contextlib.contextmanager
def asked(folder: Path, command: tuple[str, ...] = (sys.executable, "-c", "input()")) -> Iterator[Asked]:
    """Have an application on a folder that is asked without a socket; its worker is not started."""
    keys = Keys(PORT)
    with Folder(folder) as opened:
        yield Asked(build(opened, keys, Worker(command)), keys)


@dataclass
class Served:
    """A server that was started as its users start it."""

    process: "subprocess.Popen[str]"
    told: dict[str, Any]
    folder: Path

    @property
    def port(self) -> int:
        """Of the server."""
        return int(self.told["port"])

    @property
    def bearer(self) -> dict[str, str]:
        """Return what a script shows."""
        return {"Authorization": f"Bearer {self.told['token']}"}

    def ask(self, method: str, target: str, body: Any = None, headers: dict[str, str] | None = None) -> Answer:
        """Send a request with the token; a body that is not bytes goes as JSON."""
        plain = None if body is None else body if isinstance(body, bytes) else json.dumps(body).encode()
        kind = {} if plain is None else {"Content-Type": "application/json"}
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=TIMEOUT_S)
        with contextlib.closing(line):
            line.request(method, target, plain, {**self.bearer, **kind, **(headers or {})})
            got = line.getresponse()
            return Answer(got.status, [(a.lower(), b) for a, b in got.getheaders()], got.read())

    def request(self, method: str, target: str, body: bytes = b"") -> bytes:
        """Return the bytes of a request with the token."""
        return request_bytes(self.told, method, target, body)

    def raw(self, text: bytes, wait_s: float = 5) -> bytes:
        """Send bytes, and return all that comes back until the server closes or falls silent."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=wait_s) as line:
            line.sendall(text)
            return read_all(line)

    def memory_mib(self) -> float:
        """Return what the server holds in memory."""
        return memory_mib(self.process.pid)

    def worker_pid(self) -> int | None:
        """Return the process that plays."""
        found = self.ask("GET", "/api/worker").json()["pid"]
        return None if found is None else int(found)

    def leave(self, number: int = signal.SIGTERM) -> tuple[int, float]:
        """Tell it to end; return its exit code and the seconds it took."""
        begin_s = time.monotonic()
        self.process.send_signal(number)
        return self.process.wait(TIMEOUT_S), time.monotonic() - begin_s


def request_bytes(told: dict[str, Any], method: str, target: str, body: bytes = b"") -> bytes:
    """Return the bytes of a request with the token of a server that told where it is."""
    head = [f"{method} {target} HTTP/1.1", f"Host: 127.0.0.1:{told['port']}", f"Authorization: Bearer {told['token']}",
            "Content-Type: application/json", f"Content-Length: {len(body)}", "", ""]
    return "\r\n".join(head).encode() + body


def read_all(line: socket.socket) -> bytes:
    """Read until the other side closes or falls silent."""
    got = b""
    with contextlib.suppress(TimeoutError, ConnectionResetError):
        while more := line.recv(2**16):
            got += more
    return got


def memory_mib(pid: int) -> float:
    """Return the resident memory of a process."""
    for line in Path(f"/proc/{pid}/status").read_text("ascii").splitlines():
        if line.startswith("VmRSS"):
            return int(line.split()[1]) / 1024
    raise AssertionError(f"{pid} has no memory")


def is_alive(pid: int) -> bool:
    """Say whether a process goes on; one that ended and was not waited for does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text("ascii").rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


def waited(until: Any, within_s: float = TIMEOUT_S) -> Any:
    """Wait until a question is answered with something true, and return it."""
    end_s = time.monotonic() + within_s
    while not (result := until()):
        assert time.monotonic() < end_s, f"not within {within_s} s"
        time.sleep(0.02)
    return result


# Instead of the worker: previews come out at once, all else fails in the shape of all faults.
STUB = """
import json, sys
def say(**said):
    sys.stdout.write(json.dumps(said) + chr(10))
    sys.stdout.flush()
say(event="ready")
for line in sys.stdin:
    asked = json.loads(line)
    if asked["do"] == "preview":
        say(job=asked["job"], data={"stage": 1, "final": True})
        say(job=asked["job"], ended="done")
    elif "job" in asked:
        error = {"where": "x", "what": "is a stub", "remedy": "none", "exit_code": 2}
        say(job=asked["job"], ended="failed", error=error)
"""


@contextlib.contextmanager
def stubbed(folder: Path, change: str = "", stub: str = STUB) -> Iterator[Served]:
    """Start the server with a stub for a worker, and with something of it changed by a line of Python."""
    script = ("import sys\nfrom skyshield.app import pipe, serve\n"
              f"serve.Worker = lambda: pipe.Worker((sys.executable, '-c', {stub!r}))\n{change}\n"
              "from skyshield.cli.main import main\nmain(['app', sys.argv[1], '--json'])")
    with _started([sys.executable, "-c", script, str(folder)], folder, {}) as server:
        yield server


@contextlib.contextmanager
def served(folder: Path, *words: object, env: dict[str, str] | None = None) -> Iterator[Served]:
    """Start ``skyshield app`` on a free port, and see that it is gone afterwards."""
    with _started([SKYSHIELD, "app", str(folder), "--json", *map(str, words)], folder, env or {}) as server:
        yield server


@contextlib.contextmanager
def _started(command: Sequence[str], folder: Path, env: dict[str, str]) -> Iterator[Served]:
    process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                               encoding="utf-8", env={**os.environ, **env})
    try:
        assert process.stdout is not None
        line = process.stdout.readline()
        assert line, process.communicate()[1]
        yield Served(process, json.loads(line), folder)
    finally:
        if process.poll() is None:
            process.terminate()
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        for stream in (process.stdout, process.stderr):
            if stream is not None:
                stream.close()
