"""Results kept by the content of what they were made from: a process that asks the same again is not kept waiting."""

import functools
import hashlib
from collections.abc import Callable, Iterator
from typing import Generic, TypeVar, TypeVarTuple

import numpy as np

Given = TypeVarTuple("Given")
Result = TypeVar("Result")


class _Arguments(Generic[*Given]):
    """Arguments that are equal where their content is; let go of when they have been used."""

    def __init__(self, values: tuple[*Given]) -> None:
        digest = hashlib.sha256()
        for part in _parts(values):
            digest.update(part)
        self._digest = digest.digest()
        self._values: list[tuple[*Given]] = [values]

    def __hash__(self) -> int:
        return hash(self._digest)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Arguments) and self._digest == other._digest

    def taken(self) -> tuple[*Given]:
        """Return the values and keep none."""
        return self._values.pop()


def _parts(value: object) -> Iterator[bytes | memoryview]:
    """Say all of a value's content: arrays to the bit, objects by the names of their attributes."""
    if isinstance(value, np.ndarray):
        yield f"{value.dtype} {value.shape} ".encode()
        yield np.ascontiguousarray(value).reshape(-1).view(np.uint8).data
    elif isinstance(value, tuple):
        yield f"{len(value)} ".encode()
        for part in value:
            yield from _parts(part)
    elif hasattr(value, "__dict__"):
        yield f"{type(value).__qualname__} ".encode()
        yield from _parts(tuple(sorted(vars(value).items())))
    else:
        yield f"{value!r} ".encode()


def kept_by_content(most: int) -> Callable[[Callable[[*Given], Result]], Callable[[*Given], Result]]:
    """Let a function keep the results for the last `most` different arguments, which are compared by their content.

    The function must depend on nothing else. Arguments are arrays, numbers, text, None, tuples of these and objects
    that hold them as attributes. Results are shared: nobody may change them.

    Examples
    --------
    >>> calls = []
    >>> @kept_by_content(1)
    ... def doubled(values):
    ...     calls.append(len(values))
    ...     return 2.0 * values
    >>> doubled(np.ones(3)) is doubled(np.ones(3)), doubled(np.zeros(3)).tolist(), calls
    (True, [0.0, 0.0, 0.0], [3, 3])
    """
    def keeping(function: Callable[[*Given], Result]) -> Callable[[*Given], Result]:
        @functools.lru_cache(maxsize=most)
        def of(arguments: _Arguments[*Given]) -> Result:
            return function(*arguments.taken())

        @functools.wraps(function)
        def asked(*values: *Given) -> Result:
            return of(_Arguments(values))

        return asked

    return keeping
