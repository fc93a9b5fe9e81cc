r"""Shares of agreements with a mechanism of enforcement among those with a ceasefire, in PA-X.

PA-X (University of Edinburgh) codes peace agreements since 1990. ``Ce`` > 0 says that a text has provisions on a
ceasefire, ``ImE`` > 0 that it provides for a mechanism of enforcement; a mission of monitors alone is another column.
An agreement is on Ukraine if ``Loc1ISO`` or ``Loc2ISO`` is UKR.

Of k among n the 95% interval is Jeffreys's: the quantiles of Beta(k + 1/2, n - k + 1/2), with 0 as its low end at k = 0
and 1 as its high end at k = n. Texts of one process are not independent, so the intervals are too narrow, if anything.

Source: C. Bell and S. Badanjak, "Introducing PA-X", Journal of Peace Research 56 (2019); L. Brown, T. Cai and A.
DasGupta, "Interval estimation for a binomial proportion", Statistical Science 16 (2001).
"""

import os
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from skyshield.core.errors import SkyShieldError
from skyshield.core.files import read_csv

REQUIRED = ("ce", "ime", "dat", "stage", "loc1iso")
UKRAINE = "UKR"
OBSERVATIONAL = ("Observational: what texts say, not what mechanisms do. Who got an enforcement clause was not chance, "
                 "and nothing here says that such a clause keeps a ceasefire.")
DEFINITION = ("Ce > 0: provisions on a ceasefire; ImE > 0: a mechanism of enforcement; Ukraine: Loc1ISO or Loc2ISO is "
              "UKR")
_PROBABILITY = 0.95  # of the intervals
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
_MISSING = ("na", "n/a", "nan", "null", "none", ".")
_STAGES = {"Pre": "pre-negotiation", "Cea": "ceasefire", "SubPar": "substantive, partial",
           "SubComp": "substantive, comprehensive", "Imp": "implementation", "Ren": "renewal", "Oth": "other"}


@dataclass(frozen=True)
class CodedAgreement:
    """One agreement as PA-X codes it; None where the code is missing."""

    ceasefire: int | None
    enforcement: int | None
    year: int
    stage: str
    on_ukraine: bool


def read_agreements(path: str | os.PathLike[str]) -> tuple[CodedAgreement, ...]:
    """Read the agreements of a file of PA-X, columns by their names.

    Raises
    ------
    SkyShieldError
        Exit code 2 if a column is missing, or a row has no year, a code that is no whole number, or an ``AgtId`` that
        another row has.
    """
    table = read_csv(path, REQUIRED, missing=_MISSING)
    agreements, lines = [], dict[str, int]()
    for line, cells in table.rows:
        where = f"{path}: line {line}"
        name = cells.get("agtid", "").strip()
        if name and lines.setdefault(name, line) != line:
            raise SkyShieldError(f"{where}: AgtId", f"is {name}, as in line {lines[name]}", "keep one of them")
        years = _YEAR.findall(cells["dat"])
        if len(years) != 1:
            raise SkyShieldError(f"{where}: Dat", f"is {cells['dat']!r}, not a date with one year", "write YYYY-MM-DD")
        places = {cells["loc1iso"].strip(), cells.get("loc2iso", "").strip()}
        agreements.append(CodedAgreement(_code(cells["ce"], f"{where}: Ce"), _code(cells["ime"], f"{where}: ImE"),
                                         int(years[0]), cells["stage"].strip(), UKRAINE in places))
    if not agreements:
        raise SkyShieldError(str(path), "holds no agreement", "give a file of PA-X with rows")
    return tuple(agreements)


def _code(cell: str, where: str) -> int | None:
    text = cell.strip().removesuffix(".0")
    if not text:
        return None
    if not (text.isascii() and text.isdecimal() and len(text) == 1):
        raise SkyShieldError(where, f"is {cell.strip()!r}, not a code", "give a code from 0 to 3 as PA-X does")
    return int(text)


def jeffreys(k: int, n: int, probability: float = _PROBABILITY) -> tuple[float, float]:
    """Return Jeffreys's interval of a share, k of n.

    Parameters
    ----------
    k, n
        Successes and trials, 0 <= k <= n and n >= 1.
    probability
        Of the interval.

    Examples
    --------
    >>> low, high = jeffreys(0, 8)
    >>> low, round(high, 4)
    (0.0, 0.2622)
    """
    from scipy.special import betaincinv

    tail = (1 - probability) / 2
    low = 0.0 if k == 0 else float(betaincinv(k + 1 / 2, n - k + 1 / 2, tail))
    high = 1.0 if k == n else float(betaincinv(k + 1 / 2, n - k + 1 / 2, 1 - tail))
    return low, high


def share_of(agreements: Sequence[CodedAgreement]) -> dict[str, Any]:
    """Return n, k, share and interval; without a share where there is no agreement."""
    n, k = len(agreements), sum(bool(one.enforcement) for one in agreements)
    if not n:
        return {"n": 0, "k": 0, "share": None, "lo": None, "hi": None}
    low, high = jeffreys(k, n)
    return {"n": n, "k": k, "share": k / n, "lo": low, "hi": high}


def rates_content(agreements: Sequence[CodedAgreement]) -> dict[str, Any]:
    """Return what ``monitor rates`` prints.

    Examples
    --------
    >>> content = rates_content([CodedAgreement(2, 1, 2014, "Cea", True), CodedAgreement(0, 1, 2014, "Pre", False)])
    >>> content["all"]["n"], content["all"]["k"], content["ukraine"]["share"], content["by_decade"][0]["decade"]
    (1, 1, 1.0, '2010s')
    """
    coded = [one for one in agreements if one.ceasefire is not None and one.enforcement is not None]
    of = [one for one in coded if one.ceasefire]
    return {"all": share_of(of), "ukraine": share_of([one for one in of if one.on_ukraine]),
            "by_decade": list(_split(of, "decade", lambda one: f"{one.year // 10 * 10}s")),
            "by_stage": list(_split(of, "stage", lambda one: _STAGES.get(one.stage, one.stage or "not coded"))),
            "agreements": len(agreements), "not_coded": len(agreements) - len(coded),
            "definition": DEFINITION, "interval": "Jeffreys, 95%", "observational": True, "caution": OBSERVATIONAL}


def _split(agreements: Sequence[CodedAgreement], name: str,
           key: Callable[[CodedAgreement], str]) -> Iterator[dict[str, Any]]:
    groups: dict[str, list[CodedAgreement]] = {}
    for one in agreements:
        groups.setdefault(key(one), []).append(one)
    for group in sorted(groups):
        yield {name: group, **share_of(groups[group])}
