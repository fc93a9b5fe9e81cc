"""Write the reference page of the commands from their definitions.

``python tools/make_commands_reference.py`` writes ``docs/reference/commands.md``; ``--check`` writes nothing
and fails if the page differs from what the program says of itself.
"""

import argparse
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import typer

from skyshield.cli.main import COMMANDS, INTERRUPTED, build
from skyshield.core.errors import BAD_INPUT, FAILED, MACHINE

PAGE = Path(__file__).parents[1] / "docs" / "reference" / "commands.md"
WARNING = "<!-- Written by tools/make_commands_reference.py from src/skyshield/cli. Edit the commands. -->"
CODES = {
    0: "done",
    FAILED: "a check or a replication failed; the rest is printed and kept",
    BAD_INPUT: "bad input or usage: something to mend in the command or in a file",
    MACHINE: "the machine: disk, memory, permission",
    INTERRUPTED: "interrupted from the keyboard; a study with `--out` goes on when the command is given again",
}
COMMON = f"""Every command takes `--help` and `--json`. With `--json`, standard output holds one JSON object and nothing
else; after an error it is empty. A study's figures have six significant digits there. Progress is shown on standard
error, and only if that is a terminal.

An error is one line on standard error: `error: WHERE: WHAT; HOW TO MEND`. It leaves nothing half written. Set
`SKYSHIELD_TRACEBACK=1` to see where in the program it arose. A finding that does not stop a command is a line
`note: WHERE: WHAT; HOW TO MEND` there.

| exit code | meaning |
| --- | --- |
{chr(10).join(f"| {code} | {meaning} |" for code, meaning in CODES.items())}"""


def commands(command: Any = None, words: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any]]:
    """Yield every command and group below the program's own, with its words, in the order of the help."""
    command = typer.main.get_command(build(COMMANDS)) if command is None else command
    for name, child in getattr(command, "commands", {}).items():
        yield (*words, name), child
        yield from commands(child, (*words, name))


def examples(command: Any) -> list[str]:
    """Return the command lines that a command's help gives as examples."""
    return [" ".join(line.split()) for line in re.findall(r"skyshield [^\n]+", command.epilog or "")]


def usage(words: tuple[str, ...], command: Any) -> str:
    """Return the line of usage: arguments, those that may be left out in brackets, then options."""
    if getattr(command, "commands", None):
        return f"skyshield {' '.join(words)} COMMAND"
    arguments = [name(p) if p.required else f"[{name(p)}]" for p in command.params if p.param_type_name == "argument"]
    return " ".join(("skyshield", *words, *arguments, "[OPTIONS]"))


def name(parameter: Any) -> str:
    """Return how an argument, or an option with its value, is written."""
    if parameter.param_type_name == "argument":
        return str(parameter.metavar or parameter.name.upper())
    value = "" if parameter.is_flag else f" {parameter.metavar or 'VALUE'}"
    return ", ".join(f"{opt}{value}" for opt in parameter.opts)


def parameters(command: Any) -> list[str]:
    """Return the table of a command's arguments and options."""
    rows = []
    for parameter in command.params:
        default = "" if parameter.default in (None, False) else f"`{parameter.default}`"
        default = "required" if parameter.required else default
        rows.append(f"| `{name(parameter)}` | {parameter.help} | {default} |".replace("  ", " "))
    return ["| argument or option | what | default |", "| --- | --- | --- |", *rows] if rows else []


def section(words: tuple[str, ...], command: Any) -> list[str]:
    """Return the lines of one command."""
    head = f"{'#' * (len(words) + 1)} {' '.join(words)}"
    lines = [head, "", command.help, "", "```text", usage(words, command), "```"]
    if getattr(command, "commands", None):
        below = ", ".join(f"[{child}](#{'-'.join((*words, child))})" for child in command.commands)
        return [*lines, "", f"Commands: {below}.", ""]
    shown = ["", "```console", *(f"$ {line}" for line in examples(command)), "```"]
    return [*lines, "", *parameters(command), *shown, ""]


def page() -> str:
    """Return what the page should hold."""
    lines = [WARNING, "", "# Commands", "", COMMON, ""]
    for words, command in commands():
        lines += section(words, command)
    return "\n".join([*lines, "Words: [glossary](glossary.md).", ""])


def main() -> int:
    """Write the page, or check it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing; fail if the page is out of date")
    check = parser.parse_args().check
    stale = not PAGE.exists() or PAGE.read_text("utf-8") != page()
    if stale and check:
        print(f"{PAGE.name} is out of date: run python tools/make_commands_reference.py", file=sys.stderr)
    elif stale:
        PAGE.parent.mkdir(parents=True, exist_ok=True)
        PAGE.write_text(page(), "utf-8")
    return int(check and stale)


if __name__ == "__main__":
    sys.exit(main())
