"""The one error type of the program.

Whatever the user can mend is reported as one line, ``WHERE: WHAT; HOW TO MEND``. The command line
prints it after ``error:`` and leaves with `exit_code`: 2 for bad input or usage, 3 for the machine
(disk, memory, permission), 1 for a check or a replication that failed.
"""

BAD_INPUT = 2
MACHINE = 3
FAILED = 1


class SkyShieldError(Exception):
    """Something the user can mend.

    Parameters
    ----------
    where
        The file, field, line or option at fault.
    what
        What is wrong with it; a semicolon in it becomes a comma, so that the line keeps its shape.
    mend
        What the user can do about it.
    exit_code
        2 (bad input), 3 (the machine) or 1 (a check failed).

    Examples
    --------
    >>> str(SkyShieldError("study.yaml: days", "is -3", "give a whole number from 1 to 366"))
    'study.yaml: days: is -3; give a whole number from 1 to 366'
    """

    def __init__(self, where: str, what: str, remedy: str, exit_code: int = BAD_INPUT) -> None:
        self.where, self.what, self.remedy, self.exit_code = (
            one_line(where), one_line(what).replace("; ", ", "), one_line(remedy), exit_code)
        super().__init__(f"{self.where}: {self.what}; {self.remedy}")

    def __reduce__(self) -> tuple[type["SkyShieldError"], tuple[str, str, str, int]]:
        """Travel between processes whole."""
        return type(self), (self.where, self.what, self.remedy, self.exit_code)


def one_line(text: str, limit: int = 300) -> str:
    r"""Fold text that came from a file into one printable line.

    Examples
    --------
    >>> one_line("two\nlines\x1b[31m")
    'two lines?[31m'
    """
    folded = " ".join(text.split())
    printable = "".join(c if c.isprintable() else "?" for c in folded)
    return printable if len(printable) <= limit else printable[: limit - 1] + "…"


def machine_error(where: str, error: OSError | MemoryError, remedy: str | None = None) -> SkyShieldError:
    """Turn an operating-system error into the one error type, exit code 3."""
    import errno

    code = getattr(error, "errno", None)
    if code in (errno.ENOSPC, errno.EDQUOT):
        return SkyShieldError(where, "the disk is full", remedy or "free some space and run the same command again",
                              MACHINE)
    if code in (errno.EACCES, errno.EPERM, errno.EROFS):
        return SkyShieldError(where, "permission denied", remedy or "choose a place you may write to", MACHINE)
    if isinstance(error, MemoryError):
        return SkyShieldError(where, "the memory is used up", remedy or "ask for fewer vectors or jobs", MACHINE)
    if code == errno.ENAMETOOLONG:
        return SkyShieldError(where, "is not a usable file name", "check the path")
    text = error.strerror or str(error) or type(error).__name__
    return SkyShieldError(where, text, remedy or "mend the cause and run the same command again", MACHINE)
