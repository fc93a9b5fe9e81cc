"""What a report may not show: where patrols fly, where aircraft stand, where threats start."""

import re

import pytest

from skyshield.compile.world import compile_world
from skyshield.report import map as maps
from skyshield.theatre import load_theatre


def test_no_coordinate_pairs_in_the_text(read, annex):
    for page in (read, annex):
        no_coordinates(page)


def no_coordinates(read):
    assert not re.search(r"\b[2-4]\d\.\d+\W{1,4}[4-5]\d\.\d+\b", read.text)
    assert not re.search(r"\b[4-5]\d\.\d+\W{1,4}[2-4]\d\.\d+\b", read.text)
    assert not re.search(r"\d\s*°", read.text)


def test_no_station_of_a_patrol(study, both):
    drawn = r'<svg.*?</svg>|<style.*?</style>|"data:image/svg[^"]*"'
    words = re.sub(drawn, "", both.report + both.annex, flags=re.DOTALL)
    words = re.sub(r"\b[0-9a-f]{64}\b", "", words)  # a digest holds any four digits
    forces = compile_world(study[2], seed=1, vectors=1).world.forces
    for values in (forces.x_m, forces.y_m):
        for metre in {abs(float(v)) for v in values.ravel() if v}:
            assert f"{metre:.0f}" not in words
            assert f"{metre:,.0f}" not in words
            short = rf"(?<![\d.]){metre / 1000:.1f}(?!\d)"
            assert metre < 10_000 or not re.search(short, words)  # a shorter number stands in any text


@pytest.mark.parametrize("kind", ["bases", "launch_areas"])
def test_no_base_and_no_launch_area_is_named(read, annex, kind):
    names = {place.name for place in getattr(load_theatre(), kind)} - {"Crimea", "Black Sea"}
    assert names
    assert not [name for name in names if name in read.text + annex.text]


def test_the_map_marks_cities_only(study):
    scenario, _, _, theatre = study[2].parts()
    assert set(maps.LABELLED) <= {city.name for city in theatre.cities}
    layer, = maps.layers(scenario, theatre)
    svg = maps.draw(layer, "m", scenario, theatre).svg
    assert svg.count("<circle") == len(maps.LABELLED)


def test_the_map_says_which_served_city_the_stand_offs_leave_out(study):
    scenario, _, _, theatre = study[2].parts()
    region = scenario.option("region")
    package = region.packages[0].model_copy(update={"serves": ("Kyiv", "Lviv", "Odesa", "Kharkiv")})
    moved = region.model_copy(update={"packages": (package,)})
    layer, = maps.layers(scenario.model_copy(update={"options": (moved,)}), theatre)
    assert maps.served_outside(layer, theatre) == ["Odesa"]
    assert layer.effective.area < layer.declared.area


def test_the_map_states_its_error_and_crimea(read):
    error = load_theatre().geometry_error_m
    assert f"{error.control_line / 1000:.0f} km for the control line" in read.text
    assert "Crimea and Sevastopol are Ukraine" in read.text


def test_a_drawn_zone_prints_no_corner():
    from skyshield.report.text import zone_text
    from skyshield.rules import ZoneClause

    zone = ZoneClause(scope="region", polygon=((24.0, 50.0), (26.0, 50.0), (25.0, 49.0)))
    assert zone_text(zone) == "a drawn region with 3 corners"
