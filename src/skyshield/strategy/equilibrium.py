r"""Equilibria of the answer to an attack, and of any small game of two players, found by enumeration.

**The attack in extensive form.** Nature draws the West's type t with probability P(t); Russia attacks or not without
seeing it; after an attack the West, which knows its type, gives an answer a. Without an attack both get 0; with one
Russia gets b - k_a and the West -L_t(a).

- *Perfect Bayesian*: every type gives an answer that is best for it, attacked or not, so Russia attacks if
  b > E[k], does not if b < E[k], and does as it likes where they are equal.
- *Bayesian Nash*: where Russia does not attack, no type has to do what it says, so any answers with E[k] >= b hold
  it back, whether they would be given or not. Those that no type would give rest on an empty threat.

**Two players with a finite number of choices.** With payoffs A and B above 0, the polytopes

    P = {x >= 0, B'x <= 1},   Q = {y >= 0, Ay <= 1}

have as vertices what best answers meet at; a pair of vertices other than (0, 0) in which every choice is unused or a
best answer is an equilibrium, and every equilibrium mixes such pairs. All vertices are found, in exact fractions, by
trying every set of inequalities, so that degenerate games are right as well: enumeration over supports of equal size
misses equilibria there.

References: B. von Stengel, "Computing equilibria for two-person games", Handbook of Game Theory 3, 2002; D. Avis et
al., "Enumeration of Nash equilibria for two-player games", Economic Theory 42, 2010.
"""

import itertools
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from skyshield.core.arrays import Floats
from skyshield.core.errors import SkyShieldError

ATTACKS, HOLDS_BACK, EITHER = "attacks", "does not attack", "either"
_ROUNDING = 1e-12  # a gain so near to E[k] is equal to it
_MOST_BASES = 50_000
_MOST_PROFILES = 100_000
Row = tuple[Fraction, ...]


@dataclass(frozen=True)
class AttackGame:
    """The attack in extensive form.

    Attributes
    ----------
    weights
        P(t), f8[type]; they add up to 1.
    costs
        L_t(a), f8[type, answer]: what an answer costs the West.
    imposed
        k_a, f8[answer]: what it costs Russia.
    gain
        b, of an attack to Russia, before the answer.

    Examples
    --------
    >>> game = AttackGame(np.array([0.5, 0.5]), np.array([[0.1, 0.4], [0.6, 0.4]]), np.array([0.0, 2.0]), 0.8)
    >>> perfect(game).imposed_low, perfect(game).russia
    (1.0, 'does not attack')
    """

    weights: Floats
    costs: Floats
    imposed: Floats
    gain: float

    def __post_init__(self) -> None:
        """Refuse a game that cannot be."""
        shape = self.costs.shape
        if len(shape) != 2 or self.weights.shape != shape[:1] or self.imposed.shape != shape[1:] or not self.costs.size:
            raise SkyShieldError("game of an attack", "has tables of different lengths",
                                 "give a weight a type, a cost a type and answer, and an imposed cost an answer")
        if not all(bool(np.isfinite(part).all()) for part in (self.weights, self.costs, self.imposed, self.gain)):
            raise SkyShieldError("game of an attack", "has a number that is not finite", "give finite numbers")
        if (self.weights < 0.0).any() or not math.isclose(math.fsum(self.weights), 1.0, abs_tol=1e-9):
            raise SkyShieldError("game of an attack", "has types whose probabilities do not add up to 1",
                                 "give numbers from 0 that add up to 1")


class Perfect(NamedTuple):
    """All perfect Bayesian equilibria: each type's best answers, the ends of E[k] over them, what Russia does."""

    best: tuple[tuple[int, ...], ...]
    imposed_low: float
    imposed_high: float
    russia: str


class Profile(NamedTuple):
    """One equilibrium without mixing: whether Russia attacks, each type's answer, whether it is perfect."""

    attacks: bool
    answers: tuple[int, ...]
    perfect: bool


class Mixed(NamedTuple):
    """One equilibrium of two players: how often each choice is made, f8[row], f8[column]."""

    row: tuple[float, ...]
    column: tuple[float, ...]


def perfect(game: AttackGame) -> Perfect:
    """Return the perfect Bayesian equilibria: what each type answers and whether Russia attacks.

    A type with two best answers may give either or mix them, so E[k] has two ends; Russia attacks in all of them if b
    is above both, in none if below both.

    Examples
    --------
    >>> tie = AttackGame(np.ones(1), np.array([[0.4, 0.4]]), np.array([0.0, 2.0]), 1.0)
    >>> perfect(tie)
    Perfect(best=((0, 1),), imposed_low=0.0, imposed_high=2.0, russia='either')
    """
    best = tuple(tuple(int(a) for a in np.flatnonzero(row == row.min())) for row in game.costs)
    low, high = (math.fsum(weight * end(game.imposed[list(answers)])
                           for weight, answers in zip(game.weights, best, strict=True)) for end in (np.min, np.max))
    russia = ATTACKS if game.gain > high + _ROUNDING else HOLDS_BACK if game.gain < low - _ROUNDING else EITHER
    return Perfect(best, float(low), float(high), russia)


def bayes_nash(game: AttackGame) -> list[Profile]:
    """Return every Bayesian Nash equilibrium without mixing, those that rest on an empty threat included.

    Examples
    --------
    >>> game = AttackGame(np.ones(1), np.array([[0.1, 0.4]]), np.array([0.0, 2.0]), 1.0)
    >>> [(one.attacks, one.answers, one.perfect) for one in bayes_nash(game)]
    [(True, (0,), True), (False, (1,), False)]
    """
    types, answers = game.costs.shape
    if answers ** types > _MOST_PROFILES:
        raise SkyShieldError("game of an attack", f"has {answers}^{types} ways to answer",
                             f"give fewer types or answers: at most {_MOST_PROFILES:,} ways")
    least = game.costs.min(axis=1)
    result = []
    for profile in itertools.product(range(answers), repeat=types):
        there = game.costs[np.arange(types), list(profile)] == least
        gain = game.gain - math.fsum(game.weights * game.imposed[list(profile)])
        if gain >= -_ROUNDING and there[game.weights > 0.0].all():
            result.append(Profile(True, profile, bool(there.all())))
        if gain <= _ROUNDING:
            result.append(Profile(False, profile, bool(there.all())))
    return result


def strategic_form(game: AttackGame) -> tuple[Floats, Floats]:
    """Return Russia's and the West's payoffs, f8[2, ways to answer]: no attack first, ways in lexical order.

    Examples
    --------
    >>> game = AttackGame(np.ones(1), np.array([[0.1, 0.4]]), np.array([0.0, 2.0]), 1.0)
    >>> strategic_form(game)[0].tolist(), strategic_form(game)[1].tolist()
    ([[0.0, 0.0], [1.0, -1.0]], [[0.0, 0.0], [-0.1, -0.4]])
    """
    types, answers = game.costs.shape
    ways = list(itertools.product(range(answers), repeat=types))
    russia = [game.gain - math.fsum(game.weights * game.imposed[list(way)]) for way in ways]
    west = [-math.fsum(game.weights * game.costs[np.arange(types), list(way)]) for way in ways]
    return np.array([np.zeros(len(ways)), russia]), np.array([np.zeros(len(ways)), west])


def bimatrix(row: npt.ArrayLike, column: npt.ArrayLike) -> list[Mixed]:
    """Return the extreme equilibria of a game of two players; all others mix those that share a side.

    Parameters
    ----------
    row, column
        Payoffs of either player, f8[choices of the row player, choices of the column player].

    Raises
    ------
    SkyShieldError
        If the tables differ in shape, hold what is not finite, or are too large to enumerate.

    Examples
    --------
    >>> bimatrix([[1, -1], [-1, 1]], [[-1, 1], [1, -1]])
    [Mixed(row=(0.5, 0.5), column=(0.5, 0.5))]
    """
    first, second = np.asarray(row, float), np.asarray(column, float)
    if first.ndim != 2 or first.shape != second.shape or not first.size:
        raise SkyShieldError("game of two players", "has payoffs of two different shapes", "give two tables alike")
    if not (np.isfinite(first).all() and np.isfinite(second).all()):
        raise SkyShieldError("game of two players", "has a payoff that is not finite", "give finite numbers")
    rows, columns = first.shape
    if math.comb(rows + columns, rows) > _MOST_BASES:
        raise SkyShieldError("game of two players", f"with {rows} and {columns} choices is too large",
                             "give fewer choices")
    own, other = _positive(first), _positive(second)
    # Labels: choices of the row player, then those of the column player.
    of_row = _vertices([tuple(other[i][j] for i in range(rows)) for j in range(columns)], rows)
    of_column = _vertices([tuple(own[i][j] for j in range(columns)) for i in range(rows)], columns)
    everything = frozenset(range(rows + columns))
    result = []
    for x, unused, best in of_row:
        labels = unused | {rows + j for j in best}
        for y, unused_column, best_row in of_column:
            if labels | {rows + j for j in unused_column} | best_row == everything and any(x) and any(y):
                result.append(Mixed(_shares(x), _shares(y)))
    return sorted(result, reverse=True)


def _positive(table: Floats) -> list[Row]:
    """Return a table of exact fractions, moved so that the least is 1: best answers stay what they are."""
    exact = [tuple(Fraction(value) for value in line) for line in table.tolist()]
    least = min(value for line in exact for value in line)
    return [tuple(value - least + 1 for value in line) for line in exact]


def _shares(vertex: Row) -> tuple[float, ...]:
    total = sum(vertex)
    return tuple(float(value / total) for value in vertex)


def _vertices(inequalities: Sequence[Row], size: int) -> list[tuple[Row, frozenset[int], frozenset[int]]]:
    """Return the vertices of {x >= 0, inequalities x <= 1}, with the zeros of each and the inequalities it meets."""
    found: dict[Row, tuple[frozenset[int], frozenset[int]]] = {}
    lines = [*(tuple(Fraction(int(i == j)) for j in range(size)) for i in range(size)), *inequalities]
    for chosen in itertools.combinations(range(len(lines)), size):
        x = _solve([lines[k] for k in chosen], [Fraction(int(k >= size)) for k in chosen])
        if x is None or x in found or min(x) < 0:
            continue
        values = [sum(a * b for a, b in zip(line, x, strict=True)) for line in inequalities]
        if all(value <= 1 for value in values):
            found[x] = (frozenset(i for i in range(size) if x[i] == 0),
                        frozenset(j for j, value in enumerate(values) if value == 1))
    return [(x, *labels) for x, labels in found.items()]


def _solve(lines: Sequence[Row], right: Sequence[Fraction]) -> Row | None:
    """Return the one solution of a square system, None if there is not exactly one."""
    table = [[*line, value] for line, value in zip(lines, right, strict=True)]
    size = len(table)
    for k in range(size):
        pivot = next((i for i in range(k, size) if table[i][k] != 0), None)
        if pivot is None:
            return None
        table[k], table[pivot] = table[pivot], table[k]
        table[k] = [value / table[k][k] for value in table[k]]
        for i in _others(size, k):
            if factor := table[i][k]:
                table[i] = [value - factor * head for value, head in zip(table[i], table[k], strict=True)]
    return tuple(line[-1] for line in table)


def _others(size: int, k: int) -> Iterator[int]:
    return (i for i in range(size) if i != k)
