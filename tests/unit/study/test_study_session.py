"""A session: nothing is played twice, what is kept is right, errors come before anything is played, no thread is left.

Seen to fail: totals kept under the option's name alone; the twin left out of the hash; a stage that plays all its
size; mcse for the error of a sketch; a move unpaired; a pool that is not shut down; failures of options not told apart.
"""

import math
import threading

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from skyshield.core.errors import SkyShieldError
from skyshield.engine import Player
from skyshield.scenario import load
from skyshield.study import session as module
from skyshield.study.plan import Block
from skyshield.study.played import Played, missing
from skyshield.study.preview import Preview
from skyshield.study.session import Session
from skyshield.study.totals import MEASURES, NOT_PLAYED
from support.settings import changed

MEASURE = "prevented_armed_zone"
STAGES = ((2, 1), (4, 1), (4, 3))
DAYS = {"days": 2}


@pytest.fixture
def session():
    with Session(jobs=2) as one:
        yield one


@pytest.fixture
def blocks(monkeypatch):
    """List every block that is played, with how many options."""
    seen, play = [], module._play

    def counted(players, seed, month, block):
        seen.append((block, len(players[block.arm].world.rules.class_allowed)))
        return play(players, seed, month, block)

    monkeypatch.setattr(module, "_play", counted)
    return seen


def last(previews):
    return list(previews)[-1]


def asked(**levers):
    return changed({**DAYS, **levers}).chosen(("region", "cities", "aid_region"))


def test_stages_play_each_block_once(session, blocks):
    previews = list(session.preview(asked(), STAGES))
    assert [(one.stage, one.final, one.vectors, one.replications) for one in previews] == [
        (1, False, 2, 1), (2, False, 4, 1), (3, True, 4, 3)]
    played = [(block.vector, r) for block, _ in blocks for r in range(block.first, block.last)]
    assert sorted(played) == [(v, r) for v in range(4) for r in range(3)]
    assert {n for _, n in blocks} == {4}


def test_a_setting_that_was_played_is_told_at_once(session, blocks):
    first = list(session.preview(asked(), STAGES))
    blocks.clear()
    assert list(session.preview(asked(), STAGES)) == first
    assert blocks == []


def test_a_move_plays_what_it_touches_and_its_twins(session, blocks):
    before, now = asked(), asked(**{"options.region.rules.standoff_russia": "100 km"})
    left = last(session.preview(before, STAGES))
    blocks.clear()
    moved = last(session.preview(now, STAGES, before=before))
    assert {n for _, n in blocks} == {2}  # region and aid_region
    fresh = last(Session(jobs=1).preview(now, STAGES))
    assert moved.paired == fresh.paired and moved.levels == fresh.levels and moved.planned == fresh.planned
    assert moved.paired["cities"] == left.paired["cities"]
    assert moved.planned["aid_region"] != left.planned["aid_region"]
    for option in ("region", "aid_region", "cities"):
        for measure in MEASURES:
            gap = moved.paired[option][measure]["delta"] - left.paired[option][measure]["delta"]
            assert moved.move[option][measure]["delta"] == pytest.approx(gap, rel=1e-9, abs=1e-6)
    assert set(moved.move["cities"][MEASURE].values()) == {0.0}


def test_what_was_left_is_played_if_it_is_not_there(session):
    before, now = asked(), asked(**{"options.region.rules.target_classes": ["uav", "cruise"]})
    move = last(session.preview(now, STAGES, before=before)).move
    with Session(jobs=1) as other:
        last(other.preview(before, STAGES))
        assert last(other.preview(now, STAGES, before=before)).move == move


def test_the_error_of_a_move_is_that_of_the_same_raids(session):
    """Paired replication by replication, which takes out the noise that both settings have in common."""
    before, now = (asked(**{"options.region.rules.standoff_russia": f"{km} km", "days": 8}) for km in (200, 190))
    size = ((20, 3),)
    one, other = (values_of(session, scenario, size, "region") for scenario in (now, before))
    difference = one - other
    row = last(session.preview(now, size, before=before)).move["region"][MEASURE]
    within = difference.var(axis=1, ddof=1) / 3
    assert row["delta"] == pytest.approx(difference.mean())
    assert row["mcse"] == pytest.approx(math.sqrt(within.sum()) / 20)
    unpaired = math.sqrt(sum((x.var(axis=1, ddof=1) / 3).sum() for x in (one, other))) / 20
    assert row["mcse"] < unpaired / 2


def values_of(session, scenario, size, option):
    """Return f8[vector, replication] of an option minus the baseline."""
    list(session.preview(scenario, size))
    keys = session._setting(scenario, None, 1).keys
    one, own = (session._kept.get(keys[name], None).counts for name in (option, scenario.baseline))
    return (one - own)[..., MEASURES.index(MEASURE)].astype(float)


def test_the_error_below_and_from_200_vectors(session):
    scenario = changed({"days": 1}).chosen(("region",))
    few, many = list(session.preview(scenario, ((50, 2), (200, 2))))
    x = values_of(session, scenario, ((200, 2),), "region")
    means = x[:50].mean(axis=1)
    assert few.error["region"][MEASURE] == pytest.approx(means.std(ddof=1) / math.sqrt(50))
    assert few.error["region"][MEASURE] > few.paired["region"][MEASURE]["mcse"]
    assert many.error["region"][MEASURE] == many.paired["region"][MEASURE]["mcse"]


def test_without_replications_or_vectors_there_is_no_error_where_none_can_be_told(session):
    scenario = changed({"days": 1}).chosen(("region",))
    one, two, many = list(session.preview(scenario, ((1, 1), (2, 1), (200, 1))))
    assert one.error["region"][MEASURE] is None and one.paired["region"][MEASURE]["mcse"] is None
    assert two.error["region"][MEASURE] is not None
    assert many.paired["region"][MEASURE]["mcse"] is None and many.error["region"][MEASURE] > 0.0


def test_options_and_measures_are_those_asked_for(session, blocks):
    preview = last(session.preview(asked(), STAGES, options=["aid_region"], measures=["cost_eur", MEASURE]))
    assert preview.options == ("own", "aid_region") and list(preview.paired) == ["aid_region"]
    assert list(preview.paired["aid_region"]) == ["cost_eur", MEASURE] == list(preview.error["aid_region"])
    assert {n for _, n in blocks} == {2}


def test_results_do_not_depend_on_threads():
    with Session(jobs=1) as one, Session(jobs=3) as three:
        assert list(one.preview(asked(), STAGES)) == list(three.preview(asked(), STAGES))


def test_little_room_changes_nothing():
    settings_ = [asked(**{"options.region.rules.standoff_russia": f"{km} km"}) for km in (100, 200, 100)]
    with Session(jobs=1, most_bytes=1) as small, Session(jobs=1) as large:
        for scenario in settings_:
            assert list(small.preview(scenario, STAGES)) == list(large.preview(scenario, STAGES))
        assert len(small._kept) == 1 < len(large._kept)


def test_plain_data_has_six_digits_and_no_nan(session):
    plain = last(session.preview(asked(), STAGES)).plain()
    assert list(plain) == list(Preview.__dataclass_fields__)

    def numbers(value):
        if isinstance(value, dict):
            for one in value.values():
                yield from numbers(one)
        elif isinstance(value, float):
            yield value

    found = list(numbers(plain))
    assert found and all(float(f"{value:.5e}") == value and math.isfinite(value) for value in found)


def test_a_replication_that_fails_leaves_every_option(session, monkeypatch):
    """One option fails in one replication; the other's totals are kept, and told once the first is away."""
    scenario, play = asked(), Player.play

    def failing(player, seed, first, last_, month):
        tally = play(player, seed, first, last_, month)
        if player.world.forces.fires.any() and first >> 16 == 1:
            tally.failed[0] = 4
            tally.counts[0], tally.amounts[0] = 0, 0.0
        return tally

    monkeypatch.setattr(Player, "play", failing)
    preview = last(session.preview(scenario, ((3, 2),)))
    keys = session._setting(scenario, None, 1).keys
    failed = {name: session._kept.get(key, None).failed.tolist() for name, key in keys.items()}
    assert failed["own"] == failed["aid_region"] == [[0, 0]] * 3
    assert failed["region"] == failed["cities"] == [[0, 0], [4, 0], [0, 0]]
    monkeypatch.undo()
    without = last(session.preview(scenario, ((3, 2),), options=["aid_region"]))
    launched = "launched/uav"
    with Session(jobs=1) as other:
        whole = last(other.preview(scenario, ((3, 2),)))
    assert without.levels["own"][launched] == whole.levels["own"][launched] != preview.levels["own"][launched]


@pytest.mark.parametrize("stop_at", [0, 1, 3, 6])
def test_stopped_between_blocks(session, blocks, stop_at):
    threads = threading.active_count()
    got = list(session.preview(asked(), ((6, 1), (6, 2)), stopped=lambda: len(blocks) >= stop_at))
    assert threading.active_count() == threads
    assert len(got) == 0 and len(blocks) <= stop_at + 4  # two a thread are under way
    resumed = list(session.preview(asked(), ((6, 1), (6, 2))))
    with Session(jobs=1) as other:
        assert list(other.preview(asked(), ((6, 1), (6, 2)))) == resumed


def test_closed_early_no_thread_is_left(session):
    threads = threading.active_count()
    previews = session.preview(asked(), STAGES)
    next(previews)
    previews.close()
    assert threading.active_count() == threads
    session.close()
    with pytest.raises(SkyShieldError, match="session: is closed"):
        session.preview(asked(), STAGES)


def test_the_gate_is_shut_while_a_stage_is_played_and_open_between(session, monkeypatch):
    seen, play = [], Player.play

    def noting(*arguments):
        seen.append(session.gate._shut)
        return play(*arguments)

    monkeypatch.setattr(Player, "play", noting)
    for _ in session.preview(asked(), STAGES):
        assert session.gate._shut == 0
    assert seen and set(seen) == {1} and session.gate._shut == 0


BAD_STAGES = ((), [], "40x2", ((0, 2),), ((2, 0),), ((2,),), ((2, 2, 2),), (("2", 2),), ((2.0, 2),), ((math.nan, 2),),
              ((True, 2),), ((4, 2), (4, 2)), ((4, 2), (2, 4)), ((4, 4), (5, 3)), ((65536 * 65536, 1),), ((2, 65536),),
              [None], 7, {"a": 1}, [(n, 1) for n in range(1, 40)])


@pytest.mark.parametrize("stages", BAD_STAGES)
def test_stages_that_cannot_be(session, blocks, stages):
    with pytest.raises(SkyShieldError, match=r"^stages") as caught:
        session.preview(asked(), stages)
    assert caught.value.exit_code == 2 and blocks == []


@pytest.mark.parametrize(("more", "where"), [
    ({"seed": -1}, "seed"), ({"seed": 2**64}, "seed"), ({"seed": math.nan}, "seed"), ({"seed": True}, "seed"),
    ({"options": []}, "options"), ({"options": ["atlantis"]}, "option 'atlantis'"), ({"measures": []}, "measures"),
    ({"measures": ["wins"]}, "measures")])
def test_what_cannot_be_asked(session, blocks, more, where):
    with pytest.raises(SkyShieldError) as caught:
        session.preview(asked(), STAGES, **more)
    assert (caught.value.where, caught.value.exit_code, blocks) == (where, 2, [])


def test_a_setting_that_check_refuses(session, blocks):
    scenario = load("month")
    lost = scenario.model_copy(update={"assumptions": {"displacement": 3.0}})
    for one, before in ((lost, None), (scenario, lost)):
        with pytest.raises(SkyShieldError, match="displacement"):
            session.preview(one, STAGES, before=before)
    assert blocks == []


def test_more_than_the_memory(session):
    with pytest.raises(SkyShieldError, match="GiB of memory") as caught:
        session.preview(asked(), ((60_000, 60_000),))
    assert caught.value.exit_code == 3


@pytest.mark.parametrize(("more", "where"), [({"jobs": 0}, "jobs"), ({"jobs": 10**6}, "jobs"),
                                             ({"most_bytes": 0}, "most_bytes")])
def test_a_session_that_cannot_be(more, where):
    with pytest.raises(SkyShieldError) as caught:
        Session(**more)
    assert caught.value.where == where


@settings(max_examples=60, deadline=None)
@given(there=st.lists(st.tuples(st.integers(0, 4), st.integers(0, 130)), min_size=1, max_size=3),
       size=st.tuples(st.integers(1, 4), st.integers(1, 130)))
def test_what_is_missing_is_what_is_not_there(there, size):
    """Whatever rectangles were played of options, blocks cover exactly the rest, each once, and none straddles 64."""
    played = {}
    for k, (vectors, replications) in enumerate(there):
        played[str(k)] = Played.nothing(4, 130)
        played[str(k)].failed[:vectors, :replications] = 0
    found = missing(played, *size)
    times = {name: np.zeros((4, 130), int) for name in played}
    for block in found.blocks:
        assert block.first // 64 == (block.last - 1) // 64
        for name in found.groups[block.arm]:
            times[name][block.vector, block.first:block.last] += 1
    for name, of in played.items():
        wanted = np.zeros((4, 130), bool)
        wanted[:size[0], :size[1]] = of.failed[:size[0], :size[1]] == NOT_PLAYED
        assert (times[name] == wanted).all()


def test_room_grows_and_keeps_what_is_there():
    one = Played.nothing(1, 2)
    one.put(Block(0, 0, 0, 2), np.full((2, one.counts.shape[2]), 7, np.int32), np.full((2, one.amounts.shape[2]), 0.5),
            np.zeros(2, np.uint8))
    larger = one.grown(3, 4)
    assert larger.holds(1, 2) and not larger.holds(1, 3) and not larger.holds(2, 1)
    assert larger.grown(2, 2) is larger and (larger.counts[0, :2] == 7).all()


def test_what_was_told_is_kept_under_keys_of_one_size(session):
    """Keys are not counted: of many vectors and replications they once took more than what they are the keys of."""
    for replications in (1, 40):
        last(session.preview(asked(), ((4, replications),), measures=[MEASURE]))
    kept = list(session._told._values)
    assert {len(valid) for _, (_, *valids) in kept for valid in valids} <= {0, 32}
