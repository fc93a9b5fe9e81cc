"""Work that options share: an option's numbers are the same whatever was played before it.

An option with nobody manned takes over how the raid ended under the option before, if that met the same raid with
nobody manned and the same aid, and only then. Mutations tried, each caught (`tools/mutate.py`): other aid, another raid
and relief of another zone taken over; what aid or relief stops left out where it crosses no zone.
"""

import itertools

import numpy as np
import pytest

from skyshield.engine import tally as t
from support.worlds import (
    make_aid,
    make_forces,
    make_own,
    make_raids,
    make_relief,
    make_response,
    make_routes,
    make_rules,
    make_world,
    play_nights,
)

ROUTES = make_routes([((0.0, 0.0), (100_000.0, 0.0)), ((0.0, 0.0), (0.0, 160_000.0))], weight=(1.3, 1.6))
NIGHTS = [(20, 30, 4, 3), (8, 12, 0, 2)]
DAYS = 6
# name: there from this day on, with so many shooters, hazard by aid, aims in its zone
OPTIONS = {"nothing": (DAYS, 1.0, 0.0, (0, 0)), "aid": (DAYS, 1.0, 0.6, (1, 0)),
           "aid elsewhere": (DAYS, 1.0, 0.6, (0, 1)), "more aid": (DAYS, 1.0, 1.5, (1, 0)),
           "late": (3, 1.0, 0.0, (1, 0)), "late with aid": (3, 1.0, 0.6, (0, 1)), "nobody": (0, 0.0, 0.0, (1, 0))}
SUPPOSED = {"": ({}, 0.0), "volume": ({"volume": 1.3}, 0.0), "displaced": ({"displacement": 0.7}, 0.0),
            "relief": ({}, 1.0)}


def played(names, supposed):
    """Play options one after the other."""
    options = [OPTIONS[name] for name in names]
    n = len(options)
    forces = make_forces((((20_000.0, 0.0),),) * n, [shooters for _, shooters, _, _ in options], reach_m=40_000.0,
                         p_kill=0.6, relief_s=7_200.0, days=DAYS)
    for option, (first_day, _, _, _) in enumerate(options):
        forces.presence[option, :, :first_day] = 0
    rules = make_rules(length_m=ROUTES.length_m, options=n)
    for option, (_, _, _, zone) in enumerate(options):
        rules.crosses_declared[option] = zone
        rules.window_start_m[option, np.array(zone) == 0] = np.inf
    answer, share = SUPPOSED[supposed]
    zones = np.array([zone for _, _, _, zone in options])
    hazard = np.array([hazard for _, _, hazard, _ in options])[None, :, None, None]
    world = make_world(
        make_raids(DAYS, 2, aim_shares=(0.6, 0.4)), ROUTES, make_own(leak=0.4, p_soft=0.3), forces, rules,
        make_response(n, 2, declared=zones, **answer), aid=make_aid(n, 2, days=DAYS, hazard=hazard),
        relief=make_relief(n, 2, share=share, elasticity=1.0, zone=zones))
    result = play_nights(world, NIGHTS, replications=2)
    assert not result.failed.any()
    return result


def last_of(names, supposed):
    """Return what the last option's days leave behind."""
    result = played(names, supposed)
    return result.counts[:, :, -1].tobytes() + result.amounts[:, :, -1].tobytes()


@pytest.mark.parametrize("supposed", SUPPOSED)
def test_an_option_is_the_same_whatever_was_played_before(supposed):
    alone = {name: last_of([name], supposed) for name in OPTIONS}
    assert len(set(alone.values())) >= 5
    for before, name in itertools.product(OPTIONS, OPTIONS):
        assert last_of([before, name], supposed) == alone[name], (before, name)
    assert last_of([*OPTIONS, "aid", "aid"], supposed) == alone["aid"]


def test_relief_counts_though_it_stops_nothing_that_crosses_the_zone():
    assert played(["late"], "relief").counts[:, :, 0, t.RELIEVED].sum() > 0
