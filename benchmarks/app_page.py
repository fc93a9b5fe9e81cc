"""The application's page in a browser, and what the application takes in memory over an afternoon of moves.

`app_frames` moves a lever by keyboard and asks the browser how long its frames were; the first paint is that of a page
opened again, its files fetched anew. `app_memory` moves levers as fast as their final numbers come.
"""

import json
import os
import statistics
from pathlib import Path

from benchmarks.app_server import ask, served, until_ready
from skyshield.study.maps import cores

KEYS, LOADS = 10, 5
MANY_MOVES = int(os.environ.get("APP_MANY_MOVES", "500"))
_CHROMIUM = "/usr/bin/chromium"
_FLAGS = ("--no-sandbox", "--disable-gpu", "--disable-webgl")
_LONGEST_MS = 600_000.0
_OFTEN, _TOLD = 20, 100  # moves
_PATH = "options.region.rules.standoff_russia"
_WATCH = """() => { window.frames_ms = []; let last = performance.now();
    const next = (now) => { window.frames_ms.push(now - last); last = now; requestAnimationFrame(next); };
    requestAnimationFrame(next); }"""
_PAINT = "performance.getEntriesByName('first-contentful-paint').map((one) => one.startTime)"


def app_frames():
    """Yield the time to the first paint, and the longest frame while a lever is moved by keyboard."""
    from playwright.sync_api import sync_playwright

    with served() as (_, told), sync_playwright() as playwright:
        until_ready(told)
        browser = playwright.chromium.launch(executable_path=_CHROMIUM, args=list(_FLAGS))
        page = browser.new_page(viewport={"width": 1280, "height": 800})
        page.set_default_timeout(_LONGEST_MS)
        page.goto(told["url"])
        paints_ms = []
        for _ in range(LOADS):
            page.goto(told["url"].partition("?")[0])
            page.locator("[data-lever]").first.wait_for()
            page.wait_for_function(f"{_PAINT}.length > 0")
            paints_ms += page.evaluate(_PAINT)
        yield "first paint", 1, statistics.median(paints_ms) / 1e3, "s"
        lever = page.locator(f'[data-lever="{_PATH}"]')
        lever.focus()
        page.evaluate(_WATCH)
        for _ in range(KEYS):
            page.keyboard.press("ArrowDown")
            page.locator('main[data-final="false"]').wait_for()
            page.locator('main[data-final="true"]').wait_for()
        frames_ms = page.evaluate("window.frames_ms")
        yield "longest frame of ten moves", 1, max(frames_ms) / 1e3, "s"
        yield "frame", 1, statistics.median(frames_ms) / 1e3, "s"
        browser.close()


def app_memory():
    """Yield the memory that the server and its worker have taken at most after many moves."""
    with served() as (_, told):
        until_ready(told)
        worker = json.loads(ask(told, "/api/worker").read())["pid"]
        before = {}
        for k in range(1, MANY_MOVES + 1):
            move = {_PATH: f"{100 + k % 200} km"}
            if k % _OFTEN == 0:
                move["assumptions.displacement"] = round(0.1 + 0.8 * k / MANY_MOVES, 3)  # which touches every option
            ask(told, "/api/preview", {"scenario": "month", "set": move, "from": before}).read()
            ask(told, "/api/check", {"scenario": "month", "set": move}).read()
            before = move
            if k % _TOLD == 0 or k == MANY_MOVES:
                for name, threads, pid in (("server", 1, told["pid"]), ("worker", cores(), worker)):
                    yield f"{name} after {k} moves", threads, _mb(pid, "VmRSS"), "MB"
                    yield f"{name} after {k} moves", threads, _mb(pid, "VmHWM"), "MB at most"


def _mb(pid, what):
    """Return the memory that a process holds (``VmRSS``) or has held at most (``VmHWM``), MB."""
    lines = Path(f"/proc/{pid}/status").read_text("ascii").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(f"{what}:")) * 1024 / 1e6
