"""Is the rate still that of the baseline? Two charts that look at each window as it comes.

**CUSUM.** S⁺ ← max(0, S⁺ + y - k⁺ e), S⁻ ← max(0, S⁻ + k⁻ e - y); alarm at S ≥ h, then from 0 again. k is quickest for
a rate that doubles or halves, h gives the run length that is asked for (`run_length`), each side twice that of both
together.

**E-detector** of the Shiryaev-Roberts form: Mⱼ ← (Mⱼ + 1) Lⱼ(y), Lⱼ the likelihood ratio of NB with a rate ρⱼ times
the baseline's against the baseline; alarm where the mean of Mⱼ over the ρⱼ reaches N. While the rate is the
baseline's, E[Mₙ] = n, hence the run length is at least N whatever the alternatives (Shin, Ramdas and Rinaldo,
E-detectors, New England Journal of Statistics in Data Science 2023).

Both take the baseline's mean and size as known. They are not: `lo` and `hi` are the run lengths at the ends of the
mean's 90% interval. Exposures are in units of their mean, k, h and mean in counts at it.
"""

import math
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from skyshield.core.arrays import Booleans, Floats
from skyshield.core.errors import SkyShieldError
from skyshield.monitoring.holding.counts import Moments, moments
from skyshield.monitoring.holding.run_length import DOWN, SIDES, UP, limit_for, reference_value, run_length
from skyshield.monitoring.holding.series import Series, day_text
from skyshield.monitoring.holding.settings import DAY_S, YEAR_DAYS, settings


class Alarm(NamedTuple):
    """An alarm: the window at whose end it was given, its side, and for a CUSUM the first window that led to it."""

    date: str
    side: str
    since: str | None = None

    def to_dict(self) -> dict[str, str]:
        """Return plain data for JSON."""
        return {name: value for name, value in self._asdict().items() if value is not None}


class Side(NamedTuple):
    """One side of a CUSUM: reference value, limit, and run lengths: at the mean, and over its 90% interval."""

    k: float
    h: float
    arl: float
    arl_lo: float
    arl_hi: float
    exact: bool


@dataclass(frozen=True)
class Baseline:
    """What the charts compare with.

    Attributes
    ----------
    first, last
        First and last day.
    windows
        How many windows.
    mean, size
        Of a count at the mean exposure of the series.
    size_from
        ``baseline``, or ``posterior`` where counts of the baseline vary no more than Poisson's.
    mean_error
        Standard error of the mean.
    given
        Whether it was given, or is the beginning of the series.
    """

    first: str
    last: str
    windows: int
    mean: float
    size: float
    size_from: str
    mean_error: float
    given: bool


@dataclass(frozen=True)
class Charts:
    """Both charts and their alarms, in the order of time."""

    baseline: Baseline
    sides: dict[str, Side]
    arl: float
    alarms: tuple[Alarm, ...]
    threshold: float
    e_alarms: tuple[Alarm, ...]


def charts_of(series: Series, size: float, days: tuple[np.datetime64, np.datetime64] | None = None,
              k: float | None = None, h: float | None = None, arl: float | None = None) -> Charts:
    """Return the charts of a series after its baseline.

    Parameters
    ----------
    series
        What was counted.
    size
        Posterior median of the size per unit of exposure, used where the baseline tells none.
    days
        First and last day of the baseline; the beginning of the series if not given.
    k, h
        Of the chart of rises; chosen if not given.
    arl
        Run length in windows of both sides together; ten years of windows if not given.

    Raises
    ------
    SkyShieldError
        Exit code 2 if the baseline has fewer than two windows, or a figure is out of its range.
    """
    longest = settings()["chart"]["longest_arl"]
    if arl is not None and not 1 <= arl <= longest:
        raise SkyShieldError("--arl", f"is {arl:g}", f"give a number of windows from 1 to {longest:g}")
    unit = series.exposure / series.exposure.mean()
    inside = _baseline_windows(series, days)
    base = _baseline(series, inside, unit, size * float(series.exposure.mean()), given=days is not None)
    if arl is None:
        window_days = float(np.median((series.end - series.start).astype(np.int64))) / DAY_S
        arl = max(1.0, settings()["chart"]["years_between_false_alarms"] * YEAR_DAYS / window_days)
    up = _side(base, UP, k, h, 2 * arl)
    down = _side(base, DOWN, None, None, max(1.0, up.arl if h is not None else 2 * arl))
    sides = {UP: up, DOWN: down}
    together = 1 / (1 / up.arl + 1 / down.arl)
    threshold = together if h is not None else arl
    after = np.flatnonzero(series.start > series.start[inside].max())
    return Charts(base, sides, together, _cusum(series, unit, after, sides), threshold,
                  _e_detector(series, unit, after, base, threshold))


def _baseline_windows(series: Series, days: tuple[np.datetime64, np.datetime64] | None) -> Booleans:
    of = settings()["chart"]
    if days is None:
        windows = min(len(series), max(of["baseline_least"], round(of["baseline_share"] * len(series))))
        return np.asarray(np.arange(len(series)) < windows, np.bool_)
    first, last = days
    if last < first:
        raise SkyShieldError("--baseline", f"ends ({last}) before it starts ({first})", "give its first day first")
    inside: Booleans = (series.start >= first) & (series.end <= last + np.timedelta64(1, "D"))
    if inside.sum() < 2:
        raise SkyShieldError("--baseline", f"holds {inside.sum()} whole windows of the series "
                             f"({day_text(series.start[0])} to {day_text(series.end[-1])})", "give at least two")
    return inside


def _baseline(series: Series, inside: Booleans, unit: Floats, posterior_size: float, given: bool) -> Baseline:
    found = moments(series.count[inside], unit[inside])
    size_from = "baseline"
    if found.mean == 0:
        found = Moments(settings()["chart"]["least_events"] / float(unit[inside].sum()), math.inf, math.inf)
    if math.isinf(found.size):
        size_from = "posterior"
        error = math.sqrt(found.mean * (1 + found.mean / posterior_size) / float(unit[inside].sum()))
        found = Moments(found.mean, posterior_size, error)
    first, last = series.start[inside].min(), series.end[inside].max() - np.timedelta64(1, "s")
    return Baseline(str(first.astype("datetime64[D]")), str(last.astype("datetime64[D]")), int(inside.sum()),
                    found.mean, found.size, size_from, found.mean_error, given)


def _side(base: Baseline, side: str, k: float | None, h: float | None, arl: float) -> Side:
    if k is not None and not 0 < k < math.inf:
        raise SkyShieldError("--k", f"is {k:g}", "give a number over 0")
    chosen_k = reference_value(base.mean, base.size, side) if k is None else k
    chosen_h = limit_for(arl, base.mean, chosen_k, base.size, side) if h is None else h
    own = run_length(base.mean, chosen_k, chosen_h, base.size, side=side)
    margin = settings()["chart"]["confidence_z"] * base.mean_error
    least = settings()["chart"]["least_share"] * base.mean
    ends = sorted(run_length(max(least, base.mean + by), chosen_k, chosen_h, base.size, side=side).arl
                  for by in (-margin, margin))
    return Side(chosen_k, chosen_h, own.arl, ends[0], ends[1], own.exact)


def _cusum(series: Series, unit: Floats, after: np.ndarray[tuple[int], np.dtype[np.int64]],
           sides: dict[str, Side]) -> tuple[Alarm, ...]:
    alarms, rounding = [], settings()["chart"]["lattice_error"]
    for name in SIDES:
        side, sign = sides[name], 1 if name == UP else -1
        total, since = 0.0, None
        for i in after:
            total = max(0.0, total + sign * (series.count[i] - side.k * unit[i]))
            since = None if total == 0 else i if since is None else since
            if total >= side.h * (1 - rounding) and since is not None:
                alarms.append((i, Alarm(day_text(series.start[i]), name, day_text(series.start[since]))))
                total, since = 0.0, None
    return tuple(alarm for _, alarm in sorted(alarms))


def _e_detector(series: Series, unit: Floats, after: np.ndarray[tuple[int], np.dtype[np.int64]], base: Baseline,
                threshold: float) -> tuple[Alarm, ...]:
    ratio = np.array(settings()["e_detector"]["ratios"])
    ratios = np.concatenate((ratio, 1 / ratio))
    means = base.mean * ratios
    # ln L = r e ln(p1 / p0) + y ln((1 - p1) / (1 - p0)) with p = r / (r + m)
    per_exposure = base.size * np.log((base.size + base.mean) / (base.size + means))
    per_count = np.log(ratios) + np.log((base.size + base.mean) / (base.size + means))
    log_m = np.full(len(ratios), -np.inf)
    alarms = []
    for i in after:
        log_m = np.logaddexp(log_m, 0.0) + per_exposure * unit[i] + per_count * series.count[i]
        top = log_m.max()
        if top + math.log(float(np.exp(log_m - top).mean())) >= math.log(threshold):
            rises = np.logaddexp.reduce(log_m[:len(ratio)]) >= np.logaddexp.reduce(log_m[len(ratio):])
            alarms.append(Alarm(day_text(series.start[i]), UP if rises else DOWN))
            log_m = np.full(len(ratios), -np.inf)
    return tuple(alarms)
