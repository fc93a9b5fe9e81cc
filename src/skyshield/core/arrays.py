"""Types of the arrays that rooms hand each other, by themselves or by name.

A name says what the numbers are, not their shape; shapes stand in docstrings, as ``f8[vector, day]``.
"""

from typing import Protocol

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]
Counts = npt.NDArray[np.int32]  # of a period: none comes near 2**31
Indices = npt.NDArray[np.uint32]  # nothing negative: an index without a sign need not be looked at before it is used
Codes = npt.NDArray[np.int8]
Flags = npt.NDArray[np.uint8]  # 0 or 1, as the engine takes them
Booleans = npt.NDArray[np.bool_]
Days = npt.NDArray[np.datetime64]


class Parameters(Protocol):
    """Named parameters over vectors, in SI units."""

    def __getitem__(self, name: str) -> Floats:
        """Return f8[vector]."""
        ...
