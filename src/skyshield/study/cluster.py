"""Blocks played on a Dask cluster: the workers return arrays, this process alone writes.

The function with its worlds is a task of its own, so that the scheduler can make it again wherever a worker that held
it has died; a block that was under way there is played again, with the same draws. Blocks come back in any order and
are added up in a fixed one, so the bytes are those of threads. Every worker must have this very version of the model:
each checks it before it plays.
"""

import contextlib
import itertools
import logging
import platform
import warnings
from collections.abc import Callable, Generator, Iterable, Iterator
from functools import lru_cache
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

from skyshield.core.errors import MACHINE, SkyShieldError
from skyshield.study.key import model_sha256
from skyshield.study.maps import Played
from skyshield.study.plan import Block

if TYPE_CHECKING:
    from distributed import Client, Future

LOCAL, LOOPBACK = "local", "127.0.0.1"
CONNECT_S, WORKERS_S = 10, 60
_AHEAD = 3  # blocks under way for each thread of a worker
_SAME = ("numpy", "numba", "scipy")


@lru_cache(maxsize=1)
def made_with() -> tuple[str, ...]:
    """Return what must agree between this process and a worker for the bytes to be the same."""
    return (f"model {model_sha256()[:16]}", f"Python {'.'.join(platform.python_version_tuple()[:2])}",
            *(f"{name} {version(name)}" for name in _SAME), platform.machine())


@contextlib.contextmanager
def connected(address: str, jobs: int) -> Iterator["Client"]:
    """Connect to a cluster; `local` starts one of `jobs` processes on this machine, and ends it.

    The local one listens on 127.0.0.1 only, and talks through TLS with a certificate that nobody else has.

    Raises
    ------
    SkyShieldError
        If dask.distributed is not installed, nothing answers at the address, or no worker comes.
    """
    try:
        from distributed import Client
    except ImportError:
        raise SkyShieldError(f"--dask {address}", "needs dask.distributed, which is not installed",
                             "install skyshield[cluster], or play on threads with --jobs") from None
    logging.getLogger("distributed").setLevel(logging.CRITICAL)  # what went wrong is told in one line, by us
    with contextlib.ExitStack() as stack:
        try:
            if address == LOCAL:
                client = stack.enter_context(Client(stack.enter_context(_local_cluster(jobs)), timeout=CONNECT_S))
            else:
                client = stack.enter_context(Client(address, timeout=CONNECT_S))
        except (OSError, ValueError, TypeError, RuntimeError) as error:
            raise SkyShieldError(f"--dask {address}", f"cannot be reached ({error})",
                                 "give 'local' or a scheduler's address, like tcp://127.0.0.1:8786") from None
        try:
            client.wait_for_workers(1, timeout=WORKERS_S)
        except TimeoutError:
            raise SkyShieldError(f"--dask {address}", f"has had no worker for {WORKERS_S} s",
                                 "start workers, then run the same command again", MACHINE) from None
        yield client


def _local_cluster(jobs: int) -> Any:
    import dask.config
    from distributed import LocalCluster
    from distributed.security import Security

    no_pages: dict[str, list[str]] = {f"distributed.{part}.http.routes": [] for part in ("scheduler", "worker")}
    with dask.config.set(no_pages):
        return LocalCluster(n_workers=jobs, threads_per_worker=1, host=LOOPBACK, dashboard_address=f"{LOOPBACK}:0",
                            worker_dashboard_address=f"{LOOPBACK}:0", protocol="tls", security=Security.temporary(),
                            silence_logs=logging.CRITICAL)


def dask_map(function: Callable[[Block], Played], blocks: Iterable[Block],
             client: "Client") -> Generator[tuple[Block, Played]]:
    """Play blocks on a cluster; yield (block, tally) as they come. A worker that dies costs what it had under way.

    Raises
    ------
    SkyShieldError
        If a worker has another version, the cluster is lost, or one block kills every worker it is given to.
    """
    from distributed import CancelledError, KilledWorker, as_completed
    from distributed.comm.core import CommClosedError

    waiting: dict[Future[Played], Block] = {}
    todo = iter(blocks)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", UserWarning)  # that the worlds are large; they are sent once
            remote = client.submit(_keep, function, made_with(), pure=False)
            ready = as_completed(raise_errors=False)
            while True:
                free = _AHEAD * max(1, sum(client.nthreads().values())) - len(waiting)
                for block in itertools.islice(todo, max(0, free)):
                    future = client.submit(_play, remote, block, pure=False)
                    waiting[future] = block
                    ready.add(future)
                if not waiting:
                    return
                future = next(ready)
                yield waiting.pop(future), future.result()
    except KilledWorker:
        raise SkyShieldError("--dask", "a block killed every worker that was given it",
                             "give the workers more memory and run the same command again", MACHINE) from None
    except (CommClosedError, CancelledError, OSError) as error:
        raise SkyShieldError("--dask", f"the cluster was lost ({type(error).__name__})",
                             "run the same command again, a study with --out goes on", MACHINE) from None


def _keep(function: Callable[[Block], Played], requested: tuple[str, ...]) -> Callable[[Block], Played]:
    """Hold the function on a worker; refuse one that would not play the same."""
    _check(requested)
    return function


def _check(requested: tuple[str, ...]) -> None:
    here = made_with()
    if here != requested:
        other = ", ".join(f"{mine} (there {theirs})" for mine, theirs in zip(requested, here, strict=True)
                          if mine != theirs)
        raise SkyShieldError("--dask", f"a worker has another version: {other}",
                             "install the same versions on all machines")


def _play(function: Callable[[Block], Played], block: Block) -> Played:
    return function(Block(*block))
