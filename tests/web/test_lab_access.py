"""WCAG 2.2 AA: the lab for who does not see, does not point, or reads small, large, dark or printed."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from support.lab_page import Opened, Visit, opened

RUSSIA = "options.region.rules.standoff_russia"
LEAST_PX = 24.0
VIEWS = {
    "as it opens": "",
    "cost, with groups open": "view=cost,where,zone,forces,period",
    "what it rests on": "view=basis,assumptions,members,area",
    "another option": "option=cities&view=forces,zone",
    "a doubt beside a lever": f"set={RUSSIA}=2%20km",
}


def found(one: Visit) -> list[str]:
    options = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
    result = Axe().run(one.page, options=options)
    return [f"{fault['id']}: {node['target']} {node['failureSummary'][:300]}"
            for fault in result.response["violations"] for node in fault["nodes"]]


@pytest.mark.parametrize("rest", VIEWS.values(), ids=VIEWS.keys())
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing(visit: Opened, rest: str, scheme: str) -> None:
    assert found(opened(visit, rest, color_scheme=scheme)) == []


def test_axe_finds_nothing_in_a_fault_nor_while_numbers_are_old(visit: Opened) -> None:
    one = visit(answers=False, allow=("status of 400",))
    one.page.route("**/api/preview", lambda route: None)
    one.open()
    lever = one.page.locator(one.lever(RUSSIA))
    lever.fill("150")
    lever.press("Enter")
    expect(one.page.locator("main")).to_have_attribute("data-final", "false")
    lever.fill("9999")
    lever.press("Enter")
    expect(lever).to_have_attribute("aria-invalid", "true")
    one.page.locator(".about summary").first.click()
    one.page.locator(".take summary").click()
    one.page.locator(".note summary").click()
    assert found(one) == []


@pytest.mark.parametrize("width", [320, 640])
def test_axe_finds_nothing_narrow(visit: Opened, width: int) -> None:
    assert found(opened(visit, "view=cost,zone", viewport={"width": width, "height": 700})) == []


@pytest.mark.parametrize("view", ["prevented", "cost,where,zone,forces,assumptions", "basis"])
@pytest.mark.parametrize("size", [(320, 640), (640, 400), (1280, 800)], ids=["320 px", "200%", "1280 px"])
def test_nothing_runs_over_the_side(visit: Opened, size: tuple[int, int], view: str) -> None:
    one = opened(visit, f"view={view}", viewport={"width": size[0], "height": size[1]})
    assert one.page.evaluate("document.documentElement.scrollWidth") <= size[0]
    wide = one.page.evaluate(
        "[...document.querySelectorAll('main *:not(svg *)')].filter((e) => e.offsetParent !== null && "
        "!e.closest('.hidden, thead, .boxes, .scroll table') && e.getBoundingClientRect().right > innerWidth + 1)"
        ".map((e) => e.outerHTML.slice(0, 90))")
    assert wide == []


def test_on_the_first_screen_stand_answer_map_and_levers(visit: Opened) -> None:
    one = opened(visit)
    for selector in ("h1", "svg.map", ".interests", "table.answer tbody tr:last-child", one.lever(RUSSIA),
                     one.lever("options.region.rules.standoff_front"), ".states"):
        box = one.page.locator(selector).first.bounding_box()
        assert box is not None
        assert box["y"] + box["height"] <= 800, selector


def test_targets_are_24_px(visit: Opened) -> None:
    one = opened(visit, "view=where,zone,forces,members")
    small = one.page.evaluate(
        "(least) => [...document.querySelectorAll('a, button, select, textarea, summary, input')].filter((e) => {"
        " const all = [e, ...(e.labels ?? [])].map((x) => x.getBoundingClientRect());"
        " return e.offsetParent !== null && !e.closest('p') && !all.some((b) => b.width >= least && b.height >= least)"
        " && !e.matches('.skip'); }).map((e) => e.outerHTML.slice(0, 120))", LEAST_PX)
    assert small == []


def test_everything_is_reached_and_moved_by_keyboard(visit: Opened) -> None:
    one = opened(visit)
    page, reached = one.page, []
    page.locator("body").press("Tab")
    for _ in range(120):
        name = page.evaluate("(() => { const e = document.activeElement; return e.dataset.lever ?? (e.id || "
                             "e.textContent.trim().slice(0, 40)); })()")
        reached.append(name)
        if page.evaluate("document.activeElement === document.body"):
            break
        page.keyboard.press("Tab")
    assert {RUSSIA, "options.region.rules.target_classes", "scenario", "theme", "option", "tab-prevented",
            "panel"} <= set(reached)
    assert reached[0].startswith("To the content")
    assert any("Take it along" in name for name in reached)
    assert sum("Region" in name for name in reached) >= 2  # options are chosen by keyboard too

    lever = page.locator(one.lever(RUSSIA))
    lever.focus()
    lever.press("ArrowUp")
    expect(page).to_have_url(re.compile("210"))
    page.locator("#tab-prevented").focus()
    page.keyboard.press("ArrowRight")
    expect(page.locator("#tab-cost")).to_be_focused()
    expect(page.locator("#tab-cost")).to_have_attribute("aria-selected", "true")
    page.keyboard.press("ArrowLeft")
    expect(page.locator("#tab-prevented")).to_be_focused()
    group = page.locator("summary", has_text="Period")
    group.focus()
    page.keyboard.press("Enter")
    expect(page.locator(one.lever("days"))).to_be_visible()


def test_what_has_the_focus_is_seen(visit: Opened) -> None:
    one = opened(visit)
    for selector in (one.lever(RUSSIA), "#option", "#tab-prevented", ".name"):
        element = one.page.locator(selector).first
        element.focus()
        one.page.keyboard.press("Shift+Tab")
        one.page.keyboard.press("Tab")
        outline = element.evaluate("(e) => getComputedStyle(e).outlineStyle + getComputedStyle(e).outlineWidth")
        assert outline == "solid3px"


def test_the_focus_stays_where_a_move_was_made(visit: Opened) -> None:
    one = opened(visit)
    lever = one.page.locator(one.lever(RUSSIA))
    lever.fill("150")
    lever.press("Enter")
    one.settled()
    expect(lever).to_be_focused()


def test_nothing_moves_with_reduced_motion(visit: Opened) -> None:
    one = opened(visit, reduced_motion="reduce")
    moving = one.page.evaluate("[...document.querySelectorAll('*')].filter((e) => { const s = getComputedStyle(e); "
                               "return s.transitionDuration !== '0s' || s.animationName !== 'none'; }).length")
    assert moving == 0


def test_nothing_moves_longer_than_200_ms(visit: Opened) -> None:
    one = opened(visit)
    longest = one.page.evaluate("Math.max(...[...document.querySelectorAll('*')].map((e) => "
                                "parseFloat(getComputedStyle(e).transitionDuration)))")
    assert 0 < longest <= 0.2


def test_the_switch_of_colours_holds(visit: Opened) -> None:
    one = opened(visit)
    paper = "getComputedStyle(document.body).backgroundColor"
    light = one.page.evaluate(paper)
    one.page.locator("#theme").click()
    dark = one.page.evaluate(paper)
    assert dark != light
    one.page.reload()
    assert one.page.evaluate(paper) == dark
    expect(one.page.locator("#theme")).to_have_text("Light colours")


def test_print_holds_the_answer_and_no_controls(visit: Opened) -> None:
    one = opened(visit)
    one.page.emulate_media(media="print")
    for selector in ("h1", "svg.map", "table.answer", ".states"):
        expect(one.page.locator(selector).first).to_be_visible()
    for selector in ("nav", "#theme", one.lever(RUSSIA), ".tabs", ".take"):
        expect(one.page.locator(selector).first).to_be_hidden()


def test_each_role_has_a_shape_of_its_own(visit: Opened) -> None:
    one = opened(visit)
    shapes, roles = one.page.evaluate("import('/static/figures.js').then((f) => [f.SHAPES, f.ROLES])")
    assert set(shapes) == set(roles.values())
    assert len(set(shapes.values())) == len(shapes)
    shown = one.page.locator("table.answer tbody th svg path")
    assert len(set(shown.evaluate_all("(all) => all.map((e) => e.getAttribute('d'))"))) > 1


def test_a_table_says_what_it_is_to_who_does_not_see_it(visit: Opened) -> None:
    one = opened(visit)
    expect(one.page.get_by_role("table", name="Threats prevented by each option")).to_be_visible()
    expect(one.page.get_by_role("img", name="Map of Ukraine")).to_be_visible()
    expect(one.page.get_by_role("rowheader", name="Region", exact=True)).to_be_visible()
    expect(one.page.get_by_role("spinbutton", name="Distance from Russia")).to_have_value("200")
