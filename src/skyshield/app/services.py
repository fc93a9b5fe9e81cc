"""What the routes work with: the folder, the worker, the previews, the runs."""

from dataclasses import dataclass, field
from typing import cast

from fastapi import Request

from skyshield.app.checks import Checks
from skyshield.app.door import Keys
from skyshield.app.folder import Folder
from skyshield.app.pipe import Worker
from skyshield.app.previewing import Previews
from skyshield.app.running import Runs


@dataclass(frozen=True)
class Services:
    """What one server has."""

    folder: Folder
    keys: Keys
    worker: Worker
    previews: Previews = field(init=False)
    runs: Runs = field(init=False)
    checks: Checks = field(default_factory=Checks, init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "previews", Previews(self.worker))
        object.__setattr__(self, "runs", Runs(self.folder, self.worker))


def services_of(request: Request) -> Services:
    """Return the services of the server that a request came to."""
    return cast("Services", request.app.state.services)
