"""Dominated options: what is claimed of all arms at once, on results made up by hand.

Mutations tried, each caught: in the arms one primary measure for both; the mean below zero instead of its interval; the
first batch of arms alone; joint arms of others compared too, or none; the better option named as dominated.
"""

import dataclasses

import numpy as np
import pytest

from skyshield.scenario import load
from skyshield.study import StudyView, run
from skyshield.study.compare import PRIMARIES, RIVAL
from skyshield.study.document import run_json
from skyshield.study.dominance import dominated
from skyshield.study.plan import JOINT, RELIEF
from skyshield.study.result import MEASURES
from support.command_line import FIXED
from support.handmade import result_of
from support.studies import resolved

OPTIONS = ["own", "aid", "region", "cities"]
ARMS = [{}, {RIVAL: "low"}, {RIVAL: "high"}, *({f"unknown_{k}": "high"} for k in range(12)), {"a": "low", "b": "low"}]
LEVELS = {"own": 0.0, "aid": 3.0, "region": 9.0, "cities": 8.0}
ABOVE = {"own": ["aid", "region", "cities"], "aid": ["region", "cities"], "cities": ["region"]}


def made(change=None, kinds=None):
    """Four options with differences that vary little; `change(values[arm, vector, replication], option, measure)`."""
    rng = np.random.default_rng(5)
    filled = {}
    for option, level in LEVELS.items():
        for measure in PRIMARIES:
            values = level + np.linspace(0.0, 0.4, 6)[:, None] + rng.normal(0.0, 0.05, (len(ARMS), 6, 3))
            if change is not None:
                change(values, option, measure)
            filled[option, measure] = values
    result = result_of(OPTIONS, filled, arms=ARMS)
    for arm, kind in (kinds or {}).items():
        result.manifest["arms"][arm] |= {"kind": kind, "in_envelope": False}
    return result


def test_what_is_worse_everywhere_is_dominated():
    assert dominated(made()) == ABOVE


def test_only_the_options_asked_for_are_held_against_one_another():
    assert dominated(made(), ["own", "aid", "cities"]) == {"own": ["aid", "cities"], "aid": ["cities"]}


@pytest.mark.parametrize("measure", PRIMARIES)
@pytest.mark.parametrize("arm", range(len(ARMS)))
def test_one_arm_of_one_measure_that_does_not_say_so_is_enough(arm, measure):
    def change(values, option, of):
        if (option, of) == ("cities", measure):
            values[arm] += 5.0

    found = dominated(made(change))
    assert "cities" not in found
    assert found["own"] == ABOVE["own"] and found["aid"] == ABOVE["aid"]


def test_an_interval_that_holds_zero_is_no_claim():
    def change(values, option, _):
        if option == "cities":
            values[:, 0] += 2.0  # one vector of six above the region's

    result = made(change)
    columns = [np.mean(result.column(PRIMARIES[0]).values[0][OPTIONS.index(name)]) for name in ("cities", "region")]
    assert columns[0] < columns[1]
    assert "cities" not in dominated(result)


@pytest.mark.parametrize("kind", [JOINT, RELIEF])
def test_arms_in_which_not_both_are_played_count_for_nothing(kind):
    def change(values, option, _):
        if option == "region":
            values[-1] = 0.0

    assert "cities" not in dominated(made(change))
    assert dominated(made(change, {len(ARMS) - 1: kind})) == ABOVE


def test_options_that_do_the_same_do_not_dominate_each_other():
    def change(values, option, _):
        values[:] = 1.0 if option != "own" else 0.0

    assert dominated(made(change)) == {"own": ["aid", "region", "cities"]}


def test_noise_alone_does_not_hide_what_is_worse():
    def change(values, option, _):
        values[:] = LEVELS[option] + np.tile([-0.1, 0.0, 0.1], (6, 1))

    assert dominated(made(change)) == ABOVE


def test_an_arm_in_which_all_failed_proves_nothing():
    result = made()
    result.failed[3] = 1
    assert dominated(result) == {}


def test_a_study_says_and_keeps_it(tmp_path):
    asked = load("month").chosen(("region", "aid_region"))
    done = resolved(asked.model_copy(update={"days": 2, "assumptions": FIXED}))
    result = run(done, seed=1, replications=2, vectors=3, out=tmp_path / "study")
    stored = StudyView.open(tmp_path / "study")
    told = stored.summary["dominated"]
    assert told == dominated(result) == stored.dominated == run_json(StudyView(result, done))["dominated"]
    assert StudyView.open(tmp_path / "study", "region").dominated == told  # whatever differences are taken to
    values = np.stack(list(result.values))
    at = [result.options.index(name) for name in ("own", "region")]
    for at_measure in map(MEASURES.index, PRIMARIES):
        values[..., at[1], at_measure] = values[..., at[0], at_measure] + 2.0
    better = StudyView(dataclasses.replace(result, values=tuple(values)), done)
    assert "region" in better.dominated["own"]


JOINT_ARM = len(ARMS) - 1


def with_joint(held, change=None):
    """The four, the last arm being the joint arm of region, aid and cities alike, in which some are held together."""
    result = made(change, {JOINT_ARM: JOINT})
    result.manifest.update({"joint": {name: [JOINT_ARM, JOINT_ARM] for name in ("region", "cities", "aid")},
                            "held_against": held, "baseline": "own"})
    return result


def test_joint_arms_count_where_both_are_played():
    held = {"cities": ["region"], "aid": ["cities"]}
    assert dominated(with_joint(held)) == {"own": ["aid", "region", "cities"], "aid": ["cities"], "cities": ["region"]}

    def change(values, option, _):
        if option == "region":
            values[JOINT_ARM] = 0.1

    assert dominated(with_joint(held, change)) == {"own": ["aid", "cities"], "aid": ["cities"]}
