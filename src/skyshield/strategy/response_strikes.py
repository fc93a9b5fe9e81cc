r"""What strikes on the coalition's people an option has to expect, and what one of them costs: the c of the dilemma.

How many strikes come is the study's: expected numbers by role of the people, the least and the most over its arms, for
a year of 365 days. What one costs is negative binomial (`skyshield.strategy.exposure`), with the mean and the shape of
the catalogue at either end; of aircrew each person on board of a lost aircraft is hurt with a probability, binomial. A
place of soldiers is the largest hub of the option, its casualty share cut by what its shelters save.

A strike is looked at twice: *on average*, its L_cred being the mean over casualties, and *severe*, as one in twenty.
"""

import functools
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any, NamedTuple

import numpy as np

from skyshield.catalogue import Catalogue
from skyshield.core.arrays import Floats
from skyshield.core.files import read_yaml
from skyshield.forces import ForcePackage, GroundPackage, ShelterPackage
from skyshield.forces.people import people_table
from skyshield.strategy.exposure import Casualties, compound
from skyshield.strategy.figures import StudyFigures
from skyshield.strategy.response import expected_credibility_loss
from skyshield.strategy.response_box import Interval

TABLE = Path(__file__).parent / "data" / "response.yaml"
DAYS_A_YEAR = 365.0
MASS = 10  # casualties of the second probability told
SEVERE = 0.95  # of strikes cost no more
_MOST = 2_500  # casualties where no cap is known: beyond lies less than 1e-10 of any strike
_SHIPS = ("people_per_frigate", "people_per_patrol_ship", "people_per_minehunter")
SOLDIERS, CREWS, AIRCREW, SAILORS = ("soldiers_in_ukraine", "crews_in_ukraine", "aircrew_over_ukraine",
                                     "sailors_at_sea")


class Role(NamedTuple):
    """Whose places are struck: in words, the measure that counts the strikes, the sort of place in law."""

    label: str
    strikes: str
    law: str


@dataclass(frozen=True)
class Struck:
    """Strikes on people of one role under an option.

    Attributes
    ----------
    role
        Its name.
    headline, a_year
        Strikes expected in a year: in the headline of the study, and the ends over all its arms.
    least, most
        f8[c] each: the probability of each number of casualties of a strike, where few are hurt and where many are;
        one for either end of the shape.
    """

    role: str
    headline: Interval
    a_year: Interval
    least: tuple[Floats, ...]
    most: tuple[Floats, ...]

    def mean(self) -> Interval:
        """Return the ends of the casualties of a strike on average."""
        return Strike(self.least, self.most).mean()


@dataclass(frozen=True)
class Strike:
    """One strike on an option, on whichever role: f8[c] as in `Struck`, roles weighted by their strikes."""

    least: tuple[Floats, ...]
    most: tuple[Floats, ...]

    def mean(self) -> Interval:
        """Return the ends of its casualties on average."""
        return _ends([_mean(one) for one in self.least], [_mean(one) for one in self.most])

    def severe(self) -> Interval:
        """Return the ends of the casualties that one strike in twenty reaches or passes."""
        return _ends([_quantile(one) for one in self.least], [_quantile(one) for one in self.most])

    def share_lost(self, scale: Interval) -> Interval:
        """Return the ends of the mean of 1 - exp(-c / c0): what of L_0 a strike costs on average.

        Examples
        --------
        >>> one = (np.array([0.0, 1.0]),) * 2
        >>> [round(end, 6) for end in Strike(one, one).share_lost((1.0, 2.0))]
        [0.393469, 0.632121]
        """
        return _ends([expected_credibility_loss(one, 1.0, scale[1]) for one in self.least],
                     [expected_credibility_loss(one, 1.0, scale[0]) for one in self.most])


def a_strike(struck: Sequence[Struck]) -> Strike:
    """Return one strike on an option: on each role as often as in the headline, or over the arms if none is there.

    Examples
    --------
    >>> few, many = (np.array([1.0]),) * 2, (np.array([0.0, 1.0]),) * 2
    >>> both = [Struck("a", (1.0, 1.0), (0.0, 2.0), few, few), Struck("b", (3.0, 3.0), (0.0, 9.0), many, many)]
    >>> a_strike(both).mean()
    (0.75, 0.75)
    """
    weights = [sum(one.headline) for one in struck]
    if not sum(weights):
        weights = [sum(one.a_year) for one in struck]
    return Strike(*(tuple(_mixture(weights, [of[shape] for of in ends]) for shape in range(2))
                    for ends in ([one.least for one in struck], [one.most for one in struck])))


@functools.cache
def table() -> Mapping[str, Any]:
    """Return the table of anchors, statements and levels.

    Examples
    --------
    >>> table()["anchors"]["attacks_on_us_bases"]["answered"], table()["most_weight"]
    (8, 0.5)
    """
    content: Mapping[str, Any] = read_yaml(TABLE)
    return MappingProxyType(content)


@functools.cache
def roles() -> Mapping[str, Role]:
    """Return whose places may be struck, by the names of the people's roles.

    Examples
    --------
    >>> roles()["sailors_at_sea"].law
    'at_sea'
    """
    return MappingProxyType({name: Role(**fields) for name, fields in table()["roles"].items()})


def strikes_of(figures: StudyFigures, packages: Mapping[str, Sequence[ForcePackage]],
               catalogue: Catalogue) -> dict[str, list[Struck]]:
    """Return option -> the strikes that it has to expect, by role; none where nobody is in reach in any arm.

    Parameters
    ----------
    figures
        What the study says.
    packages
        Option -> its packages.
    catalogue
        With what a strike costs.
    """
    known: dict[Any, tuple[tuple[Floats, ...], tuple[Floats, ...]]] = {}
    result: dict[str, list[Struck]] = {}
    for option, brought in packages.items():
        result[option] = []
        for name, role in roles().items():
            headline, a_year = _a_year(figures, option, role.strikes)
            if a_year[1] == 0.0:
                continue
            key = name, largest_hub(brought) if name == SOLDIERS else None
            if key not in known:
                known[key] = _of_a_strike(name, brought, catalogue)
            result[option].append(Struck(name, headline, a_year, *known[key]))
    return result


def p_any(struck: Iterable[Struck], headline: bool = False) -> Interval:
    """Return the ends of the probability that strikes hurt anybody in a year, over all arms or in the headline."""
    none = [1.0, 1.0]
    for one in struck:
        strikes = one.headline if headline else one.a_year
        for end, of, pick in ((0, one.least, max), (1, one.most, min)):
            none[end] *= math.exp(-strikes[end] * (1.0 - pick(float(pmf[0]) for pmf in of)))
    return 1.0 - none[0], 1.0 - none[1]


def p_mass(struck: Sequence[Struck], headline: bool = False) -> Interval:
    """Return the ends of the probability that strikes hurt `MASS` people or more in a year, all roles together."""
    ends = []
    for end in range(2):
        of_shape = []
        for shape in range(2):
            together = np.ones(1)
            for one in struck:
                pmf = (one.least, one.most)[end][shape][:MASS]
                padded = np.concatenate([pmf, np.zeros(MASS - len(pmf))])
                strikes = (one.headline if headline else one.a_year)[end]
                together = np.convolve(together, compound(strikes, padded))[:MASS]
            of_shape.append(max(0.0, 1.0 - math.fsum(together)))
        ends.append((min, max)[end](of_shape))
    return ends[0], ends[1]


def largest_hub(packages: Sequence[ForcePackage]) -> tuple[float, float]:
    """Return the soldiers at the largest hub, and the places in shelters over all soldiers, at most 1.

    Examples
    --------
    >>> force = GroundPackage(kind="ground", soldiers=10_000, hubs=({"oblast": "Lviv"}, {"oblast": "Volyn"}))
    >>> largest_hub([force, ShelterPackage(kind="shelters", people_sheltered=2_500)])
    (5000.0, 0.25)
    """
    ground = [package for package in packages if isinstance(package, GroundPackage)]
    sheltered = sum(package.people_sheltered for package in packages if isinstance(package, ShelterPackage))
    soldiers = sum(package.soldiers for package in ground)
    largest = max((package.soldiers * max(package.shares()) for package in ground), default=0.0)
    return float(largest), min(1.0, sheltered / soldiers) if soldiers else 0.0


def _a_year(figures: StudyFigures, option: str, measure: str) -> tuple[Interval, Interval]:
    """Return the ends of the strikes a year in the headline, and over the arms where the baseline has none itself."""
    rows = [figures.mean(option, measure)]
    if figures.mean(figures.baseline, measure).mean == 0.0:
        rows += [row for row in figures.by_arm(measure, option) if row is not None]
    scale = DAYS_A_YEAR / figures.days
    ends = [(max(0.0, row.mean if row.lo is None else row.lo) * scale,
             max(0.0, row.mean if row.hi is None else row.hi) * scale) for row in rows]
    return ends[0], (min(low for low, _ in ends), max(high for _, high in ends))


def _of_a_strike(role: str, packages: Sequence[ForcePackage],
                 catalogue: Catalogue) -> tuple[tuple[Floats, ...], tuple[Floats, ...]]:
    """Return by end the probability of each number of casualties of a strike, for either end of the shape."""
    if role == AIRCREW:
        on_board, hurt = catalogue["people_on_board"], catalogue["aircrew_casualty_probability"]
        ends = [_binomial(round(one), p) for one, p in ((on_board.low, hurt.low), (on_board.high, hurt.high))]
        return (ends[0], ends[0]), (ends[1], ends[1])
    means, people = _mean_of_a_strike(role, packages, catalogue)
    shape = catalogue["casualty_dispersion"]
    low, high = (tuple(Casualties(0.0, mean, there, at).of_a_strike(_MOST if math.isinf(there) else int(there))
                       for at in (shape.low, shape.high)) for mean, there in zip(means, people, strict=True))
    return low, high


def _mean_of_a_strike(role: str, packages: Sequence[ForcePackage], catalogue: Catalogue) -> tuple[Interval, Interval]:
    """Return the ends of the mean of a strike before any cap, and of the people at the place."""
    if role == SOLDIERS:
        hub, sheltered = largest_hub(packages)
        share, cut = catalogue["soldier_casualty_share"], catalogue["shelter_casualty_cut"]
        return (share.low * hub * (1.0 - cut.high * sheltered), share.high * hub * (1.0 - cut.low * sheltered)), \
            (hub, hub)
    if role == SAILORS:
        share, ships = catalogue["ship_casualty_share"], [catalogue[key] for key in _SHIPS]
        crew = min(ship.low for ship in ships), max(ship.high for ship in ships)
        return (share.low * crew[0], share.high * crew[1]), crew
    each, most = catalogue["casualties_per_strike"], math.inf
    if role == CREWS:
        most = max(catalogue[key].high for key in people_table().crews.values())
    return (each.low, each.high), (most, most)


def _mixture(weights: Sequence[float], parts: Sequence[Floats]) -> Floats:
    result = np.zeros(max(len(part) for part in parts))
    for weight, part in zip(weights, parts, strict=True):
        result[:len(part)] += weight / sum(weights) * part
    return result


def _ends(low: Sequence[float], high: Sequence[float]) -> Interval:
    return min(low), max(high)


def _mean(pmf: Floats) -> float:
    return float(pmf @ np.arange(len(pmf)))


def _binomial(n: int, p: float) -> Floats:
    return np.array([math.comb(n, k) * p**k * (1.0 - p)**(n - k) for k in range(n + 1)])


def _quantile(pmf: Floats) -> float:
    return float(min(int(np.searchsorted(np.cumsum(pmf), SEVERE)), len(pmf) - 1))
