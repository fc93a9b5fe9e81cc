"""Options held against one another: differences recomputed from the replications, verdicts from their definition.

Tried against mutations: the second option minus the first; the verdict from the reference alone; a pair of the scenario
left out; the volume's threshold from the option instead of the baseline. Each fails at least one test.
"""

import dataclasses

import numpy as np
import pytest

from skyshield.core.errors import SkyShieldError
from skyshield.scenario import load
from skyshield.study import StudyView, run
from skyshield.study.compare import COVERAGE, PRIMARIES, RIVAL, UNIFORM
from skyshield.study.document import run_json
from skyshield.study.pairs import AID, ARMED_LEAKERS, ASKED, LEADS, OPEN, SCENARIO, TRAILS, VOLUME, pairs_of
from skyshield.study.result import MEASURES
from support.command_line import FIXED
from support.studies import resolved

MOVED = ("own_defence_along_share", "volume_response", "displacement")


@pytest.fixture(scope="module")
def played():
    asked = load("month").chosen(("region", "aid_region", "cities"))
    fixed = {name: value for name, value in FIXED.items() if name not in MOVED}
    done = resolved(asked.model_copy(update={"days": 3, "assumptions": fixed, "pairs": (("cities", "region"),)}))
    return run(done, seed=1, replications=2, vectors=3), done


def view_of(result, done, **changes):
    """A view with differences of options to Ukraine alone set: option -> (at the reference, near aims, on the way)."""
    values = np.stack(result.values)
    own = result.options.index("own")
    for option, means in changes.items():
        for arm, one in enumerate(result.arms):
            mean = means[{"low": 1, "high": 2}[one.ends[RIVAL]] if set(one.ends) == {RIVAL} else 0]
            for measure in PRIMARIES:
                at = MEASURES.index(measure)
                values[arm, ..., result.options.index(option), at] = values[arm, ..., own, at] + mean
    return StudyView(dataclasses.replace(result, values=tuple(values)), done)


def test_which_pairs_there_are(played):
    _, done = played
    scenario = done.parts()[0]
    assert pairs_of(scenario) == [("region", "aid_region", AID), ("cities", "region", SCENARIO)]
    assert pairs_of(scenario, ["region"]) == [
        ("region", "aid_region", AID), ("cities", "region", SCENARIO), ("aid_region", "region", ASKED)]
    assert not any("own" in pair[0] for pair in pairs_of(scenario, ["cities"]))  # the baseline is in every table
    with pytest.raises(SkyShieldError, match="--against 'nobody': is not in the study; choose from own, region"):
        pairs_of(scenario, ["nobody"])
    priced = scenario.with_clauses_dropped()
    assert pairs_of(priced) == pairs_of(scenario)


def test_differences_are_those_of_the_replications(played):
    result, done = played
    view = StudyView(result, done, against=("cities",))
    assert [(row["option"], row["to"]) for row in view.pairs] == [
        ("region", "aid_region"), ("cities", "region"), ("region", "cities"), ("aid_region", "cities")]
    arms = {model: next(k for k, arm in enumerate(result.arms) if arm.ends == {RIVAL: end})
            for model, end in ((COVERAGE, "low"), (UNIFORM, "high"))}
    for row in view.pairs:
        one, other = (result.options.index(row[key]) for key in ("option", "to"))
        for measure, told in row["measures"].items():
            at = MEASURES.index(measure)
            headline = result.values[0]
            assert told["delta"] == pytest.approx((headline[..., one, at] - headline[..., other, at]).mean())
            for model, arm in arms.items():
                expected = (result.values[arm][..., one, at] - result.values[arm][..., other, at]).mean()
                assert told["at_ends"][model]["delta"] == pytest.approx(expected)
            assert {"lo", "hi", "mcse", "se", "env_lo", "env_hi", "levers", "verdict"} <= set(told)


@pytest.mark.parametrize(("zone", "verdict"), [
    ((9.0, 9.0, 9.0), LEADS), ((1.0, 1.0, 1.0), TRAILS), ((9.0, 1.0, 9.0), OPEN), ((9.0, 9.0, 1.0), OPEN),
    ((1.0, 9.0, 1.0), OPEN)])
def test_the_verdict_holds_at_both_ends_or_is_none(played, zone, verdict):
    view = view_of(*played, region=zone, aid_region=(5.0, 5.0, 5.0))
    (twin, _) = view.pairs
    assert {told["verdict"] for told in twin["measures"].values()} == {verdict}
    assert twin["measures"][PRIMARIES[0]]["delta"] == pytest.approx(zone[0] - 5.0)
    ends = twin["measures"][PRIMARIES[0]]["at_ends"]
    assert [ends[model]["delta"] for model in (COVERAGE, UNIFORM)] == pytest.approx([zone[1] - 5.0, zone[2] - 5.0])


def test_thresholds_lie_where_a_straight_line_crosses(played):
    view = view_of(*played, region=(9.0, 9.0, 1.0), aid_region=(5.0, 5.0, 5.0))
    lever = view.pairs[0]["measures"][PRIMARIES[0]]["levers"][RIVAL]
    assert lever["thresholds"] == [pytest.approx((lever["reference"] + 1.0) / 2.0)]
    assert view.breakeven["region"]["aid"] == "aid_region"
    assert view.breakeven["region"]["measures"][PRIMARIES[0]][RIVAL] == lever


def test_pairs_do_not_depend_on_the_option_that_a_view_compares_with(played):
    result, done = played
    one, other = (StudyView(result, done, to).pairs[0]["measures"] for to in ("own", "aid_region"))
    for measure in PRIMARIES:
        assert one[measure]["levers"].keys() == other[measure]["levers"].keys()
        for name, lever in one[measure]["levers"].items():
            assert other[measure]["levers"][name]["points"] == lever["points"], name


def test_more_launches_that_make_up_for_an_option(played):
    result, done = played
    values = np.stack(result.values)
    own, region = (result.options.index(name) for name in ("own", "region"))
    columns = [MEASURES.index(name) for name in ARMED_LEAKERS]
    for arm, one in enumerate(result.arms):
        fewer = {"low": 40.0, "high": -28.0}[one.ends[VOLUME]] if set(one.ends) == {VOLUME} else 2.0
        values[arm, ..., region, columns] = values[arm, ..., own, columns]
        values[arm, ..., region, columns[0]] -= fewer
    view = StudyView(dataclasses.replace(result, values=tuple(values)), done)
    lever = view.more_launches["region"]
    assert lever["points"] == [[0.8, pytest.approx(40.0)], [1.0, pytest.approx(2.0)], [1.3, pytest.approx(-28.0)]]
    assert lever["thresholds"] == [pytest.approx(1.0 + 0.3 * 2.0 / 30.0)]
    content = run_json(view)
    assert content["more_launches"]["region"] == lever and content["pairs"] == view.pairs
