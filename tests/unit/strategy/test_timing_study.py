"""A study through the timing equations: every option by the same rules, exact ranges, thresholds, people side by side.

Mutations tried, each caught: aid given a status cost; the headline's strikes used for every arm; days of the study
instead of days of war; a promise that stops strikes; arms that only move how long war lasts let in; chi* told where
strikes may be none; a threshold one step too far.
"""

import dataclasses

import numpy as np
import pytest

from skyshield.catalogue import load_catalogue
from skyshield.core.errors import SkyShieldError
from skyshield.strategy.assumptions import Elicited, with_set
from skyshield.strategy.figures import open_figures
from skyshield.strategy.timing import Regime, Values, required_pressure
from skyshield.strategy.timing_box import ZERO, Span
from skyshield.strategy.timing_options import Strikes, checked_ends, proposals, strikes, timing_assumptions
from skyshield.strategy.timing_ranges import (
    WHOLE_FORCE,
    chi_star_range,
    deployed,
    gamma_range,
    is_enclosed,
    paradox_range,
    pressure_range,
    proposed_range,
    settled_by,
    swings,
    symbols_of,
)
from skyshield.strategy.timing_study import EQUATION, chart_data, people_differ, surface, timing_answer

POINTS = 200


@pytest.fixture(scope="module")
def figures():
    return open_figures()


@pytest.fixture(scope="module")
def known():
    return timing_assumptions(load_catalogue())


@pytest.fixture(scope="module")
def asked(figures):
    return proposals(figures, load_catalogue())


@pytest.fixture(scope="module")
def answer(figures, known):
    return timing_answer(figures, load_catalogue(), known)


def ends_with(known, *pairs):
    return {**checked_ends(with_set(known, pairs), "--set"), "dh": Span(0.05, 0.4)}


def drawn(ends, generator):
    at = {name: low + (high - low) * generator.random() for name, (low, high) in ends.items()}
    return {name: Span(value, value) for name, value in at.items()}


def regime_of(point, parts, share):
    """The regime of some parts at a point, by the module of points; each amount at the share of its interval."""
    amounts = {part: low + (high - low) * share for part, (low, high) in parts.items()}
    status = sum(point[f"s_{part}"].low for part in amounts if part != "aid")
    ratio = sum(point[f"log_ratio_{part}"].low * amount for part, amount in amounts.items())
    return Regime(status, point["lambda_none"].low * float(np.exp(ratio)))


def values_at(point):
    none = Regime(0.0, point["lambda_none"].low)
    of = {name: point[name].low for name in ("rho", "x", "phi0", "chi", "R", "d", "psi", "L", "m", "q", "dh")}
    return Values(**of, none=none, force=none, shield=none)


def said_at(point, one, share):
    """What the equations say at a point of the box, each option as the module describes it."""
    at, every = values_at(point), {**one.now, **one.promised}
    it, there, later = (regime_of(point, parts, share) for parts in (every, one.now, one.promised))
    none = required_pressure(at, at.none)
    proposed = (at.q * required_pressure(at, it, at.dh) + (1 - at.q) * required_pressure(at, there, at.dh)
                if one.now else required_pressure(at, it, believed=at.q))
    against = later if "force" in one.promised else regime_of(point, WHOLE_FORCE, share)
    ours = proposed if one.now else required_pressure(at, it, at.dh)
    return {"gamma": required_pressure(at, against, believed=at.q) - ours,
            "now": required_pressure(at, it, at.dh), "promised": required_pressure(at, it, believed=at.q),
            "proposed": proposed, "paradox": required_pressure(at, it, believed=at.q) - none}


def test_every_option_but_the_baseline_goes_through_the_same_equations(answer, figures):
    assert list(answer["options"]) == [name for name in figures.options if name != figures.baseline]
    keys = {tuple(of) for of in answer["options"].values()}
    assert len(keys) == 1
    assert answer["equation"] == EQUATION and answer["study_key"] == figures.study_key


def test_options_are_what_they_deploy_now_and_promise(asked):
    parts = {name: (list(one.now), list(one.promised)) for name, one in asked.items()}
    assert parts["region"] == (["shield"], []) and parts["aid_region"] == (["aid"], [])
    assert parts["ground_25k"] == ([], ["force"]) and parts["naval"] == ([], ["naval"])
    assert parts["ground_25k_region"] == (["shield"], ["force"]) and parts["aid_then_ground"] == (["aid"], ["force"])
    amount = {name: asked[name].promised["force"] for name in ("ground_10k", "ground_60k")}
    assert amount["ground_10k"] == pytest.approx((1 - np.exp(-1 / 6), 1 - np.exp(-2.0)))  # N0 of 60,000 and of 5,000
    assert amount["ground_60k"].low == pytest.approx(1 - np.exp(-1.0))
    assert asked["aid_region"].now["aid"].low == pytest.approx(0.252, abs=0.05)  # in 10 billion EUR a year


@pytest.mark.parametrize("name", ["region", "aid_region", "ground_25k", "naval", "ground_25k_region",
                                  "aid_then_ground"])
@pytest.mark.parametrize("pairs", [(), ("q=0.3:0.8",), ("R=5:20", "chi=0.2"), ("lambda_none=0.3", "rho=0.1")])
def test_ranges_hold_what_the_equations_say_at_points(asked, known, name, pairs):
    one, ends, generator = asked[name], ends_with(known, *pairs), np.random.default_rng(5)
    every = {**one.now, **one.promised}
    ranges = {"gamma": gamma_range(ends, one), "now": pressure_range(ends, every, True),
              "promised": pressure_range(ends, every, False), "proposed": proposed_range(ends, one),
              "paradox": paradox_range(ends, every)}
    for _ in range(POINTS):
        for what, value in said_at(drawn(ends, generator), one, generator.random()).items():
            assert ranges[what].low - 1e-9 <= value <= ranges[what].high + 1e-9, what


@pytest.mark.parametrize("name", ["region", "aid_region", "naval", "ground_25k", "ground_25k_region",
                                  "aid_then_ground"])
def test_ranges_of_a_point_are_what_the_equations_say_there(asked, known, name):
    one, generator = asked[name], np.random.default_rng(11)
    middles = [{part: Span(*[(low + high) / 2] * 2) for part, (low, high) in parts.items()}
               for parts in (one.now, one.promised)]
    point = dataclasses.replace(one, now=middles[0], promised=middles[1])
    for _ in range(20):
        ends = drawn(ends_with(known), generator)
        every = {**point.now, **point.promised}
        told = {"gamma": gamma_range(ends, point), "now": pressure_range(ends, every, True),
                "promised": pressure_range(ends, every, False), "proposed": proposed_range(ends, point),
                "paradox": paradox_range(ends, every)}
        for what, value in said_at(ends, one, 0.5).items():
            assert tuple(told[what]) == pytest.approx((value, value), abs=1e-9), what


def test_brackets_add_up_and_the_first_is_by_rival_and_arm(answer, figures, known):
    for name, of in answer["options"].items():
        brackets, gamma = of["brackets"], of["gamma"]
        assert gamma["low"] == pytest.approx(brackets["strikes"]["low"] + brackets["ceasefire"]["low"], abs=1e-9), name
        assert gamma["high"] == pytest.approx(brackets["strikes"]["high"] + brackets["ceasefire"]["high"], abs=1e-9)
        assert set(brackets["strikes"]["by_rival"]) == {"near", "along"}
        for rival in of["dh"]["by_rival"].values():
            assert of["dh"]["low"] <= rival["low"] <= rival["high"] <= of["dh"]["high"], name
        for arm in of["dh"]["by_arm"]:
            assert of["dh"]["low"] <= arm["low"] <= arm["high"] <= of["dh"]["high"], name
    region, chi = answer["options"]["region"], known["chi"]
    war_days = figures.mean("region", "war_days").mean
    headline = figures.by_arm("prevented_armed", "region")[0]
    assert region["dh"]["headline"]["high"] == pytest.approx(headline.hi * 365.0 / war_days / 1000.0)
    assert region["brackets"]["strikes"]["headline"]["high"] == pytest.approx(
        chi.high * region["dh"]["headline"]["high"])


def test_arms_that_only_move_how_long_war_lasts_are_left_out(figures):
    held = strikes(figures, "region")
    labels = [label for label, _ in held.by_arm]
    lengths = [arm for arm in figures.arms if set(arm.ends) and set(arm.ends) <= {
        "renewal_within_1_year", "renewal_within_5_years", "violations_per_year"}]
    assert lengths and not {arm.label for arm in lengths} & set(labels)
    assert any("all numbers" in label for label in labels)


def test_chi_star_is_undefined_where_strikes_may_be_none(answer, asked, known):
    for name, of in answer["options"].items():
        assert (of["chi_star"] == "undefined") == of["dh"]["may_be_zero"], name
    assert answer["options"]["ground_25k"]["chi_star"] == "undefined"
    ends = ends_with(known)
    star = chi_star_range(ends, asked["region"])
    for chi, sign in ((star.low - 1e-6, "negative"), (star.high + 1e-6, "positive")):
        assert gamma_range({**ends, "chi": Span(chi, chi)}, asked["region"]).sign == sign
    for at in (ZERO, Span(-0.1, 0.2), Span(0.0, 0.2)):
        assert chi_star_range({**ends, "dh": at}, asked["region"]) is None


def test_aid_has_no_status_cost_and_skyshield_is_judged_like_a_force(asked, known):
    ends = ends_with(known)
    aid = asked["aid_region"]
    assert deployed(aid.now, ends).status == ZERO != deployed(asked["region"].now, ends).status
    assert "s_aid" not in known and not any(name.startswith("s_aid") for name in symbols_of(aid))
    same = {**ends, "s_shield": ends["s_force"], "log_ratio_shield": ends["log_ratio_force"]}
    assert paradox_range(same, {"shield": Span(1.0, 1.0)}) == paradox_range(ends, {"force": Span(1.0, 1.0)})
    assert (known["s_shield"].low, known["s_shield"].high) == (known["s_force"].low, known["s_force"].high)


def test_a_force_there_now_gains_nothing_on_itself_promised_and_believed(asked, known):
    ends = {**ends_with(known, "q=1"), "dh": ZERO}
    assert gamma_range(ends, asked["ground_25k"]) == ZERO
    assert gamma_range(ends, asked["ground_25k"]).sign == "zero"


def test_thresholds_settle_the_sign_and_no_further(asked, known):
    one, ends = asked["aid_region"], {**ends_with(known, "R=0:2", "x=0:0.5", "chi=0.05:0.6"),
                                        "dh": Span(0.7, 1.5)}

    def of(at):
        return gamma_range(at, one)

    singles = settled_by(of, ends, symbols_of(one))
    doubles = settled_by(of, ends, symbols_of(one), 2)
    assert singles and doubles
    for row in (*singles, *doubles):
        for past, expected in ((0.0, row["sign"]), (2e-3, "both")):
            within = {}
            for condition in row["if"]:
                low, high = ends[condition["symbol"]]
                value, step = condition["value"], past * (high - low)
                if condition["side"] == "at_least":
                    within[condition["symbol"]] = Span(max(low, value - step), high)
                else:
                    within[condition["symbol"]] = Span(low, min(high, value + step))
            assert of({**ends, **within}).sign == expected, row
    assert settled_by(of, {**ends, "chi": Span(50.0, 60.0)}, symbols_of(one)) == []  # settled already


def test_swings_come_largest_first_and_are_ranges(asked, known):
    one, ends = asked["region"], ends_with(known)
    rows = swings(lambda at: gamma_range(at, one), ends, symbols_of(one))
    moved = [abs(row["at_low"]["low"] - row["at_high"]["low"]) + abs(row["at_low"]["high"] - row["at_high"]["high"])
             for row in rows]
    assert moved == sorted(moved, reverse=True) and moved[0] > 0.0
    whole = gamma_range(ends, one)
    assert all(whole.low <= row[end]["low"] <= row[end]["high"] <= whole.high for row in rows
               for end in ("at_low", "at_high"))


def test_belief_inside_its_interval_is_an_enclosure_for_what_is_both(asked, known):
    inside, whole = ends_with(known, "q=0.3:0.8"), ends_with(known)
    assert is_enclosed(inside, asked["ground_25k_region"]) and not is_enclosed(whole, asked["ground_25k_region"])
    assert not is_enclosed(inside, asked["region"])


def test_the_surface_is_gamma_at_its_points(asked, known, figures):
    ends, held = checked_ends(known, "--set"), strikes(figures, "region")
    found = surface(ends, asked["region"], held, steps=3)
    assert np.shape(found["low"]) == np.shape(found["high"]) == (3, 3, 3)
    x, y, z = (found[axis]["values"] for axis in ("x", "y", "third"))
    at = {**ends, "dh": held.headline, "R": Span(x[2], x[2]), "s_shield": Span(y[1], y[1]), "s_force": Span(z[0], z[0])}
    assert gamma_range(at, asked["region"]) == (found["low"][0][1][2], found["high"][0][1][2])
    assert np.shape(surface({**ends, "R": Span(5.0, 5.0)}, asked["region"], held, steps=3)["low"]) == (3, 3, 1)
    with pytest.raises(SkyShieldError, match="axis morale: is no assumption"):
        surface(ends, asked["region"], held, ("morale", "R", "x"))


def test_two_people_differ_and_it_matters_only_if_a_sign_does(asked, known, figures):
    held = {"region": Strikes(Span(0.05, 0.1), {}, Span(0.05, 0.1), "", "")}
    only = {"region": asked["region"]}
    sure = {"q": (1.0, 1.0), "chi": (0.01, 0.02), "rho": (0.1, 0.3), "lambda_none": (0.06, 0.2),
            "log_ratio_force": (0.0, 0.0), "log_ratio_shield": (0.0, 0.0)}
    dove, hawk = (Elicited(name, {"timing": {**sure, "s_force": force, "s_shield": shield}})
                  for name, force, shield in (("Dove", (0.5, 0.6), (0.0, 0.1)), ("Hawk", (0.0, 0.1), (0.5, 0.6))))
    found = people_differ(known, [dove, hawk], only, held)
    assert found["matters"]
    assert [row for row in found["signs"] if row["of"] == "gamma"] == [
        {"option": "region", "of": "gamma", "by_person": {"Dove": "positive", "Hawk": "negative"}}]
    assert found["intervals"]["s_force"] == {"by_person": {"Dove": [0.5, 0.6], "Hawk": [0.0, 0.1]}, "overlap": False}
    assert "q" not in found["intervals"]  # both hold the same
    alike = people_differ(known, [dove, dataclasses.replace(dove, person="Twin")], only, held)
    assert not alike["matters"] and alike["intervals"] == {} and people_differ(known, [dove], only, held) == {}


def test_basis_tells_data_from_what_is_assumed(answer, figures, known):
    rows = answer["basis"]
    assert {row["basis"] for row in rows if row["symbol"] != "dh"} == {"assumed"}
    data = [row for row in rows if row["symbol"] == "dh"]
    assert {row["basis"] for row in data} == {"data"} and len(data) == len(answer["options"])
    assert all(row["low"] <= row["high"] and row["source"] for row in rows)
    assert with_set(known, ["chi=0.2"])["chi"].basis == "elicited"
    assert with_set(known, ["s_force=1.5"])["s_force"].high == 1.5  # a flow, no share


def test_pressure_has_two_parts_and_payers(answer):
    assert {"economic", "military"} <= {row["part"] for row in answer["pressure"]}
    assert {"Russia", "states with sanctions", "aid givers", "Ukraine"} <= {row["who"] for row in answer["pressure"]}
    assert all(row["source"] and 0.0 < row["low_eur_a_year"] <= row["high_eur_a_year"] for row in answer["pressure"])


def test_a_chart_has_what_the_answer_has(answer):
    found = chart_data(answer)
    assert [row["option"] for row in found["rows"]] == list(answer["options"])
    for row in found["rows"]:
        of = answer["options"][row["option"]]
        assert row["gamma"] == [of["gamma"]["low"], of["gamma"]["high"]] and row["sign"] in (
            "positive", "negative", "both", "zero")
    assert found["surface"] == answer["surface"]


@pytest.mark.parametrize(("pair", "said"), [("rho=0", "rho: is 0; give a number above 0"),
                                            ("lambda_none=-1:1", "lambda_none: is -1; give a number from 0")])
def test_rates_that_cannot_be_are_refused(known, pair, said):
    with pytest.raises(SkyShieldError, match=said):
        checked_ends(with_set(known, [pair]), "--set")
