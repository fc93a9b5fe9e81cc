"""The envelope of a setting is that of the study itself, of the options asked for.

Tried to fail, each seen: the headline's ends in place of the arms'; options that were not asked for left in; a stop
that nobody heeds.
"""

import functools

import pytest

from skyshield.app.digest import shown_columns
from skyshield.app.reach import ENDS, reach
from skyshield.core.errors import SkyShieldError
from skyshield.raids.fit import embedded_fit
from skyshield.scenario import load
from skyshield.study.compare import compare, rounded
from skyshield.study.maps import thread_map
from skyshield.study.prepare import prepare
from skyshield.study.runner import run

SIZE = (4, 2)
MAP = functools.partial(thread_map, jobs=2)


def test_it_is_the_envelope_of_the_study():
    told = []
    found = reach(load("month").first(2), ("region",), 3, SIZE, MAP, embedded_fit(), told.append)
    result = run(prepare("month", embedded_fit(), days=2, options="region").resolved, 3, SIZE[1], vectors=SIZE[0])
    rows = compare(result, "own").rows
    assert list(found) == ["region"]
    assert found["region"] == rounded({column: {end: rows["region"][column][end] for end in ENDS}
                                       for column in shown_columns()})
    row = found["region"]["prevented_armed_zone"]
    assert row["env_lo"] < rows["region"]["prevented_armed_zone"]["delta"] < row["env_hi"]
    assert told[-1].done == told[-1].total > SIZE[0]


def test_it_can_be_stopped():
    with pytest.raises(SkyShieldError, match="stopped"):
        reach(load("month").first(2), ("region",), 3, SIZE, MAP, embedded_fit(), stopped=lambda: True)
