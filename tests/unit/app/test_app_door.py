"""The door: nobody comes in without the token, from elsewhere, by another name, or with more than may be sent."""

import json
import re

import pytest
from fastapi.routing import APIRoute
from hypothesis import example, given
from hypothesis import strategies as st

from skyshield.app import door
from skyshield.app.door import HEADERS, JSON_BYTES, OPEN, POLICY, UPLOAD_BYTES, Door, Keys
from support.application import PORT

HERE = f"http://127.0.0.1:{PORT}"
FAULT = {"where", "what", "remedy"}
JSON = {"content-type": "application/json"}
CHECK = json.dumps({"scenario": "month", "set": {}}).encode()


def refused(answer, status):
    assert answer.status == status, (answer.status, answer.body)
    assert set(answer.json()) == FAULT
    assert answer.header("content-type") == "application/json"
    for name, value in HEADERS.items():
        assert answer.header(name) == value


def cookie(ask, **more):
    return {"cookie": f"{ask.keys.cookie_name}={ask.keys.cookie}", **more}


# ---- Whom it serves at all: the name of the host.

@pytest.mark.parametrize("host", [
    "evil.example", f"evil.example:{PORT}", "127.0.0.1", "localhost", "127.0.0.1:80", f"127.0.0.1:{PORT}.evil.example",
    f"127.0.0.1:{PORT}@evil.example", f"evil.example@127.0.0.1:{PORT}", f"[::1]:{PORT}", f"0.0.0.0:{PORT}",
    f"LOCALHOST:{PORT}", f"localhost.:{PORT}", f"127.1:{PORT}", f" 127.0.0.1:{PORT}", f"127.0.0.1:0{PORT}", ""])
@pytest.mark.parametrize("path", ["/", "/lab.json", "/healthz", "/static/lab.js", "/openapi.json"])
def test_a_rebound_name_is_refused_for_reading_too(ask, host, path):
    refused(ask("GET", path, host=host), 421)


@pytest.mark.parametrize("host", [f"127.0.0.1:{PORT}", f"localhost:{PORT}"])
def test_both_names_of_this_machine_serve(ask, host):
    assert ask("GET", "/api/worker", host=host).status == 200


def test_two_hosts_are_none(ask):
    refused(ask("GET", "/api/worker", [("host", f"127.0.0.1:{PORT}"), ("host", "evil.example")], host=""), 421)
    refused(ask("GET", "/api/worker", [("host", f"127.0.0.1:{PORT}")]), 421)


@given(st.text(st.characters(min_codepoint=33, max_codepoint=126), max_size=40))
@example(f"127.0.0.1:{PORT}:{PORT}")
def test_no_other_host_serves(host):
    keys = Keys(PORT)
    if host in (f"127.0.0.1:{PORT}", f"localhost:{PORT}"):
        return
    with pytest.raises(door.Refused) as caught:
        door.check_host({"host": [host]}, keys)
    assert caught.value.status == 421


def test_a_browser_leaves_out_port_80_alone():
    assert Keys(80).hosts == ("127.0.0.1:80", "localhost:80", "127.0.0.1", "localhost")
    assert Keys(81).hosts == ("127.0.0.1:81", "localhost:81")


@pytest.mark.parametrize("target", [f"http://127.0.0.1:{PORT}/", f"http://127.0.0.1:{PORT}/lab.json",
                                    "http://evil.example/", "*", "evil.example:443", ""])
def test_a_whole_address_is_no_path(ask, target):
    refused(ask("GET", target), 400)


# ---- The token and the cookie.

def every_route(ask):
    """Return a request for every route and method of the application, whatever it is called."""
    assert isinstance(ask.app, Door)
    found = []

    def walk(routes):
        for route in routes:
            router = getattr(route, "original_router", None)
            if router is not None:
                walk(router.routes)
                continue
            assert isinstance(route, APIRoute) or route.path == "/openapi.json", route
            found.extend((method, re.sub(r"\{[^}]*\}", "x", route.path)) for method in sorted(route.methods))

    walk(ask.app._app.routes)
    return found


def test_every_route_asks_for_the_token_and_healthz_does_not(ask):
    routes = every_route(ask)
    assert {path for _, path in routes} >= {"/", "/lab.json", "/api/check", "/api/preview", "/healthz",
                                            "/openapi.json", "/static/x", "/api/scenarios/x"}
    for method, path in routes:
        answer = ask(method, path, JSON, CHECK, bearer=False)
        if path == OPEN:
            assert answer.json() == {"ok": True}
        else:
            refused(answer, 401)
            assert answer.header("www-authenticate") == "Bearer"
            assert ask(method, path, JSON, b"no JSON").status not in (401, 403)


@pytest.mark.parametrize("path", ["/nothing", "/healthz/", "//healthz", "/healthz/../lab.json", "/HEALTHZ",
                                  "/healthz;x", "/static/../healthz"])
def test_nothing_near_healthz_is_open(ask, path):
    refused(ask("GET", path, bearer=False), 401)


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS"])
def test_healthz_is_open_for_reading_alone(ask, method):
    refused(ask(method, "/healthz", JSON, bearer=False), 401)


@pytest.mark.parametrize("shown", ["", "Bearer", "Bearer ", "bearer x", "Basic {token}", "{token}", "Bearer {cookie}",
                                   "Bearer {token}x", "Bearer x{token}", "Bearer {token},{token}", "Bearer \xff"])
def test_only_the_token_of_this_start_opens(ask, shown):
    value = shown.format(token=ask.keys.token, cookie=ask.keys.cookie)
    refused(ask("GET", "/api/worker", {"authorization": value}, bearer=False), 401)


def test_two_tokens_are_none(ask):
    refused(ask("GET", "/api/worker", {"authorization": "Bearer x"}), 401)


def test_the_token_in_the_address_is_changed_for_a_cookie_and_gone(ask):
    token = ask.keys.token
    answer = ask("GET", f"/?token={token}&scenario=month&set=days%3D10&set=seed%3D2&view=a%20b", bearer=False)
    assert (answer.status, answer.body) == (303, b"")
    assert answer.header("location") == "/?scenario=month&set=days%3D10&set=seed%3D2&view=a+b"
    assert answer.header("set-cookie") == f"skyshield-{PORT}={ask.keys.cookie}; Path=/; HttpOnly; SameSite=Lax"
    assert token not in str(answer.headers)
    assert answer.header("referrer-policy") == "no-referrer"
    assert ask("GET", f"/?token={token}", bearer=False).header("location") == "/"
    assert ask("GET", "/api/worker", cookie(ask), bearer=False).status == 200


@pytest.mark.parametrize("query", ["token=", "token=x", "token={cookie}", "token={token}x", "token={token}&token=x",
                                   "token=x&token={token}", "token={token}&token={token}", "token=%ff"])
def test_another_token_in_the_address_opens_nothing(ask, query):
    query = query.format(token=ask.keys.token, cookie=ask.keys.cookie)
    answer = ask("GET", f"/?{query}", bearer=False)
    refused(answer, 401)
    assert answer.header("set-cookie") is None


@pytest.mark.parametrize(("method", "path"), [
    ("GET", "/lab.json"), ("GET", "/api/worker"), ("GET", "//"), ("GET", "/healthz/"), ("HEAD", "/"), ("POST", "/"),
    ("POST", "/api/check")])
def test_the_token_in_an_address_opens_the_front_door_alone(ask, method, path):
    answer = ask(method, f"{path}?token={ask.keys.token}", JSON, CHECK, bearer=False)
    refused(answer, 401)
    assert answer.header("set-cookie") is None


@pytest.mark.parametrize("place", ["//evil.example", "https://evil.example", "/\\evil.example", "%0d%0aset-cookie: a"])
def test_it_leads_nowhere_else(ask, place):
    for name in ("next", "url", "redirect", ""):
        answer = ask("GET", f"/?token={ask.keys.token}&{name}={place}", bearer=False)
        assert answer.header("location").startswith("/?")
        assert answer.header("location")[1:].isprintable()
        assert answer.header("set-cookie").count("=") == 3


def test_a_cookie_of_an_earlier_start_or_of_another_port_opens_nothing(ask):
    before = Keys(PORT)
    assert len({before.token, before.cookie, ask.keys.token, ask.keys.cookie}) == 4
    for value in (f"skyshield-{PORT}={before.cookie}", f"skyshield-{PORT + 1}={ask.keys.cookie}",
                  f"skyshield={ask.keys.cookie}", f"skyshield-{PORT}={ask.keys.token}", f"skyshield-{PORT}=",
                  f"skyshield-{PORT}", f"skyshield-{PORT}={ask.keys.cookie[:-1]}", ask.keys.cookie, "", ";;;",
                  f"x=skyshield-{PORT}={ask.keys.cookie}", f"SKYSHIELD-{PORT}={ask.keys.cookie}"):
        refused(ask("GET", "/lab.json", {"cookie": value}, bearer=False), 401)


def test_our_cookie_is_found_beside_those_of_other_programs(ask):
    own = f"{ask.keys.cookie_name}={ask.keys.cookie}"
    for value in (f'a={{"b": 1}}; {own}; c="x', f"{ask.keys.cookie_name}=planted; {own}",
                  f"{own}; {ask.keys.cookie_name}=planted", f";\xff=\xff;{own}"):
        assert ask("GET", "/api/worker", {"cookie": value}, bearer=False).status == 200, value


# ---- From where.

ELSEWHERE = [HERE + ".evil.example", "http://evil.example", "null", f"https://127.0.0.1:{PORT}",
             f"http://127.0.0.1:{PORT + 1}", "http://127.0.0.1", "http://localhost", HERE + "/", HERE.upper(),
             f"http://127.0.0.1:{PORT}0", f"{HERE}, http://evil.example", "", "file://"]


@pytest.mark.parametrize("origin", ELSEWHERE)
@pytest.mark.parametrize("method", ["GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS"])
def test_another_origin_is_refused_even_with_cookie_or_token(ask, origin, method):
    for headers, bearer in ((cookie(ask, origin=origin, **JSON), False), ({"origin": origin, **JSON}, True)):
        refused(ask(method, "/api/check", headers, CHECK, bearer=bearer), 403)


@pytest.mark.parametrize("proof", [{"origin": HERE}, {"origin": f"http://localhost:{PORT}"},
                                   {"sec-fetch-site": "same-origin"},
                                   {"origin": HERE, "sec-fetch-site": "same-origin", "sec-fetch-mode": "cors"}])
def test_our_own_page_may_change_things(ask, proof):
    assert ask("POST", "/api/check", cookie(ask, **proof, **JSON), CHECK, bearer=False).status == 200


@pytest.mark.parametrize("proof", [{}, {"sec-fetch-site": "none"}, {"sec-fetch-site": "same-site"},
                                   {"sec-fetch-site": "cross-site"}, {"sec-fetch-site": "same-origin "},
                                   {"sec-fetch-site": "cross-site", "origin": HERE},
                                   {"sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate"},
                                   {"sec-fetch-site": "same-site", "sec-fetch-mode": "no-cors"},
                                   {"referer": f"{HERE}/"}])
@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE"])
def test_a_cookie_alone_changes_nothing(ask, method, proof):
    refused(ask(method, "/api/check", cookie(ask, **proof, **JSON), CHECK, bearer=False), 403)


@pytest.mark.parametrize("site", ["cross-site", "same-site", "new-word"])
def test_from_elsewhere_one_may_navigate_and_nothing_else(ask, site):
    def get(method="GET", path="/api/worker", **how):
        return ask(method, path, cookie(ask, **{"sec-fetch-site": site, **how}), bearer=False)

    assert get(**{"sec-fetch-mode": "navigate"}).status == 200
    assert get(**{"sec-fetch-mode": "navigate", "sec-fetch-dest": "document"}).status == 200
    for how in ({}, {"sec-fetch-mode": "no-cors"}, {"sec-fetch-mode": "cors"}, {"sec-fetch-mode": "same-origin"},
                {"sec-fetch-mode": "no-cors", "sec-fetch-dest": "script"},
                {"sec-fetch-mode": "navigate", "sec-fetch-dest": "iframe"},
                {"sec-fetch-mode": "navigate", "sec-fetch-dest": "object"}):
        refused(get(**how), 403)
        refused(get(path=f"/?token={ask.keys.token}", **how), 403)
    for method in ("POST", "PUT", "DELETE", "OPTIONS", "TRACE"):
        refused(get(method, **{"sec-fetch-mode": "navigate"}), 403)


# ---- As what, and how much.

@pytest.mark.parametrize("kind", ["text/plain", "text/plain; charset=utf-8", "application/x-www-form-urlencoded",
                                  "multipart/form-data; boundary=x", "application/jsonx", "text/json",
                                  "application/json, text/plain", "", "application/yaml", "application/xml", "*/*"])
def test_json_sent_as_something_else_is_refused(ask, kind):
    for headers, bearer in (({"content-type": kind}, True),
                            (cookie(ask, **{"content-type": kind, "origin": HERE}), False)):
        refused(ask("POST", "/api/check", headers, CHECK, bearer=bearer), 415)


def test_a_body_without_or_with_two_types_is_refused(ask):
    refused(ask("POST", "/api/check", {}, CHECK), 415)
    refused(ask("POST", "/api/check", [*JSON.items(), ("content-type", "text/plain")], CHECK), 415)
    refused(ask("PUT", "/api/scenarios/mine", JSON, b"{}"), 415)
    refused(ask("DELETE", "/api/runs/1", cookie(ask, origin=HERE), bearer=False), 415)


def test_json_with_a_charset_is_json(ask):
    assert ask("POST", "/api/check", {"content-type": "Application/JSON; charset=utf-8"}, CHECK).status == 200


@pytest.mark.parametrize("packing", ["gzip", "deflate", "br", "identity, gzip", "GZIP"])
def test_a_packed_body_is_refused(ask, packing):
    refused(ask("POST", "/api/check", {**JSON, "content-encoding": packing}, CHECK), 415)


@pytest.mark.parametrize("method", ["OPTIONS", "TRACE", "PATCH", "CONNECT", "PROPFIND", "get", "LINK"])
def test_no_other_method_comes_in(ask, method):
    answer = ask(method, "/api/check", {**JSON, "access-control-request-method": "POST"}, CHECK)
    refused(answer, 405)
    assert answer.header("allow") == "GET, HEAD, POST, PUT, DELETE"
    refused(ask(method, "/api/check", JSON, CHECK, bearer=False), 401)


def test_no_answer_shares_anything_across_origins(ask):
    for answer in (ask("GET", "/api/worker", {"origin": HERE}), ask("GET", "/nothing"), ask("OPTIONS", "/api/check"),
                   ask("GET", "/lab.json", bearer=False), ask("GET", f"/?token={ask.keys.token}", bearer=False)):
        assert not [name for name, _ in answer.headers if name.startswith("access-control-")]
        assert answer.header("cross-origin-resource-policy") == "same-origin"


@pytest.mark.parametrize("target", ["/lab.json", "/static/x", "/nothing", "/healthz", "/openapi.json"])
def test_every_answer_carries_what_keeps_it_here(ask, target):
    answer = ask("GET", target)
    for name, value in HEADERS.items():
        assert answer.header(name) == value, name
    assert answer.header("server") is None


def test_what_keeps_it_here():
    assert HEADERS == {"x-content-type-options": "nosniff", "cache-control": "no-store",
                       "referrer-policy": "no-referrer", "content-security-policy": POLICY,
                       "cross-origin-opener-policy": "same-origin", "cross-origin-resource-policy": "same-origin"}


def test_the_policy_begins_with_nothing_and_allows_nothing_inline():
    rules = {rule.split()[0]: rule.split()[1:] for rule in POLICY.split("; ")}
    assert rules.pop("default-src") == ["'none'"]
    assert rules.pop("frame-ancestors") == rules.pop("base-uri") == ["'none'"]
    assert rules.pop("img-src") == ["'self'", "data:"]
    assert all(allowed == ["'self'"] for allowed in rules.values()), rules
    assert "unsafe" not in POLICY
    assert door.SANDBOX.startswith("sandbox ")
    assert "allow-scripts" not in door.SANDBOX
    assert "allow-same-origin" not in door.SANDBOX
    assert "script-src" not in door.SANDBOX
    assert "default-src 'none'" in door.SANDBOX


def chunks(total, size=2**16):
    return [b" " * min(size, total - done) for done in range(0, total, size)]


def test_a_body_over_the_limit_is_refused_while_it_is_read(ask):
    assert ask("POST", "/api/check", JSON, [CHECK, *chunks(JSON_BYTES - len(CHECK))]).status == 200
    refused(ask("POST", "/api/check", JSON, [CHECK, *chunks(JSON_BYTES - len(CHECK) + 1)]), 413)
    yaml = {"content-type": "application/yaml"}
    refused(ask("PUT", "/api/scenarios/mine", yaml, chunks(UPLOAD_BYTES + 1, 2**20)), 413)
    assert ask("PUT", "/api/scenarios/mine", yaml, chunks(JSON_BYTES + 1)).status == 400


def test_a_body_that_says_it_is_too_large_is_refused_before_it_is_read_and_dropped(ask):
    answer = ask("POST", "/api/check", {**JSON, "content-length": str(JSON_BYTES + 1)}, [b"", b"", b"x"])
    refused(answer, 413)
    assert answer.header("connection") == "close"
    assert ask.chunks_read == 3


def test_no_more_than_so_much_of_a_refused_body_is_read(ask, monkeypatch):
    monkeypatch.setattr(door, "DROPPED_BYTES", 10 * 2**16)
    refused(ask("POST", "/api/check", JSON, chunks(JSON_BYTES + 50 * 2**16)), 413)
    assert JSON_BYTES // 2**16 + 10 <= ask.chunks_read <= JSON_BYTES // 2**16 + 12


def test_a_sender_who_says_nothing_more_is_not_waited_for(ask, monkeypatch):
    monkeypatch.setattr(door, "DROPPING_S", 0.05)
    refused(ask("POST", "/api/check", {**JSON, "content-length": "9999999"}, []), 413)


@pytest.mark.parametrize("length", ["-1", "1e9", "0x10", "", " 5", "\xb2", "9" * 30, "5, 5"])
def test_a_length_that_is_no_number_is_not_believed(ask, length):
    assert ask("POST", "/api/check", {**JSON, "content-length": length}, CHECK).status == 200


def test_reading_takes_a_body_no_larger_either(ask):
    refused(ask("GET", "/api/worker", {}, chunks(JSON_BYTES + 1)), 413)


def test_head_is_get(ask):
    for path in ("/healthz", "/api/worker", "/lab.json"):
        assert ask("HEAD", path).status == 200
    refused(ask("HEAD", "/api/worker", bearer=False), 401)


def test_the_keys_do_not_show():
    keys = Keys(PORT)
    assert keys.token not in repr(keys)
    assert keys.cookie not in repr(keys)
    assert len(keys.token) >= 43


SECRET = st.sampled_from(["token", "cookie", "x", ""])
WORD = st.text(st.characters(min_codepoint=32, max_codepoint=255), max_size=12)
HEADER = st.one_of(
    st.tuples(st.sampled_from(["origin", "sec-fetch-site", "sec-fetch-mode", "sec-fetch-dest", "content-type",
                               "content-length", "transfer-encoding", "cookie", "x-forwarded-host", "forwarded",
                               "x-forwarded-for", "x-http-method-override", "range", "upgrade"]),
              st.one_of(WORD, st.sampled_from(["null", HERE, "same-origin", "none", "cross-site", "navigate",
                                               "application/json", "text/plain", "bytes=0-9"]))),
    st.tuples(st.sampled_from(["a", "b"]), WORD))


@given(method=st.sampled_from(["GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "X"]), headers=st.lists(HEADER),
       path=st.sampled_from(["/", "/lab.json", "/api/worker", "/api/check", "/?token=", "/static/lab.js", "/x"]))
def test_whatever_is_sent_beside_it_nothing_opens_without_a_secret(ask, method, headers, path):
    answer = ask(method, path, headers, CHECK, bearer=False)
    assert answer.status in (401, 403)
    assert set(answer.json()) == FAULT
