"""A scenario asked what drives it, and explored: small, whole, the same for any number of jobs.

Tried against mutations: prices left in sight of the structure; numbers with a distribution ranked by the stand-in
analysis. Each fails a test here.
"""

import builtins
import functools
import json

import numpy as np
import pytest

from skyshield.compile.world import compile_world, prepare_context
from skyshield.core.errors import SkyShieldError
from skyshield.evidence.exploration.analysis import explore
from skyshield.evidence.exploration.text import lines
from skyshield.evidence.sensitivity.analysis import KNOWN, STAND_IN, sensitivity
from skyshield.evidence.sensitivity.decision import MOST, PER_BUDGET, SAME_MONEY, Decision, information
from skyshield.evidence.sensitivity.inputs import (
    FIT_INPUT,
    STRENGTHS_INPUT,
    central_row,
    fit_order,
    relevant_inputs,
    study_inputs,
)
from skyshield.evidence.sensitivity.text import (
    STAND_IN_WARNING,
    first_five,
    index_line,
    information_lines,
    question_of,
)
from skyshield.evidence.stats_extra import needed
from skyshield.study.compare import rounded
from skyshield.study.maps import thread_map
from support.command_line import FIXED, SHAPE
from support.studies import resolved, scenario

pytest.importorskip("SALib", exc_type=ImportError)
SEED = 3
OPEN = {name: value for name, value in FIXED.items() if name not in ("displacement", "claim_bias")}


@functools.cache
def small_study():
    return resolved(scenario(days=1, assumptions=OPEN))


@functools.cache
def result(jobs=1):
    return sensitivity(small_study(), SEED, 2, 4, 2, map=functools.partial(thread_map, jobs=jobs))


@functools.cache
def explored(jobs=1):
    return explore(small_study(), SEED, 40, 2, map=functools.partial(thread_map, jobs=jobs))


@functools.cache
def inputs():
    return study_inputs(prepare_context(small_study()), SEED)


def test_the_same_for_any_number_of_jobs():
    assert json.dumps(rounded(result())) == json.dumps(rounded(result(2)))


@pytest.mark.filterwarnings("ignore")
def test_an_exploration_is_the_same_for_any_number_of_jobs():
    assert json.dumps(rounded(explored())) == json.dumps(rounded(explored(2)))
    assert set(explored()["sweeps"]) == {"uniform", "coverage"}
    assert set(explored()["sweeps"]["uniform"]) >= {"displacement", "claim_bias"}
    assert explored()["regret"]["most"]["options"]["region"]["greatest"] >= 0.0
    assert next(iter(lines(explored()))).startswith("Where options prevent little")
    swept = explored()["sweeps"]["coverage"]["displacement"]
    assert (swept["values"][0], swept["values"][-1]) == (0.0, 1.0)
    assert swept["options"]["region"]["mean"][-1] <= swept["options"]["region"]["mean"][0]


def test_a_baseline_alone_is_refused():
    for ask in (lambda alone: sensitivity(alone, SEED, 2, 4, 2), lambda alone: explore(alone, SEED, 40, 2)):
        with pytest.raises(SkyShieldError, match="only the baseline"):
            ask(resolved(scenario(days=1).chosen(("own",))))


def test_kinds_are_kept_apart():
    analysis = result()
    kinds = {row["name"]: row["kind"] for row in analysis["inputs"]["asked"]}
    assert kinds["displacement"] == kinds["claim_bias"] == kinds["own_defence_along_share"] == "interval"
    assert kinds[FIT_INPUT] == "fit"
    screened = {part: {row["name"] for row in analysis["screening"][part]["options"]["region"]} for part in
                (KNOWN, STAND_IN)}
    assert not {n for n in screened[KNOWN] if kinds[n] == "interval"}
    assert {n for n in screened[STAND_IN] if n in kinds} == {n for n, kind in kinds.items() if kind == "interval"}
    assert "leak_west_over_leak_deep" not in kinds  # fixed by the scenario
    for row in first_five(analysis):
        assert row["has_distribution"] == (kinds[row["name"]] != "interval")
        assert row["has_distribution"] or "no distribution" in row["words"]
    assert "stand-in" in STAND_IN_WARNING
    assert any("stand-in" in line for line in information_lines(analysis)) or STAND_IN not in analysis["information"]


def test_numbers_are_ranked_each_by_its_own_analysis():
    def part(**worth):
        return {SAME_MONEY: {"inputs": [{"name": n, "value": v, "se": 0.1, "bias": 0.0} for n, v in worth.items()]}}

    kinds = {"open": "interval", "known": "distribution", "idle": "distribution"}
    ranked = first_five({"inputs": {"asked": [{"name": n, "kind": k, "label": n} for n, k in kinds.items()]},
                         "indices": {}, "information": {KNOWN: part(known=1.0, idle=0.1),
                                                        STAND_IN: part(open=2.0, known=9.0)}})
    assert [(row["name"], row["value"], row["has_distribution"]) for row in ranked] == [
        ("open", 2.0, False), ("known", 1.0, True), ("idle", 0.1, True)]
    assert ["is not shown" in row["words"] for row in ranked] == [False, False, True]
    assert ["no distribution" in row["words"] for row in ranked] == [True, False, False]


def test_structure_leaves_out_prices_and_keeps_what_stops():
    relevant = relevant_inputs(inputs(), SEED)
    known = {"aam_pk", "fighter_reach", "displacement", "own_defence_along_share", FIT_INPUT, STRENGTHS_INPUT}
    assert known <= relevant
    all_names = {item.name for item in inputs().all_inputs}
    assert {"fighter_price", "fighter_hour_total", "accident_rate_per_flight_hour"} <= all_names - relevant
    assert result()["inputs"]["left_out"] == sorted(all_names - relevant)
    assert "fighter_price" in relevant_inputs(inputs(), SEED, frozenset())


def test_the_base_is_the_centre_and_a_row_of_the_fit():
    fit = inputs().context.fit
    row = fit.rows[central_row(fit)]
    assert [inputs().base[name] for name in fit.names] == row.tolist()
    assert sorted(fit_order(fit)) == list(range(len(fit.rows)))
    given = inputs().given({FIT_INPUT: np.array([[0.0], [1.0]])}, 2)
    first, last = fit_order(fit)[[0, -1]]
    for k, name in enumerate(fit.names):
        assert given[name].tolist() == [fit.rows[first, k], fit.rows[last, k]]  # rows stay joint
    strong = inputs().given({STRENGTHS_INPUT: np.full((1, 7), 0.5)}, 1)
    assert strong["own_strength_kyiv"].tolist() == [1.0]


def test_nothing_is_drawn_at_a_point():
    item, other = (compile_world(inputs().context, seed, 1, given=inputs().given({}, 1)).parameters for seed in (1, 2))
    assert {n for n in item if item[n].tobytes() != other[n].tobytes()} == set()


def test_a_tornado_moves_one_at_a_time():
    tornado = result()["tornado"]["region"]
    rows = {row["name"]: row for row in tornado["inputs"]}
    assert rows["displacement"]["at_low"] == tornado["base"]  # the headline's end
    assert rows["displacement"]["at_high"] <= tornado["base"]
    widths = [abs(row["at_high"] - row["at_low"]) for row in tornado["inputs"]]
    assert widths == sorted(widths, reverse=True)
    assert set(rows) == {row["name"] for row in result()["inputs"]["asked"]}


def test_decisions_by_hand():
    decision = Decision("own", {"zone": 2.0, "aid": 2.0, "free": 0.0}, ("zone", "aid"))
    prevented = {"zone": np.array([4.0, 8.0]), "aid": np.array([2.0, 2.0]), "free": np.ones(2)}
    assert set(decision.values(prevented, SAME_MONEY)) == {"zone", "aid"}
    values = decision.values(prevented, PER_BUDGET)
    assert {name: v.tolist() for name, v in values.items()} == {"own": [0.0, 0.0], "zone": [2.0, 4.0],
                                                               "aid": [1.0, 1.0]}
    g = np.random.default_rng(1)
    x, idle = g.standard_normal((2, 800, 1))
    answers = information(decision, {"zone": x[:, 0], "aid": np.zeros(800), "free": np.ones(800)},
                          {"x": x, "idle": idle}, 1)
    rows = answers[SAME_MONEY]["inputs"]
    assert [row["name"] for row in rows] == ["x", "idle"]
    assert rows[0]["value"] == pytest.approx(1.0 / np.sqrt(2.0 * np.pi), abs=0.06)


def test_where_nothing_is_planned_nothing_is_asked_by_money():
    idle = Decision("own", {"zone": 0.0, "aid": 0.0})
    assert idle.questions == (MOST,) and Decision("own", {"zone": 0.0, "aid": 1.0}).questions == (PER_BUDGET, MOST)
    answers = information(idle, {"zone": np.zeros(8), "aid": np.ones(8)}, {"x": np.zeros((8, 1))}, 1)
    assert question_of({"information": {KNOWN: answers}}) == MOST
    first_day = scenario(days=30, assumptions=OPEN, decided_before_days=0).first(1)  # nobody is there yet
    content = rounded(explore(resolved(first_day), SEED, 20, 1))
    assert content["budget_eur_billion"] == {"region": 0.0}
    assert [list(content[name]) for name in ("choices", "regret", "near_optimal")] == [[MOST]] * 3
    assert all(rows == {MOST: []} for rows in content["thresholds"].values()) and content["thresholds"]
    assert "No option plans to spend anything in these days" in "\n".join(lines(content))
    assert "No option plans" not in "\n".join(lines(explored()))


def test_an_option_drowned_in_noise_says_so():
    row = {"name": "a", "total": 1.0, "total_lo": 0.1, "total_hi": 9.0}
    texts = [index_line("zone", KNOWN, {"inputs": [row], "noise_share": share}) for share in (0.1, 0.9)]
    assert ["ask for more replications" in line for line in texts] == [False, True]


def test_a_missing_extra_is_one_line(monkeypatch):
    real = builtins.__import__
    monkeypatch.setattr("importlib.import_module", lambda name: real("no_such_library_here"))
    with pytest.raises(SkyShieldError) as refused:
        needed("SALib.sample.sobol")
    assert "pip install 'skyshield[stats]'" in str(refused.value)
    assert SHAPE.fullmatch(f"error: {refused.value}\n")
