"""Breach, no breach or open: the oracles of the three shipped agreements, and what holds for every one of them."""

import datetime as dt
import itertools

import pytest
from geographiclib.geodesic import Geodesic
from hypothesis import given, settings
from hypothesis import strategies as st

from skyshield.core.errors import SkyShieldError
from skyshield.core.geodesy import THEATRE_BOUNDS_DEG
from skyshield.monitoring.agreement import ACTS, PARTIES, Act, check_act, library, load_agreement, read_place, read_time
from skyshield.monitoring.agreement.geometry import inside_oblasts, inside_polygon, offset_from_line

DONETSK = (37.8, 48.1)
KYIV = (30.5, 50.5)
SECOND = dt.timedelta(seconds=1)
IN_FORCE = "2016-01-01T00:00:00Z"


def ask(agreement, code, party, at=DONETSK, time=IN_FORCE, weapon=None, exemption=None):
    return check_act(load_agreement(agreement), Act(code, party, *at, read_time(time), weapon, exemption))


@pytest.mark.parametrize(("time", "breach"), [
    ("2015-02-14T21:59:59Z", "no"), ("2015-02-14T22:00:00Z", "yes"), ("2015-02-15T00:00:00+02:00", "yes"),
    ("2015-02-14T23:59:59.999+02:00", "no"), ("2022-02-20T23:59:59Z", "yes"), ("2022-02-21T00:00:00Z", "open"),
    ("2022-02-24T00:00:00Z", "no"),
])
def test_the_ceasefire_of_minsk_begins_and_ends_to_the_second(time, breach):
    assert ask("minsk-2015", "V2", "UA", time=time).breach == breach


@pytest.mark.parametrize("party", ["UA", "OTHER"])
@pytest.mark.parametrize("code", ["V1", "V2", "V3", "V7"])
def test_minsk_binds_both_sides_to_the_ceasefire(code, party):
    assert ask("minsk-2015", code, party).breach == "yes"
    assert ask("minsk-2015", code, party, at=KYIV).breach == "no"  # certain areas of two oblasts
    assert ask("minsk-2015", code, "CO").breach == "no"
    assert ask("minsk-2015", code, "RU").breach == "open"


@pytest.mark.parametrize(("weapon", "half_km"), [
    ("artillery", 25), ("rocket-artillery", 35), ("long-range-rockets", 70)])
@pytest.mark.parametrize("party", ["UA", "OTHER"])
def test_half_the_width_lies_on_each_side_and_the_error_of_the_line_decides_near_it(weapon, half_km, party):
    agreement = load_agreement("minsk-2015")
    of = agreement.party_lines[party]
    line = agreement.lines[of.line]
    # A meridian from north to south, so that the distance is known without our geometry.
    straight = line.model_copy(update={"points": tuple((38.0, 49.5 - k / 10) for k in range(31))})
    agreement = agreement.model_copy(update={"lines": {**agreement.lines, of.line: straight}})
    error_km = line.error_m / 1000.0
    said = {}
    for name, km in (("near", half_km - error_km - 0.3), ("low", half_km - error_km + 0.3),
                     ("high", half_km + error_km - 0.3), ("far", half_km + error_km + 0.3), ("beyond", -200.0)):
        out = Geodesic.WGS84.Direct(48.0, 38.0, 270 if (party == "UA") == (km > 0) else 90, abs(km) * 1000.0)
        act = Act("V4", party, out["lon2"], out["lat2"], read_time(IN_FORCE), weapon)
        answer = check_act(agreement, act)
        said[name] = answer.breach
        assert answer.distance_m == pytest.approx(abs(km) * 1000.0, rel=1e-3)
        assert answer.distance_error_m == line.error_m
    assert said == {"near": "yes", "low": "open", "high": "open", "far": "no", "beyond": "yes"}


def test_an_agreement_without_exemptions_says_so():
    with pytest.raises(SkyShieldError, match="leave it out, paris-2026 names none"):
        ask("paris-2026", "V2", "UA", exemption="mood")


@pytest.mark.parametrize(("code", "party", "at", "breach"), [
    ("V5", "UA", (37.8, 48.1), "open"), ("V5", "OTHER", (37.8, 48.1), "open"), ("V5", "RU", (37.8, 48.1), "no"),
    ("V6", "RU", (37.8, 48.1), "open"), ("V6", "CO", KYIV, "no"), ("V5", "UA", KYIV, "no")])
def test_what_the_memorandum_of_2014_forbids_stays_open(code, party, at, breach):
    assert ask("minsk-2015", code, party, at=at).breach == breach
    if code == "V6":
        assert ask("minsk-2015", code, party, at=at, exemption="mission-aircraft").breach == "no"


@pytest.mark.parametrize(("time", "weapon", "at", "breach"), [
    ("2015-10-02T20:59:59Z", "tanks", DONETSK, "no"), (IN_FORCE, "tanks", DONETSK, "open"),
    (IN_FORCE, "mortars", (36.0, 49.0), "no"), (IN_FORCE, "artillery", DONETSK, "yes")])
def test_the_addendum_of_2015_stays_open_and_leaves_the_package_alone(time, weapon, at, breach):
    assert ask("minsk-2015", "V4", "UA", at=at, time=time, weapon=weapon).breach == breach


@pytest.mark.parametrize(("error_m", "breach"), [(0.0, "yes"), (900.0, "yes"), (1_100.0, "open"), (60_000.0, "open")])
def test_the_error_of_the_place_widens_what_is_open(error_m, breach):
    agreement = load_agreement("minsk-2015")
    line = agreement.lines["actual-2015"]
    straight = line.model_copy(update={"points": tuple((38.0, 49.5 - k / 10) for k in range(31))})
    agreement = agreement.model_copy(update={"lines": {**agreement.lines, "actual-2015": straight}})
    # Two kilometres nearer than where the line's own error of 10 km begins to decide: 25 - 10 - 2 = 13 km.
    out = Geodesic.WGS84.Direct(48.0, 38.0, 270, 13_000.0)
    act = Act("V4", "UA", out["lon2"], out["lat2"], read_time(IN_FORCE), "artillery", position_error_m=error_m)
    answer = check_act(agreement, act)
    assert answer.breach == breach and answer.distance_error_m == line.error_m + 2 * error_m
    said = next(row for row in answer.clauses if row["id"] == "2-withdrawal")["why"]
    assert said == (["nearer to the line than agreed"] if breach == "yes" else
                    ["the error of the line or of the place decides"])


def test_the_error_of_the_place_counts_at_the_edge_of_a_zone_too():
    time, edge = read_time(IN_FORCE), (36.3, 48.1)  # some 40 km west of Donetsk oblast
    assert inside_oblasts(*edge, ["Donetsk", "Luhansk"]) is False
    said = [check_act(load_agreement("minsk-2015"), Act("V2", "UA", *edge, time, position_error_m=error_m)).breach
            for error_m in (0.0, 1_000.0, 40_000.0)]
    assert said == ["no", "no", "open"]


@pytest.mark.parametrize("error_m", [-1.0, float("nan"), float("inf"), 1e9])
def test_an_error_of_the_place_that_is_none(error_m):
    with pytest.raises(SkyShieldError, match="--position-error") as refused:
        check_act(load_agreement("minsk-2015"), Act("V2", "UA", *DONETSK, read_time(IN_FORCE),
                                                    position_error_m=error_m))
    assert refused.value.exit_code == 2


def test_distances_of_the_two_sides_count_from_different_lines():
    debaltseve = (38.4, 48.3)
    ukraine, formations = (ask("minsk-2015", "V4", party, at=debaltseve) for party in ("UA", "OTHER"))
    assert (ukraine.distance_error_m, formations.distance_error_m) == (10_000.0, 15_000.0)
    assert ukraine.distance_m != pytest.approx(formations.distance_m, abs=1000.0)
    minsk = load_agreement("minsk-2015")
    for party, side in (("UA", "right"), ("OTHER", "left")):
        of = minsk.party_lines[party]
        assert of.own_side == side
        inland = offset_from_line(*{"UA": (37.2, 48.5), "OTHER": (38.8, 48.0)}[party], minsk.lines[of.line].points)
        assert inland.side == {"left": 1, "right": -1}[side]
    # Debaltseve changed hands between the two lines.
    assert offset_from_line(*debaltseve, minsk.lines["september-2014"].points).side == -1
    assert offset_from_line(*debaltseve, minsk.lines["actual-2015"].points).side == 1


@pytest.mark.parametrize(("time", "breach"), [
    ("2015-02-28T21:59:59Z", "no"), ("2015-02-28T22:00:00Z", "open"), ("2015-03-03T21:59:59Z", "open"),
    ("2015-03-03T22:00:00Z", "yes")])
def test_between_two_readings_of_the_deadline_the_withdrawal_is_open(time, breach):
    assert ask("minsk-2015", "V4", "UA", at=(37.6, 48.2), time=time, weapon="long-range-rockets").breach == breach


@pytest.mark.parametrize(("at", "weapon", "breach"), [
    ((37.8, 48.15), None, "open"), (KYIV, None, "no"), ((37.8, 48.15), "other", "no"),
    ((37.5, 48.2), "artillery", "open"), ((37.8, 48.15), "artillery", "yes")])
def test_the_weapon_decides(at, weapon, breach):
    assert ask("minsk-2015", "V4", "UA", at=at, weapon=weapon).breach == breach


@pytest.mark.parametrize(("time", "breach"), [
    ("2020-07-26T21:00:59Z", "no"), ("2020-07-26T21:01:00Z", "yes"), ("2020-07-27T00:01:00+03:00", "yes")])
@pytest.mark.parametrize(("code", "party"), [("V2", "UA"), ("V3", "OTHER"), ("V6", "RU"), ("V6", "CO")])
def test_the_measures_of_2020_begin_to_the_minute(time, breach, code, party):
    assert ask("measures-2020", code, party, time=time).breach == breach


@pytest.mark.parametrize("party", PARTIES)
def test_the_measures_forbid_every_partys_aircraft_and_not_the_missions(party):
    time = "2021-01-01T00:00:00Z"
    assert ask("measures-2020", "V6", party, time=time).breach == "yes"
    mission = ask("measures-2020", "V6", party, time=time, exemption="mission-aircraft")
    assert (mission.breach, mission.exemption["clauses"]) == ("no", ["b-aircraft"])


@pytest.mark.parametrize(("exemption", "breach"), [
    (None, "yes"), ("return-fire", "yes"), ("return-fire-after-failed-call", "no"), ("mission-aircraft", "yes")])
@pytest.mark.parametrize("party", ["UA", "OTHER"])
def test_return_fire_is_allowed_only_after_the_call_failed(exemption, breach, party):
    answer = ask("measures-2020", "V2", party, time="2021-01-01T00:00:00Z", exemption=exemption)
    assert answer.breach == breach
    assert (answer.exemption is None) == (exemption is None)
    if exemption == "mission-aircraft":
        assert answer.exemption["clauses"] == []  # fire has no such excuse


@pytest.mark.parametrize(("code", "party"), list(itertools.product(ACTS, PARTIES)))
def test_every_term_of_paris_is_open(code, party):
    answer = ask("paris-2026", code, party, time="2026-06-01T00:00:00Z")
    assert (answer.breach, answer.distance_m, answer.distance_error_m) == ("open", None, None)
    assert [row["status"] for row in answer.clauses] == ["open"]


WEST, SOUTH, EAST, NORTH = THEATRE_BOUNDS_DEG
PLACES = st.tuples(st.floats(WEST, EAST), st.floats(SOUTH, NORTH))
TIMES = st.datetimes(dt.datetime(2014, 1, 1), dt.datetime(2027, 1, 1), timezones=st.just(dt.UTC))


@pytest.mark.parametrize("name", library())
@settings(max_examples=25, deadline=None)
@given(at=PLACES, time=TIMES, data=st.data())
def test_every_act_is_checked_for_every_party(name, at, time, data):
    agreement = load_agreement(name)
    weapon = data.draw(st.sampled_from([None, *agreement.weapons]))
    for code, party in itertools.product(ACTS, PARTIES):
        answer = check_act(agreement, Act(code, party, *at, time, weapon))
        binding = [clause for clause in agreement.clauses if code in clause.acts and party in clause.who]
        assert [row["id"] for row in answer.clauses] == [clause.id for clause in binding]
        said = [row["breach"] for row in answer.clauses]
        assert answer.breach == ("yes" if "yes" in said else "open" if "open" in said else "no")
        assert all(row["breach"] != "yes" for row, clause in zip(answer.clauses, binding, strict=True)
                   if clause.status == "open")
        assert all(row["breach"] == "no" for row, clause in zip(answer.clauses, binding, strict=True)
                   if (clause.start and time < clause.start) or (clause.end_latest and time >= clause.end_latest))
        assert (answer.distance_m is None) == (agreement.party_lines[party].line is None)
        for exemption in agreement.exemptions:  # an excuse never makes a breach
            order = ("no", "open", "yes")
            excused = check_act(agreement, Act(code, party, *at, time, weapon, exemption)).breach
            assert order.index(excused) <= order.index(answer.breach)


@settings(max_examples=15, deadline=None)
@given(at=st.tuples(st.floats(36.0, 40.0), st.floats(46.8, 49.5)))
def test_a_distance_is_the_geodesic_to_the_nearest_point(at):
    points = load_agreement("minsk-2015").lines["actual-2015"].points
    found = offset_from_line(*at, points).distance_m
    nearest = min(_sampled(at, start, end) for start, end in itertools.pairwise(points))
    assert found == pytest.approx(nearest, abs=40.0, rel=1e-3)  # pieces straight on the plane against in degrees


def _sampled(at, start, end, steps=8, rounds=4):
    """Return the least geodesic to a piece straight in degrees: sampled, then finer about the least."""
    low, high = 0.0, 1.0
    for _ in range(rounds):
        shares = [low + (high - low) * k / steps for k in range(steps + 1)]
        apart = [Geodesic.WGS84.Inverse(at[1], at[0], start[1] + s * (end[1] - start[1]),
                                        start[0] + s * (end[0] - start[0]))["s12"] for s in shares]
        best = apart.index(min(apart))
        low, high = shares[max(0, best - 1)], shares[min(steps, best + 1)]
    return min(apart)


def test_the_side_at_a_sharp_corner():
    spike = [(37.0, 48.0), (38.0, 48.5), (37.0, 49.0)]  # eastwards, then back: the left is inside
    assert offset_from_line(37.5, 48.5, spike).side == 1
    for lat in (48.45, 48.5, 48.55):
        assert offset_from_line(38.5, lat, spike).side == -1
    narrow = [(37.0, 48.45), (38.0, 48.5), (37.0, 48.55)]  # beside the tip its two pieces say opposite things
    assert [offset_from_line(38.02, lat, narrow).side for lat in (48.4, 48.6)] == [-1, -1]


def test_zones_are_open_within_their_error():
    square = ((37.0, 47.0), (39.0, 47.0), (39.0, 49.0), (37.0, 49.0))
    assert [inside_polygon(38.0, lat, square, 5e3) for lat in (46.9, 46.97, 47.02, 47.1)] == [False, None, None, True]
    # The border between the two oblasts is no edge of their union.
    border = [(38.0 + k / 100, 48.3) for k in range(100)]
    assert None in [inside_oblasts(*at, ["Donetsk"]) for at in border]
    assert all(inside_oblasts(*at, ["Donetsk", "Luhansk"]) for at in border)


@pytest.mark.parametrize(("act", "line"), [
    ({"code": "V13"}, "--act: no act is named 'V13'; use one of: V1, V2"),
    ({"party": "DE"}, "--party: no party is named 'DE'; use one of: RU, UA, CO, OTHER"),
    ({"weapon": "laser"}, "--weapon: no weapon is named 'laser'; use one of: artillery"),
    ({"exemption": "mood"}, "--exemption: no exemption is named 'mood'; use one of: mission-aircraft"),
    ({"time": dt.datetime(2016, 1, 1)}, "time: has no time zone; give a time with its zone"),
    ({"lon_deg": 48.1, "lat_deg": 37.8}, "place: has longitude and latitude swapped; give"),
    ({"lon_deg": float("nan")}, "place: lies outside the theatre; give"),
])
def test_what_the_agreement_does_not_know_is_refused(act, line):
    whole = {"code": "V2", "party": "UA", "lon_deg": 37.8, "lat_deg": 48.1, "time": read_time(IN_FORCE), **act}
    with pytest.raises(SkyShieldError) as refused:
        check_act(load_agreement("minsk-2015"), Act(**whole))
    assert str(refused.value).startswith(line)


@pytest.mark.parametrize(("text", "fault"), [
    ("48.1,37.8", "swapped"), ("2.35,48.85", "outside"), ("37.8", "is not a place"), ("a,b", "is not a place"),
    ("37.8,48.1,3", "is not a place"), ("nan,48", "outside"), ("inf,48", "outside"), ("", "is not a place")])
def test_a_place_that_cannot_be_is_refused(text, fault):
    with pytest.raises(SkyShieldError, match=fault):
        read_place(text)


@pytest.mark.parametrize(("text", "fault"), [
    ("2015-02-14T22:00:00", "has no time zone"), ("2015-02-14", "has no time zone"), ("yesterday", "is not a time"),
    ("2015-02-30T00:00:00Z", "is not a time"), ("", "is not a time")])
def test_a_time_that_cannot_be_is_refused(text, fault):
    with pytest.raises(SkyShieldError, match=fault):
        read_time(text)
