"""Why a row is not taken in."""

import enum

from skyshield.core.errors import one_line


class Code(enum.StrEnum):
    """The reasons for which a row goes to quarantine."""

    ZONE_MISSING = "zone_missing"
    TIME_IMPOSSIBLE = "time_impossible"
    TIME_FUTURE = "time_future"
    COORDINATES_SWAPPED = "coordinates_swapped"
    COORDINATES_OUTSIDE = "coordinates_outside"
    NUMBER_INVALID = "number_invalid"
    FORMULA_CELL = "formula_cell"
    CELL_TOO_LONG = "cell_too_long"
    CELL_COUNT = "cell_count"
    CODE_UNKNOWN = "code_unknown"
    NOT_UTF8 = "not_utf8"


class RowError(Exception):
    """A row that cannot be taken in: its code, and in words the column and what is wrong.

    Examples
    --------
    >>> fault = RowError(Code.NUMBER_INVALID, "killed", "is 'many'")
    >>> fault.code.value, fault.reason
    ('number_invalid', "killed: is 'many'")
    """

    def __init__(self, code: Code, column: str, what: str) -> None:
        self.code, self.reason = code, one_line(f"{column}: {what}" if column else what)
        super().__init__(f"{code}: {self.reason}")

    def __reduce__(self) -> tuple[type["RowError"], tuple[Code, str, str]]:
        """Travel between processes whole."""
        return type(self), (self.code, "", self.reason)


def shown(text: str, most: int = 40) -> str:
    """Quote a cell in a message, cut to its first letters.

    Examples
    --------
    >>> shown("x" * 100, 3)
    "'xxx…'"
    """
    return repr(text if len(text) <= most else text[:most] + "…")
