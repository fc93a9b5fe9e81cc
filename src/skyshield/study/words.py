"""How numbers about a study itself are written: how long it takes, what it leaves on the disk."""

_UNITS = (("second", 1.0), ("minute", 60.0), ("hour", 3600.0))
_MINUTES_OF_AN_HOUR = 60.0
_LONGEST_RANGE = 120.0  # of a unit; beyond, the next one is written
_KILO = 1000.0


def two_digits(value: float) -> float:
    """Return a number with two significant digits.

    Examples
    --------
    >>> two_digits(0.0), two_digits(347.0), two_digits(4_012_847.0)
    (0.0, 350.0, 4000000.0)
    """
    return float(f"{value:.1e}")


def duration(seconds: float) -> str:
    """Write seconds with two significant digits, in the unit that suits them.

    Examples
    --------
    >>> duration(41.0), duration(95.0), duration(3_590.0), duration(7_300.0)
    ('41 seconds', '1.6 minutes', '1 hour', '2 hours')
    """
    for unit, unit_s in _UNITS:
        number = two_digits(seconds / unit_s)
        if number < _MINUTES_OF_AN_HOUR or unit == "hour":
            break
    return f"{number:g} {unit}{'' if number == 1.0 else 's'}"


def between(low_s: float, high_s: float) -> str:
    """Write how long something takes that is foreseen roughly, in the unit that suits its upper end.

    Examples
    --------
    >>> between(6.6, 28.0), between(340.0, 695.0), between(0.2, 15.4), between(50.0, 115.0)
    ('7 to 28 seconds', '5.7 to 12 minutes', '1 to 15 seconds', '50 to 120 seconds')
    >>> between(0.0, 0.01), between(0.5, 61.0)
    ('1 second at most', '1 to 61 seconds')
    """
    low_s, high_s = max(1.0, low_s), max(1.0, high_s)
    if high_s <= 1.0:
        return "1 second at most"
    unit, unit_s = next(((unit, unit_s) for unit, unit_s in _UNITS if high_s / unit_s < _LONGEST_RANGE), _UNITS[-1])
    low = round(low_s) if unit_s == 1.0 else two_digits(low_s / unit_s)
    return f"{low:g} to {two_digits(high_s / unit_s):g} {unit}s"


def size(n_bytes: float) -> str:
    """Write bytes with two significant digits, in the unit that suits them.

    Examples
    --------
    >>> size(4_012_847.0), size(32e6), size(2.4e9)
    ('4 MB', '32 MB', '2.4 GB')
    """
    mega = n_bytes / _KILO**2
    value, unit = (mega, "MB") if mega < _KILO else (mega / _KILO, "GB")
    return f"{float(f'{value:.2g}'):g} {unit}"
