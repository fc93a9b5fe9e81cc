"""The worker as the server sees it: started, heard, killed, started again, given up."""

import asyncio
import contextlib
import os
import signal
import sys
import textwrap

import pytest

from skyshield.app import pipe
from skyshield.app.pipe import COMMAND, GONE, READY, RESTARTING, STARTING, Worker
from skyshield.core.errors import SkyShieldError
from support.application import is_alive

# A worker that answers a preview at once, plays a run for ever, and ends with its input.
PLAYS = """
    import json, os, sys, time
    def say(**said):
        sys.stdout.write(json.dumps(said) + "\\n")
        sys.stdout.flush()
    say(event="starting")
    print("hello from a library", flush=True)
    print("[1, 2]", flush=True)
    say(event="ready")
    for line in sys.stdin:
        asked = json.loads(line)
        if asked["do"] == "quit":
            break
        if asked["do"] == "stop":
            say(job=asked["job"], ended="stopped")
        elif asked["do"] == "preview":
            say(job=asked["job"], data={"stage": 1, "pid": os.getpid()})
            say(job=asked["job"], data={"stage": 2})
            say(job=asked["job"], ended="done")
        elif asked["do"] == "die":
            os._exit(7)
        elif asked["do"] == "shout":
            sys.stdout.write("x" * 200_000 + "\\n")
            sys.stdout.flush()
        else:
            say(job=asked["job"], data={"done": 1, "total": 9, "pid": os.getpid()})
"""


def python(code):
    return sys.executable, "-c", textwrap.dedent(code)


def tried(worker, trial, within_s=20):
    """Run a trial on a worker that is started, and closed afterwards."""
    async def go():
        worker.start()
        try:
            return await asyncio.wait_for(trial(worker), within_s)
        finally:
            await asyncio.wait_for(worker.close(), 5)

    return asyncio.run(go())


async def state(worker, *wanted):
    while worker.state not in wanted:
        await asyncio.sleep(0.01)


async def heard(job):
    return [data async for data in job.said()]


def test_what_it_says_is_heard_in_order_and_what_others_print_is_passed_over():
    async def trial(worker):
        assert worker.status()["state"] == STARTING
        job = await worker.begin({"do": "preview"})
        told = await heard(job)
        assert [one["stage"] for one in told] == [1, 2]
        assert told[0]["pid"] == worker.pid == worker.status()["pid"]
        assert (job.ended, job.error) == ("done", None)
        worker.forget(job)
        assert worker.status() == {"state": READY, "detail": "", "restarts": 0, "pid": worker.pid}
        return worker.pid

    assert not is_alive(tried(Worker(python(PLAYS)), trial))


def test_a_job_can_be_stopped_and_forgotten():
    async def trial(worker):
        job = await worker.begin({"do": "run"}, survives=True)
        await state(worker, READY)
        assert worker.status()["state"] == "playing"
        worker.stop(job)
        await heard(job)
        assert job.ended == "stopped"
        other = await worker.begin({"do": "run"}, survives=True)
        worker.forget(other)
        assert worker.status()["state"] == READY

    tried(Worker(python(PLAYS)), trial)


def test_killed_it_says_so_and_is_started_again_and_the_run_goes_on():
    async def trial(worker):
        run = await worker.begin({"do": "run"}, survives=True)
        told = run.said()
        first = await anext(told)
        await state(worker, READY)
        preview = await worker.begin({"do": "nothing of this kind ends"})
        seen = []
        worker.on_change = lambda: seen.append((worker.state, worker.detail))
        os.kill(first["pid"], signal.SIGKILL)
        assert await heard(preview) == [] or preview.ended == "failed"
        assert preview.error == {"where": "worker", "what": "ended by signal 9",
                                 "remedy": "it is started again; move the lever once more"}
        second = await anext(told)
        assert second.get("lost"), second
        while second.get("pid") in (None, first["pid"]):
            second = await anext(told)
        await state(worker, READY)
        assert seen[0][0] == RESTARTING
        assert "ended by signal 9" in seen[0][1]
        assert "starting" not in [one for one, _ in seen]
        assert (worker.restarts, run.ended, worker.pid) == (1, None, second["pid"])
        assert not is_alive(first["pid"])

    tried(Worker(python(PLAYS)), trial)


def test_progress_is_merged_while_nobody_reads():
    async def trial():
        job = pipe.Job(1, {}, survives=True)
        for done in range(10_000):
            await job.tell({"done": done})
        await job.tell({"phase": "writing"})
        await job.tell(ended="done")
        assert await heard(job) == [{"done": 9999, "phase": "writing"}]
        envelope = pipe.Job(3, {})
        for done in range(10_000):
            await envelope.tell({"phase": "playing", "done": done, "total": 10_000})
        assert len(envelope.unread) == 1
        await envelope.tell({"final": True, "envelope": {}})
        await envelope.tell(ended="done")
        assert await heard(envelope) == [{"phase": "playing", "done": 9999, "total": 10_000},
                                         {"final": True, "envelope": {}}]
        stages = pipe.Job(2, {})
        for stage in (1, 2):
            await stages.tell({"stage": stage})
        await stages.tell(ended="done")
        await stages.tell(ended="failed", error={"where": "x", "what": "y", "remedy": "z"})
        assert await heard(stages) == [{"stage": 1}, {"stage": 2}]
        assert (stages.ended, stages.error) == ("done", None)

    asyncio.run(trial())


@pytest.mark.parametrize(("command", "words"), [
    (("/nowhere/python",), "No such file"), (("/etc/passwd",), "Permission denied"),
    (python("raise RuntimeError('there is no kernel')"), "there is no kernel"), (python(""), "it ends at once"),
    (python("import os, signal\nos.kill(os.getpid(), signal.SIGSEGV)"), "it ends at once")])
def test_one_that_cannot_be_started_is_said_to_be_gone_and_not_tried_for_ever(command, words):
    async def trial(worker):
        await state(worker, GONE)
        assert words in worker.status()["detail"]
        with pytest.raises(SkyShieldError, match="cannot be started") as caught:
            await worker.begin({"do": "preview"})
        assert caught.value.exit_code == 3
        return worker.restarts

    assert tried(Worker(command), trial) <= 3


def test_who_waits_for_one_that_cannot_be_started_is_told():
    async def trial(worker):
        waiting = await worker.begin({"do": "run"}, survives=True)
        await heard(waiting)
        assert waiting.ended == "failed"
        assert waiting.error["what"] == "cannot be started: no kernel"

    tried(Worker(python("raise SystemExit('no kernel')")), trial)


def test_a_request_that_ends_the_worker_each_time_is_given_up_and_the_worker_is_not():
    async def trial(worker):
        deadly = await worker.begin({"do": "die"}, survives=True)
        await heard(deadly)
        assert deadly.ended == "failed"
        assert "ended by code 7 3 times" in deadly.error["what"]
        job = await worker.begin({"do": "preview"})
        assert len(await heard(job)) == 2

    tried(Worker(python(PLAYS)), trial)


def test_one_that_dies_again_and_again_is_given_up():
    async def trial(worker):
        while worker.state != GONE:
            with contextlib.suppress(SkyShieldError):
                await heard(await worker.begin({"do": "die"}))
        assert worker.restarts == 5

    tried(Worker(python(PLAYS)), trial)


def test_a_line_without_end_costs_the_worker_not_the_server(monkeypatch):
    monkeypatch.setattr(pipe, "_LINE_BYTES", 2**16)

    async def trial(worker):
        loud = await worker.begin({"do": "shout"})
        await heard(loud)
        assert loud.ended == "failed"
        assert [one["stage"] for one in await heard(await worker.begin({"do": "preview"}))] == [1, 2]

    tried(Worker(python(PLAYS)), trial)


def test_it_ends_at_once_even_if_it_listens_to_nobody():
    deaf = python("import signal, time, json\nsignal.signal(signal.SIGTERM, signal.SIG_IGN)\n"
                  "print(json.dumps({'event': 'ready'}), flush=True)\ntime.sleep(60)")

    async def trial(worker):
        await state(worker, READY)
        job = await worker.begin({"do": "run"}, survives=True)
        begin_s = asyncio.get_running_loop().time()
        pid = worker.pid
        reader = asyncio.create_task(heard(job))
        await worker.close()
        assert asyncio.get_running_loop().time() - begin_s < 1.5
        await reader
        assert job.error["what"] == "ends"
        with pytest.raises(SkyShieldError, match="ends"):
            await worker.begin({"do": "preview"})
        return pid

    assert not is_alive(tried(Worker(deaf), trial))


def test_closing_before_it_was_started_and_twice_is_well():
    async def trial():
        worker = Worker(python(PLAYS))
        await worker.close()
        started = Worker(python(PLAYS))
        started.start()
        await started.close()
        await started.close()

    asyncio.run(trial())


def test_it_imports_nothing_that_lies_where_the_user_stands(tmp_path, monkeypatch):
    for name in ("queue", "skyshield", "numpy"):
        (tmp_path / f"{name}.py").write_text("raise SystemExit('taken from the working directory')\n", "utf-8")
    monkeypatch.chdir(tmp_path)

    async def trial(worker):
        await state(worker, READY, GONE, "compiling")
        assert worker.state != GONE, worker.detail
        assert worker.restarts == 0

    assert COMMAND[0] == sys.executable
    tried(Worker(COMMAND), trial, within_s=120)
