"""Page one by hand: known catalogue numbers, plain arithmetic."""

import dataclasses

import numpy as np
import pytest

from skyshield.catalogue import Catalogue, load_catalogue
from skyshield.core.errors import SkyShieldError
from skyshield.raids import Fit
from skyshield.report import bounds, page
from skyshield.report.bounds import Range


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


def test_deep_stream_by_hand():
    names = ("night_0", "night_1")
    fit = Fit(names, np.array([[0.0, 1.0]]), np.array([[100, 0, 0], [350, 0, 0]]), ("a", "b"), "", "", "")
    parameters = {"front_stream_threshold": np.array([149.5]), "leak_deep": np.array([0.1])}
    assert bounds.deep_leakers_per_year(fit, parameters).central == pytest.approx((350 - 150) / 2 * 0.1 * 365.25)


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
    values = result.values.copy()
    values[..., 1, MEASURES.index("prevented_zone")] += 1000.0
    far = dataclasses.replace(result, values=values)
    made = page(far, compare(far, "own"), resolved)
    assert '<p class="outside">SkyShield over the region: the headline comes to' in made
    assert "It is OUTSIDE the yardsticks" in parse(made).text


def test_page_does_not_cry_wolf(made):
    assert '<p class="outside">' not in made


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
    base = load("skyshield").model_copy(update={"days": 1, "options": (*load("skyshield").options, lviv)})
    read = parse(page(*play(base, vectors=2, replications=1)))
    assert "The zone and stand-offs of “Lviv alone” delete “Embassies and their staff in Kyiv”" in read.text
    sites = {row[0]: row[1] for row in read.tables["sites-lviv"]}
    assert sites["Rivne NPP"] == "outside"
    assert {row[0]: row[1] for row in read.tables["sites-region"]}["Rivne NPP"] == "inside"
