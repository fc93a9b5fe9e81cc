"""What a ledger says now: its records in order, those left out that a later entry corrects or withdraws.

An entry whose leaf has ``corrects`` or ``withdraws`` names an earlier one: by ``#12`` the entry of that number, by any
other word all earlier entries of the same source with that ``record_id``. What is named holds no longer, whatever
becomes of the entry that names it; a correction stands in its place, a withdrawal is itself no record. A reference to
nothing changes nothing. An entry that says that a value was erased is no record either.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from skyshield.core.errors import SkyShieldError
from skyshield.monitoring.ledger.database import told

if TYPE_CHECKING:
    from skyshield.monitoring.ledger.store import Ledger

CORRECTS, WITHDRAWS, ERASURE = "corrects", "withdraws", "erasure"
_NUMBER = re.compile(r"#(\d{1,18})", re.ASCII)
# Canonical JSON has these bytes nowhere but at a key: within a string the quotation marks are escaped.
_CHANGES = ("SELECT number, leaf FROM entries WHERE number < ? AND (instr(leaf, CAST('\"corrects\":' AS BLOB)) "
            "OR instr(leaf, CAST('\"withdraws\":' AS BLOB)) "
            "OR instr(leaf, CAST('\"kind\":\"erasure\"' AS BLOB))) ORDER BY number")
_NAMED = ("SELECT number, source_id FROM entries WHERE number < ? AND source_id IN (SELECT value FROM json_each(?)) "
          "ORDER BY number")
_PRIVATE = "SELECT number, private FROM entries WHERE instr(private, ?) ORDER BY number"
_ROWS = "SELECT number, time_s, leaf FROM entries WHERE number >= ? AND number < ? ORDER BY number"


@dataclass(frozen=True, slots=True)
class Record:
    """One record of a ledger: its number, its time (seconds since 1970 UTC) and its leaf."""

    number: int
    time_s: float
    leaf: bytes

    def content(self) -> dict[str, Any]:
        """Return what the leaf says."""
        found: dict[str, Any] = json.loads(self.leaf)
        return found


@dataclass(frozen=True)
class Changes:
    """The numbers of entries that no longer hold or are no records, and of those that name nothing before them."""

    void: frozenset[int]
    dangling: frozenset[int]


def disclosed(ledger: "Ledger", field: str) -> dict[int, Any]:
    """Return the value of a restricted field by record, where the ledger's folder has it: not for the public.

    Raises
    ------
    SkyShieldError
        Exit code 3 if the ledger cannot be read.
    """
    with told(ledger.path):
        rows = ledger.connection.execute(_PRIVATE, (f'"{field}":',)).fetchall()
    return {number: json.loads(private)[field]["value"] for number, private in rows}


def source_id(source: str, record_id: str | None) -> str:
    r"""Return the name under which the ledger knows a source's record.

    Examples
    --------
    >>> source_id("patrol 4", "r-17")
    'patrol 4\nr-17'
    """
    return f"{source}\n{record_id or ''}"


def changes(ledger: "Ledger", size: int) -> Changes:
    """Return which of the first `size` entries were corrected or withdrawn, are withdrawals, or name nothing.

    Raises
    ------
    SkyShieldError
        Exit code 2 if an entry is no record, 3 if the ledger cannot be read.
    """
    void: set[int] = set()
    dangling: set[int] = set()
    by_name: dict[str, list[int]] = {}
    with told(ledger.path):
        for number, leaf in ledger.connection.execute(_CHANGES, (size,)):
            content = _content(ledger, number, leaf)
            if WITHDRAWS in content or content.get("kind") == ERASURE:
                void.add(number)
            if content.get("kind") == ERASURE:
                continue
            named = str(content.get(CORRECTS) or content.get(WITHDRAWS))
            by_number = _NUMBER.fullmatch(named)
            if by_number is None:
                by_name.setdefault(source_id(content.get("source", ""), named), []).append(number)
            elif int(by_number[1]) < number:
                void.add(int(by_number[1]))
            else:
                dangling.add(number)
        if by_name:
            first = dict.fromkeys(by_name, -1)
            for number, name in ledger.connection.execute(_NAMED, (size, json.dumps(list(by_name)),)):
                if first[name] < 0:
                    first[name] = number
                if number < by_name[name][-1]:
                    void.add(number)
            dangling.update(at for name, naming in by_name.items() for at in naming if not 0 <= first[name] < at)
    return Changes(frozenset(void), frozenset(dangling))


def _content(ledger: "Ledger", number: int, leaf: bytes) -> dict[str, Any]:
    try:
        content = json.loads(leaf)
    except ValueError:
        content = None
    if not isinstance(content, dict):
        raise SkyShieldError(f"{ledger.path}: entry {number}", "is no record", "see 'skyshield monitor verify'")
    return content


def records(ledger: "Ledger", first: int = 0) -> Iterator[Record]:
    """Yield the records that hold, from a number on, in their order.

    Raises
    ------
    SkyShieldError
        Exit code 3 if the ledger cannot be read.
    """
    size = ledger.checkpoint().size
    void = changes(ledger, size).void
    with told(ledger.path):
        for number, time_s, leaf in ledger.connection.execute(_ROWS, (first, size)):
            if number not in void:
                yield Record(number, time_s, leaf)
