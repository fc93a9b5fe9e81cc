r"""What a scenario comes to so far, with its error: figures of the headline arm alone.

Of x[v, r], vector by replication, the figures are those of `skyshield.study.summary`. The error that stands beside a
paired difference is, with s_v the standard deviation of the replications of vector v,

- from `ENOUGH_VECTORS` vectors on, those of every study of this size, the Monte Carlo error mcse =
  sqrt(sum_v s_v^2 / R) / K: what computing more replications would still change;
- below, sd(m_v) / sqrt(K) of the vectors' means m_v: the vectors themselves are still a sample of those that the final
  value is the mean over, and what more of them change is several times the noise of replications.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, NamedTuple

import numpy as np

from skyshield.core.arrays import Booleans, Counts, Flags, Floats
from skyshield.core.errors import SkyShieldError
from skyshield.study.compare import ENOUGH_VECTORS, rounded
from skyshield.study.summary import Figures, figures
from skyshield.study.told import are_noise
from skyshield.study.totals import MEASURES

Row = dict[str, float | None]
_FEW = ("lo", "hi", "mcse")


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
        content: dict[str, Any] = rounded(asdict(self))
        return content


class Values(NamedTuple):
    """Totals of options over the same vectors and replications.

    Attributes
    ----------
    x
        f8[option, measure, vector, replication].
    valid
        bool[vector, replication]: played, and no option failed.
    """

    x: Floats
    valid: Booleans


def values_of(counts: Sequence[Counts], amounts: Sequence[Floats], failed: Sequence[Flags],
              measures: Sequence[str]) -> Values:
    """Return the totals of options [vector, replication, measure] side by side, of some measures."""
    places = [MEASURES.index(name) for name in measures]
    valid = np.logical_and.reduce([of == 0 for of in failed])
    whole = [np.concatenate([of, more], axis=-1)[..., places] for of, more in zip(counts, amounts, strict=True)]
    x = np.ascontiguousarray(np.moveaxis(np.stack(whole), -1, 1), np.float64)
    return Values(np.where(valid, x, 0.0), valid)


def rows_of(told: Figures, measures: Sequence[str], options: Sequence[str], middle: str) -> dict[str, dict[str, Row]]:
    """Return option -> measure -> the figures of [option, measure], their mean under the name `middle`.

    As `Figures.row` has them one by one: none where there is no such figure, no ends where noise explains all.
    """
    noise = are_noise(told.lo, told.hi, told.mcse)
    columns = np.stack([told.mean, np.where(noise, np.nan, told.lo), np.where(noise, np.nan, told.hi), told.mcse], -1)
    names = (middle, *_FEW)
    return {option: {measure: dict(zip(names, row, strict=True)) for measure, row in zip(measures, of, strict=True)}
            for option, of in zip(options, _plain(columns), strict=True)}


def _plain(values: Floats) -> Any:
    """Return an array as lists, None for NaN."""
    plain = values.astype(object)
    plain[np.isnan(values)] = None
    return plain.tolist()


def errors_of(x: Floats, valid: Booleans, mcse: Floats) -> Floats:
    """Return how far the means of x[..., vector, replication] may still be from their final values; NaN if untold.

    Examples
    --------
    >>> x = np.array([[1.0, 3.0], [5.0, 7.0]])
    >>> float(errors_of(x, np.ones((2, 2), bool), np.float64(0.5)))
    2.0
    """
    used = valid.any(axis=1)
    n_vectors = int(used.sum())
    if n_vectors >= ENOUGH_VECTORS and not np.isnan(mcse).any():
        return mcse
    if n_vectors < 2:
        return np.full(x.shape[:-2], np.nan)
    means = np.where(valid, x, 0.0)[..., used, :].sum(axis=-1) / valid[used].sum(axis=-1)
    return np.asarray(means.std(axis=-1, ddof=1) / np.sqrt(n_vectors))


def plain_errors(errors: Floats, measures: Sequence[str], options: Sequence[str]) -> dict[str, dict[str, float | None]]:
    """Return option -> measure -> the error of [option, measure], None where it is not told."""
    return {option: dict(zip(measures, row, strict=True)) for option, row in zip(options, _plain(errors), strict=True)}


def moved(now: Values, before: Values, options: Sequence[str], at: Mapping[str, tuple[int, int]],
          baselines: tuple[int, int], measures: Sequence[str]) -> dict[str, dict[str, Row]]:
    """Return option -> measure -> by how much its difference to the baseline has changed, on the same raids.

    Parameters
    ----------
    now, before
        The same vectors and replications of both settings.
    options
        Those that both have, without baselines.
    at
        Option -> its place in both.
    baselines
        Their places.
    measures
        Of the columns.
    """
    if not options:
        return {}
    ones, others = [at[name][0] for name in options], [at[name][1] for name in options]
    difference = (now.x[ones] - now.x[baselines[0]]) - (before.x[others] - before.x[baselines[1]])
    valid = now.valid & before.valid
    told = figures(difference, valid, spread=False)
    errors = plain_errors(errors_of(difference, valid, told.mcse), measures, options)
    rows = rows_of(told, measures, options, "delta")
    return {option: {name: {"delta": row["delta"], "mcse": row["mcse"], "error": errors[option][name]}
                     for name, row in rows[option].items()} for option in options}


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
