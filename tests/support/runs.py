"""Small studies for tests of the application's runs, and the questions that they ask of a server."""

from pathlib import Path
from typing import Any

from support.application import Answer, Served, waited
from support.command_line import few_arms, made_once, skyshield

TINY = ("--vectors", 2, "--replications", 3, "--days", 1)
WITHIN_S = 150.0
ENDED = ("done", "failed", "stopped")


def tiny_study(factory: Any) -> Path:
    """Hold a study of two vectors and three replications of one day."""
    def make(place: Path) -> None:
        done = skyshield("run", few_arms(factory), *TINY, "--out", place / "study")
        assert done.returncode == 0, done.stderr

    return made_once(factory, "tiny-of-runs", make) / "study"


def put_few(server: Served, factory: Any, name: str = "few") -> None:
    """Keep the scenario of few arms in a server's folder."""
    text = few_arms(factory).read_bytes()
    answer = server.ask("PUT", f"/api/scenarios/{name}", text, {"Content-Type": "application/yaml"})
    assert answer.status in (200, 201), answer.body


def start(server: Served, **body: Any) -> str:
    """Start a run; return its id."""
    answer = server.ask("POST", "/api/runs", body)
    assert answer.status == 202, answer.body
    return str(answer.json()["id"])


def state(server: Served, name: str) -> dict[str, Any]:
    """Return how a run is."""
    answer: Answer = server.ask("GET", f"/api/runs/{name}")
    assert answer.status == 200, answer.body
    result: dict[str, Any] = answer.json()
    return result


def until(server: Served, name: str, is_so: Any, within_s: float = WITHIN_S) -> dict[str, Any]:
    """Wait until a run is so, and return how it is."""
    def look() -> dict[str, Any] | None:
        found = state(server, name)
        return found if is_so(found) else None

    result: dict[str, Any] = waited(look, within_s)
    return result


def ended(server: Served, name: str, *states: str) -> dict[str, Any]:
    """Wait until a run has ended, in one of these states if any are given."""
    found = until(server, name, lambda run: run["state"] in ENDED)
    assert found["state"] in (states or ENDED), found
    return found
