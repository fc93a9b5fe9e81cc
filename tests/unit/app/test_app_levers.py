"""The table of levers."""

import pytest

from skyshield.app import levers
from skyshield.catalogue import load_catalogue
from skyshield.core.units import parse_quantity
from skyshield.scenario import library, load

CATALOGUE = load_catalogue()


def of(name: str) -> dict[str, levers.Lever]:
    return {lever["path"]: lever for lever in levers.table(load(name))}


def test_a_lever_is_only_where_it_applies() -> None:
    table = of("month")
    assert "options.own.rules.standoff_russia" not in table
    assert "options.region.rules.zone.radius" not in table
    assert "options.cities.rules.zone.radius" in table
    assert "options.cities.packages.1.per_place" in table
    assert not any("places" in path for path in of("guarantees") if ".packages." in path and _stands_at_base(path))


def _stands_at_base(path: str) -> bool:
    _, name, _, k, _ = path.split(".")[:5]
    return getattr(load("guarantees").option(name).packages[int(k)], "stand", "city") == "base"


def test_each_row_has_range_grade_and_source() -> None:
    for name in library():
        for lever in levers.table(load(name)):
            assert lever["kind"] in levers.KINDS
            assert lever["grade"] in levers.rows()["grades"]
            assert lever["source"]
            assert lever["group"] in levers.rows()["groups"]
            if lever["kind"] in ("number", "quantity", "days"):
                assert lever["low"] < lever["high"]
                assert lever["step"] > 0
            if lever["kind"] in ("choice", "boxes"):
                assert lever["choices"]


def test_the_shipped_value_of_a_slider_lies_in_its_range() -> None:
    for name in library():
        for lever in levers.table(load(name)):
            shipped = levers.number_of(lever["shipped"], lever["unit"])
            if shipped is not None and lever["low"] is not None:
                assert lever["low"] <= shipped <= lever["high"], lever["path"]


def test_assumptions_are_entries_without_a_centre() -> None:
    for row in levers.rows()["assumptions"]:
        assert CATALOGUE[row["field"]].central is None
    lever = of("month")["assumptions.displacement"]
    assert (lever["low"], lever["high"], lever["label"]) == (0.0, 1.0, CATALOGUE["displacement"].label)


def test_days_leave_room_for_every_phase() -> None:
    starts = [phase.first_day or 1 for phase in load("guarantees").calendar]
    assert of("guarantees")["days"]["low"] == max(starts)


def test_a_moved_lever_tells_what_was_shipped() -> None:
    from skyshield.app.settings import apply

    shipped = load("month")
    moved = apply(shipped, {"options.region.rules.standoff_russia": "150 km"})
    lever = {one["path"]: one for one in levers.table(moved, shipped)}["options.region.rules.standoff_russia"]
    assert (lever["value"], lever["shipped"]) == ("150 km", "200 km")


@pytest.mark.parametrize("kind", ["number", "quantity", "choice", "boxes", "flag", "points", "days"])
def test_every_kind_is_used(kind: str) -> None:
    assert any(lever["kind"] == kind for lever in levers.table(load("month")))


def test_quantities_are_in_kilometres() -> None:
    for lever in levers.table(load("month")):
        if lever["kind"] == "quantity" and lever["value"] is not None:
            assert levers.number_of(lever["value"], "km") == parse_quantity(lever["value"], "m", "") / 1000.0
