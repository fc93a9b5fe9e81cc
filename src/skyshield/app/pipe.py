"""The worker as the server sees it: started, heard, started again if it dies; what it is given to do, and what it says.

The worker is a process of its own, since it holds the compiled engine and may be killed for its memory without taking
the page along. Both talk in lines of JSON over its standard input and output. A job that only one reader wants, a
preview, ends with the worker; a run is given to the next one, which goes on from what is stored.
"""

import asyncio
import contextlib
import json
import sys
import time
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from skyshield.core.errors import MACHINE, SkyShieldError, one_line

STARTING, COMPILING, READY, RESTARTING, GONE = "starting", "compiling", "ready", "restarting", "gone"
_LINE_BYTES = 64 * 2**20
_QUIT_S = 0.5
_MOST_STARTS, _WITHIN_S = 5, 60.0  # more than that are not by chance
_MOST_UNREADY = 3  # starts one after another, none of which came to play
_MOST_DEATHS = 3  # that one job may bring about
_KEPT_WORDS = 4000
_ENDING = {"where": "application", "what": "ends", "remedy": "start it again: a run goes on from what is stored"}
# -P: modules that happen to lie where the user stands are not ours.
COMMAND = (sys.executable, "-P", "-m", "skyshield.app.worker")


@dataclass
class Job:
    """Something the worker does, and what it has said of it that nobody has read.

    Attributes
    ----------
    number
        Of the job.
    request
        What was asked, sent again to a new worker if the job `survives` the death of one.
    ended
        None while it goes on; then ``done``, ``stopped`` or ``failed``.
    deaths
        Of workers that played it; who sees it get on may count from 0 again.
    stopping
        It is to end, as it does too when the worker dies.
    """

    number: int
    request: Mapping[str, Any]
    survives: bool = False
    ended: str | None = None
    error: dict[str, str] | None = None
    unread: list[dict[str, Any]] = field(default_factory=list)
    heard: asyncio.Condition = field(default_factory=asyncio.Condition)
    deaths: int = 0
    stopping: bool = False

    async def said(self) -> AsyncIterator[dict[str, Any]]:
        """Yield what the worker says of the job until it ends."""
        while True:
            async with self.heard:
                await self.heard.wait_for(lambda: bool(self.unread) or self.ended is not None)
                told, self.unread = self.unread, []
            for one in told:
                yield one
            if self.ended is not None and not self.unread:
                return

    async def tell(self, data: dict[str, Any] | None = None, ended: str | None = None,
                   error: dict[str, str] | None = None) -> None:
        """Note what the worker says; progress, and all of a job that `survives`, is merged until somebody reads it."""
        async with self.heard:
            merges = self.unread and (self.survives or (_is_progress(data) and _is_progress(self.unread[-1])))
            if data is not None and merges:
                self.unread[-1] = {**self.unread[-1], **data}
            elif data is not None:
                self.unread.append(data)
            if ended is not None and self.ended is None:
                self.ended, self.error = ended, error
            self.heard.notify_all()


def _is_progress(data: Mapping[str, Any] | None) -> bool:
    """Return whether something says how far a job is, and no more."""
    return data is not None and "done" in data and "final" not in data


class Worker:
    """The one process that plays.

    Parameters
    ----------
    command
        How it is started.
    """

    def __init__(self, command: tuple[str, ...] = COMMAND) -> None:
        self._command = command
        self._process: asyncio.subprocess.Process | None = None
        self._life: asyncio.Task[None] | None = None
        self._jobs: dict[int, Job] = {}
        self._last = 0
        self._closing = False
        self._words = b""
        self._ready = False
        self.state, self.detail, self.restarts = STARTING, "", 0
        self.on_change: Callable[[], None] = lambda: None

    @property
    def pid(self) -> int | None:
        """Of the process, None while there is none."""
        return None if self._process is None else self._process.pid

    @property
    def is_alive(self) -> bool:
        """Whether the process goes on."""
        return self._process is not None and self._process.returncode is None

    def status(self) -> dict[str, Any]:
        """Return what a page shows of it."""
        playing = self.state == READY and any(job.ended is None for job in self._jobs.values())
        return {"state": "playing" if playing else self.state, "detail": self.detail, "restarts": self.restarts,
                "pid": self.pid}

    def start(self) -> None:
        """Start it, and again whenever it dies."""
        self._life = asyncio.create_task(self._live())

    async def close(self) -> None:
        """End it, whatever it does."""
        self._closing = True
        for job in list(self._jobs.values()):
            await job.tell(ended="failed", error=_ENDING)
        process = self._process
        if process is not None and process.returncode is None:
            with contextlib.suppress(OSError, RuntimeError):
                self._send({"do": "quit"})
            await _end(process)
        if self._life is not None:
            self._life.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._life

    async def begin(self, request: Mapping[str, Any], survives: bool = False) -> Job:
        """Give it something to do.

        Raises
        ------
        SkyShieldError
            Exit code 3 if it cannot be started.
        """
        if self._closing:
            raise SkyShieldError("application", "ends", "start it again", MACHINE)
        if self.state == GONE:
            raise SkyShieldError("worker", f"cannot be started: {self.detail}", "start the application again", MACHINE)
        self._last += 1
        job = self._jobs[self._last] = Job(self._last, request, survives)
        self._hand(job)
        return job

    def stop(self, job: Job) -> None:
        """Have a job ended; that it has is said by the job."""
        if job.ended is None:
            job.stopping = True
            self._send({"do": "stop", "job": job.number})

    def forget(self, job: Job) -> None:
        """Let go of a job that has ended or that nobody waits for any more."""
        if job.ended is None:
            self.stop(job)
        self._jobs.pop(job.number, None)

    def _hand(self, job: Job) -> None:
        self._send({**job.request, "job": job.number})
        if job.stopping:
            self.stop(job)

    def _send(self, line: Mapping[str, Any]) -> None:
        process = self._process
        if process is None or process.stdin is None or process.stdin.is_closing():
            return  # jobs that go on are handed to the next one
        process.stdin.write(json.dumps(line).encode() + b"\n")

    async def _live(self) -> None:
        starts: list[float] = []
        unready = 0
        while not self._closing:
            starts = [one for one in starts if time.monotonic() - one < _WITHIN_S] + [time.monotonic()]
            if len(starts) > _MOST_STARTS or unready >= _MOST_UNREADY:
                await self._give_up(self._last_words())
                return
            try:
                process = self._process = await asyncio.create_subprocess_exec(
                    *self._command, stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE,
                    stderr=asyncio.subprocess.PIPE, limit=_LINE_BYTES, start_new_session=True)
            except OSError as error:
                await self._give_up(error.strerror or str(error))
                return
            self._ready = False
            for job in list(self._jobs.values()):
                if job.ended is None:
                    self._hand(job)
            overhearing = asyncio.create_task(self._overhear(process))
            try:
                await self._hear(process)
            finally:  # also if it says what cannot be understood
                await _end(process)
                await asyncio.wait([overhearing], timeout=_QUIT_S)
                overhearing.cancel()
            unready = 0 if self._ready else unready + 1
            if not self._closing:
                await self._lost(process.returncode)

    def _last_words(self) -> str:
        """Return the last line of its standard error."""
        lines = self._words.decode("utf-8", "replace").strip().splitlines()
        return one_line(lines[-1]) if lines else "it ends at once"

    async def _give_up(self, why: str) -> None:
        self._state(GONE, why)
        for job in list(self._jobs.values()):
            await job.tell(ended="failed", error={"where": "worker", "what": f"cannot be started: {why}",
                                                  "remedy": "start the application again"})

    async def _lost(self, code: int | None) -> None:
        """Say that it died; what only one reader waited for ends, the rest goes to the next one.

        The first of the jobs that go on is the one it played, since they are played in turn.
        """
        self.restarts += 1
        how = f"signal {-code}" if code is not None and code < 0 else f"code {code}"
        self._state(RESTARTING, f"ended by {how}; it is started again, and runs go on from what is stored")
        for job in list(self._jobs.values()):
            if job.stopping:
                await job.tell(ended="stopped")
        going = [job for job in self._jobs.values() if job.ended is None]
        for job in [job for job in going if not job.survives]:
            await job.tell(ended="failed", error={"where": "worker", "what": f"ended by {how}",
                                                  "remedy": "it is started again; move the lever once more"})
        for job in [job for job in going if job.survives]:
            await job.tell({"lost": how})
        for job in [job for job in going if job.survives and self._ready][:1]:
            job.deaths += 1
            if job.deaths >= _MOST_DEATHS:
                await job.tell(ended="failed", error={
                    "where": "worker", "what": f"ended by {how} {job.deaths} times while it played this",
                    "remedy": "see whether the memory suffices, or ask for less"})

    async def _overhear(self, process: asyncio.subprocess.Process) -> None:
        """Keep the last words of its standard error, which say why it cannot be started."""
        if process.stderr is not None:
            while words := await process.stderr.read(_KEPT_WORDS):
                self._words = (self._words + words)[-_KEPT_WORDS:]

    async def _hear(self, process: asyncio.subprocess.Process) -> None:
        if process.stdout is None:
            return
        while True:
            try:
                line = await process.stdout.readline()
            except ValueError:  # longer than any line of ours
                return
            if not line:
                return
            try:
                said = json.loads(line)
            except ValueError:
                continue  # something printed by a library
            if not isinstance(said, dict):
                continue
            if "event" in said:
                self._hear_event(said["event"], said.get("detail", ""))
            elif (job := self._jobs.get(said.get("job", 0))) is not None:
                await job.tell(said.get("data"), said.get("ended"), said.get("error"))

    def _hear_event(self, event: str, detail: str) -> None:
        """Note how it is; one that was started again says so until it is ready."""
        self._ready = self._ready or event == READY
        if event != STARTING or self.restarts == 0:
            self._state(event, detail)

    def _state(self, state: str, detail: str) -> None:
        self.state, self.detail = state, detail
        self.on_change()


async def _end(process: asyncio.subprocess.Process) -> None:
    """See that a process has ended."""
    with contextlib.suppress(TimeoutError):
        await asyncio.wait_for(process.wait(), _QUIT_S)
    if process.returncode is None:
        with contextlib.suppress(ProcessLookupError):
            process.kill()
        await process.wait()
