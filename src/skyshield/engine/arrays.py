"""Small arrays inside kernels, which allocate nothing: numba's own ``a[:] = b`` and ``a == b`` would."""

from typing import TypeVar

import numpy as np
import numpy.typing as npt

from skyshield.core.arrays import Floats
from skyshield.core.jit import kernel

Number = TypeVar("Number", np.float64, np.int64)


@kernel
def copy_to(target: npt.NDArray[Number], source: npt.NDArray[Number]) -> None:
    """Copy a one-dimensional array into another of the same length."""
    for k in range(target.shape[0]):
        target[k] = source[k]


@kernel
def same(one: Floats, other: Floats) -> bool:
    """Return whether two two-dimensional arrays of the same shape are equal."""
    for k in range(one.shape[0]):
        for j in range(one.shape[1]):
            if one[k, j] != other[k, j]:
                return False
    return True


@kernel
def equal(one: npt.NDArray[Number], other: npt.NDArray[Number]) -> bool:
    """Return whether two one-dimensional arrays of the same length are equal."""
    differ = 0
    for k in range(one.shape[0]):
        differ += one[k] != other[k]
    return differ == 0
