"""The lab's first view in words: what the page shows before its modules run, and to readers who run none.

``static/figures.js`` says the same in the browser as the numbers come; a test holds the two together.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from skyshield.report.marks import Shape
from skyshield.report.svg import AID, BASELINE, COMBINED, GROUND, NAVAL, SKYSHIELD
from skyshield.report.text import interval, number

MEASURES = ("prevented_armed_zone", "prevented_armed", "prevented_zone")
_MILLION = 1e6
ROLES: dict[str, Shape] = {SKYSHIELD: "skyshield", AID: "aid", GROUND: "ground", NAVAL: "naval", COMBINED: "combined",
                           BASELINE: "baseline"}


def first_view(lab: Mapping[str, Any]) -> dict[str, Any]:
    """Return what the page says of its first figures.

    Parameters
    ----------
    lab
        As ``/lab.json`` has it.

    Returns
    -------
    dict
        ``option`` and ``role``, of the one that map and levers are of; ``finding`` and ``measure``, the heading and
        the line below it; ``rows``, one an option but the baseline: its words, role, ``cells`` by measure (text,
        interval, value) and planned ``money``; ``enveloped`` and ``state``, what of the answer is there.
    """
    option = chosen(lab)
    figures = lab["figures"]
    rows = [{"name": one["name"], "short": one["short"], "role": ROLES.get(one["colour"], "baseline"),
             "aid": not one["fires"], "cells": [_cell(figures, one["name"], measure) for measure in MEASURES],
             "money": _money(figures, one["name"])}
            for one in shown(lab["options"])]
    role = next(ROLES.get(one["colour"], "baseline") for one in lab["options"] if one["name"] == option)
    return {"option": option, "role": role, "finding": finding(lab, option), "measure": measure_line(lab), "rows": rows,
            "stage": 0 if figures is None else figures["stage"], "final": figures is not None and figures["final"],
            "enveloped": figures is not None and any(MEASURES[0] in row and row[MEASURES[0]].get("env_lo") is not None
                                                     for row in figures["paired"].values()),
            "state": "No numbers yet" if figures is None else "Final for this size" if figures["final"] else "Sketch"}


def shown(options: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Return options in their order, each followed by what its money buys as aid; without the baseline."""
    others = [one for one in options if not one["baseline"]]
    names = {one["name"] for one in others}
    return [each for one in others if one["twin"] not in names
            for each in (one, *(twin for twin in others if twin["twin"] == one["name"]))]


def chosen(lab: Mapping[str, Any]) -> str:
    """Return the option that the page opens on: the first that shoots, else the first that is not the baseline."""
    names: list[str] = [one["name"] for one in lab["options"] if one["fires"]]
    others = [one["name"] for one in lab["options"] if not one["baseline"]]
    first: str = (names or others or [lab["baseline"]])[0]
    return first


def finding(lab: Mapping[str, Any], name: str) -> str:
    """Return the answer in one sentence with its numbers; a question while there are none.

    An option's name stands before a colon, so that the sentence is right for names of one thing and of many.

    Examples
    --------
    >>> row = {"prevented_armed_zone": {"delta": 10.62, "mcse": 0.3}, "prevented_armed": {"delta": 12.2, "mcse": 0.3}}
    >>> told = {"paired": {"region": row}, "error": {"region": {"prevented_armed_zone": 0.3, "prevented_armed": 0.3}}}
    >>> lab = {"figures": told, "baseline": "own", "options": [
    ...     {"name": "region", "short": "Region", "twin": None, "fires": True, "baseline": False}]}
    >>> finding(lab, "region")
    'Region: 11 armed threats kept from their aims in the area, 12 in the whole country'
    """
    figures, options = lab["figures"], {one["name"]: one for one in lab["options"]}
    if figures is None:
        return f"What would {options[name]['short']} prevent?"
    if name not in figures["paired"]:
        return f"{options[name]['short']}: what the others are compared with"
    twin = next((one for one in figures["paired"] if options.get(one, {}).get("twin") == name), None)
    zone, country = (_number(figures, name, measure) for measure in MEASURES[:2])
    keeps = f"{options[name]['short']}: {zone} armed threats kept from their aims in the area"
    if twin is None:
        return f"{keeps}, {country} in the whole country"
    aid_zone, aid_country = (_number(figures, twin, measure) for measure in MEASURES[:2])
    return f"{keeps}, the same money as aid {aid_zone}; in the whole country {country} and {aid_country}"


def measure_line(lab: Mapping[str, Any]) -> str:
    """Return what is measured, over which time, compared with what."""
    options = {one["name"]: one for one in lab["options"]}
    days = "1 day" if lab["days"] == 1 else f"{lab['days']} days"
    return (f"Armed threats that would else reach their aims, in {days}, compared with "
            f"{options[lab['baseline']]['label']}.")


def _cell(figures: Mapping[str, Any] | None, name: str, measure: str) -> dict[str, Any]:
    row = None if figures is None else figures["paired"].get(name, {}).get(measure)
    if figures is None or row is None:
        return {"measure": measure, "text": "–", "interval": "", "value": None, "lo": None, "hi": None}
    return {"measure": measure, "text": _number(figures, name, measure), "interval": interval(row),
            "value": row["delta"], "lo": row["lo"], "hi": row["hi"]}


def _number(figures: Mapping[str, Any], name: str, measure: str) -> str:
    return number(figures["paired"][name][measure]["delta"], error=figures["error"][name][measure])


def _money(figures: Mapping[str, Any] | None, name: str) -> str:
    planned = None if figures is None else figures["planned"].get(name)
    return number(None if planned is None else planned / _MILLION)
