"""Stored studies: a list, a page each with its twin, and what of them can be taken away."""

from collections.abc import Callable
from typing import Any, Literal

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse, JSONResponse

from skyshield.app import results
from skyshield.app.door import SANDBOX
from skyshield.app.faults import ANSWERS, Route, answers, fault, status_of
from skyshield.app.results import NotReadyError
from skyshield.app.routes.pages import html
from skyshield.app.services import services_of
from skyshield.core.errors import SkyShieldError
from skyshield.report.downloads import number_table

router = APIRouter(route_class=Route)

NOT_READY = 409
Kind = Literal["report", "annex", "guarantees"]


def status(error: SkyShieldError) -> int:
    """Return the status of a study that cannot be shown."""
    return NOT_READY if isinstance(error, NotReadyError) else status_of(error)


def answered(make: Callable[[], Response]) -> Response:
    """Return an answer, or what is wrong as JSON."""
    try:
        return make()
    except SkyShieldError as error:
        return fault(error.where, error.what, error.remedy, status(error))


def shown(make: Callable[[], HTMLResponse], request: Request, name: str = "") -> Response:
    """Return a page, or what is wrong: to a browser as a page, to others as JSON."""
    if "text/html" not in request.headers.get("accept", ""):
        return answered(make)
    try:
        return make()
    except SkyShieldError as error:
        answer = html("study_fault", {"fault": error, "id": name, "resumes": isinstance(error, NotReadyError)}, request)
        answer.status_code = status(error)
        return answer


@router.get("/api/studies", responses=ANSWERS)
@router.get("/studies.json", responses=ANSWERS)
def studies_json(request: Request) -> list[dict[str, Any]]:
    """Return the studies of the folder, the newest first; one that cannot be shown says why."""
    return results.rows(services_of(request).folder.studies())


@router.get("/studies", responses=ANSWERS, response_class=HTMLResponse)
def studies_page(request: Request) -> Response:
    """Return the list of studies."""
    return shown(lambda: html("studies", {"rows": studies_json(request)}, request), request)


@router.get("/api/studies/{name}", responses=ANSWERS)
def summary(request: Request, name: str) -> Response:
    """Return what ``run --json`` prints of a study."""
    folder = services_of(request).folder
    return answered(lambda: Response(results.summary_of(name, folder.study(name)), media_type="application/json"))


@router.get("/studies/{name}.json", responses=ANSWERS)
def result_json(request: Request, name: str, of: str = "") -> Response:
    """Return what a study's page shows; `of` is the option whose drivers are shown."""
    folder = services_of(request).folder
    return answered(lambda: JSONResponse(results.plain(results.result(name, folder.study(name), of))))


@router.get("/studies/{name}", responses=ANSWERS, response_class=HTMLResponse)
def result_page(request: Request, name: str, of: str = "") -> Response:
    """Return a study's page; `of` is the option whose drivers are shown."""
    folder = services_of(request).folder
    return shown(lambda: html("study", _content(results.result(name, folder.study(name), of)), request), request, name)


@router.get("/studies/{name}/csv", responses=answers("text/csv"), response_class=Response)
def csv(request: Request, name: str) -> Response:
    """Return every paired difference of a study as CSV."""
    folder = services_of(request).folder
    return answered(lambda: taken(results.csv_of(name, folder.study(name)), "text/csv", f"{name}.csv"))


@router.get("/studies/{name}/yaml", responses=answers("application/yaml"), response_class=Response)
def yaml(request: Request, name: str) -> Response:
    """Return the scenario of a study."""
    folder = services_of(request).folder
    return answered(lambda: taken(results.scenario_yaml(name, folder.study(name)), "application/yaml", f"{name}.yaml"))


@router.get("/studies/{name}/{kind}.html", responses=ANSWERS, response_class=HTMLResponse)
def stored(request: Request, name: str, kind: Kind) -> Response:
    """Return a page that lies with a study, without script and as if from nowhere."""
    folder = services_of(request).folder
    return shown(lambda: HTMLResponse(results.stored_page(name, folder.study(name), kind),
                                      headers={"content-security-policy": SANDBOX}), request, name)


def _content(study: dict[str, Any]) -> dict[str, Any]:
    """Return what the template of a study is given."""
    return {"study": study, "parts": results.parts(study), "numbers": number_table,
            "shorts": {option["name"]: option["short"] for option in study["options"]}}


def taken(text: str, kind: str, file: str) -> Response:
    """Return a file to keep; of its name only what every system can hold."""
    safe = "".join(letter if letter.isascii() and (letter.isalnum() or letter in "-_.") else "-" for letter in file)
    return Response(text, media_type=kind, headers={"content-disposition": f'attachment; filename="{safe}"'})
