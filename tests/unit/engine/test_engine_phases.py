"""Which phase holds: a ceasefire against its closed form, violations, runs, and what follows for options.

Mutations tried, each caught: a quantile for each option; it from the other end; hazard ratios inside out; a package
that counts before it is there; a ratio that stays what it was on the first day; the first option's ratio for all;
packages where there is no option; the second ceasefire with the first's quantile, or with its hazard, or violated
from the first on; violations by the ceasefire's uniform; their probabilities changed over; a violation where war is
back; war that is back counted as ceasefire; what only Ukraine alone is in not played; launches of the phase without
an option for all; what is not played drawn all the same; totals by the phase without an option; levels that stand
still in a ceasefire; raids of a violation as of war.
"""

import math

import numpy as np
import pytest

from skyshield.core.vocabulary import CLASSES, N_STREAMS
from skyshield.engine import AMOUNTS, COUNTS
from skyshield.engine.blocks import play
from skyshield.engine.day import draw_period, new_period
from skyshield.engine.steps.phases import count_phase, draw_phases, mark_played
from skyshield.engine.world import RENEWAL
from skyshield.evidence.verification.worlds import make_renewal
from support.worlds import (
    SEED,
    make_costs,
    make_forces,
    make_own,
    make_raids,
    make_response,
    make_routes,
    make_rules,
    make_season,
    make_world,
    u,
)

WAR, CEASEFIRE, VIOLATION, COLLAPSE = range(4)
SHAPE, SCALE_DAYS = 0.412826, 12.1491 * 365.0  # war is back within a year with 0.3, within five with 0.5
RATIOS = (1.0, 0.7, 0.3, 1.3)
LONG = 400
COMMON = {"collapse": COLLAPSE, "violation": VIOLATION}


def weibull_hazard(days, scale_days=SCALE_DAYS):
    """The hazard of war coming back, integrated over each day of a ceasefire."""
    return np.diff((np.arange(days + 1) / scale_days) ** SHAPE)


def walked(renewal, calendar, replications, presence=None):
    """Phases [replication, option + 1, day]; every package is there on all days unless told otherwise."""
    calendar = np.array(calendar, np.int64)
    _, options, packages = renewal.log_ratio.shape
    there = np.ones((options, packages, len(calendar)), np.uint8) if presence is None else presence
    path = np.full((replications, options + 1, len(calendar)), 99, np.uint8)
    for replication in range(replications):
        draw_phases(renewal, calendar, there, SEED, replication, path[replication])
    return path


def a_ceasefire(days, ratios=(1.0,), **fields):
    """One run of ceasefire on all days."""
    return make_renewal(options=len(ratios), days=days, run_start=0, log_ratio=np.log(ratios)[:, None],
                        **COMMON | fields)


@pytest.fixture(scope="module")
def long_path():
    renewal = a_ceasefire(LONG, RATIOS, hazard=weibull_hazard(LONG), violation=-1)
    return walked(renewal, np.full(LONG, CEASEFIRE), 5000)


@pytest.mark.parametrize("day", [1, 30, 180, 365])
@pytest.mark.parametrize("option", range(len(RATIOS)))
def test_war_is_back_as_often_as_the_closed_form_has_it(long_path, option, day):
    back = (long_path[:, option, day - 1] == COLLAPSE).mean()
    expected = -math.expm1(-((day / SCALE_DAYS) ** SHAPE) * RATIOS[option])
    assert back == pytest.approx(expected, abs=4.0 * math.sqrt(expected * (1.0 - expected) / len(long_path)))


def test_the_closed_form_is_that_of_the_elicited_probabilities():
    within = [-math.expm1(-((days / SCALE_DAYS) ** SHAPE)) for days in (30, 365, 5 * 365)]
    assert within == pytest.approx([0.11939, 0.3, 0.5], abs=5e-5)


def test_one_quantile_for_all_options(long_path):
    """In no replication is war back earlier under an option of a lower hazard; it stays back."""
    back = long_path == COLLAPSE
    first = np.where(back.any(axis=2), back.argmax(axis=2), LONG)
    assert (np.diff(back.astype(int), axis=2) >= 0).all()
    order = np.argsort(RATIOS)[::-1]
    assert (np.diff(first[:, order], axis=1) >= 0).all()
    assert (first[:, order[0]] < first[:, order[-1]]).mean() > 0.1


def test_the_day_is_that_of_the_quantile_by_hand(long_path):
    for replication in range(50):
        quantile = u(RENEWAL, 0, day=0, replication=replication)[0]
        for option, ratio in enumerate(RATIOS):
            met = ratio * (np.arange(1, LONG + 1) / SCALE_DAYS) ** SHAPE
            assert (long_path[replication, option] == COLLAPSE).tolist() == (met >= -math.log(1.0 - quantile)).tolist()


def test_no_effect_is_the_path_without_an_option_to_the_byte(long_path):
    assert long_path[:, 0].tobytes() == long_path[:, -1].tobytes()
    assert long_path[:, 1].tobytes() != long_path[:, -1].tobytes()


def test_packages_add_up_while_they_are_there():
    days, later = 40, 15
    hazard, ratios = np.full(days, 0.05), np.array([[-1.0, 0.4], [-1.0, 0.0]])
    presence = np.ones((2, 2, days), np.uint8)
    presence[:, 0, :later] = 0
    presence[0, 1, 30:] = 0
    path = walked(make_renewal(options=2, packages=2, days=days, run_start=0, hazard=hazard, log_ratio=ratios,
                               **COMMON), np.full(days, CEASEFIRE), 60, presence)
    for replication in range(60):
        enough = -math.log(1.0 - u(RENEWAL, 0, day=0, replication=replication)[0])
        for option in range(2):
            met = np.cumsum(np.exp((ratios[option][:, None] * presence[option]).sum(axis=0)) * hazard)
            assert (path[replication, option] == COLLAPSE).tolist() == (met >= enough).tolist()
    assert (path[:, 1, :later] == path[:, 2, :later]).all()
    assert (path[:, 0] != path[:, 1]).any()


def violated(begins, ends, days=LONG, replications=600, **fields):
    return walked(a_ceasefire(days, p_violation=begins, p_violation_end=ends, **fields), np.full(days, CEASEFIRE),
                  replications)


@pytest.mark.parametrize(("begins", "ends"), [(0.05, 0.2), (0.3, 0.4), (1.0, 1.0)])
def test_violations_last_as_long_as_two_rates_have_it(begins, ends):
    """The stationary share of days is p / (p + q), which is nu / (nu + omega) at rates that are small a day."""
    share = (violated(begins, ends, collapse=-1)[:, 0, 100:] == VIOLATION).mean(axis=1)
    standard_error = share.std() / math.sqrt(len(share))
    assert share.mean() == pytest.approx(begins / (begins + ends), abs=4.0 * standard_error + 1e-12)


def test_violations_are_one_draw_a_day():
    path = violated(0.3, 0.4, days=60, replications=30, ratios=(1.0, 0.2), hazard=0.02)
    for replication in range(30):
        now, by_hand = False, []
        for day in range(60):
            coin = u(RENEWAL, 0, day=day, replication=replication)[1]
            now = coin >= 0.4 if now else coin < 0.3
            by_hand.append(VIOLATION if now else CEASEFIRE)
        for option in range(3):
            held = path[replication, option] != COLLAPSE
            assert path[replication, option][held].tolist() == np.array(by_hand)[held].tolist()
    back = path == COLLAPSE
    assert back[:, 0].any() and (path == VIOLATION).any()
    assert (np.diff(back.astype(int), axis=2) >= 0).all()  # and none where war is back


def test_each_ceasefire_draws_anew():
    """A second one holds whatever became of the first, and begins unviolated."""
    calendar = [WAR, *[CEASEFIRE] * 10, WAR, WAR, *[CEASEFIRE] * 10]
    starts = [-1, *[1] * 10, -1, -1, *[13] * 10]
    hazard = np.where(np.array(starts) >= 0, 0.1, 0.0)
    renewal = make_renewal(days=23, run_start=starts, hazard=hazard, p_violation=0.0, p_violation_end=0.5, **COMMON)
    path = walked(renewal, calendar, 4000)[:, 0]
    assert (path[:, [0, 11, 12]] == WAR).all()
    first, second = path[:, 10] == COLLAPSE, path[:, 22] == COLLAPSE
    expected = -math.expm1(-1.0)
    for back in (first, second, second[first], second[~first]):
        assert back.mean() == pytest.approx(expected, abs=4.0 * math.sqrt(expected * (1.0 - expected) / len(back)))
    for replication in range(20):
        quantile = u(RENEWAL, 0, day=13, replication=replication)[0]
        met = 0.1 * np.arange(1, 11) >= -math.log(1.0 - quantile) - 1e-12
        assert (path[replication, 13:] == COLLAPSE).tolist() == met.tolist()
    renewal = renewal._replace(p_violation=np.full(1, 0.4), p_violation_end=np.zeros(1), hazard=np.zeros((1, 23)))
    path = walked(renewal, calendar, 60)[:, 0]
    for replication in range(60):
        coins = [u(RENEWAL, 0, day=day, replication=replication)[1] < 0.4 for day in range(23)]
        for first_day in (1, 13):
            run = slice(first_day, first_day + 10)
            assert (path[replication, run] == VIOLATION).tolist() == np.maximum.accumulate(coins[run]).tolist()
    assert ((path[:, 10] == VIOLATION) & (path[:, 13] == CEASEFIRE)).any()


def test_nothing_is_drawn_where_no_phase_is_entered_by_chance():
    calendar = [WAR, CEASEFIRE, CEASEFIRE]
    renewal = make_renewal(days=3, run_start=[-1, 1, 1], hazard=9.0, p_violation=1.0)
    assert walked(renewal, calendar, 3).tolist() == [[calendar] * 2] * 3
    renewal = renewal._replace(violation=np.array([VIOLATION]))
    assert walked(renewal, calendar, 1)[0, 0].tolist() == [WAR, VIOLATION, VIOLATION]


def test_what_is_played_is_what_somebody_is_in():
    path = np.array([[WAR, CEASEFIRE, CEASEFIRE], [WAR, COLLAPSE, VIOLATION]], np.uint8)
    played = np.full((5, 3), 7, np.uint8)
    mark_played(path, played)
    assert played.tolist() == [[1, 0, 0], [0, 1, 1], [0, 0, 1], [0, 1, 0], [0, 0, 0]]


def test_a_day_is_of_one_kind():
    renewal, kinds = make_renewal(days=2, run_start=[-1, 1], **COMMON), ("war_days", "ceasefire_days", "violation_days")
    for day, phase, kind in ((0, WAR, 0), (1, CEASEFIRE, 1), (1, VIOLATION, 2), (1, COLLAPSE, 0)):
        counts = np.zeros(len(COUNTS), np.int64)
        count_phase(renewal, day, phase, counts)
        assert [int(counts[COUNTS.index(name)]) for name in kinds] == [int(k == kind) for k in range(3)]
        assert counts.sum() == 1


DAYS, REPLICATIONS = 12, 40
ROUTES = make_routes([((0.0, 0.0), (100_000.0, 0.0)), ((0.0, 0.0), (0.0, 100_000.0))])
OPTION_RATIOS = (1.0, 1.0, 0.2, 4.0)  # nobody; packages that do nothing; a force that keeps war away; one that provokes
SEASON = {"massed_intercept": -0.5, "massed_step": 0.3, "front_step": 0.1, "p_missile": np.full((2, 2), 0.5)}


def a_truce_of_options(shooters=False):
    """War for two days, then a ceasefire; the last two options have shooters or not."""
    kinds = np.array([[-1], [-1], [0], [0]]) if shooters else np.full((4, 1), -1)
    forces = make_forces((((20_000.0, 0.0),),) * 4, reach_m=15_000.0, p_kill=0.7, days=DAYS)
    forces = forces._replace(shooter_kind=kinds, package=np.where(kinds >= 0, 0, -1),
                             fires=(kinds >= 0).astype(np.uint8))
    forces.presence[0] = 0
    starts = np.where(np.arange(DAYS) < 2, -1, 2)
    renewal = make_renewal(options=4, days=DAYS, run_start=starts, hazard=np.where(starts < 0, 0.0, 0.12),
                           log_ratio=np.log(OPTION_RATIOS)[:, None], p_violation=0.2, p_violation_end=0.3, **COMMON)
    raids = make_raids(DAYS, 2, phase=np.where(starts < 0, WAR, CEASEFIRE), intensity=(1.0, 0.0, 0.3, 1.0),
                       season=make_season(**SEASON))
    return make_world(raids=raids, routes=ROUTES, own=make_own(leak=0.6, n_aims=2), forces=forces, renewal=renewal,
                      rules=make_rules(length_m=ROUTES.length_m, options=4), response=make_response(4, 2),
                      costs=make_costs(forces, planned_eur=0.0))


@pytest.fixture(scope="module")
def truce():
    """The world, its period and what is played."""
    world = a_truce_of_options()
    period = new_period(world, REPLICATIONS)
    draw_period(world, SEED, 0, REPLICATIONS, period)
    return world, period, play(world, int(SEED), 0, REPLICATIONS)


def launched(tally):
    """i8[replication, day, option]."""
    first = COUNTS.index(f"launched/{CLASSES[0]}")
    return tally.counts[..., first:first + len(CLASSES)].sum(axis=-1)


def test_packages_that_do_nothing_are_the_baseline_to_the_byte(truce):
    _, _, tally = truce
    assert not tally.failed.any()
    for part in (tally.counts, tally.amounts):
        assert part[:, :, 0].tobytes() == part[:, :, 1].tobytes()
        assert part[:, :, 0].tobytes() != part[:, :, 2].tobytes()


def test_options_meet_what_is_launched_in_their_phase(truce):
    _, period, tally = truce
    path = period.path[:, :-1]
    came = launched(tally)
    assert len({tuple(row) for row in path.reshape(-1, DAYS).tolist()}) > 10
    for replication in range(REPLICATIONS):
        for day in range(DAYS):
            of_phase = period.counts[replication, :, day].sum(axis=1)
            assert came[replication, day].tolist() == of_phase[path[replication, :, day]].tolist()
    war, quiet = path.transpose(0, 2, 1) == COLLAPSE, path.transpose(0, 2, 1) == CEASEFIRE
    assert came[war].min() > 0 and not came[quiet].any()
    assert (war[..., 3] & quiet[..., 2]).any()


def test_war_on_a_day_is_the_same_raid_for_whoever_is_in_it(truce):
    """The calendar's war and one that is back meet the raids that a period of war alone would bring."""
    world, period, _ = truce
    calm = world._replace(renewal=make_renewal(options=4, days=DAYS),
                          raids=world.raids._replace(phase=np.zeros(DAYS, np.int64)))
    war = new_period(calm, REPLICATIONS)
    draw_period(calm, SEED, 0, REPLICATIONS, war)
    assert war.massed.tobytes() == period.massed.tobytes()
    assert war.leak_shift.tobytes() == period.leak_shift.tobytes()
    back = period.played[:, COLLAPSE].astype(bool)
    assert back.any()
    assert (period.counts[:, COLLAPSE][back] == war.counts[:, WAR][back]).all()
    violated = period.played[:, VIOLATION].astype(bool)
    some, whole = period.counts[:, VIOLATION][violated], war.counts[:, WAR][violated]
    assert (some <= whole).all()
    assert 0.2 < some.sum() / whole.sum() < 0.4
    assert not period.counts[~period.played.astype(bool)].any()
    assert period.counts.shape[3] == N_STREAMS


def test_days_and_phases_add_up(truce):
    _, period, tally = truce
    kinds = np.stack([tally.counts[..., COUNTS.index(name)] for name in ("war_days", "ceasefire_days",
                                                                          "violation_days")])
    assert (kinds.sum(axis=0) == 1).all()
    assert tally.phase_counts.sum(axis=1).tobytes() == tally.counts.sum(axis=1).tobytes()
    assert np.allclose(tally.phase_amounts.sum(axis=1), tally.amounts.sum(axis=1), rtol=1e-12)
    path = period.path[:, :-1].transpose(0, 2, 1)
    for phase in range(4):
        inside = (path == phase)[..., None]
        assert (tally.phase_counts[:, phase] == (tally.counts * inside).sum(axis=1)).all()
        assert np.allclose(tally.phase_amounts[:, phase], (tally.amounts * inside).sum(axis=1), rtol=1e-12)
    assert tally.amounts[..., AMOUNTS.index("outage_h")].shape == (REPLICATIONS, DAYS, 4)


def test_shooters_change_no_phase_and_no_raid():
    """What an option shoots at moves neither its own hazard nor anybody's launches."""
    plain, armed = (play(a_truce_of_options(shooters), int(SEED), 0, 10) for shooters in (False, True))
    assert launched(plain).tobytes() == launched(armed).tobytes()
    stopped = COUNTS.index("stopped_coalition/uav")
    assert not plain.counts[..., stopped].any() and armed.counts[..., stopped].any()
    assert plain.counts[:, :, :2].tobytes() == armed.counts[:, :, :2].tobytes()
