"""How far inside a party's ground a place lies, against shapely's distances and against every piece of the line.

Mutations tried, each caught: half the spread of the places left out; no piece but the nearest of the middle kept; left
taken for right.
"""

from itertools import pairwise

import numpy as np
import pytest
import shapely

from skyshield.monitoring.attribution import ground as module
from skyshield.monitoring.attribution.ground import Ground


def drawn(seed, spread_m):
    """A line of forty pieces that turns about, and places round a point near it."""
    g = np.random.default_rng(seed)
    line = np.cumsum(g.normal((0.0, 8e3), 6e3, (41, 2)), axis=0)
    middle = line[g.integers(0, 41)] + g.normal(0.0, 2e4, 2)
    return line, middle + g.normal(0.0, spread_m, (200, 2))


def inside_of(line, places):
    return Ground(("A",), (line,), (1,), (0.0,)).inside_m(places[:, 0], places[:, 1])[0]


@pytest.mark.parametrize("spread_m", [0.0, 1e3, 2e4, 1e5])
@pytest.mark.parametrize("seed", range(8))
def test_distances_are_those_that_shapely_measures(seed, spread_m):
    line, places = drawn(seed, spread_m)
    measured = shapely.distance(shapely.LineString(line), shapely.points(places))
    assert np.abs(inside_of(line, places)) == pytest.approx(measured, rel=1e-9, abs=1e-6)


@pytest.mark.parametrize("spread_m", [0.0, 1e3, 2e4, 1e5])
@pytest.mark.parametrize("seed", range(8))
def test_pieces_left_out_change_no_byte(seed, spread_m, monkeypatch):
    line, places = drawn(seed, spread_m)
    found, kept = inside_of(line, places), module._pieces_near(places, line)
    assert 1 <= len(kept) <= 40 and (spread_m > 2e4 or len(kept) < 40)
    monkeypatch.setattr(module, "_pieces_near", lambda _, whole: list(pairwise(whole)))
    assert inside_of(line, places).tobytes() == found.tobytes()


def test_left_of_the_line_is_inside():
    line = np.array([[0.0, -1e5], [0.0, 0.0], [0.0, 1e5]])
    assert inside_of(line, np.array([[-3e3, 5.0], [4e3, 5.0]])).tolist() == [3e3, -4e3]
