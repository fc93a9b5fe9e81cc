"""The server on its socket: readers who stop, uploads that are too large, what is no HTTP, ten tabs at once."""

import contextlib
import errno
import gzip
import http.client
import json
import os
import socket
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from skyshield.app import serve
from skyshield.core.errors import SkyShieldError
from support.application import read_all, request_bytes, stubbed, waited

MIB = 2**20
LET_GO_S = 1.0
COMPILED_S = 500  # within which the kernels are compiled on a machine that has much else to do
ESTABLISHED = "01"


@pytest.fixture(scope="module")
def hasty(tmp_path_factory):
    """Return what a server told that lets a reader go after a second."""
    with stubbed(tmp_path_factory.mktemp("hasty"), f"serve.LET_GO_S = {LET_GO_S}") as server:
        yield server.told


def held(told, line):
    """Say whether a server still holds its end of a connection."""
    ends = f":{told['port']:04X}", f":{line.getsockname()[1]:04X}"
    rows = [row.split() for row in Path("/proc/net/tcp").read_text("ascii").splitlines()[1:]]
    return any(row[1].endswith(ends[0]) and row[2].endswith(ends[1]) and row[3] == ESTABLISHED for row in rows)


def connected(told, receive_bytes=None):
    line = socket.socket()
    if receive_bytes:
        line.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_bytes)
    line.settimeout(30)
    line.connect(("127.0.0.1", told["port"]))
    return line


def quick(told):
    """Return the seconds that a small answer takes."""
    begin_s = time.monotonic()
    with connected(told) as line:
        line.sendall(request_bytes(told, "GET", "/healthz"))
        assert line.recv(12) == b"HTTP/1.1 200"
    return time.monotonic() - begin_s


def test_a_reader_who_stops_reading_is_let_go_and_holds_nobody_up(hasty):
    with connected(hasty) as line:
        line.sendall(request_bytes(hasty, "GET", "/lab.json"))  # what the first answer takes is not measured
        assert line.recv(12) == b"HTTP/1.1 200"
    with connected(hasty, 4096) as line:
        line.sendall(request_bytes(hasty, "GET", "/lab.json") * 40)  # more than lies in the buffers of the system
        begin_s = time.monotonic()
        assert held(hasty, line)
        assert quick(hasty) < LET_GO_S
        waited(lambda: not held(hasty, line))
        assert time.monotonic() - begin_s > LET_GO_S / 2
        got = read_all(line)
    assert 0 < got.count(b"HTTP/1.1 200") < 40


def test_a_reader_who_reads_slowly_may(hasty):
    with connected(hasty, 4096) as line:
        line.sendall(request_bytes(hasty, "GET", "/lab.json") * 8 + request_bytes(hasty, "GET", "/nothing"))
        got, begin_s = b"", time.monotonic()
        while b"404 Not Found" not in got:
            more = line.recv(2**15)
            assert more
            got += more
            if time.monotonic() - begin_s < 3 * LET_GO_S:
                time.sleep(0.05)
        assert time.monotonic() - begin_s > 2 * LET_GO_S
        assert got.count(b"HTTP/1.1 200") == 8


@pytest.mark.parametrize("path", ["/api/scenarios/large", "/api/check", "/nothing"])
@pytest.mark.parametrize("chunked", [False, True])
def test_an_upload_of_50_mb_is_refused_and_takes_no_memory(server, path, chunked):
    body = b"# " + b"x" * (50 * MIB)
    before_mib = server.memory_mib()
    most_mib, over = 0.0, threading.Event()

    def watch():
        nonlocal most_mib
        while not over.wait(0.01):
            most_mib = max(most_mib, server.memory_mib())

    watching = threading.Thread(target=watch)
    watching.start()
    line = http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)
    with contextlib.closing(line):
        kind = "application/json" if path == "/api/check" else "application/yaml"
        method = "PUT" if "scenarios" in path else "POST"
        parts = (body[k:k + MIB] for k in range(0, len(body), MIB)) if chunked else body
        line.request(method, path, parts, {**server.bearer, "Content-Type": kind}, encode_chunked=chunked)
        got = line.getresponse()
        told = json.loads(got.read())
    over.set()
    watching.join()
    wanted = 415 if path == "/nothing" else 413
    assert (got.status, set(told)) == (wanted, {"where", "what", "remedy"})
    assert got.getheader("connection") == "close"
    limit_mib = (33 if path == "/api/scenarios/large" and chunked else 2) + 20  # of what else it does meanwhile
    assert most_mib - before_mib < limit_mib, (before_mib, most_mib)
    assert list(server.folder.iterdir()) == []


def test_an_upload_within_the_limit_is_read_and_judged(server):
    answer = server.ask("PUT", "/api/scenarios/large", b"# " + b"x" * (20 * MIB), {"Content-Type": "application/yaml"})
    assert answer.status == 400
    assert "is over the limit of 4 MiB" in answer.json()["what"]


def head_of(server, *lines):
    return "\r\n".join([*lines, f"Host: 127.0.0.1:{server.port}",
                        f"Authorization: Bearer {server.told['token']}"]).encode() + b"\r\n"


def told(got):
    """Return status, headers and plain data of the bytes of an answer."""
    head, _, body = got.partition(b"\r\n\r\n")
    status, *lines = head.decode("latin-1").split("\r\n")
    return int(status.split()[1]), {line.split(": ")[0].lower(): line.split(": ", 1)[1] for line in lines}, body


BROKEN = {
    "no HTTP": b"hello\r\n\r\n", "two hosts": b"GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
    "no host": b"GET /healthz HTTP/1.1\r\n\r\n", "TLS": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"\0" * 200,
    "a flood of headers": b"GET / HTTP/1.1\r\n" + b"X: y\r\n" * 20_000,
    "a long header": b"GET / HTTP/1.1\r\nX: " + b"y" * 10**6,
    "a long address": b"GET /" + b"x" * 10**6 + b" HTTP/1.1\r\n",
    "lengths that differ": b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n",
    "a negative length": b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n",
    "a folded header": b"GET / HTTP/1.1\r\n X: y\r\n\r\n", "a control character": b"GET /\x01 HTTP/1.1\r\n\r\n",
    "letters beyond ASCII": "GET /é HTTP/1.1\r\n\r\n".encode(),
}


@pytest.mark.parametrize("text", BROKEN.values(), ids=BROKEN)
def test_what_is_no_http_is_refused_in_the_same_shape(server, text):
    status, headers, body = told(server.raw(text))
    assert status == 400
    assert set(json.loads(body)) == {"where", "what", "remedy"}
    assert headers["content-type"] == "application/json"
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["content-security-policy"].startswith("default-src 'none'")
    assert server.ask("GET", "/healthz").status == 200


def test_a_length_that_lies_reaches_no_other_request(server):
    body = b'{"scenario": "month"}'
    head = head_of(server, "POST /api/bounds HTTP/1.1", "Content-Type: application/json")
    short = server.raw(head + b"Content-Length: 5\r\n\r\n" + body, 3)
    assert told(short)[0] == 400
    assert short.count(b"HTTP/1.1 400") == short.count(b"HTTP/1.1 ")  # the rest is no request
    assert server.raw(head + b"Content-Length: 500\r\n\r\n" + body, 1) == b""  # it waits for more
    both = server.raw(head + b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n15\r\n" + body
                      + b"\r\n0\r\n\r\n", 3)
    assert both.count(b"HTTP/1.1 ") == 1
    assert server.ask("GET", "/healthz").status == 200


def test_a_whole_address_an_upgrade_and_an_old_version(server):
    for first in (f"GET http://127.0.0.1:{server.port}/healthz HTTP/1.1", "GET http://evil.example/ HTTP/1.1",
                  "OPTIONS * HTTP/1.1"):
        assert told(server.raw(head_of(server, first) + b"\r\n", 1))[0] == 400
    up = head_of(server, "GET /lab.json HTTP/1.1", "Upgrade: websocket", "Connection: Upgrade",
                 "Sec-WebSocket-Version: 13", "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==")
    assert told(server.raw(up + b"\r\n", 1))[0] == 200
    assert told(server.raw(b"GET /healthz HTTP/1.0\r\n\r\n", 1))[0] == 421
    assert told(server.raw(head_of(server, "TRACE /healthz HTTP/1.1", "Cookie: a=b") + b"\r\n", 1))[0] == 405


def test_a_range_is_not_cut_out(server):
    for target in ("/static/skyshield.css", "/lab.json", "/"):
        whole = server.ask("GET", target)
        part = server.ask("GET", target, headers={"Range": "bytes=0-9", "If-Range": "x"})
        assert (part.status, len(part.body)) == (200, len(whole.body))
        assert part.header("content-range") is None
        assert part.header("accept-ranges") is None
    many = server.ask("GET", "/static/skyshield.css", headers={"Range": "bytes=" + ",".join(["0-1"] * 2000)})
    assert many.status == 200


def test_a_packed_body_is_not_unpacked(server):
    packed = gzip.compress(b" " * (50 * MIB))
    answer = server.ask("POST", "/api/check", packed, {"Content-Type": "application/json", "Content-Encoding": "gzip"})
    assert answer.status == 415


def test_a_sender_who_expects_to_be_told_is(server):
    head = head_of(server, "POST /api/bounds HTTP/1.1", "Content-Type: application/json", "Expect: 100-continue")
    assert server.raw(head + b"Content-Length: 21\r\n\r\n", 1).startswith(b"HTTP/1.1 100 ")
    assert told(server.raw(head + b"Content-Length: 9999999\r\n\r\n", 1))[0] == 413


def test_the_cookie_serves_a_browser(server):
    line = http.client.HTTPConnection("127.0.0.1", server.port, timeout=30)
    with contextlib.closing(line):
        line.request("GET", f"/?token={server.told['token']}&view=map")
        got = line.getresponse()
        got.read()
        assert (got.status, got.getheader("location")) == (303, "/?view=map")
        own = got.getheader("set-cookie").partition(";")[0]
        line.request("GET", "/lab.json", headers={"Cookie": own})
        got = line.getresponse()
        assert got.status == 200
        got.read()


def streamed(server, tab, days, stages=((1, 1),)):
    """Play a preview, and return all that came of it."""
    line = http.client.HTTPConnection("127.0.0.1", server.port, timeout=240)
    with contextlib.closing(line):
        line.request("POST", "/api/preview", json.dumps({"scenario": "month", "set": {"days": days}, "stages": stages}),
                     {**server.bearer, "Content-Type": "application/json", "X-Tab": tab})
        got = line.getresponse()
        assert got.status == 200
        assert got.getheader("content-type").startswith("text/event-stream")
        return [json.loads(row.removeprefix(b"data: ")) for row in got.read().split(b"\n\n") if row]


def test_ten_tabs_at_once_each_have_their_own_numbers(server):
    waited(lambda: server.ask("GET", "/api/worker").json()["state"] in ("ready", "playing"), COMPILED_S)
    with ThreadPoolExecutor(10) as tabs:
        asked = {days: tabs.submit(streamed, server, f"tab-{days}", days, [[1, 1], [2, 1]]) for days in range(2, 12)}
        assert server.ask("GET", "/healthz").status == 200
        for days, one in asked.items():
            stages = one.result()
            assert [row["stage"] for row in stages] == [1, 2], stages
            assert {row["days"] for row in stages} == {days}
    assert server.ask("GET", "/api/worker").json()["state"] == "ready"


def test_a_newer_move_of_a_tab_ends_the_older(server):
    waited(lambda: server.ask("GET", "/api/worker").json()["state"] == "ready", COMPILED_S)
    with ThreadPoolExecutor(2) as pool:
        older = pool.submit(streamed, server, "one", 30, [[40, 1], [400, 2], [450, 4]])
        waited(lambda: server.ask("GET", "/api/worker").json()["state"] == "playing", 60)
        newer = pool.submit(streamed, server, "one", 2)
        assert newer.result()[-1]["final"]
        assert older.result()[-1] == {"ended": "a newer move"}


def test_who_goes_away_leaves_no_work_behind(server):
    waited(lambda: server.ask("GET", "/api/worker").json()["state"] == "ready", COMPILED_S)
    with socket.create_connection(("127.0.0.1", server.port)) as line:
        line.sendall(server.request("POST", "/api/preview", json.dumps(
            {"scenario": "month", "stages": [[400, 2], [450, 4]]}).encode()))
        waited(lambda: server.ask("GET", "/api/worker").json()["state"] == "playing")
    waited(lambda: server.ask("GET", "/api/worker").json()["state"] == "ready", 30)


@pytest.mark.parametrize(("number", "code", "words"), [
    (errno.EADDRINUSE, 2, "is taken"), (errno.EACCES, 3, "permission denied"),
    (errno.EMFILE, 3, "Too many open files")])
def test_a_port_that_cannot_be_had(monkeypatch, number, code, words):
    def bind(*_):
        raise OSError(number, os.strerror(number))

    class Refusing(socket.socket):
        pass

    Refusing.bind = bind
    monkeypatch.setattr(serve.socket, "socket", Refusing)
    with pytest.raises(SkyShieldError, match=words) as caught:
        serve.listen(99)
    assert caught.value.exit_code == code


@pytest.mark.parametrize("port", [-1, 65_536, 10**9])
def test_a_port_that_there_is_not(port):
    with pytest.raises(SkyShieldError, match="give a whole number from 0 to 65,535"):
        serve.listen(port)


def test_it_listens_on_this_machine_alone(server):
    rows = [line.split() for line in Path(f"/proc/{server.process.pid}/net/tcp").read_text("ascii").splitlines()[1:]]
    here = f"0100007F:{server.port:04X}"
    assert [row[1] for row in rows if row[1].endswith(f":{server.port:04X}") and row[3] == "0A"] == [here]
    six = Path(f"/proc/{server.process.pid}/net/tcp6").read_text("ascii")
    assert f":{server.port:04X} 0" not in six


def test_nothing_heavy_is_loaded_before_it_answers():
    script = ("import sys\nimport skyshield.app.serve\n"
              "print(*[name for name in ('numba', 'llvmlite', 'scipy', 'pandas', 'matplotlib', 'duckdb', 'pyarrow',"
              " 'xarray', 'shapely', 'pyproj', 'cryptography', 'pint') if name in sys.modules])")
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, encoding="utf-8", check=True)
    assert done.stdout == "\n"


TOLD_AT_THE_END = """
import asyncio, os, signal
from types import SimpleNamespace
from skyshield.app.serve import _leaving
from skyshield.app.signals import leave_when_told
leave_when_told()
async def go(leaves):
    loop = asyncio.get_running_loop()
    remove = loop.remove_signal_handler
    def removed(number):
        remove(number)
        os.kill(os.getpid(), number)  # just when nobody takes it
    loop.remove_signal_handler = removed
    with _leaving(SimpleNamespace(should_exit=leaves), SimpleNamespace(pid=None, is_alive=False)):
        pass
asyncio.run(go({leaves}))
print("left by itself")
"""


@pytest.mark.parametrize(("leaves", "said"), [(True, "left by itself\n"), (False, "")])
def test_a_signal_after_the_end_of_the_loop_is_no_failure(leaves, said):
    done = subprocess.run([sys.executable, "-c", TOLD_AT_THE_END.replace("{leaves}", str(leaves))], text=True,
                          capture_output=True, timeout=60, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, said, "")
