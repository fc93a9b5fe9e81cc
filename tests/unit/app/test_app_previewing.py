"""Previews of a tab: the newer one stays, whichever is checked first."""

import asyncio
import json
import math
import threading

import pytest

from skyshield.app import previewing
from skyshield.app.door import Keys
from skyshield.app.folder import Folder
from skyshield.app.pipe import Worker
from skyshield.app.routes import previews
from skyshield.app.server import routed
from skyshield.app.services import Services
from skyshield.study import memory


class Silent(Worker):
    """A worker that is given jobs and says nothing."""

    def __init__(self):
        super().__init__()
        self.sent = []

    def _send(self, line):
        self.sent.append(line)

    @property
    def jobs(self):
        return self._jobs


@pytest.fixture
def worker():
    return Silent()


@pytest.fixture
def app(tmp_path, worker):
    with Folder(tmp_path) as folder:
        yield routed(Services(folder, Keys(1), worker))


def posted(app, days, gone):
    """Ask for a preview of a tab; `gone` is set when its reader goes."""
    body = json.dumps({"set": {"days": days}}).encode()
    given = []

    async def receive():
        if not given:
            given.append(True)
            return {"type": "http.request", "body": body, "more_body": False}
        await gone.wait()
        return {"type": "http.disconnect"}

    async def send(message):
        pass

    scope = {"type": "http", "asgi": {"spec_version": "2.3"}, "http_version": "1.1", "method": "POST", "scheme": "http",
             "path": "/api/preview", "raw_path": b"/api/preview", "query_string": b"", "root_path": "",
             "headers": [(b"content-type", b"application/json"), (b"x-tab", b"one")], "server": ("127.0.0.1", 1)}
    return app(scope, receive, send)


def test_the_newer_of_two_previews_stays_if_the_older_is_checked_more_slowly(app, worker, monkeypatch):
    held, asked = threading.Event(), previews._asked

    def slowly(services, name, moves, options=None):
        if moves["days"] == 5:
            held.wait(10)
        return asked(services, name, moves, options)

    monkeypatch.setattr(previews, "_asked", slowly)

    async def trial():
        gone = asyncio.Event()
        older = asyncio.create_task(posted(app, 5, gone))
        await asyncio.sleep(0.05)
        newer = asyncio.create_task(posted(app, 6, gone))
        while len(worker.jobs) < 1:
            await asyncio.sleep(0.01)
        held.set()
        while len(worker.jobs) < 2:
            await asyncio.sleep(0.01)
        await asyncio.sleep(0.05)
        told = [(job.request["scenario"]["days"], job.stopping) for job in worker.jobs.values()]
        gone.set()
        await asyncio.gather(older, newer)
        return told

    assert asyncio.run(trial()) == [(6, False), (5, True)]
    assert not worker.jobs


@pytest.mark.parametrize("body", [{}, {"stages": [[1, 1]]}])
def test_who_leaves_while_the_first_line_is_sent_leaves_no_job(app, worker, body):
    async def trial():
        sent = asyncio.Event()
        given = []

        async def receive():
            if not given:
                given.append(True)
                return {"type": "http.request", "body": json.dumps(body).encode(), "more_body": False}
            await sent.wait()
            return {"type": "http.disconnect"}

        async def send(message):
            sent.set()
            await asyncio.sleep(60)  # the line is full: the head of the answer never gets away

        scope = {"type": "http", "asgi": {"spec_version": "2.3"}, "http_version": "1.1", "method": "POST",
                 "scheme": "http", "path": "/api/preview", "raw_path": b"/api/preview", "query_string": b"",
                 "root_path": "", "headers": [(b"content-type", b"application/json"), (b"x-tab", b"one")],
                 "server": ("127.0.0.1", 1)}
        await asyncio.wait_for(app(scope, receive, send), 20)
        assert worker.jobs == {}
        assert worker.sent[-1]["do"] == "stop"

    asyncio.run(trial())


def test_a_preview_beyond_its_memory_is_refused(ask, monkeypatch):
    def refused(stage):
        answer = ask("POST", "/api/preview", [("content-type", "application/json")],
                     json.dumps({"stages": [stage]}).encode())
        return answer.status, answer.json()

    for stage in ([1000, 5], [200, 50], [65_536, 1]):
        status, said = refused(stage)
        assert (status, said["where"]) == (400, "stages")
        assert "MB of memory, of which a preview may take 500" in said["what"]
        assert said["remedy"] == "ask for fewer, or run a study of that size"
    monkeypatch.setattr(memory, "free_bytes", lambda: 50e6)
    status, said = refused([200, 5])
    assert (status, said["where"]) == (507, "stages")
    assert "of which 50 are free" in said["what"]


def test_the_lab_is_refused_what_is_not_free_alone(ask, monkeypatch):
    """It names no stages: whoever has sixty options cannot ask for fewer vectors there."""
    monkeypatch.setattr(previews, "PREVIEWS_MB", 1.0)
    monkeypatch.setattr(memory, "free_bytes", lambda: 50e6)
    for body, status in (({"stages": [[200, 5]]}, 400), ({}, 507)):
        answer = ask("POST", "/api/preview", [("content-type", "application/json")], json.dumps(body).encode())
        assert answer.status == status, body


def test_what_is_free_is_read_from_the_system(monkeypatch, tmp_path):
    assert 1e7 < memory.free_bytes() < 1e14
    for text, expected in (("MemTotal: 9 kB\nMemAvailable:   1000 kB\n", 1_024_000.0), ("MemTotal: 9 kB\n", math.inf),
                           ("MemAvailable: x kB\n", math.inf)):
        (tmp_path / "meminfo").write_text(text, "ascii")
        monkeypatch.setattr(memory, "_MEMORY", tmp_path / "meminfo")
        assert memory.free_bytes() == expected
    monkeypatch.setattr(memory, "_MEMORY", tmp_path / "nowhere")
    assert memory.free_bytes() == math.inf


def test_what_answers_have_freed_is_given_back_now_and_then(app, monkeypatch):
    """Tried to fail: given back after every preview, and never."""
    given_back = []
    monkeypatch.setattr(previewing, "give_back", lambda: given_back.append(True))

    async def trial():
        for _ in range(2 * previewing._EVERY + 1):
            gone = asyncio.Event()
            gone.set()
            await posted(app, 5, gone)

    asyncio.run(trial())
    assert len(given_back) == 2
