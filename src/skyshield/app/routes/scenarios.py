"""Scenarios: those that are shipped, and the user's own, kept as YAML."""

from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field

from skyshield.app.faults import ANSWERS, Fault, Route, answers
from skyshield.app.folder import SCENARIO_BYTES, Folder, check_name
from skyshield.app.services import services_of
from skyshield.core.errors import SkyShieldError
from skyshield.core.files import MIB, decoded, parse_yaml
from skyshield.scenario import check
from skyshield.scenario.load import dump, library, parse

router = APIRouter(route_class=Route)
_UPLOAD = {"requestBody": {"required": True, "content": {"application/yaml": {"schema": {"type": "string"}}}}}


class Listed(BaseModel):
    """A scenario of the list."""

    name: str
    title: str
    shipped: bool
    fault: Fault | None = Field(None, description="Why it cannot be read.")


class Kept(BaseModel):
    """A scenario that was kept."""

    name: str
    title: str
    findings: list[Fault] = Field(description="What deserves a second look.")


@router.get("/api/scenarios", responses=ANSWERS)
def scenarios(request: Request) -> list[Listed]:
    """Return the scenarios there are, the shipped ones first; one that cannot be read says why."""
    folder = services_of(request).folder
    rows = []
    for name in [*library(), *folder.scenarios()]:
        title, wrong = "", None
        try:
            title = folder.scenario(name).title
        except SkyShieldError as error:
            wrong = Fault(where=name, what=error.what, remedy=error.remedy)
        rows.append(Listed(name=name, title=title, shipped=name in library(), fault=wrong))
    return rows


@router.get("/api/scenarios/{name}", responses=answers("application/yaml"), response_class=Response)
def scenario(request: Request, name: str) -> Response:
    """Return a scenario's YAML."""
    return Response(services_of(request).folder.scenario_text(name), media_type="application/yaml")


@router.get("/api/scenarios/{name}/plain", responses=ANSWERS)
def plain(request: Request, name: str) -> dict[str, Any]:
    """Return a scenario as plain data."""
    return dump(services_of(request).folder.scenario(name))


@router.put("/api/scenarios/{name}", responses={**ANSWERS, 200: {"model": Kept}, 201: {"model": Kept}},
            openapi_extra=_UPLOAD)
async def keep(request: Request, name: str) -> Response:
    """Keep a scenario of the user's under a name, once it has been checked."""
    return await run_in_threadpool(_keep, services_of(request).folder, name, await request.body())


def _keep(folder: Folder, name: str, body: bytes) -> Response:
    check_name(name)
    if len(body) > SCENARIO_BYTES:
        raise SkyShieldError(name, f"is over the limit of {SCENARIO_BYTES / MIB:g} MiB", "give a smaller file")
    parsed = parse(parse_yaml(decoded(body, name), name), name)
    findings = [Fault(where=one.where, what=one.what, remedy=one.remedy) for one in check(parsed)]
    new = folder.keep_scenario(name, body)
    return JSONResponse(Kept(name=name, title=parsed.title, findings=findings).model_dump(), 201 if new else 200)
