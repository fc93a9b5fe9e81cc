"""What the worker does: it plays previews, and runs that wait while a preview plays, and says what lies ahead of runs.

Each in a thread of its own, so that a number for a lever and the size of a study come while another study plays.
"""

import functools
import os
import sys
import threading
import time
import traceback
from collections.abc import Callable, Mapping
from pathlib import Path
from queue import SimpleQueue
from typing import TYPE_CHECKING, Any

from skyshield.app.asked import AT_PLAY, COMPILING, WRITING, AskedRun, read_preview, read_run
from skyshield.core.errors import MACHINE, SkyShieldError, machine_error
from skyshield.raids.fit import embedded_fit
from skyshield.study.maps import Gate, Map, cores, gated, thread_map
from skyshield.study.stopping import Stopped, StudyStoppedError
from skyshield.study.totals import MEASURES

if TYPE_CHECKING:
    from skyshield.study.runner import Moment
    from skyshield.study.session import Session

Say = Callable[..., None]
Request = Mapping[str, Any]
RUN, FORESEE, PREVIEW, ENVELOPE, STOP = "run", "foresee", "preview", "envelope", "stop"
_EVERY_S = 0.25  # how often a run says how far it is


class Stops:
    """Which of the jobs that are taken on, and not ended yet, are to end."""

    def __init__(self) -> None:
        self._events: dict[int, threading.Event] = {}
        self._lock = threading.Lock()

    def of(self, job: int) -> threading.Event:
        """Return what is set when a job is to end."""
        with self._lock:
            return self._events.setdefault(job, threading.Event())

    def stop(self, job: int) -> None:
        """Have a job end; one that has ended already is none."""
        with self._lock:
            if job in self._events:
                self._events[job].set()

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
        self._queues: dict[str, SimpleQueue[Request]] = {
            name: SimpleQueue() for name in (RUN, FORESEE, PREVIEW, ENVELOPE)}
        self._warm = threading.Event()
        self._gate = Gate()  # shut while a preview plays

    def start(self) -> None:
        """Warm up, then play what comes."""
        for one in (self._play_previews, functools.partial(self._serve, RUN, self._run),
                    functools.partial(self._serve, FORESEE, self._foresee),
                    functools.partial(self._serve, ENVELOPE, self._envelope)):
            threading.Thread(target=_fatal, args=(one,), daemon=True).start()

    def take(self, request: Request) -> None:
        """Do what the server asks for."""
        if request["do"] == STOP:
            self._stops.stop(request["job"])
        else:
            self._stops.of(request["job"])
            self._queues[request["do"]].put(request)

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
        self._gate = session.gate
        self._warm.set()
        self._say(event="ready")
        self._serve(PREVIEW, functools.partial(self._preview, session))

    def _serve(self, kind: str, play: Callable[[Request], None]) -> None:
        """Play what comes of a kind, one after another, and say how each ended."""
        self._warm.wait()
        while True:
            request = self._queues[kind].get()
            try:
                self._ended(request["job"], functools.partial(play, request))
            finally:
                self._stops.forget(request["job"])

    def _ended(self, job: int, play: Callable[[], None]) -> None:
        try:
            stopped = self._stops.of(job).is_set()
            if not stopped:
                play()
            self._say(job=job, ended="stopped" if stopped else "done")
        except StudyStoppedError:
            self._say(job=job, ended="stopped")
        except SkyShieldError as error:
            self._say(job=job, ended="failed", error=_plain(error))
        except (OSError, MemoryError) as error:
            self._say(job=job, ended="failed", error=_plain(machine_error("worker", error)))
        except Exception as error:  # noqa: BLE001 - a fault of ours must not end the process that others wait for
            self._say(job=job, ended="failed", error=_plain(SkyShieldError(
                "worker", f"met a fault of the program ({type(error).__name__}: {error})", "report it", MACHINE)))

    def _preview(self, session: "Session", request: Request) -> None:
        """Play a setting in growing stages."""
        asked, stop = read_preview(request), self._stops.of(request["job"])
        for stage in session.preview(asked.scenario, asked.stages, seed=asked.seed, options=asked.options,
                                     before=asked.before, measures=asked.measures or MEASURES, stopped=stop.is_set,
                                     are_checked=True):  # by the server
            self._say(job=request["job"], data=stage.plain())
        if stop.is_set():
            raise StudyStoppedError

    def _envelope(self, request: Request) -> None:
        """Play a setting's other arms, which wait while a preview plays."""
        from skyshield.app.reach import reach

        asked, job = read_preview(request), request["job"]
        told = _Told(functools.partial(self._say, job=job))
        stopped = self._stops.of(job).is_set
        found = reach(asked.scenario, asked.options, asked.seed, asked.stages[-1], self._map(stopped), embedded_fit(),
                      told, stopped)
        self._say(job=job, data={"final": True, "envelope": found})

    def _foresee(self, request: Request) -> None:
        """Say what lies ahead of a run; a study that plays waits meanwhile, so that it is not measured along."""
        asked = read_run(request)
        with self._gate.shut():
            self._say(job=request["job"], data=_foreseen(asked))

    def _run(self, request: Request) -> None:
        """Play a study into its folder, and write its pages."""
        from skyshield.study.runner import run as play

        job, stop = request["job"], self._stops.of(request["job"])
        self._say(job=job, data={"phase": COMPILING})
        asked = read_run(request)
        if asked.folder is None:
            raise SkyShieldError("run", "names no folder", "name one")
        told = _Told(functools.partial(self._say, job=job))
        play(asked.resolved, asked.seed, asked.replications, asked.folder, self._map(stop.is_set), asked.vectors,
             progress=told, stopped=stop.is_set)
        self._say(job=job, data={"phase": WRITING})
        _write_pages(asked.folder)

    def _map(self, stopped: Stopped) -> Map:
        """Return a map on all cores that lets previews go first."""
        return gated(functools.partial(thread_map, jobs=cores()), self._gate, stopped)


class _Told:
    """Says how far a run is, a few times a second."""

    def __init__(self, say: Say) -> None:
        self._say, self._said_s, self._begin_s = say, 0.0, time.monotonic()
        self._before: int | None = None  # blocks that were stored
        self._earlier, self._latest = 0, 0  # raid-days of the parts of a study that are through, and of this one

    def __call__(self, moment: "Moment") -> None:
        now_s = time.monotonic()
        if self._before is None:
            self._before, self._begin_s = moment.done - 1, now_s
        if moment.raid_days < self._latest:
            self._earlier += self._latest
        self._latest = moment.raid_days
        if now_s - self._said_s >= _EVERY_S or moment.done == moment.total:
            self._said_s = now_s
            self._say(data={"phase": AT_PLAY, "done": moment.done, "total": moment.total, "before": self._before,
                            "raid_days": self._earlier + self._latest, "playing_s": now_s - self._begin_s})


def _write_pages(folder: Path) -> None:
    """Write the report of a study that is whole, as ``run --out`` does."""
    from skyshield.adaptation.cached import cached_or_note
    from skyshield.report.keep import keep_pages
    from skyshield.study.view import StudyView

    view = StudyView.open(folder)
    adapted, _ = cached_or_note(folder, view.manifest, view.catalogue, strict=False)
    keep_pages(folder, view, adapted)


def _fatal(play: Callable[[], None]) -> None:
    """Run a thread for good; if it ends, so does the process, which the server starts again."""
    try:
        play()
    finally:
        traceback.print_exc()
        sys.stderr.flush()
        os._exit(1)


def _foreseen(asked: AskedRun) -> dict[str, Any]:
    """Return what a run would play, and what the whole of it would take."""
    from skyshield.study.foreseen import estimate, measured, planned
    from skyshield.study.months import month_starts

    jobs = cores()
    plan = planned(asked.resolved, asked.vectors, asked.replications, asked.seed, relief=False)
    scenario = asked.resolved.parts()[0]
    told = estimate(plan, measured(plan, asked.resolved, jobs), 0.0, jobs, True,
                    len(month_starts(scenario.start_date, scenario.days)))
    return {**told, **{name: plan.content[name] for name in ("raid_days", "arms", "joint_arms_at_most", "marks")}}


def _plain(error: SkyShieldError) -> dict[str, Any]:
    return {"where": error.where, "what": error.what, "remedy": error.remedy, "exit_code": error.exit_code}
