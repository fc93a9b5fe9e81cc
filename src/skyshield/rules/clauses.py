"""The clauses a rule set may hold, as the scenario writes them.

Each clause can be dropped alone (`RulesOfEngagement.without`), which is how its price is found.
"""

from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field
from pydantic_core import PydanticCustomError

from skyshield.core.errors import SkyShieldError
from skyshield.core.units import parse_quantity
from skyshield.core.vocabulary import ClassName
from skyshield.theatre import Zone

_MAX_DISTANCE_M = 2_000_000.0


def _distance(value: object) -> object:
    try:
        distance_m = parse_quantity(value, "m", "")
    except SkyShieldError as error:
        raise PydanticCustomError("quantity", "{what}; {remedy}",
                                  {"what": error.what, "remedy": error.remedy}) from None
    if not 0.0 <= distance_m <= _MAX_DISTANCE_M:
        raise PydanticCustomError("distance", "{what}; {remedy}", {
            "what": f"is {value!r}, outside 0 to 2,000 km", "remedy": "give a distance within the theatre"})
    return value


def _confidence(value: object) -> object:
    valid = isinstance(value, int | float) and not isinstance(value, bool)
    if not valid or not 0.0 <= value <= 1.0:  # type: ignore[operator]
        raise PydanticCustomError("confidence", "{what}; {remedy}", {
            "what": f"is {value!r}, not a number from 0 to 1", "remedy": "give a confidence such as 0.95"})
    return value


Distance = Annotated[str, BeforeValidator(_distance)]
Confidence = Annotated[float, BeforeValidator(_confidence)]


def _distinct(values: tuple[str, ...]) -> tuple[str, ...]:
    if len(set(values)) != len(values):
        raise PydanticCustomError("distinct", "{what}; {remedy}", {
            "what": "names something twice", "remedy": "name it once"})
    return values


Names = Annotated[tuple[str, ...], AfterValidator(_distinct)]


class ZoneClause(BaseModel):
    """A zone as a scenario writes it: whole oblasts or a polygon, or circles round cities or sites."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    scope: Literal["region", "city", "site"]
    oblasts: Names = ()
    places: Names = ()
    radius: Distance | None = None
    polygon: tuple[tuple[float, float], ...] = Field(default=(), max_length=1000)
    sea: Distance | None = None

    def zone(self) -> Zone:
        """Return the theatre's zone, in SI units."""
        return Zone(scope=self.scope, oblasts=self.oblasts, places=self.places,
                    radius_m=None if self.radius is None else parse_quantity(self.radius, "m", "radius"),
                    polygon=self.polygon or None,
                    sea_m=0.0 if self.sea is None else parse_quantity(self.sea, "m", "sea"))


class RulesOfEngagement(BaseModel):
    """The clauses of one option. A clause that is absent does not bind. The title of each is its name in a report.

    Attributes
    ----------
    target_classes
        Classes that may be shot at.
    zone
        Where; without it, all territory that Ukraine holds.
    standoff_russia, standoff_front, standoff_belarus
        Minimum distances of an engagement from the borders and from occupied territory.
    identification
        The confidence, 0 to 1, an operator must have in what a track is before shooting at it. Without
        it a track is enough.
    debris
        No engagement within this distance of any city of the theatre, so that debris does not fall on people.
    crewed_buffer
        Distance from Russia, from the front and from Belarus in addition to the stand-offs, because crewed
        aircraft fly there. Where a stand-off is absent the buffer alone applies.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    target_classes: Annotated[tuple[ClassName, ...], AfterValidator(_distinct), Field(min_length=1)] | None = (
        Field(default=None, title="the limit to classes"))
    zone: ZoneClause | None = Field(default=None, title="the zone")
    standoff_russia: Distance | None = Field(default=None, title="the distance from Russia")
    standoff_front: Distance | None = Field(default=None, title="the distance from the front")
    standoff_belarus: Distance | None = Field(default=None, title="the distance from Belarus")
    identification: Confidence | None = Field(default=None, title="the demand for identification")
    debris: Distance | None = Field(default=None, title="the distance from cities")
    crewed_buffer: Distance | None = Field(default=None, title="the buffer for crewed aircraft")

    def standoff_m(self, line: str) -> float:
        """Return a stand-off in metres, 0 where the clause is absent; `line` is russia, front or belarus."""
        text = getattr(self, f"standoff_{line}")
        return 0.0 if text is None else parse_quantity(text, "m", f"standoff_{line}")

    def min_distance_m(self, line: str) -> float:
        """Return the minimum distance from a line in metres: its stand-off and the buffer for crewed aircraft.

        Examples
        --------
        >>> rules = RulesOfEngagement(standoff_russia="200 km", crewed_buffer="50 km")
        >>> rules.min_distance_m("russia"), rules.min_distance_m("belarus")
        (250000.0, 50000.0)
        """
        buffer_m = 0.0 if self.crewed_buffer is None else parse_quantity(self.crewed_buffer, "m", "crewed_buffer")
        return self.standoff_m(line) + buffer_m

    def min_distances(self) -> tuple[tuple[str, float], ...]:
        """Return what an engagement must keep clear of, as a report names it, and the distance in metres, 0 if none."""
        return (("Russia", self.min_distance_m("russia")), ("occupied territory", self.min_distance_m("front")),
                ("Belarus", self.min_distance_m("belarus")), ("cities", self.debris_m))

    @property
    def debris_m(self) -> float:
        """The minimum distance from cities, metres; 0 where the clause is absent."""
        return 0.0 if self.debris is None else parse_quantity(self.debris, "m", "debris")

    @property
    def id_confidence(self) -> float:
        """The confidence that identification must reach; 0, which a track alone reaches, where the clause is absent."""
        return 0.0 if self.identification is None else float(self.identification)

    def without(self, clause: str) -> "RulesOfEngagement":
        """Return the same rules with one clause dropped.

        Examples
        --------
        >>> RulesOfEngagement(standoff_russia="200 km").without("standoff_russia").standoff_m("russia")
        0.0
        """
        if clause not in CLAUSES:
            raise SkyShieldError(f"clause {clause!r}", "is not a clause", f"choose one of {', '.join(CLAUSES)}")
        return self.model_copy(update={clause: None})


CLAUSES = tuple(RulesOfEngagement.model_fields)
