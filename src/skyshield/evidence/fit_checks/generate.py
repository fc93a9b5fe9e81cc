"""Synthetic records: what the bulletins would say if the fitted model were the world.

Launches and regimes come from the engine's kernel (`skyshield.evidence.fit_checks.season`). Outcomes follow the fit's
own likelihood, each night given its launches, with one uniform a night for each shared share:

- UAVs: p_F and p_D are beta quantiles of the *same* uniform with means `leak_front`, moved by the night's leak shift on
  the logit scale, and `leak_deep`, which stands still, and correlation `rho_uav`; leakers are binomial in each stream.
- Cruise missiles stopped: beta-binomial (`cruise_intercept`, `rho_cruise`).
- Ballistic missiles: a salvo of n is covered with probability expit(a + b log n); if covered, stops are
  beta-binomial (`ballistic_stop_covered`, `rho_ballistic_covered`), else none is stopped.
- Kills in the south: beta-binomial of the claimed kills, with the mean share of front and deep kills.
- Kills in the west: their mean is `west_kills_share` of the regime times the deep UAVs; on routine nights negative
  binomial, on massed nights none with probability 1 - `west_any_massed`, else 1 + NB; at most what is left.

Hours under alert, launch places and the start of a night are not drawn: nothing is fitted to them that a fact here
speaks of.
"""

import datetime as dt
from typing import NamedTuple

import numpy as np

from skyshield.calibrate.observations import Observations
from skyshield.core.arrays import Booleans, Days, Floats, Integers
from skyshield.evidence.fit_checks.draws import beta_share, binomial, negative_binomial
from skyshield.evidence.fit_checks.season import Launches, draw_launches
from skyshield.raids.fit import Fit

Row = dict[str, float]

_MIN_SHARE = 1e-9
_FRONT, _DEEP, _CRUISE, _BALLISTIC = range(4)
_UNIFORMS = ("leak", "front", "deep", "cruise_share", "cruise", "cover", "ballistic_share", "ballistic",
             "south_share", "south", "west", "day_raid", "day_part", "lost", "armed")


class Reporting(NamedTuple):
    """What the bulletins tell on which day: one element per day.

    `reported` a bulletin speaks of the day; `south`, `west` kills there are known; `apart` jamming is kept apart from
    kills; `armed` the share of launches for which the armed ones are counted; `exposure_h` the clock spoken of.
    """

    date: Days
    reported: Booleans
    south: Booleans
    west: Booleans
    apart: Booleans
    armed: Floats
    exposure_h: Floats


def full_reporting(first: "np.datetime64[dt.date]", n_days: int) -> Reporting:
    """Return days on which everything is told and kept apart, from `first` on.

    Examples
    --------
    >>> full_reporting(np.datetime64("2031-05-01"), 2).date.astype(str).tolist()
    ['2031-05-01', '2031-05-02']
    """
    every = np.ones(n_days, bool)
    days = np.arange(first, first + n_days, dtype="datetime64[D]")
    return Reporting(days, every, every, every, every, np.ones(n_days), np.full(n_days, np.nan))


def reporting_of(observations: Observations) -> Reporting:
    """Return what a record tells on which day, to make another that tells as much."""
    o = observations
    return Reporting(o.date, o.reported > 0, ~np.isnan(o.south_kills), ~np.isnan(o.west_kills), o.soft_stopped > 0,
                     o.armed_of / np.maximum(o.uav, 1), o.exposure_h)


def generate(fit: Fit, row: int, n_days: int, seed: int, replication: int, reporting: Reporting | None = None,
             ends_at_fit: bool = True, levels: Floats | None = None) -> Observations:
    """Draw a record from one row of a fit.

    Parameters
    ----------
    fit, row
        The truth.
    n_days
        Days of the record.
    seed, replication
        With the row they address every draw: records made with the same three from nearly the same parameters
        differ little.
    reporting
        What the bulletins tell; by default everything, on dates that end with the fit's window, or begin after it.
    ends_at_fit
        Whether the wandering levels reach the row's values on the last day (a record like the fit's own) or start
        from them (the time after).
    levels
        f8[day, level], a path of the levels to follow instead (`skyshield.evidence.fit_checks.levels.followed_levels`).

    Returns
    -------
    Observations

    Examples
    --------
    >>> from skyshield.raids.fit import embedded_fit
    >>> record = generate(embedded_fit(), 0, 30, 1, 0)
    >>> len(record.uav), bool((record.leakers <= record.uav).all())
    (30, True)
    """
    if reporting is None:
        last = np.datetime64(fit.window[1], "D")
        first = last - (n_days - 1) if ends_at_fit else last + 1
        reporting = full_reporting(first, n_days)
    seeds = np.random.SeedSequence([seed, row, replication])
    launches = draw_launches(fit, row, n_days, int(seeds.generate_state(1, np.uint64)[0]), ends_at_fit,
                             levels)
    drawn = np.random.default_rng(seeds.spawn(1)[0]).random((len(_UNIFORMS), n_days))
    u = dict(zip(_UNIFORMS, drawn, strict=True))
    return _observed(launches, dict(zip(fit.names, fit.rows[row].tolist(), strict=True)), u, reporting)


def _observed(launches: Launches, q: Row, u: dict[str, Floats], reporting: Reporting) -> Observations:
    counts = np.where(reporting.reported[:, None], launches.counts, 0)
    front, deep = counts[:, _FRONT], counts[:, _DEEP]
    leaked_front, leaked_deep = (
        binomial(u[stream], launched, beta_share(u["leak"], rate, q["rho_uav"]))
        for stream, launched, rate in (("front", front, _leak_front(q, launches)), ("deep", deep, q["leak_deep"])))
    uav, leakers = front + deep, leaked_front + leaked_deep
    south, west = _by_area(launches, q, u, counts, front - leaked_front, deep - leaked_deep)
    day_part = np.where(u["day_raid"] < q["p_day_raid"],
                        binomial(u["day_part"], uav, np.full(len(uav), q["day_raid_share"])), 0)
    apart = np.where(reporting.apart, uav - leakers, 0)
    unknown = np.full(len(uav), np.nan)
    armed_of = np.rint(reporting.armed * uav).astype(np.int64)
    return Observations(
        date=reporting.date, reported=reporting.reported.astype(np.uint8), uav=uav, leakers=leakers.astype(float),
        cruise=counts[:, _CRUISE].astype(float), cruise_stopped=_cruise_stopped(q, u, counts[:, _CRUISE]).astype(float),
        ballistic=counts[:, _BALLISTIC].astype(float),
        ballistic_stopped=_ballistic_stopped(q, u, counts[:, _BALLISTIC]).astype(float),
        south_kills=np.where(reporting.south & reporting.reported, south, np.nan),
        west_kills=np.where(reporting.west & reporting.reported, west, np.nan), west_named=(west > 0).astype(np.uint8),
        west_alert_h=unknown, centre_alert_h=unknown, exposure_h=reporting.exposure_h, uav_day_part=day_part,
        soft_lost=binomial(u["lost"], apart, np.full(len(uav), q["soft_share_of_stops"])), soft_stopped=apart,
        armed=binomial(u["armed"], armed_of, np.full(len(uav), 1.0 - q["decoy_share"])), armed_of=armed_of,
        start_h=unknown, by_place=np.zeros((len(uav), 0)))


def _leak_front(q: Row, launches: Launches) -> Floats:
    """Return the front stream's leak rate f8[night]."""
    return shifted(np.array(q["leak_front"]), launches.leak_shift)


def shifted(share: Floats, shift: Floats) -> Floats:
    """Return shares moved on the logit scale.

    Examples
    --------
    >>> shifted(np.array([0.5, 1.0]), np.log([3.0, 3.0])).round(6).tolist()
    [0.75, 1.0]
    """
    odds = np.exp(shift)
    return np.asarray(share * odds / (1.0 - share + share * odds))


def _cruise_stopped(q: Row, u: dict[str, Floats], launched: Integers) -> Integers:
    return binomial(u["cruise"], launched, beta_share(u["cruise_share"], q["cruise_intercept"], q["rho_cruise"]))


def _ballistic_stopped(q: Row, u: dict[str, Floats], launched: Integers) -> Integers:
    logit = q["ballistic_cover_intercept"] + q["ballistic_cover_slope"] * np.log(np.maximum(launched, 1))
    covered = u["cover"] < 1.0 / (1.0 + np.exp(-logit))
    share = beta_share(u["ballistic_share"], q["ballistic_stop_covered"], q["rho_ballistic_covered"])
    return binomial(u["ballistic"], np.where(covered, launched, 0), share)


def _by_area(launches: Launches, q: Row, u: dict[str, Floats], counts: Integers, killed_front: Integers,
             killed_deep: Integers) -> tuple[Integers, Integers]:
    """Draw the kills in the south and in the west."""
    kills = killed_front + killed_deep
    front, deep = counts[:, _FRONT] * (1.0 - _leak_front(q, launches)), counts[:, _DEEP] * (1.0 - q["leak_deep"])
    share = (front * q["south_share_front"] + deep * q["south_share_deep"]) / np.maximum(front + deep, 1.0)
    mean = np.clip(share, _MIN_SHARE, 1.0 - _MIN_SHARE)
    south = binomial(u["south"], kills, beta_share(u["south_share"], mean, q["rho_south"]))
    deep_uav = counts[:, _DEEP].astype(np.float64)
    routine = negative_binomial(u["west"], q["west_kills_share_routine"] * deep_uav, q["west_kills_size_routine"])
    p_any = q["west_any_massed"]
    above = (u["west"] - (1.0 - p_any)) / p_any  # uniform where there are any
    mean = np.asarray(q["west_kills_share_massed"] * deep_uav / p_any - 1.0, np.float64)
    any_kills = 1 + negative_binomial(np.maximum(above, 0.0), mean, q["west_kills_size_massed"])
    west = np.where(launches.massed == 0, routine, np.where((above > 0.0) & (deep_uav > 0.0), any_kills, 0))
    return south, np.minimum(west, kills - south)
