"""The lab's map: the same shapes and verdicts as a run's, made coarse."""

import re

import pytest

from skyshield.app import plane
from skyshield.app.settings import apply
from skyshield.bounds.interests import interests_left
from skyshield.core.geodesy import to_geographic
from skyshield.scenario import library, load
from skyshield.theatre import load_theatre

THEATRE = load_theatre()
MONTH = load("month")
_NUMBERS = re.compile(r"-?[0-9.]+")


def area_km2(d: str) -> float:
    """Return the area inside a path, holes taken off by the way their rings run."""
    total = 0.0
    for ring in filter(None, d.split("Z")):
        numbers = [float(text) for text in _NUMBERS.findall(ring)]
        points = list(zip(numbers[::2], numbers[1::2], strict=True))
        total += sum(x0 * y1 - x1 * y0 for (x0, y0), (x1, y1) in zip(points, [*points[1:], points[0]], strict=True)) / 2
    return abs(total)


@pytest.mark.parametrize("name", library())
def test_interests_are_in_or_out_as_the_matrix_says(name: str) -> None:
    scenario = load(name)
    drawn = plane.shapes(scenario, THEATRE)["options"]
    expected = interests_left(scenario, THEATRE).by_option()
    assert expected
    for option, rows in expected.items():
        mine = {one["name"]: one for one in drawn[option]["interests"]}
        for row in rows:
            assert mine[row.interest]["status"] == row.status
            assert mine[row.interest]["share"] == pytest.approx(row.share, abs=0.02)


def test_paths_hold_what_the_rules_leave() -> None:
    from skyshield.rules import declared_area, effective_area

    for option in MONTH.options:
        if option.fires:
            drawn = plane.of_option(option, THEATRE)
            for d, shape in ((drawn["zone"], declared_area(THEATRE, option.rules)),
                             (drawn["allowed"], effective_area(THEATRE, option.rules))):
                assert area_km2(d) == pytest.approx(shape.area / 1e6, rel=0.02)


def test_a_greater_distance_hatches_more_and_leaves_less() -> None:
    shares, bands = [], []
    for km in (100, 200, 300):
        moved = apply(MONTH, {"options.region.rules.standoff_russia": f"{km} km"})
        drawn = plane.of_option(moved.option("region"), THEATRE)
        shares.append(drawn["share_left"])
        bands.append(area_km2(drawn["standoffs"]["russia"]))
    assert shares[0] > shares[1] > shares[2]
    assert bands[0] < bands[1] < bands[2]
    none = apply(MONTH, {"options.region.rules.standoff_russia": None})
    assert plane.of_option(none.option("region"), THEATRE)["standoffs"]["russia"] == ""


def test_places_served_beyond_their_own_distances_are_marked() -> None:
    served = {place["name"]: place["outside"] for place in plane.of_option(MONTH.option("sites"), THEATRE)["served"]}
    assert served == {"Rivne NPP": False, "Khmelnytskyi NPP": False, "South Ukraine NPP": served["South Ukraine NPP"],
                      "Greater Odesa ports": True}


def test_it_shows_no_base_no_shooter_and_no_place_of_launch() -> None:
    known = {city.name for city in THEATRE.cities} | {word for word, _, _ in plane.WORDS} | {
        site.name for interest in THEATRE.interests for site in interest.sites}
    for name in library():
        drawn = plane.shapes(load(name), THEATRE)
        marks = [*drawn["places"], *(place for one in drawn["options"].values() for place in one["served"]),
                 *(site for one in drawn["options"].values() for row in one["interests"] for site in row["sites"])]
        assert {mark["name"] for mark in marks} <= known
        assert not {base.name for base in THEATRE.bases} & {mark["name"] for mark in marks}


def test_crimea_is_of_the_land_and_occupied() -> None:
    layers = plane.base(THEATRE)["layers"]
    assert {oblast["name"] for oblast in layers["oblasts"]} >= {"Crimea", "Sevastopol"}
    assert area_km2(layers["crimea"]) == pytest.approx(27_000.0, rel=0.1)


def test_the_grid_of_degrees_is_right_to_two_kilometres() -> None:
    grid, edges = plane.base(THEATRE)["degrees"], plane.frame(THEATRE)
    last = plane.GRID - 1
    for i in range(last):
        for j in range(last):
            corners = [grid[i][j], grid[i][j + 1], grid[i + 1][j], grid[i + 1][j + 1]]
            middle = [sum(corner[axis] for corner in corners) / 4 for axis in (0, 1)]
            x_m = edges.west + (edges.east - edges.west) * (j + 0.5) / last
            y_m = edges.north - (edges.north - edges.south) * (i + 0.5) / last
            lon, lat = to_geographic(x_m, y_m)
            assert abs(middle[0] - float(lon)) < 0.02
            assert abs(middle[1] - float(lat)) < 0.02


def test_the_page_has_the_frame_of_the_map() -> None:
    from pathlib import Path

    import skyshield.app

    style = (Path(skyshield.app.__file__).parent / "static" / "skyshield.css").read_text("utf-8")
    drawn = plane.base(THEATRE)
    assert f"aspect-ratio: {drawn['width']:g} / {drawn['height']:g};" in style
