"""Events from groups of records: where and when, what, by whom, and whether at all."""

import numpy as np

from skyshield.core.arrays import Floats, Integers
from skyshield.core.geodesy import to_geographic
from skyshield.monitoring.joining.kernels import Reports
from skyshield.monitoring.joining.model import Event
from skyshield.monitoring.joining.parameters import Parameters
from skyshield.monitoring.joining.records import Table
from skyshield.monitoring.joining.settings import settings
from skyshield.monitoring.joining.sources import DERIVES, MODALITY, Declarations


def events_of(table: Table, known: Declarations, parameters: Parameters, reports: Reports, order: Integers,
              event_of: Integers, p_false: Floats, count: int) -> tuple[Event, ...]:
    """Return the events.

    Parameters
    ----------
    table, known, parameters
        The records, what was declared, and what was learnt.
    reports, order, p_false
        Records that were joined, in order of time, their places in the table, and P that each is alone and false.
    event_of
        The event of each record of the table, copies too; `count` in all, numbered by their earliest record.
    """
    witness = _witnesses(table, known, order, event_of)
    group = event_of[order]
    seen = group[witness]
    weight_m, weight_s = 1 / reports.variance_m2[witness], 1 / reports.variance_s2[witness]
    sum_m, sum_s = np.bincount(seen, weight_m, count), np.bincount(seen, weight_s, count)
    x_m, y_m = (np.bincount(seen, weight_m * axis[witness], count) / sum_m for axis in (reports.x_m, reports.y_m))
    start_s = reports.time_s[0]
    time_s = start_s + np.bincount(seen, weight_s * (reports.time_s[witness] - start_s), count) / sum_s
    lon, lat = to_geographic(x_m, y_m)
    false = np.ones(count)
    np.minimum.at(false, group, p_false)
    methods = [known.get(name, {}).get(MODALITY) for name in table.sources]
    members, witnesses = _members(event_of, count), _members(seen, count)
    first = np.full(count, len(order))
    np.minimum.at(first, group, np.arange(len(order)))
    told: dict[str, int] = {}
    result = []
    for place in range(count):
        who = order[witness[witnesses[place]]]
        p_act = _acts(table, parameters, who)
        result.append(Event(
            _name(int(table.ident[order[first[place]]]), told),
            tuple(sorted(table.number[members[place]].tolist())), tuple(sorted(table.number[who].tolist())),
            float(time_s[place]), float(sum_s[place] ** -0.5), float(lon[place]), float(lat[place]),
            float(sum_m[place] ** -0.5), max(p_act, key=lambda act: p_act[act]) if p_act else None, p_act,
            float(1 - false[place]), tuple(sorted(table.sources[one] for one in table.source[who].tolist())),
            tuple(sorted({methods[one] or table.methods[way] for one, way
                          in zip(table.source[who].tolist(), table.method[who].tolist(), strict=True)}))))
    return tuple(result)


def _name(ident: int, told: dict[str, int]) -> str:
    """Return a name from the digits of a leaf's hash; where another event has it already, with a number."""
    name = f"{ident:0{settings()['id_digits']}x}"
    told[name] = told.get(name, 0) + 1
    return name if told[name] == 1 else f"{name}-{told[name]}"


def _members(label: Integers, count: int) -> list[Integers]:
    """Return the places of each label."""
    return np.split(np.argsort(label, kind="stable"), np.cumsum(np.bincount(label, minlength=count))[:-1])


def _witnesses(table: Table, known: Declarations, order: Integers, event_of: Integers) -> Integers:
    """Return the places in `order` of the first record of each source in an event, if it derives from none there."""
    group, source = event_of[order], table.source[order]
    pair = group * len(table.sources) + source
    first = np.unique(pair, return_index=True)[1]
    names = {name: place for place, name in enumerate(table.sources)}
    origin = table.derives_from[order].copy()
    for name, fields in known.items():
        if DERIVES in fields:
            origin[source == names[name]] = names[fields[DERIVES]]
    derived = first[origin[first] >= 0]
    asked = group[derived] * len(table.sources) + origin[derived]
    secondary = derived[np.isin(asked, pair) & (origin[derived] != source[derived])]
    left = np.sort(first[~np.isin(first, secondary)])
    lost = np.setdiff1d(group, group[left])  # sources that derive from one another in a ring: the earliest counts
    earliest = np.unique(group, return_index=True)[1]
    return np.sort(np.append(left, earliest[np.isin(group[earliest], lost)]))


def _acts(table: Table, parameters: Parameters, who: Integers) -> dict[str, float]:
    """Return the probability of each act that a witness names: πₐ Π P(aᵢ | a)."""
    said = [(table.act[one], parameters.act_error[table.source[one]]) for one in who if table.act[one] >= 0]
    named = sorted({int(act) for act, _ in said})
    weight = {}
    for act in named:
        weight[act] = float(parameters.act_share[act])
        for other, error in said:
            weight[act] *= error * parameters.act_share[other] + (1 - error if other == act else 0)
    total = sum(weight.values())
    return {table.acts[act]: float(weight[act] / total) for act in named}
