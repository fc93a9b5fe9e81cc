"""What a study says phase by phase: each option's days in it, what it prevents there, and what it exposes.

A day counts for the phase that an option was in on that day of that replication: war and ceasefire as the calendar has
them, violation and collapse as they came. So the days of a phase are a mean, and may differ between options. Figures
are those of `skyshield.study.summary`, of the measures of `skyshield.study.months.BY_PHASE`.
"""

from typing import Any

from skyshield.study.by_month import by_option, few, figures_of, minus, rows
from skyshield.study.months import phase_columns
from skyshield.study.plan import RIVAL
from skyshield.study.result import StudyResult


def phases_json(result: StudyResult, names: list[str], to: str) -> list[dict[str, Any]]:
    """Return what ``run --json`` prints of each phase, in the scenario's order; empty if it has but one.

    Parameters
    ----------
    result
        The study.
    names
        Of the scenario's phases.
    to
        The option that differences are taken to.

    Returns
    -------
    list
        For each phase ``phase``, ``options`` and ``paired`` as of a month (`skyshield.study.by_month.months_json`), and
        ``ends`` at both ends of the own defence's mixture.
    """
    phases = result.phases
    if 0 not in phases:
        return []
    ends = {end: arm for arm, one in enumerate(result.arms) if arm in phases and arm > 0
            for name, end in one.ends.items() if name == RIVAL}
    others = [option for option in result.options if option != to]
    base, columns = result.options.index(to), tuple(phase_columns())
    told = []
    for k, name in enumerate(names):
        of = {arm: by_option(phases[arm][:, :, k]) for arm in (0, *ends.values())}
        options = figures_of(result, {0: of[0]})[0]
        paired = figures_of(result, {arm: minus(values, base) for arm, values in of.items()}, of[0][[base]])
        told.append({
            "phase": name, "options": rows(options, result.options, "mean", columns),
            "paired": rows(paired[0], others, "delta", columns),
            "ends": {RIVAL: {end: {"paired": few(rows(paired[arm], others, "delta", columns))}
                             for end, arm in ends.items()}} if ends else {}})
    return told
