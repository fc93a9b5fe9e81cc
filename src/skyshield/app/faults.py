"""One shape for whatever goes wrong: where, what, and how to mend it, with a status that says whose fault it is."""

import json
import math
import os
import traceback
from collections.abc import Callable, Coroutine
from typing import Any

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse, JSONResponse
from fastapi.routing import APIRoute
from pydantic import BaseModel
from starlette.exceptions import HTTPException

from skyshield.app.folder import BusyError, UnknownError
from skyshield.app.pages import page
from skyshield.core.errors import MACHINE, SkyShieldError, one_line

_DIGITS = 21  # of the longest whole number, a seed, with its sign
BAD, UNKNOWN, METHOD, BUSY, UNREADABLE, SERVER, STORAGE = 400, 404, 405, 409, 422, 500, 507


class Fault(BaseModel):
    """What every refusal says."""

    where: str
    what: str
    remedy: str


_SAID = {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/Fault"}}}}
ANSWERS: dict[int | str, dict[str, Any]] = {  # of every route, whatever it answers otherwise
    "4XX": {"description": "What is wrong with the request, and how to mend it.", **_SAID},
    UNREADABLE: {"description": "A value of the request is none that it can be.", **_SAID},
    STORAGE: {"description": "Disk or memory is full, or permission is missing.", **_SAID}}


def answers(kind: str) -> dict[int | str, dict[str, Any]]:
    """Return what a route answers that gives something of a type."""
    return {**ANSWERS, 200: {"content": {kind: {}}}}


def fault(where: str, what: str, remedy: str, status: int = BAD) -> JSONResponse:
    """Return an answer that says what is wrong."""
    return JSONResponse({"where": one_line(where), "what": one_line(what), "remedy": one_line(remedy)}, status)


def told(request: Request, said: JSONResponse) -> Response:
    """Return what is wrong as it is, or as a page where a person has asked for one."""
    path = request.url.path
    if request.method != "GET" or "text/html" not in request.headers.get("accept", "") or path.startswith("/api/"):
        return said
    content = {"fault": json.loads(bytes(said.body)), "path": path}
    return HTMLResponse(page("fault", content), said.status_code)


def status_of(error: SkyShieldError) -> int:
    """Return the status of an error: an unknown name, something in use, a machine that is full, or bad input."""
    if isinstance(error, UnknownError):
        return UNKNOWN
    if isinstance(error, BusyError):
        return BUSY
    return STORAGE if error.exit_code == MACHINE else BAD


def add_faults(app: FastAPI) -> None:
    """Have every error of an application answered in the one shape."""
    @app.exception_handler(SkyShieldError)
    def ours(request: Request, error: SkyShieldError) -> Response:
        return told(request, fault(error.where, error.what, error.remedy, status_of(error)))

    @app.exception_handler(OverflowError)
    def too_large(request: Request, _: OverflowError) -> JSONResponse:
        return fault(request.url.path, "was given a number that is too large", "give a smaller one")

    @app.exception_handler(RequestValidationError)
    def unreadable(request: Request, error: RequestValidationError) -> Response:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"] if part != "body") or "body"
        return told(request, fault(place, first["msg"], "see /openapi.json for what is asked for", UNREADABLE))

    @app.exception_handler(UnreadableError)
    def no_json(_: Request, error: UnreadableError) -> JSONResponse:
        return fault(error.fault.where, error.fault.what, error.fault.remedy)

    @app.exception_handler(HTTPException)
    def refused(request: Request, error: HTTPException) -> Response:
        remedies = {UNKNOWN: ("is not here", "see /openapi.json for what is"),
                    METHOD: ("does not take this method", "see /openapi.json for those it takes")}
        what, remedy = remedies.get(error.status_code, (str(error.detail), "mend the request"))
        answer = fault(request.url.path, what, remedy, error.status_code)
        answer.headers.update(error.headers or {})
        return told(request, answer)

    @app.exception_handler(Exception)
    def failed(request: Request, error: Exception) -> JSONResponse:
        if os.environ.get("SKYSHIELD_TRACEBACK") == "1":
            traceback.print_exception(error)
        return fault(request.url.path, f"met a fault of the program ({type(error).__name__})", "report it", SERVER)


class UnreadableError(HTTPException):
    """A body that is no JSON: of a kind that the framework hands on."""

    def __init__(self, error: SkyShieldError) -> None:
        self.fault = error
        super().__init__(BAD)


class _Request(Request):
    """A request whose JSON is JSON: without NaN, infinities, and nesting that no setting has."""

    async def json(self) -> Any:
        """Return the body as plain data."""
        body = await self.body()
        try:
            return read_json(body)
        except SkyShieldError as error:
            raise UnreadableError(error) from None


class Route(APIRoute):
    """A route whose bodies are read so."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Return what handles a request."""
        handle = super().get_route_handler()

        async def handler(request: Request) -> Response:
            return await handle(_Request(request.scope, request.receive))

        return handler


def read_json(body: bytes) -> Any:
    """Return plain data of JSON.

    Raises
    ------
    SkyShieldError
        If it is no JSON, or holds a number that JSON does not have.

    Examples
    --------
    >>> read_json(b'{"days": 30}')
    {'days': 30}
    """
    def constant(name: str) -> Any:
        raise SkyShieldError("body", f"holds {name}", "give numbers that are finite")

    def number(text: str) -> float:
        value = float(text)
        if not math.isfinite(value):
            raise SkyShieldError("body", f"holds {text}, which no number here can be", "give a smaller one")
        return value

    def whole(text: str) -> int:
        if len(text) > _DIGITS:
            raise SkyShieldError("body", f"holds {text[:_DIGITS]}…, which no number here can be", "give a smaller one")
        return int(text)

    try:
        content = json.loads(body, parse_constant=constant, parse_float=number, parse_int=whole)
        json.dumps(content, ensure_ascii=False).encode()
    except RecursionError:
        raise SkyShieldError("body", "is nested too deeply", "give plain data") from None
    except UnicodeEncodeError:
        raise SkyShieldError("body", "holds half a character", "send whole ones") from None
    except ValueError as error:
        raise SkyShieldError("body", f"is no JSON ({error})", "send a JSON object") from None
    return content
