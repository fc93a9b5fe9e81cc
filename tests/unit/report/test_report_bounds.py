"""Page one by hand: known catalogue numbers, plain arithmetic."""

import dataclasses

import numpy as np
import pytest

from skyshield.catalogue import Catalogue, load_catalogue
from skyshield.core.errors import SkyShieldError
from skyshield.core.vocabulary import MAX_GAP
from skyshield.raids.fit import COLUMNS, Fit, embedded_fit
from skyshield.report import bounds, page
from skyshield.report.bounds import Range
from support.command_line import FIXED


def known(linear=(100, 200, 400), mixture=(300, 600, 1200), bias=(0.0, 0.5), reference="low"):
    data = load_catalogue().to_dict()
    table = data["subjects"]["raids"]
    for key, values in (("addressable_leakers_linear", linear), ("addressable_leakers_mixture", mixture)):
        table[key] |= dict(zip(("low", "central", "high"), values, strict=True))
    table["claim_bias"] |= {"low": bias[0], "high": bias[1], "reference": reference}
    return Catalogue.from_dict(data)


def row(delta, lo, hi):
    return {"delta": delta, "lo": lo, "hi": hi}


def test_addressable_leakers_scaled_to_the_period_and_the_bias():
    found = bounds.yardsticks(known(), 73)
    assert [(s.key.rpartition("_")[2], s.bias) for s in found] == [
        ("linear", 0.0), ("mixture", 0.0), ("linear", 0.5), ("mixture", 0.5)]
    assert found[0].per_year == Range(100.0, 200.0, 400.0)
    assert found[3].per_year == Range(600.0, 1200.0, 2400.0)
    assert found[3].per_period.central == pytest.approx(1200.0 * 73 / 365.25)


def test_shipped_yardsticks_are_those_of_the_record():
    first, second, *_ = bounds.yardsticks(load_catalogue(), 30)
    assert (first.per_year.central, second.per_year.central) == (530.0, 1080.0)


def test_the_headlines_own_end_comes_first():
    assert bounds.yardsticks(known(reference="high"), 30)[0].bias == 0.5


def test_a_bias_of_one_is_refused():
    with pytest.raises(SkyShieldError, match="keep it below 1"):
        bounds.yardsticks(known(bias=(0.0, 1.0)), 30)


def test_cost_at_perfect_performance_turns_the_range_over():
    assert Range(100.0, 200.0, 400.0).under(2000.0) == Range(5.0, 10.0, 20.0)


def fitted(**columns):
    """A fit of so many rows; what is not named is zero."""
    rows = np.zeros((len(next(iter(columns.values()))), len(COLUMNS)))
    for name, values in columns.items():
        rows[:, COLUMNS.index(name)] = values
    return Fit(COLUMNS, rows, ("a", "b"), "", None, "", "")


def logit(p):
    return np.log(p / (1 - p))


def test_deep_stream_by_hand():
    fit = fitted(massed_intercept=[logit(0.25)] * 2, massed_slope=[0.0] * 2, massed_deep_median=[300.0, 300.0],
                 massed_deep_sigma=[0.0, np.sqrt(2 * np.log(2.0))], routine_deep_ratio=[0.1] * 2,
                 front_mean=[80.0] * 2, leak_deep=[0.04, 0.04])
    first, second = (0.04 * (0.25 * median + 0.75 * 8.0) * 365.25 for median in (300.0, 600.0))
    found = bounds.deep_leakers_per_year(fit, 0.0)
    assert found.central == pytest.approx((first + second) / 2)
    assert (found.low, found.high) == (pytest.approx(first + 0.025 * (second - first)),
                                       pytest.approx(first + 0.975 * (second - first)))
    assert bounds.deep_leakers_per_year(fit, 0.5).central == pytest.approx(first + second)


@pytest.mark.parametrize(("intercept", "slope"), [(-2.2, 0.9), (-1.0, 0.0), (-3.0, 1.5), (0.5, -0.7)])
def test_massed_nights_come_as_often_as_in_the_game(intercept, slope):
    rng = np.random.default_rng(3)
    gap, massed, n = 1, 0, 200_000
    for u in rng.random(n):
        hit = u < 1 / (1 + np.exp(-intercept - slope * np.log(gap)))
        massed += hit
        gap = 1 if hit else min(gap + 1, MAX_GAP)
    expected = float(bounds.massed_frequency(np.array([intercept]), np.array([slope]))[0])
    assert massed / n == pytest.approx(expected, abs=4 * np.sqrt(expected * (1 - expected) / n))


def test_the_shipped_fit_agrees_with_the_yardsticks():
    sticks = bounds.yardsticks(load_catalogue(), 30)
    assert "agrees" in bounds.model_sentence(bounds.deep_leakers_per_year(embedded_fit(), 0.0), sticks)


def test_a_scenario_that_fixes_the_bias_is_measured_by_it():
    found = bounds.yardsticks(known(), 73, {"claim_bias": 0.2})
    assert [s.bias for s in found] == [0.2, 0.2, 0.0, 0.0, 0.5, 0.5]
    assert found[0].per_year.central == pytest.approx(200.0 / 0.8)


@pytest.mark.parametrize(("values", "inside", "words"), [
    ((1.0, 0.5, 2.0), True, "well inside"),              # 12 (6 to 24) a year against 100 at the least
    ((9.0, 5.0, 15.0), True, "passes only the lowest"),  # up to 183
    ((20.0, 10.0, 40.0), True, "leans on the more generous"),  # up to 487
    ((90.0, 50.0, 120.0), False, "OUTSIDE"),             # up to 1,461 against 1,200
    ((-1.0, -2.0, -0.5), False, "more threats arrive"),
])
def test_verdicts(values, inside, words):
    verdict = bounds.check("X", row(*values), 30, bounds.yardsticks(known(), 30))
    assert verdict.inside is inside
    assert words in verdict.sentence


def test_verdict_figures_by_hand():
    verdict = bounds.check("X", row(20.0, 10.0, 40.0), 30, bounds.yardsticks(known(), 30))
    assert verdict.per_year.central == pytest.approx(243.5)
    assert "240 (120 to 490) a year; its mean is 120% of the 200 and 41% of the 600" in verdict.sentence


def test_outside_is_judged_at_the_headlines_claim_bias():
    high_end = bounds.yardsticks(known(reference="high"), 30)
    assert bounds.check("X", row(90.0, 50.0, 120.0), 30, high_end).inside


def test_the_model_is_judged_too():
    sticks = bounds.yardsticks(known(), 30)
    assert "agrees" in bounds.model_sentence(Range(500.0, 700.0, 900.0), sticks)
    assert "NOT agree" in bounds.model_sentence(Range(1300.0, 1500.0, 1900.0), sticks)


def test_page_says_when_the_headline_is_outside(study, parse):
    from skyshield.study import compare
    from skyshield.study.result import MEASURES

    result, _, resolved = study
    values = np.stack(result.values)
    values[..., 1, MEASURES.index("prevented_zone")] += 1000.0
    far = dataclasses.replace(result, values=tuple(values))
    made = page(far, compare(far, "own"), resolved)
    assert '<p class="outside">SkyShield over the region: the headline comes to' in made
    assert "It is OUTSIDE the yardsticks" in parse(made).text


def test_page_does_not_cry_wolf(made):
    assert "It is OUTSIDE" not in made and "NOT agree" not in made


def test_addressable_table_on_the_page(read):
    rows = read.tables["addressable"][1:]
    assert [row[1:3] for row in rows] == [["0", "530 (160 to 930)"], ["0", "1,080 (390 to 2,360)"],
                                          ["0.5", "1,060 (320 to 1,860)"], ["0.5", "2,160 (780 to 4,720)"]]
    assert rows[0][3] == f"{530 * 3 / 365.25:.1f} (1.3 to 7.6)"


def test_cost_table_on_the_page(study, read):
    planned = study[1].rows["region"]["planned_cost_eur"]["delta"] / 3 * 365.25 / 1e6
    cells = read.tables["perfect"][1]
    assert float(cells[1].replace(",", "")) == pytest.approx(planned, rel=0.05)
    assert float(cells[2].partition(" ")[0]) == pytest.approx(planned / 530, rel=0.05)


def test_the_matrix_names_the_interests_the_stand_offs_delete(read):
    assert "delete half or more of “Black Sea and Danube ports” (50% stays in)" in read.text
    assert "“Embassies and their staff in Kyiv” undecided" in read.text
    head, *rows = read.tables["interests"]
    assert len(rows) == 5
    own = next(k for k, name in enumerate(head) if "(as region)" in name)
    assert [row[own].partition("\n")[0] for row in rows] == ["undecided", "inside", "inside", "outside", "inside"]
    assert rows[0][head.index("Russia 300 km")].partition("\n")[0] == "outside"


def test_a_narrower_zone_deletes_more_than_its_stand_offs(play, parse):
    from skyshield.rules import ZoneClause
    from skyshield.scenario import load

    region = load("skyshield").option("region")
    lviv = region.model_copy(update={"name": "lviv", "label": "Lviv alone", "rules": region.rules.model_copy(
        update={"zone": ZoneClause(scope="city", places=("Lviv",), radius="50 km")})})
    two = load("skyshield").chosen(("region",))
    base = two.model_copy(update={"days": 1, "options": (*two.options, lviv), "assumptions": FIXED})
    read = parse(page(*play(base, vectors=2, replications=1)))
    assert "The zone and stand-offs of “Lviv alone” delete “Embassies and their staff in Kyiv”" in read.text
    sites = {row[0]: row[1] for row in read.tables["sites-lviv"]}
    assert sites["Rivne NPP"] == "outside"
    assert {row[0]: row[1] for row in read.tables["sites-region"]}["Rivne NPP"] == "inside"
