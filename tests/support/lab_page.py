"""A page of the application in a browser, for tests, and answers to its moves that need no engine."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

from playwright.sync_api import BrowserContext, Page, Route


@dataclass(frozen=True)
class Served:
    """A server that answers."""

    url: str
    token: str
    folder: Path
    pid: int

    @property
    def entrance(self) -> str:
        """The address that is printed."""
        return f"{self.url.rstrip('/')}/?token={self.token}"

    def get(self, path: str) -> Any:
        """Return what a script gets."""
        request = Request(self.url.rstrip("/") + path, headers={"Authorization": f"Bearer {self.token}"})  # noqa: S310
        with urlopen(request, timeout=60) as answer:  # noqa: S310
            return json.loads(answer.read())


@dataclass
class Visit:
    """A page of the application, and what went wrong in it."""

    page: Page
    context: BrowserContext
    served: Served
    foreign: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    previews: list[dict[str, Any]] = field(default_factory=list)

    def open(self, rest: str = "") -> None:
        """Go to the lab, with a query beside the token."""
        self.page.goto(self.served.entrance + (f"&{rest}" if rest else ""))

    def lever(self, path: str) -> str:
        """Return the selector of a lever's input."""
        return f'[data-lever="{path}"]'

    def settled(self) -> None:
        """Wait for the last stage."""
        self.page.locator('main[data-final="true"]').wait_for()


Opened = Callable[..., Visit]


def drawn(visit: Opened, rest: str = "", **settings: Any) -> Visit:
    """Return the lab once its levers are there."""
    one = visit(**settings)
    one.open(rest)
    one.page.locator("[data-lever]").first.wait_for()
    return one


def opened(visit: Opened, rest: str = "", **settings: Any) -> Visit:
    """Return the lab once its last stage is there too."""
    one = drawn(visit, rest, **settings)
    one.settled()
    return one


def streamed(one: Visit, route: Route) -> str:
    """Return an answer in three stages, made from the shipped figures: options with moved levers prevent one more."""
    body = json.loads(route.request.post_data or "{}")
    one.previews.append(body)
    figures = one.served.get("/lab.json?scenario=month")["figures"]
    before = body["from"]
    changed = {path.split(".")[1] for path in {*body["set"], *(before or {})} if path.startswith("options.")
               and body["set"].get(path) != (before or {}).get(path)}
    lines = []
    for stage, (vectors, replications, error) in enumerate(((40, 2, 0.5), (200, 2, 0.15), (200, 5, 0.1)), 1):
        told = {**figures, "stage": stage, "final": stage == 3, "vectors": vectors, "replications": replications}
        told["paired"] = {name: {measure: {"lo": row["lo"], "hi": row["hi"], "mcse": error,
                                           "delta": row["delta"] + len(body["set"]) + 1 / stage}
                                 for measure, row in rows.items()} for name, rows in figures["paired"].items()}
        told["error"] = {name: dict.fromkeys(rows, error) for name, rows in figures["paired"].items()}
        told["move"] = {} if before is None else {
            name: {measure: {"delta": float(name in changed), "mcse": error * (name in changed)} for measure in rows}
            for name, rows in figures["paired"].items()}
        lines.append(f"data: {json.dumps(told)}\n\n")
    return "".join(lines)
