"""The stages of a preview: sizes that grow."""

from collections.abc import Sequence

from skyshield.core.addresses import MAX_REPLICATIONS, MAX_VECTORS
from skyshield.core.errors import SkyShieldError

Stages = Sequence[Sequence[int]]
_PAIR = 2
STAGES = ((40, 2), (200, 2), (200, 5))
MOST_STAGES = 16


def checked_stages(stages: Stages) -> tuple[tuple[int, int], ...]:
    """Return stages as pairs of vectors and replications.

    Raises
    ------
    SkyShieldError
        If there is none, too many, one that is no pair of whole numbers that the random streams can address, or one
        that has less of either than the one before it, or the same of both.

    Examples
    --------
    >>> checked_stages([[40, 2], [200, 2]])
    ((40, 2), (200, 2))
    """
    if not isinstance(stages, list | tuple) or not 1 <= len(stages) <= MOST_STAGES:
        raise SkyShieldError("stages", f"is not a list of 1 to {MOST_STAGES} stages", "give pairs such as [40, 2]")
    sizes: list[tuple[int, int]] = []
    for number, stage in enumerate(stages):
        where = f"stages.{number}"
        if not isinstance(stage, list | tuple) or len(stage) != _PAIR:
            raise SkyShieldError(where, "is not a pair of vectors and replications", "give a pair such as [40, 2]")
        for name, value, most in zip(("vectors", "replications"), stage, (MAX_VECTORS, MAX_REPLICATIONS), strict=True):
            if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= most:
                raise SkyShieldError(where, f"has {value!r} {name}", f"give a whole number from 1 to {most:,}")
        size = int(stage[0]), int(stage[1])
        if sizes and (size == sizes[-1] or size[0] < sizes[-1][0] or size[1] < sizes[-1][1]):
            raise SkyShieldError(where, f"is {size[0]} x {size[1]} after {sizes[-1][0]} x {sizes[-1][1]}",
                                 "let every stage have more vectors or replications, and of neither fewer")
        sizes.append(size)
    return tuple(sizes)


def checked_seed(seed: int) -> int:
    """Return a seed.

    Raises
    ------
    SkyShieldError
        If it is no whole number of 64 bits.
    """
    if isinstance(seed, bool) or not isinstance(seed, int) or not 0 <= seed < 2**64:
        raise SkyShieldError("seed", f"is {seed!r}", "give a whole number from 0 to 2**64 - 1")
    return seed
