"""Collect what the brief and the daily report say and compile their Ukrainian.

The brief's messages are those of its code and texts of the shipped scenarios, the daily report's those of its code.
``python tools/make_translations.py`` brings ``brief.po`` and ``daily.po`` up to date, keeps what is translated and
compiles them beside; ``--check`` writes nothing and fails if one is behind or a message has no translation. Babel reads
and writes the files; a run needs only the compiled ones.
"""

import argparse
import ast
import datetime as dt
import io
import sys
from collections.abc import Iterator
from pathlib import Path

import yaml
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

SOURCE = Path(__file__).parents[1] / "src" / "skyshield"
BRIEF, DAILY = (SOURCE / "report" / name for name in ("brief", "daily"))
PLACE = BRIEF / "locale" / "uk" / "LC_MESSAGES"
MARK, COUNTED = "N_", ("many", "count")  # calls around a message, and calls that take two forms of one

NO_CLOCK = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)  # the same bytes whenever they are written

Message = str | tuple[str, str]


def _name(call: ast.Call) -> str:
    """Return the name of what is called."""
    return call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")


def _marked(node: ast.AST) -> str | None:
    """Return the message that a node marks."""
    if isinstance(node, ast.Call) and _name(node) == MARK and isinstance(node.args[0], ast.Constant):
        return str(node.args[0].value)
    return None


def in_code(path: Path) -> Iterator[tuple[Message, int]]:
    """Yield the messages of a file with their lines, those of a count as two forms."""
    tree, taken = ast.parse(path.read_text("utf-8")), set()
    calls = sorted((node for node in ast.walk(tree) if isinstance(node, ast.Call)), key=lambda node: node.lineno)
    for call in calls:
        if _name(call) in COUNTED:
            forms = [arg for arg in call.args if _marked(arg) is not None]
            if len(forms) == 2:
                taken.update(map(id, forms))
                yield (str(_marked(forms[0])), str(_marked(forms[1]))), call.lineno
    for call in calls:
        if (message := _marked(call)) is not None and id(call) not in taken:
            yield message, call.lineno


def in_scenarios() -> Iterator[tuple[str, str]]:
    """Yield the texts of the shipped scenarios that the brief shows, each with its file."""
    for path in sorted((SOURCE / "scenario" / "library").glob("*.yaml")):
        content = yaml.safe_load(path.read_text("utf-8"))
        yield " ".join(content["question"].split()), path.name
        for option in content["options"].values():
            for text in (option["label"], option.get("short")):
                if text:
                    yield " ".join(str(text).split()), path.name


def in_claims() -> Iterator[tuple[str, str]]:
    """Yield the claims in a few words, each with its file."""
    for path in sorted((SOURCE / "claims" / "data").glob("*.yaml")):
        content = yaml.safe_load(path.read_text("utf-8"))
        for claim in content.get("claims", {}).values():
            yield " ".join(claim["short"].split()), path.name


def collected(folder: Path = BRIEF) -> Catalog:
    """Return every message of the brief or the daily report, none translated."""
    found = Catalog(locale="uk", project="SkyShield", version="", charset="utf-8", fuzzy=False)
    for path in sorted(folder.glob("*.py")):
        for message, _ in in_code(path):
            found.add(message, locations=[(path.name, None)])
    if folder == BRIEF:
        for text, where in (*in_scenarios(), *in_claims()):
            found.add(text, locations=[(where, None)])
    return found


def updated(path: Path, folder: Path = BRIEF) -> Catalog:
    """Return the messages with the translations that a file has; what nobody says any more is left out."""
    found = collected(folder)
    if path.exists():
        with path.open("rb") as stream:
            known = read_po(stream, locale="uk")
        for message in found:
            old = known.get(message.id[0] if isinstance(message.id, tuple) else message.id) if message.id else None
            if old is not None and isinstance(old.string, tuple) == isinstance(message.string, tuple):
                message.string = old.string
    return found


def missing(found: Catalog) -> list[Message]:
    """Return the messages without a translation."""
    return [message.id for message in found if message.id and not
            (all(message.string) if isinstance(message.string, tuple) else message.string)]


def written(found: Catalog, title: str = "The brief") -> tuple[bytes, bytes]:
    """Return a catalogue of messages as text and compiled."""
    found.header_comment = f"# {title} in Ukrainian. Written by tools/make_translations.py; edit msgstr alone."
    found.mime_headers  # noqa: B018 - Babel fills them in when they are read
    text, compiled = io.BytesIO(), io.BytesIO()
    write_po(text, found, width=120, omit_header=False, sort_by_file=True)
    lines = [line for line in text.getvalue().splitlines(keepends=True)
             if not line.startswith((b'"POT-Creation-Date', b'"PO-Revision-Date', b'"Generated-By'))]  # no clock
    read = read_po(io.BytesIO(b"".join(lines)), locale="uk")
    read.creation_date = read.revision_date = NO_CLOCK
    write_mo(compiled, read)
    return b"".join(lines), compiled.getvalue()


def main() -> int:
    """Write or check the files of both."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing, fail if something is behind")
    check = parser.parse_args().check
    return max(_one(folder, title, check) for folder, title in ((BRIEF, "The brief"), (DAILY, "The daily report")))


def _one(folder: Path, title: str, check: bool) -> int:
    place = folder / PLACE.relative_to(BRIEF)
    po, mo = (place / f"{folder.name}.{ending}" for ending in ("po", "mo"))
    found = updated(po, folder)
    text, compiled = written(found, title)
    lacking = missing(found)
    for message in lacking:
        print(f"no translation: {message!r}", file=sys.stderr)
    if check:
        behind = [path.name for path, content in ((po, text), (mo, compiled)) if path.read_bytes() != content]
        for name in behind:
            print(f"{name} is behind: run python tools/make_translations.py", file=sys.stderr)
        return int(bool(behind or lacking))
    place.mkdir(parents=True, exist_ok=True)
    po.write_bytes(text)
    mo.write_bytes(compiled)
    print(f"wrote {po} and {mo}: {len(found)} messages, {len(lacking)} without a translation")
    return 0


if __name__ == "__main__":
    sys.exit(main())
