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
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import h11
import uvicorn
from uvicorn.protocols.http.h11_impl import H11Protocol

from skyshield.app.door import Door, Keys, with_headers
from skyshield.app.folder import Folder
from skyshield.app.pipe import Worker
from skyshield.app.server import routed, warm
from skyshield.app.services import Services
from skyshield.app.signals import SIGNALS
from skyshield.core.errors import SkyShieldError, machine_error
from skyshield.core.memory import give_back_what_is_freed

HOST = "127.0.0.1"
LET_GO_S = 10.0  # a reader who stops reading
_GRACE_S = 1
_AT_MOST_S = 1.0  # from the wish to end to the end
_TICK_S = 0.05
_MOST_PORT = 65_535

Told = Callable[[dict[str, Any]], None]


class _Protocol(H11Protocol):
    """HTTP that lets go of a reader who stops reading, and that answers what is no HTTP in the shape of all answers."""

    _letting_go: asyncio.TimerHandle | None = None

    def pause_writing(self) -> None:
        """Count from when the reader's buffer is full."""
        super().pause_writing()
        self._wait(self.transport.get_write_buffer_size())

    def resume_writing(self) -> None:
        """Count no more."""
        self._count_no_more()
        super().resume_writing()

    def connection_lost(self, exc: Exception | None) -> None:
        """Count no more."""
        self._count_no_more()
        super().connection_lost(exc)

    def send_400_response(self, msg: str) -> None:  # noqa: ARG002 - what uvicorn calls it with
        """Say what is wrong, if the answer has not begun, and close."""
        if self.conn.our_state in (h11.IDLE, h11.SEND_RESPONSE) and (
                self.cycle is None or self.cycle.response_complete or not self.cycle.response_started):
            body = json.dumps({"where": "request", "what": "is not HTTP that can be read, or its headers are too long",
                               "remedy": "send another"}).encode()
            head = [*with_headers([(b"content-type", b"application/json"), (b"connection", b"close")]),
                    (b"content-length", str(len(body)).encode())]
            for event in (h11.Response(status_code=400, headers=head, reason=b"Bad Request"), h11.Data(data=body),
                          h11.EndOfMessage()):
                self.transport.write(self.conn.send(event) or b"")
        self.transport.close()

    def _wait(self, unread_bytes: int) -> None:
        self._letting_go = self.loop.call_later(LET_GO_S, self._look, unread_bytes)

    def _look(self, unread_bytes: int) -> None:
        """Let go of a reader who has read nothing meanwhile; one who reads slowly may."""
        still_bytes = self.transport.get_write_buffer_size()
        if still_bytes < unread_bytes:
            self._wait(still_bytes)
        else:
            self.transport.abort()

    def _count_no_more(self) -> None:
        if self._letting_go is not None:
            self._letting_go.cancel()
            self._letting_go = None


class _Server(uvicorn.Server):
    """A server that leaves signals to `_leaving`."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Take none."""
        yield


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
    give_back_what_is_freed()
    with contextlib.closing(listen(port)) as bound, Folder(path) as folder:
        keys = Keys(bound.getsockname()[1])
        asyncio.run(_serve(folder, bound, keys, tell))


async def _serve(folder: Folder, bound: socket.socket, keys: Keys, tell: Told) -> None:
    worker = Worker()
    services = Services(folder, keys, worker)
    server = _Server(uvicorn.Config(
        Door(routed(services), keys), log_level="critical", access_log=False, lifespan="off", http=_Protocol,
        timeout_graceful_shutdown=_GRACE_S, server_header=False, date_header=False, ws="none"))
    with _leaving(server, worker):
        serving = asyncio.create_task(server.serve(sockets=[bound]))
        while not server.started and not serving.done():
            await asyncio.sleep(1e-3)
        warming = asyncio.create_task(warm(services))
        try:
            if server.started and not server.should_exit:
                worker.start()
                tell({"url": f"http://{HOST}:{keys.port}/?token={keys.token}", "token": keys.token,
                      "port": keys.port, "pid": os.getpid()})
            await _until_leaving(server, worker, serving)
        finally:
            warming.cancel()
            await worker.close()


@contextlib.contextmanager
def _leaving(server: _Server, worker: Worker) -> Iterator[None]:
    """Take SIGINT and SIGTERM, once or several times, as a wish to end, and see that it is fulfilled in time."""
    loop = asyncio.get_running_loop()

    def end_now() -> None:
        if worker.pid is not None and worker.is_alive:
            with contextlib.suppress(ProcessLookupError):
                os.kill(worker.pid, signal.SIGKILL)
        os._exit(0)

    def leave() -> None:
        if not server.should_exit:
            server.should_exit = True
            # A thread that computes an answer nobody waits for any more would be waited for by the interpreter.
            last = threading.Timer(_AT_MOST_S, end_now)
            last.daemon = True
            last.start()

    before = {number: signal.getsignal(number) for number in SIGNALS}
    for number in SIGNALS:
        loop.add_signal_handler(number, leave)
    try:
        yield
    finally:
        # Held back meanwhile: one that came to what the loop leaves behind would end the process as if it had failed.
        signal.pthread_sigmask(signal.SIG_BLOCK, SIGNALS)
        for number in SIGNALS:
            loop.remove_signal_handler(number)
            signal.signal(number, signal.SIG_IGN if server.should_exit else before[number])
        signal.pthread_sigmask(signal.SIG_UNBLOCK, SIGNALS)


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


def open_browser(url: str) -> None:
    """Open an address in the user's browser, without waiting: some browsers return only when they are closed."""
    import webbrowser

    threading.Thread(target=webbrowser.open, args=(url,), daemon=True).start()
