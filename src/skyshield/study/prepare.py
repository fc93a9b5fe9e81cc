"""What comes before a study: the fit it is to use, and the scenario loaded, checked and resolved."""

import contextlib
import datetime as dt
from collections.abc import Callable, Collection
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from skyshield.catalogue import load_catalogue
from skyshield.core.errors import SkyShieldError
from skyshield.raids import Fit
from skyshield.raids.fit import embedded_fit, read_fit
from skyshield.scenario import Finding, Resolved, Scenario, check, load, resolve
from skyshield.scenario.model import MAX_DAYS
from skyshield.theatre import load_theatre

if TYPE_CHECKING:
    from skyshield.record import Reading, ReadingReport

Waiting = Callable[[str], contextlib.AbstractContextManager[None]]  # shows that something goes on, under a title


class Prepared(NamedTuple):
    """A scenario as it is to be run, with what its check found worth a second look."""

    scenario: Scenario
    resolved: Resolved
    findings: tuple[Finding, ...]


def prepare(name: str, fit: Fit, rules: bool = False, days: int | None = None, options: str | None = None) -> Prepared:
    """Load, check and resolve a scenario.

    Parameters
    ----------
    name
        A shipped scenario's name or a YAML file.
    fit
        The fit to use.
    rules
        Whether each option is to be joined by itself with one clause of its rules dropped.
    days
        To play: the first of the scenario's, or more than it has.
    options
        Names with commas between them; all options if not given. The baseline is always among them.

    Raises
    ------
    SkyShieldError
        If the scenario, the days or the options cannot be.
    """
    scenario = load(name)
    if days is not None:
        if not 1 <= days <= MAX_DAYS:
            raise SkyShieldError("--days", f"is {days}", f"give a whole number from 1 to {MAX_DAYS}")
        scenario = scenario.first(days)
    if options is not None:
        names = tuple(part.strip() for part in options.split(",") if part.strip())
        if not names:
            raise SkyShieldError("--options", "names no option",
                                 f"choose from {', '.join(option.name for option in scenario.options)}")
        scenario = scenario.chosen(names)
    if rules:
        scenario = scenario.with_clauses_dropped()
    catalogue, theatre = load_catalogue(), load_theatre()
    return Prepared(scenario, resolve(scenario, catalogue, theatre, fit), tuple(check(scenario, catalogue, theatre)))


def choose_fit(fit: Path | None, record: Path | None, alerts: Path | None, accept_unknown: bool,
               waiting: Waiting | None = None) -> "tuple[Fit, ReadingReport | None]":
    """Return the fit of a file, of a record with the report of its reading, or the shipped one.

    Raises
    ------
    SkyShieldError
        If both a fit and a record are given, or what belongs to a record without one.
    """
    if fit is not None and record is not None:
        raise SkyShieldError("--fit, --record", "are both given", "give a fit, or a record to be fitted, not both")
    for option, given in (("--alerts", alerts is not None), ("--accept-unknown", accept_unknown)):
        if given and record is None:
            raise SkyShieldError(option, "is given without --record", "add --record, or leave it out")
    if record is not None:
        reading = read_for_fit(record, alerts, None, accept_unknown)
        return fit_reading(reading, record.name, None, waiting), reading.report
    return (embedded_fit() if fit is None else read_fit(fit)), None


def read_for_fit(record: Path, alerts: Path | None, last: dt.date | None, accept_unknown: bool) -> "Reading":
    """Return a record and alerts read for a fit, up to a day if given."""
    from skyshield.calibrate.fit import window_days
    from skyshield.record import read_files
    from skyshield.record.coverage import fitted_oblasts

    return read_files(record, alerts, window_days(load_catalogue()), last, accept_unknown, fitted_oblasts())


def fit_reading(reading: "Reading", name: str, last: dt.date | None = None, waiting: Waiting | None = None) -> Fit:
    """Return the fit of a record that was read, up to a day if given; `waiting` shows that this takes its time."""
    from skyshield.calibrate import fit_record

    with contextlib.nullcontext() if waiting is None else waiting(f"fitting {name}"):
        return fit_record(reading.record, load_catalogue(), reading.alerts, last)


def unread_assumptions(scenario: Scenario, used: Collection[str]) -> list[str]:
    """Return the scenario's assumptions that nothing in a study reads."""
    return [name for name in scenario.assumptions if name not in used]
