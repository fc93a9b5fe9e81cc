"""The pages of a stored study: written beside it, and written again only if they would say something else."""

import hashlib
from pathlib import Path
from typing import TYPE_CHECKING

from skyshield.core.files import write_bytes
from skyshield.study import store
from skyshield.study.view import StudyView

if TYPE_CHECKING:
    from skyshield.adaptation.summary import Adaptation

_PACKAGE = Path(__file__).resolve().parents[1]
_CODE = ("report", "bounds", "study", "adaptation", "strategy")  # what words and draws a stored study


def keep_pages(folder: Path, view: StudyView, adapted: "Adaptation | None") -> bool:
    """Write the pages that a study has into its folder; return whether that was needed.

    Raises
    ------
    SkyShieldError
        Exit code 3 if the disk is full or the folder may not be written to.
    """
    made_with = _made_with(folder, view, adapted)
    kept = view.manifest.get("pages", {})
    names = [name for name in kept if name != "made_with"]
    if kept.get("made_with") == made_with and all(store.valid(folder / name, kept[name]) for name in names):
        return False
    from skyshield.report.pages import pages

    made = pages(view, adapted)
    digests = {}
    for name, text in ((store.ANNEX, made.annex), (store.REPORT, made.report), (store.GUARANTEES, made.guarantees)):
        if text is None:
            (folder / name).unlink(missing_ok=True)  # of an earlier version of the scenario or the program
            continue
        write_bytes(folder / name, text.encode())
        digests[name] = hashlib.sha256(text.encode()).hexdigest()
    store.note_pages(folder, made_with, digests)
    return True


def _made_with(folder: Path, view: StudyView, adapted: "Adaptation | None") -> str:
    """Return the hash of all that pages depend on: the summary, pairs, the sweep, the scenario and the code."""
    digest = hashlib.sha256(view.manifest["tables"][store.SUMMARY].encode())
    digest.update(view.manifest["resolved_sha256"].encode())
    digest.update(",".join(view.against).encode())
    digest.update(b"" if adapted is None else store.sha256_of(folder / store.ADAPTATION).encode())
    for room in _CODE:
        for path in sorted(path for path in (_PACKAGE / room).rglob("*") if path.is_file() and path.suffix != ".pyc"):
            digest.update(path.relative_to(_PACKAGE).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()
