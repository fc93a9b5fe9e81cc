r"""Summaries and paired differences, with three kinds of doubt kept apart.

For values x[v, r] of vector v and replication r, with s_v^2 the variance within vector v, R_v its
replications, m_v its mean, B the variance of the m_v and K the number of vectors:

(i)   lo, hi: 95% of E[outcome | vector] over vectors. The m_v are shrunk toward their mean by
      sqrt(max(0, 1 - mean_v(s_v^2 / R_v) / B)), which takes the within-variance out, before quantiles.
(ii)  mcse = sqrt(sum_v s_v^2 / R_v) / K: Monte Carlo error of the mean for these vectors.
(iii) spread_lo, spread_hi: 95% of single periods, over all vectors and replications.

env_lo, env_hi: from the smallest lo to the largest hi over the arms of the envelope, that is with each entry
without a centre moved alone to its ends. The arm of relief is no part of it (`relief_rows`). A replication that failed
for any reason is left out of every option. Differences are option minus baseline on the same vectors and the same
raids, summarised in the same way.

A conclusion about an option, that it prevents more than zero, is drawn from lo > 0. Two rival models say where
Ukraine stops threats; `rivals` tells under which of them the conclusion holds.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from skyshield.core.errors import SkyShieldError
from skyshield.study.result import MEASURES, StudyResult

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]
Summary = dict[str, float | None]

PRIMARY = "prevented_zone"
ENOUGH_VECTORS = 200
RIVAL = "own_defence_rival"
UNIFORM, COVERAGE = "uniform", "coverage"
FLAG = "FLAG"
RIVAL_ENDS = {"low": UNIFORM, "high": COVERAGE}
RIVAL_WORDS = {UNIFORM: "evenly along their way", COVERAGE: "near defended aim points"}
_TAILS = (0.025, 0.975)


@dataclass(frozen=True)
class Comparison:
    """Paired differences of every option to one.

    Attributes
    ----------
    to
        The option differences are taken to.
    rows
        option -> measure -> {delta, lo, hi, mcse, spread_lo, spread_hi, env_lo, env_hi}.
    """

    to: str
    rows: dict[str, dict[str, Summary]]


def summarise(x: Floats, sound: Flags) -> Summary:
    """Summarise x[vector, replication] over the sound replications.

    Returns
    -------
    dict
        mean, lo, hi, mcse, spread_lo, spread_hi; None where the size does not allow the figure (no
        interval from one vector, no Monte Carlo error from one replication).

    Examples
    --------
    >>> x = np.array([[1.0, 3.0], [5.0, 7.0]])
    >>> summary = summarise(x, np.ones((2, 2), bool))
    >>> summary["mean"], round(summary["mcse"], 4)
    (4.0, 0.7071)
    """
    used = sound.any(axis=1)
    if not used.any():
        return dict.fromkeys(("mean", "lo", "hi", "mcse", "spread_lo", "spread_hi"))
    found = _nested(x[used], sound[used])
    spread = np.quantile(x[sound], _TAILS)
    mcse = lo = hi = None
    if found.several_replications:
        mcse = float(np.sqrt(found.noise.sum()) / len(found.noise))
    if len(found.noise) > 1:
        lo, hi = (float(q) for q in np.quantile(found.expected, _TAILS))
    return {"mean": found.mean, "lo": lo, "hi": hi, "mcse": mcse, "spread_lo": float(spread[0]),
            "spread_hi": float(spread[1])}


class _Nested(NamedTuple):
    """The mean, the vectors' shrunk means, their noise s_v^2 / R_v, and whether every vector could tell its own."""

    mean: float
    expected: Floats
    noise: Floats
    several_replications: bool


def _nested(x: Floats, sound: Flags) -> _Nested:
    """Take x[vector, replication] apart; every vector has a sound replication."""
    number = sound.sum(axis=1)
    # from each vector's first sound value, so that a constant measure has no variance at all, not even rounding
    first = np.take_along_axis(x, sound.argmax(axis=1)[:, None], axis=1)
    above = np.where(sound, x - first, 0.0)
    means = first[:, 0] + above.sum(axis=1) / number
    mean = float(means.mean())
    noise = np.zeros(len(number))
    several = bool((number > 1).all())
    if several:
        within = (np.where(sound, above - (above.sum(axis=1) / number)[:, None], 0.0) ** 2).sum(axis=1) / (number - 1)
        noise = within / number
    between = float(means.var(ddof=1)) if len(number) > 1 else 0.0
    shrink = np.sqrt(max(0.0, 1.0 - float(noise.mean()) / between)) if between > 0.0 else 0.0
    return _Nested(mean, mean + shrink * (means - mean), noise, several)


def expected_outcomes(x: Floats, sound: Flags) -> Floats:
    """Return f8[vector]: the shrunk means of x[vector, replication] that `lo` and `hi` are quantiles of.

    NaN for a vector without a sound replication. With one vector its mean.

    Examples
    --------
    >>> expected_outcomes(np.array([[1.0, 1.0], [5.0, 5.0]]), np.ones((2, 2), bool)).tolist()
    [1.0, 5.0]
    """
    used = sound.any(axis=1)
    found = np.full(len(x), np.nan)
    if used.any():
        found[used] = _nested(x[used], sound[used]).expected
    return found


def _with_envelope(x: Floats, sound: Flags) -> Summary:
    """Summarise x[arm, vector, replication]: the headline with the envelope over arms."""
    every = [summarise(x[arm], sound[arm]) for arm in range(len(x))]
    lows = [s["lo"] if s["lo"] is not None else s["mean"] for s in every]
    highs = [s["hi"] if s["hi"] is not None else s["mean"] for s in every]
    known = [v for v in lows if v is not None], [v for v in highs if v is not None]
    return every[0] | {"env_lo": min(known[0], default=None), "env_hi": max(known[1], default=None)}


def options_summary(result: StudyResult) -> dict[str, dict[str, Summary]]:
    """Return option -> measure -> summary."""
    result = result.envelope
    sound = result.failed == 0
    return {option: {measure: _with_envelope(result.values[..., o, m], sound) for m, measure in enumerate(MEASURES)}
            for o, option in enumerate(result.options)}


def compare(result: StudyResult, to: str) -> Comparison:
    """Compare every other option with one, on the same vectors and raids.

    Raises
    ------
    SkyShieldError
        If there is no such option.
    """
    if to not in result.options:
        raise SkyShieldError(f"option {to!r}", "is not in the study", f"choose from {', '.join(result.options)}")
    return Comparison(to, {option: paired_rows(result, option, to) for option in result.options if option != to})


def paired_rows(result: StudyResult, option: str, to: str) -> dict[str, Summary]:
    """Return measure -> paired difference of one option to another."""
    result = result.envelope
    sound = result.failed == 0
    differences = result.values[..., result.options.index(option), :] - result.values[..., result.options.index(to), :]
    rows: dict[str, Summary] = {}
    for m, measure in enumerate(MEASURES):
        summary = _with_envelope(differences[..., m], sound)
        rows[measure] = {"delta": summary.pop("mean"), **summary}
    return rows


def paired_sum(result: StudyResult, option: str, to: str, columns: Sequence[str]) -> Summary:
    """Compare one option with another in several columns added up replication by replication.

    Returns
    -------
    dict
        delta, lo, hi, mcse, spread_lo, spread_hi, env_lo, env_hi.
    """
    result = result.envelope
    at = [MEASURES.index(column) for column in columns]
    of, base = (result.values[..., result.options.index(name), :][..., at].sum(axis=-1) for name in (option, to))
    summary = _with_envelope(of - base, result.failed == 0)
    return {"delta": summary.pop("mean"), **summary}


def over_arms(result: StudyResult, to: str, measure: str = PRIMARY) -> dict[str, list[Summary]]:
    """Return option -> one paired difference an arm of the envelope, the headline first."""
    result = result.envelope
    sound = result.failed == 0
    at, base = MEASURES.index(measure), result.options.index(to)
    found: dict[str, list[Summary]] = {}
    for o, option in enumerate(result.options):
        if option == to:
            continue
        found[option] = []
        for arm in range(len(result.values)):
            summary = summarise(result.values[arm, ..., o, at] - result.values[arm, ..., base, at], sound[arm])
            found[option].append({"delta": summary.pop("mean"), **summary})
    return found


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
    base = result.values[arm, ..., result.options.index(to), :]
    rows: dict[str, dict[str, Summary]] = {}
    for o, option in enumerate(result.options):
        if option != to:
            rows[option] = {}
            for m, measure in enumerate(MEASURES):
                found = summarise(result.values[arm, ..., o, m] - base[..., m], result.failed[arm] == 0)
                rows[option][measure] = {"delta": found["mean"], **{key: found[key] for key in ("lo", "hi", "mcse")}}
    return rows


def rival_arms(result: StudyResult) -> dict[str, int]:
    """Return which arm plays each rival model of the own defence; one alone where the scenario fixes it.

    Empty if the study does not use them.
    """
    if RIVAL not in result.parameters:
        return {}
    headline = COVERAGE if result.parameters[RIVAL][0] > 0.0 else UNIFORM
    moved = {RIVAL_ENDS[arm[RIVAL]]: k for k, arm in enumerate(result.manifest["arms"]) if RIVAL in arm}
    return dict(sorted({headline: 0, **moved}.items(), reverse=True))


def rivals(result: StudyResult, to: str) -> dict[str, dict[str, Any]]:
    """Say for each option under which rival models it prevents more than zero at 95%.

    Returns
    -------
    dict
        option -> ``by_rival``, name -> {delta, lo, hi, mcse, prevents}, and ``holds_under_both``: None if only
        one was played or there is no interval.
    """
    found: dict[str, dict[str, Any]] = {}
    played = rival_arms(result)
    for option, rows in over_arms(result, to).items() if played else ():
        by_rival = {}
        for name, arm in played.items():
            row = rows[arm]
            by_rival[name] = {key: row[key] for key in ("delta", "lo", "hi", "mcse")} | {
                "prevents": None if row["lo"] is None else row["lo"] > 0.0}
        said = [row["prevents"] for row in by_rival.values()]
        both = None if len(said) < len(RIVAL_ENDS) or None in said else all(said)
        found[option] = {"holds_under_both": both, "by_rival": by_rival}
    return found


def rival_sentence(found: dict[str, Any]) -> str:
    """Say what `rivals` found for one option; a conclusion that only one model bears is flagged.

    Examples
    --------
    >>> rival_sentence({"by_rival": {UNIFORM: {"prevents": True, "delta": 3.14},
    ...                              COVERAGE: {"prevents": False, "delta": 0.2}}})[:45]
    'FLAG: that it prevents more than zero at 95% '
    """
    by_rival = found["by_rival"]
    if None in [row["prevents"] for row in by_rival.values()]:
        return "There is no interval, so the two rival models of where Ukraine stops threats cannot be compared."
    said = {name: f"{RIVAL_WORDS[name]} (mean {rounded(row['delta'], 2):,g})" for name, row in by_rival.items()}
    holding = [said[name] for name, row in by_rival.items() if row["prevents"]]
    failing = [said[name] for name, row in by_rival.items() if not row["prevents"]]
    if len(by_rival) < len(RIVAL_WORDS):
        what = "prevents more than zero at 95%" if holding else "is not shown to prevent more than zero at 95%"
        return (f"It {what} if Ukraine stops threats {next(iter(said.values()))}; the scenario fixes that, so the "
                "rival model was not played.")
    if not failing:
        return ("That it prevents more than zero at 95% holds under both rival models of where Ukraine stops threats: "
                f"{' and '.join(holding)}.")
    if holding:
        return (f"{FLAG}: that it prevents more than zero at 95% holds only if Ukraine stops threats {holding[0]}, not "
                f"if it stops them {failing[0]}.")
    return ("It is not shown to prevent more than zero at 95%, whether Ukraine stops threats "
            f"{' or '.join(failing)}.")


def size_marks(fit_status: str, vectors: int, replications: int) -> list[str]:
    """Return what every output must say about a study of this fit and size."""
    found = [fit_status] if fit_status else []
    if vectors < ENOUGH_VECTORS:
        plural = "s" if vectors > 1 else ""
        found.append(f"{vectors} parameter vector{plural}, fewer than {ENOUGH_VECTORS}: intervals are rough")
    if replications == 1:
        found.append("one replication a vector: no Monte Carlo error, intervals still hold its noise")
    return found


def marks(result: StudyResult, fit_status: str) -> list[str]:
    """Return what every output must say about how far the study may be trusted."""
    found = size_marks(fit_status, *result.failed.shape[1:])
    n_failed = int((result.failed != 0).sum())
    if n_failed:
        found.append(f"{n_failed} replications failed and were left out of every option")
    return found


def rounded(value: Any, digits: int = 6) -> Any:
    """Round every number of plain data to significant digits, for JSON that agrees across platforms.

    Examples
    --------
    >>> rounded({"a": [1.23456789, 2, None]})
    {'a': [1.23457, 2, None]}
    """
    if isinstance(value, dict):
        return {key: rounded(item, digits) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [rounded(item, digits) for item in value]
    if isinstance(value, float):
        return float(f"{value:.{digits - 1}e}")
    return value
