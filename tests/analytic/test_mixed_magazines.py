"""A magazine prevents what would have leaked, whoever's it is: E[prevented] = sum_k M_k p_k P_k(S > aim | alive).

Patrols, a battery and guns meet a homogeneous raid with magazines that are always emptied. The own defence's hazard is
outside the windows, so that every threat met alive in window k has the same chance P_k = exp(-hazard left after it) of
reaching its aim. Shots of a night are Bernoulli trials of q_k = p_k P_k given all shots before (a threat shot at again
was missed, which tells nothing of S), so that the variance of a night is sum_k M_k q_k (1 - q_k) exactly. Every case
has at least 100,000 engagements and allows four standard errors.

Mutations to try, none tried yet: redundant stops counted as prevented; the kill probability of the first kind for all;
the magazine of one kind used by another; the own defence applied before anybody shoots; a shooter's weapons renewed.
"""

import numpy as np
import pytest

from skyshield.core.vocabulary import MUNITION_KINDS, N_CLASSES
from skyshield.engine import COUNTS
from support.worlds import make_forces, make_own, make_raids, make_routes, make_rules, make_world, of_kinds, play_nights

LENGTH_M = 100_000.0
EARLY, LATE = (20_000.0, 40_000.0), (60_000.0, 80_000.0)  # windows; the hazard is before, between and after them
PARTS = np.array([0.25, 0.45, 0.3])  # of the hazard there
L = 0.2  # leak rate of the own defence
MET = (0.0, PARTS[0], PARTS[0], 1 - PARTS[2], 1 - PARTS[2], 1.0)
ROUTES = make_routes(knots=[((0.0, *EARLY, *LATE, LENGTH_M), MET)])
AFTER_EARLY, AFTER_LATE = L ** (PARTS[1] + PARTS[2]), L ** PARTS[2]
# kind, shooters, channels, rounds of each, kill probability, munition, and where it reaches
PATROL = ("patrol", 2, 1, 3, 0.6, "aam")
BATTERY = ("battery", 1, 4, 5, 0.85, "sam")
GUN = ("gun", 4, 1, 2, 0.25, "gun")
NIGHT = 150


def mixed(kinds, windows, max_shots):
    """Shooters of several kinds at the middle of their windows, with one weapon each."""
    stations, of_slot = [], []
    for number, ((_, how_many, *_), window) in enumerate(zip(kinds, windows, strict=True)):
        stations += [(sum(window) / 2, 0.0)] * how_many
        of_slot += [number] * how_many
    forces = make_forces((stations,), days=DAYS, max_shots=max_shots, work_s=1.0)
    half = {window: (window[1] - window[0]) / 2 for window in windows}

    def table(values, kind=float):
        return np.array([values], kind)

    n = len(kinds)
    return of_kinds(
        forces, shooter_kind=np.array([of_slot]), reach_m=np.broadcast_to(
            np.array([half[windows[k]] for k in of_slot])[None, None, :, None], (1, 1, len(of_slot), N_CLASSES)).copy(),
        n_channels=table([k[2] for k in kinds], np.int64), engagement_time_s=table([1.0] * n),
        rounds=table([[k[3]] for k in kinds], np.int64),
        weapon_reach_m=np.full((1, n, 1), np.inf), p_kill=table([[[k[4]] * N_CLASSES] for k in kinds]),
        munition=np.array([[MUNITION_KINDS.index(k[5])] for k in kinds]),
        p_track=np.ones((1, n, 2)))


DAYS = 250
CASES = [  # name, kinds and their windows, engagements of one threat at most
    ("one window, one look", (PATROL, BATTERY, GUN), (EARLY, EARLY, EARLY), 1),
    ("one window, two looks", (PATROL, BATTERY, GUN), (EARLY, EARLY, EARLY), 2),
    ("guns at the aim", (PATROL, BATTERY, GUN), (EARLY, EARLY, LATE), 1),
    ("patrols and guns at the aim, three looks", (PATROL, BATTERY, GUN), (LATE, EARLY, LATE), 3)]


@pytest.mark.parametrize(("kinds", "windows", "max_shots"), [case[1:] for case in CASES],
                         ids=[case[0] for case in CASES])
def test_emptied_magazines_of_several_kinds_prevent_what_would_have_leaked(kinds, windows, max_shots):
    rules = make_rules([[[EARLY, LATE]]], ROUTES.length_m)
    world = make_world(raids=make_raids(DAYS), routes=ROUTES, own=make_own(leak=L), rules=rules,
                       forces=mixed(kinds, windows, max_shots))
    result = play_nights(world, [(NIGHT, 0, 0, 0)], seed=5, replications=24)
    assert not result.failed.any()
    by = {name: result.counts[:, :, 0, k].ravel() for k, name in enumerate(COUNTS)}
    nights = DAYS * 24
    magazines = np.array([k[1] * k[3] for k in kinds])
    for kind, magazine in zip(kinds, magazines, strict=True):
        assert (by[f"munitions/{kind[5]}"] == magazine).all(), "every magazine is emptied every night"
    assert magazines.sum() * nights >= 100_000
    p_kill = np.array([k[4] for k in kinds])
    leaks = np.array([AFTER_EARLY if window == EARLY else AFTER_LATE for window in windows])
    for measure, q in (("prevented/uav", p_kill * leaks), ("redundant/uav", p_kill * (1 - leaks)),
                       ("stopped_coalition/uav", p_kill)):
        exact, error = (magazines * q).sum(), np.sqrt((magazines * q * (1 - q)).sum() / nights)
        assert abs(by[measure].mean() - exact) < 4 * error, (measure, by[measure].mean(), exact, error)
    # nor is it what the kinds' mean magazine and mean kill probability would say, nor M p
    exact = (magazines * p_kill * leaks).sum()
    error = np.sqrt((magazines * p_kill * leaks * (1 - p_kill * leaks)).sum() / nights)
    assert (magazines * p_kill).sum() - exact > 50 * error
    assert abs(magazines.sum() * p_kill.mean() * leaks.mean() - exact) > 8 * error
    # every night's variance is that of independent trials: its own standard error is sqrt((m4 - m2^2) / nights)
    spread = by["prevented/uav"]
    variance, fourth = (magazines * p_kill * leaks * (1 - p_kill * leaks)).sum(), ((spread - spread.mean()) ** 4).mean()
    assert abs(spread.var() - variance) < 4 * np.sqrt((fourth - spread.var() ** 2) / nights)
