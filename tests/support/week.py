"""The made-up week of the tutorial as a ledger."""

import shutil
from pathlib import Path

from skyshield.monitoring.ingest.intake import ingest
from skyshield.monitoring.ledger.store import Ledger, create

FOLDER = Path(__file__).parents[2] / "docs/tutorial/week"
SOURCES = ("patrols", "cameras", "array", "bulletin", "watch")
NOW_S = 1_796_000_000.0
SALVO = "2020-08-14T09:12"
"""When the salvo that many saw was fired."""


def week(place: Path, *sources: str) -> Path:
    """Make a ledger in a folder, with the files of some sources or of all; return it."""
    folder = place / "mission"
    create(folder, (FOLDER / "agreement.yaml").read_bytes(), "example.org/week", place / "log.key")
    with Ledger.open(folder) as ledger:
        for source in sources or SOURCES:
            report = ingest(ledger, FOLDER / f"{source}.csv", source, NOW_S)
            assert report.quarantined == 0
    return folder


def copied(folder: Path, place: Path) -> Path:
    """Return a copy of a ledger in a folder."""
    return Path(shutil.copytree(folder, place / "mission"))
