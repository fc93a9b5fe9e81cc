r"""When war is back after a ceasefire, and what a guarantee may do to that.

Without a guarantee the time to renewal is Weibull, fixed by P(1 year) and P(5 years):

    1 - P(t) = exp(-(t / s)^a),   a = ln(ln(1 - P_5) / ln(1 - P_1)) / ln 5,   s = (-ln(1 - P_1))^(-1 / a).

Packages multiply its hazard by exp(r), r = b_A E + b_G g(N) + b_Z z + b_S n: E the aid a year in units of 10 billion
EUR, g(N) the effect of a ground force, z a zone, n ships. Then 1 - P(t) becomes its power exp(r). Every b is an
interval of the catalogue whose reference is 0, no effect. One uniform u gives every option its time,

    t = s (-ln(1 - u) / exp(r))^(1 / a),

so that an option with a smaller hazard is never at war earlier than another. Where r changes from day to day, war is
back on the first day on which the sum of exp(r) dH reaches -ln(1 - u).

A ceasefire turns into violation nu times a year and back omega times a year: it is violated a share nu / (nu + omega)
of the time in the long run. A year has 365 days.
"""

import functools
import math
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

import numpy as np

from skyshield.compile.renewal import AID_UNIT_EUR, weibull
from skyshield.core.arrays import Floats
from skyshield.core.errors import SkyShieldError

DAYS_A_YEAR = 365.0
_NODES = 200
_SMOOTH = 6  # t = T v^6 takes the root out of the integrand at 0
_FURTHEST = 50.0  # a logarithm of a hazard ratio beyond this changes nothing any more


class Weibull(NamedTuple):
    """Time to renewal: shape a, scale s in years."""

    shape: float
    scale_years: float


class Flip(NamedTuple):
    """Where the order of aid and force turns round.

    Attributes
    ----------
    ratio
        Of the logarithms of the hazard ratios per euro, aid over force: above it aid is better if the force lowers the
        hazard, below it if the force raises it. None if there is none.
    log_ratio_aid
        Of all the aid, at the flip.
    why
        What holds where there is no ratio.
    """

    ratio: float | None
    log_ratio_aid: float | None
    why: str


def weibull_through(p_1: float, p_later: float, later_years: float = 5.0) -> Weibull:
    """Return the distribution with these probabilities of renewal within one year and within some later time.

    Examples
    --------
    >>> [round(x, 4) for x in weibull_through(0.3, 0.5)]
    [0.4128, 12.1491]
    """
    if not 0.0 < p_1 < p_later < 1.0:
        raise SkyShieldError("renewal", f"{p_1:g} within a year and {p_later:g} within {later_years:g} years cannot be",
                             "give probabilities above 0 and below 1, the later one the larger")
    if not 1.0 < later_years < math.inf:
        raise SkyShieldError("renewal", f"{later_years:g} years are not later than one", "give years above 1")
    shape, scale_days = weibull(np.array([p_1]), np.array([p_later]), later_years)
    return Weibull(float(shape[0]), float(scale_days[0]) / DAYS_A_YEAR)


def cumulative_hazard(weibull: Weibull, years: float) -> float:
    """Return (t / s)^a."""
    if not (years >= 0.0 and math.isfinite(years)):
        raise SkyShieldError("renewal", f"cannot be told for {years:g} years", "give years from 0")
    return float((years / weibull.scale_years) ** weibull.shape)


def p_renewal(weibull: Weibull, years: float, log_ratio: float = 0.0) -> float:
    """Return the probability that war is back within so many years, at a logarithm of the hazard ratio.

    Examples
    --------
    >>> base = weibull_through(0.3, 0.5)
    >>> round(p_renewal(base, 30 / 365), 5), round(p_renewal(base, 5.0, math.log(0.7)), 5)
    (0.11939, 0.38443)
    """
    return -math.expm1(-math.exp(log_ratio) * cumulative_hazard(weibull, years))


def renewal_years(weibull: Weibull, u: float, log_ratio: float = 0.0) -> float:
    """Return the time to renewal at the uniform u, the same for all options.

    Examples
    --------
    >>> base = weibull_through(0.3, 0.5)
    >>> round(renewal_years(base, 0.3), 9), round(renewal_years(base, 0.3, -0.5), 2)
    (1.0, 3.36)
    """
    _uniform(u)
    return float(weibull.scale_years * (-math.log1p(-u) / math.exp(log_ratio)) ** (1.0 / weibull.shape))


def renewal_day(weibull: Weibull, u: float, log_ratio_by_day: Sequence[float]) -> int | None:
    """Return the day, from 0, on which war is back, with a hazard ratio that changes by day; None if not in them.

    Examples
    --------
    >>> base = weibull_through(0.3, 0.5)
    >>> renewal_day(base, 0.3, [0.0] * 400), renewal_day(base, 0.3, [-0.5] * 400)
    (364, None)
    """
    _uniform(u)
    days = np.arange(len(log_ratio_by_day) + 1) / DAYS_A_YEAR
    steps = np.diff((days / weibull.scale_years) ** weibull.shape)
    so_far = np.cumsum(np.exp(np.asarray(log_ratio_by_day, np.float64)) * steps)
    back = np.flatnonzero(so_far * (1.0 + 1e-12) >= -math.log1p(-u))
    return int(back[0]) if len(back) else None


def log_hazard_ratio(coefficients: Mapping[str, float], aid_eur_a_year: float = 0.0, force: float = 0.0,
                     zone: float = 0.0, naval: float = 0.0) -> float:
    """Return r, what packages together add to the logarithm of the hazard.

    Parameters
    ----------
    coefficients
        By name: aid (for each 10 billion EUR a year), force (at full effect), zone, naval.
    aid_eur_a_year, force, zone, naval
        What there is of each; the last three from 0 to 1.

    Examples
    --------
    >>> round(log_hazard_ratio({"aid": -0.5, "force": -1.0}, 5e9, 0.6), 9)
    -0.85
    """
    if not (aid_eur_a_year >= 0.0 and math.isfinite(aid_eur_a_year)):
        raise SkyShieldError("aid", f"of {aid_eur_a_year:g} EUR a year cannot be", "give an amount from 0")
    there = {"aid": aid_eur_a_year / AID_UNIT_EUR, "force": force, "zone": zone, "naval": naval}
    for name, value in there.items():
        if name != "aid" and not 0.0 <= value <= 1.0:
            raise SkyShieldError(name, f"is {value:g}, no share of its full effect", "give a number from 0 to 1")
    if unknown := [name for name in coefficients if name not in there]:
        raise SkyShieldError(f"hazard ratio of {unknown[0]!r}", "is none that is known", f"use {', '.join(there)}")
    return math.fsum(coefficient * there[name] for name, coefficient in coefficients.items())


def harm_at_constant_hazard(hazard: float, time: float, harm: float) -> float:
    """Return the expected harm until `time`, at a constant hazard and a harm for each unit of time at war.

    Examples
    --------
    >>> round(harm_at_constant_hazard(0.02, 60.0, 100.0), 2), round(harm_at_constant_hazard(0.01, 60.0, 100.0), 2)
    (2505.97, 1488.12)
    """
    if not (math.isfinite(hazard + time + harm) and hazard >= 0.0 and time >= 0.0):
        raise SkyShieldError("expected harm", "has a negative hazard or time", "give numbers from 0")
    if hazard * time < 1e-6:
        return harm * hazard * time * time / 2.0
    return harm * (time + math.expm1(-hazard * time) / hazard)


def harm_until(weibull: Weibull, years: float, harm_a_year: float, log_ratio: float = 0.0) -> float:
    """Return the expected harm of renewed war until a time: the harm of a year of war times the integral of P.

    Examples
    --------
    >>> constant = Weibull(1.0, 1 / 0.24)
    >>> round(harm_until(constant, 5.0, 1200.0), 2) == round(harm_at_constant_hazard(0.02, 60.0, 100.0), 2)
    True
    """
    if not (years >= 0.0 and math.isfinite(years)):
        raise SkyShieldError("expected harm", f"cannot be told for {years:g} years", "give years from 0")
    v, weights = _gauss()
    hazard = math.exp(log_ratio) * (years * v**_SMOOTH / weibull.scale_years) ** weibull.shape
    at_war = -np.expm1(-hazard) * _SMOOTH * v ** (_SMOOTH - 1)
    return float(harm_a_year * years * (weights @ at_war))


@functools.cache
def _gauss() -> tuple[Floats, Floats]:
    """Return nodes and weights on [0, 1]."""
    nodes, weights = np.polynomial.legendre.leggauss(_NODES)
    return (nodes + 1.0) / 2.0, weights / 2.0


def stationary_violation_share(violations_per_year: float, exits_per_year: float) -> float:
    """Return nu / (nu + omega).

    Examples
    --------
    >>> stationary_violation_share(0.5, 2.0)
    0.2
    """
    rates = violations_per_year, exits_per_year
    if not all(math.isfinite(rate) and rate >= 0.0 for rate in rates) or sum(rates) == 0.0:
        raise SkyShieldError("violations", f"{rates[0]:g} a year that end {rates[1]:g} times a year cannot be",
                             "give rates from 0, not both of them 0")
    return violations_per_year / (violations_per_year + exits_per_year)


def decisive_guarantor(renewal_harm: Callable[[float], float], log_ratio_force: float, force_eur: float,
                       aid_eur: float, force_else: float = 0.0, aid_else: float = 0.0) -> Flip:
    """Return at which effect of a euro of aid, over that of a euro of force, the order of the two options flips.

    Each option's harm is that of renewed war at its hazard ratio and whatever else it has: an option with less is
    better. The force's ratio is held, the aid's is moved until both are equal.

    Parameters
    ----------
    renewal_harm
        Expected harm at a logarithm of the hazard ratio; never falls as that rises.
    log_ratio_force
        Of the whole force.
    force_eur, aid_eur
        What each costs in the same time.
    force_else, aid_else
        Harm of each besides renewed war.

    Examples
    --------
    >>> base = weibull_through(0.3, 0.5)
    >>> flip = decisive_guarantor(lambda r: harm_until(base, 5.0, 100.0, r), -0.6, 2e9, 1e9)
    >>> round(flip.ratio, 6), round(flip.log_ratio_aid, 6)
    (2.0, -0.6)
    >>> decisive_guarantor(lambda r: harm_until(base, 5.0, 100.0, r), 0.0, 2e9, 1e9).why
    'the force moves nothing, so no effect of aid can be measured by it'
    """
    if not (math.isfinite(force_eur + aid_eur) and force_eur > 0.0 and aid_eur > 0.0):
        raise SkyShieldError("decisive guarantor", f"costs of {force_eur:g} and {aid_eur:g} EUR cannot be compared",
                             "give amounts above 0")
    target = renewal_harm(log_ratio_force) + force_else
    low, high = -_FURTHEST, _FURTHEST
    if renewal_harm(low) + aid_else >= target:
        return Flip(None, None, "the force is better whatever aid does to renewal")
    if renewal_harm(high) + aid_else <= target:
        return Flip(None, None, "aid is better whatever it does to renewal")
    if log_ratio_force == 0.0:
        return Flip(None, None, "the force moves nothing, so no effect of aid can be measured by it")
    for _ in range(_NODES):
        middle = (low + high) / 2.0
        if renewal_harm(middle) + aid_else < target:
            low = middle
        else:
            high = middle
    at = (low + high) / 2.0
    return Flip(at / aid_eur / (log_ratio_force / force_eur), at, "")


def _uniform(u: float) -> None:
    if not 0.0 <= u < 1.0:
        raise SkyShieldError("renewal", f"{u:g} is no uniform", "give a number from 0 and below 1")
