"""Marks, risks and people as the engine gets them, and the two arms that move what only they, harm and prices read.

Mutations, not all tried: an entry of the bundle that moves the headline; one left out of the bundle; bundled arms
in front of the others; a base counted in Ukraine; guns of one place counted as one; members that are switched off
counted; the way to the station taken as over Ukraine all along; states numbered as the theatre has them instead of as
the engine does; strays from everywhere; strays into Moldova; ten casualties taken for more than ten.
"""

import numpy as np
import pytest
import shapely

from skyshield.catalogue import load_bundles, load_catalogue
from skyshield.compile.harm import compile_harm
from skyshield.compile.incidents import compile_people, compile_risks
from skyshield.compile.parameters import ParameterTable
from skyshield.compile.world import compile_world, prepare_context
from skyshield.core.geodesy import to_plane
from skyshield.core.vocabulary import BASES, CLASSES, CREWS, INCIDENT_KINDS, SAILORS, SOLDIERS
from skyshield.engine import play
from skyshield.rules import incident_marks
from skyshield.scenario import load
from skyshield.scenario.load import dump, parse
from skyshield.study import StudyResult
from skyshield.study.compare import options_summary, single_moves
from skyshield.study.plan import BUNDLE, HEADLINE, SINGLE, Arm, arms
from skyshield.study.result import MEASURES
from skyshield.study.summary import mass_events
from skyshield.theatre import own_plane, third_states
from support.studies import resolved

# what the bundled entries move: losses are priced, and are a part of the cost
OWN = {"incidents", "casualties", "casualties_by_role", "cost_eur", "incremental_cost_eur", "cost_by_line_eur"}
HARM = {"warhead_kg", "warhead_zone_kg", "outage_h", "outage_zone_h", "port_days", "rail_h", "rail_zone_h",
        "npp_offsite_power_days"}
PRICES = {f"own_stop_cost_{name}": k for k, name in enumerate(CLASSES)}  # of what Ukraine saves
AXIS = "own", "cities", "region", "mixed"
BUNDLED = [name for name, entry in load_catalogue().items() if entry.bundle == "consequences"]
IN_WAR = {name for name in BUNDLED if not name.endswith("_ceasefire")}


def asked(days=3, members=None):
    """The shipped baseline and zones, one with identification, and an option of every kind of place."""
    content = {**dump(load("month")), "days": days}
    options = {name: content["options"][name] for name in AXIS[:3]}
    options["region"]["packages"][0]["tankers"] = 2
    options["mixed"] = {"label": "mixed", "packages": [
        {"kind": "batteries", "system": "patriot", "places": ["Rzeszów"], "stand": "base"},
        {"kind": "batteries", "system": "nasams", "places": ["Kyiv", "Rivne NPP"], "per_place": 2},
        {"kind": "guns", "places": ["Odesa"], "per_place": 3},
        {"kind": "fighters", "aircraft": 40, "serves": ["Lviv", "Odesa"]}],
        "rules": {"target_classes": ["uav"]}}
    content["options"] = options
    if members is not None:
        content["members"] = members
    return parse(content, "test")


@pytest.fixture(scope="module")
def context():
    return prepare_context(resolved(asked()))


def table(context, ends=None):
    return ParameterTable(context.catalogue, context.fit, 3, 4, ends or {}, context.scenario.assumptions)


@pytest.fixture(scope="module")
def headline(context):
    return compile_world(context, 3, 4)


def totals(world):
    """Return f8[measure] by option: everything that 24 replications of three days leave."""
    actual = [play(world, 5, v << 16, (v << 16) + 6) for v in range(4)]
    return np.concatenate([np.sum([f.counts.sum(axis=(0, 1)) for f in actual], axis=0),
                           np.sum([f.amounts.sum(axis=(0, 1)) for f in actual], axis=0)], axis=1)


def read_by_harm(context):
    """Names without a centre that the arrays of harm are made of."""
    own = table(context)
    compile_harm(context, own, np.zeros((4, len(AXIS), context.scenario.days)))
    return {name for name in own.used if context.catalogue[name].central is None}


def test_the_bundle_is_what_only_incidents_losses_harm_and_people_read(context, headline):
    """And the prices of Ukraine's rounds; where guns stand is read for their crews."""
    own = table(context)
    compile_risks(context, own, headline.world.forces, headline.world.fleets)
    compile_people(context, own)
    of_incidents = {name for name in own.used if context.catalogue[name].central is None}
    of_harm = read_by_harm(context)
    assert not of_incidents & of_harm and "base_attack_loss_war" in of_incidents and "gerbera_warhead" in of_harm
    assert of_incidents - {"approach_ring_radius"} | of_harm | set(PRICES) == IN_WAR <= set(headline.without_centre)
    assert set(BUNDLED) - IN_WAR == {f"{what}_loss_ceasefire" for what in ("base_attack", "early_warning", "tanker")}


def test_the_bundle_moves_incidents_casualties_losses_and_harm_alone_and_upwards(context, headline):
    usual = totals(headline.world)
    of_harm, moved = read_by_harm(context), set()
    for name in sorted(IN_WAR):
        worlds = [compile_world(context, 3, 4, {name: end}).world for end in ("low", "high")]
        low, high = map(totals, worlds)
        own = HARM if name in of_harm else {"own_rounds_saved_eur"} if name in PRICES else OWN
        for actual in (low, high):
            changed = {MEASURES[k].partition("/")[0] for k in np.flatnonzero((actual != usual).any(axis=0))}
            assert changed <= own, name
        columns = {MEASURES[k] for k in np.flatnonzero((low != high).any(axis=0))}
        if name in PRICES:  # nobody here meets a ballistic missile, so none is saved
            less, more = (world.own.kill_cost_eur[:, PRICES[name]] for world in worlds)
            assert (less < more).all() and (bool(columns) or name == "own_stop_cost_ballistic"), name
        else:
            assert columns and (own == HARM or any(column.startswith("incidents/") for column in columns)), name
        if name == "port_repair_time":  # the same days of work are lost, later: some of them after these three days
            low, high = high, low
        assert (low <= usual).all() and (usual <= high).all(), name
        moved |= columns
    assert {"casualties", "incidents/embassy_struck", "incidents/base_struck_in_member_state",
            "incidents/support_aircraft_lost", "incidents/aircraft_lost_at_bases", "port_days", "rail_zone_h",
            "outage_zone_h", "warhead_zone_kg/uav"} <= moved


def test_the_entries_of_a_bundle_share_two_arms_after_the_single_ones(context, headline):
    catalogue = context.catalogue
    chosen = arms(headline.without_centre, catalogue)
    assert chosen[0].kind == HEADLINE and all(arm.in_envelope for arm in chosen)
    kinds = [arm.kind for arm in chosen[1:]]
    n_single = kinds.count(SINGLE)
    assert kinds == [SINGLE] * n_single + [BUNDLE] * (len(kinds) - n_single)
    assert all(len(arm.ends) == 1 and not any(catalogue[name].bundle for name in arm.ends)
               for arm in chosen[1:1 + n_single])
    told = {}
    for arm in chosen[1 + n_single:]:
        of, end = {catalogue[name].bundle for name in arm.ends}, set(arm.ends.values())
        assert len(of) == len(end) == 1 and "" not in of
        told[*of, *end] = set(arm.ends)
    bundles = {catalogue[name].bundle for name in headline.without_centre} - {""}
    absent = {"aid_ceilings", "exposure", "renewal"}  # neither aid nor soldiers, nor a ceasefire
    assert {of for of, _ in told} == bundles == set(load_bundles()) - absent
    assert told["consequences", "low"] | told["consequences", "high"] == IN_WAR
    assert told["consequences", "high"] == IN_WAR and set(BUNDLED) - told["consequences", "low"] >= {"gerbera_warhead"}
    for of, end in told:
        assert told[of, end] == {name for name in headline.without_centre
                                 if catalogue[name].bundle == of and catalogue[name].reference != end}
    fixed = tuple(name for name in headline.without_centre if name != "embassy_strike_share")
    assert not any("embassy_strike_share" in arm.ends for arm in arms(fixed, catalogue))
    few = arms(("displacement", "embassy_strike_share"), context.catalogue)
    assert [arm.ends for arm in few] == [{}, {"displacement": "high"}, {"embassy_strike_share": "low"},
                                         {"embassy_strike_share": "high"}]


def test_what_moves_the_headline_leaves_the_bundle_out():
    values = np.zeros((4, 1, 1, 1, len(MEASURES)))
    chosen = arms(("displacement", "embassy_strike_share"), load_catalogue())
    manifest = {"options": ["own"], "arms": [arm.plain() for arm in chosen]}
    result = StudyResult(values, np.zeros((4, 1, 1), np.uint8), {}, manifest, None)
    assert single_moves(result.arms) == [(1, "displacement", "high")]


def test_crews_and_bases_are_counted_where_they_stand(context, headline):
    people, used = headline.world.people, headline.parameters
    cities, region, mixed = (AXIS.index(name) for name in AXIS[1:])
    gun, team, battery = used["people_per_gun"], used["people_per_drone_team"], used["people_per_battery"]
    crews, at_bases = (people.there[:, :, 0, post] for post in (CREWS, BASES))
    np.testing.assert_allclose(crews[:, cities], 3 * battery + 18 * gun + 12 * team)
    np.testing.assert_allclose(crews[:, mixed], 4 * battery + 3 * gun)
    assert not crews[:, [0, region]].any() and not at_bases[:, 0].any()
    assert people.places[:, 0, CREWS].tolist() == [0, 33, 0, 7]
    assert people.places[:, 0, BASES].tolist() == [0, 2, 2, 2]
    assert not people.places[..., [SOLDIERS, SAILORS]].any()
    patriot, each = used["people_per_patriot_battery"], used["people_per_deployed_fighter"]
    np.testing.assert_allclose(at_bases[:, cities], 48 * each)
    np.testing.assert_allclose(at_bases[:, region], used["skyshield_aircraft"] * each)
    np.testing.assert_allclose(at_bases[:, mixed], 40 * each + patriot)
    np.testing.assert_allclose(people.largest[:, mixed, 0, BASES], 20 * each + patriot)  # the battery is at one
    np.testing.assert_allclose(people.largest[:, mixed, 0, CREWS], np.maximum(battery, gun))
    where = dict(zip(context.aims.oblasts, people.exposed[mixed, 0, CREWS], strict=True))
    assert {oblast: n for oblast, n in where.items() if n} == {"Kyiv City": 2, "Rivne": 2, "Odesa": 3}
    assert {o: n for o, n in zip(context.aims.oblasts, people.exposed[cities, 0, CREWS], strict=True) if n} == {
        "Kyiv City": 11, "Lviv": 11, "Zakarpattia": 11}
    inhabitants = [context.theatre.oblast(name).population_thousand for name in context.aims.oblasts]
    assert people.population.tolist() == [1e3 * number for number in inhabitants]


def test_members_that_are_switched_off_bring_nobody():
    off = [{"name": "a", "base": "Rzeszów", "aircraft_share": 0.25},
           {"name": "b", "base": "Fetești", "aircraft_share": 0.75, "active": False}]
    actual = compile_world(prepare_context(resolved(asked(members=off))), 3, 4)
    people, each = actual.world.people, actual.parameters["people_per_deployed_fighter"]
    assert people.places[:, 0, BASES].tolist() == [0, 1, 1, 1]
    np.testing.assert_allclose(people.there[:, 1, 0, BASES], 12 * each)


def patrols_kept_up(world, option):
    """Shares of patrols in their order, aircraft by aircraft and crew by crew, as long as both last."""
    fleets, forces = world.fleets, world.forces
    actual = np.zeros(forces.ready_aircraft[:, option].shape)
    for vector, shares in enumerate(actual):
        aircraft = fleets.p_available[vector] * fleets.aircraft[vector, option] - fleets.alert_aircraft[vector, option]
        crews = fleets.crews[vector, option] - fleets.alert_crews[vector, option]
        for slot, (takes, manned_by) in enumerate(zip(forces.ready_aircraft[vector, option],
                                                      forces.crews[vector, option], strict=True)):
            if takes > 0.0:
                shares[slot] = max(0.0, min(1.0, aircraft / takes, crews / manned_by))
                aircraft, crews = aircraft - shares[slot] * takes, crews - shares[slot] * manned_by
    return actual


def test_a_vector_s_hours_do_not_depend_on_which_others_are_compiled():
    """More vectors need more slots; a vector that cannot man them must not average over them.

    Patrols alone: options with many guns have more slots than fighters ever need, however many vectors there are.
    """
    content = dump(asked())
    content["options"] = {name: content["options"][name] for name in ("own", "region")}
    patrols = prepare_context(resolved(parse(content, "test")))
    few, many = (compile_world(patrols, 4, vectors).world for vectors in (1, 4))
    assert few.forces.ready_aircraft.shape[2] < many.forces.ready_aircraft.shape[2]
    for name in ("share_over_ukraine", "share_on_station"):
        assert getattr(few.risks, name)[0].tolist() == getattr(many.risks, name)[0].tolist()
        assert getattr(few.risks, name)[0, 1] > 0.0


def test_hours_divide_into_the_way_and_the_station(context, headline):
    """By single ways: base to place and back, of which the part above Ukraine counts."""
    risks, forces, used = headline.world.risks, headline.world.forces, headline.parameters
    mixed = AXIS.index("mixed")
    theatre = context.theatre
    places = {place.name: to_plane(place.lon, place.lat) for place in (*theatre.bases, *theatre.cities)}
    ways = [shapely.LineString([places[base], places[city]]) for base in ("Rzeszów", "Fetești")
            for city in ("Lviv", "Odesa")]
    inside = sum(shapely.length(shapely.intersection(way, own_plane(theatre))) for way in ways) / sum(
        shapely.length(way) for way in ways)
    sorties = forces.sorties_per_day[:, mixed] * patrols_kept_up(headline.world, mixed)
    whole_h = (sorties * forces.flight_time_h[:, mixed]).sum(axis=1)
    away = [np.hypot(forces.x_m[mixed] - places[base][0], forces.y_m[mixed] - places[base][1])
            for base in ("Rzeszów", "Fetești")]
    transit_s = 2.0 * np.mean(away, axis=0) / used["fighter_cruise"][:, None]
    stays_s = np.minimum(used["cap_on_station"][:, None], used["fighter_endurance"][:, None] - transit_s)
    station_h = (sorties * stays_s).sum(axis=1) / 3600.0
    np.testing.assert_allclose(risks.share_over_ukraine[:, mixed],
                               (station_h + inside * (whole_h - station_h)) / whole_h, rtol=1e-9)
    np.testing.assert_allclose(risks.share_on_station[:, mixed], station_h / 2.0 / whole_h, rtol=1e-9)
    assert 0.3 < inside < 0.9
    assert (risks.share_over_ukraine[:, 1:] < 1.0).all() and not risks.share_over_ukraine[:, 0].any()
    rates = {"crewed_encounters_per_patrol_hour": risks.encounters_per_h, "accident_rate_per_flight_hour":
             risks.accidents_per_h, "aircraft_lost_per_hour_over_ukraine": risks.aircraft_lost_per_h}
    for name, rate in rates.items():
        entry = load_catalogue()[name]
        assert ((entry.low <= rate * (1 + 1e-9)) & (rate * (1 - 1e-9) <= entry.high)).all() and (rate > 0.0).all()
    assert headline.world.people.deliberate_per_day[:, CREWS, 0].tolist() == pytest.approx([1e-4] * 4)


def test_alert_alone_has_no_station_and_an_empty_force_no_base():
    content = dump(asked())
    content["options"] = {"own": content["options"]["own"], "none": content["options"]["region"],
                          "alert": {**content["options"]["region"], "packages": [
                              {"kind": "fighters", "aircraft": 4, "serves": ["Lviv"], "ground_alert": 2}]}}
    content["options"]["none"]["packages"][0]["aircraft"] = 0
    world = compile_world(prepare_context(resolved(parse(content, "test"))), 3, 2).world
    assert world.people.places[:, 0, BASES].tolist() == [0, 0, 2]
    assert not world.people.there[:, 1, 0, BASES].any()
    assert not world.risks.share_on_station[:, 2].any()
    assert ((world.risks.share_over_ukraine[:, 2] > 0.1) & (world.risks.share_over_ukraine[:, 2] < 0.5)).all()


def test_states_are_numbered_as_the_engine_counts_them(context):
    drawn, marks = context.drawn, context.marks
    geometry = incident_marks(context.theatre, drawn.x_m, drawn.y_m, context.catalogue)
    names = np.array([*(f"crossing_{state.name.lower()}" for state in context.theatre.neighbours), ""])
    kinds = np.array([*INCIDENT_KINDS, ""])
    assert (kinds[marks.third_incident] == names[geometry.third_state]).all()
    assert (np.isfinite(marks.third_start_m) == (marks.third_incident >= 0)).all()
    for mine, of in zip(marks[:7], geometry[:7], strict=True):
        np.testing.assert_array_equal(mine, of)


def test_threats_stray_from_the_west_into_the_nearest_member(context):
    marks, aims = context.marks, context.aims
    states = third_states(context.theatre)
    for aim, (oblast, region) in enumerate(zip(aims.oblasts, aims.regions, strict=True)):
        if region != "west":
            assert marks.strays_to[aim] == -1
            continue
        away = {name: states[name].distance(shapely.Point(aims.x_m[aim], aims.y_m[aim])) for name in states
                if name != "Moldova"}
        nearest = min(away, key=away.get)
        assert INCIDENT_KINDS[marks.strays_to[aim]] == f"crossing_{nearest.lower()}", oblast
    by_aim = marks.near_aim_from_m.reshape(-1, len(aims.oblasts), 3)
    length = context.drawn.length_m.reshape(by_aim.shape)
    west = np.array(aims.regions) == "west"
    assert np.isinf(by_aim[:, ~west]).all()
    assert (by_aim[:, west] < length[:, west]).all()
    assert ((length - by_aim)[:, west] > 10_000.0).all() and (by_aim[:, west] > 0.0).all()


def test_the_chances_of_a_mass_event():
    x = np.array([[[0.0, 9.0, 10.0], [0.0, 0.0, 40.0]], [[0.0, 0.0, 0.0], [0.0, 0.0, 1.0]]])
    valid = np.ones(x.shape, bool)
    actual = mass_events(x, valid)
    assert (actual["p_any"], actual["p_ten"]) == (0.5, pytest.approx(1.0 / 3.0))
    assert (actual["p_any_env_lo"], actual["p_any_env_hi"]) == (pytest.approx(1.0 / 6.0), 0.5)
    assert actual["p_ten_env_lo"] == 0.0
    within = np.array([2.0 / 3.0, 1.0 / 3.0])
    error = np.sqrt((within * (1.0 - within) * 3.0 / 2.0 / 3.0).sum()) / 2.0
    assert actual["p_any_mcse"] == pytest.approx(error)
    valid[0, 0, 2] = False
    assert mass_events(x, valid)["p_ten"] == pytest.approx((0.0 + 1.0 / 3.0) / 2.0)


def test_casualties_alone_have_those_chances():
    values = np.zeros((1, 2, 2, 1, len(MEASURES)))
    values[0, 0, 0, 0, MEASURES.index("casualties")] = 11.0
    manifest = {"options": ["own"], "arms": [Arm(HEADLINE).plain()]}
    result = StudyResult(values, np.zeros((1, 2, 2), np.uint8), {}, manifest, None)
    actual = options_summary(result)["own"]
    assert (actual["casualties"]["p_ten"], actual["casualties"]["mean"]) == (0.25, 2.75)
    assert [name for name, row in actual.items() if "p_any" in row] == ["casualties"]
