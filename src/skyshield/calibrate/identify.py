"""The identification table: how far the record tells each quantity of a fit, with its values.

A status is earned: by the nights that a quantity rests on and by the width of its interval
(`skyshield.calibrate.evidence`). The table says only the best that a quantity can have.
"""

from collections.abc import Collection, Mapping
from typing import Any

import numpy as np

from skyshield.calibrate.evidence import identification, nights_behind, spread
from skyshield.calibrate.observations import Observations
from skyshield.catalogue import Catalogue
from skyshield.core.arrays import Floats
from skyshield.raids.expected import expected_launches, massed_share
from skyshield.raids.fit import NOT_HERE, WEAK, Identified

_TAILS = (0.025, 0.5, 0.975)
_DIGITS = 4
_FRONT, _DEEP, _CRUISE, _BALLISTIC = range(4)


def identify(columns: Mapping[str, Floats], seen: Observations, nights: Mapping[str, float],
             replaced: Collection[str], catalogue: Catalogue) -> tuple[Identified, ...]:
    """Return the table: fitted quantities with 95% intervals, the others with their range or bounds.

    Parameters
    ----------
    columns
        f8[draw] by name.
    seen
        The nights fitted.
    nights
        How many nights tell what (`skyshield.calibrate.evidence.nights_of_evidence`).
    replaced
        Columns that hold the catalogue's range, since the record does not tell them.
    catalogue
        Holds the ranges of what is not identified, and what a status asks for.
    """
    values = dict(columns) | _derived(columns)
    rows = []
    for row in identification()["rows"]:
        name, unit, means = str(row["quantity"]), str(row["unit"]), str(row["means"])
        if "entry" in row:
            entry = catalogue[row["entry"]]
            rows.append(Identified(name, row["status"], entry.low, entry.central, entry.high, unit, means))
            continue
        needs = row.get("columns", [row["value"]] if "value" in row else [])
        rests_on = min([nights_behind(need, nights) for need in needs]
                       + ([nights[row["nights"]]] if "nights" in row else []))
        if "bounds" in row:
            low, high = _BOUNDS[row["bounds"]](columns, seen)
            central, width = None, 0.0
        else:
            result = values[row["value"]]
            low, central, high = (_short(float(v)) for v in np.quantile(result, _TAILS))
            width = spread(result, row.get("scale"))
        elsewhere = bool(set(needs) & set(replaced)) or (
            "nights" in row and round(nights[row["nights"]]) < catalogue["nights_to_estimate"].reference_value)
        status = _earned(str(row["status"]), rests_on, width, elsewhere, catalogue)
        rows.append(Identified(name, status, _short(low), central, _short(high), unit, means,
                               None if np.isinf(rests_on) else round(rests_on)))
    return tuple(rows)


def _earned(best: str, rests_on: float, width: float, elsewhere: bool, catalogue: Catalogue) -> str:
    """Return the status that a quantity has earned, `best` at most; `elsewhere`: what it says is not the record's."""
    if elsewhere:
        return NOT_HERE
    enough = (round(rests_on) >= catalogue["nights_to_identify"].reference_value
              and width <= catalogue["spread_identified"].reference_value)
    return best if enough else WEAK


def _derived(c: Mapping[str, Floats]) -> dict[str, Any]:
    """Return quantities that are worked out of columns, f8[draw] by name."""
    launches = expected_launches(c).sum(axis=1)
    covered = {n: 1.0 / (1.0 + np.exp(-c["ballistic_cover_intercept"] - c["ballistic_cover_slope"] * np.log(n)))
               for n in (1, 8)}
    return {"massed_share": massed_share(c), "uav_a_night": launches[:, _FRONT] + launches[:, _DEEP],
            "cruise_a_night": launches[:, _CRUISE], "ballistic_a_night": launches[:, _BALLISTIC],
            "ballistic_covered_8": covered[8],
            **{f"ballistic_stopped_of_{n}": c["ballistic_stop_covered"] * share for n, share in covered.items()}}


def _centre(c: Mapping[str, Floats], _: Observations) -> tuple[float, float]:
    """Return bounds of the centre's share of the deep stream's kills: nothing, or all that is not south or west."""
    left = np.quantile(1.0 - c["south_share_deep"] - c["west_kills_share_massed"], _TAILS[2])
    return 0.0, max(0.0, float(left))


def _centre_by_alerts(c: Mapping[str, Floats], seen: Observations) -> tuple[float, float]:
    """Return the same if a UAV killed in the centre comes with at least half the alert hours of one in the west."""
    from skyshield.record.names import reading

    sides = reading()["alert_oblasts"]
    both = np.isfinite(seen.west_alert_h) & np.isfinite(seen.centre_alert_h)
    hours = {"west": float(seen.west_alert_h[both].sum()) * len(sides["west"]),
             "centre": float(seen.centre_alert_h[both].sum()) * len(sides["centre"])}
    if min(hours.values()) <= 0.0:
        return _centre(c, seen)
    most = 2.0 * np.quantile(c["west_kills_share_massed"], _TAILS[2]) * hours["centre"] / hours["west"]
    return 0.0, float(min(most, _centre(c, seen)[1]))


_BOUNDS = {"centre": _centre, "centre_by_alerts": _centre_by_alerts}


def _short(value: float) -> float:
    return float(f"{value:.{_DIGITS}g}")
