r"""Options held against one another: paired differences, who leads at both ends of what no record tells, and how long.

A pair is an option and another one, the first minus the second on the same raids. Every option with forces is held
against the same money as aid, and besides there are the pairs that the scenario or the user names. A pair **leads** if
the 95% interval of its difference lies above zero where the headline has the share :math:`\omega` that Ukraine stops
along the way, and at both ends of it; it **trails** if all three lie below zero; otherwise it **cannot be told**. What
else nobody knows is not in the verdict: the thresholds say where it would change.

Of an option with forces against Ukraine's own defence it is told how many more launches would make up for it: the
attacker's answer in volume at which as many armed threats reach their aims in the country as without the option.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from skyshield.core.errors import SkyShieldError
from skyshield.core.vocabulary import CLASSES
from skyshield.scenario import Scenario
from skyshield.study.compare import PRIMARIES, pair_rows, rival_arms, summed
from skyshield.study.result import StudyResult
from skyshield.study.summary import figures_by_arm
from skyshield.study.told import Summary, ends

LEADS, TRAILS, OPEN = "leads", "trails", "cannot be told"
AID, ASKED, SCENARIO = "the same money as aid", "asked for", "the scenario's pair"
VOLUME = "volume_response"
ARMED_LEAKERS = ("leaked_armed", *(f"leaked/{kind}" for kind in CLASSES[1:]))  # UAVs without decoys, and missiles


class Pair(NamedTuple):
    """An option, the other that it is held against, and why."""

    option: str
    to: str
    why: str


def pairs_of(scenario: Scenario, against: Iterable[str] = ()) -> list[Pair]:
    """Return the pairs of a scenario: with the same money as aid, those it names, and all against what is asked for.

    Raises
    ------
    SkyShieldError
        If there is no such option.

    Examples
    --------
    >>> from skyshield.scenario import load
    >>> [pair[:2] for pair in pairs_of(load("month").chosen(("aid_region", "cities")), ("cities",))]
    [('region', 'aid_region'), ('region', 'cities'), ('aid_region', 'cities')]
    """
    scenario = scenario.without_dropped()
    names = [option.name for option in scenario.options]
    found = [Pair(option.twin, option.name, AID) for option in scenario.options if option.twin in names]
    found.sort(key=lambda pair: names.index(pair.option))
    found += [Pair(*pair, SCENARIO) for pair in scenario.pairs if {*pair} <= {*names}]
    for other in against:
        if other not in names:
            raise SkyShieldError(f"--against {other!r}", "is not in the study", f"choose from {', '.join(names)}")
        found += [Pair(name, other, ASKED) for name in names if name not in (other, scenario.baseline)]
    return list({pair[:2]: pair for pair in reversed(found)}.values())[::-1]


def pair_differences(result: StudyResult, pairs: Sequence[Pair]) -> list[dict[str, Any]]:
    """Return the paired differences of pairs.

    Returns
    -------
    list of dict
        By pair: ``option``, ``to``, ``why`` and ``measures``: primary measure -> what `paired` has of a measure, with
        ``at_ends``, rival model of the own defence -> {delta, lo, hi, mcse}, and ``verdict``.
    """
    named = [pair[:2] for pair in pairs]
    rows: list[dict[str, Any]] = [{**pair._asdict(), "measures": {}} for pair in pairs]
    for measure in PRIMARIES if pairs else ():
        at_ends = _at_ends(result, named, measure)
        for k, headline in enumerate(pair_rows(result, named, (measure,))):
            by_end = {model: of[k] for model, of in at_ends.items()}
            rows[k]["measures"][measure] = {**headline, "at_ends": by_end, "verdict": verdict(headline, by_end)}
    return rows


def _at_ends(result: StudyResult, pairs: Sequence[tuple[str, str]], measure: str) -> dict[str, list[Summary]]:
    """Return rival model -> by pair the difference there."""
    enveloped = result.envelope
    arms = {model: arm for model, arm in rival_arms(enveloped).items() if arm > 0}
    if not arms:
        return {}
    column, chosen = summed(enveloped, pairs, (measure,)), [0, *arms.values()]
    told = figures_by_arm([column.values[arm] for arm in chosen], [enveloped.valid[arm] for arm in chosen],
                          [column.moved[arm] for arm in chosen], spread=False, base=column.base)
    return {model: [_difference(told[1 + k].row(pair)) for pair in range(len(pairs))] for k, model in enumerate(arms)}


def _difference(row: Summary) -> Summary:
    return {"delta": row["mean"], **{key: row[key] for key in ("lo", "hi", "mcse", "reason") if key in row}}


def verdict(headline: Summary, at_ends: Mapping[str, Summary]) -> str:
    """Say whether the first option of a pair leads.

    Examples
    --------
    >>> row = {"delta": 3.0, "lo": 1.0, "hi": 5.0}
    >>> below = {"delta": -3.0, "lo": -5.0, "hi": -1.0}
    >>> verdict(row, {"uniform": row}), verdict(below, {"uniform": below}), verdict(row, {"uniform": below})
    ('leads', 'trails', 'cannot be told')
    >>> verdict({"delta": 3.0, "lo": None, "hi": None, "mcse": None}, {})
    'cannot be told'
    """
    reach = [None if row["delta"] is None else ends(row) for row in (headline, *at_ends.values())]
    known = [interval for interval in reach if interval is not None]
    if len(known) < len(reach):
        return OPEN
    if all(low > 0.0 for low, _ in known):
        return LEADS
    return TRAILS if all(high < 0.0 for _, high in known) else OPEN


def fewer_armed_leakers(result: StudyResult, to: str) -> dict[str, list[float | None]]:
    """Return option -> by arm of the envelope how many fewer armed threats reach their aims than with another option.

    The mean, in the whole country; None where all failed. Threats that an option attracts by its being there count.
    """
    result = result.envelope
    others = [option for option in result.options if option != to]
    if not others:
        return {}
    column = summed(result, [(to, option) for option in others], ARMED_LEAKERS)
    every = figures_by_arm(column.values, result.valid, column.moved, spread=False, base=column.base)
    return {option: [one.row(k)["mean"] for one in every] for k, option in enumerate(others)}
