r"""The rule that turns figures into verdicts, the same for the op-ed and its rivals.

Of a figure y in arm a let lo_a, hi_a be its interval, and t the threshold; for `below` everything is turned over. A
part of a claim is

- **supported** iff lo_a > t in all arms,
- **contradicted** iff hi_a < t in all arms,
- **partly** iff the headline clears t and some arm does not,
- **not testable here** otherwise: an assumption alone crosses t (the headline lies on the wrong side and some arm does
  not, or the ends of what is assumed stand on both sides), or the headline's own interval holds t, or the study lacks
  what it needs.

A claim says all of its parts: it has their verdict if they agree, is *partly* true if some part is supported or partly
so and the others not, and is contradicted if none is and one is contradicted.

**Many claims.** Some would pass by luck, so intervals are widened by Holm's steps. Each interval is told at 95% by its
middle and its ends; at another level each end lies further from the middle by z(level) / z(5%), z the two-sided normal
quantile. p of a part is the smallest level at which it is decided in *all* arms, supported or contradicted: the largest
of the arms' p (an intersection-union test: that it holds in all arms is wrong if it is in one). With m measured parts
and p in order, the k-th is judged at 5% / (m - k + 1) as long as each is decided at its level; from the first that is
not, all that are left are judged at that one's level. So the chance that any verdict rests on luck is 5% at most:
until the first wrong one, the true hypotheses left are no more than m - k + 1, and a headline that is not decided has a
p no larger than its part's. Ends of assumptions are no errors of sampling: they are not widened and do not count in m.

Distance = min_a (lo_a - t), turned over for `below`, after widening, with the arm where it is least.

Sources: strategy specification, S9; S. Holm, A Simple Sequentially Rejective Multiple Test Procedure, Scandinavian
Journal of Statistics 6 (1979); R. Berger, Multiparameter Hypothesis Testing, Technometrics 24 (1982).
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from statistics import NormalDist

from skyshield.claims.table import BELOW, Claim, Part
from skyshield.core.errors import SkyShieldError

LEVEL = 0.05
SUPPORTED, CONTRADICTED, PARTLY, NOT_TESTABLE = "supported", "contradicted", "partly", "not testable here"
VERDICTS = (SUPPORTED, PARTLY, CONTRADICTED, NOT_TESTABLE)
ASSUMPTION, INTERVAL, MISSING, DESIGN = "an assumption alone crosses the threshold", \
    "the interval holds the threshold", "the study lacks it", "no study here can"
BEYOND, SHORT, ACROSS = "beyond", "short", "across"
_NORMAL = NormalDist()


@dataclass(frozen=True)
class InArm:
    """A figure in one arm.

    Attributes
    ----------
    label
        The arm in words.
    middle, lo, hi
        Told at 95%; None where there is no interval.
    assumed
        Whether lo and hi are ends of what is assumed, which are not widened.
    """

    label: str
    middle: float | None
    lo: float | None
    hi: float | None
    assumed: bool = False


@dataclass(frozen=True)
class Tried:
    """A figure in every arm that it is tried in, the headline first; without arms, what is missing.

    Attributes
    ----------
    turns
        The assumption that decides an answer of strategy, in words.
    beside
        What else the answer holds: option, low, high.
    """

    arms: tuple[InArm, ...] = ()
    missing: str = ""
    turns: str = ""
    beside: tuple[tuple[str, float, float], ...] = ()


@dataclass(frozen=True)
class PartJudged:
    """The verdict on a part.

    Attributes
    ----------
    why
        Of one that is not testable: `ASSUMPTION`, `INTERVAL` or `MISSING`.
    level
        At which intervals were told; None where they are ends of assumptions alone.
    arms
        Told at that level.
    distance, arm
        To the threshold, and the arm where it is least.
    would_change
        In words.
    beside
        What else an answer of strategy holds: option, low, high.
    """

    part: Part
    verdict: str
    why: str
    level: float | None
    arms: tuple[InArm, ...]
    distance: float | None
    arm: str
    would_change: str
    beside: tuple[tuple[str, float, float], ...] = ()


@dataclass(frozen=True)
class Judged:
    """The verdict on a claim, with those on its parts."""

    claim: Claim
    verdict: str
    parts: tuple[PartJudged, ...]

    @property
    def deciding(self) -> PartJudged | None:
        """The part that stands for it: the first with its verdict, else the first that is not supported."""
        same = [part for part in self.parts if part.verdict == self.verdict]
        other = [part for part in self.parts if part.verdict != SUPPORTED]
        return next(iter(same or other), None)

    @property
    def distance(self) -> float | None:
        """That of the part that stands for it."""
        return None if self.deciding is None else self.deciding.distance

    @property
    def would_change(self) -> str:
        """What would change the verdict."""
        return self.claim.test if self.deciding is None else self.deciding.would_change


def _z(level: float) -> float:
    """Return how many standard errors a two-sided interval of this level reaches."""
    return -_NORMAL.inv_cdf(level / 2.0)


def widened(arm: InArm, level: float) -> InArm:
    """Return a figure told at another level than 5%.

    Examples
    --------
    >>> wide = widened(InArm("headline", 10.0, 8.0, 13.0), 0.05 / 10)
    >>> round(wide.lo, 4), round(wide.hi, 4)
    (7.1356, 14.2966)
    >>> widened(InArm("headline", 10.0, 8.0, 13.0), 0.05) == InArm("headline", 10.0, 8.0, 13.0)
    True
    """
    if arm.assumed or arm.middle is None or arm.lo is None or arm.hi is None:
        return arm
    more = _z(level) / _z(LEVEL) - 1.0
    return replace(arm, lo=arm.lo - more * max(0.0, arm.middle - arm.lo),
                   hi=arm.hi + more * max(0.0, arm.hi - arm.middle))


def p_part(part: Part, tried: Tried) -> float:
    """Return the smallest level at which a part is decided in all arms, supported or contradicted; 1 if at none.

    Examples
    --------
    >>> from skyshield.claims.table import Figure, Threshold
    >>> part = Part("a", Figure("casualties"), Threshold("t", 0.0, "", None, "", ()), "above")
    >>> round(p_part(part, Tried((InArm("headline", 2.0, 1.0, 3.0), InArm("b", 1.0, 0.0, 2.0)))), 3)
    0.05
    """
    arms = [_turned(arm, part) for arm in tried.arms]
    threshold = _threshold(part)
    return min(max((_p(arm, threshold, side) for arm in arms), default=1.0) for side in (1.0, -1.0))


def _p(arm: InArm, threshold: float, side: float) -> float:
    """Return the level at which the end of an arm on the other side than `side` reaches the threshold."""
    if arm.middle is None or arm.lo is None or arm.hi is None:
        return 1.0
    beyond = side * (arm.middle - threshold)
    reach = max(0.0, arm.middle - arm.lo if side > 0.0 else arm.hi - arm.middle)
    edge = side * ((arm.lo if side > 0.0 else arm.hi) - threshold)
    if reach == 0.0 or beyond <= 0.0:  # nothing to widen: as it stands
        return 0.0 if edge > 0.0 else 1.0
    return 2.0 * (1.0 - _NORMAL.cdf(_z(LEVEL) * beyond / reach))


def holm(p: Sequence[float], level: float = LEVEL) -> list[float]:
    """Return the level at which each is judged.

    Parameters
    ----------
    p
        f8[part].
    level
        For all together.

    Examples
    --------
    >>> holm([0.04, 0.001, 0.3, 0.02])  # in order 1/80 holds, 1/60 does not: all that are left stand there
    [0.016666666666666666, 0.0125, 0.016666666666666666, 0.016666666666666666]
    """
    if any(not 0.0 <= one <= 1.0 for one in p):
        raise SkyShieldError("p", "is not from 0 to 1", "give probabilities")
    levels = [level] * len(p)
    failed = None
    for k, place in enumerate(sorted(range(len(p)), key=lambda i: (p[i], i))):
        step = failed or level / (len(p) - k)
        levels[place] = step
        if failed is None and not p[place] < step:
            failed = step
    return levels


def judge_all(claims: Sequence[Claim], tried: Sequence[Sequence[Tried]], level: float = LEVEL) -> list[Judged]:
    """Return the verdict on every claim, with Holm's steps over all of their measured parts.

    Parameters
    ----------
    claims
        In order.
    tried
        What was found of each part of each.
    level
        For all together.
    """
    flat = [(part, found) for claim, of in zip(claims, tried, strict=True)
            for part, found in zip(claim.parts, of, strict=True)]
    measured = [k for k, (_, found) in enumerate(flat) if found.arms and not all(arm.assumed for arm in found.arms)]
    levels: dict[int, float] = dict(zip(measured, holm([p_part(*flat[k]) for k in measured], level), strict=True))
    judged = iter([judge_part(part, found, levels.get(k)) for k, (part, found) in enumerate(flat)])
    result = []
    for claim in claims:
        parts = tuple(next(judged) for _ in claim.parts)
        result.append(Judged(claim, together([part.verdict for part in parts]), parts))
    return result


def judge_part(part: Part, tried: Tried, level: float | None) -> PartJudged:
    """Return the verdict on a part, its intervals told at a level; None leaves them as they are.

    Examples
    --------
    >>> from skyshield.claims.table import Figure, Threshold
    >>> part = Part("a", Figure("casualties"), Threshold("t", 5.0, "", None, "", ()), "above")
    >>> head, low = InArm("headline", 8.0, 6.0, 10.0), InArm("volume low", 5.5, 4.0, 7.0)
    >>> [judge_part(part, Tried(arms), 0.05).verdict for arms in ((head,), (head, low), (low, head))]
    ['supported', 'partly', 'not testable here']
    >>> found = judge_part(part, Tried((head, low)), 0.05)
    >>> found.distance, found.arm
    (-1.0, 'volume low')
    """
    if not tried.arms:
        return PartJudged(part, NOT_TESTABLE, MISSING, None, (), None, "", tried.missing)
    arms = tried.arms if level is None else tuple(widened(arm, level) for arm in tried.arms)
    threshold = _threshold(part)
    turned = [_turned(arm, part) for arm in arms]
    where = [stands(part, arm) for arm in arms]
    clear, against = [one == BEYOND for one in where], [one == SHORT for one in where]
    known = [arm for arm in turned if arm.lo is not None]
    least = min(known, key=lambda arm: float("inf") if arm.lo is None else arm.lo, default=None)
    distance = None if least is None or least.lo is None else least.lo - threshold
    label = "" if least is None else least.label
    if all(clear):
        verdict, why = SUPPORTED, ""
        change = f"nearest to failing: {label}"
    elif all(against):
        best = max(turned, key=lambda arm: -math.inf if arm.hi is None else arm.hi)
        verdict, why = CONTRADICTED, ""
        change = f"nearest to holding: {best.label}"
    elif clear[0]:
        verdict, why = PARTLY, ""
        change = f"it is not borne out: {_some([a.label for a, ok in zip(arms, clear, strict=True) if not ok])}"
    else:
        verdict, why, change = _undecided(tried, against, arms)
    return PartJudged(part, verdict, why, level, arms, distance, label, change, tried.beside)


def stands(part: Part, arm: InArm) -> str | None:
    """Return where a figure stands: ``beyond`` the threshold, ``short`` of it, ``across`` it; None without an interval.

    Examples
    --------
    >>> from skyshield.claims.table import Figure, Threshold
    >>> part = Part("a", Figure("casualties"), Threshold("t", 5.0, "", None, "", ()), "below")
    >>> [stands(part, InArm("", None, lo, lo + 2.0)) for lo in (2.0, 4.0, 6.0)]
    ['beyond', 'across', 'short']
    """
    turned, threshold = _turned(arm, part), _threshold(part)
    if turned.lo is None or turned.hi is None:
        return None
    return BEYOND if turned.lo > threshold else SHORT if turned.hi < threshold else ACROSS


def _undecided(tried: Tried, against: Sequence[bool], arms: Sequence[InArm]) -> tuple[str, str, str]:
    head = arms[0]
    if head.assumed:
        return NOT_TESTABLE, ASSUMPTION, tried.turns or "what is assumed stands on both sides of the threshold"
    if against[0]:
        return NOT_TESTABLE, ASSUMPTION, \
            f"it may hold: {_some([a.label for a, no in zip(arms, against, strict=True) if not no])}"
    if head.lo is None:
        return NOT_TESTABLE, MISSING, "there is no interval; run the study with more parameter vectors"
    return NOT_TESTABLE, INTERVAL, "the headline's interval holds the threshold; better numbers would narrow it"


def together(verdicts: Sequence[str]) -> str:
    """Return the verdict on a claim from those on its parts; one without parts cannot be tested.

    Examples
    --------
    >>> together([SUPPORTED, SUPPORTED]), together([SUPPORTED, CONTRADICTED]), together([CONTRADICTED, NOT_TESTABLE])
    ('supported', 'partly', 'contradicted')
    >>> together([SUPPORTED, NOT_TESTABLE]), together([])
    ('partly', 'not testable here')
    """
    found = set(verdicts)
    if len(found) == 1:
        return verdicts[0]
    if found & {SUPPORTED, PARTLY}:
        return PARTLY
    return CONTRADICTED if found else NOT_TESTABLE


def _threshold(part: Part) -> float:
    return -part.threshold.value if part.direction == BELOW else part.threshold.value


def _turned(arm: InArm, part: Part) -> InArm:
    """Return a figure turned over for `below`, so that more is always what the claim says."""
    if part.direction != BELOW:
        return arm
    lo, middle, hi = (None if end is None else -end for end in (arm.hi, arm.middle, arm.lo))
    return replace(arm, lo=lo, middle=middle, hi=hi)


_MOST = 3


def _some(labels: Sequence[str]) -> str:
    """Return labels in a line, the first few of many."""
    more = f" and {len(labels) - _MOST} more" if len(labels) > _MOST else ""
    return "; ".join(labels[:_MOST]) + more
