"""The page on the architecture names the rooms, files and names that there are.

Tried against mutations: two rooms of the table exchanged; a room left out; a file that is not there; a name that stands
in no file.
"""

import re
import tomllib
from pathlib import Path

import skyshield

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = Path(skyshield.__file__).parent
PAGE = (ROOT / "docs/explanation/architecture.md").read_text("utf-8")


def layers():
    """Rooms of import-linter's contract that there are, lowest first, those of one floor together."""
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"]["contracts"]
    (rooms,) = [contract["layers"] for contract in contracts if contract["type"] == "layers"]
    there = [[name for name in re.split(r" *\| *", floor) if not name.startswith("(")] for floor in reversed(rooms)]
    return [floor for floor in there if floor]


def test_the_table_lists_the_rooms_in_the_order_of_the_contract():
    table = PAGE.split("## The rooms")[1].split("\n## ")[0]
    rows = [re.findall(r"`(\w+)`", line.split("|")[1]) for line in table.splitlines() if line.startswith("| `")]
    assert rows == layers()


def test_every_package_is_in_the_table():
    there = {path.parent.name for path in PACKAGE.glob("*/__init__.py")}
    assert there == {room for floor in layers() for room in floor}


def test_files_and_folders_that_it_names_are_there():
    named = set(re.findall(r"`([a-z_]+/[\w/.*]*)`", PAGE)) - {"src/skyshield/"}
    assert len(named) > 30
    missing = [name for name in sorted(named) if not list(PACKAGE.glob(name.rstrip("/")))]
    assert missing == []


def test_names_that_it_puts_beside_a_file_are_in_it():
    code = "\n".join(path.read_text("utf-8") for path in PACKAGE.rglob("*.py"))
    named = set(re.findall(r"[`“]([A-Za-z_]+)[`”]", PAGE)) - {room for floor in layers() for room in floor}
    assert len(named) > 5
    assert [name for name in sorted(named) if not re.search(rf"\b{name}\b", code)] == []
