"""Studies on a real Dask cluster: the bytes of threads, also when workers are killed in mid-run.

Tried to fail: the function scattered once instead of kept as a task (every worker killed: its data is lost and the run
never ends); a block played twice placed twice; the versions not compared. Each fails at least one test.
"""

import functools
import json
import os
import signal

import psutil
import pytest
from distributed import Client, LocalCluster

from skyshield.core.errors import BAD_INPUT, SkyShieldError
from skyshield.study import cluster as room
from skyshield.study import run
from skyshield.study.cluster import connected, dask_map
from support.command_line import hashes, skyshield
from support.studies import resolved, same_bytes, scenario

SIZE = {"seed": 3, "replications": 6, "vectors": 12}


@pytest.fixture(scope="module")
def asked():
    return resolved(scenario(days=2))


@pytest.fixture(scope="module")
def played(asked, tmp_path_factory):
    """The study on threads, and its folder."""
    folder = tmp_path_factory.mktemp("threads") / "study"
    return run(asked, **SIZE, out=folder), folder


@pytest.fixture(scope="module")
def workers():
    """A cluster of two processes, without a dashboard, and a client of it."""
    with LocalCluster(n_workers=2, threads_per_worker=1, host="127.0.0.1", dashboard_address="127.0.0.1:0",
                      silence_logs=50) as cluster, Client(cluster) as client:
        yield client


def pids(client):
    return set(client.run(os.getpid).values())


def test_the_bytes_are_those_of_threads(asked, played, workers, tmp_path):
    result = run(asked, **SIZE, out=tmp_path / "study", map=functools.partial(dask_map, client=workers))
    assert same_bytes(result.values, played[0].values)
    assert hashes(tmp_path / "study") == hashes(played[1])


@pytest.mark.parametrize("n_killed", [1, 2])
def test_killed_workers_lose_nothing(asked, played, workers, tmp_path, n_killed):
    before, killed = pids(workers), []

    def kill(moment):
        if moment.done == 4:
            for pid in sorted(before)[:n_killed]:
                os.kill(pid, signal.SIGKILL)
                killed.append(pid)

    result = run(asked, **SIZE, out=tmp_path / "study", map=functools.partial(dask_map, client=workers), progress=kill)
    workers.wait_for_workers(2, timeout=60)
    assert len(killed) == n_killed and not set(killed) & pids(workers)
    assert same_bytes(result.values, played[0].values)
    assert hashes(tmp_path / "study") == hashes(played[1])


def test_a_worker_of_another_version_is_refused(asked, workers, monkeypatch):
    monkeypatch.setattr(room, "made_with", lambda: ("model 0123", *room_versions[1:]))
    with pytest.raises(SkyShieldError, match="a worker has another version: model 0123") as error:
        run(asked, **SIZE, map=functools.partial(dask_map, client=workers))
    assert error.value.exit_code == BAD_INPUT


room_versions = room.made_with()


@pytest.mark.parametrize(("address", "what"), [
    ("tcp://127.0.0.1:1", "cannot be reached"), ("carrier-pigeon://x", "unknown address scheme"), ("", "cannot be")])
def test_addresses_that_lead_nowhere(address, what, monkeypatch):
    monkeypatch.setattr(room, "CONNECT_S", 1)
    with pytest.raises(SkyShieldError, match=what) as error, connected(address, 1):
        pass
    assert error.value.exit_code == BAD_INPUT and "give 'local' or a scheduler's address" in str(error.value)


def test_from_the_command_line(asked, workers, few, forked):
    words = ("run", few, "--vectors", 3, "--replications", 2, "--days", 2, "--json")
    on_threads, local = forked(*words), skyshield(*words, "--dask", "local", "--jobs", 1)
    far = forked(*words, "--dask", workers.scheduler.address)
    assert on_threads.returncode == local.returncode == far.returncode == 0
    assert local.stdout == far.stdout == on_threads.stdout and local.stderr == far.stderr == ""
    assert json.loads(far.stdout)["vectors"] == 3
    both = forked(*words, "--dask", workers.scheduler.address, "--jobs", 2)
    assert (both.returncode, both.stdout) == (BAD_INPUT, "")
    assert both.stderr.startswith("error: --jobs: is given with the address of a cluster")


def test_the_local_cluster_listens_on_loopback_only_and_speaks_tls():
    with connected("local", 1) as client:
        addresses = [client.scheduler.address, *client.scheduler_info()["workers"]]
        assert all(address.startswith("tls://127.0.0.1:") for address in addresses)
        process = psutil.Process()
        listening = {c.laddr.ip for one in (process, *process.children(recursive=True))
                     for c in one.net_connections() if c.status == psutil.CONN_LISTEN}
        assert listening == {"127.0.0.1"}
