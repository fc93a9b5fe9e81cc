"""One daily report from the request to the file: what cannot be is refused first, then all is made, then written."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from skyshield.core.errors import SkyShieldError
from skyshield.core.files import write_bytes
from skyshield.monitoring.commission.watched import watched
from skyshield.monitoring.daily.day import Day, day_of, read_day
from skyshield.report.daily.data import csv_table, geojson
from skyshield.report.daily.language import Words
from skyshield.report.daily.page import html, pdf

FORMATS: Mapping[str, Callable[[Day, Words], bytes]] = {
    "html": html, "pdf": pdf, "csv": lambda day, _: csv_table(day), "geojson": lambda day, _: geojson(day)}


@dataclass(frozen=True)
class Written:
    """A report that was written, and what it is of."""

    path: Path
    day: Day


def write_daily(folder: Path, day: str, kind: str, language: str, now_s: float, out: Path | None = None) -> Written:
    """Write the report of a day.

    Parameters
    ----------
    folder
        The ledger.
    day
        Its date, as ``2015-02-15``.
    kind
        One of `FORMATS`.
    language
        ``en`` or ``uk``.
    now_s
        Seconds since 1970 UTC: the day must be over.
    out
        The file; ``daily-DAY.FORMAT`` in the working folder if not given. A file there is replaced.

    Raises
    ------
    SkyShieldError
        Exit code 2 for what cannot be, 3 for the machine; nothing is written then.
    """
    if kind not in FORMATS:
        raise SkyShieldError("--format", f"there is no format {kind!r}", f"use one of {', '.join(FORMATS)}")
    words, window = Words(language), read_day(day, now_s)
    place = Path(f"daily-{window.day}.{kind}") if out is None else out
    if place.suffix != f".{kind}":
        raise SkyShieldError(str(place), f"does not end in .{kind}", "give the file that ending, or another --format")
    if place.is_dir() or place.absolute().parent.resolve() == folder.absolute().resolve():
        raise SkyShieldError(str(place), "is no place for a report", "name a file outside the ledger's folder")
    found = day_of(watched(folder), window)
    write_bytes(place, FORMATS[kind](found, words))
    return Written(place, found)
