r"""Whom a guarantee exposes, and what a strike costs: by chance and on purpose, by role, place and law.

**Chance.** Of the A armed threats that reach an oblast, those come down on a place that hit its footprint a, at a
density of 1 / a_o a square metre: Poisson with mean A a / a_o. **Deliberate.** Strikes at the place are Poisson with
lambda a day in war, times a share by phase; a shield that stops UAVs alone leaves those by ballistic missile. A strike
on purpose comes besides the raids; where it is taken from them, it is taken off A, so that no threat counts twice.

**Casualties** of a strike at a place with n people are negative binomial, mean m = f n and shape k, and at most n: what
is beyond n is n, as in the engine. With L strikes expected,

    P(none) = exp(-L (1 - p0)),   p0 = (k / (k + m))^k,

and the distribution of their sum follows by Panjer's recursion for a compound Poisson distribution,

    g_0 = exp(-L (1 - p0)),   g_x = (L / x) sum_{j = 1..x} j p_j g_{x - j}.

**Law.** `data/law.yaml` says of each sort of place whether Article 6 of the North Atlantic Treaty names it.
"""

import functools
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import numpy as np

from skyshield.core.arrays import Floats
from skyshield.core.errors import SkyShieldError
from skyshield.core.files import read_yaml
from skyshield.core.geodesy import to_plane
from skyshield.forces import Deployment, ForcePackage, GroundPackage, Place
from skyshield.rules import load_legal
from skyshield.theatre import Theatre, own_plane, plane_oblast

TABLE = Path(__file__).parent / "data" / "law.yaml"
SHAPE = 0.3  # of the oracles; the catalogue's casualty_dispersion has its range
_AT_WAR = ("war", "collapse")
_MOST = 1_000_000
_CLOSE_M = 1.0


class Law(NamedTuple):
    """A sort of place under the two articles: inside, outside or open, with the reason and its sources."""

    name: str
    what: str
    article_6: str
    article_42_7: str
    reason: str
    source: tuple[str, ...]


class Placed(NamedTuple):
    """A place with people of a package: a generic label, its oblast (None outside Ukraine), sort of place in law."""

    label: str
    oblast: str | None
    law: str
    place: Place


@dataclass(frozen=True)
class Casualties:
    """Casualties over a period at one place: strikes expected, mean of one strike, people there, shape.

    Examples
    --------
    >>> Casualties(strikes=0.1, mean=3.0).p_any().__round__(6), Casualties(0.36, 40.0).p_at_least(10).__round__(6)
    (0.050001, 0.166424)
    """

    strikes: float
    mean: float
    people: float = math.inf
    shape: float = SHAPE

    def __post_init__(self) -> None:
        """Refuse numbers that cannot be."""
        if not (math.isfinite(self.strikes + self.mean) and self.strikes >= 0.0 and self.mean >= 0.0):
            raise SkyShieldError("casualties", f"{self.strikes:g} strikes of {self.mean:g} casualties cannot be",
                                 "give numbers from 0")
        if not (self.people >= 0.0 and 0.0 < self.shape < math.inf):
            raise SkyShieldError("casualties", f"{self.people:g} people with a shape of {self.shape:g} cannot be",
                                 "give people from 0 and a shape above 0")

    def p_any(self) -> float:
        """Return the probability of at least one casualty."""
        return -math.expm1(-self.strikes * (1.0 - float(self.of_a_strike(0)[0])))

    def p_at_least(self, number: int) -> float:
        """Return the probability of so many casualties or more over the period."""
        if not 1 <= number <= _MOST:
            raise SkyShieldError("casualties", f"{number} or more cannot be asked for", f"ask for 1 to {_MOST:,}")
        return max(0.0, 1.0 - math.fsum(self.distribution(number - 1)))

    def distribution(self, most: int) -> Floats:
        """Return f8[most + 1]: the probability of each number of casualties over the period."""
        return compound(self.strikes, self.of_a_strike(most))

    def expected(self) -> float:
        """Return the expected number of casualties over the period."""
        if math.isinf(self.people) or self.mean == 0.0:
            return self.strikes * self.mean
        there = self._negative_binomial(int(self.people))
        beyond = max(0.0, 1.0 - math.fsum(there))
        return self.strikes * (math.fsum(there * np.arange(len(there))) + beyond * int(self.people))

    def of_a_strike(self, most: int) -> Floats:
        """Return f8[most + 1]: the probability of each number of casualties of a strike; all beyond `people` at it."""
        result = self._negative_binomial(most)
        if self.people <= most:
            n = int(self.people)
            result[n] += max(0.0, 1.0 - math.fsum(result[:n + 1]))
            result[n + 1:] = 0.0
        return result

    def _negative_binomial(self, most: int) -> Floats:
        if self.mean == 0.0:
            return np.concatenate([np.ones(1), np.zeros(most)])
        k, j = self.shape, np.arange(1, most + 1)
        steps = (j - 1.0 + k) / j * (self.mean / (self.mean + k))
        first = math.exp(-k * math.log1p(self.mean / k))
        return first * np.concatenate([np.ones(1), np.cumprod(steps)])


def compound(strikes: float, of_a_strike: Floats) -> Floats:
    """Return f8[c]: the probability of c casualties in all, from those of one strike, by Panjer's recursion.

    Parameters
    ----------
    strikes
        Expected over the period, Poisson.
    of_a_strike
        f8[c]: the probability that a strike costs c; the sum is told up to the same number.

    Examples
    --------
    >>> compound(0.5, np.array([0.0, 1.0])).round(6).tolist()
    [0.606531, 0.303265]
    """
    weighted = of_a_strike * np.arange(len(of_a_strike))
    result = np.zeros(len(of_a_strike))
    result[0] = math.exp(-strikes * (1.0 - of_a_strike[0]))
    for x in range(1, len(result)):
        result[x] = strikes / x * float(weighted[1:x + 1] @ result[x - 1::-1])
    return result


class Site(NamedTuple):
    """A place at risk over a period: label, role, law, people, casualty share f and strikes of both sorts expected."""

    label: str
    role: str
    law: str
    people: float
    casualty_share: float
    by_chance: float
    deliberate: float

    def casualties(self, shape: float = SHAPE) -> Casualties:
        """Return what strikes on it cost."""
        return Casualties(self.by_chance + self.deliberate, self.casualty_share * self.people, self.people, shape)


class Risk(NamedTuple):
    """What sites of one role and law run together: expected strikes and casualties, P(any), P(at least `number`)."""

    role: str
    law: str
    article_6: str
    sites: int
    people: float
    by_chance: float
    deliberate: float
    expected: float
    p_any: float
    number: int
    p_at_least: float


def chance_strikes(armed: float, footprint_m2: float, density_per_m2: float, of_them_deliberate: float = 0.0) -> float:
    """Return how many of the armed threats that reach an oblast hit a place in it by chance, on average.

    Parameters
    ----------
    armed
        That reach the oblast, over the period.
    footprint_m2, density_per_m2
        Of the place; hits a square metre of one threat, one over the area they fall on.
    of_them_deliberate
        Threats among them that are aimed at places with people, which are counted there.

    Examples
    --------
    >>> round(chance_strikes(300.0, 1e6, 1e-9), 3), round(chance_strikes(300.0, 1e6, 1e-9, 100.0), 3)
    (0.3, 0.2)
    """
    _from_zero("chance strikes", armed, footprint_m2, density_per_m2, of_them_deliberate)
    if of_them_deliberate > armed:
        raise SkyShieldError("chance strikes", f"{of_them_deliberate:g} of {armed:g} threats cannot be deliberate",
                             "give at most as many as there are")
    return (armed - of_them_deliberate) * min(1.0, footprint_m2 * density_per_m2)


def phase_shares(ceasefire: float, violation: float) -> dict[str, float]:
    """Return by phase the deliberate strikes over those of war.

    Examples
    --------
    >>> phase_shares(0.02, 0.1)["collapse"], phase_shares(0.02, 0.1)["in_a_few_years"]
    (1.0, 0.02)
    """
    if not (0.0 <= ceasefire <= 1.0 and 0.0 <= violation <= 1.0):
        raise SkyShieldError("shares of deliberate strikes", f"{ceasefire:g} and {violation:g} are not both shares",
                             "give numbers from 0 to 1")
    return {**dict.fromkeys(_AT_WAR, 1.0), "ceasefire": ceasefire, "violation": violation, "in_a_few_years": ceasefire}


def deliberate_strikes(per_day: float, days: Mapping[str, float], shares: Mapping[str, float],
                       left: float = 1.0) -> float:
    """Return the strikes on purpose at one place over a period.

    Parameters
    ----------
    per_day
        In war.
    days
        By phase.
    shares
        Strikes over those of war, by phase: `phase_shares`.
    left
        Share of them that the option's own defence does not stop: `left_by_class`.

    Examples
    --------
    >>> round(deliberate_strikes(0.002, {"war": 180.0, "ceasefire": 185.0}, phase_shares(0.1, 0.5)), 3)
    0.397
    """
    _from_zero("deliberate strikes", per_day, *days.values())
    if not 0.0 <= left <= 1.0:
        raise SkyShieldError("deliberate strikes", f"{left:g} of them cannot be left", "give a share from 0 to 1")
    for phase in days:
        if phase not in shares:
            raise SkyShieldError(f"phase {phase!r}", "is no phase", f"use {', '.join(shares)}")
    return left * per_day * math.fsum(number * shares[phase] for phase, number in days.items())


def left_by_class(shares: Mapping[str, float], stopped: Mapping[str, float]) -> float:
    """Return which share of strikes is left, from the share of each class in them and what is stopped of each.

    Examples
    --------
    >>> round(left_by_class({"uav": 0.5, "ballistic": 0.5}, {"uav": 0.8}), 3)
    0.6
    """
    if not math.isclose(math.fsum(shares.values()), 1.0, abs_tol=1e-9):
        raise SkyShieldError("shares of classes", f"add up to {math.fsum(shares.values()):g}", "let them add up to 1")
    if not all(0.0 <= part <= 1.0 for part in (*shares.values(), *stopped.values())):
        raise SkyShieldError("shares of classes", "hold a number that is no share", "give numbers from 0 to 1")
    return math.fsum(share * (1.0 - stopped.get(name, 0.0)) for name, share in shares.items())


@functools.cache
def laws() -> Mapping[str, Law]:
    """Return the sorts of place by name.

    Examples
    --------
    >>> [law.article_6 for law in laws().values()]
    ['outside', 'inside', 'outside', 'open']
    """
    content = read_yaml(TABLE)
    for name, fields in content["places"].items():
        if unknown := [key for key in fields["source"] if key not in content["sources"]]:
            raise SkyShieldError(f"{TABLE.name}: {name}", f"names the unknown source {unknown[0]!r}", "add it")
    return {name: Law(name, **{**fields, "source": tuple(fields["source"])})
            for name, fields in content["places"].items()}


def law_of(place: Place, theatre: Theatre) -> str:
    """Return which sort of place in law it is: at sea, in Ukraine, or at a base by the state that it lies in."""
    import shapely

    if place.role == "sailors":
        return "at_sea"
    if shapely.contains_xy(own_plane(theatre), place.x_m, place.y_m):
        return "in_ukraine"
    nato = {state.state for state in load_legal().states if state.nato}
    for base in theatre.bases:
        x, y = to_plane(base.lon, base.lat)
        if math.hypot(float(x) - place.x_m, float(y) - place.y_m) < _CLOSE_M:
            return "base_in_member_state" if base.country in nato else "base_elsewhere"
    return "base_elsewhere"


def placed(package: ForcePackage, deployment: Deployment) -> list[Placed]:
    """Return the places of a package with people, under labels that name no more than an oblast.

    Examples
    --------
    >>> from skyshield.catalogue import load_catalogue
    >>> from skyshield.compile.parameters import CentralValues
    >>> from skyshield.theatre import load_theatre
    >>> deployment = Deployment([], load_theatre(), CentralValues(load_catalogue()))
    >>> force = GroundPackage(kind="ground", soldiers=10_000, hubs=({"oblast": "Lviv"},))
    >>> [(one.label, one.oblast, one.law) for one in placed(force, deployment)]
    [('Hub 1, Lviv oblast', 'Lviv', 'in_ukraine')]
    """
    import shapely

    hubs = package.hub_labels() if isinstance(package, GroundPackage) else ()
    result = []
    for k, place in enumerate(package.people(deployment)):
        law = law_of(place, deployment.theatre)
        oblast = None if law != "in_ukraine" else next(
            (one.name for one in deployment.theatre.oblasts
             if shapely.contains_xy(plane_oblast(deployment.theatre, one.name), place.x_m, place.y_m)), None)
        where = f"{oblast} oblast" if oblast else laws()[law].what.lower()
        label = hubs[k] if hubs else f"{place.role.capitalize()} {k + 1}, {where}"
        result.append(Placed(label, oblast, law, place))
    return result


def sites(package: ForcePackage, deployment: Deployment, armed: Mapping[str, float], days: Mapping[str, float],
          shares: Mapping[str, float], vector: int = 0) -> list[Site]:
    """Return the places of a package that say themselves what a strike on them means, at risk over a period.

    Parameters
    ----------
    package, deployment
        Whose places, by which numbers.
    armed
        Armed threats that reach each oblast over the period; 0 where none is named.
    days, shares
        As `deliberate_strikes` takes them.
    vector
        Which row of the numbers.
    """
    density = float(deployment.parameters["oblast_hit_density"][vector])
    result = []
    for label, oblast, law, place in placed(package, deployment):
        if place.footprint_m2 is None or place.casualty_share is None or place.deliberate_per_day is None:
            continue
        threats = armed.get(oblast, 0.0) if oblast else 0.0
        result.append(Site(
            label, place.role, law, float(place.people[vector]), float(place.casualty_share[vector]),
            chance_strikes(threats, float(place.footprint_m2[vector]), density),
            deliberate_strikes(float(place.deliberate_per_day[vector]), days, shares)))
    return result


def risks(at_risk: Sequence[Site], number: int = 10, shape: float = SHAPE) -> list[Risk]:
    """Return what sites run, those of one role and law together.

    Examples
    --------
    >>> hub = Site("Hub 1, Lviv oblast", "soldiers", "in_ukraine", 400.0, 0.1, 0.06, 0.12)
    >>> [(risk.article_6, risk.sites, round(risk.p_any, 3)) for risk in risks([hub, hub])]
    [('outside', 2, 0.242)]
    """
    if not 1 <= number <= _MOST:
        raise SkyShieldError("casualties", f"{number} or more cannot be asked for", f"ask for 1 to {_MOST:,}")
    result = []
    for role, law in dict.fromkeys((site.role, site.law) for site in at_risk):
        there = [site for site in at_risk if (site.role, site.law) == (role, law)]
        each = [site.casualties(shape) for site in there]
        together = np.ones(1)
        for one in each:
            together = np.convolve(together, one.distribution(number - 1))[:number]
        none = math.prod(1.0 - one.p_any() for one in each)
        result.append(Risk(
            role, law, laws()[law].article_6, len(there), math.fsum(site.people for site in there),
            math.fsum(site.by_chance for site in there), math.fsum(site.deliberate for site in there),
            math.fsum(one.expected() for one in each), 1.0 - none, number, max(0.0, 1.0 - math.fsum(together))))
    return result


def _from_zero(where: str, *values: float) -> None:
    if not all(math.isfinite(value) and value >= 0.0 for value in values):
        raise SkyShieldError(where, "has a negative number or one that is not finite", "give numbers from 0")

