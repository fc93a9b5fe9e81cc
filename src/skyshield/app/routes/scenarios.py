"""Scenarios: those that are shipped, and the user's own, kept as YAML."""

from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import JSONResponse, PlainTextResponse

from skyshield.app.faults import ANSWERS, Route
from skyshield.app.folder import SCENARIO_BYTES, Folder, check_name
from skyshield.app.services import services_of
from skyshield.core.errors import SkyShieldError
from skyshield.core.files import MIB, decoded, parse_yaml
from skyshield.scenario import check
from skyshield.scenario.load import dump, library, parse

router = APIRouter(route_class=Route)
_UPLOAD = {"requestBody": {"required": True, "content": {"application/yaml": {"schema": {"type": "string"}}}}}


@router.get("/api/scenarios", responses=ANSWERS)
def scenarios(request: Request) -> list[dict[str, Any]]:
    """Return the scenarios there are, the shipped ones first; one that cannot be read says why."""
    folder = services_of(request).folder
    rows: list[dict[str, Any]] = []
    for name in [*library(), *folder.scenarios()]:
        row: dict[str, Any] = {"name": name, "shipped": name in library()}
        try:
            rows.append({**row, "title": folder.scenario(name).title})
        except SkyShieldError as error:
            rows.append({**row, "title": "", "fault": {"where": name, "what": error.what, "remedy": error.remedy}})
    return rows


@router.get("/api/scenarios/{name}", responses=ANSWERS, response_class=PlainTextResponse)
def scenario(request: Request, name: str) -> PlainTextResponse:
    """Return a scenario's YAML."""
    return PlainTextResponse(services_of(request).folder.scenario_text(name), media_type="application/yaml")


@router.get("/api/scenarios/{name}/plain", responses=ANSWERS)
def plain(request: Request, name: str) -> dict[str, Any]:
    """Return a scenario as plain data."""
    return dump(services_of(request).folder.scenario(name))


@router.put("/api/scenarios/{name}", responses=ANSWERS, openapi_extra=_UPLOAD)
async def keep(request: Request, name: str) -> Response:
    """Keep a scenario of the user's under a name, once it has been checked."""
    return await run_in_threadpool(_keep, services_of(request).folder, name, await request.body())


def _keep(folder: Folder, name: str, body: bytes) -> Response:
    check_name(name)
    if len(body) > SCENARIO_BYTES:
        raise SkyShieldError(name, f"is over the limit of {SCENARIO_BYTES / MIB:g} MiB", "give a smaller file")
    parsed = parse(parse_yaml(decoded(body, name), name), name)
    findings = [{"where": one.where, "what": one.what, "remedy": one.remedy} for one in check(parsed)]
    new = folder.keep_scenario(name, body)
    return JSONResponse({"name": name, "title": parsed.title, "findings": findings}, 201 if new else 200)
