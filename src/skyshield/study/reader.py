"""A stored study read back: without the engine, and only if it is whole."""

from pathlib import Path
from typing import Any

from skyshield.core.errors import SkyShieldError
from skyshield.core.files import read_bytes
from skyshield.scenario import Resolved
from skyshield.study import store
from skyshield.study.parquet import Parquet
from skyshield.study.plan import (
    RELIEF,
    SHARD_VECTORS,
    Shard,
    arm_replications,
    missing_shards,
    played_replications,
    read_arms,
)
from skyshield.study.result import StudyResult
from skyshield.study.shards import OF_PARTS, Stored, stored_of
from skyshield.study.totals import Totals


def put(totals: Totals, shard: Shard, stored: Stored) -> None:
    """Put a stored shard into totals."""
    totals.fill(shard, stored.counts, stored.amounts, stored.failed, stored.months, stored.phases)


def read(folder: Path) -> tuple[StudyResult, Resolved]:
    """Read a stored study with its totals.

    Raises
    ------
    SkyShieldError
        If it is not whole: not finished, or a file does not have the bytes the manifest names.
    """
    manifest = read_whole(folder)
    totals = Totals(arm_replications(len(manifest["arms"]), manifest["replications"]), manifest["vectors"],
                    len(manifest["options"]))
    with Parquet() as parquet:
        for name in sorted(manifest["shards"]):
            shard = store.parse_name(name)
            put(totals, shard, stored_of(parquet.read(folder / store.SHARDS / name), shard, len(manifest["options"])))
        parameters = parquet.read(folder / store.PARAMETERS)
    parameters.pop("vector")
    return StudyResult(totals, totals.failed, parameters, manifest, folder), read_resolved(folder, manifest)


def read_headline(folder: Path, manifest: dict[str, Any]) -> StudyResult:
    """Read the headline of a stored study that `read_whole` has found whole: no other arm, no months, no phases."""
    alone = {**manifest, "arms": manifest["arms"][:1], "joint": {}}
    totals = Totals([manifest["replications"]], manifest["vectors"], len(manifest["options"]))
    with Parquet() as parquet:
        for name in sorted(manifest["shards"]):
            shard = store.parse_name(name)
            if shard.arm == 0:
                put(totals, shard, stored_of(parquet.read(folder / store.SHARDS / name, OF_PARTS), shard,
                                             len(manifest["options"])))
        parameters = parquet.read(folder / store.PARAMETERS)
    parameters.pop("vector")
    return StudyResult(totals, totals.failed, parameters, alone, folder)


def read_resolved(folder: Path, manifest: dict[str, Any]) -> Resolved:
    """Read the scenario that a study was run with."""
    return Resolved(read_bytes(folder / store.RESOLVED).decode(), manifest["resolved_sha256"],
                    tuple(manifest["options"]), manifest["baseline"])


def read_whole(folder: Path) -> dict[str, Any]:
    """Return the manifest of a study of which nothing is missing, damaged or too much.

    Raises
    ------
    SkyShieldError
        If anything is, or the study is not finished.
    """
    manifest = store.read_manifest(folder)
    if not manifest["complete"]:
        raise SkyShieldError(str(folder), f"holds a study that is not finished: {told_of(folder, manifest)}",
                             "run the same command again first")
    read_arms(manifest)
    if "daily_shards" not in manifest:
        raise SkyShieldError(str(folder), "was made by an earlier version of the program",
                             "run it again in a new folder or with --force")
    shards = {f"{store.SHARDS}/{name}": digest for name, digest in manifest["shards"].items()}
    days = {f"{store.DAYS}/{name}": digest for name, digest in manifest["daily_shards"].items()}
    files = {store.RESOLVED: manifest["resolved_sha256"], **manifest["tables"], **shards, **days}
    for name, digest in sorted(files.items()):
        if not store.valid(folder / name, digest):
            raise SkyShieldError(str(folder / name), "is missing or damaged",
                                 "run the same command again, it will be replaced")
    sizes, vectors = arm_replications(len(manifest["arms"]), manifest["replications"]), manifest["vectors"]
    held = {store.parse_name(name) for name in manifest["shards"]}
    inside = all(s.arm < len(sizes) and s.first_vector < s.last_vector <= vectors
                 and s.first < s.last <= sizes[s.arm] for s in held)
    n_held = sum(block.last - block.first for s in held for block in s.blocks())
    if not inside or n_held != sum(played_replications(sizes, vectors)) or any(
            missing_shards(sizes, vectors, held, SHARD_VECTORS)):
        raise SkyShieldError(str(folder / store.MANIFEST), "does not name the shards of a whole study",
                             "run the same command again")
    return manifest


def told_of(folder: Path, manifest: dict[str, Any]) -> str:
    """Say how much of a study that is not finished is there, of what its plan names by now."""
    done = {store.parse_name(name) for name in {*manifest["shards"], *store.journalled(folder)[0]}}
    sizes = arm_replications(len(manifest["arms"]), manifest["replications"])
    played = sum(block.last - block.first for shard in done for block in shard.blocks() if shard.arm < len(sizes))
    planned = sum(played_replications(sizes, manifest["vectors"]))
    return f"{played:,} of {planned:,} replications are played, in {len(done):,} shards"


def is_whole(storage: store.Store, relief: bool) -> bool:
    """Say whether a store that was opened holds all of a study of the size that its plan has now."""
    try:
        manifest = read_whole(storage.folder)
    except SkyShieldError:
        return False
    same = all(manifest[name] == storage.plan[name] for name in ("study_key", "vectors", "replications", "daily"))
    return same and (not relief or any(arm.kind == RELIEF for arm in read_arms(manifest)))
