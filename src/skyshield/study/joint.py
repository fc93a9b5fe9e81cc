"""Joint arms: all entries without a centre together, at the ends that are worst, and best, for an option.

Which end of an entry is worse for an option is told by its single moves: by the sign of what each does to the primary
measure, the option minus the baseline; a bundle moves as one. An entry whose moves do nothing that is clear of noise
stays at its reference, and a bundle at its high ends in the worst arm and its low ends in the best: what does nothing
there are harm, losses and incidents. Options with the same ends share an arm, and an option that only prices a clause
has those of the option that it is without a clause of. A joint arm is played for its own options, the baseline, and
the options that one of its own may be dominated by or may dominate (`held_against`): nothing is told of others in it.

The signs are taken from the first `VECTORS` vectors and of each from the replications that every arm plays
(`REPLICATIONS`), whatever the size of the study, so no sign turns when a study is extended, and however it was brought
to its size it has the same arms. A smaller study has no joint arms: it is a look at the headline.

Signs of single moves tell the worst corner where the effects of entries add up; where two of them work against each
other in a way that neither shows alone, a corner may exist that is worse.
"""

from collections.abc import Collection, Mapping, Sequence

import numpy as np

from skyshield.core.arrays import Booleans, Floats
from skyshield.study.compare import PRIMARIES, PRIMARY, single_moves, summed
from skyshield.study.plan import ARM_REPLICATIONS, BUNDLE, ENDS, JOINT, MAX_ARMS, Arm
from skyshield.study.result import StudyResult

VECTORS, REPLICATIONS = 16, ARM_REPLICATIONS
_CLEAR = 2.0  # standard errors

Ends = dict[str, str]


def holds_signs(result: StudyResult) -> bool:
    """Say whether a study is large enough to take the signs from."""
    return enough_for_signs(*result.sizes)


def enough_for_signs(vectors: int, replications: int) -> bool:
    """Say whether a study of so many vectors, and replications of each, has joint arms.

    Examples
    --------
    >>> enough_for_signs(16, 2), enough_for_signs(15, 9)
    (True, False)
    """
    return vectors >= VECTORS and replications >= REPLICATIONS


def corners(changes: Sequence[Floats], valid: Sequence[Booleans], arms: Sequence[Arm]) -> tuple[Ends, Ends]:
    """Return the ends that are worst, and best, for an option.

    Parameters
    ----------
    changes, valid
        By arm f8[vector, replication]: the option minus the baseline in the primary measure, and which did not fail;
        the headline first.
    arms
        What each plays.

    Examples
    --------
    >>> x = np.ones((16, 2))
    >>> corners([x, 2.0 * x, 0.5 * x], [x > 0.0] * 3, [Arm("headline"), Arm("single", {"a": "low"}),
    ...                                                Arm("single", {"b": "high"})])
    ({'b': 'high'}, {'a': 'low'})
    """
    block = np.s_[:VECTORS, :REPLICATIONS]
    def effect(arm: int) -> float:
        sound = valid[0][block] & valid[arm][block]
        return _clear_effect(changes[arm][block] - changes[0][block], sound)

    effects: dict[str, dict[str, float]] = {}
    for arm, name, end in single_moves(arms):
        effects.setdefault(name, {})[end] = effect(arm)
    worst, best = ({name: end for name, of in effects.items() if (end := _furthest(of, side))} for side in (-1.0, 1.0))
    for low, high in _bundles(arms):
        of = {end: effect(arm) for end, arm in zip(ENDS, (low, high), strict=True) if arm}
        for ends, side, idle in ((worst, -1.0, high), (best, 1.0, low)):
            end = _furthest(of, side)
            arm = idle if not any(of.values()) else {"low": low, "high": high, "": 0}[end]
            ends.update(arms[arm].ends)
    return worst, best


def _bundles(arms: Sequence[Arm]) -> list[tuple[int, int]]:
    """Return the numbers of the arms of each bundle at its low and its high ends, 0 where no arm moves it there."""
    result: list[tuple[int, int]] = []
    for number, arm in enumerate(arms):
        if arm.kind == BUNDLE:
            high = "high" in arm.ends.values()
            if high and result and result[-1][1] == 0 and set(arms[result[-1][0]].ends) & set(arm.ends):
                result[-1] = (result[-1][0], number)
            else:
                result.append((0, number) if high else (number, 0))
    return result


def _clear_effect(change: Floats, valid: Booleans) -> float:
    """Return the mean of change[vector, replication], zero if it is not clear of noise."""
    used = valid.any(axis=1)
    if not used.any():
        return 0.0
    means = np.where(valid, change, 0.0)[used].sum(axis=1) / valid[used].sum(axis=1)
    noise = float(means.std(ddof=1) / np.sqrt(len(means))) if len(means) > 1 else 0.0
    mean = float(means.mean())
    return mean if abs(mean) > _CLEAR * noise else 0.0


def _furthest(effects: Mapping[str, float], side: float) -> str:
    """Return the end with the greatest effect to one side, nothing if no end has any.

    Examples
    --------
    >>> _furthest({"low": -2.0, "high": 3.0}, -1.0), _furthest({"high": 3.0}, -1.0)
    ('low', '')
    """
    end = max(effects, key=lambda name: side * effects[name])
    return end if side * effects[end] > 0.0 else ""


def joint_arms(result: StudyResult, to: str, dropped: Mapping[str, str],
               room: int = MAX_ARMS - 1) -> tuple[list[Arm], dict[str, tuple[int, int]]]:
    """Return the joint arms that come after those of the envelope, and which are each option's.

    Parameters
    ----------
    result
        The headline and the arms of the envelope, of a study that `holds_signs`.
    to
        The baseline.
    dropped
        Option that only prices a clause -> the option it is without a clause of.
    room
        How many arms there may be in all; options for which none is left have no joint arms.

    Returns
    -------
    list, dict
        New arms, numbered from the last of the envelope on; option -> the numbers of its worst and its best arm.
    """
    played = result.arms
    arms = [dict(arm.ends) for arm in played]
    numbers: dict[str, tuple[int, int]] = {}
    options = [option for option in result.options if option != to and option not in dropped]
    changes = summed(result, [(option, to) for option in options], (PRIMARY,)).values if options else []
    for k, option in enumerate(options):
        both = corners([of[k] for of in changes], result.valid, played)
        new = [ends for n, ends in enumerate(both) if ends not in arms and ends not in both[:n]]
        if len(arms) + len(new) <= room:
            arms += new
            numbers[option] = (arms.index(both[0]), arms.index(both[1]))
    numbers |= {option: numbers[whole] for option, whole in dropped.items() if whole in numbers}
    return [Arm(JOINT, ends, in_envelope=False) for ends in arms[len(played):]], numbers


def held_against(result: StudyResult, to: str, dropped: Collection[str],
                 planned_eur: Mapping[str, float]) -> dict[str, list[str]]:
    """Return option -> the options it is held against in joint arms, to see whether they dominate it.

    Of those that beat it on average in each primary measure and every arm, in the block that signs are taken from: the
    one that plans to spend least, and the one that leads by most in the last primary measure. Others could dominate it
    too, but nobody needs to know of more than these. The baseline needs none: it is in every joint arm.

    Parameters
    ----------
    result
        The headline and the arms of the envelope, of a study that `holds_signs`.
    to
        The baseline.
    dropped
        Options that only price a clause.
    planned_eur
        What each option plans to spend.
    """
    block = np.s_[:VECTORS, :REPLICATIONS]
    options = [k for k, option in enumerate(result.options) if option != to and option not in dropped]
    behind, lead = np.ones((len(options), len(options)), bool), np.zeros((len(options), len(options)))
    for measure in PRIMARIES:
        for arm, values in enumerate(result.column(measure).values):
            sound = result.valid[arm][block]
            mean = values[options][:, *block][:, sound].sum(axis=1) / max(1, int(sound.sum()))
            ahead = mean[None, :] - mean[:, None]  # [option, other]: by how much the other leads
            behind &= ahead > 0.0
            lead = ahead if arm == 0 else lead
    held: dict[str, list[str]] = {}
    names = [result.options[k] for k in options]
    for a, name in enumerate(names):
        others = {other: lead[a, b] for b, other in enumerate(names) if behind[a, b]}
        if others:
            chosen = (min(others, key=lambda other: planned_eur[other]), max(others, key=lambda other: others[other]))
            held[name] = [other for other in names if other in chosen]
    return held


def unwanted_options(result: StudyResult) -> dict[int, list[int]]:
    """Return by joint arm the numbers of the options that it is not played for."""
    wanted: dict[int, set[str]] = {}
    company: dict[str, set[str]] = {}
    for option, others in result.held_against.items():
        for other in others:
            company.setdefault(option, set()).add(other)
            company.setdefault(other, set()).add(option)
    for option, arms in result.joint.items():
        for arm in arms:
            wanted.setdefault(arm, {result.manifest["baseline"]}).update({option}, company.get(option, ()))
    return {arm: [k for k, option in enumerate(result.options) if option not in wanted.get(arm, ())]
            for arm, played in enumerate(result.arms) if played.kind == JOINT}
