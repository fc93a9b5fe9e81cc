"""Dominated options: those that another one beats in every primary measure, whatever holds of what nobody knows.

Option a is **dominated** by b if in each primary measure, and in every arm in which both are played, the 95% interval
of the paired difference a - b lies below zero. Those arms are the headline, both rival models of the own defence, and
every end of a number or bundle that nobody knows, and the joint arms of both, in which all those numbers stand at
their worst, and at their best, for the one or the other. Joint arms are played with few others
(`skyshield.study.joint.held_against`), so in a study that has them not every option that dominates one is named, and in
a smaller study they are left out. The arm of relief is no part of it.

The claim is that all of these differences are below zero at once. Each interval has an error of 5% at most, and the
claim is wrong only if one of them is: an intersection-union test, so no interval has to be wider for their number
(Berger 1982). Only what is kept from its aim counts: not money, people or time, of which a dominated option may take
less.
"""

from collections.abc import Iterable, Sequence

from skyshield.study.compare import PRIMARIES, summed
from skyshield.study.result import StudyResult
from skyshield.study.summary import figures_by_arm
from skyshield.study.told import ends

_ARMS_AT_ONCE = 8  # each batch strikes pairs off before the next
Pairs = list[tuple[str, str]]


def dominated(result: StudyResult, names: Iterable[str] | None = None) -> dict[str, list[str]]:
    """Return option -> the options that dominate it, in the study's order; without those that none does.

    Parameters
    ----------
    result
        The study.
    names
        The options held against one another; all if not given.
    """
    whole, result = result, result.envelope
    held = set(result.options if names is None else names)
    options = [option for option in result.options if option in held]
    pairs = [(a, b) for a in options for b in options if a != b]
    for measure in PRIMARIES:
        pairs = _below(result, pairs, measure, ())
    for first in range(1, len(result.failed), _ARMS_AT_ONCE):
        arms = range(first, min(first + _ARMS_AT_ONCE, len(result.failed)))
        for measure in PRIMARIES:
            pairs = _below(result, pairs, measure, arms)
    pairs = _in_joint_arms(whole.unrelieved, pairs) if whole.joint else pairs
    return {option: [b for a, b in pairs if a == option] for option in options if any(a == option for a, _ in pairs)}


def _in_joint_arms(result: StudyResult, pairs: Pairs) -> Pairs:
    """Return the pairs that were played together in their joint arms and whose difference lies below zero there."""
    baseline, joint, held = result.manifest["baseline"], result.joint, result.held_against
    arms = {(a, b): {*joint[a], *joint[b]} if a in joint and b in joint and b in held.get(a, ()) else set(
        joint.get(b if a == baseline else a, ())) if baseline in (a, b) else set() for a, b in pairs}
    pairs = [pair for pair in pairs if arms[pair]]
    for arm in sorted(set().union(*arms.values())):
        here = [pair for pair in pairs if arm in arms[pair]]
        for measure in PRIMARIES:
            below = _below(result, here, measure, (arm,))
            pairs = [pair for pair in pairs if pair not in here or pair in below]
            here = below
    return pairs


def _below(result: StudyResult, pairs: Pairs, measure: str, arms: Sequence[int]) -> Pairs:
    """Return the pairs whose difference lies below zero in the headline and in some more arms."""
    if not pairs:
        return []
    column, chosen = summed(result, pairs, (measure,)), [0, *arms]
    told = figures_by_arm([column.values[arm] for arm in chosen], [result.valid[arm] for arm in chosen],
                          [column.moved[arm] for arm in chosen], spread=False, base=column.base)
    return [pair for k, pair in enumerate(pairs) if all(
        (reach := ends(one.row(k), "mean")) is not None and reach[1] < 0.0 for one in told)]
