"""The calibration page's facts in space: where the own defence stops and where sirens sound, by share along the way.

Unlike the other facts these come from whole days of the engine, or from the hazards that it plays, not from a record
that the fit makes.
"""

from collections.abc import Mapping
from typing import Any

from skyshield.bounds.defence import ENDS, defence_of
from skyshield.catalogue import load_catalogue
from skyshield.compile.alert_hours import hours_by_oblast, hours_told
from skyshield.compile.world import prepare_context
from skyshield.raids.fit import Fit
from skyshield.record import Alerts
from skyshield.scenario import load, resolve
from skyshield.theatre import load_theatre

OBLASTS = ("Lviv", "Volyn", "Ternopil", "Rivne", "Khmelnytskyi", "Vinnytsia", "Zhytomyr", "Zakarpattia",
           "Ivano-Frankivsk", "Chernivtsi")
YEAR, VECTORS = 2025, 24
KILLS = {"west_kills_share": ("west", "Stopped over the west, share of launches"),
         "south_kills_share": ("south", "Stopped over the south and the sea, share of launches")}


def space(fit: Fit, alerts: Alerts) -> dict[str, Any]:
    """Return kills by place beside those that the fit tells, and hours under alert beside the sirens."""
    resolved = resolve(load("skyshield"), load_catalogue(), load_theatre(), fit)
    context, defence = prepare_context(resolved), defence_of(resolved)
    told = hours_told(alerts, OBLASTS, YEAR)
    played = {name: hours_by_oblast(context, VECTORS, ends) for name, ends in ENDS.items()}
    return {
        "kills": [{"label": label, **defence["fit"][key],
                   **{name: defence["omega"][name][region]["kills_share"] for name in ENDS}}
                  for key, (region, label) in KILLS.items()],
        "west_leak": {name: defence["omega"][name]["west"]["leak_arrivals"] for name in ENDS},
        "solved": defence["solved"], "year": YEAR,
        "hours": [{"oblast": name, "told": told[name], **{end: played[end][name] for end in ENDS}} for name in OBLASTS]}


def farthest(stored: Mapping[str, Any], name: str) -> tuple[str, float]:
    """Return the oblast whose hours are furthest off, and by what factor."""
    return max(((row["oblast"], max(row[name] / row["told"], row["told"] / row[name]))
                for row in stored["hours"]), key=lambda pair: pair[1])
