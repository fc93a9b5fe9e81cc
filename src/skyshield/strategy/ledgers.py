"""Who besides Ukraine would gain by an option: benefit by group of countries, read from a study.

The table ``data/beneficiaries.yaml`` says which measures count for which group and why. Of each the paired difference
of every option is told, option minus the one that the study is compared with, on the same raids, with its interval.
All of these measures are better the lower they are, so a benefit is a difference below zero. Nothing is added up
across measures, and the same measure may stand with several groups: a day of off-site power kept is one day, whoever
is glad of it.
"""

import functools
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from skyshield.catalogue import measure_of
from skyshield.core.errors import SkyShieldError
from skyshield.core.files import read_yaml
from skyshield.strategy.reading import (
    check_columns,
    check_fields,
    check_sources,
    check_told,
    label_of,
    options_compared,
    told,
)
from skyshield.study.told import Summary
from skyshield.study.view import StudyView

TABLE = Path(__file__).parent / "data" / "beneficiaries.yaml"
LESS = "less"


@dataclass(frozen=True)
class Counted:
    """A measure that counts for a group of countries."""

    measure: str
    why: str
    source: tuple[str, ...]


@dataclass(frozen=True)
class Group:
    """A group of countries, the measures that count for it, and what it would gain that no measure holds."""

    name: str
    label: str
    who: str
    measures: tuple[Counted, ...]
    unmeasured: tuple[str, ...]


@dataclass(frozen=True)
class Beneficiaries:
    """The table: groups in its order, and the sources it cites."""

    groups: tuple[Group, ...]
    sources: tuple[tuple[str, str], ...]


class Benefit(NamedTuple):
    """One measure of one option for one group: its paired difference, figures as `skyshield.study.told` has them."""

    group: str
    option: str
    measure: str
    figures: Summary


@functools.cache
def load_beneficiaries() -> Beneficiaries:
    """Return the shipped table.

    Examples
    --------
    >>> [group.name for group in load_beneficiaries().groups]
    ['sending_states', 'eastern_eu', 'moldova', 'belarus', 'russia', 'grain_importers']
    """
    return read_beneficiaries(read_yaml(TABLE), TABLE.name)


def read_beneficiaries(content: object, where: str) -> Beneficiaries:
    """Build the table from the content of its file.

    Raises
    ------
    SkyShieldError
        If a group lacks a field or has one too many, counts no measure, one that is unknown or one of which more is
        better, or cites an unknown source.
    """
    table = check_fields(content, ("sources", "groups"), (), where)
    sources: Mapping[str, str] = table["sources"]
    groups = []
    for name, given in table["groups"].items():
        place = f"{where}: {name}"
        fields = check_fields(given, ("label", "who", "measures", "unmeasured"), (), place)
        if not fields["measures"]:
            raise SkyShieldError(f"{place}: measures", "are none", "name those that count for the group")
        check_columns(fields["measures"], f"{place}: measures")
        counted = []
        for measure, row in fields["measures"].items():
            checked = check_fields(row, ("why", "source"), (), f"{place}: {measure}")
            check_sources(checked["source"], sources, f"{place}: {measure}")
            if measure_of(measure).direction != LESS:
                raise SkyShieldError(f"{place}: {measure}", "is not better the lower it is", "count another measure")
            counted.append(Counted(measure, checked["why"], tuple(checked["source"])))
        groups.append(Group(name, fields["label"], fields["who"], tuple(counted), tuple(fields["unmeasured"])))
    return Beneficiaries(tuple(groups), tuple(sources.items()))


def benefits(view: StudyView, table: Beneficiaries | None = None) -> tuple[Benefit, ...]:
    """Return by group, option and measure the paired difference that a study tells.

    Parameters
    ----------
    view
        The study, compared with the option that differences are taken to.
    table
        The groups; the shipped ones if not given.
    """
    groups = (load_beneficiaries() if table is None else table).groups
    columns = dict.fromkeys(counted.measure for group in groups for counted in group.measures)
    check_told(view, columns)
    rows = view.shown(tuple(columns)).rows
    return tuple(Benefit(group.name, option, counted.measure, told(rows[option][counted.measure]))
                 for group in groups for option in options_compared(view) for counted in group.measures)


def benefits_json(view: StudyView, table: Beneficiaries | None = None) -> dict[str, Any]:
    """Return the ledger as plain data.

    Returns
    -------
    dict
        Group -> ``label``, ``who``, ``measures`` (measure -> ``label``, ``shown``, ``why``, ``source``),
        ``options`` (option -> measure -> {delta, lo, hi, mcse}) and ``unmeasured``.
    """
    table = load_beneficiaries() if table is None else table
    result: dict[str, Any] = {}
    for group in table.groups:
        result[group.name] = {
            "label": group.label, "who": group.who,
            "measures": {one.measure: {"label": label_of(one.measure), "shown": measure_of(one.measure).shown,
                                       "why": one.why, "source": list(one.source)} for one in group.measures},
            "options": {option: {} for option in options_compared(view)}, "unmeasured": list(group.unmeasured)}
    for benefit in benefits(view, table):
        result[benefit.group]["options"][benefit.option][benefit.measure] = benefit.figures
    return result
