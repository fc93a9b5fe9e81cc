"""What an agreement says: clauses, parties, a line for each party, zones, exemptions, who decides, remedies.

A term that is not published, or that its text leaves undecided, is `open`: whoever reads the answer
learns that the text does not decide, instead of getting somebody's reading of it. A time that can be
read in two ways is given as two: before the earlier one the term is not in force, from the later one
it is, between them the answer is open. A line's `error_m` is a bound: the true line is taken to lie
nowhere farther from the drawn one.
"""

from typing import Annotated, Literal, Self

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from skyshield.core.geodesy import THEATRE_BOUNDS_DEG

PARTIES = {
    "RU": "Russia",
    "UA": "Ukraine",
    "CO": "the coalition",
    "OTHER": "the armed formations that the agreement binds",
}
ACTS = {
    "V1": "air attack by drone, missile or glide bomb",
    "V2": "indirect fire",
    "V3": "small arms",
    "V4": "movement, or weapons nearer to a line than agreed",
    "V5": "new fortification or mines",
    "V6": "reconnaissance drone or aircraft in closed airspace",
    "V7": "attack on energy, a nuclear plant, a port or rail",
    "V8": "at sea: mines or harassment",
    "V9": "obstruction of monitors, jamming, fire at them",
    "V10": "cyber attack, electronic warfare, navigation interference",
    "V11": "attack on coalition personnel",
    "V12": "incursion into a third state",
}
MAX_POINTS = 2_000
MAX_CLAUSES = 200
MAX_TEXT = 2_000
MAX_MEMBERS = 100
MAX_WIDTH_M = 1_000_000.0

Party = Literal["RU", "UA", "CO", "OTHER"]
ActCode = Literal["V1", "V2", "V3", "V4", "V5", "V6", "V7", "V8", "V9", "V10", "V11", "V12"]
Name = Annotated[str, Field(min_length=1, max_length=60, pattern=r"^[a-z0-9][a-z0-9_.-]*$")]
Text = Annotated[str, Field(min_length=1, max_length=MAX_TEXT)]
Error = Annotated[float, Field(ge=0.0, le=MAX_WIDTH_M, allow_inf_nan=False)]
Width = Annotated[float, Field(gt=0.0, le=MAX_WIDTH_M, allow_inf_nan=False)]


def _point(point: tuple[float, float]) -> tuple[float, float]:
    fault = place_fault(*point)
    if fault is not None:
        raise PydanticCustomError("place", "{fault}", {"fault": fault})
    return point


def place_fault(lon_deg: float, lat_deg: float) -> str | None:
    """Return what is wrong with a place, None if it lies within the theatre.

    Examples
    --------
    >>> place_fault(37.8, 48.1), place_fault(48.1, 37.8), place_fault(2.3, 48.9)
    (None, 'has longitude and latitude swapped', 'lies outside the theatre')
    """
    west, south, east, north = THEATRE_BOUNDS_DEG
    if west <= lon_deg <= east and south <= lat_deg <= north:
        return None
    if west <= lat_deg <= east and south <= lon_deg <= north:
        return "has longitude and latitude swapped"
    return "lies outside the theatre"


Point = Annotated[tuple[float, float], AfterValidator(_point)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Source(_Strict):
    """Where a clause can be read."""

    title: Text
    address: Text
    date: Text


class Line(_Strict):
    """A line of contact or control: points of longitude and latitude in degrees, and the bound of its error."""

    words: Text
    points: Annotated[tuple[Point, ...], Field(min_length=2, max_length=MAX_POINTS)]
    error_m: Error


class PartyLine(_Strict):
    """From which line a party's distance counts, and on which side of it, walked from its first point, it is."""

    line: Name | None = None
    own_side: Literal["left", "right"] | None = None
    status: Literal["agreed", "open"] = "agreed"

    @model_validator(mode="after")
    def _whole(self) -> Self:
        given = (self.line is not None, self.own_side is not None)
        if given != ((True, True) if self.status == "agreed" else (False, False)):
            raise PydanticCustomError("line", "names a line and its own_side if agreed, neither if open")
        return self


class Zone(_Strict):
    """Where a clause holds: oblasts, a polygon, a strip along a line, or open."""

    words: Text
    oblasts: Annotated[tuple[str, ...], Field(min_length=1)] | None = None
    polygon: Annotated[tuple[Point, ...], Field(min_length=3, max_length=MAX_POINTS)] | None = None
    error_m: Error | None = None
    along: Name | None = None
    within_m: Width | None = None
    status: Literal["agreed", "open"] = "agreed"

    @model_validator(mode="after")
    def _one_kind(self) -> Self:
        kinds = [self.oblasts is not None, self.polygon is not None, self.along is not None, self.status == "open"]
        if sum(kinds) != 1:
            raise PydanticCustomError("zone", "is one of: oblasts, polygon, along, status: open")
        if (self.polygon is not None) != (self.error_m is not None):
            raise PydanticCustomError("zone", "states error_m with a polygon, and only with one")
        if (self.along is not None) != (self.within_m is not None):
            raise PydanticCustomError("zone", "states within_m with a line that it goes along, and only then")
        return self


class Exemption(_Strict):
    """A reason that a party may claim: accepted by the text, refused by it, or open."""

    words: Text
    status: Literal["accepted", "refused", "open"]


class Commission(_Strict):
    """Who attributes breaches and by what majority of its members, or open where the text does not say."""

    words: Text
    source: Name
    status: Literal["agreed", "open"]
    members: Annotated[tuple[Name, ...], Field(max_length=MAX_MEMBERS)] = ()
    majority: Literal["simple", "two_thirds", "unanimous"] | None = None

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if len(set(self.members)) < len(self.members):
            raise PydanticCustomError("commission", "names a member twice")
        if (self.status == "agreed") != (bool(self.members) and self.majority is not None):
            raise PydanticCustomError("commission", "names members and a majority if agreed; open lacks either")
        return self


class Remedy(_Strict):
    """What may follow a breach."""

    words: Text
    source: Name
    status: Literal["agreed", "open"]


class Clause(_Strict):
    """One term: who may not do what, from when to when, where, with which exemptions.

    `width_m` is the width by weapon of the whole zone that must be free of it: half of it lies on each
    side, so that a party may keep no such weapon nearer to its line than half the width.
    """

    id: Name
    words: Text
    source: Name
    acts: Annotated[tuple[ActCode, ...], Field(min_length=1)]
    who: Annotated[tuple[Party, ...], Field(min_length=1)]
    status: Literal["agreed", "open"]
    start: AwareDatetime | None = None
    start_latest: AwareDatetime | None = None
    end: AwareDatetime | None = None
    end_latest: AwareDatetime | None = None
    zone: Name | None = None
    width_m: Annotated[dict[Name, Width], Field(min_length=1)] | None = None
    exemptions: tuple[Name, ...] = ()
    note: Text | None = None

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        times = [time for time in (self.start, self.start_latest, self.end, self.end_latest) if time is not None]
        if times != sorted(times):
            raise PydanticCustomError("times", "has times out of order: start, start_latest, end, end_latest")
        for late, early in (("start_latest", "start"), ("end_latest", "end")):
            if getattr(self, late) is not None and getattr(self, early) is None:
                raise PydanticCustomError("times", "has {late} without {early}", {"late": late, "early": early})
        if self.status == "agreed" and self.start is None:
            raise PydanticCustomError("times", "is agreed but has no start")
        if self.zone is not None and self.width_m is not None:
            raise PydanticCustomError("zone", "has a zone and a width_m, one of which says where it holds")
        return self


class Agreement(_Strict):
    """A ceasefire agreement as data.

    Examples
    --------
    >>> from skyshield.monitoring.agreement import load_agreement
    >>> agreement = load_agreement("minsk-2015")
    >>> [clause.id for clause in agreement.clauses][:2]
    ['1-ceasefire', '1-ceasefire-russia']
    """

    name: Name
    title: Text
    note: Text
    sources: Annotated[dict[Name, Source], Field(min_length=1)]
    parties: dict[Party, Text]
    lines: dict[Name, Line] = {}
    party_lines: dict[Party, PartyLine]
    weapons: dict[Name, Text] = {}
    zones: dict[Name, Zone] = {}
    no_fly_areas: dict[Name, Zone] = {}
    exemptions: dict[Name, Exemption] = {}
    clauses: Annotated[tuple[Clause, ...], Field(min_length=1, max_length=MAX_CLAUSES)]
    commission: Commission | None = None
    remedies: dict[Name, Remedy] = {}

    @model_validator(mode="after")
    def _closed(self) -> Self:
        for fault in _dangling(self):
            raise PydanticCustomError("reference", "{fault}", {"fault": fault})
        return self

    def zone(self, name: str) -> Zone:
        """Return a zone or a no-fly area by its name."""
        return self.zones[name] if name in self.zones else self.no_fly_areas[name]


def _dangling(agreement: Agreement) -> list[str]:
    """Return what is named but not there, is there twice, or is there for nothing."""
    clauses, every_zone = agreement.clauses, {**agreement.zones, **agreement.no_fly_areas}
    ids = [clause.id for clause in clauses]
    lines = [of.line for of in agreement.party_lines.values()] + [zone.along for zone in every_zone.values()]
    named = {
        "sources": ({of.source for of in (*clauses, *agreement.remedies.values(), agreement.commission)
                     if of is not None}, set(agreement.sources)),
        "lines": ({name for name in lines if name}, set(agreement.lines)),
        "zones": ({clause.zone for clause in clauses if clause.zone}, set(every_zone)),
        "weapons": ({name for clause in clauses for name in clause.width_m or ()}, set(agreement.weapons)),
        "exemptions": ({name for clause in clauses for name in clause.exemptions}, set(agreement.exemptions)),
    }
    return [
        *(f"clauses: the id {name!r} is given twice" for name in sorted({name for name in ids if ids.count(name) > 1})),
        *(f"{field}: lacks {party}" for field, given in (("parties", set(agreement.parties)),
                                                         ("party_lines", set(agreement.party_lines)))
          for party in PARTIES if party not in given),
        *(f"no_fly_areas: {name!r} is a zone too" for name in agreement.no_fly_areas if name in agreement.zones),
        *(f"{kind}: {name!r} is named but not there" for kind, (names, there) in named.items()
          for name in sorted(names - there)),
        *(f"no_fly_areas: no clause names {name!r}" for name in agreement.no_fly_areas
          if name not in named["zones"][0]),
    ]
