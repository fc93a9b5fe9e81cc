r"""How many rungs up an option is to be expected to bring: incidents of a study times answers that events leave open.

In an arm of the study, with N_k incidents of kind k expected over its period,

    rungs = sum_k N_k q_k,      P(at least one) = 1 - exp(-rungs).

q_k comes from past events of a class of the same sort (`skyshield.strategy.ladder`), for strikes on people as a mixture
(1 - d) q_strike + d q_deadly with the share d of strikes that kill. **Crossings** are held against themselves: they
have gone on for Y years at a study's intensity and none was answered by force, so that none of Y N_own / T crossings of
the study's own baseline was, and whatever the model says too much or too little of crossings cancels. An assumption
q_k narrows what events leave open.

Everything is an interval: over the expected outcome of an arm (low, middle, high), over the arms, and over the
assumptions, each kind at its own worst end. Differences to the baseline share q_k.

Source: strategy specification, S8.
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np

from skyshield.core.arrays import Floats
from skyshield.strategy.events import Events
from skyshield.strategy.ladder import Interval, beta_ends, jeffreys_over, p_of

CROSSING, STRIKE, DEADLY = "crossing", "strike", "deadly_strike"
Ends = Mapping[str, Interval]  # symbol of an assumption -> its low and high


class Occasions(NamedTuple):
    """Incidents of a study over its period.

    Attributes
    ----------
    kinds, options
        Names, in order; the baseline among the options.
    counts
        f8[level, kind, option, arm]: low, middle and high of the expected number.
    minus
        f8[level, kind, option, arm]: of the paired difference to the baseline.
    years
        Length of the period.
    """

    kinds: tuple[str, ...]
    options: tuple[str, ...]
    baseline: str
    counts: Floats
    minus: Floats
    years: float


class Rungs(NamedTuple):
    """Expected rungs up over the period, low and high: f8[kind, option, arm], and of the difference to the baseline."""

    low: Floats
    high: Floats
    minus_low: Floats
    minus_high: Floats

    def within(self, option: int) -> Interval:
        """Return the probability of at least one, over the arms."""
        return p_of(float(self.low[:, option].sum(0).min())), p_of(float(self.high[:, option].sum(0).max()))

    def expected(self, option: int) -> Interval:
        """Return the expected number, over the arms."""
        return float(self.low[:, option].sum(0).min()), float(self.high[:, option].sum(0).max())

    def difference(self, option: int) -> Interval:
        """Return the expected number minus the baseline's, over the arms."""
        return float(self.minus_low[:, option].sum(0).min()), float(self.minus_high[:, option].sum(0).max())

    def of_kind(self, kind: int, option: int) -> Interval:
        """Return the expected number by a kind, over the arms."""
        return float(self.low[kind, option].min()), float(self.high[kind, option].max())


def answers(events: Events, ends: Ends) -> dict[str, Interval]:
    """Return class -> interval of q, what events leave open narrowed by the assumption; of crossings the prior alone.

    Examples
    --------
    >>> from skyshield.strategy.events import load_events
    >>> ends = {"weight_strike": (0.5, 0.5), "deadly_share": (0.0, 0.0)}
    >>> [round(end, 3) for end in answers(load_events(), ends)["strike"]]
    [0.017, 0.114]
    """
    found = {}
    for name, klass in events.classes.items():
        answered, there = events.counts(name)
        weights = ends.get(klass.weight, (0.0, 1.0))
        found[name] = (0.0, 1.0) if name == CROSSING else jeffreys_over(answered, there, weights)
    plain, deadly, share = found[STRIKE], found.pop(DEADLY), ends.get("deadly_share", (0.0, 1.0))
    mixed = [[(1.0 - d) * plain[end] + d * deadly[end] for d in share] for end in range(2)]
    found[STRIKE] = (min(mixed[0]), max(mixed[1]))
    return {name: narrowed(q, ends.get(f"q_{name}", (0.0, 1.0))) for name, q in found.items()}


def narrowed(found: Interval, assumed: Interval) -> Interval:
    """Return what two intervals have in common; the assumed one where they have nothing.

    Examples
    --------
    >>> narrowed((0.0, 0.4), (0.1, 1.0)), narrowed((0.0, 0.4), (0.6, 0.7))
    ((0.1, 0.4), (0.6, 0.7))
    """
    low, high = max(found[0], assumed[0]), min(found[1], assumed[1])
    return (low, high) if low <= high else assumed


def crossing_answers(occasions: Occasions, events: Events, ends: Ends) -> tuple[Floats, Floats]:
    """Return f8[level, arm] twice: the interval of q of a crossing, from the baseline's own that were not answered."""
    of_class = [k for k, kind in enumerate(occasions.kinds) if events.kinds[kind].klass == CROSSING]
    own = occasions.counts[:, of_class, occasions.options.index(occasions.baseline)].sum(1) / occasions.years
    answered, pairs = events.counts(CROSSING)[0], []
    for weight, years in zip(ends[events.classes[CROSSING].weight], ends["crossing_years"], strict=True):
        pairs.append(beta_ends(np.full_like(own, weight * answered), weight * np.maximum(years * own - answered, 0.0)))
    low, high = np.minimum(pairs[0][0], pairs[1][0]), np.maximum(pairs[0][1], pairs[1][1])
    assumed = ends.get(f"q_{CROSSING}", (0.0, 1.0))
    clipped = np.maximum(low, assumed[0]), np.minimum(high, assumed[1])
    apart = clipped[0] > clipped[1]
    return np.where(apart, assumed[0], clipped[0]), np.where(apart, assumed[1], clipped[1])


def rungs(occasions: Occasions, events: Events, ends: Ends) -> Rungs:
    """Return the expected rungs up of every option, by kind and arm."""
    q = answers(events, ends)
    crossing = crossing_answers(occasions, events, ends)
    shape = occasions.counts.shape[1:]
    low, high, minus_low, minus_high = (np.zeros(shape) for _ in range(4))
    for k, name in enumerate(occasions.kinds):
        klass = events.kinds[name].klass
        least, most = (each[:, None] if klass == CROSSING else np.full((1, 1, 1), q[klass][end])
                       for end, each in enumerate(crossing))  # f8[level, 1, arm]
        low[k], high[k] = (occasions.counts[:, k] * least).min(0), (occasions.counts[:, k] * most).max(0)
        both = np.stack([occasions.minus[:, k] * least, occasions.minus[:, k] * most])
        minus_low[k], minus_high[k] = both.min((0, 1)), both.max((0, 1))
    return Rungs(low, high, minus_low, minus_high)


def at_weight(ends: Ends, weight: float) -> dict[str, Interval]:
    """Return the assumptions with one weight for all classes, or the highest that a class allows.

    Examples
    --------
    >>> at_weight({"weight_fire": (0.0, 1.0), "weight_base": (0.0, 0.5), "further": (0.0, 0.25)}, 1.0)
    {'weight_fire': (1.0, 1.0), 'weight_base': (0.5, 0.5), 'further': (0.0, 0.25)}
    """
    return {name: (min(weight, high), min(weight, high)) if name.startswith("weight_") else (low, high)
            for name, (low, high) in ends.items()}


def fixed(ends: Ends, symbol: str, end: int) -> dict[str, Interval]:
    """Return the assumptions with one of them at an end.

    Examples
    --------
    >>> fixed({"further": (0.0, 0.25)}, "further", 1)
    {'further': (0.25, 0.25)}
    """
    return {**ends, symbol: (ends[symbol][end],) * 2}


def levels_of(rows: Sequence[Interval | None], middles: Sequence[float | None]) -> Floats:
    """Return f8[level, row]: low, middle and high of each, the middle where there is no interval."""
    result = np.zeros((3, len(rows)))
    for k, (ends, middle) in enumerate(zip(rows, middles, strict=True)):
        value = 0.0 if middle is None else middle
        result[:, k] = (value, value, value) if ends is None else (min(ends[0], value), value, max(ends[1], value))
    return result
