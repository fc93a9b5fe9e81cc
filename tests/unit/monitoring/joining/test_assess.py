"""Joining as a whole, on small ledgers made by hand.

Shown to fail: copies left among the witnesses; a declared clock learnt all the same; the hour of the late patrol not
sought; order of the ledger changing the events; coverage ignored; two records of one source joined freely.
"""

import dataclasses
import itertools
import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from skyshield.core.errors import SkyShieldError
from skyshield.monitoring.joining.assess import assess
from skyshield.monitoring.joining.document import document, labels_csv
from skyshield.monitoring.joining.records import read_records
from skyshield.monitoring.joining.sources import read_sources
from skyshield.monitoring.ledger.records import Record

START = 1_772_323_200.0


def record(number, source, time_s=0.0, lon=38.0, lat=48.0, **fields):
    content = {"kind": "event", "source": source, "lon": lon, "lat": lat, "method": "heard", "position_error_m": 500,
               "time_error_s": 60, "record_id": f"r{number}", "line": number + 2, **fields}
    content = {name: value for name, value in content.items() if value is not None}
    return Record(number, START + time_s, json.dumps(content, sort_keys=True).encode())


def crowd(n=60, sources=("a", "b", "c"), clock_s=0.0, seed=1):
    """Records of events far apart in time, each seen by all sources; `c` has a clock that is off."""
    rng = np.random.default_rng(seed)
    result = []
    for event in range(n):
        lon, lat = 38 + rng.uniform(0, 1), 48 + rng.uniform(0, 0.4)
        for source in sources:
            result.append(record(len(result), source, event * 20_000 + rng.normal(0, 60) + clock_s * (source == "c"),
                                 lon + rng.normal(0, 0.005), lat + rng.normal(0, 0.004), act="V2"))
    return result


def test_an_empty_ledger_is_an_answer():
    found = assess([])
    assert (found.events, found.sources, len(found.p_same)) == ((), (), 0)
    assert document(found)["counts"] == {"records": 0, "events": 0, "by_several_sources": 0, "alone": 0, "copies": 0,
                                         "repeats": 0}
    assert labels_csv(found) == b"source,line,event,p_same\n"


def test_one_record_is_one_event():
    found = assess([record(0, "a", act="V3")])
    event, = found.events
    assert (event.records, event.sources, event.act, event.p_act) == ((0,), ("a",), "V3", {"V3": 1.0})
    assert event.time_s == START and abs(event.lon - 38) < 1e-6 and abs(event.lat - 48) < 1e-6
    assert 0 < event.p_real < 1 and found.p_same.tolist() == [1.0]


def test_what_all_sources_saw_is_one_event_each():
    found = assess(crowd())
    assert len(found.events) == 60
    assert all(event.sources == ("a", "b", "c") and event.p_real > 0.99 for event in found.events)
    assert found.p_same.min() > 0.9
    assert [event.records for event in found.events] == [(3 * k, 3 * k + 1, 3 * k + 2) for k in range(60)]


def test_a_clock_an_hour_off_is_found():
    found = assess(crowd(clock_s=3600.0))
    clocks = {source.name: source.clock_offset_s for source in found.sources}
    assert clocks["c"] == pytest.approx(3600, abs=60) and abs(clocks["a"]) < 60 and abs(clocks["b"]) < 60
    assert len(found.events) == 60
    assert found.events[0].time_s == pytest.approx(START, abs=200)


def test_a_declared_clock_stands():
    found = assess(crowd(clock_s=3600.0), {"a": {"clock_offset_s": -3600.0}})
    of = {source.name: source for source in found.sources}
    assert of["a"].clock_offset_s == -3600.0 and of["a"].rests_on["clock_offset_s"] == "declared"
    assert of["c"].clock_offset_s == pytest.approx(0, abs=60) and of["b"].clock_offset_s == pytest.approx(-3600, abs=60)
    assert of["c"].rests_on["repeats"] == "learnt from 60 records"


def test_a_copy_is_no_second_witness():
    rows = [record(0, "patrol"), record(1, "paper", 120, derived_from="r0", method="reported"),
            record(2, "blog", 400, derived_from="r1", method="reported")]
    event, = assess(rows).events
    assert (event.records, event.witnesses, event.sources, event.methods) == ((0, 1, 2), (0,), ("patrol",), ("heard",))
    alone = assess(rows[:1]).events[0]
    assert (event.p_real, event.time_s, event.position_error_m, event.id) == (
        alone.p_real, alone.time_s, alone.position_error_m, alone.id)


def test_copies_of_what_is_not_there_and_rings():
    rows = [record(0, "x", derived_from="gone"), record(1, "y", 900, derived_from="gone"),
            record(2, "p", 9e5, derived_from="r3"), record(3, "q", 9e5, derived_from="r2"),
            record(4, "z", 2e6, derived_from="r4")]
    found = assess(rows)
    assert [(event.records, event.witnesses) for event in found.events] == [
        ((0, 1), (0,)), ((2, 3), (2,)), ((4,), (4,))]


def test_a_source_that_derives_from_another_is_no_witness_beside_it():
    rows = crowd(sources=("a", "b"))
    found = assess(rows, {"b": {"derives_from": "a"}})
    assert len(found.events) == 60 and all(event.sources == ("a",) for event in found.events)
    both = assess(rows, {"a": {"modality": "acoustic"}}).events[0]
    assert both.methods == ("acoustic", "heard")


def test_a_source_that_says_it_again_is_one_witness():
    """Far apart for their errors, its records are two events; near, and with nothing else around, it repeats itself."""
    rows = crowd(sources=("a", "b"))
    far = [record(500, "a", 2e6), record(501, "a", 2e6 + 900, lon=38.06)]
    near = [record(502, "a", 3e6), record(503, "a", 3e6 + 30)]
    events = {event.records: event.witnesses for event in assess(rows + far + near).events if event.records[0] >= 500}
    assert events == {(500,): (500,), (501,): (501,), (502, 503): (502,)}


def test_the_order_of_the_ledger_does_not_matter():
    rows = crowd(20, clock_s=30.0)
    order = np.random.default_rng(5).permutation(len(rows))
    forth, back = assess(rows), assess([rows[place] for place in order])
    assert [dataclasses.replace(event, records=(), witnesses=()) for event in forth.events] == [
        dataclasses.replace(event, records=(), witnesses=()) for event in back.events]
    named = {number: forth.events[event].id for number, event in zip(forth.numbers, forth.event_of, strict=True)}
    assert named == {number: back.events[event].id for number, event in zip(back.numbers, back.event_of, strict=True)}


def test_where_a_source_did_not_watch_it_missed_nothing():
    """Source b says when it watched: its probability of detection is that of then."""
    rows = [row for row in crowd(60, sources=("a", "b")) if not (b"\"b\"" in row.leaf and row.number > 60)]
    plain = {source.name: source.p for source in assess(rows).sources}
    watch = record(900, "b", -5000, kind="coverage", time_end="2026-03-08T00:00:00Z", act=None)
    seen = {source.name: source.p for source in assess([*rows, watch]).sources}
    assert plain["b"] < 0.65 and seen["b"] > 0.8


def test_errors_where_none_are_stated_are_those_of_the_method():
    table = read_records([record(0, "a", position_error_m=None, time_error_s=None),
                          record(1, "a", position_error_m=0, time_error_s=0),
                          record(2, "a", time_error_s=None, time_end="2026-03-01T02:00:00Z")])
    assert table.error_m.tolist() == [3000.0, 1.0, 500.0]
    assert table.error_s.tolist() == [600.0, 1.0, pytest.approx(7200 / 12 ** 0.5)]
    assert table.time_s.tolist() == [START, START, START + 3600]


def test_rounded_places_and_times_widen_the_errors():
    rows = [record(k, "round", 300 * (7 * k % 50), 38 + 0.05 * (k % 7), 48 + 0.05 * (k % 5)) for k in range(40)]
    rows += [record(k, "exact", 17.3 * k * k, 38 + 0.01234 * k, 48 + 0.00567 * k) for k in range(40, 80)]
    table = read_records(rows)
    assert table.floor_m[0] == pytest.approx(0.05 * 111_133 / 12 ** 0.5 * 0.85, rel=0.02)
    assert table.floor_s[0] == pytest.approx(300 / 12 ** 0.5)
    assert table.floor_m[-1] == 0 and table.floor_s[-1] == 0


def test_all_at_one_place_and_time():
    found = assess([record(k, f"s{k % 40}", 0.0) for k in range(120)])
    assert np.isfinite(found.p_same).all() and sum(len(event.records) for event in found.events) == 120
    assert all(np.isfinite([event.time_s, event.time_error_s, event.position_error_m]).all() for event in found.events)


def test_records_that_know_the_day_alone_are_not_joined():
    """As in public records of events: nothing tells two of a day and district apart or together."""
    rng = np.random.default_rng(2)
    rows = [record(k, "abc"[k % 3], 86_400 * (k // 6), 38 + rng.uniform(0, 1), 48 + rng.uniform(0, 1),
                   time_error_s=50_000, position_error_m=100_000) for k in range(90)]
    assert len(assess(rows).events) == 90


def test_one_source_alone_tells_nothing_of_what_it_misses():
    source, = assess(crowd(30, sources=("a",))).sources
    assert (source.p, source.position_factor, source.clock_offset_s) == (0.5, 1.3, 0.0)


def test_events_keep_their_names_when_later_records_come():
    rows = crowd(20)
    before, after = assess(rows), assess([*rows, record(900, "a", 9e6)])
    assert [event.id for event in before.events] == [event.id for event in after.events][:-1]


@settings(max_examples=25, deadline=None)
@given(st.lists(st.tuples(st.sampled_from("abc"), st.floats(0, 20_000), st.floats(37, 39), st.floats(47, 49),
                          st.sampled_from([None, "V1", "V2"]), st.sampled_from(["r0", "r3", "a", None])),
                min_size=1, max_size=25))
def test_any_records_are_parted_into_events(rows):
    records = [record(number, source, time_s, lon, lat, act=act, derived_from=copied)
               for number, (source, time_s, lon, lat, act, copied) in enumerate(rows)]
    found = assess(records)
    assert sorted(itertools.chain.from_iterable(event.records for event in found.events)) == list(range(len(rows)))
    assert ((found.p_same >= 0) & (found.p_same <= 1)).all()
    for event in found.events:
        assert event.witnesses and set(event.witnesses) <= set(event.records) and event.sources and event.methods
        assert 0 <= event.p_real <= 1 and event.time_error_s > 0 and event.position_error_m > 0
        assert sum(event.p_act.values()) == pytest.approx(1 if event.p_act else 0)
    assert len({event.id for event in found.events}) == len(found.events)


@pytest.mark.parametrize(("text", "what"), [
    ("a: {p: 0}", "a: p: is 0; give strictly between 0 and 1"), ("a: {p: .nan}", "a: p: is nan"),
    ("a: {p: 1}", "a: p: is 1"), ("a: {p: true}", "a: p: is True"), ("a: {q: 0.5}", "a: q: cannot be declared"),
    ("a: {clock_offset_s: 1000000000.0}", "clock_offset_s: is 1000000000.0; give seconds"),
    ("- a", "is no mapping of sources"),
    ("a: 3", "a: is no mapping"), ("a: {derives_from: 3}", "derives_from: is 3"), ("a: {error_factor: 0}", "is 0"),
    ("a: {repeats: 1}", "repeats: is 1"), ("a: {p: [", "line")])
def test_declarations_that_cannot_be(tmp_path, text, what):
    path = tmp_path / "sources.yaml"
    path.write_text(text, "utf-8")
    with pytest.raises(SkyShieldError) as refused:
        read_sources(path)
    assert what in str(refused.value) and refused.value.exit_code == 2


def test_declarations_by_themselves_or_under_sources(tmp_path):
    for text in ("a: {p: 0.25}", "sources:\n  a: {p: 0.25}\n"):
        (tmp_path / "s.yaml").write_text(text, "utf-8")
        assert read_sources(tmp_path / "s.yaml") == {"a": {"p": 0.25}}
    (tmp_path / "s.yaml").write_text("# nothing\n", "utf-8")
    assert read_sources(tmp_path / "s.yaml") == {}
    of = {source.name: source for source in assess(crowd(20), {"a": {"p": 0.25, "error_factor": 2}}).sources}
    assert (of["a"].p, of["a"].position_factor, of["a"].time_factor) == (0.25, 2.0, 2.0)
    assert of["a"].rests_on["position_factor"] == "declared" and of["b"].p > 0.5


@pytest.mark.parametrize(("declared", "what"), [({"z": {}}, "z: is no source"), ({"a": {"derives_from": "a"}}, "'a'"),
                                                ({"a": {"derives_from": "z"}}, "'z', no other source")])
def test_sources_that_are_not_there(declared, what):
    with pytest.raises(SkyShieldError, match=what):
        assess(crowd(3), declared)
