"""What goes into a study: scenarios, the catalogue, a record of raids and a fit of it."""

import os
from pathlib import Path

from skyshield.catalogue import Catalogue, load_catalogue
from skyshield.raids import Fit
from skyshield.record import Record
from skyshield.scenario import Finding, Resolved, Scenario
from skyshield.theatre import load_theatre

PathLike = str | os.PathLike[str]


def load(scenario: PathLike) -> Scenario:
    """Read a scenario, a shipped one by its name or a YAML file by its path.

    Parameters
    ----------
    scenario
        A name that ``skyshield scenario list`` prints, or a path.

    Returns
    -------
    Scenario
        Frozen; `Scenario.first` shortens its period, `Scenario.chosen` keeps some of its options.

    Raises
    ------
    SkyShieldError
        If there is no such scenario, or the file is wrong: where, what, and how to mend it.

    Examples
    --------
    >>> import skyshield
    >>> scenario = skyshield.load("month")
    >>> scenario.days, scenario.baseline, [option.name for option in scenario.options][:2]
    (30, 'own', ['own', 'region'])
    """
    from skyshield.scenario import load as read

    return read(scenario)


def check(scenario: Scenario) -> list[Finding]:
    """Check a scenario against the shipped theatre and catalogue.

    Returns
    -------
    list of Finding
        What is allowed but worth a second look; empty if there is nothing.

    Raises
    ------
    SkyShieldError
        If a place, an oblast or a number does not exist, or a zone cannot be built.

    Examples
    --------
    >>> import skyshield
    >>> [finding.where for finding in skyshield.check(skyshield.load("month"))]
    []
    """
    from skyshield.scenario import check as examine

    return examine(scenario, load_catalogue(), load_theatre())


def resolve(scenario: Scenario, fit: Fit | None = None) -> Resolved:
    """Make a scenario self-contained: with its fit, catalogue and theatre inside, and no path.

    Parameters
    ----------
    scenario
        From `load`.
    fit
        Raids and Ukraine's own defence, from `fit`; the shipped one if not given.

    Returns
    -------
    Resolved
        ``json``, which travels, and its ``sha256``.

    Examples
    --------
    >>> import skyshield
    >>> skyshield.resolve(skyshield.load("month")).baseline
    'own'
    """
    from skyshield.raids.fit import embedded_fit
    from skyshield.scenario import resolve as make

    return make(scenario, load_catalogue(), load_theatre(), embedded_fit() if fit is None else fit)


def shipped_catalogue() -> Catalogue:
    """Return the shipped catalogue: every number of the model with its unit, range, source and grade.

    Examples
    --------
    >>> import skyshield
    >>> entry = skyshield.catalogue()["displacement"]
    >>> entry.unit, entry.low, entry.high, entry.grade
    ('1', 0.0, 1.0, 'K')
    """
    return load_catalogue()


def read_record(path: PathLike) -> Record:
    """Read the public raid record.

    Parameters
    ----------
    path
        The CSV file, times in Kyiv local.

    Returns
    -------
    Record
        Its rows, with what each known trap did to them.

    Raises
    ------
    SkyShieldError
        If the file cannot be read or is no such record.

    Examples
    --------
    >>> import skyshield
    >>> skyshield.read_record("missing.csv")
    Traceback (most recent call last):
    ...
    skyshield.core.errors.SkyShieldError: missing.csv: no such file; check the path
    """
    from skyshield.record import read_record as read

    return read(path)


def fit(record: PathLike, alerts: PathLike | None = None, accept_unknown: bool = False) -> Fit:
    """Fit raids and Ukraine's own defence to a record, as ``skyshield fit`` does.

    Parameters
    ----------
    record
        The raid record, CSV.
    alerts
        Air-raid alerts, which tell more about the west.
    accept_unknown
        Continue although more of the launches are left out for unknown names than the limit allows.

    Returns
    -------
    Fit
        Joint draws of its parameters, with the window of the record and what the record identifies.

    Raises
    ------
    SkyShieldError
        If a file cannot be read, or too much of it would be left out.

    Examples
    --------
    >>> import skyshield
    >>> skyshield.fit("missing.csv")
    Traceback (most recent call last):
    ...
    skyshield.core.errors.SkyShieldError: missing.csv: no such file; check the path
    """
    from skyshield.study.prepare import fit_reading, read_for_fit

    path = Path(record)
    return fit_reading(read_for_fit(path, None if alerts is None else Path(alerts), None, accept_unknown), path.name)
