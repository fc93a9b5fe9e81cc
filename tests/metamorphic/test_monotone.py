"""More of a good thing: what only helps where there is slack, and how often it does not where there is none.

Slack means that nobody ever waits: threats come one at a time, weapons have no end. There a threat that meets k
engagements is missed by all of them with probability (1 - p)^k, and k is what is counted, with missiles that never hit.
So more k for every threat is fewer expected leakers, and none of it is left to chance.

Without slack none of this is claimed. A patrol that may take on one more threat is busy, or has spent its missiles,
when the next one comes: with one patrol and four missiles a relief the violations are counted here. Mutations tried,
each caught: a stand-off read upside down; only the first window of a route used; engagements cut at one; reach counted
as half beyond 100 km.
"""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from skyshield.engine import COUNTS, play
from support.studies import compiled, scenario
from support.worlds import fight, hand_raid, make_forces, make_routes, make_rules

EASY = {"release_s": 0.0, "work_s": 1.0, "p_kill": 1e-300, "shots": 10**6, "max_shots": 3, "places": 2, "reach_m": 7e4,
        "window": (0.3, 0.7)}
TIGHT = {**EASY, "work_s": 400.0, "shots": 4, "places": 1, "p_kill": 1.0, "max_shots": 1}
MORE = {"places": 3, "reach_m": 9e4, "max_shots": 4, "window": (0.2, 0.8), "shots": 5, "work_s": 0.5, "release_s": 0.0}


def fought(seed, gap_s, places, reach_m, window, n=60, **capabilities):
    """Threats of a random map after a night: [threat] engagements, and whether it was prevented."""
    g = np.random.default_rng(seed)
    routes = make_routes([[(0.0, 0.0), tuple(g.uniform(-2e5, 2e5, 2)), tuple(g.uniform(-3e5, 3e5, 2))]
                          for _ in range(6)])
    there = [tuple(p) for p in g.uniform(-1.5e5, 1.5e5, (3, 2))][:places]
    route = g.integers(0, 6, n)
    n, raid = hand_raid(routes, gap_s * np.arange(n), route=route,
                        own_stop_m=np.where(g.random(n) < 0.6, np.inf, g.random(n) * routes.length_m[route]))
    start, end = window
    rules = make_rules([[[(start * a, end * a)] for a in routes.length_m]], routes.length_m)
    fight(routes, make_forces((there,), reach_m=reach_m, **capabilities), rules, n, raid)
    return raid.engagements[:n].copy(), (raid.fate[:n] == 1) & np.isinf(raid.own_stop_m[:n])


@settings(max_examples=60, deadline=None, derandomize=True)
@given(seed=st.integers(0, 2**32 - 1), what=st.sampled_from(("places", "reach_m", "max_shots", "window")),
       release_s=st.floats(0.0, 600.0))
def test_in_slack_more_never_takes_an_engagement_away(seed, what, release_s):
    given_to = {**EASY, "release_s": release_s}
    less, _ = fought(seed, 20_000.0, **given_to)
    more, _ = fought(seed, 20_000.0, **{**given_to, what: MORE[what]})
    assert (more >= less).all()


@settings(max_examples=60, deadline=None, derandomize=True)
@given(seed=st.integers(0, 2**32 - 1), low=st.floats(0.0, 1.0), high=st.floats(0.0, 1.0))
def test_in_slack_a_better_missile_prevents_every_threat_the_worse_one_did(seed, low, high):
    """The draw of a shot is the same, so this holds threat by threat."""
    (_, worse), (_, better) = (fought(seed, 20_000.0, **{**EASY, "p_kill": p}) for p in sorted((low, high)))
    assert (better >= worse).all()


def test_each_more_adds_engagements_somewhere():
    """The properties above would hold of a program that never shoots."""
    for what in ("places", "reach_m", "max_shots", "window"):
        gained = [(fought(seed, 20_000.0, **{**EASY, what: MORE[what]})[0] - fought(seed, 20_000.0, **EASY)[0]).sum()
                  for seed in range(10)]
        assert sum(gained) > 50, what


# Of 200 maps those on which more prevents fewer, with the numbers of `TIGHT`. Missiles beyond the fourth are fired
# after the first four have been, at the same threats as before: nothing is lost. Whoever reaches further or may shoot
# in more places spends them sooner, on threats that Ukraine stops anyway, and has none for those that it would not.
VIOLATIONS = {"places": 0, "reach_m": 12, "window": 27, "shots": 0}


@pytest.mark.parametrize("what", VIOLATIONS)
def test_without_slack_more_may_prevent_fewer_and_it_is_known_how_often(what):
    less, more = (np.array([fought(seed, 200.0, **given_to)[1].sum() for seed in range(200)])
                  for given_to in (TIGHT, {**TIGHT, what: MORE[what]}))
    assert more.sum() > less.sum()  # on average it helps all the same
    assert (more < less).sum() == VIOLATIONS[what]


def test_in_slack_looser_rules_leave_fewer_leakers_on_the_real_map():
    """Sixteen patrols, sure kills, instant engagements: day by day no leaker more under the looser clause."""
    changes = {"tight": {"rules": {"standoff_russia": "250 km", "standoff_front": "150 km"}}, "region": {},
               "near": {"rules": {"standoff_russia": "100 km", "standoff_front": "50 km"}},
               "anywhere": {"drop": ("zone", "standoff_russia", "standoff_front")}}
    world = compiled(scenario(3, changes)).world
    forces = world.forces._replace(
        p_ready=np.where(world.forces.shooter_kind >= 0, 1.0, world.forces.p_ready),
        ready_aircraft=np.zeros_like(world.forces.ready_aircraft),
        store_most=np.full_like(world.forces.store_most, np.inf),
        p_kill=np.where(world.forces.p_kill > 0.0, 1.0, 0.0), rounds=np.where(world.forces.rounds > 0, 10**6, 0),
        engagement_time_s=np.full_like(world.forces.engagement_time_s, 1e-6),
        release_time_s=np.zeros_like(world.forces.release_time_s),
        p_deconflicted=np.ones(2))
    leaked = np.concatenate([play(world._replace(forces=forces), 3, v << 16, (v << 16) + 6).counts for v in range(2)])
    leaked = leaked[..., COUNTS.index("leaked/uav")]
    assert (np.diff(leaked, axis=2) <= 0).all()
    assert (np.diff(leaked.sum(axis=(0, 1))) < 0).all()
