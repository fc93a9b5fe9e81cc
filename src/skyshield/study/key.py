"""What makes two runs parts of one study: the resolved scenario, the seed, the days and the code that plays them.

Of the scenario its wording is left out, such as labels: a study whose options are called something else is the same.

Of the code, its syntax trees are hashed, without docstrings and without the text of errors (strings inside a
``raise``); comments and layout are not in a tree. So a sentence may be reworded and a file formatted anew without
orphaning stored studies, while any change of what is computed makes another study. Hashed are the rooms that turn a
resolved scenario into arrays or play them, and `skyshield.study.plan`, which numbers blocks and arms. Code that only
says what a stored study says is not hashed.

Their data files are in the resolved scenario, but for those of `_DATA_ROOMS`: of these the values are hashed, without
the fields of `_FOR_READERS`.
"""

import ast
import functools
import hashlib
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from skyshield.core.files import read_yaml
from skyshield.scenario import Resolved

_PACKAGE = Path(__file__).resolve().parents[1]
_ROOMS = ("core", "catalogue", "theatre", "raids", "forces", "rules", "scenario", "engine", "compile")
_FILES = ("study/plan.py",)
_DATA_ROOMS = ("forces", "rules")
_FOR_READERS = frozenset({"what", "reason", "source", "sources"})
_DOCUMENTED = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
_LEFT_OUT = frozenset({"ctx", "kind", "type_comment", "type_ignores"})  # say nothing, or differ between Pythons


def study_key(resolved: Resolved, seed: int, days: int) -> str:
    """Return the sha256 that two runs share exactly if they are parts of one study."""
    return hashlib.sha256(f"{resolved.played_sha256} {seed} {days} {model_sha256()}".encode()).hexdigest()


@functools.cache
def model_sha256() -> str:
    """Return the hash of the code that decides what a resolved scenario plays to."""
    paths = [path for room in _DATA_ROOMS for path in sorted((_PACKAGE / room).rglob("*.yaml"))]
    data = data_sha256((path.relative_to(_PACKAGE).as_posix(), read_yaml(path)) for path in paths)
    return hashlib.sha256(f"{sources_sha256(*_ROOMS, *_FILES)} {data}".encode()).hexdigest()


def sources_sha256(*names: str) -> str:
    """Return the hash of the code of rooms and single files of the package, in this order."""
    places = (_PACKAGE / name for name in names)
    files = (path for place in places for path in ([place] if place.is_file() else sorted(place.rglob("*.py"))))
    return code_sha256((path.relative_to(_PACKAGE).as_posix(), path.read_text("utf-8")) for path in files)


def code_sha256(files: Iterable[tuple[str, str]]) -> str:
    r"""Return the hash of files of Python, each a name and its text: of what they do, not of how they are worded.

    Examples
    --------
    >>> one, other = 'def f():\n    "Say."\n    return 1  # so', 'def f(): return (1)'
    >>> code_sha256([("f", one)]) == code_sha256([("f", other)])
    True
    >>> code_sha256([("f", one)]) == code_sha256([("f", one.replace("1", "2"))])
    False
    """
    digest = hashlib.sha256()
    for name, text in files:
        tokens = [name]
        _add_tokens(ast.parse(text), False, tokens)
        digest.update("\0".join([*tokens, ""]).encode())
    return digest.hexdigest()


def data_sha256(files: Iterable[tuple[str, Any]]) -> str:
    """Return the hash of plain data, each file a name and its content, without the fields that are for readers.

    Examples
    --------
    >>> data_sha256([("a", {"x": 1, "reason": "So it is."})]) == data_sha256([("a", {"x": 1})])
    True
    >>> data_sha256([("a", {"x": 1})]) == data_sha256([("a", {"x": 2})])
    False
    """
    digest = hashlib.sha256()
    for name, content in files:
        digest.update(json.dumps([name, _without_sentences(content)], sort_keys=True).encode())
    return digest.hexdigest()


def _without_sentences(content: Any) -> Any:
    if isinstance(content, dict):
        return {str(key): _without_sentences(value) for key, value in content.items() if key not in _FOR_READERS}
    return [_without_sentences(value) for value in content] if isinstance(content, list) else content


def _add_tokens(node: ast.AST, raised: bool, tokens: list[str]) -> None:
    """Add the text of a syntax tree to `tokens`; strings are left out if they are `raised`."""
    kind = node.__class__
    if isinstance(node, ast.Constant):
        tokens.append("(text)" if raised and isinstance(node.value, str) else repr(node.value))
        return
    if raised and kind is ast.JoinedStr:
        tokens.append("(text)")
        return
    raised = raised or kind is ast.Raise
    tokens.append(f"({kind.__name__}")
    for name in kind._fields:
        value = getattr(node, name, None)
        if value is None or value == [] or name in _LEFT_OUT:
            continue
        tokens.append(name)
        if isinstance(value, list):
            for item in value[1:] if name == "body" and kind in _DOCUMENTED and _is_docstring(value[0]) else value:
                if isinstance(item, ast.AST):
                    _add_tokens(item, raised, tokens)
                else:
                    tokens.append(repr(item))
        elif isinstance(value, ast.AST):
            _add_tokens(value, raised, tokens)
        else:
            tokens.append(repr(value))
    tokens.append(")")


def _is_docstring(node: object) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)
