"""What a study plays: its arms and its blocks.

A block is one vector's replications [a, b) of one arm, b at most the next multiple of 64 after a: an
extended study adds blocks and changes none. Arms: number 0 is the headline, in which every entry without
a centre stands at its reference; each other arm moves one of them alone to one of its ends, but for those that the
catalogue marks as bundled, which stand together at their low ends in one arm and at their high ends in another. Entries
that the scenario fixes stay where it puts them. Where it is asked for, one more arm supposes relief (`RELIEF_ENTRIES`).

The headline plays all replications, every other arm only the first few of them (`ARM_REPLICATIONS`): what an arm
changes is told on the same raids, which takes far fewer (`skyshield.study.summary`).
"""

import itertools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from skyshield.catalogue import Catalogue
from skyshield.compile.parameters import RELIEF_ENTRIES
from skyshield.core.errors import SkyShieldError
from skyshield.core.streams import MAX_REPLICATIONS, MAX_VECTORS

BLOCK_REPLICATIONS = 64
ARM_REPLICATIONS = 5  # of an arm other than the headline, at most
MAX_ARMS = 100  # two digits in a shard's name
ENDS = ("low", "high")
HEADLINE, SINGLE, BUNDLE, RELIEF, POINT = "headline", "single", "bundle", "relief", "point"


class Block(NamedTuple):
    """Replications first <= r < last of one vector in one arm."""

    arm: int
    vector: int
    first: int
    last: int

    @property
    def name(self) -> str:
        """Return the file name of the block's shard."""
        return f"a{self.arm:02d}-v{self.vector:05d}-r{self.first:05d}-{self.last:05d}.parquet"


@dataclass(frozen=True)
class Arm:
    """One way of playing the study again.

    Attributes
    ----------
    kind
        `HEADLINE`; `SINGLE` moves one entry without a centre; `BUNDLE` moves all bundled ones together; `RELIEF`
        supposes relief; `POINT` plays given values.
    ends
        What is moved: entry -> its end, or its value in a `POINT`.
    in_envelope
        Whether the envelope spans it.
    """

    kind: str
    ends: Mapping[str, Any] = field(default_factory=dict)
    in_envelope: bool = True

    def plain(self) -> dict[str, Any]:
        """Return plain data, as a manifest holds it."""
        return {"kind": self.kind, "ends": dict(self.ends), "in_envelope": self.in_envelope}


def read_arms(manifest: Mapping[str, Any]) -> tuple[Arm, ...]:
    """Return the arms of a manifest.

    Raises
    ------
    SkyShieldError
        If an earlier version of the program wrote it, which did not say what kind an arm is.
    """
    try:
        return tuple(Arm(arm["kind"], arm["ends"], arm["in_envelope"]) for arm in manifest.get("arms", ()))
    except (KeyError, TypeError):
        raise SkyShieldError("study", "was made by an earlier version of the program",
                             "run it again in a new folder or with --force") from None


def arms(names: tuple[str, ...], catalogue: Catalogue, relief: bool = False) -> tuple[Arm, ...]:
    """Return the headline, then for each entry without a centre one arm for each end that is not its reference.

    Entries that the catalogue marks as bundled share two arms. With `relief` the arm of relief comes last; it is no
    part of the envelope.

    Raises
    ------
    SkyShieldError
        If there are more arms than a shard's name can number.

    Examples
    --------
    >>> from skyshield.catalogue import load_catalogue
    >>> [arm.ends for arm in arms(("displacement", "volume_response"), load_catalogue())]
    [{}, {'displacement': 'high'}, {'volume_response': 'low'}, {'volume_response': 'high'}]
    """
    moved = [Arm(SINGLE, {name: end}) for name in names for end in ENDS
             if not catalogue[name].bundled and catalogue[name].reference != end]
    for end in ENDS:
        together = {name: end for name in names if catalogue[name].bundled and catalogue[name].reference != end}
        moved += [Arm(BUNDLE, together)] if together else []
    moved += [Arm(RELIEF, dict.fromkeys(RELIEF_ENTRIES, "high"), in_envelope=False)] if relief else []
    if len(moved) >= MAX_ARMS:
        raise SkyShieldError("catalogue", f"{len(names)} entries without a centre make {len(moved) + 1} arms",
                             "fix some of them with the scenario's assumptions")
    return (Arm(HEADLINE), *moved)


def check_size(vectors: int, replications: int, seed: int) -> None:
    """Refuse sizes that the addresses of the random streams cannot hold."""
    for name, value, most in (("--vectors", vectors, MAX_VECTORS), ("--replications", replications, MAX_REPLICATIONS)):
        if not 1 <= value <= most:
            raise SkyShieldError(name, f"is {value}", f"give a whole number from 1 to {most:,}")
    check_seed(seed)


def check_seed(seed: int) -> None:
    """Refuse a seed that is not of 64 bits."""
    if not 0 <= seed < 2**64:
        raise SkyShieldError("--seed", f"is {seed}", "give a whole number from 0 to 2**64 - 1")


def arm_replications(n_arms: int, replications: int) -> tuple[int, ...]:
    """Return how many replications a vector each arm plays.

    Examples
    --------
    >>> arm_replications(3, 50), arm_replications(2, 2)
    ((50, 5, 5), (2, 2))
    """
    return (replications, *[min(replications, ARM_REPLICATIONS)] * (n_arms - 1))


def missing_blocks(sizes: Sequence[int], vectors: int, done: set[Block]) -> Iterator[Block]:
    """Yield the blocks that are still to be played, in a fixed order; `sizes` are the replications of each arm.

    Examples
    --------
    >>> [tuple(b) for b in missing_blocks([130], 1, {Block(0, 0, 0, 50)})]
    [(0, 0, 50, 64), (0, 0, 64, 128), (0, 0, 128, 130)]
    """
    stored: dict[tuple[int, int], list[Block]] = {}
    for block in sorted(done):
        stored.setdefault((block.arm, block.vector), []).append(block)
    for arm, vector in itertools.product(range(len(sizes)), range(vectors)):
        place, replications = 0, sizes[arm]
        for block in [*stored.get((arm, vector), []), Block(arm, vector, replications, replications)]:
            while place < min(block.first, replications):
                end = min((place // BLOCK_REPLICATIONS + 1) * BLOCK_REPLICATIONS, block.first, replications)
                yield Block(arm, vector, place, end)
                place = end
            place = max(place, block.last)
