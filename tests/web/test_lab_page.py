"""The lab in a real browser: levers, answers, address, words."""

import gzip
import json
import re
from typing import Any
from urllib.parse import parse_qs, urlparse

import pytest
from playwright.sync_api import expect

from skyshield.app.digest import shown_columns
from skyshield.report.text import interval, number
from skyshield.scenario import load
from skyshield.scenario.load import parse
from support.lab_page import Opened, Visit, drawn, streamed

RUSSIA = "options.region.rules.standoff_russia"
FIGURE = '[data-figure="region.prevented_armed_zone"]'


def moved(one: Visit) -> dict[str, Any]:
    """Return what the address has set."""
    return dict(text.split("=", 1) for text in parse_qs(urlparse(one.page.url).query).get("set", []))


def set_number(one: Visit, path: str, value: str) -> None:
    one.page.locator(one.lever(path)).fill(value)
    one.page.locator(one.lever(path)).press("Enter")


def test_it_opens_on_the_shipped_answer_without_playing(visit: Opened) -> None:
    one = drawn(visit)
    one.settled()
    assert one.previews == []
    figures = one.served.get("/lab.json")["figures"]
    for option in figures["paired"]:
        row = figures["paired"][option]["prevented_armed_zone"]
        cell = one.page.locator(f'[data-figure="{option}.prevented_armed_zone"]')
        assert cell.inner_text() == number(row["delta"], error=row["mcse"])
        assert float(cell.get_attribute("data-value") or "nan") == row["delta"]


def test_without_scripts_the_answer_and_the_map_are_there(visit: Opened) -> None:
    bare = visit(java_script_enabled=False)
    bare.open()
    full = drawn(visit)
    assert bare.page.locator("h1").inner_text() == full.page.locator("h1").inner_text()
    assert bare.page.locator(".measure").inner_text() == full.page.locator(".measure").inner_text()
    assert bare.page.locator("svg.map path.allowed").get_attribute("d")
    figures = bare.page.locator("#answer [data-figure]")
    assert figures.count() > 20
    for k in range(figures.count()):
        name = figures.nth(k).get_attribute("data-figure")
        assert figures.nth(k).inner_text() == full.page.locator(f'#answer [data-figure="{name}"]').inner_text(), name


NUMBERS = [(1.23795, None), (7918.2, None), (-4.099, None), (8.0, None), (7.24, 2.1), (10.6225, 0.337), (0.0, 0.1),
           (116.275, 1.1), (-0.41, 0.09), (0.0000123, None), (1e9, 3e7), (99.96, 0.01), (0.0199, 0.01), (1234.5, 0.0)]
ROWS: list[dict[str, Any]] = [
    {"lo": 0.4556, "hi": 3.615, "mcse": 0.1}, {"lo": 2.0, "hi": 2.0, "mcse": 0.0}, {"lo": 2.0, "hi": 2.0, "mcse": 0.1},
    {"lo": None, "hi": None, "mcse": 0.1, "reason": "within noise"}, {"lo": None, "hi": None},
    {"lo": 1231.0, "hi": 1238.0}, {"lo": -2.5, "hi": 0.0}, {"lo": 86.2567, "hi": 143.138, "mcse": 1.1}]


def test_numbers_are_written_as_in_reports(visit: Opened) -> None:
    one = drawn(visit)
    told = one.page.evaluate("async ([numbers, rows]) => { const f = await import('/static/figures.js');"
                             " return [numbers.map(([v, e]) => f.number(v, 2, e)), rows.map((r) => f.interval(r))]; }",
                             [NUMBERS, ROWS])
    assert told[0] == [number(value, error=error) for value, error in NUMBERS]
    assert told[1] == [interval({"lo": None, "hi": None, **row}) for row in ROWS]


def test_a_move_is_answered_in_stages_with_its_error(visit: Opened) -> None:
    one = drawn(visit)
    before = one.page.locator(FIGURE).inner_text()
    one.page.evaluate("window.seen = []; new MutationObserver(() => window.seen.push(document.querySelector('main')"
                      ".dataset.final)).observe(document.querySelector('main'), {attributes: true})")
    set_number(one, RUSSIA, "150")
    expect(one.page.locator('[data-move="region.prevented_armed_zone"]')).to_have_text("+1")
    one.settled()
    assert "false" in one.page.evaluate("window.seen")
    assert one.page.locator("main").get_attribute("data-stage") == "3"
    assert one.page.locator("#answer").get_attribute("data-final") == "true"
    assert one.page.locator(FIGURE).inner_text() != before
    assert one.previews[-1] == {"scenario": "month", "set": {RUSSIA: "150 km"}, "from": {}, "options": None, "seed": 1,
                                "measures": list(shown_columns())}
    assert moved(one) == {RUSSIA: "150 km"}
    sentence = one.page.locator(".sentence").inner_text()
    assert sentence.startswith("Distance from Russia from 200 km to 150 km: Region +1 ± 0.2")
    touched = one.page.locator("td.touched")
    assert touched.count() == 1


def test_one_announcement_a_move(visit: Opened) -> None:
    one = drawn(visit)
    one.page.evaluate("window.said = []; new MutationObserver((all) => all.forEach((one) => one.addedNodes.forEach("
                      "(node) => window.said.push(node.textContent)))).observe(document.getElementById('live'),"
                      " {childList: true})")
    set_number(one, RUSSIA, "150")
    expect(one.page.locator("#live")).to_contain_text("from 200 km to 150 km")
    one.page.wait_for_timeout(400)
    assert len(one.page.evaluate("window.said")) == 1


def test_until_the_last_stage_it_is_a_sketch(visit: Opened) -> None:
    one = visit(answers=False)
    first = {}

    def hold(route: Any) -> None:
        first["lines"] = streamed(one, route).split("\n\n")
        route.fulfill(status=200, headers={"content-type": "text/event-stream"}, body=first["lines"][0] + "\n\n")

    one.page.route("**/api/preview", hold)
    one.open()
    set_number(one, RUSSIA, "150")
    expect(one.page.locator("main")).to_have_attribute("data-stage", "1")
    expect(one.page.locator(".state.mine").first).to_have_text("Sketch 1 of 3")
    assert one.page.locator("main").get_attribute("data-final") == "false"
    expect(one.page.locator(".state.mine").nth(1)).to_have_text("Envelope: Region, not yet")
    assert one.page.locator("#live").inner_text() == ""


def test_undo_reset_back_reload_and_a_pasted_link(visit: Opened) -> None:
    one = drawn(visit)
    for km in ("150", "120"):
        set_number(one, RUSSIA, km)
        expect(one.page).to_have_url(re.compile(km))
        one.settled()
    link = one.page.url
    one.page.get_by_role("button", name="Undo").click()
    expect(one.page.locator(one.lever(RUSSIA))).to_have_value("150")
    one.page.get_by_role("button", name="Reset").click()
    expect(one.page.locator(one.lever(RUSSIA))).to_have_value("200")
    assert moved(one) == {}
    one.settled()
    one.page.wait_for_timeout(300)  # until the browser's own list of steps has the last one
    one.page.evaluate("history.back()")
    expect(one.page.locator(one.lever(RUSSIA))).to_have_value("150")
    one.page.reload()
    expect(one.page.locator(one.lever(RUSSIA))).to_have_value("150")
    one.settled()
    other = drawn(visit, link.partition("?")[2])
    expect(other.page.locator(other.lever(RUSSIA))).to_have_value("120")
    other.settled()
    assert other.previews[-1]["set"] == {RUSSIA: "120 km"}


def test_what_is_open_is_in_the_address(visit: Opened) -> None:
    one = drawn(visit)
    one.page.get_by_role("tab", name="Cost, incidents, people").click()
    one.page.locator("summary", has_text="What nobody knows").click()
    one.page.locator("#option").select_option("cities")
    expect(one.page.locator(one.lever("assumptions.displacement"))).to_be_visible()
    other = drawn(visit, one.page.url.partition("?")[2])
    expect(other.page.get_by_role("tab", name="Cost, incidents, people")).to_have_attribute("aria-selected", "true")
    expect(other.page.locator(other.lever("assumptions.displacement"))).to_be_visible()
    expect(other.page.locator(other.lever("options.cities.rules.zone.radius"))).to_have_value("60")
    assert other.page.locator("table.incidents [data-figure]").count() > 5


def test_what_cannot_be_set_is_said_beside_the_lever_and_changes_nothing(visit: Opened) -> None:
    one = drawn(visit, allow=("status of 400",), answers=False)
    before = one.page.locator(FIGURE).inner_text()
    aircraft = "options.region.packages.0.aircraft"
    set_number(one, aircraft, "3.5")
    lever = one.page.locator(one.lever(aircraft))
    expect(lever).to_have_attribute("aria-invalid", "true")
    said = one.page.locator(f"#{lever.get_attribute('aria-describedby')}")
    expect(said).to_contain_text("Not set: ")
    assert lever.input_value() == "3.5"
    assert one.page.locator(FIGURE).inner_text() == before
    assert one.page.locator("main").get_attribute("data-final") == "true"
    assert moved(one) == {}


def test_a_doubt_of_the_check_stands_beside_its_lever(visit: Opened) -> None:
    one = drawn(visit)
    set_number(one, RUSSIA, "2")
    expect(one.page.locator(".lever", has=one.page.locator(one.lever(RUSSIA)))).to_contain_text(
        "less than the 3.5 km to which the map is known")


@pytest.mark.parametrize(("path", "act", "expected"), [
    ("options.region.rules.target_classes", "cruise", '["uav","cruise"]'),
    ("options.region.rules.zone.oblasts", "Donetsk", None),
    ("options.region.packages.0.posture", "round_the_clock", "round_the_clock"),
    ("options.region.packages.0.guided_rockets", None, "false"),
    ("options.region.packages.0.aircraft", "48", "48"),
    ("options.region.rules.identification", "0.9", "0.9"),
    ("assumptions.displacement", "0.5", "0.5"),
    ("days", "20", "20"),
    ("members.0.active", None, "false")])
def test_every_kind_of_lever_moves(visit: Opened, path: str, act: str | None, expected: str | None) -> None:
    one = drawn(visit, "view=where,what,zone,forces,assumptions,period,area,members")
    lever = one.page.locator(one.lever(path))
    tag = lever.first.evaluate("(element) => `${element.tagName} ${element.type}`")
    if tag == "SELECT select-one":
        lever.select_option(act)
    elif tag == "INPUT checkbox" and act:
        one.page.locator(f'{one.lever(path)}[value="{act}"]').click()
    elif tag == "INPUT checkbox":
        lever.click()
    else:
        set_number(one, path, act or "")
    expect(one.page).to_have_url(re.compile(re.escape(path)))
    if expected is not None:
        assert moved(one)[path] == expected
    assert path in one.previews[-1]["set"]


def test_moved_back_to_where_it_was_shipped_nothing_is_set(visit: Opened) -> None:
    one = drawn(visit)
    set_number(one, RUSSIA, "150")
    expect(one.page).to_have_url(re.compile("150"))
    set_number(one, RUSSIA, "200")
    expect(one.page).not_to_have_url(re.compile("set="))


def test_a_distance_of_none_leaves_the_clause_out(visit: Opened) -> None:
    one = drawn(visit)
    set_number(one, RUSSIA, "0")
    expect(one.page).to_have_url(re.compile("null"))
    assert one.previews[-1]["set"] == {RUSSIA: None}
    set_number(one, RUSSIA, "")
    assert moved(one) == {RUSSIA: "null"}


def test_a_zone_can_be_typed_and_drawn_as_points(visit: Opened) -> None:
    one = drawn(visit, "view=zone")
    path = "options.region.rules.zone.polygon"
    one.page.locator(one.lever(path)).fill("23, 49\n24, 51.5\n30.5, 51.2")
    one.page.locator(one.lever(path)).blur()
    expect(one.page).to_have_url(re.compile("polygon"))
    assert one.previews[-1]["set"] == {path: [[23, 49], [24, 51.5], [30.5, 51.2]],
                                       "options.region.rules.zone.oblasts": None}
    one.page.get_by_role("button", name="Draw on the map").click()
    box = one.page.locator("svg.map").bounding_box()
    assert box is not None
    one.page.mouse.click(box["x"] + 0.4706 * box["width"], box["y"] + 0.2496 * box["height"])  # where Kyiv stands
    expect(one.page.locator(one.lever(path))).to_have_value(re.compile(r"\n30\.[345]\d?, 50\.[345]\d?$"))


def test_a_newer_move_ends_the_older_one(visit: Opened) -> None:
    one = visit(answers=False)
    held: list[Any] = []

    def answer(route: Any) -> None:
        body = json.loads(route.request.post_data)
        if body["set"].get(RUSSIA) == "150 km":
            held.append(route)  # never answered
            one.previews.append(body)
        else:
            route.fulfill(status=200, headers={"content-type": "text/event-stream"}, body=streamed(one, route))

    one.page.route("**/api/preview", answer)
    aborted: list[str] = []
    one.page.on("requestfailed", lambda request: aborted.append(request.url))
    one.open()
    set_number(one, RUSSIA, "150")
    expect(one.page).to_have_url(re.compile("150"))
    set_number(one, RUSSIA, "140")
    one.settled()
    assert held
    assert any("preview" in url for url in aborted)
    assert one.previews[-1]["from"] == {RUSSIA: "150 km"}


def test_a_slider_moves_what_its_number_says(visit: Opened) -> None:
    one = drawn(visit)
    slider = one.page.locator(f'[data-slider="{RUSSIA}"]')
    slider.evaluate("(e) => { for (const v of [190, 180, 170]) { e.value = v; e.dispatchEvent(new Event('input')); }"
                    " e.dispatchEvent(new Event('change')); }")
    expect(one.page.locator(one.lever(RUSSIA))).to_have_value("170")
    one.settled()
    assert [body["set"] for body in one.previews] == [{RUSSIA: "170 km"}]
    assert one.previews[0]["from"] == {}


def test_a_slide_is_one_step_back(visit: Opened) -> None:
    one = drawn(visit)
    slider = one.page.locator(f'[data-slider="{RUSSIA}"]')
    for km in (190, 180):
        slider.evaluate("(e, v) => { e.value = v; e.dispatchEvent(new Event('input')); }", km)
        expect(one.page).to_have_url(re.compile(f"{km}"))
    slider.evaluate("(e) => { e.value = 170; e.dispatchEvent(new Event('input'));"
                    " e.dispatchEvent(new Event('change')); }")
    expect(one.page).to_have_url(re.compile("170"))
    one.settled()
    assert {json.dumps(body["from"]) for body in one.previews} == {"{}"}
    one.page.wait_for_timeout(300)
    one.page.evaluate("history.back()")
    expect(one.page.locator(one.lever(RUSSIA))).to_have_value("200")
    assert moved(one) == {}


def test_the_answer_is_not_final_from_the_first_key_on(visit: Opened) -> None:
    one = drawn(visit)
    one.settled()
    one.page.locator(one.lever(RUSSIA)).fill("150")
    assert one.page.locator("main").get_attribute("data-final") == "false"
    one.settled()
    assert one.previews[-1]["set"] == {RUSSIA: "150 km"}
    one.page.locator(one.lever(RUSSIA)).blur()
    one.settled()
    assert len(one.previews) == 1


def test_the_envelope_follows_once_nobody_moves(visit: Opened) -> None:
    one = visit()
    asked: list[Any] = []

    def enclosed(route: Any) -> None:
        asked.append(json.loads(route.request.post_data))
        ends = {"region": {"prevented_armed_zone": {"env_lo": 1.0, "env_hi": 25.0}}}
        route.fulfill(status=200, headers={"content-type": "text/event-stream"},
                      body=f'data: {{"done": 1, "total": 2}}\n\ndata: {json.dumps({"envelope": ends})}\n\n')

    one.page.route("**/api/envelope", enclosed)
    one.open()
    set_number(one, RUSSIA, "150")
    one.settled()
    expect(one.page.locator(".state.mine").nth(1)).to_have_text("Envelope: brackets, Region")
    assert one.page.locator("tr.chosen .bracket").count() == 2
    assert asked[-1]["set"] == {RUSSIA: "150 km"}
    assert asked[-1]["options"] == ["region", "aid_region", "aid_region_zone"]
    one.page.route("**/api/preview", lambda route: None)
    set_number(one, RUSSIA, "140")
    expect(one.page.locator(".state.mine").nth(1)).to_have_text("Envelope: Region, not yet")


def test_two_moves_in_a_row_are_both_kept(visit: Opened) -> None:
    one = drawn(visit)
    one.page.evaluate("""([russia, front]) => { for (const [path, km] of [[russia, 150], [front, 90]]) {
        const e = document.querySelector(`[data-lever="${path}"]`);
        e.value = km; e.dispatchEvent(new Event('change')); } }""", [RUSSIA, "options.region.rules.standoff_front"])
    one.settled()
    assert moved(one) == {RUSSIA: "150 km", "options.region.rules.standoff_front": "90 km"}
    assert one.previews[-1]["set"] == moved(one)


def test_a_move_taken_back_before_it_was_checked_is_taken_back(visit: Opened) -> None:
    one = drawn(visit)
    held: list[Any] = []

    def check(route: Any) -> None:
        if json.loads(route.request.post_data)["set"]:
            held.append(route)
        else:
            route.continue_()

    one.page.route("**/api/check", check)
    with one.page.expect_request("**/api/check"):
        set_number(one, RUSSIA, "150")
    set_number(one, RUSSIA, "200")
    one.settled()
    held[0].continue_()
    one.page.wait_for_timeout(500)
    expect(one.page.locator(one.lever(RUSSIA))).to_have_value("200")
    one.settled()
    assert moved(one) == {}


def test_the_stroke_of_before_is_that_of_the_setting_left(visit: Opened) -> None:
    one = drawn(visit)
    stroke = "tr.chosen line.was"
    slider = one.page.locator(f'[data-slider="{RUSSIA}"]')
    at = []
    for km in (190, 180, 170):
        slider.evaluate("(e, v) => { e.value = v; e.dispatchEvent(new Event('input')); }", km)
        expect(one.page).to_have_url(re.compile(f"{km}"))
        one.settled()
        at.append(one.page.locator(stroke).get_attribute("x1"))
    assert len(set(at)) == 1, at


def test_an_answer_ended_by_a_move_that_came_to_nothing_is_asked_for_again(visit: Opened) -> None:
    one = visit(answers=False)
    asked: list[Any] = []

    def answer(route: Any) -> None:
        asked.append(json.loads(route.request.post_data)["set"])
        lines = streamed(one, route)
        if len(asked) == 1:
            lines = lines.partition("\n\n")[0] + '\n\ndata: {"ended": "a newer move"}\n\n'
        route.fulfill(status=200, headers={"content-type": "text/event-stream"}, body=lines)

    one.page.route("**/api/preview", answer)
    one.open()
    set_number(one, RUSSIA, "150")
    expect(one.page).to_have_url(re.compile("150"))
    one.settled()
    assert asked == [{RUSSIA: "150 km"}] * 2
    assert [body["from"] for body in one.previews] == [{}, {}]


def test_a_fault_of_the_worker_is_said(visit: Opened) -> None:
    one = visit(answers=False)
    one.page.route("**/api/preview", lambda route: route.fulfill(
        status=200, headers={"content-type": "text/event-stream"},
        body='data: {"error": {"where": "worker", "what": "was ended", "remedy": "move again"}}\n\n'))
    one.open()
    set_number(one, RUSSIA, "150")
    expect(one.page.get_by_role("alert")).to_contain_text("worker was ended; move again")
    assert one.page.locator("main").get_attribute("data-final") == "false"
    expect(one.page.locator(".state.mine").first).to_contain_text("of the setting before")


def test_while_the_engine_compiles_the_page_says_so_and_works(visit: Opened) -> None:
    one = visit()

    def compiling(route: Any) -> None:
        answer = route.fetch()
        route.fulfill(json={**answer.json(), "worker": {"state": "compiling", "detail": "the engine"}})

    one.page.route(re.compile(r"/lab\.json"), compiling)
    one.page.route("**/api/worker", lambda route: route.fulfill(json={"state": "compiling", "detail": "the engine"}))
    one.open()
    expect(one.page.locator(".working")).to_contain_text("compiled, once")
    assert one.page.locator(FIGURE).inner_text() != "–"
    one.page.unroute("**/api/worker")
    one.page.route("**/api/worker", lambda route: route.fulfill(json={"state": "ready"}))
    expect(one.page.locator(".working")).to_have_count(0)


def test_yaml_csv_command_and_keeping(visit: Opened) -> None:
    import yaml

    one = drawn(visit)
    set_number(one, RUSSIA, "150")
    one.settled()
    one.page.locator("details.take > summary").click()
    with one.page.expect_download() as download:
        one.page.get_by_role("button", name="YAML").click()
    written = parse(yaml.safe_load(download.value.path().read_text("utf-8")), "written")
    assert written.option("region").rules.standoff_russia == "150 km"
    assert written.option("cities") == load("month").option("cities")
    with one.page.expect_download() as download:
        one.page.get_by_role("button", name="CSV").click()
    rows = download.value.path().read_text("utf-8").splitlines()
    assert rows[0].startswith("option,measure,delta,lo,hi")
    row = next(line for line in rows if line.startswith("region,prevented_armed_zone,")).split(",")
    assert float(row[2]) == float(one.page.locator(FIGURE).get_attribute("data-value") or "nan")
    assert one.page.locator("#command").inner_text().startswith("skyshield run ")
    one.page.locator("#keep").fill("kept_by_test")
    one.page.get_by_role("button", name="Keep", exact=True).click()
    expect(one.page.locator("#take")).to_contain_text("Kept as kept_by_test")
    assert "kept_by_test" in one.served.get("/lab.json")["scenarios"]
    set_number(one, RUSSIA, "160")
    one.settled()
    before = one.served.get("/lab.json?scenario=kept_by_test")["setting"]
    one.page.get_by_role("button", name="Keep", exact=True).click()
    expect(one.page.locator("#take")).to_contain_text("press Keep again to replace it")
    assert one.served.get("/lab.json?scenario=kept_by_test")["setting"] == before
    one.page.get_by_role("button", name="Keep", exact=True).click()
    expect(one.page.locator("#take")).to_contain_text("Kept as kept_by_test")
    assert one.served.get("/lab.json?scenario=kept_by_test")["setting"] != before


def test_a_seed_of_64_bits_is_played_as_the_address_says(visit: Opened) -> None:
    seed = str(2**64 - 1)
    one = drawn(visit, f"seed={seed}")
    one.settled()
    assert str(one.previews[-1]["seed"]) == seed
    assert one.page.locator("#command").text_content().endswith(f"--seed {seed}")
    set_number(one, RUSSIA, "150")
    expect(one.page).to_have_url(re.compile(f"seed={seed}"))
    one.settled()


def test_a_server_that_has_gone_is_said_by_what_is_taken_along(visit: Opened) -> None:
    one = drawn(visit, allow=("Failed to load resource",))
    one.page.locator("details.take > summary").click()
    one.page.route("**/api/yaml", lambda route: route.abort())
    one.page.get_by_role("button", name="YAML").click()
    expect(one.page.locator("#take")).to_contain_text("does not answer")


def test_the_map_follows_the_levers(visit: Opened) -> None:
    one = drawn(visit)
    hatched = one.page.locator("svg.map path.band.russia")
    before = hatched.get_attribute("d")
    set_number(one, RUSSIA, "300")
    expect(one.page.locator("figcaption")).to_contain_text("% of the zone of Region")
    expect(hatched).not_to_have_attribute("d", before or "")
    assert "embassies: outside" in one.page.locator(".interests").inner_text().lower() or one.page.locator(
        ".interests li").first.inner_text().split()[-1] == "outside"


def test_the_page_weighs_less_than_150_kilobytes(visit: Opened) -> None:
    one = visit(answers=False)
    weights: dict[str, int] = {}
    one.page.on("response", lambda answer: weights.update({answer.url: len(gzip.compress(answer.body()))}))
    one.open()
    one.page.locator("[data-lever]").first.wait_for()
    one.page.wait_for_load_state("networkidle")
    assert sum(weights.values()) <= 150_000, weights


def test_nothing_is_inline(visit: Opened) -> None:
    one = drawn(visit, "view=cost,zone,forces,assumptions")
    for view in ("prevented", "cost", "basis"):
        one.page.locator(f"#tab-{view}").click()
        assert one.page.locator("[style], style, script:not([src]), [onclick]").count() == 0


def test_moved_for_real(visit: Opened) -> None:
    one = visit(answers=False)
    one.context.set_default_timeout(300_000)
    one.open()
    set_number(one, RUSSIA, "150")
    one.page.locator('main[data-stage="1"]').wait_for()
    one.settled()
    change = float(one.page.locator('[data-move="region.prevented_armed_zone"]').get_attribute("data-value") or "nan")
    assert change > 0.5  # nearer to Russia more is reached
    assert float(one.page.locator('[data-move="cities.prevented_armed_zone"]').get_attribute("data-value") or 1) == 0.0
