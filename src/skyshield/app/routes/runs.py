"""Runs: start a study or more of one, see how far it is, stop it, and what lies ahead before any of that."""

import json
from collections.abc import AsyncIterator
from typing import Annotated, Any

from fastapi import APIRouter, Header, Request
from fastapi.responses import HTMLResponse, JSONResponse, Response, StreamingResponse
from pydantic import BaseModel, ConfigDict, Field, StrictInt
from starlette.concurrency import run_in_threadpool

from skyshield.app.faults import ANSWERS, Route, answers
from skyshield.app.folder import UnknownError
from skyshield.app.laboratory import DEFAULT, SEED, read_moves
from skyshield.app.orders import SIZE, Order, Wish, new_order
from skyshield.app.routes.lab import MOST_MOVES, Moves
from skyshield.app.routes.pages import html
from skyshield.app.routes.studies import taken
from skyshield.app.running import FAILED, PLAYING, QUEUED, STOPPED, STOPPING, Run, Runs
from skyshield.app.services import Services, services_of
from skyshield.core.errors import SkyShieldError
from skyshield.scenario.load import library
from skyshield.study.words import duration

router = APIRouter(route_class=Route)

LONGEST_LABEL = 200
KEEP_S = 10.0  # after which a reader of events is told that we are still here
_EVENTS: dict[int | str, dict[str, Any]] = {**ANSWERS, 200: {"content": {"text/event-stream": {}}},
                                            204: {"description": "The run has ended and the reader knows it."}}


Digits = Annotated[str, Field(pattern="^[0-9]{1,20}$")]


class RunBody(BaseModel):
    """A study that is to be played, or more of one that is stored."""

    model_config = ConfigDict(extra="forbid")

    scenario: str = Field(DEFAULT, description="A shipped scenario's name or one of the folder's.")
    set: dict[str, Any] = Field(default_factory=dict, max_length=MOST_MOVES, description="PATH -> value set on it.")
    options: list[str] | None = Field(None, max_length=MOST_MOVES, description="Those to play; null for all.")
    vectors: StrictInt | None = Field(None, description="Parameter vectors; null for 200, or for the study's.")
    replications: StrictInt | None = Field(None, description="Of each vector; null for 5, or for the study's.")
    seed: StrictInt | Digits = Field(SEED, description="From 0 to 2**64 - 1; as text too, for scripts whose numbers "
                                                       "have fewer digits.")
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


def _order(runs: Runs, body: RunBody, services: Services) -> Order:
    if body.study is None:
        return new_order(services.folder, Wish(body.scenario, body.set, body.vectors, body.replications,
                                               int(body.seed), body.rules, body.options, body.label))
    order = runs.order_of(body.study, body.vectors, body.replications)
    same = {"scenario": order.scenario, "set": dict(order.moves), "seed": order.seed}
    for name in _OF_SCENARIO:
        given = int(body.seed) if name == "seed" else getattr(body, name)
        default = RunBody.model_fields[name].get_default(call_default_factory=True)
        if name in body.model_fields_set and given not in (default, same.get(name, default)):
            raise SkyShieldError(name, "is given with a study, whose own stands", "leave it out, or leave study out")
    return order


@router.get("/api/runs", responses=ANSWERS)
async def all_runs(request: Request) -> list[dict[str, Any]]:
    """Return the runs: what plays, what waits, what has ended, and studies that were left unfinished."""
    return await services_of(request).runs.all()


@router.get("/api/runs/{name}", responses={**ANSWERS, 200: {"model": RunView}})
async def one_run(request: Request, name: str) -> dict[str, Any]:
    """Return how far a run is."""
    runs = services_of(request).runs
    return runs.plain(await run_in_threadpool(runs.get, name))


@router.delete("/api/runs/{name}", responses={**ANSWERS, 200: {"model": RunView}})
async def stop(request: Request, name: str) -> dict[str, Any]:
    """Take a run out of the queue, or end it between two blocks; what is stored stays, and can be resumed."""
    runs = services_of(request).runs
    return runs.plain(await runs.stop(name))


@router.get("/api/runs/{name}/yaml", responses=answers("application/yaml"), response_class=Response)
async def run_yaml(request: Request, name: str) -> Response:
    """Return the scenario file that a run's command names."""
    order = (await run_in_threadpool(services_of(request).runs.get, name)).order
    text = order.written or services_of(request).folder.scenario_text(order.scenario)
    return taken(text, "application/yaml", f"{name}.yaml")


@router.get("/api/runs/{name}/events", responses=_EVENTS, response_class=StreamingResponse)
async def events(request: Request, name: str,
                 last_event_id: Annotated[str, Header(max_length=40)] = "") -> Response:
    """Stream how far a run is until it ends; each state is numbered, and a reader who comes late gets the latest."""
    runs = services_of(request).runs
    run = await run_in_threadpool(runs.get, name)
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


@router.get("/runs", responses=ANSWERS, response_class=HTMLResponse)
async def runs_page(request: Request, scenario: str = DEFAULT, moves: Moves = [], seed: int = SEED,  # noqa: B006
                    vectors: int = SIZE[0], replications: int = SIZE[1], rules: bool = False,
                    label: str = "", study: str | None = None) -> HTMLResponse:
    """Return the page of the runs, or of one study's; what its address says stands in the form for a new one."""
    if study is not None:
        return await run_page(request, study)
    await run_in_threadpool(_check_scenario, services_of(request), scenario)
    form = _form(scenario, moves, seed, (vectors, replications), rules, label)
    return html("runs", {"view": await _view(services_of(request), form), "one": None}, request)


@router.get("/runs.json", responses=ANSWERS)
async def runs_json(request: Request, scenario: str = DEFAULT, moves: Moves = [], seed: int = SEED,  # noqa: B006
                    vectors: int = SIZE[0], replications: int = SIZE[1], rules: bool = False,
                    label: str = "", study: str | None = None) -> dict[str, Any]:
    """Return what the page of the runs shows."""
    if study is not None:
        return await _view_of_one(services_of(request), study)
    await run_in_threadpool(_check_scenario, services_of(request), scenario)
    return await _view(services_of(request), _form(scenario, moves, seed, (vectors, replications), rules, label))


@router.get("/runs/{name}.json", responses=ANSWERS)
async def run_json(request: Request, name: str) -> dict[str, Any]:
    """Return what the page of a run shows."""
    return await _view_of_one(services_of(request), name)


@router.get("/runs/{name}", responses=ANSWERS, response_class=HTMLResponse)
async def run_page(request: Request, name: str) -> HTMLResponse:
    """Return the page of a run."""
    view = await _view_of_one(services_of(request), name)
    return html("runs", {"view": view, "one": view["runs"][0]}, request)


def _check_scenario(services: Services, name: str) -> None:
    there = [*library(), *services.folder.scenarios()]
    if name not in there:
        raise UnknownError(f"scenario {name!r}", "is neither shipped nor in the folder",
                           f"choose from {', '.join(there)}")


def _form(scenario: str, moves: list[str], seed: int, size: tuple[int, int], rules: bool, label: str) -> dict[str, Any]:
    return {"scenario": scenario, "set": read_moves(moves), "seed": seed, "vectors": size[0], "replications": size[1],
            "rules": rules, "label": label}


async def _view(services: Services, form: dict[str, Any]) -> dict[str, Any]:
    own = await run_in_threadpool(services.folder.scenarios)
    return {**_told(services, await services.runs.all()), "form": form, "scenarios": [*library(), *own]}


async def _view_of_one(services: Services, name: str) -> dict[str, Any]:
    run = await run_in_threadpool(services.runs.get, name)
    return _told(services, [services.runs.plain(run)])


def _told(services: Services, runs: list[dict[str, Any]]) -> dict[str, Any]:
    """Return runs, how the worker is, and the finding of both in a sentence."""
    worker = services.worker.status()
    words = {"starting": "The worker starts.", "gone": f"The worker cannot be started: {worker['detail']}"}
    return {"runs": runs, "worker": worker, "finding": _finding(runs),
            "worker_words": words.get(worker["state"], worker["detail"])}


def _finding(runs: list[dict[str, Any]]) -> str:
    plays = next((run for run in runs if run["state"] in (PLAYING, STOPPING)), None)
    waiting = sum(run["state"] == QUEUED for run in runs)
    waits = f"; {waiting} wait{'s' if waiting == 1 else ''}" if waiting else ""
    if plays is not None:
        left = "" if plays["left_s"] is None else f", about {duration(plays['left_s'])} left"
        return f"One study plays: {100 * plays['share']:.0f}% is there{left}{waits}"
    unfinished = sum(run["state"] in (STOPPED, FAILED) for run in runs)
    if unfinished:
        return f"Nothing plays; {unfinished} stud{'y is' if unfinished == 1 else 'ies are'} unfinished"
    return "Nothing plays"
