"""The raid record and the alerts as a series of launches and a list of lulls.

Bulletins alone cannot tell a quiet night from one that nobody reported. A silence of the national command's bulletins
is told apart by alerts outside the regions at the front and at the northern border, where they are rung for artillery
and glide bombs nearly every day, truce or none (`front_regions` in ``monitoring/data/holding.yaml``):

- ``quiet``: at least half of it, in one piece, is without an alert there;
- ``alerts``: alerts went on, so something flew that no bulletin told;
- ``silent everywhere``: not even the front had an alert, which is a truce or a hole in the file of alerts;
- ``unknown``: the file of alerts does not cover it, or none was given.
"""

import datetime as dt
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from skyshield.core.arrays import Floats
from skyshield.core.errors import SkyShieldError
from skyshield.monitoring.holding.settings import settings
from skyshield.monitoring.holding.spreading import Silence, local_s, silences
from skyshield.record import Alerts, Row, read_alerts, read_record
from skyshield.record.clock import HOUR_S, kyiv, timestamp_s

BULLETINS, ALERTS, EVENTS = "bulletins", "alerts", "events"
QUIET, WENT_ON, EVERYWHERE, UNKNOWN = "quiet", "alerts", "silent everywhere", "unknown"
_INSTANT = "datetime64[s]"


@dataclass(frozen=True)
class Bulletins:
    """Rows of the record that count; times in seconds since 1970 UTC, shape (n,).

    `launched` is zero where a row gives no number, which `without_number` counts.
    """

    start_s: Floats
    end_s: Floats
    launched: Floats
    national: np.ndarray[tuple[int], np.dtype[np.bool_]]
    without_number: int
    where: str


def read_bulletins(path: Path) -> Bulletins:
    """Read the rows of the record that count.

    Raises
    ------
    SkyShieldError
        Exit code 2 if the file is no record or none of its rows counts.
    """
    rows = read_record(path).kept
    if not rows:
        raise SkyShieldError(str(path), "has no row that counts", "give a record of the Air Force's bulletins")
    start, end = np.array([_span_s(row) for row in rows]).T
    return Bulletins(start, end, np.array([float(row.launched or 0) for row in rows]),
                     np.array([row.national for row in rows], bool), sum(row.launched is None for row in rows),
                     str(path))


def _span_s(row: Row) -> tuple[float, float]:
    start, end = timestamp_s(row.start), timestamp_s(row.end)
    return start, max(start, end)


def local_spans(bulletins: Bulletins) -> tuple[Floats, Floats]:
    """Return the windows of the rows as Kyiv clock readings."""
    return local_s(bulletins.start_s), local_s(bulletins.end_s)


def lulls_of(bulletins: Bulletins, alerts_path: Path | None, first: np.datetime64,
             last: np.datetime64) -> list[dict[str, Any]]:
    """Return the silences of alerts and of bulletins between two Kyiv days, both included, each the longest first."""
    first_s, last_s = midnight_s(first), midnight_s(last + np.timedelta64(1, "D"))
    rule = settings()["lulls"]
    least_s = rule["least_h"] * HOUR_S
    national = bulletins.national
    silent = silences(bulletins.start_s[national], bulletins.end_s[national], first_s, last_s, least_s)[:rule["most"]]
    if alerts_path is None:
        return [told_lull(BULLETINS, one) | {"verdict": UNKNOWN, "alert_free_h": None} for one in silent]
    alerts = read_alerts(alerts_path)
    elsewhere, front = _spans(alerts, at_front=False), _spans(alerts, at_front=True)
    if not len(elsewhere):
        raise SkyShieldError(str(alerts_path), "has no alert outside the regions at the front",
                             "give alerts of the whole country, or leave the file out")
    rows = []
    for one in silences(elsewhere[:, 0], elsewhere[:, 1], first_s, last_s, least_s)[:rule["most"]]:
        rung = _meets(front, one)
        rows.append(told_lull(ALERTS, one) | {"verdict": QUIET if rung else EVERYWHERE, "front_alerts": rung})
    return rows + [_apart(one, elsewhere, front) for one in silent]


def told_lull(source: str, one: Silence) -> dict[str, Any]:
    """Return a silence as plain data: whose it is, from when to when (UTC), and how long."""
    start, end = (str(np.datetime64(round(moment), "s")) + "Z" for moment in one)
    return {"source": source, "from": start, "to": end, "hours": (one.end_s - one.start_s) / HOUR_S}


def _apart(one: Silence, elsewhere: Floats, front: Floats) -> dict[str, Any]:
    """Tell what a silence of the bulletins was by the alerts within it."""
    inside = elsewhere[(elsewhere[:, 1] > one.start_s) & (elsewhere[:, 0] < one.end_s)]
    edges = np.array([[one.start_s, one.start_s], [one.end_s, one.end_s]])
    spans = np.concatenate((edges, inside))
    free = silences(spans[:, 0], spans[:, 1], one.start_s, one.end_s, 0.0)
    free_s = free[0].end_s - free[0].start_s if free else 0.0
    covered = elsewhere[:, 0].min() <= one.start_s and one.end_s <= elsewhere[:, 1].max()
    if not covered:
        return told_lull(BULLETINS, one) | {"verdict": UNKNOWN, "alert_free_h": None}
    if not len(inside) and not _meets(front, one):
        verdict = EVERYWHERE
    else:
        enough = free_s >= settings()["lulls"]["quiet_share"] * (one.end_s - one.start_s)
        verdict = QUIET if enough else WENT_ON
    return told_lull(BULLETINS, one) | {"verdict": verdict, "alert_free_h": free_s / HOUR_S}


def _spans(alerts: Alerts, at_front: bool) -> Floats:
    chosen = np.isin(alerts.region, settings()["lulls"]["front_regions"]) == at_front
    return np.stack((alerts.start[chosen].astype(_INSTANT).astype(np.float64),
                     alerts.end[chosen].astype(_INSTANT).astype(np.float64)), axis=1)


def _meets(spans: Floats, one: Silence) -> int:
    return int(((spans[:, 1] > one.start_s) & (spans[:, 0] < one.end_s)).sum())


def midnight_s(day: np.datetime64) -> float:
    """Return the Kyiv midnight with which a day begins."""
    return dt.datetime.fromisoformat(str(day.astype("datetime64[D]"))).replace(tzinfo=kyiv()).timestamp()
