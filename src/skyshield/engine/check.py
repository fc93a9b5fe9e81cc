"""Whether the arrays of a world are what the kernels take them for.

Kernels are compiled without checks of bounds: an index beyond an array's end would read or write what is not its own,
and a value that is not a number would go through a day unseen. So a world is checked once, when it is compiled, against
the table `skyshield.engine.axes.ARRAYS`: the type and the number of axes of every array, one length an axis, no value
but those allowed, no index beyond what it points to.
"""

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from skyshield.core.errors import FAILED, SkyShieldError
from skyshield.engine.axes import ARRAYS, CODES, LENGTHS, Array
from skyshield.engine.world import READY, World

_REMEDY = "mend the room that prepares this array; skyshield.engine.axes says what it holds"
_ONE_MORE = " + 1"


def arrays_of(world: Any, prefix: str = "") -> Iterator[tuple[str, npt.NDArray[Any]]]:
    """Yield the name, with the groups it stands in, of every array of a world, and the array.

    Examples
    --------
    >>> from skyshield.engine import Aid
    >>> [name for name, _ in arrays_of(Aid(np.zeros(1), np.zeros(1)), "aid.")]
    ['aid.hazard', 'aid.ramp']
    """
    for field in world._fields:
        value = getattr(world, field)
        if isinstance(value, tuple):
            yield from arrays_of(value, f"{prefix}{field}.")
        else:
            yield f"{prefix}{field}", value


def check_world(world: World) -> None:
    """Check every array of a world against the table of axes.

    Raises
    ------
    SkyShieldError
        If an array is missing in the table, has another type or number of axes, if an axis has another length than
        elsewhere, if a value is not finite or out of its range, or if an index points beyond what it indexes. The
        message names the array, and the axis.
    """
    lengths: dict[str, tuple[int, str]] = {name: (length, "the vocabulary") for name, length in LENGTHS.items()}
    entries = dict(arrays_of(world))
    for name, array in entries.items():
        if name not in ARRAYS:
            raise _fault(name, "has no entry in the table of axes")
        _check_type(name, array, ARRAYS[name])
        _check_shape(name, array, ARRAYS[name], lengths)
    limits = {**CODES, **{axis: length for axis, (length, _) in lengths.items()}}
    for axis in ("near", "piece", "over"):
        limits[axis + _ONE_MORE] = limits[axis] + 1
    for name, array in entries.items():
        _check_values(name, array, ARRAYS[name], limits)
    _check_derived(entries, lengths)


def _fault(name: str, what: str) -> SkyShieldError:
    return SkyShieldError(f"world: {name}", what, _REMEDY, FAILED)


def _check_type(name: str, array: npt.NDArray[Any], row: Array) -> None:
    if array.dtype != np.dtype(row.dtype):
        raise _fault(name, f"is of type {array.dtype}, not {np.dtype(row.dtype)}")
    if array.ndim != len(row.axes):
        raise _fault(name, f"has {array.ndim} axes, not {len(row.axes)}: {', '.join(row.axes)}")


def _check_shape(name: str, array: npt.NDArray[Any], row: Array, lengths: dict[str, tuple[int, str]]) -> None:
    """Check one length an axis; the first array that has an axis decides it."""
    for axis, length in zip(row.axes, array.shape, strict=True):
        expected, where = lengths.setdefault(axis, (length, name))
        if length != expected:
            raise _fault(name, f"has {length} entries along the axis {axis}, not {expected} as in {where}")


def _check_derived(entries: Mapping[str, npt.NDArray[Any]], lengths: Mapping[str, tuple[int, str]]) -> None:
    """Check the lengths that follow from others."""
    size = {axis: length for axis, (length, _) in lengths.items()}
    for axis, (length, where) in lengths.items():
        if axis.endswith(_ONE_MORE) and length != size[axis.removesuffix(_ONE_MORE)] + 1:
            raise _fault(where, f"has {length} entries along the axis {axis}, not one more than routes")
    n_routes = size["launch"] * size["aim"] * int(entries["routes.n_variants"][0])
    if size["route"] != n_routes:
        raise _fault("routes.x_m", f"has {size['route']} entries along the axis route, not {n_routes}: launches times "
                                   "aims times variants")
    n_items = READY + size["kind"] + size["kind"] * size["weapon"]
    if size["item"] != n_items:
        raise _fault("costs.line", f"has {size['item']} entries along the axis item, not {n_items}: kinds and weapons")
    for axis in ("stick_quantile", "leak_quantile", "track_quantile", "hazard_point"):
        if size[axis] < 2:  # interpolated between two points
            raise _fault(lengths[axis][1], f"has {size[axis]} entries along the axis {axis}, at least 2 are needed")


def _check_values(name: str, array: npt.NDArray[Any], row: Array, limits: Mapping[str, int]) -> None:
    if array.size == 0:
        return
    least, greatest = array.min(), array.max()  # not a number if any is not
    if np.isnan(least):
        raise _fault(name, f"holds a value that is not a number{_first(row, np.isnan(array))}")
    if least < row.low:
        raise _fault(name, f"holds {least}, the least is {row.low:g}{_first(row, array < row.low)}")
    if row.of:
        if greatest >= limits[row.of]:
            raise _fault(name, f"holds {greatest}, an index of {row.of}, which has {limits[row.of]}"
                               f"{_first(row, array >= limits[row.of])}")
    elif greatest > row.high:
        raise _fault(name, f"holds {greatest}, the greatest is {row.high:g}{_first(row, array > row.high)}")
    if row.dtype == "f8" and not row.infinite and not (np.isfinite(least) and np.isfinite(greatest)):
        raise _fault(name, f"holds a value that is not finite{_first(row, ~np.isfinite(array))}")


def _first(row: Array, at_fault: npt.NDArray[np.bool_]) -> str:
    """Say where the first value at fault stands."""
    place = np.argwhere(at_fault)[0].tolist()
    return " at " + ", ".join(f"{axis} {k}" for axis, k in zip(row.axes, place, strict=True))
