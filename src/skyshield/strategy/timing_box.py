r"""The exact least and most of the timing equations over a box of assumptions.

Every assumption is an interval without a centre, so an answer is the range of a formula over a box. The formulas of
`skyshield.strategy.timing` are sums of terms w rho v_C,

    h_i = rho (X - s_i + r_i lambda R) / (rho + r_i lambda),

X the concession less the status cost of whatever all terms share, r_i a hazard ratio, and of parts that are linear and
in no other term. What makes the range exact:

- in X, R, s_i and a weight w_i each sum is linear, and in r_i, which is in one term alone, it is monotone. Its extremes
  lie at ends of these, whatever the rest is.
- With t = lambda / rho held, h_i = (X - s_i) / (1 + r_i t) + rho r_i t R / (1 + r_i t) is linear in rho. Along a ray
  through the origin of (rho, lambda) a sum is therefore largest and smallest where the ray leaves the rectangle, so
  the extremes lie on the rectangle's four sides.
- On a side one of both moves. The derivative is a sum of c_i / (a_i + b_i z)^2, whose zeros are those of a polynomial
  of degree 2 (two terms) or 4 (three); its roots within the side are tried beside the corners.

Trying a point that is no extreme does no harm, missing one would: roots are tried by their real parts. Agreement zones
are multilinear but for 1 / rho, the pressure at which they vanish is linear or monotone in each of its quantities: both
have their extremes in corners. A test holds all of it against random points of the box.
"""

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from skyshield.core.arrays import Floats


class Span(NamedTuple):
    """An interval, both ends included."""

    low: float
    high: float

    def __neg__(self) -> "Span":
        """Return the interval of the negative."""
        return Span(-self.high, -self.low)

    def plus(self, other: "Span") -> "Span":
        """Return the interval of a sum of two quantities that vary apart."""
        return Span(self.low + other.low, self.high + other.high)

    def times(self, other: "Span") -> "Span":
        """Return the interval of a product of two quantities that vary apart.

        Examples
        --------
        >>> Span(-1.0, 2.0).times(Span(3.0, 4.0))
        Span(low=-4.0, high=8.0)
        """
        products = [one * two for one in self for two in other]
        return Span(min(products), max(products))

    @property
    def sign(self) -> str:
        """``positive``, ``negative``, ``both`` or ``zero``, over the whole interval.

        Examples
        --------
        >>> Span(0.1, 2.0).sign, Span(-1.0, 0.0).sign, Span(0.0, 0.0).sign
        ('positive', 'both', 'zero')
        """
        if self.low > 0.0:
            return "positive"
        if self.high < 0.0:
            return "negative"
        return "zero" if self.low == self.high == 0.0 else "both"


ZERO = Span(0.0, 0.0)


@dataclass(frozen=True)
class Deployed:
    """What stands in Ukraine, as intervals: its status cost a year, and the logarithm of its hazard ratio."""

    status: Span = ZERO
    log_ratio: Span = ZERO

    def and_(self, other: "Deployed") -> "Deployed":
        """Return both together."""
        return Deployed(self.status.plus(other.status), self.log_ratio.plus(other.log_ratio))


NOTHING = Deployed()


@dataclass(frozen=True)
class Box:
    """The intervals of everything but what is deployed; flows a year, hazards 1/year."""

    rho: Span
    x: Span
    phi0: Span
    chi: Span
    R: Span
    q: Span
    d: Span
    psi: Span
    L: Span
    m: Span
    lambda_none: Span

    @classmethod
    def of(cls, ends: Mapping[str, tuple[float, float]]) -> "Box":
        """Return the box with these ends by symbol; other symbols are left alone."""
        return cls(**{name: Span(*ends[name]) for name in cls.__dataclass_fields__})

    def hazard(self, deployed: Deployed) -> Span:
        """Return the interval of the hazard of renewed war, 1/year."""
        return self.lambda_none.times(Span(*np.exp(deployed.log_ratio).tolist()))


class Term(NamedTuple):
    """Something deployed, and its weight: constant + slope q."""

    deployed: Deployed
    constant: float
    slope: float = 0.0


def ceasefire_range(box: Box, terms: Sequence[Term], shared: Deployed = NOTHING) -> Span:
    """Return the range of a weighted sum of rho v_C over a box.

    Parameters
    ----------
    box
        Of the assumptions.
    terms
        Up to three; what they hold varies apart from term to term.
    shared
        What stands in every term besides.

    Examples
    --------
    >>> point = {name: (v, v) for name, v in dict(rho=0.1, x=1.2, phi0=2.0, chi=0.5, R=20.0, q=1.0, d=1.5, psi=0.6,
    ...                                          L=1.0, m=0.0, lambda_none=0.3).items()}
    >>> one = Box.of(point)
    >>> force = Deployed(Span(0.3, 0.3), Span(*[float(np.log(0.1 / 0.3))] * 2))
    >>> round(ceasefire_range(one, [Term(NOTHING, 1.0), Term(force, -1.0)]).low, 9)
    0.35
    """
    lowest, highest = np.inf, -np.inf
    for q in dict.fromkeys(box.q):
        there = [(term.deployed, term.constant + term.slope * q) for term in terms]
        held = [(deployed, weight) for deployed, weight in there if weight != 0.0]
        found = _range_at(box, held, shared) if held else ZERO
        lowest, highest = min(lowest, found.low), max(highest, found.high)
    return Span(lowest, highest)


def _range_at(box: Box, held: Sequence[tuple[Deployed, float]], shared: Deployed) -> Span:
    """Return the range of a sum with weights that are numbers."""
    weights = np.array([weight for _, weight in held])[:, None]
    lam = box.hazard(shared)
    ends = [box.x.plus(-shared.status), box.R, *(one.status for one, _ in held), *(one.log_ratio for one, _ in held)]
    corners = np.array(list(itertools.product(*(dict.fromkeys(span) for span in ends)))).T
    n = len(held)
    a, war, ratio = corners[0] - corners[2:2 + n], corners[1], np.exp(corners[2 + n:])
    values = []
    for rho in dict.fromkeys(box.rho):
        zeros = _zeros(weights * ratio * (rho * war - a), np.full_like(a, rho), ratio, lam)
        tried: list[Floats | float] = [*lam, *zeros]
        values += [_sum(weights, a, war, ratio, rho, z) for z in tried]
    for hazard in dict.fromkeys(lam):
        zeros = _zeros(weights * ratio * (a + ratio * hazard * war), ratio * hazard, np.ones_like(a), box.rho)
        values += [_sum(weights, a, war, ratio, z, hazard) for z in zeros]
    return Span(float(min(one.min() for one in values)), float(max(one.max() for one in values)))


def _sum(weights: Floats, a: Floats, war: Floats, ratio: Floats, rho: Floats | float, lam: Floats | float) -> Floats:
    """Return f8[corner]: the weighted sum of rho v_C; a, ratio are f8[term, corner]."""
    total: Floats = (weights * rho * (a + ratio * lam * war) / (rho + ratio * lam)).sum(axis=0)
    return total


def _zeros(c: Floats, at: Floats, slope: Floats, side: Span) -> list[Floats]:
    """Return where a sum of c / (at + slope z)^2 may be 0 on a side, a list of f8[corner]; all f8[term, corner]."""
    if len(c) < 2 or side.low == side.high:
        return []
    if len(c) == 2:
        return [np.clip(root, side.low, side.high) for root in _zeros_of_two(c, at, slope)]
    squares = np.stack([at * at, 2.0 * at * slope, slope * slope], axis=-1)  # f8[term, corner, power]
    polynomial = 0.0
    for k in range(len(c)):
        product = c[k][:, None]
        for j in range(len(c)):
            product = product if j == k else _times(product, squares[j])
        polynomial = polynomial + product
    return [np.clip(root, side.low, side.high) for root in _roots(np.asarray(polynomial), side.high).T]


def _zeros_of_two(c: Floats, at: Floats, slope: Floats) -> list[Floats]:
    """Return the zeros of two terms: sqrt|c_1| (at_2 + slope_2 z) = +-sqrt|c_2| (at_1 + slope_1 z), 0 where none."""
    one, two = np.sqrt(np.abs(c))
    result = []
    for sign in (1.0, -1.0):
        across = one * slope[1] - sign * two * slope[0]
        result.append(np.divide(sign * two * at[0] - one * at[1], across, out=np.zeros_like(across),
                                where=across != 0.0))
    return result


def _times(one: Floats, two: Floats) -> Floats:
    """Return the product of polynomials, f8[corner, power] each."""
    result = np.zeros((len(one), one.shape[1] + two.shape[1] - 1))
    for k in range(one.shape[1]):
        result[:, k:k + two.shape[1]] += one[:, k, None] * two
    return result


def _roots(polynomial: Floats, scale: float) -> Floats:
    """Return f8[corner, root]: the real parts of the roots of polynomials f8[corner, power], the constant first.

    A leading coefficient that vanishes is given a size that moves the other roots by rounding alone.
    """
    degree = polynomial.shape[1] - 1
    scaled = polynomial * scale ** np.arange(degree + 1)
    size = np.abs(scaled).max(axis=1)
    scaled = scaled[size > 0.0] / size[size > 0.0, None]
    least = np.finfo(float).eps
    leading = np.where(np.abs(scaled[:, -1]) < least, least, scaled[:, -1])
    companion = np.zeros((len(scaled), degree, degree))
    companion[:, np.arange(1, degree), np.arange(degree - 1)] = 1.0
    companion[:, :, -1] = -scaled[:, :-1] / leading[:, None]
    result = np.zeros((len(polynomial), degree))
    result[size > 0.0] = np.linalg.eigvals(companion).real * scale
    return result


def agreement_range(box: Box, deployed: Deployed, dh: Span) -> Span:
    """Return the range of Z over a box.

    Parameters
    ----------
    box
        Of the assumptions.
    deployed
        The regime of the ceasefire.
    dh
        Strikes stopped while war goes on.
    """
    psi, held, lam, net, rho, flow, chi = _corners(
        box.psi, dh, box.hazard(deployed), box.R.plus(-box.L), box.rho, box.phi0.plus(-box.m), box.chi)
    values = lam * net - psi * held - (1.0 + lam / rho) * (flow - chi * held)
    return _span(values).plus(box.d).plus(-deployed.status)


def zero_pressure_range(box: Box, deployed: Deployed, dh: Span) -> Span:
    """Return the range over a box of the pressure at which Z = 0."""
    psi, held, lam, net, rho, chi, most = _corners(
        box.psi, dh, box.hazard(deployed), box.R.plus(-box.L), box.rho, box.chi, box.d.plus(-deployed.status))
    values = -chi * held - rho * (most - psi * held + lam * net) / (rho + lam)
    return _span(values).plus(box.phi0)


def conceded_range(box: Box, deployed: Deployed, dh: Span) -> Span:
    """Return the range of x_U, the most that Ukraine concedes, over a box."""
    return box.d.plus(-box.psi.times(dh)).plus(-box.hazard(deployed).times(box.L))


def wanted_range(box: Box, deployed: Deployed, dh: Span) -> Span:
    """Return the range of x_R, the least that Russia needs, over a box."""
    held, lam, war, rho, flow, chi = _corners(
        dh, box.hazard(deployed), box.R, box.rho, box.phi0.plus(-box.m), box.chi)
    return _span((1.0 + lam / rho) * (flow - chi * held) - lam * war).plus(deployed.status)


def _corners(*spans: Span) -> Floats:
    """Return f8[quantity, corner]."""
    return np.array(list(itertools.product(*(dict.fromkeys(span) for span in spans)))).T


def _span(values: Floats) -> Span:
    return Span(float(values.min()), float(values.max()))
