"""The built wheel serves the page, with all that it is made of."""

import json
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from support.application import Served

ROOT = Path(__file__).parents[3]
# Neither are served nor needed where the program runs: types for the check of the page.
UNSERVED = {".md", ".json"}


@pytest.fixture(scope="module")
def unpacked(tmp_path_factory) -> Path:
    """Return a folder with the package as the wheel has it, built from a copy of the sources."""
    place = tmp_path_factory.mktemp("wheel")
    source = place / "source"
    shutil.copytree(ROOT / "src", source / "src", ignore=shutil.ignore_patterns("__pycache__", "*.egg-info"))
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, source)
    subprocess.run([sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation", "--no-index",
                    "--wheel-dir", str(place), str(source)], check=True)
    shutil.rmtree(source)
    (wheel,) = place.glob("*.whl")
    with zipfile.ZipFile(wheel) as packed:
        packed.extractall(place / "site")
    return place / "site"


@pytest.fixture(scope="module")
def served_by_wheel(unpacked, tmp_path_factory):
    """Serve from the wheel alone: the sources of this checkout come after it."""
    script = ("import sys, skyshield\nprint(skyshield.__file__, file=sys.stderr, flush=True)\n"
              "from skyshield.cli.main import main\nmain(['app', sys.argv[1], '--json'])")
    folder = tmp_path_factory.mktemp("folder")
    process = subprocess.Popen([sys.executable, "-P", "-c", script, str(folder)], encoding="utf-8", cwd=folder,
                               stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                               env={**os.environ, "PYTHONPATH": str(unpacked)})
    try:
        assert Path(process.stderr.readline().strip()) == unpacked / "skyshield" / "__init__.py"
        yield Served(process, json.loads(process.stdout.readline()), folder)
    finally:
        process.terminate()
        process.communicate(timeout=10)


def test_the_wheel_holds_every_file_of_the_application(unpacked):
    def files(place: Path) -> set[str]:
        return {path.relative_to(place).as_posix() for path in place.rglob("*")
                if path.is_file() and path.suffix != ".pyc"}

    here = files(ROOT / "src" / "skyshield" / "app")
    assert files(unpacked / "skyshield" / "app") == here
    assert {"templates/lab.html.j2", "static/lab.js", "static/vendor/lit-html.js", "levers.yaml",
            "data/month.json"} <= here


def test_the_wheel_serves_the_page_and_all_that_it_names(served_by_wheel):
    page = served_by_wheel.ask("GET", "/")
    assert page.status == 200
    assert page.header("content-type") == "text/html; charset=utf-8"
    static = ROOT / "src" / "skyshield" / "app" / "static"
    for path in sorted(static.rglob("*")):
        if path.is_file() and path.suffix not in UNSERVED and not path.name.endswith(".d.ts"):
            answer = served_by_wheel.ask("GET", f"/static/{path.relative_to(static).as_posix()}")
            assert (answer.status, answer.body) == (200, path.read_bytes()), path
    for target in ("/lab.json", "/studies", "/studies.json", "/runs", "/compare", "/api/scenarios", "/openapi.json"):
        assert served_by_wheel.ask("GET", target).status == 200, target
    assert served_by_wheel.ask("GET", "/lab.json").json()["figures"]["final"]
    assert served_by_wheel.ask("GET", "/api/worker").json()["state"] in ("starting", "compiling", "ready", "playing")
