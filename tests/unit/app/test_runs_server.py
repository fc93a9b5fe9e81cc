"""Runs in a server as its users start it: stopped, killed, resumed, extended; always the bytes of one command."""

import http.client
import json
import os
import shlex
import shutil
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from skyshield.study.maps import cores
from support.application import Served, served, waited
from support.command_line import hashes, leftovers
from support.forks import skyshield
from support.runs import ended, put_few, start, state, until

SIZE = {"scenario": "few", "set": {"days": 3}, "vectors": 8, "replications": 130, "seed": 5}
LONG = {"scenario": "few", "set": {"days": 30}, "vectors": 400, "replications": 130}


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    with served(tmp_path_factory.mktemp("runs")) as one:
        put_few(one, tmp_path_factory)
        yield one


def by_command(told: dict, server: Served, place: Path) -> dict[str, str]:
    """Run the command that a run names, on the file that it names; return the hashes of what it leaves."""
    place.mkdir()
    (place / f"{told['id']}.yaml").write_bytes(server.ask("GET", f"/api/runs/{told['id']}/yaml").body)
    program, *words = shlex.split(told["command"])
    assert program == "skyshield"
    done = skyshield(*words, cwd=place)
    assert done.returncode == 0, done.stderr
    return hashes(place / told["id"])


def plays(run):
    return run["phase"] == "playing" and run["done"] > run["total"] // 8


def test_a_run_stopped_and_its_worker_killed_has_the_bytes_of_its_command(server, tmp_path):
    name = start(server, **SIZE)
    until(server, name, plays)
    begin_s = time.monotonic()
    assert server.ask("DELETE", f"/api/runs/{name}").json()["state"] == "stopping"
    stopped = until(server, name, lambda run: run["state"] == "stopped")
    assert time.monotonic() - begin_s < 2.0
    assert stopped["share"] < 1.0
    assert server.ask("DELETE", f"/api/runs/{name}").json()["state"] == "stopped"

    assert start(server, study=name) == name
    again = server.ask("POST", "/api/runs", {"study": name})
    assert (again.status, again.json()["what"]) == (409, "plays or waits to be played")
    until(server, name, lambda run: run["phase"] == "playing")
    os.kill(server.worker_pid(), signal.SIGKILL)
    until(server, name, lambda run: run["restarts"] == 1)
    assert server.ask("GET", "/api/worker").json()["restarts"] == 1
    told = ended(server, name, "done")
    assert (told["restarts"], told["error"], told["share"]) == (1, None, 1.0)
    assert not leftovers(server.folder / name)
    assert hashes(server.folder / name) == by_command(told, server, tmp_path / "command")


def test_clauses_are_priced_as_by_the_command(server, tmp_path):
    name = start(server, scenario="few", set={"days": 1, "options.region.rules.standoff_front": None}, vectors=2,
                 replications=2, rules=True, options=["region"], label="A & <b> title")
    told = ended(server, name, "done")
    assert "--rules" in told["command"]
    assert hashes(server.folder / name) == by_command(told, server, tmp_path / "command")
    page = server.ask("GET", f"/runs/{name}").body.decode()
    assert "A &amp; &lt;b&gt; title" in page
    assert "<b> title" not in page


def test_a_study_is_extended_and_what_lies_ahead_is_what_is_missing(server, tmp_path):
    name = start(server, scenario="few", set={"days": 1}, vectors=3, replications=2, seed=8)
    ended(server, name, "done")
    same = server.ask("POST", "/api/runs", {"study": name, "dry_run": True}).json()["ahead"]
    assert (same["stored_share"], same["raid_days"], same["told"]) == (
        1.0, 0, "All of it is stored: there is nothing to play.")
    more = server.ask("POST", "/api/runs", {"study": name, "vectors": 6, "dry_run": True}).json()["ahead"]
    assert more["wall_s"] > 0
    assert more["raid_days"] > 0
    assert 0.0 < more["stored_share"] < 1.0
    assert start(server, study=name, vectors=6) == name
    told = ended(server, name, "done")
    assert (told["vectors"], told["replications"]) == (6, 2)
    there, whole = hashes(server.folder / name), by_command(told, server, tmp_path / "command")
    said = ("summary.json", "report.html", "annex.html", "parameters.parquet", "resolved.json")
    assert [there[file] for file in said] == [whole[file] for file in said]  # shards hold what was played at once
    other = server.ask("POST", "/api/runs", {"study": name, "seed": 9})
    assert (other.status, other.json()["where"]) == (400, "seed")


def test_a_preview_goes_first_and_the_run_waits_between_its_blocks(server):
    name = start(server, **LONG)
    until(server, name, plays_a_little)
    line = http.client.HTTPConnection("127.0.0.1", server.port, timeout=120)
    line.request("POST", "/api/preview", json.dumps({"scenario": "few", "set": {"days": 31}, "seed": 77}),
                 {**server.bearer, "Content-Type": "application/json"})
    answer = line.getresponse()
    first = json.loads(answer.readline().removeprefix(b"data: "))
    before = state(server, name)["done"]
    last = [json.loads(text.removeprefix(b"data: ")) for text in answer.read().splitlines() if text][-1]
    after = state(server, name)["done"]
    line.close()
    assert (first["stage"], last["final"]) == (1, True)
    assert after - before <= 3 * cores(), "a run played on while a preview did"
    until(server, name, lambda run: run["done"] > after)  # and then goes on
    server.ask("DELETE", f"/api/runs/{name}")
    ended(server, name, "stopped")


def plays_a_little(run):
    return run["phase"] == "playing" and run["done"] > 2


def test_a_stream_is_numbered_ends_with_the_run_and_is_not_asked_again(server):
    name = start(server, **{**SIZE, "seed": 6})
    line = http.client.HTTPConnection("127.0.0.1", server.port, timeout=120)
    line.request("GET", f"/api/runs/{name}/events", headers=server.bearer)
    answer = line.getresponse()
    assert answer.getheader("content-type").startswith("text/event-stream")
    events = [dict(part.split(": ", 1) for part in event.split("\n"))
              for event in answer.read().decode().split("\n\n") if event and not event.startswith(":")]
    line.close()
    numbers = [int(event["id"]) for event in events]
    assert numbers == sorted(set(numbers))
    assert json.loads(events[0]["data"])["state"] in ("queued", "playing")
    assert json.loads(events[-1]["data"])["state"] == "done"
    again = server.ask("GET", f"/api/runs/{name}/events", headers={"Last-Event-ID": str(numbers[-1])})
    assert (again.status, again.body) == (204, b"")
    late = server.ask("GET", f"/api/runs/{name}/events", headers={"Last-Event-ID": str(numbers[-2])})
    assert late.body.decode().startswith(f"id: {numbers[-1]}\ndata: ")
    assert late.body.count(b"data:") == 1


def test_a_study_left_by_a_server_that_was_killed_is_resumed_by_the_next(tmp_path_factory, tmp_path):
    folder = tmp_path_factory.mktemp("killed")
    with served(folder) as server:
        put_few(server, tmp_path_factory)
        name = start(server, **SIZE)
        until(server, name, plays)
        server.process.kill()
        server.process.wait()
    with served(folder) as server:
        listed = {run["id"]: run for run in server.ask("GET", "/api/runs").json()}
        assert (listed[name]["state"], listed[name]["vectors"]) == ("stopped", 8)
        assert f'data-run="{name}" data-state="stopped"' in server.ask("GET", "/runs").body.decode()
        events = server.ask("GET", f"/api/runs/{name}/events").body.decode()
        assert events.startswith("id: 1\ndata: ")
        shutil.copytree(folder / name, folder / "copied")  # another unfinished study, and files that are none
        (folder / "empty").mkdir()
        (folder / "broken").mkdir()
        (folder / "broken" / "study.json").write_text("{}", "utf-8")
        assert {run["id"] for run in server.ask("GET", "/api/runs").json()} == {name, "copied"}
        start(server, study=name)
        told = ended(server, name, "done")
        assert hashes(folder / name) == by_command(told, server, tmp_path / "command")
        assert {run["id"]: run["state"] for run in server.ask("GET", "/api/runs").json()} == {
            name: "done", "copied": "stopped"}
    with served(folder) as server:
        assert {run["id"] for run in server.ask("GET", "/api/runs").json()} == {"copied"}
        assert state(server, name)["state"] == "done"


ON_A_SMALL_DISK = """
import pathlib, subprocess, sys, threading, time
sys.path.insert(0, {tests!r})
from support.confined import command, mounted, own_mounts
own_mounts()
mounted("-t", "tmpfs", "-o", "size=1m", "tmpfs", {place!r})
def grow():
    while not pathlib.Path({mark!r}).exists():
        time.sleep(0.05)
    subprocess.run(["mount", "-o", "remount,size=64m", {place!r}], check=True)
    pathlib.Path({mark!r} + "-done").touch()
threading.Thread(target=grow, daemon=True).start()
command("app", {place!r}, "--json")
"""


def test_a_full_disk_is_said_in_a_sentence_and_the_run_resumed_once_there_is_space(tmp_path, tmp_path_factory):
    place, mark = tmp_path / "disk", tmp_path / "mark"
    place.mkdir()
    code = ON_A_SMALL_DISK.format(tests=str(Path(__file__).parents[2]), place=str(place), mark=str(mark))
    process = subprocess.Popen([sys.executable, "-c", code], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                               stderr=subprocess.PIPE, encoding="utf-8")
    try:
        line = process.stdout.readline()
        assert line, process.communicate()[1]
        server = Served(process, json.loads(line), place)
        put_few(server, tmp_path_factory)
        name = start(server, scenario="few", set={"days": 1}, vectors=3, replications=2)
        failed = ended(server, name, "failed")
        assert failed["error"]["what"] == "the disk is full"
        assert "free some space" in failed["error"]["remedy"]
        assert server.ask("GET", "/api/worker").json()["restarts"] == 0
        mark.touch()
        waited(Path(f"{mark}-done").exists)
        start(server, study=name)
        told = ended(server, name, "done")
        copy = {file: server.ask("GET", f"/studies/{name}/{file}").status for file in ("report.html", "csv")}
        assert copy == {"report.html": 200, "csv": 200}
        assert told["error"] is None
        assert server.leave()[0] == 0
    finally:
        if process.poll() is None:
            process.kill()
        process.communicate()


def test_ten_readers_and_one_who_reads_nothing_hold_up_nobody(server):
    name = start(server, **{**SIZE, "seed": 9})
    lines = [http.client.HTTPConnection("127.0.0.1", server.port, timeout=120) for _ in range(11)]
    for line in lines:
        line.request("GET", f"/api/runs/{name}/events", headers=server.bearer)
    got: list[bytes] = []
    readers = [threading.Thread(target=lambda line=line: got.append(line.getresponse().read())) for line in lines[1:]]
    for reader in readers:
        reader.start()
    told = ended(server, name, "done")
    for reader in readers:
        reader.join(30)
    for line in lines:
        line.close()
    assert len(got) == 10
    assert all(f'"number":{told["number"]}' in one.decode().rsplit("data: ", 1)[1] for one in got)
