"""The engine and a second day, written from the page alone, agree on the same raids in every measure; and the check
finds each of many wrong rules.
"""

import functools

import numpy as np
import pytest

from crosscheck import day_model, outcomes, own_defence
from crosscheck.agreement import (
    AMOUNT_NAMES,
    COUNT_NAMES,
    NAMES,
    both,
    compare,
    engine_totals,
    nights_for,
    phases_apart,
    table,
    words,
)
from crosscheck.cases import VECTORS, WORLDS, altered, case, study
from crosscheck.day_model import Campaign
from crosscheck.outcomes import Outcomes
from crosscheck.own_defence import ARMED, Courses, Flown, OwnDefence, OwnRounds, draw_uniforms
from crosscheck.phases import Truce, paths
from crosscheck.raids import path_of
from crosscheck.shooters import Force
from skyshield.engine import AMOUNTS, COUNTS, play

SEED = 7
QUICK, LONG = 30, 250


def n_tests():
    """Options of all worlds, which share the level."""
    return sum(len(case(name).options) for name in WORLDS)


@functools.lru_cache(maxsize=6)
def given(name, seed, replications):
    """The raids of a world, and what the engine makes of them under every option: the same for all wrong rules."""
    world = case(name).world
    nights = nights_for(world, seed, replications)
    return nights, engine_totals(world, seed, nights)


def agreement(name, replications, seed=SEED, wanted=None, change=None):
    result = case(name, wanted)
    wrong = {} if change is None else {"world": change(result.world)}
    return compare(both(result, seed, *given(name, seed, replications), **wrong), n_tests())


def test_names():
    assert COUNT_NAMES == COUNTS
    assert AMOUNT_NAMES == AMOUNTS


@pytest.mark.parametrize("name", WORLDS)
def test_agreement(name):
    result = agreement(name, QUICK)
    assert not result.rejected(), "\n" + table(result.rejected())


def phases_of_both(replications=400, seed=SEED):
    """Phases [replication, option + 1, day] of the engine and of the second day, each with draws of its own."""
    world, rng = case("truce").world, np.random.default_rng(seed)
    of_all = words(VECTORS, replications)
    return (np.array([path_of(world, seed, word) for word in of_all]),
            np.array([paths(world, word >> 16, rng) for word in of_all]))


def test_phases_agree():
    apart, limit = phases_apart(*phases_of_both())
    assert apart <= limit


WRONG_PHASES = {
    "a quantile for each option": ("__init__", lambda begin: lambda self, renewal, vector, quantile: begin(
        self, renewal, vector, np.random.default_rng().random())),
    "options move no hazard": ("day", lambda of_day: lambda self, day, added, coin, calendar: of_day(
        self, day, 0.0, coin, calendar)),
    "hazard ratios inside out": ("day", lambda of_day: lambda self, day, added, coin, calendar: of_day(
        self, day, -added, coin, calendar)),
    "violations by a draw of its own for each option": ("day", lambda of_day: (
        lambda self, day, added, coin, calendar: of_day(self, day, added, np.random.default_rng().random(), calendar)))}


@pytest.mark.parametrize("rule", WRONG_PHASES)
def test_wrong_phases_are_found(rule, monkeypatch):
    method, wrong = WRONG_PHASES[rule]
    monkeypatch.setattr(Truce, method, wrong(getattr(Truce, method)))
    apart, limit = phases_apart(*phases_of_both())
    assert apart > limit


@pytest.mark.slow
def test_agreement_on_many_nights():
    never, report = set(NAMES), []
    for name in WORLDS:
        result = agreement(name, LONG, SEED + 1)
        never &= set(result.never)
        report += result.rejected()
    assert not report, "\n" + table(report)
    assert not never


def only_what_leaks(self, threat, permit=Force.permit):
    """Own defence first: what it would stop is never shot at."""
    return permit(self, threat) if threat.survives_own else []


def no_shared_night(self, kind, u):
    """Every threat is tracked for itself, with the mean share."""
    return float(self.world.forces.p_track[self.v, kind].mean())


def streams_apart(rng, correlation, n):
    """The two streams of UAVs have a leak rate each."""
    uniforms = draw_uniforms(rng, correlation, n)
    uniforms.leak_u[1] = rng.random()
    return uniforms


def one_oblast(self, route):
    """Nobody is alerted by what only flies over."""
    return []


def one_store(self, counts, alone, day, use=Campaign.use_own_rounds):
    """Ukraine alone has the rounds that the option leaves it."""
    result = use(self, counts, alone, day)
    self.rounds_alone = self.rounds
    return result


def rounds_as_alone(self, counts, alone, day, use=Campaign.use_own_rounds):
    """Rounds come to an option as they come to Ukraine alone, whatever phase it is in."""
    alone.kills_of_phase = alone.kills_with_full_stores
    return use(self, counts, alone, day)


def another(group, name, change):
    """A copy of the world with another array in a group."""
    return lambda world: altered(world, **{group: {name: change}})


def in_forces(name, change):
    """A copy of the world with another array of the forces."""
    return another("forces", name, change)


WRONG_RULES = {
    "own defence first": ("quiet", "region", 40, (Force, "permit", only_what_leaks)),
    "no shared night": ("fickle", "mixed", 200, (Force, "share", no_shared_night)),
    "streams of UAVs apart": ("fickle", "own", 200, (day_model, "draw_uniforms", streams_apart)),
    "relief without its cap": ("quiet", "region", 100, (outcomes, "most_relieved", lambda delta, room: 10**9)),
    "tracks tied to nothing": ("fickle", "region", 200, (own_defence, "against", lambda correlation, u, v: v)),
    "alerts at the aim alone": ("quiet", "own", 40, (Courses, "crossed", one_oblast)),
    "redundant as prevented": ("quiet", "region", 40, (outcomes, "is_prevented", lambda threat: True)),
    "no aircraft break": ("strained", "region", 60, (Force, "repair", lambda self: None)),
    "rounds never run short": ("short", "own", 30, (OwnRounds, "supply", lambda self: [1.0, 1.0, 1.0])),
    "as many diversions among few stops": ("short", "own", 30, (
        OwnDefence, "is_soft", lambda self, c, u, supply: u < self.p_soft[c])),
    "one store with the option and alone": ("short", "aid_region", 40, (Campaign, "use_own_rounds", one_store)),
    "armed decoys do no harm": ("short", "own", 30, (Flown, "armed", property(lambda self: self.load == ARMED))),
    "kept from the aim that it is sent to": ("adapting", "region", 40, (
        outcomes, "credited", lambda threat: threat.aim)),
    "lost aircraft fly again": ("guarded", "region", 60, (Force, "lose", lambda self, fighters: None)),
    "no shield against what is aimed": ("truce", "force", 80, (
        Outcomes, "shield", lambda self, package, raid, ends: 1.0)),
    "rounds come as to Ukraine alone": ("truce", "aid_region", 80, (Campaign, "use_own_rounds", rounds_as_alone)),
    "a massed night for whom nothing comes": ("truce", "region", 80, (
        day_model, "is_massed", lambda night, option, intensity: night.regime == 1))}
WRONG_WORLDS = {
    "a shot too many in each magazine": ("quiet", "region", 160, in_forces("rounds", lambda n: n + 1)),
    "the deep stream's hazard at the front": ("adapting", "region", 250, lambda world: altered(
        world, own={"front_aim": 0})),
    "own defence near aims alone": ("adapting", "region", 120, lambda world: altered(world, own={"along_share": 0.0})),
    "no time to hand over": ("quiet", "region", 40, in_forces("handover_time_s", 0.0)),
    "release takes 30% longer": ("quiet", "region", 300, in_forces("release_time_s", lambda t: 1.3 * t)),
    "twice as long to take off": ("scrambled", "alert", 150, in_forces("alert_time_s", lambda t: 2.0 * t)),
    "what comes follows the raids' growth": ("short", "own", 30, another("raids", "growth", 1.0)),
    "jets as slow as others": ("short", "region", 30, another("routes", "jet_speed_m_s", 50.0)),
    "jets stopped by Ukraine as often": ("short", "own", 30, another("own", "log_jet_factor", 0.0)),
    "jets hit by guns and drones as often": ("guarded", "later", 40, in_forces("jet_kill_ratio", 1.0)),
    "the grid is not mended": ("short", "own", 30, another("harm", "grid_repair_days", 1e6)),
    "ports are not mended": ("short", "own", 60, another("harm", "port_repair_days", 1e6)),
    "the grid is not protected": ("short", "mixed", 30, another("harm", "grid_protected", 0.0)),
    "plants in every oblast": ("short", "own", 30, another("harm", "plant_aim", 1)),
    "Kyiv's alerts of every oblast": ("quiet", "own", 40, another("harm", "kyiv_aim", 1)),
    "corridors in every oblast": ("quiet", "own", 40, another("harm", "corridor_aim", 1)),
    "each covers the whole ring": ("guarded", "later", 40, in_forces("ring_share", 1.0)),
    "all cover one part of the ring": ("guarded", "later", 40, in_forces("ring_from", 0.0)),
    "on duty by day": ("guarded", "region", 40, in_forces("on_duty_until_s", np.inf)),
    "no surge": ("guarded", "region", 60, another("fleets", "surge", 1.0)),
    "no rest": ("guarded", "region", 30, another("fleets", "rest", 1.0)),
    "every massed night is expected": ("guarded", "region", 60, another("fleets", "p_warned_massed", 1.0)),
    "early warning always up": ("guarded", "region", 60, in_forces("p_early_warning", 1.0)),
    "nothing on the ground sees": ("guarded", "mixed", 100, in_forces("ground_gain", 0.0)),
    "soldiers out of the way of leakers": ("truce", "force", 80, another(
        "people", "p_struck", lambda p: p * np.array([1, 1, 0, 1]))),
    "ships aimed at in a ceasefire as in war": ("truce", "ships", 80, another(
        "people", "deliberate_per_day", lambda d: np.repeat(d[..., :1], d.shape[-1], axis=-1))),
    "a strike costs the same at every post": ("truce", "force", 80, another("people", "casualties_per_strike", 3.0)),
    "no fratricide in clusters": ("guarded", "mixed", 100, another("risks", "p_fratricide_cluster", 0.01))}
SUBTLE_WORLDS = {
    "kills 10% more often": ("quiet", "region", 400, in_forces("p_kill", lambda p: 1.1 * p)),
    "two channels for one": ("quiet", "region", 400, in_forces("n_channels", lambda n: np.maximum(n, 2)))}


@pytest.mark.parametrize("rule", WRONG_RULES)
def test_a_wrong_rule_is_found(rule, monkeypatch):
    name, option, replications, patch = WRONG_RULES[rule]
    monkeypatch.setattr(*patch)
    assert agreement(name, replications, wanted=(option,)).rejected()


@pytest.mark.parametrize("rule", WRONG_WORLDS)
def test_a_wrong_number_is_found(rule):
    name, option, replications, change = WRONG_WORLDS[rule]
    assert agreement(name, replications, wanted=(option,), change=change).rejected()


@pytest.mark.slow
@pytest.mark.parametrize("rule", SUBTLE_WORLDS)
def test_a_number_a_little_wrong_is_found(rule):
    name, option, replications, change = SUBTLE_WORLDS[rule]
    assert agreement(name, replications, wanted=(option,), change=change).rejected()


def test_every_engagement_has_a_shot():
    """Three times this renewal, divided by it, is less than three: rounds come all the same."""
    world = altered(study()[1], forces={"renewal_time_s": 8110.3464, "rounds": lambda n: np.minimum(n, 1),
                                        "p_track": 1.0, "p_ready": 1.0, "salvo": 1, "max_engagements": 1})
    counts = play(world, SEED, 0, 20).counts.sum(axis=1)
    shots = sum(counts[:, :, COUNTS.index(name)] for name in COUNTS if name.startswith("munitions/"))
    assert np.array_equal(counts[:, :, COUNTS.index("engaged")], shots)
