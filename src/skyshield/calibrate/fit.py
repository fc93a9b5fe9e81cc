"""Fit the raid model and Ukraine's own defence to the record.

1. The last `calibration_window` days are read (`observations`).
2. Raids: the likelihood of `likelihood`. The half-life of each level is a parameter like the others; the likelihood is
   one of predictions one night ahead, so half-lives are learnt on the past alone.
3. Outcomes given the raids (`outcomes`).
4. What the record does not identify is replaced by draws from the catalogue's range (`evidence`).
5. Each row filters the nights again with its own parameters, and ends with the levels of the last night and
   their remaining uncertainty; the steps of the levels' random walks follow from half-life and information.
   The deep stream's leak rate stands still at the window's average (`leak_deep`). Beside it, from one more pass of the
   same row in which this rate has a level of half-life `DEEP_LEAK_HALF_LIFE_DAYS`, where it ends (`leak_deep_end`).
"""

import datetime as dt
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from skyshield.calibrate import outcomes
from skyshield.calibrate.densities import shifted
from skyshield.calibrate.evidence import nights_of_evidence, stand_ins, unidentified_columns, unidentified_labels
from skyshield.calibrate.identify import identify
from skyshield.calibrate.likelihood import (
    DEEP_LEAK_LEVEL,
    DEEP_LEVEL,
    FRONT_LEVEL,
    LEAK_LEVEL,
    MASSED_LEVEL,
    N_LEVELS,
    UNNUMBERED,
    Nights,
    RaidParameters,
    filter_nights,
)
from skyshield.calibrate.observations import Observations, observe
from skyshield.calibrate.posterior import Block, Posterior, ProfilePoint, load_blocks, profile, sample
from skyshield.catalogue import Catalogue
from skyshield.core.addresses import PARAMETERS
from skyshield.core.arrays import Floats
from skyshield.core.errors import SkyShieldError
from skyshield.core.normal import normal_quantile
from skyshield.core.streams import name_key, uniforms, word_of
from skyshield.core.vocabulary import MAX_GAP
from skyshield.raids.expected import massed_share
from skyshield.raids.fit import ALERT_COLUMNS, COLUMNS, LAUNCH_PREFIX, Fit, launch_key, significant
from skyshield.record import AlertCoverage, Alerts, LeftOut, Record, alert_coverage, last_days, left_out
from skyshield.record.coverage import fitted_oblasts
from skyshield.theatre import load_theatre

N_ROWS = 256
PROPOSALS_PER_ROW, MIN_PROPOSALS = 16, 2048  # some fifteenth of the proposals is effective: as many as there are rows
MIN_HALF_LIFE_DAYS, MAX_HALF_LIFE_DAYS = 3.0, 1e6
N_HALF_LIVES = N_LEVELS - 1  # the levels that move; the deep stream's leak rate does not
DEEP_LEAK_HALF_LIFE_DAYS = 60.0  # of the variant whose end is `leak_deep_end`: a faster level would lose the rate
MIN_NIGHTS = 14
_TYPICAL_INFORMATION = (0.1, 5.0, 1.0, 5.0, 0.1)  # of one night, to start the levels from; forgotten within a half-life
_DAY_S = 86400.0
_HOUR_S = 3600.0
_FARTHEST_LOGIT, _BISECTIONS, _LEAST_LEAK = 20.0, 60, 1e-3


@dataclass(frozen=True)
class _Filtered:
    """The nights filtered with one set of parameters; `inferred` as in `filter_nights`."""

    log_likelihood: float
    discount: Floats
    level: Floats
    information: Floats
    gap: Floats
    inferred: Floats


def fit_record(record: Record, catalogue: Catalogue, alerts: Alerts | None = None,
               until: dt.date | None = None, n_rows: int = N_ROWS) -> Fit:
    """Return the fit of a record.

    Parameters
    ----------
    record
        What `read_record` returned.
    catalogue
        For the window's length, and for what the record does not identify.
    alerts
        What `read_alerts` returned: they predict kills in the west.
    until
        The last operational day to look at; the record's last if not given.
    n_rows
        Number of joint rows.

    Raises
    ------
    SkyShieldError
        If the record holds fewer than `MIN_NIGHTS` nights with a bulletin in the window.
    """
    areas = uav_areas()
    days = window_days(catalogue)
    observations = observe(record, alerts, until, areas).last(days)
    first, last = last_days(record, days, until)
    coverage = None if alerts is None else alert_coverage(alerts, first, last, fitted_oblasts())
    alerts_sha256 = None if alerts is None else alerts.sha256
    fit = fit_observations(observations, catalogue, record.sha256, alerts_sha256, areas, n_rows, where=record.path)
    return _with_reading_notes(fit, left_out(record, first, last), coverage)


def _with_reading_notes(fit: Fit, omitted: LeftOut, coverage: AlertCoverage | None) -> Fit:
    """Return a fit whose status and diagnostics state what was left out of its nights and what the alerts cover."""
    diagnostics, source, status = dict(fit.diagnostics), fit.source, fit.status
    if coverage is not None:
        diagnostics |= {"alert_days": float(coverage.n_covered_days),
                        "alert_oblasts": float(coverage.n_oblasts - len(coverage.missing_oblasts))}
        source += f", with air-raid alerts on {coverage.n_covered_days} of {coverage.n_window_days} days"
        if not set(ALERT_COLUMNS) <= set(fit.names):
            status = _joined(status, "the alerts do not tell of kills in the west: too few nights have both, kills "
                                     "there by number and alerts there")
    if omitted.rows:
        diagnostics |= {"left_out_rows": float(omitted.rows), "left_out_launches": float(omitted.launched)}
        status = _joined(status, omitted.text().replace(";", ","))
    return replace(fit, source=source, status=status, diagnostics=diagnostics)


def _joined(*parts: str) -> str:
    return "; ".join(filter(None, parts))


def window_days(catalogue: Catalogue) -> int:
    """Return the length of the window in days."""
    return int(catalogue["calibration_window"].reference_si / _DAY_S)


def uav_areas() -> tuple[str, ...]:
    """Return the names of the areas that UAVs are launched from."""
    return tuple(area.name for area in load_theatre().launch_areas if "uav" in area.kinds)


def fit_observations(observations: Observations, catalogue: Catalogue, record_sha256: str, alerts_sha256: str | None,
                     areas: Sequence[str], n_rows: int = N_ROWS, proposals: int | None = None,
                     where: str = "record", with_stand_ins: bool = True) -> Fit:
    """Return the fit of nights already gathered; see `fit_record`.

    `proposals` are drawn for each posterior, `PROPOSALS_PER_ROW` a row if not given. `where` names the nights' source
    in errors. Without stand-ins the catalogue's range replaces only what no night informs: for checks of the likelihood
    alone.
    """
    proposals = max(MIN_PROPOSALS, PROPOSALS_PER_ROW * n_rows) if proposals is None else proposals
    reported = int(observations.reported.sum())
    if reported < MIN_NIGHTS:
        raise SkyShieldError(where, f"tells of {reported} nights in the window, too few to fit",
                             f"give a record of at least {MIN_NIGHTS} nights")
    blocks = load_blocks()
    cruise = outcomes.cruise_stops(blocks["cruise_stops"], observations, n_rows, proposals)
    ballistic = outcomes.ballistic_stops(blocks["ballistic_stops"], observations, n_rows, proposals)
    posteriors = {"cruise": cruise, "ballistic": ballistic}
    scores: dict[str, float] = {}
    min_nights = catalogue["nights_to_estimate"].reference_value
    complete = (np.isfinite(observations.west_alert_h) & np.isfinite(observations.west_kills)
                & (observations.reported == 1))
    with_alerts = int(complete.sum()) >= min_nights
    if with_alerts:
        posteriors["alerts"], scores = outcomes.west_alerts(blocks["west_alerts"], observations, n_rows, proposals)
    nights = as_nights(observations)
    raids = posteriors["raids"] = fit_raids(blocks["raids"], nights, n_rows, proposals)
    at_mode = run_filter(raids.mode, nights)
    evidence = nights_of_evidence(observations, at_mode.inferred[:, 0])
    columns = {name: posterior.draws[:, k] for posterior in posteriors.values()
               for k, name in enumerate(posterior.names)}
    columns |= last_night_columns(raids, nights)
    columns |= _simple_shares(observations, n_rows)
    columns |= _launch_shares(observations, areas, evidence["places"] >= min_nights, n_rows)
    replaced = unidentified_columns(columns, evidence, catalogue)
    if not with_stand_ins:
        replaced = tuple(name for name in replaced if np.isnan(columns[name]).any())
    columns |= stand_ins(replaced, catalogue, n_rows)
    names = (*COLUMNS, *(ALERT_COLUMNS if with_alerts else ()), *(n for n in columns if n.startswith(LAUNCH_PREFIX)))
    rows = significant(np.stack([columns[name] for name in names], axis=1))
    window = str(observations.date[0]), str(observations.date[-1])
    diagnostics = {name: float(np.median(columns[name])) for name in raids.names if name.startswith("half_life")}
    diagnostics |= {"log_likelihood": at_mode.log_likelihood, "nights": float(reported),
                    "bulletin_hours_per_day": float(observations.exposure_h.sum() / len(observations.date)), **scores}
    diagnostics |= {f"effective_share_{what}": posterior.effective for what, posterior in posteriors.items()}
    diagnostics = {name: float(f"{value:.6g}") for name, value in diagnostics.items()}
    return Fit(names, rows, window, record_sha256, alerts_sha256,
               f"fit to {reported} nights of the raid record, {window[0]} to {window[1]}",
               _status(reported, window_days(catalogue), unidentified_labels(replaced, evidence, catalogue)),
               identify(dict(zip(names, rows.T, strict=True)), observations, evidence, replaced, catalogue),
               diagnostics)


def _status(n_reported: int, window_days: int, silent: Sequence[str]) -> str:
    """Return the warnings: a fit to few nights, and what it takes from the catalogue."""
    few = f"the fit rests on {n_reported} nights, few for its many parameters: it leans on its priors"
    return _joined(few if 2 * n_reported < window_days else "",
                   f"not identified here, so the catalogue's ranges stand in: {', '.join(silent)}" if silent else "")


def as_nights(observations: Observations) -> Nights:
    """Return what the likelihood reads."""
    silent = observations.reported == 0

    def column(values: npt.ArrayLike) -> Floats:
        return np.where(silent, np.nan, np.asarray(values, float))

    without_number = np.isnan(observations.west_kills) & (observations.west_named == 1)
    west = np.where(without_number, UNNUMBERED, observations.west_kills)
    return Nights(column(observations.uav), column(observations.leakers), column(observations.cruise),
                  column(observations.ballistic), column(observations.south_kills), column(west))


def run_filter(natural: Iterable[float], nights: Nights, deep_leak_half_life_days: float = math.inf) -> _Filtered:
    """Run the nights forward with the parameters of the block `raids`, half-lives last, on their natural scale.

    The deep stream's leak rate has no half-life among them: it stands still unless one is given.
    """
    values = [float(value) for value in natural]
    half_life_days = np.append(np.clip(values[-N_HALF_LIVES:], MIN_HALF_LIFE_DAYS, MAX_HALF_LIFE_DAYS),
                               deep_leak_half_life_days)
    discount = 0.5 ** (1.0 / half_life_days)
    level, gap = np.zeros(N_LEVELS), np.full(MAX_GAP, 1.0 / MAX_GAP)
    information = np.array(_TYPICAL_INFORMATION) / np.where(discount < 1.0, 1.0 - discount, 1.0)
    inferred = np.zeros((len(nights.uav), 3))
    value = filter_nights(RaidParameters(*values[:-N_HALF_LIVES]), nights, discount, level, information, gap, inferred)
    return _Filtered(float(value), discount, level, information, gap, inferred)


def fit_raids(block: Block, nights: Nights, n_rows: int, proposals: int) -> Posterior:
    """Return draws of the raid model's parameters, half-lives included."""
    return sample(block, lambda free: run_filter(block.natural(free), nights).log_likelihood, starting_values(nights),
                  n_rows, "raids", proposals)


def profile_raids(observations: Observations, name: str, values: Sequence[float]) -> tuple[ProfilePoint, ...]:
    """Return the likelihood profile of the raid model over one of its parameters, the others fitted again.

    Parameters
    ----------
    observations
        The nights.
    name
        A parameter of the block ``raids`` in `data/priors.yaml`.
    values
        Values to fix it at.
    """
    nights, block = as_nights(observations), load_blocks()["raids"]
    return profile(block, lambda free: run_filter(block.natural(free), nights).log_likelihood, starting_values(nights),
                   name, values)


def starting_values(nights: Nights) -> Mapping[str, float]:
    """Return rough starting values: the median night is a routine one."""
    uav = nights.uav[np.isfinite(nights.uav)]
    middle = max(1.0, float(np.median(uav)))
    massed = uav[uav > 2.0 * middle]
    return {"front_mean": middle, "massed_deep_median": max(2.0, float(np.median(massed)) - middle
                                                            if len(massed) else 2.0 * middle)}


def last_night_columns(raids: Posterior, nights: Nights) -> dict[str, Floats]:
    """Return the columns that belong to the last night: levels, steps, nights since the last massed one."""
    n = len(raids.draws)
    column = {name: raids.draws[:, k] for k, name in enumerate(raids.names)}
    level, step = np.zeros((n, N_HALF_LIVES)), np.zeros((n, N_HALF_LIVES))
    deep_leak_level, since, average = np.zeros(n), np.zeros(n), np.zeros((n, 4))
    noise, deep_leak_noise = normals("fit levels", n, N_HALF_LIVES), normals("fit deep leak level", n, 1)[:, 0]
    for row in range(n):
        filtered = run_filter(raids.draws[row], nights)
        information = filtered.information[:N_HALF_LIVES]
        level[row] = filtered.level[:N_HALF_LIVES] + noise[row] / np.sqrt(information)
        step[row] = np.sqrt((1.0 / filtered.discount[:N_HALF_LIVES] - 1.0) / information)
        u = uniforms(np.uint64(0), word_of(row, PARAMETERS), 0, name_key("fit nights since massed"), 0)[0]
        average[row] = window_averages(filtered.inferred, nights, column, row)
        since[row] = 1.0 + np.searchsorted(np.cumsum(filtered.gap) / filtered.gap.sum(), u)
        moving = run_filter(raids.draws[row], nights, DEEP_LEAK_HALF_LIFE_DAYS)
        deep_leak_level[row] = moving.level[DEEP_LEAK_LEVEL] + deep_leak_noise[row] / math.sqrt(
            moving.information[DEEP_LEAK_LEVEL])
    return {
        "nights_since_massed": np.minimum(since, MAX_GAP),
        "massed_intercept": column["massed_intercept"] + level[:, MASSED_LEVEL],
        "front_mean": column["front_mean"] * np.exp(level[:, FRONT_LEVEL]),
        "massed_deep_median": column["massed_deep_median"] * np.exp(level[:, DEEP_LEVEL]),
        "leak_front": _moved(column["leak_front"], level[:, LEAK_LEVEL]),
        "leak_deep_end": _moved(column["leak_deep"], deep_leak_level),
        "massed_average": average[:, 0], "front_average": average[:, 1], "massed_deep_average": average[:, 2],
        "leak_front_average": average[:, 3],
        "massed_step": step[:, MASSED_LEVEL], "front_step": step[:, FRONT_LEVEL],
        "deep_step": step[:, DEEP_LEVEL], "leak_step": step[:, LEAK_LEVEL]}


def window_averages(inferred: Floats, nights: Nights, column: Mapping[str, Floats],
                    row: int) -> tuple[float, float, float, float]:
    """Return what the levels are on average over the window's nights, as one draw's parameters tell its streams apart.

    Parameters
    ----------
    inferred
        f8[night, 3] of `filter_nights`: probability that a night was massed, front and deep launches.
    nights
        The data.
    column, row
        Parameters f8[draw] by name, and which draw.

    Returns
    -------
    tuple of float
        The logit's intercept at which as large a share of nights is massed; mean front launches a night; the median of
        the deep stream on massed nights; the front stream's leak rate, given the deep one's.
    """
    told = np.isfinite(nights.uav)
    massed, front, deep = inferred[told, 0], inferred[told, 1], np.maximum(inferred[told, 2], 1.0)
    counted = told & np.isfinite(nights.leakers)
    of_front = (nights.leakers[counted] - inferred[counted, 2] * column["leak_deep"][row]).sum()
    leak = of_front / max(float(inferred[counted, 1].sum()), 1.0)
    low, high = -_FARTHEST_LOGIT, _FARTHEST_LOGIT
    wanted, slope = float(massed.mean()), column["massed_slope"][row:row + 1]
    for _ in range(_BISECTIONS):
        middle = (low + high) / 2.0
        few = float(massed_share({"massed_average": np.array([middle]), "massed_slope": slope})[0]) < wanted
        low, high = (middle, high) if few else (low, middle)
    median = float(np.exp((massed * np.log(deep)).sum() / max(float(massed.sum()), 1e-9)))
    return low, float(front.mean()), median, float(np.clip(leak, _LEAST_LEAK, 1.0 - _LEAST_LEAK))


def _moved(share: Floats, shift: Floats) -> Floats:
    """Return shares moved on the logit scale."""
    return np.array([shifted(p, s) for p, s in zip(share, shift, strict=True)])


def _simple_shares(observations: Observations, n: int) -> dict[str, Floats]:
    """Return shares that need no model; NaN where no night informs them."""
    z, unknown = normals("fit shares", n, 4), np.full(n, np.nan)
    reported = observations.reported == 1
    day_raid = reported & (observations.uav_day_part > 0)
    soft = outcomes.pooled_share(observations.soft_lost.astype(float), observations.soft_stopped.astype(float), z[:, 0])
    decoys = outcomes.pooled_share((observations.armed_of - observations.armed).astype(float),
                                   observations.armed_of.astype(float), z[:, 1])
    in_day = outcomes.pooled_share(np.where(day_raid, observations.uav_day_part, 0).astype(float),
                                   np.where(day_raid, observations.uav, 0).astype(float), z[:, 2])
    start_h = observations.start_h[np.isfinite(observations.start_h)]
    start = _HOUR_S * (start_h.mean() + start_h.std() / math.sqrt(len(start_h))
                       * normals("fit window start", n, 1)[:, 0]) if len(start_h) else unknown
    return {"soft_share_of_stops": unknown if soft is None else soft,
            "decoy_share": unknown if decoys is None else decoys,
            "day_raid_share": unknown if in_day is None else in_day,
            "p_day_raid": outcomes.frequency(int(day_raid.sum()), int(reported.sum()), z[:, 3]),
            "launch_window_start_local_h": start}


def _launch_shares(observations: Observations, areas: Sequence[str], identified: bool, n: int) -> dict[str, Floats]:
    """Return shares of launch areas: even over a bulletin's list, an assumption; even over areas if too few nights."""
    has_place = observations.by_place.sum(axis=1) > 0.0
    if identified:
        weights = np.array([[-math.log(uniforms(np.uint64(0), word_of(row, PARAMETERS), int(night),
                                                name_key("fit launch weights"), 0)[0])
                             for night in np.flatnonzero(has_place)] for row in range(n)])
        shares = outcomes.weighted_shares(observations.by_place[has_place], weights)
    else:
        shares = np.full((n, len(areas)), 1.0 / max(1, len(areas)))
    return {launch_key(area): shares[:, k] for k, area in enumerate(areas)}


def normals(name: str, n: int, k: int) -> Floats:
    """Return f8[n, k] normals, k at most 4: each column holds the n even quantiles in an addressed order.

    Even quantiles make the intervals of a column those of its distribution, with any number of rows.
    """
    key = name_key(name)
    u = np.array([uniforms(np.uint64(0), word_of(row, PARAMETERS), 1, key, 0)[:k] for row in range(n)]).reshape(n, k)
    even = np.array([normal_quantile((rank + 1 / 2) / n) for rank in range(n)])
    return even[np.argsort(np.argsort(u, axis=0, kind="stable"), axis=0, kind="stable")]
