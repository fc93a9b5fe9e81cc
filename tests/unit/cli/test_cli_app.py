"""``skyshield app``: one line once it answers, then it serves; told to end it ends, whatever it is at."""

import contextlib
import os
import signal
import socket
import subprocess
import tempfile
from pathlib import Path

import pytest

from support.application import is_alive, memory_mib, served, stubbed, waited
from support.command_line import NOBODY, SKYSHIELD, refused, skyshield

END_S = 2.0  # within which it ends


def children(pid):
    """Return the processes that a process has started and that go on."""
    return [int(one) for one in Path(f"/proc/{pid}/task/{pid}/children").read_text("ascii").split()
            if is_alive(int(one))]


def test_the_line_says_where_it_is_and_it_answers(tmp_path):
    with served(tmp_path / "new" / "folder") as server:
        assert set(server.told) == {"url", "token", "port", "pid"}
        assert server.told["pid"] == server.process.pid
        assert server.told["url"] == f"http://127.0.0.1:{server.port}/?token={server.told['token']}"
        assert server.ask("GET", "/healthz").json() == {"ok": True}
        assert server.ask("GET", "/lab.json").json()["scenario"] == "month"
        assert (tmp_path / "new" / "folder").is_dir()
        worker = waited(server.worker_pid)
        assert children(server.process.pid) == [worker]
        code, took_s = server.leave()
        assert (code, took_s < END_S) == (0, True), took_s
        assert not is_alive(worker)
        out, err = server.process.stdout.read(), server.process.stderr.read()
        assert (out, err) == ("", "")
        with pytest.raises(ConnectionRefusedError):
            socket.create_connection(("127.0.0.1", server.port))


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_it_ends_in_time_with_a_stream_open_and_the_worker_at_work(tmp_path, number):
    with served(tmp_path) as server:
        worker = waited(server.worker_pid)
        with socket.create_connection(("127.0.0.1", server.port)) as line:
            line.sendall(server.request("POST", "/api/preview", b'{"scenario": "month"}'))
            assert line.recv(9) == b"HTTP/1.1 "
            server.process.send_signal(number)
            code, took_s = server.leave(number)  # and once more, as an impatient user does
        assert (code, took_s < END_S) == (0, True), took_s
        assert not is_alive(worker)
        assert server.process.stderr.read() == ""


def test_it_ends_in_time_while_it_compiles(tmp_path):
    with served(tmp_path / "folder", env={"XDG_CACHE_HOME": str(tmp_path / "kernels")}) as server:
        waited(lambda: server.ask("GET", "/api/worker").json()["state"] == "compiling")
        assert "compiled" in server.ask("GET", "/api/worker").json()["detail"]
        assert server.ask("GET", "/lab.json").json()["figures"] is not None  # meanwhile
        worker = server.worker_pid()
        code, took_s = server.leave()
        assert (code, took_s < END_S) == (0, True), took_s
        assert not is_alive(worker)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_it_ends_while_it_is_still_loading(tmp_path, number):
    process = subprocess.Popen([SKYSHIELD, "app", str(tmp_path), "--json"], stdout=subprocess.PIPE,
                               stderr=subprocess.PIPE)
    waited(lambda: "/numpy/" in Path(f"/proc/{process.pid}/maps").read_text("utf-8"))
    process.send_signal(number)
    assert process.communicate(timeout=10)[1] == b""
    assert process.returncode == 0


def test_killed_it_leaves_no_worker_and_the_folder_is_free(tmp_path):
    with served(tmp_path) as server:
        worker = waited(server.worker_pid)
        server.process.kill()
        server.process.wait()
        waited(lambda: not is_alive(worker), END_S)
    with served(tmp_path) as server:
        assert server.ask("GET", "/healthz").status == 200


def test_a_killed_worker_is_said_to_be_and_started_again(tmp_path):
    with served(tmp_path) as server:
        first = waited(server.worker_pid)
        os.kill(first, signal.SIGKILL)
        told = waited(lambda: (now := server.ask("GET", "/api/worker").json())["restarts"] == 1 and now)
        assert told["state"] in ("restarting", "compiling", "ready")
        second = waited(lambda: (pid := server.worker_pid()) != first and pid)
        assert is_alive(second)
        assert "signal 9" in told["detail"] or told["state"] != "restarting"


def test_two_on_one_folder_or_one_port_is_one_too_many(tmp_path):
    with served(tmp_path / "a") as server:
        refused(skyshield("app", tmp_path / "a", "--json"), 2, "is in use by another server", str(tmp_path / "a"))
        done = skyshield("app", tmp_path / "b", "--json", "--port", server.port)
        refused(done, 2, f"port {server.port}: is taken")
        assert not (tmp_path / "b").exists()


@pytest.mark.parametrize("port", ["-1", "65536", "99999999999999999999", "x", "1.5", ""])
def test_a_port_that_there_is_not(tmp_path, port):
    refused(skyshield("app", tmp_path / "b", "--json", "--port", port), 2, "--port")
    assert not (tmp_path / "b").exists()


def test_a_folder_that_is_a_file_or_a_study(tmp_path):
    (tmp_path / "file").write_text("x", "utf-8")
    (tmp_path / "study").mkdir()
    (tmp_path / "study" / "study.json").write_text("{}", "utf-8")
    refused(skyshield("app", tmp_path / "file", "--json"), 2, "is a file")
    refused(skyshield("app", tmp_path / "file" / "x", "--json"), 2, "lies under one")
    refused(skyshield("app", tmp_path / "study"), 2, "is itself a study")
    refused(skyshield("app", tmp_path, tmp_path), 2, "unexpected extra argument")
    refused(skyshield("app", tmp_path, "--host", "127.0.0.2"), 2, "--host")


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become somebody who may not write here")
def test_a_folder_of_somebody_else():
    before = ("setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups")
    with tempfile.TemporaryDirectory() as folder:  # the tests' own folder is closed to others, on any of its levels
        place = Path(folder)
        place.chmod(0o755)
        (place / "owned").mkdir(mode=0o755)
        for name, words in (("owned", "may not be written to"), ("owned/new", "permission denied")):
            refused(skyshield("app", place / name, "--json", before=before), 3, words)


def test_the_server_holds_no_compiler_and_the_worker_does(tmp_path):
    with served(tmp_path) as server:
        server.ask("GET", "/lab.json")
        server.ask("POST", "/api/check", {"scenario": "month", "set": {"days": 10}})
        server.ask("POST", "/api/bounds", {"scenario": "month", "set": {}})
        server.ask("GET", "/")
        held = Path(f"/proc/{server.process.pid}/maps").read_text("utf-8")
        assert "llvmlite" not in held
        assert "numba" not in held
        waited(lambda: "llvmlite" in Path(f"/proc/{server.worker_pid()}/maps").read_text("utf-8"))
        assert memory_mib(server.process.pid) < 140


def test_the_token_is_in_no_log_and_no_command_line(tmp_path):
    with served(tmp_path) as server:
        token = server.told["token"]
        server.ask("GET", f"/?token={token}", headers={"Authorization": ""})
        server.ask("GET", f"/nothing?token={token}")
        server.raw(f"GET /?token={token} HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n".encode(), 1)
        for pid in (server.process.pid, waited(server.worker_pid)):
            for what in ("cmdline", "environ"):
                assert token.encode() not in Path(f"/proc/{pid}/{what}").read_bytes()
        server.leave()
        assert token not in server.process.stdout.read() + server.process.stderr.read()
        assert not [path for path in tmp_path.rglob("*") if path.is_file()]


def test_without_json_it_says_how_to_open_and_to_end_it(tmp_path):
    process = subprocess.Popen([SKYSHIELD, "app", str(tmp_path), "--no-open"], stdout=subprocess.PIPE,
                               stderr=subprocess.PIPE, encoding="utf-8", env={**os.environ, "PYTHONUNBUFFERED": "1"})
    try:
        lines = [process.stdout.readline(), process.stdout.readline()]
        assert lines[0].startswith("SkyShield: http://127.0.0.1:")
        assert str(tmp_path) in lines[1]
        assert "Ctrl-C" in lines[1]
    finally:
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=10)
    assert process.returncode == 0


def test_a_browser_that_does_not_return_holds_nobody_up(tmp_path):
    opened = tmp_path / "opened"
    browser = tmp_path / "browser"
    browser.write_text(f"#!/bin/sh\necho \"$1\" > {opened}\nexec sleep 30\n", "utf-8")
    browser.chmod(0o755)
    process = subprocess.Popen([SKYSHIELD, "app", str(tmp_path / "folder")], stdout=subprocess.PIPE,
                               stderr=subprocess.PIPE, encoding="utf-8", start_new_session=True,
                               env={**os.environ, "BROWSER": str(browser), "PYTHONUNBUFFERED": "1"})
    try:
        url = process.stdout.readline().split()[1]
        assert waited(lambda: opened.exists() and opened.read_text("utf-8")) == f"{url}\n"
        port = int(url.split(":")[2].split("/")[0])
        with socket.create_connection(("127.0.0.1", port), timeout=10) as line:
            line.sendall(f"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n\r\n".encode())
            assert line.recv(12) == b"HTTP/1.1 200"
        process.send_signal(signal.SIGTERM)
        assert process.wait(10) == 0
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)  # the group that this test made
        process.communicate()


def test_an_answer_that_takes_long_does_not_keep_it_from_ending(tmp_path):
    change = ("import time\nfrom skyshield.app.routes import lab\n"
              "lab.bounds = lambda *_: print('it takes long', file=sys.stderr, flush=True) or time.sleep(30)")
    with stubbed(tmp_path, change) as server, socket.create_connection(("127.0.0.1", server.port)) as line:
        line.sendall(server.request("POST", "/api/bounds", b'{"scenario": "month"}'))
        assert server.process.stderr.readline() == "it takes long\n"
        code, took_s = server.leave()
    assert (code, took_s < END_S) == (0, True), took_s
