"""Two stored studies side by side."""

from pathlib import Path
from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse, JSONResponse

from skyshield.app import comparing, results
from skyshield.app.faults import ANSWERS, Route
from skyshield.app.routes.pages import html
from skyshield.app.routes.studies import answered, shown
from skyshield.app.services import services_of
from skyshield.report.downloads import number_table

router = APIRouter(route_class=Route)


@router.get("/api/compare", responses=ANSWERS)
def document(request: Request, a: str, b: str, to: str | None = None) -> Response:
    """Return what ``compare A B --json`` prints."""
    return answered(lambda: JSONResponse(comparing.document((a, b), _paths(request, a, b), to)))


@router.get("/compare.json", responses=ANSWERS)
def compare_json(request: Request, a: str, b: str, to: str | None = None) -> Response:
    """Return what the page of two studies shows."""
    return answered(lambda: JSONResponse(results.plain(comparing.comparison((a, b), _paths(request, a, b), to))))


@router.get("/compare", responses=ANSWERS, response_class=HTMLResponse)
def compare_page(request: Request, a: str = "", b: str = "", to: str = "") -> Response:
    """Return the page of two studies; without both, only the choice of them."""
    there = [row for row in results.rows(services_of(request).folder.studies()) if row["fault"] is None]
    chosen: dict[str, Any] = {"studies": there, "a": a, "b": b, "to": to, "numbers": number_table}
    if not a or not b:
        return html("compare", chosen | {"two": None}, request)
    return shown(lambda: html("compare", chosen | {
        "two": comparing.comparison((a, b), _paths(request, a, b), to or None)}, request), request)


def _paths(request: Request, a: str, b: str) -> tuple[Path, Path]:
    folder = services_of(request).folder
    return folder.study(a), folder.study(b)
