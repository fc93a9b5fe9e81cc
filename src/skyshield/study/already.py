"""What a folder holds of a study before it is run again, in words."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from skyshield.core.errors import SkyShieldError
from skyshield.core.files import read_bytes
from skyshield.scenario import Resolved
from skyshield.study import store
from skyshield.study.key import study_key
from skyshield.study.plan import Shard, arm_replications, played_replications


@dataclass(frozen=True)
class Already:
    """What a folder holds of the study that is asked for.

    Attributes
    ----------
    complete
        Whether a run of it has ended.
    vectors, replications
        The size that it has, or was to have.
    shards
        Files that are there, by what they hold; their bytes are not looked at.
    arms
        Ways of playing the study that it has, or was to have.
    """

    complete: bool
    vectors: int
    replications: int
    shards: tuple[Shard, ...]
    arms: int

    @property
    def share(self) -> float:
        """How much of the study of that size is there, from 0 to 1."""
        there = sum(block.last - block.first for shard in self.shards for block in shard.blocks())
        whole = sum(played_replications(arm_replications(self.arms, self.replications), self.vectors))
        return min(1.0, there / whole) if whole else 0.0


def already(folder: Path, resolved: Resolved, seed: int) -> Already | None:
    """Return what a folder holds of a study; None if that is nothing, or another study."""
    try:
        manifest = store.read_manifest(folder)
        if manifest["study_key"] != study_key(resolved, seed, resolved.days):
            return None
        return held(folder, manifest)
    except SkyShieldError:
        return None


def held(folder: Path, manifest: Mapping[str, Any]) -> Already:
    """Return what a folder holds of the study of its manifest.

    Raises
    ------
    SkyShieldError
        If its journal cannot be read, or names what is no shard.
    """
    names = set(manifest["shards"])
    journal = folder / store.JOURNAL
    if journal.exists():
        lines = (line.split() for line in read_bytes(journal).decode("ascii", "replace").splitlines())
        names |= {words[1] for words in lines if len(words) > 1}
    shards = tuple(sorted(store.parse_name(name) for name in names))
    return Already(manifest["complete"], manifest["vectors"], manifest["replications"], shards, len(manifest["arms"]))


def size_words(vectors: int, replications: int) -> str:
    """Return the size of a study in words.

    Examples
    --------
    >>> size_words(1, 5)
    '1 vector x 5 replications'
    """
    return (f"{vectors:,} vector{'' if vectors == 1 else 's'} x {replications:,} "
            f"replication{'' if replications == 1 else 's'}")


def before_words(folder: Path, there: Already, vectors: int, replications: int) -> str:
    """Say, before more is played, what is there already; nothing if it is whole and of the size that is asked.

    Examples
    --------
    >>> before_words(Path("mine"), Already(True, 40, 5, (), 3), 80, 5)
    'study mine holds 40 vectors x 5 replications: what is missing to 80 vectors x 5 replications is played'
    """
    if there.complete:
        wanted = size_words(max(vectors, there.vectors), max(replications, there.replications))
        held = size_words(there.vectors, there.replications)
        return "" if held == wanted else f"study {folder} holds {held}: what is missing to {wanted} is played"
    return (f"study {folder} was left unfinished, with {int(100 * there.share)}% of "
            f"{size_words(there.vectors, there.replications)}: the rest is played")


def after_words(folder: Path, there: Already, vectors: int, replications: int, raid_days: int,
                of_it: bool = False) -> str:
    """Say, once a study that was there is all that is asked, what was there and what was played for it now.

    With `of_it` something else was asked for too, such as a sweep, of which this says nothing.

    Examples
    --------
    >>> after_words(Path("mine"), Already(True, 40, 5, (), 3), 80, 5, 1_200_000)  # doctest: +ELLIPSIS
    'study mine held 40 vectors x 5 replications and holds 80 vectors x 5 replications now: 1,200,000...
    >>> after_words(Path("mine"), Already(True, 40, 5, (), 3), 40, 5, 0)
    'study mine holds all that is asked (40 vectors x 5 replications): nothing was played'
    """
    held = size_words(vectors, replications)
    if raid_days == 0:
        return f"study {folder} holds all that is asked ({held}): nothing {'of it ' if of_it else ''}was played"
    before = size_words(there.vectors, there.replications)
    if not there.complete:
        before = f"{int(100 * there.share)}% of {before}"
    return f"study {folder} held {before} and holds {held} now: {raid_days:,} raid-days were played"
