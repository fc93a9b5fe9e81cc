"""Legitimacy: every kind of option before every audience, each statement with its source and the contrary one.

Mutations tried, each caught: a zone with people in Ukraine told as one from outside too; batteries at a base taken for
people in Ukraine; a contrary statement that repeats the statement; a source that the table does not list.
"""

import copy
import json
import re
from typing import get_args

import pytest

from skyshield.core.errors import SkyShieldError
from skyshield.core.files import read_yaml
from skyshield.forces import PACKAGES
from skyshield.scenario import load
from skyshield.scenario.load import library
from skyshield.strategy.legitimacy import AUDIENCES, TABLE, legitimacy_json, load_legitimacy, read_legitimacy
from skyshield.theatre import load_theatre

KINDS = ("zone_from_outside", "zone_with_people", "neighbouring_batteries", "ground_force", "warships", "aid")
_DATE = re.compile(r"\d{4}(-\d{2}(-\d{2})?)?")


class Package:
    def __init__(self, kind, stand=""):
        self.kind, self.stand = kind, stand


def test_every_kind_stands_before_every_audience_with_both_sides():
    table = load_legitimacy()
    assert tuple(kind.name for kind in table.kinds) == KINDS
    for kind in table.kinds:
        assert tuple(cell.audience for cell in kind.cells) == tuple(AUDIENCES)
        for cell in kind.cells:
            for said in (cell.statement, cell.contrary):
                assert said.who and said.says.endswith((".", '".')) and _DATE.fullmatch(said.date) and said.source
    used = {key for kind in table.kinds for cell in kind.cells for said in (cell.statement, cell.contrary)
            for key in said.source}
    used |= {key for one in (*table.bases, *table.corrections) for key in one.source}
    assert used == {key for key, _ in table.sources}
    assert {cell.basis for kind in table.kinds for cell in kind.cells} == {basis.name for basis in table.bases}


def test_moscow_s_position_on_record_stands_beside_the_zone():
    kinds = {kind.name: kind for kind in load_legitimacy().kinds}
    for name in ("zone_from_outside", "neighbouring_batteries"):
        contrary = next(cell for cell in kinds[name].cells if cell.audience == "moscow").contrary
        assert contrary.date == "2025-09-15" and "will mean only one thing: NATO's war with Russia" in contrary.says
    force = next(cell for cell in kinds["ground_force"].cells if cell.audience == "moscow").contrary
    assert "legitimate target" in force.says


def test_premises_are_inviolable_not_territory():
    correction = load_legitimacy().corrections[0]
    assert "inviolable territories" in correction.wording and "premises" in correction.correct
    assert "no territory of the sending state" in correction.correct and "vcdr" in correction.source
    assert "not the sending state's territory" in load_theatre().interest("embassies").why


def test_no_verdict_and_no_score():
    text = json.dumps(legitimacy_json({}))
    assert not re.search(r'"(score|weight|verdict|rank)"', text)


@pytest.mark.parametrize("package", PACKAGES, ids=lambda package: package.__name__)
def test_every_kind_of_package_has_a_place(package):
    """Add a new kind of package to `packages` of a kind in the table."""
    kind = get_args(package.model_fields["kind"].annotation)[0]
    assert load_legitimacy().kinds_of([Package(kind)])


@pytest.mark.parametrize(("packages", "kinds"), [
    ([], ()), ([Package("fighters")], ("zone_from_outside",)),
    ([Package("fighters"), Package("guns")], ("zone_with_people",)),
    ([Package("batteries", "city")], ("zone_with_people",)),
    ([Package("batteries", "base")], ("neighbouring_batteries",)),
    ([Package("batteries", "base"), Package("fighters")], ("zone_from_outside", "neighbouring_batteries")),
    ([Package("aid"), Package("ground")], ("ground_force", "aid")), ([Package("ships")], ("warships",)),
    ([Package("ground"), Package("fighters"), Package("sensors")], ("zone_from_outside", "ground_force"))])
def test_an_option_is_of_the_kinds_of_its_packages(packages, kinds):
    assert load_legitimacy().kinds_of(packages) == kinds


def test_an_unknown_kind_of_package_is_refused():
    with pytest.raises(SkyShieldError, match="kind of package 'balloons': is not in the table of legitimacy"):
        load_legitimacy().kinds_of([Package("balloons")])


def test_every_option_of_the_library_is_of_a_kind():
    for name in library():
        for option in load(name).options:
            assert bool(load_legitimacy().kinds_of(option.packages)) == bool(option.packages)


def test_plain_data():
    content = legitimacy_json({"one": [Package("fighters")]})
    assert json.loads(json.dumps(content, allow_nan=False)) == content
    assert content["options"] == {"one": ["zone_from_outside"]}
    cell = content["kinds"]["aid"]["audiences"]["moscow"]
    assert set(cell) == {"basis", "statement", "contrary"} and cell["basis"] in content["bases"]


def moscow(content):
    return content["kinds"]["aid"]["audiences"]["moscow"]


@pytest.mark.parametrize(("change", "words"), [
    (lambda c: c["kinds"]["aid"]["audiences"].pop("kyiv"), "aid: audiences: kyiv: is missing"),
    (lambda c: c["kinds"]["aid"]["audiences"].update(beijing={}), "beijing: is not a known field"),
    (lambda c: moscow(c).pop("contrary"), "aid: moscow: contrary: is missing"),
    (lambda c: moscow(c)["statement"].pop("date"), "statement: date: is missing"),
    (lambda c: moscow(c)["statement"].update(source=[]), "statement: source: is empty"),
    (lambda c: moscow(c)["statement"].update(source=["nobody"]), "is the unknown source 'nobody'"),
    (lambda c: moscow(c).update(basis="might"), "aid: moscow: basis: is 'might'"),
    (lambda c: moscow(c).update(contrary=moscow(c)["statement"]), "contrary: is the statement itself"),
    (lambda c: c["kinds"]["aid"].update(packages=["guns"]), "hold 'guns', as zone_with_people does"),
    (lambda c: c["corrections"][0].pop("correct"), "corrections: correct: is missing"),
    (lambda c: c["bases"]["consent"].update(source=["x"]), "consent: source: is the unknown source 'x'")])
def test_refused_tables(change, words):
    content = copy.deepcopy(read_yaml(TABLE))
    change(content)
    with pytest.raises(SkyShieldError) as caught:
        read_legitimacy(content, "test.yaml")
    assert words in str(caught.value) and "\n" not in str(caught.value) and caught.value.exit_code == 2
