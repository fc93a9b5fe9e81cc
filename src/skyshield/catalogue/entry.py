"""One number of the model: its unit, range, grade and source."""

import dataclasses
import difflib
import math
import re
from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from skyshield.catalogue import distribution as dist
from skyshield.catalogue.unit_text import PLAIN, has_money, si_factor, si_unit
from skyshield.core.arrays import Floats
from skyshield.core.errors import SkyShieldError

GRADES = ("A", "B", "C", "K")
REQUIRED = ("label", "unit", "low", "central", "high", "distribution", "source", "date", "grade", "price_year")
OPTIONAL = ("note", "reference", "bundle")

_KEY = re.compile(r"[a-zA-Z][a-zA-Z0-9]*(_[a-zA-Z0-9]+)*")
_DATE = re.compile(r"\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?")
_YEARS = range(1900, 2101)


@dataclasses.dataclass(frozen=True)
class Entry:
    """One quantity as the catalogue states it.

    Parameters
    ----------
    key
        Its name in the model.
    unit
        The unit of low, central and high as written; ``1`` for shares and counts.
    low, central, high
        The stated range. `central` is None where nothing supports a middle (`interval`).
    distribution
        ``pert``, ``quantiles``, ``interval`` or ``constant``: see `skyshield.catalogue.distribution`.
    source
        Keys of ``sources.yaml``.
    date
        When the fact was stated or held: YYYY, YYYY-MM or YYYY-MM-DD.
    grade
        A data or official, B several sources, C one claim, K an assumption or general knowledge.
    price_year
        The year whose prices an amount of money is in; None for everything else.
    label
        What it is, in one line.
    note
        What a reader must know to use it.
    reference
        For an interval, what headline results stand on: ``low``, ``high`` or a number between them in
        `unit`. Otherwise None.
    bundle
        For an interval, the bundle of entries that is moved to its ends together, low with low and high with high;
        empty for one that is moved alone. Right for entries that every measure reading them rises with, or falls with:
        moved together they span its envelope.

    Examples
    --------
    >>> from skyshield.catalogue import load_catalogue
    >>> entry = load_catalogue()["fighter_cruise"]
    >>> entry.unit, entry.central, entry.si_unit, round(entry.si()[1], 1)
    ('km/h', 880.0, 'm/s', 244.4)
    """

    key: str
    unit: str
    low: float
    central: float | None
    high: float
    distribution: str
    source: tuple[str, ...]
    date: str
    grade: str
    price_year: int | None
    label: str
    note: str = ""
    reference: str | float | None = None
    bundle: str = ""

    @property
    def si_unit(self) -> str:
        """The SI form of the unit; EUR, USD, person, aircraft and sortie stay as they are."""
        return si_unit(self.unit)

    def si(self) -> tuple[float, float | None, float]:
        """Return (low, central or None, high) in `si_unit`."""
        factor = si_factor(self.unit)
        return self.low * factor, None if self.central is None else self.central * factor, self.high * factor

    def si_of(self, value: float) -> float:
        """Return a value stated in `unit` in `si_unit`.

        Examples
        --------
        >>> from skyshield.catalogue import load_catalogue
        >>> load_catalogue()["fighter_endurance"].si_of(2.0)
        7200.0
        """
        return value * si_factor(self.unit)

    @property
    def reference_value(self) -> float:
        """The one value to use where only one can be: the centre or an interval's reference, in `unit`.

        Examples
        --------
        >>> from skyshield.catalogue import load_catalogue
        >>> load_catalogue()["claim_bias"].reference_value, load_catalogue()["volume_response"].reference_value
        (0.0, 1.0)
        """
        if self.central is not None:
            return self.central
        if isinstance(self.reference, float):
            return self.reference
        return self.low if self.reference == "low" else self.high

    @property
    def reference_si(self) -> float:
        """`reference_value` in `si_unit`."""
        return self.reference_value * si_factor(self.unit)

    def ppf(self, u: npt.ArrayLike) -> Floats:
        """Return the quantiles, in `si_unit`, at the probabilities `u` (any shape, values in [0, 1]).

        Non-decreasing in `u` and without random state. At exactly 0 or 1 a ``quantiles`` entry gives
        the end of its scale (0, 1 or an infinity), a ``pert`` entry its bounds.

        Raises
        ------
        SkyShieldError
            If the entry is an interval, or `u` holds something that is not a probability.

        Examples
        --------
        >>> from skyshield.catalogue import load_catalogue
        >>> load_catalogue()["decoy_share"].ppf([0.0, 1.0]).tolist()
        [0.3, 0.5]
        """
        probability = np.asarray(u, np.float64)
        if not np.all((probability >= 0.0) & (probability <= 1.0)):
            raise SkyShieldError(self.key, "was asked for a quantile outside [0, 1]", "give probabilities")
        if self.central is None:
            raise SkyShieldError(self.key, "is an interval without a distribution and cannot be sampled",
                                 "run the model at both ends instead")
        if self.distribution == dist.CONSTANT:
            stated = np.full(probability.shape, self.central)
        elif self.distribution == dist.PERT:
            stated = dist.pert_ppf(probability, self.low, self.central, self.high)
        else:
            stated = dist.two_piece_ppf(probability, self.low, self.central, self.high, self.unit == PLAIN)
        return stated * si_factor(self.unit)

    def to_dict(self) -> dict[str, Any]:
        """Return the fields as they stand in the YAML file, without the key."""
        fields = {name: getattr(self, name) for name in _FIELDS}
        fields["source"] = list(self.source)
        if not self.note:
            del fields["note"]
        if self.reference is None:
            del fields["reference"]
        if not self.bundle:
            del fields["bundle"]
        return fields


_FIELDS = tuple(field.name for field in dataclasses.fields(Entry) if field.name != "key")  # plain values, all of them


def read_entry(key: object, fields: object, sources: Mapping[str, object], where: str) -> Entry:
    """Build an entry from what a file says, or refuse it.

    Parameters
    ----------
    key
        Its name.
    fields
        The mapping under that name.
    sources
        The known source keys.
    where
        The file, for the message.

    Raises
    ------
    SkyShieldError
        ``FILE: KEY: FIELD`` and what is wrong with it.
    """
    if not isinstance(key, str) or not _KEY.fullmatch(key):
        raise SkyShieldError(f"{where}: {key}", "is not a name of letters, digits and single underscores",
                             "rename the entry")
    place = f"{where}: {key}"
    if not isinstance(fields, Mapping):
        raise SkyShieldError(place, "is not a list of fields", f"give {', '.join(REQUIRED)}")
    check_field_names(fields, place, REQUIRED, OPTIONAL)
    unit = text_field(fields, "unit", place)
    si_unit(unit, f"{place}: unit")
    distribution = text_field(fields, "distribution", place)
    if distribution not in dist.DISTRIBUTIONS:
        raise SkyShieldError(f"{place}: distribution", f"is {distribution!r}", f"use {', '.join(dist.DISTRIBUTIONS)}")
    grade = text_field(fields, "grade", place)
    if grade not in GRADES:
        raise SkyShieldError(f"{place}: grade", f"is {grade!r}", f"use {', '.join(GRADES)}")
    date = text_field(fields, "date", place)
    if not _DATE.fullmatch(date):
        raise SkyShieldError(f"{place}: date", f"is {date!r}", "write '2025', '2025-08' or '2025-08-31' in quotes")
    entry = Entry(
        key=key, unit=unit, distribution=distribution, date=date, grade=grade,
        low=_number(fields, "low", place), high=_number(fields, "high", place),
        central=None if fields["central"] is None else _number(fields, "central", place),
        source=_source_keys(fields["source"], sources, f"{place}: source"),
        price_year=_price_year(fields["price_year"], unit, f"{place}: price_year"),
        label=text_field(fields, "label", place),
        note=text_field(fields, "note", place) if "note" in fields else "",
        reference=_reference(fields, distribution, place),
        bundle=_bundle(fields, distribution, place),
    )
    _check_order(entry, place)
    return entry


def check_field_names(fields: Mapping[Any, Any], place: str, required: tuple[str, ...],
                      optional: tuple[str, ...] = ()) -> None:
    """Refuse a mapping that lacks a required field or has an unknown one."""
    for name in required:
        if name not in fields:
            raise SkyShieldError(f"{place}: {name}", "is missing", f"add the field {name}")
    for name in fields:
        if name not in required and name not in optional:
            similar = difflib.get_close_matches(str(name), (*required, *optional), n=1)
            known = ", ".join((*required, *optional))
            raise SkyShieldError(f"{place}: {name}", "is not a known field",
                                 f"did you mean {similar[0]}?" if similar else f"remove it, or use {known}")


def text_field(fields: Mapping[Any, Any], name: str, place: str) -> str:
    """Return a field that must be one line of text with something in it."""
    value = fields[name]
    if not isinstance(value, str) or not value.strip() or "\n" in value:
        raise SkyShieldError(f"{place}: {name}", f"is {value!r}, not a line of text",
                             "write text, in quotes if it is a number")
    return value


def _number(fields: Mapping[Any, Any], name: str, place: str) -> float:
    value = fields[name]
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise SkyShieldError(f"{place}: {name}", f"is {value!r}, not a finite number", "give a plain number")
    return float(value)


def _source_keys(value: object, sources: Mapping[str, object], place: str) -> tuple[str, ...]:
    keys = [value] if isinstance(value, str) else value
    if not isinstance(keys, list) or not keys or not all(isinstance(key, str) and key for key in keys):
        raise SkyShieldError(place, "names no source", "give a key of sources.yaml, or a list of them")
    if len(set(keys)) != len(keys):
        raise SkyShieldError(place, "names a source twice", "keep one of them")
    for key in keys:
        if key not in sources:
            similar = difflib.get_close_matches(key, list(sources), n=1)
            raise SkyShieldError(place, f"is the unknown source {key!r}",
                                 f"did you mean {similar[0]!r}?" if similar else "add it to sources.yaml")
    return tuple(keys)


def _price_year(value: object, unit: str, place: str) -> int | None:
    if not has_money(unit):
        if value is not None:
            raise SkyShieldError(place, f"is {value!r} but {unit!r} is not money", "write null")
        return None
    if isinstance(value, bool) or not isinstance(value, int) or value not in _YEARS:
        raise SkyShieldError(place, f"is {value!r} but the unit {unit!r} is money", "give the year of the prices")
    return value


def _reference(fields: Mapping[Any, Any], distribution: str, place: str) -> str | float | None:
    if distribution != dist.INTERVAL:
        if "reference" in fields:
            raise SkyShieldError(f"{place}: reference", "belongs to intervals only", "remove it")
        return None
    value = fields.get("reference")
    is_number = isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
    if not is_number and value not in ("low", "high"):
        raise SkyShieldError(f"{place}: reference", f"is {value!r}" if "reference" in fields else "is missing",
                             "say what headline results stand on: low, high or a number between them")
    if "note" not in fields:
        raise SkyShieldError(f"{place}: note", "is missing", "say why that is the reference")
    return float(value) if isinstance(value, int | float) else str(value)


def _bundle(fields: Mapping[Any, Any], distribution: str, place: str) -> str:
    if "bundle" not in fields:
        return ""
    if distribution != dist.INTERVAL:
        raise SkyShieldError(f"{place}: bundle", "belongs to intervals only", "remove it")
    if not isinstance(fields["bundle"], str) or not _KEY.fullmatch(fields["bundle"]):
        raise SkyShieldError(f"{place}: bundle", f"is {fields['bundle']!r}, not a name",
                             "name the entries that move together, or remove it")
    return fields["bundle"]


def _check_order(entry: Entry, place: str) -> None:
    low, central, high = entry.low, entry.central, entry.high
    if entry.distribution == dist.INTERVAL:
        if central is not None:
            raise SkyShieldError(f"{place}: central", "is given, but an interval has none", "write null")
        if not low < high:
            raise SkyShieldError(f"{place}: low", f"is {low:g}, not below high ({high:g})", "put the ends in order")
        if isinstance(entry.reference, float) and not low < entry.reference < high:
            raise SkyShieldError(f"{place}: reference", f"is {entry.reference:g}, not between {low:g} and {high:g}",
                                 "give a number between the ends; an end itself is written low or high")
        return
    if central is None:
        raise SkyShieldError(f"{place}: central", "is null", "give a centre, or make it an interval")
    if not low <= central:
        raise SkyShieldError(f"{place}: low", f"is {low:g}, above central ({central:g})", "put the values in order")
    if not central <= high:
        raise SkyShieldError(f"{place}: central", f"is {central:g}, above high ({high:g})", "put the values in order")
    if entry.distribution == dist.CONSTANT and low != high:
        raise SkyShieldError(f"{place}: distribution", "is constant, but low, central and high differ",
                             "make them equal or name another distribution")
    if entry.distribution == dist.PERT and low == high:
        raise SkyShieldError(f"{place}: distribution", "is pert, but low and high are equal", "make it constant")
    if entry.distribution == dist.QUANTILES and not low < central < high:
        raise SkyShieldError(f"{place}: distribution", "is quantiles, but two of its three values are equal",
                             "quantiles need low < central < high; hard bounds are pert")
