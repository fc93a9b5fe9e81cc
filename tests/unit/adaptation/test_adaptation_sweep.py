"""The attacker's adaptation swept: same raids at every point, the headline among them, break-evens by hand.

Tried against mutations: points compiled with another seed; `_answered` without the point; the armed outcome with cruise
missiles counted twice; `crossing` from the top down; interval ends interpolated between a number and infinity; arms of
other entries taken for points. Each fails at least one test.
"""

import functools
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from skyshield.adaptation.break_even import ABOVE, BELOW, break_even, break_evens, crossing
from skyshield.adaptation.summary import adapt, adaptation_json
from skyshield.adaptation.sweep import AXES, Point, adaptation_sweep, sweep_points, sweep_rows
from skyshield.catalogue import load_catalogue
from skyshield.core.errors import SkyShieldError
from skyshield.study import run, thread_map
from skyshield.study.compare import PRIMARY, compare, rounded
from skyshield.study.plan import ARM_REPLICATIONS
from skyshield.study.result import MEASURES
from support.command_line import FIXED
from support.studies import resolved, same_bytes, scenario
from support.sweeps import made

SEED, VECTORS, REPLICATIONS = 5, 3, ARM_REPLICATIONS
OPEN = {name: value for name, value in FIXED.items() if name not in AXES}
LAUNCHED = [f"launched/{kind}" for kind in ("uav", "cruise", "ballistic")]


@functools.cache
def small_study():
    return resolved(scenario(days=3, assumptions=OPEN))


@functools.cache
def swept(jobs=1):
    return adaptation_sweep(small_study(), SEED, VECTORS, REPLICATIONS, map=functools.partial(thread_map, jobs=jobs))


@functools.cache
def studied():
    return run(small_study(), SEED, REPLICATIONS, vectors=VECTORS)


def test_the_reference_is_the_main_study_bit_by_bit():
    sweep, study = swept(), studied()
    assert sweep.points[0] == (0.0, 1.0, 0.0)
    assert sweep.result.values[0].tobytes() == study.values[0].tobytes()
    row = sweep_rows(sweep)["region"][0][PRIMARY]
    main = compare(study, "own").rows["region"][PRIMARY]
    assert row == {key: main[key] for key in row}
    assert row["delta"] > 0


@pytest.mark.parametrize(("name", "end", "value"), [("displacement", "high", 1.0), ("volume_response", "low", 0.8),
                                                    ("volume_response", "high", 1.3), ("class_shift", "high", 0.3)])
def test_ends_are_the_arms_of_the_envelope(name, end, value):
    sweep, study = swept(), studied()
    point = sweep.points.index(sweep.points[0]._replace(**{name: value}))
    arm = [arm.ends for arm in study.arms].index({name: end})
    assert sweep.result.values[point].tobytes() == study.values[arm].tobytes()


def test_points_that_a_study_holds_are_taken_from_it():
    played = []
    sweep = adaptation_sweep(small_study(), SEED, 1, 1, played=studied(),
                             progress=lambda moment: played.append(moment.total))
    assert same_bytes(sweep.result.values, swept().result.values)
    assert set(played) == {2 * VECTORS}  # displacement one half and class shift in the middle, a block a vector


def test_another_study_is_refused():
    with pytest.raises(SkyShieldError, match="another study"):
        adaptation_sweep(small_study(), SEED + 1, 1, 1, played=studied())


def test_every_point_meets_the_same_raids():
    sweep = swept()
    own = np.stack(sweep.result.values)[..., sweep.result.options.index("own"), :]
    assert (own == own[0]).all()
    launched = [sweep.total("region", LAUNCHED, point) for point in range(len(sweep.points))]
    for point in sweep.axes["displacement"]:
        assert (launched[point] == launched[0]).all()
    low, same, high = (launched[point].sum() for point in sweep.axes["volume_response"])
    assert low / same == pytest.approx(0.8, abs=0.01)
    assert high / same == pytest.approx(1.3, abs=0.01)


def test_displacement_spares_the_zone_and_moves_its_leakers():
    sweep = swept()
    none, half, all_ = sweep.axes["displacement"]
    zone = [sweep.total("region", ["leaked_zone"], point).sum() for point in (none, half, all_)]
    assert zone[0] > zone[1] > zone[2]
    moved = sweep.outcome("region", "avoided_zone", all_).sum() - sweep.outcome("region", "avoided", all_).sum()
    assert moved > 0  # what is fewer in the zone is found elsewhere


def test_any_number_of_jobs_gives_the_same_bytes():
    one, two = swept(), swept(2)
    assert same_bytes(one.result.values, two.result.values)
    assert sweep_rows(one) == sweep_rows(two)


def test_all_combinations_hold_the_sweep_of_one_at_a_time():
    catalogue = load_catalogue()
    alone, axes = sweep_points(catalogue, {})
    every, axes_too = sweep_points(catalogue, {}, factorial=True)
    assert every[:len(alone)] == alone
    assert axes == axes_too
    assert len(every) == len(set(every)) == 3**3
    finer, along = sweep_points(catalogue, {"displacement": 0.3}, {"displacement": [1, 0.25]})
    assert finer[0] == Point(0.3, 1.0, 0.0)
    assert [finer[p].displacement for p in along["displacement"]] == [0.25, 0.3, 1.0]
    assert [finer[p].displacement for p in along["class_shift"]] == [0.3, 0.3, 0.3]


@pytest.mark.parametrize("values", [{"displacement": [1.1]}, {"volume_response": [0.7]}, {"mood": [1.0]},
                                    {"class_shift": [math.nan]}])
def test_values_outside_are_refused(values):
    with pytest.raises(SkyShieldError):
        sweep_points(load_catalogue(), {}, values)


def test_outcomes_by_hand():
    sweep = made([[3.0]], leaked__cruise=4.0, leaked__ballistic=2.0, leaked_armed=7.0, leaked_zone=5.0,
                 **{PRIMARY: 6.0})
    actual = {name: float(sweep.outcome("zone", name, 0)[0, 0]) for name in
              (PRIMARY, "avoided_zone", "avoided", "avoided_armed")}
    assert actual == {PRIMARY: 6.0, "avoided_zone": -5.0, "avoided": 3.0 - 4.0 - 2.0,
                      "avoided_armed": -7.0 - 4.0 - 2.0}


def test_crossings_by_hand():
    assert crossing((0.0, 0.5, 1.0), (4.0, 2.0, -2.0)) == 0.75
    assert crossing((0.0, 0.5, 1.0), (4.0, 0.0, 5.0)) == 0.5  # the first
    assert crossing((0.0, 0.5, 1.0), (2.0, -2.0, -3.0)) == 0.25
    assert crossing((0.8, 1.0, 1.3), (1.0, 1.0, 1e-12)) == math.inf
    assert crossing((0.0, 1.0), (-1.0, 3.0)) == -math.inf


@given(st.floats(0.01, 0.99), st.floats(0.1, 1e6), st.integers(1, 9))
def test_a_straight_line_crosses_where_it_does_on_any_grid(place, slope, steps):
    x = np.linspace(0.0, 1.0, steps + 1)
    assert crossing(x, slope * (place - x)) == pytest.approx(place, rel=1e-9)


def test_break_even_over_vectors_by_hand():
    x = (0.0, 1.0)
    actual = break_even(x, np.array([[1.0, -1.0]] * 60 + [[3.0, -1.0]] * 40))
    assert (actual["lo"], actual["hi"], actual["share_crossing"]) == (0.5, 0.75, 1.0)
    assert actual["value"] == pytest.approx(1.8 / 2.8, abs=1e-6)
    actual = break_even(x, np.array([[1.0, -1.0]] * 90 + [[1.0, 1.0]] * 10))
    assert (actual["lo"], actual["hi"], actual["hi_is"]) == (0.5, None, ABOVE)
    assert (actual["share_crossing"], actual["share_stays_above_zero"]) == (0.9, 0.1)
    actual = break_even(x, np.array([[0.0, 0.0]] * 50 + [[1.0, 1.0]] * 50))
    assert (actual["lo_is"], actual["hi_is"], actual["share_never_above_zero"]) == (BELOW, ABOVE, 0.5)
    assert actual["lo"] is None and actual["hi"] is None
    alone = break_even(x, np.array([[1.0, -1.0]]))
    assert (alone["value"], alone["lo"], alone["hi"]) == (0.5, None, None)  # no interval from one vector


def test_a_break_even_leaves_out_vectors_that_failed():
    sweep = made([[2.0, 4.0, 8.0], [-2.0, -2.0, 8.0]])
    sweep.result.failed[1][2] = 1
    actual = break_evens(sweep, ("avoided",))["zone"]["displacement"]["avoided"]
    assert actual["vectors"] == 2
    assert actual["value"] == 0.6  # of the mean benefit 3, -2
    assert (actual["lo"], actual["hi"]) == (0.5, pytest.approx(2 / 3, abs=1e-6))


def test_a_study_that_failed_throughout_has_no_break_even():
    sweep = made([[2.0], [1.0]])
    sweep.result.failed[0][:] = 1
    assert break_evens(sweep, ("avoided",)) == {"zone": {}}


def test_the_rival_own_defence_is_swept_beside_the_headline():
    actual = adapt(small_study(), studied())
    assert (actual.model, actual.rival.model) == ("", "uniform")  # the reference lies between the two
    assert [p.displacement for p in actual.rival.points] == [0.0, 0.5, 1.0]
    study = studied()
    arm = next(k for k, moved in enumerate(study.arms) if moved.ends.get("own_defence_along_share") == "high")
    at, base = (study.values[arm][..., study.options.index(o), MEASURES.index(PRIMARY)]
                for o in ("region", "own"))
    assert actual.rival.rows["region"][0][PRIMARY]["delta"] == pytest.approx((at - base).mean(), abs=1e-12)
    assert actual.rival.rows["region"][2] != actual.rows["region"][2]


def test_a_scenario_that_fixes_the_answer_stands_there():
    fixed = resolved(scenario(days=1, assumptions={**FIXED, "displacement": 0.25, "own_defence_along_share": 1.0}))
    study = run(fixed, SEED, 2, vectors=2)
    actual = adapt(fixed, study)
    assert actual.points[0].displacement == 0.25
    assert [actual.points[p].displacement for p in actual.axes["displacement"]] == [0.0, 0.25, 0.5, 1.0]
    assert (actual.rival, actual.model) == (None, "uniform")


def test_the_json_is_plain_data():
    content = rounded(adaptation_json(adapt(small_study(), studied())))
    assert content["delta"] == [0.0, 0.5, 1.0]
    option = content["options"]["region"]
    assert len(option["points"]) == 7
    assert set(option["break_even"]) == set(AXES)
    assert not [key for key in str(content).split("'") if "probab" in key]
