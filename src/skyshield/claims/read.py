"""The tables of claims, read and checked: whatever is wrong in one is told in one line.

A table is refused that names a measure, an option or a strategy answer that there is not, a source or a threshold that
is not listed, or a threshold that is **upside down**: an option that changes nothing must not bear out the claim that
it has an effect, so `above` needs a threshold of zero or more and `below` one of zero or less; and a measure of which
less is better cannot be claimed as an effect by rising. A threshold for a probability lies between 0 and 1.
"""

import functools
import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from skyshield.catalogue import measure_of
from skyshield.claims.answers import ANSWERS, PROBABILITIES
from skyshield.claims.table import (
    ALL,
    BELOW,
    DIRECTIONS,
    EFFECT,
    KINDS,
    OP_ED,
    PHASES,
    SIDES,
    TRIED_IN,
    Claim,
    Claims,
    Figure,
    Part,
    Place,
    Threshold,
)
from skyshield.core.errors import SkyShieldError
from skyshield.core.files import read_yaml
from skyshield.scenario import load
from skyshield.strategy.reading import check_columns, check_fields, check_sources
from skyshield.study.by_arm import BY_ARM

DATA = Path(__file__).parent / "data"
SCENARIO = "guarantees"
PARAGRAPHS = 27  # of the op-ed
_CLAIM = ("place", "short", "says", "true_if", "kind")
_NONE_OF_BASELINE = "prevented"  # a phase tells an option's own figure, which is a difference where that is zero
_DIRECTION_OF = {"more": "above", "less": BELOW}


@functools.cache
def load_thresholds() -> Mapping[str, Threshold]:
    """Return the shipped thresholds.

    Examples
    --------
    >>> load_thresholds()["tenth_of_deep_leakers"].value, load_thresholds()["zero"].days
    (16.0, None)
    """
    path = DATA / "thresholds.yaml"
    return read_thresholds(read_yaml(path), path.name)


@functools.cache
def load_claims() -> Claims:
    """Return the shipped claims: those of the op-ed, then its rivals'.

    Examples
    --------
    >>> claims = load_claims()
    >>> len([claim for claim in claims if claim.side == "op_ed"]), claims.fixed
    (32, '2026-11-30')
    """
    tables = [read_claims(read_yaml(DATA / name), name, load_thresholds(), _options())
              for name in ("op_ed.yaml", "rivals.yaml")]
    return Claims(max(table.fixed for table in tables), tuple(claim for table in tables for claim in table))


def compared() -> list[tuple[str, str, str]]:
    """Return measure, option and other option of every figure that a study has to tell by arm besides its summary.

    Examples
    --------
    >>> ("casualties", "region", "ground_25k") in compared(), ("prevented_armed", "region", "own") in compared()
    (True, False)
    """
    baseline = load(SCENARIO).baseline
    figures = [part.figure for claim in load_claims() for part in claim.parts]
    asked = [(figure.measure, figure.option, next(iter(figure.to), baseline)) for figure in figures
             if figure.measure and not figure.phase]
    return [one for one in dict.fromkeys(asked) if one[2] != baseline or one[0] not in BY_ARM]


@functools.cache
def _options() -> tuple[str, ...]:
    return tuple(option.name for option in load(SCENARIO).options)


def read_thresholds(content: object, where: str) -> Mapping[str, Threshold]:
    """Build the table of thresholds from the content of its file.

    Raises
    ------
    SkyShieldError
        If a field is missing or unknown, or a value is no number.
    """
    table = check_fields(content, ("fixed", "sources", "thresholds"), (), where)
    result = {}
    for name, row in _rows(table["thresholds"], f"{where}: thresholds").items():
        place = f"{where}: {name}"
        fields = check_fields(row, ("value", "unit", "reason", "source"), ("days",), place)
        check_sources(fields["source"], table["sources"], place)
        days = fields.get("days")
        if days is not None and (not isinstance(days, int) or isinstance(days, bool) or days < 1):
            raise SkyShieldError(f"{place}: days", f"is {days!r}", "give a whole number from 1")
        result[name] = Threshold(name, _number(fields["value"], place), str(fields["unit"]), days,
                                 str(fields["reason"]), tuple(fields["source"]))
    return result


def read_claims(content: object, where: str, thresholds: Mapping[str, Threshold], options: Sequence[str]) -> Claims:
    """Build a table of claims from the content of its file.

    Parameters
    ----------
    content
        Of the file.
    where
        Its name, for errors.
    thresholds
        By name.
    options
        That a figure may name.

    Raises
    ------
    SkyShieldError
        If anything in it is missing, unknown or upside down.
    """
    table = check_fields(content, ("fixed", "sources", "claims"), ("side",), where)
    claims = [_claim(name, row, f"{where}: {name}", table, thresholds, options)
              for name, row in _rows(table["claims"], f"{where}: claims").items()]
    return Claims(str(table["fixed"]), tuple(claims))


def _rows(given: object, where: str) -> Mapping[str, Any]:
    if not isinstance(given, Mapping) or not given:
        raise SkyShieldError(where, "holds nothing", "give a name and its fields for each")
    return given


def _claim(name: str, row: object, place: str, table: Mapping[str, Any], thresholds: Mapping[str, Threshold],
           options: Sequence[str]) -> Claim:
    fields = check_fields(row, _CLAIM, ("side", "parts", "not_testable"), place)
    side = fields.get("side", table.get("side"))
    _one_of(side, tuple(SIDES), f"{place}: side")
    _one_of(fields["kind"], KINDS, f"{place}: kind")
    if ("parts" in fields) == ("not_testable" in fields):
        raise SkyShieldError(place, "does not have either parts or what would test it",
                             "give parts, or not_testable with what would test it")
    parts = tuple(_part(key, part, f"{place}: {key}", fields["kind"], thresholds, options)
                  for key, part in _rows(fields.get("parts", {}), f"{place}: parts").items()) \
        if "parts" in fields else ()
    return Claim(name, side, _place(fields["place"], side, table["sources"], f"{place}: place"), fields["short"],
                 fields["says"], fields["true_if"], fields["kind"], parts, fields.get("not_testable", ""))


def _place(given: object, side: str, sources: Mapping[str, str], place: str) -> Place:
    if side != OP_ED:
        fields = check_fields(given, ("source",), (), place)
        check_sources([fields["source"]], sources, place)
        return Place(source=sources[fields["source"]])
    fields = check_fields(given, ("paragraph", "words"), (), place)
    paragraph = fields["paragraph"]
    if not isinstance(paragraph, int) or not 1 <= paragraph <= PARAGRAPHS:
        raise SkyShieldError(f"{place}: paragraph", f"is {paragraph!r}", f"give one from 1 to {PARAGRAPHS}")
    return Place(paragraph, str(fields["words"]), sources[OP_ED])


def _part(name: str, row: object, place: str, kind: str, thresholds: Mapping[str, Threshold],
          options: Sequence[str]) -> Part:
    fields = check_fields(row, ("figure", "threshold", "direction"), ("tried_in", "because"), place)
    _one_of(fields["threshold"], tuple(thresholds), f"{place}: threshold")
    _one_of(fields["direction"], DIRECTIONS, f"{place}: direction")
    tried_in = fields.get("tried_in", ALL)
    _one_of(tried_in, TRIED_IN, f"{place}: tried_in")
    figure = _figure(fields["figure"], f"{place}: figure", options)
    if (tried_in == PHASES) != bool(figure.phase) or (tried_in == PHASES) != ("because" in fields):
        raise SkyShieldError(f"{place}: tried_in", "does not go with its figure",
                             "give phases and a reason for the figure of a phase, and all otherwise")
    if figure.phase and not figure.measure.startswith(_NONE_OF_BASELINE):
        raise SkyShieldError(f"{place}: figure", f"is of a phase, and the baseline has {figure.measure} of its own",
                             f"use a measure that begins with {_NONE_OF_BASELINE}")
    part = Part(name, figure, thresholds[fields["threshold"]], fields["direction"], tried_in, fields.get("because", ""))
    _check_upright(part, kind, place)
    return part


def _figure(given: object, place: str, options: Sequence[str]) -> Figure:
    if isinstance(given, Mapping) and "answer" in given:
        fields = check_fields(given, ("answer", "quantity"), ("option", "to"), place)
        _one_of(fields["answer"], tuple(ANSWERS), f"{place}: answer")
        _one_of(fields["quantity"], tuple(ANSWERS[fields["answer"]]), f"{place}: quantity")
    else:
        fields = check_fields(given, ("measure", "option"), ("to", "phase"), place)
        check_columns([fields["measure"]], place)
    to = fields.get("to", ())
    names = [to] if isinstance(to, str) else to
    if not isinstance(names, list | tuple):
        raise SkyShieldError(f"{place}: to", f"is {to!r}", "give the name of an option, or a list of names")
    figure = Figure(fields.get("measure", ""), fields.get("answer", ""), fields.get("quantity", ""),
                    fields.get("option", ""), tuple(names), fields.get("phase", ""))
    for option in figure.options:
        _one_of(option, tuple(options), f"{place}: option")
    return figure


def _check_upright(part: Part, kind: str, place: str) -> None:
    """Refuse a threshold that is upside down."""
    value, below = part.threshold.value, part.direction == BELOW
    if part.figure.answer:
        if (part.figure.answer, part.figure.quantity) in PROBABILITIES and not 0.0 <= value <= 1.0:
            raise SkyShieldError(f"{place}: threshold", f"of {value:g} is upside down: the figure is a probability",
                                 "use a threshold from 0 to 1")
        return
    if kind != EFFECT:
        return
    if value < 0.0 if not below else value > 0.0:
        raise SkyShieldError(f"{place}: threshold", f"of {value:g} is upside down: no effect at all would pass it",
                             "use a threshold of 0 or beyond, on the side of the direction")
    better = _DIRECTION_OF.get(measure_of(part.figure.measure).direction)
    if better != part.direction:
        raise SkyShieldError(f"{place}: direction", f"is {part.direction}, upside down for {part.figure.measure}",
                             f"use {better or 'a measure that ranks options'}")


def _one_of(given: object, known: Sequence[str], place: str) -> None:
    if given not in known:
        raise SkyShieldError(place, f"is the unknown {given!r}", f"choose from {', '.join(known)}")


def _number(given: object, place: str) -> float:
    if isinstance(given, bool) or not isinstance(given, int | float) or not math.isfinite(given):
        raise SkyShieldError(f"{place}: value", f"is {given!r}", "give a number")
    return float(given)
