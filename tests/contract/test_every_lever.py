"""Each lever of each shipped scenario moves to both its ends, to every choice, back to where it was, and out."""

import pytest

from skyshield.app import levers
from skyshield.app.settings import apply, changed
from skyshield.core.errors import SkyShieldError
from skyshield.scenario import check, library, load


@pytest.mark.parametrize("name", library())
def test_every_lever_moves(name: str) -> None:
    scenario = load(name)
    table = levers.table(scenario)
    assert len({lever["path"] for lever in table}) == len(table) > 0
    for lever in table:
        moved = 0
        for value in levers.ends(lever):
            clears = {} if value == lever["shipped"] else dict.fromkeys(lever["clears"])
            now = apply(scenario, {lever["path"]: value, **clears})
            assert apply(scenario, changed(scenario, now)) == now
            moved += now != scenario
        assert moved > 0, f"{lever['path']} changes nothing"
        assert apply(scenario, {lever["path"]: lever["shipped"]}) == scenario


@pytest.mark.parametrize("name", library())
def test_what_a_lever_may_not_be_is_refused_with_its_path(name: str) -> None:
    scenario = load(name)
    for lever in levers.table(scenario):
        wrong = {"number": "x", "days": "x", "quantity": 3, "choice": "x", "boxes": "x", "flag": "x", "points": "x"}
        value = float("nan") if lever["path"].endswith(".aircraft") else wrong[lever["kind"]]
        with pytest.raises(SkyShieldError) as fault:
            apply(scenario, {lever["path"]: value})
        assert fault.value.where == lever["path"]


@pytest.mark.slow
@pytest.mark.parametrize("name", library())
def test_every_end_is_checked_or_refused_in_words(name: str) -> None:
    scenario = load(name)
    for lever in levers.table(scenario):
        for value in levers.ends(lever):
            clears = {} if value == lever["shipped"] else dict.fromkeys(lever["clears"])
            try:
                check(apply(scenario, {lever["path"]: value, **clears}))
            except SkyShieldError as fault:
                assert fault.remedy
