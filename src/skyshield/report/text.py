"""Numbers and clauses as a reader meets them: few digits, separated thousands, plain words.

A difference is shown with two significant digits and a total from 100 up with three: more would promise a
precision that its interval denies. What could not be estimated is a dash, never a zero.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from skyshield.bounds.yardsticks import Range
from skyshield.catalogue import Catalogue, Entry
from skyshield.rules import RulesOfEngagement, ZoneClause
from skyshield.scenario import Option, Package
from skyshield.study.told import WITHIN_NOISE, error_of, is_noise, told_digits

FEW, SOME, _MOST_DIGITS = 2, 3, 7
NOTHING, NOISE = "–", WITHIN_NOISE
_MINUS = "−"
_KM = 1000.0
_TINY = 1e-9

CLASS_WORDS = {"uav": "one-way attack UAVs (decoys included)", "cruise": "cruise missiles",
               "ballistic": "ballistic missiles"}


def number(value: float | None, digits: int = FEW, error: float | None = None) -> str:
    """Return a number with so many significant digits and separated thousands, none beyond the first of its error.

    A whole number small enough to be shown in full is shown without decimals.

    Examples
    --------
    >>> number(1.23795), number(7918.2), number(-4.099), number(8.0), number(None), number(7.24, error=2.1)
    ('1.2', '7,900', '−4.1', '8', '–', '7')
    """
    if value is None or not math.isfinite(value):
        return NOTHING
    if abs(value) <= _TINY:
        return "0"
    digits = told_digits(value, error, digits)
    shown = float(f"{value:.{digits - 1}e}")
    decimals = max(0, digits - 1 - math.floor(math.log10(abs(shown))))
    if abs(value - round(value)) <= _TINY and abs(value) < 10.0**digits:
        decimals = 0
    return f"{shown:,.{decimals}f}".replace("-", _MINUS)


def total(value: float | None, digits: int = FEW, error: float | None = None) -> str:
    """Return a total: three significant digits from 100 up, two below; more where more are asked for.

    Examples
    --------
    >>> total(5151.2), total(85.94), total(4.567)
    ('5,150', '86', '4.6')
    """
    return number(value, max(digits, FEW if value is None or abs(value) < 10.0**FEW else SOME), error)


def full(value: float) -> str:
    """Return a stated number as it stands, with separated thousands.

    Examples
    --------
    >>> full(12000.0), full(0.023), full(18.0)
    ('12,000', '0.023', '18')
    """
    integer, dot, rest = f"{value:,.10f}".rstrip("0").partition(".")
    return (integer + (dot + rest if rest else "")).replace("-", _MINUS)


def span(low: float | None, high: float | None, digits: int = FEW) -> str:
    """Return an interval in words.

    Examples
    --------
    >>> span(0.4556, 3.615), span(None, None), span(2.0, 2.0)
    ('0.46 to 3.6', '–', '2')
    """
    if low is None or high is None:
        return NOTHING
    ends = [number(low, digits), number(high, digits)]
    return ends[0] if ends[0] == ends[1] else " to ".join(ends)


def interval(row: Mapping[str, Any], show: Callable[[float | None, int, float | None], str] = number) -> str:
    """Return a summary's interval of the expected outcome in words.

    Where the vectors differ by no more than the Monte Carlo error, or by less than the ends' own errors let be told,
    that is said: an interval without a width would look certain.

    Examples
    --------
    >>> interval({"lo": 0.4556, "hi": 3.615, "mcse": 0.1}), interval({"lo": 2.0, "hi": 2.0, "mcse": 0.0})
    ('0.46 to 3.6', '2')
    >>> interval({"lo": None, "hi": None, "mcse": 0.1, "reason": "within noise"}), interval({"lo": None, "hi": None})
    ('within noise', '–')
    >>> interval({"lo": 1231.0, "hi": 1238.0}), interval({"lo": 212.9, "hi": 213.1, "se": {"lo": 3.0, "hi": 3.0}})
    ('1,230 to 1,240', 'within noise')
    """
    low, high = row["lo"], row["hi"]
    if row.get("reason") == WITHIN_NOISE:
        return NOISE
    if low is None or high is None:
        return NOTHING
    if is_noise(low, high, row.get("mcse")):
        return NOISE
    if math.isclose(low, high, rel_tol=_TINY, abs_tol=_TINY):
        return show(low, FEW, None)
    ends = ["", ""]
    for digits in range(FEW, _MOST_DIGITS):
        ends = [show(low, digits, error_of(row, "lo")), show(high, digits, error_of(row, "hi"))]
        if ends[0] != ends[1]:
            return " to ".join(ends)
    return NOISE


def range_text(result: Range, digits: int = FEW) -> str:
    """Return a range as text: its centre, with the ends in brackets.

    Examples
    --------
    >>> range_text(Range(160.0, 530.0, 930.0)), range_text(Range(160.0, None, 930.0))
    ('530 (160 to 930)', '160 to 930')
    """
    if result.central is None:
        return span(result.low, result.high, digits)
    return f"{number(result.central, digits)} ({span(result.low, result.high, digits)})"


def listing(items: Sequence[str], last: str = "and") -> str:
    """Join words as a sentence does.

    Examples
    --------
    >>> listing(["a"]), listing(["a", "b", "c"]), listing([])
    ('a', 'a, b and c', 'none')
    """
    if not items:
        return "none"
    return items[0] if len(items) == 1 else f"{', '.join(items[:-1])} {last} {items[-1]}"


def count(n: int, noun: str) -> str:
    """Return a number with its noun.

    Examples
    --------
    >>> count(1, "day"), count(1200, "vector")
    ('1 day', '1,200 vectors')
    """
    return f"{n:,} {noun}" if n == 1 else f"{n:,} {noun}s"


def zone_text(zone: ZoneClause | None) -> str:
    """Say what a zone is; positions are never printed.

    Examples
    --------
    >>> zone_text(ZoneClause(scope="city", places=("Kyiv", "Lviv"), radius="50 km"))
    '50 km around Kyiv and Lviv'
    """
    if zone is None:
        return "all of Ukraine's own territory"
    if zone.polygon:
        return f"a drawn region with {len(zone.polygon)} corners"
    if zone.oblasts:
        return f"{count(len(zone.oblasts), 'oblast')}: {listing(zone.oblasts)}"
    return f"{zone.radius} around {listing(zone.places)}"


def standoff_text(rules: RulesOfEngagement) -> str:
    """Say the distances kept: the stand-offs with the buffer for crewed aircraft, and that from cities.

    Examples
    --------
    >>> standoff_text(RulesOfEngagement(standoff_russia="200 km"))
    '200 km from Russia'
    >>> standoff_text(RulesOfEngagement(standoff_russia="200 km", standoff_front="100 km", crewed_buffer="50 km",
    ...                                  debris="10 km"))
    '250 km from Russia, 150 km from occupied territory, 50 km from Belarus and 10 km from cities'
    """
    return listing([f"{number(metres / _KM, SOME)} km from {what}" for what, metres in rules.min_distances()
                    if metres > 0.0])


def target_text(rules: RulesOfEngagement) -> str:
    """Say which classes may be shot at, and how sure of it one must be.

    Examples
    --------
    >>> target_text(RulesOfEngagement(target_classes=("cruise",)))
    'cruise missiles only'
    >>> target_text(RulesOfEngagement(identification=0.95))
    'every class, identified with a confidence of 0.95'
    """
    every = rules.target_classes is None or set(rules.target_classes) == set(CLASS_WORDS)
    words = "every class" if every else f"{listing([CLASS_WORDS[name] for name in rules.target_classes or ()])} only"
    sure = f", identified with a confidence of {rules.id_confidence:g}" if rules.id_confidence > 0.0 else ""
    return words + sure


def amount_text(entry: Entry, what: str) -> str:
    """Say a number that is drawn from the catalogue, with its range where there is one."""
    if entry.central is None:
        return f"{number(entry.low, SOME)} to {number(entry.high, SOME)} {what}"
    if entry.low == entry.high:
        return f"{number(entry.central, SOME)} {what}"
    return f"{number(entry.central, SOME)} {what} (range {number(entry.low, SOME)} to {number(entry.high, SOME)})"


def places_of(package: Package) -> tuple[str, ...]:
    """Return the places that a package's shooters serve or protect."""
    return tuple(name for named in package.named_places() for name in named.names) if package.fires else ()


def force_text(option: Option, catalogue: Catalogue) -> str:
    """Say what an option brings."""
    if not option.packages:
        return "no coalition forces"

    def amount(key: str, what: str) -> str:
        return amount_text(catalogue[key], what)

    parts = []
    for package in option.packages:
        places = places_of(package)
        parts.append(f"{package.in_words(amount)} {package.when()}"
                     + (f", serving {listing(places)}" if places else ""))
    return listing(parts)
