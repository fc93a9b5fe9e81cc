"""Help: of every command, with an example, at once."""

import re
import subprocess
import sys

import pytest
import typer

from skyshield.cli.main import COMMANDS, build
from skyshield.version import VERSION
from support.command_line import skyshield

HEAVY = ("numba", "numpy", "pandas", "matplotlib", "scipy", "shapely", "duckdb", "pint", "pyproj", "xarray", "yaml")


def commands() -> dict[tuple[str, ...], object]:
    """Return every command that does something, by its words."""
    result: dict[tuple[str, ...], object] = {}

    def walk(command: object, words: tuple[str, ...]) -> None:
        below = getattr(command, "commands", None)
        if below is None:
            result[words] = command
            return
        for name, child in below.items():
            walk(child, (*words, name))

    walk(typer.main.get_command(build(COMMANDS)), ())
    return result


def test_the_commands_of_the_design_that_exist_so_far():
    assert set(commands()) == {("run",), ("compare",), ("record",), ("fit",), ("backtest",), ("verify",),
                               ("sensitivity",), ("explore",), ("catalogue",), ("completion",), ("export",),
                               ("report",), ("app",),
                               ("scenario", "list"), ("scenario", "show"), ("scenario", "check"),
                               ("scenario", "new"), ("scenario", "matrix"), ("scenario", "defence"),
                               ("scenario", "feasible"), ("strategy", "commitments"), ("strategy", "burden"),
                               ("strategy", "ledgers"), ("strategy", "renewal"), ("strategy", "timing"),
                               ("strategy", "response"), ("strategy", "ladder"), ("claims",),
                               ("monitor", "check"), ("monitor", "init"), ("monitor", "verify"),
                               ("monitor", "export"), ("monitor", "proof"), ("monitor", "cosign"),
                               ("monitor", "ingest"), ("monitor", "erase"), ("monitor", "design"), ("monitor", "game"),
                               ("monitor", "rates"), ("monitor", "assess"), ("monitor", "holding"), ("monitor", "arl"),
                               ("monitor", "report"), ("monitor", "case")}


@pytest.mark.parametrize("words", commands(), ids=" ".join)
def test_every_command_has_help_an_example_and_json(words, forked):
    done = forked(*words, "--help")
    assert (done.returncode, done.stderr) == (0, "")
    text = " ".join(done.stdout.split())
    assert text.startswith(f"Usage: skyshield {' '.join(words)} ")
    assert f"Example: skyshield {' '.join(words)}" in text
    assert "--json" in text
    assert " COMMAND [ARGS]" not in text


@pytest.mark.parametrize("group", [(), ("scenario",), ("strategy",), ("monitor",)])
def test_a_group_lists_all_its_commands(group, forked):
    done = forked(*group, "--help")
    assert (done.returncode, done.stderr) == (0, "")
    listed = re.findall("^  ([a-z]+) ", done.stdout.split("Commands:\n")[1], re.MULTILINE)
    assert listed == list(dict.fromkeys(words[len(group)] for words in commands() if words[:len(group)] == group))
    assert f"Example: {' '.join(('skyshield', *group))}" in " ".join(done.stdout.split())


def test_every_option_says_what_it_does():
    for words, command in commands().items():
        for parameter in command.params:
            assert getattr(parameter, "help", None), f"{' '.join(words)}: {parameter.name} has no help"


@pytest.mark.parametrize("words", [("--help",), ("run", "--help"), ("fit", "--help"), ("verify", "--help"),
                                   ("scenario", "--help"), ("catalogue", "--help"), ("--version",), ("rum",)])
def test_help_imports_nothing_heavy(words):
    script = ("import sys\nfrom skyshield.cli.main import main\ntry:\n    main(sys.argv[1:])\nfinally:\n"
              f"    print(*[m for m in {HEAVY} if m in sys.modules], file=sys.stderr)")
    done = subprocess.run([sys.executable, "-c", script, *words], capture_output=True, encoding="utf-8", check=False)
    assert done.stderr.splitlines()[-1] == ""


def test_the_version(forked):
    for words in (("--version",), ("--version", "run")):
        done = forked(*words)
        assert (done.returncode, done.stdout, done.stderr) == (0, f"{VERSION}\n", "")


def test_python_m_is_the_same_command():
    module = subprocess.run([sys.executable, "-m", "skyshield", "--help"], capture_output=True, encoding="utf-8",
                            check=False)
    installed = skyshield("--help")
    assert (module.returncode, module.stdout, module.stderr) == (0, installed.stdout, "")
