"""What is exported is what the study says: its numbers, read back by others' programs, with names and units."""

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from skyshield.catalogue import load_catalogue
from skyshield.report.export import played, tables
from skyshield.report.export.table import BY_ROW, NUMBER
from skyshield.study.moves import moves
from skyshield.study.plan import Arm

FIGURES = ("lo", "hi", "mcse", "spread_lo", "spread_hi", "env_lo", "env_hi", "joint_lo", "joint_hi")


def column_of(row):
    return row["measure"] if pd.isna(row["class"]) or row["class"] == "" else f"{row['measure']}/{row['class']}"


def agree(frame, of_option, middle, written):
    """Check every figure of a frame against the summary; return how many there were."""
    n = 0
    for _, row in frame.iterrows():
        if row["class"] in ("p_any", "p_ten"):
            told = of_option[row["option"]][row["measure"]]
            assert row[middle] == told[row["class"]]
            continue
        told = of_option[row["option"]][column_of(row)]
        pairs = [(row[middle], told[written]), *((row[name], told.get(name)) for name in FIGURES if name in row),
                 (row["se"], told.get("se", {}).get("mean"))]
        for actual, expected in pairs:
            assert (expected is None and pd.isna(actual)) or actual == expected, (row["option"], column_of(row))
            n += 1
    return n


@pytest.fixture(scope="module")
def sheets(place):
    return pd.read_excel(place / "xlsx" / "it.xlsx", sheet_name=None)


def test_the_workbook_has_the_numbers_of_the_summary(sheets, summary):
    assert agree(sheets["options"], summary["options"], "mean", "mean") > 2000
    assert agree(sheets["paired"], summary["paired"], "delta", "delta") > 1000


def test_the_long_table_has_the_numbers_of_the_summary(place, summary):
    read = pd.read_csv(place / "csv" / "it.csv")
    assert set(read["kind"]) == {"own", "paired", "month"}
    assert agree(read[read["kind"] == "own"], summary["options"], "mean", "mean") > 2000
    assert agree(read[read["kind"] == "paired"], summary["paired"], "mean", "delta") > 1000
    month = read[(read["kind"] == "month") & (read["arm"] == "headline")]
    assert agree(month[month["to"].isna()], summary["months"][0]["options"], "mean", "mean") > 0
    assert agree(month[month["to"] == "own"], summary["months"][0]["paired"], "mean", "delta") > 0


def test_a_wrong_number_is_found(place, summary):
    read = pd.read_csv(place / "csv" / "it.csv")
    wrong = read[read["kind"] == "paired"].assign(lo=lambda frame: frame["lo"] + 1e-3)
    with pytest.raises(AssertionError):
        agree(wrong, summary["paired"], "mean", "delta")


def test_the_totals_are_named_and_give_the_paired_differences(place, view, summary):
    read = pd.read_parquet(place / "parquet" / "it.parquet")
    assert list(read.columns[:4]) == ["arm", "option", "vector", "replication"]
    assert not read.duplicated(["arm", "option", "vector", "replication"]).any()
    assert set(read["option"]) == {"own", "region", "aid_region"}
    assert set(read["vector"]) == {"v00000", "v00001", "v00002"}
    assert {"headline", "zone_share=low", "own_defence_along_share=low", "own_defence_along_share=high",
            "aid_ceilings=high"} <= set(read["arm"])
    headline = read[read["arm"] == "headline"].set_index(["option", "vector", "replication"]).sort_index()
    for measure in ("prevented_armed_zone", "leaked/uav", "cost_eur"):
        difference = (headline.loc["region", measure] - headline.loc["own", measure]).mean()
        assert difference == pytest.approx(summary["paired"]["region"][measure]["delta"], rel=1e-5)
    result = view.result
    assert len(read) == sum(int(valid.sum()) for valid in result.valid) * len(result.options)
    assert read["cost_eur"].dtype == np.float64 and read["launched/uav"].dtype == np.int64


def test_the_arms_of_the_package_are_those_of_the_totals(place, unpacked):
    arms = pd.read_csv(unpacked / "arms.csv")
    assert set(arms["arm"]) == set(pd.read_parquet(unpacked / "totals.parquet")["arm"])
    assert arms.set_index("arm").loc["zone_share=low", "value"] == load_catalogue()["zone_share"].low


def test_joint_arms_are_named_by_what_they_are_for():
    catalogue = load_catalogue()
    arms = (Arm("headline"), Arm("single", {"displacement": "high"}),
            Arm("bundle", {"zone_training_time": "high", "zone_basing_time": "high"}),
            Arm("joint", {"displacement": "high"}), Arm("joint", {}), Arm("relief", {"relief_share": "high"}))
    view = SimpleNamespace(moves=moves(arms, catalogue), played_arms=arms, dropped={"a_without_x": ("a", "x")},
                           joint={"a": [3, 4], "b": [3, 4], "a_without_x": [3, 4]})
    assert played.arm_names(view) == ["headline", "displacement=high", "zone_lead_time=high", "worst for a, b",
                                      "best for a, b", "relief"]


def test_vectors_and_parameters_are_the_studys(unpacked, view):
    vectors = pd.read_csv(unpacked / "vectors.csv").set_index("vector")
    assert list(vectors.index) == ["v00000", "v00001", "v00002"]
    for name, values in view.parameters.items():
        assert np.allclose(vectors[name], values, rtol=1e-12), name
    parameters = pd.read_csv(unpacked / "parameters.csv").set_index("parameter")
    assert set(parameters.index) == set(view.parameters)
    share = parameters.loc["zone_share"]
    entry = view.catalogue["zone_share"]
    assert (str(share["unit"]), share["low"], share["high"], share["grade"]) == (
        entry.unit, entry.low, entry.high, entry.grade)
    assert parameters.loc["claim_bias", "fixed_by_scenario"]
    cruise = parameters.loc["fighter_cruise"]
    assert cruise["unit"] == "km/h" and cruise["low"] <= cruise["headline"] <= cruise["high"]


def test_the_catalogue_is_whole(unpacked, view):
    read = pd.read_csv(unpacked / "catalogue.csv").set_index("key")
    assert list(read.index) == list(view.catalogue)
    assert read.loc["fighter_cruise", "citation"]


def test_provenance_says_the_key_the_marks_and_the_limits(sheets, view, summary):
    read = sheets["provenance"]
    values = read.groupby("item")["value"].apply(list).to_dict()
    assert values["study_key"] == [summary["study_key"]]
    assert values["vectors"] == [3]
    assert values["must be said"] == summary["marks"]
    assert len(values["cannot be claimed"]) > 5


def test_the_first_sheet_says_what_it_is(place, view):
    import openpyxl

    book = openpyxl.load_workbook(place / "xlsx" / "it.xlsx")
    text = " ".join(str(cell) for row in book["about"].iter_rows(values_only=True) for cell in row if cell)
    for words in (view.scenario.title, view.scenario.question, *view.marks, *tables.SHEETS, view.manifest["study_key"],
                  "one side's claims"):
        assert words in text
    for name in tables.SHEETS:
        assert book[name].freeze_panes and book[name].auto_filter.ref
    cell = next(cell for cell in book["options"]["G"][1:] if cell.value and abs(cell.value) >= 1000)
    assert cell.data_type == "n" and cell.number_format == "#,##0"


@pytest.mark.parametrize("name", tables.TABLES)
def test_every_number_has_a_unit_or_a_row_that_names_it(view, name):
    table = tables.TABLES[name](view)
    assert list(table.frame.columns) == [column.name for column in table.columns]
    for column in table.columns:
        assert column.title and column.description
        if column.type == NUMBER and column.unit == BY_ROW:
            assert "unit" in table.frame.columns
    if "unit" in table.frame.columns and name not in ("parameters", "arms"):
        assert table.frame["unit"].astype(bool).all()


def test_another_option_to_compare_with(folder, tmp_path, summary):
    from skyshield.report.export.job import export

    export(folder, tmp_path / "it.xlsx", to="region")
    read = pd.read_excel(tmp_path / "it.xlsx", sheet_name="paired")
    row = read[(read["option"] == "own") & (read["measure"] == "prevented_armed")].iloc[0]
    assert (row["to"], row["delta"]) == ("region", -summary["paired"]["region"]["prevented_armed"]["delta"])
    months = pd.read_excel(tmp_path / "it.xlsx", sheet_name="months").set_index(["arm", "to", "option", "measure"])
    row = months.loc[("headline", "region", "own", "cost_eur")]
    assert row["mean"] == -summary["months"][0]["paired"]["region"]["cost_eur"]["delta"] != 0.0
