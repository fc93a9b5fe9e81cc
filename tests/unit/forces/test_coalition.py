"""The coalition's states: what each has said with its source, what packages need of them, and members of a state.

Tried to fail: a yes before a ceasefire that waits for one; a state of the table in the wrong treaty; a statement
without its source; a battery a place counted once whatever stands there. Each fails at least one test.
"""

import copy
import importlib.util
from pathlib import Path

import numpy as np
import pytest

from skyshield.catalogue import load_catalogue
from skyshield.compile.parameters import CentralValues
from skyshield.core.errors import SkyShieldError
from skyshield.core.files import read_yaml
from skyshield.forces import PACKAGES, Deployment, Member
from skyshield.forces.coalition import (
    ANSWERS,
    CAPABILITIES,
    DOMAINS,
    TABLE,
    Statement,
    coalition,
    once,
    read_coalition,
    release,
)
from skyshield.rules import legal
from skyshield.scenario import load
from skyshield.scenario.load import dump, parse
from skyshield.theatre import load_theatre

ROOT = Path(__file__).parents[3]
CONTENT = read_yaml(TABLE)


def test_the_states_are_those_that_others_count():
    counts = {row["states"] for row in coalition().counts}
    assert {33, 35, 27} <= counts
    assert len(coalition().members) == 35
    assert sum(state.among_33 for state in coalition().members) == 33
    assert [state.name for state in coalition().states.values() if state.host] == ["Ukraine"]


def test_treaties_are_those_of_the_table_of_law():
    states = read_yaml(Path(legal.__file__).parent / "data" / "legal.yaml")["states"]
    shared = [name for name in states if name in coalition().states]
    assert {"Poland", "Romania", "Ukraine"} <= set(shared)
    for name in shared:
        state = coalition().named(name)
        assert {"nato": state.nato, "eu": state.eu} == states[name], name
    assert sum(state.nato for state in coalition().members) == 32 - len(["USA", "HUN", "SVK", "MKD"])
    assert sum(state.eu for state in coalition().members) == 27 - len(["HUN", "SVK"])


def test_whatever_is_not_unknown_has_a_source_a_date_and_a_condition():
    told = 0
    for state in coalition().states.values():
        assert tuple(state.says) == DOMAINS
        for statement in state.says.values():
            if statement.answer != "unknown":
                told += 1
                assert statement.source and statement.date.startswith("202") and len(statement.caveat) > 10
                assert set(statement.source) <= set(coalition().sources)
    assert told > 60
    assert coalition().named("Iceland").says["ground"].answer == "unknown"


def test_no_source_is_idle():
    cited = {key for row in coalition().counts for key in row["source"]} | {"K", "kiel", "eupravda_us"}
    for state in CONTENT["states"].values():
        for said in state.get("says", {}).values():
            cited.update(said["source"])
        for offer in state.get("offers", {}).values():
            cited.update(offer["source"])
    cited.update(CONTENT["declared"]["money"]["source"])
    assert set(coalition().sources) == cited


@pytest.mark.parametrize(("name", "domain", "answer"), [
    ("GBR", "ground", "yes"), ("FRA", "ground", "yes"), ("DEU", "ground", "no"), ("ITA", "ground", "no"),
    ("POL", "ground", "no"), ("TUR", "naval", "yes"), ("SWE", "air", "yes"), ("BEL", "air", "yes"),
    ("ESP", "ground", "conditional"), ("FIN", "ground", "no"), ("CZE", "money", "no"), ("ROU", "basing", "yes"),
    ("MLT", "air", "unknown")])
def test_what_was_said(name, domain, answer):
    assert coalition().named(name).says[domain].answer == answer


def test_a_yes_that_waits_for_a_ceasefire_is_conditional_until_then():
    assert Statement("yes").at(False) == "conditional" and Statement("yes").at(True) == "yes"
    assert Statement("yes", from_ceasefire=False).at(False) == "yes"
    assert [Statement(answer).at(False) for answer in ANSWERS] == ["conditional", "conditional", "unknown", "no"]
    assert not any(statement.at(False) == "yes" for state in coalition().members
                   for statement in state.says.values())


def test_what_was_said_bounds_what_is_released():
    bounds = [release(answer, (0.1, 0.4)) for answer in ANSWERS]
    assert bounds == sorted(bounds, reverse=True) and bounds[-1] == (0.0, 0.0)


@pytest.mark.parametrize(("change", "words"), [
    (lambda c: c["states"]["Poland"].update(has={"horses": [1, 2]}), "Poland: horses: is no capability"),
    (lambda c: c["states"]["Poland"].update(has={"soldiers": [2, 1]}), "Poland: has: soldiers: is 2 to 1"),
    (lambda c: c["states"]["Poland"]["says"]["ground"].update(answer="perhaps"), "answer: is 'perhaps'"),
    (lambda c: c["states"]["Poland"]["says"]["ground"].update(source=["nobody"]), "unknown source 'nobody'"),
    (lambda c: c["states"]["Poland"]["says"]["ground"].update(source=[]), "source: is missing"),
    (lambda c: c["states"]["Poland"]["says"]["ground"].update({"from": "peace"}), "from: is 'peace'"),
    (lambda c: c["states"]["Poland"]["says"].update(space={}), "space: is no domain"),
    (lambda c: c["states"]["Poland"].update(iso="FRA"), "iso 'FRA': stands there twice")])
def test_a_table_that_cannot_be_is_refused(change, words):
    content = copy.deepcopy(CONTENT)
    change(content)
    with pytest.raises(SkyShieldError) as refused:
        read_coalition(content, "mine.yaml")
    assert words in str(refused.value) and str(refused.value).startswith("mine.yaml: ")


@pytest.mark.parametrize(("names", "words"), [
    (["Atlantis"], "is not a state of the coalition's table"), (["FRA", "France"], "is named twice"),
    (["Ukraine"], "is the host"), (["polnad"], "did you mean Poland?"), (["Hungary"], "is not a state")])
def test_states_that_cannot_be_struck(names, words):
    with pytest.raises(SkyShieldError) as refused:
        coalition().without(names)
    assert words in str(refused.value) and refused.value.exit_code == 2


def test_a_name_twice():
    with pytest.raises(SkyShieldError, match="members 'a': stands there twice"):
        once(["a", "b", "a"], "members")


def test_a_member_may_be_of_a_state():
    def scenario(**fields):
        member = {"name": "a", "base": "Rzeszów", "aircraft_share": 1.0, **fields}
        return parse({**dump(load("month")), "members": [member]}, "mine.yaml")

    assert scenario(state="pol").members[0].state == "Poland"
    assert scenario().members[0].state is None and "state" not in dump(scenario())["members"][0]
    with pytest.raises(SkyShieldError) as refused:
        scenario(state="Polland")
    assert str(refused.value) == ("mine.yaml: members.0.state: is 'Polland', not a state of the coalition's table; "
                                  "did you mean Poland?")


HALF = (Member(name="a", base="Rzeszów", aircraft_share=0.5), Member(name="b", base="Fetești", aircraft_share=0.5,
                                                                     active=False))


def package(**fields):
    (kind,) = [one for one in PACKAGES if fields["kind"] in one.model_fields["kind"].annotation.__args__]
    return kind(**fields)


@pytest.mark.parametrize(("fields", "needed"), [
    ({"kind": "fighters", "aircraft": 40, "serves": ("Kyiv",)}, {"fighters": 40.0}),  # whoever brings them
    ({"kind": "fighters", "aircraft": 40, "serves": ("Kyiv",), "tankers": 6}, {"fighters": 40.0, "tankers": 6.0}),
    ({"kind": "batteries", "system": "irist", "places": ("Kyiv", "Lviv"), "per_place": 3}, {"irist_batteries": 6.0}),
    ({"kind": "batteries", "system": "patriot", "places": ("Kyiv",)}, {"patriot_batteries": 1.0}),
    ({"kind": "guns", "places": ("Kyiv", "Lviv"), "per_place": 2}, {"guns": 4.0}),
    ({"kind": "drone_teams", "places": ("Kyiv",), "per_place": 5}, {"drone_teams": 5.0}),
    ({"kind": "sensors", "sensor": "airborne_early_warning", "serves": ("Kyiv", "Lviv")},
     {"early_warning_aircraft": 2 * load_catalogue()["aew_per_orbit"].reference_si}),
    ({"kind": "sensors", "sensor": "acoustic"}, {}), ({"kind": "sensors", "sensor": "ground_radar",
                                                       "serves": ("Kyiv",)}, {}),
    ({"kind": "aid", "budget": "1 million EUR"}, {})])
def test_what_packages_need(fields, needed):
    deployment = Deployment(HALF, load_theatre(), CentralValues(load_catalogue()))
    needs = package(**fields).needs(deployment)
    assert {name: value.tolist() for name, value in needs.items()} == {name: [v] for name, v in needed.items()}
    assert set(needs) <= set(CAPABILITIES) and all(value.dtype == np.float64 for value in needs.values())


def test_a_kind_says_its_lead_time_or_has_the_zones():
    assert {kind.lead_time_key for kind in PACKAGES} == {"", "ground_deployment_time", "naval_deployment_time"}


@pytest.fixture(scope="module")
def tool():
    spec = importlib.util.spec_from_file_location("make_support", ROOT / "tools" / "make_support.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_aid_given_is_that_of_the_tracker(data_dir, tool):
    found = tool.support_by_state(data_dir / "support" / "kiel_data_explorer.csv")
    by_tracker = [state for state in coalition().members if state.iso in found]
    assert len(by_tracker) == len(coalition().members) - len(["ALB", "MNE"])
    for state in by_tracker:
        assert (state.given_eur / 1e9, state.gdp_eur / 1e9) == pytest.approx(found[state.iso], rel=1e-12), state.name
    text = TABLE.read_text("utf-8")
    assert tool.updated(text, found) == text
    assert tool.updated(text, found | {"FRA": (1.0, 2.0)}) != text


def test_the_table_has_one_number_a_state_and_no_row():
    assert coalition().given_months == 52
    for name, state in CONTENT["states"].items():
        numbers = [key for key in state if key.endswith("_bn")]
        assert numbers == ([] if state.get("host") else ["given_eur_bn", "gdp_eur_bn"]), name
        assert all(float(f"{state[key]:.3g}") == state[key] for key in numbers)
