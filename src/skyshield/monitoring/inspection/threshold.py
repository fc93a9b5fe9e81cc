r"""How likely detection must be so that keeping the agreement is best.

A party that violates gains d if nobody detects it and loses b if somebody does; one that keeps the agreement is accused
falsely with probability α and then loses f. With probability of detection β, keeping it is best if and only if

.. math:: (1 - β) d - β b ≤ -α f \iff β (b + d) ≥ d + α f.

The least such β is ``beta_min`` = (d + αf)/(b + d). Over 1, or with b + d = 0 < d + αf, no detection deters. On a curve
β(α) of what the inspectors can reach, the margin β(b + d) - d - αf is greatest where dβ/dα = f/(b + d).

Source: own derivation in the frame of R. Avenhaus and M. Canty, "Compliance Quantified" (1996).
"""

import itertools
import math
import os
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from skyshield.core.errors import SkyShieldError
from skyshield.core.files import read_csv
from skyshield.monitoring.inspection.numbers import Span, read_number

MOST_POINTS = 100_000


def beta_min(d: float, b: float, f: float, alpha: float) -> float:
    """Return the least probability of detection that deters, infinite where none does whatever its value.

    Parameters
    ----------
    d, b, f
        Gain undetected, loss detected, loss falsely accused; in any one unit of value, each 0 or more.
    alpha
        Probability of a false accusation.

    Returns
    -------
    float
        A probability, or over 1 if no detection is enough.

    Examples
    --------
    >>> beta_min(1.0, 3.0, 0.5, 0.1), beta_min(1.0, 0.0, 1.0, 0.5), beta_min(0.0, 0.0, 1.0, 0.5)
    (0.2625, 1.5, inf)
    """
    need = d + alpha * f
    if need == 0:
        return 0.0
    return math.inf if b + d == 0 else need / (b + d)


def beta_min_span(d: Span, b: Span, f: Span, alpha: float) -> tuple[float, float]:
    """Return the least and the greatest threshold over intervals; it is monotone in each number, so corners suffice.

    Examples
    --------
    >>> beta_min_span(Span(1.0, 2.0), Span(2.0, 3.0), Span(0.0, 0.0), 0.1)
    (0.25, 0.5)
    """
    corners = [beta_min(*corner, alpha)
               for corner in itertools.product((d.low, d.high), (b.low, b.high), (f.low, f.high))]
    return min(corners), max(corners)


@dataclass(frozen=True)
class RocPoint:
    """What inspectors can reach: a probability of detection at a probability of a false accusation."""

    alpha: float
    beta: float


def read_roc(path: str | os.PathLike[str]) -> tuple[RocPoint, ...]:
    """Read a curve of ``alpha,beta``.

    Raises
    ------
    SkyShieldError
        Exit code 2 if the file lacks a column or a row, or holds what is no probability.
    """
    table = read_csv(path, ("alpha", "beta"), limit_rows=MOST_POINTS)
    points = tuple(RocPoint(*(read_number(cells[name], f"{path}: line {line}: {name}", 1.0)
                              for name in ("alpha", "beta"))) for line, cells in table.rows)
    if not points:
        raise SkyShieldError(str(path), "holds no point", "give rows of alpha,beta")
    return points


def best_point(points: Sequence[RocPoint], d: float, b: float, f: float) -> RocPoint:
    """Return the point with the greatest margin β(b + d) - αf; of equal ones that with the least α.

    Examples
    --------
    >>> curve = [RocPoint(k / 100, (k / 100) ** 0.5) for k in range(101)]
    >>> best_point(curve, 1.0, 3.0, 4.0)  # the slope 1/(2 sqrt(α)) is f/(b + d) = 1 at α = 1/4
    RocPoint(alpha=0.25, beta=0.5)
    """
    return max(points, key=lambda point: (point.beta * (b + d) - point.alpha * f, -point.alpha))


def threshold_content(d: Span, b: Span, f: Span, alpha: float) -> dict[str, Any]:
    """Return what ``monitor game --d --b --f --alpha`` prints.

    Examples
    --------
    >>> one = [Span(value, value) for value in (1.0, 3.0, 0.5)]
    >>> threshold_content(*one, 0.1)["beta_min"]
    0.2625
    """
    low, high = beta_min_span(d, b, f, alpha)
    middle = beta_min(d.middle, b.middle, f.middle, alpha)
    content: dict[str, Any] = {"beta_min": _finite(middle), "deterrable": _deterrable(low, high)}
    if not (d.is_point and b.is_point and f.is_point):
        content |= {"beta_min_lo": _finite(low), "beta_min_hi": _finite(high)}
    return content | {"d": _ends(d), "b": _ends(b), "f": _ends(f), "alpha": alpha}


def roc_content(points: Sequence[RocPoint], d: float, b: float, f: float) -> dict[str, Any]:
    """Return what ``monitor game --roc`` adds: the best point of a curve, and whether it deters."""
    point = best_point(points, d, b, f)
    need = beta_min(d, b, f, point.alpha)
    return {"alpha": point.alpha, "beta": point.beta, "beta_min": _finite(need),
            "slope": f / (b + d) if b + d else None, "deters": point.beta >= need,
            "margin": point.beta * (b + d) - d - point.alpha * f}


def _deterrable(low: float, high: float) -> str:
    return "yes" if high <= 1 else "no" if low > 1 else "depends"


def _finite(value: float) -> float | None:
    return value if math.isfinite(value) else None


def _ends(span: Span) -> float | list[float]:
    return span.low if span.is_point else [span.low, span.high]
