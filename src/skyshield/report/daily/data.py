"""The daily report as data: one table of CSV, and GeoJSON of coarse cells.

The CSV's column `part` tells its rows apart: `area` (all acts of an area), `act` (one act of it), `restriction`,
`exercise` and `event`. In the GeoJSON every event lies at the middle of its cell, and a polygon stands for each cell
with events: no place finer than the map's is written.
"""

import csv
import io
import json
from collections import Counter
from typing import Any

from skyshield.monitoring.attribution.words import UNDETERMINED
from skyshield.monitoring.commission.case import rounded
from skyshield.monitoring.daily.areas import cell_m, corners_of
from skyshield.monitoring.daily.day import Day, Placed
from skyshield.monitoring.observation.leaf import utc_text

COLUMNS = ("part", "day", "area", "act", "events", "day_before", "change", "hours_watched", "per_hour", "restriction",
           "records", "hours", "id", "time", "level", "p_real", "party", "p", "lo", "hi", "severity")


def csv_table(day: Day) -> bytes:
    """Return the report as one table, in the columns `COLUMNS`."""
    date = day.window.day.isoformat()
    rows: list[dict[str, Any]] = [
        {"part": "area" if row.act is None else "act", "area": row.area, "act": row.act, "events": row.events,
         "day_before": row.before, "change": row.change,
         **({"hours_watched": row.hours_watched, "per_hour": row.per_hour} if row.act is None else {})}
        for row in day.rows]
    rows += [{"part": "restriction", "area": one.area, "restriction": one.restriction, "records": one.records,
              "hours": one.hours} for one in day.restrictions]
    rows += [{"part": part, **event_row(one)} for part, of in (("exercise", day.exercises), ("event", day.events))
             for one in of]
    stream = io.StringIO()
    writer = csv.DictWriter(stream, COLUMNS, restval="", lineterminator="\n")
    writer.writeheader()
    for row in rows:
        writer.writerow({"day": date} | {name: "" if value is None else rounded(value) for name, value in row.items()})
    return stream.getvalue().encode()


def event_row(one: Placed) -> dict[str, Any]:
    """Return what data say of an event; the party's probability is that of the likeliest."""
    event, found = one.of.event, one.of.attribution
    row: dict[str, Any] = {"area": one.area, "act": event.act, "id": event.id, "time": utc_text(int(event.time_s)),
                           "level": one.of.level, "p_real": event.p_real, "severity": one.of.severity}
    if one.of.decision is not None:
        return row | {"party": one.of.decision["party"]}
    row["party"] = found.party
    if found.items:
        party, share = max(found.shares.items(), key=lambda item: item[1].p)
        row |= {"p": share.p, "lo": share.lo, "hi": share.hi}
        if found.party == UNDETERMINED:
            row["party"] = f"{UNDETERMINED} ({party})"
    return row


def geojson(day: Day) -> bytes:
    """Return the events and the cells of the day as a FeatureCollection."""
    counts = Counter(one.cell for one in day.events)
    date = day.window.day.isoformat()
    features = [{"type": "Feature", "geometry": {"type": "Polygon", "coordinates": [_ring(cell)]},
                 "properties": {"part": "cell", "day": date, "events": n, "width_m": cell_m()}}
                for cell, n in sorted(counts.items())]
    for part, of in (("event", day.events), ("exercise", day.exercises)):
        for one in of:
            ring = _ring(one.cell)[:-1]
            middle = [sum(axis) / len(ring) for axis in zip(*ring, strict=True)]
            features.append({"type": "Feature", "geometry": {"type": "Point", "coordinates": _short(middle)},
                             "properties": {"part": part, "day": date, **event_row(one)}})
    content = {"type": "FeatureCollection", "features": rounded(features)}
    return (json.dumps(content, ensure_ascii=False, allow_nan=False) + "\n").encode()


def _ring(cell: tuple[int, int]) -> list[list[float]]:
    return [_short(list(corner)) for corner in corners_of(cell)]


def _short(place: list[float]) -> list[float]:
    return [round(value, 3) for value in place]
