"""What was worked out before, kept within a bound of bytes: what was used longest ago goes first."""

import dataclasses
import sys
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterator
from typing import Generic, TypeVar

import numpy as np

Value = TypeVar("Value")


def bytes_of(value: object) -> int:
    """Return about how many bytes a value takes: its arrays, each once, and the tuples and dataclasses around them.

    Examples
    --------
    >>> bytes_of((np.zeros(1000), np.zeros(1000))) >= 16_000
    True
    """
    seen: dict[int, int] = {}
    for part in _parts(value):
        seen[id(part)] = part.nbytes if isinstance(part, np.ndarray) else sys.getsizeof(part)
    return sum(seen.values())


def _parts(value: object) -> Iterator[object]:
    yield value
    if isinstance(value, dict):
        for part in value.values():
            yield from _parts(part)
    elif isinstance(value, tuple | list):
        for part in value:
            yield from _parts(part)
    elif dataclasses.is_dataclass(value) and not isinstance(value, type):
        for one in dataclasses.fields(value):
            yield from _parts(getattr(value, one.name))


class Kept(Generic[Value]):
    """Values by key, together at most so many bytes; the one used last is always kept.

    Parameters
    ----------
    most_bytes
        As `bytes_of` counts them.

    Examples
    --------
    >>> kept = Kept(20_000)
    >>> for name in "aba", "ca":
    ...     for letter in name:
    ...         _ = kept.get(letter, lambda: np.zeros(1000))
    >>> sorted(kept)
    ['a', 'c']
    """

    def __init__(self, most_bytes: int) -> None:
        self._most_bytes, self._bytes = most_bytes, 0
        self._values: OrderedDict[Hashable, tuple[Value, int]] = OrderedDict()

    def get(self, key: Hashable, make: Callable[[], Value]) -> Value:
        """Return what is kept under a key, or what `make` makes, which is kept from then on."""
        if key not in self._values:
            self.put(key, make())
        self._values.move_to_end(key)
        return self._values[key][0]

    def put(self, key: Hashable, value: Value, size: int | None = None) -> None:
        """Keep a value, of a size in bytes that may be told, and let go of what there is no more room for."""
        if key in self._values:
            self._bytes -= self._values.pop(key)[1]
        size = bytes_of(value) if size is None else size
        self._values[key] = value, size
        self._bytes += size
        while self._bytes > self._most_bytes and len(self._values) > 1:
            self._bytes -= self._values.popitem(last=False)[1][1]

    def __iter__(self) -> Iterator[Hashable]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)

    def __contains__(self, key: object) -> bool:
        return key in self._values

    @property
    def bytes(self) -> int:
        """Bytes that are kept."""
        return self._bytes
