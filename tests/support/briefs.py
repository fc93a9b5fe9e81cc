"""Briefs looked at as their readers do: the words of a page, and the numbers in them."""

import re
import subprocess
from html.parser import HTMLParser

from skyshield.report.brief.document import traced_in

# Digits with the marks between them that either language writes; a mark at the end belongs to the sentence.
NUMBER = re.compile("\\d(?:[\\d.,\u202f]*\\d)?")


class _Words(HTMLParser):
    def __init__(self, text):
        super().__init__()
        self.parts, self._hidden = [], 0
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self._hidden += tag in ("style", "title")
        if tag not in ("span", "strong", "tspan"):
            self.parts.append(" ")

    def handle_endtag(self, tag):
        self._hidden -= tag in ("style", "title")
        if tag not in ("span", "strong", "tspan"):
            self.parts.append(" ")

    def handle_data(self, data):
        if not self._hidden:
            self.parts.append(data)


def words_of_html(content, heard=True):
    """The text of a page, that of pictures too, and what only those hear who do not see them."""
    text = content.decode()
    return "".join(_Words(text if heard else re.sub(r"<desc.*?</desc>", "", text, flags=re.DOTALL)).parts)


def words_of_pdf(content, tmp_path):
    """The text of a PDF, without the numbers of its pages."""
    path = tmp_path / "read.pdf"
    path.write_bytes(content)
    text = subprocess.run(["pdftotext", "-layout", path, "-"], capture_output=True, check=True).stdout.decode()
    return re.sub(r"\b\d+ ?/ ?\d+\s*$", "\n", text, flags=re.MULTILINE)


def information(content, tmp_path):
    """What pdfinfo says of a PDF."""
    path = tmp_path / "told.pdf"
    path.write_bytes(content)
    told = subprocess.run(["pdfinfo", path], capture_output=True, check=True).stdout.decode()
    return dict(line.split(":", 1) for line in told.splitlines() if ":" in line)


def numbers_in(text):
    return set(NUMBER.findall(text))


def traced_numbers(brief):
    """Every number that a brief may show, by its trace."""
    return {found for one in traced_in(brief) for found in NUMBER.findall(one.text)}


def untraced(text, brief):
    """The numbers of a text that the brief's trace does not have; pdftotext takes the narrow space for a wide one."""
    known = traced_numbers(brief)
    apart = {part for number in known if "\u202f" in number for part in number.split("\u202f")}
    return numbers_in(text) - known - apart


# Names that no language translates.
NAMES = {"SkyShield", "skyshield", "report", "claims", "trace", "IRIS", "NASAMS", "Patriot", "IRIS-T"}


def latin_words(texts):
    """The words in Latin letters, of two letters or more, that are no names; study keys have digits."""
    found = {word for text in texts for word in re.findall(r"[\w-]*[A-Za-z]{2,}[\w-]*", text)}
    return {word for word in found if word.strip("-") not in NAMES and not re.fullmatch(r"[0-9a-f]{12}", word)}
