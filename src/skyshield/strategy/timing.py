r"""The first paradox, timing: how much outside pressure a ceasefire takes, by what is promised and what is there.

A *regime* is what stands in Ukraine during a ceasefire: nothing, a ground force, an air shield, both. It has a status
cost s a year to Russia, which does not want it there, and a hazard lambda a year that war is back. Russia discounts at
rho a year. In a ceasefire it holds a concession worth x a year, bears s, and at the hazard lambda gets R, what renewed
war is worth to it. At war it gets phi a year, of which chi is lost for each unit of strikes that a deployment stops
(Delta h, from a study), and bears the outside pressure m:

    phi = phi_0 - chi Delta h,    v_F = (phi - m) / rho,    v_C = (x - s + lambda R) / (rho + lambda).

It prefers the ceasefire if v_C >= v_F. The least pressure for which it does so is the *required pressure*

    m* = phi - rho v_C.

A deployment that is promised for after a ceasefire leaves phi as it is and changes v_C alone; one that is there now
changes both. A promise believed with probability q is worth q v_C(with it) + (1 - q) v_C(without it).

- *Paradox* of a promise: m*(promise) - m*(nothing) = q rho [v_C(nothing) - v_C(it)]. Above 0 the promise raises the
  pressure that a ceasefire takes.
- *Timing gain* of a deployment S now over a promised force G: Gamma = m*(G promised) - m*(S now)
  = chi Delta h + rho [v_C(S) - v_C(G)]. The first bracket is what strikes lose, the second what the ceasefire is worth.
  It changes sign at chi* = rho [v_C(G) - v_C(S)] / Delta h, which is undefined where Delta h may be 0.
- Through the hazard, rho v_C changes with the sign of rho R - (x - s): a force that makes renewal rarer raises the
  required pressure *by deterring* only if Russia prefers the prospect of renewed war to a truce that lasts. Otherwise
  it raises it, if at all, through its status cost.

Ukraine pays d a year at war, less psi for each unit of strikes stopped, and L when war is back: it accepts
x <= x_U = d - psi Delta h - lambda L. Russia needs x >= x_R = s - lambda R + (1 + lambda / rho)(phi - m). The zone of
agreement is Z = x_U - x_R; there is a deal if Z >= 0. A shield lowers x_U by psi Delta h: it makes war more bearable
for Ukraine too, a timing paradox of its own. The pressure at which Z = 0 is phi - rho (x_U - s + lambda R) / (rho +
lambda): the required pressure at the largest concession that Ukraine accepts.

Assumptions: both sides are risk-neutral and know the other's values; hazards and flows are constant; strikes are worth
the same each; the promise has no other effect. All values are in one unit, for Russia and Ukraine alike. Sources: war
as a commitment problem, Fearon 1995 (t1), Powell 2006 (t2); specification S6.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from skyshield.core.errors import SkyShieldError
from skyshield.strategy.assumptions import read_values, value_of

EXAMPLE = Path(__file__).parent / "data" / "timing_example.yaml"
UNDEFINED = "undefined"
REGIMES = ("none", "force", "shield")
SCALARS = ("rho", "x", "phi0", "chi", "dh", "R", "d", "psi", "L")
DEFAULTS = {"q": 1.0, "m": 0.0}
_PARTS = ("s", "lambda")


@dataclass(frozen=True)
class Regime:
    """What stands in Ukraine during a ceasefire, as Russia sees it.

    Attributes
    ----------
    status
        s, what it costs Russia a year that it is there.
    hazard
        lambda, 1/year, of renewed war.
    """

    status: float
    hazard: float

    def with_(self, other: "Regime", none: "Regime") -> "Regime":
        """Return the regime of two deployments: status costs add up, hazard ratios multiply.

        Examples
        --------
        >>> Regime(0.25, 0.125).with_(Regime(0.25, 0.25), Regime(0.0, 0.5))
        Regime(status=0.5, hazard=0.0625)
        """
        ratio = other.hazard / none.hazard if none.hazard else 1.0
        return Regime(self.status + other.status - none.status, self.hazard * ratio)


@dataclass(frozen=True)
class Values:
    """One value of each quantity, see the module.

    Attributes
    ----------
    rho
        Discount rate, 1/year.
    x, phi0, chi, dh, R, d, psi, L, m
        Flows a year, values of a unit of strikes and of events, all in one unit of value.
    q
        Probability that a promise is believed.
    none, force, shield
        The regimes.
    """

    rho: float
    x: float
    phi0: float
    chi: float
    dh: float
    R: float
    d: float
    psi: float
    L: float
    none: Regime
    force: Regime
    shield: Regime
    q: float = 1.0
    m: float = 0.0


def fighting_value(flow: float, rho: float) -> float:
    """Return v_F, what war is worth to Russia at a flow a year (phi - m).

    Examples
    --------
    >>> fighting_value(2.0, 0.125)
    16.0
    """
    return flow / rho


def ceasefire_value(rho: float, x: float, war: float, regime: Regime) -> float:
    """Return v_C, what a ceasefire with a concession x a year is worth to Russia; `war` is R.

    Examples
    --------
    >>> round(ceasefire_value(0.1, 1.2, 20.0, Regime(0.0, 0.3)), 9)
    18.0
    """
    return (x - regime.status + regime.hazard * war) / (rho + regime.hazard)


def hazard_sign(rho: float, x: float, war: float, status: float) -> float:
    """Return rho R - (x - s), which has the sign of d v_C / d lambda.

    Examples
    --------
    >>> hazard_sign(0.1, 1.2, 20.0, 0.0) > 0.0 > hazard_sign(0.1, 1.2, 5.0, 0.0)
    True
    """
    return rho * war - (x - status)


def required_pressure(values: Values, regime: Regime, dh: float = 0.0, believed: float = 1.0) -> float:
    """Return m*, the least pressure a year at which Russia prefers a ceasefire under a regime to war.

    Parameters
    ----------
    values
        Of everything else.
    regime
        Of the ceasefire.
    dh
        Strikes stopped a year while war goes on: those of a deployment that is there now, 0 of a promise.
    believed
        Probability that the regime comes about; otherwise there is nothing.

    Examples
    --------
    >>> one = read_closed_form(example(), "example")
    >>> [round(required_pressure(one, regime), 6) for regime in (one.none, one.force)]
    [0.2, 0.55]
    >>> round(required_pressure(one, one.force, believed=0.5), 6), round(required_pressure(one, one.shield, 0.4), 6)
    (0.375, 0.057143)
    """
    with_it, without = (ceasefire_value(values.rho, values.x, values.R, one) for one in (regime, values.none))
    expected = believed * with_it + (1.0 - believed) * without
    return values.phi0 - values.chi * dh - values.rho * expected


def timing_gain(values: Values) -> float:
    """Return Gamma, the pressure that a shield now saves over a promised force.

    Examples
    --------
    >>> round(timing_gain(read_closed_form(example(), "example")), 6)
    0.492857
    """
    return required_pressure(values, values.force, believed=values.q) - required_pressure(
        values, values.shield, values.dh)


def chi_star(values: Values) -> float | None:
    """Return the chi at which the timing gain is 0; None, undefined, if no strikes are stopped.

    Examples
    --------
    >>> round(chi_star(read_closed_form(example(), "example")), 6)
    -0.732143
    >>> chi_star(read_closed_form({**example(), "dh": 0}, "example")) is None
    True
    """
    if values.dh == 0.0:
        return None
    second = timing_gain(values) - values.chi * values.dh
    return -second / values.dh


def most_conceded(values: Values, regime: Regime, dh: float) -> float:
    """Return x_U, the largest concession a year that Ukraine accepts for a ceasefire."""
    return values.d - values.psi * dh - regime.hazard * values.L


def least_wanted(values: Values, regime: Regime, dh: float) -> float:
    """Return x_R, the smallest concession a year for which Russia accepts a ceasefire."""
    phi = values.phi0 - values.chi * dh
    return regime.status - regime.hazard * values.R + (1.0 + regime.hazard / values.rho) * (phi - values.m)


def agreement(values: Values, regime: Regime, dh: float = 0.0) -> float:
    """Return Z = x_U - x_R; both accept some concession if it is not below 0.

    Examples
    --------
    >>> one = read_closed_form(example(), "example")
    >>> [round(agreement(one, regime, dh), 6) for regime, dh in ((one.none, 0.0), (one.force, 0.0), (one.shield, 0.4))]
    [-0.8, -0.9, -0.39]
    """
    return most_conceded(values, regime, dh) - least_wanted(values, regime, dh)


def pressure_at_zero(values: Values, regime: Regime, dh: float = 0.0) -> float:
    """Return the pressure at which Z = 0, whatever pressure there is now.

    Examples
    --------
    >>> one = read_closed_form(example(), "example")
    >>> [round(pressure_at_zero(one, regime, dh), 6) for regime, dh in ((one.none, 0.0), (one.shield, 0.4))]
    [0.2, 0.111429]
    """
    at_most = most_conceded(values, regime, dh)
    return values.phi0 - values.chi * dh - values.rho * ceasefire_value(values.rho, at_most, values.R, regime)


def closed_form(values: Values) -> dict[str, Any]:
    """Return every answer of the equations at one value of each quantity, as plain data.

    The agreement zones and the pressures at which they are 0 are those of regimes that both sides believe in.

    Examples
    --------
    >>> found = closed_form(read_closed_form(example(), "example"))
    >>> round(found["paradox"], 6), round(found["m_star_both"], 6)
    (0.35, 0.454545)
    """
    both = values.force.with_(values.shield, values.none)
    now = {"none": 0.0, "force": 0.0, "shield": values.dh}
    of = {"none": values.none, "force": values.force, "shield": values.shield}
    star = {name: required_pressure(values, regime, now[name], values.q if name == "force" else 1.0)
            for name, regime in of.items()}
    found = chi_star(values)
    # the shield is there now, the force promised
    m_both = values.q * required_pressure(values, both, values.dh) + (1.0 - values.q) * star["shield"]
    return {
        "m_star": star, "paradox": star["force"] - star["none"], "gamma": timing_gain(values),
        "chi_star": UNDEFINED if found is None else found,
        "agreement": {name: agreement(values, regime, now[name]) for name, regime in of.items()},
        "pressure_at_zero": {name: pressure_at_zero(values, regime, now[name]) for name, regime in of.items()},
        "m_star_both": m_both,
        "gamma_brackets": {"strikes": values.chi * values.dh,
                           "ceasefire": timing_gain(values) - values.chi * values.dh},
        "hazard_sign": {name: hazard_sign(values.rho, values.x, values.R, regime.status)
                        for name, regime in of.items()},
        "x_ukraine": {name: most_conceded(values, regime, now[name]) for name, regime in of.items()},
        "x_russia": {name: least_wanted(values, regime, now[name]) for name, regime in of.items()}}


def read_closed_form(content: Mapping[str, Any], where: str) -> Values:
    """Check one value of each quantity, as a file of values has them.

    Raises
    ------
    SkyShieldError
        If one is missing, unknown, not a number, or cannot be.

    Examples
    --------
    >>> read_closed_form({"rho": 0.1}, "values.yaml")
    Traceback (most recent call last):
    ...
    skyshield.core.errors.SkyShieldError: values.yaml: x: is missing; give a number
    """
    known = (*SCALARS, *DEFAULTS, *REGIMES)
    if unknown := [name for name in content if name not in known]:
        raise SkyShieldError(f"{where}: {unknown[0]}", "is not a value of this game", f"use {', '.join(known)}")
    given = {**DEFAULTS, **content}
    numbers = {name: value_of(given, name, where) for name in (*SCALARS, *DEFAULTS)}
    regimes = {}
    for name in REGIMES:
        parts = given.get(name)
        if not isinstance(parts, Mapping):
            raise SkyShieldError(f"{where}: {name}", "is missing" if name not in given else "is not a regime",
                                 f"give {name}: {{s: 0.1, lambda: 0.2}}")
        if extra := [part for part in parts if part not in _PARTS]:
            raise SkyShieldError(f"{where}: {name}: {extra[0]}", "is not a value of a regime", "use s and lambda")
        status, hazard = (value_of(parts, part, f"{where}: {name}") for part in _PARTS)
        _at_least(hazard, 0.0, f"{where}: {name}: lambda")
        regimes[name] = Regime(status, hazard)
    if numbers["rho"] <= 0.0:
        raise SkyShieldError(f"{where}: rho", f"is {numbers['rho']:g}", "give a number above 0")
    if not 0.0 <= numbers["q"] <= 1.0:
        raise SkyShieldError(f"{where}: q", f"is {numbers['q']:g}, not a probability", "give a number from 0 to 1")
    one, two, three = (regimes[name] for name in REGIMES)
    return Values(**numbers, none=one, force=two, shield=three)


def example() -> Mapping[str, Any]:
    """Return the worked example that ships as ``data/timing_example.yaml``, a file of values to begin with.

    Examples
    --------
    >>> example()["force"]
    {'s': 0.3, 'lambda': 0.1}
    """
    return read_values(EXAMPLE)


def _at_least(value: float, least: float, where: str) -> None:
    if value < least:
        raise SkyShieldError(where, f"is {value:g}", f"give a number from {least:g}")
