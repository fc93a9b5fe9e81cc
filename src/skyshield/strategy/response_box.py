r"""The response dilemma where its numbers are intervals: what holds everywhere in the box, somewhere in it, or nowhere.

Every number of `skyshield.strategy.response` may lie anywhere between its ends, each on its own; no point of the box is
more likely than another, and no share of it is a probability. Found exactly:

- the ends of the least cost, at the corners where all costs are least and most;
- where an answer *can* be the best: its own numbers at the ends that favour it and those of the others at the ends that
  do not, what is left is a linear programme in L_cred, L_next and L_war, solved by trying all its corners;
- between which ends the L_cred lies at which two answers cost the same.

E[k] is bounded from outside: at each L_cred it lies between the least and the greatest k of answers that can be best
there. Whether the trap holds everywhere or nowhere follows from these bounds; that it holds somewhere and not elsewhere
is shown by a corner of the box on either side; where neither bounds nor corners decide, the answer is *not settled*.
"""

import itertools
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np

from skyshield.core.arrays import Floats
from skyshield.core.errors import SkyShieldError
from skyshield.strategy.response import Answer, Losses, cost, trap

Interval = tuple[float, float]
EVERYWHERE, SOMEWHERE, NOWHERE, NOT_SETTLED = "everywhere", "somewhere", "nowhere", "not settled"
_SLACK = 1e-9


@dataclass(frozen=True)
class Box:
    """Intervals of the dilemma's numbers, (low, high) each; answers at their low and high ends.

    Attributes
    ----------
    answers
        Answer -> all its numbers at the low, and at the high end.
    most, scale
        L_0, and c_0 in persons.
    next_attack, wider_war
        L_next and L_war.
    gain, tolerance
        b of an attack to Russia, and the cost that the West tolerates.
    """

    answers: Mapping[str, tuple[Answer, Answer]]
    most: Interval
    scale: Interval
    next_attack: Interval
    wider_war: Interval
    gain: Interval
    tolerance: Interval

    def favouring(self, name: str) -> dict[str, Answer]:
        """Return the answers with the numbers of one at the ends that make it cheap, all others at those against."""
        return {other: self.cheap(other) if other == name else self.dear(other) for other in self.answers}

    def cheap(self, name: str) -> Answer:
        """Return an answer at the ends that make it cheapest; k at its low end."""
        low, high = self.answers[name]
        return Answer(high.restored, low.p_next, low.p_war, low.kinetic, low.imposed)

    def dear(self, name: str) -> Answer:
        """Return an answer at the ends that make it dearest; k at its low end."""
        low, high = self.answers[name]
        return Answer(low.restored, high.p_next, high.p_war, high.kinetic, low.imposed)


class Tie(NamedTuple):
    """Between which L_cred two answers cost the same; None where no end is set: then `after` need not restore more."""

    before: str
    after: str
    low: float
    high: float | None


class Verdict(NamedTuple):
    """Whether the trap holds, with the ends of the least cost and outer bounds of E[k]."""

    holds: str
    least: Interval
    imposed: Interval


class Edge(NamedTuple):
    """Where the trap begins for an L_0 and an L_war, whatever else of the box holds.

    `none_below`: with a gain up to it there is no trap; `trap_above`: with a gain above it there is one. None where
    the cost alone rules the trap out, or does not make it certain. `all_cheap` and `all_dear` are the boundary itself
    where every answer is as cheap, or as dear, to the West as it may be: E[k], None where the cost is tolerated.
    """

    most: float
    wider_war: float
    none_below: float | None
    trap_above: float | None
    all_cheap: float | None
    all_dear: float | None


def check_interval(interval: Interval, where: str) -> None:
    """Refuse an interval whose ends are the wrong way round or not finite."""
    low, high = interval
    if not (np.isfinite(low) and np.isfinite(high) and low <= high):
        raise SkyShieldError(where, f"has the ends {low:g} and {high:g}", "give finite ends, the low one first")


def least_cost(box: Box, credibility: Interval) -> Interval:
    """Return the ends of min_a L(a): every cost grows with every loss and falls with what is restored.

    Examples
    --------
    >>> one = Answer(0.0, 0.6, 0.0, 0.0, 0.0)
    >>> box = Box({"none": (one, one)}, (1, 1), (10, 10), (0.5, 1.0), (1, 1), (1, 1), (0, 0))
    >>> least_cost(box, (0.0, 0.4))
    (0.3, 1.0)
    """
    ends = []
    for end, pick in enumerate((box.cheap, box.dear)):
        at = Losses(box.next_attack[end], box.wider_war[end])
        ends.append(min(cost(pick(name), at, credibility[end]) for name in box.answers))
    return ends[0], ends[1]


class Reach(NamedTuple):
    """Between which L_cred, L_next and L_war an answer can cost least somewhere in the box."""

    credibility: Interval
    next_attack: Interval
    wider_war: Interval


def can_be_best(box: Box, within: Interval) -> dict[str, Reach]:
    """Return answer -> where it can cost least somewhere in the box; answers that never do are left out.

    Parameters
    ----------
    box
        The intervals.
    within
        Of L_cred.

    Examples
    --------
    >>> none, kind = Answer(0.0, 0.6, 0.0, 0.0, 0.0), Answer(1.0, 0.1, 0.3, 0.1, 2.0)
    >>> box = Box({"none": (none, none), "in_kind": (kind, kind)}, (1, 1), (9, 9), (0.5, 0.5), (1, 1), (1, 1), (0, 0))
    >>> {name: [round(end, 9) for end in at.credibility] for name, at in can_be_best(box, (0.0, 1.0)).items()}
    {'none': [0.0, 0.15], 'in_kind': [0.15, 1.0]}
    """
    result = {}
    sides = np.array([within, box.next_attack, box.wider_war], float)
    for name in box.answers:
        answers = box.favouring(name)
        own = answers[name]
        others = [_minus(own, other) for key, other in answers.items() if key != name]
        normals = np.array([*(row[0] for row in others), *np.eye(3), *-np.eye(3)]).reshape(-1, 3)
        right = np.array([*(row[1] for row in others), *sides[:, 1], *-sides[:, 0]])
        if corners := _ranges(normals, right):
            result[name] = Reach(*corners)
    return result


def _minus(own: Answer, other: Answer) -> tuple[list[float], float]:
    """Return the half-space of (L_cred, L_next, L_war) in which one answer costs no more than another."""
    return ([other.restored - own.restored, own.p_next - other.p_next, own.p_war - other.p_war],
            other.kinetic - own.kinetic)


def _ranges(normals: Floats, right: Floats) -> list[Interval]:
    """Return the range of each coordinate over {x: normals x <= right}, a bounded set in space; empty if that is."""
    chosen = np.array(list(itertools.combinations(range(len(right)), 3)))
    lines, values = normals[chosen], right[chosen]
    regular = np.abs(np.linalg.det(lines)) > _SLACK
    corners = np.linalg.solve(lines[regular], values[regular][..., None])[..., 0]
    inside = corners[(corners @ normals.T <= right + _SLACK).all(axis=1)] + 0.0  # no minus zero
    if not len(inside):
        return []
    return [(float(low), float(high)) for low, high in zip(inside.min(axis=0), inside.max(axis=0), strict=True)]


def ties(box: Box) -> list[Tie]:
    """Return for each pair of answers between which L_cred they cost the same, from 0 up.

    Examples
    --------
    >>> none, kind = Answer(0.0, 0.6, 0.0, 0.0, 0.0), Answer(1.0, 0.1, 0.3, 0.1, 2.0)
    >>> box = Box({"none": (none, none), "in_kind": (kind, kind)}, (1, 1), (9, 9), (0.5, 0.5), (1, 2), (1, 1), (0, 0))
    >>> [(tie.before, tie.after, round(tie.low, 9), round(tie.high, 9)) for tie in ties(box)]
    [('none', 'in_kind', 0.15, 0.45)]
    """
    result = []
    for before, after in itertools.combinations(box.answers, 2):
        (low, high), (low_after, high_after) = box.answers[before], box.answers[after]
        gained = low_after.restored - high.restored, high_after.restored - low.restored
        extra = [_times((low_after.p_next - high.p_next, high_after.p_next - low.p_next), box.next_attack),
                 _times((low_after.p_war - high.p_war, high_after.p_war - low.p_war), box.wider_war),
                 (low_after.kinetic - high.kinetic, high_after.kinetic - low.kinetic)]
        least, greatest = sum(one[0] for one in extra), sum(one[1] for one in extra)
        if gained[0] <= 0.0:
            result.append(Tie(before, after, max(0.0, least / gained[1]) if gained[1] > 0.0 else 0.0, None))
            continue
        ends = [one / by for one in (least, greatest) for by in gained]
        result.append(Tie(before, after, max(0.0, min(ends)), max(0.0, *ends)))
    return result


def imposed_bounds(box: Box, credibility: Interval) -> Interval:
    """Return outer bounds of E[k], L_cred uniform on [0, L] for any L of an interval.

    Examples
    --------
    >>> none, kind = Answer(0.0, 0.6, 0.0, 0.0, 0.0), Answer(1.0, 0.1, 0.3, 0.1, 2.0)
    >>> box = Box({"none": (none, none), "in_kind": (kind, kind)}, (1, 1), (9, 9), (0.5, 0.5), (1, 1), (1, 1), (0, 0))
    >>> [round(end, 9) for end in imposed_bounds(box, (1.0, 1.0))]
    [1.7, 1.7]
    """
    stretches = {name: at.credibility for name, at in can_be_best(box, (0.0, credibility[1])).items()}
    turns = sorted({0.0, credibility[1], *(min(max(end, 0.0), credibility[1])
                                           for ends in stretches.values() for end in ends)})
    tops = [*credibility, *(turn for turn in turns if credibility[0] < turn < credibility[1])]
    means: list[list[float]] = []
    for end, pick in enumerate((min, max)):
        at = _imposed_at(box, stretches, end, pick)
        means.append([_mean(at, turns, top) for top in tops])
    return min(means[0]), max(means[1])


def _imposed_at(box: Box, stretches: Mapping[str, Interval], end: int,
                pick: Callable[[list[float]], float]) -> Callable[[float], float]:
    def at(x: float) -> float:
        there = [name for name, (low, high) in stretches.items() if low - _SLACK <= x <= high + _SLACK]
        return pick([box.answers[name][end].imposed for name in there])
    return at


def _mean(at: Callable[[float], float], turns: list[float], top: float) -> float:
    """Return the mean over [0, top] of what is constant between turns."""
    if top == 0.0:
        return at(0.0)
    cut = [*(turn for turn in turns if turn < top), top]
    return sum((high - low) * at((low + high) / 2.0) for low, high in itertools.pairwise(cut)) / top


def verdict(box: Box, credibility: Interval) -> Verdict:
    """Return whether the trap holds everywhere in the box, somewhere or nowhere, for a strike with such an L_cred.

    Examples
    --------
    >>> none, kind = Answer(0.0, 0.6, 0.0, 0.0, 0.0), Answer(1.0, 0.1, 0.3, 0.1, 2.0)
    >>> box = Box({"none": (none, none), "in_kind": (kind, kind)}, (1, 1), (9, 9), (0.5, 0.5), (1, 1), (1, 2), (0, 0.3))
    >>> verdict(box, (1.0, 1.0)).holds
    'somewhere'
    """
    least, imposed = least_cost(box, credibility), imposed_bounds(box, credibility)
    if least[0] > box.tolerance[1] and box.gain[0] > imposed[1]:
        return Verdict(EVERYWHERE, least, imposed)
    if least[1] <= box.tolerance[0] or box.gain[1] <= imposed[0]:
        return Verdict(NOWHERE, least, imposed)
    there = least[0] <= box.tolerance[1] or _corner(box, credibility, holds=False)
    return Verdict(SOMEWHERE if there and _corner(box, credibility, holds=True) else NOT_SETTLED, least, imposed)


def _corner(box: Box, credibility: Interval, holds: bool) -> bool:
    """Return whether some corner of the box has the trap, or has none."""
    end = int(not holds)  # k and tolerance low and the gain high where the trap is looked for
    gain, tolerance = box.gain[int(holds)], box.tolerance[end]
    menus = [box.favouring(name) for name in box.answers]
    menus += [{name: pick(name) for name in box.answers} for pick in (box.cheap, box.dear)]
    for menu in menus:
        at = {name: answer._replace(imposed=box.answers[name][end].imposed) for name, answer in menu.items()}
        for cred, next_attack, wider_war in itertools.product(credibility, box.next_attack, box.wider_war):
            if trap(at, Losses(next_attack, wider_war), cred, gain, tolerance).holds is holds:
                return True
    return False


def edges(box: Box, credibility_of: Callable[[float], Interval], levels: int) -> list[Edge]:
    """Return where the trap begins in two assumptions, L_0 and b, with L_war at either end as a third.

    Parameters
    ----------
    box
        The intervals.
    credibility_of
        L_0 -> the ends of L_cred of the strike looked at.
    levels
        How many values of L_0 between its ends.
    """
    result = []
    for wider_war in dict.fromkeys(box.wider_war):
        for most in dict.fromkeys(np.linspace(*box.most, levels).tolist()):
            here, credibility = replace(box, most=(most, most), wider_war=(wider_war, wider_war)), credibility_of(most)
            least, imposed = least_cost(here, credibility), imposed_bounds(here, credibility)
            result.append(Edge(most, wider_war, imposed[0] if least[1] > box.tolerance[0] else None,
                               imposed[1] if least[0] > box.tolerance[1] else None,
                               *(_at_corner(here, credibility, end) for end in range(2))))
    return result


def corner(box: Box, end: int) -> tuple[dict[str, Answer], Losses]:
    """Return the corner where all answers cost the West least (0), k at its high end, or most (1), k at its low end."""
    pick = (box.cheap, box.dear)[end]
    menu = {name: pick(name)._replace(imposed=box.answers[name][1 - end].imposed) for name in box.answers}
    return menu, Losses(box.next_attack[end], box.wider_war[end])


def _at_corner(box: Box, credibility: Interval, end: int) -> float | None:
    """Return E[k] at a corner where the least cost is above what is tolerated there, None elsewhere."""
    found = trap(*corner(box, end), credibility[end], box.gain[end], box.tolerance[1 - end])
    return found.imposed if found.least > box.tolerance[1 - end] else None


def _times(one: Interval, other: Interval) -> Interval:
    products = [a * b for a in one for b in other]
    return min(products), max(products)
