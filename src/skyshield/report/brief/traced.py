"""Text whose numbers say where they come from.

A sentence of the brief is a `Said`: words, and between them `Traced` parts, each a number or a name with its source.
The words alone hold no digit, so that a number typed by hand is found (`untraced`).
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from typing import Any, Literal

Kind = Literal["study", "catalogue", "equation", "scenario", "record", "claim", "scale"]
HEADLINE = "headline"
_DIGIT = re.compile(r"\d")


@dataclass(frozen=True)
class Source:
    """Where a number comes from.

    Attributes
    ----------
    kind
        A row of the study, an entry of the catalogue, an equation, a word of the scenario, the record, a claim's
        table, or the scale of a chart.
    name
        The option, entry, equation, key or chart.
    measure, arm, figure, to
        Of a row of the study: its measure, its arm, which of its figures, and the option it is a difference to. Of an
        entry, `figure` is its low, central or high end.
    """

    kind: Kind
    name: str
    measure: str = ""
    arm: str = ""
    figure: str = ""
    to: str = ""

    def plain(self) -> dict[str, str]:
        """Return what is set as plain data."""
        return {key: value for key, value in asdict(self).items() if value}


@dataclass(frozen=True)
class Traced:
    """A number, or a name that may hold one, as it is shown, with its source.

    Attributes
    ----------
    value
        Before rounding; a name as it is written.
    text
        As the brief shows it.
    source
        Where it comes from.
    """

    value: float | str | None
    text: str
    source: Source

    def plain(self) -> dict[str, Any]:
        """Return it as plain data."""
        return {"text": self.text, "value": self.value, **self.source.plain()}


@dataclass(frozen=True)
class Said:
    """Words with traced parts between them.

    Examples
    --------
    >>> said = Said(("about ", Traced(1.23, "1.2", Source("study", "region", "prevented_armed"))))
    >>> said.text, [one.value for one in said.traced], said.untraced
    ('about 1.2', [1.23], ())
    >>> Said(("about 7",)).untraced
    ('about 7',)
    """

    parts: tuple["str | Traced", ...] = ()

    @property
    def text(self) -> str:
        """What is read."""
        return "".join(part if isinstance(part, str) else part.text for part in self.parts)

    @property
    def traced(self) -> tuple[Traced, ...]:
        """The numbers and names in it."""
        return tuple(part for part in self.parts if isinstance(part, Traced))

    @property
    def untraced(self) -> tuple[str, ...]:
        """The words that hold a digit though they are no traced part."""
        return tuple(part for part in self.parts if isinstance(part, str) and _DIGIT.search(part))

    def __bool__(self) -> bool:
        """Return whether there is anything to read."""
        return bool(self.text)

    def __add__(self, other: "Said") -> "Said":
        """Return both, one after the other."""
        return Said(self.parts + other.parts)


EMPTY = Said()


def said(part: "Said | Traced") -> Said:
    """Return a traced part as a text of its own."""
    return part if isinstance(part, Said) else Said((part,))


def joined(items: Iterable["Said | Traced"], between: str = " ") -> Said:
    """Return texts one after the other, those that are empty left out.

    Examples
    --------
    >>> joined([Said(("One.",)), EMPTY, Said(("Two.",))]).text
    'One. Two.'
    """
    parts: list[str | Traced] = []
    for item in map(said, items):
        if item:
            parts += [between, *item.parts] if parts else item.parts
    return Said(tuple(parts))


def every(items: Iterable[Any]) -> Iterator[Said]:
    """Yield every text in lists of lists of texts."""
    for item in items:
        if isinstance(item, Said):
            yield item
        elif isinstance(item, list | tuple):
            yield from every(item)
