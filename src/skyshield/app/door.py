"""Who may come in: what every request must show before any route sees it, and what every answer carries.

A page of another site may send requests to a server on this machine, and a name that it controls may be made to point
here (DNS rebinding). So every request must name this server as its host, and must bring the token of this start: a
script as ``Authorization: Bearer``, a browser once in the address, for which it gets a cookie that no script can read.
What comes from elsewhere may navigate here, which changes nothing; whatever changes something must come from our own
pages, which the browser says in ``Origin`` or ``Sec-Fetch-Site`` and a page cannot forge.

Sources: Fetch metadata request headers (W3C); RFC 6265 and its successor on cookies; OWASP on cross-site requests.
"""

import asyncio
import contextlib
import hmac
import json
import re
import secrets
from collections.abc import Awaitable, Callable, Mapping, MutableMapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, urlencode

from skyshield.core.errors import one_line

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
DROPPED_BYTES, DROPPING_S = 128 * 2**20, 5.0  # of a refused body, so that its sender reads why
_TOKEN_BYTES = 32
_WEB_PORT = 80  # which a browser leaves out
_READING = ("GET", "HEAD")
_CHANGING = ("POST", "PUT", "DELETE")
_METHODS = (*_READING, *_CHANGING)
_LENGTH = re.compile("[0-9]{1,20}")
_MORE = {401: [(b"www-authenticate", b"Bearer")], 405: [(b"allow", ", ".join(_METHODS).encode())]}

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
    def hosts(self) -> tuple[str, ...]:
        """What the Host header may say."""
        ports = (f":{self.port}", "") if self.port == _WEB_PORT else (f":{self.port}",)
        return tuple(f"{name}{port}" for port in ports for name in ("127.0.0.1", "localhost"))

    @property
    def origins(self) -> tuple[str, ...]:
        """What the Origin header may say."""
        return tuple(f"http://{host}" for host in self.hosts)

    @property
    def cookie_name(self) -> str:
        """Name of the cookie: browsers keep the cookies of all ports of a host together."""
        return f"skyshield-{self.port}"


class Refused(Exception):  # noqa: N818
    """A request that may not come in: a status, why, how to mend it, and whether its sender may still be sending."""

    def __init__(self, status: int, what: str, remedy: str, sending: bool = True) -> None:
        self.status, self.what, self.remedy, self.sending = status, what, remedy, sending
        super().__init__(what)


def most_bytes(path: str) -> int:
    """Return the most bytes that a body sent to a path may have."""
    return UPLOAD_BYTES if path.startswith(UPLOADS) else JSON_BYTES


class Door:
    """ASGI middleware: lets in what may come in, and adds to every answer the headers that keep it where it belongs.

    A body is read here, counted, before the application sees any of it. What is refused is told at once, and what
    its sender still sends is read and dropped for a while: a sender who is cut off would not read the answer.
    """

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

        async def answer(message: Message) -> None:
            if message["type"] == "http.response.start":
                message = {**message, "headers": with_headers(message.get("headers", []))}
            await send(message)

        try:
            headers = _headers(scope)
            check_host(headers, self._keys)
            check_target(scope["path"])
            query = parse_qsl(scope["query_string"].decode("latin-1"), keep_blank_values=True)
            if scope["path"] == "/" and scope["method"] == "GET" and any(key == "token" for key, _ in query):
                await self._exchange(query, headers, answer)
                return
            check_request(scope["method"], scope["path"], headers, self._keys)
            body = await _body(receive, most_bytes(scope["path"]), headers)
        except Refused as refused:
            await _refuse(answer, receive, refused)
            return
        if body is None:  # the sender has gone
            return
        inner = {**scope, "method": "GET"} if scope["method"] == "HEAD" else scope  # the server leaves the body out
        await self._app(inner, _again(body, receive), answer)

    async def _exchange(self, query: Sequence[tuple[str, str]], headers: Mapping[str, list[str]],
                        answer: Send) -> None:
        """Change the token in the address for a cookie."""
        _check_fetch("GET", headers, self._keys)
        tokens = [value for key, value in query if key == "token"]
        if len(tokens) != 1 or not _same(tokens[0], self._keys.token):
            raise Refused(401, "has another token than this start of the program",
                          "open the address that 'skyshield app' printed")
        rest = urlencode([(key, value) for key, value in query if key != "token"])
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


def check_target(path: str) -> None:
    """Refuse a whole address, as one sends to a proxy, and ``*``."""
    if not path.startswith("/"):
        raise Refused(400, "names no path", "begin it with /")


def check_request(method: str, path: str, headers: Mapping[str, list[str]], keys: Keys) -> None:
    """Refuse a request without the token, from elsewhere, or of a type that a form of another site can send."""
    if path == OPEN and method in _READING:
        return
    _check_fetch(method, headers, keys)
    by_script = _is_bearer(headers, keys)
    if not by_script and not _has_cookie(headers, keys):
        raise Refused(401, "shows no token of this start of the program",
                      "open the address that 'skyshield app' printed, or send Authorization: Bearer TOKEN")
    if method in _READING:
        return
    if method not in _CHANGING:
        raise Refused(405, f"is {method}", f"use {', '.join(_METHODS)}")
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
    if any(value.strip().lower() != "identity" for value in headers.get("content-encoding", [])):
        raise Refused(415, "is packed", "send it as it is")
    types = [value.partition(";")[0].strip().lower() for value in headers.get("content-type", [])]
    if method == "DELETE" and by_script and not types:
        return
    wanted = UPLOAD_TYPES if method == "PUT" and path.startswith(UPLOADS) else (JSON_TYPE,)
    if len(types) != 1 or types[0] not in wanted:
        raise Refused(415, f"is sent as {one_line(types[0], 60) if types else 'nothing'}", f"send it as {wanted[0]}")


def _is_ours(headers: Mapping[str, list[str]], keys: Keys) -> bool:
    """Say whether the browser says that a request comes from our own page; another origin was refused before."""
    origins = headers.get("origin", [])
    return origins[0] in keys.origins if origins else headers.get("sec-fetch-site", []) == ["same-origin"]


def _is_bearer(headers: Mapping[str, list[str]], keys: Keys) -> bool:
    values = headers.get("authorization", [])
    kind, _, token = values[0].partition(" ") if len(values) == 1 else ("", "", "")
    return kind.lower() == "bearer" and _same(token.strip(), keys.token)


def _has_cookie(headers: Mapping[str, list[str]], keys: Keys) -> bool:
    """Say whether one of the cookies is ours: programs on other ports may have set what they like beside it."""
    pairs = (pair.partition("=") for value in headers.get("cookie", []) for pair in value.split(";"))
    return any(name.strip() == keys.cookie_name and _same(value.strip(), keys.cookie) for name, _, value in pairs)


def _same(given: str, secret: str) -> bool:
    """Compare in a time that does not tell how much is right."""
    return hmac.compare_digest(given.encode("utf-8", "surrogateescape"), secret.encode())


def _headers(scope: Scope) -> dict[str, list[str]]:
    result: dict[str, list[str]] = {}
    for name, value in scope["headers"]:
        result.setdefault(name.decode("latin-1").lower(), []).append(value.decode("latin-1"))
    return result


def with_headers(given: Any) -> list[tuple[bytes, bytes]]:
    """Add what every answer carries; a route may set a policy of its own."""
    there = {name.lower() for name, _ in given}
    return [*given, *((name.encode(), value.encode()) for name, value in HEADERS.items() if name.encode() not in there)]


async def _body(receive: Receive, limit: int, headers: Mapping[str, list[str]]) -> bytes | None:
    """Read a whole body and count it meanwhile; None if its sender goes away.

    Raises
    ------
    Refused
        As soon as it is said to be, or is, over the limit.
    """
    said = [int(value) for value in headers.get("content-length", []) if _LENGTH.fullmatch(value)]
    body, sending = bytearray(), True
    while not any(length > limit for length in said):
        message = await receive()
        if message["type"] != "http.request":
            return None
        body += message.get("body", b"")
        sending = message.get("more_body", False)
        if len(body) > limit:
            break
        if not sending:
            return bytes(body)
    raise Refused(413, f"has a body of more than {limit:,} bytes", "send less", sending)


def _again(body: bytes, receive: Receive) -> Receive:
    """Return what gives a body that was read, then what comes after it."""
    given = False

    async def receiving() -> Message:
        nonlocal given
        if given:
            return await receive()
        given = True
        return {"type": "http.request", "body": body, "more_body": False}

    return receiving


async def _refuse(answer: Send, receive: Receive, refused: Refused) -> None:
    body = json.dumps({"where": "request", "what": refused.what, "remedy": refused.remedy}).encode()
    more = _MORE.get(refused.status, [])
    await answer({"type": "http.response.start", "status": refused.status, "headers": [
        (b"content-type", b"application/json"), (b"content-length", str(len(body)).encode()),
        (b"connection", b"close"), *more]})
    await answer({"type": "http.response.body", "body": body, "more_body": True})
    if refused.sending:
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(_drop(receive), DROPPING_S)
    await answer({"type": "http.response.body", "body": b""})


async def _drop(receive: Receive) -> None:
    """Read on to the end of a body, or up to some size, and keep nothing of it."""
    dropped = 0
    while dropped < DROPPED_BYTES:
        message = await receive()
        dropped += len(message.get("body", b""))
        if message["type"] != "http.request" or not message.get("more_body", False):
            return
