"""The page itself, what it is made of, and whether the server is there."""

import functools
from pathlib import Path
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response

from skyshield.app.faults import ANSWERS, Route, answers
from skyshield.app.folder import UnknownError
from skyshield.app.pages import page

router = APIRouter(route_class=Route)

_STATIC = Path(__file__).resolve().parents[1] / "static"
_TYPES = {".js": "text/javascript; charset=utf-8", ".css": "text/css; charset=utf-8", ".woff2": "font/woff2",
          ".svg": "image/svg+xml", ".txt": "text/plain; charset=utf-8"}


@functools.cache
def _files() -> dict[str, tuple[bytes, str]]:
    """Return what the page is made of, by name: no name that a request gives is ever made a path."""
    return {path.relative_to(_STATIC).as_posix(): (path.read_bytes(), _TYPES[path.suffix])
            for path in sorted(_STATIC.rglob("*")) if path.is_file() and path.suffix in _TYPES}


@router.get("/healthz")
async def healthz() -> dict[str, bool]:
    """Say that the server answers."""
    return {"ok": True}


@router.get("/static/{name:path}", responses=answers("*/*"), response_class=Response)
async def static(name: str) -> Response:
    """Return a file that the page is made of; always whole, whatever Range asks for."""
    if name not in _files():
        raise UnknownError(f"/static/{name}", "is not here", "open the page anew")
    content, kind = _files()[name]
    return Response(content, media_type=kind)


@router.get("/favicon.ico", responses=ANSWERS, response_class=Response, status_code=204)
async def favicon() -> Response:
    """Return nothing: the page names its own."""
    return Response(status_code=204)


def html(template: str, content: dict[str, Any], request: Request) -> HTMLResponse:
    """Return a page of a template."""
    return HTMLResponse(page(template, {**content, "path": request.url.path}))
