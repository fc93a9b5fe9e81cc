"""What a check of a ledger found: where, and what is wrong there."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

_SHOWN = 20


@dataclass(frozen=True)
class Fault:
    """One thing that is not as it was signed.

    Parameters
    ----------
    table
        The table of the database, or the file of the export.
    place
        The row, the range of rows or the column.
    what
        What is wrong there.
    """

    table: str
    place: str
    what: str


@dataclass
class Findings:
    """The faults found so far: all are counted, the first are kept."""

    faults: list[Fault] = field(default_factory=list)
    count: int = 0

    def add(self, table: str, place: str, what: str) -> None:
        """Note a fault."""
        self.count += 1
        if len(self.faults) < _SHOWN:
            self.faults.append(Fault(table, place, what))

    def extend(self, later: "Findings") -> None:
        """Note the faults of another check after these."""
        for fault in later.faults:
            self.add(fault.table, fault.place, fault.what)
        self.count += later.count - len(later.faults)

    def content(self, **more: Any) -> Mapping[str, Any]:
        """Return what `monitor verify` prints."""
        return {"valid": self.count == 0, **more, "faults_found": self.count,
                "faults": [vars(fault) for fault in self.faults]}
