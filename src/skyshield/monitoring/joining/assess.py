r"""Reports of several sources joined into events: one stated model, learnt without truth.

Events are a Poisson process in place and time whose intensity λ follows the load: an even rest and Gaussians around
other events, with weights learnt from the reports (`learn`), never its own. Source i reports an event with probability
pᵢ (where it says when and where it watched, only there), once or, with a small probability, again; its errors are what
it states, times a factor, in a share of reports much wider; its clock is off by a constant; it names another act at
times; some of its reports are of nothing. A group S of records weighs

    λ Π_{i in S} pᵢ Π_{i not in S} (1 - pᵢ) ∫ Π fᵢ(xᵢ | x) dx · Σₐ πₐ Π P(aᵢ | a),

a lone report besides what a false one weighs, and a partition of records into events the product of its groups. Up to
eight records are enumerated together (`grouping`). Of all partitions that with the highest expected B-cubed score is
kept. A record's `p_same` is its posterior probability of being one event with the others of its group, the mean over
them; 1 for one that stands alone.

Copies (`derived_from`) are no second witness: they stand with what they copy and weigh nothing.

Sources: Bagga and Baldwin, COLING-ACL 1998 (B-cubed); Fellegi and Sunter, JASA 64, 1969; Ogata, JASA 83, 1988 (events
that excite others); Dempster, Laird and Rubin, JRSS B 39, 1977 (EM).
"""

import dataclasses
from collections.abc import Callable, Iterable

import numpy as np

from skyshield.monitoring.joining.events import events_of
from skyshield.monitoring.joining.grouping import Groups, expect, group_records, load_of, others_of
from skyshield.monitoring.joining.kernels import Reports
from skyshield.monitoring.joining.learn import learn, stretches
from skyshield.monitoring.joining.model import Assessment, Source
from skyshield.monitoring.joining.pairs import Pairs, candidate_pairs
from skyshield.monitoring.joining.parameters import (
    Declared,
    Parameters,
    Sample,
    covered,
    intensity_of,
    reports_of,
    sample_of,
    worth_of,
)
from skyshield.monitoring.joining.records import Table, read_records
from skyshield.monitoring.joining.sources import Declarations, check_names, declared_of
from skyshield.monitoring.ledger.records import Record

_M2_PER_KM2, _UNIT_KM2, _DAY_S = 1e6, 100.0, 86_400.0


def assess(records: Iterable[Record], declarations: Declarations | None = None, where: str = "sources",
           told: Callable[[int, int], None] | None = None) -> Assessment:
    """Join a ledger's records into events.

    Parameters
    ----------
    records
        `Ledger.records`: those that hold.
    declarations
        What is known of sources (`read_sources`); the rest is learnt.
    where
        Names the declarations in an error.
    told
        Hears how many rounds are done, of how many.

    Raises
    ------
    SkyShieldError
        Exit code 2 if a source is declared that has no records.

    Examples
    --------
    >>> leaf = b'{"kind":"event","lat":48.0,"lon":38.0,"method":"heard","source":"a","time":"2026-03-01T00:00:00Z"}'
    >>> found = assess([Record(0, 1772323200.0, leaf)])
    >>> len(found.events), found.events[0].sources, found.p_same.tolist()
    (1, ('a',), [1.0])
    """
    table = read_records(records)
    known = declarations or {}
    check_names(known, table.sources, where)
    if len(table.number) == 0:
        none = table.number
        return Assessment((), none, none, none, none, table.time_s, (), 0.0, 0.0, 0.0)
    declared = declared_of(known, table.sources)
    originals = np.flatnonzero(table.copy_of < 0)
    whole = sample_of(table, originals)
    parameters = _learnt(whole, declared, told)
    reports, order = reports_of(whole, parameters)
    groups, pairs = _grouped(whole, parameters, reports)
    named, place = np.unique(groups.group, return_inverse=True)
    others, size = others_of(groups.group, pairs, groups.p_pair)
    event_of, p_same = np.empty(len(table.number), np.int64), np.ones(len(table.number))
    event_of[order] = place.ravel()
    p_same[order] = np.where(size > 1, np.minimum(others / np.maximum(size - 1, 1), 1.0), 1.0)
    copies = np.flatnonzero(table.copy_of >= 0)
    event_of[copies], p_same[copies] = event_of[table.copy_of[copies]], p_same[table.copy_of[copies]]
    events = events_of(table, known, parameters, reports, order, event_of, groups.p_false, len(named))
    area_km2, days = whole.area_m2 / _M2_PER_KM2, whole.span_s / _DAY_S
    by_name = np.argsort(np.argsort(np.array(table.sources)))
    return Assessment(events, table.number, by_name[table.source], table.line, event_of, p_same,
                      _sources(table, known, parameters), area_km2, days, len(named) / (area_km2 * days) * _UNIT_KM2)


def _learnt(whole: Sample, declared: Declared, told: Callable[[int, int], None] | None) -> Parameters:
    """Return the parameters, learnt from all records or, of many, from equal stretches."""
    table, chosen = whole.table, whole.chosen
    in_time = chosen[np.lexsort((table.ident[chosen], table.time_s[chosen]))]
    parts = [in_time[part] for part in stretches(len(in_time))]
    sample = whole
    if len(parts) > 1:
        span_s = sum(float(np.ptp(table.time_s[part])) for part in parts)
        sample = sample_of(table, np.concatenate(parts), span_s)
    parameters = learn(sample, declared, told)
    return dataclasses.replace(parameters, events=parameters.events * len(chosen) / len(sample.chosen))


def _grouped(whole: Sample, parameters: Parameters, reports: Reports) -> tuple[Groups, Pairs]:
    """Return the groups: once to know how many events there are where, then for good."""
    worth = worth_of(whole, parameters, reports, covered(whole.table, reports))
    share = np.full(len(reports.time_s), parameters.events / len(reports.time_s))
    load = load_of(reports, worth, share)
    pairs = candidate_pairs(reports, worth, intensity_of(worth, load))
    share = expect(reports, worth, pairs, load, share).share
    load = load_of(reports, worth, share)
    pairs = candidate_pairs(reports, worth, intensity_of(worth, load))
    return group_records(reports, worth, pairs, load, share), pairs


def _sources(table: Table, known: Declarations, parameters: Parameters) -> tuple[Source, ...]:
    """Return what each source's records were taken to be worth, and what that rests on."""
    copies = np.bincount(table.source[table.copy_of >= 0], minlength=len(table.sources))
    count = np.bincount(table.source, minlength=len(table.sources))
    result = []
    for place in sorted(range(len(table.sources)), key=lambda place: table.sources[place]):
        fields = known.get(table.sources[place], {})
        pairs = f"learnt from {parameters.pairs[place]:.0f} pairs"
        own = f"learnt from {count[place] - copies[place]} records"
        rests = {"p": pairs, "position_factor": pairs, "time_factor": pairs, "clock_offset_s": pairs, "repeats": own,
                 "false_share": own, "act_error": pairs}
        declares = {"error_factor": ("position_factor", "time_factor")}
        for key in fields:
            rests.update(dict.fromkeys((name for name in declares.get(key, (key,)) if name in rests), "declared"))
        result.append(Source(
            table.sources[place], int(count[place]), int(copies[place]), float(parameters.p[place]),
            float(parameters.factor_m[place]), float(parameters.factor_s[place]), float(parameters.clock_s[place]),
            float(parameters.repeat[place]), float(parameters.false_share[place]), float(parameters.act_error[place]),
            rests))
    return tuple(result)
