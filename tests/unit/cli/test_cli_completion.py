"""Completion by the tabulator key: the emitted scripts, sourced by real shells, and asked what a line may become.

Tried to fail: options that only one of two studies has, bash's split at the equals sign not put together again,
folders without a slash. Each fails at least one test.
"""

import json
import os
import shlex
import shutil
import subprocess
import sys
import typing
from pathlib import Path

import pytest
import typer

from skyshield.catalogue import load_catalogue
from skyshield.cli import completing
from skyshield.cli.main import COMMANDS, build
from skyshield.monitoring.agreement.model import ActCode, Party
from skyshield.monitoring.ledger.store import LEVELS
from skyshield.report.daily.job import FORMATS as DAILY
from skyshield.scenario import load
from skyshield.scenario.load import library
from support.command_line import SKYSHIELD, parsed, refused, skyshield

HEAVY = ("numba", "numpy", "pandas", "pydantic", "scipy", "shapely", "duckdb", "pyproj", "yaml", "rich")


@pytest.fixture(scope="module")
def place(tmp_path_factory) -> Path:
    """A folder with two studies' manifests, a scenario, a record and a few other things."""
    folder = tmp_path_factory.mktemp("completion")
    for name, options in {"mine": ["own", "region", "region_100", "cities"], "theirs": ["own", "region_100"]}.items():
        (folder / name).mkdir()
        (folder / name / "study.json").write_text(json.dumps({"options": options}), "utf-8")
    (folder / "dry.yaml").write_text("name: dry\noptions:\n  own:\n    label: a\n  # so\n  zone_near:\n    label: b\n",
                                     "utf-8")
    for name in ("dry.txt", "raids.csv", "fit.yml"):
        (folder / name).write_text("x", "utf-8")
    for shell in completing.SHELLS:
        (folder / f"completion.{shell}").write_text(skyshield("completion", shell).stdout, "utf-8")
    return folder


def in_shell(shell: str, place: Path, script: str) -> list[str]:
    """Return the lines that a script prints in a shell that has read the completion of the program."""
    if shutil.which(shell) is None:
        pytest.skip(f"{shell} is not installed on this machine (.ci/run installs it)")
    environment = {**os.environ, "PATH": f"{Path(SKYSHIELD).parent}:{os.environ['PATH']}", "HOME": str(place)}
    flags = {"bash": ["--norc", "--noprofile"], "zsh": ["-f"], "fish": ["--no-config"]}[shell]
    done = subprocess.run([shell, *flags, "-c", script], cwd=place, env=environment, stdin=subprocess.DEVNULL,
                          capture_output=True, encoding="utf-8", timeout=60, check=False)
    assert done.stderr == "", done.stderr
    return done.stdout.splitlines()


def bash(place: Path, words: list[str]) -> list[str]:
    quoted = " ".join(map(shlex.quote, words))
    return in_shell("bash", place, f"""source completion.bash
compopt() {{ :; }}  # is known while a person types only
COMP_WORDS=({quoted}); COMP_CWORD={len(words) - 1}
$(complete -p skyshield | sed 's/.*-F \\([^ ]*\\) .*/\\1/') skyshield {shlex.quote(words[-1])} ''
[ ${{#COMPREPLY[@]}} -eq 0 ] || printf '%s\\n' "${{COMPREPLY[@]}}" """)


def zsh(place: Path, words: list[str]) -> list[str]:
    quoted = " ".join(map(shlex.quote, words))
    return in_shell("zsh", place, f"""compdef() {{ completer=$1 }}  # are known while a person types only
compadd() {{ while [[ $1 != -- ]]; do shift; done; shift; [[ $# -eq 0 ]] || print -l -- "$@" }}
source ./completion.zsh
words=({quoted}); CURRENT={len(words)}
$completer""")


def fish(place: Path, words: list[str]) -> list[str]:
    line = " ".join([*map(shlex.quote, words[:-1]), words[-1]])
    return in_shell("fish", place, f"source completion.fish; complete -C {shlex.quote(line)}")


LINES = {
    "a command": ("comp", {"compare", "completion"}),
    "a command of a group": ("scenario c", {"check"}),
    "an option": ("run month --o", {"--options", "--out"}),
    "an option that stands there already": ("run --out x --o", {"--options"}),
    "a shipped scenario or a file": ("run d", {"dry.yaml"}),
    "shipped scenarios": ("scenario show mo", {"month"}),
    "options of the default scenario": ("run --options aid_c", {"aid_cities"}),
    "options of a file": ("run dry.yaml --options z", {"zone_near"}),
    "one more option": ("run dry.yaml --options own,z", {"own,zone_near"}),
    "options of a study": ("compare mine --to re", {"region", "region_100"}),
    "options that both studies have": ("compare mine theirs --to re", {"region_100"}),
    "folders": ("compare mi", {"mine/"}),
    "a second folder": ("compare mine the", {"theirs/"}),
    "files of a kind": ("run --fit ", {"dry.yaml", "fit.yml", "mine/", "theirs/"}),
    "records": ("record ra", {"raids.csv"}),
    "keys of the catalogue": ("catalogue decoy_sh", {"decoy_share"}),
    "shells": ("completion ", {"bash", "zsh", "fish"}),
    "a number": ("run --vectors ", set()),
    "a command that is none": ("fly ", set()),
}


@pytest.mark.parametrize("shell", [bash, zsh, fish], ids=lambda shell: shell.__name__)
@pytest.mark.parametrize("what", LINES)
def test_what_a_line_may_become(shell, what, place):
    line, expected = LINES[what]
    assert set(shell(place, ["skyshield", *line.split(" ")])) == expected


def test_a_value_after_an_equals_sign(place):
    assert bash(place, ["skyshield", "run", "dry.yaml", "--options", "=", "z"]) == ["zone_near"]
    assert bash(place, ["skyshield", "run", "dry.yaml", "--options", "="]) == ["own", "zone_near"]
    for shell in (zsh, fish):
        assert shell(place, ["skyshield", "run", "dry.yaml", "--options=z"]) == ["--options=zone_near"]


def test_the_answer_needs_nothing_heavy(place):
    code = ("import sys, os; os.environ['_SKYSHIELD_COMPLETE'] = 'bash'\n"
            "from skyshield.cli import main\n"
            "try:\n    main.main(['compare', 'mine', '--to', ''])\nexcept SystemExit: pass\n"
            f"print([name for name in {HEAVY} if name in sys.modules])")
    done = subprocess.run([sys.executable, "-c", code], cwd=place, capture_output=True, encoding="utf-8",
                          timeout=60, check=True)
    assert done.stdout.splitlines() == ["own", "region", "region_100", "cities", "[]"]


def test_names_read_line_by_line_are_those_of_the_scenario_and_the_catalogue():
    for name in library():
        text = (completing._LIBRARY / f"{name}.yaml").read_text("utf-8")
        assert completing.option_names(text) == [option.name for option in load(name).options]
    assert set(completing._keys(None, "")) == set(load_catalogue())


def test_the_monitor_s_words_are_its_own():
    assert typing.get_args(ActCode) == completing._ACTS and typing.get_args(Party) == completing._PARTIES
    assert tuple(LEVELS) == completing._LEVELS and tuple(DAILY) == completing._DAILY


def test_every_placeholder_of_a_choice_is_known():
    """What follows a parameter is told by its placeholder: one that names things must be in the table, or be free."""
    free = {"N", "K", "PCT", "DATE", "DATE,DATE", "ADDRESS", "NAME", "NAME=+5%", "NAME=VALUE", "STATE=SHARE", "YEARS",
            "ID", "LON,LAT", "TIME", "VKEY", "ZONE", "VALUE", "SHARE", "D:B:BETA,…", "M", "N,M", "TEXT", "WHO",
            "DAY", "EVENT", "RECORD"}
    root = typer.main.get_command(build(COMMANDS))
    leaves = [leaf for command in root.commands.values()
              for leaf in getattr(command, "commands", {"": command}).values()]
    shown = {one.metavar for leaf in leaves for one in leaf.params
             if one.param_type_name == "argument" or not one.is_flag}
    assert shown - free == set(completing._VALUES)


def test_the_scripts_and_a_shell_without_one():
    for shell in completing.SHELLS:
        content = parsed(skyshield("completion", shell, "--json"))
        assert content == {"shell": shell, "script": skyshield("completion", shell).stdout}
        assert "skyshield completion" in content["script"].splitlines()[1]
    refused(skyshield("completion", "tcsh"), 2, "tcsh", "bash, zsh, fish")


@pytest.mark.parametrize("words", [["run", "--vectors"], ["compare", "nowhere", "--to", ""], ["scenario"], [],
                                   ["run", "\x00.yaml", "--options", ""], ["compare", "--", "-"]])
def test_an_odd_line_is_no_error(words, place):
    done = subprocess.run([SKYSHIELD, *(word.replace("\x00", "\n") for word in words)], cwd=place, timeout=60,
                          env={**os.environ, "_SKYSHIELD_COMPLETE": "bash"}, capture_output=True, check=False)
    assert (done.returncode, done.stderr) == (0, b"")
