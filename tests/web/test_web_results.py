"""Stored studies in a real browser: nothing that axe finds, all by keyboard, on a telephone, on paper, in the dark."""

import io
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Page, expect

from support.app_studies import studies
from support.application import Served, served

VIEWS = ("/studies", "/studies/zone", "/studies/other", "/studies/alone", "/studies/unfinished", "/studies/nothing",
         "/compare", "/compare?a=zone&b=near", "/compare?a=near&b=other")
TARGET_PX = 24
NARROW = {"width": 320, "height": 640}
WIDE = {"width": 1280, "height": 800}


@pytest.fixture(scope="module")
def server(tmp_path_factory) -> Iterator[Served]:
    folder: Path = studies(tmp_path_factory)
    with served(folder) as one:
        yield one


class Seen:
    """A page with all that the browser complains of, and every address outside the server that it asks for."""

    def __init__(self, server: Served, browser: Browser, **how: Any) -> None:
        self.context: BrowserContext = browser.new_context(**{"viewport": WIDE, **how})
        self.page: Page = self.context.new_page()
        self.complaints: list[str] = []
        self.base = f"http://127.0.0.1:{server.port}"
        self.page.on("console", lambda said: self.complaints.append(said.text))
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("request", lambda asked: self._heard(asked.url))
        self.page.goto(f"{self.base}/healthz")
        self.context.add_cookies([])
        self.page.goto(server.told["url"])
        self.complaints.clear()

    def _heard(self, url: str) -> None:
        if not url.startswith((self.base, "data:")):
            self.complaints.append(f"asks for {url}")

    def to(self, address: str) -> Page:
        """Go to an address of the server."""
        self.page.goto(f"{self.base}{address}")
        return self.page


@pytest.fixture(scope="module")
def seen(server, browser) -> Iterator[Seen]:
    one = Seen(server, browser)
    yield one
    one.context.close()


def faults(page: Page) -> list[str]:
    """Return what axe finds."""
    found = Axe().run(page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa",
                                                 "best-practice"]})
    return [f"{one['id']}: {one['nodes'][0]['target']} {one['nodes'][0]['html'][:120]}"
            for one in found.response["violations"]]


@pytest.mark.parametrize("address", VIEWS)
def test_axe_finds_nothing(seen, address) -> None:
    page = seen.to(address)
    page.evaluate("for (const one of document.querySelectorAll('details')) one.open = true")
    assert faults(page) == []


@pytest.mark.parametrize("address", ["/studies", "/studies/zone", "/compare?a=zone&b=near"])
@pytest.mark.parametrize("how", [{"color_scheme": "dark"}, {"viewport": NARROW}], ids=["dark", "narrow"])
def test_axe_finds_nothing_in_the_dark_and_on_a_telephone(server, browser, address, how) -> None:
    one = Seen(server, browser, **how)
    assert faults(one.to(address)) == []
    one.context.close()


@pytest.mark.parametrize("address", VIEWS)
def test_the_browser_has_nothing_to_complain_of(seen, address) -> None:
    """No policy is broken, nothing is fetched from elsewhere, no script fails."""
    seen.complaints.clear()
    seen.to(address)
    seen.page.wait_for_load_state("networkidle")
    assert [said for said in seen.complaints if "the server responded with a status of 4" not in said] == []


@pytest.mark.parametrize("address", VIEWS)
def test_nothing_is_wider_than_a_telephone(server, browser, address) -> None:
    one = Seen(server, browser, viewport=NARROW)
    page = one.to(address)
    assert page.evaluate("document.documentElement.scrollWidth") <= NARROW["width"]
    words = page.evaluate("""[...document.querySelectorAll('figure text')].map(
        text => [text.textContent, text.getBoundingClientRect().right]).filter(([, right]) => right > innerWidth)""")
    assert words == []
    one.context.close()


def test_no_words_of_a_picture_lie_on_one_another(server, browser) -> None:
    for view in (NARROW, WIDE):
        one = Seen(server, browser, viewport=view)
        page = one.to("/studies/zone")
        overlaps = page.evaluate("""[...document.querySelectorAll('figure > svg')].flatMap(svg => {
            const boxes = [...svg.querySelectorAll('text')].map(
                text => [text.textContent, text.getBoundingClientRect()]);
            return boxes.flatMap(([words, a], k) => boxes.slice(k + 1).filter(([, b]) =>
                Math.min(a.right, b.right) - Math.max(a.left, b.left) > 1 &&
                Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > 6).map(([other]) => [words, other]));
        })""")
        assert overlaps == []
        one.context.close()


@pytest.mark.parametrize("address", ["/studies", "/studies/zone", "/compare?a=zone&b=near"])
def test_targets_are_large_enough(seen, address) -> None:
    """24 px, but for links in a sentence."""
    small = seen.to(address).evaluate("""[...document.querySelectorAll('a, button, summary, select')].filter(
        one => one.checkVisibility() && !one.closest('p, dd, .skip') && !one.matches('.skip')).map(
        one => [one.textContent.trim(), one.getBoundingClientRect().height]).filter(([, high]) => high < 24)""")
    assert small == []


def test_all_is_reached_by_keyboard(seen) -> None:
    page = seen.to("/studies/zone")
    wanted = page.evaluate("""document.querySelectorAll(
        'main a[href], main button, main summary').length""")
    reached = set()
    for _ in range(3 * wanted):
        page.keyboard.press("Tab")
        where = page.evaluate("""(() => { const one = document.activeElement;
            return one.matches('main a[href], main button, main summary')
                ? [...document.querySelectorAll('main a[href], main button, main summary')].indexOf(one) : -1; })()""")
        reached.add(where)
    assert len(reached - {-1}) == wanted
    summary = page.locator("figure summary").first
    summary.focus()
    page.keyboard.press("Enter")
    assert page.locator("figure details").first.get_attribute("open") is not None
    assert page.locator("figure table").first.is_visible()


def test_another_option_is_asked_for_and_its_drivers_are_shown(seen) -> None:
    page = seen.to("/studies/zone")
    before = page.locator("#figure-drivers .finding").inner_text()
    page.locator("#drivers .across a", has_not_text="Region").or_(
        page.locator("#drivers .across a:not([aria-current])")).first.click()
    assert "of=" in page.url
    assert page.locator("#figure-drivers .finding").inner_text() != before
    page.go_back()
    assert page.locator("#figure-drivers .finding").inner_text() == before


def test_two_studies_are_chosen_and_the_address_holds_them(seen) -> None:
    page = seen.to("/compare")
    page.get_by_label("First").select_option("zone")
    page.get_by_label("Second").select_option("near")
    page.get_by_role("button", name="Compare").click()
    assert "a=zone" in page.url
    assert "b=near" in page.url
    finding = page.locator("h1").inner_text()
    page.reload()
    assert page.locator("h1").inner_text() == finding
    assert page.locator(".diff .new").inner_text().strip() == "+       standoff_russia: 50 km".strip()


def test_the_command_is_copied(server, browser) -> None:
    one = Seen(server, browser, permissions=["clipboard-read", "clipboard-write"])
    page = one.to("/studies/zone")
    page.get_by_role("button", name="Copy").click()
    page.get_by_role("button", name="Copied").wait_for()
    assert page.evaluate("navigator.clipboard.readText()") == page.locator("#command").inner_text()
    one.context.close()


def test_the_page_is_whole_without_script(server, browser) -> None:
    one = Seen(server, browser, java_script_enabled=False)
    page = one.to("/studies/zone")
    assert page.locator("figure svg").count() >= 6
    assert page.locator("h1").inner_text().startswith("“Region” keeps")
    one.context.close()


@pytest.mark.parametrize("words", ["range over what nobody knows", "if Ukraine stops threats evenly", "near defended"])
def test_marks_are_seen_in_the_dark(server, browser, words) -> None:
    """Brackets, triangles and squares take the colour of the letters, whatever the paper."""
    one = Seen(server, browser, color_scheme="dark")
    mark = one.to("/studies/zone").locator(".marks-key li", has_text=words).locator("svg").first
    with Image.open(io.BytesIO(mark.screenshot())) as picture:
        darkest, lightest = picture.convert("L").getextrema()
    assert darkest < 60
    assert lightest > 180
    one.context.close()


def test_paper_holds_the_answer_and_no_buttons(seen) -> None:
    page = seen.to("/studies/zone")
    page.emulate_media(media="print")
    assert page.locator("h1").is_visible()
    assert not page.get_by_role("button", name="Copy").is_visible()
    assert not page.locator(".beside nav").is_visible()
    assert len(re.findall(rb"/Type\s*/Page\b", page.pdf(format="A4"))) >= 1
    page.emulate_media(media="screen")


def test_a_stored_report_runs_no_script(seen) -> None:
    page = seen.to("/studies/zone/report.html")
    dialogs: list[str] = []
    page.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.dismiss()))
    page.reload()
    assert page.title() == "r"
    assert dialogs == []


def test_a_server_that_has_gone_is_said_and_may_be_asked_again(server, browser) -> None:
    one = Seen(server, browser)
    page = one.to("/studies/unfinished")
    page.route("**/api/runs", lambda route: route.abort())
    page.get_by_role("button", name="Resume it").click()
    page.get_by_text("does not answer").wait_for(timeout=5000)
    assert page.get_by_role("button", name="Resume it").is_enabled()
    one.context.close()


@pytest.mark.parametrize(("status", "body"), [
    (202, {"id": "unfinished"}), (409, {"where": "study 'unfinished'", "what": "plays already", "remedy": "wait"})])
def test_a_study_that_is_not_whole_is_resumed(server, browser, status, body) -> None:
    one = Seen(server, browser)
    page, sent = one.to("/studies/unfinished"), []
    page.route("**/api/runs", lambda route: (sent.append(route.request.post_data_json), route.fulfill(
        status=status, json=body)))
    page.get_by_role("button", name="Resume it").click()
    if status == 202:
        page.wait_for_url("**/runs/unfinished")
    else:
        page.get_by_text("plays already; wait.").wait_for()
        assert page.get_by_role("button", name="Resume it").is_enabled()
    assert sent == [{"study": "unfinished"}]
    one.context.close()


def test_with_nothing_chosen_it_says_what_to_do_and_what_tells_studies_apart(seen) -> None:
    page = seen.to("/compare")
    expect(page.get_by_text("Choose a first and a second study, then press Compare.")).to_be_visible()
    told = page.get_by_label("First").locator("option").all_inner_texts()[1:]
    assert len(set(told)) == len(told) >= 5
    zone = next(text for text in told if text.startswith("zone ·"))
    assert zone.startswith("zone · 4 × 3, 2 days, seed 1 · 2023-11-14 22:13 · A month of ")
    page = seen.to("/compare?a=zone")
    expect(page.get_by_text("Choose a second study, then press Compare.")).to_be_visible()
    page = seen.to("/compare?a=zone&b=near")
    expect(page.get_by_text("then press Compare.")).to_have_count(0)


def test_with_one_study_it_says_that_two_are_needed(server, browser, tmp_path) -> None:
    shutil.copytree(server.folder / "near", tmp_path / "near")
    with served(tmp_path) as alone:
        one = Seen(alone, browser)
        expect(one.to("/compare").get_by_text("Two finished studies are needed, and one is here.")).to_be_visible()
        one.context.close()
