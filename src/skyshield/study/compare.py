r"""Options compared: paired differences on the same vectors and the same raids, with three kinds of doubt kept apart.

Differences are option minus baseline, replication by replication, summarised by `skyshield.study.summary`: ``lo, hi``
for what the numbers leave open, ``mcse`` for what the computing adds, ``spread`` for how single periods differ.

env_lo, env_hi: from the smallest lo to the largest hi over the arms of the envelope, that is with each entry
without a centre moved alone to its ends. joint_lo, joint_hi: the same over the headline and the two arms in which all
of them stand together where they are worst, and best, for the option (`skyshield.study.joint`). The arm of relief is no
part of either (`relief_rows`). A replication that failed for any reason is left out of every option.

A conclusion about an option, that it prevents more than zero, is drawn from lo > 0. Two rival models say where
Ukraine stops threats; `rivals` tells under which of them the conclusion holds.
"""

import functools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from skyshield.core.arrays import Booleans, Floats
from skyshield.core.errors import SkyShieldError
from skyshield.study.plan import RIVAL as RIVAL
from skyshield.study.plan import SINGLE, Arm
from skyshield.study.resampling import vector_counts
from skyshield.study.result import MEASURES, StudyResult
from skyshield.study.summary import figures_by_arm, mass_events, rows_with_reach
from skyshield.study.told import Summary, ends
from skyshield.study.totals import Column

# The primary measures, side by side; joint arms and precision go by the first.
PRIMARIES = ("prevented_armed_zone", "prevented_armed")
PRIMARY = PRIMARIES[0]
ENOUGH_VECTORS = 200
UNIFORM, COVERAGE = "uniform", "coverage"
CASUALTIES = "casualties"
FLAG = "FLAG"
FEW_FIGURES = ("lo", "hi", "mcse", "reason")
RIVAL_ENDS = {"low": COVERAGE, "high": UNIFORM}
_RIVAL_VALUES = {0.0: COVERAGE, 1.0: UNIFORM}
RIVAL_WORDS = {UNIFORM: "evenly along their way", COVERAGE: "near defended aim points"}


@dataclass(frozen=True)
class Comparison:
    """Paired differences of every option to one.

    Attributes
    ----------
    to
        The option differences are taken to.
    rows
        option -> measure -> {delta, lo, hi, mcse, se, spread_lo, spread_hi, env_lo, env_hi, joint_lo, joint_hi}.
    """

    to: str
    rows: dict[str, dict[str, Summary]]


def options_summary(result: StudyResult) -> dict[str, dict[str, Summary]]:
    """Return option -> measure -> summary; that of casualties has the chances of `mass_events` too."""
    result = result.unrelieved
    computed: dict[str, dict[str, Summary]] = {option: {} for option in result.options}
    valid, reach = result.valid, _Reach.of(result, result.options)
    inside = reach.envelope
    for measure in MEASURES:
        column = result.column(measure)
        rows = reach.rows(column, valid)
        for k, option in enumerate(result.options):
            computed[option][measure] = rows[k]
            if measure == CASUALTIES:
                rows[k] |= mass_events([column.values[arm][k] for arm in inside], [valid[arm] for arm in inside])
    return computed


class _Reach(NamedTuple):
    """Over which arms columns are told: those of the envelope, and of each column the joint ones."""

    envelope: list[int]
    joint: list[tuple[int, int] | None]
    seed: int

    @classmethod
    def of(cls, result: StudyResult, options: Sequence[str]) -> "_Reach":
        """Return that of columns, each of an option; a difference to another option than the baseline has no joint."""
        inside = [k for k, arm in enumerate(result.arms) if arm.in_envelope] or list(range(len(result.failed)))
        return cls(inside, [result.joint.get(option) for option in options], int(result.manifest.get("seed", 0)))

    def rows(self, column: Column, valid: Sequence[Booleans]) -> list[Summary]:
        """Summarise columns."""
        counts = vector_counts(self.seed, len(valid[0]))
        return rows_with_reach(column.values, valid, column.moved, counts, self.envelope, self.joint, column.base)


def compare(result: StudyResult, to: str, measures: Sequence[str] | None = None) -> Comparison:
    """Compare every other option with one, on the same vectors and raids, in all measures or some.

    Raises
    ------
    SkyShieldError
        If there is no such option.
    """
    if to not in result.options:
        raise SkyShieldError(f"option {to!r}", "is not in the study", f"choose from {', '.join(result.options)}")
    others = [option for option in result.options if option != to]
    return Comparison(to, paired(result, [(option, to) for option in others], measures))


def paired(result: StudyResult, pairs: Sequence[tuple[str, str]],
           measures: Sequence[str] | None = None) -> dict[str, dict[str, Summary]]:
    """Return first option -> measure -> its paired difference to the second, for each pair; of all measures or some."""
    result = result.unrelieved
    ones, others = ([result.options.index(pair[k]) for pair in pairs] for k in range(2))
    rows: dict[str, dict[str, Summary]] = {pair[0]: {} for pair in pairs}
    valid, reach = result.valid, _Reach.of(result, _joint_options(result, pairs))
    for measure in (MEASURES if measures is None else measures) if pairs else ():
        column = result.column(measure).minus(ones, others)
        for (option, _), row in zip(pairs, _paired_rows(column, valid, reach), strict=True):
            rows[option][measure] = row
    return rows


def paired_sums(result: StudyResult, pairs: Sequence[tuple[str, str]], columns: Sequence[str]) -> dict[str, Summary]:
    """Compare options in several columns added up replication by replication.

    Returns
    -------
    dict
        First option of each pair -> what `Comparison` has of a measure.
    """
    return dict(zip([pair[0] for pair in pairs], pair_rows(result, pairs, columns), strict=True)) if pairs else {}


def pair_rows(result: StudyResult, pairs: Sequence[tuple[str, str]], columns: Sequence[str]) -> list[Summary]:
    """Return by pair what `Comparison` has of a measure, of columns added up replication by replication."""
    result = result.unrelieved
    return _paired_rows(summed(result, pairs, columns), result.valid, _Reach.of(result, _joint_options(result, pairs)))


def _joint_options(result: StudyResult, pairs: Sequence[tuple[str, str]]) -> list[str]:
    """Return the option of each pair whose joint arms hold for it: they were chosen by differences to the baseline."""
    return [one if other == result.manifest.get("baseline") else "" for one, other in pairs]


def _paired_rows(column: Column, valid: Sequence[Booleans], reach: _Reach) -> list[Summary]:
    return [{"delta": row.pop("mean"), **row} for row in reach.rows(column, valid)]


def summed(result: StudyResult, pairs: Sequence[tuple[str, str]], columns: Sequence[str]) -> Column:
    """Return by arm f8[pair, vector, replication]: the differences of pairs, columns added up in their order."""
    ones, others = ([result.options.index(pair[k]) for pair in pairs] for k in range(2))
    summed = functools.reduce(Column.plus, [result.column(column) for column in columns])
    return summed.minus(ones, others)


def differences(result: StudyResult, option: str, to: str, columns: Sequence[str] = (PRIMARY,)) -> list[Floats]:
    """Return by arm f8[vector, replication]: an option minus another, columns added up."""
    return [values[0] for values in summed(result, [(option, to)], columns).values]


def over_arms(result: StudyResult, to: str, measure: str = PRIMARY) -> dict[str, list[Summary]]:
    """Return option -> one paired difference an arm of the envelope, the headline first."""
    result = result.envelope
    others = [option for option in result.options if option != to]
    if not others:
        return {}
    column = summed(result, [(option, to) for option in others], (measure,))
    every = figures_by_arm(column.values, result.valid, column.moved, base=column.base)
    rows = {option: [one.row(k) for one in every] for k, option in enumerate(others)}
    return {option: [{"delta": row.pop("mean"), **row} for row in of] for option, of in rows.items()}


def relief_rows(result: StudyResult, to: str) -> dict[str, dict[str, Summary]]:
    """Compare every other option with one in the arm that supposes relief.

    Returns
    -------
    dict
        option -> measure -> {delta, lo, hi, mcse}; empty if the arm was not played.
    """
    arm = result.relief_arm
    if arm is None:
        return {}
    others = [option for option in result.options if option != to]
    rows: dict[str, dict[str, Summary]] = {option: {} for option in others}
    for measure in MEASURES if others else ():
        column = summed(result, [(option, to) for option in others], (measure,))
        computed = figures_by_arm([column.values[0], column.values[arm]], [result.valid[0], result.valid[arm]],
                                  [False, column.moved[arm]], spread=False, base=column.base)[1]
        for k, option in enumerate(others):
            row = computed.row(k)
            rows[option][measure] = {"delta": row["mean"], **{key: row[key] for key in FEW_FIGURES if key in row}}
    return rows


def single_moves(arms: Sequence[Arm]) -> list[tuple[int, str, str]]:
    """Return each arm in which one entry without a centre stands at an end of its own: arm, entry, end.

    Bundled entries, which move incidents and people alone, are left out.
    """
    return [(k, name, end) for k, arm in enumerate(arms) if arm.kind == SINGLE for name, end in arm.ends.items()]


def rival_arms(result: StudyResult) -> dict[str, int]:
    """Return which arm plays each end of the own defence's mixture; one alone where the scenario fixes that end.

    Empty if the study plays neither.
    """
    if RIVAL not in result.parameters:
        return {}
    values = set(result.parameters[RIVAL].tolist())
    model = _RIVAL_VALUES.get(values.pop()) if len(values) == 1 else None
    headline = {} if model is None else {model: 0}  # at neither end, where the headline stands between the two
    moved = {RIVAL_ENDS[end]: arm for arm, name, end in single_moves(result.arms) if name == RIVAL}
    return dict(sorted({**headline, **moved}.items(), reverse=True))


def rivals(result: StudyResult, arms: Mapping[str, Sequence[Summary]]) -> dict[str, dict[str, Any]]:
    """Say for each option under which rival models it prevents more than zero at 95%.

    Parameters
    ----------
    result
        The study.
    arms
        Its options in every arm, from `over_arms`.

    Returns
    -------
    dict
        option -> ``by_rival``, name -> {delta, lo, hi, mcse, prevents}, and ``holds_under_both``: None if only
        one was played or there is no interval.
    """
    computed: dict[str, dict[str, Any]] = {}
    played = rival_arms(result)
    for option, rows in arms.items() if played else ():
        by_rival = {}
        for name, arm in played.items():
            row = rows[arm]
            reach = ends(row)
            by_rival[name] = {key: row[key] for key in ("delta", *FEW_FIGURES) if key in row} | {
                "prevents": None if reach is None else reach[0] > 0.0}
        prevents = [row["prevents"] for row in by_rival.values()]
        both = None if len(prevents) < len(RIVAL_ENDS) or None in prevents else all(prevents)
        computed[option] = {"holds_under_both": both, "by_rival": by_rival}
    return computed


def rival_sentence(computed: dict[str, Any], to: str = "") -> str:
    """Say what `rivals` found for one option; a conclusion that only one model bears is flagged.

    `to` names the option that differences are taken to, where that is not the baseline.

    Examples
    --------
    >>> rival_sentence({"by_rival": {UNIFORM: {"prevents": True, "delta": 3.14},
    ...                              COVERAGE: {"prevents": False, "delta": 0.2}}})[:45]
    'FLAG: that it prevents more than zero at 95% '
    """
    by_rival = computed["by_rival"]
    if None in [row["prevents"] for row in by_rival.values()]:
        return "There is no interval, so the two rival models of where Ukraine stops threats cannot be compared."
    models = {name: f"{RIVAL_WORDS[name]} (mean {rounded(row['delta'], 2):,g})" for name, row in by_rival.items()}
    holding = [models[name] for name, row in by_rival.items() if row["prevents"]]
    failing = [models[name] for name, row in by_rival.items() if not row["prevents"]]
    more = f"more than {to or 'zero'} at 95%"
    if len(by_rival) < len(RIVAL_WORDS):
        what = f"prevents {more}" if holding else f"is not shown to prevent {more}"
        return (f"It {what} if Ukraine stops threats {next(iter(models.values()))}; the scenario fixes that, so the "
                "rival model was not played.")
    if not failing:
        return (f"That it prevents {more} holds under both rival models of where Ukraine stops threats: "
                f"{' and '.join(holding)}.")
    if holding:
        return (f"{FLAG}: that it prevents {more} holds only if Ukraine stops threats {holding[0]}, not "
                f"if it stops them {failing[0]}.")
    return f"It is not shown to prevent {more}, whether Ukraine stops threats {' or '.join(failing)}."


def size_marks(fit_status: str, vectors: int, replications: int) -> list[str]:
    """Return what every output must say about a study of this fit and size."""
    computed = [fit_status] if fit_status else []
    if vectors < ENOUGH_VECTORS:
        plural = "s" if vectors > 1 else ""
        computed.append(f"{vectors} parameter vector{plural}, fewer than {ENOUGH_VECTORS}: intervals are rough")
    if replications == 1:
        computed.append("one replication a vector: no Monte Carlo error, intervals still hold its noise")
    return computed


def first_days_mark(days: int, of_days: int) -> list[str]:
    """Return what every output must say of a study of a campaign's first days alone.

    Examples
    --------
    >>> first_days_mark(30, 365), first_days_mark(30, 30)
    (['the first 30 of 365 days: forces and budgets are planned for all of them'], [])
    """
    return [f"the first {days} of {of_days} days: forces and budgets are planned for all of them"] \
        if days < of_days else []


def marks(result: StudyResult, fit_status: str) -> list[str]:
    """Return what every output must say about how far the study may be trusted."""
    computed = size_marks(fit_status, *result.sizes)
    days = int(result.manifest.get("days", 0))
    computed += first_days_mark(days, int(result.manifest.get("of_days", days)))
    n_failed = len(result.failures())
    if n_failed:
        computed.append(f"{n_failed} replications failed and were left out of every option")
    return computed


def rounded(value: Any, digits: int = 6) -> Any:
    """Round every number of plain data to significant digits, for JSON that agrees across platforms.

    Examples
    --------
    >>> rounded({"a": [1.23456789, 2, None]})
    {'a': [1.23457, 2, None]}
    """
    return _rounded(value, f"%.{digits - 1}e")


def _rounded(value: Any, form: str) -> Any:
    if type(value) is float:  # nearly all that there is
        return float(form % value) if value else value
    if isinstance(value, dict):
        return {key: _rounded(item, form) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_rounded(item, form) for item in value]
    if isinstance(value, float):
        return float(form % value)
    return value
