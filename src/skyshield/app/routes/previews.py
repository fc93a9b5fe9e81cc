"""Move a lever: a stream of stages, each with its doubt, until the number is final or a newer move ends it."""

import functools
import json
import math
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from typing import Annotated, Any

from fastapi import APIRouter, Header, Request
from fastapi.responses import StreamingResponse
from pydantic import BaseModel, ConfigDict, Field
from starlette.concurrency import run_in_threadpool
from starlette.types import Receive, Scope, Send

from skyshield.app.asked import envelope_request, preview_request
from skyshield.app.faults import ANSWERS, Route
from skyshield.app.laboratory import DEFAULT
from skyshield.app.pipe import Job
from skyshield.app.services import Services, services_of
from skyshield.app.settings import apply, named
from skyshield.core.errors import SkyShieldError
from skyshield.scenario import Scenario
from skyshield.scenario.load import dump
from skyshield.study.memory import PREVIEWS_MB, check_preview
from skyshield.study.stages import MOST_STAGES, STAGES, checked_stages
from skyshield.study.totals import MEASURES

router = APIRouter(route_class=Route)

MOST_MOVES, LONGEST_TAB = 200, 64
STREAM: dict[int | str, dict[str, Any]] = {**ANSWERS, 200: {"content": {"text/event-stream": {}}}}
Tab = Annotated[str, Header(max_length=LONGEST_TAB)]
Stage = Annotated[list[int], Field(min_length=2, max_length=2)]


class EnvelopeBody(BaseModel):
    """A setting of a scenario, and which of its options are asked for."""

    model_config = ConfigDict(extra="forbid")

    scenario: str = DEFAULT
    set: dict[str, Any] = Field(default_factory=dict, max_length=MOST_MOVES)
    options: list[str] | None = Field(default=None, max_length=MOST_MOVES)
    seed: int = Field(default=1, ge=0, lt=2**64)


class PreviewBody(EnvelopeBody):
    """The same, with the setting left, and the stages to be played."""

    from_: dict[str, Any] | None = Field(default=None, alias="from", max_length=MOST_MOVES)
    measures: list[str] | None = Field(default=None, min_length=1, max_length=len(MEASURES))
    stages: list[Stage] | None = Field(default=None, min_length=1, max_length=MOST_STAGES)


@router.post("/api/preview", responses=STREAM, response_class=StreamingResponse)
async def preview(request: Request, body: PreviewBody, x_tab: Tab = "") -> StreamingResponse:
    """Play a setting in growing stages; a newer preview of the same tab ends this one."""
    services = services_of(request)
    number = services.previews.arrived()
    scenario = await run_in_threadpool(_asked, services, body.scenario, body.set, body.options)
    before = None if body.from_ is None else await run_in_threadpool(_asked, services, body.scenario, body.from_)
    stages = checked_stages([tuple(stage) for stage in body.stages or STAGES])
    told = len(scenario.options) if body.options is None else len({*body.options, scenario.baseline})
    asked_for = body.stages is not None  # else no fewer can be asked for, whatever options a scenario has
    check_preview(*stages[-1], told, PREVIEWS_MB if asked_for else math.inf)
    if (unknown := next((name for name in body.measures or () if name not in MEASURES), None)) is not None:
        raise SkyShieldError("measures", f"{unknown!r} is no column of results", "choose from those of run --json")
    return await _streamed(services, x_tab, number, preview_request(
        dump(scenario), None if before is None else dump(before), stages, body.seed, body.options, body.measures))


@router.post("/api/envelope", responses=STREAM, response_class=StreamingResponse)
async def envelope(request: Request, body: EnvelopeBody, x_tab: Tab = "") -> StreamingResponse:
    """Play a setting's other arms, in which each number that nobody knows stands at its ends; a newer move ends it."""
    services = services_of(request)
    number = services.previews.arrived()
    scenario = await run_in_threadpool(_asked, services, body.scenario, body.set, body.options)
    return await _streamed(services, x_tab, number,
                           envelope_request(dump(scenario), STAGES[-1], body.seed, body.options))


def _asked(services: Services, name: str, moves: Mapping[str, Any], options: Sequence[str] | None = None) -> Scenario:
    """Return a setting that can be played.

    Raises
    ------
    SkyShieldError
        If the scenario cannot be set so, or has no such option.
    """
    shipped = services.folder.scenario(name)
    scenario = apply(shipped, moves)
    try:
        services.checks.of(scenario)
    except SkyShieldError as error:
        raise named(error, moves, shipped) from None
    names = [option.name for option in scenario.options]
    if options is not None and not options:
        raise SkyShieldError("options", "names no option", f"choose from {', '.join(names)}, or leave it out")
    for option in options or ():
        if option not in names:
            raise SkyShieldError(f"options: {option!r}", "is not in the scenario", f"choose from {', '.join(names)}")
    return scenario


async def _streamed(services: Services, tab: str, number: int, request: Mapping[str, Any]) -> StreamingResponse:
    job = await services.worker.begin(request)
    services.previews.take(tab, job, number)
    return _Stream(job, functools.partial(services.previews.drop, tab, job))


class _Stream(StreamingResponse):
    """What a job says; however early its reader leaves, even before the first line, the job is let go of."""

    def __init__(self, job: Job, drop: Callable[[], None]) -> None:
        super().__init__(_lines(job), media_type="text/event-stream")
        self._drop = drop

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send it."""
        try:
            await super().__call__(scope, receive, send)
        finally:
            self._drop()


async def _lines(job: Job) -> AsyncIterator[str]:
    async for data in job.said():
        yield _line(data)
    if job.ended == "failed":
        yield _line({"error": job.error})
    elif job.ended == "stopped":
        yield _line({"ended": "a newer move"})


def _line(data: Any) -> str:
    return f"data: {json.dumps(data, separators=(',', ':'))}\n\n"
