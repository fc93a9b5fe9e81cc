"""The API as it describes itself: whatever is sent, no answer is a fault of ours, and each is of the shape it says."""

import re

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from support.application import stubbed

CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
READ, SENT = "get", "post"
# Every route of the application, so that one that is left out of the description is seen.
ROUTES = [(READ, path) for path in (
    "/", "/lab.json", "/api/worker", "/healthz", "/static/{name}", "/favicon.ico", "/api/scenarios",
    "/api/scenarios/{name}", "/api/scenarios/{name}/plain", "/api/runs", "/api/runs/{name}", "/api/runs/{name}/yaml",
    "/api/runs/{name}/events", "/runs", "/runs.json", "/runs/{name}", "/runs/{name}.json", "/api/studies", "/studies",
    "/studies.json", "/api/studies/{name}", "/studies/{name}", "/studies/{name}.json", "/studies/{name}/csv",
    "/studies/{name}/yaml", "/studies/{name}/{kind}.html", "/api/compare", "/compare", "/compare.json")] + [
    *((SENT, path) for path in ("/api/check", "/api/bounds", "/api/yaml", "/api/preview", "/api/envelope",
                                "/api/runs")),
    ("put", "/api/scenarios/{name}"), ("delete", "/api/runs/{name}")]
# Those that take something that can be of a wrong type.
TYPED = [route for route in ROUTES if route[0] == SENT or route[1] in ("/", "/lab.json", "/runs", "/runs.json",
                                                                       "/compare", "/studies/{name}")]


@pytest.fixture(scope="module")
def stub(tmp_path_factory):
    with stubbed(tmp_path_factory.mktemp("api")) as server:
        yield server


@pytest.fixture(scope="module")
def api(stub):
    answer = stub.ask("GET", "/openapi.json")
    assert answer.status == 200
    return schemathesis.openapi.from_dict(answer.json())


@pytest.mark.parametrize(("method", "path", "generated"), [
    *((*route, GenerationMode.POSITIVE) for route in ROUTES), *((*route, GenerationMode.NEGATIVE) for route in TYPED)])
def test_whatever_is_sent_the_answer_is_of_the_shape_it_says(api, stub, method, path, generated):
    operation = api[path][method.upper()]

    @settings(max_examples=10, deadline=None, derandomize=True, database=None, phases=[Phase.generate],
              suppress_health_check=list(HealthCheck))
    @given(operation.as_strategy(generated))
    def tried(case):
        answer = case.call(base_url=f"http://127.0.0.1:{stub.port}", headers=stub.bearer, timeout=60,
                           allow_redirects=False)
        case.validate_response(answer, checks=CHECKS)
        if answer.status_code >= 400:
            assert answer.headers["content-type"] == ["application/json"]
            told = answer.json()
            assert set(told) == {"where", "what", "remedy"}
            assert all(isinstance(text, str) and text for text in told.values())
        assert answer.headers["x-content-type-options"] == ["nosniff"]

    tried()


def test_the_description_names_every_route(stub):
    described = stub.ask("GET", "/openapi.json").json()
    assert {(method, path) for path, of in described["paths"].items() for method in of} == set(ROUTES)
    assert not re.search(r"https?://", str(described["paths"]))
    for path, methods in described["paths"].items():
        for method, of in methods.items():
            assert of["summary"], (method, path)
            assert of["description"], (method, path)
            if path != "/healthz":
                assert of["responses"]["4XX"]["content"]["application/json"]["schema"]["$ref"].endswith("/Fault")


@pytest.mark.parametrize(("path", "kind"), [
    ("/", "text/html"), ("/studies/{name}/csv", "text/csv"), ("/studies/{name}/yaml", "application/yaml"),
    ("/api/runs/{name}/yaml", "application/yaml"), ("/api/scenarios/{name}", "application/yaml"),
    ("/api/runs/{name}/events", "text/event-stream"), ("/lab.json", "application/json")])
def test_the_description_names_the_type_of_what_is_given(stub, path, kind):
    described = stub.ask("GET", "/openapi.json").json()["paths"][path][READ]["responses"]["200"]["content"]
    assert list(described) == [kind]
