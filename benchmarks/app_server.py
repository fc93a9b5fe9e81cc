"""The application as its user meets it: started in a process of its own and asked over its socket.

`app_start` counts from the start of the process: until it says where it is, until the lab's page is there, until the
worker can play. `app_moves` moves a stand-off over the socket, from the question to the line of a stage.
"""

import contextlib
import http.client
import json
import os
import signal
import statistics
import subprocess
import sys
import tempfile
import time

from skyshield.study.maps import cores

MOVES = int(os.environ.get("APP_MOVES", "20"))
_LONGEST_S, _ASKING_S = 900.0, 0.05
_PATH = "options.region.rules.standoff_russia"


@contextlib.contextmanager
def served():
    """Start the application on an empty folder; yield when it was started, and what it says of itself."""
    with tempfile.TemporaryDirectory() as folder:
        start_s = time.perf_counter()
        process = subprocess.Popen([sys.executable, "-m", "skyshield", "app", folder, "--json"], text=True,
                                   stdout=subprocess.PIPE)
        try:
            yield start_s, json.loads(process.stdout.readline())
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(timeout=30)


def ask(told, path, body=None):
    """Return the answer of the server, open."""
    connection = http.client.HTTPConnection("127.0.0.1", told["port"], timeout=_LONGEST_S)
    headers = {"authorization": f"Bearer {told['token']}", "content-type": "application/json"}
    connection.request("GET" if body is None else "POST", path, None if body is None else json.dumps(body), headers)
    answer = connection.getresponse()
    if answer.status != http.client.OK:
        sys.exit(f"error: {path}: answered {answer.status}; see what the application says")
    return answer


def until_ready(told):
    """Wait until the worker can play."""
    start_s = time.perf_counter()
    while json.loads(ask(told, "/api/worker").read())["state"] != "ready":
        if time.perf_counter() - start_s > _LONGEST_S:
            sys.exit("error: worker: is not ready; see /api/worker")
        time.sleep(_ASKING_S)


def app_start():
    """Yield the seconds from the start of the process."""
    with served() as (start_s, told):
        yield "says where it is", 1, time.perf_counter() - start_s, "s"
        ask(told, "/").read()
        yield "the lab's page", 1, time.perf_counter() - start_s, "s"
        until_ready(told)
        yield "the worker can play", 1, time.perf_counter() - start_s, "s"


def app_moves():
    """Yield the seconds from a move to its first number and to the final one, over the socket."""
    with served() as (_, told):
        until_ready(told)
        seconds = {1: [], 3: []}
        for k in range(MOVES + 1):
            body = {"scenario": "month", "set": {_PATH: f"{100 + 5 * k} km"},
                    "from": {_PATH: f"{95 + 5 * k} km"} if k else None}
            start_s = time.perf_counter()
            for line in ask(told, "/api/preview", body):
                if line.startswith(b"data:"):
                    stage = json.loads(line.removeprefix(b"data:"))["stage"]
                    if k and stage in seconds:  # the first move plays every option
                        seconds[stage].append(time.perf_counter() - start_s)
        for name, stage in (("first number", 1), ("final", 3)):
            yield name, cores(), statistics.median(seconds[stage]), "s"
            yield name, cores(), statistics.quantiles(seconds[stage], n=20, method="inclusive")[-1], "s at 95%"
