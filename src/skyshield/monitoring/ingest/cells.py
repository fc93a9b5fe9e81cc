"""Cells of a table as numbers, places and codes, each refused with its reason."""

import functools
import math
import re
from collections.abc import Collection, Mapping

from skyshield.core.geodesy import THEATRE_BOUNDS_DEG
from skyshield.monitoring.ingest.faults import Code, RowError, shown
from skyshield.monitoring.observation.model import tables

# What a spreadsheet takes for a formula; a number may begin so, too, and a dash alone says that there is nothing.
_FORMULA = frozenset("=+-@\t\r")
_DASHES = frozenset(("-", "--", "+"))
_SHORT = 16
_NUMBER = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d{1,3})?", re.ASCII)


def check_formula(column: str, cell: str) -> None:
    """Refuse a cell that a spreadsheet would run.

    Raises
    ------
    RowError
        ``formula_cell``.

    Examples
    --------
    >>> check_formula("lon", "-38.5")
    >>> check_formula("text", "=1+1")
    Traceback (most recent call last):
    skyshield.monitoring.ingest.faults.RowError: formula_cell: text: begins like a formula of a spreadsheet: '=1+1'
    """
    if cell and (cell[0] in _FORMULA or cell.lstrip(" ")[:1] in _FORMULA):
        bare = cell.strip()
        if bare and bare not in _DASHES and _NUMBER.fullmatch(bare) is None:
            raise RowError(Code.FORMULA_CELL, column, f"begins like a formula of a spreadsheet: {shown(cell)}")


def number(column: str, text: str, least: float = -math.inf, most: float = math.inf) -> float:
    """Read a finite number within its limits.

    Raises
    ------
    RowError
        ``number_invalid``.

    Examples
    --------
    >>> number("lon", " 38.5 ")
    38.5
    """
    value = _known_value(text) if len(text) <= _SHORT else _value(text)
    if not (math.isfinite(value) and least <= value <= most):
        raise RowError(Code.NUMBER_INVALID, column, f"is {shown(text)}"
                       + ("" if math.isnan(value) else f", not from {least:g} to {most:g}"))
    return value


def _value(text: str) -> float:
    bare = text.strip()
    return float(bare) if _NUMBER.fullmatch(bare) else math.nan


# Counts, errors and bearings come again and again.
_known_value = functools.lru_cache(maxsize=1 << 14)(_value)


def optional_number(cells: Mapping[str, str], column: str, least: float = -math.inf,
                    most: float = math.inf) -> float | None:
    """Read a number, None where the cell is empty or absent."""
    text = cells.get(column)
    return number(column, text, least, most) if text else None


def optional_count(cells: Mapping[str, str], column: str) -> int | None:
    """Read a whole number from zero up, None where the cell is empty or absent.

    Examples
    --------
    >>> optional_count({"killed": "3.0"}, "killed"), optional_count({}, "killed")
    (3, None)
    """
    text = cells.get(column)
    if not text:
        return None
    value = number(column, text, 0, tables()["limits"]["count"])
    if value != int(value):
        raise RowError(Code.NUMBER_INVALID, column, f"is {shown(text)}, not a whole number")
    return int(value)


def position(lon_column: str, lon_text: str, lat_column: str, lat_text: str) -> tuple[float, float]:
    """Read longitude and latitude and hold them against the theatre's bounds.

    Raises
    ------
    RowError
        ``number_invalid``, ``coordinates_swapped`` or ``coordinates_outside``.

    Examples
    --------
    >>> position("lon", "38.4", "lat", "48.3")
    (38.4, 48.3)
    """
    lon, lat = number(lon_column, lon_text), number(lat_column, lat_text)
    if _inside(lon, lat):
        return lon, lat
    if _inside(lat, lon):
        raise RowError(Code.COORDINATES_SWAPPED, f"{lon_column}, {lat_column}",
                       f"are {lon:g}, {lat:g}: the latitude stands first")
    raise RowError(Code.COORDINATES_OUTSIDE, f"{lon_column}, {lat_column}",
                   f"are {lon:g}, {lat:g}, outside the theatre")


def _inside(lon: float, lat: float) -> bool:
    west, south, east, north = THEATRE_BOUNDS_DEG
    return west <= lon <= east and south <= lat <= north


def optional_code(cells: Mapping[str, str], column: str, known: Collection[str]) -> str | None:
    """Read one of the known words, None where the cell is empty or absent.

    Raises
    ------
    RowError
        ``code_unknown``.

    Examples
    --------
    >>> optional_code({"act": "V2"}, "act", ["V1", "V2"])
    'V2'
    """
    text = (cells.get(column) or "").strip()
    if not text:
        return None
    if text not in known:
        raise RowError(Code.CODE_UNKNOWN, column, f"is {shown(text)}, not one of {', '.join(known)}")
    return text
