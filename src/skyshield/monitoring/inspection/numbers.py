"""Read the numbers of an inspection game: a point or an interval, each with its bounds."""

import math
from dataclasses import dataclass

from skyshield.core.errors import SkyShieldError

LEAST, MOST = 1e-12, 1e12  # of a number that is not 0: beyond it sums lose what is small


@dataclass(frozen=True)
class Span:
    """A number that is known to lie between two ends, or at one of them if they are equal."""

    low: float
    high: float

    @property
    def middle(self) -> float:
        """The middle of the ends."""
        return (self.low + self.high) / 2

    @property
    def is_point(self) -> bool:
        """Whether both ends are the same."""
        return self.low == self.high


def read_number(text: str, where: str, most: float = MOST) -> float:
    """Return a number from 0 to `most`, 0 or at least `LEAST`.

    Raises
    ------
    SkyShieldError
        Exit code 2 if it is none, negative, not finite or over `most`.

    Examples
    --------
    >>> read_number("0.5", "--f")
    0.5
    """
    try:
        value = float(text)
    except ValueError:
        raise SkyShieldError(where, f"is {text.strip()!r}, not a number", "give a number") from None
    if not math.isfinite(value):
        raise SkyShieldError(where, f"is {text.strip()}, not a finite number", "give a finite number")
    if value < 0:
        raise SkyShieldError(where, f"is negative ({value:g})", "give 0 or more")
    if value > most:
        raise SkyShieldError(where, f"is {value:g}, over {most:g}", f"give a number from 0 to {most:g}")
    if 0 < value < LEAST:
        raise SkyShieldError(where, f"is {value:g}, under {LEAST:g}", f"give 0, or a number from {LEAST:g}")
    return value


def read_span(text: str, where: str, most: float = MOST) -> Span:
    """Return a number or an interval ``LOW:HIGH``.

    Raises
    ------
    SkyShieldError
        Exit code 2 if an end is no number from 0 to `most`, or the ends are in the wrong order.

    Examples
    --------
    >>> read_span("1:3", "--d"), read_span("2", "--d").is_point
    (Span(low=1.0, high=3.0), True)
    """
    parts = text.split(":")
    if len(parts) > 2:
        raise SkyShieldError(where, f"is {text!r}", "give a number, or an interval LOW:HIGH")
    ends = [read_number(part, where, most) for part in parts]
    if ends[0] > ends[-1]:
        raise SkyShieldError(where, f"has its ends in the wrong order ({text})", "write LOW:HIGH")
    return Span(ends[0], ends[-1])
