"""What a study says by option, phase and arm, and the digest that ships."""

import pytest

from skyshield.core.errors import SkyShieldError
from skyshield.raids.fit import embedded_fit
from skyshield.strategy.figures import SHIPPED, Figure, StudyFigures, open_figures
from skyshield.study.key import study_key
from skyshield.study.prepare import prepare

DOCUMENT = {
    "study_key": "k", "days": 365, "baseline": "own", "marks": [],
    "options": {name: {"label": name, "short": name, "kinds": [], "planned_eur": 0.0} for name in ("own", "a", "b")},
    "arms": [{"kind": "headline", "ends": {}, "label": "headline"},
             {"kind": "single", "ends": {"x": "low"}, "label": "x"},
             {"kind": "joint", "ends": {"x": "low", "y": "high"}, "label": "all"}],
    "own": {"m": {name: [1.0, 1.0, 1.0, 0.0] for name in ("own", "a", "b")}},
    "paired": {"m": {"a": [2.0, 1.0, 3.0, 0.1], "b": [5.0, None, None, 0.1]}},
    "by_arm": {"m": {"a": {"0": [2.0, 1.0, 3.0, 0.1], "1": [1.0, 0.5, 1.5, 0.1], "2": [0.1, 0.0, 0.2, 0.1]},
                     "b": {"0": [5.0, None, None, 0.1]}}},
    "pairs_by_arm": {"m": {"a - b": {"0": [-3.0, -4.0, -2.0, 0.1]}}}, "phases": {}}


@pytest.fixture
def figures():
    return StudyFigures(DOCUMENT)


def test_an_arm_that_leaves_an_option_alone_says_what_the_headline_says(figures):
    assert figures.by_arm("m", "a") == [Figure(2.0, 1.0, 3.0, 0.1), Figure(1.0, 0.5, 1.5, 0.1),
                                        Figure(0.1, 0.0, 0.2, 0.1)]
    assert figures.by_arm("m", "b") == [Figure(5.0, None, None, 0.1)] * 2 + [None]  # no joint arm of its own


def test_differences_of_others_than_the_baseline(figures):
    assert figures.by_arm("m", "a", "b") == [Figure(-3.0, -4.0, -2.0, 0.1)] * 2 + [None]
    assert figures.by_arm("m", "own", "a")[1] == Figure(-1.0, -1.5, -0.5, 0.1)
    assert figures.by_arm("m", "own") == [Figure(0.0, 0.0, 0.0, 0.0)] * 3
    with pytest.raises(SkyShieldError, match="does not tell m of b by arm; name the folder"):
        figures.by_arm("m", "b", "a")


@pytest.mark.parametrize(("option", "measure", "words"), [
    ("c", "m", "option 'c': is not in the study; choose from own, a, b"),
    ("a", "n", "measure 'n': is not in the study")])
def test_what_a_study_lacks(figures, option, measure, words):
    with pytest.raises(SkyShieldError, match=words):
        figures.figure(option, measure)


def test_what_ships_is_small_and_whole():
    assert SHIPPED.stat().st_size <= 1_000_000
    shipped = open_figures()
    assert list(shipped.options)[:2] == ["own", "region"] and len(shipped.options) == 21
    for option in shipped.options:
        rows = shipped.by_arm("prevented_armed", option)
        assert len(rows) == len(shipped.arms) and rows[0] is not None
        assert rows[0].mean == pytest.approx(shipped.figure(option, "prevented_armed").mean, rel=1e-3)
    assert set(shipped.rivals) == {"near", "along"}


def test_a_stored_study_says_by_arm_what_its_totals_say(two_phases):
    found = open_figures(two_phases)
    option = next(name for name in found.options if name != found.baseline)
    rows = found.by_arm("prevented_armed", option)
    assert rows[0].mean == pytest.approx(found.figure(option, "prevented_armed").mean, rel=1e-5)
    assert found.by_arm("casualties", option, option)[0] == Figure(0.0, 0.0, 0.0, 0.0)


def test_the_baseline_s_own_incidents_by_arm(two_phases):
    found, shipped = open_figures(two_phases), open_figures()
    for figures, measure in ((found, "incidents/crossing_moldova"), (shipped, "incidents/crossing_poland")):
        rows = figures.baseline_by_arm(measure)
        assert len(rows) == len(figures.arms)
        assert rows[0].mean == pytest.approx(figures.mean("own", measure).mean, rel=1e-3) and rows[0].mean > 0.0
    assert len({row.mean for row in shipped.baseline_by_arm("incidents/crossing_poland")}) > 5
    with pytest.raises(SkyShieldError, match="is not told of the baseline by arm; ask for incidents"):
        shipped.baseline_by_arm("prevented_armed")


def test_months_with_fire_are_counted_at_most_once_each():
    shipped = open_figures()
    for option in shipped.options:
        one = shipped.months_with_fire(option)
        assert 0.0 <= one.lo <= one.mean <= one.hi <= 13.0
    assert shipped.months_with_fire("region").mean > shipped.months_with_fire("ground_25k").mean > 0.0
    assert shipped.months_with_fire("aid_region").hi == 0.0


def test_what_ships_is_a_study_of_today_s_scenario_and_code():
    """Fails whenever anything that decides the play has changed: then `tools/make_guarantees.py` says what to do."""
    resolved = prepare("guarantees", embedded_fit()).resolved
    shipped = open_figures().document
    assert study_key(resolved, shipped["seed"], resolved.days) == shipped["study_key"]
    assert study_key(resolved, shipped["seed"] + 1, resolved.days) != shipped["study_key"]
    assert (shipped["vectors"], shipped["replications"], shipped["days"]) == (200, 5, 365)
