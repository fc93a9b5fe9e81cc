"""The server: one address on this machine, one folder, one worker; it says where it is, and leaves when it is told to.

It listens on 127.0.0.1 and nowhere else, and there is no way to ask for another address.
"""

import asyncio
import contextlib
import errno
import json
import os
import signal
import socket
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import uvicorn
from uvicorn.protocols.http.h11_impl import H11Protocol

from skyshield.app.door import Keys
from skyshield.app.folder import Folder
from skyshield.app.pipe import Worker
from skyshield.app.server import build
from skyshield.core.errors import SkyShieldError, machine_error

HOST = "127.0.0.1"
_LET_GO_S = 10.0  # a reader who stops reading
_GRACE_S = 1
_TICK_S = 0.05
_MOST_PORT = 65_535

Told = Callable[[dict[str, Any]], None]


class _Protocol(H11Protocol):
    """HTTP that lets go of a reader who stops reading, whatever the answer."""

    _letting_go: asyncio.TimerHandle | None = None

    def pause_writing(self) -> None:
        """Count from when the reader's buffer is full."""
        super().pause_writing()
        self._letting_go = self.loop.call_later(_LET_GO_S, self.transport.abort)

    def resume_writing(self) -> None:
        """Count no more."""
        self._read_again()
        super().resume_writing()

    def connection_lost(self, exc: Exception | None) -> None:
        """Count no more."""
        self._read_again()
        super().connection_lost(exc)

    def _read_again(self) -> None:
        if self._letting_go is not None:
            self._letting_go.cancel()
            self._letting_go = None


class _Server(uvicorn.Server):
    """A server that ends with exit code 0 when it is told to end."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Take SIGINT and SIGTERM as a wish to end, once or several times."""
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(number, self._leave)
        try:
            yield
        finally:
            for number in (signal.SIGINT, signal.SIGTERM):
                loop.remove_signal_handler(number)

    def _leave(self) -> None:
        self.should_exit = True


def listen(port: int) -> socket.socket:
    """Return a socket bound to a port of the loopback address, or to a free one for 0.

    Raises
    ------
    SkyShieldError
        If there is no such port, or it is taken (exit code 2), or may not be used (3).
    """
    if not 0 <= port <= _MOST_PORT:
        raise SkyShieldError("--port", f"is {port}", f"give a whole number from 0 to {_MOST_PORT:,}, 0 for a free one")
    bound = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        bound.bind((HOST, port))
        bound.listen()
    except OSError as error:
        bound.close()
        if error.errno == errno.EADDRINUSE:
            raise SkyShieldError(f"port {port}", "is taken", "name another with --port, or none") from None
        raise machine_error(f"port {port}", error, "name a port of 1,024 or more with --port, or none") from None
    return bound


def serve(path: Path, port: int, tell: Told) -> None:
    """Serve a folder until SIGINT or SIGTERM.

    Parameters
    ----------
    path
        Folder of studies and scenarios.
    port
        0 for a free one.
    tell
        Called once the server answers, with ``url``, ``token``, ``port`` and ``pid``.

    Raises
    ------
    SkyShieldError
        If the folder or the port cannot be used.
    """
    with Folder(path) as folder, contextlib.closing(listen(port)) as bound:
        keys = Keys(bound.getsockname()[1])
        asyncio.run(_serve(folder, bound, keys, tell))


async def _serve(folder: Folder, bound: socket.socket, keys: Keys, tell: Told) -> None:
    worker = Worker()
    server = _Server(uvicorn.Config(
        build(folder, keys, worker), log_level="critical", access_log=False, lifespan="off", http=_Protocol,
        timeout_graceful_shutdown=_GRACE_S, server_header=False, date_header=False, ws="none"))
    serving = asyncio.create_task(server.serve(sockets=[bound]))
    while not server.started and not serving.done():
        await asyncio.sleep(1e-3)
    try:
        if server.started:
            tell({"url": f"http://{HOST}:{keys.port}/?token={keys.token}", "token": keys.token, "port": keys.port,
                  "pid": os.getpid()})
            worker.start()
        await _until_leaving(server, worker, serving)
    finally:
        await worker.close()


async def _until_leaving(server: _Server, worker: Worker, serving: "asyncio.Task[None]") -> None:
    """Wait for the server; its worker ends as soon as it is told to."""
    while not serving.done() and not server.should_exit:
        await asyncio.wait([serving], timeout=_TICK_S)
    await worker.close()
    await serving


def print_json(told: dict[str, Any]) -> None:
    """Print where the server is, as one line."""
    sys.stdout.write(json.dumps(told) + "\n")
    sys.stdout.flush()
