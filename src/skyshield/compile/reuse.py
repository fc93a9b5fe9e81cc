"""Parts of a world that were made before: the arms of a study move one number each, and most parts do not read it.

A part is made by a function of a `ParameterTable` and of other parts. While it is made, the table notes what it reads.
It is taken again wherever every number it read and every other argument are those it was made from. Of a study only
the parts of the first arm are kept: what one arm moves no other does. A session, whose settings come and go, keeps the
last few.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeVar, cast

import numpy as np

from skyshield.compile.context import Ground
from skyshield.compile.kept import bytes_of
from skyshield.compile.parameters import ParameterTable
from skyshield.core.arrays import Floats

Part = TypeVar("Part")


@dataclass(frozen=True)
class _Made:
    """A part, with what it was made from."""

    arguments: tuple[object, ...]
    read: dict[str, Floats]
    part: object


@dataclass(frozen=True)
class Parts:
    """Parts by the name of the function that made them. All tables must have the same vectors.

    Parameters
    ----------
    latest
        How many of the last ones are kept of each name; 0 keeps the first alone.

    Examples
    --------
    >>> from skyshield.catalogue import load_catalogue
    >>> from skyshield.raids.fit import embedded_fit
    >>> headline = ParameterTable(load_catalogue(), embedded_fit(), 1, 2, {})
    >>> parts, moved = Parts(), headline.moved({"displacement": "high"})
    >>> def double(table, name):
    ...     return 2.0 * table[name]
    >>> parts.make(double, headline, "p_day_raid") is parts.make(double, moved, "p_day_raid")
    True
    >>> parts.make(double, headline, "displacement") is parts.make(double, moved, "displacement")
    False
    """

    latest: int = 0
    made: dict[str, list[_Made]] = field(default_factory=dict)

    def make(self, function: Callable[..., Part], table: ParameterTable, *arguments: object) -> Part:
        """Return ``function(table, *arguments)``; the same arguments are one object, or equal text."""
        there = self.made.setdefault(function.__name__, [])
        for one in reversed(there):
            if all(map(_same, arguments, one.arguments)) and all(
                    _equal(table[name], values) for name, values in one.read.items()):
                return cast("Part", one.part)
        with table.noting() as names:
            part = function(table, *arguments)
        if self.latest or not there:
            there.append(_Made(arguments, {name: table[name] for name in sorted(names)}, part))
            del there[:-max(1, self.latest)]
        return part

    @property
    def bytes(self) -> int:
        """Bytes that the parts take, about."""
        return bytes_of([[one.part, one.read] for of in self.made.values() for one in of])


def _same(one: object, other: object) -> bool:
    if isinstance(one, Ground) and isinstance(other, Ground):
        return one.drawn is other.drawn and (one.scenario is other.scenario or one.scenario == other.scenario)
    return one is other or (isinstance(one, str) and one == other)


def _equal(one: Floats, other: Floats) -> bool:
    return one is other or np.array_equal(one, other)
