"""What a study plays: its arms, its blocks, and the shards that it is stored in.

A block is one vector's replications [a, b) of one arm, b at most the next multiple of 64 after a. A shard is the blocks
of the same replications of vectors that follow one another, all of one arm; it is stored as one file, and an extended
study adds shards and changes none. Arms: number 0 is the headline, in which every entry without
a centre stands at its reference; each other arm moves one of them alone to one of its ends, but for those of a bundle
of the catalogue, which stand together at their low ends in one arm and at their high ends in another. Entries
that the scenario fixes stay where it puts them. Then come joint arms (`skyshield.study.joint`), in which all of them
stand at the ends that are worst, or best, for an option together. Where it is asked for, one more arm supposes relief
(`RELIEF_ENTRIES`).

The headline plays all replications, every other arm only the first of them, and of the first `REPEATED_VECTORS` vectors
as many as tell its own noise (`ARM_REPLICATIONS`): what an arm changes is told on the same raids, which takes far fewer
(`skyshield.study.calibrated`). Of an arm only the options are played
that it touches (`skyshield.study.sharing`), and of a joint arm only its own.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np

from skyshield.catalogue import Catalogue
from skyshield.compile.parameters import RELIEF_ENTRIES
from skyshield.core.addresses import MAX_REPLICATIONS, MAX_VECTORS
from skyshield.core.arrays import Booleans
from skyshield.core.errors import SkyShieldError

BLOCK_REPLICATIONS = 64
ARM_REPLICATIONS = 2  # of an arm other than the headline, at most, and that ...
REPEATED_VECTORS = 16  # ... of so many vectors; of all others one
LEFT_OUT = 254  # in `failed`: a replication that an arm does not play
MAX_ARMS = 100  # two digits in a shard's name
SHARD_VECTORS = 256  # at most; a power of two, so that smaller groups of vectors never straddle larger ones
SHARD_RAID_DAYS = 2**23  # about as many at most, so that a killed run loses seconds
SHARD_RAID_DAYS_DAILY = 2**16  # of a study that keeps its days, which are as many rows
ENDS = ("low", "high")
RIVAL = "own_defence_along_share"  # its ends are two rival models of the own defence
HEADLINE, SINGLE, BUNDLE, JOINT, RELIEF, POINT = "headline", "single", "bundle", "joint", "relief", "point"


class Block(NamedTuple):
    """Replications first <= r < last of one vector in one arm."""

    arm: int
    vector: int
    first: int
    last: int


class Shard(NamedTuple):
    """Replications first <= r < last of the vectors first_vector <= v < last_vector in one arm, as far as it plays."""

    arm: int
    first_vector: int
    last_vector: int
    first: int
    last: int

    @property
    def name(self) -> str:
        """Return the name of the shard's file."""
        return (f"a{self.arm:02d}-v{self.first_vector:05d}-{self.last_vector:05d}-"
                f"r{self.first:05d}-{self.last:05d}.parquet")

    def blocks(self, few: bool = True) -> list[Block]:
        """Return the shard's blocks, in order; with `few` without the replications that an arm leaves out.

        Examples
        --------
        >>> [block[1:] for block in Shard(1, REPEATED_VECTORS - 1, REPEATED_VECTORS + 1, 0, 2).blocks()]
        [(15, 0, 2), (16, 0, 1)]
        """
        return [Block(self.arm, vector, self.first, last) for vector in range(self.first_vector, self.last_vector)
                if (last := min(self.last, most_replications(self.arm, vector)) if few else self.last) > self.first]


def most_replications(arm: int, vector: int) -> int:
    """Return how many replications of a vector an arm plays at most."""
    if arm == 0:
        return MAX_REPLICATIONS
    return ARM_REPLICATIONS if vector < REPEATED_VECTORS else 1


@dataclass(frozen=True)
class Arm:
    """One way of playing the study again.

    Attributes
    ----------
    kind
        `HEADLINE`; `SINGLE` moves one entry without a centre; `BUNDLE` moves those of a bundle together; `JOINT` moves
        all entries to what is worst or best for an option; `RELIEF` supposes relief; `POINT` plays given values.
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


def arms(names: tuple[str, ...], catalogue: Catalogue, relief: bool = False,
         joint: Sequence[Arm] = ()) -> tuple[Arm, ...]:
    """Return the headline, then for each entry without a centre one arm for each end that is not its reference.

    Entries of a bundle share two arms. Joint arms follow. With `relief` the arm of relief comes
    last. Neither is part of the envelope.

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
             if not catalogue[name].bundle and catalogue[name].reference != end]
    for bundle in sorted({catalogue[name].bundle for name in names} - {""}):
        for end in ENDS:
            together = {name: end for name in names if catalogue[name].bundle == bundle
                        and catalogue[name].reference != end}
            moved += [Arm(BUNDLE, together)] if together else []
    moved += joint
    moved += [Arm(RELIEF, dict.fromkeys(RELIEF_ENTRIES, "high"), in_envelope=False)] if relief else []
    if len(moved) >= MAX_ARMS:
        raise SkyShieldError("catalogue", f"{len(names)} numbers that nobody knows make {len(moved) + 1} arms",
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
    """Return how many replications a vector each arm plays at most.

    Examples
    --------
    >>> arm_replications(3, 50), arm_replications(2, 1)
    ((50, 2, 2), (1, 1))
    """
    return (replications, *[min(replications, ARM_REPLICATIONS)] * (n_arms - 1))


def keeps_months(arm: Arm) -> bool:
    """Say whether a study keeps an arm's months: those of the headline and of both ends of the rival models.

    Examples
    --------
    >>> [keeps_months(Arm(SINGLE, {name: "low"})) for name in (RIVAL, "displacement")]
    [True, False]
    """
    return arm.kind == HEADLINE or (arm.kind == SINGLE and RIVAL in arm.ends)


def vectors_of_shard(raid_days: int, daily: bool = False) -> int:
    """Return how many vectors a shard holds at most, by the raid-days of `BLOCK_REPLICATIONS` or fewer of one vector.

    Examples
    --------
    >>> vectors_of_shard(1350), vectors_of_shard(64 * 365 * 9), vectors_of_shard(1350, daily=True)
    (256, 32, 32)
    """
    most = max(1, (SHARD_RAID_DAYS_DAILY if daily else SHARD_RAID_DAYS) // raid_days)
    return int(min(SHARD_VECTORS, 2 ** (most.bit_length() - 1)))


def missing_shards(sizes: Sequence[int], vectors: int, done: Collection[Shard], most_vectors: int,
                   few: bool = True) -> Iterator[Shard]:
    """Yield the shards that are still to be played, in a fixed order, whatever part of them an earlier run has stored.

    Parameters
    ----------
    sizes
        Replications a vector of each arm, at most.
    vectors
        Of the study.
    done
        Shards that are stored.
    most_vectors
        Of one shard, a power of two.
    few
        Whether arms leave replications out.

    Examples
    --------
    >>> [shard[1:] for shard in missing_shards([130], 3, {Shard(0, 0, 2, 0, 50)}, 256)]
    [(2, 3, 0, 64), (0, 2, 50, 64), (0, 3, 64, 128), (0, 3, 128, 130)]
    """
    by_arm: dict[int, list[Shard]] = {}
    for shard in done:
        by_arm.setdefault(shard.arm, []).append(shard)
    for arm, replications in enumerate(sizes):
        stored = np.zeros((vectors, replications), bool)
        for shard in by_arm.get(arm, []):
            stored[shard.first_vector:shard.last_vector, shard.first:shard.last] = True
        for start in range(0, vectors, most_vectors):
            for first in range(0, replications, BLOCK_REPLICATIONS):
                part = stored[start:start + most_vectors, first:first + BLOCK_REPLICATIONS]
                for a, b, c, d in _gaps(part):
                    shard = Shard(arm, start + a, start + b, first + c, first + d)
                    if shard.blocks(few):
                        yield shard


def played_replications(sizes: Sequence[int], vectors: int) -> list[int]:
    """Return by arm the replications of all vectors.

    Examples
    --------
    >>> played_replications((5, 2), 200) == [5 * 200, 200 + REPEATED_VECTORS]
    True
    """
    return [sum(min(size, most_replications(arm, vector)) for vector in range(vectors))
            for arm, size in enumerate(sizes)]


def _gaps(stored: Booleans) -> Iterator[tuple[int, int, int, int]]:
    """Yield rectangles first_vector, last_vector, first, last that are not stored and cover all that is not.

    Each joins neighbours whose gap is the same, so that storing one of them leaves the others as they are.
    """
    edge = np.zeros((len(stored), 1), bool)
    change = np.diff(np.concatenate([edge, ~stored, edge], axis=1).astype(np.int8), axis=1)
    vectors, firsts = np.nonzero(change == 1)
    lasts = np.nonzero(change == -1)[1]
    rows: dict[tuple[int, int], list[int]] = {}
    for vector, first, last in zip(vectors.tolist(), firsts.tolist(), lasts.tolist(), strict=True):
        rows.setdefault((first, last), []).append(vector)
    for first, last in sorted(rows):
        of = np.array(rows[first, last])
        for run in np.split(of, np.flatnonzero(np.diff(of) > 1) + 1):
            yield int(run[0]), int(run[-1]) + 1, first, last
