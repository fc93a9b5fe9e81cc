"""The daily report as one page of HTML that fetches nothing, and as a PDF set by Typst."""

import json
from pathlib import Path

from markupsafe import Markup

from skyshield.core.files import read_bytes
from skyshield.monitoring.daily.day import Day
from skyshield.report.brief.flat import flat_svg
from skyshield.report.brief.page import page_css
from skyshield.report.brief.typeset import FONTS, typst
from skyshield.report.daily.document import document
from skyshield.report.daily.language import Words
from skyshield.report.daily.picture import KEY, day_map
from skyshield.report.map import map_svg
from skyshield.report.pages import environment

_TEMPLATE = Path(__file__).parent / "daily.typ"


def html(day: Day, words: Words) -> bytes:
    """Return the report as one self-contained page."""
    told = document(day, words)
    chart = {**told["map"], "kind": "chart", "key": KEY,
             "svg": map_svg(KEY, day_map(day, words), told["map"]["description"])}
    content = {**told, "pages": [[*told["answer"], chart], told["table"], told["annex"]]}
    shown = environment().get_template("brief.html.j2").render(brief=content, css=Markup(page_css()))  # noqa: S704
    return str(shown).lstrip().encode()


def pdf(day: Day, words: Words) -> bytes:
    """Return the report as a PDF of A4 pages.

    Raises
    ------
    SkyShieldError
        If Typst is not installed.
    """
    told = document(day, words)
    told["map"] |= {"svg": flat_svg(day_map(day, words))}
    made = typst().compile(read_bytes(_TEMPLATE), format="pdf", font_paths=[str(FONTS)], ignore_system_fonts=True,
                           sys_inputs={"report": json.dumps(told, ensure_ascii=False)})
    return bytes(made)
