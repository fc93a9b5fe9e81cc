"""The five interests that the op-ed would protect: what each is exposed to without an option and with it, by phase.

The table ``data/interests.yaml`` says which measures stand for an interest. Without an option means the scenario's
baseline; differences are paired on the same raids. Travellers are told twice: the hours of alert on the way, and these
times the citizens of the coalition's states who are on the way at any hour, an interval [n_lo, n_hi] of the catalogue:

    lo = min(n_lo a_lo, n_hi a_lo),   hi = max(n_lo a_hi, n_hi a_hi)

for hours a between a_lo and a_hi; there is no middle, since the number of travellers has none.

Phases are those of the calendar: raids that a broken ceasefire brings back are told under the ceasefire's days. A study
with one phase has its figures; of several, the days must have been kept (``run --daily``).
"""

import functools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from skyshield.catalogue import Catalogue, load_catalogue, measure_of
from skyshield.core.arrays import Floats
from skyshield.core.errors import SkyShieldError
from skyshield.core.files import read_yaml
from skyshield.strategy.reading import check_columns, check_fields, check_told, label_of, options_compared, told
from skyshield.study import store
from skyshield.study.summary import figures
from skyshield.study.told import Summary, ends
from skyshield.study.view import StudyView
from skyshield.theatre import load_theatre

TABLE = Path(__file__).parent / "data" / "interests.yaml"
PERIOD = "period"
NO_DAYS = "the study keeps no days: run it with --daily"
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
    for phase, own, paired in _told(view, columns):
        for interest in table:
            for option in _others(view):
                for measure, _ in interest.measures:
                    rows.append(Exposure(interest.name, measure, option, phase,
                                         own[view.resolved.baseline][measure], own[option][measure],
                                         paired[option][measure]))
                    rows += [_times(product, rows[-1], view.catalogue) for product in interest.products
                             if product.measure == measure]
    return tuple(rows)


def _others(view: StudyView) -> list[str]:
    baseline = view.resolved.baseline
    return [option for option in (*options_compared(view), view.to) if option != baseline]


def _told(view: StudyView, columns: Sequence[str]) -> list[tuple[str, dict[str, dict[str, Summary]],
                                                                  dict[str, dict[str, Summary]]]]:
    """Return for the period and each phase: its name, each option's own figures, and those of its difference."""
    baseline = view.resolved.baseline
    against = view if view.to == baseline else StudyView(view.result, view.resolved)
    compared = against.shown(columns).rows
    own = {option: {column: told(view.summaries[option][column], "mean") for column in columns}
           for option in view.manifest["options"]}
    paired = {option: {column: told(compared[option][column]) for column in columns} for option in _others(view)}
    result = [(PERIOD, own, paired)]
    for phase, values in phase_totals(view, columns).items():
        result.append((phase, *_figures(view, columns, values)))
    return result


def phases(view: StudyView) -> dict[str, tuple[int, ...]]:
    """Return phase -> its days on the calendar, counted from 1, in the order in which they first come."""
    days: dict[str, list[int]] = {}
    for day, phase in enumerate(view.scenario.phase_by_day(), start=1):
        days.setdefault(phase, []).append(day)
    return {phase: tuple(of) for phase, of in days.items()}


def phase_totals(view: StudyView, columns: Sequence[str]) -> dict[str, Floats]:
    """Return phase -> f8[option, column, vector, replication] of the headline, from the days that the study keeps.

    Empty if the study has one phase, whose totals are the period's, or keeps no days.
    """
    by_phase = phases(view)
    if len(by_phase) < 2 or not view.manifest["daily"] or view.folder is None:
        return {}
    of_day = np.array([list(by_phase).index(phase) for phase in view.scenario.phase_by_day()])
    vectors, replications = view.sizes
    shape = len(by_phase), len(view.manifest["options"]), len(columns), vectors, replications
    values = np.zeros(shape)
    for rows in store.daily_rows(view.folder, view.manifest, 0):
        phase = of_day[rows["day"].astype(np.int64)]
        for k, column in enumerate(columns):
            np.add.at(values[:, :, k], (phase, rows["option"], rows["vector"], rows["replication"]), rows[column])
    return dict(zip(by_phase, values, strict=True))


def _figures(view: StudyView, columns: Sequence[str], values: Floats) -> tuple[dict[str, dict[str, Summary]],
                                                                              dict[str, dict[str, Summary]]]:
    options = list(view.manifest["options"])
    valid = view.result.valid[0]
    own = figures(values, valid, spread=False)
    paired = figures(values - values[options.index(view.resolved.baseline)], valid, spread=False)
    mean = {option: {column: told(own.row((o, k)), "mean") for k, column in enumerate(columns)}
            for o, option in enumerate(options)}
    delta = {option: {column: told(_renamed(paired.row((o, k)))) for k, column in enumerate(columns)}
             for o, option in enumerate(options)}
    return mean, delta


def _renamed(row: Summary) -> Summary:
    return {"delta": row.pop("mean"), **row}


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
        ``phases`` (phase -> ``from_day``, ``to_day``, ``days``, ``told``: None or why it is not told by itself) and
        ``interests``: interest -> ``label``, ``measures`` (measure -> ``label``, ``shown``, ``what``) and
        ``exposure``: phase -> option -> measure -> {without, with, difference}.
    """
    table = load_interests()
    labels = {interest.name: interest.label for interest in view.theatre.interests}
    by_phase = phases(view)
    rows = exposures(view)
    separate = {row.phase for row in rows}
    result: dict[str, Any] = {
        "phases": {phase: {"from_day": days[0], "to_day": days[-1], "days": len(days),
                           "told": None if phase in separate or len(by_phase) < 2 else NO_DAYS}
                   for phase, days in by_phase.items()},
        "interests": {}}
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
