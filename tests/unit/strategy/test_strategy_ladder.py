"""The ladder over a study: rates, what goes on already, intervals of options, what decides, and people side by side.

Tried to fail: the limit of what goes on already by each kind instead of together; the baseline's differences not zero;
the weight of events left out; a person's intervals averaged with another's; strikes that kill counted as those that do
not. Each fails at least one test.
"""

import math

import numpy as np
import pytest
from scipy.optimize import linprog

from skyshield.catalogue import load_catalogue
from skyshield.strategy.assumptions import Elicited, assumptions, with_set
from skyshield.strategy.events import load_events
from skyshield.strategy.figures import StudyFigures, open_figures
from skyshield.strategy.ladder import jeffreys, p_of
from skyshield.strategy.ladder_rates import (
    Occasions,
    answers,
    at_weight,
    occasions_of,
    rungs,
    rungs_so_far,
)
from skyshield.strategy.ladder_study import Played, fire_balance, ladder, second_rung

EVENTS = load_events()
KNOWN = assumptions(load_catalogue(), "ladder")
ENDS = {name: (one.low, one.high) for name, one in KNOWN.items()}
KINDS = tuple(EVENTS.kinds)
FULL = at_weight(ENDS, 1.0)


def occasions(**options):
    """A year of one arm: option -> kind -> incidents, the same at all levels."""
    named = {"own": {"crossing": 10.0, "crossing_moldova": 20.0, "embassy": 0.5}, **options}
    counts = np.array([[[named[option].get(kind, 0.0)] for option in named] for kind in KINDS])
    return Occasions(KINDS, tuple(named), "own", np.stack([counts] * 3), np.ones((len(named), 1), bool), 1.0)


@pytest.fixture(scope="module")
def shipped():
    return ladder(open_figures(), KNOWN)


def test_what_only_an_option_brings_is_incidents_times_answers():
    found = rungs(occasions(ships={"strike": 3.0, "fire": 6.0, "crossing": 10.0, "crossing_moldova": 20.0,
                                   "embassy": 0.5}), EVENTS, FULL)
    fire, strike = jeffreys(0, 4), answers(EVENTS, FULL)["strike"]
    assert found.difference(1) == pytest.approx((3.0 * strike[0], 6.0 * fire[1] + 3.0 * strike[1]))
    assert found.expected(1)[1] == pytest.approx(found.expected(0)[1] + found.difference(1)[1])
    assert found.difference(0) == (0.0, 0.0)


def test_a_baseline_that_shoots_shares_its_answers():
    zone = {"crossing": 10.0, "crossing_moldova": 20.0, "embassy": 0.5, "fire": 9.0}
    found = rungs(occasions(own=zone, same=zone, less={**zone, "fire": 3.0}), EVENTS, FULL)
    assert found.difference(1) == (0.0, 0.0)
    assert found.difference(2) == pytest.approx((-6.0 * jeffreys(0, 4)[1], 0.0))


def test_strikes_that_kill_are_answered_otherwise():
    ends = {**FULL, "deadly_share": (0.25, 0.25)}
    plain, deadly = jeffreys(8, 160, 0.5), jeffreys(1, 1, 0.5)
    assert answers(EVENTS, ends)["strike"] == pytest.approx(
        tuple(0.75 * a + 0.25 * b for a, b in zip(plain, deadly, strict=True)))
    assert answers(EVENTS, {**ends, "deadly_share": (0.0, 0.0)})["strike"] == pytest.approx(plain)


def test_an_assumed_q_narrows_what_events_leave_open():
    assert answers(EVENTS, {**FULL, "q_fire": (0.02, 0.1)})["fire"] == (0.02, 0.1)
    assert answers(EVENTS, {**FULL, "q_fire": (0.6, 0.7)})["fire"] == (0.6, 0.7)  # against the events, as assumed


def test_the_baseline_is_held_against_the_years_without_an_answer():
    found = rungs(occasions(), EVENTS, FULL)
    assert found.expected(0) == pytest.approx((0.0, rungs_so_far(FULL)))  # together, not by each kind
    assert rungs_so_far(FULL) == pytest.approx(2.5119, abs=1e-4)
    assert found.within(0)[1] == pytest.approx(0.919, abs=1e-3)
    half = at_weight(ENDS, 0.5)
    assert rungs_so_far(half) == pytest.approx(2.0 * rungs_so_far(FULL))
    twice = occasions()._replace(years=2.0)
    assert rungs(twice, EVENTS, FULL).expected(0)[1] == pytest.approx(2.0 * rungs_so_far(FULL))


def test_the_level_of_what_goes_on_already_does_not_matter():
    one = occasions(own={"crossing": 10.0, "crossing_moldova": 20.0, "embassy": 5.0},
                    zone={"crossing": 8.0, "crossing_moldova": 19.0, "embassy": 5.0})
    ten = one._replace(counts=one.counts * 10.0)
    a, b = rungs(one, EVENTS, FULL), rungs(ten, EVENTS, FULL)
    assert a.expected(1) == pytest.approx(b.expected(1)) and a.difference(1) == pytest.approx(b.difference(1))
    assert a.difference(1) == pytest.approx((-0.2 * rungs_so_far(FULL), 0.0))  # all of them by the kind cut most


@pytest.mark.parametrize("seed", range(8))
def test_pouring_is_the_linear_program(seed):
    rng = np.random.default_rng(seed)
    own = {"crossing": rng.uniform(0.5, 4.0), "crossing_moldova": rng.uniform(0.5, 4.0),
           "embassy": rng.uniform(0.1, 2.0)}
    other = {kind: n * rng.uniform(0.3, 1.6) for kind, n in own.items()}
    ends = {**FULL, "q_crossing": (0.05, rng.uniform(0.3, 0.9)), "q_embassy": (0.0, rng.uniform(0.2, 1.0))}
    found = rungs(occasions(own=own, other=other), EVENTS, ends)
    kinds = list(own)
    q = [ends["q_crossing"], ends["q_crossing"], ends["q_embassy"]]
    box = [(own[kind] * low, own[kind] * high) for kind, (low, high) in zip(kinds, q, strict=True)]
    limit = max(rungs_so_far(ends), sum(low for low, _ in box))
    for worth, told in ((np.array([other[kind] / own[kind] for kind in kinds]), (None, found.expected(1)[1])),
                        (np.array([other[kind] / own[kind] - 1.0 for kind in kinds]), found.difference(1))):
        for sign, end in ((1.0, told[0]), (-1.0, told[1])):
            if end is not None:
                exact = linprog(sign * worth, A_ub=np.ones((1, 3)), b_ub=[limit], bounds=box)
                assert end == pytest.approx(sign * exact.fun, abs=1e-9)


def test_no_weight_leaves_the_prior_alone():
    ends = {**ENDS, **{name: (0.0, 0.0) for name in ENDS if name.startswith("weight_")}}
    found = rungs(occasions(zone={"fire": 9.0}), EVENTS, ends)
    assert found.expected(1) == pytest.approx((0.0, 9.0))  # q from 0 to 1
    assert found.expected(0) == pytest.approx((0.0, 30.5))


def test_more_weight_never_widens():
    stated = occasions(zone={"fire": 9.0, "contact": 2.0, "strike": 1.0, "crossing": 8.0})
    highs = [rungs(stated, EVENTS, at_weight(ENDS, weight)).expected(1)[1] for weight in (0.5, 0.7, 0.9, 1.0)]
    assert highs == sorted(highs, reverse=True)


def test_arms_widen_and_those_not_played_do_not():
    two = occasions(zone={"strike": 1.0})
    worse = two.counts.copy()
    worse[:, KINDS.index("strike"), 1] *= 5.0
    both = two._replace(counts=np.concatenate([two.counts, worse], axis=3),
                        played=np.array([[True, True], [True, False]]))
    narrow = rungs(two, EVENTS, FULL).expected(1)
    assert rungs(both, EVENTS, FULL).expected(1) == pytest.approx(narrow)
    wide = rungs(both._replace(played=np.ones((2, 2), bool)), EVENTS, FULL).expected(1)
    assert wide[1] > narrow[1] and wide[0] == pytest.approx(narrow[0])


def test_the_second_rung_is_less_likely_than_the_first():
    played = Played(occasions(), EVENTS, ENDS)
    for expected in ((0.0, 2.5), (1.0, 1.0), (0.0, 0.0)):
        found = second_rung(expected, played)
        assert 0.0 <= found["p_low"] <= found["p_high"] <= p_of(expected[1]) + 1e-12
    no_way = played._replace(ends={**ENDS, "further": (0.0, 0.0)})
    assert second_rung((1.0, 2.0), no_way) == {"p_low": 0.0, "p_high": 0.0}


def test_where_an_option_and_the_baseline_are_alike():
    stated = occasions(zone={"fire": 10.0, "crossing": 8.0, "crossing_moldova": 20.0, "embassy": 0.5})
    low, high = fire_balance(Played(stated, EVENTS, FULL), 1)
    assert (low, high) == pytest.approx((0.0, 0.2 * rungs_so_far(FULL) / 10.0))
    above = rungs(stated, EVENTS, {**FULL, "q_fire": (high + 0.001,) * 2})
    assert above.difference(1)[0] > 0.0
    assert fire_balance(Played(occasions(aid={"fire": 0.5}), EVENTS, FULL), 1) is None


def test_the_shipped_study_has_every_option_and_says_what_cannot_be_told(shipped):
    assert list(shipped["options"]) == list(open_figures().options)
    assert shipped["comparisons"] == {"apart": [], "all_overlap": True, "less_risk": "not testable here"}
    for name, row in shipped["options"].items():
        assert 0.0 <= row["p_low"] <= row["p_high"] <= 1.0
        assert row["second_rung"]["p_high"] <= row["p_high"]
        assert all(one["p_low"] <= one["p_high"] for one in row["by_weight"])
        assert all(0.0 <= kind["share_of_high_end"] <= 1.0 for kind in row["kinds"].values())
        assert ("difference" in row) == (name != "own")
    own, region = shipped["options"]["own"], shipped["options"]["region"]
    assert own["kinds"]["crossing"]["incidents_a_year"] > 0.0 and own["kinds"]["fire"]["incidents_a_year"] == 0.0
    assert own["p_high"] > 0.5  # crossings happen anyway
    assert region["kinds"]["crossing"]["incidents_a_year"] < own["kinds"]["crossing"]["incidents_a_year"]
    assert shipped["options"]["aid_region"]["difference"]["answer"] == "no more"
    assert {row["basis"] for row in shipped["basis"]} == {"data", "assumed"}
    assert "coalition fire over Ukraine" in shipped["selection"] and shipped["equation"].startswith("P(at least one")


def test_surfaces_hold_two_assumptions_and_a_third(shipped):
    surfaces = shipped["surfaces"]
    x, y, parameter = (surfaces[axis]["values"] for axis in ("x", "y", "parameter"))
    values = np.array(surfaces["options"]["region"])
    assert values.shape == (len(parameter), len(y), len(x))
    assert set(surfaces["options"]) == set(shipped["options"]) - {"own"}
    assert (np.diff(values, axis=2) >= -1e-12).all()  # more months of fire answered, more risk
    assert abs(np.array(surfaces["options"]["aid_region"])[:, 0, :]).max() == 0.0  # no rungs so far, no fire: the same


def planted(change):
    document = open_figures().document
    return StudyFigures({**document, **change(document)})


def test_exchanged_names_change_nothing_but_names(shipped):
    swap = {"region": "naval", "naval": "region"}

    def exchanged(document):
        def turn(of):
            return {swap.get(name, name): value for name, value in of.items()}
        options = document["options"]
        return {"options": {name: options[swap.get(name, name)] for name in options},
                "months_with_fire": turn(document["months_with_fire"]),
                "by_arm": {measure: turn(of) for measure, of in document["by_arm"].items()}}

    found = ladder(planted(exchanged), KNOWN)["options"]
    for one, other in swap.items():
        for key in ("p_low", "p_high", "rungs_a_year_high"):
            assert found[one][key] == pytest.approx(shipped["options"][other][key], rel=1e-12)


def test_options_that_do_nothing_are_the_baseline():
    def still(document):
        zero = {"0": [0.0, 0.0, 0.0, 0.0]}
        return {"by_arm": {measure: dict.fromkeys(of, zero) for measure, of in document["by_arm"].items()},
                "months_with_fire": {name: [0.0, 0.0, 0.0] for name in document["options"]}}

    found = ladder(planted(still), KNOWN)["options"]
    assert len({(row["p_low"], row["p_high"]) for row in found.values()}) == 1
    assert all(row["difference"]["rungs_a_year_high"] == 0.0 for name, row in found.items() if name != "own")


def test_incidents_are_those_of_the_study():
    figures = open_figures()
    found = occasions_of(figures, EVENTS)
    own, region = found.own, found.options.index("region")
    strikes = KINDS.index("strike")
    for option, name in ((own, "own"), (region, "region"), (found.options.index("ground_25k"), "ground_25k")):
        stated = sum(figures.mean(name, column).mean for column in EVENTS.kinds["crossing"].columns)
        assert found.counts[1, KINDS.index("crossing"), option, 0] == pytest.approx(stated, rel=1e-3)
    soldiers = [row.mean for row in figures.by_arm("incidents/soldiers_struck_in_ukraine", "ground_25k") if row]
    assert found.counts[1, strikes, found.options.index("ground_25k")].max() >= max(soldiers) > 0.0
    assert (found.counts[0] <= found.counts[1]).all() and (found.counts[1] <= found.counts[2]).all()


def test_people_stand_side_by_side(shipped):
    bold = Elicited("Bold", {"ladder": {"q_fire": (0.0, 0.001), "q_contact": (0.0, 0.0)}})
    wary = Elicited("Wary", {"ladder": {"q_fire": (0.8, 0.9)}})
    found = ladder(open_figures(), KNOWN, [(bold, "a.yaml"), (wary, "b.yaml")])
    assert found["options"] == shipped["options"]  # nobody's judgement enters the answer, no average of them either
    rows = {row["person"]: row["options"]["region"] for row in found["people"]}
    assert rows["Wary"]["answer"] == "more" and rows["Bold"]["answer"] == "not testable here"
    assert rows["Wary"]["p_low"] == pytest.approx(p_of(9.0 * 0.8), rel=1e-3)
    differ = {row["symbol"]: row for row in found["differ"]}
    assert differ["q_fire"]["apart"] and differ["q_fire"]["intervals"] == {"Bold": [0.0, 0.001], "Wary": [0.8, 0.9]}
    assert "region" in found["matters"]["options"] and "own" not in found["matters"]["options"]
    alike = ladder(open_figures(), KNOWN, [(bold, "a.yaml"), (Elicited("Twin", bold.intervals), "b.yaml")])
    assert alike["differ"] == [] and alike["matters"] == {"options": [], "comparisons": False}


def test_what_is_set_is_taken(shipped):
    found = ladder(open_figures(), with_set(KNOWN, ["weight_so_far=1", "years_so_far=1.7"]))
    assert found["options"]["own"]["p_high"] == pytest.approx(p_of(2.5119 / 1.7 * 365 / 365.25), abs=1e-4)
    assert found["options"]["own"]["p_high"] < shipped["options"]["own"]["p_high"]
    apart = ladder(open_figures(), with_set(KNOWN, ["q_fire=1", "q_crossing=0", "q_embassy=0"]))
    pairs = {(row["less"], row["more"]) for row in apart["comparisons"]["apart"]}
    assert ("own", "region") in pairs and not apart["comparisons"]["all_overlap"]


def test_thresholds_are_where_the_answer_turns(shipped):
    for row in shipped["thresholds"]:
        if "q" in row:
            most = shipped["options"][row["option"]]["kinds"][row["kind"]]["incidents_a_year_high"] * 365 / 365.25
            assert -math.expm1(-most * row["q"]) == pytest.approx(0.5)
    balance = [row for row in shipped["thresholds"] if "q_low" in row]
    assert {row["option"] for row in balance} >= {"region", "naval"} and len({row["option"] for row in balance}) > 4
    assert all(row["q_low"] < row["q_high"] for row in balance)
