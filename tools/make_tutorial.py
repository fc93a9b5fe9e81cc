"""Write the figures of the tutorial by playing it.

``python tools/make_tutorial.py`` runs every command of ``docs/tutorial/first-comparison.md`` in an empty folder, in the
page's order and size (many minutes), and writes what they print into the page: a line that is shown is replaced by the
printed one that is the same but for its figures, and a figure that the prose quotes between backticks by the one that
stands at its place there. ``--check`` writes nothing and fails if a figure differs. What the prose says in words, such
as "eight or nine for each", stays the author's: look at it when a figure has moved.

A line that is not printed, such as a sentence that the results no longer bear, is an error: the page must be reworded.
"""

import argparse
import contextlib
import io
import re
import shlex
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

from skyshield.cli import main as cli

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "tutorial" / "first-comparison.md"
FIGURE = re.compile(r"[−-]?\d[\d,.]*\d|[−-]?\d")
QUOTED = re.compile(r"`([−-]?[\d,.]+(?: to [−-]?[\d,.]+)?)`")
_CONSOLE = re.compile(r"(^```console\n)(.*?)(^```$)", re.MULTILINE | re.DOTALL)


def shape(line: str) -> str:
    """Return a line without its figures and its spaces, so that lines of two runs can be told to be the same.

    Examples
    --------
    >>> shape("region: kept 1,240 (95%: 3.4 to 5)") == shape("region:  kept 7 (95%: 10 to 22.5)")
    True
    """
    return " ".join(FIGURE.sub("#", line).split())


def replaced(shown: list[str], printed: list[str]) -> tuple[list[str], list[str]]:
    """Return the shown lines with the figures that are printed now, and those that are not printed at all."""
    result, missing, after = [], [], 0
    for line in shown:
        cut = line.endswith("...") and line.strip() != "..."
        wanted = shape(line.removesuffix("...")) if cut else shape(line)
        place = None if line.strip() in ("", "...") else next(
            (k for k in range(after, len(printed)) if shape(printed[k]) == wanted
             or (cut and shape(printed[k]).startswith(wanted))), None)
        if place is None:
            result.append(line)
            missing += [] if line.strip() in ("", "...") else [line]
            continue
        after = place + 1
        new = iter(FIGURE.findall(printed[place]))
        result.append(FIGURE.sub(lambda _, new=new: next(new), line))
    return result, missing


def figures(lines: list[str]) -> Iterator[str]:
    """Yield what prose may quote of lines: every figure, and every pair of ends."""
    for line in lines:
        yield from FIGURE.findall(line)
        yield from re.findall(rf"(?:{FIGURE.pattern}) to (?:{FIGURE.pattern})", line)


def remade(text: str, perform: Callable[[list[str], str], str]) -> tuple[str, list[str]]:
    """Return a page with the figures of its own run, and the lines that are no longer printed.

    Parameters
    ----------
    text
        The page.
    perform
        Runs the words of a command, given the page, and returns what it prints.
    """
    before: list[str] = []
    now: list[str] = []
    missing: list[str] = []

    def block(match: re.Match[str]) -> str:
        parts = re.split(r"^(\$ .*\n)", match[2], flags=re.MULTILINE)
        for k in range(1, len(parts), 2):
            shown = parts[k + 1].splitlines()
            printed = perform(shlex.split(parts[k][2:], comments=True), text).splitlines()
            new, lost = replaced(shown, printed)
            before.extend(shown)
            now.extend(new)
            missing.extend(lost)
            parts[k + 1] = "".join(f"{line}\n" for line in new)
        return match[1] + "".join(parts) + match[3]

    page = _CONSOLE.sub(block, text)
    moved: dict[str, str] = {}
    for old, new in zip(figures(before), figures(now), strict=True):
        moved.setdefault(old, new)
    pieces = re.split(r"(^```.*?^```$)", page, flags=re.MULTILINE | re.DOTALL)
    pieces[::2] = [QUOTED.sub(lambda match: f"`{moved.get(match[1], match[1])}`", piece) for piece in pieces[::2]]
    return "".join(pieces), missing


def perform(words: list[str], page: str) -> str:
    """Run a command of the page here; what it adds to a new scenario is added as the page says."""
    recipe = re.search(r"^demo:.*\n\t\$\(BIN\)/(skyshield .*)$", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE)
    if words == ["make", "demo"] and recipe is not None:
        words = recipe[1].split()
    if words[0] != "skyshield":
        return ""
    out = io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(out):
        try:
            cli.main(words[1:])
        except SystemExit as left:
            if left.code:
                sys.exit(f"{' '.join(words)} failed: {out.getvalue()[-400:]}")
    if words[1:3] == ["scenario", "new"]:
        with Path(words[3]).open("a", encoding="utf-8") as file:
            file.writelines(re.findall(r"^```yml\n(.*?)^```$", page, re.MULTILINE | re.DOTALL))
    return out.getvalue()


def main() -> int:
    """Write the page, or check it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true", help="write nothing; fail if a figure differs")
    parser.add_argument("page", nargs="?", type=Path, default=PAGE, help="another page than the tutorial")
    asked = parser.parse_args()
    path = asked.page.resolve()
    text = path.read_text("utf-8")
    with tempfile.TemporaryDirectory() as folder, contextlib.chdir(folder):
        made, missing = remade(text, perform)
    for line in missing:
        print(f"not printed any more: {line}", file=sys.stderr)
    if asked.check and made != text:
        print(f"{path.name} is out of date: run python tools/make_tutorial.py", file=sys.stderr)
    elif not asked.check and made != text:
        path.write_text(made, "utf-8")
        print(f"{path.name}: figures have moved; read what the prose says of them", file=sys.stderr)
    return int(bool(missing) or (asked.check and made != text))


if __name__ == "__main__":
    sys.exit(main())
