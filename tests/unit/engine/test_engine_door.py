"""One door to the engine's steps: no module but `skyshield.engine.day`, and the steps themselves, imports them.

Shown to fail: the backtest calling `play_day`, as it did.
"""

import ast
import tomllib
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
PACKAGE = ROOT / "src" / "skyshield"
STEPS = "skyshield.engine.steps"
DOOR = "skyshield.engine.day"


def module_name(path: Path) -> str:
    return ".".join(("skyshield", *path.relative_to(PACKAGE).with_suffix("").parts)).removesuffix(".__init__")


def imports(source: str) -> Iterator[str]:
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.ImportFrom) and node.module is not None:
            yield from (f"{node.module}.{alias.name}" for alias in node.names)
        elif isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)


def test_no_other_module_imports_steps() -> None:
    through = {module_name(path) for path in PACKAGE.rglob("*.py")
               if any(name.startswith(STEPS) for name in imports(path.read_text("utf-8")))}
    assert {name for name in through if not name.startswith(STEPS)} == {DOOR}
    assert next(imports("from skyshield.engine.steps import cost")).startswith(STEPS)


def test_the_contract_forbids_it_to_every_room_and_every_other_module_of_the_engine() -> None:
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"]["contracts"]
    contract = next(one for one in contracts if one.get("forbidden_modules") == [STEPS])
    rooms = {f"skyshield.{path.name}" for path in PACKAGE.iterdir() if (path / "__init__.py").exists()}
    engine = {module_name(path) for path in (PACKAGE / "engine").glob("[!_]*.py")}
    assert set(contract["source_modules"]) == rooms - {"skyshield.engine"} | engine - {DOOR}


def test_the_whole_day_is_compiled_once() -> None:
    """What Python calls is compiled by itself, a minute for the whole day: `play_block` is that one entry."""
    places = (PACKAGE, ROOT / "tests")
    called = {path.name for place in places for path in place.rglob("*.py") for name in imports(path.read_text("utf-8"))
              if name == f"{DOOR}.play_day"}
    assert called == set()
