"""How commands play a study: on which threads or machines, and what a person who waits is shown."""

import contextlib
import functools
import sys
import time
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from skyshield.study import StudyResult
    from skyshield.study.maps import Map
    from skyshield.study.runner import Moment, Progress

_EVERY_S = 1.0
_MOST_ROWS = 12


def jobs_of(jobs: int | None) -> int:
    """Return the number of threads: what is asked, or all cores this process may use."""
    from skyshield.core.errors import SkyShieldError
    from skyshield.study.maps import MAX_JOBS, cores

    if jobs is None:
        return cores()
    if not 1 <= jobs <= MAX_JOBS:
        raise SkyShieldError("--jobs", f"is {jobs}", f"give a whole number from 1 to {MAX_JOBS}")
    return jobs


@contextlib.contextmanager
def player(jobs: int | None, dask: str | None) -> Iterator["Map"]:
    """Yield how blocks are played: on threads, or on a Dask cluster at an address.

    Raises
    ------
    SkyShieldError
        For a number of jobs or an address that cannot be, or a cluster that cannot be reached.
    """
    from skyshield.core.errors import SkyShieldError
    from skyshield.study.maps import thread_map

    if dask is None:
        yield functools.partial(thread_map, jobs=jobs_of(jobs))
        return
    from skyshield.study.cluster import LOCAL, connected, dask_map

    if jobs is not None and dask != LOCAL:
        raise SkyShieldError("--jobs", "is given with the address of a cluster, which has workers of its own",
                             "leave one of them out")
    with connected(dask, jobs_of(jobs)) as client:
        yield functools.partial(dask_map, client=client)


@contextlib.contextmanager
def study_progress(what: str, baseline: str | None = None) -> Iterator["Progress | None"]:
    """Show on standard error how a study goes on; None where nobody watches a terminal.

    A bar with the rate and the time left, and with a baseline under it what the primary measure looks like so far.
    """
    if not sys.stderr.isatty():
        yield None
        return
    _tell_first_run()
    from rich.console import Console, Group
    from rich.live import Live
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    bar = Progress(TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TextColumn("blocks"),
                   TextColumn("{task.fields[rate]}"), TimeRemainingColumn(), TextColumn("left"))
    task = bar.add_task(what, total=None, rate="")
    start_s, shown_s = time.monotonic(), -_EVERY_S
    with Live(bar, console=Console(stderr=True), transient=True, refresh_per_second=4) as live:
        def show(moment: "Moment") -> None:
            nonlocal shown_s
            now_s = time.monotonic()
            rate = moment.raid_days / max(now_s - start_s, 1e-9)
            bar.update(task, completed=moment.done, total=moment.total, rate=f"{rate:,.0f} raid-days/s")
            if baseline is not None and now_s - shown_s >= _EVERY_S:
                shown_s = now_s
                live.update(Group(bar, so_far(moment.result, baseline)))

        yield show


def _tell_first_run() -> None:
    """Say why nothing moves for a while if the engine is to be compiled first."""
    from skyshield.core.jit import is_ready
    from skyshield.engine.day import play_block

    if not is_ready(play_block):
        sys.stderr.write("the engine is compiled, once: a minute\n")
        sys.stderr.flush()


def so_far(result: "StudyResult", baseline: str) -> Any:
    """Return a table of the primary measure of every option by what is played so far."""
    from rich.console import Group
    from rich.table import Table

    from skyshield.cli.output import error, expected, figure
    from skyshield.study.compare import PRIMARY, differences
    from skyshield.study.summary import summarise

    table = Table(box=None, pad_edge=False)
    for name in ("option", "mean", "95% of expected outcome", "mcse"):
        table.add_column(name, justify="left" if name == "option" else "right", no_wrap=True)
    options = [option for option in result.options if option != baseline]
    for option in options[:_MOST_ROWS]:
        row = summarise(differences(result, option, baseline)[0], result.valid[0])
        table.add_row(option, figure(row["mean"]), expected(row), error(row["mcse"]))
    if len(options) > _MOST_ROWS:
        table.add_row(f"and {len(options) - _MOST_ROWS} more", "", "", "")
    return Group(f"{PRIMARY} minus {baseline} in {result.manifest['days']} days, by what is played so far:", table)
