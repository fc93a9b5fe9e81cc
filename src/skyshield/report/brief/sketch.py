"""A picture of the brief while it is drawn: marks of the pages, with every word a `Said`, in two widths.

A picture is drawn as wide as a sheet, names left of their marks and the key in lines below, and again for a column of
any width, names above their marks. Places across are %, down px.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

from skyshield.report.brief.language import Language
from skyshield.report.brief.traced import EMPTY, Said, Source, Traced, said
from skyshield.report.marks import Anchor, Rows, Sign
from skyshield.report.marks import Shape as Outline
from skyshield.report.svg import (
    AID,
    BASELINE,
    COMBINED,
    GROUND,
    INK,
    NAVAL,
    RULE,
    SKYSHIELD,
    Picture,
    Scale,
    moved,
)

WIDE_PX = 680.0  # of a picture that is as wide as a sheet
LETTER_PX = 12.0
_MOST_COLOURS = 4
_LETTER = 0.55  # of its size, the mean width of a letter
_KEY_LINE, _EXAMPLE, _KEY_GAP = 18.0, 9.0, 3.0  # px; %; %
_SIGNS: dict[str, Outline] = {AID: "block", GROUND: "peak", NAVAL: "diamond", COMBINED: "cross"}


@dataclass
class Sketch:
    """A picture of one width.

    Attributes
    ----------
    key
        Its name.
    language
        Of its words.
    wide
        Whether it is as wide as a sheet.
    """

    key: str
    language: Language
    wide: bool
    said: list[Said] = field(default_factory=list)
    _entries: list[tuple[Said, Callable[[Picture], None]]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.picture = Picture(self.key)

    def write(self, x: float, y: float, words: Said | Traced, anchor: Anchor = "start", kind: str = "",
              after: Said = EMPTY, aside: float = 0.0) -> None:
        """Write words, and others after them in grey."""
        self.said += [one for one in (said(words), after) if one]
        self.picture.text(x, y, said(words).text, anchor, kind, after.text, aside)

    def sign(self, x: float, y: float, colour: str, shown: str = "") -> None:
        """Draw the sign of a role, whatever colour it is shown in."""
        role_sign(self.picture, x, y, colour, shown or colour)

    def tick(self, value: float) -> Traced:
        """Return a number of the scale."""
        return self.language.exact(round(value, 9), Source("scale", self.key))

    def axis(self, scale: Scale, bands: Sequence[tuple[float, float]], most: int = 5) -> None:
        """Draw quiet lines behind the marks, between the ends of `bands`, and their numbers below."""
        behind = Picture(self.key)
        for value in scale.ticks(most):
            at = scale.at(value)
            for band in bands:
                behind.line((at, at), band, INK if value == 0.0 else RULE, 1.0)
            self.write(at, self.picture.height + 14.0, self.tick(value), "middle", "quiet")
        self.picture.marks[:0] = behind.marks
        self.picture.height += 22.0

    def explain(self, words: Said, draw: Callable[[Picture], None]) -> None:
        """Enter a mark in the key: `draw` puts it at a height of 0 between 0 and 10% of the width."""
        self._entries.append((words, draw))

    def rows(self) -> Rows:
        """Return what is drawn, its key below."""
        if not self.wide:
            for words, draw in self._entries:
                self.said.append(words)
                self.picture.explain(words.text, draw)
            return Rows(tuple(self.picture.marks), self.picture.height, tuple(self.picture._entries))  # noqa: SLF001
        x, y = 0.0, self.picture.height + _KEY_LINE / 2.0
        for words, draw in self._entries:
            width = _EXAMPLE + 100.0 * len(words.text) * LETTER_PX * _LETTER / WIDE_PX + _KEY_GAP
            if x > 0.0 and x + width > 100.0 + _KEY_GAP:
                x, y = 0.0, y + _KEY_LINE
            example = Picture(self.key)
            draw(example)
            for mark in example.marks:
                down = moved(mark, y)
                along = (down.x[0] + x, down.x[1] + x) if isinstance(down.x, tuple) else down.x + x
                self.picture.marks.append(replace(down, x=along))  # type: ignore[arg-type]
            self.write(x + _EXAMPLE, y + 4.0, words, kind="quiet")
            x += width
        return Rows(tuple(self.picture.marks), y + _KEY_LINE / 2.0 + 2.0 if self._entries else self.picture.height)


def role_sign(picture: Picture, x: float, y: float, role: str, colour: str) -> None:
    """Draw the sign of a role: a disc, block, peak, diamond, cross or ring, which greyscale keeps apart."""
    if role in _SIGNS:
        shape = _SIGNS[role]
        picture.marks.append(Sign(x, y, colour, shape, f"{picture.key}-{shape}-{colour[1:]}"))
    else:
        picture.dot(x, y, colour, 4.5, hollow=role != SKYSHIELD)


def four_colours(roles: Sequence[str]) -> dict[str, str]:
    """Return the colour in which each role is shown: the first four keep theirs, the rest are grey.

    Examples
    --------
    >>> four_colours([SKYSHIELD, AID, GROUND, NAVAL, COMBINED])[COMBINED] == BASELINE
    True
    """
    kept = [role for role in dict.fromkeys(roles) if role != BASELINE]
    few = kept if len(kept) <= _MOST_COLOURS else kept[:_MOST_COLOURS - 1]
    return {role: role if role in few else BASELINE for role in dict.fromkeys(roles)}


