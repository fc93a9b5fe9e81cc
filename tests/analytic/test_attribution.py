"""Closed forms of attribution: a bearing against a straight line, and items that multiply.

Tried to fail: north not turned with the plane; the ratio taken over all parties instead of the others.
"""

import math

import numpy as np
import pytest

from skyshield.core.geodesy import to_plane
from skyshield.monitoring.attribution.evidence import BEARING, WEAPON, Item, Place, Record, items_of
from skyshield.monitoring.attribution.ground import ground_of
from skyshield.monitoring.attribution.posterior import attribute
from support.attributed import LAT, LON, agreement

FIRE = {"source": "patrol", "method": "heard"}


def phi(z):
    return 0.5 * math.erfc(-z / math.sqrt(2.0))


def weighed(leaf, lon=LON, lat=LAT, of=None):
    ground = ground_of(of or agreement())
    place = Place(lon, lat, 1.0, ground.inside_m(*to_plane(lon, lat))[:, 0])
    items = items_of([Record(0, {**FIRE, **leaf})], place, ground, ground.parties)
    return items, attribute(items, ground.parties)


@pytest.mark.parametrize(("sd", "inside", "ratio", "p"), [(10.0, 15.0, 13.97, 0.933), (10.0, 0.0, 1.0, 0.5),
                                                          (5.0, 10.0, 42.96, 0.977), (20.0, 15.0, 3.412, 0.773)])
def test_a_bearing_so_far_from_the_others_ground(sd, inside, ratio, p):
    assert ratio == pytest.approx(phi(inside / sd) / (1.0 - phi(inside / sd)), rel=2e-3)
    for bearing, party in ((inside, "RU"), (180.0 - inside, "RU"), (360.0 - inside, "UA"), (180.0 + inside, "UA")):
        items, found = weighed({"fire_bearing_deg": bearing % 360.0, "bearing_error_deg": sd})
        for item in items:
            assert item.kind == BEARING
            assert item.ratio(list(found.shares).index(party))[0] == pytest.approx(ratio, rel=2e-2)
        assert found.shares[party].p == pytest.approx(p, abs=1e-3)


def test_the_distance_from_a_straight_line_does_not_matter_within_reach():
    for lon in (LON - 0.05, LON + 0.05):
        _, found = weighed({"fire_bearing_deg": 15.0, "bearing_error_deg": 10.0}, lon)
        assert found.shares["RU"].p == pytest.approx(0.933, abs=0.03)


def test_with_a_weapon_three_times_likelier():
    _, found = weighed({"fire_bearing_deg": 15.0, "bearing_error_deg": 10.0, "weapon": "Tornado-S"})
    assert found.shares["RU"].p == pytest.approx(3.0 * 13.97 / (1.0 + 3.0 * 13.97), abs=1e-3)
    assert round(found.shares["RU"].p, 3) == 0.977
    assert found.shares["RU"].lo < 0.93 < found.shares["RU"].p < found.shares["RU"].hi


def test_ratios_multiply_and_the_interval_is_over_their_ends():
    one = Item(BEARING, "", (0,), np.array([[8.0, 2.0], [6.0, 4.0], [9.0, 1.0]]))
    other = Item(WEAPON, "", (1,), np.array([[3.0, 1.0], [1.5, 1.0], [6.0, 1.0]]))
    share = attribute([one, other], ("RU", "UA")).shares["RU"]
    assert (share.p, share.lo, share.hi) == pytest.approx((12 / 13, 2.25 / 3.25, 54 / 55))


def test_three_parties_share_what_is_left():
    item = Item(WEAPON, "", (0,), np.array([[3.0, 1.0, 1.0]]))
    assert [s.p for s in attribute([item], ("RU", "UA", "CO")).shares.values()] == pytest.approx([0.6, 0.2, 0.2])
