"""The reference pages say what the tables say."""

import importlib.util
import re
import sys
from pathlib import Path
from types import ModuleType

import pytest

from skyshield.catalogue import load_catalogue, load_measures, load_threat_classes

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def tool() -> ModuleType:
    spec = importlib.util.spec_from_file_location("make_reference", ROOT / "tools" / "make_reference.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_pages_are_what_the_tables_give(tool: ModuleType) -> None:
    for path, text in tool.pages().items():
        assert path.read_text("utf-8") == text, f"{path.name} is out of date: run python tools/make_reference.py"


def test_every_entry_and_measure_is_documented() -> None:
    page = (ROOT / "docs/reference/catalogue.md").read_text("utf-8")
    documented = re.findall(r"^\| `(\w+)` \|", page, re.MULTILINE)
    assert sorted(documented) == sorted(load_catalogue())
    page = (ROOT / "docs/reference/measures.md").read_text("utf-8")
    for name in (*(m.name for m in load_measures()), *(c.name for c in load_threat_classes())):
        assert f"| `{name}` |" in page


def test_links_to_sources_lead_somewhere() -> None:
    page = (ROOT / "docs/reference/catalogue.md").read_text("utf-8")
    anchors = set(re.findall(r'<a id="(\w+)">', page))
    links = set(re.findall(r"\]\(#(\w+)\)", page))
    assert links == anchors and len(links) > 50


def test_a_table_row_has_one_cell_per_column() -> None:
    for name in ("catalogue.md", "measures.md"):
        width = None
        for line in (ROOT / "docs/reference" / name).read_text("utf-8").splitlines():
            if not line.startswith("|"):
                width = None
                continue
            cells = len(re.findall(r"(?<!\\)\|", line))
            width = width or cells
            assert cells == width, line


def test_check_fails_when_a_page_is_stale(tool: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
                                          capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(tool, "PAGES", tmp_path)
    monkeypatch.setattr(sys, "argv", ["make_reference.py"])
    assert tool.main() == 0
    monkeypatch.setattr(sys, "argv", ["make_reference.py", "--check"])
    assert tool.main() == 0
    page = tmp_path / "catalogue.md"
    page.write_text(page.read_text("utf-8").replace("| 0.38 |", "| 0.39 |"), "utf-8")
    assert tool.main() == 1
    assert "catalogue.md is out of date" in capsys.readouterr().err
