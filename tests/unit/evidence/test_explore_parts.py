"""Boxes, regret, near-optimal sets and thresholds on cases made by hand.

Tried against mutations: the box told on the half it was found on; regret from the option's own greatest value;
near-optimal with the sign of a negative best turned; the crossing at the nearer value; flips told whatever the noise.
Each fails a test here.
"""

import numpy as np
import pytest

from skyshield.evidence.exploration.boxes import find_box, inside
from skyshield.evidence.exploration.model import experiments
from skyshield.evidence.exploration.regret import near_optimal, regret, stump
from skyshield.evidence.exploration.text import box_line, limits_text
from skyshield.evidence.exploration.thresholds import Line, first_crossing, flips

needs_workbench = pytest.mark.filterwarnings("ignore")


@pytest.fixture(autouse=True, scope="module")
def workbench():
    """Take seconds to import it, among thousands of modules, only where these tests run."""
    pytest.importorskip("ema_workbench", exc_type=ImportError)


def cases_with_box(n=600, seed=1, purity=1.0):
    g = np.random.default_rng(seed)
    columns = {name: g.random(n) for name in ("displacement", "claim_bias", "idle")}
    within = (columns["displacement"] > 0.6) & (columns["claim_bias"] < 0.5)
    return columns, within & (g.random(n) < purity)


@needs_workbench
@pytest.mark.parametrize("purity", [1.0, 0.8])
def test_prim_finds_a_planted_box(purity):
    columns, interest = cases_with_box(purity=purity)
    box = find_box(columns, interest)
    limits = {limit["name"]: limit for limit in box["limits"]}
    assert set(limits) == {"displacement", "claim_bias"}  # and not the idle one
    assert limits["displacement"]["low"] == pytest.approx(0.6, abs=0.06)
    assert limits["claim_bias"]["high"] == pytest.approx(0.5, abs=0.06)
    assert limits["displacement"]["high"] is None
    assert box["held_out"]["density"] > 0.8 * purity
    assert box["held_out"]["coverage"] > 0.8
    line = box_line("zone", {"below": 3.0, "box": box})
    assert line.startswith("zone prevents fewer than 3 where ")
    assert "displacement above 0." in line and "claim_bias below 0." in line


@needs_workbench
def test_no_box_where_nothing_tells():
    columns, _ = cases_with_box()
    interest = np.random.default_rng(9).random(600) < 0.3
    box = find_box(columns, interest)
    assert box is None or box["held_out"]["density"] < 0.45
    assert find_box(columns, np.arange(600) < 5) is None


def test_coverage_and_density_are_of_the_other_half():
    columns, interest = cases_with_box()
    box = find_box(columns, interest)
    odd = np.arange(600) % 2 == 1
    within = inside(box["limits"], columns) & odd
    assert box["held_out"]["density"] == pytest.approx((within & interest).sum() / within.sum())
    assert box["held_out"]["coverage"] == pytest.approx((within & interest).sum() / (interest & odd).sum())


def test_the_workbench_is_asked_once():
    calls = []

    def play():
        calls.append(1)
        return {"a": np.arange(3.0), "b": 10.0 + np.arange(3.0)}

    table, outcome = experiments({"x": np.array([0.1, 0.5, 0.9])}, ["a", "b"], play)
    assert len(calls) == 1
    assert outcome.tolist() == [0.0, 1.0, 2.0, 10.0, 11.0, 12.0]
    assert table["option"].tolist() == ["a"] * 3 + ["b"] * 3
    assert table["x"].tolist() == [0.1, 0.5, 0.9] * 2


def test_regret_by_hand():
    result = regret({"zone": np.array([10.0, 0.0, 4.0]), "aid": np.array([4.0, 5.0, 4.0]), "own": np.zeros(3)})
    assert [result["options"]["zone"][k] for k in ("greatest", "mean", "worst_case")] == [5.0, pytest.approx(5 / 3), 1]
    assert [result["options"]["aid"][k] for k in ("greatest", "mean", "worst_case")] == [6.0, 2.0, 0]
    assert (result["minimax"], result["least_mean"]) == ("zone", "zone")
    turned = regret({"zone": np.array([10.0, 0.0, 0.0]), "aid": np.array([7.0, 5.0, 5.0])})
    assert (turned["minimax"], turned["options"]["aid"]["greatest"]) == ("aid", 3.0)


def test_near_optimal_by_hand():
    x = np.array([0.0, 1.0, 2.0])
    values = {"zone": np.array([10.0, 9.5, 2.0]), "aid": np.array([1.0, 10.0, 10.0]), "both": np.full(3, 10.0)}
    result = near_optimal(values, 0.1, {"x": x})
    assert (result["all"], result["some"], result["none"]) == (["both"], ["zone", "aid"], [])
    assert result["options"]["zone"]["where"] == {"name": "x", "side": "below", "value": 1.5, "tells": 1.0}
    harmful = near_optimal({"a": np.array([-10.0]), "b": np.array([-10.5]), "c": np.array([-12.0])}, 0.1, {"x": x[:1]})
    assert (harmful["all"], harmful["none"]) == (["a", "b"], ["c"])


def test_equal_values_cannot_be_told_apart():
    assert stump({"x": np.ones(4)}, np.array([True, False, True, False]))["tells"] == 0.0


def test_thresholds_by_hand():
    x = (0.0, 0.5, 1.0)
    assert first_crossing(x, np.array([2.0, 1.0, -3.0])) == 0.625
    assert first_crossing(x, np.array([2.0, 1.0, 0.5])) is None
    g = np.random.default_rng(2)
    shared = g.standard_normal(60)
    zone = np.array([2.0, 1.0, -3.0])[:, None] + 0.3 * shared
    row, = flips(Line("displacement", x, {"zone": zone, "aid": np.zeros((3, 60))}))
    assert (row["ahead"], row["behind"], row["back"]) == ("zone", "aid", False)
    assert row["lo"] < row["value"] < row["hi"]
    assert row["value"] == pytest.approx(0.625, abs=0.05)


def test_a_flip_within_noise_is_not_told():
    noise = np.random.default_rng(3).standard_normal((2, 20))
    noise -= noise.mean(axis=1, keepdims=True)  # so that the means cross
    for size, n_flips in ((1.0, 0), (0.01, 1)):
        a = np.array([[0.05], [-0.05]]) + size * noise
        assert len(flips(Line("x", (0.0, 1.0), {"a": a, "b": np.zeros((2, 20))}))) == n_flips


def test_words_of_a_box():
    assert limits_text([{"name": "own_defence_along_share", "low": None, "high": 0.5}]) == (
        "own_defence_along_share below 0.5")
