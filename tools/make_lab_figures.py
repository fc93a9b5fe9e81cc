"""Write the figures that the lab opens on, from stored studies of full size.

    skyshield run month --out STUDY && python tools/make_lab_figures.py STUDY

With ``--check`` nothing is written: it fails if what ships is not of today's scenarios and code.
"""

import json
import sys
from pathlib import Path

from skyshield.app.digest import DATA, SHIPPED, figures_of
from skyshield.raids.fit import embedded_fit
from skyshield.study.compare import rounded
from skyshield.study.key import study_key
from skyshield.study.prepare import prepare
from skyshield.study.view import StudyView

SEED, LARGEST_BYTES = 1, 400_000


def todays_key(name: str) -> str:
    """Return the key that a study of a shipped scenario made now would have."""
    resolved = prepare(name, embedded_fit()).resolved
    return study_key(resolved, SEED, resolved.days)


def main(arguments: list[str]) -> int:
    """Write, or check, and say what came of it."""
    if arguments == ["--check"]:
        other = [name for name in SHIPPED
                 if json.loads((DATA / f"{name}.json").read_text("utf-8"))["study_key"] != todays_key(name)]
        print(f"of another version: {', '.join(other)}; make them anew" if other else "what ships is today's")
        return 1 if other else 0
    for folder in arguments:
        view = StudyView.open(Path(folder))
        name = view.scenario.name
        if name not in SHIPPED or view.manifest["study_key"] != todays_key(name):
            print(f"error: {folder}: is not today's study of {' or '.join(SHIPPED)}; run it again", file=sys.stderr)
            return 2
        text = json.dumps(rounded(figures_of(view)), separators=(",", ":")) + "\n"
        if len(text.encode()) > LARGEST_BYTES:
            print(f"error: {name}: would have {len(text.encode()):,} bytes; tell fewer", file=sys.stderr)
            return 2
        DATA.mkdir(exist_ok=True)
        (DATA / f"{name}.json").write_text(text, "utf-8")
        print(f"{DATA / name}.json: {len(text.encode()):,} bytes")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
