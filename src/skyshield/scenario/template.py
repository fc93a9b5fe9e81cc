"""A scenario file to start from: a shipped scenario in which every key is explained where it first stands.

Keys that the shipped scenario does not use stand where they belong with a ``#`` right before them. The words are those
of `skyshield.scenario.keys`; what the shipped file says in comments of its own before a key or an option is kept.
"""

import re
import textwrap
from collections.abc import Iterator, Mapping
from typing import Any

from skyshield.core.files import parse_yaml, read_text
from skyshield.scenario.keys import KINDS, OF_EVERY_PACKAGE, Key, keys_of, table
from skyshield.scenario.load import LIBRARY

WIDTH = 118
_COMMENT_COLUMN = 40
_STEP = "  "
_LISTS = {"members": "member", "phases": "phase", "hubs": "hub", "ships": "ship"}
_ZONES = ("protected_area", "zone")


def commented(name: str) -> str:
    """Return the text of a new scenario file with the values of a shipped one.

    Examples
    --------
    >>> text = commented("skyshield")
    >>> "#pace: sustained" in text, max(map(len, text.splitlines())) <= 120
    (True, True)
    """
    shipped = read_text(LIBRARY / f"{name}.yaml")
    return "".join(f"{line}\n" for line in _Writer(parse_yaml(shipped, name), _own_comments(shipped)).lines(name))


class _Writer:
    """Writes one scenario, saying of each key once what it is."""

    def __init__(self, content: Mapping[str, Any], comments: Mapping[tuple[int, str], list[str]]) -> None:
        self._content, self._comments = content, comments
        self._used = set(_used(content))
        self._said: set[tuple[str, str]] = set()

    def lines(self, name: str) -> Iterator[str]:
        yield f"# A scenario of SkyShield, from the shipped {name!r}. Each key is explained where it first stands."
        yield "# A line such as '#of_days: 365' is not used; remove the '#' to use it."
        yield "# Lines that belong together start in the same column."
        yield "# After each change: skyshield scenario check FILE"
        yield ""
        yield from self._mapping("scenario", self._content, "")

    def _mapping(self, section: str, content: Mapping[str, Any], indent: str,
                 first: str | None = None) -> Iterator[str]:
        """Yield the keys of a section: those it has, and those that nothing in the file has, once."""
        head = indent if first is None else first
        for name, key in keys_of(section).items():
            if name in content:
                if not indent and isinstance(content[name], dict | list):
                    yield ""
                yield from self._comments.get((len(indent), name), [])
                yield from self._entry(section, name, key, content[name], head, indent)
                head = indent
            elif self._is_news(section, name):
                yield self._noted(section, name, key, f"{indent}#{name}: {key.example}")

    def _entry(self, section: str, name: str, key: Key, value: Any, head: str, indent: str) -> Iterator[str]:
        start, below = f"{head}{name}:", indent + _STEP
        if name in _ZONES or name == "rules":
            yield self._noted(section, name, key, start)
            yield from self._mapping("rules" if name == "rules" else "zone", value, below)
        elif name == "options":
            yield self._noted(section, name, key, start)
            for k, (option, body) in enumerate(value.items()):
                yield from [""] if k else []
                yield from self._comments.get((len(below), option), [])
                yield f"{below}{option}:"
                yield from self._mapping("option", body, below + _STEP)
        elif (name in _LISTS or name == "packages") and not isinstance(next(iter(value), None), str):
            yield self._noted(section, name, key, start)
            for item in value:
                yield from self._item(_LISTS.get(name) or item["kind"], item, below)
            if name == "packages":
                yield from self._kinds_not_used(below)
        else:
            yield from _scalar(self._noted(section, name, key, f"{start} {_flow(value)}"), indent, name, value)

    def _item(self, section: str, item: Mapping[str, Any], indent: str) -> Iterator[str]:
        """Yield an item of a list: in one line if nothing is to be said of it any more."""
        line = f"{indent}- {_flow(item)}"
        news = any(self._is_news(section, name) for name in keys_of(section)) \
            or any(self._of(section, name) not in self._said for name in item)
        if not news and len(line) <= WIDTH:
            yield line
        else:
            yield from self._mapping(section, item, f"{indent}{_STEP}", f"{indent}- ")

    def _kinds_not_used(self, indent: str) -> Iterator[str]:
        """Yield an example of each kind of package that the file does not have, as a comment, once."""
        for kind in KINDS:
            if (kind, "kind") in self._used:
                continue
            self._used.add((kind, "kind"))
            for k, (name, key) in enumerate(keys_of(kind).items()):
                if name in _LISTS:
                    yield self._noted(kind, name, key, f"{indent}#{_STEP}{name}:")
                    yield from self._item_not_used(_LISTS[name], f"{indent}#{_STEP * 2}")
                elif k == 0 or self._is_news(kind, name):
                    yield self._noted(kind, name, key, f"{indent}#{'- ' if k == 0 else _STEP}{name}: {key.example}")

    def _item_not_used(self, section: str, head: str) -> Iterator[str]:
        """Yield an example of an item of a list within a package that the file does not have."""
        for k, (name, key) in enumerate(keys_of(section).items()):
            yield self._noted(section, name, key, f"{head}{_STEP if k else '- '}{name}: {key.example}")

    def _is_news(self, section: str, name: str) -> bool:
        """Return whether a key is used nowhere in the file and has not been shown yet."""
        return not {(section, name), self._of(section, name)} & (self._used | self._said)

    def _of(self, section: str, name: str) -> tuple[str, str]:
        """Return a key with the section whose words say what it is."""
        return OF_EVERY_PACKAGE if section in KINDS and name in table()[OF_EVERY_PACKAGE] else section, name

    def _noted(self, section: str, name: str, key: Key, line: str) -> str:
        """Return a line with what is to be said of its key, above it if there is no room beside it."""
        if self._of(section, name) in self._said:
            return line
        self._said.add(self._of(section, name))
        words = f"# {key.what}: {key.form}"
        beside = f"{line:<{_COMMENT_COLUMN}} {words}" if len(line) < _COMMENT_COLUMN else f"{line}  {words}"
        if len(beside) <= WIDTH:
            return beside
        indent = line[:len(line) - len(line.lstrip())]
        above = textwrap.wrap(words.removeprefix("# "), WIDTH - len(indent) - len("# "))
        return "\n".join([*(f"{indent}# {part}" for part in above), line])


def _used(content: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield the keys that stand somewhere in a scenario, with their sections."""
    yield from (("scenario", name) for name in content)
    for name, section in _LISTS.items():
        yield from ((section, key) for item in content.get(name, ()) for key in item)
    yield from (("zone", key) for key in content["protected_area"])
    for option in content["options"].values():
        yield from (("option", key) for key in option)
        for package in option.get("packages", ()):
            yield from ((package["kind"], key) for key in package)
            yield from ((section, key) for name, section in _LISTS.items()
                        for item in package.get(name, ()) for key in item)
        rules = option.get("rules", {})
        yield from (("rules", key) for key in rules)
        yield from (("zone", key) for key in rules.get("zone", {}))


def _scalar(line: str, indent: str, name: str, value: Any) -> Iterator[str]:
    """Yield a line, folded below its key if it is long."""
    above, _, last = line.rpartition("\n")
    yield from above.splitlines()
    if len(last) <= WIDTH:
        yield last
    elif isinstance(value, str):
        yield f"{indent}{name}: >-"
        yield from textwrap.wrap(value, WIDTH, initial_indent=indent + _STEP, subsequent_indent=indent + _STEP,
                                 break_long_words=False, break_on_hyphens=False)
    else:
        start, _, items = last.partition("[")
        yield from textwrap.wrap(items, WIDTH, initial_indent=f"{start}[", subsequent_indent=" " * (len(start) + 1),
                                 break_long_words=False, break_on_hyphens=False)


def _flow(value: Any) -> str:
    """Return plain data as YAML in one line."""
    import yaml

    text = yaml.safe_dump(value, default_flow_style=True, width=10 ** 9, allow_unicode=True, sort_keys=False)
    return text.removesuffix("\n...\n").rstrip("\n")


def _own_comments(text: str) -> dict[tuple[int, str], list[str]]:
    """Return the comments of a file that stand right above a key at its margin or an option's, by column and key."""
    result: dict[tuple[int, str], list[str]] = {}
    waiting: list[str] = []
    for line in text.splitlines():
        key = re.match(r"( {0,2})([a-z_0-9]+):", line)
        if line.lstrip().startswith("#"):
            waiting.append(line)
            continue
        if key and waiting:
            result[len(key[1]), key[2]] = waiting
        waiting = []
    return result
