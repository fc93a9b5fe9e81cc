"""What holds in a box of assumptions: against points drawn inside it, and against its corners.

Tried to fail: r at the wrong end of the cheap corner; a next attack left out of the half-spaces; E[k] bounded at the
top of the interval alone; the trap called nowhere from the gain's low end.
"""

from dataclasses import replace

import numpy as np
import pytest

from skyshield.core.errors import SkyShieldError
from skyshield.strategy.response import Answer, Losses, choice, cost, costs, expected_imposed, trap
from skyshield.strategy.response_box import (
    EVERYWHERE,
    NOT_SETTLED,
    NOWHERE,
    SOMEWHERE,
    Box,
    can_be_best,
    check_interval,
    edges,
    imposed_bounds,
    least_cost,
    ties,
    verdict,
)
from support.response import LOSSES, MENU, inside, point, random_box

SEEDS = range(12)
CREDIBILITY = (0.2, 0.7)


def _of_specification(**changes):
    box = Box({name: (answer, answer) for name, answer in MENU.items()}, (1.0, 1.0), (10.0, 10.0),
              (LOSSES.next_attack,) * 2, (LOSSES.wider_war,) * 2, (1.0, 1.0), (0.3, 0.3))
    return replace(box, **changes)


@pytest.mark.parametrize("seed", SEEDS)
def test_points_lie_within_every_bound(seed):
    rng = np.random.default_rng(seed)
    box = random_box(rng)
    least, imposed = least_cost(box, CREDIBILITY), imposed_bounds(box, CREDIBILITY)
    possible, told = can_be_best(box, CREDIBILITY), {(tie.before, tie.after): tie for tie in ties(box)}
    for draw in range(400):
        answers, losses, _, _ = inside(box, rng, corner=draw % 2 == 0)
        credibility = rng.uniform(*CREDIBILITY)
        found = costs(answers, losses, credibility)
        assert least[0] - 1e-12 <= min(found.values()) <= least[1] + 1e-12
        assert imposed[0] - 1e-9 <= expected_imposed(answers, losses, credibility) <= imposed[1] + 1e-9
        reach = possible[choice(answers, losses, credibility)]
        for value, (low, high) in zip((credibility, *losses), reach, strict=True):
            assert low - 1e-9 <= value <= high + 1e-9
        for (before, after), tie in told.items():
            one, other = answers[before], answers[after]
            if other.restored > one.restored:
                at = (cost(other, losses, 0.0) - cost(one, losses, 0.0)) / (other.restored - one.restored)
                assert tie.low - 1e-9 <= max(0.0, at) <= (np.inf if tie.high is None else tie.high + 1e-9)


@pytest.mark.parametrize("seed", SEEDS)
def test_an_answer_that_can_be_best_is_somewhere(seed):
    """Where the programme says so, a fine grid finds a point; where it does not, none does."""
    box = random_box(np.random.default_rng(seed), 0.15)
    possible = can_be_best(box, CREDIBILITY)
    grid = np.stack(np.meshgrid(*(np.linspace(*ends, 12) for ends in (CREDIBILITY, box.next_attack, box.wider_war))),
                    axis=-1).reshape(-1, 3)
    for name in box.answers:
        menu = box.favouring(name)
        margin = min(cost(menu[name], Losses(b, c), a) - min(cost(other, Losses(b, c), a)
                                                             for key, other in menu.items() if key != name)
                     for a, b, c in grid)
        assert (margin <= 0.02) if name in possible else (margin > 0.0), (name, margin)


def test_all_but_one_dear_answer_can_be_best():
    dear = Answer(0.0, 1.0, 1.0, 2.0, 0.0)
    box = _of_specification(answers={**_of_specification().answers, "dear": (dear, dear)})
    assert set(can_be_best(box, (0.0, 1.0))) == {"aid", "wider_rules", "in_kind"}


def test_ends_of_the_least_cost_are_reached():
    rng = np.random.default_rng(5)
    box = random_box(rng)
    for end, pick in ((0, box.cheap), (1, box.dear)):
        menu = {name: pick(name) for name in box.answers}
        reached = min(costs(menu, Losses(box.next_attack[end], box.wider_war[end]), CREDIBILITY[end]).values())
        assert least_cost(box, CREDIBILITY)[end] == pytest.approx(reached, abs=1e-12)


def test_expected_imposed_over_an_interval_of_l_cred():
    """Uniform on [0, 0.1] half aid, half wider rules; E[k] is 0.5 there and 0.92 at the top of the interval."""
    assert imposed_bounds(_of_specification(), (0.1, 1.0)) == pytest.approx((0.5, 0.92), abs=1e-8)


@pytest.mark.parametrize("seed", SEEDS)
def test_a_point_is_what_the_closed_forms_say(seed):
    box = point(random_box(np.random.default_rng(seed)))
    menu = {name: ends[0] for name, ends in box.answers.items()}
    losses = Losses(box.next_attack[0], box.wider_war[0])
    exact = trap(menu, losses, 0.6, box.gain[0], box.tolerance[0])
    found = verdict(box, (0.6, 0.6))
    assert found.least == pytest.approx((exact.least,) * 2, abs=1e-12)
    assert found.imposed == pytest.approx((exact.imposed,) * 2, abs=1e-8)
    assert found.holds == (EVERYWHERE if exact.holds else NOWHERE)


def test_verdicts_agree_with_points():
    """No verdict is broken by a point, and each but the open one is given."""
    given = {EVERYWHERE: 0, SOMEWHERE: 0, NOWHERE: 0, NOT_SETTLED: 0}
    for seed in range(120):
        rng = np.random.default_rng(1000 + seed)
        box = random_box(rng, rng.choice([0.02, 0.1, 0.3]))
        holds = verdict(box, CREDIBILITY).holds
        given[holds] += 1
        points = [trap(answers, losses, rng.uniform(*CREDIBILITY), gain, tolerance).holds
                  for answers, losses, gain, tolerance in (inside(box, rng, k % 2 == 0) for k in range(60))]
        if holds == EVERYWHERE:
            assert all(points)
        if holds == NOWHERE:
            assert not any(points)
    assert min(given[name] for name in (EVERYWHERE, SOMEWHERE, NOWHERE)) >= 2, given
    assert given[NOT_SETTLED] <= 4, given


def test_each_condition_of_the_trap_turns_the_verdict():
    """At L_cred 1 the best answer costs 0.45 and E[k] is 0.92."""
    at = (1.0, 1.0)
    assert verdict(_of_specification(), at).holds == EVERYWHERE
    assert verdict(_of_specification(tolerance=(0.46, 0.5)), at).holds == NOWHERE
    assert verdict(_of_specification(gain=(0.1, 0.9)), at).holds == NOWHERE
    assert verdict(_of_specification(gain=(0.9, 0.95)), at).holds == SOMEWHERE
    assert verdict(_of_specification(tolerance=(0.4, 0.5)), at).holds == SOMEWHERE


def test_edges_of_the_specification():
    """With all at a point the boundary is E[k] itself where the cost is above what is tolerated."""
    box = _of_specification(most=(0.1, 1.0), tolerance=(0.36, 0.36), wider_war=(1.0, 1.0))
    rows = edges(box, lambda most: (most, most), 4)
    assert [row.most for row in rows] == pytest.approx([0.1, 0.4, 0.7, 1.0])
    for row in rows:
        least = min(costs(MENU, LOSSES, row.most).values())
        expected = expected_imposed(MENU, LOSSES, row.most) if least > 0.36 else None
        for found in (row.none_below, row.trap_above, row.all_cheap, row.all_dear):
            assert found == (None if expected is None else pytest.approx(expected, abs=1e-8))
    assert rows[0].none_below is None and rows[-1].none_below == pytest.approx(0.92, abs=1e-8)


@pytest.mark.parametrize("seed", SEEDS)
def test_edges_hold_for_points(seed):
    rng = np.random.default_rng(seed)
    box = random_box(rng, 0.1)
    for row in edges(box, lambda most: (0.5 * most, 0.9 * most), 3):
        here = replace(box, most=(row.most,) * 2, wider_war=(row.wider_war,) * 2)
        for _ in range(60):
            answers, losses, gain, tolerance = inside(here, rng)
            holds = trap(answers, losses, rng.uniform(0.5, 0.9) * row.most, gain, tolerance).holds
            if row.none_below is None or gain <= row.none_below:
                assert not holds
            if row.trap_above is not None and gain > row.trap_above:
                assert holds


def test_no_end_where_an_answer_need_not_restore_more():
    low, high = MENU["aid"]._replace(restored=0.4), MENU["aid"]._replace(restored=0.9)
    box = _of_specification(answers={**_of_specification().answers, "aid": (low, high)})
    found = {(tie.before, tie.after): tie for tie in ties(box)}
    assert found["aid", "wider_rules"].high is None
    assert found["wider_rules", "in_kind"][2:] == pytest.approx((0.875, 0.875))


@pytest.mark.parametrize("ends", [(1.0, 0.0), (0.0, float("inf")), (float("nan"), 1.0)])
def test_intervals_that_cannot_be(ends):
    with pytest.raises(SkyShieldError, match="L0"):
        check_interval(ends, "L0")
