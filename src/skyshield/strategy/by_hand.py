"""Equations of the ladder and of the commitments at points that a file gives, to check them by hand."""

import math
from collections.abc import Mapping
from typing import Any

from skyshield.core.errors import SkyShieldError
from skyshield.strategy.assumptions import value_of
from skyshield.strategy.commitments import distribution, p_at_least
from skyshield.strategy.ladder import p_up, reach_bounds

UP, CHAIN = ("months", "rates", "q"), ("lower", "upper", "from", "to", "steps")
LADDER = {"p_up": "p_up = 1 - exp(-months sum_k rates_k q_k)",
          "bounds": "bounds = least and greatest probability to have reached 'to' from 'from' within 'steps', by value "
                    "iteration over lower <= P <= upper"}
ANSWERS = ("p_at_least[k] = P(at least k of n answer), k from 0 to n; each answers with Phi((Phi^-1(p_i) - sqrt(rho) "
           "Z) / sqrt(1 - rho)), Z standard normal and common to all")


def ladder_by_hand(values: Mapping[str, Any], where: str) -> dict[str, Any]:
    """Return ``p_up``, ``bounds`` or both, and the equations used.

    Parameters
    ----------
    values
        ``months, rates, q``; ``lower, upper, from, to, steps``, states counted from 0; or all.
    where
        Named in errors.

    Raises
    ------
    SkyShieldError
        If a value is missing, unknown or cannot be.

    Examples
    --------
    >>> round(ladder_by_hand({"months": 12, "rates": [0.15], "q": [0.05]}, "values.yaml")["p_up"], 6)
    0.086069
    """
    asked = [keys for keys in (UP, CHAIN) if any(name in values for name in keys)]
    _check_names(values, (*UP, *CHAIN), where)
    for name in (name for keys in asked for name in keys if name not in values):
        raise SkyShieldError(f"{where}: {name}", "is missing", "give it")
    content: dict[str, Any] = {}
    try:
        if UP in asked:
            rates, q = (_numbers(values[name], f"{where}: {name}") for name in ("rates", "q"))
            content["p_up"] = p_up(rates, q, value_of(values, "months", where))
        if CHAIN in asked:
            start, target, steps = (_whole(values, name, where) for name in ("from", "to", "steps"))
            lower, upper = ([_numbers(row, f"{where}: {name}") for row in _rows(values[name], f"{where}: {name}")]
                            for name in ("lower", "upper"))
            content["bounds"] = list(reach_bounds(lower, upper, start, target, steps))
    except SkyShieldError as error:
        raise _placed(error, where) from None
    return content | {"equation": "; ".join(LADDER[name] for name in content)}


def commitments_by_hand(values: Mapping[str, Any], where: str) -> dict[str, Any]:
    """Return ``p_at_least``, from none to all, and the equation.

    Parameters
    ----------
    values
        ``p``, one number for each state, and ``rho``, 0 if not given.
    where
        Named in errors.

    Raises
    ------
    SkyShieldError
        If a value is missing, unknown or cannot be.

    Examples
    --------
    >>> found = commitments_by_hand({"rho": 0, "p": [0.9, 0.8, 0.6, 0.5, 0.3]}, "values.yaml")
    >>> [round(p, 3) for p in found["p_at_least"]]
    [1.0, 0.997, 0.953, 0.738, 0.347, 0.065]
    """
    _check_names(values, ("rho", "p"), where)
    if "p" not in values:
        raise SkyShieldError(f"{where}: p", "is missing", "give a list")
    p, rho = _numbers(values["p"], f"{where}: p"), value_of(values, "rho", where, 0.0)
    try:
        p_at_least(p, 0, rho)
    except SkyShieldError as error:
        raise _placed(error, where) from None
    counts = distribution(p, rho)
    return {"p_at_least": [min(1.0, float(counts[k:].sum())) for k in range(len(p) + 1)], "equation": ANSWERS}


def _check_names(values: Mapping[str, Any], known: tuple[str, ...], where: str) -> None:
    if unknown := [str(name) for name in values if name not in known]:
        raise SkyShieldError(f"{where}: {unknown[0]}", "is no value of this equation",
                             f"choose from {', '.join(known)}")


def _placed(error: SkyShieldError, where: str) -> SkyShieldError:
    """Return an error of an equation with the file it came from."""
    if error.where.startswith(where):
        return error
    return SkyShieldError(f"{where}: {error.where}", error.what, error.remedy)


def _numbers(value: object, where: str) -> list[float]:
    if not isinstance(value, list):
        raise SkyShieldError(where, f"is {value!r}, not a list", "write [NUMBER, NUMBER]")
    for number in value:
        if isinstance(number, bool) or not isinstance(number, int | float) or not math.isfinite(number):
            raise SkyShieldError(where, f"holds {number!r}, not a number", "give finite numbers")
    return [float(number) for number in value]


def _rows(value: object, where: str) -> list[object]:
    if not isinstance(value, list):
        raise SkyShieldError(where, f"is {value!r}, not a table", "write a list of rows")
    return value


def _whole(values: Mapping[str, Any], name: str, where: str) -> int:
    value = value_of(values, name, where)
    if not value.is_integer():
        raise SkyShieldError(f"{where}: {name}", f"is {value:g}, not a whole number", "give a whole number")
    return int(value)
