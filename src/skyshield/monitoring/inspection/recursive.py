r"""At most m inspections in n periods, one violation at most: Dresher's recursive game.

In each period the inspector inspects or not and the other violates or not; a violation that meets an inspection costs
1, another gains 1, and without one the game goes on with a period and perhaps an inspection less. With V(n, 0) = 1 and
V(n, n) = 0 the value, as the violator's gain, solves a 2 by 2 game in each period, and in closed form

.. math:: V(n, m) = \binom{n - 1}{m} \Big/ \sum_{i=0}^{m} \binom{n}{i}.

The first inspection's probability makes a violation now worth the value: 1 - 2x = V.

Source: M. Dresher, "A sampling inspector problem in arms control agreements", RAND RM-2972 (1962); B. von Stengel,
"Recursive inspection games", Mathematics of Operations Research 41 (2016).
"""

import math
from typing import Any

from skyshield.core.errors import SkyShieldError

MOST_PERIODS = 1_000


def value_terms(n: int, m: int) -> tuple[int, int]:
    """Return numerator and denominator of the value, exact and not reduced.

    Raises
    ------
    SkyShieldError
        Exit code 2 unless 1 <= n <= `MOST_PERIODS` and 0 <= m <= n.

    Examples
    --------
    >>> value_terms(10, 3)
    (84, 176)
    """
    if not 1 <= n <= MOST_PERIODS:
        raise SkyShieldError("--recursive", f"asks for {n:,} periods", f"give 1 to {MOST_PERIODS:,}")
    if not 0 <= m <= n:
        raise SkyShieldError("--recursive", f"asks for {m:,} inspections in {n:,} periods", f"give 0 to {n:,}")
    return math.comb(n - 1, m), sum(math.comb(n, i) for i in range(m + 1))


def parse_recursive(text: str) -> tuple[int, int]:
    """Read ``n,m``.

    Raises
    ------
    SkyShieldError
        Exit code 2 if it is not two whole numbers.

    Examples
    --------
    >>> parse_recursive("10,3")
    (10, 3)
    """
    parts = [part.strip() for part in text.split(",")]
    longest = len(str(MOST_PERIODS)) + 1  # of a number that can be, its sign included
    digits = [part.removeprefix("-") for part in parts]
    if len(parts) != 2 or not all(one.isascii() and one.isdecimal() for one in digits):
        raise SkyShieldError("--recursive", f"is {text!r}", "give two whole numbers n,m: periods and inspections")
    if any(len(part) > longest for part in parts):
        raise SkyShieldError("--recursive", f"is {text!r}", f"give at most {MOST_PERIODS:,} periods")
    n, m = map(int, parts)
    return n, m


def recursive_content(n: int, m: int) -> dict[str, Any]:
    """Return what ``monitor game --recursive`` prints."""
    numerator, denominator = value_terms(n, m)
    value = numerator / denominator
    return {"value": value, "fraction": f"{numerator}/{denominator}", "inspect_first": (1 - value) / 2, "n": n, "m": m}
