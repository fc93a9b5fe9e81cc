"""What the worker says of a run, and that it ends, waits and goes on when it is told to."""

import threading
import time

import pytest

from skyshield.app import playing
from skyshield.app.playing import Playing, _Told
from skyshield.core.errors import SkyShieldError
from skyshield.study.runner import Moment
from skyshield.study.stopping import StudyStoppedError


def moment(done, total, raid_days):
    return Moment(done, total, raid_days, None)


def test_raid_days_of_the_parts_of_a_study_add_up(monkeypatch):
    monkeypatch.setattr(playing, "_EVERY_S", 0.0)
    said = []
    told = _Told(lambda data: said.append(data))
    for one in (moment(5, 9, 10), moment(9, 9, 40), moment(10, 12, 3), moment(12, 12, 9)):
        told(one)
    assert [one["raid_days"] for one in said] == [10, 40, 43, 49]
    assert {one["before"] for one in said} == {4}
    assert [(one["done"], one["total"]) for one in said] == [(5, 9), (9, 9), (10, 12), (12, 12)]
    assert all(one["phase"] == "playing" for one in said)


def test_a_run_says_how_far_it_is_a_few_times_a_second_and_at_its_end(monkeypatch):
    monkeypatch.setattr(playing, "_EVERY_S", 60.0)
    said = []
    told = _Told(lambda data: said.append(data["done"]))
    told._said_s = time.monotonic()
    for done in range(1, 1001):
        told(moment(done, 1000, done))
    assert said == [1000]


@pytest.fixture
def heard():
    """Have what the worker says, and a worker that is warm and plays what a test gives it."""
    said: list[dict] = []
    worker = Playing(lambda **words: said.append(words))
    worker._warm.set()
    return worker, said


def until(said, job):
    end_s = time.monotonic() + 10.0
    while not (found := [one for one in said if one.get("job") == job and "ended" in one]):
        assert time.monotonic() < end_s
        time.sleep(0.005)
    return found[0]


@pytest.mark.parametrize(("raised", "ended", "code", "what"), [
    (None, "done", None, None), (StudyStoppedError(), "stopped", None, None),
    (SkyShieldError("a", "is b", "do c"), "failed", 2, "is b"),
    (OSError(28, "No space left on device"), "failed", 3, "the disk is full"),
    (MemoryError(), "failed", 3, "the memory is used up"),
    (ZeroDivisionError("x"), "failed", 3, "met a fault of the program (ZeroDivisionError: x)")])
def test_however_a_run_ends_the_next_is_played(heard, raised, ended, code, what):
    worker, said = heard

    def play(request):
        if request["job"] == 1 and raised is not None:
            raise raised

    threading.Thread(target=worker._serve, args=(playing.RUN, play), daemon=True).start()
    worker.take({"do": "run", "job": 1})
    worker.take({"do": "run", "job": 2})
    first = until(said, 1)
    assert first["ended"] == ended
    assert (first.get("error", {}).get("exit_code"), first.get("error", {}).get("what")) == (code, what)
    assert until(said, 2)["ended"] == "done"


def test_one_stopped_before_its_turn_is_not_played(heard):
    worker, said = heard
    played = []
    worker.take({"do": "run", "job": 1})
    worker.take({"do": "stop", "job": 1})
    threading.Thread(target=worker._serve, args=(playing.RUN, played.append), daemon=True).start()
    assert until(said, 1)["ended"] == "stopped"
    assert played == []


def test_blocks_wait_while_a_preview_plays_and_go_on_when_it_is_told_to_stop(heard):
    worker, _ = heard
    stop = threading.Event()
    played: list[int] = []
    map_ = worker._map(stop.is_set)

    def all_of_them():
        for block, _ in map_(lambda block: played.append(block), range(100)):
            del block

    with worker._gate.shut():
        thread = threading.Thread(target=all_of_them, daemon=True)
        thread.start()
        time.sleep(0.3)
        assert played == []
        stop.set()
        thread.join(5)
        assert not thread.is_alive(), "what is to stop waits for a preview"
    stop.clear()
    played.clear()
    all_of_them()
    assert sorted(played) == list(range(100))


def test_a_stop_that_comes_after_its_job_has_ended_leaves_nothing(heard):
    worker, said = heard
    threading.Thread(target=worker._serve, args=(playing.RUN, lambda _: None), daemon=True).start()
    for job in range(1, 50):
        worker.take({"do": "run", "job": job})
        until(said, job)
        worker.take({"do": "stop", "job": job})
    worker.take({"do": "run", "job": 50})
    until(said, 50)
    end_s = time.monotonic() + 5.0
    while worker._stops._events and time.monotonic() < end_s:
        time.sleep(0.005)
    assert worker._stops._events == {}
