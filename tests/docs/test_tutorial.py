"""The figures of the tutorial are made by its own run: the tool that writes them, on a small page and on the tutorial.

That the tutorial at its full size prints what it shows is one of the long tests (`test_pages`). Tried to fail: figures
of the prose left as they are.
"""

import importlib.util
import re
import shlex
import sys
from pathlib import Path

import pytest

from support.command_line import few_arms
from support.forks import Forks

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs/tutorial/first-comparison.md"

SMALL = """# A small one

```console
$ skyshield run {few} --vectors 3 --replications 2 --days 3 --out mine
...
own, per 3 days
...
leaked/uav    1,234 ...
...
report: mine/report.html
$ skyshield compare mine mine
Paired: both met the same raids, so differences are taken over the 9 vectors x 8 replications that both have.
...
```

In these days `1,234` UAVs reach an aim, of `9` vectors. But `77` stays.
"""


@pytest.fixture(scope="module")
def tool():
    spec = importlib.util.spec_from_file_location("make_tutorial", ROOT / "tools" / "make_tutorial.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_a_page_gets_the_figures_of_its_own_run(tool, tmp_path, tmp_path_factory, forked: Forks):
    text = SMALL.format(few=few_arms(tmp_path_factory))

    def perform(words, _):
        done = forked(*words[1:], cwd=tmp_path)
        assert done.returncode == 0, done.stderr
        return done.stdout

    made, missing = tool.remade(text, perform)
    assert missing == []
    shown = re.search(r"^leaked/uav +([\d,.]+) .*\.\.\.$", made, re.MULTILINE)
    assert shown is not None and shown[1] != "1,234" and f"In these days `{shown[1]}` UAVs" in made
    assert "over the 3 vectors x 2 replications that both have." in made
    assert "of `3` vectors. But `77` stays." in made
    assert tool.remade(made, perform) == (made, [])  # the same command, the same figures
    wrong = made.replace(shown[1], "7,654")
    assert tool.remade(wrong, perform)[0] == made
    gone = made.replace("Paired: both met", "Paired: all met")
    assert tool.remade(gone, perform)[1][0].startswith("Paired: all met")


def test_the_tool_refuses_a_page_that_is_out_of_date(tool, tmp_path, monkeypatch, capsys):
    page = tmp_path / "page.md"
    page.write_text("```console\n$ skyshield scenario check skyshield\nskyshield: 3 options, 4 finding\n```\n`3`\n",
                    "utf-8")
    monkeypatch.setattr(sys, "argv", ["make_tutorial.py", str(page), "--check"])
    assert tool.main() == 1 and "`3`" in page.read_text("utf-8")
    monkeypatch.setattr(sys, "argv", ["make_tutorial.py", str(page)])
    assert tool.main() == 0
    assert page.read_text("utf-8").endswith("skyshield: 10 options, 1 finding\n```\n`10`\n")
    monkeypatch.setattr(sys, "argv", ["make_tutorial.py", str(page), "--check"])
    assert tool.main() == 0


def test_the_tutorial_as_it_stands_is_its_own_outcome(tool):
    """Played back, its own lines leave every figure of the page where it is, in the prose too."""
    text = PAGE.read_text("utf-8")
    shown = {}
    for block in re.findall(r"^```console\n(.*?)^```$", text, re.MULTILINE | re.DOTALL):
        for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
            first, *lines = part.splitlines()
            shown[tuple(shlex.split(first, comments=True))] = "\n".join(lines)
    assert tool.remade(text, lambda words, _: shown[tuple(words)]) == (text, [])
