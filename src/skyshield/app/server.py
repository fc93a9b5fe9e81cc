"""The application as ASGI: the door, then the routes, one file a subject."""

import contextlib
from typing import Any

from anyio import to_thread
from fastapi import FastAPI
from fastapi.telemetry import TelemetryConfig

from skyshield.app.door import App, Door, Keys
from skyshield.app.faults import Fault, add_faults
from skyshield.app.folder import Folder
from skyshield.app.pipe import Worker
from skyshield.app.routes import compares, lab, pages, previews, runs, scenarios, studies
from skyshield.app.services import Services
from skyshield.core.errors import SkyShieldError
from skyshield.study.footprint import give_back
from skyshield.version import VERSION

_THREADS = 4  # that answer at once; each has memory of its own
_ROUTES = (pages, lab, previews, scenarios, runs, studies, compares)
# The framework can send what it serves to a collector that the environment names: nothing leaves this machine.
_TELEMETRY = TelemetryConfig(tracing=False, metrics=False, logs=False, operation_spans=False, auto_configure=False)


def routed(services: Services) -> FastAPI:
    """Return the routes, without the door."""
    app = FastAPI(title="SkyShield", version=VERSION, docs_url=None, redoc_url=None, openapi_url="/openapi.json",
                  redirect_slashes=False, telemetry=_TELEMETRY)
    app.state.services = services
    add_faults(app)
    for one in _ROUTES:
        app.include_router(one.router)
    describe = app.openapi

    def described() -> dict[str, Any]:
        content = describe()
        content["components"]["schemas"]["Fault"] = Fault.model_json_schema()
        content["components"]["securitySchemes"] = {"token": {"type": "http", "scheme": "bearer"}}
        content["security"] = [{"token": []}]
        return content

    app.openapi = described  # type: ignore[method-assign]
    return app


def build(folder: Folder, keys: Keys, worker: Worker) -> App:
    """Return the application behind its door."""
    return Door(routed(Services(folder, keys, worker)), keys)


async def warm(services: Services) -> None:
    """Read what the first answers need, so that who opens the page does not wait for it.

    Answers that would read the same meanwhile wait for this one: there is one thread for them until it is there.
    """
    limiter = to_thread.current_default_thread_limiter()
    limiter.total_tokens = 1
    try:
        with contextlib.suppress(SkyShieldError):
            await to_thread.run_sync(lab.first_page, services, abandon_on_cancel=True)
            give_back()  # what loading has taken and nobody needs again
    finally:
        limiter.total_tokens = _THREADS
