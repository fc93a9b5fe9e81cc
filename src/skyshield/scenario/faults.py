"""What is wrong with a scenario file, in the words of who wrote it: where, what it is, how to write it.

The validator names types and its own error kinds. Here each kind becomes what a reader sees in his file (`'thirty'`, a
list, a mapping) and what he is to write, which for every key stands in one table (`skyshield.scenario.keys`). A kind
that is not known here keeps the validator's words, with the key's form as the remedy.
"""

import datetime as dt
import re
from collections.abc import Callable, Mapping, Sequence
from difflib import get_close_matches
from typing import Any, NamedTuple

from pydantic import ValidationError

from skyshield.catalogue import load_catalogue
from skyshield.core.errors import SkyShieldError
from skyshield.scenario.keys import KINDS, MODELS, OF_EVERY_PACKAGE, Key, keys_of, sections_with
from skyshield.scenario.number_words import as_number

_BRANCHES = ("int", "str", "constrained-int", "constrained-str")  # how the sides of a union are named
_DATE_FORMS = ("%Y/%m/%d", "%Y.%m.%d", "%Y%m%d", "%Y-%m-%d", "%d.%m.%Y", "%d %B %Y", "%B %d, %Y", "%B %d %Y",
               "%d %b %Y")
_SECTION_OF = {"protected_area": "zone", "zone": "zone", "rules": "rules"}
_ITEMS = {"members": "member", "phases": "phase", "hubs": "hub", "ships": "ship"}
_WORDS = {"rules": "the option's rules", "zone": "a zone", "scenario": "the file's margin", "option": "an option",
          "member": "a member", "phase": "a phase", "hub": "a hub", "ship": "a ship"}
_SHOWN = 40
_LARGEST = 1e15  # a number that is written back to who wrote it


class Fault(NamedTuple):
    """One error of the validator and where it is: the path as a reader has it, the section and the key it is about."""

    error: Mapping[str, Any]
    path: tuple[str, ...]
    section: str
    key: str

    @property
    def given(self) -> Any:
        """What the file has there."""
        return self.error.get("input")

    @property
    def said(self) -> Key | None:
        """What the table says of the key; None where it is no key."""
        return keys_of(self.section).get(self.key)

    @property
    def form(self) -> str:
        """How the key is written."""
        return "what the shipped scenario has there" if self.said is None else self.said.form

    @property
    def example(self) -> str:
        """The key as it would stand in a file."""
        return "" if self.said is None else f"{self.key}: {self.said.example}"

    @property
    def inside_list(self) -> bool:
        """Whether it is about one entry of a list, not about the key itself."""
        return bool(self.path) and self.path[-1].isdigit()


def one_line(error: ValidationError, where: str, options: Sequence[str]) -> SkyShieldError:
    """Return the one line about the first fault; how many more there are is said.

    Parameters
    ----------
    error
        Of the validator.
    where
        The file.
    options
        The options' names, for which the validator has numbers.
    """
    told = [_fault(one, options) for one in error.errors()]
    faults = [one for one in told if not (one.error["type"] == "too_short" and any(
        len(other.path) > len(one.path) and other.path[:len(one.path)] == one.path
        for other in told))]  # a list is not too short besides, because its entry is none
    first, places = min(faults, key=lambda one: not _misspelt(one, faults)), {one.path for one in faults}
    more = f" (and {len(places) - 1} more)" if len(places) > 1 else ""
    what, remedy = _told(first)
    return SkyShieldError(": ".join(filter(None, (where, ".".join(first.path)))), what + more, remedy)


def _misspelt(fault: Fault, faults: Sequence[Fault]) -> bool:
    """Return whether it is an unknown key that stands for one that is missing beside it."""
    beside = [one.key for one in faults if one.error["type"] == "missing" and one.path[:-1] == fault.path[:-1]]
    return fault.error["type"] == "extra_forbidden" and bool(get_close_matches(fault.key.lower(), beside, n=1))


def _fault(error: Mapping[str, Any], options: Sequence[str]) -> Fault:
    """Return where an error is, as the file has it: options by name, no kinds and no sides of unions."""
    section, key, path = "scenario", "", []
    parts = list(error["loc"])
    for k, part in enumerate(parts):
        before = parts[k - 1] if k else ""
        if _is_branch(part) or (k > 1 and parts[k - 2] == "packages" and part in KINDS):
            section = part if part in KINDS else section
            continue
        if isinstance(part, int):
            section = _ITEMS.get(str(before), "option" if before == "options" else
                                 OF_EVERY_PACKAGE if before == "packages" else section)
            key = "" if before in (*_ITEMS, "options", "packages") else key
            path.append(options[part] if before == "options" and k == 1 and part < len(options) else str(part))
            continue
        section = _SECTION_OF.get(str(before), section)
        key = str(part)
        path.append(key)
    return Fault(error, tuple(path), section, key)


def _is_branch(part: int | str) -> bool:
    return part in _BRANCHES or str(part).startswith("literal[")


def _told(fault: Fault) -> tuple[str, str]:
    """Return what is wrong and how to mend it."""
    sort = str(fault.error["type"])
    if fault.path[:1] == ("assumptions",) and sort not in ("dict_type", "extra_forbidden"):
        return _not_a_number(fault)[0], "write one line an entry, as displacement: 0.5"
    if sort in _TOLD:
        return _TOLD[sort](fault)
    what, _, remedy = str(fault.error["msg"]).partition("; ")
    if remedy:  # worded where it is checked
        return _quantity(fault, what, remedy) if sort == "quantity" else (what, remedy)
    return f"{what[:1].lower()}{what[1:]}", f"write {fault.form}"


def _show(value: Any) -> str:
    """Say what a file has, as its writer sees it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if value is None:
        return "empty"
    if isinstance(value, dict):
        return "a mapping"
    if isinstance(value, list | tuple):
        return "a list"
    text = repr(value) if isinstance(value, str) else str(value)
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN - 1]}…"


def _unknown_key(fault: Fault) -> tuple[str, str]:
    known = list(keys_of(fault.section))
    near = get_close_matches(fault.key.lower().replace("-", "_"), known, n=1, cutoff=0.7)
    elsewhere = [section for section in sections_with(fault.key) if section != fault.section]
    if near:
        return "is not a known key", f"write {near[0]}"
    if elsewhere:
        named = "a package of kind " + " or ".join(elsewhere) if set(elsewhere) <= set(KINDS) else \
            " or ".join(_WORDS.get(section, section) for section in elsewhere)
        return "is not a known key here", f"it belongs to {named}; move it there"
    everywhere = sorted({name for section in MODELS for name in keys_of(section)})
    near = get_close_matches(fault.key.lower().replace("-", "_"), everywhere, n=1, cutoff=0.8)
    if near:
        return "is not a known key", f"write {near[0]}, where it belongs"
    return "is not a known key", f"remove it, or use one of {', '.join(known)}"


def _missing(fault: Fault) -> tuple[str, str]:
    return "is missing", f"add it, as {fault.example}" if fault.example else "add it"


def _not_a_mapping(fault: Fault) -> tuple[str, str]:
    inner = {"options": "option", "members": "member", "phases": "phase", "protected_area": "zone", "zone": "zone",
             "rules": "rules"}.get(fault.path[-2] if fault.inside_list or not fault.key else fault.key, fault.section)
    if fault.path[:1] == ("options",) and len(fault.path) <= 2:
        inner = "option"
    first = next(iter(keys_of(inner).items()))
    return f"is not a mapping of fields but {_show(fault.given)}", \
        f"write its fields below it, as {first[0]}: {first[1].example}"


def _not_a_list(fault: Fault) -> tuple[str, str]:
    given = fault.given
    if isinstance(given, dict):
        return "is a mapping, not a list", "begin each of its entries with a dash"
    if isinstance(given, str | int | float) and not isinstance(given, bool):
        pair = f"write [[{given}, another]]" if "pairs" in fault.path else f"put it in brackets: [{given}]"
        return f"is {_show(given)}, not a list", pair
    return f"is {_show(given)}, not a list", f"write {fault.example}" if fault.example else f"write {fault.form}"


def _not_a_dict(fault: Fault) -> tuple[str, str]:
    return f"is {_show(fault.given)}, not a mapping", f"write {fault.form}"


def _not_whole(fault: Fault) -> tuple[str, str]:
    given = fault.given
    what = f"is {_show(given)}, not a whole number"
    if isinstance(given, str) and (number := as_number(given)) is not None:
        quotes = " without quotes" if given.strip().lstrip("+-").isdigit() else ""
        return what, f"write it as {number}{quotes}"
    if fault.key == "aircraft":
        return what + " nor an entry of the catalogue", f"write {fault.form}"
    return what, f"write {fault.form}"


def _not_a_number(fault: Fault) -> tuple[str, str]:
    given = fault.given
    what = f"is {_show(given)}, not a valid number"
    if isinstance(given, str) and (percent := re.fullmatch(r"\s*([0-9]+(?:\.[0-9]+)?)\s*%\s*", given)):
        return what, f"write it as {float(percent[1]) / 100.0:g}"
    if isinstance(given, str) and re.fullmatch(r"[0-9]+,[0-9]+", given.strip()):
        return what, f"write it as {given.strip().replace(',', '.')}"
    return what, f"write {fault.form}" + (f", as {fault.said.example}" if fault.said is not None else "")


def _not_text(fault: Fault) -> tuple[str, str]:
    given = fault.given
    if isinstance(given, bool):
        return f"is {_show(given)}, which is how yes, no, on and off are read too, not text", \
            "put it in quotes, as 'no'"
    if isinstance(given, int | float | dt.date):
        return f"is {_show(given)}, not text", f"put it in quotes, as '{given}'"
    if isinstance(given, list) and len(given) == 1:
        return "is a list, where one value belongs", f"write it without brackets, as {given[0]}"
    if isinstance(given, list | dict):
        return f"is {_show(given)}, where one value belongs", f"write {fault.form}"
    return f"is {_show(given)}, not text", f"write {fault.form}"


def _not_true_or_false(fault: Fault) -> tuple[str, str]:
    return f"is {_show(fault.given)}, neither true nor false", "write true or false"


def _not_one_of(fault: Fault) -> tuple[str, str]:
    given = fault.given
    choices = re.findall(r"'([^']+)'", str(fault.error["ctx"]["expected"]))
    if isinstance(given, list | dict):
        return f"is {_show(given)}, where one value belongs", f"write {_either(choices)}"
    near = get_close_matches(str(given).lower().replace("-", "_").replace(" ", "_"), choices, n=1)
    what = f"is {_show(given)}, not {_either(choices)}"
    return what, f"write {near[0]}" if near else f"write {'one of these' if len(choices) > 1 else choices[0]}"


def _either(choices: Sequence[str]) -> str:
    return choices[0] if len(choices) == 1 else f"{', '.join(choices[:-1])} or {choices[-1]}"


def _no_kind(fault: Fault) -> tuple[str, str]:
    near = [key for key in fault.given if get_close_matches(str(key).lower(), ["kind", "type"], n=1)]
    wrong = f" (but {near[0]})" if near else ""
    return f"has no kind{wrong}", f"begin it with kind: and one of {_either(list(KINDS))}"


def _wrong_kind(fault: Fault) -> tuple[str, str]:
    tag = str(fault.error["ctx"]["tag"])
    near = get_close_matches(tag.lower().replace("-", "_").replace(" ", "_"), KINDS, n=1)
    near = near or [kind for kind in KINDS if kind.startswith(tag.lower()[:4])][:1]
    what = f"is of the kind {tag!r}, not {_either(list(KINDS))}"
    return what, f"write kind: {near[0]}" if near else "write one of these"


def _beyond(fault: Fault) -> tuple[str, str]:
    limits = fault.error["ctx"]
    word = next(word for word in ("ge", "le", "gt", "lt") if word in limits)
    limit, above = limits[word], word in ("le", "lt")
    if isinstance(limit, int | float):
        return f"is {_show(fault.given)}, {'more' if above else 'less'} than {limit:g}", f"write {fault.form}"
    return f"is {fault.given}, {'after' if above else 'before'} {limit}", f"write {fault.form}"


def _not_finite(fault: Fault) -> tuple[str, str]:
    return f"is {_show(fault.given)}, not a finite number", f"write {fault.form}"


def _not_a_date(fault: Fault) -> tuple[str, str]:
    given = fault.given
    what = f"is {_show(given)}, not a date as year-month-day"
    if isinstance(given, dt.datetime):
        return "holds a time of day", f"write {given.date().isoformat()}"
    for form in _DATE_FORMS:
        try:
            return what, f"write {dt.datetime.strptime(str(given).strip(), form).date().isoformat()}"
        except ValueError:
            continue
    return what, "write it as 2026-03-01"


def _too_few(fault: Fault) -> tuple[str, str]:
    least = fault.error["ctx"]["min_length"]
    if isinstance(fault.given, str):
        return "is empty", f"write {fault.form}"
    return ("is empty" if not fault.given else f"has fewer than {least} entries"), f"write {fault.form}"


def _too_many(fault: Fault) -> tuple[str, str]:
    most, given = fault.error["ctx"]["max_length"], fault.given
    noun = "letters" if isinstance(given, str) else "entries"
    return f"has {len(given)} {noun}, more than {most}", f"shorten it to {most}"


def _quantity(fault: Fault, what: str, remedy: str) -> tuple[str, str]:
    """Say of a distance or an amount of money how it would be right, where that can be seen."""
    given, money = fault.given, fault.key == "budget"
    unit = "EUR" if money else "km"
    if isinstance(given, int | float) and not isinstance(given, bool):
        return what, f"write {given} {unit}" if abs(given) < _LARGEST else f"write {fault.form}"
    if isinstance(given, list) and len(given) == 1:
        return "is a list, where one value belongs", f"write it without brackets, as {given[0]}"
    text = str(given).strip() if isinstance(given, str) else ""
    joined = re.fullmatch(r"([0-9.]+)([A-Za-z]+)", text)
    if joined:
        return what, f"put a space between number and unit: {joined[1]} {joined[2]}"
    comma = re.fullmatch(r"([0-9]+),([0-9]+) +(\S.*)", text)
    if comma:
        thousands = len(comma[2]) == 3
        return what, f"write it as {comma[1]}{'' if thousands else '.'}{comma[2]} {comma[3]}"
    if re.fullmatch(r"[0-9.]+", text):
        return what, f"write {text} {unit}"
    dollars = re.fullmatch(r"([0-9.]+)( million| billion)? +(USD|dollars?)", text)
    if money and dollars:
        rate = load_catalogue()["usd_per_eur"].reference_value
        euros = float(dollars[1]) / rate
        return f"is {text}, and amounts are in EUR", \
            f"write {euros:.3g}{dollars[2] or ''} EUR, at {rate:g} USD to the euro" if dollars[2] else \
            f"write {euros:.0f} EUR, at {rate:g} USD to the euro"
    if what.startswith("the unit"):
        kind = "of money that is read here" if money else "of length"
        return f"{what.partition(' cannot')[0]} is none {kind}", \
            "write an amount in EUR, as 3 million EUR" if money else "write km, m or miles, as 200 km"
    return what, remedy if not money else "write an amount in EUR, as 3 million EUR"


_TOLD: dict[str, Callable[[Fault], tuple[str, str]]] = {
    "extra_forbidden": _unknown_key, "missing": _missing, "model_type": _not_a_mapping,
    "model_attributes_type": _not_a_mapping, "tuple_type": _not_a_list, "list_type": _not_a_list,
    "dict_type": _not_a_dict, "int_type": _not_whole, "int_parsing": _not_whole, "int_from_float": _not_whole,
    "int_parsing_size": _not_whole, "float_type": _not_a_number, "float_parsing": _not_a_number,
    "string_type": _not_text, "bool_type": _not_true_or_false, "bool_parsing": _not_true_or_false,
    "literal_error": _not_one_of, "union_tag_not_found": _no_kind, "union_tag_invalid": _wrong_kind,
    "greater_than_equal": _beyond, "less_than_equal": _beyond, "finite_number": _not_finite,
    "date_type": _not_a_date, "date_parsing": _not_a_date, "date_from_datetime_parsing": _not_a_date,
    "date_from_datetime_inexact": _not_a_date, "too_short": _too_few, "string_too_short": _too_few,
    "too_long": _too_many, "string_too_long": _too_many}
