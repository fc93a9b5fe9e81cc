"""Forecasts of future days, stored before they happen and scored afterwards.

A frozen file holds, for each target and day, `N_LEVELS` equally likely values (quantiles); for a target given the day's
launches, the mean and the correlation of the share on a grid of launches, interpolated in scoring. It is
dated by the last day of the record that it used, names the record by its hash, and carries a hash over its own content,
so that a later change is detected. No clock is read.

Kills by area are frozen without the night's alerts, which nobody knows beforehand.
"""

import datetime as dt
import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from skyshield.calibrate.fit import window_days
from skyshield.catalogue import load_catalogue
from skyshield.core.arrays import Floats
from skyshield.core.errors import SkyShieldError
from skyshield.core.files import read_json, write_bytes
from skyshield.evidence.backtest.experts import pool_weights, pooled
from skyshield.evidence.backtest.forecasts import of_counts, of_sample
from skyshield.evidence.backtest.raid_model import nights_before
from skyshield.evidence.backtest.rolling import EXPERTS, MIN_PAST_DAYS, Scored, index_of, rules_of, scored_days
from skyshield.evidence.backtest.series import Series, as_first_known, series_of
from skyshield.evidence.backtest.shares_model import ShareModel, count_given
from skyshield.evidence.backtest.targets import TARGETS, Forecasters
from skyshield.evidence.backtest.unjudged import Unjudged
from skyshield.record import Record
from skyshield.version import VERSION

FORM = "skyshield frozen forecast 1"
N_LEVELS = 99
LAUNCHES = (5.0, 10.0, 20.0, 40.0, 70.0, 100.0, 130.0, 160.0, 200.0, 250.0, 300.0, 400.0, 550.0, 800.0, 1200.0)
MAX_DAYS_AHEAD = 366  # levels are random walks, and a forecast of a year says little already
DIGITS = 8
NOT_TOLD = "the record does not tell of it"


def freeze(record: Record, first: dt.date, last: dt.date) -> dict[str, Any]:
    """Forecast days from the record before the first of them.

    Parameters
    ----------
    record
        What `read_record` returned; of rows dated `first` or later nothing is used.
    first, last
        The days forecast.

    Returns
    -------
    dict
        Plain data with its hash; `hindsight` is true if the record had some of the days already.

    Raises
    ------
    SkyShieldError
        If the record has too few days before `first`, or the days are too many or too far.
    """
    full_series = series_of(as_first_known(record))
    if last < first:
        raise SkyShieldError("--to", f"is {last}, before --from {first}", "give a later day")
    n_known_days = min(index_of(full_series, first), len(full_series.date))
    if n_known_days < MIN_PAST_DAYS or len(nights_before(full_series, n_known_days, n_known_days).uav) < MIN_PAST_DAYS:
        raise SkyShieldError("--from", f"is {first}, before which the record has fewer than {MIN_PAST_DAYS} days",
                             "begin later, or give a longer record")
    made_on = full_series.date[n_known_days - 1].item()
    if (last - made_on).days > MAX_DAYS_AHEAD:
        raise SkyShieldError("--to", f"is {last}, more than {MAX_DAYS_AHEAD} days after the last day known, {made_on}",
                             "end earlier, or give a newer record")
    end = (np.datetime64(last) - full_series.date[0]).astype(int)
    series = extended(full_series.until(n_known_days), int(end) + 1 - n_known_days)
    begin = index_of(series, first)
    forecasters = Forecasters(series, n_known_days, int(end), window_days(load_catalogue()))
    days = range(begin, int(end) + 1)
    content: dict[str, Any] = {
        "form": FORM, "version": VERSION, "made_on": made_on.isoformat(), "record_sha256": record.sha256,
        "hindsight": bool(full_series.date[-1] >= np.datetime64(first)),
        "from": first.isoformat(), "to": last.isoformat(),
        "fit": {"model": "raid_model and past values, pooled; see docs/how-to/backtest.md",
                "window_days": forecasters.window_days, "origin": made_on.isoformat()},
        "launches": list(LAUNCHES), "targets": {}}
    for name, target in TARGETS.items():
        rows: dict[str, Any] = {}
        if target.given_launches:
            model = forecasters.leak_shares if name == "uav_leakers" else forecasters.neutralised_shares
            rows = {str(series.date[day]): _share_row(model, day) for day in days}
        else:
            experts = forecasters.experts(name)
            weights = pool_weights(experts.log_p, experts.start)
            rows = {str(series.date[day]): quantiles(pooled(experts, weights, day)) for day in days}
        content["targets"][name] = rows
    return content | {"sha256": content_sha256(content)}


def extended(series: Series, days: int) -> Series:
    """Return a series with unreported days after its end.

    Examples
    --------
    >>> one = Series(np.array(["2031-05-01"], "datetime64[D]"), *[np.zeros(1)] * 16)
    >>> extended(one, 1).date.astype(str).tolist(), extended(one, 1).uav.tolist()
    (['2031-05-01', '2031-05-02'], [0.0, nan])
    """
    new_dates = series.date[-1] + np.arange(1, days + 1).astype("timedelta64[D]")
    columns = [np.concatenate([column, np.full(days, np.nan)]) for column in series[1:]]
    return Series(np.concatenate([series.date, new_dates]), *columns)


def quantiles(p: Floats) -> list[int]:
    """Return `N_LEVELS` equally likely values of a count.

    Examples
    --------
    >>> sorted(set(quantiles(np.array([0.5, 0.5]))))
    [0, 1]
    """
    levels = (np.arange(N_LEVELS) + 1 / 2) / N_LEVELS
    return [int(v) for v in np.minimum(np.searchsorted(np.cumsum(p), levels), len(p) - 1)]


def _share_row(model: ShareModel, day: int) -> dict[str, list[float]]:
    mean, rho = model.predict(day, np.array(LAUNCHES))
    return {"mean": [float(f"{v:.{DIGITS}g}") for v in mean], "rho": [float(f"{v:.{DIGITS}g}") for v in rho]}


def content_sha256(content: Mapping[str, Any]) -> str:
    """Return the hash of frozen content, whatever the order of its keys, without its own hash.

    Examples
    --------
    >>> content_sha256({"a": 1, "b": 2}) == content_sha256({"b": 2, "a": 1, "sha256": "x"})
    True
    """
    hashed = {key: value for key, value in content.items() if key != "sha256"}
    return hashlib.sha256(json.dumps(hashed, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def write_frozen(path: Path, content: Mapping[str, Any]) -> None:
    """Write frozen forecasts; an existing file is never overwritten.

    Raises
    ------
    SkyShieldError
        Exit code 2 if the file exists or there is no such folder, 3 if the machine fails.
    """
    check_path(path)
    write_bytes(path, (json.dumps(content, indent=None, ensure_ascii=False) + "\n").encode())


def check_path(path: Path) -> None:
    """Refuse a path that cannot hold the forecasts before any time is spent on them."""
    if path.is_dir():
        raise SkyShieldError(str(path), "is a directory, not a file", "name a file")
    if path.exists():
        raise SkyShieldError(str(path), "exists, and a frozen forecast is not written over", "name another file")
    if not path.parent.is_dir():
        raise SkyShieldError(str(path), "there is no such folder", "make it first or name another place")


def read_frozen(path: Path) -> dict[str, Any]:
    """Read frozen forecasts and check that they are unchanged.

    Raises
    ------
    SkyShieldError
        Exit code 2 if the file is not one of ours, or its content does not match its hash.
    """
    content = read_json(path)
    if not isinstance(content, dict) or content.get("form") != FORM:
        raise SkyShieldError(str(path), "is not a frozen forecast of this form", "make one with --freeze FILE")
    if content.get("sha256") != content_sha256(content):
        raise SkyShieldError(str(path), "was changed after it was written, its hash does not match",
                             "find the file as it was frozen")
    return content


def score_frozen(content: Mapping[str, Any], record: Record, first: dt.date | None = None,
                 last: dt.date | None = None) -> tuple[dict[str, Scored], dict[str, list[str]]]:
    """Score frozen forecasts with a record that has the days.

    Parameters
    ----------
    content
        What `read_frozen` returned.
    record
        What `read_record` returned.
    first, last
        Score only these days; all that are frozen if not given.

    Returns
    -------
    scored : dict of str to Scored
    missing : dict of str to list of str
        Days that the record does not report, by target.

    Raises
    ------
    SkyShieldError
        If the record has none of the days.
    """
    final = series_of(record)
    n_known_days = index_of(final, dt.date.fromisoformat(content["made_on"])) + 1
    grid = np.array(content["launches"], float)
    scored: dict[str, Scored] = {}
    missing: dict[str, list[str]] = {}
    for name, target in TARGETS.items():
        y, by_day, days = target.outcome(final), [], []
        missing[name] = []
        for text, forecast in sorted(content["targets"].get(name, {}).items()):
            date = dt.date.fromisoformat(text)
            if (first is not None and date < first) or (last is not None and date > last):
                continue
            day = index_of(final, date)
            if not 0 <= day < len(y) or not np.isfinite(y[day]):
                missing[name].append(text)
                continue
            frozen = (of_counts(_share_at(grid, forecast, float(final.uav[day]))) if target.given_launches
                      else of_sample(np.array(forecast, float)))
            days.append(day)
            by_day.append(({EXPERTS: frozen}, rules_of(name, final, day, n_known_days)))
        scored[name] = scored_days(name, final, days, by_day,
                                   [float(final.uav[day]) if target.as_share else 1.0 for day in days],
                                   tuple(Unjudged(text, NOT_TOLD) for text in missing[name]))
    if not any(len(target_scores.crps) for target_scores in scored.values()):
        raise SkyShieldError("record", f"tells of none of the days frozen, {content['from']} to {content['to']}",
                             "give a record that has them")
    return scored, missing


def _share_at(grid: Floats, forecast: Mapping[str, Any], launched: float) -> Floats:
    """Return probabilities of each count out of `launched`, share and correlation interpolated on the grid."""
    log_launches, mean, rho = np.log(grid), np.array(forecast["mean"], float), np.array(forecast["rho"], float)
    logit = np.interp(np.log(launched), log_launches, np.log(mean / (1.0 - mean)))
    share = np.array([1.0 / (1.0 + np.exp(-logit))])
    rho_here = np.array([np.exp(np.interp(np.log(launched), log_launches, np.log(rho)))])
    p = count_given(np.array([launched]), share, rho_here, int(launched))[0]
    return np.asarray(p / p.sum())
