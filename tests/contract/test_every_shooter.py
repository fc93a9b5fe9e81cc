"""What every kind of shooter promises, whatever it is: run over all that are registered.

Mutations tried, each caught: a weapon of a name the engine does not count; a dearer weapon before a cheaper one; a kill
probability above 1; a kind put in front of the first.
"""

from types import MappingProxyType

import numpy as np
import pytest
from pydantic import TypeAdapter

from skyshield.compile.parameters import ParameterTable
from skyshield.core.errors import SkyShieldError
from skyshield.core.vocabulary import MUNITION_KINDS
from skyshield.forces import PACKAGES as REGISTERED
from skyshield.forces import Deployment, people_table, shooters
from skyshield.forces.shooters import KINDS, kind_number
from skyshield.scenario import Package, check
from skyshield.theatre import load_theatre
from support.studies import parts, scenario, with_package

VECTORS = 50
# one package of every kind, as a scenario writes it; a new kind needs a line here
PACKAGES = MappingProxyType({
    "fighters": {"kind": "fighters", "aircraft": 48, "serves": ["Kyiv", "Lviv"], "guided_rockets": False},
    "fighters_with_rockets": {"kind": "fighters", "aircraft": 48, "serves": ["Kyiv"]},
    "irist": {"kind": "batteries", "system": "irist", "places": ["Lviv", "Rivne NPP"]},
    "nasams": {"kind": "batteries", "system": "nasams", "places": ["Kyiv"], "per_place": 2},
    "patriot": {"kind": "batteries", "system": "patriot", "places": ["Rzeszów"], "stand": "base", "facing": "east"},
    "guns": {"kind": "guns", "places": ["Kyiv"], "per_place": 3},
    "drone_teams": {"kind": "drone_teams", "places": ["Odesa"], "per_place": 2},
    "frigate": {"kind": "ships", "ships": [{"tonnage_t": 6000, "state": "France"}], "places": ["Sea off Odesa"],
                "straits": "open"},
    "ground_alert": {"kind": "fighters", "aircraft": 0, "serves": ["Kyiv"], "ground_alert": 3, "guided_rockets": False},
    "ground_alert_with_rockets": {"kind": "fighters", "aircraft": 0, "serves": ["Kyiv"], "ground_alert": 3}})


@pytest.fixture(scope="module")
def table():
    return ParameterTable(*parts()[::2], 3, VECTORS, {})


@pytest.fixture(scope="module")
def members():
    return scenario().members


def test_every_kind_has_a_package_here_and_its_number_stays():
    assert set(PACKAGES) == {name for name, _ in shooters.KINDS}
    # numbers are in addresses of draws: the first ten never move
    assert [kind_number(name) for name in ("fighters", "irist", "nasams", "patriot", "guns", "drone_teams",
                                           "fighters_with_rockets", "ground_alert",
                                           "ground_alert_with_rockets", "frigate")] == list(range(10))


def test_a_made_up_kind_without_a_package_here_is_found(monkeypatch):
    monkeypatch.setattr(shooters, "KINDS", (*KINDS, ("catapults", KINDS[0][1])))
    with pytest.raises(AssertionError):
        test_every_kind_has_a_package_here_and_its_number_stays()


def test_every_package_that_fires_is_used_here():
    """A package that says it fires but has no line above, or the other way round, is found."""
    used = {type(TypeAdapter(Package).validate_python(fields)) for fields in PACKAGES.values()}
    assert used == {package for package in REGISTERED if package.fires}


@pytest.mark.parametrize("name", PACKAGES)
def test_abilities(name, table):
    one = dict(KINDS)[name](table)
    positive = (one.engagement_time_s, one.renewal_time_s, one.n_channels)
    assert all(values.shape == (VECTORS,) and (values > 0.0).all() for values in positive)
    assert ((one.p_track > 0.0) & (one.p_track < 1.0)).all() and ((one.track_rho > 0.0) & (one.track_rho < 1.0)).all()
    assert one.sees_m.shape == (VECTORS, 3) and (one.sees_m > 0.0).all()
    assert (one.day_cost_eur >= 0.0).all()
    waits = np.broadcast_to(one.alert_time_s, VECTORS) > 0.0
    assert (np.isfinite(np.broadcast_to(one.dash_speed_m_s, VECTORS)) == waits).all()
    assert ((np.broadcast_to(one.alert_sortie_s, VECTORS) > 0.0) == waits).all()
    assert one.weapons
    for weapon in one.weapons:
        assert weapon.munition in MUNITION_KINDS
        assert weapon.p_kill.shape == (VECTORS, 3)
        assert ((weapon.p_kill >= 0.0) & (weapon.p_kill <= 1.0)).all() and (weapon.p_kill > 0.0).any()
        assert (np.rint(weapon.rounds) >= 1.0).all() and (weapon.reach_m > 0.0).all()
        assert (weapon.shot_cost_eur > 0.0).all()
        assert (np.rint(weapon.stock) >= 1.0).all() and (weapon.resupply_per_day >= 0.0).all()
    for name in {weapon.shares for weapon in one.weapons}:  # one magazine is filled in one way
        sharing = [weapon for weapon in one.weapons if weapon.shares == name]
        for what in ("rounds", "stock", "resupply_per_day"):
            assert all((getattr(weapon, what) == getattr(sharing[0], what)).all() for weapon in sharing)
    prices = [weapon.shot_cost_eur.mean() for weapon in one.weapons]
    assert prices == sorted(prices), "the doctrine takes the first weapon that fits: the cheapest must stand first"


@pytest.mark.parametrize("name", PACKAGES)
def test_stands(name, table, members):
    package = TypeAdapter(Package).validate_python(PACKAGES[name])
    placements = package.placements(Deployment(members, load_theatre(), table))
    assert placements and all(stand.kind == name for stand in placements)
    for stand in placements:
        assert abs(stand.x_m) < 1.5e6 and abs(stand.y_m) < 1.5e6
        assert stand.p_ready.shape == (VECTORS,) and ((stand.p_ready >= 0.0) & (stand.p_ready <= 1.0)).all()
        assert stand.effort is None or ((stand.effort.aircraft > 0.0) == (stand.p_ready > 0.0)).all()
        assert (np.broadcast_to(stand.store_size, VECTORS) >= 0.0).all()
        (x_0, x_1), (y_0, y_1) = stand.edges()
        assert np.hypot(x_0, y_0) == pytest.approx(np.hypot(x_1, y_1)) and np.hypot(x_0, y_0) in (
            pytest.approx(0.0), pytest.approx(1.0))


def test_every_kind_on_the_ground_has_a_crew(table):
    people = people_table()
    assert {name for name, _ in KINDS} - set(people.crews) == {
        "fighters", "fighters_with_rockets", "ground_alert", "ground_alert_with_rockets"}
    for entry in (*people.crews.values(), people.on_board, people.at_base):
        assert (table[entry] >= 1.0).all()


@pytest.mark.parametrize("name", PACKAGES)
def test_a_package_comes_back_from_plain_data(name):
    package = TypeAdapter(Package).validate_python(PACKAGES[name])
    assert TypeAdapter(Package).validate_python(package.model_dump(mode="json")) == package


@pytest.mark.parametrize("name", PACKAGES)
def test_a_misspelt_place_is_one_line_before_anything_is_played(name):
    fields = dict(PACKAGES[name])
    field = "serves" if "serves" in fields else "places"
    valid = with_package(fields)
    assert check(valid) == []
    with pytest.raises(SkyShieldError) as refused:
        check(with_package({**fields, field: [*fields[field], "Kiyv"]}))
    assert refused.value.where == f"options.tried.packages.{field}"
    assert "'Kiyv' is not in the theatre" in refused.value.what and refused.value.remedy.startswith("did you mean")
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize("name", PACKAGES)
def test_a_report_can_say_what_it_brings(name):
    package = TypeAdapter(Package).validate_python(PACKAGES[name])
    assert 3 < len(package.in_words()) < 100 and "\n" not in package.in_words()
    named = [place for of_field in package.named_places() for place in of_field.names]
    assert named == PACKAGES[name].get("serves", PACKAGES[name].get("places"))
