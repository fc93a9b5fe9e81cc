"""The data package: valid by Frictionless, describing every column, and never taking another's name."""

import json

import pytest

from skyshield.core.errors import SkyShieldError
from skyshield.report.export.job import export
from support.command_line import hashes


def validated(path):
    import frictionless

    report = frictionless.Package(str(path)).validate()
    return report.valid, [error.message for task in report.tasks for error in task.errors] + [
        error.message for error in report.errors]


@pytest.mark.parametrize("where", ["csv/datapackage.json", "parquet/datapackage.json"])
def test_frictionless_finds_the_descriptor_and_its_file_valid(place, where):
    assert validated(place / where) == (True, [])


def test_frictionless_finds_the_archive_valid(unpacked, place):
    assert validated(unpacked / "datapackage.json") == (True, [])
    assert validated(place / "zip" / "it.zip")[0]


def test_frictionless_finds_a_wrong_table(place, tmp_path):
    content = json.loads((place / "csv" / "datapackage.json").read_text("utf-8"))
    text = (place / "csv" / "it.csv").read_text("utf-8")
    (tmp_path / "datapackage.json").write_text(json.dumps(content), "utf-8")
    (tmp_path / "it.csv").write_text(text.replace("threats", "threats,", 1), "utf-8")
    assert not validated(tmp_path / "datapackage.json")[0]


def test_every_member_is_described(unpacked):
    content = json.loads((unpacked / "datapackage.json").read_text("utf-8"))
    assert {resource["path"] for resource in content["resources"]} | {"datapackage.json"} == {
        path.name for path in unpacked.iterdir()}
    assert content["licenses"] and content["sources"] and content["must_be_said"] and content["cannot_be_claimed"]
    for resource in content["resources"]:
        for field in resource.get("schema", {"fields": []})["fields"]:
            assert {"name", "type", "title", "description"} <= set(field)
    totals = next(one for one in content["resources"] if one["name"] == "totals")
    units = {field["name"]: field.get("unit") for field in totals["schema"]["fields"]}
    assert (units["cost_eur"], units["prevented_armed"], units["flight_hours"]) == ("EUR", "threats", "h")


def test_the_descriptor_of_another_file_is_not_replaced(folder, place, tmp_path):
    export(folder, tmp_path / "one.csv")
    before = hashes(tmp_path)
    with pytest.raises(SkyShieldError, match=r"datapackage.json: is there already and describes one.csv") as error:
        export(folder, tmp_path / "two.parquet")
    assert error.value.exit_code == 2
    assert hashes(tmp_path) == before
    export(folder, tmp_path / "one.csv", force=True)
    assert hashes(tmp_path) == before


@pytest.mark.parametrize("content", ['{"name": "mine", "resources": []}', "[]", "no JSON",
                                     '{"generator": "skyshield"}'])
def test_somebody_elses_descriptor_is_not_replaced(folder, tmp_path, content):
    (tmp_path / "datapackage.json").write_text(content, "utf-8")
    with pytest.raises(SkyShieldError, match="is not this program's"):
        export(folder, tmp_path / "one.csv", force=True)
    assert [path.name for path in tmp_path.iterdir()] == ["datapackage.json"]
    assert (tmp_path / "datapackage.json").read_text("utf-8") == content


def test_the_same_study_gives_the_same_bytes(folder, place, tmp_path):
    from skyshield.report.export.formats import FORMATS

    for kind in FORMATS:
        if kind != "ipynb":  # it holds the way to the study
            (tmp_path / kind).mkdir()
            export(folder, tmp_path / kind / f"it.{kind}")
            assert hashes(tmp_path / kind) == hashes(place / kind), kind
