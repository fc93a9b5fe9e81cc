"""What may be asked of runs, and what every refusal says."""

import pytest

from skyshield.app.routes.runs import RunBody
from support.application import asked

JSON = {"content-type": "application/json"}


@pytest.fixture(scope="module")
def ask(tmp_path_factory):
    with asked(tmp_path_factory.mktemp("asked-runs")) as one:
        yield one


@pytest.mark.parametrize(("body", "status", "where"), [
    (b'{"scenario": "no_such"}', 404, "scenario 'no_such'"),
    (b'{"scenario": "<script>alert(1)</script>"}', 404, "scenario"),
    (b'{"study": "no-such"}', 404, "study 'no-such'"),
    (b'{"study": "../../etc"}', 404, "study '../../etc'"),
    (b'{"vectors": 0}', 400, "vectors"),
    (b'{"vectors": 100000}', 400, "vectors"),
    (b'{"vectors": 65536, "replications": 65535}', 507, "vectors"),
    (b'{"vectors": 65536, "replications": 65535, "dry_run": true}', 507, "vectors"),
    (b'{"vectors": 2.5}', 422, "vectors"),
    (b'{"vectors": true}', 422, "vectors"),
    (b'{"vectors": "12"}', 422, "vectors"),
    (b'{"replications": 1e400}', 400, "body"),
    (b'{"vectors": NaN}', 400, "body"),
    (b'{"seed": -1}', 400, "seed"),
    (b'{"seed": 18446744073709551616}', 400, "seed"),
    (b'{"seed": "18446744073709551616"}', 400, "seed"),
    (b'{"seed": "1e3"}', 422, "seed"),
    (b'{"set": {"dayz": 3}}', 400, "dayz"),
    (b'{"set": {"days": 1e999}}', 400, "body"),
    (b'{"set": {"options.cities.rules.zone.places": ["Atlantis"]}}', 400, "options.cities.rules.zone.places"),
    (b'{"options": []}', 400, "options"),
    (b'{"options": ["nobody"]}', 400, ""),
    (b'{"label": "' + b"x" * 201 + b'"}', 422, "label"),
    (b'{"unknown": 1}', 422, "unknown"),
    (b'[]', 422, "body"),
    (b'{', 400, "body"),
    (b'', 422, "body"),
])
def test_what_cannot_be_is_refused(ask, body, status, where):
    answer = ask("POST", "/api/runs", JSON, body)
    told = answer.json()
    assert (answer.status, set(told)) == (status, {"where", "what", "remedy"})
    assert told["where"].startswith(where)
    assert told["what"]
    assert told["remedy"]
    assert answer.header("content-type") == "application/json"
    assert ask("GET", "/api/runs").json() == []


@pytest.mark.parametrize("method", ["GET", "DELETE"])
@pytest.mark.parametrize("name", ["no-such", "..", "%2e%2e", "a/../b", "x" * 500, "%3Cscript%3E", "%00"])
def test_a_run_that_is_not_there_is_not_found(ask, method, name):
    answer = ask(method, f"/api/runs/{name}")
    assert answer.status in (404, 405)
    assert set(answer.json()) == {"where", "what", "remedy"}


@pytest.mark.parametrize("path", ["/runs/no-such", "/runs/no-such.json", "/api/runs/no-such/events",
                                  "/api/runs/no-such/yaml"])
def test_neither_are_its_pages(ask, path):
    assert ask("GET", path).status == 404


def test_the_page_has_its_twin_and_what_the_address_says(ask):
    address = ("scenario=month&set=days%3D3&set=options.region.rules.standoff_front%3D&vectors=12&seed=7&rules=true"
               "&label=%3Cb%3E")
    view = ask("GET", f"/runs.json?{address}").json()
    assert view["form"] == {"scenario": "month", "set": {"days": 3, "options.region.rules.standoff_front": ""},
                            "vectors": 12, "replications": 5, "seed": 7, "rules": True, "label": "<b>"}
    assert (view["runs"], view["finding"]) == ([], "Nothing plays")
    page = ask("GET", f"/runs?{address}").body.decode()
    assert 'value="12"' in page
    assert "&lt;b&gt;" in page
    assert "<b>" not in page
    assert "style=" not in page
    assert ask("GET", "/runs?vectors=x").status == 422


def test_every_field_of_a_request_is_described():
    described = [field.description for field in RunBody.model_fields.values()]
    assert all(described)
