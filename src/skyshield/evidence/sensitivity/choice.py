"""Which option a decision would choose, what ties with it, and whether that turns on numbers that nobody knows.

Of options with values at the same points, the one of the greatest mean is chosen. Another ties with it if the mean of
their difference, point by point, is within `_CLEAR` standard errors of zero. `skyshield sensitivity` and `skyshield
explore` both say what would be chosen with entries without a centre at their references, where a study's headline has
them, and with these spread evenly over their intervals, a stand-in. Where no option is chosen or tied under both, that
is said.
"""

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from skyshield.core.arrays import Floats

AT_REFERENCES, SPREAD_EVENLY = "references", "stand_in"
CONDITIONS = {AT_REFERENCES: "entries without a centre at their references",
              SPREAD_EVENLY: "entries without a centre even over their intervals, which is a stand-in"}
_CLEAR = 2.0  # standard errors

Choice = dict[str, Any]


def choice(values: Mapping[str, Floats]) -> Choice:
    """Return the option of the greatest mean over points, those that tie with it, and all means.

    Parameters
    ----------
    values
        option -> f8[point].

    Examples
    --------
    >>> x = np.array([1.0, 2.0, 3.0])
    >>> result = choice({"a": x, "b": x - 1.0, "c": np.array([3.0, 1.0, 1.5])})
    >>> result["best"], result["ties"]
    ('a', ['c'])
    """
    means = {name: float(y.mean()) for name, y in values.items()}
    best = max(means, key=means.__getitem__)
    ties = []
    for name, y in values.items():
        ahead = values[best] - y
        error = float(ahead.std(ddof=1) / np.sqrt(len(ahead))) if len(ahead) > 1 else np.inf
        if name != best and float(ahead.mean()) <= _CLEAR * error:
            ties.append(name)
    return {"best": best, "ties": ties, "means": means}


def compared(by_condition: Mapping[str, Choice]) -> dict[str, Any]:
    """Return choices by condition, and whether any option is among all of them: None for one alone.

    Examples
    --------
    >>> one, other = {"best": "a", "ties": ["b"]}, {"best": "b", "ties": []}
    >>> compared({"references": one, "stand_in": other})["agree"], compared({"references": one})["agree"]
    (True, None)
    """
    held = [{row["best"], *row["ties"]} for row in by_condition.values()]
    return {**by_condition, "agree": bool(set.intersection(*held)) if len(held) > 1 else None}


def choice_lines(rows: Mapping[str, Any]) -> Iterator[str]:
    """Yield what would be chosen under each condition, and whether that disagrees.

    Examples
    --------
    >>> rows = compared({"references": {"best": "a", "ties": ["b"]}, "stand_in": {"best": "c", "ties": []}})
    >>> for line in choice_lines(rows): print(line)
    With entries without a centre at their references: a and b tie.
    With entries without a centre even over their intervals, which is a stand-in: choose c.
    These disagree: the choice turns on numbers that nobody knows.
    """
    for condition, words in CONDITIONS.items():
        if condition in rows:
            yield f"With {words}: {said(rows[condition])}."
    if rows["agree"] is False:
        yield "These disagree: the choice turns on numbers that nobody knows."


def said(row: Choice) -> str:
    """Say what would be chosen, or what ties.

    Examples
    --------
    >>> said({"best": "a", "ties": []}), said({"best": "a", "ties": ["b", "c"]})
    ('choose a', 'a, b and c tie')
    """
    if not row["ties"]:
        return f"choose {row['best']}"
    return f"{', '.join([row['best'], *row['ties'][:-1]])} and {row['ties'][-1]} tie"
