"""Reports of made-up events, from a model that is not the one by which they are joined.

Events excite one another: each starts a shower of later ones close by (Hawkes in time and place), over a background
with hot spots that is livelier by day. Sources see a part of them, none where night, cloud or the edge of their ground
keeps them from seeing; what they state as error is too small and has no tails, what they make are Student errors; one
patrol's clock is an hour off; the public rounds places and copies others, saying so; some reports are of nothing; acts
are mixed up. The truth is kept beside the reports.

Nothing here is shared with the program.
"""

import csv
import datetime as dt
import math
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

START = dt.datetime(2026, 3, 1, tzinfo=dt.UTC).timestamp()
HOUR_S, DAY_S = 3600.0, 86400.0
LON, LAT = 37.2, 47.9
M_PER_DEG = 111_195.0
ACTS, SHARES = ("V2", "V3", "V1", "V6"), (0.6, 0.25, 0.1, 0.05)
COLUMNS = ("time", "time_error_s", "lon", "lat", "position_error_m", "act", "method", "record_id", "derived_from")


@dataclass(frozen=True)
class Teller:
    """One source as it is made."""

    name: str
    method: str
    p: float
    error_m: float
    error_s: float
    clock_s: float = 0.0
    by_night: float = 1.0  # how much of `p` is left
    by_cloud: float = 1.0
    ground: tuple[float, float] = (0.0, 1.0)  # the part of the front that it sees
    places_deg: float = 0.0  # to what it rounds places
    times_s: float = 0.0
    false: float = 0.03
    copies: float = 0.0  # of the reports of others
    repeats: float = 0.0


TELLERS = (
    Teller("patrol north", "heard", 0.5, 1000.0, 300.0, by_night=0.6, ground=(0.0, 0.7)),
    Teller("patrol south", "heard", 0.5, 1000.0, 300.0, clock_s=HOUR_S, by_night=0.6, ground=(0.3, 1.0)),
    Teller("cameras", "camera", 0.4, 500.0, 60.0, by_night=0.0, by_cloud=0.5),
    Teller("arrays", "acoustic", 0.6, 1500.0, 60.0, false=0.06),
    Teller("satellites", "satellite", 0.3, 700.0, 900.0, by_cloud=0.0),
    Teller("public", "reported", 0.35, 1500.0, 900.0, places_deg=0.05, times_s=300.0, false=0.06, copies=0.12),
)


@dataclass(frozen=True)
class World:
    """What is made."""

    load: float = 60.0  # events a day
    days: float = 10.0
    length_m: float = 100_000.0
    depth_m: float = 40_000.0
    branching: float = 0.5
    delay_s: float = 1200.0
    spread_m: float = 1500.0
    degrees: float = 3.5
    excess: float = 1.5
    tails_apart: bool = True  # each axis and the time by itself, or one draw for a place
    act_error: float = 0.1
    tellers: tuple[Teller, ...] = TELLERS
    hot_spots: int = 6


@dataclass(frozen=True)
class Report:
    """One report and what is behind it: `event` is negative for a report of nothing."""

    source: str
    method: str
    event: int
    time_s: float
    time_error_s: float
    x_m: float
    y_m: float
    error_m: float
    act: str
    record_id: str
    derived_from: str = ""
    places_deg: float = 0.0


def events_of(world, rng):
    """Return f8[event, 3] of time, x and y, in order of time."""
    hot = rng.uniform((0.0, 0.0), (world.length_m, world.depth_m), (world.hot_spots, 2))
    n = rng.poisson(world.load * (1 - world.branching) * world.days)
    day = (rng.integers(0, math.ceil(world.days), n) + (rng.normal(13.0, 6.0, n) / 24.0) % 1.0) * DAY_S
    place = np.where(rng.random((n, 1)) < 0.5, hot[rng.integers(0, len(hot), n)] + rng.normal(0, 4000.0, (n, 2)),
                     rng.uniform((0.0, 0.0), (world.length_m, world.depth_m), (n, 2)))
    generation = np.column_stack([day, place])
    parts = [generation]
    while len(generation):
        children = generation.repeat(rng.poisson(world.branching, len(generation)), axis=0)
        children = children + np.column_stack([rng.exponential(world.delay_s, len(children)),
                                               rng.normal(0, world.spread_m, (len(children), 2))])
        parts.append(children)
        generation = children
    events = np.concatenate(parts)
    inside = ((events[:, 0] < world.days * DAY_S) & (events[:, 1] > 0) & (events[:, 1] < world.length_m)
              & (events[:, 2] > 0) & (events[:, 2] < world.depth_m))
    events = events[inside]
    return events[np.argsort(events[:, 0])]


def reports_of(world, seed):
    """Return the reports of a made-up world, in order of time."""
    rng = np.random.default_rng(seed)
    events = events_of(world, rng)
    acts = rng.choice(len(ACTS), len(events), p=SHARES)
    cloudy = rng.random(math.ceil(world.days * 4) + 1) < 0.4  # by six hours
    reports = []
    for teller in world.tellers:
        if teller.copies:
            continue
        reports += _told(world, teller, events, acts, cloudy, rng)
    originals = list(reports)
    for teller in world.tellers:
        if teller.copies:
            own = _told(world, teller, events, acts, cloudy, rng)
            reports += own
            chosen = [report for report in originals if rng.random() < teller.copies]
            reports += [_copy(teller, report, number, rng) for number, report in enumerate(chosen)]
    return sorted(reports, key=lambda report: (report.time_s, report.source, report.record_id))


def _told(world, teller, events, acts, cloudy, rng):
    hour = events[:, 0] / HOUR_S % 24.0
    p = np.full(len(events), teller.p)
    p[(hour < 6) | (hour > 20)] *= teller.by_night
    p[cloudy[(events[:, 0] / (6 * HOUR_S)).astype(int)]] *= teller.by_cloud
    share = events[:, 1] / world.length_m
    p[(share < teller.ground[0]) | (share > teller.ground[1])] = 0.0
    seen = np.flatnonzero(rng.random(len(events)) < p)
    seen = np.sort(np.concatenate([seen, seen[rng.random(len(seen)) < teller.repeats]]))
    false = rng.poisson(teller.false * len(seen))
    at = np.concatenate([events[seen], rng.uniform((0, 0, 0), (world.days * DAY_S, world.length_m, world.depth_m),
                                                   (false, 3))])
    nothing = 1_000_000 * (1 + world.tellers.index(teller)) + np.arange(false)
    truth = np.concatenate([seen, -1 - nothing])
    said = np.concatenate([acts[seen], rng.choice(len(ACTS), false, p=SHARES)])
    mixed = rng.random(len(said)) < world.act_error
    said[mixed] = rng.choice(len(ACTS), int(mixed.sum()), p=SHARES)
    sd = np.column_stack([teller.error_s * rng.lognormal(0, 0.3, len(at)),
                          teller.error_m * rng.lognormal(0, 0.3, len(at))])
    if world.tails_apart:
        noise = rng.standard_t(world.degrees, (len(at), 3))
    else:
        noise = rng.normal(size=(len(at), 3)) / np.sqrt(rng.chisquare(world.degrees, (len(at), 2))
                                                       / world.degrees)[:, [0, 1, 1]]
    at = at + noise * world.excess * sd[:, [0, 1, 1]]
    at[:, 0] += teller.clock_s
    if teller.times_s:
        at[:, 0] = np.round(at[:, 0] / teller.times_s) * teller.times_s
    return [Report(teller.name, teller.method, int(event), float(t), float(s), float(x), float(y), float(m), ACTS[act],
                   f"{teller.name[0]}{teller.name[-1]}{number}", places_deg=teller.places_deg)
            for number, (event, (t, x, y), (s, m), act) in enumerate(zip(truth, at, sd, said, strict=True))]


def _copy(teller, report, number, rng):
    return replace(report, source=teller.name, method=teller.method, time_s=report.time_s + rng.uniform(0, 600.0),
                   record_id=f"copy{number}", derived_from=report.record_id, places_deg=teller.places_deg,
                   x_m=report.x_m + rng.normal(0, 300.0), y_m=report.y_m + rng.normal(0, 300.0))


def place_of(report):
    """Return longitude and latitude as the report gives them."""
    lat = LAT + report.y_m / M_PER_DEG
    lon = LON + report.x_m / (M_PER_DEG * math.cos(math.radians(LAT + 0.18)))
    if report.places_deg:
        lon, lat = (round(round(value / report.places_deg) * report.places_deg, 6) for value in (lon, lat))
    return round(lon, 5), round(lat, 5)


def write(reports, folder):
    """Write a native CSV for each source; return its path, and the truth by (source, line)."""
    truth, paths = {}, {}
    for source in sorted({report.source for report in reports}):
        paths[source] = Path(folder) / f"{source.replace(' ', '_')}.csv"
        with paths[source].open("w", newline="", encoding="utf-8") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(COLUMNS)
            for line, report in enumerate((r for r in reports if r.source == source), start=2):
                moment = dt.datetime.fromtimestamp(START + round(report.time_s), dt.UTC)
                writer.writerow([moment.strftime("%Y-%m-%dT%H:%M:%SZ"), round(report.time_error_s), *place_of(report),
                                 round(report.error_m), report.act, report.method, report.record_id,
                                 report.derived_from])
                truth[source, line] = report.event
    return paths, truth
