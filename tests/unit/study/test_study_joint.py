"""Joint arms: where their entries stand, how many there are, and that no size, job or stop moves them.

Tried to fail: signs taken from all of the study (they turn as it grows), the two ends mixed up, an entry with two ends
moved to the last of them, noise taken for a sign, bundled entries left out, arms of other options told as one's own.
Each fails at least one test.
"""

import dataclasses
import json

import numpy as np
import pytest

from skyshield.study import compare, run
from skyshield.study.compare import PRIMARIES, PRIMARY
from skyshield.study.joint import (
    REPLICATIONS,
    VECTORS,
    corners,
    held_against,
    holds_signs,
    joint_arms,
    unwanted_options,
)
from skyshield.study.plan import BUNDLE, HEADLINE, JOINT, RELIEF, SINGLE, Arm
from skyshield.study.reader import read
from skyshield.study.result import MEASURES, StudyResult
from skyshield.study.store import read_manifest
from support.command_line import FIXED, hashes
from support.studies import resolved, same_bytes, scenario

SEED = 3
ARMS = (Arm(HEADLINE), Arm(SINGLE, {"a": "high"}), Arm(SINGLE, {"b": "low"}), Arm(SINGLE, {"c": "low"}),
        Arm(SINGLE, {"c": "high"}), Arm(SINGLE, {"idle": "high"}), Arm(BUNDLE, {"x": "low"}),
        Arm(BUNDLE, {"x": "high", "y": "high"}))


def changes(*effects, noise=0.0, seed=1):
    rng = np.random.default_rng(seed)
    headline = rng.normal(20.0, 5.0, (VECTORS, REPLICATIONS))
    every = [headline, *(headline + effect + noise * rng.normal(size=headline.shape) for effect in effects)]
    return every, [np.ones(headline.shape, bool)] * len(every)


def test_corners_follow_the_signs_of_single_moves():
    x, valid = changes(2.0, 3.0, -4.0, 1.0, 0.0, 0.0, 0.0)
    worst, best = corners(x, valid, ARMS)
    assert worst == {"c": "low", "x": "high", "y": "high"}
    assert best == {"a": "high", "b": "low", "c": "high", "x": "low"}
    both_worse, valid = changes(2.0, 3.0, -4.0, -6.0, 0.0, 0.0, 0.0)
    worst, best = corners(both_worse, valid, ARMS)
    assert (worst["c"], "c" in best) == ("high", False)  # the reference between its ends is best


def test_noise_is_no_sign():
    for seed in range(20):
        x, valid = changes(0.0, 30.0, -30.0, 0.0, 0.0, 0.0, 0.0, noise=3.0, seed=seed)
        worst, best = corners(x, valid, ARMS)
        assert worst["c"] == "low" and best["b"] == "low"
    clear = [corners(*changes(0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, noise=3.0, seed=s), ARMS)[0].keys() - {"x", "y"}
             for s in range(40)]
    assert sum(map(len, clear)) < 0.2 * 40 * 5


def study(options, effects, vectors=VECTORS, replications=REPLICATIONS):
    """A result in which an arm moves each option's primary measure by so much."""
    rng = np.random.default_rng(4)
    values = rng.normal(50.0, 5.0, (1, vectors, replications, 1, 1)) + np.zeros((len(ARMS), 1, 1, len(options), 1))
    for arm, of in enumerate(effects, start=1):
        values[arm, ..., 0] += np.array(of)
    wide = np.zeros((*values.shape[:-1], len(MEASURES)))
    wide[..., MEASURES.index(PRIMARY)] = values[..., 0]
    return StudyResult(wide, np.zeros(wide.shape[:3], np.uint8), {},
                       {"options": list(options), "arms": [arm.plain() for arm in ARMS]}, None)


def test_options_of_the_same_signs_share_arms():
    effects = [(0.0, 2.0, 5.0, -1.0), *[(0.0,) * 4] * 6]
    new, numbers = joint_arms(study(("own", "zone", "more", "aid"), effects), "own", {"zone_without": "zone"})
    assert numbers["zone"] == numbers["more"] == numbers["zone_without"]
    assert [arm.kind for arm in new] == [JOINT] * len(new) and not any(arm.in_envelope for arm in new)
    ends = [*(arm.ends for arm in ARMS), *(arm.ends for arm in new)]
    assert [ends[k] for k in numbers["zone"]] == [{"x": "high", "y": "high"}, {"a": "high", "x": "low"}]
    assert [ends[k] for k in numbers["aid"]] == [{"a": "high", "x": "high", "y": "high"}, {"x": "low"}]
    assert len(new) == 2  # two of the four stand where an arm of the envelope has them


def test_there_is_not_always_room():
    effects = [(0.0, 2.0, -1.0), *[(0.0,) * 3] * 6]
    new, numbers = joint_arms(study(("own", "zone", "aid"), effects), "own", {}, room=len(ARMS) + 1)
    assert list(numbers) == ["zone"] and len(new) == 1


def test_signs_are_of_a_block_that_does_not_grow():
    small = study(("own", "zone"), [(0.0, 2.0), (0.0, -1.0), *[(0.0, 0.0)] * 5])
    large = study(("own", "zone"), [(0.0, 2.0), (0.0, -1.0), *[(0.0, 0.0)] * 5], 40, 5)
    values = np.array(large.values)
    values[:, :VECTORS, :REPLICATIONS] = small.values
    values[1, VECTORS:, ..., 1, :] -= 100.0  # what comes later says the opposite
    large = dataclasses.replace(large, values=values)
    assert joint_arms(large, "own", {}) == joint_arms(small, "own", {})
    assert holds_signs(small) and not holds_signs(study(("own", "zone"), [(0.0, 0.0)] * 7, VECTORS - 1))


def leading(means, vectors=VECTORS):
    """A result in which options have these means in both primary measures, in every arm."""
    result = study(tuple(means), [(0.0,) * len(means)] * (len(ARMS) - 1), vectors)
    for measure in PRIMARIES:
        result.values[..., MEASURES.index(measure)] = list(means.values())
    return result


def test_who_is_held_against_whom_in_joint_arms():
    means = {"own": 0.0, "force": 1.0, "dear": 9.0, "cheap": 5.0, "twin": 4.0, "priced": 7.0}
    money = {"own": 0.0, "force": 3.0, "dear": 8.0, "cheap": 2.0, "twin": 3.0, "priced": 1.0}
    result = leading(means)
    held = held_against(result, "own", {"priced"}, money)
    assert held == {"force": ["dear", "cheap"], "cheap": ["dear"], "twin": ["dear", "cheap"]}
    for measure in PRIMARIES:  # one arm in which one of the two measures does not say so is enough
        other = leading(means)
        other.values[3, ..., list(means).index("force"), MEASURES.index(measure)] = 6.0
        assert held_against(other, "own", {"priced"}, money)["force"] == ["dear"]
    large = leading(means, 30)
    large.values[:, VECTORS:, ..., 1, :] = 100.0  # what comes later says otherwise
    assert held_against(large, "own", {"priced"}, money) == held


def test_options_held_against_one_another_meet_in_both_s_joint_arms():
    result = leading({"own": 0.0, "a": 1.0, "b": 2.0, "c": 3.0})
    arms = [*ARMS, *(Arm(JOINT, {"a": end}, in_envelope=False) for end in ("low", "high"))]
    n = len(ARMS)
    result.manifest.update({"arms": [arm.plain() for arm in arms], "baseline": "own",
                            "joint": {"a": [n, n], "b": [n + 1, n + 1], "c": [n, n + 1]}, "held_against": {}})
    assert unwanted_options(result) == {n: [2], n + 1: [1]}
    result.manifest["held_against"] = {"a": ["b"]}
    assert unwanted_options(result) == {n: [], n + 1: []}


# Entries of two ends and of one whose moves are clear in a few days. Where the own defence stops is less so, and what
# is left at its reference may reach further alone than the others together.
OPEN = ("displacement", "stop_track_correlation", "volume_response")
ASSUMPTIONS = {name: value for name, value in FIXED.items() if name not in OPEN} | {"own_defence_along_share": 0.5}


@pytest.fixture(scope="module")
def asked():
    return resolved(scenario(days=8, assumptions=ASSUMPTIONS))


def test_grown_resumed_or_at_once_the_arms_are_the_same(asked, tmp_path):
    whole = run(asked, SEED, 6, vectors=18, out=tmp_path / "whole")
    small = run(asked, SEED, REPLICATIONS, vectors=VECTORS - 1, out=tmp_path / "grown")
    assert small.joint == {} and small.arms == whole.arms[:len(small.arms)]  # it holds no whole block of signs
    assert {arm.kind for arm in small.arms} == {HEADLINE, SINGLE}
    grown = run(asked, SEED, REPLICATIONS, vectors=VECTORS, out=tmp_path / "grown")
    assert grown.joint == whole.joint and grown.arms == whole.arms
    run(asked, SEED, 6, vectors=17, out=tmp_path / "grown")
    result = run(asked, SEED, 6, vectors=18, out=tmp_path / "grown")
    assert same_bytes(result.values, whole.values)
    leave_out = ("timing.json", "study.json")
    summaries = [hashes(tmp_path / name, leave_out)["summary.json"] for name in ("grown", "whole")]
    assert summaries[0] == summaries[1]
    joint = [arm for arm in whole.arms if arm.kind == JOINT]
    assert len(joint) == 2 and [arm.kind for arm in whole.arms][-len(joint):] == [JOINT] * len(joint)


def test_relief_that_is_asked_for_later_comes_after_them(asked, tmp_path):
    before = run(asked, SEED, REPLICATIONS, vectors=VECTORS, out=tmp_path / "study")
    assert any(arm.kind == JOINT for arm in before.arms)
    after = run(asked, SEED, REPLICATIONS, vectors=VECTORS, out=tmp_path / "study", relief=True)
    assert [arm.kind for arm in after.arms] == [*(arm.kind for arm in before.arms), RELIEF]
    assert after.joint == before.joint
    names = set(read_manifest(tmp_path / "study")["shards"])
    assert set(before.manifest["shards"]) < names
    small = run(asked, SEED, REPLICATIONS, vectors=3, out=tmp_path / "grown", relief=True)
    assert small.arms[-1].kind == RELIEF and not small.joint  # its number is a joint arm's in the study it grows into
    grown = run(asked, SEED, REPLICATIONS, vectors=VECTORS, out=tmp_path / "grown")
    for result in (after, grown, read(tmp_path / "grown")[0]):
        assert result.arms == after.arms and result.joint == after.joint
        assert same_bytes(result.values, run(asked, SEED, REPLICATIONS, vectors=VECTORS, relief=True).values)
    listed = read_manifest(tmp_path / "grown")["shards"]
    assert {path.name for path in (tmp_path / "grown/shards").iterdir()} == set(listed)


def test_a_joint_arm_is_kept_for_its_own_options(tmp_path):
    options = {"region": {}, "idle": {"packages": None}, "near": {"drop": ("standoff_russia",)}}
    content = scenario(days=8, options=options, assumptions=ASSUMPTIONS)
    result = run(resolved(content), SEED, REPLICATIONS, vectors=VECTORS, out=tmp_path / "study")
    unwanted = unwanted_options(result)
    assert unwanted and all(result.options.index("own") not in options for options in unwanted.values())
    read_back = read(tmp_path / "study")[0]
    for arm, options in unwanted.items():
        wanted = [k for k in range(len(result.options)) if k not in options]
        assert not result.values[arm][:, :, options].any() and result.values[arm][:, :, wanted].any()
        assert read_back.values[arm].tobytes() == result.values[arm].tobytes()
        assert {result.options[k] for k in wanted} == {"own"} | {o for o, of in result.joint.items() if arm in of}


def test_rows_reach_over_their_own_arms(asked, tmp_path):
    result = run(asked, SEED, 3, vectors=16, out=tmp_path / "study")
    row = compare(result, "own").rows["region"][PRIMARY]
    assert row["joint_lo"] <= row["delta"] <= row["joint_hi"]
    assert row["joint_hi"] >= row["env_hi"] - row["mcse"] and row["joint_lo"] <= row["env_lo"] + row["mcse"]
    assert compare(result, "region").rows["own"][PRIMARY]["joint_lo"] is None  # chosen against the baseline
    content = json.loads((tmp_path / "study/summary.json").read_text())
    arms = sum(arm.kind == JOINT for arm in result.arms)
    assert content["joint"]["arms"] == arms
    assert (content["joint"]["vectors"], content["joint"]["replications"]) == (VECTORS, REPLICATIONS)
    assert content["joint"]["options"]["region"]["worst"]["displacement"] == "high"
    assert content["options"]["own"]["leaked_zone"]["joint_lo"] is None
