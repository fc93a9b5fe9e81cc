"""Options alike share a row; what differs keeps rows of its own.

Tried against mutations: only the headline compared; aid put beside forces; a tolerance of ten errors. Each fails.
"""

from types import SimpleNamespace

import pytest

from skyshield.report import tables
from skyshield.report.alike import alike, families, label_of, within_error
from skyshield.scenario import load
from skyshield.study import Comparison
from skyshield.study.compare import PRIMARIES

ROW = {"delta": 5.417, "lo": 2.209, "hi": 9.884, "mcse": 0.117, "spread_lo": 0.0, "spread_hi": 16.0}
REACH = {"env_lo": 1.0, "env_hi": 2.0, "joint_lo": 0.5, "joint_hi": 3.0}
AID = ("aid_region", "aid_cities", "aid_sites")


def view(names, **changed):
    """A view in which all options are the same but for the changed ones: option -> (headline, in another arm)."""
    rows = {name: changed.get(name, (ROW, ROW)) for name in names}
    return SimpleNamespace(
        labels={name: name.upper() for name in names},
        compared=Comparison("own", {name: {**dict.fromkeys(PRIMARIES, head)} for name, (head, _) in rows.items()}),
        sums={name: {"prevented": head, "redundant": head} for name, (head, _) in rows.items()},
        arms={name: [head, other] for name, (head, other) in rows.items()})


def grouped(names, **changed):
    return [family.names for family in families(view(names, **changed), load("month"), names)]


def test_the_same_in_every_arm_is_one_family():
    assert grouped(AID) == [AID]
    assert grouped(AID, aid_sites=(ROW | {"delta": 5.414}, ROW | {"hi": 10.0})) == [AID]
    (family,) = families(view(AID), load("month"), AID)
    assert family.label == "The same money as aid: three options alike" and family.first == "aid_region"
    assert family.members == "“AID_REGION”, “AID_CITIES” and “AID_SITES”"


@pytest.mark.parametrize("change", [(ROW | {"delta": 5.9}, ROW), (ROW, ROW | {"delta": 7.0}),
                                    (ROW, ROW | {"hi": None}), (ROW | {"spread_hi": 20.0}, ROW)])
def test_what_differs_in_the_headline_or_in_an_arm_stands_alone(change):
    assert grouped(AID, aid_cities=change) == [("aid_region", "aid_sites"), ("aid_cities",)]


def test_aid_is_not_put_beside_forces():
    assert grouped(("region", "aid_region", "cities")) == [("region", "cities"), ("aid_region",)]


def test_within_the_computing_s_own_error():
    assert within_error(ROW, ROW | {"delta": ROW["delta"] + 1.9 * ROW["mcse"]})
    assert not within_error(ROW, ROW | {"delta": ROW["delta"] + 2.1 * ROW["mcse"]})
    no_error = ROW | {"mcse": None}
    assert within_error(no_error, no_error) and not within_error(no_error, no_error | {"lo": 2.2})


def test_groups_keep_the_order_of_their_first():
    assert alike(["b", "a", "c"], lambda one, other: {one, other} == {"b", "c"}) == [("b", "c"), ("a",)]
    assert label_of(["a"], {"a": "A"}, set()) == "A"


def test_a_measure_in_which_they_differ_has_a_row_for_each():
    columns = tables.measure_columns()
    rows = {name: dict.fromkeys(columns, dict.fromkeys([*ROW, *REACH], 0.0)) for name in AID[:2]}
    for name, cost in (("aid_region", 6e8), ("aid_cities", 2e8)):
        rows[name] = rows[name] | {"planned_cost_eur": {**rows[name]["cost_eur"], "delta": cost},
                                   PRIMARIES[0]: {**ROW, **REACH}}
    table = tables.paired(Comparison("own", rows), AID[:2], {"own": "Own", "aid_region": "One", "aid_cities": "Two"},
                          "Both")
    heads = [str(row[0]) for row in table.rows]
    assert len(heads) == 3 and [head.rpartition("<br>")[2] for head in heads if "planned" in head] == ["One", "Two"]
