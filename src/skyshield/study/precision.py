"""How precisely a study tells its primary measure, and how many replications more would do.

A study is precise to a share p if for every option the Monte Carlo standard error of the paired primary measure is at
most p of its absolute value, or at most `FLOOR`, so that an option without effect ends too. The error falls with the
square root of the replications R of each vector, so R (mcse / bound)^2 of them are needed.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from skyshield.core.addresses import MAX_REPLICATIONS
from skyshield.core.errors import SkyShieldError
from skyshield.study.compare import PRIMARY, Comparison, differences
from skyshield.study.result import StudyResult
from skyshield.study.summary import Summary, summarise

FLOOR = 0.05  # of the primary measure's unit, over the period
DEFAULT_SHARE = 0.05
_MOST_GROWTH = 8  # times the replications at one step: a first estimate of the error is rough


@dataclass(frozen=True)
class Precise:
    """How far one option is from the precision asked for.

    Attributes
    ----------
    delta, mcse
        Of the paired primary measure; None where the study does not tell them.
    needed
        Replications a vector that are enough, by what this study knows of the error.
    """

    delta: float | None
    mcse: float | None
    needed: int


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


def precision(rows: Mapping[str, Summary], played: int, share: float = DEFAULT_SHARE) -> dict[str, Precise]:
    """Return for each option how far it is from a share; `rows` are the paired differences of the primary measure."""
    return {option: Precise(row["delta"], row["mcse"], _needed(row["delta"], row["mcse"], share, played))
            for option, row in rows.items()}


def _needed(delta: float | None, mcse: float | None, share: float, played: int) -> int:
    """Return the replications a vector that bring the error under its bound.

    Examples
    --------
    >>> _needed(10.0, 1.0, 0.05, 5), _needed(10.0, 0.5, 0.05, 5), _needed(0.0, 0.01, 0.05, 5)
    (20, 5, 5)
    >>> _needed(1.0, None, 0.05, 1)
    2
    """
    if delta is None:
        return played  # every replication failed: more will not help
    if mcse is None:
        return played + 1
    bound = max(share * abs(delta), FLOOR)
    return played if mcse <= bound else max(played + 1, math.ceil(played * (mcse / bound) ** 2))


def replications_for(result: StudyResult, to: str, share: float) -> int:
    """Return to how many replications a vector a study should grow now; those it has if it is precise."""
    played = result.sizes[1]
    rows = {}
    for option in result.options:
        if option != to:
            row = summarise(differences(result, option, to)[0], result.valid[0])
            rows[option] = {"delta": row["mean"], "mcse": row["mcse"]}
    wanted = max((one.needed for one in precision(rows, played, share).values()), default=played)
    return int(min(wanted, _MOST_GROWTH * played, MAX_REPLICATIONS))


def precision_json(comparison: Comparison, played: int, share: float) -> dict[str, Any]:
    """Return what ``run --json`` prints of it: what is asked, whether it is met, and what each option needs."""
    computed = precision({option: row[PRIMARY] for option, row in comparison.rows.items()}, played, share)
    needed = max((one.needed for one in computed.values()), default=played)
    return {"measure": PRIMARY, "share": share, "floor": FLOOR, "met": needed <= played, "replications": played,
            "replications_needed": needed,
            "options": {option: {"mcse": one.mcse, "replications_needed": one.needed}
                        for option, one in computed.items()}}


def precision_words(computed: dict[str, Any]) -> str:
    """Say in one sentence whether a study is as precise as asked, and what it would need.

    Examples
    --------
    >>> precision_words({"measure": "prevented_zone", "share": 0.05, "floor": 0.05, "met": False, "replications": 5,
    ...                  "replications_needed": 12,
    ...                  "options": {"region": {"mcse": 0.9, "replications_needed": 12}}})
    'Precision: the mcse of prevented_zone is above 5% of it for region; about 7 replications more would do (12).'
    """
    share = f"{100.0 * computed['share']:g}%"
    if computed["met"]:
        return (f"Precision: the mcse of {computed['measure']} is at most {share} of it, or at most "
                f"{computed['floor']:g}, for every option with {computed['replications']:,} replications.")
    short = [name for name, row in computed["options"].items() if row["replications_needed"] > computed["replications"]]
    more = computed["replications_needed"] - computed["replications"]
    return (f"Precision: the mcse of {computed['measure']} is above {share} of it for {', '.join(short)}; about "
            f"{more:,} replication{'s' if more > 1 else ''} more would do ({computed['replications_needed']:,}).")
