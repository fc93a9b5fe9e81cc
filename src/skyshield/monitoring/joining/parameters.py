"""What is learnt of the sources, and what follows from it for each record."""

import dataclasses

import numpy as np

from skyshield.core.arrays import Booleans, Floats, Integers
from skyshield.monitoring.joining.kernels import Reports, Worth
from skyshield.monitoring.joining.records import Table
from skyshield.monitoring.joining.settings import prior, settings


@dataclasses.dataclass(frozen=True)
class Parameters:
    """Of each source: p, factors of errors, clock offset, shares. Of all: acts, tails, what the load rests on.

    `weights` [kernel + 1] are the shares of events that others excite, by kernel, and of the even rest; `events` is the
    expected number of distinct events among the records. `pairs` [source] is what factors and clock rest on.
    """

    p: Floats
    factor_m: Floats
    factor_s: Floats
    clock_s: Floats
    clock_guess_s: Floats
    repeat: Floats
    false_share: Floats
    act_error: Floats
    act_share: Floats
    tail_m: float
    tail_s: float
    weights: Floats
    events: float
    pairs: Floats


@dataclasses.dataclass(frozen=True)
class Declared:
    """What was declared of each source; not a number where it is to be learnt."""

    p: Floats
    error_factor: Floats
    clock_s: Floats
    repeat: Floats
    false_share: Floats
    act_error: Floats


@dataclasses.dataclass(frozen=True)
class Sample:
    """Records that are joined together (places in a `Table`), and the area and time that they span.

    `stretches` are their parts in time: records of different ones are never neighbours.
    """

    table: Table
    chosen: Integers
    area_m2: float
    span_s: float
    spread_m: Floats
    spread_s: Floats

    @property
    def sources(self) -> int:
        """How many sources the table has, with or without records here."""
        return len(self.table.sources)


def sample_of(table: Table, chosen: Integers, span_s: float | None = None) -> Sample:
    """Return the records chosen with what they span: the hull of their places, widened by their typical error."""
    from shapely import MultiPoint

    typical_m = float(np.median(np.hypot(table.error_m[chosen], table.floor_m[chosen])))
    typical_s = float(np.median(np.hypot(table.error_s[chosen], table.floor_s[chosen])))
    points = np.column_stack([table.x_m[chosen], table.y_m[chosen]])
    hull = MultiPoint(points).convex_hull.buffer(2 * typical_m)
    whole_s = float(np.ptp(table.time_s[chosen])) if span_s is None else span_s
    spreads = np.array(settings()["load_spreads"], float)
    return Sample(table, chosen, float(hull.area), whole_s + 2 * 2 * typical_s, spreads * typical_m,
                  spreads * typical_s)


def first_guess(sample: Sample, declared: Declared, clock_s: Floats) -> Parameters:
    """Return the parameters before anything is learnt: the catalogue's, and what was declared."""
    start, n = prior(), sample.sources
    acts = sample.table.act[sample.chosen]
    told = np.bincount(acts[acts >= 0], minlength=len(sample.table.acts)) + 1.0 / len(sample.table.acts)
    weights = np.zeros(len(sample.spread_m) + 1)
    weights[-2:] = 1 / 2
    return Parameters(
        p=kept(declared.p, np.full(n, start.p)),
        factor_m=kept(declared.error_factor, np.full(n, start.error_factor)),
        factor_s=kept(declared.error_factor, np.full(n, start.error_factor)),
        clock_s=kept(declared.clock_s, clock_s), clock_guess_s=clock_s,
        repeat=kept(declared.repeat, np.full(n, start.repeats)),
        false_share=kept(declared.false_share, np.full(n, start.false_share)),
        act_error=kept(declared.act_error, np.full(n, start.act_error)), act_share=told / told.sum(),
        tail_m=start.tail_share, tail_s=start.tail_share, weights=weights, events=len(sample.chosen) / 2,
        pairs=np.zeros(n))


def kept(declared: Floats, learnt: Floats) -> Floats:
    """Return what was declared, and what was learnt where nothing was."""
    return np.where(np.isnan(declared), learnt, declared)


def reports_of(sample: Sample, parameters: Parameters) -> tuple[Reports, Integers]:
    """Return the records as they are worth, in order of their corrected time, and their places in the table."""
    table, chosen = sample.table, sample.chosen
    time_s = table.time_s[chosen] - parameters.clock_s[table.source[chosen]]
    order = chosen[np.lexsort((table.ident[chosen], time_s))]
    source = table.source[order]
    return Reports(
        table.time_s[order] - parameters.clock_s[source], table.x_m[order], table.y_m[order],
        (table.error_m[order] * parameters.factor_m[source]) ** 2 + table.floor_m[order] ** 2,
        (table.error_s[order] * parameters.factor_s[source]) ** 2 + table.floor_s[order] ** 2,
        source, table.act[order]), order


def covered(table: Table, reports: Reports) -> dict[int, Booleans]:
    """Return, for each source that says when and where it watched, which records lie within."""
    result = {}
    for source, watches in table.watches.items():
        inside = np.zeros(len(reports.time_s), bool)
        for watch in watches:
            low, high = np.searchsorted(reports.time_s, (watch.start_s, watch.end_s), side="left")
            part = slice(int(low), int(high))
            inside[part] |= np.hypot(reports.x_m[part] - watch.x_m, reports.y_m[part] - watch.y_m) <= watch.reach_m
        result[source] = inside | (reports.source == source)
    return result


def worth_of(sample: Sample, parameters: Parameters, reports: Reports, watched: dict[int, Booleans]) -> Worth:
    """Return what the records are worth under the parameters."""
    unseen = np.ones(len(reports.time_s))
    count = np.bincount(reports.source, minlength=sample.sources)
    for source, p in enumerate(parameters.p):
        if source not in watched and count[source] == 0:
            continue  # it only copies
        unseen *= np.where(watched[source], 1 - p, 1.0) if source in watched else 1 - p
    unseen = np.clip(unseen, settings()["smallest_share"], 1 - settings()["smallest_share"])
    volume = sample.area_m2 * sample.span_s
    factor = prior().tail_factor
    return Worth(
        np.log(parameters.p / (1 - parameters.p))[reports.source], unseen,
        np.maximum(parameters.false_share * count, settings()["smallest_share"]) / volume,
        parameters.repeat, parameters.act_error, parameters.act_share,
        np.array([parameters.tail_m, factor, parameters.tail_s, factor]), sample.spread_m, sample.spread_s,
        parameters.weights[:-1], float(parameters.weights[-1] * parameters.events / volume))


def intensity_of(worth: Worth, load: Floats) -> Floats:
    """Return the intensity of events at each record, seen or not, from the load around it (events reported)."""
    whole: Floats = (load @ worth.excitation + worth.floor) / (1 - worth.unseen)
    return whole
