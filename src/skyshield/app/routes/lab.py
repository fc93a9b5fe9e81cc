"""The lab: a scenario with levers set, its map, its findings, and what is known of it without playing."""

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse, PlainTextResponse
from pydantic import BaseModel, ConfigDict, Field

from skyshield.app.faults import ANSWERS, Route
from skyshield.app.laboratory import DEFAULT, SEED, bounds, checked, laboratory, read_moves
from skyshield.app.pages import page
from skyshield.app.routes.pages import html
from skyshield.app.services import Services, services_of

router = APIRouter(route_class=Route)

MOST_MOVES = 200
Seed = Annotated[int, Query(ge=0, lt=2**64)]
Moves = Annotated[list[str], Query(alias="set", max_length=MOST_MOVES)]


class SettingBody(BaseModel):
    """A setting of a scenario."""

    model_config = ConfigDict(extra="forbid")

    scenario: str = DEFAULT
    set: dict[str, Any] = Field(default_factory=dict, max_length=MOST_MOVES)
    seed: int = Field(default=SEED, ge=0, lt=2**64)


@router.get("/", responses=ANSWERS, response_class=HTMLResponse)
def lab_page(request: Request, scenario: str = DEFAULT, moves: Moves = [], seed: Seed = 1) -> HTMLResponse:  # noqa: B006
    """Return the lab."""
    return html("lab", {"lab": laboratory(services_of(request), scenario, read_moves(moves), seed)}, request)


def first_page(services: Services) -> str:
    """Return the lab as it opens."""
    return page("lab", {"lab": laboratory(services, DEFAULT, {}), "path": "/"})


@router.get("/lab.json", responses=ANSWERS)
def lab_json(request: Request, scenario: str = DEFAULT, moves: Moves = [], seed: Seed = 1) -> dict[str, Any]:  # noqa: B006
    """Return what the lab shows."""
    return laboratory(services_of(request), scenario, read_moves(moves), seed)


@router.post("/api/check", responses=ANSWERS)
def check(request: Request, body: SettingBody) -> dict[str, Any]:
    """Return a setting's map, what in it deserves a second look, and its YAML and command."""
    return checked(services_of(request), body.scenario, body.set, body.seed)


@router.post("/api/bounds", responses=ANSWERS)
def bounds_of(request: Request, body: SettingBody) -> dict[str, Any]:
    """Return the bounds of a setting that need no simulation."""
    return bounds(services_of(request), body.scenario, body.set)


@router.get("/api/worker", responses=ANSWERS)
async def worker(request: Request) -> dict[str, Any]:
    """Say how the worker is."""
    return services_of(request).worker.status()


@router.post("/api/yaml", responses=ANSWERS, response_class=PlainTextResponse)
def yaml_of(request: Request, body: SettingBody) -> PlainTextResponse:
    """Return a setting as a scenario file."""
    return PlainTextResponse(checked(services_of(request), body.scenario, body.set)["yaml"])
