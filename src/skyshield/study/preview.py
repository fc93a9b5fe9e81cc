r"""What a scenario comes to so far, with its error: figures of the headline arm alone.

Of x[v, r], vector by replication, the figures are those of `skyshield.study.summary`. The error that stands beside a
paired difference is, with s_v the standard deviation of the replications of vector v,

- from `ENOUGH_VECTORS` vectors on, those of every study of this size, the Monte Carlo error mcse =
  sqrt(sum_v s_v^2 / R) / K: what computing more replications would still change;
- below, sd(m_v) / sqrt(K) of the vectors' means m_v: the vectors themselves are still a sample of those that the final
  value is the mean over, and what more of them change is several times the noise of replications.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from skyshield.core.errors import SkyShieldError
from skyshield.study.compare import rounded
from skyshield.study.telling import Row
from skyshield.study.totals import MEASURES


@dataclass(frozen=True)
class Preview:
    """What one stage of a preview says.

    Attributes
    ----------
    stage, final
        Its number, from 1; whether it is the last.
    vectors, replications, days
        Of what is played.
    baseline, options
        The option that differences are taken to, and all that are told, in the scenario's order.
    paired
        Option -> measure -> delta, lo, hi, mcse of the option minus the baseline, as a study of this size tells them.
    error
        Option -> measure -> how far delta may still be from its final value: one standard error.
    move
        Option -> measure -> delta, mcse, error of what changed from the setting before, on the same raids; empty
        without one.
    levels
        Option -> measure -> mean, lo, hi, mcse of the option itself.
    planned
        Option -> what it plans to spend in the period, EUR, fully loaded.
    """

    stage: int
    final: bool
    vectors: int
    replications: int
    days: int
    baseline: str
    options: tuple[str, ...]
    paired: dict[str, dict[str, Row]]
    error: dict[str, dict[str, float | None]]
    move: dict[str, dict[str, Row]]
    levels: dict[str, dict[str, Row]]
    planned: dict[str, float]

    def plain(self) -> dict[str, Any]:
        """Return plain data with 6 significant digits, as ``run --json`` has them."""
        content: dict[str, Any] = rounded(vars(self))
        return content


def checked_measures(measures: Sequence[str]) -> tuple[str, ...]:
    """Return columns of results.

    Raises
    ------
    SkyShieldError
        If there is none, or one that is no column.
    """
    unknown = next((name for name in measures if name not in MEASURES), None)
    if unknown is not None or not measures:
        raise SkyShieldError("measures", f"{unknown!r} is no measure" if measures else "names no measure",
                             f"choose from {', '.join(MEASURES)}")
    return tuple(dict.fromkeys(measures))
