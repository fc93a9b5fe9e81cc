"""The reference page of the commands says what the commands say, and their examples run."""

import importlib.util
import shlex
from pathlib import Path
from types import ModuleType

import pytest
import typer

from skyshield.cli.main import COMMANDS, build

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def tool() -> ModuleType:
    spec = importlib.util.spec_from_file_location("make_commands", ROOT / "tools" / "make_commands_reference.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def commands(tool: ModuleType):
    return list(tool.leaves(typer.main.get_command(build(COMMANDS)), ("skyshield",)))


def test_the_page_is_what_the_commands_give(tool):
    assert tool.PAGE.read_text("utf-8") == tool.page(), "out of date: run make reference"


def test_every_command_and_option_is_on_the_page_with_a_word_about_it(tool):
    page = tool.PAGE.read_text("utf-8")
    found = commands(tool)
    assert {path[1] for path, _ in found} == set(COMMANDS)
    for path, command in found:
        part = page.split(f"## `{' '.join(path)}`\n")[1].split("\n## ")[0]
        assert command.help and command.epilog and "Example" in command.epilog, path
        for parameter in command.params:
            if parameter.name != "help":
                assert parameter.help, (path, parameter.name)
                assert all(f"`{flag}`" in part for flag in parameter.opts if flag.startswith("--")), path


def test_every_command_can_write_json(tool):
    for path, command in commands(tool):
        assert any("--json" in parameter.opts for parameter in command.params), path


def test_a_missing_option_is_noticed(tool):
    assert tool.page().replace("| `--seed` |", "") != tool.PAGE.read_text("utf-8")


def test_examples_are_calls_the_commands_understand(tool):
    for path, command in commands(tool):
        lines = [line.replace("Example:", "").strip() for line in command.epilog.replace("\b", "").splitlines()]
        calls = [shlex.split(line) for line in lines if line.startswith("skyshield")]
        assert calls, path
        for call in calls:
            assert call[: len(path)] == list(path)
            context = command.make_context(" ".join(path), call[len(path):], resilient_parsing=False)
            assert context.params
