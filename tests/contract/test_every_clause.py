"""What every clause of the rules promises: run over all that are registered, on every route of the shipped map.

Mutations tried, each caught: `without` that drops a neighbour too; a stand-off that opens windows as it grows; a class
allowed by naming fewer; a confidence read upside down; a bad value taken for none; a clause that `run --rules` leaves
out; a clause without a line here or on the page.
"""

import re
from pathlib import Path
from types import MappingProxyType

import numpy as np
import pytest

from skyshield.core.errors import SkyShieldError
from skyshield.core.vocabulary import CLASSES
from skyshield.report.text import standoff_text, target_text, zone_text
from skyshield.rules import CLAUSES, RulesOfEngagement, clauses, prepare_rules
from skyshield.scenario.load import dump, parse
from skyshield.theatre import load_theatre
from support.command_line import parsed
from support.forks import skyshield
from support.studies import context, with_package

NO_AIMS = np.zeros(0, np.uint8)
PAGE = Path(__file__).parents[2] / "docs/how-to/write-a-scenario.md"
SMALL, LARGE = ({"scope": "region", "oblasts": names} for names in (["Lviv", "Vinnytsia"],
                                                                    ["Lviv", "Vinnytsia", "Kyiv", "Odesa"]))
# a tight value, a looser one, and some that cannot be; a new clause needs a line here
VALUES = MappingProxyType({
    "target_classes": (["uav"], ["uav", "cruise"], (["ufo"], [], ["uav", "uav"], "uav", 3)),
    "zone": (SMALL, LARGE, ({"scope": "ocean"}, "Lviv", {"oblasts": ["Lviv"]}, {**SMALL, "colour": "red"})),
    "standoff_russia": ("300 km", "200 km", ("-1 km", "far", 200, "3 h", "2001 km")),
    "standoff_front": ("150 km", "100 km", ("-1 km", "far", 100, "3 h", "2001 km")),
    "standoff_belarus": ("80 km", "40 km", ("-1 km", "far", 40, "3 h", "2001 km")),
    "identification": (0.95, 0.0, (-0.1, 1.5, True, "95%", [0.9])),
    "debris": ("30 km", "10 km", ("-1 km", "far", 10, "3 h", "2001 km")),
    "crewed_buffer": ("80 km", "30 km", ("-1 km", "far", 30, "3 h", "2001 km"))})
FULL = RulesOfEngagement.model_validate({clause: tight for clause, (tight, _, _) in VALUES.items()})
GUNS = {"kind": "guns", "places": ["Kyiv"]}


@pytest.fixture(scope="module")
def prepared():
    """Windows on all routes: of the tight clause alone, the looser, none; the same with all the others at hand."""
    drawn, result, names = context().drawn, {}, []
    rules = []
    for base, held in (("alone", RulesOfEngagement()), ("full", FULL)):
        for clause in CLAUSES:
            tight, loose, _ = VALUES[clause]
            for step, value in (("tight", tight), ("loose", loose), ("none", None)):
                names.append((base, clause, step))
                rules.append(RulesOfEngagement.model_validate(
                    {**held.model_dump(mode="json", exclude_none=True), clause: value}))
    arrays = prepare_rules(rules, CLASSES, load_theatre(), drawn.x_m, drawn.y_m, NO_AIMS)
    for option, name in enumerate(names):
        result[name] = {"start": arrays.window_start_m[option], "end": arrays.window_end_m[option],
                        "classes": arrays.class_allowed[option], "confidence": rules[option].id_confidence,
                        "declared": arrays.crosses_declared[option]}
    return result


def within(inner, outer, slack_m=2.0):
    """bool[route]: every window of the inner rules lies in one of the outer (parts within 1 m are joined)."""
    open_ = np.isfinite(inner["start"])[:, :, None]
    start, end = inner["start"][:, :, None], inner["end"][:, :, None]
    inside = (outer["start"][:, None] - slack_m <= start) & (end <= outer["end"][:, None] + slack_m)
    return (inside.any(axis=2) | ~open_[:, :, 0]).all(axis=1)


def refused(rules):
    """bool[route, class]: a threat that crosses the declared zone and may nowhere be shot at."""
    closed = ~np.isfinite(rules["start"][:, 0])
    return (rules["declared"][:, None] == 1) & (closed[:, None] | (rules["classes"][None] == 0))


def test_every_clause_has_a_line_here():
    assert set(VALUES) == set(clauses.CLAUSES) == set(RulesOfEngagement.model_fields)


def test_a_made_up_clause_without_a_line_here_is_found(monkeypatch):
    monkeypatch.setattr(clauses, "CLAUSES", (*CLAUSES, "only_on_sundays"))
    with pytest.raises(AssertionError):
        test_every_clause_has_a_line_here()


@pytest.mark.parametrize("clause", VALUES)
def test_dropped_alone_it_leaves_all_else(clause):
    rules = FULL.model_dump(mode="json")
    (option,) = (o for o in with_package(GUNS, rules=rules).options if o.name == "tried")
    less = option.without(clause)
    assert less.name == f"tried_without_{clause}" and clause in less.label and less.packages == option.packages
    changed = {field for field in RulesOfEngagement.model_fields
               if getattr(less.rules, field) != getattr(option.rules, field)}
    assert changed == {clause} and getattr(less.rules, clause) is None
    assert {field for field in type(option).model_fields if getattr(less, field) != getattr(option, field)} == {
        "name", "label", "rules"}


@pytest.mark.parametrize("base", ["alone", "full"])
@pytest.mark.parametrize("clause", VALUES)
def test_a_looser_clause_closes_no_window_and_refuses_no_more(prepared, clause, base):
    tight, loose, none = (prepared[base, clause, step] for step in ("tight", "loose", "none"))
    moved = False
    for before, after in ((tight, loose), (loose, none)):
        assert within(before, after).all()
        assert (after["classes"] >= before["classes"]).all() and after["confidence"] <= before["confidence"]
        more = refused(after) & ~refused(before)
        # a larger zone is crossed by more threats: those it refuses were none of the smaller zone's business
        assert not (more & (before["declared"][:, None] == 1)).any()
        moved |= not within(after, before).all() or (after["classes"] != before["classes"]).any()
        moved |= after["confidence"] != before["confidence"]
    # beside the others a clause may bind nowhere; alone it must, or this proves nothing
    assert moved or base == "full"


@pytest.mark.parametrize("clause", VALUES)
def test_a_bad_value_is_one_line_that_says_where_what_and_how_to_mend(clause):
    for value in VALUES[clause][2]:
        with pytest.raises(SkyShieldError) as result:
            with_package(GUNS, rules={clause: value})
        error = result.value
        assert f"options.tried.rules.{clause}" in error.where, (value, error)
        assert error.what and error.remedy and "\n" not in str(error) and error.exit_code == 2
    for value in VALUES[clause][:2]:
        asked = with_package(GUNS, rules={clause: value})
        assert parse(dump(asked), "again") == asked


def test_run_prices_every_clause(tmp_path):
    import yaml

    path = tmp_path / "every.yaml"
    asked = {**dump(with_package(GUNS, rules=FULL.model_dump(mode="json"))), "assumptions": {}}
    path.write_text(yaml.safe_dump(asked, allow_unicode=True), "utf-8")
    result = parsed(skyshield("run", path, "--rules", "--dry-run", "--json"))
    named = set(re.findall(r"tried_without_(\w+)", str(result)))
    assert named == set(CLAUSES)


@pytest.mark.parametrize("clause", VALUES)
def test_a_report_says_it(clause):
    def text_of(rules):
        return target_text(rules), zone_text(rules.zone), standoff_text(rules)

    tight, loose = (FULL.model_copy(update={clause: getattr(RulesOfEngagement.model_validate({clause: value}), clause)})
                    for value in VALUES[clause][:2])
    assert RulesOfEngagement.model_fields[clause].title, "the price of a clause is listed by its title"
    assert text_of(tight) == text_of(FULL) and len({text_of(tight), text_of(loose), text_of(FULL.without(clause))}) > 1


@pytest.mark.parametrize("clause", VALUES)
def test_it_is_described(clause):
    rows = re.findall(rf"^\| `{clause}` \| (.+) \|$", PAGE.read_text("utf-8"), re.MULTILINE)
    assert len(rows) == 1 and len(rows[0]) > 20
