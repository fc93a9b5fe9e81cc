"""The identification table: how far the record tells each quantity of a fit, with its values."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from skyshield.calibrate.observations import Observations
from skyshield.catalogue import Catalogue
from skyshield.core.files import read_yaml
from skyshield.raids.fit import Identified

Floats = npt.NDArray[np.float64]

_TAILS = (0.025, 0.5, 0.975)
_DIGITS = 4


def identify(columns: Mapping[str, Floats], seen: Observations, catalogue: Catalogue) -> tuple[Identified, ...]:
    """Return the table: fitted quantities with 95% intervals, the others with their range or bounds.

    Parameters
    ----------
    columns
        f8[draw] by name.
    seen
        The nights fitted.
    catalogue
        Holds the ranges of what is not identified.
    """
    content: dict[str, Any] = read_yaml(Path(__file__).with_name("data") / "identification.yaml")
    derived = dict(columns) | _derived(columns)
    rows = []
    for row in content["rows"]:
        name, means = str(row["quantity"]), str(row["means"])
        if "column" in row:
            low, central, high = (float(v) for v in np.quantile(derived[row["column"]], _TAILS))
            rows.append(Identified(name, row["status"], _short(low), _short(central), _short(high), row["unit"], means))
        elif "entry" in row:
            entry = catalogue[row["entry"]]
            rows.append(Identified(name, row["status"], entry.low, entry.central, entry.high, row["unit"], means))
        else:
            low, high = _BOUNDS[row["bounds"]](columns, seen)
            rows.append(Identified(name, row["status"], _short(low), None, _short(high), row["unit"], means))
    return tuple(rows)


def _derived(c: Mapping[str, Floats]) -> dict[str, Floats]:
    return {f"ballistic_stopped_of_{n}": c["ballistic_stop_covered"] / (1.0 + np.exp(
        -c["ballistic_cover_intercept"] - c["ballistic_cover_slope"] * np.log(n))) for n in (1, 8)} | {
        "ballistic_covered_8": 1.0 / (1.0 + np.exp(-c["ballistic_cover_intercept"]
                                                   - c["ballistic_cover_slope"] * np.log(8)))}


def _centre(c: Mapping[str, Floats], _: Observations) -> tuple[float, float]:
    """Return bounds of the centre's share of the deep stream's kills: nothing, or all that is not south or west."""
    return 0.0, float(np.quantile(1.0 - c["south_share_deep"] - c["west_kills_share_massed"], _TAILS[2]))


def _centre_by_alerts(c: Mapping[str, Floats], seen: Observations) -> tuple[float, float]:
    """Return the same if a UAV killed in the centre comes with at least half the alert hours of one in the west."""
    from skyshield.record.names import reading

    sides = reading()["alert_oblasts"]
    hours = {"west": float(np.nansum(seen.west_alert_h)) * len(sides["west"]),
             "centre": float(np.nansum(seen.centre_alert_h)) * len(sides["centre"])}
    if hours["west"] <= 0.0:
        return _centre(c, seen)
    most = 2.0 * np.quantile(c["west_kills_share_massed"], _TAILS[2]) * hours["centre"] / hours["west"]
    return 0.0, float(min(most, _centre(c, seen)[1]))


_BOUNDS = {"centre": _centre, "centre_by_alerts": _centre_by_alerts}


def _short(value: float) -> float:
    return float(f"{value:.{_DIGITS}g}")
