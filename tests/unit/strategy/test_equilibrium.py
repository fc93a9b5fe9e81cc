"""Equilibria by enumeration: against Gambit, against trying every deviation, and on degenerate games.

Tried to fail: vertices kept that break an inequality; labels of zeros left out; an attack allowed at a loss.
"""

import io
import itertools
from fractions import Fraction

import numpy as np
import pygambit
import pytest

from skyshield.core.errors import SkyShieldError
from skyshield.strategy.equilibrium import AttackGame, bayes_nash, bimatrix, perfect, strategic_form
from skyshield.strategy.response import game_of
from support.response import LOSSES, MENU


def _gambit(row, column):
    """Return Gambit's extreme equilibria of a game of two players."""
    row, column = np.asarray(row, float), np.asarray(column, float)
    payoffs = (Fraction(float(table[i, j])) for j in range(row.shape[1]) for i in range(row.shape[0])
               for table in (row, column))  # the first player's choice runs fastest
    game = pygambit.read_nfg(io.StringIO(f'NFG 1 R "" {{ "1" "2" }} {{ {row.shape[0]} {row.shape[1]} }}\n'
                                         + " ".join(map(str, payoffs))))
    return sorted((tuple(tuple(float(share) for share in dict(player).values()) for player in one)
                   for one in pygambit.nash.enummixed_solve(game, rational=True).equilibria), reverse=True)


def _alike(found, expected):
    return len(found) == len(expected) and all(
        mine == pytest.approx(theirs, abs=1e-12) for one, other in zip(found, expected, strict=True)
        for mine, theirs in zip(one, other, strict=True))


def _is_equilibrium(row, column, x, y):
    best_row, best_column = np.asarray(row) @ y, x @ np.asarray(column)
    return (x @ best_row == pytest.approx(best_row.max(), abs=1e-9)
            and best_column @ y == pytest.approx(best_column.max(), abs=1e-9))


# Each has more equilibria than enumeration over supports of equal size finds, or a continuum of them.
DEGENERATE = {
    "indifferent column": ([[1, 1], [0, 0]], [[1, 1], [1, 1]]),
    "three against two": ([[3, 3], [2, 5], [0, 6]], [[3, 3], [2, 6], [3, 1]]),
    "all alike": ([[0, 0], [0, 0]], [[0, 0], [0, 0]]),
    "a threat": ([[0, 0, 0], [1, 0, -1]], [[0, 0, 0], [-1, -2, -2]]),
}


@pytest.mark.parametrize("name", DEGENERATE)
def test_degenerate_games_as_gambit(name):
    found = bimatrix(*DEGENERATE[name])
    assert found and _alike(found, _gambit(*DEGENERATE[name]))


@pytest.mark.parametrize("seed", range(40))
def test_random_games_as_gambit(seed):
    """Payoffs of few whole numbers, so that most games are degenerate."""
    rng = np.random.default_rng(seed)
    shape = tuple(rng.integers(2, 5, 2))
    row, column = rng.integers(0, 3, shape), rng.integers(0, 3, shape)
    found = bimatrix(row, column)
    assert _alike(found, _gambit(row, column))
    for one in found:
        assert _is_equilibrium(row, column, np.array(one.row), np.array(one.column))


def test_a_tie_hidden_in_decimals_is_no_tie():
    """0.1 + 0.2 is above 0.3 in floating point, and exact fractions tell."""
    found = bimatrix([[0.1 + 0.2], [0.3]], [[0.0], [0.0]])
    assert [one.row for one in found] == [(1.0, 0.0)]


@pytest.mark.parametrize(("row", "column", "said"), [
    ([[1, 2]], [[1], [2]], "shapes"), ([[float("nan")]], [[1]], "finite"),
    (np.zeros((12, 12)), np.zeros((12, 12)), "too large")])
def test_games_that_cannot_be(row, column, said):
    with pytest.raises(SkyShieldError, match=said):
        bimatrix(row, column)


def _tree(game):
    """Return the attack as Gambit's game in extensive form."""
    types, answers = game.costs.shape
    weights = [Fraction(float(weight)).limit_denominator(10_000) for weight in game.weights]
    weights[-1] = 1 - sum(weights[:-1])
    choices = " ".join(f'"answer {a}"' for a in range(answers))
    chances = " ".join(f'"type {t}" {weight}' for t, weight in enumerate(weights))
    lines = ['EFG 2 R "attack" { "Russia" "West" }', f'c "" 1 "" {{ {chances} }} 0']
    for t in range(types):  # one information set of Russia: it does not see the type
        lines += ['p "" 1 1 "" { "holds back" "attacks" } 0', f't "" {t * (answers + 1) + 1} "" {{ 0, 0 }}',
                  f'p "" 2 {t + 1} "" {{ {choices} }} 0']
        lines += [f't "" {t * (answers + 1) + a + 2} "" {{ {Fraction(float(game.gain - game.imposed[a]))}, '
                  f'{Fraction(float(-game.costs[t, a]))} }}' for a in range(answers)]
    return pygambit.read_efg(io.StringIO("\n".join(lines)))


def _pure(game):
    """Return Gambit's equilibria without mixing: whether Russia attacks, the West's answers by type."""
    found = set()
    types, answers = game.costs.shape
    plans = list(itertools.product(range(answers), repeat=types))  # as Gambit numbers them, from 1
    for one in pygambit.nash.enumpure_solve(_tree(game)).equilibria:
        russia, west = (next(int(plan) for plan, share in dict(player).items() if share == 1) for player in one)
        found.add((russia == 2, plans[west - 1]))
    return found


def _random_attack(seed):
    rng = np.random.default_rng(seed)
    types, answers = rng.integers(1, 4), rng.integers(2, 5)
    weights = rng.integers(1, 4, types)
    return AttackGame(weights / weights.sum(), rng.integers(0, 3, (types, answers)).astype(float),
                      rng.integers(0, 4, answers).astype(float), float(rng.integers(0, 4)))


@pytest.mark.parametrize("seed", range(25))
def test_the_attack_as_gambit(seed):
    """Every equilibrium without mixing, from the same tree; whole numbers, so that ties are common."""
    game = _random_attack(seed)
    assert {(one.attacks, one.answers) for one in bayes_nash(game)} == _pure(game)


def test_the_specification_as_gambit():
    game = game_of(MENU, LOSSES, 1.0, 1.0)
    assert perfect(game).russia == "attacks"
    assert {(one.attacks, one.answers) for one in bayes_nash(game)} == _pure(game)
    assert {one.answers for one in bayes_nash(game) if one.perfect} == {(2, 3, 4)}


@pytest.mark.parametrize("seed", range(25))
def test_perfect_by_trying_every_deviation(seed):
    """A perfect profile is one from which no type gains after an attack, whether there is one or not."""
    game = _random_attack(seed)
    types, answers = game.costs.shape
    expected = set()
    for attacks, profile in itertools.product((False, True), itertools.product(range(answers), repeat=types)):
        gain = game.gain - float(game.weights @ game.imposed[list(profile)])
        steady = all(game.costs[t, profile[t]] <= game.costs[t, a] for t in range(types) for a in range(answers))
        if steady and (gain >= -1e-12 if attacks else gain <= 1e-12):
            expected.add((attacks, profile))
    assert {(one.attacks, one.answers) for one in bayes_nash(game) if one.perfect} == expected
    said = {"attacks": {True}, "does not attack": {False}, "either": {True, False}}[perfect(game).russia]
    assert {attacks for attacks, _ in expected} <= said


def test_strategic_form_has_the_same_equilibria():
    game = _random_attack(4)
    ways = list(itertools.product(range(game.costs.shape[1]), repeat=game.costs.shape[0]))
    russia, west = strategic_form(game)
    pure = {(bool(i), ways[j]) for i, j in itertools.product(range(2), range(len(ways)))
            if russia[i, j] == russia[:, j].max() and west[i, j] == west[i].max()}
    assert {(one.attacks, one.answers) for one in bayes_nash(game)} == pure


@pytest.mark.parametrize("change", [
    {"weights": np.array([0.5, 0.4])}, {"weights": np.array([1.0])}, {"imposed": np.array([1.0])},
    {"costs": np.array([[np.nan, 0.0], [0.0, 0.0]])}, {"costs": np.zeros((0, 2))}])
def test_attacks_that_cannot_be(change):
    fields = {"weights": np.array([0.5, 0.5]), "costs": np.zeros((2, 2)), "imposed": np.zeros(2), "gain": 1.0}
    with pytest.raises(SkyShieldError, match="game of an attack"):
        AttackGame(**(fields | change))


def test_too_many_ways_to_answer():
    with pytest.raises(SkyShieldError, match=r"5\^8 ways"):
        bayes_nash(AttackGame(np.full(8, 1 / 8), np.zeros((8, 5)), np.zeros(5), 1.0))
