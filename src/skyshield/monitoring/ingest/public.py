"""Rows of public records as observations, with the errors that their precision codes mean.

The tables of columns and codes are ``monitoring/data/formats.yaml``; what a code means in metres and seconds stands in
the catalogue (`place_radius_*`, `date_window_*`, `firms_pixel_*`), because somebody has to answer for it. What has no
column of its own goes into `text`, so that nothing of a row is lost.
"""

import functools
from collections.abc import Mapping

from skyshield.catalogue import load_catalogue
from skyshield.monitoring.ingest.cells import number, optional_count, optional_number, position
from skyshield.monitoring.ingest.context import Context, window
from skyshield.monitoring.ingest.faults import Code, RowError, shown
from skyshield.monitoring.ingest.native import BOUNDS
from skyshield.monitoring.ingest.places import country, place_of
from skyshield.monitoring.ingest.times import UNIFORM, Moment, moment, next_day_s, zone_of
from skyshield.monitoring.observation.model import Observation, tables

HOUR_S = 3600.0
METRES_PER_KM = 1000.0
REPORTED, SATELLITE = "reported", "satellite"
OVER_LIMIT, PLACE_UNKNOWN = "over_24_h", "place_unknown"


@functools.cache
def place_error_m(scheme: str, code: str) -> float:
    """Return the error per axis, in metres, that a place precision stands for: half of the radius, all places alike.

    Raises
    ------
    RowError
        ``code_unknown``.

    Examples
    --------
    >>> place_error_m("ucdp", "2")
    12500.0
    """
    return _of_catalogue(scheme, "place_radius", code, "place precision") / 2


@functools.cache
def date_window_s(scheme: str, code: str) -> float:
    """Return the width in seconds that a date precision stands for.

    Raises
    ------
    RowError
        ``code_unknown``.

    Examples
    --------
    >>> date_window_s("ucdp", "1")
    86400.0
    """
    return _of_catalogue(scheme, "date_window", code, "date precision")


def _of_catalogue(scheme: str, what: str, code: str, column: str) -> float:
    number(column, code)
    key = f"{scheme}_{what}_{float(code):g}"
    catalogue = load_catalogue()
    if key not in catalogue:
        raise RowError(Code.CODE_UNKNOWN, column, f"is {shown(code)}, which {scheme} does not have")
    return catalogue[key].reference_si


def _text(cells: Mapping[str, str], used: frozenset[str]) -> str | None:
    """Return what no column of an observation holds, as it was written."""
    return "; ".join(f"{name}: {cell}" for name, cell in cells.items() if name not in used) or None


_UCDP = frozenset(("id", "latitude", "longitude", "date_start", "date_end", "best"))


def read_ucdp(cells: Mapping[str, str], context: Context) -> Observation:
    """Return a fatal event of the Uppsala Conflict Data Program: a window of days, its sides and its deaths.

    Who fired is not coded, so no party is given. `killed` is the best estimate; low and high stand in the text, and
    their order is flagged where it is wrong.
    """
    zone = context.zone or zone_of(tables()["ucdp"]["zone"])
    start = moment("date_start", cells.get("date_start", ""), zone, date_allowed=True)
    end_s = next_day_s(cells.get("date_end", ""), "date_end", zone)
    width_s = max(end_s - start.time_s, date_window_s("ucdp", cells.get("date_prec", "")))
    time_s, end_s_or_none, error_s, flags = window(context, start, end_s, width_s / UNIFORM, dated=True)
    lon, lat = position("longitude", cells.get("longitude", ""), "latitude", cells.get("latitude", ""))
    low, best, high = (optional_count(cells, name) for name in ("low", "best", "high"))
    known = [value for value in (low, best, high) if value is not None]
    return Observation(
        source=context.source, time_s=time_s, time_end_s=end_s_or_none, time_error_s=error_s, lon=lon, lat=lat,
        position_error_m=place_error_m("ucdp", cells.get("where_prec", "")), method=REPORTED, killed=best,
        record_id=f"{number('id', cells.get('id', '')):.0f}", text=_text(cells, _UCDP),
        flags=flags if known == sorted(known) else (*flags, BOUNDS))


_ALERT = frozenset(("started_at", "finished_at"))


def read_alert(cells: Mapping[str, str], context: Context) -> Observation:
    """Return an air-raid alert of an oblast: a warning that was given, not a strike.

    One over the limit is flagged: merging districts chained neighbouring alerts.
    """
    region = cells.get("region", "")
    place = place_of(region)
    if place is None:
        raise RowError(Code.CODE_UNKNOWN, "region", f"is {shown(region)}, which is no oblast")
    start = moment("started_at", cells.get("started_at", ""), context.zone)
    end = moment("finished_at", cells.get("finished_at", ""), context.zone)
    time_s, end_s, error_s, flags = window(context, start, end.time_s + end.repeated_s, None)
    if end.time_s - start.time_s > tables()["limits"]["alert_h"] * HOUR_S:
        flags = (*flags, OVER_LIMIT)
    return Observation(
        source=context.source, time_s=time_s, time_end_s=end_s, time_error_s=error_s, lon=place[0], lat=place[1],
        position_error_m=place[2], method=REPORTED, text="air-raid alert; " + (_text(cells, _ALERT) or ""), flags=flags)


_RAID = frozenset(("time_start", "time_end", "model", "launched"))


def read_raid(cells: Mapping[str, str], context: Context) -> Observation:
    """Return a row of the daily reports of raids, one side's claim: what was launched in a window of Kyiv time.

    A date alone is its 00:00 as a start and the next day's 00:00 as an end. The place is the smallest circle about what
    the row names as target, or about the country.
    """
    zone = context.zone or zone_of(tables()["raids"]["zone"])
    start = moment("time_start", cells.get("time_start", ""), zone, date_allowed=True)
    end = moment("time_end", cells.get("time_end", ""), zone, date_allowed=True)
    end_s = next_day_s(cells["time_end"], "time_end", zone) if end.date_only else end.time_s + end.repeated_s
    time_s, end_s_or_none, error_s, flags = window(context, start, end_s, (end_s - start.time_s) / UNIFORM,
                                                   dated=end.date_only)
    place = place_of(cells.get("target", ""))
    if place is None:
        flags = (*flags, PLACE_UNKNOWN)
    lon, lat, error_m = place or country()
    return Observation(
        source=context.source, time_s=time_s, time_end_s=end_s_or_none, time_error_s=error_s, lon=lon, lat=lat,
        position_error_m=error_m, method=REPORTED, act="V1", weapon=cells.get("model"), party="RU",
        count=optional_count(cells, "launched"), text=_text(cells, _RAID), flags=flags)


_EXACT = "1"
_ACLED = frozenset(("event_id_cnty", "event_date", "latitude", "longitude", "fatalities"))


def read_acled(cells: Mapping[str, str], context: Context) -> Observation:
    """Return an event of ACLED: a day, or about a week or a month by its time precision; a place by its precision."""
    zone = context.zone or zone_of(tables()["acled"]["zone"])
    start = moment("event_date", cells.get("event_date", ""), zone, date_allowed=True)
    width_s = date_window_s("acled", cells.get("time_precision", ""))
    day_end_s = next_day_s(cells["event_date"], "event_date", zone)
    within = day_end_s if width_s <= date_window_s("acled", _EXACT) else None
    time_s, end_s, error_s, flags = window(context, start, within, width_s / UNIFORM, dated=True)
    lon, lat = position("longitude", cells.get("longitude", ""), "latitude", cells.get("latitude", ""))
    return Observation(
        source=context.source, time_s=time_s, time_end_s=end_s, time_error_s=error_s, lon=lon, lat=lat,
        position_error_m=place_error_m("acled", cells.get("geo_precision", "")), method=REPORTED,
        act=tables()["acled"]["acts"].get(cells.get("sub_event_type", "")), killed=optional_count(cells, "fatalities"),
        record_id=cells.get("event_id_cnty"), text=_text(cells, _ACLED), flags=flags)


_FIRMS = frozenset(("latitude", "longitude", "acq_date", "acq_time"))


def read_firms(cells: Mapping[str, str], context: Context) -> Observation:
    """Return a hot spot seen from a satellite: a fire is no shell, so no act is given.

    `acq_time` is UTC and comes as ``52``, ``0052`` or ``00:52:00``. The fire lies somewhere in the pixel, of which
    `scan` and `track` are the sides in kilometres; where they are not given, the catalogue's pixel counts.
    """
    start = _satellite_moment(cells.get("acq_date", ""), cells.get("acq_time", ""))
    time_s, end_s, error_s, flags = window(context, start, None, None)
    lon, lat = position("longitude", cells.get("longitude", ""), "latitude", cells.get("latitude", ""))
    return Observation(
        source=context.source, time_s=time_s, time_end_s=end_s, time_error_s=error_s, lon=lon, lat=lat,
        position_error_m=_pixel_m(cells) / UNIFORM, method=SATELLITE, sensor=cells.get("satellite"),
        text=_text(cells, _FIRMS), flags=flags)


def _pixel_m(cells: Mapping[str, str]) -> float:
    """Return the side of a pixel in metres: the longer one, for nobody says which way it lies."""
    viirs = optional_number(cells, "bright_ti4") is not None or cells.get("instrument") == "VIIRS"
    most_km = tables()["limits"]["pixel_km"]
    sides_km = [side for side in (optional_number(cells, name, 0, most_km) for name in ("scan", "track")) if side]
    if sides_km:
        return max(sides_km) * METRES_PER_KM
    return load_catalogue()["firms_pixel_viirs" if viirs else "firms_pixel_modis"].reference_si


def _satellite_moment(date: str, time: str) -> Moment:
    digits = time if ":" in time or not time else f"{time.zfill(4)[:2]}:{time.zfill(4)[2:]}"
    return moment("acq_date, acq_time", f"{date}T{digits}Z", None)
