"""The price of a clause: what counts as one, and both sides of it recomputed by hand.

Tried against mutations: options told by their names alone; a sum over classes taken of the summaries instead of the
replications; the difference turned round; casualties taken for incidents; threats refused read from the option without
the clause; failed replications kept. Each fails at least one test.
"""

import numpy as np
import pytest

from skyshield.scenario import load
from skyshield.study.clauses import TRADE, clause_prices, columns_of, kinds
from skyshield.study.compare import paired, paired_sums
from skyshield.study.summary import summarise
from support.handmade import counted, holding, result_of
from support.studies import resolved, same_bytes, scenario

NAMES = ("incidents/crossing_poland", "incidents/fratricide", "casualties", "refused_by/standoff_russia")
OPTIONS = ["own", "zone", "zone_without_standoff_russia"]
DROPPED = {"zone_without_standoff_russia": ("zone", "standoff_russia")}


def test_dropped_clauses_are_told_by_what_they_are():
    asked = load("skyshield").chosen(("region", "cities"))
    whole = asked.with_clauses_dropped()
    result = whole.dropped_clauses()
    assert len(result) == 8
    assert result["cities_without_zone"] == ("cities", "zone")
    assert whole.without_dropped() == asked
    odd = asked.option("cities").model_copy(update={"name": "region_without_zone"})
    taken = asked.model_copy(update={"options": (*asked.options, odd)})
    assert taken.dropped_clauses() == {}  # of that name, but with forces of its own
    alone = whole.model_copy(update={"options": tuple(o for o in whole.options if o.name != "region")})
    assert set(alone.dropped_clauses().values()) == {("cities", c) for _, c in result.values()}


def test_both_sides_by_hand(monkeypatch):
    columns = counted(monkeypatch, *NAMES)
    rng = np.random.default_rng(1)
    filled = {(option, column): rng.poisson(20.0, (5, 4)).astype(float) for option in OPTIONS
              for column in ("leaked_zone", "leaked/uav", "leaked/cruise", "cost_eur", *NAMES)}
    failed = np.zeros((1, 5, 4), np.uint8)
    failed[0, 2, 1] = 1
    (price,) = clause_prices(result_of(OPTIONS, filled, columns, failed=failed), DROPPED)
    assert (price["option"], price["clause"]) == ("zone", "standoff_russia")
    expected = {"leaked_zone": ["leaked_zone"], "leaked": ["leaked/uav", "leaked/cruise"], "fratricide": [NAMES[1]],
                "casualties": ["casualties"], "cost_eur": ["cost_eur"]}
    assert set(price["trade"]) == set(TRADE) == set(expected)
    valid = failed[0] == 0
    for key, summed in expected.items():
        without, whole = (sum(filled[option, c] for c in summed) for option in (OPTIONS[2], OPTIONS[1]))
        by_hand = summarise(without - whole, valid)
        assert price["trade"][key]["delta"] == pytest.approx(by_hand["mean"])
        for name in ("lo", "hi", "mcse", "spread_lo"):
            assert price["trade"][key][name] == pytest.approx(by_hand[name])
    assert price["refused"] == pytest.approx(filled["zone", NAMES[3]][valid].mean())
    assert price["measures"]["leaked_zone"] == price["trade"]["leaked_zone"]


def test_what_is_not_counted_is_left_out(monkeypatch):
    columns = tuple(c for c in counted(monkeypatch) if not c.startswith(("incidents/", "casualties", "refused_by/")))
    holding(monkeypatch, columns)
    (price,) = clause_prices(result_of(OPTIONS, {("zone", "leaked_zone"): np.ones((2, 2))}, columns), DROPPED)
    assert set(price["trade"]) == {"leaked_zone", "leaked", "cost_eur"}
    assert price["refused"] is None
    assert clause_prices(result_of(OPTIONS, {("zone", "leaked_zone"): np.ones((2, 2))}, columns), {}) == []


def test_kinds_that_never_differ_are_silent(monkeypatch):
    columns = counted(monkeypatch, *NAMES)
    result = result_of(OPTIONS, {(OPTIONS[2], NAMES[0]): np.array([[0.0, 1.0]])}, columns)
    assert list(kinds(paired(result, [(OPTIONS[2], "zone")])[OPTIONS[2]])) == ["crossing_poland"]
    assert kinds(paired(result, [("zone", "own")])["zone"]) == {}


def test_a_sum_has_the_envelope_of_its_own_arms():
    filled = {("zone", "leaked/uav"): np.array([[[1.0, 1.0]], [[9.0, 9.0]]]),
              ("zone", "leaked/cruise"): np.array([[[2.0, 2.0]], [[-20.0, -20.0]]])}
    row = paired_sums(result_of(["own", "zone"], filled, arms=({}, {"x": "high"})), [("zone", "own")],
                      columns_of("leaked/"))["zone"]
    assert (row["delta"], row["env_lo"], row["env_hi"]) == (3.0, -11.0, 3.0)


def test_a_sweep_leaves_the_dropped_clauses_out():
    from skyshield.adaptation.sweep import adaptation_sweep
    from skyshield.study import run

    assumptions = {"displacement": 0.0, "volume_response": 1.0, "class_shift": 0.0}
    plain = scenario(days=1, assumptions={**scenario().assumptions, **assumptions, "own_defence_along_share": 1.0,
                                          "zone_share": 0.3})
    ruled = resolved(plain.with_clauses_dropped())
    played = run(ruled, 3, 2, vectors=2)
    alone = adaptation_sweep(resolved(plain), 3, 2, 2, values={"displacement": (0.0, 1.0)})
    with_study = adaptation_sweep(ruled, 3, 1, 1, values={"displacement": (0.0, 1.0)}, played=played)
    assert with_study.options == alone.options == ["region"]
    assert same_bytes(with_study.result.values, alone.result.values)
