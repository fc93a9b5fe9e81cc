"""Write the digest of the study of `guarantees` that ships, from a stored study of full size.

    skyshield run guarantees --vectors 200 --replications 5 --out STUDY && python tools/make_guarantees.py STUDY

With ``--check`` nothing is written: it fails if the shipped digest is not that of today's scenario and code.
"""

import json
import sys
from pathlib import Path

from skyshield.claims.read import compared
from skyshield.raids.fit import embedded_fit
from skyshield.strategy.figures import SHIPPED, shipped_text
from skyshield.study.key import study_key
from skyshield.study.prepare import prepare
from skyshield.study.view import StudyView

LARGEST_BYTES = 1_000_000
SEED = 1


def todays_key() -> str:
    """Return the key that a study of `guarantees` made now would have."""
    resolved = prepare("guarantees", embedded_fit()).resolved
    return study_key(resolved, SEED, resolved.days)


def main(arguments: list[str]) -> int:
    """Write, or check, and say what came of it."""
    if arguments == ["--check"]:
        same = json.loads(SHIPPED.read_text("utf-8"))["study_key"] == todays_key()
        print("the shipped digest is today's" if same else "the shipped digest is of another version: make it anew")
        return 0 if same else 1
    view = StudyView.open(Path(arguments[0]))
    if view.manifest["study_key"] != todays_key():
        print(f"error: {arguments[0]}: is not today's study of guarantees; run it again", file=sys.stderr)
        return 2
    text = shipped_text(view, compared())
    if len(text.encode()) > LARGEST_BYTES:
        print(f"error: {SHIPPED.name}: would have {len(text.encode()):,} bytes; tell fewer digits", file=sys.stderr)
        return 2
    SHIPPED.write_text(text, "utf-8")
    print(f"{SHIPPED}: {len(text.encode()):,} bytes")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
