"""Runs: start a study or more of one, see how far it is, stop it, and what lies ahead before any of that."""

import json
from collections.abc import AsyncIterator
from typing import Annotated, Any

from fastapi import APIRouter, Header, Request
from fastapi.responses import JSONResponse, PlainTextResponse, Response, StreamingResponse
from pydantic import BaseModel, ConfigDict, Field, StrictInt
from starlette.concurrency import run_in_threadpool

from skyshield.app.faults import ANSWERS, Route
from skyshield.app.laboratory import DEFAULT
from skyshield.app.orders import Order, Wish, new_order
from skyshield.app.running import Run, Runs
from skyshield.app.services import services_of
from skyshield.core.errors import SkyShieldError

router = APIRouter(route_class=Route)

MOST_MOVES, LONGEST_LABEL = 200, 200
KEEP_S = 10.0  # after which a reader of events is told that we are still here
_EVENTS: dict[int | str, dict[str, Any]] = {**ANSWERS, 200: {"content": {"text/event-stream": {}}},
                                            204: {"description": "The run has ended and the reader knows it."}}


class RunBody(BaseModel):
    """A study that is to be played, or more of one that is stored."""

    model_config = ConfigDict(extra="forbid")

    scenario: str = Field(DEFAULT, description="A shipped scenario's name or one of the folder's.")
    set: dict[str, Any] = Field(default_factory=dict, max_length=MOST_MOVES, description="PATH -> value set on it.")
    options: list[str] | None = Field(None, max_length=MOST_MOVES, description="Those to play; null for all.")
    vectors: StrictInt | None = Field(None, description="Parameter vectors; null for 200, or for the study's.")
    replications: StrictInt | None = Field(None, description="Of each vector; null for 5, or for the study's.")
    seed: StrictInt = Field(1, description="From 0 to 2**64 - 1.")
    rules: bool = Field(False, description="Add each option with one clause of its rules dropped.")
    label: str = Field("", max_length=LONGEST_LABEL, description="Title of the study instead of the scenario's.")
    study: str | None = Field(None, description="Resume this one, or extend it to a larger size; its scenario, seed "
                                                "and clauses stand.")
    dry_run: bool = Field(False, description="Say what lies ahead, and play nothing.")


class RunView(BaseModel):
    """How far a run is."""

    model_config = ConfigDict(extra="allow")

    id: str
    study: str
    state: str
    done: int
    total: int
    raid_days: int
    began: str | None
    wall_s: float
    left_s: float | None
    ahead: dict[str, Any] | None
    error: dict[str, str] | None


_OF_SCENARIO = ("scenario", "set", "options", "seed", "rules", "label")


@router.post("/api/runs", responses={**ANSWERS, 200: {"description": "What lies ahead, for a dry run."},
                                     202: {"model": RunView}}, status_code=202)
async def start(request: Request, body: RunBody) -> Response:
    """Put a study in the queue, or say what lies ahead of it."""
    services = services_of(request)
    order = await run_in_threadpool(_order, services.runs, body, services)
    if body.dry_run:
        return JSONResponse({"ahead": await services.runs.ahead(order, body.study)})
    run = await services.runs.add(order, body.study)
    return JSONResponse(services.runs.plain(run), 202)


def _order(runs: Runs, body: RunBody, services: Any) -> Order:
    if body.study is None:
        return new_order(services.folder, Wish(body.scenario, body.set, body.vectors, body.replications, body.seed,
                                               body.rules, body.options, body.label))
    order = runs.order_of(body.study, body.vectors, body.replications)
    given = [name for name in _OF_SCENARIO if name in body.model_fields_set]
    told = {"scenario": order.scenario, "seed": order.seed}
    for name in given:
        default = RunBody.model_fields[name].get_default(call_default_factory=True)
        if getattr(body, name) not in (default, told.get(name, default)):
            raise SkyShieldError(name, "is given with a study, whose own stands", "leave it out, or leave study out")
    return order


@router.get("/api/runs", responses=ANSWERS)
async def runs_json(request: Request) -> list[dict[str, Any]]:
    """Return the runs: what plays, what waits, what has ended, and studies that were left unfinished."""
    return services_of(request).runs.all()


@router.get("/api/runs/{name}", responses={**ANSWERS, 200: {"model": RunView}})
async def run_json(request: Request, name: str) -> dict[str, Any]:
    """Return how far a run is."""
    runs = services_of(request).runs
    return runs.plain(runs.get(name))


@router.delete("/api/runs/{name}", responses={**ANSWERS, 200: {"model": RunView}})
async def stop(request: Request, name: str) -> dict[str, Any]:
    """Take a run out of the queue, or end it between two blocks; what is stored stays, and can be resumed."""
    runs = services_of(request).runs
    return runs.plain(await runs.stop(name))


@router.get("/api/runs/{name}/yaml", responses=ANSWERS, response_class=PlainTextResponse)
async def run_yaml(request: Request, name: str) -> PlainTextResponse:
    """Return the scenario file that a run's command names."""
    order = services_of(request).runs.get(name).order
    text = order.written or services_of(request).folder.scenario_text(order.scenario)
    return PlainTextResponse(text, media_type="application/yaml",
                             headers={"content-disposition": f'attachment; filename="{name}.yaml"'})


@router.get("/api/runs/{name}/events", responses=_EVENTS, response_class=StreamingResponse)
async def events(request: Request, name: str,
                 last_event_id: Annotated[str, Header(max_length=40)] = "") -> Response:
    """Stream how far a run is until it ends; each state is numbered, and a reader who comes late gets the latest."""
    runs = services_of(request).runs
    run = runs.get(name)
    after = int(last_event_id) if last_event_id.isascii() and last_event_id.isdigit() else 0
    if not run.under_way and after == run.number:
        return Response(status_code=204)  # by which a browser knows not to ask again
    return StreamingResponse(_lines(runs, run, after), media_type="text/event-stream")


async def _lines(runs: Runs, run: Run, after: int) -> AsyncIterator[str]:
    async for state in runs.follow(run, after, KEEP_S):
        if state is None:
            yield ": still here\n\n"
        else:
            yield f"id: {state[0]}\ndata: {json.dumps(state[1], separators=(',', ':'))}\n\n"
