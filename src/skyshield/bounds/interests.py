"""What the restrictions leave of the op-ed's own list: the interest × restriction matrix, and each option's own."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from skyshield.catalogue import Catalogue, load_threat_classes
from skyshield.scenario import Option, Scenario
from skyshield.theatre import MatrixRow, StandoffSet, Theatre, Zone, matrix, matrix_to_dict
from skyshield.theatre.matrix import InterestRow, Matrix

OUTSIDE, UNDECIDED = "outside", "undecided"
_GRID = "Grid "


@dataclass(frozen=True)
class Own:
    """Options that share a zone and stand-offs, and the matrix of just those."""

    options: tuple[str, ...]
    matrix: Matrix


@dataclass(frozen=True)
class Interests:
    """The matrix of the protected area, the column of each option's stand-offs, and what each option's rules leave."""

    matrix: Matrix
    of_option: dict[str, str]
    own: tuple[Own, ...]

    def by_option(self) -> dict[str, tuple[InterestRow, ...]]:
        """Return option -> the interests under its own zone and stand-offs."""
        return {option: tuple(own.matrix.interests) for own in self.own for option in own.options}


@dataclass(frozen=True)
class Losses:
    """What the zone and stand-offs of some options delete of what the protected area holds, or put in doubt.

    Attributes
    ----------
    options
        That share them.
    lost
        Interests that lie outside.
    doubtful
        Interests undecided within the map's error.
    sites
        Names of sites that lie outside, the grid of each oblast left out.
    """

    options: tuple[str, ...]
    lost: tuple[InterestRow, ...]
    doubtful: tuple[InterestRow, ...]
    sites: tuple[str, ...]


def speeds(catalogue: Catalogue) -> dict[str, tuple[float, float | None, float]]:
    """Return low, central and high speed by class of threat, m/s."""
    return {c.name: catalogue[c.entries["speed"]].si() for c in load_threat_classes()}


def interest_matrices(scenario: Scenario, catalogue: Catalogue, theatre: Theatre) -> Interests:
    """Return the matrix with the theatre's restrictions and those of the options, and each option's own."""
    sets = list(theatre.standoff_sets)
    column = {}
    alike: dict[tuple[Zone | None, StandoffSet], list[str]] = {}
    for option in scenario.options:
        if not option.shoots:
            continue
        wanted = _standoffs(option)
        distances = (wanted.russia_m, wanted.front_m, wanted.belarus_m)
        chosen = next((s for s in sets if (s.russia_m, s.front_m, s.belarus_m) == distances), wanted)
        if chosen is wanted:
            sets.append(wanted)
        column[option.name] = chosen.name
        zone = None if option.rules.zone is None else option.rules.zone.zone()
        alike.setdefault((zone, chosen), []).append(option.name)
    fast = speeds(catalogue)
    own = tuple(Own(tuple(names), matrix(theatre, zone, fast, [standoff])) for (zone, standoff), names in alike.items())
    return Interests(matrix(theatre, scenario.protected_area.zone(), fast, sets), column, own)


def _standoffs(option: Option) -> StandoffSet:
    rules = option.rules
    return StandoffSet(f"option_{option.name}", f"the rules of {option.label}", rules.kept_m("russia"),
                       rules.kept_m("front"), rules.kept_m("belarus"))


def matrix_of(scenario: Scenario, catalogue: Catalogue, theatre: Theatre) -> dict[str, Any]:
    """Return the matrix of a scenario's protected area under the theatre's restrictions, as plain data."""
    result = matrix(theatre, scenario.protected_area.zone(), speeds(catalogue))
    return {"scenario": scenario.name, **matrix_to_dict(result)}


def losses(result: Interests) -> Iterator[Losses]:
    """Yield what each option's own zone and stand-offs delete of the op-ed's interests or put in doubt."""
    free = unrestricted(result)
    before = {row.interest: row for row in result.matrix.interests if row.standoff == free}
    sites_before = {row.site: row for row in result.matrix.rows if row.standoff == free}
    for own in result.own:
        yield Losses(
            own.options,
            tuple(r for r in own.matrix.interests if r.status == OUTSIDE and _was_in(before.get(r.interest))),
            tuple(r for r in own.matrix.interests if r.status == UNDECIDED),
            tuple(r.site for r in own.matrix.rows if r.status == OUTSIDE and _was_in(sites_before.get(r.site))
                  and not is_grid(r.site)))


def left_out(result: Interests) -> tuple[str, ...]:
    """Return the sites that the protected area leaves out before any stand-off."""
    free = unrestricted(result)
    return tuple(r.site for r in result.matrix.rows if r.standoff == free and r.status == OUTSIDE)


def is_grid(site: str) -> bool:
    """Say whether a site is the grid of an oblast, not one with a name."""
    return site.startswith(_GRID)


def unrestricted(result: Interests) -> str | None:
    """Return the column without any stand-off."""
    return next((s.name for s in result.matrix.standoffs if not any((s.russia_m, s.front_m, s.belarus_m))), None)


def _was_in(row: MatrixRow | InterestRow | None) -> bool:
    return row is not None and row.status != OUTSIDE
