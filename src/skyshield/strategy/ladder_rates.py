r"""How many rungs up an option is to be expected to bring: incidents of a study times answers that events leave open.

In an arm of the study, with N_k incidents of kind k expected over its period T,

    rungs = sum_k N_k q_k,      P(at least one) = 1 - exp(-rungs).

**What only an option brings**: q_k comes from past events of a class of the same sort (`skyshield.strategy.ladder`),
for strikes on people as a mixture (1 - d) q_strike + d q_deadly with the share d of strikes that kill.

**What goes on already**, such as crossings, is held against itself. In Y years of raids at a study's intensity none of
it was answered by force. Counted with a weight w that leaves the baseline's rungs by all of it together at

    sum_k x_k <= R = T gamma_{0.975}(1/2) / (w Y),      x_k = N_k(baseline) q_k,

the upper end of Jeffreys' interval of a Poisson rate with no event. An option that has r_k times the baseline's
incidents brings sum_k r_k x_k, and its least and greatest follow by pouring R into the kinds in the order of r_k. So
whatever the model says too much or too little of crossings cancels.

An assumption q_k narrows what events leave open. Everything is an interval: over the expected outcome of an arm (low,
middle, high), over the arms, and over the assumptions, each kind at its own worst end. Differences share q_k.

Source: strategy specification, S8.
"""

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np

from skyshield.core.arrays import Booleans, Floats
from skyshield.strategy.events import Events
from skyshield.strategy.figures import Figure, StudyFigures
from skyshield.strategy.ladder import LEVEL, Interval, jeffreys_over, p_of

STRIKE, DEADLY = "strike", "deadly_strike"
SO_FAR, YEARS_SO_FAR = "weight_so_far", "years_so_far"
DAYS_A_YEAR = 365.25
Ends = Mapping[str, Interval]  # symbol of an assumption -> its low and high


class Occasions(NamedTuple):
    """Incidents of a study over its period.

    Attributes
    ----------
    kinds, options, baseline
        Names, in order; the baseline is one of the options.
    counts
        f8[level, kind, option, arm]: low, middle and high of the expected number.
    played
        bool[option, arm]: whether the arm is played for the option.
    years
        Length of the period.
    """

    kinds: tuple[str, ...]
    options: tuple[str, ...]
    baseline: str
    counts: Floats
    played: Booleans
    years: float

    @property
    def own(self) -> int:
        """Position of the baseline."""
        return self.options.index(self.baseline)


class Rungs(NamedTuple):
    """Expected rungs up over the period.

    Attributes
    ----------
    low, high
        f8[option, arm].
    minus_low, minus_high
        f8[option, arm]: minus the baseline's.
    kind_low, kind_high
        f8[kind, option, arm]: by one kind, whatever the others bring.
    """

    low: Floats
    high: Floats
    minus_low: Floats
    minus_high: Floats
    kind_low: Floats
    kind_high: Floats

    def expected(self, option: int) -> Interval:
        """Return the expected number, over the arms."""
        return float(self.low[option].min()), float(self.high[option].max())

    def within(self, option: int) -> Interval:
        """Return the probability of at least one, over the arms."""
        low, high = self.expected(option)
        return p_of(low), p_of(high)

    def difference(self, option: int) -> Interval:
        """Return the expected number minus the baseline's, over the arms."""
        return float(self.minus_low[option].min()), float(self.minus_high[option].max())

    def of_kind(self, kind: int, option: int) -> Interval:
        """Return the expected number by a kind, over the arms."""
        return float(self.kind_low[kind, option].min()), float(self.kind_high[kind, option].max())


def answers(events: Events, ends: Ends) -> dict[str, Interval]:
    """Return class -> interval of q, what events leave open narrowed by the assumption.

    What goes on already has no limit of its own here, see `rungs_so_far`.

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
        found[name] = (0.0, 1.0) if klass.goes_on else jeffreys_over(answered, there, weights)
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


def rungs_so_far(ends: Ends) -> float:
    """Return the most rungs a year by what goes on already that years without any leave open.

    Examples
    --------
    >>> round(rungs_so_far({"weight_so_far": (1.0, 1.0), "years_so_far": (1.0, 1.7)}), 3)
    2.512
    >>> rungs_so_far({"weight_so_far": (0.0, 1.0), "years_so_far": (1.0, 1.7)})
    inf
    """
    from scipy.special import gammaincinv

    counted = ends[SO_FAR][0] * ends[YEARS_SO_FAR][0]
    return float(gammaincinv(1.0 / 2.0, (1.0 + LEVEL) / 2.0)) / counted if counted > 0.0 else float("inf")


def rungs(occasions: Occasions, events: Events, ends: Ends) -> Rungs:
    """Return the expected rungs up of every option, by arm."""
    q, counts = answers(events, ends), occasions.counts
    goes_on = np.array([events.classes[events.kinds[kind].klass].goes_on for kind in occasions.kinds])
    least, most = (np.array([q[events.kinds[kind].klass][end] for kind in occasions.kinds]) for end in range(2))
    kind_low, kind_high = (counts * least[:, None, None]).min(0), (counts * most[:, None, None]).max(0)
    already = counts[:, goes_on]
    base = np.broadcast_to(already[:, :, [occasions.own]], already.shape)
    limit = rungs_so_far(ends) * occasions.years
    ratio = np.divide(already, base, out=np.zeros_like(already), where=base > 0.0)
    floor, ceiling = (base * end[goes_on][:, None, None] for end in (least, most))
    alone = np.minimum(ceiling, np.maximum(floor, limit))  # all of the limit by one kind
    kind_high[goes_on] = (ratio * alone).max(0)
    unheld = np.where(base > 0.0, 0.0, already)  # what the baseline does not have is held against nothing
    kind_high[goes_on] += (unheld * most[goes_on][:, None, None]).max(0)
    extra_low, extra_high = ((unheld * end[goes_on][:, None, None]).sum(1) for end in (least, most))
    held = np.where(base > 0.0, ratio, 0.0)
    high = (_poured(held, floor, ceiling, limit) + extra_high).max(0)
    low = ((held * floor).sum(1) + extra_low).min(0)
    change = np.where(base > 0.0, held - 1.0, 0.0)
    minus_high = (_poured(change, floor, ceiling, limit) + extra_high).max(0)
    minus_low = (extra_low - _poured(-change, floor, ceiling, limit)).min(0)
    new_low, new_high = kind_low[~goes_on].sum(0), kind_high[~goes_on].sum(0)
    more = counts[:, ~goes_on] - counts[:, ~goes_on][:, :, [occasions.own]]
    of_more = np.stack([more * end[~goes_on][:, None, None] for end in (least, most)])
    told = (low + new_low, high + new_high, minus_low + of_more.min((0, 1)).sum(0),
            minus_high + of_more.max((0, 1)).sum(0), kind_low, kind_high)
    return Rungs(*[np.where(occasions.played, each, each[..., :1]) for each in told])


def _poured(worth: Floats, floor: Floats, ceiling: Floats, limit: float) -> Floats:
    """Return f8[level, option, arm]: the greatest sum over kinds of worth x, floor <= x <= ceiling, sum of x <= limit.

    The floors stand even where they add up to more than the limit. What is worth nothing or less gets no more than its
    floor.
    """
    x, left = floor.copy(), np.maximum(0.0, limit - floor.sum(1))
    order = np.argsort(-worth, axis=1, kind="stable")
    for rank in range(worth.shape[1]):
        kind = order[:, [rank]]
        at, room = np.take_along_axis(worth, kind, 1), np.take_along_axis(ceiling - floor, kind, 1)
        more = np.where(at > 0.0, np.minimum(room, left[:, None]), 0.0)
        np.put_along_axis(x, kind, np.take_along_axis(x, kind, 1) + more, 1)
        left = left - more[:, 0]
    return np.asarray((worth * x).sum(1))


def at_weight(ends: Ends, weight: float) -> dict[str, Interval]:
    """Return the assumptions with one weight for all classes, or the nearest that a class allows.

    Examples
    --------
    >>> at_weight({"weight_fire": (0.0, 1.0), "weight_base": (0.0, 0.5), "further": (0.0, 0.25)}, 1.0)
    {'weight_fire': (1.0, 1.0), 'weight_base': (0.5, 0.5), 'further': (0.0, 0.25)}
    """
    return {name: (min(max(weight, low), high),) * 2 if name.startswith("weight_") else (low, high)
            for name, (low, high) in ends.items()}


def fixed(ends: Ends, symbol: str, end: int) -> dict[str, Interval]:
    """Return the assumptions with one of them at an end.

    Examples
    --------
    >>> fixed({"further": (0.0, 0.25)}, "further", 1)
    {'further': (0.25, 0.25)}
    """
    return {**ends, symbol: (ends[symbol][end],) * 2}


def occasions_of(figures: StudyFigures, events: Events) -> Occasions:
    """Return the occasions of a study.

    Where an option has fewer incidents than the baseline, the two move together: the low end of its own goes with the
    smallest reduction. Months of fire are those of the headline.

    Examples
    --------
    >>> from skyshield.strategy.events import load_events
    >>> from skyshield.strategy.figures import open_figures
    >>> found = occasions_of(open_figures(), load_events())
    >>> float(found.counts[1, found.kinds.index("strike"), found.own, 0])
    0.0
    """
    options, kinds, arms = tuple(figures.options), tuple(events.kinds), len(figures.arms)
    counts, played = np.zeros((3, len(kinds), len(options), arms)), np.ones((len(options), arms), bool)
    for j, kind in enumerate(events.kinds.values()):
        for column in kind.columns:
            base = np.stack([_levels(one) for one in figures.baseline_by_arm(column)], axis=1)
            for k, option in enumerate(options):
                rows = figures.by_arm(column, option)
                played[k] &= [row is not None for row in rows]
                each = np.stack([np.zeros(3) if row is None else _levels(row) for row in rows], axis=1)
                counts[:, j, k] += np.maximum(0.0, base + np.where(each[1] < 0.0, each[::-1], each))
        if not kind.columns:
            for k, option in enumerate(options):
                counts[:, j, k] = _levels(figures.months_with_fire(option))[:, None]
    return Occasions(kinds, options, figures.baseline, counts, played, figures.days / DAYS_A_YEAR)


def _levels(row: Figure) -> Floats:
    """Return f8[level]: low, middle and high; the middle where there is no interval."""
    if row.lo is None or row.hi is None:
        return np.full(3, row.mean)
    return np.array([min(row.lo, row.mean), row.mean, max(row.hi, row.mean)])
