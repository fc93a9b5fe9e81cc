"""The words that may stand where a command line is being typed, for the shells' completion by the tabulator key.

The script that ``skyshield completion`` prints asks ``skyshield`` itself, with `ASKED` set in the environment and the
words typed so far as arguments, the unfinished one last, perhaps empty. The answer is a word a line. Nothing heavy is
imported: the names of options are read line by line from a scenario's text or from a study's manifest.

Commands and their options are those of the program; what may follow is told by the parameter's placeholder
(`_VALUES`), such as ``DIR`` for a folder.
"""

import contextlib
import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

ASKED = "_SKYSHIELD_COMPLETE"
SHELLS = ("bash", "zsh", "fish")
_PACKAGE = Path(__file__).parents[1]
_LIBRARY, _NUMBERS = _PACKAGE / "scenario" / "library", _PACKAGE / "catalogue" / "data"
_STATES = _PACKAGE / "forces" / "data" / "coalition.yaml"
_BACKSTOPS = ("none", "intelligence_and_logistics", "fires")
_RULES = ("gdp", "given", "equal")
_BRIEFS, _LANGUAGES = ("html", "pdf", "png"), ("en", "uk")
_DAILY = ("html", "pdf", "csv", "geojson")
_AGREEMENTS = _PACKAGE / "monitoring" / "library"
_ACTS, _PARTIES = tuple(f"V{number}" for number in range(1, 13)), ("RU", "UA", "CO", "OTHER")
_LEVELS = ("public", "parties", "mission", "commission")
_WINDOWS, _COUNTED, _SIDES = ("day", "week"), ("events", "deaths"), ("up", "down")
_NOT_NUMBERS = ("sources", "measures", "threat_classes", "bundles")
_YAML, _CSV = (".yaml", ".yml"), (".csv", ".csv.gz", ".csv.zip", ".json")
_MOST_BYTES = 4_000_000


class Line(NamedTuple):
    """A command line as far as it is typed: the command, its finished words, and what the unfinished one begins with.

    Attributes
    ----------
    command
        Of the program, or of one of its groups.
    values
        Finished values by the placeholder of their parameter.
    used
        Options that stand on the line.
    waiting
        The parameter whose value is being typed; None if it may be an option as well.
    """

    command: Any
    values: Mapping[str, Sequence[str]]
    used: frozenset[str]
    waiting: Any


def complete(words: Sequence[str], build: Callable[[tuple[str, ...]], Any], commands: tuple[str, ...]) -> list[str]:
    """Return the words that the last, unfinished one may become.

    Parameters
    ----------
    words
        After the program's name.
    build
        Makes the application of the commands named.
    commands
        All there are.
    """
    import typer

    joined, shown = _joined(words)
    *before, unfinished = joined or [""]
    if not before:
        return _beginning((*commands, "--help", "--version"), unfinished)
    if before[0] not in commands:
        return []
    command: Any = typer.main.get_command(build((before[0],)))
    rest = list(before)
    while getattr(command, "commands", None):
        if not rest:
            return _beginning((*command.commands, "--help"), unfinished)
        if rest[0] not in command.commands:
            return []
        command = command.commands[rest.pop(0)]
    found = _of_command(_read(command, rest), unfinished)
    return [word.removeprefix(shown) for word in found]


def _joined(words: Sequence[str]) -> tuple[list[str], str]:
    """Put ``--option = value``, as bash splits it, together again; return the words and what the last has too much.

    Examples
    --------
    >>> _joined(["run", "--options", "=", "re"]), _joined(["run", "--options=re"])
    ((['run', '--options=re'], '--options='), (['run', '--options=re'], ''))
    """
    joined: list[str] = []
    shown = ""
    for k, word in enumerate(words):
        if word == "=" and joined and joined[-1].startswith("--"):
            joined[-1] += "="
            shown = joined[-1] if k >= len(words) - 2 else ""
        elif joined and joined[-1].startswith("--") and joined[-1].endswith("=") and words[k - 1] == "=":
            joined[-1] += word
        else:
            joined.append(word)
    return joined, shown


def _read(command: Any, before: Sequence[str]) -> Line:
    """Take the finished words of a command apart."""
    options = {name: one for one in command.params for name in one.opts if one.param_type_name != "argument"}
    arguments = [one for one in command.params if one.param_type_name == "argument"]
    values: dict[str, list[str]] = {}
    used: set[str] = set()
    waiting, place, only_arguments = None, 0, False
    for word in before:
        name, equals, value = word.partition("=")
        if waiting is not None:
            values.setdefault(str(waiting.metavar), []).append(word)
            waiting = None
        elif word == "--" and not only_arguments:
            only_arguments = True
        elif name in options and not only_arguments:
            used.update(options[name].opts)
            if equals:
                values.setdefault(str(options[name].metavar), []).append(value)
            elif not options[name].is_flag:
                waiting = options[name]
        elif not word.startswith("-") and place < len(arguments):
            values.setdefault(str(arguments[place].metavar), []).append(word)
            place += 1
    if waiting is None and (only_arguments or place < len(arguments)):
        left = arguments[place] if place < len(arguments) else None
        return Line(command, values, frozenset(used), None if left is None else left)
    return Line(command, values, frozenset(used), waiting)


def _of_command(line: Line, unfinished: str) -> list[str]:
    """Return what may stand at the place of the unfinished word."""
    expects_value = line.waiting is not None and line.waiting.param_type_name != "argument"
    if not expects_value and unfinished.startswith("-"):
        name, equals, value = unfinished.partition("=")
        of = next((one for one in line.command.params if name in one.opts), None)
        if equals and of is not None:
            return [f"{name}={word}" for word in _values(of, line, value)]
        every = [opt for one in line.command.params if one.param_type_name != "argument"
                 for opt in one.opts if opt.startswith("--") and opt not in line.used]
        return _beginning([*every, "--help"], unfinished)
    return [] if line.waiting is None else _values(line.waiting, line, unfinished)


def _values(parameter: Any, line: Line, begin: str) -> list[str]:
    """Return the values that a parameter may have, by its placeholder."""
    make = _VALUES.get(str(parameter.metavar))
    return [] if make is None else list(make(line, begin))


def _beginning(words: Sequence[str], begin: str) -> list[str]:
    return [word for word in words if word.startswith(begin)]


def _files(begin: str, endings: tuple[str, ...] | None) -> Iterator[str]:
    """Yield files with one of these endings (any if empty, none at all if None) and folders that begin so."""
    head, slash, tail = begin.rpartition("/")
    place = Path(f"{head}{slash}" or ".")
    with contextlib.suppress(OSError, RuntimeError):  # nobody's home
        place = place.expanduser()
        for path in sorted(place.iterdir()):
            if not path.name.startswith(tail) or (path.name.startswith(".") and not tail):
                continue
            if path.is_dir():
                yield f"{head}{slash}{path.name}/"
            elif endings is not None and (not endings or path.name.endswith(endings)):
                yield f"{head}{slash}{path.name}"


def _scenarios(_line: Line, begin: str) -> list[str]:
    return [*_beginning(sorted(path.stem for path in _LIBRARY.glob("*.yaml")), begin), *_files(begin, _YAML)]


def option_names(text: str) -> list[str]:
    r"""Return the names of the options in the text of a scenario, read line by line.

    Examples
    --------
    >>> option_names("name: x\noptions:\n  own:\n    label: a\n  region: {label: b}\n# end\nmembers: []\n")
    ['own', 'region']
    """
    _, found, block = text.partition("\noptions:")
    names: list[str] = []
    indent = None
    for line in block.splitlines()[1:] if found else ():
        if line and not line[0].isspace() and not line.startswith("#"):
            break
        key = re.match(r"( +)([a-z][a-z0-9_]*):", line)
        if key is not None and indent in (None, key.group(1)):
            indent = key.group(1)
            names.append(key.group(2))
    return names


def _options_of_line(line: Line) -> list[str]:
    """Return the names of the options in the studies, or else the scenario, of a line."""
    folders = [*line.values.get("DIR", ()), *line.values.get("DIR2", ())]
    if any(one.metavar == "DIR" and one.param_type_name == "argument" for one in line.command.params):
        named = [_options_of_study(Path(folder).expanduser()) for folder in folders]
        return [name for name in named[0] if all(name in names for names in named)] if named else []
    scenario = next(iter(line.values.get("SCENARIO", ())), "skyshield")
    shipped = _LIBRARY / f"{scenario}.yaml"
    return option_names(_text(shipped if shipped.is_file() else Path(scenario).expanduser()))


def _options_of_study(folder: Path) -> list[str]:
    with contextlib.suppress(ValueError):
        manifest = json.loads(_text(folder / "study.json") or "{}")
        if isinstance(manifest, dict):
            return [name for name in manifest.get("options", ()) if isinstance(name, str)]
    return []


def _text(path: Path) -> str:
    with contextlib.suppress(OSError):
        if path.is_file() and path.stat().st_size <= _MOST_BYTES:
            return path.read_text("utf-8", "replace")
    return ""


def _several(line: Line, begin: str) -> list[str]:
    """Return names with commas between them: those typed and one more, each once."""
    head, comma, tail = begin.rpartition(",")
    there = head.split(",")
    return [f"{head}{comma}{name}" for name in _options_of_line(line) if name.startswith(tail) and name not in there]


def _states(_line: Line, begin: str) -> list[str]:
    """Return codes of states with commas between them: those typed and one more, each once."""
    head, comma, tail = begin.rpartition(",")
    there = head.split(",")
    codes = re.findall(r"^    iso: ([A-Z]{3})$", _STATES.read_text("utf-8"), re.MULTILINE)
    return [f"{head}{comma}{code}" for code in codes if code.startswith(tail.upper()) and code not in there]


def _keys(_line: Line, begin: str) -> list[str]:
    files = sorted(path for path in _NUMBERS.glob("*.yaml") if path.stem not in _NOT_NUMBERS)
    return _beginning([key for path in files for key in re.findall(
        r"^([A-Za-z]\w*):", path.read_text("utf-8"), re.MULTILINE)], begin)


_VALUES: dict[str, Callable[[Line, str], Sequence[str] | Iterator[str]]] = {
    "SCENARIO": _scenarios,
    "DIR": lambda _line, begin: _files(begin, None),
    "FOLDER": lambda _line, begin: _files(begin, None),
    "DIR2": lambda _line, begin: _files(begin, None),
    "FILE": lambda _line, begin: _files(begin, ()),
    "FORMAT": lambda _line, begin: _beginning(_BRIEFS, begin),
    "REPORT": lambda _line, begin: _beginning(_DAILY, begin),
    "LANG": lambda _line, begin: _beginning(_LANGUAGES, begin),
    "YAML": lambda _line, begin: _files(begin, _YAML),
    "CSV": lambda _line, begin: _files(begin, _CSV),
    "OPTION": lambda line, begin: _beginning(_options_of_line(line), begin),
    "A,B": _several,
    "KEY": _keys,
    "STATE,STATE": _states,
    "BACKSTOP": lambda _line, begin: _beginning(_BACKSTOPS, begin),
    "RULE": lambda _line, begin: _beginning(_RULES, begin),
    "AGREEMENT": lambda _line, begin: [*_beginning(sorted(path.stem for path in _AGREEMENTS.glob("*.yaml")), begin),
                                       *_files(begin, _YAML)],
    "CODE": lambda _line, begin: _beginning(_ACTS, begin),
    "PARTY": lambda _line, begin: _beginning(_PARTIES, begin),
    "LEVEL": lambda _line, begin: _beginning(_LEVELS, begin),
    "WINDOW": lambda _line, begin: _beginning(_WINDOWS, begin),
    "COUNTED": lambda _line, begin: _beginning(_COUNTED, begin),
    "SIDE": lambda _line, begin: _beginning(_SIDES, begin),
    "OUT": lambda _line, begin: _files(begin, None),
    "DIR|EXPORT": lambda _line, begin: _files(begin, None),
    "SHELL": lambda _line, begin: _beginning(SHELLS, begin),
}

SCRIPTS = {
    "bash": f"""# SkyShield's words for the tabulator key in bash. Put into ~/.bashrc:
#   eval "$(skyshield completion bash)"
_skyshield_complete() {{
    local IFS=$'\\n'
    COMPREPLY=( $({ASKED}=bash "$1" "${{COMP_WORDS[@]:1:COMP_CWORD}}" 2>/dev/null) )
    if [[ ${{#COMPREPLY[@]}} -eq 1 && ${{COMPREPLY[0]}} == */ ]]; then compopt -o nospace; fi
}}
complete -F _skyshield_complete skyshield
""",
    "zsh": f"""# SkyShield's words for the tabulator key in zsh. Put into ~/.zshrc:
#   eval "$(skyshield completion zsh)"
_skyshield_complete() {{
    local -a found
    found=(${{(f)"$({ASKED}=zsh "${{words[1]}}" "${{(@)words[2,CURRENT]}}" 2>/dev/null)"}})
    compadd -S '' -- ${{(M)found:#*/}}
    compadd -- ${{found:#*/}}
}}
(( $+functions[compdef] )) || {{ autoload -Uz compinit && compinit }}
compdef _skyshield_complete skyshield
""",
    "fish": f"""# SkyShield's words for the tabulator key in fish. Put into ~/.config/fish/config.fish:
#   skyshield completion fish | source
function __skyshield_complete
    set -l typed (commandline -opc)
    set -l program $typed[1]
    set -e typed[1]
    env {ASKED}=fish $program $typed (commandline -ct) 2>/dev/null
end
complete -c skyshield -f -a '(__skyshield_complete)'
""",
}
