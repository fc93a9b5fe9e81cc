"""The lab's words in a real browser: what a move changed, what is refused, what has an envelope, what is at risk."""

import json
import re
from typing import Any

from playwright.sync_api import expect

from support.lab_page import Opened, Visit, opened, streamed

RUSSIA = "options.region.rules.standoff_russia"
MOVE = '[data-move="region.prevented_armed_zone"]'


def set_number(one: Visit, path: str, value: str) -> None:
    one.page.locator(one.lever(path)).fill(value)
    one.page.locator(one.lever(path)).press("Enter")


def moved_once(visit: Opened) -> Visit:
    one = opened(visit)
    set_number(one, RUSSIA, "150")
    expect(one.page).to_have_url(re.compile("150"))
    one.settled()
    return one


def test_what_a_move_changed_is_there_after_a_reload_and_in_a_copied_link(visit: Opened) -> None:
    one = moved_once(visit)
    told = one.page.locator(MOVE).inner_text(), one.page.locator(".sentence").inner_text()
    assert told[1].startswith("Distance from Russia from 200 km to 150 km: Region +1")
    link = one.page.url.partition("?")[2]
    one.page.reload()
    for there in (one, opened(visit, link)):
        expect(there.page.locator(MOVE)).to_have_text(told[0])
        expect(there.page.locator(".sentence")).to_have_text(told[1])
        assert there.previews[-1]["from"] == {}
        assert there.page.url.partition("?")[2] == link
    set_number(one, RUSSIA, "120")
    expect(one.page).to_have_url(re.compile(r"left=.*150"))
    one.settled()
    one.page.reload()
    expect(one.page.locator(".sentence")).to_contain_text("from 150 km to 120 km")
    one.page.get_by_role("button", name="Undo").click()
    expect(one.page.locator(one.lever(RUSSIA))).to_have_value("150")


def test_back_shows_what_the_address_says_that_the_last_move_changed(visit: Opened) -> None:
    one = moved_once(visit)
    set_number(one, RUSSIA, "120")
    expect(one.page).to_have_url(re.compile("120"))
    one.settled()
    one.page.wait_for_timeout(300)
    one.page.evaluate("history.back()")
    expect(one.page.locator(one.lever(RUSSIA))).to_have_value("150")
    one.settled()
    expect(one.page.locator(".sentence")).to_contain_text("from 200 km to 150 km: Region +1")
    assert one.previews[-1]["from"] == {}


def test_a_setting_left_that_cannot_be_played_is_let_go_of(visit: Opened) -> None:
    one = visit(answers=False, allow=("status of 400",))

    def answer(route: Any) -> None:
        if "nowhere" in (json.loads(route.request.post_data)["from"] or {}):
            route.fulfill(status=400, json={"where": "nowhere", "what": "is not a known path", "remedy": "mend it"})
        else:
            route.fulfill(status=200, headers={"content-type": "text/event-stream"}, body=streamed(one, route))

    one.page.route("**/api/preview", answer)
    one.open(f"set={RUSSIA}=150%20km&left=nowhere=1")
    one.settled()
    assert one.previews[-1]["from"] is None
    assert one.page.get_by_role("alert").count() == 0


def test_the_heading_is_right_for_names_of_many(visit: Opened) -> None:
    one = opened(visit, "option=cities")
    heading = one.page.locator("h1").inner_text()
    assert re.match(r"Three cities: [\d.]+ armed threats kept from their aims in the area, the same money as aid \d",
                    heading)
    one.page.locator("#option").select_option("aid_region")
    expect(one.page.locator("figcaption")).to_have_text("No shots of their own: Region's money as aid")


def test_a_number_beyond_its_range_is_said_at_the_lever_and_not_played(visit: Opened) -> None:
    one = opened(visit)
    checks: list[str] = []
    one.page.on("request", lambda request: checks.append(request.url) if "/api/check" in request.url else None)
    lever = one.page.locator(one.lever(RUSSIA))
    lever.fill("450")
    expect(lever).to_have_attribute("aria-invalid", "true")
    said = one.page.locator(f"#{lever.get_attribute('aria-describedby')}")
    expect(said).to_have_text("Not set: 450 km is beyond 0 to 400 km; give a number from 0 to 400 km.")
    expect(one.page.locator("#live")).to_contain_text("450 km is beyond 0 to 400 km")
    lever.press("Enter")
    one.settled()
    assert (one.previews, checks) == ([], [])
    assert "set=" not in one.page.url
    assert lever.input_value() == "450"
    lever.fill("200")
    lever.press("Enter")
    expect(lever).to_have_attribute("aria-invalid", "false")
    one.settled()
    assert "set=" not in one.page.url
    set_number(one, RUSSIA, "400")
    expect(one.page).to_have_url(re.compile("400"))


def test_what_is_no_number_does_not_empty_the_lever(visit: Opened) -> None:
    one = opened(visit)
    lever = one.page.locator(one.lever(RUSSIA))
    lever.focus()
    lever.press("Control+A")
    lever.press_sequentially("1e")
    lever.press("Tab")
    expect(lever).to_have_attribute("aria-invalid", "true")
    assert "set=" not in one.page.url


def test_the_envelope_says_whose_it_is_and_never_goes_back(visit: Opened) -> None:
    one = visit()
    ends = {name: {"prevented_armed_zone": {"env_lo": 1.0, "env_hi": 25.0}} for name in ("region", "aid_region")}
    lines = [{"done": done, "total": total} for done, total in ((50, 100), (100, 100), (100, 112))]
    one.page.route("**/api/envelope", lambda route: route.fulfill(
        status=200, headers={"content-type": "text/event-stream"},
        body="".join(f"data: {json.dumps(line)}\n\n" for line in [*lines, {"envelope": ends}])))
    one.open()
    state = one.page.locator(".state.mine").nth(1)
    expect(state).to_have_text("Envelope: brackets, all options")
    one.page.evaluate("""window.seen = []; new MutationObserver((all) => all.forEach((one) => window.seen.push(
        one.oldValue))).observe(document.getElementById('finding'),
        {subtree: true, characterData: true, characterDataOldValue: true})""")
    set_number(one, RUSSIA, "150")
    expect(state).to_have_text("Envelope: brackets, Region, Region's money as aid")
    shares = [int(share) for text in one.page.evaluate("window.seen") for share in re.findall(r"(\d+)% played", text)]
    assert shares
    assert shares == sorted(shares)
    assert shares[-1] == 99


def test_half_a_number_stands_until_it_is_done(visit: Opened) -> None:
    """A page that is drawn anew once took away the point that somebody had typed."""
    one = opened(visit)
    lever = one.page.locator(one.lever(RUSSIA))
    lever.focus()
    lever.press("Control+A")
    lever.press_sequentially(".")
    one.page.wait_for_timeout(700)
    lever.press_sequentially("5")
    assert float(lever.input_value()) == 0.5
    lever.press("Enter")
    expect(one.page).to_have_url(re.compile(r"standoff_russia%3D0?\.5"))


def test_another_option_does_not_take_over_how_far_the_envelope_was(visit: Opened) -> None:
    one = visit()
    asked: list[Any] = []
    lines = [{"done": 99, "total": 100}, {"envelope": {}}]

    def answer(route: Any) -> None:
        asked.append(route)
        if len(asked) == 1:
            route.fulfill(status=200, headers={"content-type": "text/event-stream"},
                          body="".join(f"data: {json.dumps(line)}\n\n" for line in lines))

    one.page.route("**/api/envelope", answer)
    one.open()
    set_number(one, RUSSIA, "150")
    one.settled()
    state = one.page.locator(".state.mine").nth(1)
    expect(state).to_contain_text("99% played")
    one.page.locator("#option").select_option("cities")
    expect(state).not_to_contain_text("played")


def test_the_note_on_the_map_closes_on_escape_and_when_the_focus_leaves(visit: Opened) -> None:
    one = opened(visit)
    note, summary = one.page.locator("details.note"), one.page.locator("details.note summary")
    summary.focus()
    one.page.keyboard.press("Enter")
    expect(note).to_have_attribute("open", "")
    one.page.keyboard.press("Escape")
    expect(note).not_to_have_attribute("open", "")
    expect(summary).to_be_focused()
    summary.click()
    expect(note).to_have_attribute("open", "")
    one.page.keyboard.press("Tab")
    expect(note).not_to_have_attribute("open", "")


def at_risk(one: Visit, route: Any) -> str:
    """Return three stages in which incidents and exposure rise for the region, and fall within noise elsewhere."""
    lines = []
    for line in streamed(one, route).split("\n\n")[:-1]:
        told = json.loads(line.removeprefix("data: "))
        for option, rows in told["move"].items():
            for name, row in rows.items():
                if name.startswith("incidents/") or name in ("people_exposed_h", "casualties"):
                    row |= {"delta": 0.0, "mcse": 0.0} if option == "region" else {"delta": 0.02, "mcse": 0.02}
        of = told["move"].get("region")
        if of:
            of["incidents/engagement_near_border"] |= {"delta": 5.46, "mcse": 0.05}
            of["incidents/encounter_crewed"] |= {"delta": 0.3, "mcse": 0.01}
            of["people_exposed_h"] |= {"delta": 123.0, "mcse": 6.0}
        lines.append(f"data: {json.dumps(told)}\n\n")
    return "".join(lines)


def test_risks_that_a_move_raises_are_said_in_the_first_view(visit: Opened) -> None:
    one = visit(answers=False)
    one.page.route("**/api/preview", lambda route: route.fulfill(
        status=200, headers={"content-type": "text/event-stream"}, body=at_risk(one, route)))
    one.open()
    one.settled()
    assert one.page.locator(".risk").count() == 0
    set_number(one, RUSSIA, "20")
    said = ("More at risk by this move: Region, engagement near Russia or Belarus +5.5 ± 0.1 incidents (and 1 more "
            "kind), coalition people over and on Ukraine +120 ± 10 person-hours.")
    expect(one.page.locator(".risk")).to_have_text(said)
    expect(one.page.locator("#live")).to_contain_text(said)


def test_a_move_that_raises_no_risk_says_nothing_of_it(visit: Opened) -> None:
    one = visit(answers=False)

    def calm(route: Any) -> None:
        lines = at_risk(one, route)
        for raised, calmer in (("5.46", "-5.46"), ("0.3,", "0.0,"), ('123.0, "mcse": 6.0', '11.0, "mcse": 6.0')):
            lines = lines.replace(f'"delta": {raised}', f'"delta": {calmer}')
        route.fulfill(status=200, headers={"content-type": "text/event-stream"}, body=lines)

    one.page.route("**/api/preview", calm)
    one.open()
    set_number(one, RUSSIA, "150")
    one.settled()
    expect(one.page.locator(".sentence")).to_contain_text("from 200 km to 150 km")
    assert one.page.locator(".risk").count() == 0
