"""In which of the record's areas a position lies: the south, the west or elsewhere.

Bulletins number kills by area; the record's areas are groups of oblasts (``kill_areas`` of its table). A stop over the
sea or outside Ukraine counts for the nearest oblast, so those off Odesa count for the south. Positions are looked up on
a grid of `CELL_M`.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from skyshield.core.arrays import Flags, Floats
from skyshield.record.names import reading
from skyshield.theatre import Theatre, plane_oblast

CELL_M = 10_000.0
SIDES = ("south", "west")
ELSEWHERE, SOUTH, WEST = range(3)
_OBLAST = " oblast"


def oblasts_of(side: str) -> tuple[str, ...]:
    """Return the oblasts of a side of the country, as the theatre names them.

    Examples
    --------
    >>> oblasts_of("south")
    ('Odesa', 'Mykolaiv', 'Kherson')
    """
    return tuple(str(name).removesuffix(_OBLAST) for name in reading()["kill_areas"][side])


@dataclass(frozen=True)
class AreaGrid:
    """u1[row, column]: the area of each cell from the corner on."""

    x_m: float
    y_m: float
    area: Flags

    def at(self, x_m: Floats, y_m: Floats) -> Flags:
        """Return the area of each position; beyond the grid, that of its edge."""
        column = np.clip(((x_m - self.x_m) / CELL_M).astype(np.int64), 0, self.area.shape[1] - 1)
        row = np.clip(((y_m - self.y_m) / CELL_M).astype(np.int64), 0, self.area.shape[0] - 1)
        return self.area[row, column]


def area_grid(theatre: Theatre, oblasts: tuple[str, ...], x_m: npt.ArrayLike, y_m: npt.ArrayLike) -> AreaGrid:
    """Return the grid over some positions.

    Parameters
    ----------
    theatre
        Holds the oblasts.
    oblasts
        Those in which anything is aimed at.
    x_m, y_m
        Positions that the grid has to reach, metres on the plane.
    """
    import shapely

    low_x, high_x, low_y, high_y = np.min(x_m), np.max(x_m), np.min(y_m), np.max(y_m)
    x = np.arange(low_x, high_x + CELL_M, CELL_M) + CELL_M / 2
    y = np.arange(low_y, high_y + CELL_M, CELL_M) + CELL_M / 2
    points = shapely.points(*np.meshgrid(x, y))
    sides = [oblasts_of(side) for side in SIDES]
    elsewhere = [name for name in oblasts if not any(name in side for side in sides)]
    distance = [shapely.distance(shapely.union_all([plane_oblast(theatre, name) for name in group]), points)
                for group in (elsewhere, *sides)]
    return AreaGrid(float(low_x), float(low_y), np.argmin(np.stack(distance), axis=0).astype(np.uint8))


def along(x_m: Floats, y_m: Floats, at_m: Floats) -> tuple[Floats, Floats]:
    """Return the positions on polylines x, y f8[k, point] after so many metres along each, f8[k].

    Examples
    --------
    >>> x, y = np.array([[0.0, 3.0, 3.0]]), np.array([[0.0, 0.0, 4.0]])
    >>> [float(v[0]) for v in along(x, y, np.array([5.0]))]
    [3.0, 2.0]
    """
    leg = np.hypot(np.diff(x_m, axis=1), np.diff(y_m, axis=1))
    start = np.cumsum(leg, axis=1) - leg
    k = np.maximum((at_m[:, None] >= start).sum(axis=1) - 1, 0)
    row = np.arange(len(at_m))
    share = np.clip((at_m - start[row, k]) / np.maximum(leg[row, k], np.finfo(float).tiny), 0.0, 1.0)
    return (x_m[row, k] + share * (x_m[row, k + 1] - x_m[row, k]),
            y_m[row, k] + share * (y_m[row, k + 1] - y_m[row, k]))
