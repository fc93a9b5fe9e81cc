"""Read the public raid record: digitised bulletins of the Ukrainian Air Force, one row per weapon.

Every figure is a claim of the defender. A row holds its cells as written beside the values read from them. The
rule for repeated bulletins is applied here: of the rows in the four classes (one-way UAVs, cruise,
ballistic, mixed) a regional one counts only if its window overlaps no national row's window
(`skyshield.record.overlap`). A start given as a date alone is its 00:00, an end given as a date
alone is the next day's 00:00; a row is dated by its end as written. Times are Kyiv local; one that
carries an offset from UTC is converted.

A cell that is empty, or says NA, is no value and never a zero: it is None in the row. Where the file has
no ``not_reach_goal`` at all, losses to jamming are unknown throughout.

What cannot be read is an error that names line and column; what can be read but looks odd is
kept and reported by `skyshield.record.summarise`.
"""

import datetime as dt
import functools
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from skyshield.core.errors import SkyShieldError
from skyshield.core.files import read_csv
from skyshield.record.clock import kyiv
from skyshield.record.names import CLASSES, MINUS, classify, is_national, reading
from skyshield.record.overlap import meets_any

REQUIRED = ("time_start", "time_end", "model", "launched", "destroyed", "source")
LOSSES = "not_reach_goal"
OPTIONAL = (LOSSES, "launch_place", "still_attacking", "border_crossing", "is_shahed", "num_hit_location",
            "num_fall_fragment_location", "destroyed_details")
REPEATS = "repeats a national bulletin"
NOT_COUNTED = "is in none of the classes"
UNKNOWN_MODEL = "names a model that is not in the table"

_MOMENT = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})"
                     r"(?:[ T]([0-9]{1,2}):([0-9]{2})(?::([0-9]{2})(?:\.[0-9]{1,9})?)?)?"
                     r"(?: ?(Z|UTC|GMT|[+-](?:0[0-9]|1[0-4]):?[0-5][0-9]))?", re.IGNORECASE)
_ZONE = re.compile(r"(?<=:[0-9]{2})\s*([A-Za-z][A-Za-z_]*(?:/[A-Za-z_]+)?|[+-].*)$")
_COUNT = re.compile(r"([0-9]{1,12})(?:\.0*)?")
_ITEM = re.compile(r"\s*(['\"])([^'\"]{1,200})\1\s*:\s*([0-9]{1,9}(?:\.0*)?|[Nn]a[Nn])\s*")

Tally = tuple[tuple[str, int | None], ...]


@dataclass(frozen=True, slots=True)
class Row:
    """One row of the record, as written and as read.

    `start` and `end` are Kyiv local without a zone; `date` is the day of `time_end` as written.
    Counts are None where the cell is empty. `kills_by_area` and `border_crossing` pair a name with
    a count (None where the bulletin names the area without a number). `same_as_line` is the line of
    the first row whose cells are all the same. `with_offset`: whether a time carried an offset from UTC and was
    converted. `kept`: whether the row counts, `why_dropped` why not; `meets_own_class`: whether the window of a
    national row of the same class overlaps its own.
    """

    line: int
    time_start: str
    time_end: str
    start: dt.datetime
    end: dt.datetime
    start_date_only: bool
    end_date_only: bool
    with_offset: bool
    date: dt.date
    model: str
    threat_class: str
    types: tuple[str, ...]
    known_model: bool
    same_as_line: int | None
    launched: int | None
    destroyed: int | None
    lost: int | None
    still_attacking: int | None
    is_shahed: int | None
    hit_locations: int | None
    fragment_locations: int | None
    border_crossing: Tally
    kills_by_area: Tally
    launch_places: tuple[str, ...]
    source: str
    national: bool
    kept: bool
    why_dropped: str
    meets_own_class: bool

    @property
    def month(self) -> str:
        """The month the row counts in, ``YYYY-MM``."""
        return self.date.isoformat()[:7]

    @property
    def source_prefix(self) -> str:
        """The publisher: the source up to its first slash."""
        return self.source.split("/", 1)[0]


@dataclass(frozen=True)
class Record:
    """A record: its rows in the file's order, and what identifies the file.

    Attributes
    ----------
    rows
        Every row of the file.
    sha256
        Of the bytes parsed.
    absent, unread
        Optional columns that the file lacks, and columns of the file that are not used.
    path
        The file's name, for messages.
    """

    rows: tuple[Row, ...]
    sha256: str
    absent: tuple[str, ...] = ()
    unread: tuple[str, ...] = ()
    path: str = "record"

    @property
    def losses_reported(self) -> bool:
        """Whether the file has the column of losses to jamming."""
        return LOSSES not in self.absent

    @functools.cached_property
    def kept(self) -> tuple[Row, ...]:
        """The rows that count, in the file's order."""
        return tuple(row for row in self.rows if row.kept)

    @functools.cached_property
    def orphans(self) -> tuple[Row, ...]:
        """The regional rows that count because no national row meets them."""
        return tuple(row for row in self.kept if not row.national)


def read_record(path: str | os.PathLike[str]) -> Record:
    r"""Read a raid record and decide which rows count.

    Parameters
    ----------
    path
        CSV in UTF-8, plain or packed with gzip, with at least the columns in `REQUIRED`, in any order and among
        others; see `skyshield.core.files.read_csv`. At most 64 MiB.

    Returns
    -------
    Record

    Raises
    ------
    SkyShieldError
        Exit code 2 with file, line and column: a missing column, no rows, a count that is not a whole
        number from 0 up, a date that does not exist, a window that ends before it starts.

    Examples
    --------
    >>> import pathlib, tempfile
    >>> text = ("time_start,time_end,model,launched,destroyed,not_reach_goal,source\n"
    ...         "2031-05-01 19:00,2031-05-02 08:00,Shahed-136/131,9,7,1,kpszsu/posts/a\n"
    ...         "2031-05-01,2031-05-02,Shahed-136/131,4,4,,PvKPivden/posts/b\n")
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     file = pathlib.Path(folder, "record.csv")
    ...     _ = file.write_text(text)
    ...     [(row.launched, row.kept, row.why_dropped) for row in read_record(file).rows]
    [(9, True, ''), (4, False, 'repeats a national bulletin')]
    """
    rows: list[Row] = []
    first_line_of: dict[tuple[str, ...], int] = {}
    table = read_csv(path, REQUIRED, reading()["missing_values"])
    for line, cells in table.rows:
        first = first_line_of.setdefault(tuple(cells.values()), line)
        rows.append(_read_row(f"{path}: line {line}", line, cells, first if first != line else None))
    if not rows:
        raise SkyShieldError(str(path), "has a header but no rows", "give a file with at least one bulletin row")
    absent = tuple(name for name in OPTIONAL if name not in table.columns)
    unread = tuple(name for name in table.columns if name and name not in (*REQUIRED, *OPTIONAL))
    return Record(_apply_repeat_rule(rows), table.sha256, absent, unread, str(path))


def _read_row(where: str, line: int, cells: Mapping[str, str], same_as_line: int | None) -> Row:
    """Read one row; whether it counts is decided later, against all others."""
    start, start_date_only, start_utc = _moment(f"{where}: time_start", cells["time_start"])
    written_end, end_date_only, end_utc = _moment(f"{where}: time_end", cells["time_end"])
    end = written_end + dt.timedelta(days=1) if end_date_only else written_end
    if start_utc is not None and end_utc is not None and start_utc <= end_utc:
        end = max(start, end)  # local times run backwards in the hour that the clock repeats
    if end < start:
        raise SkyShieldError(f"{where}: time_end", f"the window ends ({cells['time_end'].strip()}) before it starts "
                             f"({cells['time_start'].strip()})", "mend one of the two times")
    if (end - start).days > reading()["limits"]["window_days"]:
        raise SkyShieldError(f"{where}: time_end", f"the window lasts {(end - start).days} days, over the limit of "
                             f"{reading()['limits']['window_days']}", "mend one of the two times")
    model = " ".join(cells["model"].split())
    kind = classify(model)
    source = cells["source"].strip()
    counts = {name: _count(f"{where}: {name}", cells.get(name, ""))
              for name in ("launched", "destroyed", LOSSES, "still_attacking", "is_shahed",
                           "num_hit_location", "num_fall_fragment_location")}
    return Row(
        line=line, time_start=cells["time_start"], time_end=cells["time_end"], start=start, end=end,
        start_date_only=start_date_only, end_date_only=end_date_only,
        with_offset=start_utc is not None or end_utc is not None,
        date=written_end.date(),
        model=model, threat_class=kind.threat_class, types=kind.types, known_model=kind.known,
        same_as_line=same_as_line,
        launched=counts["launched"], destroyed=counts["destroyed"], lost=counts[LOSSES],
        still_attacking=counts["still_attacking"], is_shahed=counts["is_shahed"],
        hit_locations=counts["num_hit_location"], fragment_locations=counts["num_fall_fragment_location"],
        border_crossing=_tally(f"{where}: border_crossing", cells.get("border_crossing", "")),
        kills_by_area=_tally(f"{where}: destroyed_details", cells.get("destroyed_details", "")),
        launch_places=tuple(place.strip() for place in cells.get("launch_place", "").split(" and ") if place.strip()),
        source=source, national=is_national(source), kept=False,
        why_dropped=NOT_COUNTED if kind.known else UNKNOWN_MODEL, meets_own_class=False)


@functools.lru_cache(maxsize=1 << 16)
def _parse_moment(text: str) -> tuple[dt.datetime, bool, dt.datetime | None]:
    text = text.replace(MINUS, "-")
    match = _MOMENT.fullmatch(text)
    if match is None:
        zone = _ZONE.search(text)
        if zone is not None:
            raise ValueError(f"{zone.group(1)!r} after the time is not read, only Z, UTC and offsets such as +03:00")
        raise ValueError("it is not written as one")
    *numbers, zone_text = match.groups()
    year, month, day, hour, minute, second = (int(group or 0) for group in numbers)
    limits = reading()["limits"]
    if not limits["first_year"] <= year <= limits["last_year"]:
        raise ValueError("the year is not plausible")
    moment = dt.datetime(year, month, day, hour, minute, second)
    date_only = numbers[3] is None
    if zone_text is None:
        return moment, date_only, None
    if date_only:
        raise ValueError("a date without a time has no zone")
    offset = dt.datetime.strptime("+0000" if zone_text[0].isalpha() else zone_text, "%z").tzinfo
    moment = moment.replace(tzinfo=offset)
    return moment.astimezone(kyiv()).replace(tzinfo=None), False, moment.astimezone(dt.UTC)


def _moment(where: str, text: str) -> tuple[dt.datetime, bool, dt.datetime | None]:
    """Read a date with or without a time, as Kyiv local; whether it had no time; in UTC if it carried an offset."""
    try:
        return _parse_moment(text.strip())
    except ValueError as error:
        what = f"{text.strip()!r} is not a date that exists ({error})" if text.strip() else "is empty"
        raise SkyShieldError(where, what, "write it as 2025-10-01 or 2025-10-01 09:30, Kyiv local") from None


def _count(where: str, text: str) -> int | None:
    """Read a whole number from 0 up; an empty cell is None."""
    text = text.strip()
    if not text:
        return None
    match = _COUNT.fullmatch(text)
    if match is None:
        raise SkyShieldError(where, f"is {text!r}, not a whole number from 0 up",
                             "write a count such as 12, or leave the cell empty")
    value = int(match.group(1))
    limit = reading()["limits"]["count"]
    if value > limit:
        raise SkyShieldError(where, f"is {value:,}, over the limit of {limit:,} for one row", "mend the count")
    return value


def _tally(where: str, text: str) -> Tally:
    """Read a cell such as ``{'south': 14, 'north': NaN}``; empty is no entry."""
    text = text.strip()
    if not text:
        return ()
    if not (text.startswith("{") and text.endswith("}")):
        raise SkyShieldError(where, f"is {text!r}, not a list of names and counts", "write it like {'south': 14}")
    inside = text[1:-1].strip().removesuffix(",")
    if not inside:
        return ()
    pairs: list[tuple[str, int | None]] = []
    for item in inside.split(","):
        match = _ITEM.fullmatch(item)
        if match is None:
            raise SkyShieldError(where, f"has {item.strip()!r}, not a name and a count", "write it like {'south': 14}")
        number = match.group(3)
        pairs.append((match.group(2), None if number.lower() == "nan" else int(float(number))))
    return tuple(pairs)


def _apply_repeat_rule(rows: list[Row]) -> tuple[Row, ...]:
    """Apply the rule for repeated bulletins."""
    threat_class = np.array([row.threat_class for row in rows])
    counted = np.isin(threat_class, CLASSES)
    unknown = np.array([not row.known_model for row in rows], bool)
    national = np.array([row.national for row in rows], bool)
    start = np.array([row.start for row in rows], "datetime64[s]").astype(np.int64)
    end = np.array([row.end for row in rows], "datetime64[s]").astype(np.int64)

    def meets_reference(tested: npt.NDArray[np.bool_], reference: npt.NDArray[np.bool_]) -> npt.NDArray[np.bool_]:
        meets = np.zeros(len(rows), bool)
        meets[tested] = meets_any(start[tested], end[tested], start[reference], end[reference])
        return meets

    repeats = meets_reference(counted & ~national, counted & national)
    repeats |= meets_reference(unknown & ~national, (counted | unknown) & national)
    own_class = np.zeros(len(rows), bool)
    for name in CLASSES:
        own_class |= meets_reference((threat_class == name) & ~national, (threat_class == name) & national)
    return tuple(
        replace(row, kept=counts and not repeated, meets_own_class=own,
                why_dropped=REPEATS if repeated else "" if counts else row.why_dropped)
        for row, counts, repeated, own in zip(rows, counted.tolist(), repeats.tolist(), own_class.tolist(),
                                              strict=True))
