"""Members of the coalition: what share each has in what the options bring, and where its aircraft stand.

A scenario's packages say how many aircraft, people, ships and euros there are; members say whose they are. A member
that is switched off takes its shares with it: what nobody else has is missing. Today's packages read the aircraft
alone; the other shares are added up and checked in the same way. A member may name the state it is of, a row of
`skyshield.forces.coalition`; without one it is a contingent that nobody has offered.
"""

from collections.abc import Sequence
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from skyshield.core.errors import SkyShieldError
from skyshield.forces.coalition import coalition

CONTRIBUTIONS = ("aircraft", "people", "ships", "money")
Share = Annotated[float, Field(ge=0.0, le=1.0, allow_inf_nan=False)]


def _state(value: str) -> str:
    try:
        return coalition().named(value).name
    except SkyShieldError as error:
        raise PydanticCustomError("state", "{what}; {mend}", {
            "what": f"is {value!r}, not a state of the coalition's table", "mend": error.remedy}) from None


class Member(BaseModel):
    """A contingent of the coalition: its state, its shares of aircraft, people, ships and money, and its air base."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: Annotated[str, Field(min_length=1, max_length=80)]
    base: str | None = None
    state: Annotated[str, AfterValidator(_state)] | None = None
    aircraft_share: Share = 0.0
    people_share: Share = 0.0
    ships_share: Share = 0.0
    money_share: Share = 0.0
    active: bool = True

    @model_validator(mode="after")
    def _brings_something(self) -> "Member":
        if not any(self.contributes.values()):
            raise PydanticCustomError("member", "{what}; {mend}", {
                "what": "has no share of anything",
                "mend": f"give it an {', '.join(f'{name}_share' for name in CONTRIBUTIONS[:-1])} or "
                        f"{CONTRIBUTIONS[-1]}_share above 0"})
        if self.aircraft_share > 0.0 and self.base is None:
            raise PydanticCustomError("member", "{what}; {mend}", {
                "what": "has aircraft and no base", "mend": "name one of the theatre's bases"})
        return self

    @property
    def contributes(self) -> dict[str, float]:
        """Its share of each of `CONTRIBUTIONS`, from 0 to 1.

        Examples
        --------
        >>> Member(name="one", base="Rzeszów", aircraft_share=0.5).contributes
        {'aircraft': 0.5, 'people': 0.0, 'ships': 0.0, 'money': 0.0}
        """
        return {"aircraft": self.aircraft_share, "people": self.people_share, "ships": self.ships_share,
                "money": self.money_share}


def contributed(members: Sequence[Member], idle: bool = False) -> dict[str, float]:
    """Return what share of each of `CONTRIBUTIONS` the active members have together.

    Parameters
    ----------
    members
        Of a scenario.
    idle
        Count those that are switched off too.

    Examples
    --------
    >>> two = [Member(name="a", money_share=0.25, people_share=0.5), Member(name="b", money_share=0.5, active=False)]
    >>> contributed(two), contributed(two, idle=True)["money"]
    ({'aircraft': 0.0, 'people': 0.5, 'ships': 0.0, 'money': 0.25}, 0.75)
    """
    there = [member.contributes for member in members if member.active or idle]
    return {name: sum(of_member[name] for of_member in there) for name in CONTRIBUTIONS}


def among_themselves(members: Sequence[Member]) -> list[Member]:
    """Return members with shares that add up to 1 over all of them, those that are switched off among them.

    Examples
    --------
    >>> two = [Member(name="a", money_share=0.1), Member(name="b", money_share=0.3, active=False)]
    >>> [round(one.money_share, 2) for one in among_themselves(two)]
    [0.25, 0.75]
    """
    together = contributed(members, idle=True)
    shares = {f"{name}_share": whole for name, whole in together.items() if whole > 0.0}
    return [member.model_copy(update={field: getattr(member, field) / whole for field, whole in shares.items()})
            for member in members]


def with_aircraft(members: Sequence[Member]) -> list[tuple[str, float]]:
    """Return base and share of the aircraft of each active member that has any.

    Examples
    --------
    >>> with_aircraft([Member(name="a", base="Rzeszów", aircraft_share=0.5), Member(name="b", money_share=1.0)])
    [('Rzeszów', 0.5)]
    """
    return [(member.base, member.aircraft_share) for member in members
            if member.active and member.base is not None and member.aircraft_share > 0.0]
