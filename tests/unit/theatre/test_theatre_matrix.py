"""The interest × restriction matrix against cases worked out by hand on a square country.

The country is a square of 400 km around the plane's centre. Russia lies along its northern edge,
Belarus along its western edge, and everything south of y = -100 km is occupied. Threats come from a
place 300 km north of the centre and one 300 km east of it.
"""

import json
import math
from dataclasses import replace

import pytest

from skyshield.core.errors import SkyShieldError
from skyshield.core.geodesy import to_geographic
from skyshield.theatre import (
    City,
    GeometryErrors,
    Interest,
    LaunchArea,
    Oblast,
    Site,
    StandoffSet,
    Theatre,
    Zone,
    load_theatre,
    matrix,
    matrix_to_dict,
)
from skyshield.theatre.matrix import Matrix, MatrixRow

KM = 1_000.0
SPEED = {"uav": (40.0, 50.0, 100.0)}


def at(x_km: float, y_km: float) -> tuple[float, float]:
    lon, lat = to_geographic(x_km * KM, y_km * KM)
    return float(lon), float(lat)


def line(*points: tuple[float, float]) -> tuple[tuple[float, float], ...]:
    return tuple(at(*p) for p in points)


def box(west: float, south: float, east: float, north: float) -> tuple[tuple[tuple[float, float], ...], ...]:
    return (line((west, south), (east, south), (east, north), (west, north), (west, south)),)


def site(name: str, x_km: float, y_km: float, kind: str = "point", oblast: str = "West", via: tuple[str, ...] = (),
         weight: float = 1.0, occupied: bool = False) -> Site:
    return Site(name, kind, *at(x_km, y_km), oblast, weight, occupied, via)


def square() -> Theatre:
    interests = (
        Interest("points", "Points", 0.5, "", (site("centre", 0, 0), site("south", 0, -60, weight=3.0),
                                               site("held", 0, -95, occupied=True))),
        Interest("ways", "Ways", 0.25, "", (site("way", 0, 0, "corridor", via=("Middle", "North")),)),
        Interest("grid", "Grid", 0.25, "", (site("west", 0, 0, "oblast"),)),
    )
    return Theatre(
        oblasts=(Oblast("West", "UA-01", "west", False, False, None, (box(-200, -200, 0, 200),)),
                 Oblast("East", "UA-02", "east", True, False, None, (box(0, -200, 200, 200),))),
        border_russia=line((-200, 200), (200, 200)), border_belarus=line((-200, -200), (-200, 200)),
        control_line=line((-220, -100), (220, -100)),
        closing=line((220, -100), (220, -250), (-220, -250), (-220, -100)),
        footholds=(),
        neighbours=(),
        cities=(City("Middle", *at(0, 0), "West", None), City("North", *at(0, 190), "West", None)),
        bases=(),
        launch_areas=(LaunchArea("from the north", *at(0, 300), ("uav", "cruise")),
                      LaunchArea("from the east", *at(300, 0), ("uav",))),
        interests=interests,
        standoff_sets=(StandoffSet("none", "none", 0.0, 0.0, 0.0),),
        geometry_error_m=GeometryErrors(3 * KM, 3 * KM, 12 * KM, 4 * KM, 4 * KM, 4 * KM),
    )


def restriction(russia_km: float = 0, front_km: float = 0, belarus_km: float = 0) -> StandoffSet:
    return StandoffSet("set", "set", russia_km * KM, front_km * KM, belarus_km * KM)


def only(table: Matrix, name: str) -> MatrixRow:
    (row,) = (r for r in table.rows if r.site == name)
    return row


SQUARE = square()


@pytest.mark.parametrize(("asked", "status", "share"), [
    # the centre is 200 km from Russia and Belarus, 100 km from occupied land;
    # the errors are hypot(3, 4) = 5 km for the borders and hypot(12, 4) = 12.65 km for the front
    (restriction(), "inside", 1), (restriction(russia_km=194), "inside", 1),
    (restriction(russia_km=196), "undecided", 1), (restriction(russia_km=204), "undecided", 0),
    (restriction(russia_km=206), "outside", 0), (restriction(front_km=87), "inside", 1),
    (restriction(front_km=88), "undecided", 1), (restriction(front_km=112), "undecided", 0),
    (restriction(front_km=113), "outside", 0), (restriction(belarus_km=194), "inside", 1),
    (restriction(belarus_km=206), "outside", 0),
    # one certain loss is enough, whatever the other leaves undecided
    (restriction(russia_km=206, front_km=100), "outside", 0),
    (restriction(russia_km=100, front_km=100, belarus_km=100), "undecided", 1)])
def test_a_point_is_inside_outside_or_within_the_error(asked: StandoffSet, status: str, share: float) -> None:
    row = only(matrix(SQUARE, None, SPEED, [asked]), "centre")
    assert row.status == status
    if asked.front_m != 100 * KM:  # there the centre is on the boundary itself
        assert row.share == share
    assert row.share_low <= row.share <= row.share_high


def test_an_occupied_site_is_outside_even_within_the_error_of_the_line() -> None:
    table = matrix(SQUARE, None, SPEED, [restriction()])
    row = only(table, "held")
    assert (row.status, row.share, row.share_high) == ("outside", 0.0, 0.0)
    assert row.windows[0].path_m == (0.0, 0.0, 0.0)
    near = replace(SQUARE, interests=(replace(SQUARE.interests[0], weight=1.0, sites=(site("open", 0, -95),)),))
    assert only(matrix(near, None, SPEED, [restriction()]), "open").status == "undecided"


def test_minutes_are_the_straight_way_inside_over_the_speed() -> None:
    zone = Zone("city", places=("Middle",), radius_m=50 * KM)
    # from the north: 50 km inside the circle, of which 20 km keep 180 km from Russia; from the east 50 and 50
    table = matrix(SQUARE, zone, SPEED, [restriction(russia_km=180)])
    window = only(table, "centre").windows[0]
    chord_km = math.sqrt(50**2 - 0**2)
    assert window.n_launch_areas == 2
    assert window.path_m == pytest.approx((20 * KM, 35 * KM, chord_km * KM), rel=1e-3)
    assert window.minutes_slow == pytest.approx((20e3 / 40 / 60, 35e3 / 40 / 60, 50e3 / 40 / 60), rel=1e-3)
    assert window.minutes_central == pytest.approx((20e3 / 50 / 60, 35e3 / 50 / 60, 50e3 / 50 / 60), rel=1e-3)
    assert window.minutes_fast == pytest.approx((20e3 / 100 / 60, 35e3 / 100 / 60, 50e3 / 100 / 60), rel=1e-3)


def test_a_class_flies_only_from_the_areas_that_serve_it_and_may_lack_a_central_speed() -> None:
    table = matrix(SQUARE, None, {"uav": (50.0, None, 50.0), "cruise": (250.0, None, 250.0)}, [restriction()])
    uav, cruise = only(table, "centre").windows
    assert (uav.n_launch_areas, cruise.n_launch_areas) == (2, 1)
    assert uav.minutes_central is None
    assert cruise.path_m == pytest.approx((200 * KM,) * 3, rel=1e-3)
    assert cruise.minutes_slow.median == pytest.approx(200e3 / 250 / 60, rel=1e-3)


def test_a_corridor_and_an_oblast_count_by_length_and_area() -> None:
    # of the 190 km from Middle northward 98 km keep 102 km from Russia
    table = matrix(SQUARE, None, SPEED, [restriction(russia_km=102)])
    way, west = only(table, "way"), only(table, "west")
    assert way.share == pytest.approx(98 / 190, rel=1e-3)
    assert way.share_low == pytest.approx(93 / 190, rel=1e-3)
    assert way.share_high == pytest.approx(103 / 190, rel=1e-3)
    assert way.status == "undecided"  # it may be half or less
    # of its 400 km from south to north, 100 are occupied and 102 too near
    assert west.share == pytest.approx(198 / 400, rel=1e-3)
    assert west.share_low == pytest.approx((198 - 5 - math.hypot(12, 4)) / 400, rel=1e-3)
    assert only(matrix(SQUARE, None, SPEED, [restriction(russia_km=150)]), "way").status == "outside"
    assert only(matrix(SQUARE, None, SPEED, [restriction(russia_km=50)]), "way").status == "inside"


def test_an_interest_adds_its_sites_up_by_their_weights() -> None:
    table = matrix(SQUARE, None, SPEED, [restriction(front_km=70)])
    (points,) = (row for row in table.interests if row.interest == "points")
    # centre (1) inside, south (3) and held (1) outside
    assert (points.n_inside, points.n_outside, points.n_undecided) == (1, 2, 0)
    assert points.share == pytest.approx(1 / 5)
    assert points.status == "outside"
    assert points.weight == 0.5
    assert points.windows[0].path_m.least == 0.0  # the occupied site


def test_a_named_oblast_is_known_by_name_and_a_drawn_one_by_measure() -> None:
    edge = replace(SQUARE, interests=(replace(SQUARE.interests[0], weight=1.0, sites=(site("edge", -1, 50),)),))
    named = matrix(edge, Zone("region", oblasts=("West",)), SPEED, [restriction()])
    assert only(named, "edge").status == "inside"
    drawn = matrix(edge, Zone("region", polygon=line((-150, 0), (0, 0), (0, 150), (-150, 150))), SPEED, [restriction()])
    assert only(drawn, "edge").status == "undecided"
    other = matrix(edge, Zone("region", oblasts=("East",)), SPEED, [restriction()])
    assert only(other, "edge").status == "outside"


def test_a_circle_round_a_place_is_sure_of_its_middle_and_not_of_its_rim() -> None:
    for y_km, status in ((0, "inside"), (45, "inside"), (48, "undecided"), (53, "undecided"), (55, "outside")):
        one = replace(SQUARE, interests=(replace(SQUARE.interests[0], weight=1.0, sites=(site("here", 0, y_km),)),))
        table = matrix(one, Zone("city", places=("Middle",), radius_m=50 * KM), SPEED, [restriction()])
        assert only(table, "here").status == status, y_km


def test_a_circle_within_its_own_error_holds_nothing_for_sure() -> None:
    table = matrix(SQUARE, Zone("city", places=("Middle",), radius_m=3 * KM), SPEED, [restriction()])
    assert only(table, "centre").status == "undecided"


@pytest.mark.parametrize(("speeds", "says"), [
    ({"balloon": (10.0, 11.0, 12.0)}, "no launch area"), ({"uav": (0.0, None, 1.0)}, "above 0")])
def test_speeds_that_mean_nothing_are_refused(speeds: dict[str, tuple[float, float | None, float]], says: str) -> None:
    with pytest.raises(SkyShieldError, match=says):
        matrix(SQUARE, None, speeds, [restriction()])


def test_a_bad_zone_is_refused_before_anything_is_computed() -> None:
    with pytest.raises(SkyShieldError, match="no oblast"):
        matrix(SQUARE, Zone("region", oblasts=("North",)), SPEED, [restriction()])


# the shipped theatre

THEATRE = load_theatre()
SPEEDS = {"uav": (40.0, 50.0, 60.0), "cruise": (200.0, None, 260.0), "ballistic": (1_000.0, 1_500.0, 2_000.0)}
TABLE = matrix(THEATRE, None, SPEEDS)


def test_every_site_and_every_interest_has_one_row_for_each_restriction() -> None:
    n_sites = sum(len(i.sites) for i in THEATRE.interests)
    assert len(THEATRE.standoff_sets) == 10
    assert len(TABLE.rows) == n_sites * 10
    assert len(TABLE.interests) == 5 * 10
    assert len({(r.site, r.standoff) for r in TABLE.rows}) == len(TABLE.rows)


@pytest.mark.parametrize(("name", "standoff", "status"), [
    # the op-ed's restrictions delete some of its own interests
    ("Kyiv centre", "none", "inside"), ("Kyiv centre", "russia_100", "inside"),
    ("Kyiv centre", "russia_200", "undecided"), ("Kyiv centre", "russia_300", "outside"),
    ("Kyiv centre", "belarus_50", "inside"), ("Kyiv centre", "front_150", "inside"),
    ("Greater Odesa ports", "front_100", "outside"), ("Greater Odesa ports", "russia_300", "inside"),
    ("South Ukraine NPP", "front_100", "inside"), ("South Ukraine NPP", "front_150", "outside"),
    ("Greater Odesa ports", "oped", "outside"), ("Kyiv centre", "oped", "undecided"),
    ("Rivne NPP", "oped", "inside"), ("Rivne NPP", "belarus_100", "outside"),
    ("Zaporizhzhia NPP (occupied)", "none", "outside"), ("Danube ports (Izmail)", "oped", "inside"),
    ("Grid Kharkiv", "russia_100", "outside"), ("Grid Luhansk", "none", "outside"),
    ("Grid Lviv", "russia_300", "inside"), ("Uzhhorod–Lviv", "oped", "inside")])
def test_what_the_restrictions_do_to_the_sites(name: str, standoff: str, status: str) -> None:
    (row,) = (r for r in TABLE.rows if (r.site, r.standoff) == (name, standoff))
    assert row.status == status


def test_a_stricter_restriction_never_leaves_more() -> None:
    shares = {(r.site, r.standoff): r.share for r in TABLE.rows}
    paths = {(r.site, r.standoff): r.windows[0].path_m.median for r in TABLE.rows}
    for looser, stricter in (("none", "russia_100"), ("russia_100", "russia_200"), ("russia_200", "russia_300"),
                             ("front_50", "front_100"), ("front_100", "front_150"), ("belarus_50", "belarus_100"),
                             ("russia_200", "oped"), ("front_100", "oped")):
        for site_name in {r.site for r in TABLE.rows}:
            assert shares[site_name, stricter] <= shares[site_name, looser] + 1e-9
            assert paths[site_name, stricter] <= paths[site_name, looser] + 1.0


def test_the_matrix_is_plain_data() -> None:
    plain = matrix_to_dict(TABLE)
    assert json.loads(json.dumps(plain, allow_nan=False)) == plain
    first = plain["rows"][0]
    assert first["site"] == "Kyiv centre"
    assert first["windows"][0]["minutes_central"]["median"] > 0
    assert first["windows"][1]["minutes_central"] is None
