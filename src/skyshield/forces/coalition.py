"""The states of the coalition: what each has said that it would give, what it has, and what it has given.

All of it is the table `data/coalition.yaml`, with a source for whatever is not unknown. By domain a state has said
yes, no or conditional; what is unpublished stays unknown. A statement holds from a ceasefire on unless it says
otherwise, because the Paris Declaration begins there. What states have is a range of general knowledge. Nothing here
says what a state will do: `release` turns what was said into the bounds of what it might, and `skyshield.strategy`
works with the bounds.

Source: the statements of the table; strategy specification, S5.
"""

import difflib
import functools
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any, Literal

from skyshield.core.errors import SkyShieldError
from skyshield.core.files import read_yaml

TABLE = Path(__file__).parent / "data" / "coalition.yaml"
Domain = Literal["ground", "air", "naval", "money", "basing", "overflight"]
Answer = Literal["yes", "no", "conditional", "unknown"]
DOMAINS: tuple[Domain, ...] = ("ground", "air", "naval", "money", "basing", "overflight")
ANSWERS: tuple[Answer, ...] = ("yes", "conditional", "unknown", "no")  # from most to least
MONEY = "money_eur_a_year"
# what options need (`ForcePackage.needs`), and the domain in which a state must agree to give it
CAPABILITIES: Mapping[str, Domain] = MappingProxyType({
    "fighters": "air", "tankers": "air", "early_warning_aircraft": "air", "soldiers": "ground",
    "irist_batteries": "air", "nasams_batteries": "air", "patriot_batteries": "air", "guns": "air",
    "drone_teams": "air", "frigates": "naval", "minehunters": "naval", MONEY: "money"})
_BILLION = 1e9


@dataclass(frozen=True)
class Statement:
    """What a state has said of one domain; `from_ceasefire` if it holds only once a ceasefire does."""

    answer: Answer
    from_ceasefire: bool = True
    caveat: str = ""
    date: str = ""
    source: tuple[str, ...] = ()

    def at(self, ceasefire: bool) -> Answer:
        """Return what it comes to before or after a ceasefire: a yes that waits for one is conditional until then.

        Examples
        --------
        >>> Statement("yes").at(ceasefire=False), Statement("yes").at(ceasefire=True), Statement("no").at(False)
        ('conditional', 'yes', 'no')
        """
        return "conditional" if self.answer == "yes" and self.from_ceasefire and not ceasefire else self.answer


UNKNOWN = Statement("unknown")


@dataclass(frozen=True)
class State:
    """A state of the coalition.

    Attributes
    ----------
    name, iso
        As the table has it, and ISO 3166 code of three letters.
    nato, eu
        Member of the Alliance, of the Union.
    says
        Statement by domain, all of `DOMAINS`.
    has
        (low, high) by capability, in service; what is not there is nothing.
    offers
        Most that it has named, by capability: soldiers deployed at a time.
    given_eur
        Aid to Ukraine allocated so far.
    gdp_eur
        Gross domestic product.
    host
        It is Ukraine, on whose ground the others would stand.
    among_33
        It is one of the 33 states of the op-ed's count.
    """

    name: str
    iso: str
    nato: bool
    eu: bool
    says: Mapping[str, Statement]
    has: Mapping[str, tuple[float, float]]
    offers: Mapping[str, float]
    given_eur: float
    gdp_eur: float
    host: bool = False
    among_33: bool = True
    note: str = ""


@dataclass(frozen=True)
class Coalition:
    """The table: states by name, the counts that others give, sources, what nobody has published, months of aid."""

    states: Mapping[str, State]
    counts: tuple[Mapping[str, Any], ...]
    sources: Mapping[str, Mapping[str, str]]
    unpublished: tuple[str, ...]
    given_months: int

    @property
    def members(self) -> tuple[State, ...]:
        """The states that could give something: all but the host."""
        return tuple(state for state in self.states.values() if not state.host)

    def named(self, name: str, where: str = "state") -> State:
        """Return a state by its name or its code.

        Raises
        ------
        SkyShieldError
            If there is no such state.

        Examples
        --------
        >>> coalition().named("gbr").name
        'United Kingdom'
        """
        for state in self.states.values():
            if name.casefold() in (state.name.casefold(), state.iso.casefold()):
                return state
        known = [word for state in self.states.values() for word in (state.name, state.iso)]
        near = difflib.get_close_matches(name, known, n=1) or difflib.get_close_matches(name.upper(), known, n=1)
        raise SkyShieldError(f"{where} {name!r}", "is not a state of the coalition's table",
                             f"did you mean {near[0]}?" if near else "use a name or code such as Poland or POL")

    def without(self, names: Iterable[str], where: str = "state") -> tuple[State, ...]:
        """Return the members that are left without those named.

        Raises
        ------
        SkyShieldError
            If a state is unknown, named twice, or the host.

        Examples
        --------
        >>> len(coalition().members) - len(coalition().without(["FRA", "Poland"]))
        2
        """
        struck: list[State] = []
        for name in names:
            state = self.named(name, where)
            if state in struck:
                raise SkyShieldError(f"{where} {name!r}", "is named twice", "name each state once")
            if state.host:
                raise SkyShieldError(f"{where} {name!r}", "is the host and gives no contingent", "name another state")
            struck.append(state)
        return tuple(state for state in self.members if state not in struck)


def once(names: Sequence[str], where: str) -> None:
    """Refuse a name that stands twice.

    Raises
    ------
    SkyShieldError
        Naming the first of them.

    Examples
    --------
    >>> once(["a", "b"], "members")
    """
    twice = next((name for k, name in enumerate(names) if name in names[:k]), None)
    if twice is not None:
        raise SkyShieldError(f"{where} {twice!r}", "stands there twice", "keep one of them")


@functools.cache
def coalition() -> Coalition:
    """Return the shipped table.

    Examples
    --------
    >>> table = coalition()
    >>> len(table.members), sum(state.among_33 for state in table.members), table.named("Poland").says["ground"].answer
    (35, 33, 'no')
    """
    return read_coalition(read_yaml(TABLE), TABLE.name)


def read_coalition(content: Mapping[str, Any], where: str) -> Coalition:
    """Build the table from what a file says, or refuse it.

    Raises
    ------
    SkyShieldError
        ``FILE: STATE: FIELD`` and what is wrong with it.
    """
    sources = content["sources"]
    for key, source in sources.items():
        if source["kind"] not in content["kinds"]:
            raise SkyShieldError(f"{where}: sources: {key}", f"is of the kind {source['kind']!r}",
                                 f"use {', '.join(content['kinds'])}")
    declared = _statements(content.get("declared", {}), sources, f"{where}: declared")
    states = {name: _state(name, fields, declared, sources, f"{where}: {name}")
              for name, fields in content["states"].items()}
    once([state.iso for state in states.values()], f"{where}: iso")
    return Coalition(MappingProxyType(states), tuple(content["counts"]), MappingProxyType(sources),
                     tuple(content["unpublished"]), content["given_months"])


def _state(name: str, fields: Mapping[str, Any], declared: Mapping[str, Statement], sources: Mapping[str, Any],
           where: str) -> State:
    says = {**declared, **_statements(fields.get("says", {}), sources, f"{where}: says")}
    has = {}
    for capability, ends in fields.get("has", {}).items():
        _capability(capability, where)
        low, high = ends
        if not 0 <= low <= high:
            raise SkyShieldError(f"{where}: has: {capability}", f"is {low:g} to {high:g}",
                                 "put low before high, from 0")
        has[capability] = (float(low), float(high))
    offers = {}
    for capability, offer in fields.get("offers", {}).items():
        _capability(capability, where)
        _known(offer["source"], sources, f"{where}: offers: {capability}")
        offers[capability] = float(offer["at_most"])
    return State(name, fields["iso"], fields["nato"], fields["eu"],
                 MappingProxyType({domain: says.get(domain, UNKNOWN) for domain in DOMAINS}), MappingProxyType(has),
                 MappingProxyType(offers), fields.get("given_eur_bn", 0.0) * _BILLION,
                 fields.get("gdp_eur_bn", 0.0) * _BILLION, fields.get("host", False), fields.get("among_33", True),
                 fields.get("note", ""))


def _statements(said: Mapping[str, Any], sources: Mapping[str, Any], where: str) -> dict[str, Statement]:
    result: dict[str, Statement] = {}
    for domain, fields in said.items():
        if domain not in DOMAINS:
            raise SkyShieldError(f"{where}: {domain}", "is no domain", f"use {', '.join(DOMAINS)}")
        if fields.get("answer") not in ANSWERS:
            raise SkyShieldError(f"{where}: {domain}: answer", f"is {fields.get('answer')!r}",
                                 f"use {', '.join(ANSWERS)}, in quotes")
        since = fields.get("from", "ceasefire")
        if since not in ("ceasefire", "now"):
            raise SkyShieldError(f"{where}: {domain}: from", f"is {since!r}", "use ceasefire or now")
        missing = [name for name in ("caveat", "date", "source") if not fields.get(name)]
        if fields["answer"] != "unknown" and missing:
            raise SkyShieldError(f"{where}: {domain}: {missing[0]}", "is missing", "say who said it, when, and on what "
                                 "condition, or call it unknown")
        _known(fields.get("source", ()), sources, f"{where}: {domain}: source")
        result[domain] = Statement(fields["answer"], since == "ceasefire", fields.get("caveat", ""),
                                   fields.get("date", ""), tuple(fields.get("source", ())))
    return result


def _capability(name: str, where: str) -> None:
    if name not in CAPABILITIES:
        raise SkyShieldError(f"{where}: {name}", "is no capability", f"use {', '.join(CAPABILITIES)}")


def _known(keys: Sequence[str], sources: Mapping[str, Any], where: str) -> None:
    unknown = next((key for key in keys if key not in sources), None)
    if unknown is not None:
        raise SkyShieldError(where, f"is the unknown source {unknown!r}", "add it to the table's sources")


def release(answer: Answer, default: tuple[float, float]) -> tuple[float, float]:
    """Return from which share to which a state releases, by what it has said.

    Parameters
    ----------
    answer
        Of the state, in the domain and phase concerned.
    default
        Share (low, high) of a state that has said yes.

    Examples
    --------
    >>> [release(answer, (0.1, 0.4)) for answer in ANSWERS]
    [(0.1, 0.4), (0.0, 0.4), (0.0, 0.4), (0.0, 0.0)]
    """
    low, high = default
    return (low if answer == "yes" else 0.0), (0.0 if answer == "no" else high)


def least(answers: Iterable[Answer]) -> Answer:
    """Return the least of several answers, where all are needed.

    Examples
    --------
    >>> least(["yes", "unknown"]), least([])
    ('unknown', 'yes')
    """
    return max(answers, key=ANSWERS.index, default="yes")
