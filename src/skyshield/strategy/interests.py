"""The five interests that the op-ed would protect: what each is exposed to without an option and with it, by phase.

The table ``data/interests.yaml`` says which measures stand for an interest. Without an option means the scenario's
baseline; differences are paired on the same raids. Travellers are told twice: the hours of alert on the way, and these
times the citizens of the coalition's states who are on the way at any hour, an interval [n_lo, n_hi] of the catalogue:

    lo = min(n_lo a_lo, n_hi a_lo),   hi = max(n_lo a_hi, n_hi a_hi)

for hours a between a_lo and a_hi; there is no middle, since the number of travellers has none.

Phases are those that held on a day of a replication (`skyshield.study.by_phase`): war that a broken ceasefire brings
back is told as collapse, and the days of a phase are a mean. A study of one phase has the figures of its period alone.
"""

import functools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from skyshield.catalogue import Catalogue, load_catalogue, measure_of
from skyshield.core.errors import SkyShieldError
from skyshield.core.files import read_yaml
from skyshield.strategy.reading import check_columns, check_fields, check_told, label_of, options_compared, told
from skyshield.study.told import Summary, ends
from skyshield.study.view import StudyView
from skyshield.theatre import load_theatre

TABLE = Path(__file__).parent / "data" / "interests.yaml"
PERIOD = "period"
_Rows = Mapping[str, Mapping[str, Summary]]
_DAYS = ("war_days", "ceasefire_days", "violation_days")  # every day is one of them
_NO_CENTRE = "the number of travellers has no centre"


@dataclass(frozen=True)
class Product:
    """A measure times an interval of the catalogue."""

    name: str
    measure: str
    entry: str
    shown: str
    what: str


@dataclass(frozen=True)
class Interest:
    """An interest of the op-ed, the measures that stand for it with what they say, and products of these."""

    name: str
    measures: tuple[tuple[str, str], ...]
    products: tuple[Product, ...]


class Exposure(NamedTuple):
    """What an interest is exposed to under one option in one phase, figures as `skyshield.study.told` has them.

    Attributes
    ----------
    interest, measure, option, phase
        Names; the phase is `PERIOD` for the whole period.
    without, with_option
        Of the baseline and of the option, {mean, lo, hi, ...}.
    difference
        Of the option minus the baseline, {delta, lo, hi, ...}.
    """

    interest: str
    measure: str
    option: str
    phase: str
    without: Summary
    with_option: Summary
    difference: Summary


@functools.cache
def load_interests() -> tuple[Interest, ...]:
    """Return the shipped table.

    Examples
    --------
    >>> [interest.name for interest in load_interests()]
    ['embassies', 'incursions', 'travellers', 'ports', 'energy']
    """
    return read_interests(read_yaml(TABLE), TABLE.name)


def read_interests(content: object, where: str) -> tuple[Interest, ...]:
    """Build the table from the content of its file.

    Raises
    ------
    SkyShieldError
        If it names an interest that the theatre does not have, an unknown measure or an unknown entry, or lacks a
        field.
    """
    known = [interest.name for interest in load_theatre().interests]
    given = check_fields(content, ("interests",), (), where)["interests"]
    if set(given) != set(known):
        raise SkyShieldError(where, "does not hold just the interests of the theatre", f"give {', '.join(known)}")
    result = []
    for name, row in given.items():
        place = f"{where}: {name}"
        fields = check_fields(row, ("measures",), ("times",), place)
        check_columns(fields["measures"], place)
        products = tuple(_product(key, of, f"{place}: {key}") for key, of in fields.get("times", {}).items())
        for product in products:
            if product.measure not in fields["measures"]:
                raise SkyShieldError(f"{place}: {product.name}: of", f"is {product.measure!r}, which is not listed",
                                     "list the measure too")
        result.append(Interest(name, tuple(fields["measures"].items()), products))
    return tuple(result)


def _product(name: str, given: object, place: str) -> Product:
    fields = check_fields(given, ("of", "entry", "shown", "what"), (), place)
    if fields["entry"] not in load_catalogue():
        raise SkyShieldError(f"{place}: entry", f"is {fields['entry']!r}, not an entry of the catalogue",
                             "name an interval of the catalogue")
    return Product(name, fields["of"], fields["entry"], fields["shown"], fields["what"])


def columns_of(table: Sequence[Interest]) -> list[str]:
    """Return the measures that stand for interests, each once."""
    return list(dict.fromkeys(measure for interest in table for measure, _ in interest.measures))


def exposures(view: StudyView) -> tuple[Exposure, ...]:
    """Return what each interest is exposed to, without and with every option, over the period and by phase."""
    table = load_interests()
    columns = columns_of(table)
    check_told(view, columns)
    rows: list[Exposure] = []
    for phase, own, paired in _told(view):
        for interest in table:
            for option in _others(view):
                for measure, _ in interest.measures:
                    rows.append(Exposure(interest.name, measure, option, phase,
                                         told(own[view.resolved.baseline][measure], "mean"),
                                         told(own[option][measure], "mean"), told(paired[option][measure])))
                    rows += [_times(product, rows[-1], view.catalogue) for product in interest.products
                             if product.measure == measure]
    return tuple(rows)


def _others(view: StudyView) -> list[str]:
    baseline = view.resolved.baseline
    return [option for option in (*options_compared(view), view.to) if option != baseline]


def _told(view: StudyView) -> list[tuple[str, _Rows, _Rows]]:
    """Return for the period and each phase: its name, each option's own figures, and those of its difference."""
    against = view if view.to == view.resolved.baseline else StudyView(view.result, view.resolved)
    compared = against.shown(columns_of(load_interests())).rows
    return [(PERIOD, view.summaries, compared), *((one["phase"], one["options"], one["paired"])
                                                  for one in against.phases)]


def days_by_phase(view: StudyView) -> dict[str, dict[str, float]]:
    """Return phase -> option -> its days in it, a mean over the replications; a study of one phase is all in that."""
    if not view.phases:
        name = view.scenario.phases[0].name
        return {name: dict.fromkeys(view.manifest["options"], float(view.manifest["days"]))}
    return {one["phase"]: {option: sum(row[name]["mean"] or 0.0 for name in _DAYS)
                           for option, row in one["options"].items()} for one in view.phases}


def _times(product: Product, exposure: Exposure, catalogue: Catalogue) -> Exposure:
    """Return an exposure times an interval of the catalogue."""
    entry = catalogue[product.entry]
    return exposure._replace(
        measure=product.name, without=_between(exposure.without, "mean", entry.low, entry.high),
        with_option=_between(exposure.with_option, "mean", entry.low, entry.high),
        difference=_between(exposure.difference, "delta", entry.low, entry.high))


def _between(row: Mapping[str, Any], middle: str, low: float, high: float) -> Summary:
    """Return a row's interval times another interval; it has no middle.

    Examples
    --------
    >>> _between({"delta": -2.0, "lo": -3.0, "hi": 1.0}, "delta", 10.0, 100.0)
    {'delta': None, 'lo': -300.0, 'hi': 100.0, 'reason': 'the number of travellers has no centre'}
    """
    reach = ends(row, middle)
    if reach is None:
        return {middle: None, "lo": None, "hi": None, "reason": row.get("reason", "")}
    products = [factor * end for factor in (low, high) for end in reach]
    return {middle: None, "lo": min(products), "hi": max(products), "reason": _NO_CENTRE}


def exposures_json(view: StudyView) -> dict[str, Any]:
    """Return the interests as plain data.

    Returns
    -------
    dict
        ``phases`` (phase -> option -> its days in it, a mean) and ``interests``: interest -> ``label``, ``measures``
        (measure -> ``label``, ``shown``, ``what``) and ``exposure``: phase -> option -> measure -> {without, with,
        difference}.
    """
    table = load_interests()
    labels = {interest.name: interest.label for interest in view.theatre.interests}
    rows = exposures(view)
    result: dict[str, Any] = {"phases": days_by_phase(view), "interests": {}}
    for interest in table:
        words = {measure: {"label": label_of(measure), "shown": measure_of(measure).shown, "what": what}
                 for measure, what in interest.measures}
        words |= {one.name: {"label": one.what, "shown": one.shown, "what": one.what} for one in interest.products}
        result["interests"][interest.name] = {"label": labels[interest.name], "measures": words, "exposure": {}}
    for row in rows:
        of_phase = result["interests"][row.interest]["exposure"].setdefault(row.phase, {})
        of_phase.setdefault(row.option, {})[row.measure] = {
            "without": row.without, "with": row.with_option, "difference": row.difference}
    return result
