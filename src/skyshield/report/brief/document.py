"""What a brief is made of: pages of blocks, whose every text is a `Said`. How they are set is the writers' affair."""

from collections.abc import Iterator
from dataclasses import dataclass, fields, is_dataclass
from typing import Any, Literal

from skyshield.report.brief.traced import EMPTY, Said, Traced
from skyshield.report.marks import Map, Rows

MOST_PAGES = 4
Style = Literal["body", "lead", "strong", "quiet", "mark"]
Shape = Literal["plain", "wide"]


@dataclass(frozen=True)
class Heading:
    """A heading of a part of a page."""

    text: Said


@dataclass(frozen=True)
class Text:
    """A paragraph: ``lead`` for the answer, ``strong`` for a finding, ``quiet`` for notes, ``mark`` for a warning."""

    text: Said
    style: Style = "body"


@dataclass(frozen=True)
class Items:
    """A list, each entry perhaps with a word in bold before it."""

    items: tuple[tuple[Said, Said], ...]


@dataclass(frozen=True)
class Grid:
    """A table of at most seven columns.

    Attributes
    ----------
    title
        What it says, above it.
    head
        Of the columns.
    rows
        Of cells: what is read, and below it in grey what qualifies it.
    widths
        Of the columns, in shares of one another.
    note
        Below it.
    words
        How many columns, from the left, hold words; numbers stand at the right of theirs.
    """

    title: Said
    head: tuple[Said, ...]
    rows: tuple[tuple[tuple[Said, Said], ...], ...]
    widths: tuple[float, ...]
    note: Said = EMPTY
    words: int = 1


@dataclass(frozen=True)
class Chart:
    """A picture with its finding.

    Attributes
    ----------
    key
        Its name.
    title, measure, note
        What it finds, what is measured, and what else must be known.
    drawn
        As wide as a sheet.
    narrow
        The same for a column of any width.
    said
        What is written in it.
    description
        For those who do not see it.
    share
        Of the width of the sheet.
    """

    key: str
    title: Said
    measure: Said
    drawn: Rows | Map
    narrow: Rows | Map
    said: tuple[Said, ...]
    description: Said
    note: Said = EMPTY
    share: float = 1.0


@dataclass(frozen=True)
class Beside:
    """Blocks beside one another: the left ones take a share of the width."""

    left: "tuple[Block, ...]"
    right: "tuple[Block, ...]"
    share: float = 0.5


Block = Heading | Text | Items | Grid | Chart | Beside


@dataclass(frozen=True)
class Slide:
    """One slide: a finding, one chart, three lines."""

    title: Said
    chart: Chart | None
    lines: tuple[Said, ...]


@dataclass(frozen=True)
class Brief:
    """A brief.

    Attributes
    ----------
    language
        Its code.
    kicker
        Above the title: what this is.
    title, question
        The finding, and what was asked.
    pages
        At most four, each of blocks.
    slide
        The same as one slide.
    foot
        Below every page.
    page
        Message of a page's number.
    """

    language: str
    kicker: Said
    title: Said
    question: Said
    pages: tuple[tuple[Block, ...], ...]
    slide: Slide
    foot: Said
    marks: tuple[Said, ...] = ()


def texts(part: Any) -> Iterator[Said]:
    """Yield every text of a brief or of a part of it, in the order of reading."""
    if isinstance(part, Said):
        yield part
    elif isinstance(part, list | tuple):
        for one in part:
            yield from texts(one)
    elif is_dataclass(part) and not isinstance(part, type | Rows | Map | Traced):
        for one in fields(part):
            yield from texts(getattr(part, one.name))


def traced_in(brief: Brief) -> list[Traced]:
    """Return every number and name of a brief with its source, each once."""
    return list(dict.fromkeys(one for text in texts(brief) for one in text.traced))
