"""One observation: who saw what, where, when and how, each with its error.

An observation is not a breach: it says what was seen. Coverage (who watched, where, from when to when) and
restrictions (access denied, jamming, cloud) are observations of another `kind`, because silence where nobody
watched is not peace.

Errors are one standard deviation; `position_error_m` per axis. Times are seconds since 1970 UTC. Where `time_end_s`
is given, the event lies in the window from `time_s` to it, and `time_error_s` is that of the moment in the window.
"""

import dataclasses
import functools
from importlib import resources
from typing import Any

from skyshield.core.files import parse_yaml

EVENT, COVERAGE, RESTRICTION = "event", "coverage", "restriction"


@functools.cache
def tables() -> dict[str, Any]:
    """Return the formats, codes, levels and limits of intake (``monitoring/data/formats.yaml``).

    Examples
    --------
    >>> tables()["directions"]
    ['outgoing', 'incoming', 'airborne', 'undetermined']
    """
    text = resources.files("skyshield.monitoring").joinpath("data/formats.yaml").read_text("utf-8")
    content = parse_yaml(text, "monitoring/data/formats.yaml")
    assert isinstance(content, dict)  # noqa: S101 - our own file
    return content


@dataclasses.dataclass(frozen=True, slots=True)
class Observation:
    """One observation, in the columns of the native format.

    `source` is the name the source was given at intake, `record_id` the source's own name for the record. `kind` is
    ``event``, ``coverage`` or ``restriction``; `reach_m` the distance to which a watcher would have seen; `restriction`
    what kept it from seeing. `corrects` or `withdraws` names an earlier record: by the source's own name for it, or as
    ``#12`` by its number in the ledger. `flags` names what was odd and accepted.

    Examples
    --------
    >>> Observation(source="patrol 4", time_s=1423951200.0, lon=38.4, lat=48.3, method="heard", act="V2").kind
    'event'
    """

    source: str
    time_s: float
    lon: float
    lat: float
    method: str
    kind: str = EVENT
    time_end_s: float | None = None
    time_error_s: float | None = None
    position_error_m: float | None = None
    act: str | None = None
    sensor: str | None = None
    sensor_lon: float | None = None
    sensor_lat: float | None = None
    bearing_deg: float | None = None
    bearing_error_deg: float | None = None
    distance_m: float | None = None
    distance_error_m: float | None = None
    fire_bearing_deg: float | None = None
    direction: str | None = None
    count: int | None = None
    count_low: int | None = None
    count_high: int | None = None
    weapon: str | None = None
    party: str | None = None
    exercise: bool | None = None
    killed: int | None = None
    injured: int | None = None
    record_id: str | None = None
    derived_from: str | None = None
    observer: str | None = None
    text: str | None = None
    reach_m: float | None = None
    restriction: str | None = None
    corrects: str | None = None
    withdraws: str | None = None
    flags: tuple[str, ...] = ()


_AT_INTAKE = ("source", "flags")
NATIVE_COLUMNS = tuple({"time_s": "time", "time_end_s": "time_end"}.get(field.name, field.name)
                       for field in dataclasses.fields(Observation) if field.name not in _AT_INTAKE)
