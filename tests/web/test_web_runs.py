"""The runs in a real browser: start, leave and return, stop, resume; read by everybody, at every width."""

import dataclasses
import json
from collections.abc import Callable
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, Route, expect

from skyshield.app.asked import AT_PLAY
from skyshield.app.orders import Order
from skyshield.app.running import DONE, FAILED, PLAYING, QUEUED, STOPPED, STOPPING, Run
from support.command_line import few_arms
from support.lab_page import Opened, Visit

PATIENT_MS = 150_000
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
TARGET_PX = 24.0
ORDER = Order("month", "A <b>month</b> & more", None, "x: 1\n", "ab" * 32, 200, 5, 2**64 - 1, 30, 10,
              moves={"options.region.rules.standoff_russia": "150 km"})
FOUND = {"where": "/a/folder", "what": "the disk is full", "remedy": "free some space"}


def told(*states: str) -> dict[str, Any]:
    """Return what ``/runs.json`` says of runs in these states."""
    runs = []
    for place, state in enumerate(states):
        run = Run(f"month-{place}", ORDER, state=state, done=1200, total=7800, playing_s=60.0, raid_days=90_000)
        run.phase = AT_PLAY if state in (PLAYING, STOPPING) else ""
        run.error = FOUND if state == FAILED else None
        runs.append(run.plain(place))
    return {"runs": runs, "finding": "One study plays: 15% is there", "worker_words": "", "worker": {}}


ALL = told(PLAYING, QUEUED, STOPPING, FAILED, STOPPED, DONE)


@pytest.fixture
def runs(visit: Opened) -> Callable[..., Visit]:
    """Open the page of the runs on what a server might say."""
    def opened(said: dict[str, Any] | None = ALL, address: str = "/runs", **settings: Any) -> Visit:
        one = visit(**settings)
        if said is not None:
            one.page.route("**/runs.json", lambda route: answer(route, said))
        enter(one, address)
        if said is not None:
            one.page.locator(".run details").first.wait_for()
        return one

    return opened


def enter(one: Visit, address: str) -> None:
    one.page.goto(one.served.url.rstrip("/") + "/healthz")
    one.context.request.get(one.served.entrance)  # for the cookie
    one.page.goto(one.served.url.rstrip("/") + address)


def answer(route: Route, said: Any, status: int = 200) -> None:
    route.fulfill(status=status, headers={"content-type": "application/json"}, body=json.dumps(said))


def faults(page: Page) -> list[str]:
    result = Axe().run(page, options={"runOnly": RULES})
    return [f"{fault['id']}: {node['target']} {node['failureSummary'][:300]}"
            for fault in result.response["violations"] for node in fault["nodes"]]


@pytest.mark.parametrize("settings", [{}, {"color_scheme": "dark"}, {"viewport": {"width": 320, "height": 700}}],
                         ids=["light", "dark", "320 px"])
def test_axe_finds_nothing(runs, settings):
    page = runs(**settings).page
    for summary in page.locator("summary").all():
        summary.click()
    assert faults(page) == []
    width = settings.get("viewport", {"width": 1280})["width"]
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    sizes = page.evaluate("""() => [...document.querySelectorAll(
        "main button, main input:not([type=checkbox]), main select, main summary, main .acts a, main label.box")]
        .map((one) => [one.outerHTML.slice(0, 90), one.getBoundingClientRect().height])""")
    assert [one for one in sizes if 0 < one[1] < TARGET_PX] == []


def test_what_a_study_is_called_is_text(runs):
    page = runs().page
    expect(page.locator(".run h2 a").first).to_have_text("A <b>month</b> & more")
    assert page.locator(".run b").count() == 0


def test_each_state_is_said_in_words_and_has_its_acts(runs):
    page = runs().page
    rows = {row.get_attribute("data-state"): row for row in page.locator(".run").all()}
    assert {name: row.locator(".state").inner_text() for name, row in rows.items()} == {
        "playing": "Plays", "queued": "Waits", "stopping": "Stops", "failed": "Failed", "stopped": "Stopped",
        "done": "Done"}
    acts = {name: row.locator(".acts button, .acts a").all_inner_texts() for name, row in rows.items()}
    assert acts == {"playing": ["Stop"], "queued": ["Take out of the queue"], "stopping": ["Stop"],
                    "failed": ["Resume"], "stopped": ["Resume"], "done": ["Result", "Report", "CSV"]}
    assert rows["stopping"].locator("button").is_disabled()
    expect(rows["failed"].locator(".fault")).to_have_text("/a/folder: the disk is full; free some space")
    expect(page.get_by_role("progressbar", name="How much of month-0 is there")).to_have_count(1)
    assert "about 5.5 minutes left" in rows["playing"].inner_text()
    assert abs(float(rows["playing"].locator("progress").evaluate("one => one.value")) - 1200 / 7800) < 1e-4
    assert "skyshield run month-0.yaml" in rows["playing"].locator("details code").last.text_content()


def test_a_change_is_announced_once_and_what_has_the_focus_keeps_it(runs):
    one = runs(told(PLAYING, QUEUED))
    page = one.page
    page.locator("button[data-act=stop]").last.focus()
    later = told(PLAYING, QUEUED)
    later["runs"][0]["told"] = "1,300 of 7,800 blocks are played."
    page.unroute("**/runs.json")
    page.route("**/runs.json", lambda route: answer(route, later))
    expect(page.locator(".run .told").first).to_have_text("1,300 of 7,800 blocks are played.")
    assert page.evaluate("document.activeElement.getAttribute('aria-label')") == "Take out of the queue month-1"
    assert page.locator("#live").inner_text() == ""
    ended = told(DONE, PLAYING)
    page.unroute("**/runs.json")
    page.route("**/runs.json", lambda route: answer(route, ended))
    expect(page.locator("#live")).to_have_text("month-1: Plays")


def test_a_refusal_stands_beside_what_it_refuses(runs):
    one = runs(told(STOPPED), allow=("status of 409", "status of 400"))
    said = {"where": "study 'month-0'", "what": "plays or waits to be played", "remedy": "stop it first"}
    one.page.route("**/api/runs", lambda route: answer(route, said, 409))
    one.page.locator("button[data-act=resume]").press("Enter")
    expect(one.page.locator(".run .fault")).to_contain_text("plays or waits to be played; stop it first")
    one.page.locator("#new-vectors").fill("12")
    one.page.locator("#start button[type=submit]").press("Enter")
    expect(one.page.locator("#said .fault")).to_contain_text("plays or waits to be played")


def test_a_server_that_is_gone_is_said(runs):
    one = runs(told(STOPPED), allow=("ERR_CONNECTION_REFUSED", "ERR_FAILED"))
    one.page.unroute("**/runs.json")
    one.page.route("**/runs.json", lambda route: route.abort())
    expect(one.page.locator("#worker")).to_contain_text("does not answer")


def test_text_that_looks_like_a_number_stays_text_in_the_address(runs):
    page = runs(None, "/runs?set=title%3D%222026%22").page
    expect(page.locator("#moves")).to_have_text('title = "2026"')
    page.locator("#new-vectors").fill("20")
    page.reload()
    expect(page.locator("#new-vectors")).to_have_value("20")
    expect(page.locator("#moves")).to_have_text('title = "2026"')


def test_the_form_says_what_the_address_says_and_the_other_way_round(runs):
    one = runs(None, "/runs?scenario=month&set=days%3D3&vectors=12&seed=18446744073709551615&rules=true")
    page = one.page
    expect(page.locator("#moves")).to_have_text("days = 3")
    expect(page.locator("#new-seed")).to_have_value("18446744073709551615")
    expect(page.locator("#new-rules")).to_be_checked()
    page.locator("#new-vectors").fill("20")
    page.locator("#new-label").fill("Mine & more")
    page.reload()
    expect(page.locator("#new-vectors")).to_have_value("20")
    expect(page.locator("#new-label")).to_have_value("Mine & more")
    expect(page.locator("#moves")).to_have_text("days = 3")
    sent: list[Any] = []

    def take(route: Route) -> None:
        sent.append(json.loads(route.request.post_data or ""))
        answer(route, {"study": "x"}, 202)

    page.route("**/api/runs", take)
    page.locator("#start button[type=submit]").click()
    expect(page.locator("#said")).to_have_text("x is in the queue.")
    assert sent == [{"scenario": "month", "set": {"days": 3}, "vectors": 20, "replications": 5,
                     "seed": "18446744073709551615", "label": "Mine & more", "rules": True, "dry_run": False}]
    page.locator("#new-scenario").select_option("skyshield")
    expect(page.locator("#moves")).to_be_hidden()


def test_that_a_study_is_in_the_queue_is_said_while_it_is(runs):
    page = runs(told(PLAYING, QUEUED)).page
    page.route("**/api/runs", lambda route: answer(route, {"study": "month-1"}, 202))
    page.locator("#start button[type=submit]").click()
    expect(page.locator("#said")).to_have_text("month-1 is in the queue.")
    page.wait_for_timeout(1500)
    expect(page.locator("#said")).to_have_text("month-1 is in the queue.")
    page.unroute("**/runs.json")
    page.route("**/runs.json", lambda route: answer(route, told(DONE, PLAYING)))
    expect(page.locator("#said")).to_have_text("")
    expect(page.locator("#live")).to_have_text("month-1: Plays")


def test_a_study_is_started_left_returned_to_stopped_resumed_and_read(runs, tmp_path_factory):
    one = runs(None, "/healthz")
    kept = one.context.request.put(
        f"{one.served.url.rstrip('/')}/api/scenarios/few", data=few_arms(tmp_path_factory).read_text("utf-8"),
        headers={"content-type": "application/yaml", "authorization": f"Bearer {one.served.token}"})
    assert kept.ok, kept.text()
    enter(one, "/runs?scenario=few&set=days%3D20&vectors=40&replications=65&seed=4")
    page = one.page
    page.locator("#ahead").click()
    expect(page.locator("#said")).to_contain_text("A second of it is played to tell")
    expect(page.locator("#said .lies")).to_contain_text("raid-days", timeout=PATIENT_MS)
    page.locator("#start button[type=submit]").click()
    row = page.locator('.run[data-run^="few-"]').first
    expect(row).to_have_attribute("data-state", "playing", timeout=PATIENT_MS)
    name = row.get_attribute("data-run")
    page.close()  # and come back another day

    again = one.context.new_page()
    again.goto(f"{one.served.url.rstrip('/')}/runs/{name}")
    expect(again.locator(".told")).to_contain_text("blocks are played", timeout=PATIENT_MS)
    again.locator("button[data-act=stop]").press("Enter")
    row = again.locator(f'.run[data-run="{name}"]')
    expect(row).to_have_attribute("data-state", "stopped", timeout=PATIENT_MS)
    again.goto(f"{one.served.url.rstrip('/')}/runs")
    row = again.locator(f'.run[data-run="{name}"]')
    row.locator("button[data-act=resume]").press("Enter")
    expect(row).to_have_attribute("data-state", "done", timeout=PATIENT_MS)
    row.get_by_role("link", name="Result").click()
    expect(again.locator("h1")).to_be_visible()
    assert again.url.endswith(f"/studies/{name}")


def test_without_scripts_it_can_be_read(runs):
    one = runs(None, java_script_enabled=False)
    expect(one.page.locator("h1")).to_be_visible()
    expect(one.page.locator("#new noscript, #new p").first).to_be_attached()
    assert one.page.locator("#runs").inner_text()
    expect(one.page.locator("#start button[type=submit]")).to_be_disabled()


def test_what_is_told_is_what_the_server_tells():
    assert {run["state"] for run in ALL["runs"]} == {PLAYING, QUEUED, STOPPING, FAILED, STOPPED, DONE}
    assert dataclasses.replace(ORDER, vectors=1).command("s").startswith("skyshield run s.yaml --vectors 1 ")
