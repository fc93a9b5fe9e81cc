"""What a sceptic asks of a report: what would change its answer, and what its model has been held against."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path
from typing import Any

from skyshield.core.files import read_yaml
from skyshield.report.reading import Reading
from skyshield.report.tables import Cell, Table
from skyshield.report.text import NOTHING, count, full, listing, number
from skyshield.study.told import Summary, ends
from skyshield.study.view import StudyView

_HELD = Path(__file__).parents[1] / "data" / "evidence.yaml"

Arms = Mapping[str, Sequence[Summary]]
Moves = Sequence[tuple[int, str]]  # arm, what it moves, in words


@dataclass(frozen=True)
class Evidence:
    """The section's content."""

    changes: Table | None
    orders: tuple[str, ...]
    checks: Table | None
    forecasts: Table | None
    checked: str


def make(reading: Reading) -> dict[str, Any] | None:
    """Return the section; None where there is nothing to compare."""
    if reading.alone:
        return None
    return {"evidence": section(reading.view, read_yaml(_HELD))}


def section(view: StudyView, held: Mapping[str, Any]) -> Evidence:
    """Return the section.

    Parameters
    ----------
    view
        The study.
    held
        What the shipped fit was held against: ``record_sha256``, ``facts``, ``targets``, ``kept_aside``. It speaks of
        that fit only.
    """
    labels = view.labels
    arms = {option: view.arms[option] for option in view.compared.rows}
    moves = [(one.arm, f"“{one.label}” at {'its ' + one.end + ' ends' if one.value is None else full(one.value)}")
             for one in view.moves]
    ours = view.fit.record_sha256 == held["record_sha256"]
    checked = summary_sentence(held) if ours else (
        "This study uses another fit than the shipped one, so nothing here was held against what followed it; "
        "“skyshield backtest” does that with your record.")
    return Evidence(changes(arms, moves, labels) if moves else None, tuple(orders(arms, moves, labels)),
                    facts(held["facts"]) if ours else None,
                    forecasts(held["targets"], held["kept_aside"]) if ours and held["targets"] else None, checked)


def changes(arms: Arms, moves: Moves, labels: Mapping[str, str]) -> Table:
    """Return for each option the numbers that alone, at one end, take the conclusion away or bring it about."""
    rows: list[tuple[Cell, ...]] = []
    for option, result in arms.items():
        here = _prevents(result[0])
        if here is None:
            rows.append((labels[option], NOTHING, NOTHING, NOTHING))
            continue
        other = [words for arm, words in moves if _prevents(result[arm]) not in (None, here)]
        means = [(row["delta"], words) for arm, words in moves if (row := result[arm])["delta"] is not None]
        lowest = min(means, key=lambda one: one[0] or 0.0, default=(None, ""))
        rows.append((labels[option], "yes" if here else "no", listing(other) if other else "none of them alone",
                     NOTHING if lowest[0] is None else f"{number(lowest[0])}: {lowest[1]}"))
    return Table("changes", "What would change the conclusion", (
        "Option", "More than zero at 95%?", "It would be otherwise with one number moved", "Lowest mean with "
                                                                                           "one moved"),
        tuple(rows), note="Only numbers that nobody knows are moved, each alone to its ends. Two moved at once "
                          "may do more.")


def _prevents(row: Summary) -> bool | None:
    reach = ends(row)
    return None if reach is None else reach[0] > 0.0


def orders(arms: Arms, moves: Moves, labels: Mapping[str, str]) -> list[str]:
    """Say which options fall behind others that they lead in the headline, when one number is moved to an end."""
    result: dict[tuple[str, str], list[str]] = {}
    for one, other in combinations(arms, 2):
        here = _difference(arms[one][0], arms[other][0])
        for arm, words in moves:
            there = _difference(arms[one][arm], arms[other][arm])
            if here is not None and there is not None and here * there < 0.0:
                leader, follower = (one, other) if here > 0.0 else (other, one)
                result.setdefault((words, leader), []).append(f"“{labels[follower]}”")
    alike: dict[tuple[str, str], list[str]] = {}  # leaders that fall behind the same options share a sentence
    for (words, leader), others in result.items():
        alike.setdefault((words, listing(others)), []).append(f"“{labels[leader]}”")
    return [f"With {words}: {listing(leaders)} {'falls' if len(leaders) == 1 else 'fall'} behind {others}."
            for (words, others), leaders in sorted(alike.items())]


def _difference(one: Summary, other: Summary) -> float | None:
    """Return how far two means are apart, None where one is not known; errors of the computing do not count."""
    a, b, noise = one["delta"], other["delta"], (one["mcse"] or 0.0) + (other["mcse"] or 0.0)
    if a is None or b is None:
        return None
    return a - b if abs(a - b) > noise else 0.0


def facts(rows: Sequence[Mapping[str, Any]]) -> Table:
    """Return what the record shows against what records drawn from the fit show."""
    return Table("checks", "The shipped fit against the record it was made from: facts that it was not tuned to", (
        "Fact", "Record", "Model, median", "99% band of all facts", "Record is"),
        tuple((row["fact"], row["record"], row["model"], row["band"], row["is"]) for row in rows),
        note="Posterior predictive checks: the model draws records of the same days; the band is simultaneous.")


def forecasts(rows: Sequence[Mapping[str, Any]], aside: Sequence[Mapping[str, Any]]) -> Table:
    """Return how the simulator's forecasts did against the best simple rule, and how in months kept `aside`."""
    there = {row["name"]: row for row in aside}
    return Table("forecasts", "One day ahead, without a look ahead: the simulator against the best simple rule", (
        "Target", "Days", "CRPS of the simulator", "Best simple rule", "Its CRPS", "Skill, 95% interval",
        "In months kept aside", "Calibrated?"),
        tuple((row["target"], row["n"], row["crps"], row["best"], row["best_crps"], judged(row),
               judged(there[row["name"]]) if row["name"] in there else NOTHING, row["calibrated"]) for row in rows),
        note="The simulator is a fit of the days before, played by the engine. CRPS: mean distance between forecast "
             "and outcome, in the target's unit; smaller is better. Skill: share of the simple rule's CRPS that the "
             "simulator saves; an interval that holds zero is no skill.")


def judged(row: Mapping[str, Any]) -> str:
    """Return the verdict on a target with its skill.

    Examples
    --------
    >>> judged({"verdict": "no skill", "skill": "3% (-1 to 7%)"})
    'no skill: 3% (-1 to 7%)'
    """
    return f"{row['verdict']}: {row['skill']}"


def summary_sentence(held: Mapping[str, Any]) -> str:
    """Say in one sentence how many of the facts and forecasts went well."""
    inside = sum(row["is"] == "inside" for row in held["facts"])
    better, aside = ({row["name"] for row in held[part] if row["verdict"] == "better"}
                     for part in ("targets", "kept_aside"))
    return (f"Of {count(len(held['facts']), 'fact')} of the record that the fit was not tuned to, {inside} lie "
            f"inside what the model draws. Of {count(len(held['targets']), 'target')} that the simulator forecast one "
            f"day ahead in {held['window']}, it beats the best simple rule at 95% in {len(better)}; in months kept "
            f"aside, {held['kept_aside_window']}, in {len(aside)}; in both, in {len(better & aside)}.")
