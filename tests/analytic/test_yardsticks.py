"""Totals of the nights that the shipped fit generates, against figures read off the record without the model.

Nights start where the record ends and go back to the window's average. Mutations
tried and caught: the deep leak rate times four; both leak rates exchanged; front nights half as large; a massed night
every second night.
"""

import functools

import numpy as np
import pytest

from skyshield.core.vocabulary import N_CLASSES
from skyshield.engine.day import draw_war
from support.studies import compiled, parts, scenario

DAYS, VECTORS, REPLICATIONS = 60, 100, 3
DAYS_PER_YEAR = 365.25
LAST_MONTH = 649 / 5059  # share of the UAVs of February 2026 that leaked
MASSED = 300  # UAVs, the record's own line


@functools.cache
def nights():
    """Return UAVs, expected leakers of the front stream and of the deep one, f8[night] each."""
    study = compiled(scenario(DAYS, {}), vectors=VECTORS)
    result = []
    for vector in range(VECTORS):
        for replication in range(REPLICATIONS):
            counts, massed, shift = np.zeros((DAYS, 4), np.int64), np.zeros(DAYS, np.uint8), np.zeros(DAYS)
            draw_war(study.world.raids.season, np.ones((N_CLASSES, DAYS)), np.uint64(3), vector << 16 | replication,
                     counts, massed, shift)
            leak = [study.parameters[name][vector] for name in ("leak_front_average", "leak_deep")]
            moved = [p * np.exp(shift) / (1 - p + p * np.exp(shift)) for p in leak]
            result.append((counts[:, 0] + counts[:, 1], moved[0] * counts[:, 0], moved[1] * counts[:, 1]))
    return tuple(np.concatenate(part).astype(float) for part in zip(*result, strict=True))


def test_there_are_as_many_uavs_and_massed_nights_as_in_the_record():
    uavs, catalogue = nights()[0], parts()[0]
    for name, result in (("uav_launch_mean_per_day", uavs.mean()), ("uav_big_raid_prob_per_day",
                                                                  (uavs >= MASSED).mean())):
        entry = catalogue[name]
        assert entry.low < result < entry.high, name


def test_the_deep_stream_holds_what_the_record_allows():
    """About 530 leakers a year (160 to 930) by one method and 1,080 (390 to 2,360) by the other."""
    deep = nights()[2].mean() * DAYS_PER_YEAR
    assert 160 < deep < 2_360
    assert 530 * 0.5 < deep < 1_080 * 1.5


def test_leakers_are_as_many_as_at_the_records_end():
    uavs, front, deep = nights()
    assert (front + deep).sum() / uavs.sum() == pytest.approx(LAST_MONTH, rel=0.25)


def test_the_larger_a_raid_the_smaller_its_share_that_leaks():
    """In the record 27% of raids of up to 100, 19% of those up to 200 and 8% of those of 300 and more."""
    uavs, front, deep = nights()
    rate = [(front + deep)[some].sum() / uavs[some].sum() for some in (
        (uavs >= 1) & (uavs <= 100), (uavs > 150) & (uavs <= 200), uavs > MASSED)]
    assert rate[0] > rate[1] > rate[2]
    assert 0.2 < rate[2] / rate[0] < 0.5
