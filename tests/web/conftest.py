"""The application as a reader has it: a real server on this machine, and Debian's Chromium in front of it."""

import json
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Route, expect, sync_playwright

from support.lab_page import Opened, Served, Visit, streamed

CHROMIUM = "/usr/bin/chromium"
_QUIET = ("--disable-gpu", "--disable-webgl", "--disable-3d-apis", "--no-sandbox")
_LONGEST_MS = 20_000
expect.set_options(timeout=_LONGEST_MS)


@pytest.fixture(scope="session")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """Start the application once for all tests of a process."""
    folder = tmp_path_factory.mktemp("app")
    started = subprocess.Popen([sys.executable, "-m", "skyshield", "app", str(folder), "--json", "--no-open"],
                               stdout=subprocess.PIPE, text=True)
    try:
        assert started.stdout is not None
        told = json.loads(started.stdout.readline())
        address = str(told["url"]).partition("?")[0]
        yield Served(address, told["token"], folder, told["pid"])
    finally:
        started.terminate()
        started.communicate(timeout=20)


@pytest.fixture(scope="module")  # two of these cannot be there at once, and other modules start their own
def browser() -> Iterator[Browser]:
    """Start the browser once, without anything that ministries switch off."""
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=CHROMIUM, args=list(_QUIET))
        yield started
        started.close()


@pytest.fixture
def visit(served: Served, browser: Browser) -> Iterator[Opened]:
    """Return what opens a page; any request to another host, and any error of the page, fails the test."""
    made: list[Visit] = []

    def opened(answers: bool = True, allow: tuple[str, ...] = (), **settings: Any) -> Visit:
        context = browser.new_context(**({"viewport": {"width": 1280, "height": 800}} | settings))
        context.set_default_timeout(_LONGEST_MS)
        page = context.new_page()
        one = Visit(page, context, served)
        made.append(one)

        def only_ours(route: Route) -> None:
            if route.request.url.startswith((served.url, "data:", "blob:")):
                route.fallback()
            else:
                one.foreign.append(route.request.url)
                route.abort()

        def heard(message: ConsoleMessage) -> None:
            if message.type == "error" and not any(text in message.text for text in allow):
                one.faults.append(message.text)

        context.route("**/*", only_ours)
        page.on("console", heard)
        page.on("pageerror", lambda error: one.faults.append(str(error)))
        page.route("**/api/envelope", lambda route: route.fulfill(
            status=200, headers={"content-type": "text/event-stream"}, body=""))
        if answers:
            page.route("**/api/preview", lambda route: route.fulfill(
                status=200, headers={"content-type": "text/event-stream"}, body=streamed(one, route)))
        return one

    yield opened
    for one in made:
        one.context.close()
        assert not one.foreign, "the page asked another host"
        assert not one.faults, "the page met an error"
