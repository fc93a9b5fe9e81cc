"""Three kinds of doubt, kept apart: closed forms on made-up values."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from skyshield.core.errors import SkyShieldError
from skyshield.study import StudyResult
from skyshield.study.compare import (
    COVERAGE,
    FLAG,
    RIVAL,
    UNIFORM,
    compare,
    marks,
    options_summary,
    over_arms,
    rival_sentence,
    rivals,
    rounded,
    size_marks,
)
from skyshield.study.result import MEASURES
from skyshield.study.summary import summarise
from skyshield.study.told import WITHIN_NOISE, ends
from support.handmade import plain_arms

FINITE = st.floats(-1e6, 1e6, allow_nan=False)


def whole(x):
    return np.ones(x.shape, bool)


def test_vectors_that_differ_and_replications_that_do_not():
    x = np.repeat(np.arange(101.0)[:, None], 5, axis=1)
    actual = summarise(x, whole(x))
    assert (actual["mean"], actual["mcse"]) == (50.0, 0.0)
    assert (actual["lo"], actual["hi"]) == (pytest.approx(2.5), pytest.approx(97.5))
    assert (actual["spread_lo"], actual["spread_hi"]) == (pytest.approx(2.0, abs=1.0), pytest.approx(98.0, abs=1.0))


def test_replications_that_differ_and_vectors_that_do_not():
    x = np.tile([-1.0, 1.0], (10, 50))
    actual = summarise(x, whole(x))
    assert (actual["mean"], actual["lo"], actual["hi"], actual["reason"]) == (0.0, None, None, WITHIN_NOISE)
    variance = 100 / 99
    assert actual["mcse"] == pytest.approx(np.sqrt(10 * variance / 100) / 10)
    assert (actual["spread_lo"], actual["spread_hi"]) == (-1.0, 1.0)


def test_the_noise_of_few_replications_is_taken_out_of_the_interval():
    rng = np.random.default_rng(7)
    truth = rng.normal(0.0, 1.0, 4000)
    for n in (2, 5, 50):
        x = truth[:, None] + rng.normal(0.0, 3.0, (4000, n))
        actual = summarise(x, whole(x))
        assert actual["hi"] - actual["lo"] == pytest.approx(2 * 1.96, rel=0.08), n
        raw = np.quantile(x.mean(axis=1), [0.025, 0.975])
        assert n == 50 or raw[1] - raw[0] > 1.2 * (actual["hi"] - actual["lo"])
        assert actual["mcse"] == pytest.approx(3.0 / np.sqrt(4000 * n), rel=0.05)


def test_vectors_of_unequal_numbers_weigh_the_same():
    x = np.array([[2.0, 4.0, 999.0], [10.0, 10.0, 10.0]])
    valid = np.array([[True, True, False], [True, True, True]])
    actual = summarise(x, valid)
    assert actual["mean"] == 6.5
    assert actual["mcse"] == pytest.approx(np.sqrt(2.0 / 2) / 2)


@given(arrays.arrays(np.float64, (4, 3), elements=FINITE), st.floats(-100, 100), st.floats(0.1, 10))
def test_a_change_of_unit_changes_the_summary_alike(x, shift, scale):
    plain, moved = summarise(x, whole(x)), summarise(scale * x + shift, whole(x))
    size = max(1.0, float(np.abs(x).max()))
    known = ("mean", "lo", "hi", "spread_lo", "spread_hi") if None not in (plain["lo"], moved["lo"]) else ("mean",)
    for name in known:
        assert moved[name] == pytest.approx(scale * plain[name] + shift, abs=1e-3 * size)
    assert moved["mcse"] == pytest.approx(scale * plain["mcse"], abs=1e-6 * size)


@given(arrays.arrays(np.float64, (5, 4), elements=FINITE))
def test_the_mean_lies_in_its_intervals_and_order_does_not_matter(x):
    actual = summarise(x, whole(x))
    low, high = ends(actual, "mean")
    assert low <= high and actual["spread_lo"] <= actual["spread_hi"] and actual["mcse"] >= 0.0
    turned = summarise(x[::-1, ::-1], whole(x))
    for name in ("mean", "mcse", "spread_lo", "spread_hi"):
        assert turned[name] == pytest.approx(actual[name], abs=1e-6 * max(1.0, float(np.abs(x).max())))


@pytest.fixture
def result():
    """Two arms, three vectors, four replications; options own, region, region_without_zone."""
    rng = np.random.default_rng(1)
    values = rng.normal(100.0, 10.0, (2, 3, 4, 1, len(MEASURES))) + np.array([0.0, 5.0, 9.0])[:, None]
    values[1, ..., 1, :] += 20.0
    manifest = {"options": ["own", "region", "region_without_zone"]}
    return StudyResult(values, np.zeros((2, 3, 4), np.uint8), {}, manifest, None)


def test_paired_differences_cancel_what_options_share(result):
    rows = compare(result, "own").rows
    assert set(rows) == {"region", "region_without_zone"}
    actual = rows["region"]["prevented_zone"]
    assert actual["delta"] == pytest.approx(5.0)
    assert actual["mcse"] == pytest.approx(0.0, abs=1e-9)
    assert (actual["lo"], actual["hi"]) == (pytest.approx(5.0), pytest.approx(5.0))
    own = options_summary(result)["own"]["prevented_zone"]
    assert own["mcse"] > 1.0  # which the unpaired figures still have


def test_the_envelope_reaches_over_the_arms(result):
    actual = compare(result, "own").rows["region"]["prevented_zone"]
    assert (actual["env_lo"], actual["env_hi"]) == (pytest.approx(5.0), pytest.approx(25.0))


def test_an_option_that_is_not_there(result):
    with pytest.raises(SkyShieldError, match="choose from own, region"):
        compare(result, "regoin")


def test_what_every_output_must_say(result):
    assert marks(result, "not yet calibrated")[:2] == ["not yet calibrated",
                                                       "3 parameter vectors, fewer than 200: intervals are rough"]
    enough = StudyResult(np.zeros((1, 200, 1, 1, 1)), np.zeros((1, 200, 1), np.uint8), {}, result.manifest, None)
    assert marks(enough, "") == ["one replication a vector: no Monte Carlo error, intervals still hold its noise"]
    assert size_marks("", 200, 2) == []
    assert size_marks("odd", 1, 1)[:2] == ["odd", "1 parameter vector, fewer than 200: intervals are rough"]


def two_models(headline, shift, arms):
    """Three vectors; `region` prevents about `shift[arm]` more than `own` in each arm."""
    rng = np.random.default_rng(2)
    values = rng.normal(100.0, 10.0, (len(arms), 3, 4, 1, len(MEASURES))) + np.zeros((2, 1))
    for arm, more in enumerate(shift):
        values[arm, ..., 1, :] += more + np.arange(3.0)[:, None, None]
    return StudyResult(values, np.zeros((len(arms), 3, 4), np.uint8), {RIVAL: np.full(3, headline)},
                       {"options": ["own", "region"], "arms": plain_arms(*arms)}, None)


def test_each_arm_has_its_own_difference():
    actual = over_arms(two_models(1.0, (5.0, 0.0), [{}, {RIVAL: "low"}]), "own")
    assert list(actual) == ["region"]
    assert [row["delta"] for row in actual["region"]] == [pytest.approx(6.0), pytest.approx(1.0)]
    assert actual["region"][0]["lo"] == pytest.approx(5.05)


def test_a_failure_in_one_arm_leaves_the_others_alone():
    result = two_models(1.0, (5.0, 0.0), [{}, {RIVAL: "low"}])
    result.values[1, 0, 0, 1] = 1e6
    result.failed[1, 0, 0] = 3
    assert [row["delta"] for row in over_arms(result, "own")["region"]] == [pytest.approx(6.0), pytest.approx(1.0)]


def rivals_of(result):
    return rivals(result, over_arms(result, "own"))


@pytest.mark.parametrize(("shift", "both", "prevents", "words"), [
    ((5.0, 9.0, 3.0), True, {UNIFORM: True, COVERAGE: True}, "holds under both rival models"),
    ((5.0, 9.0, -1.5), False, {UNIFORM: False, COVERAGE: True}, f"{FLAG}: that it prevents"),
    ((-1.5, 9.0, 5.0), False, {UNIFORM: True, COVERAGE: False}, "holds only if Ukraine stops threats evenly"),
    ((-1.5, 9.0, -1.5), False, {UNIFORM: False, COVERAGE: False}, "It is not shown to prevent more than zero")])
def test_a_conclusion_under_both_rivals_under_one_or_under_none(shift, both, prevents, words):
    result = two_models(0.0, shift, [{}, {"zone_share": "low"}, {RIVAL: "high"}])
    actual = rivals_of(result)["region"]
    assert actual["holds_under_both"] is both
    assert {name: row["prevents"] for name, row in actual["by_rival"].items()} == prevents
    assert words in rival_sentence(actual)
    assert all(f"(mean {rounded(row['delta'], 2):g})" in rival_sentence(actual) for row in actual["by_rival"].values())
    assert rival_sentence(actual).startswith(FLAG) == (list(prevents.values()).count(True) == 1)


def test_which_arm_is_which_rival_follows_the_headline():
    low = rivals_of(two_models(1.0, (5.0, 2.0), [{}, {RIVAL: "low"}]))["region"]["by_rival"]
    assert (low[UNIFORM]["delta"], low[COVERAGE]["delta"]) == (pytest.approx(6.0), pytest.approx(3.0))


def test_a_rival_that_was_not_played_is_not_claimed():
    fixed = rivals_of(two_models(1.0, (5.0,), [{}]))["region"]
    assert fixed["holds_under_both"] is None and list(fixed["by_rival"]) == [UNIFORM]
    assert "the rival model was not played" in rival_sentence(fixed)
    one = two_models(0.0, (5.0, 5.0), [{}, {RIVAL: "high"}])
    single = rivals_of(StudyResult(one.values[:, :1], one.failed[:, :1], one.parameters, one.manifest, None))
    assert single["region"]["holds_under_both"] is None
    assert rival_sentence(single["region"]).startswith("There is no interval")
    assert rivals_of(StudyResult(one.values, one.failed, {}, one.manifest, None)) == {}


def test_a_headline_between_the_ends_is_neither():
    played = rivals_of(two_models(0.4, (5.0, 9.0, 2.0), [{}, {RIVAL: "low"}, {RIVAL: "high"}]))["region"]["by_rival"]
    assert (played[COVERAGE]["delta"], played[UNIFORM]["delta"]) == (pytest.approx(10.0), pytest.approx(3.0))
    assert rivals_of(two_models(0.4, (5.0,), [{}])) == {}
