"""Write the page of natural experiments: announced pauses against what was forecast before them.

``python tools/make_natural_experiments.py`` reads the record and the alerts where ``SKYSHIELD_DATA`` points and writes
``docs/explanation/natural-experiments.md`` (a minute). Dates stand in ``tools/natural_experiments.yaml``. The page
holds totals over each pause only, never rows.
"""

import datetime as dt
import os
import sys
import textwrap
from pathlib import Path
from typing import Any

import numpy as np

from skyshield.calibrate.fit import window_days
from skyshield.catalogue import load_catalogue
from skyshield.core.arrays import Floats
from skyshield.core.files import read_yaml, write_bytes
from skyshield.evidence.backtest.experts import pool_weights, pooled
from skyshield.evidence.backtest.freeze import extended
from skyshield.evidence.backtest.rolling import index_of
from skyshield.evidence.backtest.series import Series, as_first_known, series_of
from skyshield.evidence.backtest.targets import Forecasters
from skyshield.record import read_alerts, read_record

TOOLS = Path(__file__).parent
PAGE = TOOLS.parent / "docs" / "explanation" / "natural-experiments.md"
RECORD, ALERTS = Path("raids") / "missile_attacks_daily.csv", Path("alerts") / "oblast_alert_intervals.csv.gz"
BEFORE_DAYS = 60
INTERVAL = (0.025, 0.975)
WIDTH = 120
MIN_PROBABILITY_SHOWN = 0.001  # a forecast's far tail is not accurate enough for less

HEAD = """# Natural experiments

Now and then a pause is announced. If the record and the forecast are any good, a pause that is kept shows up as far
fewer launches than were forecast the day before it, and as quiet skies in the alerts; one that is not kept shows up as
neither. This page makes that comparison. It does not say why fewer came: the record cannot tell a kept promise from
bad weather or an empty depot.

The forecast is the experts', made from the record before the pause began (`skyshield backtest` shows how good such
forecasts are). Totals over several days take the days as independent. Days without a bulletin are not counted as quiet:
they are left out on both sides and counted."""


def main() -> None:
    """Write the page."""
    folder = os.environ.get("SKYSHIELD_DATA")
    if folder is None:
        sys.exit("error: SKYSHIELD_DATA: is not set; name the folder of the real files")
    series = series_of(as_first_known(read_record(Path(folder) / RECORD)), read_alerts(Path(folder) / ALERTS))
    experiments = read_yaml(TOOLS / "natural_experiments.yaml")
    totals = [compare_pause(series, pause["first"], pause["last"]) for pause in experiments["experiments"]]
    write_bytes(PAGE, page(experiments, totals).encode())


def compare_pause(series: Series, first: dt.date, last: dt.date) -> dict[str, Any]:
    """Return what was forecast for a pause and what happened: totals."""
    begin, end = index_of(series, first), index_of(series, last)
    ahead = extended(series.until(begin), end + 1 - begin)
    experts = Forecasters(ahead, begin, end, window_days(load_catalogue())).launches
    weights = pool_weights(experts.log_p, experts.start)
    reported_days = [day for day in range(begin, end + 1) if np.isfinite(series.uav[day])]
    total = np.ones(1)
    for day in reported_days or range(begin, end + 1):
        total = np.convolve(total, pooled(experts, weights, day))
    cumulative = np.cumsum(total)
    launched = float(series.uav[reported_days].sum()) if reported_days else None
    silent_before = int(np.isnan(series.uav[max(0, begin - BEFORE_DAYS):begin]).sum())
    return {"days": end + 1 - begin, "reported_days": len(reported_days), "launched": launched,
            "silent_before": silent_before, "low": int(np.searchsorted(cumulative, INTERVAL[0])),
            "median": int(np.searchsorted(cumulative, 0.5)), "high": int(np.searchsorted(cumulative, INTERVAL[1])),
            "p_as_few": float(cumulative[min(int(launched or 0), len(total) - 1)]),
            "alerts": {side: quiet(hours, begin, end) for side, hours in (
                ("west", series.west_alert_h), ("centre", series.centre_alert_h))}}


def quiet(hours: Floats, begin: int, end: int) -> tuple[float, float, float]:
    """Return mean hours a day in the pause and before it, and the share of the days before that were no louder."""
    before, during = hours[max(0, begin - BEFORE_DAYS):begin], float(np.mean(hours[begin:end + 1]))
    before = before[np.isfinite(before)]
    return during, float(before.mean()), float((before <= during).mean())


def page(experiments: dict[str, Any], totals: list[dict[str, Any]]) -> str:
    """Return the page's text."""
    parts = ["<!-- Written by tools/make_natural_experiments.py. Edit the tool, not this page. -->", HEAD]
    for experiment, row in zip(experiments["experiments"], totals, strict=True):
        parts += [f"## {experiment['name']}", fill(experiment["means"]), launches(row), alerts(row)]
    for experiment in experiments["not_testable"]:
        parts += [f"## {experiment['name']}: not testable from this record", fill(experiment["why"])]
    parts.append("## Make it again\n\n" + fill("With the real files where `SKYSHIELD_DATA` points, "
                 "`python tools/make_natural_experiments.py` writes this page; dates are in "
                 "`tools/natural_experiments.yaml`."))
    parts.append("Words: [glossary](../reference/glossary.md).")
    return "\n\n".join(parts) + "\n"


def launches(row: dict[str, Any]) -> str:
    """Return the sentence on launches."""
    if not row["reported_days"]:
        days = "the day" if row["days"] == 1 else f"any of the {row['days']} days"
        return fill(
            f"**Launches.** No bulletin speaks of {days}. Forecast were {row['median']} UAVs (95%: {row['low']} to "
            f"{row['high']}), and none at all with a probability {chance(row['p_as_few'])}. Silence is not a count of "
            f"nothing: of the {BEFORE_DAYS} days before {row['silent_before']} had no bulletin either. Only together "
            "with the alerts does it tell of a pause.")
    few = row["p_as_few"]
    verdict = ("far fewer than forecast" if few < INTERVAL[0] else
               "fewer than usual, but within what was forecast" if few < 1 / 4 else "no fewer than forecast")
    return fill(f"**Launches.** {row['reported_days']} of {row['days']} days have a bulletin. On these "
                f"{row['launched']:.0f} UAVs were launched where {row['median']} were forecast (95%: {row['low']} to "
                f"{row['high']}); the forecast gave as few a probability {chance(few)}: {verdict}.")


def chance(p: float) -> str:
    """Return a probability in words."""
    return "below 0.1%" if p < MIN_PROBABILITY_SHOWN else f"of {p:.1%}"


def alerts(row: dict[str, Any]) -> str:
    """Return the sentence on alerts."""
    sides = "; ".join(f"{side} {now:.1f} hours a day against {before:.1f} in the {BEFORE_DAYS} days before, of which "
                      f"{share:.0%} were as quiet or quieter" for side, (now, before, share) in row["alerts"].items())
    return fill(f"**Alerts.** {sides[0].upper()}{sides[1:]}.")


def fill(text: str) -> str:
    """Break lines."""
    return textwrap.fill(" ".join(text.split()), WIDTH, break_on_hyphens=False)


if __name__ == "__main__":
    main()
