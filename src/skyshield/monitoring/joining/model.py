"""What joining gives: events, and what was learnt of the sources.

A record says what one source saw; an event is what several of them may have seen. `Assessment` holds the events, for
each record how sure its place in its event is, and for each source what its records were taken to be worth.
"""

import dataclasses
from collections.abc import Mapping

from skyshield.core.arrays import Floats, Integers


@dataclasses.dataclass(frozen=True, slots=True)
class Event:
    """One event, as the records that were joined tell it.

    Attributes
    ----------
    id
        Stable name: the first 12 hexadecimal digits of the SHA-256 of its earliest record's leaf.
    records
        Numbers in the ledger, ascending, copies and repeats among them.
    witnesses
        Those of `records` that are neither a copy nor a repeat.
    time_s, time_error_s
        Seconds since 1970 UTC, clock offsets removed, with one standard deviation.
    lon, lat, position_error_m
        Degrees; one standard deviation per axis.
    act, p_act
        The likeliest act and the probability of each; None and empty if no record names one.
    p_real
        Probability that something happened: that not every report of it is false.
    sources, methods
        Of the witnesses, sorted: how many independent ones there are.
    """

    id: str
    records: tuple[int, ...]
    witnesses: tuple[int, ...]
    time_s: float
    time_error_s: float
    lon: float
    lat: float
    position_error_m: float
    act: str | None
    p_act: Mapping[str, float]
    p_real: float
    sources: tuple[str, ...]
    methods: tuple[str, ...]


@dataclasses.dataclass(frozen=True, slots=True)
class Source:
    """What a source's records were taken to be worth.

    Attributes
    ----------
    name, records, copies
        The source, how many records it has, and how many of them copy another.
    p
        Probability that it reports an event that it could have seen.
    position_factor, time_factor
        What its stated errors are multiplied by.
    clock_offset_s
        What its clock is ahead of the others.
    repeats
        Share of its reports that tell an event which it had told already.
    false_share
        Share of its reports behind which there is no event.
    act_error
        Probability that it names an act at random.
    rests_on
        For each of these, ``declared`` or from how many records or (expected) pairs it was learnt.
    """

    name: str
    records: int
    copies: int
    p: float
    position_factor: float
    time_factor: float
    clock_offset_s: float
    repeats: float
    false_share: float
    act_error: float
    rests_on: Mapping[str, str]


@dataclasses.dataclass(frozen=True, slots=True)
class Assessment:
    """Events of a ledger, earliest first, and what they rest on.

    Attributes
    ----------
    events
        Earliest first.
    numbers, source_of, lines, event_of, p_same
        For each record of an event: its number in the ledger, the place in `sources` of its source, its line in the
        file it came from (-1 if from none), the place in `events` of its event, and the probability that it is one
        event with the others of its group (the mean over them; 1 where there are none).
    sources
        By name.
    area_km2, days
        What the records span: where and how long.
    rate_per_100km2_day
        Mean intensity of events over area and time.
    """

    events: tuple[Event, ...]
    numbers: Integers
    source_of: Integers
    lines: Integers
    event_of: Integers
    p_same: Floats
    sources: tuple[Source, ...]
    area_km2: float
    days: float
    rate_per_100km2_day: float
