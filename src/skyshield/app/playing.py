"""What the worker does: it plays previews in one thread and runs in another, which waits while a preview plays."""

import functools
import os
import sys
import threading
import time
import traceback
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from queue import SimpleQueue
from typing import Any

from skyshield.app.asked import read_preview, read_run
from skyshield.core.errors import MACHINE, SkyShieldError, machine_error
from skyshield.study.maps import Map, cores, thread_map
from skyshield.study.plan import Block

Say = Callable[..., None]
_EVERY_S = 0.25  # how often a run says how far it is
_WAIT_S = 0.05


class Stops:
    """Which jobs are to end."""

    def __init__(self) -> None:
        self._events: dict[int, threading.Event] = {}
        self._lock = threading.Lock()

    def of(self, job: int) -> threading.Event:
        """Return what is set when a job is to end."""
        with self._lock:
            return self._events.setdefault(job, threading.Event())

    def forget(self, job: int) -> None:
        """Let go of a job that has ended."""
        with self._lock:
            self._events.pop(job, None)


class Playing:
    """The threads of the worker.

    Parameters
    ----------
    say
        Tells the server something.
    """

    def __init__(self, say: Say) -> None:
        self._say, self._stops = say, Stops()
        self._previews: SimpleQueue[Mapping[str, Any]] = SimpleQueue()
        self._runs: SimpleQueue[Mapping[str, Any]] = SimpleQueue()
        self._free = threading.Event()  # no preview plays
        self._warm = threading.Event()
        self._free.set()

    def start(self) -> None:
        """Warm up, then play what comes."""
        for one in (self._play_previews, self._play_runs):
            threading.Thread(target=_fatal, args=(one,), daemon=True).start()

    def take(self, request: Mapping[str, Any]) -> None:
        """Do what the server asks for."""
        if request["do"] == "stop":
            self._stops.of(request["job"]).set()
        elif request["do"] == "preview":
            self._previews.put(request)
        else:
            self._runs.put(request)

    def _play_previews(self) -> None:
        from skyshield.core.jit import is_ready
        from skyshield.engine.day import play_block
        from skyshield.scenario import load
        from skyshield.study.session import Session

        if not is_ready(play_block):
            self._say(event="compiling", detail="the engine is compiled, once: a minute")
        session = Session()
        for _ in session.preview(load("month"), ((1, 1),)):
            pass
        self._warm.set()
        self._say(event="ready")
        while True:
            request = self._previews.get()
            job = request["job"]

            def play(request: Mapping[str, Any] = request, job: int = job) -> None:
                asked = read_preview(request)
                stopped = self._stops.of(job).is_set
                self._free.clear()
                try:
                    for stage in session.preview(asked.scenario, asked.stages, seed=asked.seed, options=asked.options,
                                                 before=asked.before, stopped=stopped):
                        self._say(job=job, data=stage.plain())
                finally:
                    self._free.set()

            self._ended(job, play)

    def _play_runs(self) -> None:
        self._warm.wait()
        while True:
            request = self._runs.get()
            self._ended(request["job"], functools.partial(self._run, request))

    def _ended(self, job: int, play: Callable[[], None]) -> None:
        """Play a job and say how it ended."""
        try:
            if not self._stops.of(job).is_set():
                play()
            ended = "stopped" if self._stops.of(job).is_set() else "done"
            self._say(job=job, ended=ended)
        except SkyShieldError as error:
            self._say(job=job, ended="failed", error=_plain(error))
        except (OSError, MemoryError) as error:
            self._say(job=job, ended="failed", error=_plain(machine_error("worker", error)))
        except Exception as error:  # noqa: BLE001 - a fault of ours must not end the process that others wait for
            self._say(job=job, ended="failed", error=_plain(SkyShieldError(
                "worker", f"met a fault of the program ({type(error).__name__}: {error})", "report it", MACHINE)))
        finally:
            self._stops.forget(job)

    def _run(self, request: Mapping[str, Any]) -> None:
        """Play, or foresee, a study into its folder."""
        asked, job = read_run(request), request["job"]
        if asked.foresee:
            self._say(job=job, data=_foreseen(asked))
            return
        from skyshield.report.keep import keep_pages
        from skyshield.study.runner import Moment
        from skyshield.study.runner import run as play
        from skyshield.study.view import StudyView

        stop, said_s, begin_s = self._stops.of(job), 0.0, time.monotonic()

        def tell(moment: Moment) -> None:
            nonlocal said_s
            now_s = time.monotonic()
            if now_s - said_s >= _EVERY_S or moment.done == moment.total:
                said_s = now_s
                self._say(job=job, data={"done": moment.done, "total": moment.total, "raid_days": moment.raid_days,
                                         "wall_s": now_s - begin_s})

        folder = Path(asked.folder)
        play(asked.resolved, asked.seed, asked.replications, folder, self._map(stop), asked.vectors, progress=tell,
             stopped=stop.is_set)
        if not stop.is_set():
            self._say(job=job, data={"writing": True})
            keep_pages(folder, StudyView.open(folder), None)

    def _map(self, stop: threading.Event) -> Map:
        """Return a map on all cores that waits between blocks while a preview plays."""
        def patient(blocks: Iterable[Block]) -> Iterator[Block]:
            for block in blocks:
                while not self._free.wait(_WAIT_S):
                    if stop.is_set():
                        break
                yield block

        def map_(function: Callable[[Block], Any], blocks: Iterable[Block]) -> Iterator[tuple[Block, Any]]:
            return thread_map(function, patient(blocks), jobs=cores())

        return map_


def _fatal(play: Callable[[], None]) -> None:
    """Run a thread for good; if it ends, so does the process, which the server starts again."""
    try:
        play()
    finally:
        traceback.print_exc()
        sys.stderr.flush()
        os._exit(1)


def _foreseen(asked: Any) -> dict[str, Any]:
    """Return what a run would play, and what that would take."""
    from skyshield.study.foreseen import estimate, measured, planned, two_digits
    from skyshield.study.months import month_of_day

    jobs = cores()
    plan = planned(asked.resolved, asked.vectors, asked.replications, asked.seed, relief=False)
    months = int(month_of_day(asked.scenario.start_date, asked.resolved.days)[-1]) + 1
    told = estimate(plan, measured(plan, asked.resolved, jobs), 0.0, jobs, kept=True, months=months)
    return {"raid_days": plan.content["raid_days"], "arms": plan.content["arms"], "study_key":
            plan.content["study_key"], **{name: two_digits(value) for name, value in told.items()}}


def _plain(error: SkyShieldError) -> dict[str, Any]:
    return {"where": error.where, "what": error.what, "remedy": error.remedy, "exit_code": error.exit_code}
