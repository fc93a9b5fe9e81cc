"""The decisive guarantor over a study: where aid and force change places, and whether the intervals reach there.

Mutations tried, each caught: what is kept in the war left out; the force's ratio at one end for both; the aid's money
left out.
"""

import dataclasses
import json
import math

import pytest

from skyshield.catalogue import load_catalogue
from skyshield.core.errors import SkyShieldError
from skyshield.strategy.figures import StudyFigures, open_figures
from skyshield.strategy.guarantor import renewal
from skyshield.strategy.renewal import harm_until, weibull_through


def changed(kept_aid=0.0, eur_aid=1e9):
    figure = {name: [0.0, 0.0, 0.0, 0.0] for name in ("own", "force", "aid")}
    war = {"prevented_armed": figure | {"aid": [kept_aid, 0.0, 0.0, 0.0]}, "leaked_armed": figure | {
        "own": [1000.0, 0.0, 0.0, 0.0]}, "war_days": figure | {"own": [182.5, 0.0, 0.0, 0.0]}}
    options = {name: {"label": name, "short": name, "kinds": kinds, "planned_eur": eur}
               for name, kinds, eur in (("own", [], 0.0), ("force", ["ground"], 2e9), ("aid", ["aid"], eur_aid))}
    return StudyFigures({"study_key": "k", "days": 365, "baseline": "own", "options": options, "paired": war,
                         "phases": {"war": war}})


def test_the_same_harm_is_the_same_ratio_for_the_money():
    low, high = renewal(changed(), load_catalogue(), 5.0)["guarantors"][0]["flips"]
    assert (low["ratio"], high["ratio"]) == (pytest.approx(2.0), pytest.approx(2.0))
    assert (low["log_ratio_force"], high["log_ratio_force"]) == (-1.0, 0.2)
    assert low["allowed_high"] == pytest.approx(0.5 * 0.1 / 1.0 * 2.0)  # 0.05 for a billion, -1 for two
    assert (low["worth_more"], high["worth_more"]) == ("force", "aid")


def test_what_aid_keeps_in_the_war_counts():
    flip = renewal(changed(kept_aid=100.0), load_catalogue(), 5.0)["guarantors"][0]["flips"][0]
    catalogue = load_catalogue()
    base = weibull_through(catalogue["renewal_within_1_year"].reference_value,
                           catalogue["renewal_within_5_years"].reference_value)
    assert flip["ratio"] < 2.0
    assert harm_until(base, 5.0, 2000.0, flip["log_ratio_aid"]) - 100.0 == pytest.approx(
        harm_until(base, 5.0, 2000.0, -1.0))
    sure = renewal(changed(kept_aid=1e5), load_catalogue(), 5.0)["guarantors"][0]["flips"][0]
    assert sure["ratio"] is None and sure["worth_more"] == "aid"


def test_probabilities_stand_at_the_catalogue_s_ends():
    rows = renewal(changed(), load_catalogue(), 5.0)["p_renewal"]
    assert [row["years"] for row in rows] == [1.0, 2.0, 5.0]
    assert (rows[0]["low"], rows[0]["high"], rows[2]["high"]) == (pytest.approx(0.1), pytest.approx(0.7),
                                                                 pytest.approx(0.9))


def test_the_shipped_study_answers_for_each_force():
    found = renewal(open_figures(), load_catalogue(), 5.0)
    assert [row["force"] for row in found["guarantors"]] == ["ground_10k", "ground_15k", "ground_25k", "ground_60k",
                                                             "ground_25k_region"]
    assert found["guarantors"][2]["aid"] == "aid_ground_25k"
    assert all(math.isfinite(flip["ratio"]) for row in found["guarantors"] for flip in row["flips"] if not flip["why"])
    json.dumps(found, allow_nan=False)


def test_what_cannot_be_asked():
    with pytest.raises(SkyShieldError, match="--years: is 0; give years above 0"):
        renewal(changed(), load_catalogue(), 0.0)
    document = {**changed().document, "phases": {}}
    with pytest.raises(SkyShieldError, match="has no phases; run a scenario with a ceasefire"):
        renewal(dataclasses.replace(changed(), document=document), load_catalogue(), 5.0)
