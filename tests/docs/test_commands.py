"""The page of the commands is what the program says of itself, and its examples run."""

import importlib.util
import json
import re
import shlex
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
import typer

from skyshield.cli.main import COMMANDS, build
from skyshield.monitoring.agreement.load import LIBRARY
from skyshield.scenario import library, load
from skyshield.scenario.load import dump
from support.application import served
from support.command_line import FIXED, few_arms, made_once
from support.forks import Forks
from support.records import alerts, record

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs/reference/commands.md"
SMALL = {"run": ("--vectors", "2", "--replications", "2", "--days", "1"),  # given last, they win
         "sensitivity": ("--options", "region", "--replications", "1", "--days", "1"),
         "explore": ("--options", "region", "--cases", "20", "--replications", "1", "--days", "1")}
ON_MANY_WORLDS = ("sensitivity", "explore")  # they play a world, or several, for each number that is not fixed
FEW_CASES = """from skyshield.cli.main import main
from skyshield.evidence.verification import registry
whole = registry.verify
registry.verify = lambda seed, moved=None, progress=None: whole(seed, moved, progress, registry.CASES[:3])
main({0!r})
"""  # all are played by `verify` in test_cli_verify, and one by one in test_every_verification_case
MAKES = {"init": 2, "export": 3}  # the word that names the new folder
WEEKS = ("from,to,count,exposure\n2031-01-06,2031-01-12,3,1\n2031-01-13,2031-01-19,5,1\n"
         "2031-01-20,2031-01-26,2,1\n2031-01-27,2031-02-02,14,1\n")
DESIGN = "name: two\nbudget: {units: 3}\nmeans: {patrol: {q: 0.2}}\nsectors: [{name: a}, {name: b}]\n"
AGREEMENTS = "Con,Dat,Stage,Loc1ISO,Ce,ImE\nA,2014-09-05,Cea,UKR,2,0\nB,1994-05-14,Cea,GEO,3,1\n"
PATROL = "time,lon,lat,method,act,observer\n2016-02-01 10:00:00,38.0,48.2,heard,V2,A. Example\n"


def loaded(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, ROOT / "tools" / f"{name}.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


TOOL = loaded("make_commands_reference")


def sections() -> dict[str, str]:
    """Return the page's text by heading."""
    parts = re.split(r"^#+ (.*)$", PAGE.read_text("utf-8"), flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def test_the_page_is_up_to_date() -> None:
    assert PAGE.read_text("utf-8") == TOOL.page(), "run python tools/make_commands_reference.py"


def leaves(command: Any = None, words: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any]]:
    command = typer.main.get_command(build(COMMANDS)) if command is None else command
    for name, child in command.commands.items():
        if getattr(child, "commands", None):
            yield from leaves(child, (*words, name))
        else:
            yield (*words, name), child


@pytest.mark.parametrize("words", [words for words, _ in leaves()], ids=" ".join)
def test_every_command_and_option_is_documented(words: tuple[str, ...]) -> None:
    command = dict(leaves())[words]
    text = sections()[" ".join(words)]
    assert command.help in text
    assert f"skyshield {' '.join(words)}" in text
    for parameter in command.params:
        row = next((line for line in text.splitlines() if line.startswith("| `") and (
            re.search(rf"`{parameter.opts[0]}\b", line) or f"| `{parameter.metavar}` |" in line)), None)
        assert row is not None, f"{' '.join(words)}: {parameter.name} is not documented"
        assert parameter.help in row


def test_every_exit_code_is_documented() -> None:
    text = sections()["Commands"]
    assert re.findall(r"^\| (\d+) \|", text, re.MULTILINE) == ["0", "1", "2", "3", "130"]


def test_a_stale_page_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
                               capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(TOOL, "PAGE", tmp_path / "reference" / "commands.md")
    monkeypatch.setattr(sys, "argv", ["make_commands_reference.py", "--check"])
    assert TOOL.main() == 1
    assert not (tmp_path / "reference").exists()
    monkeypatch.setattr(sys, "argv", ["make_commands_reference.py"])
    assert TOOL.main() == 0
    monkeypatch.setattr(sys, "argv", ["make_commands_reference.py", "--check"])
    capsys.readouterr()
    assert TOOL.main() == 0
    TOOL.PAGE.write_text(TOOL.PAGE.read_text("utf-8").replace("--jobs N", "--jobs M"), "utf-8")
    assert TOOL.main() == 1
    assert capsys.readouterr().err == "commands.md is out of date: run python tools/make_commands_reference.py\n"


def examples() -> list[str]:
    """Every example of the help, those of the program itself too."""
    root = typer.main.get_command(build(COMMANDS))
    shown = [line for _, command in leaves() for line in TOOL.examples(command)]
    shown += TOOL.examples(root) + re.findall(r"Example: (skyshield [^\n]+)", root.help or "")
    return list(dict.fromkeys(shown))


@pytest.fixture(scope="session")
def there(tmp_path_factory: pytest.TempPathFactory, forked: Forks) -> Path:
    """What examples speak of: a record, alerts, a study, a scenario of one's own, a ledger and its export."""
    def make(place: Path) -> None:
        (place / "missile_attacks_daily.csv").write_text(record(), "utf-8")
        (place / "alerts.csv.gz").write_text(alerts(), "utf-8")
        study = ("run", few_arms(tmp_path_factory), *SMALL["run"], "--out", "study")  # `run skyshield` is an example
        shutil.copy(LIBRARY / "minsk-2015.yaml", place / "agreement.yaml")
        (place / "patrol.csv").write_text(PATROL, "utf-8")
        (place / "weeks.csv").write_text(WEEKS, "utf-8")
        (place / "design.yaml").write_text(DESIGN, "utf-8")
        (place / "pax.csv").write_text(AGREEMENTS, "utf-8")
        for name in library():
            (place / f"{name}-fixed.yaml").write_text(json.dumps({**dump(load(name)), "assumptions": FIXED}), "utf-8")
        for words in (study, ("scenario", "new", "my.yaml"),
                      ("monitor", "init", "mission", "--agreement", "agreement.yaml"),
                      ("monitor", "ingest", "mission", "patrol.csv", "--source", "patrol 3", "--zone", "Europe/Kyiv"),
                      ("monitor", "export", "mission", "published")):
            done = forked(*words, cwd=place)
            assert done.returncode == 0, done.stderr
        shutil.copy(place / "published/checkpoint", place / "published.txt")

    return made_once(tmp_path_factory, "examples", make)


def test_the_page_shows_every_example() -> None:
    shown = [line for _, command in leaves() for line in TOOL.examples(command)]
    assert shown == re.findall(r"^\$ (.*)$", PAGE.read_text("utf-8"), re.MULTILINE)
    assert len(shown) >= len(list(leaves()))


def _of_its_event(words: list[str], place: Path, forked: Forks) -> list[str]:
    """Put the ledger's event in the place of the example's, its case open if a step is to be taken."""
    found = json.loads(forked("monitor", "assess", "mission", "--json", cwd=place).stdout)["events"][0]["id"]
    asked = [*words[:3], found, *words[4:]]
    if "--step" in words:
        (place / words[-1]).write_text("{step: vote, member: chair, vote: yes, party: UA}\n", "utf-8")
        opened = forked(*asked[:-2], cwd=place)
        assert opened.returncode == 0, opened.stderr
    return asked


@pytest.mark.parametrize("line", examples())
def test_every_example_of_the_help_runs(line: str, there: Path, tmp_path: Path, forked: Forks) -> None:
    place = tmp_path / "there"
    shutil.copytree(there, place)
    words = shlex.split(line)[1:]
    sized = (*words, *SMALL.get(words[0], ()))
    if words[0] in ON_MANY_WORLDS:  # the options that the example names are those of the shipped scenario
        assert words[1] in library()
        sized = (words[0], f"{words[1]}-fixed.yaml", *sized[2:])
    if words[:2] == ["scenario", "new"]:
        (place / words[2]).unlink()
    elif words[0] == "monitor":
        if words[1] in MAKES:
            shutil.rmtree(place / words[MAKES[words[1]]])
    elif "--out" in words:
        sized = (*sized, "--force")
    if words[0] == "app":  # which serves until it is told to end
        with served(place / words[1]) as server:
            assert server.ask("GET", "/healthz").status == 200
            assert server.leave()[0] == 0
        return
    if words[:2] == ["monitor", "case"]:
        sized = _of_its_event(words, place, forked)
    done = forked.python(FEW_CASES.format(sized), place) if words[0] == "verify" else forked(*sized, cwd=place)
    assert done.returncode == 0, f"{line}: {done.stderr}"
    assert done.stdout
