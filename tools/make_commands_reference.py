"""Write ``docs/reference/commands.md`` from the definitions of the commands.

``--check`` writes nothing and fails if the page differs from what the commands say.
"""

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import typer

from skyshield.cli.main import COMMANDS, build

PAGE = Path(__file__).parents[1] / "docs" / "reference" / "commands.md"
WARNING = "<!-- Written by tools/make_commands_reference.py from src/skyshield/cli. Edit those. -->"
INTRODUCTION = """# Commands

Every command has `--help`, which ends with an example. Results go to standard output; with `--json` exactly one
object, with six significant digits, and nothing else. Progress goes to standard error, and only to a terminal.

| exit code | meaning |
|---|---|
| 0 | done |
| 1 | a check or a replication failed |
| 2 | bad input or usage |
| 3 | the machine: disk, memory, permission |
| 130 | interrupted; a study with `--out` can be resumed |

Whatever goes wrong is one line on standard error: `error: WHERE: WHAT; HOW TO MEND`."""


def leaves(command: Any, path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], Any]]:
    """Yield every command that does something, with its words."""
    inner = getattr(command, "commands", None)
    if inner is None:
        yield path, command
        return
    for name, part in inner.items():
        yield from leaves(part, (*path, name))


def cell(text: object) -> str:
    """Return text that cannot break a Markdown table."""
    return " ".join(str(text).split()).replace("|", r"\|")


def parameter_row(parameter: Any) -> str:
    """Return the table row of an argument or an option."""
    if parameter.param_type_name == "argument":
        name = f"`{parameter.metavar or parameter.name.upper()}`" + ("" if parameter.required else " (optional)")
    else:
        name = ", ".join(f"`{flag}`" for flag in parameter.opts)
    default = parameter.default
    shown = "" if default is None or isinstance(default, bool) or parameter.required else f"`{default}`"
    return f"| {name} | {cell(shown)} | {cell(parameter.help or '')} |"


def section(path: tuple[str, ...], command: Any) -> list[str]:
    """Return the lines of one command."""
    examples = [line.strip() for line in (command.epilog or "").replace("\b", "").removeprefix("\n").splitlines()]
    examples = [line.removeprefix("Example:").strip() for line in examples]
    lines = [f"## `{' '.join(path)}`", "", cell((command.help or "").split("\n\n")[0]), "",
             "| argument or option | default | what |", "|---|---|---|"]
    lines += [parameter_row(p) for p in command.params if p.name not in ("help",)]
    return [*lines, "", "```console", *(f"$ {line}" for line in examples if line), "```", ""]


def page() -> str:
    """Return the page."""
    lines = [WARNING, "", INTRODUCTION, ""]
    for path, command in leaves(typer.main.get_command(build(COMMANDS)), ("skyshield",)):
        lines += section(path, command)
    return "\n".join(lines).rstrip() + "\n"


def main() -> int:
    """Write the page, or check it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true")
    text = page()
    if parser.parse_args().check:
        stale = not PAGE.exists() or PAGE.read_text("utf-8") != text
        if stale:
            print(f"{PAGE.name} is out of date: run python tools/make_commands_reference.py", file=sys.stderr)
        return int(stale)
    PAGE.write_text(text, "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
