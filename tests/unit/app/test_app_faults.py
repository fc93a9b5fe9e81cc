"""What goes wrong is said in one shape, with a status that says whose fault it is; never 500."""

import contextlib
import html
import json
import sys

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from skyshield.app import server as room
from skyshield.app.faults import read_json
from skyshield.core.errors import SkyShieldError
from support.application import Asked
from support.command_line import MONTH

JSON = {"content-type": "application/json"}
YAML = {"content-type": "application/yaml"}
MOVE = "options.region.rules.standoff_russia"


def refused(answer, *statuses):
    assert answer.status in (statuses or range(400, 500)), (answer.status, answer.body[:500])
    told = answer.json()
    assert set(told) == {"where", "what", "remedy"}
    assert all(isinstance(text, str) and text and "\n" not in text and len(text) <= 300 for text in told.values())
    assert answer.header("content-type") == "application/json"
    assert "Traceback" not in answer.body.decode()
    return told


BODIES = {
    "empty": b"", "no JSON": b"days", "cut": b'{"scenario": "month"', "a list": b"[]", "null": b"null",
    "a text": b'"a"',
    "NaN": b'{"set": {"days": NaN}}', "infinite": b'{"set": {"days": -Infinity}}', "1e999": b'{"set": {"days": 1e999}}',
    "no UTF-8": b'{"scenario": "\xff"}', "UTF-16": '{"set": {"days": "x"}}'.encode("utf-16"),
    "NUL": b'{"scenario": "a\\u0000b"}', "half a character": b'{"set": {"title": "\\ud800"}}',
    "half a character as a name": b'{"set": {"\\udfff": 1}}',
    "deep lists": b'{"set": {"days": ' + b"[" * 100_000 + b"]" * 100_000 + b"}}",
    "deep mappings": b'{"set": {"days": ' + b'{"a":' * 10_000 + b"1" + b"}" * 10_000 + b"}}",
    "less deep": b'{"set": {"days": ' + b"[" * 900 + b"]" * 900 + b"}}",
    "a huge whole number": b'{"set": {"days": ' + b"9" * 5000 + b"}}",
    "a large whole number": b'{"set": {"days": ' + b"9" * 400 + b"}}",
    "a large number for a length": b'{"set": {"' + MOVE.encode() + b'": ' + b"9" * 400 + b"}}",
    "an unknown field": b'{"scenario": "month", "sets": {}}', "an unknown path": b'{"set": {"options.x.y": 1}}',
    "an unknown scenario": b'{"scenario": "../month"}', "a scenario that is a list": b'{"scenario": ["month"]}',
    "too many moves": json.dumps({"set": {f"a{k}": 1 for k in range(201)}}).encode(),
    "a number as a length": b'{"set": {"' + MOVE.encode() + b'": -1e300}}',
    "a mapping as days": b'{"set": {"days": {"a": 1}}}', "days out of range": b'{"set": {"days": 100000}}',
    "a path of dots": b'{"set": {"....": 1}}', "an empty path": b'{"set": {"": 1}}',
    "a long path": b'{"set": {"' + b"a." * 5000 + b'": 1}}', "markup": b'{"scenario": "<script>alert(1)</script>"}',
}


@pytest.mark.parametrize("path", ["/api/check", "/api/bounds", "/api/preview", "/api/yaml"])
@pytest.mark.parametrize("body", BODIES.values(), ids=BODIES)
def test_a_body_at_fault_is_said_to_be(ask, path, body):
    refused(ask("POST", path, JSON, body), 400, 404, 422)


@pytest.mark.parametrize("more", [
    {"seed": -1}, {"seed": 2**64}, {"seed": 1.5}, {"seed": "x"}, {"stages": []}, {"stages": [[0, 1]]},
    {"stages": [[40, 2], [20, 2]]}, {"stages": [[40, 2], [40, 2]]}, {"stages": [[10**9, 10**9]]}, {"stages": [[1]]},
    {"stages": [[1, 2, 3]]}, {"stages": [[-1, 2]]}, {"stages": [[1, 1]] * 9}, {"stages": [[10**30, 1]]},
    {"options": ["nobody"]}, {"options": "region"}, {"from": {"options.region.rules.standoff_russia": "x"}},
    {"from": []}, {"seed": True, "stages": [[True, True]], "options": [1]}, {"from": {"days": []}}],
    ids=str)
def test_a_preview_at_fault_is_said_to_be(ask, more):
    refused(ask("POST", "/api/preview", JSON, json.dumps({"scenario": "month", **more}).encode()), 400, 422)


@pytest.mark.parametrize("query", ["scenario=nobody", "scenario=../month", "set=days", "set=days%3D0", "set=days=NaN",
                                   "set=%ff%3D%ff", "seed=x", "seed=1e3", "set=" + "days=3&set=" * 250, "set==",
                                   "scenario=%00", "scenario=<script>", "scenario=" + "x" * 3000])
def test_an_address_at_fault_is_said_to_be(ask, query):
    for path in ("/lab.json", "/"):
        refused(ask("GET", f"{path}?{query}"))


@pytest.mark.parametrize("seed", [-1, 2**64, 10**40])
def test_a_seed_out_of_range_is_said_to_be(ask, seed):
    refused(ask("GET", f"/lab.json?seed={seed}"), 400, 422)


@pytest.mark.parametrize("path", ["/nothing", "/api", "/api/", "/lab", "/lab.json/", "/static/", "/static/../door.py",
                                  "/static/..%2fdoor.py", "/static//etc/passwd", "/static/vendor",
                                  "/templates/lab.html.j2",
                                  "/api/scenarios/..", "/api/scenarios/../../etc/passwd", "/api/scenarios/%2e%2e",
                                  "/api/scenarios/month.yaml", "/api/scenarios/x\0", "/studies/..", "/studies/../x",
                                  "/<script>alert(1)</script>", "/static/<script>alert(1)</script>",
                                  "/studies/<script>alert(1)</script>", "/api/scenarios/<script>alert(1)</script>",
                                  "/docs", "/redoc", "/.git/config", "//evil.example/%2e%2e"])
def test_a_path_that_leads_nowhere_says_so_as_json_that_is_not_sniffed(ask, path):
    answer = ask("GET", path)
    refused(answer, 404)
    assert answer.header("x-content-type-options") == "nosniff"
    assert answer.header("content-security-policy").startswith("default-src 'none'")


@pytest.mark.parametrize(("method", "path"), [("POST", "/"), ("PUT", "/lab.json"), ("DELETE", "/api/check"),
                                              ("GET", "/api/check"), ("POST", "/healthz"), ("POST", "/openapi.json")])
def test_a_method_that_a_path_does_not_take(ask, method, path):
    answer = ask(method, path, JSON, b"{}")
    refused(answer, 405)
    assert answer.header("allow")


SCENARIOS = {
    "empty": b"", "no UTF-8": b"\xff\xfe", "binary": b"days: \0", "a list": b"- a", "a text": b"hello",
    "a tab": b"a:\n\tb: 1",
    "a bomb": b"a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]", "a tag": b"!!python/object/apply:os.system ['true']",
    "a huge length": MONTH.read_bytes().replace(b"standoff_russia: 200 km", b"standoff_russia: " + b"9" * 400),
    "two documents": b"a: 1\n---\nb: 2", "deep": b"a: " + b"[" * 5000, "not enough": b"title: x\ndays: 3\n",
    "NaN": MONTH.read_bytes().replace(b"days: 30", b"days: .nan"), "infinite": b"days: .inf",
    "a scenario that check refuses": MONTH.read_bytes().replace(b"days: 30", b"days: 30\nassumptions: {nothing: 1}"),
    "a large file": b"# " + b"x" * (4 * 2**20), "a date": b"title: 2026-01-01\ndays: 9999-99-99\n",
}


@pytest.mark.parametrize("body", SCENARIOS.values(), ids=SCENARIOS)
def test_a_scenario_at_fault_is_not_kept(ask, body):
    refused(ask("PUT", "/api/scenarios/bad", YAML, body), 400)
    refused(ask("GET", "/api/scenarios/bad"), 404)


@pytest.mark.parametrize("name", ["month", "UPPER", "a.b", "x" * 65, "-", "é"])
def test_a_name_that_no_scenario_may_have(ask, name):
    refused(ask("PUT", f"/api/scenarios/{name}", YAML, MONTH.read_bytes()), 400)


def test_a_scenario_is_kept_and_comes_back_as_it_was_sent(ask):
    text = MONTH.read_bytes().replace(b"title: ", b"title: <script>alert(1)</script> ", 1)
    first = ask("PUT", "/api/scenarios/mine", YAML, text)
    assert (first.status, first.json()["name"]) == (201, "mine")
    assert ask("PUT", "/api/scenarios/mine", YAML, text).status == 200
    answer = ask("GET", "/api/scenarios/mine")
    assert answer.body == text
    assert answer.header("content-type").startswith("application/yaml")
    page = ask("GET", "/?scenario=mine").body.decode()
    assert "<script>alert(1)" not in page
    assert "&lt;script&gt;alert(1)" in page or "\\u003cscript" in page
    for target in ("/api/scenarios", "/lab.json?scenario=mine"):
        answer = ask("GET", target)
        assert answer.header("content-type") == "application/json"
        assert b"<script>alert(1)" in answer.body


@pytest.mark.parametrize("path", ["/api/preview", "/api/envelope"])
def test_a_preview_of_no_option_is_refused_before_it_streams(ask, path):
    refused(ask("POST", path, {"content-type": "application/json"}, b'{"options": []}'), 400)


def test_the_command_of_a_users_scenario_names_its_file(ask):
    assert ask("PUT", "/api/scenarios/theirs", YAML, MONTH.read_bytes()).status in (200, 201)
    told = ask("GET", "/lab.json?scenario=theirs").json()["command"]
    assert told == "skyshield run theirs.yaml --vectors 200 --replications 5 --seed 1"


def test_a_fault_of_ours_says_so_and_no_more(tmp_path, capsys, monkeypatch):
    from support.application import asked

    with asked(tmp_path) as one:
        services = one.app._app.state.services
        monkeypatch.setattr(type(services.worker), "status", lambda _: 1 / 0)
        loud = Asked(_quiet(one.app), one.keys)
        answer = loud("GET", "/api/worker")
    assert answer.status == 500
    assert answer.json() == {"where": "/api/worker", "what": "met a fault of the program (ZeroDivisionError)",
                             "remedy": "report it"}
    assert answer.header("x-content-type-options") == "nosniff"


def _quiet(app):
    """Return an application whose faults, once answered, go no further, as the server has it."""
    async def quiet(scope, receive, send):
        with contextlib.suppress(ZeroDivisionError):
            await app(scope, receive, send)

    return quiet


def test_nothing_goes_to_a_collector(monkeypatch, ask):
    monkeypatch.setenv("FASTAPI_OTEL_AUTO_CONFIGURE", "true")
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:1")
    app = room.routed(ask.app._app.state.services)
    assert not app._native_telemetry.enabled()
    assert app._telemetry["auto_configure"] is False


WHOLE = st.integers(-2**64, 2**64)
PLAIN = st.recursive(st.none() | st.booleans() | WHOLE | st.floats(allow_nan=False, allow_infinity=False)
                     | st.text(st.characters(codec="utf-8")),
                     lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(st.characters(codec="utf-8")),
                                                                                  inner, max_size=3))


@given(PLAIN)
def test_json_is_read_as_it_is(content):
    assert read_json(json.dumps(content).encode()) == content


@pytest.mark.parametrize(("body", "words"), [
    (b"NaN", "holds NaN"), (b"[-Infinity]", "holds -Infinity"), (b"1e999", "holds 1e999"),
    (b"1" * 22, "which no number here can be"), (b"-" + b"9" * 5000, "which no number here can be"),
    (b'"\\ud800"', "holds half a character"), (b'{"\\udc00": 1}', "holds half a character"),
    (b"[" * 100_000, "is nested too deeply"), (b'{"a":' * 100_000, "is nested too deeply"), (b"{", "is no JSON"),
    (b"\xff", "is no JSON"), (b"", "is no JSON")])
def test_what_json_is_not_is_said(body, words):
    with pytest.raises(SkyShieldError, match=words) as caught:
        read_json(body)
    assert (caught.value.where, caught.value.exit_code) == ("body", 2)


@given(st.binary(max_size=60))
def test_whatever_is_no_json_is_an_error_of_ours(body):
    try:
        read_json(body)
    except SkyShieldError as error:
        assert error.exit_code == 2


PATHS = st.sampled_from(["days", MOVE, "options.region.packages.0.aircraft", "assumptions.displacement", "start_date",
                         "protected_area.oblasts", "options.region.rules.classes", "options.region.rules",
                         "options.region.packages", "options.region", "members", "phases", "options", "assumptions",
                         "options.region.rules.zone.polygon", "options.region.rules.hours"])


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=100, deadline=None)
@given(st.dictionaries(PATHS | st.text(max_size=12), PLAIN, max_size=3))
def test_whatever_is_set_is_checked_or_refused(ask, moves):
    answer = ask("POST", "/api/check", JSON, json.dumps({"scenario": "month", "set": moves}).encode())
    if answer.status != 200:
        refused(answer, 400, 422)


def test_a_deep_setting_does_not_end_the_server(ask):
    depth = sys.getrecursionlimit() - 200
    body = b'{"set": {"days": ' + b"[" * depth + b"]" * depth + b"}}"
    refused(ask("POST", "/api/check", JSON, body), 400)
    assert ask("GET", "/api/worker").status == 200


@pytest.mark.parametrize("path", ["/?scenario=mnth", "/?set=days%3D0", "/nowhere", "/runs?scenario=mnth"])
def test_a_person_reads_a_fault_as_a_page_and_a_script_as_json(ask, path):
    page = ask("GET", path, {"accept": "text/html,*/*"})
    said = ask("GET", path)
    assert page.status == said.status >= 400
    assert page.header("content-type") == "text/html; charset=utf-8"
    words = html.unescape(page.body.decode()).lower()
    assert all(said.json()[name].lower() in words for name in ("where", "what", "remedy"))
    assert ask("GET", "/api/nowhere", {"accept": "text/html"}).json()["what"] == "is not here"
