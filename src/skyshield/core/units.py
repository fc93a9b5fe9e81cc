"""Units at the edges: text with a unit in, numbers in SI (or EUR, USD) out.

Inside the program a physical quantity is a float whose name carries its SI unit. Only this file
knows pint, and only readers of user input and the catalogue's loader call it.
"""

import functools
import math
import re
from typing import Any

from skyshield.core.errors import SkyShieldError

# Factors that are asked for in every run, as pint gives them, so that few runs have to wait a second for pint.
_SECONDS = {"s": 1.0, "min": 60.0, "h": 3600.0, "day": 86400.0, "week": 604800.0, "year": 31557600.0}
_PER_SECOND = {"h": 0.0002777777777777778, "day": 1.1574074074074073e-05, "week": 1.6534391534391533e-06,
               "month": 3.802570537683474e-07, "year": 3.168808781402895e-08}
_USUAL = {
    **{(unit, unit): 1.0 for unit in ("m", "kg", "USD", "EUR", "person", "aircraft", "sortie", "USD/EUR", "m/m**0.5",
                                  "EUR/person", "1/year")},
    **{(unit, "s"): factor for unit, factor in _SECONDS.items()},
    **{(f"{what}/{unit}", f"{what}/s"): factor for unit, factor in _PER_SECOND.items()
       for what in ("1", "EUR", "USD", "USD/person", "EUR/person", "EUR/aircraft")},
    ("km", "m"): 1000.0, ("km**2", "m**2"): 1000000.0, ("1/km**2", "1/m**2"): 1e-06, ("km/s", "m/s"): 1000.0,
    ("km/h", "m/s"): 0.2777777777777778,
    ("t", "kg"): 1000.0, ("t/h", "kg/s"): 0.2777777777777778, ("h/day", "s/s"): 0.041666666666666664,
    ("deg", "rad"): 0.017453292519943295}

_POWER = r"(\*\*\d(\.\d+)?)?"
_UNIT = re.compile(rf"(1|[A-Za-z_]+{_POWER})(\s*[*/]\s*[A-Za-z_]+{_POWER})*")


@functools.cache
def _registry() -> Any:
    import pint

    registry: Any = pint.UnitRegistry(cache_folder=None)
    registry.define("EUR = [currency_eur]")
    registry.define("USD = [currency_usd]")
    registry.define("person = [person]")
    registry.define("aircraft = [aircraft]")
    registry.define("sortie = [sortie]")
    return registry


def scale_to(unit: str, target: str, where: str = "unit") -> float:
    """Return the factor that turns a number in `unit` into one in `target`.

    Examples
    --------
    >>> round(scale_to("km/h", "m/s"), 6)
    0.277778
    """
    refusal = SkyShieldError(where, f"the unit {unit!r} cannot be read as {target!r}",
                             f"give a value in {target} or a multiple of it")
    if not (_UNIT.fullmatch(unit) and _UNIT.fullmatch(target)):
        raise refusal  # pint would reckon 9**9**9 out
    if (unit, target) in _USUAL:
        return _USUAL[unit, target]
    try:
        return float(_registry().Quantity(1.0, unit).to(target).magnitude)
    except Exception as error:  # pint raises many kinds, all meaning the same here
        raise refusal from error


def parse_quantity(text: object, target: str, where: str) -> float:
    """Read a quantity written with its unit, such as ``200 km`` or ``3e6 EUR``, in `target` units.

    Raises
    ------
    SkyShieldError
        If the value has no unit, has the wrong one or is not a finite number.

    Examples
    --------
    >>> parse_quantity("200 km", "m", "standoff")
    200000.0
    """
    example = "km" if target == "m" else target
    if isinstance(text, bool) or not isinstance(text, str | int | float):
        raise SkyShieldError(where, f"is {text!r}, not a quantity", f"write a number and a unit, like '1 {example}'")
    if isinstance(text, int | float):
        raise SkyShieldError(where, f"is {text} without a unit", f"write the unit too, like '{text} {example}'")
    if len(text) > 80:
        raise SkyShieldError(where, "is too long for a quantity", f"write a number and a unit, like '1 {example}'")
    number, _, unit = text.strip().partition(" ")
    try:
        value = float(number)
    except ValueError:
        raise SkyShieldError(where, f"is {text!r}, not a number and a unit",
                             f"write a number, a space and a unit, like '1 {example}'") from None
    if not unit.strip():
        raise SkyShieldError(where, f"is {text} without a unit", f"write the unit too, like '{text} {example}'")
    if not math.isfinite(value):
        raise SkyShieldError(where, f"is {text!r}, not a finite number", "give a finite number")
    million = {"million": 1e6, "billion": 1e9}
    word, _, rest = unit.strip().partition(" ")
    if word in million and rest:
        value, unit = value * million[word], rest
    result = value * scale_to(unit.strip(), target, where)
    if not math.isfinite(result):
        raise SkyShieldError(where, f"is {text!r}, too large a number", "give a finite number")
    return result
