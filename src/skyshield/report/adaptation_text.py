"""What the tables and figures of the attacker's adaptation say in the same words."""

from collections.abc import Mapping
from typing import Any

from skyshield.adaptation.break_even import ABOVE, BELOW
from skyshield.adaptation.sweep import AVOIDED, AVOIDED_ARMED, AVOIDED_ZONE
from skyshield.report.text import FEW, NOTHING, full, interval, number, span
from skyshield.study.compare import PRIMARY

_MILLION = 1e6
HEADS = {PRIMARY: "Armed threats bound for the area kept from their aims",
         AVOIDED_ZONE: "Leakers fewer in the protected area", AVOIDED: "Leakers fewer in the country",
         AVOIDED_ARMED: "The same, armed only"}


def cell(row: Mapping[str, float | None]) -> str:
    """Return ``middle (lo to hi)`` of a difference."""
    doubt = interval(row)
    head = number(row["delta"])
    return head if doubt in (head, NOTHING) else f"{head} ({doubt})"


def place_text(row: Mapping[str, Any], key: str = "value") -> str:
    """Return one place of a break-even in words.

    Examples
    --------
    >>> row = {"value": 0.4321, "value_is": None, "hi": None, "hi_is": "above", "from": 0.0, "to": 1.0}
    >>> place_text(row), place_text(row, "hi")
    ('0.43', 'above 1')
    """
    if row[f"{key}_is"] == ABOVE:
        return f"above {full(row['to'])}"
    if row[f"{key}_is"] == BELOW:
        return f"below {full(row['from'])}"
    value = row[key]
    if value is None:
        return NOTHING
    return number(value, FEW if abs(value) < 1.0 else FEW + 2)


def money(atlas: Mapping[str, Any]) -> str:
    """Return the budget in words."""
    return f"EUR {number(atlas['budget_eur'] / _MILLION)} million"


def cost_cell(slice_: Mapping[str, Any], place: int) -> str:
    """Return one break-even cost in words."""
    cost = slice_["cost"][place]
    head = "aid at any price" if cost is None else number(cost)
    if not slice_["lo"] or (cost is None and slice_["lo"][place] is None):
        return head
    return f"{head} ({price_range(slice_['lo'][place], slice_['hi'][place])})"


def price_range(low: float | None, high: float | None) -> str:
    """Return the interval of a price in words; the end may be open."""
    if low is None:
        return "no price"
    return f"{number(low)} or more" if high is None else span(low, high)
