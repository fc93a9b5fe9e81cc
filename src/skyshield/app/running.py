"""The runs: one plays, others wait; how far each is, for whoever asks and whenever.

A run is called as its study, which lies in the folder under that name from its first block on. So whatever ends the
worker or the server, the study says by itself how much of it is there, and more of it is an order like another.

What a run says of itself is a state, not a history: it is numbered, and who reads slowly, or comes late, gets the
latest.
"""

import asyncio
import contextlib
import datetime as dt
import shutil
import time
from collections.abc import AsyncIterator, Collection, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from starlette.concurrency import run_in_threadpool

from skyshield.app.asked import AT_PLAY, COMPILING, WRITING, run_request
from skyshield.app.folder import BusyError, Folder, UnknownError
from skyshield.app.ordered import keep, ordered
from skyshield.app.orders import KEY_DIGITS, Order, manifest_of, order_again, order_of_study, there
from skyshield.app.pipe import Job, Worker
from skyshield.core.errors import MACHINE, SkyShieldError
from skyshield.study.already import Already, size_words
from skyshield.study.plan import SHARD_VECTORS, arm_replications, missing_shards
from skyshield.study.words import between, duration, size, two_digits

QUEUED, PLAYING, STOPPING, STOPPED, DONE, FAILED = "queued", "playing", "stopping", "stopped", "done", "failed"
UNDER_WAY = (QUEUED, PLAYING, STOPPING)
MOST_QUEUED = 50
# What was foreseen in a second, while nothing else was going on, may come to: other work on the machine, and what a
# process loads the first time that it stores a study and writes its report (6.6 s foreseen, 32 s taken).
_SLOWER, _FIRST_S = 2.0, 20.0
_TRUSTED_SHARE = 0.1  # of the blocks that are to be played, until what was foreseen is forgotten


@dataclass
class Run:
    """A study that is played, waits to be, or was.

    Attributes
    ----------
    study
        Its id, which is the run's.
    phase
        While it plays: ``compiling``, ``playing`` or ``writing``; empty before it does.
    done, total, before
        Blocks; `before` were stored when it began.
    raid_days
        Played since it began.
    number
        Of the latest state.
    """

    study: str
    order: Order
    state: str = QUEUED
    phase: str = ""
    done: int = 0
    total: int = 0
    before: int = 0
    raid_days: int = 0
    playing_s: float = 0.0
    began: str | None = None
    begun_s: float | None = None
    wall_s: float = 0.0
    restarts: int = 0
    ahead: dict[str, Any] | None = None
    error: dict[str, Any] | None = None
    job: Job | None = None
    number: int = 1
    changed: asyncio.Condition = field(default_factory=asyncio.Condition)

    @property
    def under_way(self) -> bool:
        """Whether it goes on, or will."""
        return self.state in UNDER_WAY

    @property
    def share(self) -> float:
        """How much of the study is there, from 0 to 1."""
        return 1.0 if self.state == DONE else min(1.0, self.done / self.total) if self.total else 0.0

    @property
    def rate(self) -> float:
        """Raid-days a second, since it began to play them."""
        return self.raid_days / self.playing_s if self.playing_s > 0 else 0.0

    def elapsed_s(self) -> float:
        """Return how long it has played."""
        return self.wall_s + (0.0 if self.begun_s is None else time.monotonic() - self.begun_s)

    def left_s(self) -> float | None:
        """Return how long it will play yet, by its blocks so far, and before there are many by what was foreseen."""
        if self.state not in (PLAYING, STOPPING) or self.phase == WRITING:
            return None
        played, to_play = self.done - self.before, self.total - self.before
        by_rate = None
        if self.phase == AT_PLAY and played > 0 and self.playing_s > 0:
            by_rate = self.playing_s * (self.total - self.done) / played
        foreseen_s: float | None = None if self.ahead is None else self.ahead.get("wall_s")
        if foreseen_s is None:
            return by_rate
        by_plan = max(0.0, foreseen_s - self.elapsed_s())
        if by_rate is None:
            return by_plan
        weight = min(1.0, played / to_play / _TRUSTED_SHARE)
        return weight * by_rate + (1.0 - weight) * by_plan

    def take(self, said: Mapping[str, Any]) -> None:
        """Note what the worker says."""
        if "lost" in said:
            self.restarts, self.phase = self.restarts + 1, ""
        for name in ("phase", "done", "total", "before", "raid_days", "playing_s"):
            if name in said:
                setattr(self, name, said[name])

    async def newer(self, number: int) -> None:
        """Wait for a state newer than one."""
        async with self.changed:
            await self.changed.wait_for(lambda: self.number > number)

    async def tell(self) -> None:
        """Let those who wait know that there is a new state."""
        async with self.changed:
            self.number += 1
            self.changed.notify_all()

    def plain(self, place: int = 0) -> dict[str, Any]:
        """Return the state as data; `place` is that in the queue, from 1."""
        order, left_s = self.order, self.left_s()
        return {
            "id": self.study, "study": self.study, "state": self.state, "phase": self.phase, "place": place,
            "scenario": order.scenario, "title": order.title, "vectors": order.vectors,
            "replications": order.replications, "seed": order.seed, "days": order.days, "options": order.n_options,
            "study_key": order.key, "done": self.done, "total": self.total, "share": round(self.share, 4),
            "raid_days": self.raid_days, "raid_days_per_s": two_digits(self.rate) if self.rate else None,
            "began": self.began, "wall_s": round(self.elapsed_s(), 1),
            "left_s": None if left_s is None else two_digits(left_s), "ahead": self.ahead, "restarts": self.restarts,
            "error": self.error, "command": order.command(self.study), "moves": dict(order.moves),
            "number": self.number, "told": told(self, place), "size": (
                f"{size_words(order.vectors, order.replications)}, {order.days} days, {order.n_options} options, "
                f"seed {order.seed}")}


def told(run: Run, place: int) -> str:
    """Say in a sentence how a run is."""
    left_s = run.left_s()
    left = "" if left_s is None else f", about {duration(left_s)} left"
    blocks = f"{run.done:,} of {run.total:,} blocks" if run.total else "nothing"
    stored = f"{blocks} are stored" if run.total else "nothing is stored yet"
    if run.state == QUEUED:
        return f"Number {place} in the queue" + (f"; {stored}." if run.total else ".")
    if run.state == DONE:
        return "Done." if run.began is None else f"Done in {duration(run.elapsed_s())}."
    if run.state in (STOPPED, FAILED):
        resuming = "resuming goes on from there" if run.total else "resuming begins it"
        return f"{run.state.capitalize()}; {stored}, and {resuming}."
    rate = f", {two_digits(run.rate):,.0f} raid-days a second" if run.rate else ""
    at = {"": "The worker gets ready", COMPILING: "Worlds are compiled", AT_PLAY: f"{blocks} are played{rate}",
          WRITING: "The report is written"}
    stops = "; it stops after this block" if run.state == STOPPING else ""
    again = "; the worker had ended and was started again" if run.restarts else ""
    return f"{at[run.phase]}{left}{stops}{again}."


class Runs:
    """The runs of a server.

    Parameters
    ----------
    folder, worker
        Where studies lie, and who plays them.
    """

    def __init__(self, folder: Folder, worker: Worker) -> None:
        self._folder, self._worker = folder, worker
        begun = folder.studies()
        self._runs = {name: Run(name, order, state=STOPPED) for name, order in ordered(folder.path).items()
                      if name not in begun}
        self._queue: list[Run] = []
        self._player: asyncio.Task[None] | None = None
        self._aheads: dict[tuple[Any, ...], asyncio.Task[dict[str, Any]]] = {}

    async def all(self) -> list[dict[str, Any]]:
        """Return the runs: what plays, what waits, then what has ended, and studies that were left unfinished.

        The folder is looked through in a thread, so that a slow disk holds up nobody else.
        """
        found = await run_in_threadpool(_unfinished, self._folder, frozenset(self._runs))
        latest_first = [*reversed(self._runs.values())]
        mine = [*(run for run in latest_first if run.state in (PLAYING, STOPPING)), *self._queue,
                *(run for run in latest_first if not run.under_way)]
        return [*(run.plain(self._place(run)) for run in mine),
                *(run.plain() for run in found if run.study not in self._runs)]

    def plain(self, run: Run) -> dict[str, Any]:
        """Return a run as data."""
        return run.plain(self._place(run))

    def get(self, name: str) -> Run:
        """Return a run by its study's id.

        Raises
        ------
        UnknownError
            If there is none.
        """
        if (known := self._runs.get(name)) is not None:  # asked once: others may be put there meanwhile
            return known
        path = self._folder.studies().get(name)
        run = None if path is None else _left(name, path)
        if run is None:
            raise UnknownError(f"run {name!r}", "is not here", "choose one from /api/runs")
        return run

    def order_of(self, name: str, vectors: int | None, replications: int | None) -> Order:
        """Return the order of more of a study.

        Raises
        ------
        SkyShieldError
            If there is no such study, it plays or waits already, or cannot be of that size.
        """
        run = self._runs.get(name)
        if run is not None and run.under_way:
            raise _is_busy(name)
        path = self._folder.studies().get(name)
        if path is not None:
            order = order_of_study(path, vectors, replications)
            known = run is not None and run.order.key == order.key
            return replace(run.order, plain=None, vectors=order.vectors, replications=order.replications) \
                if run is not None and known else order
        if run is None:
            raise UnknownError(f"study {name!r}", "is not in the folder", "choose one from /api/runs")
        return order_again(run.order, vectors, replications)

    async def add(self, order: Order, study: str | None = None) -> Run:
        """Put an order at the end of the queue; return its run.

        Raises
        ------
        BusyError
            If the study plays already, or too many wait.
        """
        if len(self._queue) >= MOST_QUEUED:
            raise BusyError("runs", f"are {MOST_QUEUED} that wait", "wait, or take some out of the queue")
        if study is not None and study in self._runs and self._runs[study].under_way:
            raise _is_busy(study)
        name = study or self._folder.free_study(f"{order.scenario}-{order.key[:KEY_DIGITS]}", self._runs)
        run = self._runs.get(name)
        if run is None:
            run = Run(name, order)
        run.order, run.state, run.phase, run.error = order, QUEUED, "", None
        run.began, run.wall_s, run.raid_days, run.playing_s, run.restarts = None, 0.0, 0, 0.0, 0
        self._note_stored(run)
        foreseen = self._aheads.get(_key(order))
        run.ahead = None
        if foreseen is not None and _is_good(foreseen):
            run.ahead = _missing(foreseen.result(), run.share)
        self._runs.pop(name, None)  # to the end of the list
        self._runs[name] = run
        self._queue.append(run)
        if self._player is None or self._player.done():
            self._player = asyncio.create_task(self._play())
        self._keep()
        await run.tell()
        return run

    async def stop(self, name: str) -> Run:
        """Take a run out of the queue, or end it between two blocks; one of which nothing is stored is let go of."""
        run = self.get(name)
        if run.state == QUEUED:
            self._queue.remove(run)
            await self._end(run, STOPPED)
            for other in self._queue:
                await other.tell()
        elif run.state == PLAYING and run.job is not None:
            run.state = STOPPING
            self._worker.stop(run.job)
            await run.tell()
        elif run.state in (STOPPED, FAILED) and name not in self._folder.studies():
            self._runs.pop(name, None)
            self._keep()
        return run

    async def follow(self, run: Run, after: int, every_s: float) -> AsyncIterator[tuple[int, dict[str, Any]] | None]:
        """Yield the latest state whenever there is a newer one, until the run has ended; None if nothing new is said.

        Parameters
        ----------
        after
            Number of the last state that the reader has; one that there is not yet counts as none.
        every_s
            How long to wait for a newer one before None.
        """
        seen = after if after <= run.number else 0
        while True:
            if run.number > seen:
                seen = run.number
                yield seen, self.plain(run)
            if not run.under_way and run.number == seen:
                return
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(run.newer(seen), every_s)
            if run.number == seen:
                yield None

    async def ahead(self, order: Order, study: str | None = None) -> dict[str, Any]:
        """Return what lies ahead of an order: raid-days, seconds, bytes; of a study that is stored what is missing.

        Raises
        ------
        SkyShieldError
            If the worker cannot tell.
        """
        key = _key(order)
        task = self._aheads.get(key)
        if task is None or (task.done() and not _is_good(task)):
            task = self._aheads[key] = asyncio.create_task(self._foresee(order, study))
            while len(self._aheads) > MOST_QUEUED:
                self._aheads.pop(next(iter(self._aheads)))
        whole = await asyncio.shield(task)
        path = None if study is None else self._folder.studies().get(study)
        ahead = _missing(whole, 0.0 if path is None else _stored_share(path, order))
        free = shutil.disk_usage(self._folder.path).free
        return {**ahead, "disk_free_bytes": free, "told": _ahead_words(ahead, free)}

    async def _foresee(self, order: Order, study: str | None) -> dict[str, Any]:
        job = await self._worker.begin(self._request("foresee", order, study), survives=True)
        found: dict[str, Any] = {}
        async for said in job.said():
            found |= said
        self._worker.forget(job)
        if job.error is not None:
            raise _error(job.error)
        return found

    def _request(self, do: str, order: Order, study: str | None) -> dict[str, Any]:
        folder = None if study is None else str(self._folder.path / study)
        return run_request(do, order.plain, folder, (order.vectors, order.replications), order.seed)

    def _place(self, run: Run) -> int:
        return self._queue.index(run) + 1 if run in self._queue else 0

    async def _play(self) -> None:
        """Play one after another, as long as there are any."""
        while self._queue:
            run = self._queue.pop(0)
            try:
                await self._play_one(run)
            except SkyShieldError as error:
                await self._end(run, FAILED, {"where": error.where, "what": error.what, "remedy": error.remedy})
            except Exception as error:  # noqa: BLE001 - a fault of ours must not hold up those that wait
                await self._end(run, FAILED, {"where": "run", "remedy": "report it",
                                              "what": f"met a fault of the program ({type(error).__name__})"})

    async def _play_one(self, run: Run) -> None:
        run.state, run.began, run.begun_s = PLAYING, _now(), time.monotonic()
        run.job = await self._worker.begin(self._request("run", run.order, run.study), survives=True)
        await run.tell()
        for other in self._queue:
            await other.tell()
        async for said in run.job.said():
            if said.get("done", 0) > run.done:
                run.job.deaths = 0  # a worker that gets on is no worker that cannot play this
            run.take(said)
            await run.tell()
        job, run.job = run.job, None
        self._worker.forget(job)
        error = None if job.error is None else {name: job.error[name] for name in ("where", "what", "remedy")}
        await self._end(run, job.ended or FAILED, error)

    async def _end(self, run: Run, state: str, error: dict[str, Any] | None = None) -> None:
        run.wall_s, run.begun_s = run.elapsed_s(), None
        run.state, run.phase, run.error, run.job = state, "", error, None
        self._note_stored(run)
        if state == STOPPED and run.began is None and self._path(run.study) is None:
            self._runs.pop(run.study, None)
        self._keep()
        await run.tell()

    def _path(self, study: str) -> Path | None:
        """Return where a study lies; None if nothing of it is stored, or the folder is gone."""
        try:
            return self._folder.studies().get(study)
        except SkyShieldError:
            return None

    def _keep(self) -> None:
        """Write down what is ordered and not stored yet; on a full disk a new server will not know of it."""
        with contextlib.suppress(SkyShieldError):
            begun = self._folder.studies()
            keep(self._folder.path, {name: run.order for name, run in self._runs.items()
                                     if run.state != DONE and name not in begun})

    def _note_stored(self, run: Run) -> None:
        """Say of a run that does not play how much of its study lies in the folder."""
        path = self._path(run.study)
        stored = None if path is None else there(path)
        run.done, run.total = (0, 0) if stored is None else _blocks(stored, run.order)
        run.before = run.done


def _unfinished(folder: Folder, known: Collection[str]) -> list[Run]:
    """Return the studies of a folder that are not whole, but for those that this server knows of."""
    return [run for name, path in folder.studies().items()
            if name not in known and (run := _left(name, path, unfinished=True)) is not None]


def _left(name: str, path: Path, unfinished: bool = False) -> Run | None:
    """Return the run of a study that lies in the folder and that this server has not played; None if it is none.

    With `unfinished` a study that is whole is none.
    """
    try:
        if unfinished and manifest_of(path)["complete"]:
            return None
        order = order_of_study(path)
    except SkyShieldError:
        return None
    stored = there(path)
    run = Run(name, order, state=DONE if stored is not None and stored.complete else STOPPED)
    if stored is not None:
        run.done, run.total = _blocks(stored, order)
    return run


def _blocks(stored: Already, order: Order) -> tuple[int, int]:
    """Return how many blocks are stored of those that an order plays, as far as they can be told before it does."""
    sizes = arm_replications(stored.arms, order.replications)
    done = sum(len(shard.blocks()) for shard in stored.shards)
    left = missing_shards(sizes, order.vectors, stored.shards, SHARD_VECTORS)
    return done, done + sum(len(shard.blocks()) for shard in left)


def _stored_share(path: Path, order: Order) -> float:
    stored = there(path)
    if stored is None:
        return 0.0
    done, total = _blocks(stored, order)
    return done / total if total else 0.0


def _missing(whole: Mapping[str, Any], stored: float) -> dict[str, Any]:
    """Return what lies ahead of a study of which a share is stored."""
    left = 1.0 - stored
    high_s = _SLOWER * whole["wall_s"] * left + (_FIRST_S if left > 0.0 else 0.0)
    return {**whole, "wall_s": two_digits(whole["wall_s"] * left), "wall_high_s": two_digits(high_s),
            "disk_bytes": two_digits(whole["disk_bytes"] * left), "raid_days": round(whole["raid_days"] * left),
            "stored_share": round(stored, 4)}


def _is_busy(study: str) -> BusyError:
    return BusyError(f"study {study!r}", "plays or waits to be played", "stop it first, or wait until it is done")


def _ahead_words(ahead: Mapping[str, Any], free_bytes: float) -> str:
    """Say what lies ahead.

    Examples
    --------
    >>> _ahead_words({"wall_s": 340.0, "wall_high_s": 700.0, "disk_bytes": 3.2e7, "raid_days": 61_000,
    ...               "stored_share": 0.4}, 2e7)
    'About 5.7 to 12 minutes here and 32 MB on disk, which has only 20 MB left, for 61,000 raid-days; 40% is stored.'
    """
    short = f", which has only {size(free_bytes)} left," if ahead["disk_bytes"] > free_bytes else ""
    stored = f"; {100 * ahead['stored_share']:.0f}% is stored" if ahead["stored_share"] else ""
    if ahead["stored_share"] == 1.0:
        return "All of it is stored: there is nothing to play."
    return (f"About {between(ahead['wall_s'], ahead['wall_high_s'])} here and {size(ahead['disk_bytes'])} on "
            f"disk{short} for {ahead['raid_days']:,} raid-days{stored}.")


def _key(order: Order) -> tuple[Any, ...]:
    return order.key, order.vectors, order.replications


def _is_good(task: "asyncio.Task[dict[str, Any]]") -> bool:
    return task.done() and not task.cancelled() and task.exception() is None


def _error(plain: Mapping[str, Any]) -> SkyShieldError:
    return SkyShieldError(plain["where"], plain["what"], plain["remedy"], plain.get("exit_code", MACHINE))


def _now() -> str:
    return dt.datetime.now(dt.UTC).isoformat(timespec="seconds")
