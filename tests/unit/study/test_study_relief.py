"""The arm of relief in a study: asked for, last, and in no headline and no envelope.

Mutations, not all tried: the arm among the envelope's; its entries read by the headline; one of the two entries
left at its reference; rows taken from the headline's arm; the arm dropped when a stored study is run again without it.
"""

import pytest

from skyshield.catalogue import load_catalogue
from skyshield.compile.parameters import RELIEF_ENTRIES
from skyshield.core.errors import SkyShieldError
from skyshield.scenario import check
from skyshield.study import run
from skyshield.study.compare import compare, options_summary, over_arms, relief_rows, rivals
from skyshield.study.plan import arms
from skyshield.study.result import MEASURES
from support.studies import compiled, resolved, same_bytes, scenario

SIZE = {"seed": 3, "replications": 2, "vectors": 3}
CHANGES = {"region": {"packages": {"aircraft": 400}}, "kyiv": {"packages": {"aircraft": 400}, "rules": {"zone": {
    "scope": "region", "oblasts": ["Kyiv", "Kyiv City", "Vinnytsia", "Lviv"]}}}}


@pytest.fixture(scope="module")
def asked():
    return resolved(scenario(3, CHANGES))


@pytest.fixture(scope="module")
def plain(asked):
    return run(asked, **SIZE)


@pytest.fixture(scope="module")
def relieved(asked):
    return run(asked, **SIZE, relief=True)


def test_the_arm_comes_last_and_moves_both_entries():
    catalogue, names = load_catalogue(), ("displacement", "volume_response")
    assert arms(names, catalogue, relief=True)[:-1] == arms(names, catalogue)
    assert arms(names, catalogue, relief=True)[-1].ends == dict.fromkeys(RELIEF_ENTRIES, "high")


def test_nothing_but_the_arm_reads_its_entries():
    plain = compiled(scenario())
    assert not set(RELIEF_ENTRIES) & set(plain.parameters)
    assert not (plain.world.relief.share.any() or plain.world.relief.elasticity.any())
    moved = compiled(scenario(), ends=dict.fromkeys(RELIEF_ENTRIES, "high"))
    assert (moved.world.relief.share == 1.0).all() and (moved.world.relief.elasticity == 1.0).all()
    assert (moved.world.relief.zone == plain.world.response.aim_declared).all()


def test_a_study_with_relief_holds_the_one_without(plain, relieved):
    assert relieved.manifest["study_key"] == plain.manifest["study_key"]
    assert relieved.relief_arm == len(plain.values) == len(relieved.values) - 1
    assert plain.relief_arm is None
    assert same_bytes(list(relieved.values)[:-1], plain.values)
    for of in (options_summary, lambda result: compare(result, "own").rows, lambda result: over_arms(result, "own"),
               lambda result: rivals(result, over_arms(result, "own"))):
        assert of(relieved) == of(plain)


def test_relief_is_told_against_the_baseline_of_its_own_arm(plain, relieved):
    assert relief_rows(plain, "own") == {}
    rows = relief_rows(relieved, "own")
    assert list(rows) == ["region", "kyiv"]
    at = {name: MEASURES.index(name) for name in ("relieved", "leaked/uav", "prevented_zone")}
    values = relieved.values[-1]
    for k, option in enumerate(rows, start=1):
        for name, column in at.items():
            difference = values[:, :, k, column] - values[:, :, 0, column]
            assert rows[option][name]["delta"] == pytest.approx(difference.mean())
        assert set(rows[option]["relieved"]) - {"reason"} == {"delta", "lo", "hi", "mcse"}
    assert rows["kyiv"]["relieved"]["delta"] > 0.0
    headline = compare(relieved, "own").rows["kyiv"]
    assert headline["relieved"]["delta"] == headline["relieved"]["env_hi"] == 0.0
    assert rows["kyiv"]["prevented_zone"]["delta"] == pytest.approx(headline["prevented_zone"]["delta"])
    fewer = sum(rows["kyiv"][f"leaked/{c}"]["delta"] - headline[f"leaked/{c}"]["delta"]
                for c in ("uav", "cruise", "ballistic"))
    assert fewer == pytest.approx(-rows["kyiv"]["relieved"]["delta"])


def test_the_baseline_knows_no_relief(relieved):
    assert (relieved.values[-1][:, :, 0] == relieved.values[0][:, :, 0]).all()
    own = [MEASURES.index(f"stopped_own_{how}/{c}") for how in ("hard", "soft") for c in ("uav", "cruise", "ballistic")]
    stopped = relieved.values[-1][..., own].sum(axis=-1)
    assert (stopped <= stopped[..., :1]).all()


def test_aid_in_the_zone_has_a_zone_and_aid_anywhere_has_none(asked):
    from skyshield.scenario import load

    chosen = load("aid").chosen(("aid_region", "aid_region_zone"))
    actual = compiled(chosen, ends=dict.fromkeys(RELIEF_ENTRIES, "high")).world.relief.zone
    names = [option.name for option in chosen.options]
    assert (actual[names.index("aid_region_zone")] == actual[names.index("region")]).all()
    assert actual[names.index("region")].any() and not actual[names.index("aid_region")].any()


def test_a_stored_study_takes_the_arm_up_and_keeps_it(asked, relieved, tmp_path):
    first = run(asked, **SIZE, out=tmp_path / "study")
    assert first.relief_arm is None
    shards = sorted(path.name for path in (tmp_path / "study/shards").iterdir())
    with_it = run(asked, **SIZE, out=tmp_path / "study", relief=True)
    more = sorted(path.name for path in (tmp_path / "study/shards").iterdir())
    assert set(shards) < set(more)
    assert same_bytes(with_it.values, relieved.values)
    again = run(asked, **SIZE, out=tmp_path / "study")
    assert again.relief_arm == with_it.relief_arm
    assert same_bytes(again.values, with_it.values)


def test_a_scenario_cannot_suppose_relief():
    for name in RELIEF_ENTRIES:
        with pytest.raises(SkyShieldError, match=f"assumptions.{name}: belongs to the arm of relief, and no headline"):
            check(scenario(assumptions={name: 1.0}))
