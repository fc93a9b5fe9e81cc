"""Who may come in: what every request must show before any route sees it, and what every answer carries.

A page of another site may send requests to a server on this machine, and a name that it controls may be made to point
here (DNS rebinding). So every request must name this server as its host, and must bring the token of this start: a
script as ``Authorization: Bearer``, a browser once in the address, for which it gets a cookie that no script can read.
What comes from elsewhere may navigate here, which changes nothing; whatever changes something must come from our own
pages, which the browser says in ``Origin`` or ``Sec-Fetch-Site`` and a page cannot forge.

Sources: Fetch metadata request headers (W3C); RFC 6265 and its successor on cookies; OWASP on cross-site requests.
"""

import hmac
import json
import secrets
from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from dataclasses import dataclass, field
from http.cookies import CookieError, SimpleCookie
from typing import Any
from urllib.parse import parse_qsl, urlencode

from starlette.exceptions import HTTPException

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

JSON_BYTES, UPLOAD_BYTES = 2**20, 32 * 2**20
JSON_TYPE = "application/json"
UPLOAD_TYPES = ("application/yaml", "application/x-yaml", "text/yaml")
OPEN = "/healthz"  # the one path that asks for no token
UPLOADS = "/api/scenarios/"
_TOKEN_BYTES = 32
_READING = ("GET", "HEAD")
_CHANGING = ("POST", "PUT", "PATCH", "DELETE")

POLICY = ("default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
          "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'")
# A stored report is a file somebody may have sent: it is shown without script, and as if from nowhere.
SANDBOX = ("sandbox allow-top-navigation-by-user-activation; default-src 'none'; style-src 'unsafe-inline'; "
           "img-src data:; font-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'")
HEADERS = {"x-content-type-options": "nosniff", "cache-control": "no-store", "referrer-policy": "no-referrer",
           "content-security-policy": POLICY, "cross-origin-opener-policy": "same-origin",
           "cross-origin-resource-policy": "same-origin"}


def make_token() -> str:
    """Return a fresh secret of 256 bits, as text that an address can hold."""
    return secrets.token_urlsafe(_TOKEN_BYTES)


@dataclass(frozen=True)
class Keys:
    """What opens the door of one start of the program.

    Attributes
    ----------
    port
        Of the server.
    token
        In the address that is printed, and for scripts.
    cookie
        What a browser holds instead; another secret, so that the address opens nothing once it was changed for it.
    """

    port: int
    token: str = field(default_factory=make_token, repr=False)
    cookie: str = field(default_factory=make_token, repr=False)

    @property
    def hosts(self) -> tuple[str, str]:
        """What the Host header may say."""
        return f"127.0.0.1:{self.port}", f"localhost:{self.port}"

    @property
    def origins(self) -> tuple[str, str]:
        """What the Origin header may say."""
        return f"http://{self.hosts[0]}", f"http://{self.hosts[1]}"

    @property
    def cookie_name(self) -> str:
        """Name of the cookie: browsers keep the cookies of all ports of a host together."""
        return f"skyshield-{self.port}"


class Refused(Exception):  # noqa: N818
    """A request that may not come in: a status, and why."""

    def __init__(self, status: int, what: str, remedy: str) -> None:
        self.status, self.what, self.remedy = status, what, remedy
        super().__init__(what)


def most_bytes(path: str) -> int:
    """Return the most bytes that a body sent to a path may have."""
    return UPLOAD_BYTES if path.startswith(UPLOADS) else JSON_BYTES


class Door:
    """ASGI middleware: lets in what may come in, and adds to every answer the headers that keep it where it belongs."""

    def __init__(self, app: App, keys: Keys) -> None:
        self._app, self._keys = app, keys

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        if scope["type"] != "http":  # nothing here speaks WebSocket
            await send({"type": "websocket.close", "code": 1008})
            return
        begun = False

        async def answer(message: Message) -> None:
            nonlocal begun
            if message["type"] == "http.response.start":
                begun = True
                message = {**message, "headers": _with_headers(message.get("headers", []))}
            await send(message)

        try:
            headers = _headers(scope)
            query = dict(parse_qsl(scope["query_string"].decode("latin-1"), keep_blank_values=True))
            check_host(headers, self._keys)
            if scope["path"] == "/" and "token" in query and scope["method"] == "GET":
                await self._exchange(query, headers, answer)
                return
            check_request(scope["method"], scope["path"], headers, self._keys)
        except Refused as refused:
            await _refuse(answer, refused)
            return
        limit = most_bytes(scope["path"])
        try:
            await self._app(scope, _counted(receive, limit, headers), answer)
        except TooLargeError:
            if begun:
                raise
            await _refuse(answer, Refused(413, f"has a body of more than {limit:,} bytes", "send less"))

    async def _exchange(self, query: Mapping[str, str], headers: Mapping[str, list[str]], answer: Send) -> None:
        """Change the token in the address for a cookie."""
        _check_fetch("GET", headers, self._keys)
        if not _same(query["token"], self._keys.token):
            raise Refused(401, "has another token than this start of the program",
                          "open the address that 'skyshield app' printed")
        rest = urlencode([(key, value) for key, value in query.items() if key != "token"])
        cookie = f"{self._keys.cookie_name}={self._keys.cookie}; Path=/; HttpOnly; SameSite=Lax"
        await answer({"type": "http.response.start", "status": 303, "headers": [
            (b"location", f"/?{rest}".encode() if rest else b"/"), (b"set-cookie", cookie.encode()),
            (b"content-length", b"0")]})
        await answer({"type": "http.response.body", "body": b""})


def check_host(headers: Mapping[str, list[str]], keys: Keys) -> None:
    """Refuse a request that names another server than this one, as a rebound name does."""
    hosts = headers.get("host", [])
    if len(hosts) != 1 or hosts[0] not in keys.hosts:
        raise Refused(421, "names another host", f"open http://{keys.hosts[0]}/")


def check_request(method: str, path: str, headers: Mapping[str, list[str]], keys: Keys) -> None:
    """Refuse a request without the token, from elsewhere, or of a type that a form of another site can send."""
    if path == OPEN and method in _READING:
        return
    _check_fetch(method, headers, keys)
    by_script = _is_bearer(headers, keys)
    if not by_script and not _has_cookie(headers, keys):
        raise Refused(401, "shows no token of this start of the program",
                      "open the address that 'skyshield app' printed, or send Authorization: Bearer TOKEN")
    if method in _CHANGING:
        if not by_script and not _is_ours(headers, keys):
            raise Refused(403, "does not say that it comes from our own page", "send it from the page")
        _check_type(method, path, headers, by_script)


def _check_fetch(method: str, headers: Mapping[str, list[str]], keys: Keys) -> None:
    """From elsewhere only navigation may come, which changes nothing."""
    origins = headers.get("origin", [])
    if any(origin not in keys.origins for origin in origins) or len(origins) > 1:
        raise Refused(403, "comes from another origin", "send it from our own page")
    sites = headers.get("sec-fetch-site", [])
    if any(site not in ("same-origin", "none") for site in sites):
        navigates = headers.get("sec-fetch-mode", []) == ["navigate"] and headers.get(
            "sec-fetch-dest", ["document"]) == ["document"]
        if method not in _READING or not navigates:
            raise Refused(403, "comes from another site", "open the page itself")


def _check_type(method: str, path: str, headers: Mapping[str, list[str]], by_script: bool) -> None:
    types = [value.partition(";")[0].strip().lower() for value in headers.get("content-type", [])]
    if method == "DELETE" and by_script and not types:
        return
    wanted = UPLOAD_TYPES if method == "PUT" and path.startswith(UPLOADS) else (JSON_TYPE,)
    if len(types) != 1 or types[0] not in wanted:
        raise Refused(415, f"is sent as {types[0] if types else 'nothing'}", f"send it as {wanted[0]}")


def _is_ours(headers: Mapping[str, list[str]], keys: Keys) -> bool:
    """Say whether the browser says that a request comes from our own page; another origin was refused before."""
    origins = headers.get("origin", [])
    return origins[0] in keys.origins if origins else headers.get("sec-fetch-site", []) == ["same-origin"]


def _is_bearer(headers: Mapping[str, list[str]], keys: Keys) -> bool:
    values = headers.get("authorization", [])
    kind, _, token = values[0].partition(" ") if len(values) == 1 else ("", "", "")
    return kind.lower() == "bearer" and _same(token.strip(), keys.token)


def _has_cookie(headers: Mapping[str, list[str]], keys: Keys) -> bool:
    for value in headers.get("cookie", []):
        try:
            jar = SimpleCookie(value)
        except CookieError:
            continue
        if keys.cookie_name in jar and _same(jar[keys.cookie_name].value, keys.cookie):
            return True
    return False


def _same(given: str, secret: str) -> bool:
    """Compare in a time that does not tell how much is right."""
    return hmac.compare_digest(given.encode("utf-8", "surrogateescape"), secret.encode())


def _headers(scope: Scope) -> dict[str, list[str]]:
    result: dict[str, list[str]] = {}
    for name, value in scope["headers"]:
        result.setdefault(name.decode("latin-1").lower(), []).append(value.decode("latin-1"))
    return result


def _with_headers(given: Any) -> list[tuple[bytes, bytes]]:
    """Add what every answer carries; a route may set a policy of its own."""
    there = {name.lower() for name, _ in given}
    return [*given, *((name.encode(), value.encode()) for name, value in HEADERS.items() if name.encode() not in there)]


class TooLargeError(HTTPException):
    """A body that is larger than it may be."""

    def __init__(self) -> None:
        super().__init__(413)


def _counted(receive: Receive, limit: int, headers: Mapping[str, list[str]]) -> Receive:
    """Count a body while it is read."""
    said = [int(value) for value in headers.get("content-length", []) if value.isascii() and value.isdigit()]
    received = 0

    async def counting() -> Message:
        nonlocal received
        if any(length > limit for length in said):
            raise TooLargeError
        message = await receive()
        received += len(message.get("body", b""))
        if received > limit:
            raise TooLargeError
        return message

    return counting


async def _refuse(answer: Send, refused: Refused) -> None:
    body = json.dumps({"where": "request", "what": refused.what, "remedy": refused.remedy}).encode()
    await answer({"type": "http.response.start", "status": refused.status, "headers": [
        (b"content-type", b"application/json"), (b"content-length", str(len(body)).encode()),
        (b"connection", b"close")]})
    await answer({"type": "http.response.body", "body": body})
