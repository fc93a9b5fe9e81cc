"""What two discs have in common against integration, and the share of tracks that sensors give against its closed form.

The engine's shares are of at least 100,000 threats each, within four standard errors of the exact law: nights of a
share uniform over an interval, and binomial threats within a night.

Mutations tried, each caught: the radii exchanged in one corner; the kite added; half of the kite; the inner disc taken
for the outer; the gain applied to the tracked share; the gain of another class, and of another slot.
"""

import numpy as np
import pytest
from scipy import integrate

from skyshield.catalogue import load_catalogue
from skyshield.engine import COUNTS
from skyshield.forces.coverage import covered_share, lens_area_m2
from skyshield.forces.sensors import SENSORS
from support.worlds import make_forces, make_own, make_raids, make_routes, make_rules, make_world, play_nights


def integrated(r, big, d):
    """Area common to a disc of radius r at 0 and one of radius R at d, as the integral of the shorter chord."""
    def chord(x):
        return 2 * np.sqrt(max(0.0, min(r * r - x * x, big * big - (x - d) ** 2)))

    low, high = max(-r, d - big), min(r, d + big)
    if low >= high:
        return 0.0
    kink = (d * d + r * r - big * big) / (2 * d) if d else low  # where the circles cross
    return sum(integrate.quad(chord, a, b, limit=500)[0] for a, b in ((low, np.clip(kink, low, high)),
                                                                      (np.clip(kink, low, high), high)))


def test_the_lens_is_the_integral_of_its_chords():
    g = np.random.default_rng(1)
    radii, apart = g.uniform(1.0, 400.0, (200, 2)), g.uniform(0.0, 600.0, 200)
    result = lens_area_m2(radii[:, 0], radii[:, 1], apart)
    exact = np.array([integrated(r, big, d) for (r, big), d in zip(radii, apart, strict=True)])
    whole = np.pi * radii.min(axis=1) ** 2
    kinds = (exact == 0.0).sum(), (np.abs(exact - whole) < 1e-6 * whole).sum()
    assert min(kinds) > 10 and sum(kinds) < 150  # disjoint, inside, and crossing ones
    np.testing.assert_allclose(result, exact, rtol=1e-6, atol=1e-6)


LIMITS = [  # radius, radius, distance, exact area
    (40.0, 40.0, 0.0, np.pi * 1600), (40.0, 54.0, 0.0, np.pi * 1600), (54.0, 40.0, 13.9, np.pi * 1600),
    (40.0, 54.0, 14.0, np.pi * 1600), (40.0, 54.0, 94.0, 0.0), (40.0, 54.0, 500.0, 0.0), (0.0, 54.0, 10.0, 0.0),
    (40.0, 0.0, 10.0, 0.0), (0.0, 0.0, 0.0, 0.0), (1.0, 1.0, 1.0, 2 * np.pi / 3 - np.sqrt(3) / 2),
    (1.0, 1.0, np.sqrt(2), np.pi / 2 - 1), (1e6, 40.0, 1e6, np.pi * 800)]


@pytest.mark.parametrize(("r", "big", "d", "area"), LIMITS)
def test_the_lens_at_its_limits(r, big, d, area):
    for one, other in ((r, big), (big, r)):
        result = lens_area_m2(np.array(one), np.array(other), np.array(d))
        # the last: a circle through the disc's centre is all but straight
        assert float(result) == pytest.approx(area, rel=2e-5 if big < d == r else 1e-9, abs=1e-9)
    if r > 0.0:
        assert float(covered_share(np.array(r), np.array(big), np.array(d))) <= 1.0


def test_coverage_falls_with_distance_and_grows_with_the_radius():
    far = np.linspace(0.0, 700.0, 200)
    for reach in (8.0, 40.0, 150.0):
        share = covered_share(np.array(reach), np.linspace(0.0, 500.0, 60)[:, None], far)
        assert ((share >= 0.0) & (share <= 1.0)).all()
        assert (np.diff(share, axis=1) <= 1e-12).all() and (np.diff(share, axis=0) >= -1e-12).all()
        assert share[-1, 0] == 1.0 and share[-1, -1] == 0.0
        assert ((share > 0.01) & (share < 0.99)).sum() > 100


B6 = [("radar_mast_height", 60, 54), ("radar_mast_height", 100, 64), ("radar_mast_height", 1_000, 153),
      ("radar_mast_height", 2_500, 229), ("aerostat_height", 60, 258), ("aew_height", 60, 423)]


@pytest.mark.parametrize(("height", "target_m", "km"), B6)
def test_a_sensor_sees_as_far_as_its_horizon_or_its_range(height, target_m, km):
    one = np.ones(1)
    sensor = next(sensor for sensor in SENSORS if sensor.height == height)
    catalogue = load_catalogue()
    numbers = {name: one * catalogue[name].reference_si for name in (height, "radar_horizon_constant")}
    numbers |= {"geran2_altitude": one * target_m, "cruise_altitude": one * 0.0, "ballistic_altitude": one * 5e4}
    far = sensor.radius_m({**numbers, sensor.range_: one * 1e9})
    assert round(far[0, 0] / 1e3) == km
    assert far[0, 1] < far[0, 0] and far[0, 2] == 0.0
    near = sensor.radius_m({**numbers, sensor.range_: one * 20e3})
    assert near.tolist() == [[20e3, 20e3, 0.0]]


# --- the share of tracks in the engine -------------------------------------------------------------------------------

LOW, HIGH = 0.2, 0.6  # the share a shooter tracks alone is uniform in between, over nights
NIGHT = 50
GAIN = np.array([[0.5, 0.2, 0.0], [0.0, 0.8, 0.3]])  # [slot, class]


def test_tracked_shares_are_those_of_slot_and_class():
    """p' = p + (1 - p) g: two shooters far apart, one route to each, every threat that is tracked is stopped."""
    routes = make_routes((((0.0, 0.0), (1e5, 0.0)), ((0.0, 1e6), (1e5, 1e6))))
    days, replications = 400, 10
    stations = (((5e4, 0.0), (5e4, 1e6)),)
    forces = make_forces(stations, reach_m=4e4, days=days, work_s=1e-3, max_shots=1)
    forces.p_track[:] = [LOW, HIGH]
    forces.picture_gain[0, 0] = GAIN
    first = np.array([[0, 1, 2, *[2] * 62]])
    forces = forces._replace(near_first=first, near_slot=np.array([0, 1, 0], np.uint32))
    middle, spread = (LOW + HIGH) / 2, (HIGH - LOW) ** 2 / 12
    for slot, other in ((0, 1), (1, 0)):
        world = make_world(raids=make_raids(days, 2, aim_shares=np.eye(2)[slot]), routes=routes,
                           own=make_own(n_aims=2), forces=forces, rules=make_rules(length_m=routes.length_m))
        result = play_nights(world, [(NIGHT, 0, NIGHT, NIGHT)], replications=replications)
        assert not result.failed.any()
        for k, kind in enumerate(("uav", "cruise", "ballistic")):
            stopped = result.counts[:, :, 0, COUNTS.index(f"stopped_coalition/{kind}")]
            n = stopped.size * NIGHT
            assert n >= 100_000
            exact = middle + (1 - middle) * GAIN[slot, k]
            nightly = spread * (1 - GAIN[slot, k]) ** 2
            within = exact * (1 - exact) - nightly
            error = np.sqrt((nightly + within / NIGHT) / stopped.size)
            assert abs(stopped.sum() / n - exact) < 4 * error
            wrong = middle + (1 - middle) * GAIN[other, k]
            assert abs(wrong - exact) > 20 * error
