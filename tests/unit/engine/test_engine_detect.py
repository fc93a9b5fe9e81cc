"""Tracks: one share a night for all threats and kinds, one draw a threat, nothing drawn twice.

Mutations tried, each caught: the average share on every night; a night's share drawn for each kind apart; one draw for
all threats; the draw of a threat taken for another day's.
"""

import numpy as np
import pytest

from skyshield.engine.steps.detect import detect
from support.worlds import SEED, hand_raid, make_forces, make_routes

LOW, HIGH = 0.2, 0.6  # the share tracked is even in between, over nights
THREATS, NIGHTS = 100, 1_500


@pytest.fixture(scope="module")
def nights():
    """Share of threats tracked [night, kind] and the threats' draws [night, threat]."""
    forces = make_forces()
    forces = forces._replace(p_track=np.array([[[LOW, HIGH], [LOW / 2, HIGH / 2]]]))
    n, raid = hand_raid(make_routes(), np.zeros(THREATS))
    shares, draws = [], []
    for night in range(NIGHTS):
        p_track = np.zeros(2)
        detect(forces, SEED, night % 50, night // 50, n, raid, p_track)
        shares.append(p_track)
        draws.append(raid.track_u[:n].copy())
    return np.array(shares), np.array(draws)


def test_a_night_is_good_or_bad_for_all(nights):
    """Var(tracked / n) is the nights' variance and a binomial's: p (1 - p) / n more than it alone."""
    shares, draws = nights
    tracked = (draws < shares[:, :1]).mean(axis=1)
    assert abs(tracked.mean() - 0.4) < 4 * tracked.std() / np.sqrt(NIGHTS)
    between = (HIGH - LOW) ** 2 / 12
    exact = between + (0.4 * 0.6 - between) / THREATS
    error = exact * np.sqrt(2 / NIGHTS)
    assert abs(tracked.var() - exact) < 4 * error
    assert exact > 4 * (0.4 * 0.6 / THREATS) + 4 * error  # threats with a luck of their own each would not look so


def test_what_a_worse_picture_shows_a_better_one_shows_too(nights):
    shares, draws = nights
    np.testing.assert_allclose(shares[:, 1], shares[:, 0] / 2, rtol=1e-12)
    assert (draws[:, :, None] < shares[:, None, 1:]).any()
    assert ((draws < shares[:, :1]) >= (draws < shares[:, 1:])).all()


def test_threats_and_nights_have_draws_of_their_own(nights):
    shares, draws = nights
    assert len(np.unique(draws)) > draws.size - 20  # of 2^32 values, a few come twice
    assert len(np.unique(shares[:, 0])) == NIGHTS
    for one, other in ((draws[:, 0], draws[:, 1]), (draws[:-1, 0], draws[1:, 0]), (shares[:, 0], draws[:, 0])):
        assert abs(np.corrcoef(one, other)[0, 1]) < 4 / np.sqrt(NIGHTS)
