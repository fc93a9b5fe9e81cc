r"""Regret and near-optimal options, over cases.

The regret of option d in a case is max_e NB_e - NB_d: what would have been gained by knowing the case. Minimax regret
chooses the option whose greatest regret is least; it needs no weights for cases but depends on how far cases reach.
Mean regret supposes that the cases are equally likely, which for entries without a centre is a stand-in.

Near-optimal: within a share x of the best of a case. Reported without shares of cases: in all of them, in some, in
none.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np

from skyshield.core.arrays import Booleans, Floats
from skyshield.evidence.sensitivity.choice import choice

_NEAR = 0.05


def regret(values: Mapping[str, Floats]) -> dict[str, Any]:
    """Return each option's greatest and mean regret, and the options that have the least, with those that tie.

    Mean regrets tie within the error of the cases, greatest ones, which are of one case each, within `_NEAR`.

    Parameters
    ----------
    values
        option -> f8[case].

    Examples
    --------
    >>> result = regret({"a": np.array([4.0, 0.0]), "b": np.array([1.0, 2.0])})
    >>> result["options"]["a"]["greatest"], result["options"]["b"]["mean"], result["minimax"], result["least_mean"]
    (2.0, 1.5, 'a', 'a')
    >>> result["minimax_ties"], result["least_mean_ties"]
    ([], ['b'])
    """
    table = np.stack(list(values.values()), axis=1)
    regrets = table.max(axis=1, keepdims=True) - table
    rows: dict[str, dict[str, Any]] = {
        name: {"greatest": float(regrets[:, k].max()), "mean": float(regrets[:, k].mean()),
               "worst_case": int(regrets[:, k].argmax()), "mean_value": float(table[:, k].mean()),
               "quantiles": [float(q) for q in np.quantile(regrets[:, k], (0.5, 0.9, 0.95))]}
        for k, name in enumerate(values)}
    minimax = min(rows, key=lambda name: (rows[name]["greatest"], name))
    bound = (1.0 + _NEAR) * rows[minimax]["greatest"]
    least_mean = choice({name: -regrets[:, k] for k, name in enumerate(values)})
    return {"options": rows, "minimax": minimax,
            "minimax_ties": [name for name, row in rows.items() if name != minimax and row["greatest"] <= bound],
            "least_mean": least_mean["best"], "least_mean_ties": least_mean["ties"]}


def near_optimal(values: Mapping[str, Floats], share: float, columns: Mapping[str, Floats]) -> dict[str, Any]:
    """Return which options are within a share of the best in all cases, in some, in none.

    For an option of some cases it comes with the unknown that separates these cases best, the threshold, the side on
    which the option is near the best, and Youden's index ``tells``: the share of near cases on that side plus the
    share of other cases on the other, less one (0 separates nothing, 1 everything).

    Examples
    --------
    >>> x = np.arange(4.0)
    >>> result = near_optimal({"a": x, "b": np.full(4, 1.5)}, 0.1, {"x": x})
    >>> result["options"]["a"]["where"], result["some"]
    ({'name': 'x', 'side': 'above', 'value': 1.5, 'tells': 1.0}, ['a', 'b'])
    """
    table = np.stack(list(values.values()), axis=1)
    best = table.max(axis=1, keepdims=True)
    near = table >= best - share * np.abs(best)
    rows = {}
    for k, name in enumerate(values):
        is_near = near[:, k]
        extent = "all" if is_near.all() else "some" if is_near.any() else "none"
        rows[name] = {"near": extent, "where": stump(columns, is_near) if extent == "some" else None}
    return {"within": share, "options": rows,
            **{extent: [name for name, row in rows.items() if row["near"] == extent]
               for extent in ("all", "some", "none")}}


def stump(columns: Mapping[str, Floats], is_near: Booleans) -> dict[str, Any]:
    """Return the unknown, the threshold and the side that separate near-optimal cases from the others best."""
    best: dict[str, Any] = {"tells": -1.0}
    for name, values in columns.items():
        order = np.argsort(values, kind="stable")
        x, y = values[order], is_near[order]
        below = np.cumsum(y)[:-1] / y.sum() - np.cumsum(~y)[:-1] / (~y).sum()
        below = np.where(x[1:] > x[:-1], below, 0.0)
        for side, tells in (("below", below), ("above", -below)):
            k = int(tells.argmax())
            if tells[k] > best["tells"] + 1e-12:
                best = {"name": name, "side": side, "value": float((x[k] + x[k + 1]) / 2.0), "tells": float(tells[k])}
    return best
