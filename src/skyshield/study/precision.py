"""How precisely a study tells its primary measure, and how many vectors and replications more would do.

A study is precise to a share p if for every option the standard error `se` of the paired primary measure is at most p
of its absolute value, or at most `FLOOR`, so that an option without effect ends too. Its square has two parts: V, what
the sample of K vectors adds, and M = mcse^2, what R replications of each leave. V falls as 1 / K and M as 1 / (K R). So
where M is the greater, replications are added, to a part that leaves room for V or is no greater than it; then, and
where V is the greater, vectors are, (V + M) / bound^2 times as many.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from skyshield.core.addresses import MAX_REPLICATIONS, MAX_VECTORS
from skyshield.core.errors import SkyShieldError
from skyshield.study.compare import PRIMARY, Comparison, differences
from skyshield.study.resampling import vector_counts
from skyshield.study.result import StudyResult
from skyshield.study.summary import figures
from skyshield.study.told import Summary

FLOOR = 0.05  # of the primary measure's unit, over the period
DEFAULT_SHARE = 0.05
_TINY, _ROUNDING = 1e-9, 1e-5
_MOST_GROWTH = 8  # times as many at one step: a first estimate of the error is rough


Size = tuple[int, int]  # vectors, and replications of each


@dataclass(frozen=True)
class Precise:
    """How far one option is from the precision asked for.

    Attributes
    ----------
    se, mcse
        Of the paired primary measure; None where the study does not tell them.
    needed
        Vectors and replications that are enough, by what this study knows of the error.
    """

    se: float | None
    mcse: float | None
    needed: Size


def parse_share(text: str) -> float:
    """Read ``5%`` or ``5`` as 0.05.

    Raises
    ------
    SkyShieldError
        If it is no percentage above 0 and up to 100.

    Examples
    --------
    >>> parse_share("5%"), parse_share("0.5")
    (0.05, 0.005)
    """
    try:
        share = float(text.strip().removesuffix("%")) / 100.0
    except ValueError:
        share = math.nan
    if not 0.0 < share <= 1.0:
        raise SkyShieldError("--until", f"is {text!r}", "give a percentage above 0 and up to 100, like 5%")
    return share


def precision(rows: Mapping[str, Summary], played: Size, share: float = DEFAULT_SHARE) -> dict[str, Precise]:
    """Return for each option how far it is from a share; `rows` are the paired differences of the primary measure."""
    computed = {}
    for option, row in rows.items():
        se = row["se"]["mean"] if "se" in row else None
        computed[option] = Precise(se, row["mcse"], _needed(row["delta"], se, row["mcse"], share, played))
    return computed


def _needed(delta: float | None, se: float | None, mcse: float | None, share: float, played: Size) -> Size:
    """Return the vectors and replications that bring the error under its bound.

    Examples
    --------
    >>> _needed(10.0, 1.01, 1.0, 0.05, (100, 5)), _needed(10.0, 1.0, 0.1, 0.05, (100, 5))
    ((100, 22), (400, 5))
    >>> _needed(10.0, 0.5, 0.4, 0.05, (100, 5)), _needed(0.0, 0.01, 0.01, 0.05, (100, 5))
    ((100, 5), (100, 5))
    >>> _needed(1.0, None, None, 0.05, (1, 1))
    (2, 2)
    """
    vectors, replications = played
    if delta is None:
        return played  # every replication failed: more will not help
    if se is None or mcse is None:
        return max(vectors, 2), max(replications, 2)
    bound = max(share * abs(delta), FLOOR) ** 2
    noise = mcse**2
    between = max(0.0, se**2 - noise)
    if between + noise <= bound:
        return played
    if noise > between:
        left = max(between, bound - between)
        replications, noise = max(replications + 1, _at_least(replications * noise / left)), left
    if between + noise > bound * (1.0 + _TINY):
        vectors = max(vectors + 1, _at_least(vectors * (between + noise) / bound))
    return vectors, replications


def _at_least(number: float) -> int:
    """Return the whole number from which on there are enough; what is above one by rounding alone is that one.

    Figures of a stored study have six significant digits.

    Examples
    --------
    >>> _at_least(250.0001), _at_least(250.1)
    (250, 251)
    """
    return math.ceil(number * (1.0 - _ROUNDING))


def size_for(result: StudyResult, to: str, share: float) -> Size:
    """Return to how many vectors and replications a study should grow now; those it has if it is precise."""
    vectors, replications = result.sizes
    counts = vector_counts(int(result.manifest.get("seed", 0)), vectors)
    rows = {}
    for option in result.options:
        if option != to:
            row = figures(differences(result, option, to)[0], result.valid[0], spread=False, counts=counts).row()
            rows[option] = {"delta": row.pop("mean"), **row}
    computed = [one.needed for one in precision(rows, result.sizes, share).values()]
    return (min(max((k for k, _ in computed), default=vectors), _MOST_GROWTH * vectors, MAX_VECTORS),
            min(max((r for _, r in computed), default=replications), _MOST_GROWTH * replications, MAX_REPLICATIONS))


def precision_json(comparison: Comparison, played: Size, share: float) -> dict[str, Any]:
    """Return what ``run --json`` prints of it: what is asked, whether it is met, and what each option needs."""
    computed = precision({option: row[PRIMARY] for option, row in comparison.rows.items()}, played, share)
    vectors, replications = (max((one.needed[k] for one in computed.values()), default=played[k]) for k in range(2))
    return {"measure": PRIMARY, "share": share, "floor": FLOOR, "met": (vectors, replications) == tuple(played),
            "vectors": played[0], "replications": played[1], "vectors_needed": vectors,
            "replications_needed": replications,
            "options": {option: {"se": one.se, "mcse": one.mcse, "vectors_needed": one.needed[0],
                                 "replications_needed": one.needed[1]} for option, one in computed.items()}}


def precision_words(computed: dict[str, Any]) -> str:
    """Say in one sentence whether a study is as precise as asked, and what it would need.

    Examples
    --------
    >>> few = {"vectors_needed": 200, "replications_needed": 12}
    >>> precision_words({"measure": "prevented_zone", "share": 0.05, "floor": 0.05, "met": False, "vectors": 200,
    ...                  "replications": 5, "options": {"region": few}, **few})
    'Precision: the se of prevented_zone is above 5% of it for region; about 7 replications more would do (12).'
    """
    share = f"{100.0 * computed['share']:g}%"
    if computed["met"]:
        return (f"Precision: the se of {computed['measure']} is at most {share} of it, or at most "
                f"{computed['floor']:g}, for every option with {computed['vectors']:,} vectors of "
                f"{computed['replications']:,} replications.")
    kinds = ("vectors", "replications")
    short = [name for name, row in computed["options"].items()
             if any(row[f"{kind}_needed"] > computed[kind] for kind in kinds)]
    more = [(kind, computed[f"{kind}_needed"] - computed[kind], computed[f"{kind}_needed"]) for kind in kinds]
    wanted = " and ".join(f"{n:,} {kind if n > 1 else kind[:-1]} more" for kind, n, _ in more if n)
    return (f"Precision: the se of {computed['measure']} is above {share} of it for {', '.join(short)}; about "
            f"{wanted} would do ({' and '.join(f'{total:,}' for _, n, total in more if n)}).")
