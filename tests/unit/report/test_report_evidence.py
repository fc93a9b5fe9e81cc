"""The sceptic's section: what would change the conclusion and the order, and what the fit was held against.

Tried to fail: an arm's own lo compared with itself; orders told within the computing's error; facts shown beside a fit
that they do not speak of; the months kept aside left out of the sentence. Each fails a test.
"""

import pytest

from skyshield.report.sections.evidence import changes, orders, section
from skyshield.study import StudyView

LABELS = {"region": "Region", "cities": "Cities"}


def row(delta, lo, mcse=0.1):
    return {"delta": delta, "lo": lo, "hi": None, "mcse": mcse}


ARMS = {"region": [row(14.0, 5.0), row(0.1, 0.0), row(20.0, 6.0)],
        "cities": [row(8.0, 2.0), row(7.9, 1.0), row(9.0, 2.0)]}
MOVES = [(1, "displacement at 1"), (2, "zone share at 0.9")]


def test_what_takes_the_conclusion_away_is_named():
    table = changes(ARMS, MOVES, LABELS)
    assert table.rows[0] == ("Region", "yes", "displacement at 1", "0.10: displacement at 1")
    assert table.rows[1] == ("Cities", "yes", "none of them alone", "7.9: displacement at 1")
    none = changes({"region": [row(None, None)] * 3}, MOVES, LABELS)
    assert none.rows[0][1:] == ("–", "–", "–")


def test_options_that_change_places():
    assert orders(ARMS, MOVES, LABELS) == [
        "With displacement at 1: “Region” falls behind “Cities”."]
    three = {**ARMS, "sites": [row(12.0, 4.0), row(0.1, 0.0), row(12.0, 4.0)]}
    assert orders(three, MOVES[:1], {**LABELS, "sites": "Sites"}) == [
        "With displacement at 1: “Region” and “Sites” fall behind “Cities”."]
    close = {"region": [row(8.1, 5.0), row(8.0, 0.0)], "cities": [row(8.0, 2.0), row(8.1, 1.0)]}
    assert orders(close, MOVES[:1], LABELS) == []
UAVS = {"name": "uavs", "target": "UAVs", "n": "151", "crps": "60", "best": "climatology 30", "best_crps": "62",
        "skill": "3%", "calibrated": "yes (p 0.5)"}


@pytest.fixture
def held():
    return {"record_sha256": "abc", "window": "this to that",
            "facts": [{"fact": "one", "record": "1", "model": "1", "band": "0 to 2", "is": "inside"},
                      {"fact": "two", "record": "9", "model": "1", "band": "0 to 2", "is": "outside"}],
            "kept_aside_window": "then to now",
            "targets": [{**UAVS, "verdict": "better"}, {**UAVS, "name": "hits", "verdict": "no skill"}],
            "kept_aside": [{**UAVS, "verdict": "no skill", "skill": "1%"}]}


def test_what_the_fit_was_held_against(study, held):
    result, _, resolved = study
    view = StudyView(result, resolved)
    actual = section(view, held | {"record_sha256": view.fit.record_sha256})
    assert actual.checked.startswith("Of 2 facts of the record that the fit was not tuned to, 1 lie inside")
    assert actual.checked.endswith(
        "Of 2 targets that the simulator forecast one day ahead in this to that, it beats the best simple rule at 95% "
        "in 1; in months kept aside, then to now, in 0; in both, in 0.")
    assert actual.forecasts.rows[0][5:7] == ("better: 3%", "no skill: 1%")
    assert actual.forecasts.rows[1][6] == "–"
    assert [r[0] for r in actual.checks.rows] == ["one", "two"] and actual.forecasts.rows[0][0] == "UAVs"
    other = section(view, held | {"record_sha256": "another"})
    assert other.checks is None and other.forecasts is None and "another fit" in other.checked


def test_the_annex_has_the_section(annex):
    assert "Should you believe it?" in annex.text and "changes" in annex.tables
