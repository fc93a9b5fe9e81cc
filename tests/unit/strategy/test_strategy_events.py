"""The table of events: every incident of a study counted once or left out, every event sourced, nothing unknown.

Tried to fail: events that do not count counted all the same; a column of two kinds let through. Each fails a test.
"""

import copy

import pytest

from skyshield.catalogue import load_catalogue
from skyshield.core.errors import SkyShieldError
from skyshield.core.files import read_yaml
from skyshield.strategy.assumptions import assumptions
from skyshield.strategy.events import TABLE, load_events, read_events
from skyshield.study.result import MEASURES

NAMED = ("Su-24", "Khasham", "Rivet Joint", "Reaper", "Przewodów", "Poland", "American bases", "Tower 22", "Moldova",
         "Romania")


@pytest.fixture
def content():
    return copy.deepcopy(read_yaml(TABLE))


def test_the_named_events_are_there_with_a_source_and_what_came_of_them():
    events = load_events()
    for name in NAMED:
        assert any(name in event.name for event in events.events), name
    for event in events.events:
        assert event.source and event.what and event.answer and event.date[:2] == "20", event.name
    assert {key for row in (*events.events, *events.statements) for key in row.source} == set(events.sources)


def test_events_are_counted_by_class():
    events = load_events()
    assert events.counts("strike") == (8, 160) and events.counts("deadly_strike") == (1, 1)
    assert events.counts("contact") == (0, 4) and events.counts("fire") == (0, 4)
    left = [event.name for event in events.events if not event.counted]
    assert left == ["Balyun", "Estonia"] and all(event.why for event in events.events if not event.counted)


def test_every_incident_of_a_study_is_counted_once_or_left_out():
    events = load_events()
    used = [column for kind in events.kinds.values() for column in kind.columns] + list(events.left_out)
    assert sorted(used) == sorted(column for column in MEASURES if column.startswith("incidents/"))
    assert events.kinds["fire"].columns == ()


def test_every_class_has_its_weight_and_its_q():
    known = assumptions(load_catalogue(), "ladder")
    events = load_events()
    for name, klass in events.classes.items():
        assert klass.weight in known and klass.unlike
        assert name == "deadly_strike" or f"q_{name}" in known
    assert known["weight_strike"].high == known["weight_base"].high == 0.5  # the other side was not nuclear


def test_moscow_stands_beside_the_op_ed():
    said = load_events().statements
    assert any("NATO's war with Russia" in one.says and one.date == "2025-09-15" for one in said)
    assert any("legitimate" in one.says for one in said) and any(one.who == "The op-ed" for one in said)
    assert all(one.against for one in said)


@pytest.mark.parametrize(("change", "words"), [
    (lambda t: t["events"][0].update(answered=2), "Türkiye downs a drone of Russian make: has 2 answered of 1"),
    (lambda t: t["events"][0].update({"class": "luck"}), "class: is the unknown 'luck'; choose from fire, contact"),
    (lambda t: t["events"][0].update(source=["rumour"]), "source: is the unknown source 'rumour'"),
    (lambda t: t["events"][0].update(counted=False), "why: is missing"),
    (lambda t: t["events"][0].update(why="because"), "why: is there, although it counts"),
    (lambda t: t["events"][0].pop("answer"), "answer: is missing; give it"),
    (lambda t: t["kinds"]["base"]["columns"].append("incidents/embassy_struck"), "embassy_struck: stands there twice"),
    (lambda t: t["left_out"].pop("incidents/accident"), "incidents/accident: is neither of a kind nor left out"),
    (lambda t: t["kinds"]["base"]["columns"].append("incidents/rain"), "names the unknown measure 'incidents/rain'"),
    (lambda t: t["statements"][0].update(kinds=["rain"]), "kind: is the unknown 'rain'"),
    (lambda t: t["classes"]["fire"].pop("unlike"), "fire: unlike: is missing"),
    (lambda t: t.pop("left_out"), "left_out: is missing")])
def test_a_table_that_cannot_be(content, change, words):
    change(content)
    with pytest.raises(SkyShieldError) as refused:
        read_events(content, "events.yaml")
    assert words in str(refused.value)
