"""Python in the documentation: every block names what it uses, and every page's blocks run one after the other.

Tried against mutations: a name that no block of a page defines; an option that the study does not have. Each fails.
"""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import skyshield
from support.api_study import OPTIONS, asked
from support.command_line import made_once

DOCS = Path(__file__).resolve().parents[2] / "docs"
BLOCK = re.compile(r"^```python\n(.*?)^```", flags=re.DOTALL | re.MULTILINE)
PAGES = {str(path.relative_to(DOCS)): "\n".join(BLOCK.findall(path.read_text("utf-8")))
         for path in sorted(DOCS.rglob("*.md")) if BLOCK.search(path.read_text("utf-8"))}
ON_A_CLUSTER = {"how-to/use-a-cluster.md"}  # needs a batch system


@pytest.fixture(scope="module")
def studies(tmp_path_factory):
    """Folders that pages speak of: a study with its clauses priced, and the totals that another page exported."""
    def make(place):
        scenario = asked().chosen(OPTIONS)
        study = skyshield.run(scenario.with_clauses_dropped(), vectors=2, replications=2, out=place / "ruled")
        study.export(place / "totals.parquet")

    return made_once(tmp_path_factory, "python-examples", make)


def test_pages_with_python_are_found():
    assert {"how-to/use-from-python.md", "how-to/sweep-the-answer.md", "how-to/export.md"} <= set(PAGES)


@pytest.mark.parametrize("page", PAGES)
def test_no_block_needs_a_name_that_the_page_does_not_define(page, tmp_path):
    script = tmp_path / "page.py"
    script.write_text(PAGES[page], "utf-8")
    command = [sys.executable, "-m", "ruff", "check", "--isolated", "--select", "F821,F823,F811", str(script)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("page", [page for page in PAGES if page not in ON_A_CLUSTER])
def test_the_blocks_of_a_page_run(page, studies, tmp_path, forked):
    place = tmp_path / "there"
    shutil.copytree(studies, place)
    done = forked.python(PAGES[page], place)
    assert done.returncode == 0, done.stderr
    assert "Traceback" not in done.stderr
