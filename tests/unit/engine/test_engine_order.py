"""The order of a day: one table, and everything that repeats it or follows it.

Mutations tried, each caught: two rows of the table changed over; a step that is played and not in the table; a sentence
of the docstring or of the page worded otherwise; a number left out.
"""

import ast
import inspect
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from skyshield.engine import day
from skyshield.engine.order import SCOPES, STEPS, published

ROOT = Path(__file__).resolve().parents[3]
PAGE = ROOT / "docs" / "reference" / "day.md"
STEP_FILES = ROOT / "src" / "skyshield" / "engine" / "steps"
PLAYED = ("draw_period", "play_block")  # the kernels that `play` calls to play a block, in order
ONCE_FOR = {"replication": "period", "day": "day", "day and option": "option"}


def one_line(text: str) -> str:
    return " ".join(text.split())


def imported_steps(tree: ast.Module) -> dict[str, str]:
    """Return the functions that a file imports from steps, as ``module.function``."""
    return {alias.asname or alias.name: f"{node.module.rsplit('.', 1)[1]}.{alias.name}"
            for node in tree.body if isinstance(node, ast.ImportFrom) and (node.module or "").startswith(
                "skyshield.engine.steps.") and node.module is not None for alias in node.names}


def calls(node: ast.AST) -> Iterator[str]:
    """Yield the names of the functions called, inner calls first, in the order of the source."""
    for child in ast.iter_child_nodes(node):
        yield from calls(child)
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
        yield node.func.id


def played(source: str, start: tuple[str, ...] = PLAYED) -> list[str]:
    """Return the step functions that kernels call, in order, those of kernels of the same file among them."""
    tree = ast.parse(source)
    steps = imported_steps(tree)
    kernels = {node.name: node for node in tree.body if isinstance(node, ast.FunctionDef)}

    def follow(name: str) -> Iterator[str]:
        for statement in kernels[name].body:
            for called in calls(statement):
                if called in steps:
                    yield steps[called]
                elif called in kernels:
                    yield from follow(called)

    return [function for name in start for function in follow(name)]


def rows_of_page(text: str) -> list[tuple[int, str, str]]:
    section = text.split("## 4. The order of a day")[1].split("\n## ")[0]
    return [(int(number), ONCE_FOR[scope], what) for number, scope, what in re.findall(
        r"^\| (\d+) \| ([a-z ]+) \| (.*?) \| [\d., ]+ \|$", section, re.MULTILINE)]


def test_steps_are_numbered_as_played() -> None:
    assert [step.number for step in STEPS] == list(range(1, len(STEPS) + 1))
    assert [step.scope for step in STEPS] == sorted((step.scope for step in STEPS), key=list(SCOPES).index)
    assert len({step.name for step in STEPS}) == len(STEPS)


def test_kernels_call_the_steps_in_the_order_of_the_table() -> None:
    assert played(inspect.getsource(day)) == [function for step in STEPS for function in step.functions]


def test_another_order_of_calls_is_noticed() -> None:
    source = inspect.getsource(day)
    use, fleet = (re.search(rf"^    {name}\(.*?\)\n", source, re.MULTILINE | re.DOTALL)
                  for name in ("use_day", "end_day"))
    assert use is not None and fleet is not None
    swapped = source.replace(use[0], "").replace(fleet[0], fleet[0] + use[0])
    assert played(swapped) != played(source)
    assert sorted(played(swapped)) == sorted(played(source))
    without = source.replace(fleet[0], "")
    assert len(played(without)) == len(played(source)) - 2  # with the losses that it is told of


def test_the_docstring_of_the_day_is_the_table() -> None:
    assert one_line(published()) in one_line(day.__doc__ or "")


def test_the_page_on_the_day_has_the_table() -> None:
    text = PAGE.read_text("utf-8")
    rows = rows_of_page(text)
    assert rows == [(step.number, step.scope, step.what) for step in STEPS]
    assert rows_of_page(text.replace("Route each threat.", "Route some.")) != rows


@pytest.mark.parametrize("path", sorted(STEP_FILES.glob("[!_]*.py")), ids=lambda path: path.stem)
def test_every_file_of_a_step_says_which_steps_it_is(path: Path) -> None:
    """Its first line begins with "Step 4", "Steps 2 and 4" or "Part of step 4"; a part lives in no row of its own."""
    first = (ast.get_docstring(ast.parse(path.read_text("utf-8"))) or "").splitlines()[0]
    head = re.match(r"(Part of s|S)teps? ([\d, and]+): ", first)
    assert head is not None, first
    numbers = [int(number) for number in re.findall(r"\d+", head[2])]
    lives_in = [step.number for step in STEPS if path.stem in step.modules]
    assert numbers == lives_in if lives_in else head[1] == "Part of s" and set(numbers) <= {s.number for s in STEPS}
