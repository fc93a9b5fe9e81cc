"""What is told of one measure: a row of figures by name, as results, JSON and pages hold it, and how it is read.

``mean`` (``delta`` of a difference), ``lo``, ``hi``, ``mcse``, ``spread_lo``, ``spread_hi`` and the ends of both
envelopes are numbers, or None where there is no such figure. ``reason`` says in words why there is no interval. ``se``
holds the errors of mean, lo and hi.
"""

import math
from collections.abc import Mapping
from typing import Any

import numpy as np

from skyshield.core.arrays import Booleans, Floats

Summary = dict[str, Any]

WITHIN_NOISE, ONE_VECTOR = "within noise", "one vector"
_Z = 1.96
_TINY = 1e-9


def is_noise(low: float, high: float, mcse: float | None) -> bool:
    """Say whether ends that coincide do so because noise explains all that the vectors differ by.

    Examples
    --------
    >>> is_noise(2.0, 2.0, 0.1), is_noise(2.0, 2.0, 0.0), is_noise(2.0, 2.1, 0.1)
    (True, False, False)
    """
    return mcse is not None and bool(are_noise(np.asarray(low), np.asarray(high), np.asarray(mcse)))


def are_noise(low: Floats, high: Floats, mcse: Floats) -> Booleans:
    """Say the same of many, [...] each; of those without ends or error that they are none.

    Examples
    --------
    >>> are_noise(np.array([2.0, np.nan]), np.array([2.0, np.nan]), np.array([0.1, 0.1])).tolist()
    [True, False]
    """
    size = np.maximum(1.0, np.maximum(np.abs(low), np.abs(high)))
    return np.asarray((np.abs(high - low) <= _TINY * size) & (mcse > _TINY * size))


def ends(row: Mapping[str, Any], middle: str = "delta") -> tuple[float, float] | None:
    """Return between what the expected outcome lies at 95% for a conclusion, None where that cannot be told.

    Where the vectors differ by no more than noise, that is the mean with 95% of its Monte Carlo error.

    Examples
    --------
    >>> ends({"delta": 2.0, "lo": 1.0, "hi": 3.0})
    (1.0, 3.0)
    >>> ends({"delta": 2.0, "lo": None, "hi": None, "mcse": 0.5, "reason": WITHIN_NOISE})
    (1.02, 2.98)
    """
    if row["lo"] is not None:
        return row["lo"], row["hi"]
    if row.get("reason") != WITHIN_NOISE:
        return None
    return row[middle] - _Z * row["mcse"], row[middle] + _Z * row["mcse"]


def scaled_row(row: Mapping[str, Any], scale: float) -> Summary:
    """Return a row's figures over a scale, words as they are.

    Examples
    --------
    >>> scaled_row({"delta": 4.0, "lo": None, "reason": WITHIN_NOISE, "se": {"mean": 2.0}}, 2.0)
    {'delta': 2.0, 'lo': None, 'reason': 'within noise', 'se': {'mean': 1.0}}
    """
    return {name: scaled_row(value, scale) if isinstance(value, dict)
            else value if value is None or isinstance(value, str) else value / scale for name, value in row.items()}


def is_zero(row: Mapping[str, Any]) -> bool:
    """Say whether all figures of a row are zero or not there.

    Examples
    --------
    >>> is_zero({"delta": 0.0, "lo": None, "se": {"mean": 0.0}}), is_zero({"delta": 0.1})
    (True, False)
    """
    return all(is_zero(value) if isinstance(value, dict) else isinstance(value, str) or value in (None, 0.0)
               for value in row.values())


def error_of(row: Mapping[str, Any], figure: str = "mean") -> float | None:
    """Return the error of the sample of vectors of a figure: ``mean``, ``lo`` or ``hi``; None where it is not told."""
    error: float | None = row.get("se", {}).get(figure)
    return error


def told_digits(value: float, error: float | None, most: int) -> int:
    """Return with how many significant digits a value is told: to the first one of its error, at least one.

    Examples
    --------
    >>> told_digits(14.34, 0.52, 3), told_digits(31.1, 1.9, 3), told_digits(213.0, 30.0, 3), told_digits(0.3, 2.0, 3)
    (3, 2, 2, 1)
    >>> told_digits(14.34, None, 3), told_digits(14.34, 0.0, 3)
    (3, 3)
    """
    if not error or not value:
        return most
    return max(1, min(most, 1 + math.floor(math.log10(abs(value))) - math.floor(math.log10(error))))


def none_if_nan(value: Any) -> float | None:
    """Return a figure as plain data."""
    return None if np.isnan(value) else float(value)
