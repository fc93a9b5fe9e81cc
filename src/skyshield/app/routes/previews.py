"""Move a lever: a stream of stages, each with its doubt, until the number is final or a newer move ends it."""

import json
from collections.abc import AsyncIterator
from typing import Annotated, Any

from fastapi import APIRouter, Header, Request
from fastapi.responses import StreamingResponse
from pydantic import BaseModel, ConfigDict, Field

from skyshield.app.asked import preview_request
from skyshield.app.faults import ANSWERS, Route
from skyshield.app.pipe import Job
from skyshield.app.services import Services, services_of
from skyshield.app.settings import apply
from skyshield.core.errors import SkyShieldError
from skyshield.scenario import check
from skyshield.scenario.load import dump
from skyshield.study.memory import check_memory
from skyshield.study.plan import check_size

router = APIRouter(route_class=Route)

STAGES = ((40, 2), (200, 2), (200, 5))
MOST_STAGES, MOST_MOVES, LONGEST_TAB = 8, 200, 64
Stage = Annotated[list[int], Field(min_length=2, max_length=2)]


class PreviewBody(BaseModel):
    """A setting of a scenario, and the one before it."""

    model_config = ConfigDict(extra="forbid")

    scenario: str = "month"
    set: dict[str, Any] = Field(default_factory=dict, max_length=MOST_MOVES)
    from_: dict[str, Any] | None = Field(default=None, alias="from", max_length=MOST_MOVES)
    options: list[str] | None = Field(default=None, max_length=MOST_MOVES)
    seed: int = Field(default=1, ge=0, lt=2**64)
    stages: list[Stage] | None = Field(default=None, min_length=1, max_length=MOST_STAGES)


@router.post("/api/preview", responses={**ANSWERS, 200: {"content": {"text/event-stream": {}}}},
             response_class=StreamingResponse)
async def preview(request: Request, body: PreviewBody,
                  x_tab: Annotated[str, Header(max_length=LONGEST_TAB)] = "") -> StreamingResponse:
    """Play a setting in growing stages; a newer preview of the same tab ends this one."""
    services = services_of(request)
    shipped = services.folder.scenario(body.scenario)
    scenario = apply(shipped, body.set)
    before = None if body.from_ is None else apply(shipped, body.from_)
    for one in (scenario, before):
        if one is not None:
            check(one)
    names = [option.name for option in scenario.options]
    for name in body.options or ():
        if name not in names:
            raise SkyShieldError(f"options: {name!r}", "is not in the scenario", f"choose from {', '.join(names)}")
    stages = checked(body.stages or STAGES, len(names))
    job = await services.worker.begin(preview_request(
        dump(scenario), None if before is None else dump(before), stages, body.seed, body.options))
    services.previews.take(x_tab, job)
    return StreamingResponse(_lines(services, x_tab, job), media_type="text/event-stream")


def checked(stages: Any, n_options: int) -> list[tuple[int, int]]:
    """Return stages that can be played.

    Raises
    ------
    SkyShieldError
        If one is of no size, too large, or no larger than the one before it.
    """
    result: list[tuple[int, int]] = []
    for vectors, replications in stages:
        check_size(vectors, replications, 0)
        check_memory(vectors, replications, n_options)
        if result:
            of, each = result[-1]
            if vectors < of or replications < each or (vectors, replications) == (of, each):
                raise SkyShieldError("stages", f"go from {of} x {each} to {vectors} x {replications}",
                                     "let each have as many vectors and replications as the one before, or more")
        result.append((vectors, replications))
    return result


async def _lines(services: Services, tab: str, job: Job) -> AsyncIterator[str]:
    try:
        async for data in job.said():
            yield _line(data)
        if job.ended == "failed":
            yield _line({"error": job.error})
        elif job.ended == "stopped":
            yield _line({"ended": "a newer move"})
    finally:
        services.previews.drop(tab, job)


def _line(data: Any) -> str:
    return f"data: {json.dumps(data, separators=(',', ':'))}\n\n"
