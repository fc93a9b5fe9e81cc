"""The result of a study: totals in memory, daily rows read when asked for."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from skyshield.core.arrays import Booleans, Flags, Floats
from skyshield.core.errors import SkyShieldError
from skyshield.engine import AMOUNTS, COUNTS, STAGES
from skyshield.study import store
from skyshield.study.plan import RELIEF, Arm, Block, read_arms

if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr

MEASURES = (*COUNTS, *AMOUNTS)
NOT_PLAYED = 255  # in `failed`, while a study is played


class Totals(NamedTuple):
    """Totals over the period by arm, as `StudyResult` holds them, while they are filled."""

    values: tuple[Floats, ...]
    failed: tuple[Flags, ...]


@dataclass(frozen=True)
class StudyResult:
    """Totals over the period of every replication.

    Attributes
    ----------
    values
        By arm f8[vector, replication, option, measure]; arm 0 is the headline. Other arms may have fewer
        replications (`skyshield.study.plan.arm_replications`): the headline's first ones.
    failed
        By arm u1[vector, replication]: stage at which a replication failed, 0 if it did not.
    parameters
        f8[vector] by name, SI units, of the headline arm.
    manifest
        Key, sizes, options, arms, versions.
    folder
        Where the daily rows are, None if nothing was kept.
    """

    values: tuple[Floats, ...]
    failed: tuple[Flags, ...]
    parameters: dict[str, Floats]
    manifest: dict[str, Any]
    folder: Path | None

    @property
    def options(self) -> list[str]:
        """Names of the options, in the axis's order."""
        return list(self.manifest["options"])

    @property
    def valid(self) -> list[Booleans]:
        """By arm, which replications [vector, replication] did not fail."""
        return [failed == 0 for failed in self.failed]

    @property
    def raid_days(self) -> int:
        """Raid-days played, over all arms."""
        return sum(failed.size for failed in self.failed) * len(self.options) * int(self.manifest["days"])

    def of(self, option: int, measure: int) -> list[Floats]:
        """Return by arm f8[vector, replication]: one measure of an option, both by number."""
        return [values[:, :, option, measure] for values in self.values]

    @property
    def arms(self) -> tuple[Arm, ...]:
        """What each arm plays."""
        return read_arms(self.manifest)

    @property
    def relief_arm(self) -> int | None:
        """Number of the arm that supposes relief, None if it was not played."""
        return next((k for k, arm in enumerate(self.arms) if arm.kind == RELIEF), None)

    @property
    def envelope(self) -> "StudyResult":
        """The study without the arms that are no part of the envelope."""
        arms = self.arms
        if all(arm.in_envelope for arm in arms):
            return self
        inside = [k for k, arm in enumerate(arms) if arm.in_envelope]
        return replace(self, values=tuple(self.values[k] for k in inside), failed=tuple(self.failed[k] for k in inside),
                       manifest={**self.manifest, "arms": [self.manifest["arms"][k] for k in inside]})

    @property
    def totals(self) -> "xr.Dataset":
        """Return the headline arm as a dataset: one variable a measure, over vector, replication, option."""
        import xarray as xr

        n_vectors, n_replications = self.failed[0].shape
        values = np.where((self.failed[0] == 0)[..., None, None], self.values[0], np.nan)
        return xr.Dataset({name: (("vector", "replication", "option"), values[..., k])
                           for k, name in enumerate(MEASURES)},
                          {"vector": np.arange(n_vectors), "replication": np.arange(n_replications),
                           "option": self.options})

    def daily(self, arm: int = 0) -> "pd.DataFrame":
        """Read the daily rows of one arm from the store.

        Raises
        ------
        SkyShieldError
            If the study was run without a folder.
        """
        import pandas as pd

        if self.folder is None:
            raise SkyShieldError("study", "kept no daily rows", "run it with --out")
        frames = [pd.DataFrame(rows | {"vector": np.full(len(rows["day"]), block.vector)})
                  for block, rows in store.daily_rows(self.folder, self.manifest) if block.arm == arm]
        frame = pd.concat(frames, ignore_index=True)
        return frame.assign(option=frame["option"].map(dict(enumerate(self.options))))

    def failures(self) -> list[dict[str, Any]]:
        """Return one row a failed replication: arm, vector, replication, stage, error."""
        return [{"arm": arm, "vector": int(v), "replication": int(r), "stage": STAGES[failed[v, r]][0],
                 "error": STAGES[failed[v, r]][1]} for arm, failed in enumerate(self.failed)
                for v, r in np.argwhere(failed)]


def empty_totals(sizes: Sequence[int], vectors: int, options: int) -> Totals:
    """Return the totals of arms with so many replications a vector, all of them still to be played."""
    return Totals(tuple(np.zeros((vectors, n, options, len(MEASURES))) for n in sizes),
                  tuple(np.full((vectors, n), NOT_PLAYED, np.uint8) for n in sizes))


def take_over(totals: Totals, smaller: StudyResult) -> set[Block]:
    """Copy the totals of a smaller study of the same arms; return the blocks that need not be played."""
    blocks = set()
    for arm, (values, failed) in enumerate(zip(smaller.values, smaller.failed, strict=True)):
        vectors, n = failed.shape
        totals.values[arm][:, :n], totals.failed[arm][:, :n] = values, failed
        blocks |= {Block(arm, vector, 0, n) for vector in range(vectors)}
    return blocks


def place(totals: Totals, block: Block, tally: Any) -> None:
    """Add a block's days up, in order, into the totals."""
    values, failed = totals.values[block.arm], totals.failed[block.arm]
    where = (block.vector, slice(block.first, block.last))
    values[(*where, slice(None), slice(0, len(COUNTS)))] = np.add.reduce(tally.counts, axis=1)
    values[(*where, slice(None), slice(len(COUNTS), None))] = np.add.reduce(tally.amounts, axis=1)
    failed[where] = tally.failed
