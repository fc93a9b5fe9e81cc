"""A mission's design as its file states it: what there is, what it may take, and the sectors to watch.

A number may stand alone or as ``[low, central, high]``. What a means' fields leave out comes from the catalogue.
"""

from typing import Annotated, Literal, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

MEANS = ("patrol", "camera", "uav", "aerostat", "array", "satellite")
MOST_SECTORS = 2_000
MOST_UNITS = 10_000
_MOST = 1e15

MeansName = Literal["patrol", "camera", "uav", "aerostat", "array", "satellite"]
Name = Annotated[str, Field(min_length=1, max_length=60, pattern=r"^[^\s\x00-\x1f](?:[^\x00-\x1f]*[^\s\x00-\x1f])?$")]
Share = Annotated[float, Field(ge=0.0, le=1.0, allow_inf_nan=False, strict=True)]
Amount = Annotated[float, Field(ge=0.0, le=_MOST, allow_inf_nan=False, strict=True)]
Limit = Annotated[float, Field(gt=0.0, le=_MOST, allow_inf_nan=False, strict=True)]
Number = Annotated[int, Field(ge=0, le=MOST_UNITS, strict=True)]


def _three(value: object) -> object:
    """Turn a number into three alike, and leave three in order."""
    if not isinstance(value, list):
        return (value, value, value)
    if len(value) != 3:
        raise PydanticCustomError("three", "has {n} numbers", {"n": len(value)})
    if all(isinstance(one, int | float) for one in value) and not value[0] <= value[1] <= value[2]:
        raise PydanticCustomError("three", "is not in order")
    return tuple(value)


Shares = Annotated[tuple[Share, Share, Share], BeforeValidator(_three)]
Amounts = Annotated[tuple[Amount, Amount, Amount], BeforeValidator(_three)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Means(_Strict):
    """One kind of unit.

    Attributes
    ----------
    q
        Probability that one unit detects a violation in its sector by clear day without jamming.
    watched_km
        Instead of q: the length W of the line on which one unit detects what happens. In a sector of length L it has
        q = 1 - exp(-W/L), Koopman's law of random search.
    people, money_eur
        What one unit takes: persons at work for it, euros a year.
    night, cloud, jamming
        What remains of q, as a factor, at night, under cloud, under jamming.
    most
        The most units that can work in one sector.
    """

    q: Shares | None = None
    watched_km: Amounts | None = None
    people: Amounts | None = None
    money_eur: Amounts | None = None
    night: Shares | None = None
    cloud: Shares | None = None
    jamming: Shares | None = None
    most: Number | None = None

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        if self.q is not None and self.watched_km is not None:
            raise PydanticCustomError("means", "has both q and watched_km")
        return self


class Sector(_Strict):
    """A stretch to watch: its weight, its conditions, and what differs there.

    Attributes
    ----------
    name
        A stretch of the line by oblast, never a position.
    weight
        What detecting a violation there counts.
    q
        By means, instead of the means' own.
    length_km
        Of the line in it; needed where q comes from what a unit watches.
    most
        By means, instead of the means' own.
    night, cloud, jamming
        The part of the time, instead of the file's own.
    """

    name: Name
    weight: Amount = 1.0
    length_km: Limit | None = None
    q: dict[MeansName, Shares] = {}
    most: dict[MeansName, Number] = {}
    night: Share | None = None
    cloud: Share | None = None
    jamming: Share | None = None


class Budget(_Strict):
    """What all units together may take: people, euros a year, units in all or by means."""

    people: Limit | None = None
    money_eur: Limit | None = None
    units: Number | dict[MeansName, Number] | None = None

    @model_validator(mode="after")
    def _not_empty(self) -> Self:
        if self.people is None and self.money_eur is None and self.units in (None, {}, 0):
            raise PydanticCustomError("budget", "is empty")
        return self


class Design(_Strict):
    """A mission's design."""

    name: Name
    budget: Budget
    means: Annotated[dict[MeansName, Means | None], Field(min_length=1)]
    sectors: Annotated[tuple[Sector, ...], Field(min_length=1, max_length=MOST_SECTORS)]
    night: Share = 0.0
    cloud: Share = 0.0
    jamming: Share = 0.0

    @model_validator(mode="after")
    def _whole(self) -> Self:
        names = set[str]()
        for sector in self.sectors:
            if sector.name in names:
                raise PydanticCustomError("sectors", "names the sector {name} twice", {"name": repr(sector.name)})
            names.add(sector.name)
            for field, told in (("q", sector.q), ("most", sector.most)):
                for means in told:
                    if means not in self.means:
                        raise PydanticCustomError(
                            "sectors", "{where} names {means}, which the design does not have",
                            {"where": f"{sector.name}.{field}", "means": means})
        if not any(sector.weight for sector in self.sectors):
            raise PydanticCustomError("sectors", "has no sector with a weight over 0")
        return self
