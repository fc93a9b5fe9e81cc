"""The units a catalogue entry may have, and the SI form each is turned into.

A unit is a product of known symbols, such as ``km/h``, ``USD/h`` or ``km/m**0.5``; a plain number
or a share is ``1``. Money has no SI unit: EUR and USD stand for themselves, and so do people,
aircraft and sorties. The factor itself comes from pint, through `skyshield.core.units`, and only
when somebody asks for it: reading the catalogue does not start pint.
"""

import functools
import re

from skyshield.core.errors import SkyShieldError

SI_OF_SYMBOL = {
    "m": "m", "km": "m", "s": "s", "min": "s", "h": "s", "day": "s", "week": "s", "month": "s", "year": "s",
    "kg": "kg", "t": "kg", "deg": "rad", "USD": "USD", "EUR": "EUR",
    "person": "person", "aircraft": "aircraft", "sortie": "sortie",
}
MONEY = frozenset({"USD", "EUR"})
PLAIN = "1"

_SYMBOL = re.compile(r"[A-Za-z]+")
_UNIT = re.compile(r"(1|[A-Za-z]+(\*\*\d+(\.\d+)?)?)([*/][A-Za-z]+(\*\*\d+(\.\d+)?)?)*")


def si_unit(unit: str, where: str = "unit") -> str:
    """Return the SI form of a unit, with money, people and aircraft as they are.

    Raises
    ------
    SkyShieldError
        If a symbol is not one of `SI_OF_SYMBOL`.

    Examples
    --------
    >>> si_unit("km/h"), si_unit("USD/h"), si_unit("1/day"), si_unit("1")
    ('m/s', 'USD/s', '1/s', '1')
    """
    if not _UNIT.fullmatch(unit):
        raise SkyShieldError(where, f"is the unknown unit {unit!r}", "write symbols joined by * or /, like km/h, or 1")
    unknown = sorted(symbols(unit) - set(SI_OF_SYMBOL))
    if unknown:
        raise SkyShieldError(where, f"is the unknown unit {unit!r} (no symbol {unknown[0]!r})",
                             f"use {', '.join(SI_OF_SYMBOL)} or 1")
    return _SYMBOL.sub(lambda match: SI_OF_SYMBOL[match[0]], unit)


def symbols(unit: str) -> set[str]:
    """Return the symbols a unit is made of.

    Examples
    --------
    >>> sorted(symbols("USD/km**2"))
    ['USD', 'km']
    """
    return set(_SYMBOL.findall(unit))


def has_money(unit: str) -> bool:
    """Return whether a unit counts euros or dollars, and so needs a price year.

    Examples
    --------
    >>> has_money("USD/h"), has_money("km/h")
    (True, False)
    """
    return bool(symbols(unit) & MONEY)


@functools.cache
def si_factor(unit: str) -> float:
    """Return what a number in `unit` is multiplied by to be in its SI form.

    Examples
    --------
    >>> si_factor("km"), si_factor("1")
    (1000.0, 1.0)
    """
    from skyshield.core.units import scale_to

    return 1.0 if unit == PLAIN else scale_to(unit, si_unit(unit))
