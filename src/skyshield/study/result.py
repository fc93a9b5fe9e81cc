"""The result of a study: totals and months in memory, days read from the store when asked for."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from skyshield.core.arrays import Booleans, Flags, Floats
from skyshield.core.errors import SkyShieldError
from skyshield.engine import STAGES
from skyshield.study import store
from skyshield.study.months import monthly_columns
from skyshield.study.plan import LEFT_OUT, RELIEF, RIVAL, Arm, read_arms
from skyshield.study.totals import MEASURES as MEASURES
from skyshield.study.totals import Column, Totals, column_of

if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr


@dataclass(frozen=True)
class StudyResult:
    """Totals over the period of every replication.

    Attributes
    ----------
    values
        By arm f8[vector, replication, option, measure]; arm 0 is the headline. Other arms may have fewer
        replications (`skyshield.study.plan.arm_replications`): the headline's first ones.
    failed
        By arm u1[vector, replication]: stage at which a replication failed, 0 if it did not, `LEFT_OUT` if the arm does
        not play it.
    parameters
        f8[vector] by name, SI units, of the headline arm.
    manifest
        Key, sizes, options, arms, versions.
    folder
        Where the daily rows are, None if nothing was kept.
    """

    values: Totals | Sequence[Floats]
    failed: Sequence[Flags]
    parameters: dict[str, Floats]
    manifest: dict[str, Any]
    folder: Path | None

    @property
    def options(self) -> list[str]:
        """Names of the options, in the axis's order."""
        return list(self.manifest["options"])

    @property
    def valid(self) -> list[Booleans]:
        """By arm, which replications [vector, replication] were played and did not fail."""
        return [failed == 0 for failed in self.failed]

    @property
    def raid_days(self) -> int:
        """Raid-days of all arms and options; a study plays those alone that no arm shares with the headline."""
        return sum(failed.size for failed in self.failed) * len(self.options) * int(self.manifest["days"])

    def column(self, measure: str) -> Column:
        """Return one measure of every arm."""
        return column_of(self.values, MEASURES.index(measure))

    @property
    def sizes(self) -> tuple[int, int]:
        """Vectors, and replications a vector of the headline."""
        vectors, replications = self.failed[0].shape
        return vectors, replications

    @property
    def arms(self) -> tuple[Arm, ...]:
        """What each arm plays."""
        return read_arms(self.manifest)

    @property
    def relief_arm(self) -> int | None:
        """Number of the arm that supposes relief, None if it was not played."""
        return next((k for k, arm in enumerate(self.arms) if arm.kind == RELIEF), None)

    @property
    def joint(self) -> dict[str, tuple[int, int]]:
        """Option -> the numbers of its joint arms, the worst and the best; without those that have none."""
        return {option: (int(worst), int(best)) for option, (worst, best) in self.manifest.get("joint", {}).items()}

    @property
    def held_against(self) -> dict[str, list[str]]:
        """Option -> those that its joint arms play too, and that theirs play it with."""
        return {option: list(others) for option, others in self.manifest.get("held_against", {}).items()}

    @property
    def envelope(self) -> "StudyResult":
        """The study without the arms that are no part of the envelope."""
        return self._with(lambda arm: arm.in_envelope)

    @property
    def unrelieved(self) -> "StudyResult":
        """The study without the arm that supposes relief, which comes last."""
        return self._with(lambda arm: arm.kind != RELIEF)

    def _with(self, chosen: Callable[[Arm], bool]) -> "StudyResult":
        arms = self.arms
        inside = [k for k, arm in enumerate(arms) if chosen(arm)]
        if len(inside) == len(arms):
            return self
        values = self.values.select(inside) if isinstance(self.values, Totals) else [self.values[k] for k in inside]
        return replace(self, values=values, failed=[self.failed[k] for k in inside],
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

    @property
    def months(self) -> dict[int, Floats]:
        """Of each arm that keeps them f8[vector, replication, month, option, measure of `monthly_columns`]."""
        return self.values.months if isinstance(self.values, Totals) else {}

    @property
    def phases(self) -> dict[int, Floats]:
        """Of the same arms f8[vector, replication, phase, option, measure of `phase_columns`], if there are several."""
        return self.values.phases if isinstance(self.values, Totals) else {}

    def monthly(self, arm: int = 0) -> "pd.DataFrame":
        """Return the months of one arm, one row a vector, replication, month and option, with `MONTHLY` measures.

        Raises
        ------
        SkyShieldError
            If the study does not keep the arm's months.
        """
        import pandas as pd

        if arm not in self.months:
            raise SkyShieldError(f"arm {arm}", "is kept without its months",
                                 f"choose the headline, 0, or an arm that moves {RIVAL}")
        months = self.months[arm]
        index = np.indices(months.shape[:-1]).reshape(4, -1)
        frame = pd.DataFrame(dict(zip(("vector", "replication", "month", "option"), index, strict=True)))
        frame["failed"] = self.failed[arm][frame["vector"], frame["replication"]]
        for k, name in enumerate(monthly_columns()):
            frame[name] = months[..., k].ravel()
        return frame.assign(option=frame["option"].map(dict(enumerate(self.options))))

    def daily(self, arm: int = 0) -> "pd.DataFrame":
        """Read the rows by day of one arm from the store.

        Raises
        ------
        SkyShieldError
            If the study was run without a folder, or without its days.
        """
        import pandas as pd

        if self.folder is None:
            raise SkyShieldError("study", "was not stored", "run it with --out and --daily")
        if not self.manifest["daily"]:
            raise SkyShieldError(str(self.folder), "holds no days", "run the study with --daily in a new folder")
        frame = pd.concat([pd.DataFrame(rows) for rows in store.daily_rows(self.folder, self.manifest, arm)],
                          ignore_index=True)
        return frame.assign(option=frame["option"].map(dict(enumerate(self.options))))

    def failures(self) -> list[dict[str, Any]]:
        """Return one row a failed replication: arm, vector, replication, stage, error."""
        return [{"arm": arm, "vector": int(v), "replication": int(r), "stage": STAGES[failed[v, r]][0],
                 "error": STAGES[failed[v, r]][1]} for arm, failed in enumerate(self.failed)
                for v, r in np.argwhere((failed > 0) & (failed < LEFT_OUT))]
