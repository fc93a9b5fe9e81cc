"""Tables of ceasefire violations as the OSCE mission's daily reports printed them.

A position is a place said by distance and direction from a city (``57km north-east of Donetsk``), maybe from a village
that is said so (``1.5km north-east of Hnutove (20km north-east of Mariupol)``), an event by distance and direction from
the position (``2-5km ESE``), times are local. The event lies where the two lead on the ellipsoid.
Errors, one standard deviation: of a distance ``d`` told in steps ``w`` or as a range of that width ``w/√12`` together
with a share ``s·d`` for the ear (`osce_distance_error_share`); of a direction the width of one of sixteen points over
√12. Per axis that is ``√((σ_d² + (d·σ_θ)²)/2)``, added in squares for position and event.
"""

import datetime as dt
import functools
import math
import re
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from skyshield.catalogue import load_catalogue
from skyshield.monitoring.ingest.cells import number, optional_count, position
from skyshield.monitoring.ingest.context import Context, window
from skyshield.monitoring.ingest.faults import Code, RowError, shown
from skyshield.monitoring.ingest.places import place_of
from skyshield.monitoring.ingest.times import UNIFORM, Moment, moment, zone_of
from skyshield.monitoring.observation.model import Observation, tables

OSCE = "osce"
METRES = {"km": 1000.0, "m": 1.0}
MINUTE_S = 60.0
DISTANCE_UNKNOWN = "distance_unknown"
_OFFSET = re.compile(r"(\d+(?:\.\d+)?)(?:\s*[-–]\s*(\d+(?:\.\d+)?))?\s*(km|m)\s+([a-z-]+)", re.ASCII | re.IGNORECASE)
_FROM = re.compile(_OFFSET.pattern + r"\s+(?:of|from)\s+([^(),;]+)", re.IGNORECASE)
_CITY_CENTRE = re.compile(r"\s+(city\s+)?centre$|\s+city$", re.IGNORECASE)
_UNTIL = re.compile(r"\s*[-–]\s*(\d{1,2}:\d\d)$")


class Offset(NamedTuple):
    """A distance and a bearing with their errors."""

    distance_m: float
    distance_error_m: float
    bearing_deg: float
    bearing_error_deg: float

    @property
    def axis_error_m(self) -> float:
        """The error on each axis of the place that it leads to."""
        across_m = self.distance_m * math.radians(self.bearing_error_deg)
        return math.sqrt((self.distance_error_m**2 + across_m**2) / 2)


@functools.cache
def _bearings() -> dict[str, int]:
    """Return the place of each of the sixteen points by its name and by its letters."""
    names = tables()[OSCE]["points"]
    letters = ["".join(word[0] for word in name.split("-")) for name in names]
    return {name: place for place, pair in enumerate(zip(names, letters, strict=True)) for name in pair}


def offset(column: str, low: str, high: str | None, unit: str, point: str) -> Offset:
    """Return what a distance, or a range of it, and a point of the compass say.

    Raises
    ------
    RowError
        ``code_unknown`` for a point that is not one of the sixteen, ``number_invalid`` for a distance beyond limits.

    Examples
    --------
    >>> told = offset("event_location", "2", "4", "km", "ESE")
    >>> told.distance_m, told.bearing_deg
    (3000.0, 112.5)
    """
    place = _bearings().get(point.casefold())
    if place is None:
        raise RowError(Code.CODE_UNKNOWN, column, f"says {shown(point)}, which is no point of the compass")
    catalogue = load_catalogue()
    metres = METRES[unit.casefold()]
    most = tables()["limits"]["distance_m"] / metres
    first_m, last_m = (number(column, value, 0, most) * metres for value in (low, high or low))
    distance_m = (first_m + last_m) / 2
    width_m = abs(last_m - first_m) or catalogue["osce_distance_step"].reference_si
    by_ear_m = catalogue["osce_distance_error_share"].reference_si * distance_m
    point_deg = tables()["limits"]["full_circle_deg"] / len(tables()[OSCE]["points"])
    return Offset(distance_m, math.hypot(width_m / UNIFORM, by_ear_m), place * point_deg, point_deg / UNIFORM)


def _moved(lon: float, lat: float, by: Offset) -> tuple[float, float]:
    from pyproj import Geod

    east, north, _ = Geod(ellps="WGS84").fwd(lon, lat, by.bearing_deg, by.distance_m)
    return float(east), float(north)


def _position(cells: Mapping[str, str], text: str) -> tuple[float, float, float]:
    """Return where the observer stood, and the error per axis: from coordinates, or from a city by the text."""
    if cells.get("lon") or cells.get("lat"):
        lon, lat = position("lon", cells.get("lon", ""), "lat", cells.get("lat", ""))
        return lon, lat, 0.0
    steps = list(_FROM.finditer(text))
    name = _CITY_CENTRE.sub("", steps[-1].group(5).strip()) if steps else text.partition("(")[0].strip()
    place = place_of(name)
    if place is None:
        raise RowError(Code.CODE_UNKNOWN, "position", f"is {shown(text)}, write it as '57km north-east of Donetsk' or "
                       "give lon and lat")
    for step in reversed(steps):  # 1.5km north-east of Hnutove (20km north-east of Mariupol)
        by = offset("position", *step.groups()[:4])
        place = (*_moved(place[0], place[1], by), math.hypot(place[2], by.axis_error_m))
    return place


def read_osce(cells: Mapping[str, str], context: Context) -> Observation:
    """Return the observation of a row of such a table.

    Raises
    ------
    RowError
        What is wrong with it.
    """
    table = tables()[OSCE]
    time_s, end_s, error_s, flags = _time(_one_of(cells, table["moment"]), context)
    station = _one_of(cells, table["position"])
    sensor_lon, sensor_lat, station_error_m = _position(cells, station)
    place: dict[str, Any] = {"lon": sensor_lon, "lat": sensor_lat}
    where = cells.get("event_location", "")
    found = _OFFSET.search(where)
    if found is not None:
        by = offset("event_location", *found.groups())
        place = dict(zip(("lon", "lat"), _moved(sensor_lon, sensor_lat, by), strict=True)) | by._asdict()
        event_error_m = by.axis_error_m
    elif not where or where.casefold() in table["no_value"]:
        event_error_m, flags = load_catalogue()["osce_hearing_reach"].reference_si / 2, (*flags, DISTANCE_UNKNOWN)
    else:
        raise RowError(Code.CODE_UNKNOWN, "event_location", f"is {shown(where)}, write it as 2-5km ESE")
    method = _first_word(table["means"], cells.get("means", ""))
    if method is None:
        raise RowError(Code.CODE_UNKNOWN, "means", f"is {shown(cells.get('means', ''))}")
    seen, description = cells.get("observation", ""), cells.get("description", "")
    weapon = cells.get("weapon", "")
    return Observation(
        source=context.source, time_s=time_s, time_end_s=end_s, time_error_s=error_s, method=method, **place,
        position_error_m=math.hypot(station_error_m, event_error_m), sensor=station or None, sensor_lon=sensor_lon,
        sensor_lat=sensor_lat, act=_first_word(table["acts"], seen), count=_count(cells, table),
        direction=_first_word(table["directions"], f"{description} {seen}"),
        exercise=True if table["exercise"] in description.casefold() else None,
        weapon=None if weapon.casefold() in table["no_value"] else weapon or None,
        text="; ".join(f"{name}: {cell}" for name, cell in cells.items() if name not in table["restricted"]),
        flags=flags)


def _one_of(cells: Mapping[str, str], names: Sequence[str]) -> str:
    return next((cells[name] for name in names if cells.get(name)), "")


def _count(cells: Mapping[str, str], table: Mapping[str, Any]) -> int | None:
    text = _one_of(cells, table["number"])
    return None if text.casefold() in table["no_value"] else optional_count({"no.": text}, "no.")


def _first_word(words: Mapping[str, str], text: str) -> str | None:
    folded = text.casefold()
    return next((value for word, value in words.items() if word in folded), None)


def _time(text: str, context: Context) -> tuple[float, float | None, float | None, tuple[str, ...]]:
    """Read a local moment to the minute, or a span of times on one day that may pass midnight."""
    zone = context.zone or zone_of(tables()[OSCE]["zone"])
    until = _UNTIL.search(text)
    bare = " ".join((text[:until.start()] if until else text).replace(",", " ").split())
    start = _moment(bare, text, zone)
    end_s = None
    if until is not None:
        day = dt.datetime.fromtimestamp(start.time_s, zone)
        hour, minute = until.group(1).split(":")
        if (int(hour), int(minute)) < (day.hour, day.minute):
            day += dt.timedelta(days=1)
        end = moment("time", f"{day.date().isoformat()}T{hour}:{minute}", zone)
        end_s = end.time_s + end.repeated_s
    width_s = MINUTE_S if end_s is None else end_s - start.time_s
    return window(context, start, end_s, width_s / UNIFORM)


def _moment(bare: str, written: str, zone: Any) -> Moment:
    for form in tables()[OSCE]["moments"]:
        try:
            local = dt.datetime.strptime(bare, form)
        except ValueError:
            continue
        return moment("date, time", local.isoformat(), zone)
    try:
        return moment("date, time", bare, zone)
    except RowError:
        raise RowError(Code.TIME_IMPOSSIBLE, "date, time", f"is {shown(written)}, write it as 2021-12-02 18:23"
                       ) from None
