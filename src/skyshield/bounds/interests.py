"""The interest × restriction matrix of the op-ed's own interests, for the protected area and for each option."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from skyshield.catalogue import Catalogue, load_threat_classes
from skyshield.scenario import Option, Scenario
from skyshield.theatre import MatrixRow, StandoffSet, Theatre, Zone, matrix, matrix_to_dict
from skyshield.theatre.matrix import InterestRow, Matrix, Speeds

OUTSIDE, UNDECIDED = "outside", "undecided"
_GRID = "Grid "


@dataclass(frozen=True)
class OptionMatrix:
    """Options that share a zone and stand-offs, and the matrix of just those."""

    options: tuple[str, ...]
    matrix: Matrix


@dataclass(frozen=True)
class Interests:
    """The matrix of the protected area, the column of each option's stand-offs, and what each option's rules leave."""

    matrix: Matrix
    of_option: dict[str, str]
    own_matrices: tuple[OptionMatrix, ...]

    def by_option(self) -> dict[str, tuple[InterestRow, ...]]:
        """Return option -> the interests under its own zone and stand-offs."""
        return {option: tuple(shared.matrix.interests) for shared in self.own_matrices for option in shared.options}


@dataclass(frozen=True)
class Losses:
    """Interests of the protected area that the zone and stand-offs of some options exclude or leave undecided.

    Attributes
    ----------
    options
        That share them.
    outside
        Interests that lie outside.
    undecided
        Interests undecided within the map's error.
    sites_outside
        Names of sites that lie outside, the grid of each oblast left out.
    """

    options: tuple[str, ...]
    outside: tuple[InterestRow, ...]
    undecided: tuple[InterestRow, ...]
    sites_outside: tuple[str, ...]


def speeds(catalogue: Catalogue) -> dict[str, tuple[float, float | None, float]]:
    """Return low, central and high speed by class of threat, m/s."""
    return {c.name: catalogue[c.entries["speed"]].si() for c in load_threat_classes()}


def interest_matrices(scenario: Scenario, catalogue: Catalogue, theatre: Theatre) -> Interests:
    """Return the matrix with the theatre's restrictions and those of the options, and each option's own."""
    return _matrices(scenario, theatre, list(theatre.standoff_sets), speeds(catalogue))


def interests_left(scenario: Scenario, theatre: Theatre) -> Interests:
    """Return the same without the theatre's restrictions and without times of flight: what is inside, in a second.

    Examples
    --------
    >>> from skyshield.scenario import load
    >>> from skyshield.theatre import load_theatre
    >>> first = next(losses(interests_left(load("skyshield").chosen(("region",)), load_theatre())))
    >>> [row.interest for row in first.outside], [row.interest for row in first.undecided]
    (['ports'], ['embassies'])
    """
    return _matrices(scenario, theatre, [StandoffSet("none", "no stand-off", 0.0, 0.0, 0.0)], {})


def _matrices(scenario: Scenario, theatre: Theatre, sets: list[StandoffSet], speeds_m_s: Speeds) -> Interests:
    column = {}
    options_by_area: dict[tuple[Zone | None, StandoffSet], list[str]] = {}
    for option in scenario.options:
        if not option.fires:
            continue
        standoffs = _standoffs(option)
        distances = (standoffs.russia_m, standoffs.front_m, standoffs.belarus_m)
        chosen = next((s for s in sets if (s.russia_m, s.front_m, s.belarus_m) == distances), standoffs)
        if chosen is standoffs:
            sets.append(standoffs)
        column[option.name] = chosen.name
        zone = None if option.rules.zone is None else option.rules.zone.zone()
        options_by_area.setdefault((zone, chosen), []).append(option.name)
    own_matrices = tuple(OptionMatrix(tuple(names), matrix(theatre, zone, speeds_m_s, [standoff]))
                         for (zone, standoff), names in options_by_area.items())
    return Interests(matrix(theatre, scenario.protected_area.zone(), speeds_m_s, sets), column, own_matrices)


def _standoffs(option: Option) -> StandoffSet:
    rules = option.rules
    return StandoffSet(f"option_{option.name}", f"the rules of {option.label}", rules.min_distance_m("russia"),
                       rules.min_distance_m("front"), rules.min_distance_m("belarus"))


def matrix_of(scenario: Scenario, catalogue: Catalogue, theatre: Theatre) -> dict[str, Any]:
    """Return the matrix of a scenario's protected area under the theatre's restrictions, as plain data."""
    result = matrix(theatre, scenario.protected_area.zone(), speeds(catalogue))
    return {"scenario": scenario.name, **matrix_to_dict(result)}


def losses(result: Interests) -> Iterator[Losses]:
    """Yield the op-ed's interests that each option's own zone and stand-offs exclude or leave undecided."""
    unrestricted_column = unrestricted(result)
    before = {row.interest: row for row in result.matrix.interests if row.standoff == unrestricted_column}
    sites_before = {row.site: row for row in result.matrix.rows if row.standoff == unrestricted_column}
    for option_matrix in result.own_matrices:
        yield Losses(
            option_matrix.options,
            tuple(r for r in option_matrix.matrix.interests if r.status == OUTSIDE and _was_in(before.get(r.interest))),
            tuple(r for r in option_matrix.matrix.interests if r.status == UNDECIDED),
            tuple(r.site for r in option_matrix.matrix.rows if r.status == OUTSIDE and _was_in(sites_before.get(r.site))
                  and not is_grid(r.site)))


def left_out(result: Interests) -> tuple[str, ...]:
    """Return the sites that the protected area leaves out before any stand-off."""
    unrestricted_column = unrestricted(result)
    return tuple(r.site for r in result.matrix.rows if r.standoff == unrestricted_column and r.status == OUTSIDE)


def is_grid(site: str) -> bool:
    """Return whether a site is the grid of an oblast, not one with a name."""
    return site.startswith(_GRID)


def unrestricted(result: Interests) -> str | None:
    """Return the column without any stand-off."""
    return next((s.name for s in result.matrix.standoffs if not any((s.russia_m, s.front_m, s.belarus_m))), None)


def _was_in(row: MatrixRow | InterestRow | None) -> bool:
    return row is not None and row.status != OUTSIDE
