"""What a study says month by month: how each effect builds up, and what a month is like once all is in place.

Each month has the figures of `skyshield.study.summary` of the measures of `MONTHLY`: of every option, paired against
the baseline, and paired at both ends of the own defence's mixture, which are rival models. Ends of other entries are
told over the period alone. Days are counted from 1.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np

from skyshield.core.arrays import Floats
from skyshield.study.compare import FEW_FIGURES
from skyshield.study.months import month_starts, monthly_columns
from skyshield.study.plan import RIVAL
from skyshield.study.resampling import vector_counts
from skyshield.study.result import StudyResult
from skyshield.study.summary import Figures, figures_by_arm
from skyshield.study.told import Summary


def months_json(result: StudyResult, start_date: Any, to: str) -> list[dict[str, Any]]:
    """Return what ``run --json`` prints of each month.

    Parameters
    ----------
    result
        The study.
    start_date
        Its first day.
    to
        The option that differences are taken to.

    Returns
    -------
    list
        For each month that the study reaches into: ``from_day``, ``to_day``, ``options`` (option -> measure -> its
        figures), ``paired`` (option -> measure -> its difference, without envelopes) and ``ends``: entry -> ``low``,
        ``high`` -> ``paired`` with {delta, lo, hi, mcse}. Empty where a study keeps no months.
    """
    months = result.months
    if 0 not in months:
        return []
    days = int(result.manifest["days"])
    starts = month_starts(start_date, days).tolist()
    ends = {end: arm for arm, one in enumerate(result.arms) if arm in months and arm > 0
            for name, end in one.ends.items() if name == RIVAL}
    others, columns = [option for option in result.options if option != to], tuple(monthly_columns())
    told = []
    for month, (first, last) in enumerate(zip(starts, [*starts[1:], days], strict=True)):
        of = {arm: by_option(months[arm][:, :, month]) for arm in (0, *ends.values())}
        base = result.options.index(to)
        options = figures_of(result, {0: of[0]})[0]
        paired = figures_of(result, {arm: minus(values, base) for arm, values in of.items()}, of[0][[base]])
        told.append({
            "from_day": first + 1, "to_day": last, "options": rows(options, result.options, "mean", columns),
            "paired": rows(paired[0], others, "delta", columns),
            "ends": {RIVAL: {end: {"paired": few(rows(paired[arm], others, "delta", columns))}
                             for end, arm in ends.items()}} if ends else {}})
    return told


def by_option(values: Floats) -> Floats:
    """Return f8[option, measure, vector, replication] of [vector, replication, option, measure]."""
    return np.ascontiguousarray(values.transpose(2, 3, 0, 1))


def minus(values: Floats, base: int) -> Floats:
    """Return the differences of all other options to one."""
    return np.asarray(np.delete(values, base, axis=0) - values[base])


def figures_of(result: StudyResult, values: dict[int, Floats], base: Floats | None = None) -> dict[int, Figures]:
    """Return the figures of arms, the headline first; others are told through it."""
    valid = result.valid
    counts = vector_counts(int(result.manifest.get("seed", 0)), len(valid[0]))
    computed = figures_by_arm(list(values.values()), [valid[arm] for arm in values], spread=False, counts=counts,
                              base=base)
    return dict(zip(values, computed, strict=True))


def rows(figures: Figures, options: list[str], mean: str,
         columns: Sequence[str]) -> dict[str, dict[str, Summary]]:
    """Return the figures of options, those of each of the `columns` under its name."""
    return {option: {name: {mean: row.pop("mean"), **row} for m, name in enumerate(columns)
                     for row in [figures.row((k, m))]} for k, option in enumerate(options)}


def few(rows: dict[str, dict[str, Summary]]) -> dict[str, dict[str, Summary]]:
    """Return the figures that are told of arms."""
    return {option: {name: {key: row[key] for key in ("delta", *FEW_FIGURES) if key in row}
                     for name, row in of.items()} for option, of in rows.items()}
