"""Parts of a world that were made before: the arms of a study move one number each, and most parts do not read it.

A part is made by a function of a `ParameterTable` and of other parts. While it is made, the table notes what it reads.
It is taken again wherever every number it read and every other argument are those it was made from. Only the parts of
the first arm are kept: what one arm moves no other does.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeVar, cast

import numpy as np

from skyshield.compile.context import CompileContext
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
    """The parts of the first arm, by the name of the function that made them. All tables must have the same vectors.

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

    made: dict[str, _Made] = field(default_factory=dict)

    def make(self, function: Callable[..., Part], table: ParameterTable, *arguments: object) -> Part:
        """Return ``function(table, *arguments)``; the same arguments are one object, or equal text."""
        one = self.made.get(function.__name__)
        same = one is not None and all(map(_same, arguments, one.arguments))
        if one is not None and same and all(_equal(table[name], values) for name, values in one.read.items()):
            return cast("Part", one.part)
        with table.noting() as names:
            part = function(table, *arguments)
        if one is None:
            self.made[function.__name__] = _Made(arguments, {name: table[name] for name in sorted(names)}, part)
        return part


def _same(one: object, other: object) -> bool:
    if isinstance(one, CompileContext) and isinstance(other, CompileContext):
        return one.scenario is other.scenario and one.drawn is other.drawn
    return one is other or (isinstance(one, str) and one == other)


def _equal(one: Floats, other: Floats) -> bool:
    return one is other or np.array_equal(one, other)
