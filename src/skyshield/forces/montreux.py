r"""The Convention of Montreux as a check that names the article, and the hulls that one place in the Black Sea takes.

For warships of states that are not littoral the Convention says in peace:

- Article 10: light surface ships, minor warships and auxiliaries may pass; what is larger may not.
- Article 13: the passage is announced, by a non-littoral state fifteen days ahead (a wish, not a limit).
- Article 14: at most 15,000 t and nine ships pass at one time.
- Article 18: together at most 30,000 t in the Black Sea, up to 45,000 t if the strongest fleet there has grown by as
  much since 1936; one state at most two thirds of that; no ship longer than 21 days.
- Article 19: in war, with Türkiye neutral, ships of belligerents do not pass. Türkiye has besides asked all states not
  to send warships since February 2022. This is a switch of a scenario, never drawn: closed in war by default.

Littoral states are exempt from Article 18. Standard tonnage of 1936 is taken for the tonnage that navies publish, which
is larger: the check is on the safe side. Article 21 leaves all to Türkiye if it feels threatened; nothing models that.

A ship that stays D days, is under way tau days each way and is kept from sea g days between two stays is on station D
of D + 2 tau + g days, so that one continuous place takes (D + 2 tau + g) / D hulls and 365 / D passages inward a year.
"""

import functools
import math
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Literal, NamedTuple

from pydantic import BaseModel, ConfigDict, Field

from skyshield.catalogue import load_catalogue
from skyshield.core.errors import SkyShieldError
from skyshield.core.files import read_yaml

TABLE = Path(__file__).parent / "data" / "montreux.yaml"
Straits = Literal["closed_in_war", "open"]
DAYS_A_YEAR = 365.0


class Ship(BaseModel):
    """A warship in the Black Sea: what it is called, standard tonnage, whose it is, days it stays."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: Annotated[str, Field(min_length=1, max_length=80)] = "frigate"
    tonnage_t: Annotated[float, Field(ge=100.0, allow_inf_nan=False)]
    state: Annotated[str, Field(min_length=1, max_length=80)]
    days: Annotated[int, Field(ge=1, le=366, strict=True)] = 21

    @property
    def littoral(self) -> bool:
        """Whether its state lies on the Black Sea.

        Examples
        --------
        >>> Ship(tonnage_t=6000, state="France").littoral, Ship(tonnage_t=3000, state="Türkiye").littoral
        (False, True)
        """
        return self.state in littoral_states()


class Finding(NamedTuple):
    """What the Convention says of some ships: by which article, what, how to mend it, and whether it forbids them."""

    article: str
    what: str
    remedy: str
    forbids: bool


class Limits(NamedTuple):
    """The Convention's numbers, tonnes and days, from the catalogue."""

    plain_t: float
    most_t: float
    state_share: float
    stay_days: float
    transit_t: float
    transit_ships: int
    ship_t: float


@functools.cache
def littoral_states() -> frozenset[str]:
    """Return the states on the Black Sea.

    Examples
    --------
    >>> sorted(littoral_states())
    ['Bulgaria', 'Georgia', 'Romania', 'Russia', 'Türkiye', 'Ukraine']
    """
    return frozenset(read_yaml(TABLE)["littoral"])


@functools.cache
def limits() -> Limits:
    """Return the Convention's numbers.

    Examples
    --------
    >>> limits().most_t, limits().transit_ships
    (45000.0, 9)
    """
    entries = load_catalogue()
    together = entries["montreux_aggregate"]
    stay, share, passing, ships, largest = (entries[f"montreux_{name}"].reference_value for name in (
        "stay", "state_share", "transit_tonnage", "transit_ships", "ship_tonnage"))
    return Limits(together.low, together.high, share, stay, passing, int(ships), largest)


def check_ships(ships: Sequence[Ship]) -> list[Finding]:
    """Return what the Convention says of ships that are in the Black Sea at one time.

    Examples
    --------
    >>> one = [Ship(tonnage_t=6000, state="France")]
    >>> [(found.article, found.forbids) for found in check_ships(6 * one)]
    [('Article 18 (1) (c)', True), ('Article 18 (1) (b)', False), ('Article 14', False)]
    >>> check_ships(100 * [Ship(tonnage_t=6000, state="Romania")])
    []
    """
    bound, law = [ship for ship in ships if not ship.littoral], limits()
    result = [Finding("Article 10", f"no ship of {ship.tonnage_t:,.0f} t of {ship.state} may pass",
                      f"give ships of up to {law.ship_t:,.0f} t", True)
              for ship in bound if ship.tonnage_t > law.ship_t]
    result += [Finding("Article 18 (2)", f"no ship of {ship.state} may stay {ship.days} days",
                       f"give up to {law.stay_days:.0f} days and relieve it", True)
               for ship in bound if ship.days > law.stay_days]
    together = math.fsum(ship.tonnage_t for ship in bound)
    if together > law.most_t:
        result.append(Finding("Article 18 (1) (b)", f"{together:,.0f} t of non-littoral states are more than the "
                              f"{law.most_t:,.0f} t allowed in the Black Sea", "give fewer or smaller ships", True))
    for state in dict.fromkeys(ship.state for ship in bound):
        of_state = math.fsum(ship.tonnage_t for ship in bound if ship.state == state)
        most = law.most_t * law.state_share
        if of_state > most + 1e-3:
            result.append(Finding("Article 18 (1) (c)", f"{of_state:,.0f} t of {state} are more than the two thirds, "
                                  f"{most:,.0f} t, allowed to one state", "share the ships among states", True))
    if law.plain_t < together <= law.most_t:
        result.append(Finding("Article 18 (1) (b)", f"{together:,.0f} t are allowed only while the strongest fleet of "
                              "the Black Sea is as much larger than in 1936", f"stay within {law.plain_t:,.0f} t to "
                              "need no condition", False))
    if together > law.transit_t or len(bound) > law.transit_ships:
        result.append(Finding("Article 14", f"{len(bound)} ships of {together:,.0f} t cannot pass the Straits at once: "
                              f"at most {law.transit_t:,.0f} t and {law.transit_ships} ships", "let them come one "
                              f"after another, in {passages(bound)} groups", False))
    return result


def passages(ships: Sequence[Ship]) -> int:
    """Return in how many groups ships can pass under Article 14, the largest first, each in the first that has room.

    Examples
    --------
    >>> passages(7 * [Ship(tonnage_t=6000, state="France")])
    4
    """
    groups: list[list[float]] = []
    for tonnage in sorted((ship.tonnage_t for ship in ships), reverse=True):
        room = next((group for group in groups if len(group) < limits().transit_ships
                     and math.fsum(group) + tonnage <= limits().transit_t), None)
        if room is None:
            groups.append([tonnage])
        else:
            room.append(tonnage)
    return len(groups)


def hulls_for_one_place(transit_days: float, maintenance_days: float, stay_days: float | None = None) -> float:
    """Return how many hulls keep one ship on station without a break; transit is one way.

    Examples
    --------
    >>> round(hulls_for_one_place(3.0, 42.0), 3)
    3.286
    """
    stay = limits().stay_days if stay_days is None else stay_days
    if not (stay > 0.0 and transit_days >= 0.0 and maintenance_days >= 0.0
            and math.isfinite(stay + transit_days + maintenance_days)):
        raise SkyShieldError("hulls for one place", "has a stay, transit or maintenance that is no time",
                             "give days, the stay above 0")
    return (stay + 2.0 * transit_days + maintenance_days) / stay


def passages_inward_a_year(stay_days: float | None = None) -> float:
    """Return how often a ship passes inward for one place on station in a year.

    Examples
    --------
    >>> round(passages_inward_a_year(), 1)
    17.4
    """
    stay = limits().stay_days if stay_days is None else stay_days
    if not (stay > 0.0 and math.isfinite(stay)):
        raise SkyShieldError("passages inward", f"cannot be told for a stay of {stay:g} days", "give days above 0")
    return DAYS_A_YEAR / stay


def most_ships(tonnage_t: float, one_state: bool = False) -> int:
    """Return how many ships of one tonnage the Convention allows in the Black Sea, of all states or of one.

    Examples
    --------
    >>> most_ships(6000.0), most_ships(6000.0, one_state=True)
    (7, 5)
    """
    if not (tonnage_t > 0.0 and math.isfinite(tonnage_t)):
        raise SkyShieldError("most ships", f"cannot be told for {tonnage_t:g} t", "give tonnes above 0")
    law = limits()
    if tonnage_t > law.ship_t:
        return 0
    return math.floor(law.most_t * (law.state_share if one_state else 1.0) / tonnage_t + 1e-6)
