"""Observations in the native format: `time, lon, lat, method`, and any of the other columns, in any order."""

from collections.abc import Mapping

from skyshield.core.errors import SkyShieldError
from skyshield.monitoring.ingest.cells import number, optional_code, optional_count, optional_number, position
from skyshield.monitoring.ingest.context import Context, end_of, window
from skyshield.monitoring.ingest.faults import Code, RowError
from skyshield.monitoring.ingest.times import moment
from skyshield.monitoring.observation.model import COVERAGE, EVENT, NATIVE_COLUMNS, RESTRICTION, Observation, tables

BOUNDS = "bounds_out_of_order"


def check_columns(where: str, columns: tuple[str, ...]) -> None:
    """Refuse columns that the native format does not have: nothing is left out unseen.

    Raises
    ------
    SkyShieldError
        Exit code 2.
    """
    unknown = [name for name in columns if name not in NATIVE_COLUMNS]
    if unknown:
        raise SkyShieldError(f"{where}: header", f"names the column {unknown[0]!r}, which the native format has not",
                             f"use some of: {', '.join(NATIVE_COLUMNS)}")


def read_native(cells: Mapping[str, str], context: Context) -> Observation:
    """Return the observation of a row.

    Raises
    ------
    RowError
        What is wrong with the row.

    Examples
    --------
    >>> read_native({"time": "2015-02-14T22:00:00Z", "lon": "38.4", "lat": "48.3", "method": "heard"},
    ...             Context("patrol 4", None, 2e9)).time_s
    1423951200.0
    """
    codes, limits = tables(), tables()["limits"]
    start = moment("time", cells.get("time", ""), context.zone)
    time_s, end_s, error_s, flags = window(context, start, end_of(context, "time_end", cells.get("time_end")),
                                           optional_number(cells, "time_error_s", 0))
    lon, lat = position("lon", cells.get("lon", ""), "lat", cells.get("lat", ""))
    method = optional_code(cells, "method", codes["methods"])
    if method is None:
        raise RowError(Code.CODE_UNKNOWN, "method", f"is empty, not one of {', '.join(codes['methods'])}")
    exercise = optional_code(cells, "exercise", codes["exercise"])
    count, low, high = (optional_count(cells, name) for name in ("count", "count_low", "count_high"))
    known = [value for value in (low, count, high) if value is not None]
    observation = Observation(
        source=context.source, time_s=time_s, lon=lon, lat=lat, method=method, time_end_s=end_s, time_error_s=error_s,
        kind=optional_code(cells, "kind", codes["kinds"]) or EVENT,
        position_error_m=optional_number(cells, "position_error_m", 0, limits["distance_m"]),
        act=optional_code(cells, "act", codes["acts"]), sensor=cells.get("sensor"),
        **_sensor(cells), **_bearings(cells, limits["full_circle_deg"]),
        distance_m=optional_number(cells, "distance_m", 0, limits["distance_m"]),
        distance_error_m=optional_number(cells, "distance_error_m", 0, limits["distance_m"]),
        direction=optional_code(cells, "direction", codes["directions"]), count=count, count_low=low, count_high=high,
        weapon=cells.get("weapon"), party=optional_code(cells, "party", codes["parties"]),
        exercise=None if exercise is None else codes["exercise"][exercise],
        killed=optional_count(cells, "killed"), injured=optional_count(cells, "injured"),
        record_id=cells.get("record_id"), derived_from=cells.get("derived_from"), observer=cells.get("observer"),
        text=cells.get("text"), reach_m=optional_number(cells, "reach_m", 0, limits["distance_m"]),
        restriction=optional_code(cells, "restriction", codes["restrictions"]),
        corrects=cells.get("corrects"), withdraws=cells.get("withdraws"),
        flags=flags if known == sorted(known) else (*flags, BOUNDS))
    _check_kind(observation)
    return observation


def _sensor(cells: Mapping[str, str]) -> dict[str, float]:
    lon, lat = cells.get("sensor_lon"), cells.get("sensor_lat")
    if not lon and not lat:
        return {}
    place = position("sensor_lon", lon or "", "sensor_lat", lat or "")
    return {"sensor_lon": place[0], "sensor_lat": place[1]}


def _bearings(cells: Mapping[str, str], circle: float) -> dict[str, float]:
    names = ("bearing_deg", "bearing_error_deg", "fire_bearing_deg")
    return {name: number(name, cells[name], 0, circle) for name in names if cells.get(name)}


def _check_kind(observation: Observation) -> None:
    """Refuse coverage and restrictions that do not say until when, and a restriction that does not say which."""
    if observation.kind != EVENT and observation.time_end_s is None:
        raise RowError(Code.TIME_IMPOSSIBLE, "time_end", f"is empty, a {observation.kind} lasts until some time")
    if (observation.kind == RESTRICTION) != (observation.restriction is not None):
        raise RowError(Code.CODE_UNKNOWN, "restriction", f"does not go with the kind {observation.kind}")
    if observation.corrects is not None and observation.withdraws is not None:
        raise RowError(Code.CODE_UNKNOWN, "withdraws", "is given beside corrects, a record does one of them")
    if observation.kind == COVERAGE and observation.act is not None:
        raise RowError(Code.CODE_UNKNOWN, "act", "is given for coverage, which is no event")
