"""The identification table: how well the record identifies each quantity of a fit, with its values.

The status follows from the nights that a quantity rests on and from the width of its interval
(`skyshield.calibrate.evidence`). The table of quantities states only the best status that each can have.
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


def identify(columns: Mapping[str, Floats], observations: Observations, nights: Mapping[str, float],
             replaced: Collection[str], catalogue: Catalogue) -> tuple[Identified, ...]:
    """Return the table: fitted quantities with 95% intervals, the others with their range or bounds.

    Parameters
    ----------
    columns
        f8[draw] by name.
    observations
        The nights fitted.
    nights
        Nights by kind of evidence (`skyshield.calibrate.evidence.nights_of_evidence`).
    replaced
        Columns that hold the catalogue's range, since the record does not identify them.
    catalogue
        Holds the ranges of what is not identified, and the requirements of a status.
    """
    values = dict(columns) | _derived_quantities(columns)
    rows = []
    for row in identification()["rows"]:
        name, unit, means = str(row["quantity"]), str(row["unit"]), str(row["means"])
        if "entry" in row:
            entry = catalogue[row["entry"]]
            rows.append(Identified(name, row["status"], entry.low, entry.central, entry.high, unit, means))
            continue
        needs = row.get("columns", [row["value"]] if "value" in row else [])
        n_nights = min([nights_behind(need, nights) for need in needs]
                       + ([nights[row["nights"]]] if "nights" in row else []))
        if "bounds" in row:
            low, high = _BOUNDS[row["bounds"]](columns, observations)
            central, width = None, 0.0
        else:
            draws = values[row["value"]]
            low, central, high = (_short(float(v)) for v in np.quantile(draws, _TAILS))
            width = spread(draws, row.get("scale"))
        substituted = bool(set(needs) & set(replaced)) or (
            "nights" in row and round(nights[row["nights"]]) < catalogue["nights_to_estimate"].reference_value)
        status = _status(str(row["status"]), n_nights, width, substituted, catalogue)
        rows.append(Identified(name, status, _short(low), central, _short(high), unit, means,
                               None if np.isinf(n_nights) else round(n_nights)))
    return tuple(rows)


def _status(best: str, n_nights: float, width: float, substituted: bool, catalogue: Catalogue) -> str:
    """Return the status of a quantity, `best` at most; `substituted`: its values come from the catalogue."""
    if substituted:
        return NOT_HERE
    enough = (round(n_nights) >= catalogue["nights_to_identify"].reference_value
              and width <= catalogue["spread_identified"].reference_value)
    return best if enough else WEAK


def _derived_quantities(c: Mapping[str, Floats]) -> dict[str, Any]:
    """Return quantities derived from the columns, f8[draw] by name."""
    launches = expected_launches(c).sum(axis=1)
    covered = {n: 1.0 / (1.0 + np.exp(-c["ballistic_cover_intercept"] - c["ballistic_cover_slope"] * np.log(n)))
               for n in (1, 8)}
    return {"massed_share": massed_share(c), "uav_a_night": launches[:, _FRONT] + launches[:, _DEEP],
            "cruise_a_night": launches[:, _CRUISE], "ballistic_a_night": launches[:, _BALLISTIC],
            "ballistic_covered_8": covered[8],
            **{f"ballistic_stopped_of_{n}": c["ballistic_stop_covered"] * share for n, share in covered.items()}}


def _centre(c: Mapping[str, Floats], _: Observations) -> tuple[float, float]:
    """Return bounds of the centre's share of the deep stream's kills: nothing, or all that is not south or west."""
    remainder = np.quantile(1.0 - c["south_share_deep"] - c["west_kills_share_massed"], _TAILS[2])
    return 0.0, max(0.0, float(remainder))


def _centre_by_alerts(c: Mapping[str, Floats], observations: Observations) -> tuple[float, float]:
    """Return the same if a UAV killed in the centre comes with at least half the alert hours of one in the west."""
    from skyshield.record.names import reading

    sides = reading()["alert_oblasts"]
    both = np.isfinite(observations.west_alert_h) & np.isfinite(observations.centre_alert_h)
    hours = {"west": float(observations.west_alert_h[both].sum()) * len(sides["west"]),
             "centre": float(observations.centre_alert_h[both].sum()) * len(sides["centre"])}
    if min(hours.values()) <= 0.0:
        return _centre(c, observations)
    upper = 2.0 * np.quantile(c["west_kills_share_massed"], _TAILS[2]) * hours["centre"] / hours["west"]
    return 0.0, float(min(upper, _centre(c, observations)[1]))


_BOUNDS = {"centre": _centre, "centre_by_alerts": _centre_by_alerts}


def _short(value: float) -> float:
    return float(f"{value:.{_DIGITS}g}")
