"""Parts of routes inside an area, which are worked out once for the same routes and area.

Shown to fail: bytes of whole numbers read as those of floats; the kept arrays handed out themselves.
"""

import numpy as np
from shapely import box

from skyshield.theatre.crossing import inside_parts

AREA = box(2, -1, 7, 1)


def test_whole_numbers_are_places_too():
    start, end = inside_parts(np.array([[0, 5, 10], [3, 4, 5]]), np.zeros((2, 3), int), AREA)
    assert start.tolist() == [[2.0], [0.0]]
    assert end.tolist() == [[7.0], [2.0]]


def test_what_a_caller_changes_stays_with_it():
    x, y = np.array([[0.0, 5.0, 10.0]]), np.zeros((1, 3))
    inside_parts(x, y, AREA)[0][:] = 99.0
    assert inside_parts(x, y, AREA)[0].tolist() == [[2.0]]
