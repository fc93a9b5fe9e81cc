"""Known traps of the record: how many rows each one affects, with figures.

Eleven traps have a number; each is reported for every file, also where it affects no row. What
else looks odd in a file (an unknown weapon, more stopped than launched, a row given twice) is reported
by name, and only where it occurs. Nothing here changes a figure.
"""

import difflib
from collections.abc import Callable, Iterable
from typing import Any

import numpy as np

from skyshield.record.alerts import Alerts
from skyshield.record.clock import HOUR_S, timestamp_s
from skyshield.record.coverage import covered_hours
from skyshield.record.left_out import left_out
from skyshield.record.names import CLASSES, reading
from skyshield.record.nights import daily, nightly, rows_without_losses, union_h, window_s
from skyshield.record.reader import LOSSES, REPEATS, Record, Row

Finding = tuple[int, str]
_NAMES_SHOWN = 5


def warnings(record: Record, alerts: Alerts | None = None) -> list[dict[str, Any]]:
    """Return an entry for each trap.

    Parameters
    ----------
    record
        What `read_record` returned.
    alerts
        What `read_alerts` returned; with it, quiet days are distinguished from unreported ones by the hours under
        alert in the west and the centre.

    Returns
    -------
    list of dict
        ``trap`` (1 to 11, or a name), ``rows`` (how many rows it affects) and ``what`` (one
        sentence). Traps 1 to 11 are always present, in order.
    """
    numbered: tuple[Callable[[Record], Finding], ...] = (
        _claims, _repeats, _meaning_of_destroyed, _decoys, _hit_places, _merged_types, _launch_places,
        _over_midnight, _incomplete_years, _empty_cells)
    numbered_findings = [(number, *describe(record)) for number, describe in enumerate(numbered, start=1)]
    numbered_findings.append((len(numbered_findings) + 1, *_silence(record, alerts)))
    named: tuple[tuple[str, Callable[[Record], Finding]], ...] = (
        ("unknown_model", _unknown_models), ("losses_absent", _losses_absent),
        ("losses_partly_absent", _losses_partly_absent), ("counts_absent", _counts_absent),
        ("more_than_launched", _more_than_launched), ("same_row_twice", _same_row), ("long_window", _long_windows),
        ("no_source", _no_source), ("times_with_offset", _with_offset), ("absent_columns", _absent_columns))
    entries = [{"trap": trap, "rows": rows, "what": what} for trap, rows, what in numbered_findings]
    for name, describe in named:
        rows, what = describe(record)
        if rows:
            entries.append({"trap": name, "rows": rows, "what": what})
    return entries


def _total(rows: Iterable[Row], column: str = "launched") -> int:
    return sum(getattr(row, column) or 0 for row in rows)


def _of_classes(rows: Iterable[Row], *classes: str) -> list[Row]:
    return [row for row in rows if row.threat_class in classes]


def _share(part: float, whole: float) -> str:
    """Return a share in percent; a text of its own where there is nothing to divide by."""
    return f"{part / whole:.1%}" if whole else "no share"


def _stopped(rows: Iterable[Row]) -> int:
    return sum((row.destroyed or 0) + (row.lost or 0) for row in rows)


def _claims(record: Record) -> Finding:
    return len(record.kept), (
        f"all {len(record.kept):,} rows that count are claims of the defender, checked by nobody; "
        "try every conclusion at lower rates of interception")


def _repeats(record: Record) -> Finding:
    regional = [row for row in _of_classes(record.rows, *CLASSES) if not row.national]
    dropped = [row for row in regional if not row.kept]
    national = [row for row in record.kept if row.national]
    uav = [_total(_of_classes(rows, CLASSES[0])) for rows in (record.kept, national, [*national, *regional])]
    other_class = [row for row in dropped if not row.meets_own_class]
    by_class = ", ".join(f"{name} {_total(rows):,}" for name in CLASSES if (rows := _of_classes(other_class, name)))
    return len(regional), (
        f"{len(regional):,} regional rows name a counted class: {len(dropped):,} meet a national bulletin and are "
        f"dropped, {len(record.orphans):,} stand alone and are kept; UAVs launched {uav[0]:,} "
        f"(none kept {uav[1]:,}, all kept {uav[2]:,}); of what is dropped, {len(other_class):,} rows with "
        f"{_total(other_class):,} launches{f' ({by_class})' if by_class else ''} meet no national row of their class")


def _meaning_of_destroyed(record: Record) -> Finding:
    if not record.losses_reported:
        return 0, (f"the file has no {LOSSES}, so what was lost to jamming is unknown, and whether destroyed holds it "
                   "too cannot be told")
    uav = _of_classes(record.kept, CLASSES[0])
    rows_with_losses = [row for row in uav if row.lost]
    launched = _by_month(uav)
    launched_with_losses = _by_month(rows_with_losses)
    separate_months = [month for month, total in launched.items() if 2 * launched_with_losses.get(month, 0) > total]
    head = f"{len(rows_with_losses):,} UAV rows count losses to jamming apart from kills"
    if not separate_months:
        return len(rows_with_losses), (
            f"{head}, in no month for most UAVs; neutralised is destroyed plus lost throughout")
    inside = [row for row in uav if separate_months[0] <= row.month <= separate_months[-1]]
    after = [row for row in uav if row.month > separate_months[-1]]
    shares = [f"{_share(_total(rows, 'destroyed'), _total(rows))} destroyed and "
              f"{_share(_stopped(rows), _total(rows))} neutralised" for rows in (inside, after)]
    return len(rows_with_losses), (
        f"{head}, for most UAVs of {len(separate_months)} months from {separate_months[0]} to {separate_months[-1]}: "
        f"{shares[0]} in that time, {shares[1]} after; compare months by neutralised (destroyed plus lost) only; "
        f"{len(rows_without_losses(record)):,} rows leave their losses empty there and are unknown to a fit")


def _by_month(rows: Iterable[Row]) -> dict[str, int]:
    """Sum launches by month, in order of time."""
    sums: dict[str, int] = {}
    for row in rows:
        sums[row.month] = sums.get(row.month, 0) + (row.launched or 0)
    return dict(sorted(sums.items()))


def _decoys(record: Record) -> Finding:
    uav = _of_classes(record.kept, CLASSES[0])
    shares = [row.is_shahed / row.launched for row in uav if row.is_shahed is not None and row.launched]
    armed_text = "none says how many were armed"
    if shares:
        low, middle, high = np.quantile(shares, reading()["facts"]["quartiles"])
        armed_text = (f"{len(shares):,} say how many were Shaheds: {middle:.0%} of launches in the median row "
                      f"(quartiles {low:.0%} and {high:.0%})")
    return len(uav), f"{len(uav):,} UAV rows count decoys as launches; {armed_text}"


def _hit_places(record: Record) -> Finding:
    rows = [row for row in _of_classes(record.kept, CLASSES[0]) if row.hit_locations is not None]
    if not record.losses_reported:
        return len(rows), (f"{len(rows):,} UAV rows count the places hit, not the weapons that hit them; without "
                           f"{LOSSES} the UAVs unaccounted for are unknown")
    open_fate = _total(rows) - _stopped(rows) - _total(rows, "still_attacking")
    ratio = f"{_total(rows, 'hit_locations') / open_fate:.2f}" if open_fate > 0 else "no"
    return len(rows), (f"{len(rows):,} UAV rows count the places hit, not the weapons that hit them: {ratio} "
                       "places per UAV unaccounted for")


def _merged_types(record: Record) -> Finding:
    ballistic = _of_classes(record.kept, "ballistic")
    merged = [row for row in ballistic if len(row.types) > 1]
    if not merged:
        return 0, "no ballistic row names two types together"
    pairs: dict[str, list[Row]] = {}
    for row in merged:
        pairs.setdefault(" with ".join(row.types), []).append(row)
    merged_text = "; ".join(f"{name} {len(rows):,}, from {min(row.month for row in rows)}, {_total(rows):,} launched"
                            for name, rows in sorted(pairs.items()))
    months = {row.month for row in merged}
    rows = [row for row in ballistic if row.month in months]
    alone = [row for row in rows if len(row.types) == 1]
    return len(merged), (
        f"{len(merged):,} ballistic rows name two types together ({merged_text}), so rates by type break there: in the "
        f"{len(months)} months that have them {_share(_stopped(rows), _total(rows))} stopped with them, "
        f"{_share(_stopped(alone), _total(alone))} without")


def _launch_places(record: Record) -> Finding:
    lists = [row for row in record.kept if len(row.launch_places) > 1]
    silent = sum(1 for row in record.kept if not row.launch_places)
    return len(lists), (f"{len(lists):,} rows list several launch places without counts, so any split among them is an "
                        f"assumption; {silent:,} name none")


def _over_midnight(record: Record) -> Finding:
    over_midnight = [row for row in record.kept if row.start.date() < row.date]
    nights = nightly(record)
    both = nights.date.size - np.unique(nights.date).size
    late = _ends_late(record)
    return len(over_midnight), (
        f"{len(over_midnight):,} rows run over midnight and are dated by their end; {both:,} dates hold a night and a "
        f"day part; {len(late):,} rows lie mostly after their date's 18:00 and stay on that date; windows are the "
        "bulletin's, not times of arrival")


def _ends_late(record: Record) -> list[Row]:
    """Return rows, timed at both ends, that lie mostly in the next operational day."""
    late = []
    for row in record.kept:
        if row.end_date_only:
            continue
        night_start = row.end.replace(hour=reading()["clock"]["night_from_h"], minute=0, second=0)
        after, before = row.end - max(row.start, night_start), min(row.end, night_start) - row.start
        if row.end >= night_start and after >= before:
            late.append(row)
    return late


def _incomplete_years(record: Record) -> Finding:
    limit = reading()["facts"]["incomplete_to"]
    all_months = sorted({row.month for row in record.kept if row.month <= limit})
    early = [row for row in _of_classes(record.kept, "ballistic") if row.month <= limit]
    launched = _by_month(early)
    without = [month for month in all_months if not launched.get(month)]
    named = f" ({', '.join(without)})" if without else ""
    return len(early), (
        f"{len(early):,} ballistic rows up to {limit}, when bulletins left out many ballistic missiles and S-300: "
        f"{len(without):,} of {len(all_months):,} months there have none{named}; the file starts on "
        f"{min(row.start for row in record.rows):%Y-%m-%d}")


def _empty_cells(record: Record) -> Finding:
    kept = record.kept
    dates = [row for row in kept if row.start_date_only or row.end_date_only]
    national = sum(1 for row in dates if row.national)
    no_launched = [row for row in kept if row.launched is None]
    no_destroyed = [row for row in kept if row.destroyed is None]
    years = sorted({row.date.year for row in dates})
    return len({row.line for row in (*dates, *no_launched, *no_destroyed)}), (
        f"{len(dates):,} rows ({national:,} national{', ' + _years(years) if years else ''}) carry a date without a "
        f"time, read as whole days; {len(no_launched):,} have no launched and {len(no_destroyed):,} no destroyed "
        "count, which add nothing to sums; times are Kyiv local with daylight saving")


def _years(years: list[int]) -> str:
    return str(years[0]) if len(years) == 1 else f"{years[0]} to {years[-1]}"


def _silence(record: Record, alerts: Alerts | None) -> Finding:
    n_months = reading()["facts"]["coverage_months"]
    uav = _of_classes(record.kept, CLASSES[0])
    if not uav:
        return 0, "no UAV bulletin counts, so the clock is not covered at all"
    last = np.datetime64(max(row.date for row in record.rows), "D")
    first = max((last.astype("datetime64[M]") - (n_months - 1)).astype("datetime64[D]"),
                np.datetime64(min(row.date for row in record.rows), "D"))
    recent = [row for row in uav if np.datetime64(row.date, "D") >= first]
    clock_h = (_midnight_s(last + 1) - _midnight_s(first)) / HOUR_S
    windows = sorted({window_s(row) for row in recent})
    mean_h = float(np.mean([(end - start) / HOUR_S for start, end in windows])) if windows else 0.0
    national_h = union_h(window_s(row) for row in recent if row.national)
    days = daily(nightly(record))
    silent = np.setdiff1d(days.date, np.array([row.date for row in uav], "datetime64[D]"))
    silent_text = _compared_with_alerts(silent, days.date, alerts) if alerts is not None else (
        "no row does not mean no raid: alerts tell the two apart")
    return len(recent), (
        f"from {first} to {last} UAV bulletins cover {_share(union_h(windows), clock_h)} of the clock (national alone "
        f"{_share(national_h, clock_h)}) in windows of {mean_h:.1f} h on average, so a count is per window; "
        f"{silent.size:,} of {days.date.size:,} days of the file have no UAV row; {silent_text}")


def _midnight_s(date: np.datetime64) -> float:
    return timestamp_s(date.astype("datetime64[s]").item())


def _compared_with_alerts(silent: Any, all_days: Any, alerts: Alerts) -> str:
    """Compare hours under alert on days without a UAV row with those on the other days."""
    known = set(alerts.region.tolist())
    oblasts = [name for name in reading()["reliable_oblasts"] if name in known]
    if not oblasts:
        return "the alerts name none of the oblasts that tell quiet days"
    hours = covered_hours(alerts, oblasts)
    total_h = hours.mean_h * len(oblasts)
    covered = np.isfinite(total_h)
    quiet = total_h[covered & np.isin(hours.date, silent)]
    loud = total_h[covered & np.isin(hours.date, np.setdiff1d(all_days, silent))]
    dropped = f"{alerts.n_dropped:,} alerts over {reading()['limits']['alert_h']} h dropped"
    if not quiet.size or not loud.size:
        return f"the alerts share no such day with the record ({dropped})"
    usual_h = float(np.median(loud))
    return (f"alerts in {len(oblasts)} western and central oblasts cover {quiet.size:,} of these days: a median of "
            f"{np.median(quiet):.1f} oblast-hours, {usual_h:.1f} on the other days, and "
            f"{int((quiet >= usual_h).sum()):,} of them reach that ({dropped})")


def _unknown_models(record: Record) -> Finding:
    omitted = left_out(record)
    repeats = [row for row in record.rows if not row.known_model and row.why_dropped == REPEATS]
    text = omitted.text() if omitted.rows else "no launches are left out for a name that is not in the table"
    more = f"; {len(repeats):,} more such rows are regional and meet a national bulletin" if repeats else ""
    return omitted.rows + len(repeats), text + more


def _losses_absent(record: Record) -> Finding:
    rows = 0 if record.losses_reported else len(_of_classes(record.kept, CLASSES[0]))
    near = difflib.get_close_matches(LOSSES, record.unread, n=1)
    like = f" (is {near[0]!r} meant for it?)" if near else ""
    return rows, (f"the file has no column {LOSSES}{like}: losses to jamming are unknown, not none, so no share of "
                  "UAVs neutralised or through is told or fitted; if its bulletins count them as destroyed, add the "
                  "column and leave it empty")


def _more_than_launched(record: Record) -> Finding:
    rows = [row for row in record.rows if row.launched is not None and (
        (row.destroyed or 0) + (row.lost or 0) + (row.still_attacking or 0) > row.launched
        or (row.is_shahed or 0) > row.launched)]
    lines = ", ".join(str(row.line) for row in rows[:_NAMES_SHOWN])
    return len(rows), (f"{len(rows):,} rows claim more stopped, still flying or armed than were launched, and are "
                       f"counted as they stand (line {lines}{' …' if len(rows) > _NAMES_SHOWN else ''})")


def _same_row(record: Record) -> Finding:
    rows = [row for row in record.rows if row.same_as_line is not None]
    return len(rows), (f"{len(rows):,} rows repeat an earlier row in every cell and are counted again "
                       f"({sum(1 for row in rows if row.kept):,} in the classes)")


def _long_windows(record: Record) -> Finding:
    limit_h = reading()["limits"]["long_window_h"]
    rows = [row for row in record.rows if (row.end - row.start).total_seconds() > limit_h * HOUR_S]
    lines = ", ".join(str(row.line) for row in rows[:_NAMES_SHOWN])
    return len(rows), f"{len(rows):,} windows are longer than {limit_h} h, which no bulletin's is (line {lines})"


def _no_source(record: Record) -> Finding:
    rows = [row for row in record.rows if not row.source]
    return len(rows), f"{len(rows):,} rows name no source and are read as regional"


def _losses_partly_absent(record: Record) -> Finding:
    rows = rows_without_losses(record) if record.losses_reported else []
    uav = _of_classes(record.kept, CLASSES[0])
    if _total(rows) <= reading()["limits"]["named_warning_share"] * _total(uav):
        return 0, ""
    return len(rows), (
        f"{len(rows):,} UAV rows leave {LOSSES} empty in a month in which other rows tell losses apart: 0 in the "
        f"table of months, unknown to a fit and a backtest ({_total(rows):,} launched)")


def _counts_absent(record: Record) -> Finding:
    no_launched = [row for row in record.kept if row.launched is None]
    no_destroyed = [row for row in record.kept if row.destroyed is None]
    rows = {row.line for row in (*no_launched, *no_destroyed)}
    if len(rows) <= reading()["limits"]["named_warning_share"] * len(record.kept):
        return 0, ""
    return len(rows), (
        f"{len(no_launched):,} rows that count give no number launched and {len(no_destroyed):,} none destroyed: 0 in "
        "the table of months, unknown to a fit and a backtest")


def _with_offset(record: Record) -> Finding:
    rows = sum(1 for row in record.rows if row.with_offset)
    return rows, f"{rows:,} rows give times with an offset from UTC, converted to Kyiv local time"


def _absent_columns(record: Record) -> Finding:
    absent = [name for name in record.absent if name != LOSSES]
    near = {name: difflib.get_close_matches(name, record.unread, n=1) for name in absent}
    named = [f"{name} (is {near[name][0]!r} meant for it?)" if near[name] else name for name in absent]
    flying = "; that none was still in flight is assumed" if "still_attacking" in absent else ""
    return len(record.rows) if absent else 0, (
        f"the file lacks the columns {', '.join(named)}: unknown throughout{flying}")
