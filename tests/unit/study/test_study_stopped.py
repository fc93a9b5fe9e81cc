"""A study that is stopped: no thread is left, what is whole is stored, and running it again ends with the same bytes.

Seen to fail: `stopped` never asked; a gate that is always open.
"""

import functools
import threading

import pytest

from skyshield.core.errors import FAILED
from skyshield.study import runner
from skyshield.study.maps import Gate, gated, thread_map
from skyshield.study.runner import run
from skyshield.study.stopping import StudyStoppedError
from support.command_line import hashes, leftovers
from support.studies import resolved, scenario

SEED, SIZE = 5, {"vectors": 3, "replications": 130}


@pytest.fixture(scope="module")
def asked():
    return resolved(scenario(days=1))


@pytest.fixture(scope="module")
def whole(asked, tmp_path_factory):
    folder = tmp_path_factory.mktemp("whole") / "study"
    run(asked, SEED, out=folder, map=functools.partial(thread_map, jobs=2), **SIZE)
    return hashes(folder)


class After:
    """Stops once so many blocks are done."""

    def __init__(self, most):
        self.most, self.done = most, 0

    def __call__(self):
        return self.done >= self.most

    def count(self, moment):
        self.done += 1


@pytest.mark.parametrize("most", [0, 1, 5, 13])
def test_stopped_and_resumed(asked, whole, most, tmp_path):
    stop, folder, before = After(most), tmp_path / "study", threading.active_count()
    with pytest.raises(StudyStoppedError) as caught:
        run(asked, SEED, out=folder, map=functools.partial(thread_map, jobs=2), progress=stop.count, stopped=stop,
            **SIZE)
    assert threading.active_count() == before, "a thread is left while the error is held"
    assert (caught.value.exit_code, stop.done) == (FAILED, most)
    stored = {path.name for path in folder.glob("shards/a*.parquet")}
    clock_before = {path: path.stat().st_mtime_ns for path in folder.glob("shards/a*.parquet")}
    run(asked, SEED, out=folder, map=functools.partial(thread_map, jobs=2), **SIZE)
    assert hashes(folder) == whole and not leftovers(folder)
    assert all(path.stat().st_mtime_ns == stamp for path, stamp in clock_before.items()), "played twice"
    assert most < 13 or stored


@pytest.mark.parametrize(("asks", "compiled"), [(1, 0), (2, 0), (3, 1)])
def test_it_is_asked_before_and_after_each_long_step_of_compiling(asked, monkeypatch, asks, compiled):
    told, made = [], []
    compile_ = runner.ArmCompiler.compile
    monkeypatch.setattr(runner.ArmCompiler, "compile", lambda self, ends: made.append(1) or compile_(self, ends))
    with pytest.raises(StudyStoppedError):
        run(asked, SEED, stopped=lambda: told.append(1) or len(told) >= asks, **SIZE)
    assert (len(told), len(made)) == (asks, compiled)


def test_nothing_is_kept_without_a_folder(asked):
    with pytest.raises(StudyStoppedError, match="was stopped"):
        run(asked, SEED, stopped=lambda: True, **SIZE)


def test_a_gate_holds_a_study_up():
    gate, played, passed = Gate(), [], threading.Event()
    map_ = gated(functools.partial(thread_map, jobs=2), gate)

    def play():
        for block, _ in map_(lambda block: block, range(8)):
            played.append(block)
        passed.set()

    with gate.shut():
        thread = threading.Thread(target=play)
        thread.start()
        assert not passed.wait(0.3)
        assert played == []
    assert passed.wait(5.0)
    thread.join()
    assert sorted(played) == list(range(8))


def test_a_gate_lets_a_study_go_that_is_to_stop():
    gate, stop = Gate(), threading.Event()
    with gate.shut():
        thread = threading.Thread(target=gate.wait, args=(stop.is_set,))
        thread.start()
        stop.set()
        thread.join(5.0)
        assert not thread.is_alive()
