"""What a study says of the response dilemma: the shipped one, with its numbers at points, in boxes and by person.

Tried to fail: shelters left out; the headline and all arms exchanged.
"""

import itertools
import json
import math

import numpy as np
import pytest

from skyshield.catalogue import load_catalogue
from skyshield.core.errors import SkyShieldError
from skyshield.forces import GroundPackage, ShelterPackage
from skyshield.scenario import load
from skyshield.strategy.assumptions import Elicited, assumptions, with_set
from skyshield.strategy.exposure import Casualties
from skyshield.strategy.figures import open_figures
from skyshield.strategy.response import Losses, costs, credibility_loss, expected_imposed, trap
from skyshield.strategy.response_strikes import a_strike, p_any, p_mass, roles, strikes_of
from skyshield.strategy.response_study import box_of, response_json
from support.response import LOSSES, MENU

POINTS = ("L0=1", "c0=10", "L_next=0.5", "L_war=1", "b=1", "tolerance=0.3", "p_n_none=0.6", *(
    f"{symbol}_{name}={value}" for name, answer in MENU.items() if name != "none"
    for symbol, value in zip(("r", "p_n", "p_r", "L_kin", "k"), answer, strict=True)))
WITHOUT_PEOPLE = ("own", "aid_region", "aid_region_zone", "aid_cities", "aid_sites", "aid_region_cruise",
                  "aid_region_ballistic", "aid_ground_25k")


@pytest.fixture(scope="module")
def asked():
    figures, catalogue = open_figures(), load_catalogue()
    packages = {option.name: option.packages for option in load("guarantees").options}

    def ask(*chosen, people=()):
        return response_json(figures, packages, catalogue, with_set(assumptions(catalogue, "response"), chosen), people)

    ask.struck = strikes_of(figures, packages, catalogue)
    return ask


@pytest.fixture(scope="module")
def whole(asked):
    return asked()


def test_every_option_is_judged_and_those_out_of_reach_are_told(whole):
    options = whole["options"]
    assert set(options) == set(open_figures().options)
    assert tuple(name for name, one in options.items() if not one["in_reach"]) == WITHOUT_PEOPLE
    for name, one in options.items():
        assert ("strikes" in one) == one["in_reach"] == (name not in WITHOUT_PEOPLE)
        if not one["in_reach"]:
            assert "nobody of the coalition is in reach" in one["says"]
    assert {role["role"] for role in options["region"]["roles"]} == {"aircrew_over_ukraine", "bases_in_member_states"}
    assert {role["role"] for role in options["cities"]["roles"]} == {
        "crews_in_ukraine", "aircrew_over_ukraine", "bases_in_member_states"}


def test_strikes_are_the_study_s(whole):
    figures = open_figures()
    for name, one in whole["options"].items():
        if not one["in_reach"]:
            continue
        headline = [figures.mean(name, roles()[row["role"]].strikes) for row in one["roles"]]
        scale = 365.0 / figures.days
        assert one["strikes_a_year_headline"]["low"] == pytest.approx(scale * sum(row.lo for row in headline))
        assert one["strikes_a_year_headline"]["high"] == pytest.approx(scale * sum(row.hi for row in headline))
        for key in ("strikes_a_year", "p_any_a_year", "p_at_least_10_a_year"):
            inner, outer = one[f"{key}_headline"], one[key]
            assert outer["low"] <= inner["low"] <= inner["high"] <= outer["high"]


def test_probabilities_are_those_of_the_closed_form(asked):
    """Ships alone: one role, so its two ends are those of `Casualties`."""
    struck = asked.struck["naval"]
    assert [one.role for one in struck] == ["sailors_at_sea"]
    catalogue = load_catalogue()
    share, shape = catalogue["ship_casualty_share"], catalogue["casualty_dispersion"]
    for end, (f, crew) in enumerate(((share.low, catalogue["people_per_minehunter"].low),
                                     (share.high, catalogue["people_per_frigate"].high))):
        each = [Casualties(struck[0].headline[end], f * crew, crew, k) for k in (shape.low, shape.high)]
        pick = (min, max)[end]
        assert p_any(struck, headline=True)[end] == pytest.approx(pick(one.p_any() for one in each), rel=1e-9)
        assert p_mass(struck, headline=True)[end] == pytest.approx(pick(one.p_at_least(10) for one in each), rel=1e-9)


def test_aircrew_are_those_on_board(asked):
    aircrew = next(one for one in asked.struck["region"] if one.role == "aircrew_over_ukraine")
    hurt = load_catalogue()["aircrew_casualty_probability"]
    assert aircrew.mean() == pytest.approx((hurt.low, 2.0 * hurt.high))
    assert len(aircrew.most[0]) == 3  # at most the two on board


def test_shelters_leave_fewer_hurt():
    figures, catalogue = open_figures(), load_catalogue()
    hubs = tuple({"oblast": name} for name in ("Lviv", "Volyn", "Rivne", "Ternopil", "Vinnytsia"))
    force = GroundPackage(kind="ground", soldiers=25_000, hubs=hubs)
    shelters = ShelterPackage(kind="shelters", people_sheltered=12_500)
    bare, sheltered = (next(one for one in strikes_of(figures, {"ground_25k": packages}, catalogue)["ground_25k"]
                            if one.role == "soldiers_in_ukraine").mean() for packages in ([force], [force, shelters]))
    share, cut = catalogue["soldier_casualty_share"], catalogue["shelter_casualty_cut"]
    assert bare[0] == pytest.approx(5_000 * share.low, rel=1e-4)  # the cap hardly bites
    assert sheltered[0] == pytest.approx(bare[0] * (1.0 - 0.5 * cut.high), rel=1e-4)
    assert sheltered[1] < bare[1] < 5_000 * share.high  # the cap at the hub bites


def test_a_strike_weighs_roles_by_their_strikes(asked):
    struck = asked.struck["cities"]
    weights = np.array([sum(one.headline) for one in struck])
    for end in range(2):
        expected = float(weights @ [one.mean()[end] for one in struck]) / weights.sum()
        assert a_strike(struck).mean()[end] == pytest.approx(expected)
    assert len(struck) == 3


def test_points_are_what_the_closed_forms_say(asked):
    """With every assumption at a point only what a strike costs is left open."""
    content = asked(*POINTS)
    for name, one in content["options"].items():
        for sort, found in (one["strikes"] if one["in_reach"] else {}).items():
            low, high = found["L_cred"].values()
            least = [min(costs(MENU, LOSSES, at).values()) for at in (low, high)]
            assert list(found["cost_of_best"].values()) == pytest.approx(least), (name, sort)
            assert list(found["cost_of_silence"].values()) == pytest.approx([low + 0.3, high + 0.3])
            imposed = [expected_imposed(MENU, LOSSES, at) for at in np.linspace(low, high, 50)]
            assert found["e_k"]["low"] == pytest.approx(min(imposed), abs=1e-6)
            assert found["e_k"]["high"] == pytest.approx(max(imposed), abs=1e-6)
            holds = {trap(MENU, LOSSES, at, 1.0, 0.3).holds for at in np.linspace(low, high, 200)}
            assert found["trap"] == {(True,): "everywhere", (False,): "nowhere"}.get(tuple(holds), "somewhere"), name
    assert {row["after"]: row["L_cred"]["low"] for row in content["thresholds"]
            if row["before"] in ("aid", "wider_rules") and row["after"] != "aid"}["in_kind"] == pytest.approx(0.875)
    turn = next(row for row in content["thresholds"] if (row["before"], row["after"]) == ("aid", "wider_rules"))
    assert turn["L_cred"] == pytest.approx({"low": 0.05, "high": 0.05})
    assert turn["casualties"] == pytest.approx(dict.fromkeys(("low", "high"), -10.0 * math.log(0.95)))


def test_what_is_out_of_reach_of_a_strike_at_points(asked):
    """A hub's strike turns the choice further than an aircraft's: the answers of one are not those of the other."""
    content = asked(*POINTS)
    region, ground = (content["options"][name]["strikes"]["average"] for name in ("region", "ground_25k"))
    assert region["answers"] == ["aid", "wider_rules"]
    assert ground["answers"] == ["wider_rules", "in_kind"]
    assert ground["L_cred"]["low"] > region["L_cred"]["high"]
    assert content["costlier"]["options"]["ground_25k"]["region"] == 10.0
    assert "ground_25k" not in content["costlier"]["options"]["region"]


def test_the_trap_by_tolerance_and_gain(asked):
    for chosen, expected in ((("tolerance=3",), "nowhere"), (("b=0",), "nowhere"), ((), "somewhere"),
                             (("tolerance=0", "b=5"), "everywhere")):
        traps = {one["strikes"][sort]["trap"] for one in asked(*chosen)["options"].values() if one["in_reach"]
                 for sort in ("average", "severe")}
        assert traps == {expected}, chosen


def test_conditions_for_the_trap_are_tight(asked, whole):
    """At the tolerance told there is no trap; a little below there may be."""
    found = whole["options"]["ground_25k"]["strikes"]["average"]["no_trap_if"]["tolerance_at_least"]
    for factor, expected in ((1.001, "nowhere"), (0.97, "somewhere")):
        content = asked(f"tolerance={factor * found}")
        assert content["options"]["ground_25k"]["strikes"]["average"]["trap"] == expected


def test_boundary_and_surface_have_a_third_assumption(asked, whole):
    boundary = whole["options"]["naval"]["strikes"]["average"]["boundary"]
    assert {row["L_war"] for row in boundary} == {1.0, 10.0} and len({row["L0"] for row in boundary}) == 5
    surface = asked(*[point for point in POINTS if not point.startswith(("L0", "L_war"))])["surfaces"][0]
    assert (surface["x"]["symbol"], surface["y"]["symbol"], surface["third"]["symbol"]) == ("c", "L0", "L_war")
    cells = surface["answers"]
    assert (len(cells), len(cells[0]), len(cells[0][0])) == (2, 5, len(surface["x"]["at"]))
    for k, war in enumerate(surface["third"]["at"]):
        for i, most in enumerate(surface["y"]["at"]):
            for j, hurt in enumerate(surface["x"]["at"]):
                found = costs(MENU, Losses(0.5, war), credibility_loss(hurt, most, 10.0))
                assert min(found, key=found.__getitem__) in cells[k][i][j]
    assert cells[0] != cells[1]


def test_basis_tells_data_from_what_is_assumed_and_elicited(asked):
    rows = {row["symbol"]: row for row in asked("b=0.5")["basis"]}
    assert (rows["b"]["basis"], rows["b"]["low"], rows["b"]["high"]) == ("elicited", 0.5, 0.5)
    assert (rows["L_war"]["basis"], rows["L_war"]["low"], rows["L_war"]["high"]) == ("assumed", 1.0, 10.0)
    strikes = rows["strikes: naval, sailors_at_sea"]
    assert (strikes["basis"], strikes["source"]) == ("data", [open_figures().study_key])
    assert all({"low", "high", "source"} <= set(row) for row in rows.values())


def test_statements_and_anchors_stand_beside_the_result(whole):
    assert {"legitimate_targets", "means_war"} == set(whole["moscow"]) == set(whole["options"]["region"]["moscow"])
    anchor = whole["anchors"]["attacks_on_us_bases"]
    assert list(anchor["full_weight"].values()) == pytest.approx([0.0239, 0.0921], abs=5e-5)
    assert anchor["weight_at_most"] == 0.5 and "no nuclear weapons" in whole["caveat"]
    assert anchor["fitting_weight"]["low"] < 0.0239 and anchor["fitting_weight"]["high"] > 0.0921
    for of in (*whole["anchors"].values(), *whole["moscow"].values(), whole["tripwires"]):
        assert set(of["source"]) <= set(whole["sources"])


def test_threats_that_would_not_be_carried_out(asked):
    """At L_cred 1 in kind is best, so Russia holds back if b is below 2; wider rules at 0.8 would not do against 1."""
    corner = asked(*POINTS)["threats"]["all_dear"]
    assert (corner["best"], corner["russia"]) == (["in_kind"], "does not attack")
    by_answer = {tuple(row["answers"]): row for row in corner["equilibria"]}
    assert by_answer["in_kind",]["would_be_given"] and by_answer["in_kind",]["russia_attacks"] == 0.0
    mixed = by_answer["none", "in_kind"]  # in kind with a probability of b / k is enough, were it believed
    assert mixed["answers"]["in_kind"] == pytest.approx(0.5) and not mixed["would_be_given"]


def test_a_probability_stands_with_its_horizon(whole):
    """No probability but those of a year and of the catalogue, and no number that is none."""
    json.dumps(whole, allow_nan=False)
    told = {key for one in whole["options"].values() for key in one if key.startswith(("p_", "strikes_"))}
    assert told == {f"{key}_a_year{suffix}" for key in ("p_any", "p_at_least_10", "strikes") for suffix in
                    ("", "_headline")}


def test_people_stand_side_by_side(asked):
    hawk = Elicited("A", {"response": {"tolerance": (0.0, 0.0), "b": (5.0, 5.0)}})
    dove = Elicited("B", {"response": {"tolerance": (3.0, 3.0), "b": (5.0, 5.0)}})
    content = asked(people=(hawk, dove))["elicited"]
    assert content["people"]["A"]["naval"]["average"]["trap"] == "everywhere"
    assert content["people"]["B"]["naval"]["average"]["trap"] == "nowhere"
    assert [row["symbol"] for row in content["differ_in"]] == ["tolerance"] and content["matters"]
    row = next(row for row in content["changes"] if (row["option"], row["strike"]) == ("naval", "average"))
    assert (row["what"], row["by"]) == ("trap", {"A": "everywhere", "B": "nowhere"})
    assert not [row for row in content["changes"] if row["what"] == "answers"]  # a tolerance moves no cost
    alike = asked(people=(dove, Elicited("C", dove.intervals)))["elicited"]
    assert not alike["matters"] and not alike["differ_in"] and not alike["changes"]


def test_one_person_twice_is_refused(asked):
    with pytest.raises(SkyShieldError, match="names 'A' twice"):
        asked(people=(Elicited("A", {}), Elicited("A", {})))


@pytest.mark.parametrize(("pair", "said"), [("c0=0", "c0: is 0"), ("b=-1:1", "b: is -1"), ("L_war=-2", "L_war: is -2")])
def test_numbers_that_cannot_be(pair, said):
    with pytest.raises(SkyShieldError, match=said):
        box_of(with_set(assumptions(load_catalogue(), "response"), [pair]))


def test_the_catalogue_holds_the_specification():
    """Every number of the worked case lies within what is shipped, and the menu is graded."""
    box = box_of(assumptions(load_catalogue(), "response"))
    for name, answer in MENU.items():
        low, high = box.answers[name]
        assert all(a <= b <= c for a, b, c in zip(low, answer, high, strict=True)), name
    ordered = list(box.answers.values())
    for (_, weaker), (stronger, _) in itertools.pairwise(ordered):
        assert weaker.restored <= stronger.restored and weaker.p_war <= stronger.p_war
        assert weaker.kinetic <= stronger.kinetic and weaker.imposed <= stronger.imposed
