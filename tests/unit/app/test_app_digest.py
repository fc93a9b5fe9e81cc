"""What ships for the lab is of today's scenario and code, and has all that the lab shows.

Tried to fail: a digest of another key; an option, and a column, left out.
"""

import pytest

from skyshield.app.digest import SHIPPED, shipped_figures, shown_columns
from skyshield.app.laboratory import DEFAULT
from skyshield.scenario import load
from support.tools import loaded

TOOL = loaded("make_lab_figures")


def test_the_lab_opens_on_figures():
    assert DEFAULT in SHIPPED


@pytest.mark.parametrize("name", SHIPPED)
def test_they_are_todays(name):
    assert shipped_figures(name)["study_key"] == TOOL.todays_key(name), "run tools/make_lab_figures.py"


@pytest.mark.parametrize("name", SHIPPED)
def test_they_are_whole(name):
    figures, scenario = shipped_figures(name), load(name)
    others = [option.name for option in scenario.options if option.name != scenario.baseline]
    assert (figures["vectors"], figures["replications"], figures["days"]) == (200, 5, scenario.days)
    assert list(figures["paired"]) == others
    for option in others:
        assert tuple(figures["paired"][option]) == tuple(figures["error"][option]) == shown_columns()
        row = figures["paired"][option]["prevented_armed_zone"]
        assert row["env_lo"] <= row["delta"] <= row["env_hi"]
    assert set(figures["levels"]) == {*others, scenario.baseline}
    assert set(figures["planned"]) >= set(others)


def test_a_scenario_without_figures_has_none():
    assert shipped_figures("variants") is None
