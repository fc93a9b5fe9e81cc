"""A setting is checked once, whoever asks for it, and however many at a time.

Mutations tried, each caught: nothing kept; a setting that cannot be played kept; settings told apart by their names
alone; nothing let go of.
"""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from skyshield.app import checks as module
from skyshield.app.checks import Checks
from skyshield.app.settings import apply
from skyshield.core.errors import SkyShieldError
from skyshield.scenario import load

STANDOFF = "options.region.rules.standoff_russia"


@pytest.fixture
def checked(monkeypatch):
    """List every setting that is checked, by its stand-off."""
    seen, check = [], module.check

    def noting(scenario):
        seen.append(scenario.option("region").rules.standoff_russia)
        return check(scenario)

    monkeypatch.setattr(module, "check", noting)
    return seen


def moved(km):
    return apply(load("month"), {STANDOFF: f"{km} km"})


def test_each_setting_once(checked):
    checks = Checks()
    first, second = checks.of(moved(100)), checks.of(moved(150))
    assert checks.of(moved(100)) is first and checks.of(moved(150)) is second
    assert checked == ["100 km", "150 km"]


def test_many_at_a_time_wait_for_one(checked, monkeypatch):
    checks, begin, counted = Checks(), threading.Barrier(6), module.check

    def slow(scenario):
        release.wait(20)
        return counted(scenario)

    release, setting = threading.Event(), moved(100)
    monkeypatch.setattr(module, "check", slow)
    threading.Timer(0.3, release.set).start()
    with ThreadPoolExecutor(6) as pool:
        found = list(pool.map(lambda _: begin.wait(20) is not None and checks.of(setting), range(6)))
    assert checked == ["100 km"]
    assert all(one is found[0] for one in found)


def test_what_cannot_be_played_is_said_each_time_and_not_kept(monkeypatch):
    def refused(scenario):
        raise SkyShieldError("days", "is too many", "give fewer")

    checks = Checks()
    with monkeypatch.context() as patched:
        patched.setattr(module, "check", refused)
        for _ in range(2):
            with pytest.raises(SkyShieldError, match="is too many"):
                checks.of(moved(100))
    assert isinstance(checks.of(moved(100)), list)


def test_the_settings_asked_for_last_are_kept(checked, monkeypatch):
    monkeypatch.setattr(module, "_MOST", 2)
    checks = Checks()
    for km in (100, 150, 100, 200, 100, 150):
        checks.of(moved(km))
    assert checked == ["100 km", "150 km", "200 km", "150 km"]
