"""What an arm of the envelope moves, in words: an entry without a centre, or a bundle of them, to one end."""

from collections.abc import Sequence
from typing import NamedTuple

from skyshield.catalogue import Catalogue, load_bundles
from skyshield.compile.parameters import end_value
from skyshield.study.plan import BUNDLE, SINGLE, Arm


class Moved(NamedTuple):
    """An arm that moves one thing alone.

    Attributes
    ----------
    arm
        Its number.
    name
        Key of the entry, or name of the bundle.
    end
        ``low`` or ``high``.
    label
        What is moved, in words.
    values
        Entry -> its value there, in its unit.
    """

    arm: int
    name: str
    end: str
    label: str
    values: dict[str, float]

    @property
    def value(self) -> float | None:
        """The value of an entry that is moved by itself; None for a bundle."""
        return self.values.get(self.name)


def moves(arms: Sequence[Arm], catalogue: Catalogue) -> list[Moved]:
    """Return the arms that move one entry, or one bundle, alone.

    Examples
    --------
    >>> from skyshield.catalogue import load_catalogue
    >>> one = moves([Arm("headline"), Arm("single", {"displacement": "high"})], load_catalogue())[0]
    >>> one.name, one.end, one.value
    ('displacement', 'high', 1.0)
    """
    result = []
    for number, arm in enumerate(arms):
        if arm.kind not in (SINGLE, BUNDLE):
            continue
        values = {name: end_value(catalogue[name], end) for name, end in arm.ends.items()}
        name, end = next(iter(arm.ends.items()))
        bundle = catalogue[name].bundle if arm.kind == BUNDLE else ""
        label = load_bundles()[bundle] if bundle else catalogue[name].label
        result.append(Moved(number, bundle or name, end, label, values))
    return result
