r"""A ground force: soldiers at hubs, who fire at nothing; what they cost, how many stand behind them, who is at risk.

N soldiers are N / b brigades of b soldiers. To keep them there takes a pool of r N, those who rest and train to relieve
them counted in, which members must be able to release: that is a need, not a cost. The incremental cost is N c, what a
soldier costs beyond what is spent on him at home, never r N c. Fully loaded is that and the pool's share: what a
published cost of a deployed soldier holds beyond c, over the r0 - 1 who stand behind him, for the r - 1 of the package:

    N (c + (c_full - c) (r - 1) / (r0 - 1)),   c_full >= c,

r0 being the catalogue's rotation ratio; without a rotation of its own a package has r = r0. A soldier-year has 365
days.

Soldiers stand at hubs, one for each entry of `hubs`, at the largest city of the oblast in held territory: a generic
label, an oblast and an area, never a site. What a force does to the renewal of war is g(N) = 1 - exp(-N / N0). Guns,
batteries and interceptor-drone teams that protect it are packages of their own, at the same city.

Sources: domain notes B2; the catalogue's tables `ground` and `people`.
"""

import math
from collections.abc import Sequence
from typing import Annotated, ClassVar, Literal

import numpy as np
from pydantic import BaseModel, ConfigDict, Field, field_validator
from pydantic_core import PydanticCustomError

from skyshield.core.arrays import Floats
from skyshield.core.errors import SkyShieldError
from skyshield.core.vocabulary import Boundary
from skyshield.forces.members import Member, contributed
from skyshield.forces.money import check_boundary
from skyshield.forces.package import Amount, Deployment, ForcePackage, by_key
from skyshield.forces.people import Place
from skyshield.forces.places import NamedPlaces, places_xy

DAYS_A_YEAR = 365.0
_SECONDS_PER_DAY = 86400.0
_JULIAN_DAYS_A_YEAR = 365.25  # of the catalogue's units
_M2_PER_HECTARE = 1e4


class Hub(BaseModel):
    """A place of a ground force: its oblast, its area, its share of the soldiers (equal shares if none is given)."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    oblast: Annotated[str, Field(min_length=1, max_length=80)]
    hectares: Annotated[float, Field(ge=1.0, le=10_000.0, allow_inf_nan=False)] | None = None
    share: Annotated[float, Field(gt=0.0, le=1.0, allow_inf_nan=False)] | None = None


class GroundPackage(ForcePackage):
    """A ground force: how many soldiers, the hubs they stand at, rotation and size of a brigade."""

    lead_time_key: ClassVar[str] = "ground_deployment_time"
    kind: Literal["ground"]
    soldiers: Annotated[int, Field(ge=1, le=200_000, strict=True)]
    hubs: Annotated[tuple[Hub, ...], Field(min_length=1, max_length=32)]
    rotation: Annotated[float, Field(ge=1.0, le=20.0, allow_inf_nan=False)] | None = None
    brigade_size: Annotated[int, Field(ge=500, le=20_000, strict=True)] | None = None

    @field_validator("hubs")
    @classmethod
    def _shares(cls, hubs: tuple[Hub, ...]) -> tuple[Hub, ...]:
        given = [hub.share for hub in hubs if hub.share is not None]
        if given and len(given) < len(hubs):
            raise PydanticCustomError("hubs", "{what}; {mend}", {
                "what": f"{len(given)} of {len(hubs)} hubs have a share", "mend": "give a share to each or to none"})
        if given and not math.isclose(math.fsum(given), 1.0, abs_tol=1e-6):
            raise PydanticCustomError("hubs", "{what}; {mend}", {
                "what": f"the hubs' shares add up to {math.fsum(given):g}", "mend": "let them add up to 1"})
        return hubs

    def named_places(self) -> tuple[NamedPlaces, ...]:
        """Return the oblasts of its hubs."""
        return (NamedPlaces("hubs", tuple(hub.oblast for hub in self.hubs), "oblast"),)

    def hub_labels(self) -> tuple[str, ...]:
        """Return what its hubs are called: generic, by oblast.

        Examples
        --------
        >>> GroundPackage(kind="ground", soldiers=10_000, hubs=({"oblast": "Lviv"}, {"oblast": "Volyn"})).hub_labels()
        ('Hub 1, Lviv oblast', 'Hub 2, Volyn oblast')
        """
        return tuple(f"Hub {k + 1}, {hub.oblast} oblast" for k, hub in enumerate(self.hubs))

    def shares(self) -> tuple[float, ...]:
        """Return each hub's share of the soldiers; they add up to 1."""
        return tuple(1.0 / len(self.hubs) if hub.share is None else hub.share for hub in self.hubs)

    def ratio(self, deployment: Deployment) -> Floats:
        """Return f8[vector]: soldiers needed to keep one deployed, himself counted in."""
        of_catalogue = deployment.parameters["rotation_ratio"]
        return of_catalogue if self.rotation is None else np.full_like(of_catalogue, self.rotation)

    def deployed(self, deployment: Deployment) -> Floats:
        """Return f8[vector]: soldiers that the members who take part bring."""
        one = np.ones_like(deployment.parameters["rotation_ratio"])
        return self.soldiers * share_left(deployment.members, "people") * one

    def brigades(self, deployment: Deployment) -> Floats:
        """Return f8[vector]: brigades deployed."""
        size = deployment.parameters["brigade_size"] if self.brigade_size is None else float(self.brigade_size)
        return np.asarray(self.deployed(deployment) / size)

    def people(self, deployment: Deployment) -> list[Place]:
        """Return its hubs, with the soldiers of each and what a strike on one means."""
        parameters = deployment.parameters
        x, y = places_xy(deployment.theatre, [hub.oblast for hub in self.hubs], "oblast")
        deployed = self.deployed(deployment)
        unsaid = None if all(hub.hectares is not None for hub in self.hubs) else parameters["hub_footprint"]
        result = []
        for k, (hub, share) in enumerate(zip(self.hubs, self.shares(), strict=True)):
            area = unsaid if hub.hectares is None else np.full_like(deployed, hub.hectares * _M2_PER_HECTARE)
            result.append(Place(float(x[k]), float(y[k]), share * deployed, role="soldiers", footprint_m2=area,
                                casualty_share=parameters["soldier_casualty_share"],
                                deliberate_per_day=parameters["deliberate_strikes_per_hub_day"] * _SECONDS_PER_DAY))
        return result

    def standing_eur(self, boundary: Boundary, deployment: Deployment) -> dict[str, Floats]:
        """Return what its soldiers cost a day; see the top of the file for the two boundaries."""
        check_boundary(boundary)
        parameters = deployment.parameters
        extra = parameters["ground_incremental_per_soldier_year"]
        if boundary == "fully_loaded":
            whole = np.maximum(extra, parameters["ground_fully_loaded_per_soldier_year"])
            behind = (self.ratio(deployment) - 1.0) / (parameters["rotation_ratio"] - 1.0)
            extra = extra + (whole - extra) * behind
        a_day = extra * _SECONDS_PER_DAY * _JULIAN_DAYS_A_YEAR / DAYS_A_YEAR
        return {"people_and_basing": np.asarray(self.deployed(deployment) * a_day)}

    def needs(self, deployment: Deployment) -> dict[str, Floats]:
        """Return the pool of soldiers that keeps the force up, whoever brings them."""
        return {"soldiers": pool_of(float(self.soldiers), self.ratio(deployment))}

    def deters(self, deployment: Deployment) -> dict[str, Floats]:
        """Return g(N), from 0 to 1."""
        return {"force": effect_of(self.deployed(deployment), deployment.parameters["ground_force_scale"])}

    def in_words(self, amount: Amount = by_key) -> str:
        """Say what it brings."""
        del amount
        hubs = "one hub" if len(self.hubs) == 1 else f"{len(self.hubs)} hubs"
        oblasts = ", ".join(dict.fromkeys(hub.oblast for hub in self.hubs))
        short = f" ({oblasts})" if len(oblasts) <= 50 else ""
        return f"{self.soldiers:,} soldiers at {hubs}{short}"


def share_left(members: Sequence[Member], name: str) -> float:
    """Return which share of a contribution the active members have of what all together have; 1 if none states any.

    Examples
    --------
    >>> two = [Member(name="a", people_share=0.25), Member(name="b", people_share=0.5, active=False)]
    >>> round(share_left(two, "people"), 4), share_left(two, "ships"), share_left([], "people")
    (0.3333, 1.0, 1.0)
    """
    whole = contributed(members, idle=True)[name]
    return contributed(members)[name] / whole if whole > 0.0 else 1.0


def brigades_of(soldiers: float, brigade_size: float) -> float:
    """Return N / b.

    Examples
    --------
    >>> round(brigades_of(25_000, 4_400), 3)
    5.682
    """
    if not (soldiers >= 0.0 and brigade_size > 0.0 and math.isfinite(soldiers + brigade_size)):
        raise SkyShieldError("brigades", f"cannot be told for {soldiers:g} soldiers in brigades of {brigade_size:g}",
                             "give soldiers from 0 and a size above 0")
    return soldiers / brigade_size


def pool_of(soldiers: float, rotation: Floats | float) -> Floats:
    """Return r N, the soldiers that keep N deployed.

    Raises
    ------
    SkyShieldError
        If a rotation is below 1: nobody would be left to be deployed.

    Examples
    --------
    >>> float(pool_of(25_000, 4.0))
    100000.0
    """
    ratio = np.asarray(rotation, np.float64)
    if not (np.all(ratio >= 1.0) and np.all(np.isfinite(ratio)) and soldiers >= 0.0):
        raise SkyShieldError("rotation", "is below 1, or the soldiers are below 0", "give a ratio from 1")
    return np.asarray(ratio * soldiers)


def incremental_eur(soldiers: float, eur_per_soldier_year: float, days: float) -> float:
    """Return N c for so many days; a soldier-year has 365.

    Examples
    --------
    >>> round(incremental_eur(25_000, 150_000 / 1.13, 30) / 1e6, 1)
    272.8
    """
    amounts = soldiers, eur_per_soldier_year, days
    if not all(value >= 0.0 and math.isfinite(value) for value in amounts):
        raise SkyShieldError("cost of a ground force", "has a negative number or one that is not finite",
                             "give soldiers, EUR and days from 0")
    return soldiers * eur_per_soldier_year * days / DAYS_A_YEAR


def effect_of(soldiers: Floats, scale: Floats) -> Floats:
    """Return g(N) = 1 - exp(-N / N0).

    Examples
    --------
    >>> effect_of(np.array([0.0, 25_000.0]), np.array([25_000.0, 25_000.0])).round(4).tolist()
    [0.0, 0.6321]
    """
    return np.asarray(-np.expm1(-soldiers / scale))
