"""Yardsticks, headlines and interests made by hand."""

import dataclasses

from skyshield.bounds.yardsticks import Range, Yardstick
from skyshield.theatre.matrix import InterestRow

STICKS = [Yardstick("addressable_leakers_linear", 0.0, Range(100.0, 200.0, 400.0), Range(1.0, 2.0, 4.0)),
          Yardstick("addressable_leakers_mixture", 0.0, Range(300.0, 600.0, 1200.0), Range(3.0, 6.0, 12.0)),
          Yardstick("addressable_leakers_mixture", 0.5, Range(600.0, 1200.0, 9e9), Range(6.0, 12.0, 24.0))]
NOTHING = {"delta": None, "lo": None, "hi": None, "mcse": None}


def row(delta, lo=None, hi=None, **more):
    return {"delta": delta, "lo": lo, "hi": hi, "mcse": 0.1} | more


def interest(status, share):
    fields = {field.name: None for field in dataclasses.fields(InterestRow)}
    return InterestRow(**(fields | {"interest": "x", "label": "X", "standoff": "s", "status": status, "share": share,
                                    "windows": ()}))
