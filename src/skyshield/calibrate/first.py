"""The first form of the fit: catalogue draws and night indices. Not yet calibrated.

Nights are those of the record's last `resample_window` days (days without a row are nights without a
raid), or nights generated from the shipped monthly aggregates: for each of the last nine months as many
nights as it has days and as many big ones and combined raids as it had, sizes by the catalogue's quantiles,
scaled so that the month's totals come out exactly. Several such collections are made and each row of the
fit uses one of them.

Each row of the fit is a circular block bootstrap of the nights (blocks of `resample_block` days), so that
the doubt about what nights are like is carried as parameter uncertainty, and one draw of each parameter
of `FIT_KEYS` from its stated distribution. All draws are addressed; no two runs differ.

Missiles of rows that mix cruise and ballistic types are split in the window's known proportion.
"""

import calendar
from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

from skyshield.catalogue import Catalogue
from skyshield.core.errors import SkyShieldError
from skyshield.core.streams import PARAMETERS, name_key, parameter_uniforms, uniforms
from skyshield.raids.fit import NIGHT_PREFIX, NOT_CALIBRATED, Fit, significant
from skyshield.record import Record, daily, nightly
from skyshield.record.monthly import Monthly, load_monthly

Integers = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]

FIT_KEYS = ("leak_front", "leak_deep", "rho_uav", "cruise_intercept", "rho_cruise", "ballistic_intercept",
            "rho_ballistic", "decoy_share", "front_stream_threshold")
N_ROWS = 256
AGGREGATE_MONTHS = 9
AGGREGATE_POOLS = 8
_SEED = 0
_SECONDS_PER_DAY = 86400
_SECONDS_PER_YEAR = 31557600  # the unit library's Julian year
_MONTHS_PER_YEAR = 12
_BIG_TAIL = 0.10  # the catalogue gives big raids at 10, 50 and 90% ...
_ROUTINE_TAIL = 0.05  # ... and routine days at 5, 50 and 95%


def fit_record(record: Record, catalogue: Catalogue) -> Fit:
    """Return the fit of a record: its last nights, resampled.

    Raises
    ------
    SkyShieldError
        If the record holds no night that counts.
    """
    days = daily(nightly(record))
    if len(days.date) == 0:
        raise SkyShieldError("record", "holds no UAV or missile row that counts", "give a record with raids in it")
    wanted = int(catalogue["resample_window"].reference_si / _SECONDS_PER_DAY)
    keep = slice(-wanted, None)
    dates = days.date[keep]
    missiles = split_mixed(days.cruise[keep], days.ballistic[keep], days.mixed[keep])
    nights = np.stack([days.uav[keep], *missiles], axis=1).astype(np.int64)
    window = (str(dates[0]), str(dates[-1]))
    status = NOT_CALIBRATED
    if len(nights) < wanted:
        status += f"; the record holds {len(nights)} nights, fewer than the {wanted} that are resampled"
    return _rows(nights, len(nights), 1, catalogue, window, record.sha256,
                 f"{len(nights)} nights of the raid record given, {window[0]} to {window[1]}", status)


def fit_aggregates(catalogue: Catalogue, monthly: Monthly | None = None) -> Fit:
    """Return the shipped default: nights generated from the monthly aggregates."""
    table = load_monthly() if monthly is None else monthly
    months = range(len(table.month))[-AGGREGATE_MONTHS:]
    pools = [np.concatenate([_month_nights(table, m, pool, catalogue) for m in months])
             for pool in range(AGGREGATE_POOLS)]
    first, last = str(table.month[months[0]]), str(table.month[months[-1]])
    year, month = (int(part) for part in last.split("-"))
    window = (f"{first}-01", f"{last}-{calendar.monthrange(year, month)[1]:02d}")
    return _rows(np.concatenate(pools), len(pools[0]), AGGREGATE_POOLS, catalogue, window, table.provenance["sha256"],
                 f"nights generated from the shipped monthly counts, {first} to {last}")


def split_mixed(cruise: Integers, ballistic: Integers, mixed: Integers) -> tuple[Integers, Integers]:
    """Give missiles of unknown or mixed type to the two classes in the window's known proportion.

    The running total is rounded, not each night: many small nights keep the proportion too.

    Examples
    --------
    >>> [part.tolist() for part in split_mixed(np.array([3, 3]), np.array([1, 1]), np.array([0, 4]))]
    [[3, 6], [1, 2]]
    """
    known = cruise.sum() + ballistic.sum()
    share = cruise.sum() / known if known else 1 / 2
    so_far = np.rint(np.cumsum(mixed) * share).astype(np.int64)
    to_cruise: Integers = so_far - np.concatenate([[0], so_far[:-1]])
    return cruise + to_cruise, ballistic + mixed - to_cruise


def largest_remainder(weights: Floats, total: int) -> Integers:
    """Share a whole total out in proportion to weights, exactly.

    Examples
    --------
    >>> largest_remainder(np.array([1.0, 1.0, 2.0]), 9).tolist()
    [2, 2, 5]
    """
    exact = weights / weights.sum() * total
    parts: Integers = np.floor(exact).astype(np.int64)
    order = np.argsort(-(exact - parts), kind="stable")
    parts[order[: total - parts.sum()]] += 1
    return parts


def _month_nights(table: Monthly, month: int, pool: int, catalogue: Catalogue) -> Integers:
    from scipy.special import ndtri

    n = int(table.days["n_days"][month])
    key = name_key(f"aggregate nights {table.month[month]}")
    u = np.array([uniforms(np.uint64(_SEED), pool << 16 | PARAMETERS, night, key, 0) for night in range(n)])

    def size(z: Floats, low: str, mid: str, high: str, tail: float) -> Floats:
        middle, ends = np.log(catalogue[mid].reference_si), (np.log(catalogue[k].reference_si) for k in (low, high))
        below, above = ((end - middle) / ndtri(level) for end, level in zip(ends, (tail, 1.0 - tail), strict=True))
        return np.asarray(np.exp(middle + np.where(z < 0.0, below, above) * z))

    big = _first(u[:, 0], int(table.days["n_mass_raids"][month]))
    combined = _first(u[:, 2] - big, int(table.days["n_combined_raids"][month]))
    z = ndtri(u[:, 1])
    weights = np.where(big, size(z, "uav_big_raid_size_q10", "uav_big_raid_size_q50", "uav_big_raid_size_q90",
                                 _BIG_TAIL),
                       size(z, "uav_routine_day_q05", "uav_routine_day_q50", "uav_routine_day_q95", _ROUTINE_TAIL))
    share = _share_in_combined(table, catalogue)
    missile = (1.0 + u[:, 3]) * np.where(combined, share / max(1, combined.sum()),
                                         (1.0 - share) / max(1, (~combined).sum()))
    cruise, ballistic = split_mixed(*(table.counts[f"{kind}_launched"][[month]]
                                      for kind in ("cruise", "ballistic", "mixed")))
    return np.stack([largest_remainder(weights, int(table.counts["uav_launched"][month])),
                     largest_remainder(missile, int(cruise[0])), largest_remainder(missile, int(ballistic[0]))], axis=1)


def _first(order: Floats, number: int) -> npt.NDArray[np.bool_]:
    """Mark the `number` nights of lowest order."""
    marked = np.zeros(len(order), bool)
    marked[np.argsort(order, kind="stable")[:number]] = True
    return marked


def _share_in_combined(table: Monthly, catalogue: Catalogue) -> float:
    """Return the share of a year's missiles that come in combined raids."""
    missiles = sum(table.counts[f"{kind}_launched"][-_MONTHS_PER_YEAR:].sum()
                   for kind in ("cruise", "ballistic", "mixed"))
    in_combined = catalogue["combined_raids_per_year"].reference_si * _SECONDS_PER_YEAR \
        * catalogue["missiles_in_combined_raid"].reference_si
    return float(min(1.0, in_combined / max(1, missiles)))


def _rows(nights: Integers, n_per_row: int, n_pools: int, catalogue: Catalogue, window: tuple[str, str],
          sha256: str, source: str, status: str = NOT_CALIBRATED) -> Fit:
    columns: Mapping[str, Floats] = {
        key: significant(catalogue[key].ppf(parameter_uniforms(_SEED, f"fit {key}", 0, N_ROWS))) for key in FIT_KEYS}
    block = max(1, int(catalogue["resample_block"].reference_si / _SECONDS_PER_DAY))
    index = np.empty((N_ROWS, n_per_row), np.int64)
    key = name_key("fit nights")
    for row in range(N_ROWS):
        n_blocks = -(-n_per_row // block)
        starts = [int(uniforms(np.uint64(_SEED), row << 16 | PARAMETERS, b, key, 0)[0] * n_per_row)
                  for b in range(n_blocks)]
        steps = (np.array(starts)[:, None] + np.arange(block)).ravel()[:n_per_row] % n_per_row
        index[row] = row % n_pools * n_per_row + steps
    width = len(str(n_per_row - 1))
    names = (*FIT_KEYS, *(f"{NIGHT_PREFIX}{k:0{width}d}" for k in range(n_per_row)))
    rows = np.concatenate([np.stack(list(columns.values()), axis=1), index.astype(float)], axis=1)
    return Fit(names, rows, nights, window, sha256, source, status)
