"""The notebook runs from beside the study, wherever both are taken together."""

import json
import shutil

import nbformat
import pytest

from skyshield.report.export.job import export


def test_it_names_the_study_by_the_way_from_its_own_folder(folder, tmp_path):
    shutil.copytree(folder, tmp_path / "study")
    (tmp_path / "notes").mkdir()
    export(tmp_path / "study", tmp_path / "notes" / "look.ipynb")
    made = nbformat.read(tmp_path / "notes" / "look.ipynb", 4)
    nbformat.validate(made)
    text = json.dumps(made)
    assert "../study" in text and str(tmp_path) not in text
    assert all(not cell.get("outputs") for cell in made.cells)


@pytest.mark.filterwarnings("default")
def test_it_runs(folder, tmp_path, view):
    import nbclient

    shutil.copytree(folder, tmp_path / "before" / "study")
    (tmp_path / "before" / "notes").mkdir()
    export(tmp_path / "before" / "study", tmp_path / "before" / "notes" / "look.ipynb")
    (tmp_path / "before").rename(tmp_path / "after")
    notes = tmp_path / "after" / "notes"
    made = nbformat.read(notes / "look.ipynb", 4)
    nbclient.NotebookClient(made, timeout=120, resources={"metadata": {"path": str(notes)}}).execute()
    shown = [output["data"]["text/html"] for cell in made.cells if cell.cell_type == "code" for output in cell.outputs
             if "text/html" in output.get("data", {})]
    assert len(shown) == 5  # the study, options, differences, pairs, months
    assert "prevented_armed_zone" in shown[1] and "verdict" in shown[3]
    assert any("image/png" in output.get("data", {}) for cell in made.cells if cell.cell_type == "code"
               for output in cell.outputs)
