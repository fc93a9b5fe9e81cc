r"""Ships in the Black Sea: warships with air defence, and patrol ships and minehunters that stop nothing in the air.

Warships are checked against the Convention of Montreux (`skyshield.forces.montreux`), whose closure in war is a switch
of the package. Each is a shooter of the kind `frigate` at a generic point at sea and plays like a battery, so that it
stops what comes within its reach and horizon there and nothing else. Escort and mine clearance are a package of their
own; its ships are taken to be of littoral states, as those of the group that Türkiye, Romania and Bulgaria have had
since 2024 are, which the Convention does not bind.

A place on station that is kept up without a break takes (D + 2 tau + g) / D hulls (D days of stay, tau of transit, g of
maintenance): that is what navies must have. A day of it costs, incremental, the running share of a ship's day for each
day at sea, D + 2 tau of them for D on station; fully loaded, the whole day of every hull.
"""

import math
from typing import Annotated, ClassVar, Literal

import numpy as np
from pydantic import Field, field_validator, model_validator
from pydantic_core import PydanticCustomError

from skyshield.core.arrays import Floats, Parameters
from skyshield.core.vocabulary import Boundary
from skyshield.forces.capabilities import Capabilities, Placement, Weapon, by_class, day_eur, horizon_m
from skyshield.forces.ground import share_left
from skyshield.forces.money import check_boundary
from skyshield.forces.montreux import Ship, Straits, check_ships, limits
from skyshield.forces.package import Amount, Deployment, ForcePackage, by_key
from skyshield.forces.people import Place, people_table
from skyshield.forces.places import NamedPlaces, places_xy

_SECONDS_PER_DAY = 86400.0
_AT_WAR = frozenset({"war", "collapse"})
_SEA = "Sea off Odesa"


class NavalPackage(ForcePackage):
    """Warships with air defence that are in the Black Sea at one time, each relieved when its days are over."""

    fires: ClassVar[bool] = True
    lead_time_key: ClassVar[str] = "naval_deployment_time"
    kind: Literal["ships"]
    ships: Annotated[tuple[Ship, ...], Field(min_length=1, max_length=32)]
    places: Annotated[tuple[str, ...], Field(min_length=1, max_length=8)] = (_SEA,)
    straits: Straits = "closed_in_war"

    @field_validator("ships")
    @classmethod
    def _within_the_convention(cls, ships: tuple[Ship, ...]) -> tuple[Ship, ...]:
        for found in check_ships(ships):
            if found.forbids:
                raise PydanticCustomError("ships", "{what}; {mend}", {
                    "what": f"{found.article} of the Convention of Montreux: {found.what}", "mend": found.remedy})
        return ships

    def named_places(self) -> tuple[NamedPlaces, ...]:
        """Return the areas at sea that its ships are in."""
        return (NamedPlaces("places", self.places, "sea"),)

    def warships(self) -> tuple[Ship, ...]:
        """Return its ships."""
        return self.ships

    def absent_in(self) -> frozenset[str]:
        """Return the phases in which its ships cannot be there: at war, if one must pass closed Straits."""
        closed = self.straits == "closed_in_war" and not all(ship.littoral for ship in self.ships)
        return _AT_WAR if closed else frozenset()

    def present(self, deployment: Deployment) -> tuple[Ship, ...]:
        """Return those of its ships that the members who take part bring: whole ones, the first of the list."""
        left = share_left(deployment.members, "ships")
        return self.ships[:math.floor(left * len(self.ships) + 1e-9)]

    def placements(self, deployment: Deployment) -> list[Placement]:
        """Return its ships, in turn at the areas they are in."""
        x, y = places_xy(deployment.theatre, self.places, "sea")
        ready = deployment.parameters["frigate_availability"]
        return [Placement("frigate", float(x[k % len(x)]), float(y[k % len(y)]), ready)
                for k in range(len(self.present(deployment)))]

    def people(self, deployment: Deployment) -> list[Place]:
        """Return the crew of each ship, at sea: no threat that is bound for an oblast comes down on them by chance."""
        parameters = deployment.parameters
        people = parameters[people_table().crews["frigate"]]
        return [_at_sea(one.x_m, one.y_m, people, parameters, crew=True) for one in self.placements(deployment)]

    def standing_eur(self, boundary: Boundary, deployment: Deployment) -> dict[str, Floats]:
        """Return what its ships cost a day, missiles apart."""
        days = [float(ship.days) for ship in self.present(deployment)]
        price = day_eur(deployment.parameters, "frigate_destroyer_day")
        return {"ground_units": np.asarray(price * sum(
            (_ship_days(stay, boundary, deployment.parameters) for stay in days), np.zeros_like(price)))}

    def needs(self, deployment: Deployment) -> dict[str, Floats]:
        """Return the hulls that keep its ships on station, whoever brings them."""
        one = deployment.parameters["ship_transit_time"]
        return {"frigates": sum((hulls(float(ship.days), deployment.parameters) for ship in self.ships),
                                np.zeros_like(one))}

    def deters(self, deployment: Deployment) -> dict[str, Floats]:
        """Return 1: ships are there or not."""
        return {"naval": np.ones_like(deployment.parameters["frigate_availability"])}

    def in_words(self, amount: Amount = by_key) -> str:
        """Say what it brings."""
        del amount
        tonnes = math.fsum(ship.tonnage_t for ship in self.ships)
        return f"{_count(len(self.ships), 'warship')} of {tonnes:,.0f} t together"


class SeaLanePackage(ForcePackage):
    """Patrol ships that escort merchant ships, and minehunters: a price and people, and nothing stopped in the air."""

    lead_time_key: ClassVar[str] = "naval_deployment_time"
    kind: Literal["sea_lanes"]
    escorts: Annotated[int, Field(ge=0, le=32, strict=True)] = 0
    minehunters: Annotated[int, Field(ge=0, le=32, strict=True)] = 0
    places: Annotated[tuple[str, ...], Field(min_length=1, max_length=8)] = (_SEA,)

    @model_validator(mode="after")
    def _has_a_ship(self) -> "SeaLanePackage":
        if not self.escorts + self.minehunters:
            raise PydanticCustomError("sea_lanes", "{what}; {mend}", {
                "what": "has neither escorts nor minehunters", "mend": "give at least one ship"})
        return self

    def named_places(self) -> tuple[NamedPlaces, ...]:
        """Return the areas at sea that its ships are in."""
        return (NamedPlaces("places", self.places, "sea"),)

    def present(self, deployment: Deployment) -> tuple[int, int]:
        """Return the escorts and minehunters that the members who take part bring, whole ships."""
        left = share_left(deployment.members, "ships")
        return math.floor(left * self.escorts + 1e-9), math.floor(left * self.minehunters + 1e-9)

    def people(self, deployment: Deployment) -> list[Place]:
        """Return the crew of each ship, at sea."""
        x, y = places_xy(deployment.theatre, self.places, "sea")
        escorts, minehunters = self.present(deployment)
        crews = ["people_per_patrol_ship"] * escorts + ["people_per_minehunter"] * minehunters
        parameters = deployment.parameters
        return [_at_sea(float(x[k % len(x)]), float(y[k % len(y)]), parameters[key], parameters, crew=False)
                for k, key in enumerate(crews)]

    def standing_eur(self, boundary: Boundary, deployment: Deployment) -> dict[str, Floats]:
        """Return what its ships cost a day; their ports are near, so no way to the station is counted."""
        parameters = deployment.parameters
        a_day = _ship_days(limits().stay_days, boundary, parameters, far=False)
        escorts, minehunters = self.present(deployment)
        return {"ground_units": np.asarray(a_day * (escorts * day_eur(parameters, "patrol_ship_day")
                                                    + minehunters * day_eur(parameters, "minehunter_day")))}

    def needs(self, deployment: Deployment) -> dict[str, Floats]:
        """Return the minehunters that keep those on station up; patrol ships are plentiful and not counted."""
        if not self.minehunters:
            return {}
        return {"minehunters": self.minehunters * hulls(limits().stay_days, deployment.parameters, far=False)}

    def in_words(self, amount: Amount = by_key) -> str:
        """Say what it brings."""
        del amount
        return " and ".join(_count(number, what) for number, what in (
            (self.escorts, "patrol ship for escort"), (self.minehunters, "minehunter")) if number)


def hulls(stay_days: float, parameters: Parameters, far: bool = True) -> Floats:
    """Return f8[vector]: hulls for one place on station, (D + 2 tau + g) / D.

    Parameters
    ----------
    stay_days
        D.
    parameters
        Numbers by catalogue key, SI units.
    far
        Whether there is a way to the station.

    Examples
    --------
    >>> day = np.array([86400.0])
    >>> hulls(21.0, {"ship_transit_time": 3 * day, "ship_maintenance_time": 42 * day}).round(3).tolist()
    [3.286]
    """
    away = 2.0 * parameters["ship_transit_time"] if far else 0.0
    return np.asarray(1.0 + (away + parameters["ship_maintenance_time"]) / (stay_days * _SECONDS_PER_DAY))


def _ship_days(stay_days: float, boundary: Boundary, parameters: Parameters, far: bool = True) -> Floats:
    """Return f8[vector]: paid ship-days for a day of one ship on station."""
    check_boundary(boundary)
    if boundary == "fully_loaded":
        return hulls(stay_days, parameters, far)
    away = 2.0 * parameters["ship_transit_time"] / (stay_days * _SECONDS_PER_DAY) if far else 0.0
    return np.asarray(parameters["ship_running_share"] * (1.0 + away))


def _at_sea(x_m: float, y_m: float, people: Floats, parameters: Parameters, crew: bool) -> Place:
    return Place(x_m, y_m, people, crew=crew, role="sailors",
                 footprint_m2=np.zeros_like(people), casualty_share=parameters["ship_casualty_share"],
                 deliberate_per_day=parameters["deliberate_strikes_per_ship_day"] * _SECONDS_PER_DAY)


def _count(number: int, what: str) -> str:
    if number == 1:
        return f"one {what}"
    noun, _, rest = what.partition(" for ")
    return f"{number} {noun}s" + (f" for {rest}" if rest else "")


def frigate(parameters: Parameters) -> Capabilities:
    """Return what a frigate can do: UAVs and cruise missiles within its missiles' reach and its horizon, all round.

    What its days cost stands with its package, ready or not.
    """
    rounds = parameters["frigate_ready_rounds"]
    weapon = Weapon("sam", rounds, parameters["frigate_sam_range"],
                    by_class(parameters, "frigate_pk", "frigate_pk", None), parameters["frigate_missile_price"],
                    parameters["frigate_stock"], parameters["frigate_resupply"] * _SECONDS_PER_DAY)
    return Capabilities(
        n_channels=parameters["frigate_channels"], engagement_time_s=parameters["frigate_engagement_time"],
        renewal_time_s=parameters["frigate_reload_time"], weapons=(weapon,),
        p_track=parameters["frigate_track_probability"], track_rho=parameters["battery_track_rho"],
        sees_m=horizon_m(parameters, "frigate_radar_height"), day_cost_eur=np.zeros_like(rounds))
