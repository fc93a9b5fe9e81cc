"""Worker processes: results in order, one line where one ends, and none left behind."""

import os
import signal
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import pytest

from skyshield.core.errors import SkyShieldError
from skyshield.monitoring.workers import ordered
from support.ledgers import is_there


def adder(common: int):
    """Return what a task does here: add, or come to harm."""
    def work(task: int | str) -> object:
        if task == "refuse":
            raise SkyShieldError("a task", "is refused", "give another")
        if task == "fail":
            raise RuntimeError(task)
        if task == "die":
            os.kill(os.getpid(), signal.SIGKILL)
        if task == "pid":
            return os.getpid()
        time.sleep(0.05 if task == 0 else 0.0)
        return common + int(task)
    return work


@pytest.mark.parametrize("jobs", [1, 2, 3])
def test_results_come_in_the_order_of_the_tasks(jobs):
    assert list(ordered(adder, 10, range(7), jobs)) == [10, 11, 12, 13, 14, 15, 16]
    assert list(ordered(adder, 10, [], jobs)) == []


def test_what_a_task_raises_comes_through_and_the_results_before_it():
    results = ordered(adder, 1, [1, "refuse", 2], 2)
    assert next(results) == 2
    with pytest.raises(SkyShieldError, match="a task: is refused"):
        next(results)


@pytest.mark.parametrize(("task", "how"), [("fail", "with 1"), ("die", "by signal 9")])
def test_a_worker_that_ends_is_one_line(task, how):
    results = ordered(adder, 1, [1, 2, task, 3, 4], 2)
    assert [next(results), next(results)] == [2, 3]
    with pytest.raises(SkyShieldError, match=how) as told:
        list(results)
    assert told.value.exit_code == 3 and "\n" not in str(told.value)


def test_a_broken_off_run_leaves_no_process():
    with closing(ordered(adder, 1, ["pid"] * 5, 2)) as results:
        pids = {next(results), next(results)}
        assert len(pids) == 2 and all(map(is_there, pids))
    assert not any(map(is_there, pids))


def test_killing_the_first_process_ends_the_others():
    script = ("from test_ledger_workers import adder\nfrom skyshield.monitoring.workers import ordered\nimport time\n"
              "results = ordered(adder, 1, ['pid'] * 9, 2)\nprint(next(results), next(results), flush=True)\n"
              "time.sleep(60)\n")
    path = os.pathsep.join([str(Path(__file__).parent), *sys.path])
    with subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True,
                          env={**os.environ, "PYTHONPATH": path}) as process:
        pids = list(map(int, process.stdout.readline().split()))
        assert len(pids) == 2 and all(map(is_there, pids))
        process.kill()
    limit_s = time.monotonic() + 20
    while any(map(is_there, pids)):
        assert time.monotonic() < limit_s, "a worker outlived the process that started it"
        time.sleep(0.02)


def test_a_module_in_the_working_folder_is_not_taken_for_pythons(tmp_path, monkeypatch):
    (tmp_path / "signal.py").write_text("raise SystemExit(7)\n")
    monkeypatch.chdir(tmp_path)
    assert list(ordered(adder, 1, [1, 2], 2)) == [2, 3]
